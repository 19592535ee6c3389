"""Many schools, counted a few at a time: memory stays that of a few schools, and the numbers of all add up.

A pupil has a pseudonym of one school, so half days, possible half days and distinct pupils of schools can be added. A pupil who
changed schools is one pupil in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from stslib.absences import engine
from stslib.absences.tables import SchoolYearFacts

BATCH_ROWS = 1_000_000
"""Half days that are counted at once; one school is never split."""

_USUAL_ROWS = 50_000
"""Of a table that does not tell how many rows it has."""


def batches_of(facts: Sequence[SchoolYearFacts]) -> tuple[tuple[SchoolYearFacts, ...], ...]:
    """*facts* in groups of whole schools; all at once where the engine itself spreads its work, as Spark does."""
    if not engine.like(facts[0].half_days).in_batches:
        return (tuple(facts),)
    schools = [tuple(years) for _, years in groupby(sorted(facts, key=lambda year: year.school), lambda year: year.school)]
    batches: list[tuple[SchoolYearFacts, ...]] = []
    room = 0
    for years in schools:
        rows = sum(_rows(year.half_days) for year in years)
        if not batches or rows > room:
            batches.append(())
            room = BATCH_ROWS
        batches[-1] += years
        room -= rows
    return tuple(batches)


def _rows(native: Any) -> int:
    try:
        return len(native)
    except TypeError:
        return _USUAL_ROWS


def add_up(
    parts: Iterable[Mapping[str, Sequence[Any]]], by: Sequence[str], sums: Sequence[str], least: Sequence[str] = ()
) -> dict[str, list[Any]]:
    """The rows of *parts* with the same *by* as one: *sums* added, of *least* the smallest."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for part in parts:
        columns = [part[name] for name in (*by, *sums, *least)]
        for row in zip(*columns, strict=True):
            key, numbers = row[: len(by)], row[len(by) :]
            known = found.get(key)
            if known is None:
                found[key] = list(numbers)
                continue
            for place, number in enumerate(numbers):
                known[place] = known[place] + number if place < len(sums) else min(known[place], number)
    keys, values = list(found), list(found.values())
    result = {name: [key[place] for key in keys] for place, name in enumerate(by)}
    return {**result, **{name: [row[place] for row in values] for place, name in enumerate((*sums, *least))}}
