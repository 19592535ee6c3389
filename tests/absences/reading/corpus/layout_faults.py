"""Faults that can happen to any table: its headers, its rows, its pupil numbers, what its cells hold besides."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from absences.reading.corpus.broken_export import NO_ROW, Export, Fault, Line, some
from absences.reading.corpus.brought_school import PUPILS

ANY_OF_A_STRANGE_ROW = (
    "pupil_missing", "date_missing", "date_unreadable", "half_missing", "half_unknown", "code_missing", "count_unreadable",
    "not_enrolled",
)  # fmt: skip
"""A line that is no row of a pupil can be sent back for whatever of it is looked at first."""

LONG_REMARK = "lang " * 40_000
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert('gekraakt')</script>"


def _strange(cells: tuple[object, ...]) -> Line:
    return Line(cells, fates=ANY_OF_A_STRANGE_ROW)


# -- headers -----------------------------------------------------------------------------------------------------------


def title_lines(export: Export, rng: random.Random) -> Export:
    above = (("Basisschool De Vlinder", *[""] * (len(export.header) - 1)), ("Afgedrukt op 22/11/2026",), ("",))
    return replace(export, above=above).tell("3 rijen boven de kolomtitels")


def groups_above_the_headers(export: Export, rng: random.Random) -> Export:
    width = len(export.header)
    return replace(export, above=(("Leerling", "", "", "Afwezigheid", *[""] * (width - 4)),)).tell("1 rij boven de kolomtitels")


def blank_lines_above(export: Export, rng: random.Random) -> Export:
    return replace(export, above=((),) * 5)


def nineteen_title_lines(export: Export, rng: random.Random) -> Export:
    return replace(export, above=(("Afwezigheden",),) * 19).tell("19 rijen boven de kolomtitels")


def thirty_title_lines(export: Export, rng: random.Random) -> Export:
    """So far down nobody looks for headers."""
    return replace(export, above=(("Afwezigheden",),) * 30).refuse("kolomtitels")


def a_line_that_says_the_separator(export: Export, rng: random.Random) -> Export:
    """Excel takes ``sep=;`` for an order and hides it."""

    def say(text: str) -> str:
        return f"sep={export.separator}" + text[text.index("\n") :]

    return replace(export, above=(("",),), text_edits=(*export.text_edits, say))


def separators_after_every_row(export: Export, rng: random.Random) -> Export:
    width = len(export.header)
    return replace(export, lines=tuple(line.set(width, "") for line in export.lines))


def a_separator_after_the_headers(export: Export, rng: random.Random) -> Export:
    return replace(export, header=(*export.header, ""))


def an_empty_column_in_front(export: Export, rng: random.Random) -> Export:
    return replace(
        export,
        header=("", *export.header),
        lines=tuple(replace(line, cells=("", *line.cells)) for line in export.lines),
        roles={role: place + 1 for role, place in export.roles.items()},
    )


def explained_below_the_headers(export: Export, rng: random.Random) -> Export:
    """A second row of headers that says how to fill in the first: to a reader it is a row that cannot be used."""
    return export.insert(0, _strange(tuple("(uitleg)" for _ in export.header)))


def headers_again_halfway(export: Export, rng: random.Random) -> Export:
    return export.insert(len(export.lines) // 2, _strange(export.header))


def headers_shouted(export: Export, rng: random.Random) -> Export:
    if export.shape in ("matrix", "totals"):  # the letters of codes and halves are part of the header there
        titles = tuple(f"  {title} " for title in export.header)
    else:
        titles = tuple(f" {title.upper()}: " for title in export.header)
    return replace(export, header=titles, dropped=None, ignored=None)


def pupil_by_another_name(export: Export, rng: random.Random) -> Export:
    return export.rename(export.roles["pupil"], "Interne ID")


def pupil_by_no_known_name(export: Export, rng: random.Random) -> Export:
    return export.rename(export.roles["pupil"], "Wie").refuse("leerlingnummer")


def pupil_by_no_known_name_but_mapped(export: Export, rng: random.Random) -> Export:
    return replace(export.rename(export.roles["pupil"], "Wie"), mapping={"pupil": "Wie"})


def pupil_without_header(export: Export, rng: random.Random) -> Export:
    return export.rename(export.roles["pupil"], "").refuse("leerlingnummer")


def pupil_header_twice(export: Export, rng: random.Random) -> Export:
    """What stands in the second one is somebody else's."""
    return replace(export.grow(export.head("pupil"), lambda n: f"9{n:09d}"), dropped=None, ignored=None)


