"""Taking stored figures away: first said, then noted, then out of sight in one step, then wiped, then noted again.

A crash leaves each part whole or out of sight. Sessions, answers, pinned figures and archives are never touched.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from stslib.absences.stored.disk import sync_folder
from stslib.absences.stored.overview import (
    StoredSchool,
    StoredYear,
    Version,
    find_school,
    find_year,
    school_folder_of,
    stored_schools,
)
from stslib.absences.stored.places import figures_root, key_path, link_path, school_folder
from stslib.absences.stored.record import note
from stslib.absences.stored.settling import changing, finish, gone_path
from stslib.errors import DatasetError
from stslib.text import format_number

What = Literal["school", "school year", "version", "link"]


@dataclass(frozen=True)
class Removal:
    """One thing that goes in one step."""

    school: str
    what: What
    target: str
    """Path below ``absences/``."""
    years: tuple[StoredYear, ...] = ()
    """What of each school year goes; of a link nothing."""
    link: bool = False
    profile: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """What goes, in Dutch sentences."""
        told = [f"schooljaar {year.school_year}, {_version(one)}" for year in self.years for one in year.versions]
        if self.link:
            told.append("de koppeling tussen leerlingnummers en pseudoniemen, met haar sleutel")
        if self.profile:
            told.append("het profiel: hoe de exports van deze school gelezen worden")
        if self.years:
            told.append("de figuren die ervan getekend en op deze computer bewaard zijn")
        return tuple(told)


def _version(one: Version) -> str:
    if one.damaged:
        return one.name
    half_days = count_of(one.half_days, "halve dag", "halve dagen")
    return f"{one.name}: {half_days} van {count_of(one.pupils, 'leerling', 'leerlingen')}"


def count_of(number: int, one: str, more: str) -> str:
    """``1 halve dag``, ``1.234 halve dagen``."""
    return f"{format_number(number)} {one if number == 1 else more}"


# -- what would go -------------------------------------------------------------------------------------------------------------


def plan_removal(
    data: Path, school: str, *, school_year: str | None = None, older: bool = False, version: int | None = None
) -> tuple[Removal, ...]:
    """What removing figures of *school* takes away; nothing is changed.

    Args:
        data: the data folder.
        school: the name of the school.
        school_year: only of this school year; None is all of them, and the school goes as a whole.
        older: only the versions that a newer one replaced.
        version: only this version of *school_year*; when it is the newest, the one before it counts again.

    Returns:
        Empty when there is nothing to remove.

    Raises:
        DatasetError: the school, the school year or the version is not stored.
    """
    found = find_school(data, school)
    years = found.years if school_year is None else (find_year(found, school_year),)
    if older:
        return tuple(_of_version(found, year, one) for year in years for one in year.versions[:-1])
    if version is not None:
        if school_year is None:
            raise DatasetError("versie", "Van welk schooljaar deze versie is, staat er niet bij.", "Noem ook het schooljaar.")
        return _plan_version(found, years[0], version)
    if school_year is None:
        return (_of_school(data, found),)
    return _of_years(data, found, years)


def plan_overdue(data: Path, today: date, school: str | None = None) -> tuple[Removal, ...]:
    """What removing every school year that is past its day takes away, of one school or of all."""
    schools = stored_schools(data) if school is None else (find_school(data, school),)
    return tuple(
        removal
        for one in schools
        if (late := tuple(year for year in one.years if year.is_overdue(today)))
        for removal in _of_years(data, one, late)
    )


def plan_link(data: Path, school: str) -> tuple[Removal, ...]:
    """What throwing the link of *school* away takes; empty when there is none."""
    found = find_school(data, school)
    return (Removal(found.name, "link", found.folder, link=True),) if _has_link(data, school_folder_of(data, found)) else ()


def _plan_version(school: StoredSchool, year: StoredYear, version: int) -> tuple[Removal, ...]:
    for one in year.versions:
        if one.number == version:
            if len(year.versions) == 1:
                raise DatasetError(
                    "versie",
                    f"Versie {version} is de enige van schooljaar {year.school_year}.",
                    "Verwijder het schooljaar, of laat het staan.",
                )
            return (_of_version(school, year, one),)
    known = "; ".join(one.name for one in year.versions)
    raise DatasetError(
        "versie", f"Van schooljaar {year.school_year} is geen versie {version} bewaard.", f"Bewaard zijn: {known}."
    )


def _of_version(school: StoredSchool, year: StoredYear, one: Version) -> Removal:
    part = StoredYear(year.school, year.school_year, year.keep_until, (one,))
    return Removal(school.name, "version", f"{school.folder}/{year.school_year}/v{one.number:04d}", (part,))


def _of_years(data: Path, school: StoredSchool, years: Sequence[StoredYear]) -> tuple[Removal, ...]:
    """Some years; with the last ones of a school the school goes, for a link without figures serves nothing."""
    if len(years) == len(school.years):
        return (_of_school(data, school),)
    return tuple(Removal(school.name, "school year", f"{school.folder}/{year.school_year}", (year,)) for year in years)


def _of_school(data: Path, school: StoredSchool) -> Removal:
    has_link = _has_link(data, school_folder_of(data, school))
    return Removal(school.name, "school", school.folder, school.years, has_link, school.has_profile)


def _has_link(data: Path, folder: Path) -> bool:
    return link_path(folder).exists() or key_path(data, folder).exists()


# -- doing it ------------------------------------------------------------------------------------------------------------------


def remove(data: Path, planned: Iterable[Removal], *, reason: str = "asked") -> tuple[Removal, ...]:
    """Take away what was planned, one after the other, each noted in the record before and after.

    Args:
        data: the data folder.
        planned: from ``plan_removal``, ``plan_overdue`` or ``plan_link``.
        reason: for the record: ``asked`` or ``overdue``.

    Returns:
        What was removed.

    Raises:
        DatasetError: something changed since it was planned, or the folder cannot be written; what was not removed yet is
            whole.
    """
    planned = tuple(planned)
    with changing(data, "Er kon niet alles verwijderd worden; wat er nog staat, is heel."):
        for removal in planned:
            if not _is_still_so(data, removal):
                raise DatasetError(
                    removal.school,
                    "De bewaarde cijfers zijn intussen veranderd; er is niets verwijderd.",
                    "Kijk opnieuw wat er staat en vraag het dan nog eens.",
                )
        for removal in planned:
            _remove_one(data, removal, reason)
    return planned


def _is_still_so(data: Path, removal: Removal) -> bool:
    """Whether what was shown as going is still what would go."""
    with suppress(DatasetError):
        if removal.what == "link":
            return removal in plan_link(data, removal.school)
        if removal.what == "school":
            return removal == _of_school(data, find_school(data, removal.target))
        (year,) = removal.years
        found = find_year(find_school(data, removal.target.partition("/")[0]), year.school_year)
        if removal.what == "school year":
            return found == year
        return year.versions[0] in found.versions and len(found.versions) > 1
    return False


def _remove_one(data: Path, removal: Removal, reason: str) -> None:
    identity = secrets.token_hex(8)
    begun = {"id": identity, **_told(removal), "reason": reason}
    note(data, identity, "begins", **_told(removal), reason=reason)
    folder = figures_root(data) / removal.target.partition("/")[0]
    try:
        if removal.what == "link":
            # Without its key a link says nothing, so the key goes first.
            key_path(data, folder).unlink(missing_ok=True)
        else:
            target = figures_root(data) / removal.target
            target.rename(gone_path(data, identity))
            sync_folder(target.parent)
            sync_folder(figures_root(data))
    except OSError:
        with suppress(OSError):
            note(data, identity, "broken-off")
        raise
    finish(data, begun)
    note(data, identity, "done")


def _told(removal: Removal) -> dict[str, Any]:
    """A removal for the record: counts, years, versions and digests."""
    return {
        "school": removal.school,
        "what": removal.what,
        "target": removal.target,
        "link": removal.link,
        "profile": removal.profile,
        "years": [
            {
                "school_year": year.school_year,
                "kept_until": year.keep_until.isoformat(),
                "versions": [
                    {
                        "version": one.number,
                        "stored_at": one.stored_at.isoformat() if one.stored_at else None,
                        "rows": one.rows,
                        "half_days": one.half_days,
                        "pupils": one.pupils,
                        "sha256": one.content_hash,
                    }
                    for one in year.versions
                ],
            }
            for year in removal.years
        ],
    }


def drop_versions(
    data: Path, school: str, school_year: str, *, older: bool = False, version: int | None = None
) -> tuple[Removal, ...]:
    """Drop the older versions of a school year, or one version by its number; dropping the newest goes back to the one before.

    Raises:
        DatasetError: there is no such version, it is the only one, or the folder cannot be written.
    """
    if older == (version is not None):
        raise DatasetError("versie", "Welke versie weg mag, is niet duidelijk.", "Kies de oudere versies, of één nummer.")
    return remove(data, plan_removal(data, school, school_year=school_year, older=older, version=version))


def drop_link(data: Path, school: str) -> bool:
    """Throw away the link between pupil numbers and pseudonyms; True when there was one.

    The figures stay as they are. A later export gets new pseudonyms, so pupils can no longer be followed from one
    school year to the next.
    """
    if not _has_link(data, school_folder(data, school)):
        return False
    planned = plan_link(data, school)
    return bool(remove(data, planned)) if planned else False
