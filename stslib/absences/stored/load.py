"""From the disk back to figures: the newest version of every school year, checked before it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.absences.reading.report import BROUGHT_COLUMNS, TOTAL_COLUMNS, ReadingReport, empty_frame
from stslib.absences.stored.places import one_name, school_folder
from stslib.absences.stored.profiles import own_code_table
from stslib.absences.stored.versions import TABLES, check_tables, damaged, newest_folders, read_meta
from stslib.absences.tables import SchoolYearFacts
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, Threshold, WeeklyGrid

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences
    from stslib.absences.disclosure.policies import Policy


Opened = Callable[[Path, Mapping[str, Any]], Any]
"""A Parquet file of a version, and the version's meta -> a frame of some engine, or None for an empty table."""


def load_absences(
    data: Path,
    school: str,
    *,
    codes: Sequence[AbsenceCode],
    thresholds: Sequence[Threshold],
    calendars: Sequence[SchoolYearCalendar],
    grid: WeeklyGrid | None = None,
    disclosure: Policy = "none",
) -> Absences:
    """The newest version of every school year that is stored for *school*.

    Args:
        data: the data folder.
        school: the name of the school.
        codes: the code table of today; what the school's profile says of its own codes goes before it.
        thresholds: the rules with a number.
        calendars: of at least the school years that are stored.
        grid: the school's week; None is the one that each year was read with.
        disclosure: the policy of an indicator that names none.

    Raises:
        DatasetError: nothing is stored, it is damaged, or there is no calendar for it.
    """
    from stslib.absences.analysis import Absences

    known = {calendar.school_year: calendar for calendar in calendars}
    years = load_years(data, school, known, grid)
    own = own_code_table(data, school, codes)
    return Absences(one_name(school), years, codes=own, thresholds=thresholds, disclosure=disclosure)


def load_schools(
    data: Path,
    schools: Sequence[str],
    *,
    codes: Sequence[AbsenceCode],
    thresholds: Sequence[Threshold],
    calendars: Sequence[SchoolYearCalendar],
    name: str,
    session: Any = None,
) -> Absences:
    """Several schools together, under the ``shared`` policy unless a question names another; half days stay on disk.

    Args:
        data: the data folder; with *session* one that every machine of the cluster can read.
        schools: the names they were stored under.
        codes: the code table of today.
        thresholds: the rules with a number.
        calendars: of at least the school years that are stored.
        name: what they are called together.
        session: a Spark session that is running; None counts in this process, a few schools at a time.

    Raises:
        DatasetError: as for ``load_absences``; or no school at all.
    """
    from stslib.absences.analysis import Absences

    if not schools:
        raise DatasetError("cijfers", "Er zijn van geen enkele school cijfers bewaard.", "Breng eerst exports in.")
    known = {calendar.school_year: calendar for calendar in calendars}
    opened = _scan if session is None else partial(_read_with, session)
    years = [
        year for school in dict.fromkeys(map(one_name, schools)) for year in load_years(data, school, known, opened=opened)
    ]
    several = len({year.school for year in years}) > 1
    return Absences(name, years, codes=codes, thresholds=thresholds, disclosure="shared" if several else "record")


def load_years(
    data: Path,
    school: str,
    calendars: Mapping[str, SchoolYearCalendar],
    grid: WeeklyGrid | None = None,
    *,
    opened: Opened | None = None,
) -> list[SchoolYearFacts]:
    """The stored school years of *school*, oldest first, as Polars tables, or as *opened* opens a Parquet file.

    Raises:
        DatasetError: as for ``load_absences``.
    """
    folder = school_folder(data, school)
    while True:
        found = newest_folders(folder)
        if not found:
            raise DatasetError(
                "cijfers", "Van deze school zijn nog geen cijfers bewaard.", "Breng eerst een export van de afwezigheden in."
            )
        try:
            return [load_version(path, calendars, grid, opened=opened) for path in found]
        except DatasetError:
            # Another window may have brought in or removed a version meanwhile.
            if newest_folders(folder) == found:
                raise


def load_version(
    path: Path,
    calendars: Mapping[str, SchoolYearCalendar],
    grid: WeeklyGrid | None = None,
    *,
    opened: Opened | None = None,
) -> SchoolYearFacts:
    """One version of one school year, by its folder.

    Raises:
        DatasetError: it is damaged, or there is no calendar for it.
    """
    import polars as pl

    meta = read_meta(path)
    check_tables(path, meta)
    school_year = meta.get("school_year")
    if school_year != path.parent.name:
        raise damaged(path)
    if school_year not in calendars:
        raise DatasetError(
            "kalender",
            f"Er is geen kalender voor schooljaar {school_year}.",
            f"Voeg hem toe in content/kalender.yaml; er zijn: {', '.join(sorted(calendars))}.",
        )
    try:
        tables = {name: (opened or _open)(path / f"{name}.parquet", meta) for name in TABLES[meta["format"]]}
        return SchoolYearFacts(
            school=meta["school"],
            school_year=school_year,
            calendar=calendars[school_year],
            grid=grid or WeeklyGrid.model_validate(meta["grid"], strict=False),
            free_days=tuple(Period.model_validate(day) for day in meta["free_days"]),
            period=tuple(map(date.fromisoformat, meta["period"])) if meta["period"] else None,  # type: ignore[arg-type]
            last_day=date.fromisoformat(meta["last_day"]),
            enrolment_known=meta["enrolment_known"],
            report=_report(meta["report"]),
            link=meta["link"],
            shape=meta["shape"] if "shape" in meta else meta["report"]["shape"],
            **{"brought": _empty(BROUGHT_COLUMNS), "totals": _empty(TOTAL_COLUMNS), **tables},
        )
    except (pl.exceptions.PolarsError, OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def _scan(path: Path, meta: Mapping[str, Any]) -> Any:
    """Half days stay on disk, where many schools are counted together."""
    import polars as pl

    return pl.scan_parquet(path) if path.stem == "half_days" else pl.read_parquet(path)


def _read_with(session: Any, path: Path, meta: Mapping[str, Any]) -> Any:
    """A table of Spark. A small table that is empty in most schools is left out where it is."""
    import polars as pl

    if path.stem in ("brought", "totals") and not pl.scan_parquet(path).select(pl.len()).collect().item():
        return None
    return session.read.parquet(path.resolve().as_uri())


def _open(path: Path, meta: Mapping[str, Any]) -> Any:
    """A table in memory; the half days of a very large school stay on disk and are read as they are counted."""
    import polars as pl

    from stslib.absences import engine

    if path.stem == "half_days" and int(meta["report"]["half_days"]) > engine.IN_MEMORY_ROWS:
        return pl.scan_parquet(path)
    return pl.read_parquet(path)


def _report(content: Any) -> ReadingReport | None:
    """What reading said; None for a report of an older version of the program that told other things."""
    try:
        return ReadingReport.model_validate(content)
    except ValueError:
        return None


def _empty(columns: tuple[str, ...]) -> Any:
    """A table that a version of format 1 does not have, with pseudonyms as they are stored."""
    import polars as pl

    return empty_frame(columns).cast({"pupil": pl.Int64})
