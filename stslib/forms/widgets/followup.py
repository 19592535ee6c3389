"""The trajectory over time as a widget: what became of the actions, meetings and days to come, scores of every moment."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import traitlets

from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.trajectory import Agreement, FollowedAction, Moment, PhaseScores, Place, TrajectoryState
from stslib.forms.widgets.assemble import module, style
from stslib.forms.widgets.session_link import SessionWidget
from stslib.model.instrument import Instrument, Layout
from stslib.model.session import ACTION_PREFIX, Entry
from stslib.text import format_date, slug


class FollowUp(SessionWidget):
    """The page that a later session opens with.

    Messages from the page besides those of ``SessionWidget``: ``export`` with ``what`` (``calendar``), answered by ``file``
    (name, type, content as base64) or ``export-failed`` (text).

    Args:
        state: the session; what a person fills in about an action is written in it.
        look: reads the trajectory up to this session afresh.
        calendar: the agreed dates of a trajectory as a calendar file.
        on_shown: called once, when a page shows the widget.
    """

    _esm = module("followup.js")
    _css = style("form.css", "blocks.css", "followup.css")

    about = traitlets.Dict().tag(sync=True)
    actions = traitlets.List().tag(sync=True)

    def __init__(
        self,
        state: FormState,
        look: Callable[[], TrajectoryState],
        *,
        calendar: Callable[[TrajectoryState], bytes],
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        found = look()
        super().__init__(state, on_shown=on_shown, about=about_trajectory(found), actions=followed_actions(found))
        self._look = look
        self._calendar = calendar

    def taken_in(self, fresh: Sequence[Entry]) -> None:
        """Show actions that came, went or got another origin, in whatever window that was done."""
        if any(entry.item.startswith(ACTION_PREFIX) and entry.field in ("origin", "removed") for entry in fresh):
            with suppress(StsError):  # the next look around tells of the trouble; the page keeps what it shows
                self.actions = followed_actions(self._look())

    def answer(self, kind: str, content: dict[str, Any], writer: str) -> None:
        """Give the calendar when a person asks for it."""
        if kind != "export" or content.get("what") != "calendar":
            return
        try:
            file = self._calendar(self._look())
        except StsError as error:
            self.tell("export-failed", text=error.told)
            return
        name = f"afspraken-{slug(self.state.trajectory.school)}.ics"
        self.tell("file", name=name, type="text/calendar;charset=utf-8", content=base64.b64encode(file).decode("ascii"))


def page_address(instrument: Instrument, session: str, phase_number: int | None = None) -> str:
    """Where an instrument of a session is served, at one of its phases when that has a step of its own."""
    address = f"{instrument.id}?sessie={quote(session, safe='')}"
    return f"{address}#fase-{phase_number}" if phase_number is not None and instrument.layout is Layout.STEPS else address


def about_trajectory(found: TrajectoryState) -> dict[str, Any]:
    """Everything on the page that nobody changes there."""
    before = found.before
    held = found.instruments_before()
    focus = found.focus()
    return {
        "school": found.trajectory.school,
        "school_year": found.trajectory.school_year,
        "demo": found.trajectory.demo,
        "today": found.today.isoformat(),
        "number": found.now.number,
        "date": found.now.label,
        "before": None if before is None else {"number": before.number, "label": before.label, "title": before.title},
        "ways": [
            {
                "id": one.id,
                "short": one.short,
                "title": one.title,
                "address": page_address(one, found.session.id),
                "used": one.id in found.now.instruments,
                "before": one.id in held,
            }
            for one in found.instruments
        ],
        "focus": focus and _place(found, focus),
        "origins": [_place(found, place) for place in found.possible_origins()],
        "moments": [_moment(found, moment) for moment in found.moments],
        "dates": [_date(one) for one in found.dates()],
        "phases": [_phase(found, phase) for phase in found.scores()],
    }


def followed_actions(found: TrajectoryState) -> list[dict[str, Any]]:
    """The actions in the order of the page: overdue, open, done, stopped."""
    return [_action(found, followed) for followed in found.actions().all()]


def _place(found: TrajectoryState, place: Place) -> dict[str, str]:
    instrument = next((one for one in found.instruments if one.id == place.instrument), None)
    return {
        "id": place.id,
        "name": place.name,
        "where": f"{place.instrument_name}, {place.phase_name}" if instrument else "",
        "address": page_address(instrument, found.session.id, place.phase_number) if instrument else "",
    }


def _moment(found: TrajectoryState, moment: Moment) -> dict[str, Any]:
    names = {one.id: one.short for one in found.instruments}
    return {
        "session": moment.session,
        "number": moment.number,
        "day": moment.day.isoformat(),
        "label": moment.label,
        "title": moment.title,
        "closed": moment.closed,
        "archive": moment.archive,
        "instruments": [names[name] for name in moment.instruments],
        "scores": moment.scores,
        "answers": moment.answers,
        "actions": moment.actions,
    }


def _date(one: Agreement) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "label": format_date(one.day),
        "title": one.title,
        "description": one.description,
        "kind": one.kind,
        "overdue": one.overdue,
    }


def _phase(found: TrajectoryState, phase: PhaseScores) -> dict[str, Any]:
    radar = phase.radar()
    number = next((part.number for one in found.instruments for part in one.phases if part.id == phase.phase), None)
    instrument = next(one for one in found.instruments if one.id == phase.instrument)
    return {
        "id": phase.phase,
        "name": f"{phase.instrument_name} · {phase.name}: {phase.title}",
        "address": page_address(instrument, found.session.id, number),
        "now": phase.moments[-1].session == found.session.id,
        "labels": list(phase.labels),
        "radar": radar.model_dump(mode="json"),
        "scales": [{"name": scale.name, "scores": list(scale.scores), "target": scale.target} for scale in phase.scales],
        "sentences": [difference.sentence for difference in phase.differences()],
        "left_out": list(phase.left_out),
    }


def _action(found: TrajectoryState, followed: FollowedAction) -> dict[str, Any]:
    return {
        "id": followed.action.id,
        "origin": followed.origin and _place(found, followed.origin),
        "agreed": {"number": followed.agreed.number, "label": followed.agreed.label},
        "changed": {"number": followed.changed.number, "label": followed.changed.label},
    }
