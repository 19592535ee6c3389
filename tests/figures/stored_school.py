"""A made-up school of two years, stored in the ordinary way, and the same half days counted in plain Python beside it."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from figures.counted_absences import Slot

from stslib.absences import read_export, store_reading
from stslib.absences.analysis import Absences
from stslib.content import load_calendar, load_codes
from stslib.figures.library import load_absences

SCHOOL = "Campus Proef"
LAST_DAY = {"2024-2025": date(2025, 6, 30), "2025-2026": date(2026, 3, 31)}
"""The last day that each export covers: the second one was made in the middle of the year."""

CLASSES = {
    "1A": ("1", "1", "A-stroom", 24),
    "1B": ("1", "1", "B-stroom", 14),
    "3D": ("2", "3", "doorstroom", 20),
    "4A": ("2", "4", "arbeidsmarkt", 16),
    "5D": ("3", "5", "doorstroom", 12),
    "5A": ("3", "5", "arbeidsmarkt", 3),
}
"""Class -> grade, year, stream, pupils; the last one is too small to show."""

STATUS = {"B": "unlawful", "Z": "lawful", "P": "lawful", "-": "open", "L": "late"}
HALVES = {0: ("VM", "NM"), 1: ("VM", "NM"), 2: ("VM",), 3: ("VM", "NM"), 4: ("VM", "NM")}


@dataclass(frozen=True)
class Stay:
    """One pupil in one class, both days inclusive."""

    pupil: str
    class_name: str
    first: date
    last: date


def school_days(school_year: str, last: date | None = None) -> list[date]:
    """Weekdays of the school year outside the holidays, as the published calendar has them, up to *last*."""
    calendar = load_calendar(school_year)
    day, days = calendar.first_day, []
    while day <= min(last or calendar.last_day, calendar.last_day):
        if day.weekday() < 5 and not any(period.first <= day <= period.last for period in calendar.holidays):
            days.append(day)
        day += timedelta(days=1)
    return days


def stays_of(school_year: str, classes: dict[str, tuple[str, str, str, int]] = CLASSES) -> list[Stay]:
    """Everybody the whole year, but one pupil leaves, one comes late and one changes class."""
    first, last = load_calendar(school_year).first_day, load_calendar(school_year).last_day
    middle = first + timedelta(days=130)
    found = []
    for place, (name, (*_, size)) in enumerate(classes.items()):
        for number in range(size):
            pupil = f"{school_year[2:4]}{place + 1}{number:03d}"
            if name == "1A" and number == 0:
                found.append(Stay(pupil, name, first, middle))
            elif name == "1A" and number == 1:
                found.append(Stay(pupil, name, middle, last))
            elif name == "3D" and number == 0:
                found += [Stay(pupil, name, first, middle), Stay(pupil, "4A", middle + timedelta(days=1), last)]
            else:
                found.append(Stay(pupil, name, first, last))
    return found


def usual(seed: int, *, often: float = 0.05) -> Callable[[Stay, date, str], str]:
    """A code now and then: some pupils far more than others, more in winter."""
    chance = random.Random(seed)
    weights: dict[str, float] = {}

    def code(stay: Stay, day: date, half: str) -> str:
        weight = weights.setdefault(stay.pupil, chance.choice([0.2, 0.5, 1, 1, 4]))
        winter = 1.6 if day.month in (12, 1, 2) else 1.0
        if chance.random() > often * weight * winter:
            return ""
        return chance.choices(["Z", "B", "P", "-", "L"], [6, 3, 1, 0.3, 3])[0]

    return code


@dataclass
class StoredSchool:
    """What was stored, and the same as a list of possible half days."""

    data: Path
    slots: list[Slot] = field(default_factory=list)

    def bring_in(
        self,
        school_year: str,
        code: Callable[[Stay, date, str], str],
        *,
        classes: dict[str, tuple[str, str, str, int]] = CLASSES,
        last: date | None = None,
    ) -> None:
        """Write the three files of one year, read them and store them; *code* says what was noted."""
        last = last or LAST_DAY[school_year]
        stays = stays_of(school_year, classes)
        days = school_days(school_year, last)
        slots = [
            Slot(stay.pupil, day, half, stay.class_name, *classes[stay.class_name][:3], code(stay, day, half), school_year)
            for stay in stays
            for day in days
            if stay.first <= day <= stay.last
            for half in HALVES[day.weekday()]
        ]
        self.slots += slots
        folder = self.data / f"bestanden-{school_year}"
        folder.mkdir(parents=True, exist_ok=True)
        export = _write(
            folder / "export.csv",
            ("Leerlingnummer", "Datum", "Dagdeel", "Code"),
            ((slot.pupil, f"{slot.day:%d/%m/%Y}", slot.half, slot.code) for slot in slots if slot.code),
        )
        enrolment = _write(
            folder / "inschrijving.csv",
            ("Leerlingnummer", "Klas", "Van", "Tot"),
            ((stay.pupil, stay.class_name, f"{stay.first:%d/%m/%Y}", f"{stay.last:%d/%m/%Y}") for stay in stays),
        )
        class_file = _write(
            folder / "klassen.csv",
            ("Klas", "Graad", "Leerjaar", "Finaliteit", "Niveau"),
            ((name, grade, year, stream, "secundair") for name, (grade, year, stream, _) in classes.items()),
        )
        calendar = load_calendar(school_year)
        reading = read_export(
            export,
            school_year=school_year,
            codes=load_codes(),
            calendar=calendar,
            enrolment=enrolment,
            classes=class_file,
            today=last,
            period=(calendar.first_day, last),
        )
        assert reading.report.rejected == 0
        store_reading(self.data, SCHOOL, reading)

    def absences(self) -> Absences:
        return load_absences(SCHOOL, self.data)

    def of(self, dimension: str = "school", value: str = "", *, school_year: str | None = None) -> list[Slot]:
        """The possible half days of one group."""
        name = {"class": "class_name"}.get(dimension, dimension)
        return [
            slot
            for slot in self.slots
            if (dimension == "school" or getattr(slot, name) == value) and school_year in (None, slot.school_year)
        ]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def counts(slot: Slot, status: str) -> bool:
    """Whether the half day counts for *status*: ``all`` is every absence, and a late arrival is none."""
    found = STATUS.get(slot.code)
    return found not in (None, "late") if status == "all" else found == status


def missed(slots: Iterable[Slot], status: str) -> int:
    return sum(counts(slot, status) for slot in slots)


def pupils(slots: Iterable[Slot]) -> set[str]:
    return {slot.pupil for slot in slots}


def number(text: str) -> int:
    """``1.234`` as it stands in a table."""
    return int(text.replace(".", ""))


def dutch(value: float, decimals: int = 1) -> str:
    """``1.234,5``."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def dutch_percent(hits: int, possible: int) -> str:
    return dutch(hits / possible * 100, 2 if 0 < hits / possible < 0.001 else 1) + "\u00a0%"
