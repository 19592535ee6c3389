"""One school's half days at rest: versions per school year, pseudonyms, and the link to pupil numbers kept apart.

``DATA/absences/<school>/<school year>/v0001/`` holds a version: three Parquet tables and ``meta.json`` with the digest
of each. A version is written beside and renamed into place, never changed; the highest one counts.
``DATA/absences/<school>/link.bin`` holds the link between pupil numbers and pseudonyms, encrypted with the key in
``DATA/keys/``; throwing it away leaves all figures as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.absences.analysis import Absences, SchoolYearFacts
from stslib.absences.calendar import default_keep_until
from stslib.absences.disclosure import Policy
from stslib.absences.reading.report import ReadingReport
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, Threshold, WeeklyGrid
from stslib.text import slug

if TYPE_CHECKING:
    from stslib.absences.reading.report import Reading

__all__ = [
    "Absences",
    "Policy",
    "StoredVersion",
    "drop_link",
    "has_absences",
    "load_absences",
    "store_reading",
    "stored_versions",
]

FORMAT = 1
"""Of ``meta.json`` and the tables; a newer number is refused with what to do."""

TABLES = ("half_days", "enrolment", "classes")

_LOCK_SECONDS = 20.0
_STALE_LOCK_SECONDS = 120.0


@dataclass(frozen=True)
class StoredVersion:
    """Where and what was stored."""

    school: str
    school_year: str
    version: int
    folder: Path
    stored_at: datetime
    keep_until: date
    content_hash: str
    changed: bool
    """False: exactly this was the newest version already, and nothing was written."""


def school_folder(data: Path, school: str) -> Path:
    """The folder of one school; two names never share one."""
    name = " ".join(school.split())
    if not name:
        raise DatasetError("school", "De naam van de school is leeg.", "Geef de naam van de school.")
    digest = hashlib.sha256(name.casefold().encode()).hexdigest()[:8]
    return data / "absences" / f"{slug(name)}-{digest}"


def has_absences(data: Path, school: str) -> bool:
    """Whether any figures are stored for *school*."""
    return any(True for _ in _newest_folders(school_folder(data, school)))


def stored_versions(data: Path, school: str | None = None) -> tuple[StoredVersion, ...]:
    """Every stored version, oldest first, of one school or of all; a damaged one is left out."""
    folders = [school_folder(data, school)] if school is not None else sorted((data / "absences").glob("*/"))
    found = []
    for folder in folders:
        for path in sorted(folder.glob("????-????/v????")):
            with suppress(DatasetError):
                found.append(_describe(path, _read_meta(path), changed=False))
    return tuple(found)


# -- storing ---------------------------------------------------------------------------------------------------


def store_reading(data: Path, school: str, reading: Reading, *, keep_until: date | None = None) -> StoredVersion:
    """Keep what *reading* found as the newest version of its school year.

    The same content again changes nothing. Older versions stay until they are dropped.

    Args:
        data: the data folder.
        school: the name of the school.
        reading: one export as read.
        keep_until: after this day the portal reminds to remove it; None is 31 August of the next school year.

    Raises:
        DatasetError: the folder cannot be written; what was stored before is whole.
    """
    folder = school_folder(data, school)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(folder):
            return _store(data, folder, school, reading, keep_until)
    except OSError as error:
        raise DatasetError(
            "gegevensmap",
            "De cijfers konden niet bewaard worden; wat er al stond, is ongewijzigd.",
            "Kijk na of de schijf vol is en of de map beschrijfbaar is, en probeer nog eens.",
        ) from error


def _store(data: Path, folder: Path, school: str, reading: Reading, keep_until: date | None) -> StoredVersion:
    import polars as pl

    year_folder = folder / reading.school_year
    year_folder.mkdir(exist_ok=True)
    for left_over in year_folder.glob(".new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    newest = _newest(year_folder)
    if newest is not None:
        with suppress(DatasetError):
            meta = _read_meta(newest)
            if meta["content_hash"] == reading.content_hash:
                _check_tables(newest, meta)
                return _describe(newest, meta, changed=False)
    link = _Link.open(data, folder)
    pseudonyms = pl.Series("pupil", link.pseudonyms(reading.numbers), pl.Int64)
    tables = {
        "half_days": reading.half_days.with_columns(pseudonyms.gather(reading.half_days["pupil"])).sort(
            "date", "half", "pupil"
        ),
        "enrolment": reading.enrolment.with_columns(pseudonyms.gather(reading.enrolment["pupil"])).sort("pupil", "first"),
        "classes": reading.classes,
    }
    link.save()
    version = 1 if newest is None else int(newest.name[1:]) + 1
    temporary = year_folder / f".new-{secrets.token_hex(8)}"
    temporary.mkdir()
    try:
        digests = {}
        for name, table in tables.items():
            path = temporary / f"{name}.parquet"
            table.write_parquet(path, compression="zstd")
            digests[name] = _seal(path)
        period = reading.report.period
        meta = {
            "format": FORMAT,
            "school": " ".join(school.split()),
            "school_year": reading.school_year,
            "content_hash": reading.content_hash,
            "stored_at": datetime.now(UTC).isoformat(),
            "keep_until": (keep_until or default_keep_until(reading.school_year)).isoformat(),
            "period": [day.isoformat() for day in period] if period else None,
            "last_day": reading.last_day.isoformat(),
            "enrolment_known": reading.enrolment_known,
            "grid": reading.grid.model_dump(mode="json"),
            "free_days": [day.model_dump(mode="json") for day in reading.free_days],
            "report": reading.report.model_dump(mode="json"),
            "link": link.id,
            "tables": digests,
        }
        (temporary / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1), encoding="utf-8")
        _seal(temporary / "meta.json")
        final = year_folder / f"v{version:04d}"
        temporary.rename(final)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return _describe(final, meta, changed=True)


def _seal(path: Path) -> str:
    """Make sure that *path* is on the disk; its SHA-256."""
    with path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One writer per school at a time, also across processes; a lock that was left behind is taken over."""
    lock = folder / ".lock"
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with suppress(OSError):
                if time.time() - lock.stat().st_mtime > _STALE_LOCK_SECONDS:
                    lock.unlink()
                    continue
            if time.monotonic() > deadline:
                raise DatasetError(
                    "gegevensmap",
                    "Een ander venster is cijfers van deze school aan het bewaren.",
                    "Wacht tot dat klaar is en probeer nog eens.",
                ) from None
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


