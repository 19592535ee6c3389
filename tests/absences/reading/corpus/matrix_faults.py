"""Faults in tables with half days across."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from absences.reading.corpus.broken_export import Export, Fault, Line, some
from absences.reading.corpus.brought_school import LEAVER, MATRIX_START, PUPILS, counted, matrix_slots
from absences.reading.corpus.code_faults import shape_of
from absences.reading.corpus.layout_faults import FORMULA

SLOTS = matrix_slots()


def one_more_column(title: str, mark: str = "Z") -> Fault:
    """A column for which no half day can count, marked for three pupils."""

    def fault(export: Export, rng: random.Random) -> Export:
        marked = some(export, rng)
        grown = export.grow(title, lambda n: mark if n in marked else "")
        return (
            grown if mark == "|" else grown.change(marked, Line.repaired).tell("weggelaten uit rijen die voor de rest tellen")
        )

    return fault


def only_in_a_bad_column(title: str, reason: str) -> Fault:
    """Two pupils of whom nothing else is marked."""

    def fault(export: Export, rng: random.Random) -> Export:
        chosen = some(export, rng, 2)
        grown = export.grow(title, lambda n: "B" if n in chosen else "")

        def bare(line: Line) -> Line:
            cells = (*line.cells[:MATRIX_START], *[""] * len(SLOTS), "B")
            return replace(line, cells=cells).rejected(reason, column=title)

        return grown.change(chosen, bare)

    return fault


def a_column_that_says_nothing(title: str) -> Fault:
    return lambda export, rng: replace(export.grow(title, lambda n: "Z"), ignored=(title,))


def the_same_half_day_twice(code: str) -> Fault:
    """The first column counts."""

    def fault(export: Export, rng: random.Random) -> Export:
        place = next(n for n in range(len(SLOTS)) if any(line.cells[MATRIX_START + n] for line in export.lines))
        marked = [n for n, line in enumerate(export.lines) if line.cells[MATRIX_START + place]]
        grown = export.grow(export.header[MATRIX_START + place], lambda n: code if n in marked else "")
        return grown.change(marked, Line.repaired)

    return fault


def titles(how: Callable[[date, str], str]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        return replace(export, header=(*export.header[:MATRIX_START], *(how(*slot) for slot in SLOTS)))

    return fault


def two_rows_of_headers(export: Export, rng: random.Random) -> Export:
    days = [f"{day:%d/%m/%Y}" for day, _ in SLOTS]
    top = [day if n == 0 or days[n - 1] != day else "" for n, day in enumerate(days)]
    halves = tuple(half for _, half in SLOTS)
    return replace(
        export, header=(*export.header[:MATRIX_START], *top), below=(("", "", "", *halves),), dropped=None, ignored=None
    )


def whole_days(export: Export, rng: random.Random) -> Export:
    """A column a day: one code is the whole day, two are its halves, and on Wednesday there is only a morning."""
    days = sorted({day for day, _ in SLOTS})
    halves = {day: [half for other, half in SLOTS if other == day] for day in days}
    lines = []
    for n, pupil in enumerate(PUPILS):
        cells, counts = [], []
        for d, day in enumerate(days):
            text = ("Z", "B/Z", "|B", "")[(n + d) % 4] if pupil.is_there(day) and (n + d) % 3 == 0 else ""
            if text in ("B/Z", "|B") and len(halves[day]) == 1:
                text = "Z"
            both = (text, text) if len(text) < 2 else (text[0], text[-1])
            counts += [counted(pupil.number, day, half, both[half == "NM"]) for half in halves[day] if text]
            cells.append(text)
        lines.append(Line((pupil.number, pupil.name, pupil.class_, *cells), tuple(counts)))
    header = (*export.header[:MATRIX_START], *(f"{day:%d/%m/%Y}" for day in days))
    return replace(export, header=header, lines=tuple(lines)).tell("Eén kolom per dag")


def mark_written(text: str, code: str, subcode: str | None = None, *, repaired: bool = False, known: bool = True) -> Fault:
    """One mark of three pupils."""

    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            place = next(n for n in range(len(SLOTS)) if line.cells[MATRIX_START + n])
            day, half = SLOTS[place]
            counts = tuple((*cell[:3], code, subcode) if cell[1:3] == (day.isoformat(), half) else cell for cell in line.counts)
            written = replace(line.set(MATRIX_START + place, text), counts=counts)
            return written.repaired() if repaired else written

        changed = export.change(some(export, rng), write)
        return changed if known else replace(changed, unknown={code: 3})

    return fault


def no_marks(export: Export, rng: random.Random) -> Export:
    """A pupil who was always there has an empty row."""
    return export.change(
        some(export, rng), lambda line: replace(line, cells=(*line.cells[:MATRIX_START], *[""] * len(SLOTS)), counts=())
    )


def a_pupil_in_two_rows(export: Export, rng: random.Random) -> Export:
    place = some(export, rng, 1)[0]
    line = export.lines[place]
    marked = [n for n in range(len(SLOTS)) if line.cells[MATRIX_START + n]]
    first, second = line, line
    for n in marked[2:]:
        first = first.set(MATRIX_START + n, "")
    for n in marked[:2]:
        second = second.set(MATRIX_START + n, "")
    first, second = replace(first, counts=line.counts[:2]), replace(second, counts=line.counts[2:])
    return export.change([place], lambda _: first).insert(len(export.lines), second)


def a_leaver_marked_after(export: Export, rng: random.Random) -> Export:
    place = next(n for n, line in enumerate(export.lines) if line.cells[0] == LEAVER.number)
    later = next(n for n, (day, _) in enumerate(SLOTS) if day.year == 2026)
    return export.change([place], lambda line: line.set(MATRIX_START + later, "B").repaired())


def totals_below_without_enrolment(export: Export, rng: random.Random) -> Export:
    """A last row that counts the absent of each half day is nobody."""
    counts = [str(sum(bool(line.cells[MATRIX_START + n]) for line in export.lines)) for n in range(len(SLOTS))]
    total = Line(("Totaal", "", "", *counts)).rejected("pupil_missing", column=export.head("pupil"))
    return replace(export, enrolment=None).insert(len(export.lines), total)


MATRIX_FAULTS: Mapping[str, Fault] = {
    "column-on-a-day-that-is-none": one_more_column("31/02/2026 VM"),
    "column-of-last-year": one_more_column("16/09/2024 VM"),
    "column-on-saturday": one_more_column("20/09/2025 VM"),
    "column-in-a-holiday": one_more_column("28/10/2025 NM"),
    "column-on-wednesday-afternoon": one_more_column("17/09/2025 NM"),
    "column-on-saturday-present": one_more_column("20/09/2025 VM", "|"),
    "column-on-wednesday-afternoon-present": one_more_column("17/09/2025 NM", "|"),
    "only-on-saturday": only_in_a_bad_column("20/09/2025 VM", "weekend"),
    "only-in-a-holiday": only_in_a_bad_column("28/10/2025 NM", "holiday"),
    "only-on-wednesday-afternoon": only_in_a_bad_column("17/09/2025 NM", "no_lesson"),
    "only-in-another-year": only_in_a_bad_column("16/09/2024 VM", "outside_year"),
    "only-on-a-day-that-is-none": only_in_a_bad_column("31/02/2026 VM", "date_unreadable"),
    "header-of-a-week": a_column_that_says_nothing("week 38"),
    "header-of-a-sum": a_column_that_says_nothing("Som"),
    "half-day-twice-same-code": the_same_half_day_twice("M"),
    "headers-short": titles(lambda day, half: f"{day.day}/{day.month} {half}"),
    "headers-iso": titles(lambda day, half: f"{day.isoformat()} {half}"),
    "headers-half-first": titles(lambda day, half: f"{half} {day:%d/%m/%Y}"),
    "headers-with-weekday": titles(lambda day, half: f"{('ma', 'di', 'wo', 'do', 'vr')[day.weekday()]} {day:%d/%m} {half}"),
    "headers-serial": titles(lambda day, half: f"{(day - date(1899, 12, 30)).days} {half}"),
    "headers-two-digit-years": titles(lambda day, half: f"{day:%d/%m/%y} {half}"),
    "two-rows-of-headers": two_rows_of_headers,
    "whole-days": whole_days,
    "mark-lower-case": mark_written("z", "Z", repaired=True),
    "mark-subcode": mark_written("R7", "R", "R7"),
    "mark-unknown": mark_written("Q", "Q", known=False),
    "mark-a-formula": mark_written(FORMULA, shape_of(FORMULA), known=False),
    "no-marks": no_marks,
    "pupil-in-two-rows": a_pupil_in_two_rows,
    "leaver-marked-after": a_leaver_marked_after,
    "total-without-enrolment": totals_below_without_enrolment,
}
