"""A small generated school as the files it would export; every name in it is made up and dropped at reading."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

CLASSES = {
    "1A1": ("1", "1", "A-stroom"),
    "1B1": ("1", "1", "B-stroom"),
    "3DD1": ("2", "3", "doorstroom"),
    "5AM1": ("3", "5", "arbeidsmarkt"),
}


@dataclass(frozen=True)
class SchoolFiles:
    export: Path
    enrolment: Path
    classes: Path
    rows: int


def write_school(folder: Path, *, pupils: int = 80, seed: int = 7) -> SchoolFiles:
    """Export (a row per pupil and half day), enrolment and classes of school year 2025-2026."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [f"{100000 + index}" for index in range(pupils)]
    placed = {number: list(CLASSES)[index % len(CLASSES)] for index, number in enumerate(numbers)}
    days = [day for day in (date(2025, 9, 1) + timedelta(days=offset) for offset in range(56)) if day.weekday() < 5]
    rows = []
    for number in numbers:
        for day in chance.sample(days, 6):
            halves = ["VM"] if day.weekday() == 2 else ["VM", "NM"]
            code = chance.choices(["Z", "B", "L", "P", "D"], [5, 2, 2, 1, 2])[0]
            rows += [(number, f"Naam{number}", day.strftime("%d/%m/%Y"), half, code) for half in halves]
    _write(folder / "afwezigheden.csv", ("Leerlingnummer", "Naam", "Datum", "Dagdeel", "Code"), rows)
    _write(
        folder / "inschrijvingen.csv",
        ("Leerlingnummer", "Klas", "Van", "Tot"),
        [(number, placed[number], "01/09/2025", "30/06/2026") for number in numbers],
    )
    _write(
        folder / "klassen.csv",
        ("Klas", "Graad", "Leerjaar", "Stroom", "Niveau"),
        [(name, *rest, "secundair") for name, rest in CLASSES.items()],
    )
    return SchoolFiles(folder / "afwezigheden.csv", folder / "inschrijvingen.csv", folder / "klassen.csv", len(rows))


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)
