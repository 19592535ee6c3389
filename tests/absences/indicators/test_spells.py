"""Spells against walks over every pupil and half day in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, CLASSES, NastyYear, open_halves
from absences.open_tables import make_facts, open_in
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.indicators.spells import LENGTHS, count_spells, spells
from stslib.errors import UnknownDimensionError

ILL = nw.col("code").is_in(["Z", "D"])
COLUMNS = ("half_days", "school_days", "calendar_days")


def walk(year: NastyYear, codes: set[str]) -> list[tuple[str, list[tuple[date, str]]]]:
    """(pupil, its half days) of every spell."""
    line = [(day, half) for day, halves in open_halves(year.school_year).items() for half in halves]
    found = []
    for pupil in sorted({pupil for pupil, *_ in year.enrolled}):
        run: list[tuple[date, str]] = []
        for day, half in [*line, (date.max, "")]:
            if year.marks.get((pupil, day, half)) in codes:
                run.append((day, half))
            elif run:
                found.append((pupil, run))
                run = []
    return found


def lengths(run: list[tuple[date, str]]) -> tuple[int, int, int]:
    return len(run), len({day for day, _ in run}), (run[-1][0] - run[0][0]).days + 1


def name_of(run: list[tuple[date, str]]) -> str:
    half_days, days, _ = lengths(run)
    if half_days == 1:
        return "1 halve dag"
    return next(
        name
        for name, limit in (
            ("1 dag", 1),
            ("2 tot 3 dagen", 3),
            ("4 tot 5 dagen", 5),
            ("6 tot 10 dagen", 10),
            ("meer dan 10 dagen", 999),
        )
        if days <= limit
    )


def found_in(tables, keep=ILL, at_start=()) -> Counter:
    columns = tables.collect(spells(tables, keep, at_start))
    return Counter(zip(*(columns[name] for name in ("pupil", *COLUMNS, *at_start)), strict=True))


def test_spells_are_those_of_a_walk_over_every_half_day(nasty, nasty_years):
    for codes in ({"B"}, ABSENT, {"Z", "D"}):
        expected = Counter(
            (int(pupil), *lengths(run), run[0][1], year.class_of(pupil, run[0][0]))
            for year in nasty_years
            for pupil, run in walk(year, codes)
        )
        assert found_in(nasty, nw.col("code").is_in(list(codes)), ("half", "class")) == expected


@pytest.mark.parametrize("by", [(), ("class",), ("grade", "school_year"), ("month",)])
def test_the_table_counts_spells_pupils_and_half_days_per_length_and_group(nasty, nasty_years, by):
    expected = defaultdict(lambda: [0, set(), 0, 0])
    for year in nasty_years:
        for pupil, run in walk(year, ABSENT):
            day = run[0][0]
            class_ = year.class_of(pupil, day)
            values = {"class": class_, "grade": CLASSES[class_][0], "school_year": year.school_year, "month": day.month}
            cell = expected[(*(values[name] for name in by), name_of(run))]
            half_days, days, _ = lengths(run)
            cell[0] += 1
            cell[1].add(pupil)
            cell[2] += half_days
            cell[3] += days
    columns = count_spells(nasty, nw.col("code").is_in(list(ABSENT)), by)
    measures = ("spells", "missing_pupils", "half_days", "school_days")
    shown = {
        (*group, length): numbers
        for *group, length, numbers in zip(
            *(columns[name] for name in (*by, "length")), zip(*(columns[name] for name in measures), strict=True), strict=True
        )
    }
    assert {key: numbers for key, numbers in shown.items() if numbers[0]} == {
        key: (n, len(pupils), half_days, days) for key, (n, pupils, half_days, days) in expected.items()
    }
    assert len(shown) % len(LENGTHS) == 0
    assert all(numbers == (0, 0, 0, 0) for key, numbers in shown.items() if key not in expected)


def test_a_spell_goes_on_over_wednesday_afternoon_the_weekend_and_a_holiday(engine):
    # Wednesday 22 October to Tuesday 4 November 2025, over the autumn holiday of 27 October to 2 November.
    days = [date(2025, 10, 22), date(2025, 10, 23), date(2025, 10, 24), date(2025, 11, 3), date(2025, 11, 4)]
    marks = {("1", day, half): "Z" for day in days for half in ("VM", "NM") if (day.weekday(), half) != (2, "NM")}
    assert found_in(open_in(engine, [make_facts(marks=marks)])) == Counter({(1, 9, 5, 14): 1})


@pytest.mark.parametrize("other", ["L", "|", "P", None])
def test_lateness_presence_and_another_kind_of_absence_break_a_spell(engine, other):
    day = date(2025, 9, 4)
    marks = {("1", day, "VM"): "Z", ("1", day, "NM"): other, ("1", date(2025, 9, 5), "VM"): "Z"}
    tables = open_in(engine, [make_facts(marks={key: code for key, code in marks.items() if code})])
    assert found_in(tables) == Counter({(1, 1, 1, 1): 2})


def test_a_new_class_does_not_break_a_spell_which_counts_where_it_began(engine):
    marks = {("1", date(2025, 9, day), "VM"): "Z" for day in (4, 5)} | {("1", date(2025, 9, 4), "NM"): "D"}
    enrolled = [("1", "1A", date(2025, 9, 1), date(2025, 9, 4)), ("1", "2A", date(2025, 9, 5), date(2026, 6, 30))]
    tables = open_in(engine, [make_facts(marks=marks, enrolled=enrolled)])
    assert found_in(tables, at_start=("class",)) == Counter({(1, 3, 2, 2, "1A"): 1})


def test_days_out_of_school_break_a_spell(engine):
    marks = {("1", date(2025, 9, day), half): "Z" for day in (4, 5, 8) for half in ("VM", "NM")}
    enrolled = [("1", "1A", date(2025, 9, 1), date(2025, 9, 4)), ("1", "1A", date(2025, 9, 8), date(2026, 6, 30))]
    tables = open_in(engine, [make_facts(marks=marks, enrolled=enrolled)])
    assert found_in(tables) == Counter({(1, 2, 1, 1): 2})


def test_a_spell_ends_with_the_school_year(engine):
    years = [
        make_facts("2024-2025", {("1", date(2025, 6, 30), half): "Z" for half in ("VM", "NM")}),
        make_facts("2025-2026", {("1", date(2025, 9, 1), half): "Z" for half in ("VM", "NM")}),
    ]
    assert found_in(open_in(engine, years)) == Counter({(1, 2, 1, 1): 2})


def test_the_same_number_in_two_schools_is_two_pupils(engine):
    marks = {("1", date(2025, 9, 4), half): "Z" for half in ("VM", "NM")}
    tables = open_in(engine, [make_facts(marks=marks, school="Noord"), make_facts(marks=marks, school="Zuid")])
    assert found_in(tables, at_start=("school",)) == Counter({(1, 2, 1, 1, 0): 1, (1, 2, 1, 1, 1): 1})
    columns = count_spells(tables, ILL)
    assert columns["missing_pupils"][columns["length"].index("1 dag")] == 2


@pytest.mark.parametrize(("last", "expected"), [(date(2025, 9, 24), 0), (date(2025, 9, 25), 1)])
def test_more_than_21_calendar_days_are_counted_apart(engine, last, expected):
    """4 September and the 20 days after it are 21 days."""
    halves = [(day, half) for day, of in open_halves("2025-2026").items() for half in of if date(2025, 9, 4) <= day <= last]
    tables = open_in(engine, [make_facts(marks={("1", day, half): "Z" for day, half in halves})])
    columns = count_spells(tables, ILL, long_days=22)
    apart = dict(zip(columns["length"], columns["spells"], strict=True))
    assert apart["meer dan 21 kalenderdagen"] == expected
    assert apart["meer dan 10 dagen"] == 1
    assert columns["apart"] == [False] * 6 + [True]
    assert columns["all_spells"] == [1] * 7


def test_a_group_without_spells_has_rows_with_zero(engine):
    enrolled = [("2", "3DO", date(2025, 9, 1), date(2026, 6, 30))]
    tables = open_in(engine, [make_facts(marks={("1", date(2025, 9, 4), "VM"): "Z"}, enrolled=enrolled)])
    columns = count_spells(tables, ILL, ["class"])
    rows = {(c, name): n for c, name, n in zip(columns["class"], columns["length"], columns["spells"], strict=True)}
    assert rows == {(c, one.name): int((c, one.name) == ("1A", "1 halve dag")) for c in ("1A", "3DO") for one in LENGTHS}


def test_spells_by_a_column_that_is_none_are_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="schoenmaat"):
        count_spells(nasty, ILL, ["schoenmaat"])


LINE = [(day, half) for day, halves in open_halves("2025-2026").items() for half in halves]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, len(LINE) - 1), st.integers(1, 60), st.sampled_from("ZZDB|L")),
        max_size=8,
    )
)
def test_any_runs_of_marks_give_the_spells_of_a_walk(runs):
    year = NastyYear("2025-2026")
    for pupil, start, length, code in runs:
        for day, half in LINE[start : start + length]:
            year.marks[str(pupil), day, half] = code
    year.enrolled = [(str(pupil), "1A", date(2025, 9, 1), date(2026, 6, 30)) for pupil in range(3)]
    expected = Counter((int(pupil), *lengths(run)) for pupil, run in walk(year, {"Z", "D"}))
    for engine in ("polars", "pandas"):
        assert found_in(open_in(engine, [year])) == expected
