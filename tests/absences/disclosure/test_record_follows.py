"""Nothing hidden in a record can be reckoned: a linear-programming audit of all tables of random schools."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from absences.disclosure.auditing import reckoned
from absences.disclosure.random_schools import PUPIL, random_school

from stslib.absences.disclosure.family import Family
from stslib.absences.disclosure.times import Level, coarsen

KINDS_OF_TABLES = [
    ((), "absent", 300),
    ((), "late", 150),
    (("half",), "absent", 100),
    (("weekday",), "absent", 100),
    (("weekday", "half"), "absent", 80),
    (("weekday", "half"), "late", 50),
    (("month",), "absent", 50),
    (("month", "week"), "absent", 60),
    (("status",), "absent", 60),
    (("status", "code"), "absent", 30),
    (("half", "status"), "absent", 20),
]
"""Columns beside the pupil columns, what is counted, and how many schools: 1,000 families of tables together."""


def all_tables(seed: int, columns: tuple[str, ...], measure: str):
    """Every number of every table over *columns* or fewer, as the smallest cells it adds up, with whether it is shown."""
    school = random_school(seed, weeks=4 if "week" in columns else 2)
    family = Family(lambda by: school.ask(by, measure, ""), PUPIL, late=measure == "late")
    top = Level.of(columns)
    finest = family.count(top)
    width = len(finest.cells)
    limits = finest.possible.ravel()
    shown: set[tuple[int, ...]] = set()
    hidden: dict[tuple[int, ...], str] = {}
    for steps in product(*(range(one + 1) for one in top)):
        level = Level(*steps)
        decided, counted = family.counts(level), family.count(level)
        inside: dict[object, list[int]] = {}
        for number, cell in enumerate(finest.cells):
            inside.setdefault(coarsen(cell, top, level), []).append(number)
        totals = counted.missed.T @ family.groups.members
        few = family._few(counted)
        for number, cell in enumerate(decided.cells):
            for group in np.flatnonzero(decided.exists[number]).tolist():
                atoms = np.flatnonzero(family.groups.members[:, group]).tolist()
                at = tuple(a * width + c for a in atoms for c in inside[cell] if limits[a * width + c] > 0)
                if decided.shown[number, group]:
                    shown.add(at)
                else:
                    small = "few: " if few[number, group] else ""
                    name = f"{small}{level} {cell} {family.groups.values[group]}: {totals[number, group]:.0f}"
                    hidden[at] = name
    values = finest.missed.ravel()
    together: dict[object, list[int]] = {}
    for number, cell in enumerate(finest.cells):
        together.setdefault(cell[:3], []).append(number)
    at_most = [
        ([atom * width + number for number in numbers], float(finest.possible[atom, numbers[0]]))
        for atom in range(len(finest.missed))
        for numbers in together.values()
        if len(numbers) > 1
    ]
    return values, limits, shown, hidden, at_most


@pytest.mark.parametrize(("columns", "measure", "schools"), KINDS_OF_TABLES)
def test_no_hidden_count_of_any_table_can_be_reckoned(columns, measure, schools):
    hidden_numbers = 0
    for seed in range(schools):
        values, limits, shown, hidden, at_most = all_tables(seed, columns, measure)
        assert not shown & set(hidden), seed
        told = reckoned(values, limits, sorted(shown), list(hidden), at_most)
        assert not told, (seed, [list(hidden.values())[place] for place in told])
        hidden_numbers += len(hidden)
    assert hidden_numbers > schools


def test_the_audit_finds_what_can_be_reckoned():
    values, limits = [3, 20, 9], [50, 50, 50]
    assert reckoned(values, limits, [(0, 1, 2), (1,), (2,)], [(0,)]) == [0]
    assert reckoned(values, limits, [(0, 1, 2), (2,)], [(0,), (1,)]) == []
    assert reckoned([0, 0, 9], limits, [(0, 1), (2,)], [(0,), (1,)]) == [0, 1]
    assert reckoned([50, 50, 9], limits, [(0, 1)], [(0,), (2,)]) == [0]