# -- the link between numbers and pseudonyms -------------------------------------------------------------------


class _Link:
    """Pupil numbers and pseudonyms, encrypted at rest; names and national numbers go in as a keyed digest only."""

    def __init__(self, path: Path, key: bytes, content: dict[str, Any]) -> None:
        self.id: str = content["id"]
        self._path = path
        self._key = key
        self._pupils: dict[str, list[Any]] = content["pupils"]
        self._changed = False

    @staticmethod
    def paths(data: Path, folder: Path) -> tuple[Path, Path]:
        """The encrypted link and its key."""
        return folder / "link.bin", data / "keys" / f"{folder.name}.key"

    @classmethod
    def open(cls, data: Path, folder: Path) -> _Link:
        """The school's link; a new one when there is none, or when its key is gone."""
        from cryptography.fernet import Fernet, InvalidToken

        path, key_path = cls.paths(data, folder)
        if path.exists() and key_path.exists():
            key = key_path.read_bytes()
            with suppress(InvalidToken, ValueError, KeyError):
                return cls(path, key, json.loads(Fernet(key).decrypt(path.read_bytes())))
        key = Fernet.generate_key()
        key_path.parent.mkdir(parents=True, exist_ok=True)
        _write_private(key_path, key)
        return cls(path, key, {"id": secrets.token_hex(8), "pupils": {}})

    def pseudonyms(self, numbers: Sequence[str]) -> list[int]:
        """A random pseudonym for every number, the one it had if it had one."""
        from stslib.absences.reading.values import is_national_number, read_pupil

        taken = {int(entry[0]) for entry in self._pupils.values()}
        result = []
        for number in numbers:
            key = read_pupil(number).key
            secret = is_national_number(number) or not any(letter.isdigit() for letter in number)
            digest = hmac.new(self._key, key.encode(), "sha256").hexdigest()
            entry = self._pupils.get(digest)
            if entry is None:
                pseudonym = secrets.randbits(52)
                while pseudonym in taken:
                    pseudonym = secrets.randbits(52)
                taken.add(pseudonym)
                entry = self._pupils[digest] = [pseudonym, None if secret else number]
                self._changed = True
            elif not secret and len(number) > len(entry[1] or ""):
                entry[1] = number
                self._changed = True
            result.append(int(entry[0]))
        return result

    def save(self) -> None:
        """Write the link when there is something new in it."""
        from cryptography.fernet import Fernet

        if self._changed or not self._path.exists():
            content = json.dumps({"id": self.id, "pupils": self._pupils}).encode()
            _write_private(self._path, Fernet(self._key).encrypt(content))
            self._changed = False


