"""Actions and pinned figures as the archive shows them: with where they belong, and with what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from stslib.archive.document.counted import Counted
from stslib.archive.document.plain import filled_in, named, shown, typed, typed_day
from stslib.forms.state import Candidate, FormState
from stslib.forms.trajectory import MISSING
from stslib.model.blocks import Block, Field, FieldKind, FieldsBlock, FocusBlock, RowsBlock
from stslib.model.session import ACTION_TEXTS, Action, ActionState, Pin
from stslib.text import parse_typed_date

STATES = {
    ActionState.PLANNED: "gepland",
    ActionState.RUNNING: "bezig",
    ActionState.DONE: "gedaan",
    ActionState.STOPPED: "gestopt",
}

DECIDED = (
    "school.f3.wat.doel",
    "school.f3.wat.tussendoelen",
    "school.f3.evalueren.evaluatiemomenten",
    "school.f2.kiezen.focus",
    "school.f3.wie.afspraken",
    "leerkracht.verduurzamen.meer-leerlingen.opvolgmail",
    "ouders.leiding.situaties.leiding",
    "ouders.focus.kiezen.nu",
)
"""The blocks whose fields are an agreement in themselves, the weightiest first: what a summary tells beside the actions."""

View = dict[str, Any]


def action_view(state: FormState, action: Action) -> View:
    """One action: every text, its state and origin in words, and what it lacks before it can be followed up."""
    return {
        **{name: shown(getattr(action, name)) for name in ACTION_TEXTS},
        "state": STATES[action.state],
        "origin": named(state, action.origin) if action.origin else "",
        "instrument": instrument_of(state, action.origin),
        "agreed": "" if action.session == state.session.id else state.day_of(action.session),
        "missing": "" if action.ended else ", ".join(MISSING[name] for name in action.unfinished),
    }


def focus_of(state: FormState) -> View | None:
    """The focus that the trajectory has chosen, in four texts; None before one is."""
    chosen = state.focus()
    return focus_texts(state, chosen) if chosen else None


def focus_texts(state: FormState, candidate: Candidate) -> View:
    """One candidate for the focus: for which group, what goes on there, what the school can do, and why this one."""
    return {name: typed(state, candidate.id, name) for name in ("group", "problem", "impact", "reason")}


def decisions(states: Sequence[FormState]) -> list[View]:
    """What was agreed besides the actions, in the order of ``DECIDED``, from the instruments that a session uses.

    Returns:
        One row per field or row of a block: ``what`` (its label), ``text``, ``from`` (the day of the earlier session that it
        was taken over from, else empty) and ``instrument``. Of dated moments only those from this session's day on.
    """
    blocks = [(state, block) for state in states for block in state.instrument.blocks() if block.id in DECIDED]
    return [row for state, block in sorted(blocks, key=lambda one: DECIDED.index(one[1].id)) for row in _decided(state, block)]


def _decided(state: FormState, block: Block) -> Iterator[View]:
    if isinstance(block, FieldsBlock | FocusBlock):
        fields = block.fields if isinstance(block, FieldsBlock) else block.agreement
        for field in fields:
            text = filled_in(field, state.value(block.id, field.id))
            if text:
                yield _decision(state, field.label, text, (block.id, field.id))
    elif isinstance(block, RowsBlock):
        dated = next((column for column in block.columns if column.kind is FieldKind.DATE), None)
        for item in state.rows(block.id):
            text = _row(state, item, block.columns)
            if text and not (dated and _behind(state, state.text(item, dated.id))):
                label = block.columns[0].label if len(block.columns) == 1 else block.title
                yield _decision(state, label, text, (item, block.columns[0].id))


def _decision(state: FormState, what: str, text: str, key: tuple[str, str]) -> View:
    before = state.carried_entry(*key)
    day = state.day_of(before.session_id) if before else ""
    return {"what": what, "text": text, "from": day, "instrument": state.instrument.short}


def _row(state: FormState, item: str, columns: Sequence[Field]) -> str:
    """The cells of a row as one sentence: what it says, and who in brackets."""
    cells = {column.id: filled_in(column, state.value(item, column.id)) for column in columns}
    who = cells.pop("wie", "")
    told = " – ".join(filter(None, cells.values()))
    return f"{told} ({who})" if told and who else told or who


def _behind(state: FormState, text: str) -> bool:
    """Whether a day was already past at this session; what reads as no day is not."""
    day, today = parse_typed_date(text), parse_typed_date(state.label)
    return bool(day and today and day < today)


def own_actions(state: FormState, origin: str | None = None) -> list[Action]:
    """The actions of the trajectory, but for those that an earlier conversation about somebody else left."""
    separate = separate_instruments(state)
    return [
        action
        for action in state.actions(origin)
        if action.session == state.session.id or action.origin.split(".")[0] not in separate
    ]


def separate_instruments(state: FormState) -> set[str]:
    """Ids of the instruments that are about somebody else each time: one archive never shows two of those conversations."""
    return {instrument.id for instrument in state.instruments if instrument.separate}


def instrument_of(state: FormState, item: str) -> str:
    """The short name of the instrument that an id belongs to."""
    first = item.split(".")[0]
    return next((one.short for one in state.instruments if one.id == first), "")


class Pins:
    """The pinned figures of a trajectory; each is shown once, with the first thing that it was pinned to.

    Each is counted for the archive, as it was defined when it was pinned: see ``record.recordable``.
    """

    def __init__(self, state: FormState, counted: Counted) -> None:
        self._state = state
        self._counted = counted
        self._cards: dict[str, View | None] = {}
        self._left: dict[str, list[Pin]] = {}
        separate = separate_instruments(state)
        self._all = [pin for pin in state.pins() if pin.session == state.session.id or pin.origin.split(".")[0] not in separate]
        for pin in self._all:
            self._left.setdefault(pin.origin, []).append(pin)

    def told(self) -> list[View]:
        """Every pinned figure that tells something, the last pinned first, those of the focus before others.

        Returns:
            ``title`` and ``pinned_on`` of each; taking them for another part stays possible.
        """
        focus = self._state.focus()
        of_focus = [pin for pin in self._all if focus and pin.origin == focus.id]
        others = [pin for pin in self._all if pin not in of_focus]
        cards = (self._card(pin) for pin in (*reversed(of_focus), *reversed(others)))
        return [card for card in cards if card and card["rows"]]

    def take(self, origins: Iterable[str]) -> list[View]:
        """The figures that were pinned to any of these ids, but for those that were taken before."""
        return [self._view(pin) for origin in origins for pin in self._left.pop(origin, [])]

    def rest(self) -> list[View]:
        """The figures that nothing else in the archive could show."""
        return self.take(list(self._left))

    def _view(self, pin: Pin) -> View:
        """When and to what a figure was pinned, and its card; None for the card where it cannot be counted any more."""
        return {**self._place(pin), "card": self._card(pin)}

    def _card(self, pin: Pin) -> View | None:
        if pin.id not in self._cards:
            counted = self._counted.again(pin.definition)
            self._cards[pin.id] = {**counted, **self._place(pin)} if counted else None
        return self._cards[pin.id]

    def _place(self, pin: Pin) -> View:
        day = pin.shown.get("counted_on")
        return {
            "pinned_on": typed_day(day) if isinstance(day, str) else "",
            "pinned_to": pin.origin,
            "origin": named(self._state, pin.origin) if pin.origin else "",
        }


def belonging_to(actions: Iterable[Action], origins: Collection[str]) -> list[Action]:
    """The actions whose origin is one of these ids, or a row of one of them."""
    return [action for action in actions if action.origin in origins or action.origin.rpartition(".")[0] in origins]
