"""A made-up school and its exports in all six shapes, all in order. Faults are made in these.

What must be counted is told by walking over the days of the printed table of holidays: nothing here is asked of the package.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby

from absences.nasty_school import open_halves
from absences.reading.corpus.broken_export import NO_ROW, Counted, Export, Line

OPEN = open_halves("2025-2026")
DAYS = sorted(OPEN)
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)
LEFT, CAME = date(2025, 12, 19), date(2026, 1, 12)
CLASSES = ("1A", "2 Moderne", "3 Écologie", "5 Café", "OKAN")
CODES = ("B", "Z", "D", "P", "B01", "R03", "L", "-", "Z", "B")

_FAMILY = ("Kanarie", "Vink", "Merel", "Ekster", "Koolmees", "Winterkoning", "Spreeuw", "Putter", "Boomklever", "Grasmus")
_GIVEN = ("Wolkje", "Zandkorrel", "Regendrup", "Sneeuwvlok", "Bliksem")


def national_number(birth: date, serial: int) -> str:
    """An eleven-digit number with right check digits, of nobody."""
    body = f"{birth:%y%m%d}{serial:03d}"
    whole = int(f"2{body}") if birth.year >= 2000 else int(body)
    return f"{body}{97 - whole % 97:02d}"


class Pupil:
    """Who nobody may find back in a message."""

    def __init__(self, place: int, rng: random.Random) -> None:
        self.number = f"000{rng.randrange(4_100_000, 8_900_000)}"
        self.name = f"{_FAMILY[place % 10]}{place:02d} {_GIVEN[place % 5]}"
        self.national = national_number(date(2009, 3, 1) + timedelta(days=37 * place), 101 + 7 * place)
        self.class_ = CLASSES[place % 5]
        self.first, self.last = (CAME if place == 11 else FIRST), (LEFT if place == 10 else LAST)

    def is_there(self, day: date) -> bool:
        return self.first <= day <= self.last


_RNG = random.Random(20250901)
PUPILS = tuple(Pupil(place, _RNG) for place in range(12))
LEAVER, LATE = PUPILS[10], PUPILS[11]
REMARK = "belde om kwart na acht"

SECRETS = tuple(
    {text for pupil in PUPILS for text in (pupil.number.lstrip("0"), *pupil.name.split(), pupil.national)} | {REMARK}
)

ENROLMENT = tuple(
    (pupil.number, pupil.class_, f"{pupil.first:%d/%m/%Y}", "" if pupil.last == LAST else f"{pupil.last:%d/%m/%Y}")
    for pupil in PUPILS
)


def counted(number: str, day: date, half: str, code: str) -> Counted:
    """One half day as it must be counted."""
    return number, day.isoformat(), half, code[0], code if len(code) > 1 else None


def halves_between(first: date, first_half: str, last: date, last_half: str) -> list[tuple[date, str]]:
    """The possible half days from one end to the other, both inclusive, by walking over the days."""
    found, day = [], first
    while day <= last:
        for half in OPEN.get(day, ()):
            if (day, half == "NM") >= (first, first_half == "NM") and (day, half == "NM") <= (last, last_half == "NM"):
                found.append((day, half))
        day += timedelta(days=1)
    return found


def _marks() -> list[tuple[Pupil, date, str, str]]:
    """Four marks of every pupil; the second of each is the other half of the day of the first where there is one."""
    rng = random.Random(7)
    found = []
    for place, pupil in enumerate(PUPILS):
        days = rng.sample([day for day in DAYS if pupil.is_there(day) and day.weekday() != 2], 3)
        slots = [(days[0], "VM"), (days[0], "NM"), (days[1], "VM"), (days[2], "NM")]
        found += [(pupil, day, half, CODES[(place * 3 + n) % len(CODES)]) for n, (day, half) in enumerate(slots)]
    return found


MARKS = _marks()


def long_export() -> Export:
    header = ("Stamboeknummer", "Naam", "Rijksregisternummer", "Klas", "Datum", "Dagdeel", "Code", "Opmerking")
    lines = tuple(
        Line(
            (p.number, p.name, p.national, p.class_, f"{day:%d/%m/%Y}", half, code, REMARK if n % 3 == 0 else ""),
            (counted(p.number, day, half, code),),
        )
        for n, (p, day, half, code) in enumerate(MARKS)
    )
    roles = {"pupil": 0, "name": 1, "class": 3, "date": 4, "half": 5, "code": 6, "remark": 7}
    return Export("long", header, lines, roles, ENROLMENT, dropped=("Naam", "Rijksregisternummer", "Opmerking"), ignored=())


def days_export() -> Export:
    header = ("Leerlingnr", "Familienaam", "Klas", "Datum", "VM", "NM")
    lines = []
    for (p, day), marks in groupby(MARKS, key=lambda mark: (mark[0], mark[1])):
        codes = {half: code for _, _, half, code in marks}
        cells = (p.number, p.name, p.class_, f"{day:%d/%m/%Y}", codes.get("VM", ""), codes.get("NM", ""))
        lines.append(Line(cells, tuple(counted(p.number, day, half, code) for half, code in codes.items())))
    roles = {"pupil": 0, "name": 1, "class": 2, "date": 3, "morning": 4, "afternoon": 5}
    return Export("days", header, tuple(lines), roles, ENROLMENT, dropped=("Familienaam",), ignored=())


def period_line(p: Pupil, first: date, first_half: str, last: date, last_half: str, code: str) -> Line:
    """A period with its half days of while the pupil was enrolled."""
    part = {"VM": "1", "NM": "2"}
    cells = (p.number, p.name, p.class_, f"{first:%d/%m/%Y}", part[first_half], f"{last:%d/%m/%Y}", part[last_half], code)
    found = [(day, half) for day, half in halves_between(first, first_half, last, last_half) if p.is_there(day)]
    return Line(cells, tuple(counted(p.number, day, half, code) for day, half in found))


def periods_export() -> Export:
    header = ("LLNR", "NAAM", "KLAS", "AF_VAN", "AF_VANUUR", "AF_TOT", "AF_TOTUUR", "AF_CODE")
    rng = random.Random(11)
    lines = []
    for place, pupil in enumerate(PUPILS):
        for turn, (first, last) in enumerate(((FIRST, date(2025, 12, 10)), (date(2026, 1, 13), date(2026, 5, 20)))):
            start = rng.choice([day for day in DAYS if first <= day <= last])
            if not pupil.is_there(start):
                continue
            stop = min(start + timedelta(days=rng.choice((0, 1, 4, 9, 12))), pupil.last)
            ends = (rng.choice(OPEN[start]), "NM")
            lines.append(period_line(pupil, start, ends[0], stop, ends[1], CODES[(place + 5 * turn) % len(CODES)]))
    roles = {"pupil": 0, "name": 1, "class": 2, "from": 3, "from_half": 4, "to": 5, "to_half": 6, "code": 7}
    return Export("periods", header, tuple(lines), roles, ENROLMENT, dropped=("NAAM",), ignored=())


def matrix_slots() -> list[tuple[date, str]]:
    weeks = [(date(2025, 9, 15), date(2025, 9, 26)), (date(2026, 1, 19), date(2026, 1, 23))]
    return [(day, half) for day in DAYS if any(a <= day <= b for a, b in weeks) for half in OPEN[day]]


MATRIX_START = 3
"""Place of the first half day."""


def matrix_export() -> Export:
    rng = random.Random(5)
    slots = matrix_slots()
    lines = []
    for p in PUPILS:
        mine = rng.sample([n for n, (day, _) in enumerate(slots) if p.is_there(day)], 4)
        codes = {n: rng.choice(CODES) for n in sorted(mine)}
        cells = (p.number, p.name, p.class_, *(codes.get(n, "") for n in range(len(slots))))
        lines.append(Line(cells, tuple(counted(p.number, *slots[n], code) for n, code in codes.items())))
    header = ("Leerlingnummer", "Naam leerling", "Klas", *(f"{day:%d/%m/%Y} {half}" for day, half in slots))
    roles = {"pupil": 0, "name": 1, "class": 2}
    return Export("matrix", header, tuple(lines), roles, ENROLMENT, dropped=("Naam leerling",), ignored=())


def totals_export() -> Export:
    rng = random.Random(3)
    lines = []
    for p in PUPILS:
        counts = {code: rng.randrange(1, 40) for code in "BZD"}
        cells = (p.number, p.name, p.class_, *counts.values(), "", sum(counts.values()))
        lines.append(Line(cells, tuple((p.number, code, count) for code, count in counts.items())))
    header = ("Stamnr", "Voornaam en naam", "Klas", "B", "Z", "aantal D", "P", "Totaal")
    roles = {"pupil": 0, "name": 1, "class": 2, "B": 3, "Z": 4, "D": 5, "P": 6}
    return Export("totals", header, tuple(lines), roles, ENROLMENT, dropped=("Voornaam en naam",), ignored=("Totaal",))


def blocks_export() -> Export:
    lines = []
    marks = sorted(MARKS, key=lambda mark: (mark[1], mark[2], mark[3]))
    for (day, half, code), found in groupby(marks, key=lambda mark: mark[1:]):
        lines += [Line((f"{day:%d%m%y}T{1 if half == 'VM' else 6}",), fates=(NO_ROW,)), Line((code,), fates=(NO_ROW,))]
        lines += [Line((p.number,), (counted(p.number, day, half, code),)) for p, *_ in found]
    return Export("blocks", ("",), tuple(lines), {"pupil": 0}, ENROLMENT, name="export.txt")


SHAPES: Mapping[str, Export] = {
    export.shape: export
    for export in (long_export(), days_export(), periods_export(), matrix_export(), totals_export(), blocks_export())
}
TABLES = ("long", "days", "periods", "matrix", "totals")
DATED = ("long", "days")
