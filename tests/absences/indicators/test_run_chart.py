"""The run chart: its counts per week, and its rules on weeks that fit on the screen."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import mean

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, NastyYear, count, open_halves
from absences.open_tables import make_facts, open_in
from hypothesis import given
from hypothesis import strategies as st

from stslib.absences.indicators.run_chart import Week, judge_weeks, run_chart
from stslib.errors import DatasetError, UnknownDimensionError

MISSED = nw.col("code").is_in(sorted(ABSENT))
SEPTEMBER = date(2025, 9, 1)


def weeks(*missed: int, possible: int = 1000, provisional: int = 0) -> list[Week]:
    edge = len(missed) - provisional
    return [Week(SEPTEMBER + timedelta(weeks=n), k, possible, n >= edge) for n, k in enumerate(missed)]


@pytest.mark.parametrize("by", [(), ("class",), ("grade", "stream")])
def test_every_week_has_the_counts_of_an_independent_count(nasty, nasty_years, by):
    columns = run_chart(nasty, MISSED, by)
    found = {
        (*group, year, monday.isocalendar().week): numbers
        for *group, year, monday, numbers in zip(
            *(columns[name] for name in (*by, "school_year", "monday")),
            zip(*(columns[name] for name in ("half_days_missed", "half_days_possible", "pupils")), strict=True),
            strict=True,
        )
    }
    assert found == count(list(nasty_years), (*by, "school_year", "week"), ABSENT)
    assert {monday.weekday() for monday in columns["monday"]} == {0}


def test_weeks_come_in_order_without_the_holidays(nasty):
    columns = run_chart(nasty, MISSED)
    assert columns["monday"] == sorted(columns["monday"])
    assert date(2025, 10, 27) not in columns["monday"]  # autumn holiday
    assert columns["school_week"][:3] == [1, 2, 3]


def test_centre_and_limits_follow_the_formula_of_laney():
    sizes = [(40, 900), (70, 1000), (20, 800), (55, 1000), (62, 1000), (30, 500), (41, 1000), (60, 1000), (50, 990)]
    given_weeks = [Week(SEPTEMBER + timedelta(weeks=n), k, of) for n, (k, of) in enumerate(sizes)]
    judged = judge_weeks(given_weeks, 8)
    centre = sum(k for k, _ in sizes[:8]) / sum(of for _, of in sizes[:8])
    sigma = [(centre * (1 - centre) / of) ** 0.5 for _, of in sizes]
    z = [(k / of - centre) / s for (k, of), s in zip(sizes[:8], sigma[:8], strict=True)]
    factor = mean(abs(z[n] - z[n - 1]) for n in range(1, 8)) / 1.128
    assert factor > 1
    for one, s in zip(judged, sigma, strict=True):
        assert one.centre == pytest.approx(centre)
        assert one.overdispersion == pytest.approx(factor)
        assert one.limit_low == pytest.approx(max(0, centre - 3 * factor * s))
        assert one.limit_high == pytest.approx(centre + 3 * factor * s)
    assert [one.baseline for one in judged] == [True] * 8 + [False]


def test_a_calm_baseline_does_not_make_the_limits_narrower_than_binomial():
    judged = judge_weeks(weeks(*[50] * 12))
    assert judged[0].overdispersion == 1
    assert judged[0].limit_high == pytest.approx(0.05 + 3 * (0.05 * 0.95 / 1000) ** 0.5)


def test_a_week_outside_the_limits_is_flagged_with_its_side():
    judged = judge_weeks(weeks(50, 52, 48, 50, 51, 49, 50, 50, 90, 50, 20))
    assert [one.outside for one in judged] == [""] * 8 + ["above", "", "below"]


def test_eight_weeks_on_one_side_are_a_run_and_seven_are_not():
    base = (50, 60, 40, 55, 45, 52, 48, 50)  # the centre is 50
    seven = judge_weeks(weeks(*base, 55, 52, 53, 51, 52, 53, 54, 45))
    assert not any(one.run_of_eight for one in seven)
    eight = judge_weeks(weeks(*base, 55, 52, 53, 51, 52, 53, 54, 51, 45))
    assert [one.run_of_eight for one in eight] == [False] * 8 + [True] * 8 + [False]


def test_a_week_on_the_centre_neither_counts_for_a_run_nor_breaks_it():
    judged = judge_weeks(weeks(50, 60, 40, 55, 45, 48, 52, 50, 45, 44, 43, 50, 42, 45, 44, 43, 42))
    assert [one.run_of_eight for one in judged] == [False] * 8 + [True] * 3 + [False] + [True] * 5


def test_provisional_weeks_are_in_no_rule_and_in_no_baseline():
    judged = judge_weeks(weeks(*[50, 52] * 5, 200, 200, provisional=2), (SEPTEMBER, date(2026, 6, 30)))
    assert [one.outside for one in judged] == [""] * 12
    assert [one.baseline for one in judged] == [True] * 10 + [False] * 2
    assert judged[0].centre == pytest.approx(0.051)


@pytest.mark.parametrize(
    ("given_weeks", "why"),
    [
        (weeks(*[50] * 7), "telt 7 weken"),
        (weeks(*[50] * 9, provisional=2), "telt 7 weken"),
        (weeks(*[0] * 9), "geen enkele halve dag gemist"),
        (weeks(*[1000] * 9), "elke halve dag gemist"),
        ([], None),
    ],
)
def test_without_a_usable_baseline_there_are_no_limits_but_a_reason(given_weeks, why):
    judged = judge_weeks(given_weeks)
    assert len(judged) == len(given_weeks)
    assert all(one.centre is one.limit_low is one.limit_high is None and why in one.why_not for one in judged)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(300, 3000)), min_size=8, max_size=45), st.integers(8, 20))
def test_limits_lie_around_the_centre_within_0_and_1(sizes, baseline):
    judged = judge_weeks([Week(SEPTEMBER + timedelta(weeks=n), k, of) for n, (k, of) in enumerate(sizes)], baseline)
    for one, (k, of) in zip(judged, sizes, strict=True):
        if one.centre is None:
            assert one.why_not
            continue
        assert 0 <= one.limit_low < one.centre < one.limit_high <= 1
        assert one.overdispersion >= 1
        assert (one.outside == "above") == (k / of > one.limit_high)
        assert (one.outside == "below") == (k / of < one.limit_low)


def test_the_baseline_can_be_a_period(nasty):
    columns = run_chart(nasty, MISSED, baseline=(date(2025, 9, 3), date(2025, 11, 3)))
    inside = [monday for monday, chosen in zip(columns["monday"], columns["baseline"], strict=True) if chosen]
    assert (inside[0], inside[-1], len(inside)) == (date(2025, 9, 1), date(2025, 11, 3), 9)


def test_days_after_the_export_are_no_weeks_without_absence(nasty, nasty_years):
    columns = run_chart(nasty, MISSED, until=date(2025, 11, 12), provisional_from=date(2025, 10, 29))
    assert columns["monday"][-1] == date(2025, 11, 10)
    days = {day: halves for day, halves in open_halves("2025-2026").items() if date(2025, 11, 10) <= day <= date(2025, 11, 12)}
    assert list(days) == [date(2025, 11, 10), date(2025, 11, 12)]  # the 11th is free
    expected = sum(
        len(halves) for day, halves in days.items() for _, _, first, last in nasty_years[1].enrolled if first <= day <= last
    )
    assert columns["half_days_possible"][-1] == expected
    marked = [monday for monday, late in zip(columns["monday"], columns["provisional"], strict=True) if late]
    assert marked == [date(2025, 11, 3), date(2025, 11, 10)]


def test_a_mark_stands_at_its_week_and_one_in_a_holiday_at_the_week_after(nasty):
    marks = [
        (date(2025, 9, 4), "plan"),
        (date(2025, 10, 29), "ontbijt"),
        (date(2025, 11, 5), "bellen"),
        (date(2020, 1, 1), "te vroeg"),
        (date(2030, 1, 1), "te laat"),
    ]
    columns = run_chart(nasty, MISSED, marks=marks)
    shown = {monday: text for monday, text in zip(columns["monday"], columns["marks"], strict=True) if text}
    assert shown == {date(2025, 9, 1): "plan", date(2025, 11, 3): "ontbijt; bellen"}


def test_a_group_that_came_later_has_a_baseline_of_its_own(engine):
    enrolled = [("1", "1A", SEPTEMBER, date(2026, 6, 30)), ("2", "2A", date(2026, 1, 5), date(2026, 6, 30))]
    marks = {(pupil, day, "VM"): "B" for pupil in "12" for day in open_halves("2025-2026") if day.day % 3 == 0}
    year = NastyYear(
        "2025-2026", enrolled, {key: code for key, code in marks.items() if key[0] == "1" or key[1] >= date(2026, 1, 5)}
    )
    columns = run_chart(open_in(engine, [year]), MISSED, ["class"])
    first = {}
    for name, monday, chosen in zip(columns["class"], columns["monday"], columns["baseline"], strict=True):
        if chosen:
            first.setdefault(name, monday)
    assert first == {"1A": SEPTEMBER, "2A": date(2026, 1, 5)}


def test_a_short_year_has_weeks_without_limits(engine):
    facts = make_facts(marks={("1", date(2025, 9, 4), "VM"): "B"}, period=(SEPTEMBER, date(2025, 9, 19)))
    columns = run_chart(open_in(engine, [facts]), MISSED)
    assert columns["rate"] == [1 / 9, 0, 0]
    assert columns["centre"] == [None] * 3
    assert "telt 3 weken" in columns["why_not"][0]


@pytest.mark.parametrize("baseline", [7, (date(2025, 12, 1), date(2025, 9, 1))])
def test_a_baseline_that_cannot_be_is_refused(nasty, baseline):
    with pytest.raises(DatasetError, match="basisperiode"):
        run_chart(nasty, MISSED, baseline=baseline)


def test_charts_by_weekday_are_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="weekday"):
        run_chart(nasty, MISSED, ["weekday"])
