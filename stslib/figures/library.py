"""The figures of a school for a colleague in Python: codes, thresholds and calendars come from content by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stslib.absences.counted import Counted
from stslib.paths import data_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from stslib.absences.analysis import Absences

UNNAMED = "deze school"
"""What a school is called that was read without a name."""


def load_absences(school: str | Sequence[str], data: Path | str | None = None, *, spark: Any = None) -> Absences:
    """The stored half days of a school, or of several: the newest version of every school year that was brought in.

    Args:
        school: the name it was stored under, or several names; several are counted under the ``shared`` policy unless a
            question names another.
        data: the data folder; None takes ``STS_DATA`` or the platform's own.
        spark: a Spark session that is running, to count there; None counts in this process.

    Raises:
        DatasetError: nothing is stored for a school, or it is damaged.
    """
    from stslib.absences.stored import load
    from stslib.content import calendars, load_codes, load_thresholds

    codes, thresholds, years = load_codes(), load_thresholds(), calendars()
    if isinstance(school, str) and spark is None:
        return load.load_absences(data_folder(data), school, codes=codes, thresholds=thresholds, calendars=years)
    names = [school] if isinstance(school, str) else list(school)
    name = names[0] if len(names) == 1 else f"{len(names)} scholen"
    return load.load_schools(
        data_folder(data), names, codes=codes, thresholds=thresholds, calendars=years, name=name, session=spark
    )


def stored_schools(data: Path | str | None = None) -> tuple[str, ...]:
    """The schools that figures are stored of, by name."""
    from stslib.absences import stored_versions

    return tuple(sorted({version.school for version in stored_versions(data_folder(data))}))


def read_absences(
    path: Path | str,
    *,
    school_year: str,
    enrolment: Path | str | None = None,
    classes: Path | str | None = None,
    school: str = UNNAMED,
    mapping: Mapping[str, str] | None = None,
    free_days: Sequence[date] = (),
) -> Absences:
    """Read one export for a look around; nothing stays on disk.

    Args:
        path: the export, in any of the shapes and file types that ``sts import`` takes.
        school_year: the year it is about, as ``2025-2026``.
        enrolment: pupil, class, from, to; without it every pupil counts for the whole period of the export.
        classes: class, grade, year, stream or finality, level; without it those groups are "onbekend".
        school: a name for titles.
        mapping: which column is what, where the headers do not tell: ``{"pupil": "ID"}``.
        free_days: the school's own free days.

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
    from stslib.model.absence import Period

    codes, calendar = load_codes(), load_calendar(school_year)
    reading = read_export(
        Path(path),
        school_year=school_year,
        codes=codes,
        calendar=calendar,
        enrolment=None if enrolment is None else Path(enrolment),
        classes=None if classes is None else Path(classes),
        mapping=mapping,
        free_days=[Period(name="eigen vrije dag", first=day, last=day) for day in free_days],
    )
    with TemporaryDirectory(prefix="sts-") as folder:
        store_reading(Path(folder), school, reading)
        return load.load_absences(Path(folder), school, codes=codes, thresholds=load_thresholds(), calendars=(calendar,))


def _draw(result: Counted) -> Figure:
    from stslib.figures.plots import plot_of

    return plot_of(result)


Counted.drawing = staticmethod(_draw)
