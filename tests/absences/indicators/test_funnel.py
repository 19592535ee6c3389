"""The funnel: its counts, its limits, and that noise stays inside them."""

from __future__ import annotations

import random
from datetime import date
from statistics import mean

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, count, open_halves
from absences.open_tables import make_facts, open_in
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from stslib.absences.indicators.funnel import Z_95, Z_998, GroupSums, curve, funnel, limits, overdispersion
from stslib.errors import UnknownDimensionError

MISSED = nw.col("code").is_in(sorted(ABSENT))
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)
LINE = [(day, half) for day, halves in open_halves("2025-2026").items() for half in halves]


def sums(pupils: list[tuple[int, int]]) -> GroupSums:
    """Of (missed, possible) per pupil."""
    return GroupSums(
        len(pupils),
        sum(n for n, _ in pupils),
        sum(of for _, of in pupils),
        sum(n * n for n, _ in pupils),
        sum(n * of for n, of in pupils),
        sum(of * of for _, of in pupils),
    )


def class_of_pupils(name: str, numbers: range, missed: list[int]):
    """Stays and marks of a class in which the pupils miss so many half days."""
    stays = [(str(number), name, FIRST, LAST) for number in numbers]
    marks = {(str(number), *LINE[place]): "B" for number, n in zip(numbers, missed, strict=True) for place in range(n)}
    return stays, marks


@pytest.mark.parametrize("by", [("class",), ("year", "school_year")])
def test_groups_have_the_counts_of_an_independent_count(nasty, nasty_years, by):
    columns = funnel(nasty, MISSED, by)
    names = ("half_days_missed", "half_days_possible")
    found = {
        tuple(key): tuple(n)
        for *key, n in zip(*(columns[name] for name in by), zip(*(columns[name] for name in names), strict=True), strict=True)
    }
    assert found == {group: (n, of) for group, (n, of, _) in count(list(nasty_years), by, ABSENT).items()}
    n, of, _ = count(list(nasty_years), (), ABSENT)[()]
    assert set(columns["all_rate"]) == {n / of}
    assert columns["rate"] == [k / m for k, m in found.values()]


def test_overdispersion_is_the_scatter_between_pupils_over_the_binomial_one():
    groups = [[(3, 300), (40, 300), (0, 150), (9, 327)], [(5, 300), (5, 310)], [(7, 100)]]
    found = expected = 0.0
    for pupils in groups[:2]:
        p = sum(n for n, _ in pupils) / sum(of for _, of in pupils)
        found += len(pupils) / (len(pupils) - 1) * sum((n - p * of) ** 2 for n, of in pupils)
        expected += sum(p * (1 - p) * of for _, of in pupils)
    assert overdispersion([sums(pupils) for pupils in groups]) == pytest.approx(found / expected)


def test_overdispersion_is_never_below_one_and_unknown_without_two_pupils():
    assert overdispersion([sums([(10, 300), (10, 300), (10, 300)])]) == 1
    assert overdispersion([sums([(10, 300)]), sums([(3, 300)])]) is None
    assert overdispersion([sums([(0, 300), (0, 300)])]) is None


@given(st.floats(0.001, 0.999), st.integers(1, 100_000), st.floats(1, 100))
def test_limits_lie_around_the_rate_within_0_and_1_and_998_outside_95(all_rate, possible, factor):
    low, high = limits(all_rate, possible, factor)
    lower, higher = limits(all_rate, possible, factor, Z_998)
    assert 0 <= lower <= low <= all_rate + 1e-12
    assert all_rate - 1e-12 <= high <= higher <= 1


@pytest.mark.parametrize("share", [0.01, 0.03, 0.1, 0.4])
@pytest.mark.parametrize("possible", [300, 2000])
def test_limits_come_near_the_exact_binomial_ones(share, possible):
    for z, tail in ((Z_95, 0.025), (Z_998, 0.001)):
        low, high = limits(share, possible, 1.0, z)
        exact_low, exact_high = binom.ppf([tail, 1 - tail], possible, share) / possible
        assert low == pytest.approx(exact_low, abs=2 / possible)
        assert high == pytest.approx(exact_high, abs=2 / possible)


