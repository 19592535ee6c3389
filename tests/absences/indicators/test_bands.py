"""Bands against a count per pupil in plain Python."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from absences.absence_factories import CODES
from absences.nasty_school import ABSENT, CLASSES, NastyYear, open_halves
from absences.open_tables import make_facts, open_in

from stslib.absences.indicators.bands import band_limits, count_bands, count_chronic_bands, percent_limits
from stslib.errors import UnknownDimensionError
from stslib.model.absence import Threshold

LIMITS = (5, 10, 15, 30)
ALL_ABSENT = tuple(code.code for code in CODES if code.absent)
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)


def pupils_of(year: NastyYear) -> dict[str, tuple[str, int, Counter]]:
    """Pupil -> class of the last stay with school time, possible half days, half days per code."""
    days = open_halves(year.school_year)
    result: dict[str, tuple[str, int, Counter]] = {}
    for pupil, class_, first, last in sorted(year.enrolled, key=lambda stay: stay[2]):
        possible = sum(len(halves) for day, halves in days.items() if first <= day <= last)
        if possible:
            codes = Counter(code for (who, _, _), code in year.marks.items() if who == pupil)
            result[pupil] = (class_, possible + (result[pupil][1] if pupil in result else 0), codes)
    return result


def group_of(year: NastyYear, class_: str, by) -> tuple:
    values = {"class": class_, "stream": CLASSES[class_][2], "school_year": year.school_year}
    return tuple(values[name] for name in by)


def shown(columns, by) -> dict[tuple, int]:
    rows = zip(*(columns[name] for name in (*by, "band", "pupils_in_band")), strict=True)
    return {tuple(key): n for *key, n in rows}


@pytest.mark.parametrize("by", [(), ("school_year",), ("class",), ("stream", "school_year")])
@pytest.mark.parametrize("codes", [("B",), ("B", "Z", "D", "P")])
def test_each_pupil_is_in_the_band_of_its_half_days(nasty, nasty_years, by, codes):
    names = {0: "0", 1: "1 tot 4", 5: "5 tot 9", 10: "10 tot 14", 15: "15 tot 29", 30: "30 en meer"}
    expected: Counter = Counter()
    for year in nasty_years:
        for class_, _, found in pupils_of(year).values():
            n = sum(found[code] for code in codes)
            expected[(*group_of(year, class_, by), names[max(start for start in names if start <= n)])] += 1
    columns = count_bands(nasty, codes, LIMITS, by)
    assert {key: n for key, n in shown(columns, by).items() if n} == expected
    assert len(columns["band"]) % len(names) == 0
    assert columns["from"][:6] == [0, 1, 5, 10, 15, 30]
    assert columns["to"][:6] == [0, 4, 9, 14, 29, None]


def test_chronic_bands_are_shares_of_each_pupils_own_possible_half_days(nasty, nasty_years):
    names = {0: "minder dan 5 %", 5: "5 tot 10 %", 10: "10 tot 20 %", 20: "20 tot 50 %", 50: "50 % en meer"}
    expected: Counter = Counter()
    for year in nasty_years:
        for _, possible, found in pupils_of(year).values():
            missed = sum(found[code] for code in ABSENT)
            expected[names[max(start for start in names if 100 * missed >= start * possible)]] += 1
    columns = count_chronic_bands(nasty, ALL_ABSENT, (5, 10, 20, 50))
    assert dict(zip(columns["band"], columns["pupils_in_band"], strict=True)) == {
        name: expected[name] for name in names.values()
    }
    assert sum(columns["pupils_in_band"]) == columns["pupils"][0]
    assert sum(columns["rate"]) == pytest.approx(1)


def b_half_days(count: int, pupil: str = "1") -> dict[tuple[str, date, str], str]:
    line = [(day, half) for day, halves in open_halves("2025-2026").items() for half in halves]
    return {(pupil, day, half): "B" for day, half in line[:count]}


@pytest.mark.parametrize(("codes", "band"), [(("B",), "5 tot 9"), (("B", "Z"), "1 tot 4")])
def test_half_days_brought_along_count_with_b_alone(engine, codes, band):
    tables = open_in(engine, [make_facts(marks=b_half_days(3), brought={"1": 2, "8": 40})])
    assert {key for key, n in shown(count_bands(tables, codes, LIMITS), ()).items() if n} == {(band,)}


def test_an_export_of_totals_fills_the_bands(engine):
    tables = open_in(engine, [make_facts(totals={("1", "B"): 12, ("1", "Z"): 30, ("2", "B"): 4})])
    assert {key: n for key, n in shown(count_bands(tables, ("B",), LIMITS), ()).items() if n} == {
        ("1 tot 4",): 1,
        ("10 tot 14",): 1,
    }


def test_pupils_of_an_export_of_totals_are_in_no_band_of_chronic_absence(engine):
    years = [make_facts("2024-2025", totals={("1", "Z"): 300}), make_facts(marks=b_half_days(40))]
    columns = count_chronic_bands(open_in(engine, years), ALL_ABSENT, (10, 20), ["school_year"])
    assert shown(columns, ("school_year",)) == {
        ("2025-2026", "minder dan 10 %"): 0,
        ("2025-2026", "10 tot 20 %"): 1,
        ("2025-2026", "20 % en meer"): 0,
    }


def test_a_pupil_that_changed_class_counts_once_with_all_its_half_days_where_it_ended(engine):
    enrolled = [("1", "1A", FIRST, date(2025, 9, 2)), ("1", "2A", date(2025, 9, 3), LAST)]
    tables = open_in(engine, [make_facts(marks=b_half_days(6), enrolled=enrolled)])
    columns = count_bands(tables, ("B",), LIMITS, ["class"])
    assert {key: n for key, n in shown(columns, ("class",)).items() if n} == {("2A", "5 tot 9"): 1}
    assert count_bands(tables, ("B",), LIMITS, only={"class": ["1A"]})["pupils"] == []
    assert count_bands(tables, ("B",), LIMITS, only={"class": ["2A"]})["pupils"] == [1] * 6


def test_the_limits_come_from_the_table_of_rules():
    def rule(name, value, unit):
        return Threshold(id=name, rule="x", value=value, unit=unit, codes=(), source="test")

    rules = [
        rule("clb-melding", 6, "halve dagen per schooljaar"),
        rule("band-10", 10, "halve dagen per schooljaar"),
        rule("band-5", 5, "halve dagen per schooljaar"),
        rule("band-later", None, "halve dagen per schooljaar"),
        rule("chronisch-20", 20, "procent van de mogelijke halve dagen"),
        rule("chronisch-10", 10, "procent van de mogelijke halve dagen"),
    ]
    assert band_limits(rules) == (5, 10)
    assert percent_limits(rules) == (10, 20)


def test_two_schools_are_counted_together_and_apart(engine):
    years = [make_facts(marks=b_half_days(5), school="Noord"), make_facts(marks=b_half_days(1), school="Zuid")]
    tables = open_in(engine, years)
    assert count_bands(tables, ("B",), LIMITS)["pupils_in_band"] == [0, 1, 1, 0, 0, 0]
    columns = count_bands(tables, ("B",), LIMITS, ["school"], only={"school": [1]})
    assert {key for key, n in shown(columns, ("school",)).items() if n} == {(1, "1 tot 4")}


def test_bands_by_weekday_are_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="weekday"):
        count_bands(nasty, ("B",), LIMITS, ["weekday"])
