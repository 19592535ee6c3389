"""A copy of what is kept of a school, readable without this program: half days with pseudonyms, and how they are counted."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from stslib.absences.calendar import slots
from stslib.absences.stored.disk import seal, write_parquet
from stslib.absences.stored.link import Link
from stslib.absences.stored.load import load_version
from stslib.absences.stored.overview import StoredSchool, StoredYear, Version, find_school, find_year, school_folder_of
from stslib.absences.stored.removal import count_of
from stslib.absences.tables import SchoolYearFacts
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode, SchoolYearCalendar
from stslib.text import format_date

if TYPE_CHECKING:
    import polars as pl

Format = Literal["csv", "parquet"]

README = "LEESMIJ.txt"
CONTENTS = "inhoud.json"
LINK = "koppeling.csv"

COLUMNS: Mapping[str, str] = {
    "pupil": "pseudoniem", "date": "datum", "half": "dagdeel", "code": "code", "subcode": "subcode", "class": "klas",
    "first": "van", "last": "tot", "grade": "graad", "year": "leerjaar", "stream": "stroom", "level": "niveau",
    "half_days": "halve_dagen", "weekday": "weekdag", "week": "week", "month": "maand", "school_week": "schoolweek",
    "school_day": "schooldag", "number": "leerlingnummer",
}  # fmt: skip
"""Column in the store -> its name in the copy."""

STATUSES = {
    "unlawful": "ongewettigd",
    "lawful": "gewettigd",
    "open": "reden nog onbekend",
    "neutral": "neutraal",
    "late": "te laat",
    "present": "aanwezig",
}

_FILES = {
    "halve-dagen": "een rij per leerling en halve dag met een code",
    "inschrijvingen": "wie van wanneer tot wanneer in welke klas zat",
    "klassen": "graad, leerjaar, stroom en niveau van elke klas",
    "meegebracht": "halve dagen B die een leerling van een andere school meebracht",
    "totalen": "alleen aantallen per leerling en code, van een export zonder dagen",
    "kalender": "de mogelijke halve dagen waarmee gerekend wordt",
}


@dataclass(frozen=True)
class Copied:
    """A copy that was made."""

    folder: Path
    files: tuple[str, ...]
    """Names below the folder."""
    half_days: int
    with_link: bool


def copy_school(
    data: Path,
    school: str,
    to: Path,
    *,
    codes: Sequence[AbsenceCode],
    calendars: Sequence[SchoolYearCalendar],
    today: date,
    school_year: str | None = None,
    form: Format = "csv",
    older: bool = False,
    with_link: bool = False,
) -> Copied:
    """Write what is kept of *school* into the new folder *to*: all of it or nothing.

    Args:
        data: the data folder.
        school: the name of the school.
        to: a folder that is not there yet, or is empty; outside *data*.
        codes: the code table that goes along.
        calendars: of at least the school years that go along.
        today: the day in the explanation.
        school_year: only this one; None takes all.
        form: ``csv`` (semicolons, UTF-8 with a mark, opens in a spreadsheet) or ``parquet``.
        older: the versions that were replaced go along as well.
        with_link: also which pupil number belongs to which pseudonym. With it the copy names pupils.

    Raises:
        DatasetError: nothing is stored, it is damaged, the folder is not empty, or it cannot be written.
    """
    found = find_school(data, school)
    years = found.years if school_year is None else (find_year(found, school_year),)
    if not years:
        raise DatasetError("school", f"Van {found.name} zijn geen cijfers bewaard.", "Breng eerst een export in.")
    target = _check_target(data, to)
    link = Link.read(data, school_folder_of(data, found)) if with_link else None
    known = {calendar.school_year: calendar for calendar in calendars}
    temporary = target.with_name(f".{target.name}-{secrets.token_hex(6)}")
    try:
        temporary.mkdir(parents=True)
        writer = _Writer(temporary, form)
        pupils: set[int] = set()
        for year in years:
            for one in year.versions if older else year.versions[-1:]:
                facts = load_version(school_folder_of(data, found) / year.school_year / f"v{one.number:04d}", known)
                pupils |= _write_year(writer, facts, _place(year, one))
        _write_codes(writer, codes)
        if link is not None:
            _write_link(writer, link, pupils)
        writer.note_contents(found.name, today)
        writer.text(README, _explanation(found, years, older, form, link is not None, writer, today))
        if target.exists():
            target.rmdir()
        temporary.rename(target)
    except OSError as error:
        raise DatasetError(
            str(to.name),
            "De kopie kon niet geschreven worden.",
            "Kijk na of er plaats is en of de map beschrijfbaar is, en probeer nog eens.",
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Copied(target, tuple(writer.written), writer.half_days, link is not None)


def _check_target(data: Path, to: Path) -> Path:
    target = to.expanduser().resolve()
    if target.is_relative_to(data.resolve()):
        raise DatasetError(
            to.name, "Een kopie hoort niet in de gegevensmap zelf.", "Kies een map op een andere plaats, zoals een stick."
        )
    occupied = target.exists()
    with suppress(OSError):
        occupied = target.exists() and (not target.is_dir() or any(target.iterdir()))
    if occupied:
        raise DatasetError(
            to.name, "Hier staat al iets; een kopie overschrijft niets.", "Kies een map die nog niet bestaat of leeg is."
        )
    return target


def _place(year: StoredYear, one: Version) -> str:
    return year.school_year if one == year.versions[-1] else f"{year.school_year}/versie-{one.number}"


class _Writer:
    """Tables and texts below one folder, each on the disk before the next."""

    def __init__(self, folder: Path, form: Format) -> None:
        self._folder = folder
        self._form = form
        self._digests: dict[str, dict[str, Any]] = {}
        self.half_days = 0

    @property
    def written(self) -> list[str]:
        return [*self._digests, CONTENTS, README]

    def table(self, name: str, table: pl.DataFrame | pl.LazyFrame) -> None:
        """One table with the columns of the copy; a pseudonym is a text, for a spreadsheet rounds numbers that long."""
        import polars as pl

        frame = table.lazy().collect()
        if "pupil" in frame.columns:
            frame = frame.with_columns(pl.format("p{}", "pupil").alias("pupil"))
        if self._form == "csv" or name == LINK:
            # A spreadsheet would take a text that begins like this for a formula.
            guarded = pl.selectors.string().str.replace(r"^([=+\-@\t\r].)", "'$1")
            frame = frame.with_columns(guarded)
        frame = frame.rename({old: new for old, new in COLUMNS.items() if old in frame.columns})
        file = name if name == LINK else f"{name}.{self._form}"
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            write_parquet(frame, path)
        else:
            with _private(path) as opened:
                try:
                    frame.write_csv(opened, separator=";", include_bom=True)
                except pl.exceptions.PolarsError as error:
                    raise OSError(f"{path.name}: {type(error).__name__}") from error
        self._digests[file] = {"rijen": frame.height, "sha256": seal(path)}

    def text(self, name: str, text: str) -> None:
        with _private(self._folder / name) as file:
            file.write(text.encode())

    def note_contents(self, school: str, today: date) -> None:
        """The list of files with their digests, for a program."""
        content = {"formaat": 1, "school": school, "gemaakt_op": today.isoformat(), "bestanden": self._digests}
        self.text(CONTENTS, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    """A new file that its owner alone can read, on the disk when it is closed."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _write_year(writer: _Writer, facts: SchoolYearFacts, place: str) -> set[int]:
    """All tables of a version; returns the pseudonyms in it."""
    import polars as pl

    possible = [
        slot
        for slot in slots(facts.calendar, facts.grid, facts.free_days)
        if slot.possible and facts.first <= slot.date <= facts.last
    ]
    names = ("date", "half", "weekday", "week", "month", "school_week", "school_day")
    tables = {
        "halve-dagen": facts.half_days,
        "inschrijvingen": facts.enrolment,
        "klassen": facts.classes,
        "meegebracht": facts.brought,
        "totalen": facts.totals,
        "kalender": pl.DataFrame({name: [getattr(slot, name) for slot in possible] for name in names}),
    }
    pupils: set[int] = set()
    for name, table in tables.items():
        frame = table.lazy().collect()
        if name in ("meegebracht", "totalen") and not frame.height:
            continue
        if "pupil" in frame.columns:
            pupils.update(frame["pupil"].unique().to_list())
        writer.table(f"{place}/{name}", frame)
        writer.half_days += frame.height if name == "halve-dagen" else 0
        writer.half_days += int(frame["half_days"].sum()) if name == "totalen" else 0
    return pupils


