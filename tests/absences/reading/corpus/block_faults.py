"""Faults in blocks of lines: the day, the part of the day, the code and the numbers below them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from absences.reading.corpus.broken_export import NO_ROW, Export, Fault, Line, some
from absences.reading.corpus.brought_school import LATE, LEAVER, PUPILS, counted
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT

START = re.compile(r"^(\d\d)(\d\d)(\d\d)T(\d)$")


def _blocks(export: Export) -> list[tuple[int, list[int]]]:
    """Place of each first line, and those of the numbers below it."""
    starts = [n for n, line in enumerate(export.lines) if START.match(str(line.cells[0]))]
    ends = [*starts[1:], len(export.lines)]
    return [
        (start, [n for n in range(start, end) if export.lines[n].fates != (NO_ROW,)])
        for start, end in zip(starts, ends, strict=True)
    ]


def _text(value: str) -> Callable[[Line], Line]:
    return lambda line: replace(line, cells=(value,))


def first_line(how: Callable[[re.Match[str]], str], what: Callable[[Line], Line], count: int = 2) -> Fault:
    """The first line of some blocks, written as *how*, and *what* it makes of the numbers below."""

    def fault(export: Export, rng: random.Random) -> Export:
        for start, numbers in rng.sample(_blocks(export)[1:], count):
            match = START.match(str(export.lines[start].cells[0]))
            assert match
            export = export.change([start], _text(how(match))).change(numbers, what)
        return export

    return fault


def refused(value: str, reason: str, count: int = 2) -> Fault:
    return first_line(lambda match: value, lambda line: line.rejected(reason), count)


def written(how: Callable[[re.Match[str]], str]) -> Fault:
    return first_line(how, lambda line: line, 5)


def number(how: Callable[[str], str], what: Callable[[Line], Line]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        return export.change(some(export, rng), lambda line: what(replace(line, cells=(how(line.cells[0]),))))

    return fault


def code(text: str | None, letter: str, subcode: str | None = None, *, repaired: bool = False, known: bool = True) -> Fault:
    """The code of one block, written as *text*; None leaves it out."""

    def fault(export: Export, rng: random.Random) -> Export:
        start, numbers = rng.choice(_blocks(export))

        def count(line: Line) -> Line:
            other = replace(line, counts=tuple((*cell[:3], letter, subcode) for cell in line.counts))
            return other.repaired() if repaired else other

        changed = export.change(numbers, count)
        if text is None:
            return replace(changed, lines=(*changed.lines[: start + 1], *changed.lines[start + 2 :]))
        changed = changed.change([start + 1], _text(text))
        return changed if known else replace(changed, unknown={letter: len(numbers)})

    return fault


def a_second_code(export: Export, rng: random.Random) -> Export:
    """Two codes for one block: nobody can tell which of them is meant, and the numbers below belong to neither."""
    start, numbers = rng.choice(_blocks(export))
    changed = export.change(numbers, lambda line: line.rejected("date_missing"))
    return changed.insert(start + 2, Line(("M",), fates=("line_unreadable",)))


def a_damaged_first_line(text: str) -> Fault:
    """The numbers below stand under no day: they may not count under the day before."""

    def fault(export: Export, rng: random.Random) -> Export:
        start, numbers = rng.choice(_blocks(export)[1:])
        changed = export.change(numbers, lambda line: line.rejected("date_missing"))
        return changed.change([start], lambda line: replace(line, cells=(text,), fates=("line_unreadable",)))

    return fault


def a_lost_first_line(export: Export, rng: random.Random) -> Export:
    """A code out of its place tells that a day is missing above it."""
    start, numbers = rng.choice(_blocks(export)[1:])
    changed = export.change(numbers, lambda line: line.rejected("date_missing"))
    changed = changed.change([start + 1], lambda line: line.rejected("line_unreadable"))
    return replace(changed, lines=(*changed.lines[:start], *changed.lines[start + 1 :]))


def a_block_without_numbers(export: Export, rng: random.Random) -> Export:
    return export.insert(0, Line(("150925T1",), fates=(NO_ROW,)), Line(("B",), fates=(NO_ROW,)))


def numbers_before_any_day(export: Export, rng: random.Random) -> Export:
    """The first line is a number: this does not look like blocks, nor like a table."""
    return export.insert(0, Line(("0001234567",))).refuse("kolomtitels")


def a_title_above(export: Export, rng: random.Random) -> Export:
    return export.insert(0, Line(("Afwezigheden van de week",))).refuse("kolomtitels")


def a_line_among_the_numbers(text: str) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place = some(export, rng, 1)[0]
        return export.insert(place + 1, Line((text,), fates=("line_unreadable",)))

    return fault


def a_footer(export: Export, rng: random.Random) -> Export:
    return export.insert(len(export.lines), Line(("-- einde van de lijst --",), fates=("line_unreadable",)))


def blank_lines(export: Export, rng: random.Random) -> Export:
    for place in sorted(rng.sample(range(len(export.lines)), 5), reverse=True):
        export = export.insert(place, Line((rng.choice(("", "  ")),), fates=(NO_ROW,)))
    return export


def again_in_its_block(export: Export, rng: random.Random) -> Export:
    for place in sorted(some(export, rng), reverse=True):
        export = export.insert(place + 1, export.lines[place].rejected("duplicate"))
    return export


def again_with_another_code(export: Export, rng: random.Random) -> Export:
    """The same half day in a second block at the end."""
    start, numbers = rng.choice(_blocks(export))
    copies = [export.lines[n].rejected("conflict") for n in numbers]
    return export.insert(len(export.lines), export.lines[start], Line(("M",), fates=(NO_ROW,)), *copies)


def _one_more(pupil_number: str, day: str, reason: str) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        head = Line((f"{day}T1",), fates=(NO_ROW,)), Line(("B",), fates=(NO_ROW,))
        return export.insert(len(export.lines), *head, Line((pupil_number,)).rejected(reason))

    return fault


def the_other_afternoon(export: Export, rng: random.Random) -> Export:
    """Some write the afternoon as 2."""
    lines = tuple(
        replace(line, cells=(line.cells[0].replace("T6", "T2"),)) if START.match(str(line.cells[0])) else line
        for line in export.lines
    )
    return replace(export, lines=lines)


def lesson_hours(export: Export, rng: random.Random) -> Export:
    """A file that counts lesson hours: its second hour is no afternoon, and its third is no half day at all."""
    pupil = PUPILS[4].number
    day = date(2026, 6, 22)
    more = []
    for hour, line in (
        ("1", Line((pupil,), (counted(pupil, day, "VM", "B"),))),
        ("2", Line((pupil,)).rejected("half_unknown")),
        ("3", Line((pupil,)).rejected("half_unknown")),
        ("6", Line((pupil,), (counted(pupil, day, "NM", "B"),))),
    ):
        more += [Line((f"{day:%d%m%y}T{hour}",), fates=(NO_ROW,)), Line(("B",), fates=(NO_ROW,)), line]
    return export.insert(len(export.lines), *more)


BLOCK_FAULTS: Mapping[str, Fault] = {
    "day-that-is-none": refused("310226T1", "date_unreadable"),
    "day-in-month-thirteen": refused("151326T1", "date_unreadable"),
    "day-on-sunday": refused("210925T1", "weekend"),
    "day-in-a-holiday": refused("281025T6", "holiday"),
    "day-of-last-year": refused("160924T1", "outside_year"),
    "day-of-last-century": refused("15091999T1", "outside_year"),
    "wednesday-afternoon": refused("170925T6", "no_lesson"),
    "part-unknown": first_line(lambda m: f"{m[1]}{m[2]}{m[3]}T9", lambda line: line.rejected("half_unknown")),
    "part-zero": first_line(lambda m: f"{m[1]}{m[2]}{m[3]}T0", lambda line: line.rejected("half_unknown")),
    "first-line-lower-case": written(lambda m: f"{m[1]}{m[2]}{m[3]}t{m[4]}"),
    "first-line-with-slashes": written(lambda m: f"{m[1]}/{m[2]}/20{m[3]} T{m[4]}"),
    "first-line-with-dots": written(lambda m: f"{m[1]}.{m[2]}.{m[3]}T{m[4]}"),
    "first-line-with-spaces": written(lambda m: f"  {m[1]}{m[2]}{m[3]}T{m[4]}  "),
    "first-line-with-a-letter-for-a-zero": a_damaged_first_line("15O925T1"),
    "first-line-with-a-digit-too-few": a_damaged_first_line("15925T1"),
    "first-line-without-its-part": a_damaged_first_line("150925T"),
    "first-line-lost": a_lost_first_line,
    "second-code": a_second_code,
    "without-numbers": a_block_without_numbers,
    "numbers-before-any-day": numbers_before_any_day,
    "title-above": a_title_above,
    "number-of-eleven-digits": number(lambda n: f"{n}7", lambda line: line.rejected("line_unreadable")),
    "number-with-a-letter": number(lambda n: n.replace("0", "O", 1), lambda line: line.rejected("line_unreadable")),
    "number-with-its-code": number(lambda n: f"{n} Z", lambda line: line.rejected("line_unreadable")),
    "number-scientific": number(lambda n: f"{int(n):.2E}", lambda line: line.rejected("line_unreadable")),
    "number-unknown": number(lambda n: f"{int(n) + 1:010d}", lambda line: line.rejected("not_enrolled")),
    "number-without-zeros": number(lambda n: n.lstrip("0"), Line.repaired),
    "number-with-spaces": number(lambda n: f"\t{n}  ", lambda line: line),
    "name-among-numbers": a_line_among_the_numbers("Boomklever Zandkorreltje"),
    "formula-among-numbers": a_line_among_the_numbers(FORMULA),
    "script-among-numbers": a_line_among_the_numbers(SCRIPT),
    "footer": a_footer,
    "blank-lines": blank_lines,
    "number-again": again_in_its_block,
    "number-again-with-another-code": again_with_another_code,
    "code-missing": code(None, "-", repaired=True),
    "code-lower-case": code("z", "Z", repaired=True),
    "code-subcode": code("R 07", "R", "R07"),
    "code-unknown": code("Q", "Q", known=False),
    "after-leaving": _one_more(LEAVER.number, "200126", "outside_enrolment"),
    "before-coming": _one_more(LATE.number, "071025", "outside_enrolment"),
    "afternoon-as-two": the_other_afternoon,
    "lesson-hours": lesson_hours,
}
