"""Actions and pinned figures as the archive shows them: with where they belong, and with what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from stslib.archive.counted import Counted
from stslib.archive.plain import named, plain, shown, texts, typed_day
from stslib.archive.record import may_leave_the_room
from stslib.forms.state import FormState
from stslib.forms.trajectory import MISSING
from stslib.model.session import ACTION_TEXTS, Action, ActionState, Pin

STATES = {
    ActionState.PLANNED: "gepland",
    ActionState.RUNNING: "bezig",
    ActionState.DONE: "gedaan",
    ActionState.STOPPED: "gestopt",
}

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
    """The pinned figures of a trajectory; each is shown once, with the first thing that it was pinned to."""

    def __init__(self, state: FormState, counted: Counted) -> None:
        self._state = state
        self._counted = counted
        self._left: dict[str, list[Pin]] = {}
        separate = separate_instruments(state)
        for pin in state.pins():
            if pin.session == state.session.id or pin.origin.split(".")[0] not in separate:
                self._left.setdefault(pin.origin, []).append(pin)

    def take(self, origins: Iterable[str]) -> list[View]:
        """The figures that were pinned to any of these ids, but for those that were taken before."""
        return [self._view(pin) for origin in origins for pin in self._left.pop(origin, [])]

    def rest(self) -> list[View]:
        """The figures that nothing else in the archive could show."""
        return self.take(list(self._left))

    def _view(self, pin: Pin) -> View:
        """One pinned figure with its value of that day; counted again where that value was for the room only."""
        may_show = may_leave_the_room(pin.shown)
        counted, rows = pin.shown.get("counted_on"), pin.shown.get("rows")
        return {
            "title": plain(pin.shown.get("title") or "") if may_show else "",
            "columns": texts(pin.shown.get("columns")) if may_show else [],
            "rows": [texts(row) for row in rows] if may_show and isinstance(rows, list) else [],
            "counted_on": typed_day(counted) if isinstance(counted, str) else "",
            "origin": named(self._state, pin.origin) if pin.origin else "",
            "withheld": not may_show,
            "card": None if may_show else self._counted.again(pin.definition),
        }


def belonging_to(actions: Iterable[Action], origins: Collection[str]) -> list[Action]:
    """The actions whose origin is one of these ids, or a row of one of them."""
    return [action for action in actions if action.origin in origins or action.origin.rpartition(".")[0] in origins]
