"""The made-up school as the files that its administration would export, with the small flaws such files have.

The first year is a list of half days (CSV, semicolons, Windows code page), the second a list of days with a code for the
morning and one for the afternoon (XLSX). Names and birth dates stand in them, as in real exports, for reading to drop.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from stslib.demo.absence import Mark, half_day_slots
from stslib.demo.school import STREAM_NAMES, Pupil, School
from stslib.model.absence import Half, SchoolYearCalendar
from stslib.text import format_date

FOLDER = "voorbeeld"

README = """Dit is een verzonnen school
==========================

Alle leerlingen, namen, geboortedatums en afwezigheden in deze map zijn door de computer bedacht.
Ze gaan over niemand. De bestanden zien eruit zoals een school ze uit haar leerlingenadministratie haalt,
met enkele slordigheden erin, zodat je ziet wat het verslag bij het inlezen daarover zegt.

afwezigheden-2024-2025.csv    een rij per leerling en halve dag
afwezigheden-2025-2026.xlsx   een rij per leerling en dag, met een code voor voormiddag en namiddag
inschrijvingen-...csv         wie in welke klas zat, en van wanneer tot wanneer
klassen-...csv                graad, leerjaar, stroom of finaliteit van elke klas
andere-vormen/                dezelfde halve dagen zoals andere pakketten ze opschrijven, om elke vorm te proberen

