"""Every figure of the page under one choice of filters: counted beside the page, shown one by one as they come."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from stslib.apps.school_figures import beside
from stslib.content import calendars
from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.figures_page import FiguresPage
from stslib.model.absence import SchoolYearCalendar
from stslib.model.blocks import IndicatorBlock
from stslib.model.session import ActionState
from stslib.text import parse_typed_date

STRETCHES = (
    ("before-christmas", "tot de kerstvakantie"),
    ("christmas-easter", "van kerst- tot paasvakantie"),
    ("after-easter", "na de paasvakantie"),
)
"""Parts of a school year to choose from."""

PLAN = "start van het plan"
_LONGEST_MARK = 28

Marks = Sequence[tuple[date, str]]


class FiguresShown:
    """Answers ``figures``; a later choice of filters takes the place of an earlier one.

    Args:
        data: the data folder.
        state: the session: whose figures they are, and what was planned when.
        parts: the figures of each part of the page, in order.
    """

    def __init__(self, data: Path, state: FormState, parts: Mapping[str, Sequence[str]]) -> None:
        self._data = data
        self._state = state
        self._school = state.trajectory.school
        self._parts = parts
        self._round: object = None
        self._work = threading.Lock()
        self.form: FiguresPage | None = None

    def ask(self, content: dict[str, Any], _: str) -> None:
        """Count the figures for the filters that the page has now, those of the open part first."""
        asked = content.get("filter")
        self._round = number = content.get("round")
        beside(self._count, number, dict(asked) if isinstance(asked, dict) else {}, str(content.get("first")))

    def _count(self, number: object, asked: dict[str, Any], first: str) -> None:
        from stslib.figures import asked_cards

        refused, form = "", self.form
        if form is None:
            return
        with self._work:
            if number != self._round:
                return
            all_names = (name for part in self._parts.values() for name in part)
            names = list(dict.fromkeys([*self._parts.get(first, ()), *all_names]))
            try:
                marks = plan_marks(self._state, today=date.today())
                definitions = [defined(name, asked, marks) for name in names]
                told = [one for one, _ in definitions]
                cards = asked_cards(self._data, self._school, told, policy="room", today=date.today())
                for place, (name, card) in enumerate(zip(names, cards, strict=False)):
                    if number != self._round:
                        return
                    form.tell(
                        "card",
                        round=number,
                        figure=name,
                        card=card.model_dump(mode="json"),
                        ignores=list(definitions[place][1]),
                        share=(place + 1) / len(names),
                    )
            except StsError as error:
                refused = error.told
            form.tell("figures-done", round=number, refused=refused)


def defined(figure: str, asked: Mapping[str, Any], marks: Marks = ()) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The definition of *figure* under the filters of the page, and which of those it cannot follow, in Dutch.

    Args:
        figure: any of ``FIGURE_IDS``.
        asked: ``school_year``, ``status`` (``late`` among them), ``dimension`` with ``value``, ``stretch`` or ``first`` and
            ``last`` as typed; nothing given is everything.
        marks: days that something began, for the figures that draw them.

    Raises:
        DatasetError: a filter that cannot be read.
    """
    from stslib.figures.pins import BY_GROUP, BY_KIND, BY_PERIOD, BY_STATUS, KINDS, MOST_MARKS, WITH_MARKS, define

    given = {name: str(asked.get(name) or "") for name in ("school_year", "status", "dimension", "value", "first", "last")}
    status, (first, last) = given["status"], _days(given, str(asked.get("stretch") or ""))
    late = status == "late"
    ignored = [
        (bool(status) and figure not in (BY_KIND if late else BY_STATUS), "de soort afwezigheid"),
        (bool(given["value"]) and figure not in BY_GROUP, "de groep"),
        (bool(first or last) and figure not in BY_PERIOD, "de periode"),
    ]
    no_status, no_group, no_days = (left_out for left_out, _ in ignored)
    definition = define(
        figure,
        status=None if late or no_status else status or None,
        school_year=given["school_year"] or None,
        dimension="school" if no_group else given["dimension"] or "school",
        value="" if no_group else given["value"],
        first=None if no_days else first or None,
        last=None if no_days else last or None,
        kind=KINDS[late and not no_status],
        marks=_within(marks, given["school_year"])[-MOST_MARKS:] if figure in WITH_MARKS else (),
    )
    return definition, tuple(name for left_out, name in ignored if left_out)


def _calendar(school_year: str) -> SchoolYearCalendar | None:
    return next((one for one in calendars() if one.school_year == school_year), None)


def _within(marks: Marks, school_year: str) -> Marks:
    """The marks of one school year; all of them where that is not known."""
    calendar = _calendar(school_year)
    return [mark for mark in marks if calendar is None or calendar.first_day <= mark[0] <= calendar.last_day]


def _days(given: Mapping[str, str], stretch: str) -> tuple[str, str]:
    """First and last day that are asked, as ISO or as typed; empty for no limit."""
    calendar = _calendar(given["school_year"])
    if stretch not in dict(STRETCHES) or calendar is None:
        return given["first"], given["last"]
    first, last = stretch_of(calendar, stretch)
    return first.isoformat(), last.isoformat()


def stretch_of(calendar: SchoolYearCalendar, stretch: str) -> tuple[date, date]:
    """The first and the last day of one of ``STRETCHES``: the two longest holidays cut the year in three."""
    by_length = sorted(calendar.holidays, key=lambda one: (one.first - one.last, one.first))
    christmas, easter = sorted(by_length[:2], key=lambda one: one.first)
    return {
        "before-christmas": (calendar.first_day, christmas.first - timedelta(days=1)),
        "christmas-easter": (christmas.last + timedelta(days=1), easter.first - timedelta(days=1)),
        "after-easter": (easter.last + timedelta(days=1), calendar.last_day),
    }[stretch]


def plan_marks(state: FormState, *, today: date) -> list[tuple[date, str]]:
    """When the plan began and for when each action was agreed, as far as that is past: marks in the figures over time."""
    marks = {(day, PLAN) for day in _plan_days(state)}
    for action in state.actions():
        if action.due is not None and action.due <= today and action.state is not ActionState.STOPPED and action.what.strip():
            what = " ".join(action.what.split())
            marks.add((action.due, what if len(what) <= _LONGEST_MARK else f"{what[: _LONGEST_MARK - 1].rstrip()}…"))
    return sorted(marks)


def _plan_days(state: FormState) -> Iterable[date]:
    blocks = [block for one in state.instruments for block in one.blocks() if isinstance(block, IndicatorBlock)]
    days = (parse_typed_date(state.text(block.id, "since")) for block in blocks)
    return [day for day in days if day is not None]
