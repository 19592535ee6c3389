"""School years beside each other, against sums over class days in plain Python."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, NastyYear, open_halves
from absences.open_tables import make_facts, of_year, open_in

from stslib.absences.indicators.comparison import compare_years
from stslib.errors import UnknownDimensionError

MISSED = nw.col("code").is_in(sorted(ABSENT))
ALL_2025 = ("1", "1A", date(2025, 9, 1), date(2026, 6, 30))


def by_hand(year: NastyYear, first: int, last: int, class_: str | None = None) -> tuple[int, int]:
    """Half days missed and possible from class day *first* up to *last*."""
    days = list(open_halves(year.school_year).items())[first - 1 : last]
    stays = [stay for stay in year.enrolled if class_ in (None, stay[1])]
    possible = missed = 0
    for pupil, _, start, end in stays:
        for day, halves in days:
            if start <= day <= end:
                possible += len(halves)
                missed += sum(year.marks.get((pupil, day, half)) in ABSENT for half in halves)
    return missed, possible


def rows(columns, *names):
    return list(zip(*(columns[name] for name in names), strict=True))


def test_every_class_day_has_the_sums_up_to_it(nasty, nasty_years):
    columns = compare_years(nasty, MISSED, every="day")
    expected = {
        (year.school_year, day): by_hand(year, 1, day)
        for year, length in zip(nasty_years, (180, 182), strict=True)
        for day in range(1, length + 1)
    }
    found = {
        tuple(key): tuple(n)
        for *key, n in zip(
            columns["school_year"], columns["school_day"], rows(columns, "half_days_missed", "half_days_possible"), strict=True
        )
    }
    assert found == expected
    assert columns["rate"][-1] == pytest.approx(expected["2025-2026", 182][0] / expected["2025-2026", 182][1])


def test_the_same_day_is_the_last_one_that_the_newest_export_covers(nasty, nasty_years):
    until = date(2026, 1, 11)  # a Sunday
    day = sum(day <= until for day in open_halves("2025-2026"))
    columns = compare_years(nasty, MISSED, until=until, every="same day")
    assert rows(columns, "school_year", "school_day", "half_days_missed", "half_days_possible") == [
        (year.school_year, day, *by_hand(year, 1, day)) for year in nasty_years
    ]
    assert columns["newest"] == [False, True]
    assert columns["comparable"] == [True, True]


def test_groups_are_compared_apart(nasty, nasty_years):
    columns = compare_years(nasty, MISSED, ["class"], until=date(2026, 3, 1), every="same day")
    for class_, school_year, day, missed, possible in rows(
        columns, "class", "school_year", "school_day", "half_days_missed", "half_days_possible"
    ):
        year = next(year for year in nasty_years if year.school_year == school_year)
        assert (missed, possible) == by_hand(year, 1, day, class_)
    assert {(c, y) for c, y in rows(columns, "class", "school_year")} >= {("1A", "2024-2025"), ("1A", "2025-2026")}


def test_weeks_end_on_their_last_class_day_and_the_last_day_is_always_there(nasty):
    columns = compare_years(nasty, MISSED, until=date(2025, 9, 17))  # a Wednesday
    # 2025 began on a Monday: five days a week. 2024 began on a Monday too: Friday 6 and 13 September, then the same day.
    assert rows(columns, "school_year", "school_day") == [
        ("2024-2025", 5), ("2024-2025", 10), ("2024-2025", 13), ("2025-2026", 5), ("2025-2026", 10), ("2025-2026", 13),
    ]  # fmt: skip


def test_an_export_that_begins_later_shifts_the_beginning_of_every_year(engine, nasty_years):
    # Class day 6 of 2025-2026 is Monday 8 September.
    tables = open_in(engine, [of_year(nasty_years[0]), of_year(nasty_years[1], period=(date(2025, 9, 8), date(2025, 9, 19)))])
    columns = compare_years(tables, MISSED, every="same day")
    assert rows(columns, "school_day", "half_days_missed", "half_days_possible") == [
        (15, *by_hand(year, 6, 15)) for year in nasty_years
    ]


def test_an_earlier_year_that_is_not_covered_is_named_with_the_reason(engine, nasty_years):
    late = of_year(nasty_years[0], period=(date(2024, 9, 9), date(2025, 6, 30)))
    short = of_year(nasty_years[0], period=(date(2024, 9, 2), date(2024, 9, 6)))
    for year, why, day in ((late, "beginnen pas op lesdag 6", 15), (short, "stoppen op lesdag 5", 5)):
        columns = compare_years(open_in(engine, [year, nasty_years[1]]), MISSED, until=date(2025, 9, 19), every="same day")
        assert columns["comparable"] == [False, True]
        assert why in columns["why_not"][0]
        assert columns["school_day"] == [day, 15]


def test_a_year_without_any_half_day_in_that_part_has_one_row_without_numbers(engine, nasty_years):
    spring = of_year(nasty_years[0], period=(date(2025, 4, 22), date(2025, 6, 30)))
    columns = compare_years(open_in(engine, [spring, nasty_years[1]]), MISSED, until=date(2025, 9, 5))
    assert rows(columns, "school_year", "half_days_possible", "rate") == [
        ("2024-2025", None, None), ("2025-2026", by_hand(nasty_years[1], 1, 5)[1], columns["rate"][1])
    ]  # fmt: skip
    assert "geen cijfers tussen lesdag 1 en lesdag 5" in columns["why_not"][0]


def test_a_school_year_that_is_two_days_shorter_lacks_nothing(nasty):
    columns = compare_years(nasty, MISSED, lengths={"2024-2025": 180, "2025-2026": 182}, every="same day")
    assert columns["school_day"] == [180, 182]
    assert columns["comparable"] == [True, True]
    assert compare_years(nasty, MISSED, every="same day")["comparable"] == [False, True]


def test_only_the_newest_year_has_provisional_days(nasty):
    columns = compare_years(nasty, MISSED, until=date(2025, 9, 19), provisional_from=date(2025, 9, 6), every="week")
    assert rows(columns, "school_year", "school_day", "provisional") == [
        ("2024-2025", 5, False), ("2024-2025", 10, False), ("2024-2025", 15, False),
        ("2025-2026", 5, False), ("2025-2026", 10, True), ("2025-2026", 15, True),
    ]  # fmt: skip


def test_a_group_that_came_later_begins_on_its_first_day(engine):
    tables = open_in(engine, [make_facts(enrolled=[ALL_2025, ("2", "2A", date(2025, 9, 10), date(2026, 6, 30))])])
    columns = compare_years(tables, MISSED, ["class"], until=date(2025, 9, 12), every="day")
    assert [day for name, day in rows(columns, "class", "school_day") if name == "2A"] == [8, 9, 10]


def test_before_the_first_day_there_is_nothing_to_compare(nasty):
    assert compare_years(nasty, MISSED, until=date(2025, 8, 20))["school_year"] == []


def test_years_by_a_weekday_are_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="weekday"):
        compare_years(nasty, MISSED, ["weekday"])
