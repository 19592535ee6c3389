"""What stands in an archive, as plain data: the cells of the archive notebook call this, the template turns it into HTML.

This runs in a kernel of its own, which gets the data folder and the session id from its environment; so it imports what it
needs and nothing else. Texts travel as texts: only the template makes markup, and it escapes all of them.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stslib import __version__
from stslib.charts.dot_plot import draw_dot_plot
from stslib.charts.radar import describe_radar, draw_radar, score_text
from stslib.charts.style import to_png
from stslib.content import load_instrument
from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.model.figure import FigureCard
from stslib.model.instrument import AbsenceKind, Instrument, Objective, Phase, Section
from stslib.model.radar import Radar
from stslib.model.session import ACTION_PREFIX, SESSION_ITEM, Action, Journal
from stslib.store import open_journal
from stslib.text import format_date, format_long_date, format_moment, local_time, parse_typed_date, slug

PART_TYPE = "application/vnd.stslib.part+json"
"""The type of a cell's output; the template knows it."""

SESSION_VARIABLE = "STS_ARCHIVE_SESSION"
DATA_VARIABLE = "STS_DATA"

POLICY = "record"
"""The disclosure policy of every figure that goes into an archive."""

DEFAULT_INSTRUMENT = "preventieplan"

# What HTML cannot hold: control characters and lone halves of signs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

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


def shown(text: str) -> str:
    """*text* with one kind of line break, and a replacement sign for what a page cannot show."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


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
    instrument = load_instrument(_instrument_id(journal, session_id))
    return Pages(FormState(journal, session_id, instrument), data)


def _instrument_id(journal: Journal, session_id: str) -> str:
    """The instrument that a session was held on: the first word of its items' ids."""
    items = (item for item, _ in journal.current(session_id) if item != SESSION_ITEM and not item.startswith(ACTION_PREFIX))
    counted = Counter(item.split(".")[0] for item in items)
    return counted.most_common(1)[0][0] if counted else DEFAULT_INSTRUMENT


