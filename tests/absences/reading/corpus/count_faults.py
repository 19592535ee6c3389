"""Faults in totals, and in tables with half days across."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from absences.reading.corpus.broken_export import Export, Fault, Line, some
from absences.reading.corpus.brought_school import LEAVER, MATRIX_START, PUPILS, counted, matrix_slots
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT
from absences.reading.corpus.value_faults import shape_of

SLOTS = matrix_slots()


# -- totals ------------------------------------------------------------------------------------------------------------


def _without(line: Line, code: str) -> Line:
    return replace(line, counts=tuple(cell for cell in line.counts if cell[1] != code))


def one_count(*texts: str) -> Fault:
    """One number of a row is none: the other ones count."""

    def fault(export: Export, rng: random.Random) -> Export:
        for place, text in zip(some(export, rng, len(texts)), texts, strict=True):
            export = export.change([place], lambda line, text=text: _without(line.set(export.roles["B"], text), "B").repaired())
        return export.tell("Het aantal is geen heel getal")

    return fault


def all_counts(*texts: str) -> Fault:
    """Not one number of a row is one."""

    def fault(export: Export, rng: random.Random) -> Export:
        for place, text in zip(some(export, rng, len(texts)), texts, strict=True):

            def spoil(line: Line, text: str = text) -> Line:
                for role in ("B", "Z", "D"):
                    line = line.set(export.roles[role], text)
                return line.rejected("count_unreadable", column="B")

            export = export.change([place], spoil)
        return export

    return fault


def count_written(how: Callable[[int], str]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["Z"]
        return export.change(some(export, rng, 99), lambda line: line.set(place, how(line.cells[place])))

    return fault


def nothing_counted(*texts: str) -> Fault:
    """A dash or nothing is no half day, and no fault."""

    def fault(export: Export, rng: random.Random) -> Export:
        for place, text in zip(some(export, rng, len(texts)), texts, strict=True):

            def clear(line: Line, text: str = text) -> Line:
                for role in ("B", "Z", "D"):
                    line = line.set(export.roles[role], text)
                zero = tuple((line.cells[0], role, 0) for role in ("B", "Z", "D")) if text.strip() else ()
                return replace(line, counts=zero)

            export = export.change([place], clear)
        return export

    return fault


def pupil_again_with_other_counts(export: Export, rng: random.Random) -> Export:
    """The first row of a pupil counts; what the later one says otherwise does not."""
    copies = []
    for n in some(export, rng, 2):
        line = export.lines[n]
        for role in ("B", "Z", "D"):
            line = line.set(export.roles[role], line.cells[export.roles[role]] + 1)
        copies.append(line.rejected("conflict"))
    return export.insert(len(export.lines), *copies)


def pupil_again_with_one_more_code(export: Export, rng: random.Random) -> Export:
    """The later row brings a code that the first leaves open."""
    line = export.lines[some(export, rng, 1)[0]]
    again = replace(line.set(export.roles["P"], 4), counts=((line.cells[0], "P", 4),), fates=("repaired",))
    return export.insert(len(export.lines), again)


def an_unknown_code_across(export: Export, rng: random.Random) -> Export:
    return replace(export.grow("Q", lambda n: 3), ignored=("Totaal", "Q"))


def subcodes_across(export: Export, rng: random.Random) -> Export:
    """B01 beside B counts under B."""
    grown = export.grow("B01", lambda n: 2)
    lines = tuple(
        replace(line, counts=tuple((n, code, count + 2 if code == "B" else count) for n, code, count in line.counts))
        for line in grown.lines
    )
    return replace(grown, lines=lines)


def codes_in_other_words(export: Export, rng: random.Random) -> Export:
    header = list(export.header)
    header[3:6] = ["Aantal B", "Z (aantal)", "d"]
    return replace(export, header=tuple(header))


def a_total_without_enrolment(export: Export, rng: random.Random) -> Export:
    """Nobody is called so: the last row sums up the others."""
    total = Line(("Totaal", "", "", "210", "198", "225", "", "633")).rejected("pupil_missing", column=export.head("pupil"))
    average = Line(("Gemiddelde", "", "", "17", "16", "18", "", "51")).rejected("pupil_missing", column=export.head("pupil"))
    return replace(export, enrolment=None).insert(len(export.lines), total, average)


def a_row_per_code(fault: Fault | None = None) -> Fault:
    """The same totals with a row per pupil and code."""

    def turn(export: Export, rng: random.Random) -> Export:
        lines = tuple(
            Line((number, line.cells[2], code, count), ((number, code, count),))
            for line in export.lines
            for number, code, count in line.counts
        )
        roles = {"pupil": 0, "class": 1, "code": 2, "count": 3}
        header = ("Leerlingnummer", "Klas", "Code", "Aantal halve dagen")
        turned = replace(export, header=header, lines=lines, roles=roles, dropped=(), ignored=())
        return fault(turned, rng) if fault else turned

    return turn


def _set(role: str, text: str, what: Callable[[Line], Line], count: int = 3) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        return export.change(some(export, rng, count), lambda line: what(line.set(export.roles[role], text)))

    return fault


def _unknown_code_of_a_row(export: Export, rng: random.Random) -> Export:
    def write(line: Line) -> Line:
        return replace(line.set(2, "Q"), counts=((line.cells[0], "Q", line.cells[3]),))

    place = some(export, rng, 1)[0]
    return replace(export.change([place], write), unknown={"Q": export.lines[place].cells[3]})


TOTAL_FAULTS: Mapping[str, Fault] = {
    "count-negative": one_count("-3", "-1"),
    "count-fractional": one_count("2,5", "0.5", "1/2"),
    "count-text": one_count("veel", "?", "drie"),
    "count-too-large": one_count("401", "9999", "100000"),
    "count-thousands": one_count("1.000"),
    "count-a-formula": one_count(FORMULA, "=SOM(B2:B9)", "#DEEL/0!"),
    "count-a-script": one_count(SCRIPT),
    "counts-all-text": all_counts("ja", "-5", "2,5"),
    "counts-as-decimals": count_written(lambda n: f"{n},0"),
    "counts-with-points": count_written(lambda n: f"{n}.00"),
    "counts-with-spaces": count_written(lambda n: f" {n}\u00a0"),
    "counts-empty": nothing_counted("", "-", "/"),
    "pupil-again-with-other-counts": pupil_again_with_other_counts,
    "pupil-again-with-one-more-code": pupil_again_with_one_more_code,
    "unknown-code-across": an_unknown_code_across,
    "subcodes-across": subcodes_across,
    "codes-in-other-words": codes_in_other_words,
    "total-without-enrolment": a_total_without_enrolment,
    "row-per-code": a_row_per_code(),
    "row-per-code-count-missing": a_row_per_code(_set("count", "", lambda line: line.rejected("count_unreadable"))),
    "row-per-code-count-negative": a_row_per_code(_set("count", "-2", lambda line: line.rejected("count_unreadable"))),
    "row-per-code-code-missing": a_row_per_code(_set("code", "", lambda line: line.rejected("code_missing", column="Code"))),
    "row-per-code-code-unknown": a_row_per_code(_unknown_code_of_a_row),
    "row-per-code-again": a_row_per_code(
        lambda export, rng: export.insert(len(export.lines), export.lines[4].rejected("duplicate"))
    ),
}


# -- half days across --------------------------------------------------------------------------------------------------


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
