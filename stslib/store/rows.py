"""A row of the journal and the object that it stands for, both ways; each row carries a checksum over what it says."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import Row

from stslib.errors import StoreError
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Entry, Session, Trajectory

_SPELLED = json.JSONEncoder(default=repr)  # made once: a journal is read row by row
_UNCOUNTED = frozenset({"seq", "checksum"})
_LATER = frozenset({"content"})
"""Columns that a migration added, empty in every row of before it."""


def stored_moment(moment: datetime | None) -> str:
    chosen = moment or datetime.now(UTC)
    if chosen.tzinfo is None:
        raise ValueError("a moment in the journal must be aware of its time zone")
    return chosen.astimezone(UTC).isoformat(timespec="microseconds")


def plain_name(text: str) -> str:
    """*text* on one line, without signs that no database or file can hold."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in text)
    return " ".join(kept.split())


def _checksum(columns: Mapping[str, Any]) -> str:
    """16 hex digits over what a row says, its number in the journal left out; damage can turn any value into any type.

    A column that came later counts only where it says something, so the rows of before it keep the checksum they were
    written with; one value more makes another text, so a value that appears or disappears there is seen all the same.
    """
    parts = [
        columns[name] for name in sorted(columns) if name not in _UNCOUNTED and not (name in _LATER and columns[name] == "")
    ]
    return blake2b(_SPELLED.encode(parts).encode(), digest_size=8).hexdigest()


def with_checksum(columns: dict[str, Any]) -> dict[str, Any]:
    return {**columns, "checksum": _checksum(columns)}


def _whole(row: Row[Any], place: str) -> Mapping[str, Any]:
    """The columns of *row*, when they are what was written."""
    columns = dict(row._mapping)
    if columns["checksum"] != _checksum(columns):
        raise StoreError(
            place,
            "Een bewaarde regel is op de schijf beschadigd; er is niets aan veranderd.",
            "Zet een reservekopie van het gegevensbestand terug, of geef het aan wie jullie computers beheert.",
        )
    return columns


def entry_of(row: Row[Any], place: str) -> Entry:
    """The entry in *row*, when it is what was written."""
    columns = _whole(row, place)
    return Entry(
        seq=columns["seq"],
        session_id=columns["session_id"],
        item=columns["item"],
        field=columns["field"],
        value=json.loads(columns["value"]),
        revision=columns["revision"],
        seen=columns["seen"],
        writer=columns["writer"],
        edit_id=columns["edit_id"],
        recorded_at=datetime.fromisoformat(columns["recorded_at"]),
        content=columns["content"],
    )


def session_of(row: Row[Any], place: str) -> Session:
    """The session in *row*, when it is what was written."""
    columns = _whole(row, place)
    return Session(
        id=columns["id"],
        trajectory_id=columns["trajectory_id"],
        number=columns["number"],
        created_at=datetime.fromisoformat(columns["created_at"]),
    )


def trajectory_of(row: Row[Any], place: str) -> Trajectory:
    """The trajectory in *row*, when it is what was written."""
    columns = _whole(row, place)
    return Trajectory(
        id=columns["id"],
        school=columns["school"],
        levels=tuple(SchoolLevel(level) for level in json.loads(columns["levels"])),
        province=Province(columns["province"]) if columns["province"] else None,
        school_year=columns["school_year"],
        created_at=datetime.fromisoformat(columns["created_at"]),
        demo=columns["demo"],
    )


def trajectory_columns(made: Trajectory) -> dict[str, Any]:
    """What a row says of a trajectory."""
    return with_checksum(
        {
            "id": made.id,
            "school": made.school,
            "levels": json.dumps([level.value for level in made.levels]),
            "province": made.province.value if made.province else None,
            "school_year": made.school_year,
            "created_at": stored_moment(made.created_at),
            "demo": made.demo,
        }
    )


def session_columns(made: Session) -> dict[str, Any]:
    """What a row says of a session."""
    return with_checksum(
        {
            "id": made.id,
            "trajectory_id": made.trajectory_id,
            "number": made.number,
            "created_at": stored_moment(made.created_at),
        }
    )


def entry_columns(made: Entry) -> dict[str, Any]:
    """What a row says of an entry; its number is the database's to give."""
    return with_checksum(
        {
            "session_id": made.session_id,
            "item": made.item,
            "field": made.field,
            "value": json.dumps(made.value, allow_nan=False, separators=(",", ":")),
            "revision": made.revision,
            "seen": made.seen,
            "writer": made.writer,
            "edit_id": made.edit_id,
            "recorded_at": stored_moment(made.recorded_at),
            "content": made.content,
        }
    )
