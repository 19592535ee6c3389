"""What happens in the made-up school besides chance, so that the figures have something to find.

A plan that works, one class that is ill more often, and a handful of pupils with a pattern of their own. All of it comes from
a source of chance of its own: the ordinary half days stay the same whatever is planted here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from stslib.demo.school import Pupil, School, class_days
from stslib.model.absence import Half, SchoolYearCalendar

Noted = dict[tuple[date, Half], str]
"""The codes of one pupil in one school year."""

_Plant = Callable[[Noted], None]

SCHOOL_YEAR = "2025-2026"
"""The year in which all of this happens."""

PLAN_STREAM = "AB"
PLAN_FROM, PLAN_WHOLE = date(2025, 11, 10), date(2025, 12, 8)
_MONDAY, _OTHER_DAYS = 0.38, 0.62
"""What the plan that the school makes in its trajectory does to coming late in one finality, growing between the two days: the
part that is left of a Monday, and of another day. All the rest of the school is as before."""

OFTEN_ILL = "4AB3"
_OFTEN_ILL_FROM = date(2025, 11, 3)
"""A class whose pupils all stay at home with a note some days more than others, from then on."""

_ORDINARY = (3, 10)
"""Half days that a pupil who gets a pattern has at least and at most before it: in all the rest somebody like the others."""

_RECENT_WEEKS = 4
"""School weeks that something grows in, the last ones before the export."""


def plant(rng: random.Random, school: School, calendar: SchoolYearCalendar, noted: dict[str, Noted], until: date) -> None:
    """Change the codes of *noted* (number of a pupil -> codes), for the year that this is about; other years stay.

    Args:
        rng: where its chance comes from.
        school: who sits where.
        calendar: of the school year of *noted*.
        noted: codes up to and including *until*.
        until: the day of the export.
    """
    if calendar.school_year != SCHOOL_YEAR:
        return
    days = [day for day in class_days(calendar) if day <= until]
    pupils = school.enrolled(calendar.school_year)
    _let_the_plan_work(rng, school, pupils, noted)
    _make_a_class_ill(rng, pupils, days, noted)
    for pattern, pupil in zip(_patterns(rng, days), _ordinary(rng, school, pupils, noted, calendar), strict=False):
        pattern(noted[pupil.number])


def brought_along(rng: random.Random, school: School, calendar: SchoolYearCalendar) -> dict[str, int]:
    """Half days B that some of the pupils who came later brought along from another school: number of the pupil -> count."""
    if calendar.school_year != SCHOOL_YEAR:
        return {}
    came_later = [one for one in school.enrolled(SCHOOL_YEAR) if one.stays[SCHOOL_YEAR][0].first > calendar.first_day]
    return {one.number: rng.choice((1, 2, 2, 3, 4, 6, 9, 14)) for one in came_later if rng.random() < 0.45}


def _let_the_plan_work(rng: random.Random, school: School, pupils: list[Pupil], noted: dict[str, Noted]) -> None:
    for pupil in pupils:
        if school.class_named(SCHOOL_YEAR, pupil.stays[SCHOOL_YEAR][0].class_name).stream != PLAN_STREAM:
            continue
        codes = noted[pupil.number]
        for (day, half), code in list(codes.items()):
            if code == "L" and rng.random() >= _left_of_it(day):
                del codes[day, half]


def _left_of_it(day: date) -> float:
    """What is left of the chance to come late once the plan runs; 1 before."""
    if day < PLAN_FROM:
        return 1.0
    grown = min(1.0, (1 + (day - PLAN_FROM).days // 7) / (1 + (PLAN_WHOLE - PLAN_FROM).days // 7))
    return 1.0 - grown * (1.0 - (_MONDAY if day.weekday() == 0 else _OTHER_DAYS))


def _make_a_class_ill(rng: random.Random, pupils: list[Pupil], days: list[date], noted: dict[str, Noted]) -> None:
    later = [day for day in days if day >= _OFTEN_ILL_FROM]
    for pupil in pupils:
        stays = pupil.stays[SCHOOL_YEAR]
        if any(stay.class_name != OFTEN_ILL for stay in stays):
            continue
        there = [day for day in later if stays[0].first <= day <= stays[-1].last]
        for day in rng.sample(there, min(rng.randint(6, 11), len(there))):
            _whole_day(noted[pupil.number], day, "Z")


# -- pupils with a pattern ----------------------------------------------------------------------------------------------------


def _ordinary(
    rng: random.Random, school: School, pupils: list[Pupil], noted: dict[str, Noted], calendar: SchoolYearCalendar
) -> Iterator[Pupil]:
    """Pupils to give a pattern, drawn one by one: there all year, not in what the plan or the class above is about."""
    found = [
        pupil
        for pupil in pupils
        if len(pupil.stays[SCHOOL_YEAR]) == 1
        and (pupil.stays[SCHOOL_YEAR][0].first, pupil.stays[SCHOOL_YEAR][0].last) == (calendar.first_day, calendar.last_day)
        and school.class_named(SCHOOL_YEAR, pupil.stays[SCHOOL_YEAR][0].class_name).stream != PLAN_STREAM
        and _ORDINARY[0] <= sum(code != "L" for code in noted[pupil.number].values()) <= _ORDINARY[1]
    ]
    return iter(rng.sample(found, len(found)))


def _patterns(rng: random.Random, days: list[date]) -> list[_Plant]:
    weeks = sorted({day - timedelta(days=day.weekday()) for day in days})
    recent = [day for day in days if day >= weeks[-_RECENT_WEEKS]]
    return [
        *[partial(_on_weekday, rng, [day for day in days if day.weekday() == 0], Half.MORNING, "Z")] * 3,
        *[partial(_on_weekday, rng, [day for day in days if day.weekday() == 4], Half.AFTERNOON, "B")] * 3,
        partial(_around_free_days, rng, days, before=True),
        partial(_around_free_days, rng, days, before=False),
        *[partial(_more_and_more, rng, recent)] * 3,
        *[partial(_many_short_spells, rng, days)] * 2,
        *[partial(_late_more_and_more, rng, recent)] * 3,
    ]


def _on_weekday(rng: random.Random, days: list[date], half: Half, code: str, codes: Noted) -> None:
    """About every other week the same half day."""
    for day in days:
        if rng.random() < 0.42:
            codes.setdefault((day, half), code if rng.random() < 0.8 else "Z")


def _around_free_days(rng: random.Random, days: list[date], codes: Noted, *, before: bool) -> None:
    """The day before or after nearly every holiday and long weekend."""
    for day, later in pairwise(days):
        free = (later - day).days - 1
        if (free > 2 or (free and day.weekday() != 4)) and rng.random() < 0.9:
            _whole_day(codes, day if before else later, "Z")


def _more_and_more(rng: random.Random, days: list[date], codes: Noted) -> None:
    """Seldom before, and then away again and again for a day or half a day."""
    for day in days[::2]:
        if rng.random() < 0.5:
            codes.setdefault((day, Half.MORNING), "B")
        else:
            _whole_day(codes, day, "Z")


def _many_short_spells(rng: random.Random, days: list[date], codes: Noted) -> None:
    """A day at a time, all year."""
    for day in sorted(rng.sample(days, 11)):
        _whole_day(codes, day, "Z")


def _late_more_and_more(rng: random.Random, days: list[date], codes: Noted) -> None:
    """Hardly ever late before, and then more days than not."""
    for day in days:
        if rng.random() < 0.65:
            codes.setdefault((day, Half.MORNING), "L")


def _whole_day(codes: Noted, day: date, code: str) -> None:
    for half in (Half.MORNING,) if day.weekday() == 2 else (Half.MORNING, Half.AFTERNOON):
        codes.setdefault((day, half), code)