def test_one_pupil_that_is_ill_for_months_does_not_put_its_class_outside(engine):
    rng = random.Random(3)
    stays, marks = [], {}
    for place, name in enumerate(("1A", "1B", "2A", "3DO")):
        missed = [rng.choice([0, 2, 4, 8, 15]) for _ in range(20)]
        if name == "2A":
            missed[0] = 150
        more_stays, more_marks = class_of_pupils(name, range(place * 20, place * 20 + 20), missed)
        stays, marks = stays + more_stays, marks | more_marks
    columns = funnel(open_in(engine, [make_facts(marks=marks, enrolled=stays)]), MISSED, ["class"])
    assert columns["outside"] == [""] * 4
    assert columns["overdispersion"][0] > 10


@pytest.mark.parametrize(("extra", "expected"), [(25, ("99.8", "above")), (0, ("", ""))])
def test_a_class_in_which_everybody_misses_more_lies_outside(engine, extra, expected):
    rng = random.Random(4)
    stays, marks = [], {}
    for place, name in enumerate(("1A", "1B", "2A", "3DO", "3AB")):
        missed = [rng.choice([0, 2, 4, 8, 15]) + (extra if name == "3AB" else 0) for _ in range(20)]
        more_stays, more_marks = class_of_pupils(name, range(place * 20, place * 20 + 20), missed)
        stays, marks = stays + more_stays, marks | more_marks
    columns = funnel(open_in(engine, [make_facts(marks=marks, enrolled=stays)]), MISSED, ["class"])
    place = columns["class"].index("3AB")
    assert (columns["outside"][place], columns["side"][place]) == expected
    if extra:
        assert columns["rate"][place] > columns["high_998"][place] > columns["high_95"][place]


def test_noise_alone_puts_about_one_group_in_twenty_outside_the_95_limits():
    rng = random.Random(5)
    outside = []
    for _ in range(200):
        groups = [sums([(rng.choice([0, 0, 1, 3, 6, 12, 40]), 320) for _ in range(rng.randint(10, 25))]) for _ in range(12)]
        n, of = sum(one.missed for one in groups), sum(one.possible for one in groups)
        factor = overdispersion(groups)
        assert factor is not None
        for one in groups:
            low, high = limits(n / of, one.possible, factor)
            outside.append(not low <= one.missed / one.possible <= high)
    assert 0.02 < mean(outside) < 0.07


@pytest.mark.parametrize(
    ("missed", "why"),
    [
        ({"1A": [0, 0], "2A": [0]}, "geen enkele halve dag"),
        ({"1A": [3, 4]}, "maar één groep"),
        ({"1A": [3], "2A": [4]}, "twee of meer"),
    ],
)
def test_where_limits_mean_nothing_there_are_none_but_a_reason(engine, missed, why):
    stays, marks, number = [], {}, 0
    for name, of in missed.items():
        more_stays, more_marks = class_of_pupils(name, range(number, number + len(of)), of)
        stays, marks, number = stays + more_stays, marks | more_marks, number + len(of)
    columns = funnel(open_in(engine, [make_facts(marks=marks, enrolled=stays)]), MISSED, ["class"])
    for name in ("low_95", "high_998", "overdispersion"):
        assert columns[name] == [None] * len(missed)
    assert all(why in text for text in columns["why_not"])
    assert columns["outside"] == [""] * len(missed)


def test_the_lines_of_the_limits_are_the_limits_at_each_size():
    lines = curve(0.05, 8.0, 500, 9000)
    assert (lines["half_days_possible"][0], lines["half_days_possible"][-1]) == (500, 9000)
    for place, of in enumerate(lines["half_days_possible"]):
        assert (lines["low_95"][place], lines["high_95"][place]) == limits(0.05, of, 8.0)
        assert (lines["low_998"][place], lines["high_998"][place]) == limits(0.05, of, 8.0, Z_998)


@pytest.mark.parametrize("by", [[], ["weekday"]])
def test_a_funnel_over_no_groups_of_pupils_is_refused(nasty, by):
    with pytest.raises(UnknownDimensionError, match="Onbekende indeling"):
        funnel(nasty, MISSED, by)