def _write_codes(writer: _Writer, codes: Sequence[AbsenceCode]) -> None:
    import polars as pl

    rows = [
        {
            "code": one.code,
            "betekenis": one.meaning,
            "status": STATUSES[one.status.value],
            "telt_als_afwezig": "ja" if one.absent else "nee",
            "officieel": one.official,
            "geldig_van": one.valid_from,
            "geldig_tot": one.valid_to,
            "bron": one.source,
        }
        for one in codes
    ]
    dates = {"geldig_van": pl.Date, "geldig_tot": pl.Date, "officieel": pl.String}
    writer.table("codes", pl.DataFrame(rows, schema_overrides=dates))


def _write_link(writer: _Writer, link: Link, pupils: set[int]) -> None:
    import polars as pl

    pairs = [(pseudonym, number) for pseudonym, number in link.pairs() if pseudonym in pupils]
    columns = {"pupil": [pseudonym for pseudonym, _ in pairs], "number": [number for _, number in pairs]}
    writer.table(LINK, pl.DataFrame(columns, schema={"pupil": pl.Int64, "number": pl.String}))


def _explanation(
    school: StoredSchool,
    years: Sequence[StoredYear],
    older: bool,
    form: Format,
    with_link: bool,
    writer: _Writer,
    today: date,
) -> str:
    lines = [
        f"Kopie van de bewaarde afwezigheden van {school.name}",
        f"Gemaakt op {format_date(today)} met Samen tegen Schooluitval.",
        "",
        "WAT DIT IS",
        "",
        "De halve dagen afwezigheid zoals ze uit de exports van de school gelezen en bewaard zijn, met de tabellen waarmee",
        "gerekend wordt. Er staan geen namen, rijksregisternummers, geboortedata, adressen of opmerkingen in: die bewaart het",
        "programma niet. Een leerling is een pseudoniem: een willekeurig getal met een p ervoor, hetzelfde in alle bestanden.",
        "",
        "Ook zo blijven dit gegevens over kinderen. Wie een leerling kent, kan haar of hem aan een rij dagen herkennen. Bewaar",
        "de kopie op een versleutelde plaats, geef ze niet door, en wis ze wanneer ze niet meer nodig is: wie in het programma",
        "cijfers verwijdert, verwijdert deze kopie niet.",
        "",
        "WAT ERIN ZIT",
        "",
    ]
    for year in years:
        for one in year.versions if older else year.versions[-1:]:
            place = _place(year, one)
            count = count_of(one.half_days, "halve dag", "halve dagen")
            lines += [
                f"{place}: {one.name}, {count} van {count_of(one.pupils, 'leerling', 'leerlingen')};",
                f"  te bewaren tot en met {format_date(year.keep_until)}",
            ]
        if len(year.versions) > 1 and not older:
            names = ", ".join(one.name for one in year.versions[:-1])
            lines.append(f"  niet in deze kopie, wel nog bewaard: {names}")
    lines += ["", "In de map van elk schooljaar:", ""]
    written = {Path(file).stem for file in writer.written}
    lines += [f"  {f'{name}.{form}':24}{what}" for name, what in _FILES.items() if name in written]
    lines += ["", f"  {f'codes.{form}':24}wat elke code betekent en hoe ze telt"]
    lines += [f"  {CONTENTS:24}alle bestanden met hun aantal rijen en hun SHA-256, voor een programma"]
    if form == "csv":
        lines += [
            "",
            "De CSV-bestanden hebben puntkomma's, datums als jjjj-mm-dd en tekens in UTF-8; ze openen in Excel en LibreOffice.",
            "Een tekst die een rekenblad voor een formule zou nemen, heeft er een ' voor.",
        ]
    if with_link:
        lines += [
            "",
            "MET DE KOPPELING",
            "",
            f"In {LINK} staat welk leerlingnummer bij welk pseudoniem hoort. Daarmee is elke rij van deze kopie die van een",
            "leerling met een nummer. Bewaar dit bestand nooit samen met de rest, en wis het zodra het gebruikt is. Is het",
            "nummer leeg, dan stond er in de export een naam of een rijksregisternummer; dat is nooit bewaard.",
        ]
    else:
        lines += ["", "De koppeling tussen leerlingnummers en pseudoniemen zit niet in deze kopie."]
    return "\n".join(lines) + "\n"