def no_headers(export: Export, rng: random.Random) -> Export:
    first, *rest = export.lines
    return replace(export, header=tuple(map(str, first.cells)), lines=tuple(rest)).refuse("kolomtitels")


def only_headers(export: Export, rng: random.Random) -> Export:
    return replace(export, lines=()).refuse("geen rijen")


def empty_header_at_the_end(export: Export, rng: random.Random) -> Export:
    return export.grow("", lambda n: "x")


def more_columns(export: Export, rng: random.Random) -> Export:
    grown = export
    for title in ("Adres ouders", "GSM moeder", "Kleur fiets"):
        grown = grown.grow(title, lambda n: f"waarde {n}")
    return replace(
        grown,
        dropped=(*(export.dropped or ()), "Adres ouders", "GSM moeder"),
        ignored=(*(export.ignored or ()), "Kleur fiets"),
    )


def a_formula_as_header(export: Export, rng: random.Random) -> Export:
    return replace(export.grow(FORMULA, lambda n: FORMULA), ignored=(*(export.ignored or ()), FORMULA))


def a_script_as_header(export: Export, rng: random.Random) -> Export:
    return replace(export.grow(SCRIPT, lambda n: SCRIPT), ignored=(*(export.ignored or ()), SCRIPT))


def a_column_of_thousands_of_letters(export: Export, rng: random.Random) -> Export:
    grown = export.grow("Memo", lambda n: LONG_REMARK if n == 1 else "")
    return replace(grown, dropped=(*(export.dropped or ()), "Memo"))


# -- rows --------------------------------------------------------------------------------------------------------------


def blank_rows(export: Export, rng: random.Random) -> Export:
    blank = Line(("",) * len(export.header), fates=(NO_ROW,))
    for place in sorted((1, 5, len(export.lines)), reverse=True):
        export = export.insert(place, blank)
    return export


def empty_lines(export: Export, rng: random.Random) -> Export:
    """Nothing at all between two rows, not even separators."""
    return export.insert(4, Line((), fates=(NO_ROW,)), Line((), fates=(NO_ROW,)))


def rows_of_spaces(export: Export, rng: random.Random) -> Export:
    spaces = _strange((" ",) * len(export.header))
    return export.insert(3, spaces, spaces)


def a_total_at_the_end(export: Export, rng: random.Random) -> Export:
    cells = ("Totaal", *[""] * (len(export.header) - 2), str(len(export.lines)))
    return export.insert(len(export.lines), _strange(cells))


def a_footer(export: Export, rng: random.Random) -> Export:
    return export.insert(len(export.lines), _strange(("Einde van de lijst. Vertrouwelijk.",)))


def shifted_left(export: Export, rng: random.Random) -> Export:
    return export.change(
        some(export, rng), lambda line: replace(line, cells=(*line.cells[1:], "")).rejected(*ANY_OF_A_STRANGE_ROW)
    )


def shifted_right(export: Export, rng: random.Random) -> Export:
    """The last column is full, so the row has more values than there are columns."""

    def shift(line: Line) -> Line:
        return replace(line, cells=("", *line.cells[:-1], "x")).rejected("ragged")

    return export.change(some(export, rng), shift)


def the_same_row_again(export: Export, rng: random.Random) -> Export:
    copies = [export.lines[n].rejected("duplicate") for n in some(export, rng)]
    return export.insert(len(export.lines), *copies)


def the_whole_file_twice(export: Export, rng: random.Random) -> Export:
    return export.insert(len(export.lines), *(line.rejected("duplicate") for line in export.lines))


def rows_in_another_order(export: Export, rng: random.Random) -> Export:
    lines = list(export.lines)
    rng.shuffle(lines)
    return replace(export, lines=tuple(lines))


# -- pupil numbers -----------------------------------------------------------------------------------------------------


def _pupil(how: Callable[[str], str], what: Callable[[Line], Line], count: int = 3) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["pupil"]
        return export.change(some(export, rng, count), lambda line: what(line.set(place, how(str(line.cells[place])))))

    return fault


def _pupil_refused(value: Callable[[str], str], reason: str, count: int = 3) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        column = export.head("pupil")
        return _pupil(value, lambda line: line.rejected(reason, column=column), count)(export, rng)

    return fault


