"""The two files beside an export: who was enrolled when and in which class, and what each class is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.headers import ROLE_NAMES
from stslib.absences.reading.values import class_key, read_day, read_pupil
from stslib.errors import ReadingError
from stslib.model.finding import Finding, Level

CLASS_COLUMNS = ("grade", "year", "stream", "level")

OPEN_ENDS = frozenset({"", "-", "heden", "nu", "9999-12-31", "31/12/9999", "31-12-9999", "2999-12-31", "31/12/2999"})
"""What stands for an end that is not known yet."""


class Interval(NamedTuple):
    """One pupil in one class from *first* to *last*, both inclusive, as ordinals."""

    pupil: int
    class_: str | None
    first: int
    last: int


@dataclass(repr=False)
class PupilKeys:
    """Pupil numbers of all files, joined whether or not leading zeros were lost."""

    indices: dict[str, int] = field(default_factory=dict)
    longest: list[str] = field(default_factory=list)

    def index_of(self, key: str, text: str) -> int:
        """The pupil's place, given on first sight; remembers the most complete way the number was written."""
        index = self.indices.setdefault(key, len(self.longest))
        if index == len(self.longest):
            self.longest.append(text)
        elif len(text) > len(self.longest[index]):
            self.longest[index] = text
        return index


@dataclass(repr=False)
class ClassNames:
    """Class names of all files; ``1 a`` and ``1A`` are one class, called as it was first."""

    names: dict[str, str] = field(default_factory=dict)

    def name_of(self, text: str) -> str | None:
        """The one name of the class that *text* says; None when it says none."""
        text = " ".join(text.split())
        return self.names.setdefault(class_key(text), text) if text else None


def read_classes(parsed: ParsedFile, names: ClassNames, findings: list[Finding]) -> dict[str, dict[str, str | None]]:
    """Class -> grade, year, stream (or else finality) and level, each as written.

    Raises:
        ReadingError: without a class column.
    """
    if "class" not in parsed.positions:
        raise missing_columns(parsed, ["class"])
    columns = {role: cells.to_list() for role, cells in parsed.cells.items()}
    result: dict[str, dict[str, str | None]] = {}
    doubles = without = 0
    for index in range(parsed.count):
        name = names.name_of(columns["class"][index])
        if name is None:
            without += 1
            continue
        values = {role: " ".join(cells[index].split()) or None for role, cells in columns.items() if role != "class"}
        row = {
            "grade": values.get("grade"),
            "year": values.get("year"),
            "stream": values.get("stream") or values.get("finality"),
            "level": values.get("level"),
        }
        if name in result and result[name] != row:
            doubles += 1
        result.setdefault(name, row)
    if without:
        findings.append(warn(parsed.name, f"{without} rijen zonder klas zijn overgeslagen.", "Vul de klas in elke rij in."))
    if doubles:
        findings.append(
            warn(
                parsed.name,
                f"{doubles} keer staat een klas er nog eens met andere gegevens; de eerste rij telt.",
                "Laat elke klas één keer staan.",
            )
        )
    if not result:
        raise ReadingError(
            parsed.name, "Er staat geen enkele klas in het klassenbestand.", "Maak het bestand opnieuw, met een rij per klas."
        )
    return result


