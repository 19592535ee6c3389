"""A small generated school with everything that goes wrong, its files, and a count of its own in plain Python.

The count walks over days and pupils one by one and uses nothing of the package, so that both can only agree by being right.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from absences.absence_factories import TABLE, _day, write_csv, write_xlsx

ABSENT = set("BZDPRHMCJTUYA-")
STATUS = {"B": "unlawful", "-": "open", "L": "late", "A": "neutral", **dict.fromkeys("ZDPRHMCJTUY", "lawful")}
CLASSES = {
    "1A": ("1", "1", "A-stroom", "secundair"),
    "1B": ("1", "1", "B-stroom", "secundair"),
    "2A": ("1", "2", "A-stroom", "secundair"),
    "3DO": ("2", "3", "doorstroom", "secundair"),
    "3AB": ("2", "3", "arbeidsmarkt", "secundair"),
    "OKAN": ("onbekend", "onbekend", "onbekend", "onbekend"),
}


def open_halves(school_year: str) -> dict[date, tuple[str, ...]]:
    """Day -> its halves, from the printed table of holidays alone."""
    start = int(school_year[:4])
    *holidays, loose, _, _ = TABLE[school_year]
    closed = {_day(text, start) for text in loose}
    for text in holidays:
        first, last = (_day(part, start) for part in text.split("-"))
        closed |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    days = {}
    day = date(start, 9, 1)
    while day <= date(start + 1, 6, 30):
        if day.weekday() < 5 and day not in closed:
            days[day] = ("VM",) if day.weekday() == 2 else ("VM", "NM")
        day += timedelta(days=1)
    return days


@dataclass
class NastyYear:
    """One school year: enrolment (pupil, class, first, last), marks (pupil, day, half) -> code, and the files' rows."""

    school_year: str
    enrolled: list[tuple[str, str, date, date]] = field(default_factory=list)
    marks: dict[tuple[str, date, str], str] = field(default_factory=dict)
    rejected: int = 0
    rows: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def class_of(self, pupil: str, day: date) -> str | None:
        return next((c for p, c, first, last in self.enrolled if p == pupil and first <= day <= last), None)


def make_year(school_year: str, seed: int, pupils: int = 28) -> NastyYear:
    rng = random.Random(seed)
    year = NastyYear(school_year)
    days = open_halves(school_year)
    start = int(school_year[:4])
    first, last = date(start, 9, 1), date(start + 1, 6, 30)
    for number in range(pupils):
        pupil = f"{number:06d}"
        class_ = rng.choice(list(CLASSES))
        kind = rng.random()
        if kind < 0.12:  # leaves
            year.enrolled.append((pupil, class_, first, rng.choice(list(days))))
        elif kind < 0.24:  # comes late
            year.enrolled.append((pupil, class_, rng.choice(list(days)), last))
        elif kind < 0.34:  # changes class
            turn = rng.choice(list(days)[5:-5])
            year.enrolled.append((pupil, class_, first, turn - timedelta(days=1)))
            year.enrolled.append((pupil, rng.choice(list(CLASSES)), turn, last))
        else:
            year.enrolled.append((pupil, class_, first, last))
    year.enrolled.append(("900001", "1A", first, last))  # never absent
    open_slots = [(day, half) for day, halves in days.items() for half in halves]
    for number in range(pupils):
        pupil = f"{number:06d}"
        for day, half in rng.sample(open_slots, rng.choice([0, 3, 12, 40])):
            code = rng.choices("BZDPRL-|AQ", [8, 12, 6, 3, 3, 8, 3, 2, 1, 1])[0]
            written = code + "01" if code in "BR" and rng.random() < 0.3 else code
            class_ = year.class_of(pupil, day)
            year.rows.append((pupil, class_ or "", f"{day:%d/%m/%Y}", half, written))
            if class_ is None:
                year.rejected += 1
            else:
                year.marks[pupil, day, half] = code
    for row in rng.sample(year.rows, 5):  # the same again
        year.rows.append(row)
        year.rejected += 1
    wednesday = next(day for day in days if day.weekday() == 2)
    for row in (
        ("000001", "1A", f"{wednesday:%d/%m/%Y}", "NM", "B"),
        ("000001", "1A", f"{date(start, 12, 25):%d/%m/%Y}", "VM", "B"),
        ("000001", "1A", f"{date(start + 1, 8, 20):%d/%m/%Y}", "VM", "B"),
        ("777777", "1A", f"{next(iter(days)):%d/%m/%Y}", "VM", "B"),
        ("", "1A", f"{next(iter(days)):%d/%m/%Y}", "VM", "B"),
    ):
        year.rows.append(row)
        year.rejected += 1
    return year


def write_year(year: NastyYear, folder: Path, *, workbook: bool = False) -> tuple[Path, Path, Path]:
    header = ("Leerlingnummer", "Klas", "Datum", "Dagdeel", "Code")
    write = write_xlsx if workbook else write_csv
    export = write(folder / f"export-{year.school_year}.{'xlsx' if workbook else 'csv'}", header, year.rows)
    enrolment = write_csv(
        folder / f"inschrijvingen-{year.school_year}.csv",
        ("Stamboeknummer", "Naam", "Klas", "Van", "Tot"),
        [(p, "Naam", c, f"{a:%d/%m/%Y}", f"{b:%d/%m/%Y}") for p, c, a, b in year.enrolled],
    )
    classes = write_csv(
        folder / f"klassen-{year.school_year}.csv",
        ("Klas", "Graad", "Leerjaar", "Stroom", "Niveau"),
        [(name, *values) for name, values in CLASSES.items() if name != "OKAN"],
    )
    return export, enrolment, classes


def _group(year: NastyYear, by: tuple[str, ...], class_: str, day: date, half: str) -> tuple[object, ...]:
    grade, class_year, stream, level = CLASSES[class_]
    values: dict[str, object] = {
        "grade": grade,
        "year": class_year,
        "stream": stream,
        "level": level,
        "class": class_,
        "school_year": year.school_year,
        "month": day.month,
        "week": day.isocalendar()[1],
        "weekday": day.isoweekday(),
        "half": half,
    }
    return tuple(values[name] for name in by)


def count(years: list[NastyYear], by: tuple[str, ...], codes: set[str]) -> dict[tuple[object, ...], tuple[int, int, int]]:
    """Group -> half days missed, half days possible, pupils."""
    possible: Counter[tuple[object, ...]] = Counter()
    missed: Counter[tuple[object, ...]] = Counter()
    pupils: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for year in years:
        days = open_halves(year.school_year)
        for pupil, class_, first, last in year.enrolled:
            for day, halves in days.items():
                if first <= day <= last:
                    for half in halves:
                        group = _group(year, by, class_, day, half)
                        possible[group] += 1
                        pupils[group].add(pupil)
                        if year.marks.get((pupil, day, half)) in codes:
                            missed[group] += 1
    return {group: (missed[group], possible[group], len(pupils[group])) for group in possible}


def count_over(year: NastyYear, value: int, codes: set[str]) -> int:
    """Pupils with *value* or more half days."""
    per_pupil = Counter(pupil for (pupil, _, _), code in year.marks.items() if code in codes)
    return sum(n >= value for n in per_pupil.values())
