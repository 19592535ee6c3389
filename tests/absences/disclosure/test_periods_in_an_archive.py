"""Whole archives with several periods: no sensitive number follows from year, periods, weeks and groups together."""

from __future__ import annotations

import os
import random
from datetime import date, timedelta

import pandas as pd
import pytest
from absences.disclosure.archives import Archive, fill, fill_periods, note_what_lies_between, random_facts, random_periods

SCHOOLS = int(os.environ.get("STS_AUDIT_SCHOOLS", "20"))
PER_TEST = 15


def audited(seed: int) -> tuple[Archive, list[tuple[date, date]]]:
    chance = random.Random(seed)
    archive = Archive(random_facts(seed, large=chance.choice([1, 1, 2, 3])))
    periods = random_periods(archive, chance)
    archive.absences = archive.absences.with_periods(periods)
    share = chance.choice([0.2, 0.4, 0.7])
    fill_periods(fill(archive, chance, share), periods, chance, share)
    note_what_lies_between(archive, periods)
    return archive, periods


@pytest.mark.parametrize("first", range(0, SCHOOLS, PER_TEST))
def test_no_sensitive_number_follows_from_several_periods_beside_the_year(first):
    """Since-cards with starts days apart, figures up to an earlier day, weeks, months and groups: all beside one another."""
    shown = hidden = of_periods = 0
    for seed in range(first, first + PER_TEST):
        archive, _ = audited(seed)
        assert not archive.sensitive_told(), seed
        assert not archive.small_sizes_told(), seed
        shown, hidden = shown + len(archive.shown), hidden + len(archive.hidden)
        of_periods += sum("/" in name for name in archive.shown.values())
    assert min(shown, hidden) > 200
    assert of_periods > 20


def test_the_audit_finds_periods_that_were_each_decided_by_themselves():
    """What was done before: one period less the other, or less the year, is then the count of few."""
    found = 0
    for seed in range(8):
        archive = Archive(random_facts(seed, large=2))
        together, days = archive.absences, archive.days
        periods = [(days[place], days[-1]) for place in (4, 6, 8)]
        archive.rate(("class",))
        for period in periods:
            archive.absences = together.with_periods([period])
            archive.of_period(("class",), None, period)
        note_what_lies_between(archive, periods)
        found += bool(archive.sensitive_told())
    assert found


def test_a_period_that_was_not_announced_shows_only_what_its_days_may_show():
    for seed in range(12):
        archive = Archive(random_facts(seed, large=3))
        days = archive.days
        period = (days[len(days) // 3], days[2 * len(days) // 3])
        by_day = archive.absences.rate(["date"])
        inside = by_day["date"].between(*period)
        frame = archive.absences.rate(period=period)
        assert frame["suppressed"].tolist() == [bool(by_day["suppressed"][inside].any())]


def test_announcing_a_period_hides_no_number_of_the_whole_year():
    for seed in range(12):
        archive = Archive(random_facts(seed))
        days = archive.days
        announced = archive.absences.with_periods([(days[4], days[-1]), (days[0], days[9])])
        for by in ((), ("class",), ("grade",), ("weekday", "half"), ("status",)):
            pd.testing.assert_frame_equal(pd.DataFrame(announced.rate(by)), pd.DataFrame(archive.absences.rate(by)))


def test_a_period_over_all_days_or_none_cuts_nothing():
    archive = Archive(random_facts(3))
    days = archive.days
    before, after = days[0] - timedelta(days=30), days[-1] + timedelta(days=30)
    announced = archive.absences.with_periods([(before, after), (before, before), (after, after)])
    for by in (("class",), ("class", "week")):
        whole = pd.DataFrame(archive.absences.rate(by))
        pd.testing.assert_frame_equal(pd.DataFrame(announced.rate(by, period=(before, after))), whole)
    assert announced.rate(("class",), period=(after, after)).empty
