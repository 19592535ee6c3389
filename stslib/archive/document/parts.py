"""One instrument as it stands in an archive: its phases, with frame, scores, questions, blocks and figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stslib.archive.document.agreed import Pins, action_view, belonging_to, own_actions
from stslib.archive.document.blocks import Blocks
from stslib.archive.document.counted import Counted
from stslib.archive.document.plain import plain, png, shown, typed
from stslib.archive.keeping.record import NOTE, NOTE_MAY_GO, is_private
from stslib.charts.dot_plot import draw_dot_plot
from stslib.charts.radar import FEWEST_AXES, describe_radar, draw_radar, looks_of, score_text
from stslib.charts.style import to_png
from stslib.forms.state import FormState
from stslib.model.blocks import ActionsBlock
from stslib.model.instrument import AbsenceKind, Layout, Objective, Phase, Question, Scale, Section
from stslib.model.radar import Radar

View = dict[str, Any]

_DPI = 90
"""Pixels per inch of a drawing that is 9 inches wide and stands 11 to 18 cm wide on paper and screen."""

_MOST_COLUMNS = 5
"""Sessions that fit beside one another in a table on A4; with more, each gets a row."""


def anchor(item: str) -> str:
    """An id of the content as the name of a place in the page."""
    return item.replace(".", "-")


class InstrumentPart:
    """Makes the view of one instrument from what a session holds."""

    def __init__(self, state: FormState, counted: Counted, pins: Pins) -> None:
        self._state = state
        self._instrument = state.instrument
        self._counted = counted
        self._pins = pins
        self._blocks = Blocks(state, counted, pins)

    def view(self) -> View:
        """The whole instrument as plain data."""
        one = self._instrument
        return {
            "id": anchor(one.id),
            "title": one.title,
            "one_page": one.layout is Layout.PAGE,
            "version": one.version,
            "wording": shown(one.wording),
            "phases": [self._phase(phase) for phase in one.phases],
            "orphans": list(self._orphans()),
        }

    # -- a phase -----------------------------------------------------------------------------------------------------------

    def _phase(self, phase: Phase) -> View:
        state, progress = self._state, self._state.progress(phase)
        kinds = list(self._kinds(phase))  # before the rest: a pin stands with the first thing that it was pinned to
        themes = [self._section(section) for section in phase.themes if state.applies(section)]
        parts: list[Objective | Section] = [*phase.objectives, *phase.themes]
        return {
            "id": anchor(phase.id),
            "name": f"{phase.name}: {phase.title}",
            "short": phase.name,
            "intro": phase.intro,
            "aims": list(phase.frame.aims),
            "conditions": list(phase.frame.conditions),
            "results": [
                {"text": result.text, "done": state.value(result.id, "done") is True} for result in phase.frame.results
            ],
            "scored": progress.scored,
            "scales": progress.scales,
            "answered": progress.answered,
            "questions": progress.questions,
            "pictures": self._pictures(phase),
            "kinds": kinds,
            "themes": themes,
            "left_out": [part.title for part in parts if not self._applies(part)],
            "note": typed(state, phase.id, NOTE) if state.value(phase.id, NOTE_MAY_GO) is True else "",
            "pins": self._pins.take([phase.id]),
        }

    def _applies(self, part: Objective | Section) -> bool:
        return self._state.objective_applies(part) if isinstance(part, Objective) else self._state.applies(part)

    def _kinds(self, phase: Phase) -> Iterator[View]:
        """Objectives under the title of their kind of absence, in the order of the instrument."""
        kinds: dict[AbsenceKind, list[View]] = {}
        for objective in phase.objectives:
            if self._state.objective_applies(objective):
                kinds.setdefault(objective.kind, []).append(self._objective(objective))
        for kind, objectives in kinds.items():
            yield {"title": self._instrument.kinds.get(kind, ""), "objectives": objectives}

    def _objective(self, objective: Objective) -> View:
        return {
            "title": objective.title,
            "sections": [self._section(section) for section in objective.sections if self._state.applies(section)],
            "actions": [action_view(self._state, action) for action in own_actions(self._state, objective.id)],
            "pins": self._pins.take([objective.id]),
        }

    # -- scores ------------------------------------------------------------------------------------------------------------

    def _pictures(self, phase: Phase) -> View | None:
        """Radar, dot plot and table of a phase; None when it has no scale for this school."""
        if not any(section.scales for section in phase.sections()):
            return None
        radar = self._state.radar(phase)
        if not radar.axes:
            return {"radar": "", "dots": "", "alt": "", "table": None}
        return {
            "radar": png(to_png(draw_radar(radar), _DPI)),
            # With too few axes for a radar, the first picture is a dot plot already.
            "dots": png(to_png(draw_dot_plot(radar), _DPI)) if len(radar.axes) >= FEWEST_AXES else "",
            "alt": describe_radar(radar),
            "table": self._table(phase, radar),
        }

    def _table(self, phase: Phase, radar: Radar) -> View:
        """The radar's values: this session first, then earlier ones from new to old, then the target.

        A row per scale; a row per session where there are too many of those for the width of a page.
        """
        sections = [section for section in self._state.phase_sections(phase) if section.scales]
        scales = [scale for section in sections for scale in section.scales]
        names = [f"{scale.label}, {self._aspect(scale)}" if scale.aspect else scale.label for scale in scales]
        looks = looks_of(radar)
        columns, cells = [], []
        for age in range(max(look.age for look in looks) + 1):
            of_day = {look.series.aspect: look.series for look in looks if look.age == age}
            day = next(iter(of_day.values()))
            columns.append(f"{day.label} (nu)" if day.current else day.label)
            places = [(place, self._aspect(scale)) for place, section in enumerate(sections) for scale in section.scales]
            cells.append([score_text(of_day[aspect].scores[place]) if aspect in of_day else "–" for place, aspect in places])
        targets = [self._state.target(scale.id) for scale in scales]
        if any(target is not None for target in targets):
            columns.append("streefdoel")
            cells.append(["–" if target is None else str(target) for target in targets])
        if len(columns) > _MOST_COLUMNS + 1:
            return {"head": "Overleg", "columns": names, "rows": _named_rows(columns, cells)}
        return {
            "head": "Schaal",
            "columns": columns,
            "rows": _named_rows(names, [list(row) for row in zip(*cells, strict=True)]),
        }

    def _aspect(self, scale: Scale) -> str:
        return self._instrument.aspects.get(scale.aspect, scale.aspect)

    # -- a section ---------------------------------------------------------------------------------------------------------

    def _section(self, section: Section) -> View:
        origins = {section.id, *(one.id for one in (*section.questions, *section.scales, *section.blocks))}
        listed = any(isinstance(block, ActionsBlock) for block in section.blocks)
        actions = [] if listed else belonging_to(own_actions(self._state), origins)
        return {
            "title": section.title,
            "background": section.background,
            "advice": list(section.advice),
            "questions": [self._question(question) for question in section.questions],
            "scales": [self._scale(scale) for scale in section.scales],
            "blocks": [self._blocks.view(block) for block in section.blocks],
            "figures": self._counted.beside(section.figures),
            "pins": self._pins.take([section.id, *(action.id for action in actions)]),
            "actions": [action_view(self._state, action) for action in actions],
        }

    def _question(self, question: Question) -> View:
        return {
            "text": question.text,
            "own": question.own,
            "answer": typed(self._state, question.id, "answer"),
            "pins": self._pins.take([question.id]),
        }

    def _scale(self, scale: Scale) -> View:
        score, target = self._state.score(scale.id), self._state.target(scale.id)
        return {
            "label": f"{scale.label}, {self._aspect(scale)}" if scale.aspect else scale.label,
            "prompt": scale.prompt,
            "score": score_text(score),
            "is_number": isinstance(score, int),
            "discussed": score is not None,
            "target": "" if target is None else str(target),
            "evidence": typed(self._state, scale.id, "evidence"),
            "ambition": typed(self._state, scale.id, "ambition"),
            "pins": self._pins.take([scale.id]),
        }

    # -- what the content no longer asks -----------------------------------------------------------------------------------

    def _orphans(self) -> Iterator[View]:
        for orphan in self._state.orphans():
            if not is_private(orphan.item, orphan.field) and orphan.field != NOTE_MAY_GO:
                text = score_text(orphan.value) if orphan.field == "score" else plain(orphan.value)  # type: ignore[arg-type]
                yield {
                    "question": orphan.question,
                    "item": orphan.item,
                    "field": orphan.field,
                    "text": text.strip("\n"),
                    "edition": orphan.edition,
                }


def _named_rows(names: list[str], cells: list[list[str]]) -> list[View]:
    return [{"name": name, "cells": row} for name, row in zip(names, cells, strict=True)]
