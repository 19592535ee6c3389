"""What stands in an archive, as plain data: the cells of the archive notebook call this, the template turns it into HTML.

This runs in a kernel of its own, which gets the data folder and the session id from its environment; so it imports what it
needs and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stslib import __version__
from stslib.archive.document.accounted import Accounted
from stslib.archive.document.agreed import Pins, action_view, own_actions, separate_instruments
from stslib.archive.document.blocks import Blocks
from stslib.archive.document.counted import POLICY, Counted
from stslib.archive.document.parts import InstrumentPart, anchor
from stslib.archive.document.plain import css_text, json_lines, named, plain, shown
from stslib.archive.document.summary import Summary
from stslib.archive.document.tables import places, tables_of
from stslib.archive.keeping.record import NOTE_MAY_GO, is_private, public_record
from stslib.archive.keeping.versions import earlier_versions
from stslib.charts.radar import score_text
from stslib.content import instrument_ids, load_instrument, load_wording
from stslib.errors import ContentError
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument
from stslib.model.session import SESSION_ITEM, ActionState
from stslib.store import open_journal
from stslib.text import format_date, format_long_date, format_moment, local_time, parse_typed_date, slug

PART_TYPE = "application/vnd.stslib.part+json"
"""The type of a cell's output; the template knows it."""

SESSION_VARIABLE = "STS_ARCHIVE_SESSION"
DATA_VARIABLE = "STS_DATA"

CLOSED_BY = "closed_by"
"""The field of a session that says who closed it, by function."""

View = dict[str, Any]

_LEVELS = {
    "kleuter": "kleuteronderwijs",
    "lager": "lager onderwijs",
    "secundair": "secundair onderwijs",
    "buitengewoon-basis": "buitengewoon basisonderwijs",
    "buitengewoon-secundair": "buitengewoon secundair onderwijs",
}
_PROVINCES = {
    "antwerpen": "Antwerpen",
    "limburg": "Limburg",
    "oost-vlaanderen": "Oost-Vlaanderen",
    "vlaams-brabant": "Vlaams-Brabant",
    "west-vlaanderen": "West-Vlaanderen",
    "brussel": "Brussel",
}


class Part:
    """One output of the archive notebook."""

    def __init__(self, kind: str, **facts: Any) -> None:
        self.facts = {"kind": kind, **facts}

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {PART_TYPE: self.facts, "text/plain": f"deel van een archief: {self.facts['kind']}"}


def open_pages() -> Pages:
    """The pages of the session that the environment names."""
    data = Path(os.environ[DATA_VARIABLE])
    journal = open_journal(data)
    session_id = os.environ[SESSION_VARIABLE]
    first, *others = all_instruments(data, {item.split(".")[0] for item, _ in journal.current(session_id)})
    return Pages(FormState(journal, session_id, first, others=others), data)


def all_instruments(data: Path, needed: set[str]) -> list[Instrument]:
    """Every instrument in the order of a trajectory, in the centre's own wording.

    Args:
        data: the data folder.
        needed: ids of those that must be there; another one that has faults is left out.

    Raises:
        ContentError: a needed instrument has faults, or there is no instrument at all.
    """
    wording = load_wording(data)
    loaded: list[Instrument] = []
    faults: list[ContentError] = []
    for identity in instrument_ids():
        try:
            loaded.append(load_instrument(identity, wording=wording))
        except ContentError as error:
            if identity in needed:
                raise
            faults.append(error)
    if not loaded:
        raise faults[0] if faults else ContentError([])
    return loaded


