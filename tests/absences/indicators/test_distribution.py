"""The distribution against pupils in a row, one by one."""

from __future__ import annotations

from collections import Counter

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, CLASSES, open_halves
from absences.open_tables import make_facts, open_in
from hypothesis import given
from hypothesis import strategies as st

from stslib.absences.indicators.distribution import count_distribution, distribution_of, distributions, histograms
from stslib.errors import UnknownDimensionError

MISSED = nw.col("code").is_in(sorted(ABSENT))


@pytest.mark.parametrize("by", [(), ("class",), ("school_year", "grade")])
def test_pupils_per_number_of_half_days_are_those_of_a_count_by_hand(nasty, nasty_years, by):
    expected: dict[tuple, Counter] = {}
    for year in nasty_years:
        days = open_halves(year.school_year)
        per_pupil: Counter = Counter()
        for pupil, class_, first, last in year.enrolled:
            values = {"class": class_, "grade": CLASSES[class_][0], "school_year": year.school_year}
            key = (tuple(values[name] for name in by), pupil)
            if any(first <= day <= last for day in days):
                per_pupil[key] += 0
            for (who, day, _), code in year.marks.items():
                per_pupil[key] += who == pupil and first <= day <= last and code in ABSENT
        for (group, _), n in per_pupil.items():
            expected.setdefault(group, Counter())[n] += 1
    assert histograms(nasty, MISSED, by) == expected


def test_half_of_all_absence_is_carried_by_the_fewest_pupils_that_can():
    found = distribution_of({0: 80, 1: 10, 2: 5, 10: 4, 40: 1})
    assert (found.pupils, found.missing_pupils, found.half_days) == (100, 20, 100)
    assert found.pupils_for_half == 2  # 40 + 10
    assert found.share_for_half == 0.02
    assert found.share_heaviest == 0.9  # 40 + 4 × 10 + 5 × 2
    assert found.share_middle == pytest.approx(0.1)
    assert found.tenths[:3] == pytest.approx((0.9, 0.1, 0.0))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
def test_points_and_half_agree_with_pupils_put_in_a_row(half_days):
    found = distribution_of(Counter(half_days))
    row, total = sorted(half_days, reverse=True), sum(half_days)
    assert (found.pupils, found.half_days) == (len(row), total)
    if not total:
        assert (found.points, found.pupils_for_half, found.share_middle, found.tenths) == ((), None, None, ())
        return
    assert found.pupils_for_half == next(n for n in range(1, len(row) + 1) if 2 * sum(row[:n]) >= total)
    assert len(found.points) <= 21
    for share, carried in found.points:
        whole = int(share * len(row) + 1e-9)
        rest = share * len(row) - whole
        by_hand = sum(row[:whole]) + (rest * row[whole] if whole < len(row) else 0)
        assert carried == pytest.approx(by_hand / total)
    assert found.points[0] == (0, 0)
    assert found.points[-1] == (1, pytest.approx(1))


@given(st.lists(st.integers(0, 60), min_size=5, max_size=300))
def test_no_step_of_the_curve_is_fewer_than_five_pupils(half_days):
    found = distribution_of(Counter(half_days))
    assert len(half_days) >= 5 * (len(found.points) - 1)


def test_the_table_has_a_row_per_point_and_one_for_a_group_without_absence(engine, nasty):
    columns = count_distribution(nasty, MISSED)
    assert columns["pupils_for_half"] == [distributions(nasty, MISSED)[()].pupils_for_half] * len(columns["pupils"])
    assert 1 < len(columns["pupils"]) <= 21
    assert columns["share_of_half_days"][-1] == pytest.approx(1)
    nobody = open_in(engine, [make_facts(enrolled=[("1", "1A", *_whole_year())])])
    columns = count_distribution(nobody, MISSED, ["class"])
    assert (columns["class"], columns["pupils"], columns["share_of_pupils"]) == (["1A"], [1], [None])


def test_half_days_of_an_export_of_totals_count(engine):
    tables = open_in(
        engine, [make_facts(totals={("1", "B"): 7, ("1", "L"): 3, ("2", "Z"): 1}, enrolled=[("3", "1A", *_whole_year())])]
    )
    assert histograms(tables, MISSED) == {(): {7: 1, 1: 1, 0: 1}}


def test_pupils_in_two_schools_or_two_years_count_in_each(engine):
    years = [make_facts(year, totals={("1", "B"): 2}, school=school) for year, school in
             (("2024-2025", "Noord"), ("2025-2026", "Noord"), ("2025-2026", "Zuid"))]  # fmt: skip
    tables = open_in(engine, years)
    assert histograms(tables, MISSED) == {(): {2: 3}}
    assert histograms(tables, MISSED, ["school"]) == {(0,): {2: 2}, (1,): {2: 1}}


def test_a_distribution_by_week_is_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="week"):
        count_distribution(nasty, MISSED, ["week"])


def _whole_year():
    days = list(open_halves("2025-2026"))
    return days[0], days[-1]