def _write_private(path: Path, content: bytes) -> None:
    """Replace *path* in one step, readable by its owner only."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def drop_link(data: Path, school: str) -> bool:
    """Throw away the link between pupil numbers and pseudonyms; True when there was one.

    The figures stay as they are. A later export gets new pseudonyms, so pupils can no longer be followed from one
    school year to the next.
    """
    paths = _Link.paths(data, school_folder(data, school))
    found = [path for path in paths if path.exists()]
    for path in found:
        path.unlink()
    return bool(found)


# -- loading ---------------------------------------------------------------------------------------------------


def _newest(year_folder: Path) -> Path | None:
    return max((path for path in year_folder.glob("v????") if (path / "meta.json").exists()), default=None)


def _newest_folders(folder: Path) -> Iterator[Path]:
    for year_folder in sorted(folder.glob("????-????")):
        newest = _newest(year_folder)
        if newest is not None:
            yield newest


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta: dict[str, Any] = json.loads((path / "meta.json").read_text(encoding="utf-8"))
        if meta["format"] > FORMAT:
            raise DatasetError(
                f"{path.parent.name}/{path.name}",
                "Deze cijfers zijn bewaard door een nieuwere versie van het programma.",
                "Werk het programma bij en probeer nog eens.",
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    return meta


def _damaged(path: Path) -> DatasetError:
    return DatasetError(
        f"{path.parent.name}/{path.name}",
        "De bewaarde cijfers van dit schooljaar zijn beschadigd.",
        "Breng de export van dit schooljaar opnieuw in.",
    )


def _check_tables(path: Path, meta: Mapping[str, Any]) -> None:
    try:
        for name in TABLES:
            with (path / f"{name}.parquet").open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != meta["tables"][name]:
                    raise _damaged(path)
    except (OSError, KeyError) as error:
        raise _damaged(path) from error


def _describe(path: Path, meta: Mapping[str, Any], *, changed: bool) -> StoredVersion:
    return StoredVersion(
        school=meta["school"],
        school_year=meta["school_year"],
        version=int(path.name[1:]),
        folder=path,
        stored_at=datetime.fromisoformat(meta["stored_at"]),
        keep_until=date.fromisoformat(meta["keep_until"]),
        content_hash=meta["content_hash"],
        changed=changed,
    )


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
        codes: the code table of today.
        thresholds: the rules with a number.
        calendars: of at least the school years that are stored.
        grid: the school's week; None is the one that each year was read with.
        disclosure: the policy of an indicator that names none.

    Raises:
        DatasetError: nothing is stored, it is damaged, or there is no calendar for it.
    """
    import polars as pl

    folders = list(_newest_folders(school_folder(data, school)))
    if not folders:
        raise DatasetError(
            "cijfers", "Van deze school zijn nog geen cijfers bewaard.", "Breng eerst een export van de afwezigheden in."
        )
    known = {calendar.school_year: calendar for calendar in calendars}
    years = []
    for path in folders:
        meta = _read_meta(path)
        _check_tables(path, meta)
        school_year = meta["school_year"]
        if school_year not in known:
            raise DatasetError(
                "kalender",
                f"Er is geen kalender voor schooljaar {school_year}.",
                f"Voeg hem toe in content/kalender.yaml; er zijn: {', '.join(sorted(known))}.",
            )
        try:
            tables = {name: pl.read_parquet(path / f"{name}.parquet") for name in TABLES}
            years.append(
                SchoolYearFacts(
                    school_year=school_year,
                    half_days=tables["half_days"],
                    enrolment=tables["enrolment"],
                    classes=tables["classes"],
                    calendar=known[school_year],
                    grid=grid or WeeklyGrid.model_validate(meta["grid"], strict=False),
                    free_days=tuple(Period.model_validate(day) for day in meta["free_days"]),
                    period=tuple(map(date.fromisoformat, meta["period"])) if meta["period"] else None,  # type: ignore[arg-type]
                    last_day=date.fromisoformat(meta["last_day"]),
                    enrolment_known=meta["enrolment_known"],
                    report=ReadingReport.model_validate(meta["report"]),
                    link=meta["link"],
                )
            )
        except (pl.exceptions.PolarsError, ValueError, KeyError, TypeError) as error:
            raise _damaged(path) from error
    return Absences(" ".join(school.split()), years, codes=codes, thresholds=thresholds, disclosure=disclosure)