def national_numbers(export: Export, rng: random.Random) -> Export:
    """The number of the state instead of that of the school, in both files."""
    of = {pupil.number: pupil.national for pupil in PUPILS}
    place = export.roles["pupil"]
    lines = tuple(
        replace(line.set(place, of[line.cells[place]]), counts=tuple((of[c[0]], *c[1:]) for c in line.counts))
        for line in export.lines
    )
    enrolment = tuple((of[row[0]], *row[1:]) for row in export.enrolment or ())
    return replace(export, lines=lines, enrolment=enrolment).tell("rijksregisternummers")  # type: ignore[arg-type]


def no_enrolment(export: Export, rng: random.Random) -> Export:
    return replace(export, enrolment=None).tell("Zonder inschrijvingsbestand")


def a_pupil_who_is_in_no_file(export: Export, rng: random.Random) -> Export:
    """The enrolment file forgot one pupil, and a row of the export names nobody that it knows."""
    gone = PUPILS[3].number
    place, column = export.roles["pupil"], export.head("pupil")
    theirs = [n for n, line in enumerate(export.lines) if line.cells[place] == gone]
    enrolment = tuple(row for row in export.enrolment or () if row[0] != gone)
    kept = export.change(theirs, lambda line: line.rejected("not_enrolled", column=column))
    return replace(kept, enrolment=enrolment).tell("1 leerling van de export zonder inschrijving")


LAYOUT_FAULTS: Mapping[str, Fault] = {
    "title-lines": title_lines,
    "groups-above-the-headers": groups_above_the_headers,
    "blank-lines-above": blank_lines_above,
    "nineteen-title-lines": nineteen_title_lines,
    "thirty-title-lines": thirty_title_lines,
    "line-that-says-the-separator": a_line_that_says_the_separator,
    "separators-after-every-row": separators_after_every_row,
    "separator-after-the-headers": a_separator_after_the_headers,
    "empty-column-in-front": an_empty_column_in_front,
    "rows-of-spaces": rows_of_spaces,
    "explained-below-the-headers": explained_below_the_headers,
    "headers-again-halfway": headers_again_halfway,
    "headers-shouted": headers_shouted,
    "pupil-by-another-name": pupil_by_another_name,
    "pupil-by-no-known-name": pupil_by_no_known_name,
    "pupil-by-no-known-name-but-mapped": pupil_by_no_known_name_but_mapped,
    "pupil-without-header": pupil_without_header,
    "pupil-header-twice": pupil_header_twice,
    "no-headers": no_headers,
    "only-headers": only_headers,
    "empty-header-at-the-end": empty_header_at_the_end,
    "more-columns": more_columns,
    "formula-as-header": a_formula_as_header,
    "script-as-header": a_script_as_header,
    "huge-cell": a_column_of_thousands_of_letters,
    "blank-rows": blank_rows,
    "empty-lines": empty_lines,
    "total-at-the-end": a_total_at_the_end,
    "footer": a_footer,
    "shifted-left": shifted_left,
    "shifted-right": shifted_right,
    "row-again": the_same_row_again,
    "file-twice": the_whole_file_twice,
    "other-order": rows_in_another_order,
    "pupil-missing": _pupil_refused(lambda number: "", "pupil_missing"),
    "pupil-only-spaces": _pupil_refused(lambda number: " \u00a0 ", "pupil_missing"),
    "pupil-scientific": _pupil_refused(lambda number: f"{int(number):.2E}".replace(".", ","), "pupil_rounded"),
    "pupil-unknown": _pupil_refused(lambda number: f"{int(number) + 1:010d}", "not_enrolled"),
    "pupil-is-a-formula": _pupil_refused(lambda number: FORMULA, "not_enrolled"),
    "pupil-is-a-script": _pupil_refused(lambda number: SCRIPT, "not_enrolled"),
    "pupil-with-an-apostrophe": _pupil_refused(lambda number: f"'{number}", "not_enrolled"),
    "pupil-as-a-formula-of-text": _pupil_refused(lambda number: f'="{number}"', "not_enrolled"),
    "pupil-is-an-error": _pupil_refused(lambda number: "#N/B", "not_enrolled", 1),
    "zeros-lost-on-some": _pupil(lambda number: number.lstrip("0"), Line.repaired, 4),
    "zeros-lost-on-all": _pupil(lambda number: number.lstrip("0"), Line.repaired, 999),
    "pupil-as-decimal": _pupil(lambda number: f"{int(number)},0", Line.repaired, 2),
    "pupil-with-spaces": _pupil(lambda number: f" {number}\u00a0", lambda line: line, 5),
    "national-numbers": national_numbers,
    "no-enrolment": no_enrolment,
    "pupil-not-enrolled": a_pupil_who_is_in_no_file,
}
"""Name -> what happens to a table of any shape."""