class Pages:
    """The parts of one archive, in the order of the notebook's cells."""

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._data = data
        self._made_at = datetime.now(UTC)
        self._without_figures = ""
        self._used_figures = 0

    @property
    def _instrument(self) -> Instrument:
        return self._state.instrument

    @property
    def _day(self) -> date:
        return parse_typed_date(self._state.meta().date) or local_time(self._state.session.created_at).date()

    def cover(self) -> Part:
        """School, day, session, participants by function, instrument, and the mark of a demo."""
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
            instrument=self._instrument.title,
            earlier=[{"number": before.session.number, "day": before.label} for before in state.earlier()],
            phases=[{"number": phase.number, "title": phase.title} for phase in self._instrument.phases],
        )

    def phases(self) -> Part:
        """Every phase: its pictures, and per objective the questions, the scores, the figures and the actions."""
        cards = self._cards()
        return Part("phases", phases=[self._phase(phase, cards) for phase in self._instrument.phases])

    def overview(self) -> Part:
        """The one table over all objectives: scale, what, who, when, check. And the fields on which two windows differ."""
        return Part("overview", phases=list(self._overview_phases()), conflicts=list(self._conflicts()))

    def account(self) -> Part:
        """How it was counted, what the archive was made from, and the session itself as JSON."""
        state, trajectory = self._state, self._state.trajectory
        manifest = {
            "stslib": __version__,
            "instrument": self._instrument.id,
            "content": self._instrument.version,
            "policy": POLICY,
            "session": state.session.id,
            "trajectory": trajectory.id,
            "seq": state.seq,
            "created_at": self._made_at.isoformat(timespec="seconds"),
        }
        return Part(
            "account",
            manifest=manifest,
            made_at=format_moment(self._made_at),
            without_figures=self._without_figures,
            with_figures=self._used_figures > 0,
            record=json.dumps(state.to_record(), indent=1),
            file_stem=f"{self._day.isoformat()}_{slug(trajectory.school)}_{state.session.id}",
        )

    # -- parts of parts ----------------------------------------------------------------------------------------------------

    def _phase(self, phase: Phase, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
        radar = self._state.radar(phase)
        progress = self._state.progress(phase)
        return {
            "id": f"fase-{phase.number}",
            "number": phase.number,
            "title": phase.title,
            "intro": phase.intro,
            "scored": progress.scored,
            "scales": progress.scales,
            "answered": progress.answered,
            "questions": progress.questions,
            "radar": _png(to_png(draw_radar(radar))) if radar.axes else "",
            "dots": _png(to_png(draw_dot_plot(radar))) if radar.axes else "",
            "alt": describe_radar(radar),
            "table": _score_table(radar),
            "kinds": list(self._kinds(phase, cards)),
            "left_out": [objective.title for objective in phase.objectives if not self._state.objective_applies(objective)],
        }

    def _kinds(self, phase: Phase, cards: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Objectives under the title of their kind of absence, in the order of the instrument."""
        kinds: dict[AbsenceKind, list[dict[str, Any]]] = {}
        for objective in phase.objectives:
            if self._state.objective_applies(objective):
                kinds.setdefault(objective.kind, []).append(self._objective(objective, cards))
        for kind, objectives in kinds.items():
            yield {"title": self._instrument.kinds.get(kind, ""), "objectives": objectives}

    def _objective(self, objective: Objective, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
        return {
            "title": objective.title,
            "sections": [self._section(section, cards) for section in objective.sections if self._state.applies(section)],
            "actions": [_action(action) for action in self._state.actions(objective.id)],
        }

    def _section(self, section: Section, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
        state, scale = self._state, section.scale
        target = state.target(scale.id)
        return {
            "title": section.title,
            "background": section.background,
            "advice": list(section.advice),
            "questions": [
                {"text": question.text, "answer": shown(state.text(question.id, "answer")).strip("\n")}
                for question in section.questions
            ],
            "scale": scale.label,
            "prompt": scale.prompt,
            "score": score_text(state.score(scale.id)),
            "is_number": isinstance(state.score(scale.id), int),
            "target": "" if target is None else str(target),
            "evidence": shown(state.text(scale.id, "evidence")).strip("\n"),
            "ambition": shown(state.text(scale.id, "ambition")).strip("\n"),
            # A figure that bears on several sections stands with the first.
            "figures": [cards.pop(identity) for identity in section.figures if identity in cards],
        }

    def _overview_phases(self) -> Iterator[dict[str, Any]]:
        for phase in self._instrument.phases:
            rows = []
            for objective in phase.objectives:
                sections = [section for section in objective.sections if self._state.applies(section)]
                if sections:
                    scores = [f"{one.scale.label}: {score_text(self._state.score(one.scale.id))}" for one in sections]
                    actions = [_action(action) for action in self._state.actions(objective.id)]
                    rows.append({"title": objective.title, "scores": scores, "actions": actions})
            yield {"number": phase.number, "title": phase.title, "objectives": rows}

    def _conflicts(self) -> Iterator[dict[str, str]]:
        names = {question.id: question.text for question in self._instrument.questions()}
        names |= {scale.id: scale.label for scale in self._instrument.scales()}
        for conflict in self._state.conflicts():
            item, _ = conflict.key
            yield {
                "what": names.get(item, "actie" if item.startswith(ACTION_PREFIX) else "sessie"),
                "one": shown(_plain(conflict.theirs.value)),
                "other": shown(_plain(conflict.mine.value)),
            }

    def _cards(self) -> dict[str, dict[str, Any]]:
        """The school's own figures by id. Whatever is wrong with them, the archive is made, and says what is missing."""
        used = (section for section in self._instrument.sections() if self._state.applies(section))
        wanted = list(dict.fromkeys(identity for section in used for identity in section.figures))
        none_stored = "Voor deze school zijn geen afwezigheidscijfers ingelezen; daarom staan er geen cijfers in dit archief."
        if not wanted or not (self._data / "absences").is_dir():
            self._without_figures = none_stored
            return {}
        cards: dict[str, dict[str, Any]] = {}
        try:
            from stslib.absences import has_absences
            from stslib.figures import figure_cards
            from stslib.figures.library import load_absences

            school = self._state.trajectory.school
            if not has_absences(self._data, school):
                self._without_figures = none_stored
                return {}
            today = local_time(self._made_at).date()
            for card in figure_cards(load_absences(school, self._data), wanted, policy="record", today=today):
                cards[card.id] = _card(card)
        except StsError as error:
            self._without_figures = f"De cijfers van de school konden niet (allemaal) geteld worden. {error.fact}"
        except Exception as error:  # the meeting's answers matter more than a figure; a pupil's data may be in the text
            self._without_figures = f"De cijfers van de school konden niet (allemaal) geteld worden ({type(error).__name__})."
        self._used_figures = len(cards)
        return cards


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ("leeg" if value is None else json.dumps(value, ensure_ascii=False))


def _png(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _action(action: Action) -> dict[str, Any]:
    missing = {"what": "wat", "who": "wie", "when": "wanneer"}
    return {
        "what": shown(action.what),
        "who": shown(action.who),
        "when": shown(action.when),
        "check": shown(action.check),
        "missing": ", ".join(missing[name] for name in action.unfinished),
    }


def _card(card: FigureCard) -> dict[str, Any]:
    return {
        "title": card.title,
        "alt": card.alt,
        "png": _png(card.png) if card.png else "",
        "columns": list(card.columns),
        "rows": [list(row) for row in card.rows],
        "why": [{"label": line.label, "text": line.text} for line in card.why],
        "counted_on": format_date(card.counted_on),
    }


def _score_table(radar: Radar) -> dict[str, Any]:
    """The radar's values: a row per scale; this session first, then earlier ones from new to old, then the target."""
    series = list(reversed(radar.series))
    targets = any(target is not None for target in radar.targets)
    columns = [f"{radar.current.label} (nu)", *(one.label for one in series[1:]), *(["streefdoel"] if targets else [])]
    rows = []
    for index, axis in enumerate(radar.axes):
        target = radar.targets[index]
        aims = ["–" if target is None else str(target)] if targets else []
        rows.append({"name": axis, "cells": [*(score_text(one.scores[index]) for one in series), *aims]})
    return {"columns": columns, "rows": rows}