class Pages:
    """The parts of one archive, in the order of the notebook's cells.

    Args:
        state: the session, on any instrument; with the other ones, so that everything in it can be named.
        data: the data folder.
    """

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._data = data
        self._made_at = datetime.now(UTC)
        self._counted = Counted(data, state.trajectory.school, local_time(self._made_at).date())
        self._pins = Pins(state, self._counted)
        used = state.instruments_used()
        self._states = [self._on(one) for one in state.instruments if one.id in used]
        self._shown: list[View] = []
        self._rest: list[View] = []
        self._accounted = Accounted()

    def _on(self, instrument: Instrument) -> FormState:
        """The same session, on one of its instruments."""
        if instrument.id == self._state.instrument.id:
            return self._state
        others = self._state.instruments
        return FormState(self._state.journal, self._state.session.id, instrument, others=others, upto=self._state.seq)

    @property
    def _instruments(self) -> list[Instrument]:
        return [state.instrument for state in self._states]

    @property
    def _day(self) -> date:
        return parse_typed_date(self._state.meta().date) or local_time(self._state.session.created_at).date()

    def cover(self) -> Part:
        """School, day, session, participants by function, instruments, and the mark of a demo."""
        state, meta = self._state, self._state.meta()
        trajectory = state.trajectory
        return Part(
            "cover",
            school=shown(trajectory.school),
            demo=trajectory.demo,
            title=shown(meta.title),
            levels=", ".join(_LEVELS[level.value] for level in trajectory.levels),
            province=_PROVINCES[trajectory.province.value] if trajectory.province else "",
            school_year=trajectory.school_year,
            number=state.session.number,
            day=shown(meta.date) if meta.date.strip() and parse_typed_date(meta.date) is None else format_long_date(self._day),
            participants=shown(meta.participants),
            notes=shown(meta.notes),
            closed_by=shown(state.text(SESSION_ITEM, CLOSED_BY)),
            instruments=[instrument.title for instrument in self._instruments],
            foot=css_text(f"{trajectory.school} – {format_date(self._day)} – sessie {state.session.number}"),
            earlier=[{"number": before.session.number, "day": before.label} for before in state.earlier()],
        )

    def instruments(self) -> Part:
        """Every instrument in use, phase by phase: pictures, questions, scores, blocks, figures and actions."""
        applying = (section for state in self._states for section in state.instrument.sections() if state.applies(section))
        self._counted.count(list(dict.fromkeys(identity for section in applying for identity in section.figures)))
        self._shown = [InstrumentPart(state, self._counted, self._pins).view() for state in self._states]
        for place, part in places(self._shown):
            self._accounted.add(part, place)
        self._accounted.share()
        return Part("instruments", instruments=self._shown)

    def overview(self) -> Part:
        """What belongs to the whole: the focus, all objectives in one table, every action, what is unfinished, what differs."""
        state = self._state
        actions = own_actions(state)
        views = [action_view(state, action) for action in actions]
        plans = list(self._plans())
        listed = {objective["id"] for plan in plans for phase in plan["phases"] for objective in phase["objectives"]}
        self._rest = self._pins.rest()
        beyond = any(action.origin not in listed or action.state is not ActionState.PLANNED for action in actions)
        return Part(
            "overview",
            summary=Summary(state, self._states, self._pins, self._day).view(),
            focus=Blocks(state, self._counted, self._pins).focus(),
            plans=plans,
            actions=views if beyond else [],
            unfinished=[view for view in views if view["missing"]],
            pins=self._rest,
            conflicts=list(self._conflicts()),
        )

    def account(self) -> Part:
        """How it was counted, what the archive was made from, and the session itself as JSON.

        Comes after the other parts: its tables hold what those show.
        """
        state, trajectory, meta = self._state, self._state.trajectory, self._state.meta()
        manifest = {
            "kind": "session",
            "stslib": __version__,
            "instruments": {instrument.id: instrument.edition for instrument in self._instruments},
            "wording": {instrument.id: instrument.wording for instrument in self._instruments if instrument.wording},
            "policy": POLICY,
            "session": state.session.id,
            "trajectory": trajectory.id,
            "school": shown(trajectory.school),
            "title": shown(meta.title),
            "day": self._day.isoformat(),
            "number": state.session.number,
            "participants": shown(meta.participants),
            "demo": trajectory.demo,
            "closed_by": shown(state.text(SESSION_ITEM, CLOSED_BY)),
            "seq": state.seq,
            "created_at": self._made_at.isoformat(timespec="seconds"),
        }
        return Part(
            "account",
            manifest=manifest,
            made_at=format_moment(self._made_at),
            versions=[
                {
                    **one,
                    "closed_by": shown(one["closed_by"]),
                    "made_at": format_moment(datetime.fromisoformat(one["created_at"])),
                }
                for one in earlier_versions(self._data, state.session.id, upto=state.seq)
            ],
            contents=[
                {"title": one.title, "version": one.version, "edition": one.edition, "wording": shown(one.wording)}
                for one in self._instruments
            ],
            own_questions=any(question.own for one in self._instruments for question in one.questions()),
            common=self._accounted.common,
            figures=self._accounted.figures,
            per_figure=self._accounted.rows(),
            without_figures=self._counted.problem,
            with_figures=self._counted.used > 0,
            record=json_lines(public_record(state.to_record(), separate=separate_instruments(state))),
            tables=json_lines(tables_of(self._states, state, self._shown, self._rest)),
            file_stem=f"{self._day.isoformat()}_{slug(trajectory.school)}_{state.session.id}",
        )

    # -- parts of parts ----------------------------------------------------------------------------------------------------

    def _plans(self) -> Iterator[View]:
        """One table per instrument with objectives: scale, what, who, when, check."""
        for state in self._states:
            phases = list(_plan_phases(state))
            if any(phase["objectives"] for phase in phases):
                yield {"id": anchor(state.instrument.id), "title": state.instrument.title, "phases": phases}

    def _conflicts(self) -> Iterator[View]:
        for conflict in self._state.conflicts():
            item, field = conflict.key
            private = is_private(item, field)
            if private and self._state.value(item, NOTE_MAY_GO) is not True:
                continue
            if field == "shown":
                continue
            what = named(self._state, item)
            yield {
                "what": f"notitie bij {what}" if private else what or "deze sessie",
                "one": plain(conflict.theirs.value),
                "other": plain(conflict.mine.value),
            }


def _told(version: View) -> View:
    """An earlier version with its moment in words."""
    made_at = format_moment(datetime.fromisoformat(version["created_at"]))
    return {**version, "closed_by": shown(version["closed_by"]), "made_at": made_at}


def _plan_phases(state: FormState) -> Iterator[View]:
    for phase in state.instrument.phases:
        rows = []
        for objective in phase.objectives:
            scales = [scale for section in objective.sections if state.applies(section) for scale in section.scales]
            if state.objective_applies(objective):
                scores = [f"{scale.label}: {score_text(state.score(scale.id))}" for scale in scales]
                actions = [action_view(state, action) for action in own_actions(state, objective.id)]
                rows.append({"id": objective.id, "title": objective.title, "scores": scores, "actions": actions})
        yield {"name": f"{phase.name}: {phase.title}", "objectives": rows}
