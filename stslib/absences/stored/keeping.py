"""Until when the figures of a school year are kept."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path

from stslib.absences.calendar import check_school_year
from stslib.absences.stored.disk import write_whole
from stslib.absences.stored.places import KEEP
from stslib.errors import DatasetError
from stslib.text import format_date

LONGEST_YEARS = 20
"""A day further than so many years after the school year is a slip of the keyboard."""


def chosen_day(year_folder: Path) -> date | None:
    """The day that somebody chose for a school year; None where nobody did, or where the note of it is damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return date.fromisoformat(json.loads((year_folder / KEEP).read_text(encoding="utf-8"))["keep_until"])
    return None


def check_day(school_year: str, day: date) -> None:
    """Refuse a day that nobody can have meant.

    Raises:
        DatasetError: it lies before the school year or more than ``LONGEST_YEARS`` after it.
    """
    first = date(int(check_school_year(school_year)[:4]), 9, 1)
    last = date(first.year + 1 + LONGEST_YEARS, 8, 31)
    if not first <= day <= last:
        raise DatasetError(
            "bewaren tot",
            f"{format_date(day)} past niet bij schooljaar {school_year}.",
            f"Kies een dag tussen {format_date(first)} en {format_date(last)}.",
        )


def write_day(year_folder: Path, day: date) -> None:
    """Note the day that was chosen for a school year."""
    write_whole(year_folder / KEEP, json.dumps({"keep_until": day.isoformat()}).encode())