def read_enrolment(
    parsed: ParsedFile, pupils: PupilKeys, names: ClassNames, first_day: int, last_day: int, findings: list[Finding]
) -> list[Interval]:
    """Who was enrolled when, clipped to the school year, without overlaps (a later start ends the earlier one).

    Raises:
        ReadingError: without a pupil column, or when not one row can be used.
    """
    if "pupil" not in parsed.positions:
        raise missing_columns(parsed, ["pupil"])
    empty = [""] * parsed.count
    columns = {role: cells.to_list() for role, cells in parsed.cells.items()}
    classes, starts, ends = (columns.get(role, empty) for role in ("class", "from", "to"))
    bad_pupils = bad_days = other_years = 0
    rows: dict[int, list[Interval]] = defaultdict(list)
    for text, class_, start, end in zip(columns["pupil"], classes, starts, ends, strict=True):
        read = read_pupil(text)
        if read.problem:
            bad_pupils += 1
            continue
        first = read_day(start).ordinal if start.strip() else first_day
        last = last_day if end.strip().casefold() in OPEN_ENDS else read_day(end).ordinal
        if not first or not last or first > last:
            bad_days += 1
            continue
        if last < first_day or first > last_day:
            other_years += 1
            continue
        pupil = pupils.index_of(read.key, read.text)
        rows[pupil].append(Interval(pupil, names.name_of(class_), max(first, first_day), min(last, last_day)))
    for count, fact, remedy in (
        (bad_pupils, "zonder bruikbaar leerlingnummer", "Vul het leerlingnummer aan."),
        (
            bad_days,
            "met een datum van of tot die niet leesbaar is of niet klopt",
            "Schrijf datums als dd/mm/jjjj, met van voor tot.",
        ),
    ):
        if count:
            findings.append(warn(parsed.name, f"{count} inschrijvingen {fact} zijn overgeslagen.", remedy))
    if other_years:
        findings.append(
            Finding(
                level=Level.NOTE,
                place=parsed.name,
                fact=f"{other_years} inschrijvingen van een ander schooljaar tellen hier niet mee.",
            )
        )
    result: list[Interval] = []
    overlaps = 0
    for intervals in rows.values():
        intervals.sort(key=lambda interval: (interval.first, interval.last))
        for current, following in zip(intervals, [*intervals[1:], None], strict=True):
            if following is not None and following.first <= current.last:
                overlaps += following != current
                current = current._replace(last=following.first - 1)
            if current.first <= current.last:
                result.append(current)
    if overlaps:
        findings.append(
            warn(
                parsed.name,
                f"{overlaps} inschrijvingen van dezelfde leerling overlappen; telkens geldt de laatst begonnen inschrijving.",
                "Kijk de datums van en tot na.",
            )
        )
    if not result:
        raise ReadingError(
            parsed.name,
            "Geen enkele inschrijving in het inschrijvingsbestand is bruikbaar voor dit schooljaar.",
            "Kijk na of het bestand van het gekozen schooljaar is en kolommen leerlingnummer, klas, van en tot heeft.",
        )
    return result


def intervals_from_export(rows: pl.DataFrame, first_day: int, last_day: int) -> list[Interval]:
    """Enrolment when there is no file for it: every pupil of the export, the whole school year.

    Args:
        rows: pupil, day (ordinal) and class of every usable row.
        first_day: of the school year.
        last_day: of the school year.

    Returns:
        One interval per pupil, or one per class where the export shows that the pupil changed class.
    """
    pairs = rows.select("pupil", "class").unique()
    pupils = pairs.group_by("pupil").agg(pl.col("class").drop_nulls().first(), classes=pl.col("class").drop_nulls().len())
    result = [
        Interval(pupil, class_, first_day, last_day)
        for pupil, class_, _ in pupils.filter(pl.col("classes") < 2).sort("pupil").iter_rows()
    ]
    movers = (
        rows.join(pupils.filter(pl.col("classes") >= 2), on="pupil", how="semi")
        .drop_nulls("class")
        .unique(["pupil", "day"], keep="first")
    )
    for _, days in movers.sort("pupil", "day").group_by("pupil", maintain_order=True):
        runs: list[Interval] = []
        for pupil, day, class_ in days.select("pupil", "day", "class").iter_rows():
            if not runs:
                runs.append(Interval(pupil, class_, first_day, last_day))
            elif runs[-1].class_ != class_:
                runs[-1] = runs[-1]._replace(last=day - 1)
                runs.append(Interval(pupil, class_, day, last_day))
        result.extend(runs)
    return result


def missing_columns(parsed: ParsedFile, roles: list[str]) -> ReadingError:
    """The refusal of a file in which some columns were recognised but not *roles*."""
    missing = ", ".join(ROLE_NAMES[role] for role in roles)
    found = ", ".join(f"{ROLE_NAMES[role]} (‘{parsed.header(role)}’)" for role in parsed.positions)
    return ReadingError(
        parsed.name,
        f"Er ontbreekt een kolom: {missing}. Wel gevonden: {found}.",
        "Voeg de kolom toe aan de export, of geef ze een van de gewone titels.",
    )


def warn(place: str, fact: str, remedy: str = "") -> Finding:
    """A finding that should be looked at."""
    return Finding(level=Level.WARNING, place=place, fact=fact, remedy=remedy)
