"""Possible half days: every day and half of a school year, with every number that is derived from a date.

No engine computes a week or a weekday of its own: they all join this table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from stslib.errors import DatasetError
from stslib.model.absence import Half, Period, SchoolYearCalendar, WeeklyGrid

_SCHOOL_YEAR = re.compile(r"^(\d{4})-(\d{4})$")

WEEKEND = "weekend"
HOLIDAY = "holiday"
NO_LESSON = "geen lestijd"

_EPOCH = date(1970, 1, 1).toordinal()

CALENDAR_COLUMNS = (
    "school_year", "date", "day_number", "half", "weekday", "week", "month", "school_week", "school_day", "slot", "before",
    "after",
)  # fmt: skip
"""What every table of possible half days holds."""


class HalfDaySlot(NamedTuple):
    """One half of one day; ``week`` is the ISO week, ``weekday`` 1 for Monday, ``why_not`` says why it is no school time."""

    school_year: str
    date: date
    day_number: int
    """Days since 1 January 1970: what engines compare and subtract."""
    half: str
    weekday: int
    week: int
    month: int
    school_week: int
    """Weeks since the week of the first day, from 1: puts ISO week 36 before week 1."""
    school_day: int
    """Which class day of the school year it is, from 1; 0 when it is none."""
    slot: int
    """Which possible half day of the school year it is, from 1; 0 when it is none."""
    before: str
    """``weekend`` or ``holiday`` when the class day is the last one before it, else empty; a loose free day is a holiday."""
    after: str
    """The same for the first class day after it."""
    possible: bool
    why_not: str | None


def check_school_year(school_year: str) -> str:
    """*school_year* itself when it reads as ``2025-2026``.

    Raises:
        DatasetError: when it does not.
    """
    match = _SCHOOL_YEAR.match(school_year)
    if match is None or int(match[2]) != int(match[1]) + 1 or not 2000 <= int(match[1]) <= 2100:
        raise DatasetError(
            "schooljaar",
            "Dit schooljaar is niet leesbaar.",
            "Schrijf het als twee opeenvolgende jaren met een streepje ertussen, bijvoorbeeld 2025-2026.",
        )
    return school_year


def next_school_year(school_year: str) -> str:
    """``2025-2026`` -> ``2026-2027``."""
    start = int(check_school_year(school_year)[:4]) + 1
    return f"{start}-{start + 1}"


def default_keep_until(school_year: str) -> date:
    """31 August of the next school year."""
    return date(int(check_school_year(school_year)[5:]) + 1, 8, 31)


def day_number(day: date) -> int:
    """Days since 1 January 1970: a date as a number that every engine subtracts and compares in the same way."""
    return day.toordinal() - _EPOCH


@lru_cache(maxsize=32)
def slots(
    calendar: SchoolYearCalendar, grid: WeeklyGrid | None = None, free_days: tuple[Period, ...] = ()
) -> tuple[HalfDaySlot, ...]:
    """Every half of every day from the first to the last day of the school year, in order.

    Args:
        calendar: the school year with its holidays.
        grid: which halves are school time; None is the usual week without Wednesday afternoon.
        free_days: the school's own free days.

    Returns:
        Two slots a day, weekends and holidays included with ``possible`` False and the reason.
    """
    halves = (grid or WeeklyGrid()).days()
    closed: dict[date, str] = {}
    for period in (*free_days, *calendar.holidays):
        day = max(period.first, calendar.first_day)
        while day <= min(period.last, calendar.last_day):
            closed[day] = period.name
            day += timedelta(days=1)
    monday = calendar.first_day - timedelta(days=calendar.first_day.weekday())
    span = [calendar.first_day + timedelta(days=n) for n in range((calendar.last_day - calendar.first_day).days + 1)]
    open_halves: dict[date, tuple[Half, ...]] = {
        day: () if day.weekday() > 4 or day in closed else halves[day.weekday()] for day in span
    }
    edges = _edges([day for day in span if open_halves[day]])
    result: list[HalfDaySlot] = []
    school_day = number = 0
    for day in span:
        weekday = day.weekday()
        school_day += bool(open_halves[day])
        reason = WEEKEND if weekday > 4 else closed.get(day, NO_LESSON)
        before, after = edges.get(day, ("", ""))
        for half in Half:
            possible = half in open_halves[day]
            number += possible
            result.append(
                HalfDaySlot(
                    school_year=calendar.school_year,
                    date=day,
                    day_number=day_number(day),
                    half=half.value,
                    weekday=weekday + 1,
                    week=day.isocalendar().week,
                    month=day.month,
                    school_week=(day - monday).days // 7 + 1,
                    school_day=school_day if open_halves[day] else 0,
                    slot=number if possible else 0,
                    before=before,
                    after=after,
                    possible=possible,
                    why_not=None if possible else reason,
                )
            )
    return tuple(result)


def _edges(days: Sequence[date]) -> dict[date, tuple[str, str]]:
    """Class day -> what it is the last one before, and the first one after: a weekend, a longer break, or nothing."""
    kinds: list[str] = []
    for day, following in pairwise(days):
        between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
        weekend = all(one.weekday() > 4 for one in between)
        kinds.append("" if not between else WEEKEND if weekend else HOLIDAY)
    return {day: (before, after) for day, before, after in zip(days, [*kinds, HOLIDAY], [HOLIDAY, *kinds], strict=True)}


def count_possible(
    calendar: SchoolYearCalendar,
    first: date | None = None,
    last: date | None = None,
    grid: WeeklyGrid | None = None,
    free_days: tuple[Period, ...] = (),
) -> int:
    """Possible half days from *first* to *last*, both inclusive; None is the edge of the school year."""
    return sum(
        slot.possible and (first is None or slot.date >= first) and (last is None or slot.date <= last)
        for slot in slots(calendar, grid, free_days)
    )


def class_days(calendar: SchoolYearCalendar, grid: WeeklyGrid | None = None, free_days: tuple[Period, ...] = ()) -> list[date]:
    """The days with at least one half of school time, in order."""
    return sorted({slot.date for slot in slots(calendar, grid, free_days) if slot.possible})
