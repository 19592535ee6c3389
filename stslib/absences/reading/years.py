"""The year of a class, proposed from the first digit of its name. A person confirms it; a stream is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from stslib.absences.reading.values import class_key

_FIRST_DIGIT = re.compile(r"^\s*([1-7])(?!\d)")


def propose_years(class_names: Iterable[str]) -> dict[str, str]:
    """Class -> year, for the classes whose name starts with a single digit from 1 to 7.

    ``5 LWI`` gives 5; ``OKAN``, ``K2`` and ``10B`` give nothing. Nothing is used before ``read_export`` gets it back as
    ``confirmed_years``.
    """
    matches = ((name, _FIRST_DIGIT.match(name)) for name in class_names)
    return {name: match[1] for name, match in matches if match}


def add_confirmed_years(
    rows: dict[str, dict[str, str | None]], class_names: Iterable[str], confirmed: Mapping[str, str]
) -> None:
    """Fill in the confirmed year of every class that has none in *rows* (class -> grade, year, stream, level)."""
    years = {class_key(name): " ".join(year.split()) for name, year in confirmed.items() if year.strip()}
    for name in class_names:
        year = years.get(class_key(name))
        if year is not None:
            row = rows.setdefault(name, {})
            row["year"] = row.get("year") or year
