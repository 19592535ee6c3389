"""The form of one session as a widget: a view of a ``FormState`` that saves each edit and says when it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import anywidget
import traitlets
from pydantic import ValidationError

from stslib.errors import StsError
from stslib.forms.state import Conflict, FormState, Outcome
from stslib.forms.widgets.assemble import module, style
from stslib.model.figure import FigureCard
from stslib.model.instrument import Instrument, Objective, Section
from stslib.model.session import Change, Entry
from stslib.text import format_date, local_time


class SessionForm(anywidget.AnyWidget):  # type: ignore[misc]
    """Every phase of an instrument, its overview and the closing of the session.

    Messages from the page: ``edits`` (answered by ``acks``), ``ping`` (answered by ``pong``), ``close`` (handed to *on_close*).
    Messages to the page besides those answers: ``remote`` (entries of other windows), ``trouble`` (the journal cannot be
    written), ``closing``, ``closed`` and ``close-failed``.

    Args:
        state: the session that is shown.
        about: what stands above the form: school, number, date, created, school_year, demo, archive.
        on_close: called with the writer when a person closes the session.
        on_shown: called once, when a page shows the form and its fields can be typed in.
    """

    _esm = module("session_form.js")
    _css = style("form.css")

    session = traitlets.Unicode().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)
    about = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    figures = traitlets.List().tag(sync=True)

    def __init__(
        self,
        state: FormState,
        about: dict[str, Any],
        *,
        on_close: Callable[[str], None] | None = None,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        earlier = [{"label": before.label, "scores": before.scores} for before in state.earlier()]
        super().__init__(
            session=state.session.id,
            plan=plan_data(state.instrument, state),
            about=about | {"earlier": earlier},
            values={f"{entry.item}::{entry.field}": _value(entry) for entry in state.entries()},
        )
        self.state = state
        self._told = state.seq
        self._on_close = on_close
        self._on_shown = on_shown
        self.on_msg(self._receive)

    def show_figures(self, cards: Sequence[FigureCard]) -> None:
        """Put figure cards beside the questions they bear on."""
        self.figures = [card.model_dump(mode="json") for card in cards]

    def tell(self, kind: str, **content: Any) -> None:
        """Send a message to every page that shows this form."""
        self.send({"kind": kind, **content})

    def _receive(self, _: object, content: dict[str, Any], buffers: object) -> None:
        if self._on_shown:
            shown, self._on_shown = self._on_shown, None
            shown()
        match content.get("kind"):
            case "edits":
                self._record(content)
            case "ping":
                self._look_around(str(content.get("writer", "")))
                self.tell("pong")
            case "close" if self._on_close:
                self._on_close(str(content.get("writer", "")))

    def _record(self, content: dict[str, Any]) -> None:
        writer = str(content.get("writer", ""))[:40] or "pagina"
        changes, acks = _parse(content.get("edits"))
        try:
            outcomes = self.state.apply(changes, writer=writer)
        except StsError as error:
            self.tell("trouble", text=error.told)
            return
        self.tell("acks", acks=[*acks, *(_ack(outcome) for outcome in outcomes)])
        self._pass_on(writer)

    def _look_around(self, writer: str) -> None:
        try:
            self.state.refresh()
        except StsError as error:
            self.tell("trouble", text=error.told)
            return
        self._pass_on(writer)

    def _pass_on(self, writer: str) -> None:
        """Tell the page what other windows wrote since the last time."""
        fresh = self.state.since(self._told)
        self._told = self.state.seq
        for entry in fresh:
            self._remember(entry)
        others = [entry for entry in fresh if entry.writer != writer]
        if others:
            conflicts = {conflict.key: conflict for conflict in self.state.conflicts()}
            self.tell("remote", entries=[_remote(entry, conflicts.get((entry.item, entry.field))) for entry in others])

    def _remember(self, entry: Entry) -> None:
        # In place, so that a page that opens later finds it and the pages that are open need not hear all values again.
        self.values[f"{entry.item}::{entry.field}"] = _value(entry)


_EDIT_PARTS = ("item", "field", "value", "seen", "edit_id")


def _parse(edits: object) -> tuple[list[Change], list[dict[str, Any]]]:
    """Changes out of what a page sent, and refusals for what is no change at all."""
    changes: list[Change] = []
    refused: list[dict[str, Any]] = []
    for edit in edits if isinstance(edits, list) else []:
        known = (
            {name: edit.get(name) for name in ("item", "field", "value", "seen", "edit_id")} if isinstance(edit, dict) else {}
        )
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


def plan_data(instrument: Instrument, state: FormState) -> dict[str, Any]:
    """An instrument as the page needs it; ``applies`` is what the content says for this school, before anyone ticks."""
    levels, province = state.trajectory.levels, state.trajectory.province

    def of_section(section: Section) -> dict[str, Any]:
        return {
            "id": section.id,
            "title": section.title,
            "background": section.background,
            "advice": list(section.advice),
            "questions": [{"id": question.id, "text": question.text} for question in section.questions],
            "scale": {"id": section.scale.id, "label": section.scale.label, "prompt": section.scale.prompt},
            "applies": section.applies.covers(levels, province),
            "figures": list(section.figures),
        }

    def of_objective(objective: Objective) -> dict[str, Any]:
        return {
            "id": objective.id,
            "title": objective.title,
            "kind": objective.kind.value,
            "applies": objective.applies.covers(levels, province),
            "sections": [of_section(section) for section in objective.sections],
        }

    return {
        "id": instrument.id,
        "title": instrument.title,
        "kinds": {kind.value: title for kind, title in instrument.kinds.items()},
        "phases": [
            {
                "id": phase.id,
                "number": phase.number,
                "title": phase.title,
                "intro": phase.intro,
                "objectives": [of_objective(objective) for objective in phase.objectives],
            }
            for phase in instrument.phases
        ],
    }


def about_session(state: FormState) -> dict[str, Any]:
    """What stands above the form."""
    closed = state.meta().closed
    return {
        "school": state.trajectory.school,
        "number": state.session.number,
        "date": state.label,
        "created": format_date(local_time(state.session.created_at).date()),
        "school_year": state.trajectory.school_year,
        "demo": state.trajectory.demo,
        "archive": closed if closed and closed.get("archive") else None,
    }
