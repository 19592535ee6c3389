"""Small exports of a school, stored and loaded again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from absences.absence_factories import CODES, LONG, THRESHOLDS, make_calendar, write_csv

from stslib.absences import StoredVersion, load_absences, read_export, store_reading

CALENDARS = [make_calendar("2024-2025"), make_calendar("2025-2026")]
ROWS = [("000123", "1A", "01/09/2025", "VM", "B"), ("000456", "1A", "02/09/2025", "NM", "Z")]
MORE = [*ROWS, ("000789", "1A", "03/09/2025", "VM", "B")]
EARLIER = [("000123", "1A", "02/09/2024", "VM", "B")]


def read(path: Path, school_year: str = "2025-2026", **more):
    return read_export(
        path, school_year=school_year, codes=CODES, calendar=make_calendar(school_year), today=date(2026, 11, 22), **more
    )


def reading_of(folder: Path, rows: Iterable[tuple[str, ...]] = ROWS, school_year: str = "2025-2026"):
    return read(write_csv(folder / "export.csv", LONG, rows), school_year)


def store(
    data: Path, rows: Iterable[tuple[str, ...]] = ROWS, school_year: str = "2025-2026", school: str = "School", **more
) -> StoredVersion:
    return store_reading(data, school, reading_of(data.parent, rows, school_year), **more)


def load(data: Path, school: str = "School"):
    return load_absences(data, school, codes=CODES, thresholds=THRESHOLDS, calendars=CALENDARS)


def missed(data: Path, school: str = "School") -> int:
    """Half days missed that the stored figures tell, over all school years."""
    return sum(load(data, school).rate()["half_days_missed"].tolist())


def pupils_of(data: Path, school_year: str = "2025-2026", school: str = "School") -> set[int]:
    from stslib.absences.stored.load import load_years

    years = load_years(data, school, {calendar.school_year: calendar for calendar in CALENDARS})
    return next(set(year.half_days["pupil"].to_list()) for year in years if year.school_year == school_year)


def files_of(data: Path) -> dict[str, bytes]:
    """Every file below *data* but the lock."""
    found = sorted(path for path in data.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(data)): path.read_bytes() for path in found}