Bij wie in de loop van 2025-2026 instroomde, staat soms hoeveel halve dagen B de vorige school al noteerde (extern B).
"""


@dataclass(frozen=True)
class YearFiles:
    """The three files of one school year."""

    school_year: str
    absences: Path
    enrolment: Path
    classes: Path

    def all(self) -> tuple[Path, ...]:
        """The three paths."""
        return (self.absences, self.enrolment, self.classes)


def year_files(folder: Path, school_year: str, *, workbook: bool) -> YearFiles:
    """Where the files of *school_year* stand; nothing is written."""
    return YearFiles(
        school_year,
        folder / f"afwezigheden-{school_year}.{'xlsx' if workbook else 'csv'}",
        folder / f"inschrijvingen-{school_year}.csv",
        folder / f"klassen-{school_year}.csv",
    )


def write_half_days(path: Path, marks: Sequence[Mark], rng: random.Random) -> int:
    """Shape 1: a row per pupil and half day, cp1252; returns the number of data rows.

    Flaws put in on purpose: odd dates, small letters, a row twice, a code nobody knows, an afternoon on a Wednesday, a day
    in a holiday, a number that is nobody's.
    """
    header = ["Leerlingnummer", "Naam", "Voornaam", "Geboortedatum", "Klas", "Datum", "Dagdeel", "Code"]
    rows = [[*_person(m.pupil), m.class_name, format_date(m.day), m.half.value, m.code] for m in marks]
    for place, row in enumerate(rng.sample(rows, 12)):
        day, month, year = (int(part) for part in row[5].split("/"))
        serial = (date(year, month, day) - date(1899, 12, 30)).days
        row[5] = (f"{day}-{month}-{year}", f"{row[5]} 00:00", str(serial))[place % 3]
    for row in rng.sample([row for row in rows if row[7] == "B"], 3):
        row[7] = "b"
    for row in rng.sample(rows, 3):
        row[7] = "Q"
    wednesday = next(mark for mark in marks[len(marks) // 3 :] if mark.day.weekday() == 2 and mark.code == "Z")
    extra = [*_person(wednesday.pupil), wednesday.class_name, format_date(wednesday.day), Half.AFTERNOON.value, "Z"]
    rows.insert(marks.index(wednesday) + 1, extra)
    holiday = next(mark for mark in marks if mark.day.month == 11 and mark.half == Half.MORNING)
    rows.insert(marks.index(holiday), [*_person(holiday.pupil), holiday.class_name, f"11/11/{holiday.day.year}", "VM", "Z"])
    nobody = list(rows[len(rows) // 2])
    nobody[0] = "9999000001"
    rows.insert(len(rows) // 2, nobody)
    place = rng.randrange(len(rows))
    rows.insert(place + 1, list(rows[place]))
    write_csv(path, header, rows)
    return len(rows)


def write_day_rows(path: Path, marks: Sequence[Mark], rng: random.Random) -> dict[str, int]:
    """Shape 2: a row per pupil and day with a code for VM and one for NM, XLSX.

    Returns:
        Code -> half days, as a package counts that counts every row. Subcodes under their letter; present is no absence.

    ``|`` is present. Flaws put in on purpose: dates as text among real dates, a row twice, an unknown code, an afternoon code
    on a Wednesday.
    """
    header = ["Leerlingnummer", "Naam", "Voornaam", "Geboortedatum", "Klas", "Datum", "VM", "NM"]
    rows: list[list[str | date]] = []
    for (pupil, class_name, day), codes in half_day_slots(marks):
        afternoon = "" if day.weekday() == 2 else codes.get(Half.AFTERNOON, "|")
        rows.append([*_person(pupil), class_name, day, codes.get(Half.MORNING, "|"), afternoon])
    for row in rng.sample([row for row in rows if row[6] == "Z"], 2):
        row[6] = "z"
    for row in rng.sample(rows, 4):
        row[5] = format_date(row[5]).replace("/", ".") if isinstance(row[5], date) else row[5]
    for row in rng.sample([row for row in rows if row[7] == "|"], 2):
        row[6] = "Q"
    wednesday = next(
        row for row in rows[len(rows) // 2 :] if isinstance(row[5], date) and row[5].weekday() == 2 and row[6] == "Z"
    )
    wednesday[7] = "Z"
    place = rng.randrange(len(rows))
    rows.insert(place + 1, list(rows[place]))
    write_xlsx(path, header, rows)
    counted = Counter(str(code)[0].upper() for row in rows for code in row[6:] if code not in ("", "|"))
    return {code: counted[code] for code in sorted(counted) if code != "Q"}


def write_enrolment(
    path: Path, school: School, calendar: SchoolYearCalendar, *, running: bool, brought: Mapping[str, int]
) -> int:
    """Pupil, class, from, to; a *running* year has no end date for who is still there. Returns the number of rows.

    *brought* (number of the pupil -> half days B from the school before) is a column of its own where anybody has some.
    """
    rows = []
    for pupil in school.enrolled(calendar.school_year):
        for stay in pupil.stays[calendar.school_year]:
            still_there = running and stay.last == calendar.last_day
            last = "" if still_there else format_date(stay.last)
            row = [pupil.number, pupil.surname, pupil.first_name, stay.class_name, format_date(stay.first), last]
            rows.append([*row, str(brought.get(pupil.number, ""))] if brought else row)
    rows.sort(key=lambda row: (row[3], row[1], row[2], row[0]))
    header = ["Leerlingnummer", "Naam", "Voornaam", "Klas", "Van", "Tot"]
    write_csv(path, [*header, "Extern B"] if brought else header, rows)
    return len(rows)


def write_classes(path: Path, school: School, school_year: str) -> int:
    """Class, grade, year, stream or finality, level. Returns the number of rows."""
    rows = [
        [one.name, str(one.grade), str(one.year), STREAM_NAMES[one.stream], "secundair"] for one in school.classes[school_year]
    ]
    write_csv(path, ["Klas", "Graad", "Leerjaar", "Finaliteit", "Niveau"], rows)
    return len(rows)


def _person(pupil: Pupil) -> list[str]:
    return [pupil.number, pupil.surname, pupil.first_name, format_date(pupil.born)]


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A list as most packages export it: semicolons, the Windows code page."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    _put(path, text.getvalue().encode("cp1252"))


def write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Sequence[str | date]]) -> None:
    """A workbook of one sheet; a date is a real date."""
    import xlsxwriter  # type: ignore[import-untyped]

    buffer = io.BytesIO()
    # A fixed moment of making: the same school gives the same bytes.
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    workbook.set_properties({"title": "Afwezigheden van een verzonnen school", "created": datetime(2026, 5, 8)})
    sheet = workbook.add_worksheet("Afwezigheden")
    bold = workbook.add_format({"bold": True})
    sheet.write_row(0, 0, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day))
            elif value:
                sheet.write_string(number, column, value)
    sheet.set_column(0, 7, 15)
    sheet.freeze_panes(1, 0)
    workbook.close()
    _put(path, buffer.getvalue())


def write_text(path: Path, text: str) -> None:
    """Plain text, UTF-8, with the line ends of *text*."""
    _put(path, text.encode())


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: an interrupted demo leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_bytes(content)
    draft.replace(path)
