"""The versions that are stored of a school year: which there are, what each is, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from stslib.absences.stored.disk import digest_of
from stslib.absences.stored.places import META, number_of, school_folder, school_folders, version_folders, year_folders
from stslib.errors import DatasetError

FORMAT = 2
"""Of ``meta.json`` and the tables; a newer number is refused with what to do."""

TABLES: Mapping[int, tuple[str, ...]] = {
    1: ("half_days", "enrolment", "classes"),
    2: ("half_days", "enrolment", "classes", "brought", "totals"),
}
"""Format -> the Parquet tables of a version."""


@dataclass(frozen=True)
class StoredVersion:
    """Where and what was stored."""

    school: str
    school_year: str
    version: int
    folder: Path
    stored_at: datetime
    keep_until: date
    """Of the school year: the day that was chosen last, else the one this version was stored with."""
    content_hash: str
    changed: bool
    """False: exactly this was the newest version already, and nothing was written."""
    rows: int = 0
    """Of the export."""
    half_days: int = 0
    pupils: int = 0

    @property
    def name(self) -> str:
        """``versie 2 van 03/11/2026``."""
        from stslib.text import format_date, local_time

        return f"versie {self.version} van {format_date(local_time(self.stored_at).date())}"


def has_absences(data: Path, school: str) -> bool:
    """Whether any figures are stored for *school*."""
    return bool(year_folders(school_folder(data, school)))


def stored_versions(data: Path, school: str | None = None) -> tuple[StoredVersion, ...]:
    """Every stored version, oldest first, of one school or of all; a damaged one is left out."""
    folders = [school_folder(data, school)] if school is not None else school_folders(data)
    found = []
    for folder in folders:
        for year_folder in year_folders(folder):
            for path in version_folders(year_folder):
                with suppress(DatasetError):
                    found.append(describe(path, read_meta(path), changed=False))
    return tuple(found)


def newest_folder(year_folder: Path) -> Path | None:
    """The version that counts; None when there is none."""
    return next(reversed(version_folders(year_folder)), None)


def newest_folders(folder: Path) -> list[Path]:
    """The version that counts of every school year, oldest year first."""
    return [version_folders(year_folder)[-1] for year_folder in year_folders(folder)]


def describe(path: Path, meta: Mapping[str, Any], *, changed: bool) -> StoredVersion:
    """A version by its ``meta.json``.

    Raises:
        DatasetError: something that it should say is not there.
    """
    from stslib.absences.stored.keeping import chosen_day

    try:
        report = meta["report"]
        return StoredVersion(
            school=meta["school"],
            school_year=meta["school_year"],
            version=number_of(path),
            folder=path,
            stored_at=datetime.fromisoformat(meta["stored_at"]),
            keep_until=chosen_day(path.parent) or date.fromisoformat(meta["keep_until"]),
            content_hash=meta["content_hash"],
            changed=changed,
            rows=int(report["rows"]),
            half_days=int(report["half_days"]),
            pupils=int(report["pupils"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(path) from error


# -- meta.json -----------------------------------------------------------------------------------------------------------------


def sealed(meta: Mapping[str, Any]) -> bytes:
    """*meta* as the text of a ``meta.json``, with a digest of itself."""
    return json.dumps({**meta, "seal": _seal_of(meta)}, ensure_ascii=False, indent=1).encode()


def _seal_of(meta: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in meta.items() if name != "seal"}
    return hashlib.sha256(json.dumps(plain, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def read_meta(path: Path) -> dict[str, Any]:
    """What a version says of itself.

    Raises:
        DatasetError: it is damaged, or of a format to come.
    """
    try:
        meta: dict[str, Any] = json.loads((path / META).read_text(encoding="utf-8"))
        if meta["format"] > FORMAT:
            raise DatasetError(
                f"{path.parent.name}/{path.name}",
                "Deze cijfers zijn bewaard door een nieuwere versie van het programma.",
                "Werk het programma bij en probeer nog eens.",
            )
        # Format 1 had no seal of its own.
        if meta["format"] not in TABLES or (meta["format"] > 1 and meta["seal"] != _seal_of(meta)):
            raise damaged(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path) from error
    return meta


def check_tables(path: Path, meta: Mapping[str, Any]) -> None:
    """Hold every table of a version against its digest.

    Raises:
        DatasetError: one is missing or damaged.
    """
    try:
        if any(digest_of(path / f"{name}.parquet") != meta["tables"][name] for name in TABLES[meta["format"]]):
            raise damaged(path)
    except (OSError, KeyError, TypeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> DatasetError:
    """The refusal of a version that is not whole, with the ways out."""
    older = [number_of(other) for other in version_folders(path.parent) if number_of(other) < number_of(path)]
    back = f" Of ga terug naar versie {older[-1]}: verwijder versie {number_of(path)}." if older else ""
    return DatasetError(
        f"{path.parent.name}/{path.name}",
        "De bewaarde cijfers van dit schooljaar zijn beschadigd.",
        f"Breng de export van dit schooljaar opnieuw in.{back}",
    )
