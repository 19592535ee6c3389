"""The figures of a school for a colleague in Python: codes, thresholds and calendars come from content by themselves."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from stslib.paths import data_folder

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

UNNAMED = "deze school"
"""What a school is called that was read without a name."""


def load_absences(school: str, data: Path | str | None = None) -> Absences:
    """The stored half days of *school*: the newest version of every school year that was brought in.

    Args:
        school: the name it was stored under.
        data: the data folder; None takes ``STS_DATA`` or the platform's own.

    Raises:
        DatasetError: nothing is stored for this school.
    """
    from stslib.absences.stored import load
    from stslib.content import calendars, load_codes, load_thresholds

    return load.load_absences(
        data_folder(data), school, codes=load_codes(), thresholds=load_thresholds(), calendars=calendars()
    )


def read_absences(
    path: Path | str,
    *,
    school_year: str,
    enrolment: Path | str | None = None,
    classes: Path | str | None = None,
    school: str = UNNAMED,
) -> Absences:
    """Read one export for a look around; nothing stays on disk.

    Args:
        path: the export, CSV or XLSX.
        school_year: the year it is about, as ``2025-2026``.
        enrolment: pupil, class, from, to; without it every pupil counts for the whole period of the export.
        classes: class, grade, year, stream or finality, level; without it those groups are "onbekend".
        school: a name for titles.

    Returns:
        The half days, with what reading said about each row in ``report``.

    Raises:
        ReadingError: nothing in the file is usable.
        ContentError: content has no calendar for *school_year*.
    """
    from stslib.absences import store_reading
    from stslib.absences.reading.export import read_export
    from stslib.absences.stored import load
    from stslib.content import load_calendar, load_codes, load_thresholds

    codes, calendar = load_codes(), load_calendar(school_year)
    reading = read_export(
        Path(path),
        school_year=school_year,
        codes=codes,
        calendar=calendar,
        enrolment=None if enrolment is None else Path(enrolment),
        classes=None if classes is None else Path(classes),
    )
    with TemporaryDirectory(prefix="sts-") as folder:
        store_reading(Path(folder), school, reading)
        return load.load_absences(Path(folder), school, codes=codes, thresholds=load_thresholds(), calendars=(calendar,))
