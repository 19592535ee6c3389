"""The steps of an instrument as plain data: the same steps, in the same order and under the same names as the form has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from stslib.forms.state import FormState, Progress
from stslib.model.blocks import ActionsBlock
from stslib.model.instrument import Instrument, Layout, Objective, Phase, Question, Scale, Section
from stslib.model.session import SESSION_ITEM, Action
from stslib.server.saved.blocks import block_view
from stslib.server.saved.plain import action_lines, score_words, shown, typed

View = dict[str, Any]


def steps_of(state: FormState) -> list[View]:
    """Every step of the form of *state*, with what it holds."""
    instrument = state.instrument
    steps = list(_phase_steps(state))
    if any(instrument.objectives()):
        steps.append(_step("overzicht", "Overzicht", "wat, wie, wanneer, check", overview=_overview(state)))
    orphans = list(_orphans(state))
    if orphans:
        steps.append(_step("vroeger", "Vroeger", "vragen van een oudere versie", orphans=orphans))
    steps.append(_step("afsluiten", "Afsluiten", "bewaren als archief", closing=_closing(state)))
    return steps


def _step(identity: str, name: str, title: str, **content: Any) -> View:
    return {"id": identity, "name": name, "title": title, "count": "", "phases": [], **content}


def _phase_steps(state: FormState) -> Iterator[View]:
    instrument = state.instrument
    if instrument.layout is Layout.PAGE:
        phases = [_phase(state, phase) for phase in instrument.phases]
        yield _step("blad", instrument.short, instrument.title, phases=phases, compact=True, intro=instrument.intro)
        return
    for phase in instrument.phases:
        one = _phase(state, phase)
        yield _step(f"fase-{phase.number}", phase.name, phase.title, phases=[one], count=one["count"])


# -- a phase -----------------------------------------------------------------------------------------------------------------


def _phase(state: FormState, phase: Phase) -> View:
    instrument = state.instrument
    alone = instrument.layout is Layout.PAGE and len(instrument.phases) == 1
    return {
        "title": phase.title if alone else f"{phase.name}: {phase.title}",
        "name": phase.name,
        "intro": phase.intro,
        "own": phase is instrument.phases[0] and all_own(instrument),
        "frame": phase.frame,
        "count": _count(state.progress(phase)),
        "parts": list(_parts(state, phase)),
        "results": [{"text": result.text, "done": state.value(result.id, "done") is True} for result in phase.frame.results],
        "note": typed(state, phase.id, "note"),
        "scores": _scores(state, phase) if any(section.scales for section in phase.sections()) else None,
    }


def _count(progress: Progress) -> View | None:
    """How far a phase is: scales where it has them, else questions."""
    done, every = (progress.scored, progress.scales) if progress.scales else (progress.answered, progress.questions)
    if not every:
        return None
    return {
        "short": f"{'✓ ' if done == every else ''}{done}/{every}",
        "long": f"{done} van {every} {'ingeschaald' if progress.scales else 'besproken'}",
        "share": done / every,
        "done": "all" if done == every else "some" if done else "none",
    }


def all_own(instrument: Instrument) -> bool:
    """Whether every question of an instrument is a proposal of our own: then it is said once."""
    questions = list(instrument.questions())
    return bool(questions) and all(question.own for question in questions)


def _scores(state: FormState, phase: Phase) -> list[View]:
    scales = [scale for section in state.phase_sections(phase) for scale in section.scales]
    return [
        {"label": _scale_name(state, scale), "score": score_words(state.score(scale.id)), "target": _target(state, scale)}
        for scale in scales
    ]


def _scale_name(state: FormState, scale: Scale) -> str:
    aspect = state.instrument.aspects.get(scale.aspect, "")
    return f"{scale.label}, {aspect.lower()}" if aspect else scale.label


def _target(state: FormState, scale: Scale) -> str:
    target = state.target(scale.id)
    return "" if target is None else f"{target} op 10"


def _parts(state: FormState, phase: Phase) -> Iterator[View]:
    kind = "algemeen"
    for objective in phase.objectives:
        heading = state.instrument.kinds.get(objective.kind, "") if objective.kind.value != kind else ""
        kind = objective.kind.value
        yield {"kind": heading, **_objective(state, objective)}
    for section in phase.themes:
        yield {"kind": "", "title": "", "applies": True, "sections": [_section(state, section, None)], "actions": None}


def _objective(state: FormState, objective: Objective) -> View:
    return {
        "title": objective.title,
        "applies": state.objective_applies(objective),
        "sections": [_section(state, section, objective) for section in objective.sections],
        "actions": [action_lines(state, action) for action in state.actions(objective.id)],
    }


# -- a section ---------------------------------------------------------------------------------------------------------------


def _section(state: FormState, section: Section, objective: Objective | None) -> View:
    alone = objective is not None and len(objective.sections) == 1
    several = len(section.scales) > 1
    return {
        "id": section.id,
        "title": "" if alone else section.title,
        "named": section.title,
        "deep": objective is not None,
        "applies": objective is None or alone or state.applies(section),
        "background": section.background,
        "advice": section.advice,
        "advice_name": "Advies" if objective else "Tips",
        "figures": bool(section.figures),
        "questions": [_question(state, question) for question in section.questions],
        "pins": _pins(state, section),
        "blocks": [block_view(state, block, section) for block in section.blocks],
        "scales": [_scale(state, scale, several=several) for scale in section.scales],
        "outcomes": list(_outcomes(state, section)) if objective is None else [],
    }


def _question(state: FormState, question: Question) -> View:
    answered = [before for before in state.earlier() if question.id in before.answers]
    return {
        "text": question.text,
        "method": question.method,
        "own": question.own and not all_own(state.instrument),
        "answer": typed(state, question.id, "answer"),
        "earlier": [(before.label, shown(before.answers[question.id])) for before in answered],
    }


def _scale(state: FormState, scale: Scale, *, several: bool) -> View:
    score = state.score(scale.id)
    earlier = [(before.scores.get(scale.id), before.label) for before in state.earlier()]
    return {
        "prompt": scale.prompt,
        "score": score_words(score),
        "given": score is not None,
        "earlier": ", ".join(f"{score_words(one)} op {label}" for one, label in earlier if one is not None),
        "several": several,
        "evidence": typed(state, scale.id, "evidence"),
        "ambition": typed(state, scale.id, "ambition"),
        "target": _target(state, scale),
    }


def _pins(state: FormState, section: Section) -> list[str]:
    """The titles of the figures that were pinned here; their numbers come with the fields."""
    places = {section.id, *(question.id for question in section.questions)}
    titles = [pin.shown.get("title") for pin in state.pins() if pin.origin in places]
    return [shown(title) for title in titles if isinstance(title, str) and title]


def _outcomes(state: FormState, section: Section) -> Iterator[str]:
    """What came out of a section, unless it lists the actions itself."""
    if any(isinstance(block, ActionsBlock) for block in section.blocks):
        return
    for action in state.actions():
        if action.origin == section.id or action.origin.startswith(f"{section.id}."):
            yield shown(action.what) or "een actie zonder naam"


# -- the other steps ---------------------------------------------------------------------------------------------------------


def _overview(state: FormState) -> View:
    own = {objective.id for objective in state.instrument.objectives()}
    return {
        "phases": [
            {
                "title": f"{phase.name}: {phase.title}",
                "objectives": [
                    {"title": objective.title, "actions": _lines(state, state.actions(objective.id))}
                    for objective in phase.objectives
                ],
            }
            for phase in state.instrument.phases
        ],
        "others": _lines(state, [action for action in state.actions() if action.origin not in own]),
    }


def _lines(state: FormState, actions: list[Action]) -> list[list[tuple[str, str]]]:
    return [action_lines(state, action) for action in actions]


def _orphans(state: FormState) -> Iterator[View]:
    for orphan in state.orphans():
        value = orphan.value
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield {"question": shown(orphan.question or f"Vraag met id {orphan.item}"), "text": shown(text)}


def _closing(state: FormState) -> View:
    meta = state.meta()
    archive = meta.closed.get("archive") if meta.closed else ""
    lines = [
        ("Titel", meta.title),
        ("Datum", meta.date),
        ("Deelnemers", meta.participants),
        ("Notities", meta.notes),
        ("Afgesloten door", typed(state, SESSION_ITEM, "closed_by")),
    ]
    return {
        "lines": [(label, shown(text)) for label, text in lines if text.strip()],
        "archive": shown(archive) if isinstance(archive, str) else "",
    }
