"""Keeping what was read: a new version beside the older ones, or nothing at all."""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.absences.calendar import default_keep_until
from stslib.absences.stored.disk import seal, sync_folder, write_parquet
from stslib.absences.stored.keeping import check_day, chosen_day, write_day
from stslib.absences.stored.link import Link
from stslib.absences.stored.places import META, number_of, one_name, school_folder
from stslib.absences.stored.settling import changing
from stslib.absences.stored.versions import (
    FORMAT,
    TABLES,
    StoredVersion,
    check_tables,
    describe,
    newest_folder,
    read_meta,
    sealed,
)
from stslib.errors import DatasetError

if TYPE_CHECKING:
    import polars as pl

    from stslib.absences.reading.report import Reading


def store_reading(data: Path, school: str, reading: Reading, *, keep_until: date | None = None) -> StoredVersion:
    """Keep what *reading* found as the newest version of its school year.

    The same content again changes nothing. Older versions stay until they are dropped.

    Args:
        data: the data folder.
        school: the name of the school.
        reading: one export as read.
        keep_until: after this day the portal reminds to remove the school year; None leaves the day that was chosen before,
            or else 31 August of the next school year.

    Raises:
        DatasetError: the folder cannot be written, or the link to the pupil numbers cannot be opened; what was stored before
            is whole.
    """
    folder = school_folder(data, school)
    if keep_until is not None:
        check_day(reading.school_year, keep_until)
    with changing(data, "De cijfers konden niet bewaard worden; wat er al stond, is ongewijzigd."):
        year_folder = folder / reading.school_year
        same = _same_already(year_folder, reading)
        final = same or _write_version(data, folder, school, reading, keep_until)
        if keep_until is not None and keep_until != chosen_day(year_folder):
            write_day(year_folder, keep_until)
        return describe(final, read_meta(final), changed=same is None)


def _same_already(year_folder: Path, reading: Reading) -> Path | None:
    """The newest version when it is whole and holds exactly this."""
    newest = newest_folder(year_folder)
    if newest is not None:
        with suppress(DatasetError):
            meta = read_meta(newest)
            if meta["content_hash"] == reading.content_hash:
                check_tables(newest, meta)
                return newest
    return None


def _write_version(data: Path, folder: Path, school: str, reading: Reading, keep_until: date | None) -> Path:
    year_folder = folder / reading.school_year
    year_folder.mkdir(parents=True, exist_ok=True)
    link = Link.open(data, folder)
    tables = _tables(reading, link)
    link.save()
    newest = newest_folder(year_folder)
    kept_until = keep_until or _day_before(newest) or default_keep_until(reading.school_year)
    final = year_folder / f"v{1 if newest is None else number_of(newest) + 1:04d}"
    temporary = year_folder / f".new-{secrets.token_hex(8)}"
    temporary.mkdir()
    try:
        digests = {}
        for name in TABLES[FORMAT]:
            path = temporary / f"{name}.parquet"
            write_parquet(tables[name], path)
            digests[name] = seal(path)
        (temporary / META).write_bytes(sealed(_meta(school, reading, kept_until, link, digests)))
        seal(temporary / META)
        sync_folder(temporary)
        temporary.rename(final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    for changed in (year_folder, folder, folder.parent):
        sync_folder(changed)
    return final


def _day_before(newest: Path | None) -> date | None:
    """The day that the school year was kept until before; None when nobody can tell."""
    if newest is not None:
        with suppress(DatasetError):
            return describe(newest, read_meta(newest), changed=False).keep_until
    return None


def _tables(reading: Reading, link: Link) -> dict[str, pl.DataFrame]:
    """The tables with a pseudonym in the place of every pupil, in an order that tells nothing of the file they came from."""
    import polars as pl

    pseudonyms = pl.Series("pupil", link.pseudonyms(reading.numbers), pl.Int64)

    def named(table: pl.DataFrame, *order: str) -> pl.DataFrame:
        return table.with_columns(pseudonyms.gather(table["pupil"])).sort(*order)

    return {
        "half_days": named(reading.half_days, "date", "half", "pupil"),
        "enrolment": named(reading.enrolment, "pupil", "first"),
        "classes": reading.classes,
        "brought": named(reading.brought, "pupil"),
        "totals": named(reading.totals, "pupil", "code"),
    }


def _meta(school: str, reading: Reading, keep_until: date, link: Link, digests: dict[str, str]) -> dict[str, Any]:
    period = reading.report.period
    return {
        "format": FORMAT,
        "school": one_name(school),
        "school_year": reading.school_year,
        "content_hash": reading.content_hash,
        "stored_at": datetime.now(UTC).isoformat(),
        "keep_until": keep_until.isoformat(),
        "shape": reading.report.shape,
        "period": [day.isoformat() for day in period] if period else None,
        "last_day": reading.last_day.isoformat(),
        "enrolment_known": reading.enrolment_known,
        "grid": reading.grid.model_dump(mode="json"),
        "free_days": [day.model_dump(mode="json") for day in reading.free_days],
        "report": reading.report.model_dump(mode="json"),
        "link": link.id,
        "tables": digests,
    }
