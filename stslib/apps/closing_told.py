"""What the closing step says of a session before and after: notes, what is in dispute, versions, what changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stslib.archive.keeping.record import NOTE, NOTE_MAY_GO, is_private
from stslib.archive.keeping.shelf import carriers_of
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument, Phase
from stslib.model.session import ACTION_PREFIX, PIN_PREFIX, SESSION_ITEM, Entry
from stslib.paths import exports_folder
from stslib.text import format_moment


def about_closing(state: FormState, data: Path) -> dict[str, Any]:
    """What stands around the button.

    ``notes``: per phase of another instrument with a facilitator's note its ``name``, whether it ``goes`` along, and the
    ``address`` where that is ticked. ``conflicts``: what is in dispute, by ``name``, with the ``key`` of its field, its
    ``instrument`` and the ``address`` where it is settled. ``versions``: every closing, the newest first. ``changed``: how
    many fields say something else than in the newest version.
    """
    versions = list(_versions(state, exports_folder(data)))
    return {
        "notes": list(_notes(state)),
        "conflicts": [_conflict(state, *conflict.key) for conflict in state.conflicts() if conflict.key[1] != "closed"],
        "versions": versions,
        "changed": _changed_since(state),
    }


def _notes(state: FormState) -> Iterator[dict[str, Any]]:
    """Notes of other instruments; those of this one the page knows itself."""
    for instrument in state.instruments:
        for phase in instrument.phases if instrument.id != state.instrument.id else ():
            if state.text(phase.id, NOTE).strip():
                yield {
                    "name": f"{instrument.short}, {phase.name}: {phase.title}",
                    "goes": state.value(phase.id, NOTE_MAY_GO) is True,
                    "address": _address(state, instrument, phase),
                }


def _conflict(state: FormState, item: str, field: str) -> dict[str, Any]:
    place = _place(state, item)
    name = state.name_of(item) or ("Gegevens van het overleg" if item == SESSION_ITEM else "")
    if item.startswith((ACTION_PREFIX, PIN_PREFIX)) or place is None:
        inside = ("opvolging", f"opvolging?sessie={state.session.id}") if item.startswith(ACTION_PREFIX) else ("", "")
    else:
        inside = (place[0].id, _address(state, *place))
    return {"key": f"{item}::{field}", "name": name or "een veld", "instrument": inside[0], "address": inside[1]}


def _place(state: FormState, item: str) -> tuple[Instrument, Phase] | None:
    for instrument in state.instruments:
        for phase in instrument.phases:
            if item == phase.id or item.startswith(f"{phase.id}."):
                return instrument, phase
    return None


def _address(state: FormState, instrument: Instrument, phase: Phase) -> str:
    step = f"fase-{phase.number}" if instrument.layout != "blad" else "blad"
    return f"{instrument.id}?sessie={state.session.id}#{step}"


# -- versions ------------------------------------------------------------------------------------------------------------------


def _closings(state: FormState) -> Iterator[tuple[Entry, dict[str, Any]]]:
    """Every closing that left an archive, oldest first."""
    for entry in state.history(SESSION_ITEM, "closed"):
        if isinstance(entry.value, dict) and entry.value.get("archive"):
            yield entry, entry.value


def _versions(state: FormState, exports: Path) -> Iterator[dict[str, Any]]:
    closings = list(enumerate(_closings(state), start=1))
    for order, (entry, value) in reversed(closings):
        archive = str(value["archive"])
        by = [one.value for one in state.history(SESSION_ITEM, "closed_by") if one.seq < entry.seq]
        version = value.get("version")
        yield {
            "version": version if isinstance(version, int) else order,
            "at": format_moment(entry.recorded_at),
            "by": by[-1] if by and isinstance(by[-1], str) else "",
            "sha256": str(value.get("sha256", "")),
            "archive": archive,
            "there": (exports / archive).is_file(),
            "files": [{"name": name, "path": path} for name, path in carriers_of(exports, archive)],
        }


def _changed_since(state: FormState) -> int:
    """Fields of the session that say something else than when it was closed last; 0 when it never was."""
    closings = list(_closings(state))
    seq = closings[-1][1].get("seq") if closings else None
    if not isinstance(seq, int):
        return 0
    keys = {(entry.item, entry.field) for entry in state.since(seq)} - {(SESSION_ITEM, "closed")}
    return sum(_differs(state, key, seq) for key in keys)


def _differs(state: FormState, key: tuple[str, str], seq: int) -> bool:
    item, field = key
    if is_private(item, field) and state.value(item, NOTE_MAY_GO) is not True:
        return False
    history = state.history(*key)
    before = [entry.value for entry in history if entry.seq <= seq]
    return _said(before[-1] if before else None) != _said(history[-1].value)


def _said(value: object) -> object:
    """A value, with one for everything that says nothing; 0 is a score."""
    return None if value == "" or value is False else value
