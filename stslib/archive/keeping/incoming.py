"""What an archive says of a session, checked as anything from outside is: a file can be made by anybody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
)

from stslib.errors import ArchiveError, FormError
from stslib.forms.fields import OBJECT_LIMIT, TEXT_LIMIT, KnownFields
from stslib.forms.record import MARK_LENGTH, RECORD_FORMAT
from stslib.model.instrument import Instrument, Province, SchoolLevel
from stslib.model.session import Entry, Session, Trajectory
from stslib.store.rows import plain_name

MOST_ENTRIES = 50_000
"""Entries in one record; a session with every field of every instrument has some two thousand."""

MOST_SESSIONS = 1_000
_MOST_EDITS = 1_000_000
_DEEPEST = 20

_ITEM = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*\Z")


def _on_one_line(value: str) -> str:
    if plain_name(value) != value:
        raise ValueError("not a plain line of text")
    return value


def _is_text(value: object) -> object:
    """A moment is written as text; pydantic would read a number as seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a moment") from error


def _item(value: str) -> str:
    if not _ITEM.match(value):
        raise ValueError("not an item")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,16}\z")]
Line = Annotated[str, AfterValidator(_on_one_line), StringConstraints(max_length=500)]
Moment = Annotated[AwareDatetime, BeforeValidator(_is_text), AfterValidator(_in_utc)]
Item = Annotated[str, StringConstraints(max_length=200), AfterValidator(_item)]
Whole = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
Number = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class _Outside(BaseModel):
    """Refuses what it does not know, and keeps values out of its errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Trajectory(_Outside):
    id: Id
    school: Annotated[Line, StringConstraints(min_length=1)]
    levels: tuple[SchoolLevel, ...] = Field(max_length=20)
    province: Province | None
    school_year: Annotated[Line, StringConstraints(max_length=9)]
    created_at: Moment
    demo: Annotated[bool, Field(strict=True)]


class _Session(_Outside):
    id: Id
    trajectory_id: Id
    number: Number
    created_at: Moment


class _Entry(_Outside):
    seq: Annotated[int, Field(strict=True, ge=0, lt=2**63)]
    session_id: Id
    item: Item
    field: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\z")]
    value: JsonValue
    revision: Annotated[Whole, Field(ge=1)]
    seen: Whole
    writer: Line
    edit_id: Annotated[Line, StringConstraints(min_length=1)]
    recorded_at: Moment
    content: Line


Entries = Annotated[tuple[_Entry, ...], Field(max_length=MOST_ENTRIES)]
Marks = Annotated[
    str, StringConstraints(pattern=rf"^(?:[A-Za-z0-9_-]{{{MARK_LENGTH}}})*\z", max_length=_MOST_EDITS * MARK_LENGTH)
]


class _Before(_Outside):
    session: _Session
    entries: Entries
    order: Annotated[tuple[tuple[Item, str], ...], Field(max_length=MOST_ENTRIES)]
    edits: Marks


class _Record(_Outside):
    format: int
    trajectory: _Trajectory
    session: _Session
    instruments: dict[str, str]
    seq: int
    entries: Entries
    unsettled: Entries
    edits: Marks
    carried: Entries
    earlier: list[dict[str, JsonValue]]
    before: Annotated[tuple[_Before, ...], Field(max_length=MOST_SESSIONS)]


_NAMES = frozenset(name for model in (_Record, _Before, _Entry, _Session, _Trajectory) for name in model.model_fields)


class Known(_Outside):
    """One session as far as an archive knows it: entries in the order of first writing, per field by revision."""

    session: Session
    entries: tuple[Entry, ...]
    edits: frozenset[str]
    whole: bool
    """Whether this is the session that was archived; of an earlier one an archive has only what the archived one took over."""


class Incoming(_Outside):
    """What an archive holds, checked: the trajectory and its sessions by number."""

    trajectory: Trajectory
    sessions: tuple[Known, ...]
    replaced: int
    """Texts that held signs which no database can keep; each became a replacement sign."""


def incoming(place: str, record: dict[str, Any], instruments: Sequence[Instrument]) -> Incoming:
    """A record out of an archive, checked.

    Args:
        place: what an error is about.
        record: of ``FormState.to_record``, from a file.
        instruments: all of this program; an entry of the edition that is known here must pass the checks of that edition.

    Raises:
        ArchiveError: it is of another format, holds what no session holds, or contradicts itself. Values are not in the text.
    """
    number = record.get("format", 1)
    if number != RECORD_FORMAT:
        raise _other_format(place, newer=isinstance(number, int) and number > RECORD_FORMAT)
    try:
        read = _Record.model_validate(record)
    except (ValidationError, RecursionError) as error:
        raise _refused(place, _where(error)) from None
    trajectory = Trajectory(**dict(read.trajectory))
    checks = _Checks(instruments)
    carried: dict[tuple[str, str, str], Entry] = {}
    for entry in checks.all(place, read.carried):
        if (entry.session_id, entry.item, entry.field) in carried:
            raise _refused(place, "carried")
        carried[entry.session_id, entry.item, entry.field] = entry
    sessions = [*(_earlier(place, before, checks, carried) for before in read.before), _archived(place, read, checks)]
    if carried:
        raise _refused(place, "carried")
    _must(place, "session", all(one.session.trajectory_id == trajectory.id for one in sessions))
    numbers = [one.session.number for one in sessions]
    _must(place, "before", numbers == sorted(set(numbers)) and len({one.session.id for one in sessions}) == len(sessions))
    return Incoming(trajectory=trajectory, sessions=tuple(sessions), replaced=checks.replaced)


def _archived(place: str, read: _Record, checks: _Checks) -> Known:
    session = Session(**dict(read.session))
    sides: dict[tuple[str, str], list[Entry]] = {}
    for entry in checks.all(place, read.unsettled):
        sides.setdefault((entry.item, entry.field), []).append(entry)
    entries: list[Entry] = []
    for last in checks.all(place, read.entries):
        before = sides.pop((last.item, last.field), [])
        entries += [*before, last]
    _must(place, "unsettled", not sides)
    return _known(place, session, entries, read.edits, whole=True)


def _earlier(place: str, read: _Before, checks: _Checks, carried: dict[tuple[str, str, str], Entry]) -> Known:
    session = Session(**dict(read.session))
    own = {(entry.item, entry.field): entry for entry in checks.all(place, read.entries)}
    entries = []
    for item, field in read.order:
        given = own.pop((item, field), None) or carried.pop((session.id, item, field), None)
        entries.append(given or _empty_place(session, item, field))
    _must(place, "before", not own)
    return _known(place, session, entries, read.edits, whole=False)


def _empty_place(session: Session, item: str, field: str) -> Entry:
    """Stands where an earlier session wrote what was written over since: keeps the order of what came after it."""
    return Entry(
        seq=0,
        session_id=session.id,
        item=item,
        field=field,
        value=None,
        revision=0,
        seen=0,
        writer="",
        edit_id=f"leeg {item} {field}",
        recorded_at=session.created_at,
    )


def _known(place: str, session: Session, entries: list[Entry], edits: str, *, whole: bool) -> Known:
    _must(place, "session_id", all(entry.session_id == session.id for entry in entries))
    _must(place, "edit_id", len({entry.edit_id for entry in entries}) == len(entries))
    revisions: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (entry.item, entry.field)
        _must(place, "revision", entry.revision > revisions.get(key, -1))
        revisions[key] = entry.revision
    known = frozenset(edits[start : start + MARK_LENGTH] for start in range(0, len(edits), MARK_LENGTH))
    return Known(session=session, entries=tuple(entries), edits=known, whole=whole)


class _Checks:
    """What may stand in an entry.

    An entry of an edition that is known here passes that edition's own checks. One of another edition can name what is not
    asked any more, or not yet: it passes those that hold for any field, and is kept.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._editions = {one.edition for one in instruments}
        self._known = {one.id: KnownFields(one, instruments, lambda item: bool(_ITEM.match(item))) for one in instruments}
        self.replaced = 0

    def all(self, place: str, entries: Sequence[_Entry]) -> Iterator[Entry]:
        """The entries as they can be kept."""
        for entry in entries:
            try:
                value = self._checked(entry)
            except (FormError, ValueError, RecursionError):
                raise _refused(place, f"{entry.item} {entry.field}") from None
            self.replaced += value != entry.value
            yield Entry(**{**dict(entry), "value": value})

    def _checked(self, entry: _Entry) -> JsonValue:
        """The value as it can be kept. Raises FormError or ValueError when it cannot."""
        own = self._known.get(entry.item.split(".")[0])
        known = own or next(iter(self._known.values()), None)
        check = known.check(entry.item, entry.field) if known else None
        # What no content asks (the session itself, actions, pins) has no edition; nor has what an early version wrote.
        if check is not None and (entry.content in self._editions or (own is None and not entry.content)):
            return _for_any_field(check(entry.value))
        return _for_any_field(entry.value)


