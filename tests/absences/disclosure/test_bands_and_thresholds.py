"""Bands and thresholds beside one another in a record: what one hides does not follow from the other."""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from absences.absence_factories import CODES, make_calendar
from absences.disclosure.auditing import reckoned
from absences.open_tables import facts_in, make_facts

from stslib.absences import Absences
from stslib.absences.calendar import slots
from stslib.content import load_thresholds
from stslib.errors import DatasetError

SCHOOLS = int(os.environ.get("STS_AUDIT_SCHOOLS", "20")) // 5
MOST = 60
PERIOD = (date(2025, 9, 1), date(2025, 12, 19))
MOMENTS = [(one.date, one.half) for one in slots(make_calendar()) if one.possible and PERIOD[0] <= one.date <= PERIOD[1]]


def random_school(seed: int) -> Absences:
    """A school in which few or many pupils are in each band of B half days, in two grades."""
    chance = random.Random(seed)
    numbers: list[int] = [0] * chance.choice([5, 12, 60])
    for first, last in ((1, 4), (5, 9), (10, 14), (15, 29), (30, 40)):
        numbers += [chance.randint(first, last) for _ in range(chance.choice([0, 1, 2, 3, 4, 5, 6, 9, 20]))]
    grades = {str(pupil): chance.choice("12") for pupil in range(len(numbers))}
    marks = {(str(pupil), day, half): "B" for pupil, n in enumerate(numbers) for day, half in MOMENTS[:n]}
    stays = [(pupil, f"{grade}A", *PERIOD) for pupil, grade in grades.items()]
    classes = {"class": ["1A", "2A"], "grade": ["1", "2"], "year": ["1", "3"], "stream": ["A", "A"], "level": ["s", "s"]}
    facts = replace(make_facts(marks=marks, enrolled=stays, period=PERIOD), classes=classes)
    return Absences("school", [facts_in("polars", facts)], codes=CODES, thresholds=load_thresholds(), disclosure="record")


def counted(absences: Absences) -> dict[int, int]:
    """Half days B -> pupils, those without any among them."""
    half_days = Counter(absences.half_days_per_pupil("unlawful", "2025-2026"))
    everybody = int(absences.bands(disclosure="none")["pupils_in_band"].sum())
    return {number: half_days.get(number, 0) for number in range(MOST + 1)} | {0: everybody - half_days.total()}


def sets_of(absences: Absences) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The sums of pupils by their number of half days that a reader sees, and the hidden ones of one to four."""
    shown, small = [], []
    bands, real = absences.bands(), absences.bands(disclosure="none")
    rows = [(int(row["from"]), MOST if pd.isna(row["to"]) else int(row["to"])) for row in real.to_dict("records")]
    cells = list(zip(rows, bands["pupils_in_band"], real["pupils_in_band"], strict=True))
    rules, truth = absences.thresholds(), absences.thresholds(disclosure="none")
    for place, row in enumerate(truth.to_dict("records")):
        if row["unit"] == "halve dagen per schooljaar":
            value = row["value"]
            cells.append(((value, MOST), rules["pupils_over"][place], row["pupils_over"]))
            cells.append(((-(-value * 8 // 10), value - 1), rules["pupils_near"][place], row["pupils_near"]))
    for (first, last), number, count in cells:
        members = tuple(range(first, last + 1))
        if not pd.isna(number):
            assert number == count
            shown.append(members)
        elif 0 < count < 5:
            small.append(members)
    return [*shown, tuple(range(MOST + 1))], small


def test_no_few_pupils_follow_from_bands_and_thresholds_together():
    hidden = 0
    for seed in range(SCHOOLS):
        absences = random_school(seed)
        numbers = counted(absences)
        shown, small = sets_of(absences)
        told = reckoned([numbers[one] for one in range(MOST + 1)], [1000] * (MOST + 1), shown, small)
        assert not told, (seed, [small[place][:: len(small[place]) - 1 or 1] for place in told])
        hidden += len(small)
    assert hidden > SCHOOLS // 2


@pytest.mark.parametrize("measure", ["bands", "thresholds", "spells", "distribution"])
def test_a_group_by_itself_shows_what_the_table_of_all_groups_shows_of_it(measure):
    absences = random_school(3)
    table = getattr(absences, measure)(by=["grade"])
    for grade in "12":
        alone = getattr(absences, measure)(where={"grade": grade})
        expected = table[table["grade"] == grade].drop(columns="grade").reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.DataFrame(alone), pd.DataFrame(expected))


@pytest.mark.parametrize(
    ("measure", "part"),
    [
        ("bands", {"where": {"grade": ["1", "2"]}}),
        ("thresholds", {"where": {"grade": "1", "class": "1A"}}),
        ("spells", {"period": PERIOD}),
        ("distribution", {"where": {"grade": "1"}, "period": PERIOD}),
    ],
)
def test_numbers_of_pupils_of_several_groups_or_some_days_are_not_kept(measure, part):
    absences = random_school(3)
    real, kept = (getattr(absences, measure)(disclosure=policy, **part) for policy in ("none", "record"))
    assert len(kept) == len(real)
    numbers = [name for name in real.columns if name.startswith(("pupils", "spells", "half_days_missed", "share_h"))]
    assert numbers
    assert kept[numbers].isna().all(axis=None)
    assert kept["suppressed"].all()


def test_where_a_length_of_spells_is_hidden_no_length_tells_its_half_days():
    """One spell of half a day and some of a day: their half days together are the absence of the school."""
    hidden = 0
    for seed in range(30):
        kept = random_school(seed).spells()
        if kept["spells"][~kept["apart"]].isna().any():
            hidden += 1
            assert kept["half_days"].isna().all()
            assert kept["school_days"].isna().all()
    assert hidden


def test_bands_of_chronic_absence_without_a_rule_in_percent_are_refused_in_dutch():
    absences = random_school(3)
    rules = [rule for rule in load_thresholds() if not rule.unit.startswith("procent")]
    without = Absences("school", absences.facts, codes=CODES, thresholds=rules)
    with pytest.raises(DatasetError, match="geen enkele grens in procent"):
        without.bands(of="chronic")
