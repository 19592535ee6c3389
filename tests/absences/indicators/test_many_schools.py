"""Schools that are counted a few at a time give the numbers of all at once."""

from __future__ import annotations

import narwhals as nw
import pytest
from absences.nasty_school import ABSENT, make_year
from absences.open_tables import of_year, open_apart, open_in

from stslib.absences.indicators.bands import count_bands, count_chronic_bands
from stslib.absences.indicators.comparison import compare_years
from stslib.absences.indicators.distribution import histograms
from stslib.absences.indicators.funnel import funnel
from stslib.absences.indicators.run_chart import run_chart
from stslib.absences.indicators.spells import count_spells

MISSED = nw.col("code").is_in(sorted(ABSENT))
CODES = tuple(sorted(ABSENT))


def school_year_of(school: str, number: int, school_year: str, seed: int):
    """A generated school year with pseudonyms that no other school has."""
    year = make_year(school_year, seed)
    year.enrolled = [(f"{number}{pupil}", *rest) for pupil, *rest in year.enrolled]
    year.marks = {(f"{number}{pupil}", *rest): code for (pupil, *rest), code in year.marks.items()}
    return of_year(year, school=school)


SCHOOLS = [
    school_year_of("Noord", 1, "2024-2025", 1),
    school_year_of("Noord", 1, "2025-2026", 2),
    school_year_of("Zuid", 2, "2025-2026", 3),
    school_year_of("Oost", 3, "2024-2025", 4),
]

INDICATORS = {
    "spells": lambda tables: count_spells(tables, MISSED, ["grade"], long_days=22),
    "spells per school": lambda tables: count_spells(tables, MISSED, ["school"]),
    "distribution": lambda tables: histograms(tables, MISSED, ["school_year"]),
    "bands": lambda tables: count_bands(tables, ("B",), (5, 10), ["grade"]),
    "chronic bands": lambda tables: count_chronic_bands(tables, CODES, (5, 10), ["school"]),
    "comparison": lambda tables: compare_years(tables, MISSED, ["grade"]),
    "run chart": lambda tables: run_chart(tables, MISSED, ["school"]),
    "run chart of all": lambda tables: run_chart(tables, MISSED),
    "funnel": lambda tables: funnel(tables, MISSED, ["school"]),
    "funnel of years": lambda tables: funnel(tables, MISSED, ["year"]),
}


def in_rows(result):
    """A result without the order of its groups."""
    if any(isinstance(name, tuple) for name in result):
        return result
    rows = zip(*result.values(), strict=True)
    return sorted((tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row) for row in rows), key=str)


@pytest.mark.parametrize("name", INDICATORS)
def test_numbers_of_schools_counted_apart_add_up(engine, name):
    count = INDICATORS[name]
    together = in_rows(count(open_in(engine, SCHOOLS)))
    assert together
    assert in_rows(count(open_apart(engine, SCHOOLS))) == together
    assert in_rows(count(iter(open_apart(engine, SCHOOLS)))) == together
