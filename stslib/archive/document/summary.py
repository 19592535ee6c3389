"""A session on one A4 page: the focus, what was agreed, who does what by when, where the school stands, a few figures.

The page may never become two. So every text has a number of lines that it gets at most, the style sheet holds it to those
(``shape`` and ``archive.css`` share the millimetres below), and what there is no room for is counted and pointed at, never left
out in silence: everything stands in full further on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stslib.archive.document.agreed import STATES, Pins, decisions, focus_of, own_actions
from stslib.archive.document.measure import lines_of
from stslib.archive.document.plain import png, shown
from stslib.charts.radar import FEWEST_AXES, MOST_AXES, describe_radar
from stslib.charts.small_radar import draw_small_radar
from stslib.charts.style import to_png
from stslib.forms.state import FormState
from stslib.forms.trajectory import MISSING, signed
from stslib.model.instrument import Phase
from stslib.model.radar import Radar
from stslib.model.session import Action, ActionState

View = dict[str, Any]

# Millimetres on paper. archive.css holds the same heights, under "On one page"; it ends a text in an ellipsis where a browser
# needs more lines for it than were reckoned here.
_PAGE = 261.0
_LINE = 4.3
_TITLE, _HEADING, _KEY, _PADDING = 14.0, 7.3, 4.5, 1.4
_FOCUS_LINE, _FOCUS_EDGE = 4.5, 4.4
_PHASE_LINE, _PHASE_EDGE, _PHASE_PICTURE = 3.7, 6.0, 24.0
_PIN_LINE = 4.0
_PLACES = {
    "focus": (150.0, 9.5, 2),
    "decision": (84.0, 9.0, 3),
    "what": (78.0, 9.0, 2),
    "who": (37.0, 9.0, 3),
    "when": (19.5, 9.0, 2),
    "state": (28.0, 9.0, 3),
    "axis": (25.0, 7.0, 2),
    "pin": (53.0, 8.0, 6),
}
"""Per kind of text the width of a line on paper, the size of its letters, and how many lines it gets at most."""

_DPI = 170
_PHASES_BESIDE = 3
_FEWEST_DECISIONS, _MOST_DECISIONS = 2, 10
_MOST_PINS = 3
_ENOUGH_ACTIONS = 7


@dataclass(frozen=True)
class Shape:
    """How much each part of the page may take."""

    phases: int
    pin_lines: int
    decision_lines: int
    action_lines: int


_SHAPES = (Shape(6, 6, 3, 3), Shape(6, 4, 2, 2), Shape(3, 4, 2, 2))
"""From roomy to tight: the first that leaves room for enough actions is taken."""

_LONGEST = {"focus": 260, "decision": 150, "pin": 260, "action": 150, "who": 80, "when": 40}


class Summary:
    """Makes the view of the first page from what a session holds.

    Args:
        whole: the session with every instrument.
        states: the session on each instrument in use, in order.
        pins: the pinned figures; none is taken.
        today: the day of the session; what should have been done by then is late.
    """

    def __init__(self, whole: FormState, states: Sequence[FormState], pins: Pins, today: date) -> None:
        self._whole = whole
        self._states = states
        self._pins = pins
        self._today = today

    def view(self) -> View:
        """Everything on the page as plain data, shaped so that it fits."""
        focus, phases = self._focus(), self._phases()
        pins = [self._pin(pin) for pin in self._pins.told()]
        agreed = [self._decision(one) for one in decisions(self._states)]
        actions = own_actions(self._whole)
        running = [self._action(action) for action in sorted(actions, key=self._urgency) if not action.ended]
        for shape in _SHAPES:
            laid = _laid_out(shape, focus, agreed, running, phases, pins)
            if len(laid["actions"]) >= min(len(running), _ENOUGH_ACTIONS):
                break
        listed, told = len(laid["actions"]), len(laid["decisions"])
        return {
            **laid,
            "focus": focus,
            "more_decisions": len(agreed) - told,
            "more_actions": len(running) - listed,
            "more_unfinished": sum(bool(row["missing"]) for row in running[listed:]),
            "ended": [
                {"state": STATES[state], "count": count}
                for state in (ActionState.DONE, ActionState.STOPPED)
                if (count := sum(action.state is state for action in actions))
            ],
            "beside": min(len(phases), _PHASES_BESIDE),
            "targets": any(row["target"] for phase in phases for row in phase["rows"]),
            "earlier": any(row["change"] for phase in phases for row in phase["rows"]),
            "more_pins": len(pins) - len(laid["pins"]),
        }

    # -- texts -------------------------------------------------------------------------------------------------------------

    def _focus(self) -> list[View]:
        """Who, why and what the school can do, one line of the focus each; empty before a focus is chosen."""
        focus = focus_of(self._whole)
        if focus is None:
            return []
        asked = (
            ("Voor", "group", "doelgroep nog in te vullen"),
            ("Omdat", "problem", "wat er loopt, nog in te vullen"),
            ("Wij kunnen", "impact", "ruimte voor impact nog in te vullen"),
        )
        texts = [(label, _short(focus[name], "focus") or nothing) for label, name, nothing in asked]
        return [{"label": label, "text": text, "lines": _lines(text, "focus")} for label, text in texts]

    def _decision(self, decision: View) -> View:
        text = _short(decision["text"], "decision")
        return {**decision, "text": text, "lines": _lines(text, "decision")}

    def _pin(self, pin: View) -> View:
        title = _short(pin["title"], "pin")
        return {**pin, "title": title, "lines": _lines(title, "pin")}

    # -- actions -----------------------------------------------------------------------------------------------------------

    def _urgency(self, action: Action) -> tuple[bool, date, bool]:
        """What has a day comes by that day, so what is late stands first; then what runs; then the rest as it was written."""
        return (action.due is None, action.due or date.max, action.state is not ActionState.RUNNING)

    def _action(self, action: Action) -> View:
        missing = ", ".join(MISSING[name] for name in action.unfinished)
        late = action.overdue(self._today)
        state = f"niet af: {missing}" if missing else "over tijd" if late else STATES[action.state]
        row = {
            "what": _short(action.what, "action") or "Actie zonder omschrijving",
            "who": _short(action.who, "who") or "–",
            "when": _short(action.when, "when") or "–",
            "state": state,
        }
        lines = max(_lines(text, name) for name, text in row.items())
        return {**row, "missing": missing, "late": late, "lines": lines}

    # -- scores ------------------------------------------------------------------------------------------------------------

    def _phases(self) -> list[View]:
        """The phases that this session gave a number in, in the order of the instruments."""
        radars = [(state, phase, state.radar(phase)) for state in self._states for phase in state.instrument.phases]
        return [self._phase(state, phase, radar) for state, phase, radar in radars if _numbers(radar)]

    def _phase(self, state: FormState, phase: Phase, radar: Radar) -> View:
        drawn = FEWEST_AXES <= len(radar.axes) <= MOST_AXES
        rows = list(_rows(radar))[:MOST_AXES]
        high = max(_PHASE_PICTURE, _PHASE_LINE * sum(row["lines"] for row in rows))
        return {
            "name": phase.name if len(self._states) == 1 else f"{phase.name} · {state.instrument.short}",
            "png": png(to_png(draw_small_radar(radar), _DPI)) if drawn else "",
            "alt": describe_radar(radar),
            "rows": rows,
            "numbers": _numbers(radar),
            "height": high + _PHASE_EDGE,
        }


def _numbers(radar: Radar) -> int:
    """How many numbers this session gave."""
    return sum(value is not None for series in radar.series if series.current for value in series.values())


def _rows(radar: Radar) -> Iterator[View]:
    """One row per axis: its number, its score now (one per aspect), how it moved since the time before, and its target."""
    now = [series for series in radar.series if series.current]
    for place, label in enumerate(radar.axes):
        change = ""
        if len(now) == 1:
            numbers = [value for series in radar.series if (value := series.values()[place]) is not None]
            if len(numbers) > 1 and now[0].values()[place] is not None:
                change = signed(numbers[-1] - numbers[-2])
        target = radar.targets[place]
        yield {
            "number": place + 1,
            "label": label,
            "scores": " / ".join(_told(series.scores[place]) for series in now),
            "change": change,
            "target": "" if target is None else str(target),
            "lines": _lines(label, "axis"),
        }


def _told(score: Any) -> str:
    return str(score) if isinstance(score, int) else {"unknown": "?", "not_applicable": "n.v.t."}.get(score or "", "–")


# -- what fits -----------------------------------------------------------------------------------------------------------------


def _lines(text: str, kind: str) -> int:
    """How many lines *text* gets."""
    width, points, most = _PLACES[kind]
    return min(lines_of(text, width=width, points=points), most)


def _laid_out(
    shape: Shape, focus: list[View], agreed: list[View], running: list[View], phases: list[View], pins: list[View]
) -> View:
    """What stands on the page in a *shape*: actions take the room that the rest leaves, agreements what those leave."""
    agreed = [_sized(one, shape.decision_lines, _LINE, _LINE + _PADDING / 2) for one in agreed]
    running = [_sized(one, shape.action_lines, _LINE, _PADDING) for one in running]
    pins = [_sized(one, shape.pin_lines, _PIN_LINE, _PIN_LINE) for one in pins[:_MOST_PINS]]
    weightiest = sorted(phases, key=lambda phase: -phase["numbers"])[: shape.phases]
    phases, others = ([one for one in phases if (one in weightiest) is wanted] for wanted in (True, False))

    room = _PAGE - _TITLE - 3 * _HEADING - 2 * _LINE - _PADDING  # the heads of what is always there, and of the table
    room -= _FOCUS_EDGE + _FOCUS_LINE * sum(one["lines"] for one in focus) if focus else _LINE
    room -= _HEADING + _KEY + _height(phases, _PHASES_BESIDE)
    room -= _HEADING + _height(pins, _MOST_PINS) if pins else 0
    told = _fitting_decisions(agreed, room - _height(running[:_ENOUGH_ACTIONS], 1))
    room -= _height(told, 2) if told else _LINE
    return {
        "decisions": told,
        "actions": list(_fitting(running, room)),
        "phases": phases,
        "more_phases": [phase["name"] for phase in others],
        "pins": pins,
    }


def _sized(view: View, most: int, line: float, edge: float) -> View:
    lines = min(view["lines"], most)
    return {**view, "lines": lines, "height": lines * line + edge}


def _height(views: Sequence[View], across: int) -> float:
    """Of a grid that is *across* columns wide; each row is as high as its highest."""
    rows = (views[start : start + across] for start in range(0, len(views), across))
    return sum(max(float(view["height"]) for view in row) for row in rows)


def _fitting_decisions(agreed: list[View], room: float) -> list[View]:
    """The first agreements that fit in *room* millimetres, two beside one another; two always do."""
    fitting = (count for count in range(min(len(agreed), _MOST_DECISIONS), 0, -1) if _height(agreed[:count], 2) <= room)
    return agreed[: max(_FEWEST_DECISIONS, next(fitting, 0))]


def _fitting(rows: Iterable[View], room: float) -> Iterator[View]:
    for row in rows:
        room -= row["height"]
        if room < 0:
            return
        yield row


def _short(text: str, kind: str) -> str:
    """*text* on one line, cut between words where it is longer than its place; one long word is cut inside."""
    line, most = " ".join(shown(text).split()), _LONGEST[kind]
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    between = cut.rfind(" ")
    return f"{cut[:between] if between > most // 2 else cut}…"
