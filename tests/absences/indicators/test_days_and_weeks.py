"""The numbers behind the calendar picture and the heat map: rates per day, and per weekday of every school week."""

from __future__ import annotations

from datetime import date, timedelta

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, count, open_halves

from stslib.absences.indicators.rate import missed, possible

MISSED = nw.col("code").is_in(sorted(ABSENT))


def counted(tables, by):
    of = tables.collect(possible(tables.enrolled, tables.calendar, by))
    hit = tables.collect(missed(tables.facts, by, MISSED))
    half_days = {tuple(hit[name][row] for name in by): n for row, n in enumerate(hit["half_days_missed"])}
    groups = zip(*(of[name] for name in by), strict=True)
    rows = zip(groups, of["half_days_possible"], of["pupils"], strict=True)
    return {group: (half_days.get(group, 0), total, pupils) for group, total, pupils in rows}


def by_hand(years):
    """Day -> half days missed and possible, pupils."""
    result = {}
    for year in years:
        for day, halves in open_halves(year.school_year).items():
            there = {pupil for pupil, _, first, last in year.enrolled if first <= day <= last}
            hit = sum(year.marks.get((pupil, day, half)) in ABSENT for pupil in there for half in halves)
            result[day] = (hit, len(halves) * len(there), len(there))
    return result


def test_every_class_day_has_its_own_rate_and_no_other_day_has_one(nasty, nasty_years):
    assert {day: numbers for (day,), numbers in counted(nasty, ("date",)).items()} == by_hand(nasty_years)


def test_days_are_split_by_class(nasty, nasty_years):
    days = by_hand(nasty_years)
    found = counted(nasty, ("date", "class"))
    for day in (date(2024, 9, 4), date(2025, 11, 3), date(2026, 6, 30)):
        parts = [numbers for (at, _), numbers in found.items() if at == day]
        assert tuple(map(sum, zip(*parts, strict=True))) == days[day]


@pytest.mark.parametrize("by", [("school_year", "school_week", "weekday"), ("weekday", "school_week", "school_year")])
def test_the_heat_map_has_a_cell_per_weekday_and_school_week(nasty, nasty_years, by):
    expected = {}
    for day, numbers in by_hand(nasty_years).items():
        start = day.year if day.month >= 8 else day.year - 1
        first = next(one for one in open_halves(f"{start}-{start + 1}"))
        monday = first - timedelta(days=first.weekday())
        cell = {
            "school_year": f"{start}-{start + 1}", "school_week": (day - monday).days // 7 + 1, "weekday": day.isoweekday()
        }  # fmt: skip
        expected[tuple(cell[name] for name in by)] = numbers
    assert counted(nasty, by) == expected


def test_iso_weeks_by_weekday_are_those_of_an_independent_count(nasty, nasty_years):
    by = ("week", "weekday")
    assert counted(nasty, by) == count(list(nasty_years), by, ABSENT)
