"""What stands on the poster of a session: its focus and goal, what was and is done, how scores moved, and words of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from stslib.archive.document.agreed import focus_of, own_actions, separate_instruments
from stslib.archive.document.plain import filled_in, shown, typed
from stslib.content import instrument_ids, load_instrument, load_wording
from stslib.errors import ArchiveError, ContentError
from stslib.forms.state import FormState
from stslib.model.blocks import FieldKind, FocusBlock, IndicatorBlock, PosterBlock
from stslib.model.instrument import Instrument
from stslib.model.session import Action, ActionState
from stslib.store import open_journal
from stslib.text import format_date, format_long_date, local_time, parse_typed_date

MOST_ACTIONS: Final = 12
"""How many actions of a kind are named; of more than these and one, the rest is counted."""

_TITLE = "Aanwezig op school: hier werken we samen aan"
_GOAL = ("school.f3.wat.doel", "hoofddoel")

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Planned:
    """An action that is still to be done, or that runs."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class Change:
    """The first and the last number of a scale, 0 to 10."""

    label: str
    first: int
    last: int


@dataclass(frozen=True)
class PinnedSentence:
    """A figure in one sentence, as an archive shows it; ``counted_on`` is a day as text."""

    text: str
    counted_on: str


@dataclass(frozen=True)
class PosterContent:
    """Everything that a poster says, as plain texts; empty where there is nothing."""

    school: str
    day: str
    since: str
    title: str
    group: str
    problem: str
    impact: str
    goal: str
    planned: tuple[Planned, ...]
    more_planned: int
    done: tuple[str, ...]
    more_done: int
    changes: tuple[Change, ...]
    texts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    """Label and text of the own texts, the long ones and those of one line."""
    demo: bool
    pinned: PinnedSentence | None = None
    """A figure as the archive tells it."""


def poster_state(data: Path, session_id: str) -> tuple[FormState, PosterBlock]:
    """The session on the instrument that asks for a poster, and the block that asks for it.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        ArchiveError: no instrument asks for a poster.
        ContentError: the instrument that does has faults.
    """
    instruments: list[Instrument] = []
    faults: list[ContentError] = []
    wording = load_wording(data)
    for identity in instrument_ids():
        try:
            instruments.append(load_instrument(identity, wording=wording))
        except ContentError as error:
            faults.append(error)
    for instrument in instruments:
        for block in instrument.blocks():
            if isinstance(block, PosterBlock):
                others = [one for one in instruments if one.id != instrument.id]
                return FormState(open_journal(data), session_id, instrument, others=others), block
    if faults:
        raise faults[0]
    raise ArchiveError("affiche", "Geen enkel instrument vraagt om een affiche.", "Kijk de inhoud na met: sts content check")


def poster_content(state: FormState, block: PosterBlock) -> PosterContent:
    """What the poster of this session says.

    Actions of conversations about one pupil or one teacher stay out: a poster hangs where everybody passes.

    Raises:
        ArchiveError: there is nothing to hang yet; says where to fill it in.
    """
    values = [(field, filled_in(field, state.value(block.id, field.id)).strip()) for field in block.fields]
    given = [(field, field.label if field.kind is FieldKind.TICK else text) for field, text in values if text]
    title_field = next((field for field in block.fields if field.kind is FieldKind.LINE), None)
    title = next((text for field, text in given if field == title_field), "")
    own = [(field, text) for field, text in given if field != title_field]
    focus = {name: text.strip() for name, text in (focus_of(state) or {}).items()}
    goal = typed(state, *_GOAL).strip()
    separate = separate_instruments(state)
    actions = [one for one in own_actions(state) if one.what.strip() and one.origin.split(".")[0] not in separate]
    planned = [one for one in actions if not one.ended]
    done = [shown(one.what).strip() for one in actions if one.state is ActionState.DONE]
    if not (given or goal or planned or done or any(focus.get(name) for name in ("group", "problem", "impact"))):
        raise ArchiveError(
            "affiche",
            "Er is nog niets om op te hangen: de affiche heeft geen focus, geen acties en geen eigen tekst.",
            f"Vul in '{state.instrument.title}' het onderdeel '{block.title}' in, of kies eerst een focus of plan een actie.",
        )
    meta, trajectory = state.meta(), state.trajectory
    day = parse_typed_date(meta.date) or local_time(state.session.created_at).date()
    now, more_planned = _most(planned)
    before, more_done = _most(done)
    return PosterContent(
        school=shown(trajectory.school),
        day=format_long_date(day),
        since=trajectory.school_year,
        title=title or _TITLE,
        group=focus.get("group", ""),
        problem=focus.get("problem", ""),
        impact=focus.get("impact", ""),
        goal=goal,
        planned=tuple(_planned(one) for one in now),
        more_planned=more_planned,
        done=tuple(before),
        more_done=more_done,
        changes=tuple(_changes(state)),
        texts=tuple((field.label, text) for field, text in own if field.kind is not FieldKind.LINE),
        lines=tuple((field.label, text) for field, text in own if field.kind is FieldKind.LINE),
        demo=trajectory.demo,
    )


def _most(rows: list[_Row]) -> tuple[list[_Row], int]:
    """The first of *rows*, and how many are left: one row that says "and one more" would be no shorter."""
    left = len(rows) - MOST_ACTIONS
    return (rows[:MOST_ACTIONS], left) if left > 1 else (rows, 0)


def _planned(action: Action) -> Planned:
    when = format_date(action.due) if action.due else shown(action.when).strip()
    return Planned(shown(action.what).strip(), shown(action.who).strip(), when)


def _changes(state: FormState) -> list[Change]:
    """First and last number of each scale of the instrument that has two."""
    found = []
    for section in state.instrument.sections():
        for scale in section.scales if state.applies(section) else ():
            scores = [*(before.scores.get(scale.id) for before in state.earlier()), state.score(scale.id)]
            numbers = [score for score in scores if isinstance(score, int)]
            if len(numbers) > 1:
                aspect = state.instrument.aspects.get(scale.aspect, scale.aspect)
                found.append(Change(f"{scale.label}, {aspect.lower()}" if aspect else scale.label, numbers[0], numbers[-1]))
    return found


def figure_places(state: FormState, block: PosterBlock) -> list[str]:
    """What a figure of the poster is pinned to, the fittest first: the poster, the indicator that is followed, the focus."""
    chosen = state.focus()
    return [
        block.id,
        *(one.id for one in state.instrument.blocks() if isinstance(one, IndicatorBlock)),
        *([chosen.id] if chosen else []),
        *(one.id for one in state.instrument.blocks() if isinstance(one, FocusBlock)),
    ]
