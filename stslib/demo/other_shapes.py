"""The same made-up half days in the other shapes that packages export, to try each: small, next to the ordinary exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

from stslib.demo.absence import Mark
from stslib.demo.files import write_csv, write_text, write_xlsx
from stslib.demo.school import class_days
from stslib.model.absence import Half, SchoolYearCalendar
from stslib.text import format_date

FOLDER = "andere-vormen"

SCHOOL_YEAR = "2025-2026"

MONTH = (2026, 1)
"""The month of the files that are about one: many are ill then, so there is something to see."""

_PART = {Half.MORNING: "1", Half.AFTERNOON: "2"}
_HOUR = {Half.MORNING: "1", Half.AFTERNOON: "6"}
_TOTALS = ("B", "Z", "D", "P", "R", "L")

README = """Dezelfde verzonnen school, in andere vormen
===========================================

Pakketten exporteren elk op hun manier. Hier staan dezelfde halve dagen als in afwezigheden-2025-2026.xlsx, maar anders
opgeschreven, zodat je elke vorm eens kunt inlezen. Kies telkens schooljaar 2025-2026, met inschrijvingen-2025-2026.csv en
klassen-2025-2026.csv uit de map hierboven ernaast. Bewaar ze onder een andere naam, zoals Proefschool: de cijfers van de
voorbeeldschool blijven dan zoals ze zijn.

perioden-januari.xlsx        een rij per periode: van en tot, met een dagdeel aan elk einde (1 = VM, 2 = NM)
rooster-januari.csv          een rij per leerling en een kolom per halve dag
blokken-januari.txt          per halve dag en code een lijst van leerlingnummers
totalen-2025-2026.csv        per leerling een totaal per code: genoeg voor grenzen, niet voor patronen; halve dagen met een
                             reden die nog niet gekend is (-), staan er niet in
eigen-totaal-2025-2026.txt   wat het pakket van de school zelf telt per code, om naast onze telling te leggen
"""

_OWN_TOTAL = """Wat het pakket van deze verzonnen school zelf telt in afwezigheden-2025-2026.xlsx, in halve dagen per code.
Subcodes tellen bij hun letter. Het pakket telt elke rij, ook een rij die er twee keer staat en een code op woensdagnamiddag.
Geef deze getallen bij het inlezen als eigen totaal, en je ziet waar een verschil vandaan komt.

"""


def shape_files(folder: Path) -> tuple[Path, ...]:
    """Where the files stand, in the order of ``write_shapes``; nothing is written."""
    names = (
        "perioden-januari.xlsx", "rooster-januari.csv", "blokken-januari.txt", f"totalen-{SCHOOL_YEAR}.csv",
        f"eigen-totaal-{SCHOOL_YEAR}.txt", "LEESMIJ.txt",
    )  # fmt: skip
    return tuple(folder / FOLDER / name for name in names)


def write_shapes(folder: Path, marks: Sequence[Mark], own: Mapping[str, int], calendar: SchoolYearCalendar) -> None:
    """Write every other shape of *marks* below *folder*.

    Args:
        folder: of the exports of the example.
        marks: of ``SCHOOL_YEAR``, in order.
        own: code -> half days that the school's package counts in its export of that year.
        calendar: of that year.
    """
    periods, matrix, blocks, totals, total, readme = shape_files(folder)
    days = [day for day in class_days(calendar) if (day.year, day.month) == MONTH]
    of_month = [mark for mark in marks if mark.day in set(days)]
    rows = list(_periods(of_month, days))
    header = ["Leerlingnummer", "Klas", "AF_VAN", "AF_VANUUR", "AF_TOT", "AF_TOTUUR", "Code"]
    write_xlsx(periods, header, rows)
    write_csv(matrix, *_matrix(of_month, days))
    write_text(blocks, "\r\n".join(_blocks(of_month)) + "\r\n")
    write_csv(totals, *_totals(marks))
    write_text(total, _OWN_TOTAL + "".join(f"{code}={count}\n" for code, count in own.items()))
    write_text(readme, README)


def _slots(days: Iterable[date]) -> list[tuple[date, Half]]:
    """The half days with class, in order."""
    return [(day, half) for day in days for half in Half if half is Half.MORNING or day.weekday() != 2]


def _by_pupil(marks: Iterable[Mark]) -> Iterator[tuple[str, str, dict[tuple[date, Half], str]]]:
    """Number, last class and codes of every pupil with marks, in order of class and number."""
    ordered = sorted(marks, key=lambda mark: (mark.pupil.number, mark.day))
    found = [(number, list(own)) for number, own in groupby(ordered, key=lambda mark: mark.pupil.number)]
    for number, own in sorted(found, key=lambda one: (one[1][-1].class_name, one[0])):
        yield number, own[-1].class_name, {(mark.day, mark.half): mark.code for mark in own}


def _periods(marks: Sequence[Mark], days: Sequence[date]) -> Iterator[list[str | date]]:
    """A row per stretch of half days with one code, across weekends too."""
    slots = _slots(days)
    for number, class_name, codes in _by_pupil(marks):
        breaks = [slot for before, slot in pairwise(slots) if codes.get(slot) != codes.get(before)]
        for first, after in pairwise([slots[0], *breaks, None]):
            last = slots[-1] if after is None else slots[slots.index(after) - 1]
            if first is not None and first in codes:
                yield [number, class_name, first[0], _PART[first[1]], last[0], _PART[last[1]], codes[first]]


def _matrix(marks: Sequence[Mark], days: Sequence[date]) -> tuple[list[str], list[list[str]]]:
    """A row per pupil, a column per half day; an empty cell is present."""
    slots = _slots(days)
    header = ["Leerlingnummer", "Klas", *(f"{format_date(day)} {half.value}" for day, half in slots)]
    return header, [[number, name, *(codes.get(slot, "") for slot in slots)] for number, name, codes in _by_pupil(marks)]


def _blocks(marks: Sequence[Mark]) -> Iterator[str]:
    """A line for the half day, one for its code, then the numbers of the pupils."""

    def block(mark: Mark) -> tuple[date, bool, str]:
        return (mark.day, mark.half is Half.AFTERNOON, mark.code)

    for _, own in groupby(sorted(marks, key=lambda mark: (*block(mark), mark.pupil.number)), key=block):
        alike = list(own)
        yield f"{alike[0].day:%d%m%y}T{_HOUR[alike[0].half]}"
        yield alike[0].code
        yield from (mark.pupil.number for mark in alike)


def _totals(marks: Sequence[Mark]) -> tuple[list[str], list[list[str]]]:
    """A row per pupil, a column per code; subcodes count under their letter."""
    rows = []
    for number, class_name, codes in _by_pupil(marks):
        letters = [code[0] for code in codes.values()]
        rows.append([number, class_name, *(str(letters.count(letter)) for letter in _TOTALS)])
    return ["Leerlingnummer", "Klas", *_TOTALS], rows
