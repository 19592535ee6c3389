"""Faults in totals per pupil and code."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from absences.reading.corpus.broken_export import Export, Fault, Line, each, some
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT


def _without(line: Line, code: str) -> Line:
    return replace(line, counts=tuple(cell for cell in line.counts if cell[1] != code))


def one_count(*texts: str) -> Fault:
    """One number of a row is none: the other ones count."""

    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["B"]
        spoiled = each(export, rng, texts, lambda line, text: _without(line.set(place, text), "B").repaired())
        return spoiled.tell("Het aantal is geen heel getal")

    return fault


def all_counts(*texts: str) -> Fault:
    """Not one number of a row is one."""

    def fault(export: Export, rng: random.Random) -> Export:
        def spoil(line: Line, text: str) -> Line:
            for role in ("B", "Z", "D"):
                line = line.set(export.roles[role], text)
            return line.rejected("count_unreadable", column="B")

        return each(export, rng, texts, spoil)

    return fault


def count_written(how: Callable[[int], str]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["Z"]
        return export.change(some(export, rng, 99), lambda line: line.set(place, how(line.cells[place])))

    return fault


def nothing_counted(*texts: str) -> Fault:
    """A dash or nothing is no half day, and no fault."""

    def fault(export: Export, rng: random.Random) -> Export:
        def clear(line: Line, text: str) -> Line:
            for role in ("B", "Z", "D"):
                line = line.set(export.roles[role], text)
            zero = tuple((line.cells[0], role, 0) for role in ("B", "Z", "D")) if text.strip() else ()
            return replace(line, counts=zero)

        return each(export, rng, texts, clear)

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
