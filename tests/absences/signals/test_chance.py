"""Chances against counting every way it could have gone."""

from __future__ import annotations

from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.signals.chance import (
    PRIOR_LEAST,
    PRIOR_MOST,
    Moment,
    Surprise,
    adjusted,
    late_sizes_tail,
    most_striking,
    prior_weight,
    tail_of,
)


def moment(name: str, missed: int, possible: int, all_missed: int, all_possible: int) -> Moment:
    return Moment(name, possible, missed, all_possible, all_missed, ((all_possible, possible, all_missed),))


@given(st.data())
def test_a_tail_is_the_share_of_all_ways_to_draw(data):
    total = data.draw(st.integers(1, 9))
    marked, drawn = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    ways = [sum(one < marked for one in way) for way in combinations(range(total), drawn)]
    tail = tail_of(((total, marked, drawn),))
    assert len(tail) == min(marked, drawn) + 1
    for k, chance in enumerate(tail):
        assert chance == pytest.approx(sum(count >= k for count in ways) / len(ways))


def test_strata_keep_their_own_number_of_absences():
    # Two of two on the days with two halves say nothing there; one of four on the others is one in four.
    assert tail_of(((2, 2, 2), (4, 1, 1)))[3] == pytest.approx(1 / 4)
    assert tail_of(((6, 3, 3),))[3] == pytest.approx(1 / 20)


@given(st.lists(st.integers(1, 6), max_size=6), st.floats(0.05, 0.95))
def test_growth_is_the_chance_of_whole_periods_falling_late(sizes, share):
    tail = late_sizes_tail(sizes, share)
    assert len(tail) == sum(sizes) + 1
    for k, chance in enumerate(tail):
        ways = (
            way for way in product((0, 1), repeat=len(sizes)) if sum(s for s, late in zip(sizes, way, strict=True) if late) >= k
        )
        assert chance == pytest.approx(sum(prod(share if late else 1 - share for late in way) for way in ways))


def test_one_illness_of_two_weeks_is_no_growth_but_the_same_half_days_apart_are():
    assert late_sizes_tail([18], 0.15)[18] == pytest.approx(0.15)
    assert late_sizes_tail([1] * 18, 0.15)[18] < 1e-9


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12)), min_size=1, max_size=12))
def test_the_own_base_always_weighs_between_its_bounds(pairs):
    moments = [moment("1", min(k, n), n, k + 4, n + 60) for k, n in pairs]
    assert PRIOR_LEAST <= prior_weight(moments) <= PRIOR_MOST


def test_the_own_base_weighs_most_where_nobody_has_a_pattern_and_least_where_everybody_has():
    even = [moment(str(day), 4, 36, 20, 180) for day in range(1, 6)]
    sharp = [moment(str(day), 20 if day == 1 else 0, 36, 20, 180) for day in range(1, 6)]
    assert prior_weight(even) == PRIOR_MOST
    assert prior_weight(sharp) < prior_weight([*sharp, *even * 3]) < PRIOR_MOST


def test_a_rate_is_drawn_towards_the_own_base_and_more_so_when_that_weighs_more():
    one = moment("1", 6, 10, 12, 180)
    raw = (6 / 10) / (12 / 180)
    assert raw > one.shrunk_ratio(4) > one.shrunk_ratio(40) > 1


def test_what_is_barely_above_the_own_base_takes_no_part_however_sure_it_is():
    heavy = moment("1", 300, 400, 1000, 2000)
    assert heavy.tail()[300] < 1e-9
    assert most_striking([heavy], 2.0, 4.0) == (None, Surprise(1.0, (heavy.tail(),)))


def test_one_chance_for_all_looks_is_no_less_than_the_smallest_and_no_more_than_all_of_them_together():
    looks = [moment(str(day), 9 if day == 1 else 2, 36, 17, 180) for day in range(1, 6)]
    best, surprise = most_striking(looks, 1.5, 40.0)
    assert best is looks[0]
    assert surprise.chance <= surprise.within(surprise.chance) <= 5 * surprise.chance * (1 + 1e-9)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=30), st.floats(0.01, 0.5))
@settings(max_examples=60)
def test_discoveries_are_those_of_the_textbook_where_every_chance_can_be_attained(ranks, share):
    fine = tuple(k / 1000 for k in range(1000, 0, -1))
    chances = [rank / 1000 * 5 for rank in ranks]
    found = [q <= share for q in adjusted([Surprise(chance, (fine,)) for chance in chances], share)]
    ordered = sorted(chances)
    stepped = 0
    for rank, chance in enumerate(ordered, start=1):
        if len(ordered) * chance / (1 - chance) / rank > share:
            break
        stepped = rank
    assert sum(found) == stepped
    assert all(chance <= ordered[stepped - 1] for chance, kept in zip(chances, found, strict=True) if kept)


def test_pupils_who_could_not_have_shown_anything_do_not_drown_one_who_does():
    clear, quiet = Surprise(1e-3, ((1.0, 0.2, 1e-3),)), Surprise(1.0, ((1.0, 0.5),))
    assert adjusted([clear, *[quiet] * 1000], 0.1)[0] <= 0.1
    loud = Surprise(1.0, ((1.0, 0.2, 1e-3),))
    assert adjusted([clear, *[loud] * 1000], 0.1)[0] == 1.0


def test_no_surprises_give_no_answer():
    assert adjusted([], 0.1) == []
