"""The days that an export covers: possible half days are counted over those, and over no others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

import polars as pl

from stslib.absences.calendar import class_days
from stslib.absences.reading.companions import warn
from stslib.model.absence import Period, SchoolYearCalendar, WeeklyGrid
from stslib.model.finding import Finding, Level
from stslib.text import format_date

SILENT_CLASS_DAYS = 10
"""An export that says nothing for so many class days at an edge of the school year ..."""
SILENT_ROWS = 50
"""... where its usual number of rows a day would have given at least so many rows, and ..."""
SILENT_ROWS_A_DAY = 3
"""... it has at least so many rows a day between its first and its last, does not cover that stretch."""


def covered_period(
    row_days: pl.Series,
    calendar: SchoolYearCalendar,
    grid: WeeklyGrid,
    free: tuple[Period, ...],
    today: date,
    place: str,
    findings: list[Finding],
) -> tuple[date, date]:
    """The days that possible half days are counted for.

    The school year up to *today*, unless the export evidently starts later or ends earlier: a school with many rows
    every day and then none for weeks did not export those weeks, and counting them as possible would make every rate
    too low.
    """
    first, last = calendar.first_day, min(calendar.last_day, max(today, calendar.first_day))
    if not len(row_days):
        return first, last
    first_row, last_row = (date.fromordinal(int(day)) for day in (row_days.min(), row_days.max()))  # type: ignore[arg-type]
    if last_row > last:
        last = last_row
        findings.append(
            Finding(
                level=Level.NOTE,
                place=place,
                fact=f"De export heeft rijen na vandaag, tot {format_date(last_row)}; die tellen mee.",
            )
        )
    open_days = [day for day in class_days(calendar, grid, free) if day <= last]
    start, end = bisect_left(open_days, first_row), bisect_right(open_days, last_row)
    usual = len(row_days) / max(end - start, 1)

    def is_silent(days: int) -> bool:
        return days >= SILENT_CLASS_DAYS and usual >= SILENT_ROWS_A_DAY and days * usual >= SILENT_ROWS

    covered = (first_row if is_silent(start) else first, last_row if is_silent(len(open_days) - end) else last)
    if covered != (first, last):
        findings.append(
            warn(
                place,
                f"De export loopt maar van {format_date(covered[0])} tot en met {format_date(covered[1])}; "
                "ook de mogelijke halve dagen zijn alleen voor die periode geteld.",
                "Breng een export van het hele schooljaar als dat niet de bedoeling is.",
            )
        )
    return covered
