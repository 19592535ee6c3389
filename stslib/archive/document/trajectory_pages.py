"""What stands in the archive of a trajectory, as plain data: the cells of its notebook call this, the template makes HTML."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from stslib import __version__
from stslib.archive.document.accounted import Accounted
from stslib.archive.document.agreed import STATES
from stslib.archive.document.blocks import Blocks
from stslib.archive.document.counted import POLICY
from stslib.archive.document.pages import DATA_VARIABLE, Pages, Part, all_instruments
from stslib.archive.document.parts import InstrumentPart
from stslib.archive.document.plain import css_text, json_lines, png, shown
from stslib.archive.document.tables import places, tables_of
from stslib.archive.document.together import CountedOnce, OwnPins, TogetherJournal
from stslib.archive.keeping.record import public_record
from stslib.archive.trajectory import TRAJECTORY_VARIABLE
from stslib.charts.dot_plot import draw_dot_plot
from stslib.charts.radar import FEWEST_AXES, describe_radar, draw_radar, score_text
from stslib.charts.style import to_png
from stslib.errors import ArchiveError
from stslib.forms.state import FormState
from stslib.forms.trajectory import FollowedAction, PhaseScores, TrajectoryState
from stslib.model.blocks import IndicatorBlock
from stslib.model.instrument import Instrument
from stslib.model.session import ACTION_TEXTS, Journal, Session
from stslib.store import open_journal
from stslib.text import format_date, format_moment, local_time

View = dict[str, Any]


def open_pages() -> TrajectoryPages:
    """The pages of the trajectory that the environment names."""
    data = Path(os.environ[DATA_VARIABLE])
    return TrajectoryPages(data, os.environ[TRAJECTORY_VARIABLE])


class TrajectoryPages:
    """The parts of one archive of a trajectory, in the order of the notebook's cells.

    Args:
        data: the data folder.
        trajectory_id: the trajectory; it has a session at least.

    Raises:
        ArchiveError: it has none.
    """

    def __init__(self, data: Path, trajectory_id: str) -> None:
        self._made_at = datetime.now(UTC)
        today = local_time(self._made_at).date()
        every = all_instruments(data, set())
        with open_journal(data) as journal:
            self._journal = TogetherJournal(journal, trajectory_id, every)
        sessions = self._journal.sessions(trajectory_id)
        if not sessions:
            raise ArchiveError(
                f"traject {trajectory_id}", "Dit traject heeft nog geen sessie.", "Begin er eerst een in het portaal."
            )
        self._trajectory = self._journal.trajectory(trajectory_id)
        self._apart = [one for one in every if one.separate]
        self._all = [one for one in every if not one.separate]
        self._counted = CountedOnce(data, self._trajectory.school, today)
        self._sessions = [_SessionPages(self._open(session), data, self._counted) for session in sessions]
        self._route = TrajectoryState(self._journal, sessions[-1].id, self._all, today=today)
        self._accounted = Accounted()
        self._shown: list[View] = []
        self._indicators: list[View] = []

    def _open(self, session: Session) -> FormState:
        # Read only: what cannot be written needs no way to write.
        return FormState(cast(Journal, self._journal), session.id, self._all[0], others=self._all)

    def cover(self) -> Part:
        """School, from when to when, and the sessions with who was there."""
        covers = [pages.cover().facts for pages in self._sessions]
        first, last = self._route.moments[0], self._route.moments[-1]
        span = first.label if first.day == last.day else f"{first.label} tot {last.label}"
        return Part(
            "cover",
            **{name: covers[-1][name] for name in ("school", "demo", "levels", "province", "school_year")},
            span=span,
            sessions=covers,
            foot=css_text(f"{self._trajectory.school} – traject – {span}"),
            conversations=[
                {"title": one.title, "sessions": [self._number(held) for held in self._journal.conversations[one.id]]}
                for one in self._apart
                if self._journal.conversations[one.id]
            ],
        )

    def _number(self, session_id: str) -> int:
        return self._journal.session(session_id).number

    def sessions(self) -> Part:
        """Every session in full, oldest first; the figures of the school stand with the last one that they bear on."""
        wanted = dict.fromkeys(identity for pages in reversed(self._sessions) for identity in pages.figures())
        self._counted.count(list(wanted))
        self._indicators = list(self._sessions[-1].indicators())  # before the sessions, where the same figure would stand first
        views = [pages.view() for pages in reversed(self._sessions)][::-1]
        self._shown = [instrument for view in views for instrument in view["instruments"]]
        for place, part in places(self._shown):
            self._accounted.add(part, place)
        return Part("sessions", sessions=views)

    def over_time(self) -> Part:
        """The scores of every phase over the sessions, the actions with what became of them, the indicators of the plans."""
        last = self._sessions[-1]
        for view in self._indicators:
            self._accounted.add(view, "Over de sessies")
        self._accounted.share()
        return Part(
            "over_time",
            focus=last.focus(),
            phases=[_phase_view(one) for one in self._route.scores()],
            actions=[_action_view(one) for one in self._route.actions().all()],
            indicators=self._indicators,
        )

    def account(self) -> Part:
        """How it was counted, what the file was made from, and every session as JSON. Comes after the other parts."""
        used = {one.id: one for pages in self._sessions for one in pages.used()}
        last = self._route.moments[-1]
        manifest = {
            "kind": "trajectory",
            "stslib": __version__,
            "instruments": {one.id: one.edition for one in used.values()},
            "wording": {one.id: one.wording for one in used.values() if one.wording},
            "policy": POLICY,
            "session": last.session,
            "sessions": [moment.session for moment in self._route.moments],
            "trajectory": self._trajectory.id,
            "school": shown(self._trajectory.school),
            "title": "",
            "day": last.day.isoformat(),
            "number": last.number,
            "participants": "",
            "demo": self._trajectory.demo,
            "closed_by": "",
            "seq": self._journal.seq,
            "created_at": self._made_at.isoformat(timespec="seconds"),
        }
        latest = {state.instrument.id: state for pages in self._sessions for state in pages.states()}
        return Part(
            "account",
            manifest=manifest,
            made_at=format_moment(self._made_at),
            contents=[
                {"title": one.title, "version": one.version, "edition": one.edition, "wording": shown(one.wording)}
                for one in used.values()
            ],
            common=self._accounted.common,
            figures=self._accounted.figures,
            without_figures=self._counted.problem,
            with_figures=self._counted.used > 0,
            records=json_lines({"sessions": [public_record(pages.record()) for pages in self._sessions]}),
            tables=json_lines(tables_of(list(latest.values()), self._sessions[-1].whole, self._shown)),
        )


class _SessionPages(Pages):
    """One session of several in a file: the same parts as in its own archive, under names that no other session has."""

    def __init__(self, state: FormState, data: Path, counted: CountedOnce) -> None:
        super().__init__(state, data)
        self.whole = state
        self._counted = counted
        self._pins = OwnPins(state, counted)

    def states(self) -> list[FormState]:
        """The session on each instrument that it used."""
        return self._states

    def used(self) -> list[Instrument]:
        """The instruments that it used."""
        return self._instruments

    def figures(self) -> Iterator[str]:
        """Ids of the figures that bear on what it discussed."""
        for state in self._states:
            for section in state.instrument.sections():
                if state.applies(section):
                    yield from section.figures

    def record(self) -> View:
        """The session as plain data."""
        return self.whole.to_record()

    def focus(self) -> View | None:
        """The focus of the trajectory at this session."""
        return Blocks(self.whole, self._counted, self._pins).focus()

    def indicators(self) -> Iterator[View]:
        """What the plan follows, counted today from the day on which the plan began."""
        blocks = Blocks(self.whole, self._counted, self._pins)
        for instrument in self.whole.instruments:
            for block in instrument.blocks():
                if isinstance(block, IndicatorBlock) and self.whole.text(block.id, "measure"):
                    yield {**blocks.view(block), "instrument": instrument.title}

    def view(self) -> View:
        """The whole session as plain data."""
        name = f"sessie-{self.whole.session.number}"
        views = [InstrumentPart(state, self._counted, self._pins).view() for state in self._states]
        for view in views:
            view["id"] = f"{name}-{view['id']}"
            for phase in view["phases"]:
                phase["id"] = f"{name}-{phase['id']}"
        return {
            "id": name,
            **{key: value for key, value in self.cover().facts.items() if key != "kind"},
            "focus": self.focus(),
            "instruments": views,
            "pins": self._pins.rest(),
            "conflicts": list(self._conflicts()),
        }


# -- over the sessions ---------------------------------------------------------------------------------------------------------


def _phase_view(one: PhaseScores) -> View:
    radar = one.radar()
    pictured = bool(radar.axes)
    scores = [[score_text(score) for score in scale.scores] for scale in one.scales]
    targets = ["–" if scale.target is None else str(scale.target) for scale in one.scales]
    targeted = any(scale.target is not None for scale in one.scales)
    return {
        "name": f"{one.name}: {one.title}",
        "instrument": one.instrument_name,
        "radar": png(to_png(draw_radar(radar))) if pictured else "",
        "dots": png(to_png(draw_dot_plot(radar))) if pictured and len(radar.axes) >= FEWEST_AXES else "",
        "alt": describe_radar(radar) if pictured else "",
        "columns": ["Schaal", *one.labels, *(["streefdoel"] if targeted else [])],
        "rows": [
            [scale.name, *row, *([target] if targeted else [])]
            for scale, row, target in zip(one.scales, scores, targets, strict=True)
        ],
        "differences": [difference.sentence for difference in one.differences()],
        "left_out": list(one.left_out),
    }


def _action_view(one: FollowedAction) -> View:
    action = one.action
    return {
        **{name: shown(getattr(action, name)) for name in ACTION_TEXTS},
        "state": STATES[action.state],
        "overdue": one.overdue,
        "missing": ", ".join(one.missing),
        "origin": shown(one.origin.name) if one.origin else "",
        "agreed": one.agreed.label,
        "changed": one.changed.label,
        "due": format_date(action.due) if action.due else "",
    }
