"""Possible half days: every day and half of a school year, with every number that is derived from a date.

No engine computes a week or a weekday of its own: they all join this table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from stslib.errors import DatasetError
from stslib.model.absence import Half, Period, SchoolYearCalendar, WeeklyGrid

_SCHOOL_YEAR = re.compile(r"^(\d{4})-(\d{4})$")

WEEKEND = "weekend"
NO_LESSON = "geen lestijd"


class HalfDaySlot(NamedTuple):
    """One half of one day; ``week`` is the ISO week, ``weekday`` 1 for Monday, ``why_not`` says why it is no school time."""

    school_year: str
    date: date
    half: str
    weekday: int
    week: int
    month: int
    school_week: int
    """Weeks since the week of the first day, from 1: puts ISO week 36 before week 1."""
    school_day: int
    """Which class day of the school year it is, from 1; 0 when it is none."""
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
    result: list[HalfDaySlot] = []
    school_day = 0
    day = calendar.first_day
    while day <= calendar.last_day:
        weekday = day.weekday()
        open_halves: tuple[Half, ...] = () if weekday > 4 or day in closed else halves[weekday]
        school_day += bool(open_halves)
        reason = WEEKEND if weekday > 4 else closed.get(day, NO_LESSON)
        for half in Half:
            possible = half in open_halves
            result.append(
                HalfDaySlot(
                    school_year=calendar.school_year,
                    date=day,
                    half=half.value,
                    weekday=weekday + 1,
                    week=day.isocalendar().week,
                    month=day.month,
                    school_week=(day - monday).days // 7 + 1,
                    school_day=school_day if open_halves else 0,
                    possible=possible,
                    why_not=None if possible else reason,
                )
            )
        day += timedelta(days=1)
    return tuple(result)


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


def calendar_columns(
    calendars: Sequence[tuple[SchoolYearCalendar, WeeklyGrid | None, tuple[Period, ...]]],
) -> dict[str, list[object]]:
    """The possible slots of several school years as columns, ready for any engine."""
    rows = [slot for calendar, grid, free in calendars for slot in slots(calendar, grid, free) if slot.possible]
    names = ("school_year", "date", "half", "weekday", "week", "month", "school_week", "school_day")
    return {name: [getattr(slot, name) for slot in rows] for name in names}
