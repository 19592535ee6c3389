"""What every widget on a session shares: each edit is recorded, answered when it is on disk, and passed on between windows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets
from pydantic import ValidationError

from stslib.errors import StsError
from stslib.forms.state import Conflict, FormState, Outcome
from stslib.model.session import Change, Entry
from stslib.text import local_time

_EDIT_PARTS = ("item", "field", "value", "seen", "edit_id")


class SessionWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """The kernel's end of ``link.js``: a view of a ``FormState`` that saves each edit and says when it is saved.

    Messages from the page: ``edits`` (answered by ``acks``) and ``ping`` (answered by ``pong``); any other goes to ``answer``.
    Messages to the page besides those answers: ``remote`` (entries of other windows) and ``trouble`` (the journal cannot be
    written).

    Args:
        state: the session that is shown.
        on_shown: called once, when a page shows the widget and its fields can be typed in.
        traits: the traits of the widget itself.
    """

    session = traitlets.Unicode().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)

    def __init__(self, state: FormState, *, on_shown: Callable[[], None] | None = None, **traits: Any) -> None:
        super().__init__(session=state.session.id, values=shown_values(state), **traits)
        self.state = state
        self._told = state.seq
        self._on_shown = on_shown
        self.on_msg(self._receive)

    def tell(self, kind: str, **content: Any) -> None:
        """Send a message to every page that shows this widget."""
        self.send({"kind": kind, **content})

    def answer(self, kind: str, content: dict[str, Any], writer: str) -> None:
        """What a page asks besides edits and pings; a widget with questions of its own answers them here."""

    def taken_in(self, fresh: Sequence[Entry]) -> None:
        """Called with what was written since the last time, in this window or another, once the page was told."""

    def _receive(self, _: object, content: dict[str, Any], buffers: object) -> None:
        if self._on_shown:
            shown, self._on_shown = self._on_shown, None
            shown()
        writer = str(content.get("writer", ""))[:40]
        match content.get("kind"):
            case "edits":
                self._record(content, writer or "pagina")
            case "ping":
                self._look_around(writer)
                self.tell("pong")
            case str(kind):
                self.answer(kind, content, writer)

    def _record(self, content: dict[str, Any], writer: str) -> None:
        changes, acks = _parse(content.get("edits"))
        try:
            outcomes = self.state.apply(changes, writer=writer)
        except StsError as error:
            self.tell("trouble", text=error.told)
            return
        self.tell("acks", acks=[*acks, *(_ack(outcome) for outcome in outcomes)])
        self.pass_on(writer)

    def _look_around(self, writer: str) -> None:
        try:
            self.state.refresh()
        except StsError as error:
            self.tell("trouble", text=error.told)
            return
        self.pass_on(writer)

    def pass_on(self, writer: str) -> None:
        """Tell the page what other windows wrote since the last time."""
        fresh = self.state.since(self._told)
        self._told = self.state.seq
        for entry in fresh:
            self._remember(entry)
        others = [entry for entry in fresh if entry.writer != writer]
        if others:
            conflicts = {conflict.key: conflict for conflict in self.state.conflicts()}
            self.tell("remote", entries=[_remote(entry, conflicts.get((entry.item, entry.field))) for entry in others])
        if fresh:
            self.taken_in(fresh)

    def _remember(self, entry: Entry) -> None:
        # In place, so that a page that opens later finds it and the pages that are open need not hear all values again.
        self.values[f"{entry.item}::{entry.field}"] = _value(entry)


def shown_values(state: FormState) -> dict[str, list[Any]]:
    """Every field of a session as a page starts with it: ``item::field`` -> value, revision and time of saving.

    What an earlier session left has revision 0 and no time, but the day of that session behind it.
    """
    return {
        f"{entry.item}::{entry.field}": _value(entry)
        if entry.session_id == state.session.id
        else [entry.value, 0, "", state.day_of(entry.session_id)]
        for entry in state.shown_entries()
    }


def _parse(edits: object) -> tuple[list[Change], list[dict[str, Any]]]:
    """Changes out of what a page sent, and refusals for what is no change at all."""
    changes: list[Change] = []
    refused: list[dict[str, Any]] = []
    for edit in edits if isinstance(edits, list) else []:
        known = {name: edit.get(name) for name in _EDIT_PARTS} if isinstance(edit, dict) else {}
        try:
            changes.append(Change(**known))
        except (ValidationError, TypeError):
            refused.append({**known, "value": None, "refused": "Deze wijziging is onleesbaar. Herlaad de pagina."})
    return changes, refused


def _clock(entry: Entry) -> str:
    return f"{local_time(entry.recorded_at):%H:%M}"


def _value(entry: Entry) -> list[Any]:
    return [entry.value, entry.revision, _clock(entry)]


def _ack(outcome: Outcome) -> dict[str, Any]:
    ack: dict[str, Any] = {"edit_id": outcome.edit_id, "item": outcome.item, "field": outcome.field}
    if outcome.entry is None:
        return ack | {"refused": outcome.refused}
    ack |= {"revision": outcome.entry.revision, "at": _clock(outcome.entry)}
    return ack | ({"other": outcome.other.value} if outcome.other else {})


def _remote(entry: Entry, conflict: Conflict | None) -> dict[str, Any]:
    told = {"item": entry.item, "field": entry.field, "value": entry.value, "revision": entry.revision, "at": _clock(entry)}
    return told | ({"other": conflict.theirs.value} if conflict else {})
