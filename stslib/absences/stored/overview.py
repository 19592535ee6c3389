"""What is stored of every school, until when, and what is past its day; as counts, never as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from stslib.absences.calendar import check_school_year, default_keep_until
from stslib.absences.stored.keeping import check_day, chosen_day, write_day
from stslib.absences.stored.link import LinkState, state_of
from stslib.absences.stored.places import (
    KEEP,
    PROFILE,
    number_of,
    one_name,
    school_folder,
    school_folders,
    size_on_disk,
    version_folders,
    year_folders,
)
from stslib.absences.stored.settling import changing
from stslib.absences.stored.versions import StoredVersion, describe, read_meta
from stslib.errors import DatasetError
from stslib.text import format_date, local_time


@dataclass(frozen=True)
class Version:
    """One stored version; of a damaged one only the number is known."""

    number: int
    stored_at: datetime | None = None
    rows: int = 0
    """Of the export."""
    half_days: int = 0
    pupils: int = 0
    content_hash: str = ""

    @property
    def damaged(self) -> bool:
        """Whether its ``meta.json`` cannot be read; the tables are checked when they are used."""
        return self.stored_at is None

    @property
    def name(self) -> str:
        """``versie 2 van 03/11/2026``."""
        if self.stored_at is None:
            return f"versie {self.number} (beschadigd)"
        return f"versie {self.number} van {format_date(local_time(self.stored_at).date())}"


@dataclass(frozen=True)
class StoredYear:
    """One school year of one school."""

    school: str
    school_year: str
    keep_until: date
    versions: tuple[Version, ...]
    """Oldest first; the last one counts."""
    trouble: str = ""
    """A Dutch sentence where something is damaged."""

    def is_overdue(self, today: date) -> bool:
        """Whether the day that it is kept until has passed."""
        return today > self.keep_until


@dataclass(frozen=True)
class StoredSchool:
    """Everything that is stored of one school, without one row."""

    name: str
    folder: str
    """The name of its folder below ``absences/``."""
    years: tuple[StoredYear, ...]
    has_profile: bool


def stored_schools(data: Path) -> tuple[StoredSchool, ...]:
    """Every school that anything is stored of, by name."""
    found = [school for folder in school_folders(data) if (school := stored_school(folder)) is not None]
    return tuple(sorted(found, key=lambda school: (school.name.casefold(), school.folder)))


def stored_school(folder: Path) -> StoredSchool | None:
    """What the folder of one school holds; None when that is nothing."""
    found: list[tuple[Path, tuple[Version, ...], StoredVersion | None]] = []
    name = ""
    for year_folder in year_folders(folder):
        versions, last = _versions_of(year_folder)
        name = last.school if last else name
        found.append((year_folder, versions, last))
    has_profile = (folder / PROFILE).exists()
    if not found and not has_profile:
        return None
    name = name or _name_in_profile(folder) or folder.name
    return StoredSchool(name, folder.name, tuple(_year(name, *one) for one in found), has_profile)


def _versions_of(year_folder: Path) -> tuple[tuple[Version, ...], StoredVersion | None]:
    """The versions of a school year, and the last one of them that can be read."""
    versions, last = [], None
    for path in version_folders(year_folder):
        try:
            one = describe(path, read_meta(path), changed=False)
        except DatasetError:
            versions.append(Version(number_of(path)))
        else:
            versions.append(Version(one.version, one.stored_at, one.rows, one.half_days, one.pupils, one.content_hash))
            last = one
    return tuple(versions), last


def _year(school: str, year_folder: Path, versions: tuple[Version, ...], last: StoredVersion | None) -> StoredYear:
    trouble = []
    if versions[-1].damaged:
        trouble.append("De nieuwste versie is beschadigd: breng de export van dit schooljaar opnieuw in.")
    if (year_folder / KEEP).exists() and chosen_day(year_folder) is None:
        trouble.append("De gekozen bewaardatum is onleesbaar: kies ze opnieuw.")
    keep_until = last.keep_until if last else chosen_day(year_folder) or default_keep_until(year_folder.name)
    return StoredYear(school, year_folder.name, keep_until, versions, " ".join(trouble))


def _name_in_profile(folder: Path) -> str:
    from stslib.absences.stored.profiles import school_in

    return school_in(folder / PROFILE)


def find_school(data: Path, name: str) -> StoredSchool:
    """What is stored of the school called *name*; where its name can no longer be read, the name of its folder does.

    Raises:
        DatasetError: nothing is stored under that name; the message says which names there are.
    """
    wanted = {school_folder(data, name).name, one_name(name)}
    schools = stored_schools(data)
    for school in schools:
        if school.folder in wanted:
            return school
    known = ", ".join(f"‘{school.name}’" for school in schools)
    raise DatasetError(
        "school",
        f"Van ‘{one_name(name)}’ is niets bewaard.",
        f"Schrijf de naam zoals hij bewaard is: {known}." if known else "In deze gegevensmap staan geen cijfers.",
    )


def find_year(school: StoredSchool, school_year: str) -> StoredYear:
    """One school year of *school*.

    Raises:
        DatasetError: it is not stored, or *school_year* does not read as one.
    """
    check_school_year(school_year)
    for year in school.years:
        if year.school_year == school_year:
            return year
    known = ", ".join(year.school_year for year in school.years)
    raise DatasetError(
        "schooljaar",
        f"Van {school.name} zijn geen cijfers over schooljaar {school_year} bewaard.",
        f"Bewaard zijn: {known}." if known else "Breng eerst een export van de afwezigheden in.",
    )


def size_of(data: Path, school: StoredSchool) -> int:
    """Bytes on disk of everything of *school*."""
    return size_on_disk(school_folder_of(data, school))


def link_of(data: Path, school: StoredSchool) -> LinkState:
    """Whether the link of *school* is there and can be opened."""
    return state_of(data, school_folder_of(data, school))


def school_folder_of(data: Path, school: StoredSchool) -> Path:
    """Where *school* is."""
    from stslib.absences.stored.places import figures_root

    return figures_root(data) / school.folder


# -- until when ----------------------------------------------------------------------------------------------------------------


def overdue(data: Path, today: date) -> tuple[StoredYear, ...]:
    """The stored school years of all schools that *today* is past the day they are kept until."""
    return tuple(year for school in stored_schools(data) for year in school.years if year.is_overdue(today))


def set_keep_until(data: Path, school: str, school_year: str, day: date) -> date:
    """Keep a school year until *day*, that day included; returns the day it was kept until before.

    Raises:
        DatasetError: it is not stored, the day cannot be meant, or the folder cannot be written; nothing changed then.
    """
    check_day(school_year, day)
    with changing(data, "De nieuwe bewaardatum kon niet bewaard worden; de vorige blijft gelden."):
        found = find_school(data, school)
        before = find_year(found, school_year).keep_until
        if chosen_day(school_folder_of(data, found) / school_year) != day:
            write_day(school_folder_of(data, found) / school_year, day)
    return before
