"""How the periods that are asked for cut a school year: into segments, each between two days that one begins or ends on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stslib.absences.calendar import slots
from stslib.absences.disclosure.times import DAY, SEGMENT

if TYPE_CHECKING:
    from stslib.absences.tables import SchoolYearFacts

Period = tuple[date, date]
"""First and last day, both inclusive."""


class Segments:
    """The segments of every school year.

    Args:
        facts: the school years; only days that they cover are cut.
        periods: what will be asked for. A period over all days that are covered, or over none, cuts nothing.
    """

    def __init__(self, facts: Sequence[SchoolYearFacts], periods: Sequence[Period]) -> None:
        self._facts = facts
        self._periods = tuple(periods)
        self._cuts = sorted({day for first, last in periods for day in (first, last + timedelta(days=1))})
        self._days: dict[str, dict[date, tuple[int, int]]] = {}
        self._of: dict[str, list[Period]] = {}

    def cut(self) -> dict[str, list[frozenset[int]]]:
        """The school years of more than one segment, each with the periods and the rests of several segments in it."""
        years = dict.fromkeys(year.school_year for year in self._facts) if self._cuts else ()
        return {year: self._spans(year) for year in years if len(self.of(year)) > 1}

    def _spans(self, school_year: str) -> list[frozenset[int]]:
        segments = self.of(school_year)
        found: dict[frozenset[int], None] = {}
        for first, last in self._periods:
            inside = frozenset(number for number, (start, end) in enumerate(segments) if first <= start and end <= last)
            found |= dict.fromkeys([inside, frozenset(range(len(segments))) - inside])
        return [span for span in found if 1 < len(span) < len(segments)]

    def of(self, school_year: str) -> list[Period]:
        """First and last class day of every segment, in order; none where no class day is covered."""
        if school_year not in self._of:
            days = list(self._class_days(school_year))
            starts = sorted({0, *(bisect_left(days, cut) for cut in self._cuts)} - {len(days)})
            ends = [*(start - 1 for start in starts[1:]), len(days) - 1]
            self._of[school_year] = [(days[start], days[end]) for start, end in zip(starts, ends, strict=True)]
        return self._of[school_year]

    def part(self, school_year: str, period: Period | None) -> list[tuple[str, Sequence[Any]]] | None:
        """Which times of a school year a *period* counts, as columns and values; none: all; None: there are none of it."""
        days = self._class_days(school_year)
        if period is None or not days:
            return []
        inside = {day: place for day, place in days.items() if period[0] <= day <= period[1]}
        if not inside:
            return None
        if len(inside) == len(days):
            return []
        whole = [
            number for number, (first, last) in enumerate(self.of(school_year)) if period[0] <= first and last <= period[1]
        ]
        covered = sum(
            first <= day <= last for first, last in (self.of(school_year)[number] for number in whole) for day in days
        )
        return [(SEGMENT, whole)] if covered == len(inside) else [(DAY, list(inside.values()))]

    def _class_days(self, school_year: str) -> dict[date, tuple[int, int]]:
        """The class days that are covered, in order, with week and weekday."""
        if school_year not in self._days:
            found = {
                slot.date: (slot.week, slot.weekday)
                for year in self._facts
                if year.school_year == school_year
                for slot in slots(year.calendar, year.grid, year.free_days)
                if slot.possible and year.first <= slot.date <= year.last
            }
            self._days[school_year] = dict(sorted(found.items()))
        return self._days[school_year]
