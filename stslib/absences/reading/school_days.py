"""The halves of a school year, by number: how many possible ones there are before any moment, and why a day has none."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from stslib.absences.calendar import WEEKEND, slots
from stslib.absences.reading.coded import NUMBER
from stslib.model.absence import Period, SchoolYearCalendar, WeeklyGrid


class SchoolDays:
    """Every half from the first to the last day of one school year; days are ordinals, halves 0 and 1."""

    def __init__(self, calendar: SchoolYearCalendar, grid: WeeklyGrid, free_days: tuple[Period, ...]) -> None:
        self.first, self.last = calendar.first_day.toordinal(), calendar.last_day.toordinal()
        self.start_year = calendar.first_day.year
        self._slots = slots(calendar, grid, free_days)
        self._of_day = {
            morning.date.toordinal(): (morning.possible, afternoon.possible, morning.why_not or afternoon.why_not)
            for morning, afternoon in zip(self._slots[::2], self._slots[1::2], strict=True)
        }

    @property
    def span(self) -> int:
        """Days of the school year."""
        return self.last - self.first + 1

    def problem(self, day: int) -> int:
        """Why there can be no absence on *day*; 0 when there can."""
        if not day:
            return NUMBER["date_unreadable"]
        known = self._of_day.get(day)
        if known is None:
            return NUMBER["outside_year"]
        if known[0] or known[1]:
            return 0
        return NUMBER["weekend" if known[2] == WEEKEND else "holiday"]

    def is_open(self, day: int, half: int) -> bool:
        """Whether this half is school time."""
        known = self._of_day.get(day)
        return known is not None and bool(known[half])

    @cached_property
    def closed(self) -> pl.Series:
        """Day * 2 + half of every half without lessons."""
        numbers = [day * 2 + half for day, halves in self._of_day.items() for half in (0, 1) if not halves[half]]
        return pl.Series(numbers, dtype=pl.Int32)

    @cached_property
    def possible(self) -> pl.DataFrame:
        """Day and half of every possible half day, in order."""
        found = [(slot.date.toordinal(), int(slot.half == "NM")) for slot in self._slots if slot.possible]
        return pl.DataFrame(found, schema={"day": pl.Int32, "half": pl.Int32}, orient="row")

    @cached_property
    def before(self) -> pl.DataFrame:
        """For each moment between halves, from 0: ``possible``, ``holiday`` and ``no_lesson`` halves before it.

        The last two are on weekdays: a holiday or a free day, and a half without lessons on a day that has some.
        """
        rows = [(0, 0, 0)]
        for slot in self._slots:
            day_open = any(self._of_day[slot.date.toordinal()][:2])
            possible, holiday, no_lesson = rows[-1]
            weekday = slot.weekday < 6
            rows.append(
                (
                    possible + slot.possible,
                    holiday + (weekday and not day_open),
                    no_lesson + (weekday and day_open and not slot.possible),
                )
            )
        return pl.DataFrame(rows, schema=dict.fromkeys(("possible", "holiday", "no_lesson"), pl.Int32), orient="row")

    def moment(self, day: str, half: str | int) -> pl.Expr:
        """The place in ``before`` of the start of a half, clipped to the school year."""
        column = pl.col(half) if isinstance(half, str) else pl.lit(half)
        return ((pl.col(day) - self.first) * 2 + column).clip(0, 2 * self.span)
