"""A session on one A4 page: the focus, what was agreed, who does what by when, where the school stands, a few figures.

The page may never become two. So every text has a number of lines that it gets at most, the style sheet holds it to those
(``shape`` and ``archive.css`` share the millimetres below), and what there is no room for is counted and pointed at, never left
out in silence: everything stands in full further on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from stslib.archive.agreed import STATES, Pins, decisions, focus_of, own_actions
from stslib.archive.measure import lines_of
from stslib.archive.plain import png, shown
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
_PAGE = 260.0
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
    "axis": (24.5, 7.0, 2),
    "pin": (53.0, 8.0, 6),
}
"""Per kind of text the width of a line on paper, the size of its letters, and how many lines it gets at most."""

_DPI = 240
_MOST_PHASES = 6
_PHASES_BESIDE = 3
_FEWEST_DECISIONS, _MOST_DECISIONS = 2, 10
_MOST_PINS = 3
_ENOUGH_ACTIONS = 9
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
        shown_phases, shown_pins = phases[:_MOST_PHASES], pins[:_MOST_PINS]
        actions = own_actions(self._whole)
        running = [self._action(action) for action in sorted(actions, key=self._urgency) if not action.ended]
        agreed = [self._decision(one) for one in decisions(self._states)]

        room = _PAGE - _TITLE - 3 * _HEADING - 2 * _LINE - _PADDING  # the heads of what is always there, and of the table
        room -= _heights(focus) if focus else _LINE
        room -= _HEADING + _KEY + sum(max(view["height"] for view in row) for row in _beside(shown_phases, _PHASES_BESIDE))
        room -= _HEADING + max(view["height"] for view in shown_pins) if shown_pins else 0
        urgent = sum(row["height"] for row in running[:_ENOUGH_ACTIONS])
        told = _fitting_decisions(agreed, room - urgent)
        room -= sum(max(view["height"] for view in row) for row in _beside(told, 2)) if told else _LINE
        listed = list(_fitting(running, room))
        return {
            "focus": focus,
            "decisions": told,
            "more_decisions": len(agreed) - len(told),
            "actions": listed,
            "more_actions": len(running) - len(listed),
            "more_unfinished": sum(bool(row["missing"]) for row in running[len(listed) :]),
            "ended": [
                {"state": STATES[state], "count": count}
                for state in (ActionState.DONE, ActionState.STOPPED)
                if (count := sum(action.state is state for action in actions))
            ],
            "phases": shown_phases,
            "beside": min(len(phases), _PHASES_BESIDE),
            "more_phases": [phase["name"] for phase in phases[_MOST_PHASES:]],
            "targets": any(row["target"] for phase in phases for row in phase["rows"]),
            "earlier": any(row["change"] for phase in phases for row in phase["rows"]),
            "pins": shown_pins,
            "more_pins": len(pins) - len(shown_pins),
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
        lines = _lines(text, "decision")
        return {**decision, "text": text, "lines": lines, "height": (1 + lines) * _LINE + _PADDING / 2}

    def _pin(self, pin: View) -> View:
        title = _short(pin["title"], "pin")
        lines = _lines(title, "pin")
        return {**pin, "title": title, "lines": lines, "height": (1 + lines) * _PIN_LINE}

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
        return {**row, "missing": missing, "late": late, "lines": lines, "height": lines * _LINE + _PADDING}

    # -- scores ------------------------------------------------------------------------------------------------------------

    def _phases(self) -> list[View]:
        """The phases that this session gave a number in; where there are too many, those with most numbers come first."""
        found = []
        for state in self._states:
            for phase in state.instrument.phases:
                radar = state.radar(phase)
                numbers = sum(value is not None for series in radar.series if series.current for value in series.values())
                if numbers:
                    found.append((numbers, self._phase(state, phase, radar)))
        if len(found) > _MOST_PHASES:
            found.sort(key=lambda one: -one[0])
        return [view for _, view in found]

    def _phase(self, state: FormState, phase: Phase, radar: Radar) -> View:
        drawn = FEWEST_AXES <= len(radar.axes) <= MOST_AXES
        rows = list(_rows(radar))[:MOST_AXES]
        high = max(_PHASE_PICTURE, _PHASE_LINE * sum(row["lines"] for row in rows))
        return {
            "name": phase.name if len(self._states) == 1 else f"{phase.name} · {state.instrument.short}",
            "png": png(to_png(draw_small_radar(radar), _DPI)) if drawn else "",
            "alt": describe_radar(radar),
            "rows": rows,
            "left": len(radar.axes) - len(rows),
            "height": high + _PHASE_EDGE,
        }


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


def _heights(focus: Sequence[View]) -> float:
    return _FOCUS_EDGE + _FOCUS_LINE * sum(int(row["lines"]) for row in focus)


def _beside(views: Sequence[View], across: int) -> list[Sequence[View]]:
    return [views[start : start + across] for start in range(0, len(views), across)]


def _fitting_decisions(agreed: list[View], room: float) -> list[View]:
    """The first agreements that fit in *room* millimetres, two beside one another; two always do."""
    told = agreed[:_FEWEST_DECISIONS]
    for row in _beside(agreed[:_MOST_DECISIONS], 2)[1:]:
        taken = sum(max(view["height"] for view in before) for before in _beside(told, 2))
        if taken + max(view["height"] for view in row) > room:
            break
        told = [*told, *row]
    return told


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
