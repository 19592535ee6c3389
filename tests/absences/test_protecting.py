"""What ``Absences`` shows in a record: nothing hidden can be reckoned from all the tables of an archive together."""

from __future__ import annotations

import random
from functools import partial

import numpy as np
import pandas as pd
import pytest
from absences.disclosure.archives import Archive, fill, random_facts
from absences.disclosure.auditing import reckoned

SCHOOLS = 150


@pytest.mark.parametrize("first", range(0, SCHOOLS, 30))
def test_nothing_hidden_follows_from_all_tables_of_an_archive_together(first):
    """Thirty schools of one to a dozen classes: rates, late arrivals, run charts, sums over weeks and a funnel."""
    shown = hidden = sizes = 0
    for seed in range(first, first + 30):
        archive = fill(Archive(random_facts(seed)), random.Random(seed), share=0.6)
        assert not archive.told(), seed
        assert not archive.sizes_told(), seed
        shown, hidden = shown + len(archive.shown), hidden + len(archive.hidden)
        sizes += len(archive.hidden_sizes)
    assert min(shown, hidden) > 500
    assert sizes > 100


ATOMS = ("level", "grade", "year", "stream", "class")


def told_of_counts(measure, count, part, seed, of_group="", chosen=slice(None)):
    """Small hidden counts of pupils that follow from the tables by every column and of all together; how many hid."""
    absences = Archive(random_facts(seed, large=2)).absences
    ask = partial(getattr(absences, measure), **({"every_rule": False} if measure == "thresholds" else {}))
    whole = pd.DataFrame(ask(by=ATOMS, disclosure="none"))
    whole = whole[~whole["apart"]].reset_index(drop=True) if "apart" in whole else whole
    known, small, names = set(), [], []
    for by in [(), *((name,) for name in ATOMS[1:])][chosen]:
        shown, real = ask(by=by, disclosure="record"), ask(by=by, disclosure="none")
        for row in range(len(real)):
            if "apart" in real and real["apart"][row]:
                continue
            group = np.ones(len(whole), dtype=bool)
            for name in by:
                group &= (whole[name] == real[name][row]).to_numpy()
            inside = group & (whole[part] == real[part][row]).to_numpy()
            if whole[count][inside].sum() != real[count][row]:
                continue  # a pupil of two classes is in the sum twice
            key = tuple(np.flatnonzero(inside).tolist())
            if not pd.isna(shown[count][row]):
                known.add(key)
            elif 0 < real[count][row] < 5:
                small.append(key)
                names.append((by, [real[name][row] for name in by], real[part][row], real[count][row]))
            if of_group and not pd.isna(shown[of_group][row]) and whole[count][group].sum() == real[of_group][row]:
                known.add(tuple(np.flatnonzero(group).tolist()))
    found = reckoned(whole[count].tolist(), [1000] * len(whole), sorted(known), small)
    return [names[place] for place in found], len(small)


@pytest.mark.parametrize(
    ("measure", "count", "part", "of_group"),
    [
        ("bands", "pupils_in_band", "band", "pupils"),
        ("thresholds", "pupils_over", "threshold", ""),
        ("spells", "spells", "length", "all_spells"),
    ],
)
def test_no_few_pupils_follow_from_a_table_by_groups_and_the_coarser_ones(measure, count, part, of_group):
    hidden = 0
    for seed in range(6):
        for chosen in (slice(0, 2), slice(0, 5, 4), slice(1, 5, 3)):
            told, few = told_of_counts(measure, count, part, seed, of_group, chosen)
            assert not told, (seed, told)
            hidden += few
    assert hidden > 20


def test_a_comparison_up_to_the_middle_of_a_week_is_shown_where_its_days_are():
    """And hidden where a day of that week is: the week and the sum would tell the rest of it."""
    from dataclasses import replace
    from datetime import date

    from absences.absence_factories import CODES
    from absences.open_tables import facts_in, make_facts

    from stslib.absences import Absences
    from stslib.absences.calendar import class_days

    def of_years(quiet: bool) -> pd.DataFrame:
        years = []
        for school_year, until in (("2024-2025", None), ("2025-2026", date(2025, 10, 9))):
            plain = make_facts(school_year)
            pupils = [str(number) for number in range(1, 41)]
            days = [day for day in class_days(plain.calendar) if day.month in (9, 10)]
            marks = {(pupil, day, "VM"): "Z" for day in days for pupil in pupils if (int(pupil) + day.day) % 3 == 0}
            if quiet:
                few = [key for key in marks if key[1] == date(2024, 10, 9)]
                marks = {key: code for key, code in marks.items() if key not in few[3:]}
            stays = [(pupil, "1A", plain.calendar.first_day, plain.calendar.last_day) for pupil in pupils]
            period = (plain.calendar.first_day, until or plain.calendar.last_day)
            facts = make_facts(school_year, marks, stays, period=period)
            years.append(replace(facts_in("polars", facts), last_day=period[1]))
        return Absences("Proef", years, codes=CODES).compare((), None, "record", every="same day").set_index("school_year")

    shown = of_years(quiet=False)
    assert not shown["suppressed"].any()
    assert shown.loc["2024-2025", "half_days_missed"] > 100
    hidden = of_years(quiet=True)
    assert hidden["suppressed"].tolist() == [True, False]


@pytest.mark.parametrize("policy", ["room", "record"])
def test_a_group_that_a_funnel_hides_tells_neither_its_side_nor_its_size(policy):
    from absences.absence_factories import CODES
    from absences.open_tables import facts_in, make_facts

    from stslib.absences import Absences
    from stslib.absences.calendar import class_days

    plain = make_facts()
    size = {"1A": 30, "1B": 25, "2A": 25, "3AB": 3}
    pupils = [(str(number), name) for number, name in enumerate((name for name, of in size.items() for _ in range(of)), 1)]
    stays = [(pupil, name, plain.calendar.first_day, plain.calendar.last_day) for pupil, name in pupils]
    days = class_days(plain.calendar)[:60]
    often = {"3AB": 1, "1A": 15, "1B": 12, "2A": 10}
    marks = {(pupil, day, "VM"): "Z" for pupil, name in pupils for day in days if (day.day + int(pupil)) % often[name] == 0}
    absences = Absences("Proef", [facts_in("polars", make_facts(marks=marks, enrolled=stays))], codes=CODES)
    open_to_all = absences.funnel(("class",)).set_index("class")
    assert open_to_all.loc["3AB", "outside"] == "99.8"
    hidden = absences.funnel(("class",), None, policy).set_index("class").loc["3AB"]
    assert hidden[["rate", "pupils", "low_95", "high_998"]].isna().all()
    assert (hidden["outside"], hidden["side"]) == ("", "")