def _for_any_field(value: JsonValue) -> JsonValue:
    """*value* when a field of whatever kind can hold it."""
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            raise ValueError("too long")
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    if isinstance(value, dict):
        if _depth(value) > _DEEPEST or len(json.dumps(value, allow_nan=False)) > OBJECT_LIMIT:
            raise ValueError("too much")
        return value
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    raise ValueError("of no kind that a field holds")


def _depth(value: JsonValue) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inner), default=0)


def _must(place: str, where: str, holds: bool) -> None:
    if not holds:
        raise _refused(place, where)


def _where(error: ValidationError | RecursionError) -> str:
    """The first place in the record that is not as it should be; names that a file made up are left out."""
    if isinstance(error, RecursionError):
        return "entries"
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ".".join(str(part) for part in found["loc"] if isinstance(part, int) or part in _NAMES) or "begin"


def _refused(place: str, where: str) -> ArchiveError:
    return ArchiveError(
        place,
        f"De gegevens in dit archief zijn niet die van een sessie: bij '{where}' staat iets wat daar niet kan staan.",
        "Er is niets ingelezen. Gebruik een archief dat 'Sessie afsluiten' gemaakt heeft en dat niet bewerkt is.",
    )


def _other_format(place: str, *, newer: bool) -> ArchiveError:
    if newer:
        return ArchiveError(
            place,
            "Dit archief is met een nieuwere versie van stslib gemaakt.",
            "Werk stslib bij en lees het dan opnieuw; er is niets ingelezen.",
        )
    return ArchiveError(
        place,
        "Dit archief is met een oudere versie van stslib gemaakt: er zit nog niet alles in om een sessie terug te zetten.",
        "Je kan het openen in een browser en nakijken met 'sts verify'. Staat de sessie nog in een gegevensmap, sluit ze daar "
        "dan opnieuw af en lees het nieuwe archief; er is niets ingelezen.",
    )
