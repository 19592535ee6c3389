"""The half days that the pupils of the made-up school miss: spells, seasons, weekdays, one wave of illness, a long tail.

The numbers are chosen so that the whole looks like a Flemish secondary school; they say nothing about any real one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stslib.demo.planted import plant
from stslib.demo.school import Pupil, School, SchoolClass, class_days
from stslib.model.absence import Half, SchoolYearCalendar

_SEASON = {9: 0.62, 10: 0.9, 11: 1.1, 12: 1.15, 1: 1.1, 2: 1.1, 3: 1.0, 4: 0.85, 5: 0.75, 6: 0.6}
_WEEKDAY_ILL = (1.28, 0.95, 0.86, 0.93, 1.12)
_WEEKDAY_TRUANT = (1.35, 0.8, 0.7, 0.9, 1.55)
_WEEKDAY_LATE = (1.75, 0.95, 0.85, 0.9, 1.0)
_STREAM_ILL = {"A": 0.88, "B": 1.15, "DO": 0.85, "DD": 1.0, "AB": 1.25}
_STREAM_TRUANT = {"A": 0.3, "B": 0.75, "DO": 0.35, "DD": 0.85, "AB": 1.9}
_STREAM_LATE = {"A": 0.7, "B": 1.1, "DO": 0.8, "DD": 1.0, "AB": 1.5}
_YEAR_ILL = {1: 0.85, 2: 0.95, 3: 1.0, 4: 1.08, 5: 1.1, 6: 1.15, 7: 1.15}

_FEASTS = frozenset({date(2025, 3, 31), date(2025, 6, 6), date(2026, 3, 20), date(2026, 5, 27)})
"""School days with a religious feast on which part of the pupils is absent by right."""

_WAVES = {"2024-2025": (date(2025, 2, 3), 1.1), "2025-2026": (date(2026, 1, 27), 2.3)}
"""School year -> peak of the illness wave and how much it adds at its peak."""


@dataclass(frozen=True)
class Mark:
    """One code that the secretariat noted for one half day of one pupil."""

    pupil: Pupil
    class_name: str
    day: date
    half: Half
    code: str


@dataclass(frozen=True)
class _Day:
    day: date
    place: int
    """Number of the class day, from 0."""
    illness: float
    truancy: float
    lateness: float

    @property
    def halves(self) -> tuple[Half, ...]:
        return (Half.MORNING,) if self.day.weekday() == 2 else (Half.MORNING, Half.AFTERNOON)


def mark_year(
    rng: random.Random, school: School, calendar: SchoolYearCalendar, *, until: date, besides: random.Random
) -> list[Mark]:
    """All marks of one school year up to and including *until* (the day of the export), by day, class and pupil.

    In the last fourteen days part of the absences is still ``-``: the reason has not come in yet.

    Args:
        rng: where the ordinary half days come from.
        school: its pupils and classes.
        calendar: of the school year.
        until: the day of the export.
        besides: where the chance of ``planted`` comes from.
    """
    days = [day for day in _days(calendar) if day.day <= until]
    noted: dict[str, dict[tuple[date, Half], str]] = {}
    there = [pupil for pupil in school.enrolled(calendar.school_year) if pupil.stays[calendar.school_year][0].first <= until]
    for pupil in there:
        stays = pupil.stays[calendar.school_year]
        mine = [day for day in days if any(stay.first <= day.day <= stay.last for stay in stays)]
        group = school.class_named(calendar.school_year, stays[0].class_name)
        noted[pupil.number] = _PupilYear(rng, pupil, group, mine).codes() if mine else {}
    plant(besides, school, calendar, noted, until)
    marks = []
    for pupil in there:
        stays = pupil.stays[calendar.school_year]
        for (day, half), code in noted[pupil.number].items():
            recent = calendar.last_day > until and day > until - timedelta(days=14)
            told = "-" if recent and code[0] in "ZB" and besides.random() < 0.55 else code
            class_name = next(stay.class_name for stay in stays if stay.first <= day <= stay.last)
            marks.append(Mark(pupil, class_name, day, half, told))
    marks.sort(key=lambda mark: (mark.day, mark.class_name, mark.pupil.surname, mark.pupil.number, mark.half == Half.AFTERNOON))
    return marks


def _days(calendar: SchoolYearCalendar) -> list[_Day]:
    """The class days with what makes illness, truancy and lateness more or less likely on each."""
    days = class_days(calendar)
    peak, height = _WAVES.get(calendar.school_year, (calendar.first_day, 0.0))
    result = []
    for place, day in enumerate(days):
        gap_before = (day - days[place - 1]).days if place else 99
        gap_after = (days[place + 1] - day).days if place + 1 < len(days) else 99
        edge = (1.5 if gap_after > 4 else 1.0) * (1.4 if 4 < gap_before < 90 else 1.0)
        wave = height * math.exp(-(((day - peak).days / 8.5) ** 2) / 2)
        season = _SEASON[day.month]
        result.append(
            _Day(
                day,
                place,
                season * _WEEKDAY_ILL[day.weekday()] * edge * (1 + wave),
                (0.75 + 0.5 * place / len(days)) * _WEEKDAY_TRUANT[day.weekday()] * edge,
                (1.25 if day.month in (11, 12, 1, 2) else 1.0) * _WEEKDAY_LATE[day.weekday()],
            )
        )
    return result


class _PupilYear:
    """The codes of one pupil in one school year; what is noted first stands."""

    def __init__(self, rng: random.Random, pupil: Pupil, group: SchoolClass, days: list[_Day]) -> None:
        self.rng = rng
        self.pupil = pupil
        self.group = group
        self.days = days
        self.noted: dict[tuple[date, Half], str] = {}

    def codes(self) -> dict[tuple[date, Half], str]:
        if self.pupil.pattern == "long_illness":
            self._long_illness()
        elif self.pupil.pattern == "refusal":
            self._refusal()
        if self.rng.random() < 0.07:
            for day in self.days:
                if day.day in _FEASTS:
                    self._whole_days([day], "R")
        self._illness()
        self._truancy()
        self._personal()
        self._lateness()
        return self.noted

    def _note(self, day: _Day, half: Half, code: str) -> None:
        if half in day.halves:
            self.noted.setdefault((day.day, half), code)

    def _whole_days(self, days: list[_Day], code: str) -> None:
        for day in days:
            for half in day.halves:
                self._note(day, half, code)

    def _long_illness(self) -> None:
        start = self.rng.randrange(max(1, len(self.days) - 30))
        away = self.days[start : start + self.rng.randrange(25, 75)]
        self._whole_days(away, "D")
        for day in self.days[start + len(away) : start + len(away) + 15]:
            self._note(day, Half.AFTERNOON, "D")

    def _refusal(self) -> None:
        """Mostly after a weekend or holiday, more and more, at first under notes, later without."""
        for index, day in enumerate(self.days):
            share = index / len(self.days)
            after_break = index > 0 and (day.day - self.days[index - 1].day).days > 2
            if self.rng.random() < (0.10 + 0.45 * share) * (1.0 if after_break else 0.13):
                length = 1 + int(self.rng.expovariate(1 / (0.6 + 2.2 * share)))
                chance = self.rng.random()
                code = "B" if chance < 0.25 * share else "D" if chance < 0.4 else "Z"
                self._whole_days(self.days[index : index + length], code)

    def _illness(self) -> None:
        rng = self.rng
        base = 0.0150 * self.pupil.illness * _STREAM_ILL[self.group.stream] * _YEAR_ILL[self.group.year]
        index = 0
        while index < len(self.days):
            if rng.random() >= base * self.days[index].illness:
                index += 1
                continue
            length = rng.choices((1, 2, 3, 4, 5, 7, 10), (44, 26, 13, 7, 6, 3, 1))[0]
            spell = self.days[index : index + length]
            code = "D" if length > 3 and rng.random() < 0.45 else "Z"
            if length <= 2 and rng.random() < 0.06:
                code = "B01"
            halves = [(day, half) for day in spell for half in day.halves]
            if len(halves) > 1 and rng.random() < 0.14:
                halves = halves[1:]
            if len(halves) > 1 and rng.random() < 0.10:
                halves = halves[:-1]
            for day, half in halves:
                self._note(day, half, code)
            index += length + 2

    def _truancy(self) -> None:
        rng = self.rng
        base = 0.0160 * self.pupil.truancy * _STREAM_TRUANT[self.group.stream]
        for index, day in enumerate(self.days):
            if rng.random() >= min(0.4, base * day.truancy):
                continue
            kind = rng.random()
            if kind < 0.6:
                late_in_week = day.day.weekday() in (3, 4)
                half = Half.AFTERNOON if rng.random() < (0.75 if late_in_week else 0.35) else Half.MORNING
                self._note(day, half if half in day.halves else Half.MORNING, "B")
            else:
                length = 1 if kind < 0.88 else rng.randrange(2, 5)
                self._whole_days(self.days[index : index + length], "B" if rng.random() < 0.8 else "B02")

    def _personal(self) -> None:
        rng = self.rng
        for index, day in enumerate(self.days):
            chance = rng.random()
            if chance < 0.0012:
                self._whole_days(self.days[index : index + rng.choice((1, 1, 2))], "P")
            elif chance < 0.0016:
                self._whole_days(self.days[index : index + rng.choice((1, 2, 3))], "R03")
            elif chance < 0.0022:
                self._note(day, rng.choice((Half.MORNING, Half.AFTERNOON)), "R")

    def _lateness(self) -> None:
        base = min(0.0135 * self.pupil.lateness * _STREAM_LATE[self.group.stream], 0.35)
        for day in self.days:
            if self.rng.random() < base * day.lateness:
                self._note(day, Half.MORNING, "L")
            elif self.rng.random() < base * 0.13:
                self._note(day, Half.AFTERNOON, "L")


def half_day_slots(marks: Sequence[Mark]) -> Iterator[tuple[tuple[Pupil, str, date], dict[Half, str]]]:
    """*marks* (sorted) by pupil and day, with the code of each half."""
    current: tuple[Pupil, str, date] | None = None
    codes: dict[Half, str] = {}
    for mark in marks:
        key = (mark.pupil, mark.class_name, mark.day)
        if current is not None and (key[0] is not current[0] or key[2] != current[2]):
            yield current, codes
            codes = {}
        current = key
        codes[mark.half] = mark.code
    if current is not None:
        yield current, codes
