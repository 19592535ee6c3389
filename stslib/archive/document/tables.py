"""What an archive shows, once more as tables: for a workbook, and for whoever reads the file with a program in ten years.

Only what the page shows is here, under the labels that it uses; so it hides what the page hides, and nobody has to count again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from stslib.archive.document.accounted import cards_in
from stslib.archive.document.agreed import action_view, decisions, focus_of, own_actions
from stslib.archive.document.counted import POLICY
from stslib.archive.document.plain import typed
from stslib.charts.radar import score_text
from stslib.forms.state import FormState
from stslib.model.instrument import Phase, Scale, Section
from stslib.model.session import Score

View = dict[str, Any]


def tables_of(states: Sequence[FormState], whole: FormState, instruments: Iterable[View], rest: Iterable[View] = ()) -> View:
    """Scores, actions, figures, focus and decisions, as an archive carries them in ``sts-tables``.

    Args:
        states: the session on each instrument in use, in order.
        whole: the session with every instrument, for the focus and the actions of the trajectory.
        instruments: what ``InstrumentPart`` made of each instrument: the figures are taken from there.
        rest: pinned figures that stand in no instrument.

    Returns:
        ``scores``, ``actions`` and ``figures`` as lists of rows, ``focus`` as one row or None, ``decisions`` as a list of rows.
        A score and a target are whole numbers where they are numbers, else words (a target: empty).
    """
    return {
        "scores": [row for state in states for row in _scores(state)],
        "actions": [
            {**action_view(whole, action), "due": action.due.isoformat() if action.due else ""} for action in own_actions(whole)
        ],
        "figures": [
            *(figure for place, part in places(instruments) for figure in _cards(part, place)),
            *_cards(list(rest), ""),
        ],
        "focus": focus_of(whole),
        "decisions": decisions(states),
    }


# -- scores --------------------------------------------------------------------------------------------------------------------


def _scores(state: FormState) -> Iterator[View]:
    for phase in state.instrument.phases:
        for section in state.phase_sections(phase):
            for scale in section.scales:
                yield _score(state, phase, section, scale)


def _score(state: FormState, phase: Phase, section: Section, scale: Scale) -> View:
    aspect = state.instrument.aspects.get(scale.aspect, scale.aspect)
    target = state.target(scale.id)
    return {
        "instrument": state.instrument.title,
        "phase": f"{phase.name}: {phase.title}",
        "section": section.title,
        "scale": f"{scale.label}, {aspect}" if aspect else scale.label,
        "score": _as_told(state.score(scale.id)),
        "target": "" if target is None else target,
        "evidence": typed(state, scale.id, "evidence"),
        "ambition": typed(state, scale.id, "ambition"),
        "earlier": [
            {"day": before.label, "score": _as_told(before.scores[scale.id])}
            for before in state.earlier()
            if before.scores.get(scale.id) is not None
        ],
    }


def _as_told(score: Score) -> int | str:
    return score if isinstance(score, int) else score_text(score)


# -- figures -------------------------------------------------------------------------------------------------------------------


def places(instruments: Iterable[View]) -> Iterator[tuple[str, Any]]:
    """Every part of the instruments that can hold a figure, with its place in words."""
    for instrument in instruments:
        for phase in instrument["phases"]:
            place = f"{instrument['title']}, {phase['name']}"
            for kind in phase["kinds"]:
                for objective in kind["objectives"]:
                    yield f"{place}: {objective['title']}", [objective["sections"], objective["pins"]]
            for section in phase["themes"]:
                yield f"{place}: {section['title']}", section
            yield place, phase["pins"]


def _cards(view: Any, place: str) -> Iterator[View]:
    return (_figure(card, place) for card in cards_in(view))


def _figure(view: View, place: str) -> View:
    return {
        "title": view["title"],
        "place": place or view.get("origin", ""),
        "columns": view["columns"],
        "rows": view["rows"],
        "why": view.get("why", []),
        "counted_on": view["counted_on"],
        "policy": POLICY,
        "pinned_to": view.get("pinned_to", ""),
        "pinned": "pinned_to" in view,
    }
