"""Workbooks, pages under a wrong name, and files that are no export at all."""

from __future__ import annotations

import codecs
import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import xlsxwriter
from absences.reading.corpus.broken_export import Export, Fault, Line, fill_sheet, html_bytes, some, xls_bytes, xlsx_bytes
from absences.reading.corpus.brought_school import PUPILS
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT
from absences.reading.files_of_schools import compound_file, ods_cell, ods_of


def as_type(kind: str, name: str) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        lines = tuple(
            replace(line, cells=tuple(int(c) if isinstance(c, str) and c.isdecimal() and len(c) < 3 else c for c in line.cells))
            for line in export.lines
        )
        typed = replace(export, kind=kind, name=name, lines=lines)
        return typed.tell("webpagina met een tabel") if kind == "html" else typed

    return fault


def _dates_typed(export: Export) -> Export:
    place = export.roles["date"]

    def typed(line: Line) -> Line:
        day, month, year = map(int, line.cells[place].split("/"))
        return line.set(place, date(year, month, day))

    return replace(export, lines=tuple(map(typed, export.lines)))


def _workbook(write: Callable[[Export], bytes], name: str = "export.xlsx") -> Callable[[Export], Export]:
    return lambda export: replace(export, name=name, kind="xlsx", content=write)


def dates_and_numbers(kind: str, name: str) -> Fault:
    """Real days and real numbers: the zeros in front are gone."""

    def fault(export: Export, rng: random.Random) -> Export:
        typed = _dates_typed(export)
        lines = tuple(line.set(0, int(line.cells[0])).repaired() for line in typed.lines)
        return replace(typed, lines=lines, kind=kind, name=name)

    return fault


def days_with_a_time(export: Export, rng: random.Random) -> Export:
    """The moment at which it was filled in stands in the cell of the day."""
    place = export.roles["date"]
    chosen = some(export, rng, 5)

    def stamp(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        shown = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for n in chosen:
            day, month, year = map(int, export.lines[n].cells[place].split("/"))
            sheet.write_datetime(n + 1, place, datetime(year, month, day, 8, 25), shown)

    return _workbook(lambda e: xlsx_bytes(e, after=stamp))(export.change(chosen, Line.repaired))


def away_from_the_corner(export: Export, rng: random.Random) -> Export:
    """The table starts in C4."""
    lines = tuple(replace(line, cells=("", "", *line.cells)) for line in export.lines)
    roles = {role: place + 2 for role, place in export.roles.items()}
    moved = replace(export, above=((), (), ()), header=("", "", *export.header), lines=lines, roles=roles)
    wrong = moved.change([6], lambda line: line.set(roles["date"], "31/02/2026").rejected("date_unreadable"))
    return replace(wrong, kind="xlsx", name="export.xlsx")


def days_since_1904(export: Export, rng: random.Random) -> Export:
    return _workbook(lambda e: xlsx_bytes(e, date_1904=True))(_dates_typed(export))


def _sheet_of(title: str, rows: list[list[Any]]) -> Callable[[xlsxwriter.Workbook], None]:
    def add(workbook: xlsxwriter.Workbook) -> None:
        fill_sheet(workbook, workbook.add_worksheet(title), rows)

    return add


def on_the_second_sheet(export: Export, rng: random.Random) -> Export:
    intro = [["Afwezigheden van de school"], ["Gemaakt op", "22/11/2026"], ["Zie het tweede blad"]]
    return _workbook(lambda e: xlsx_bytes(e, before=_sheet_of("Uitleg", intro)))(export)


def after_an_empty_sheet(export: Export, rng: random.Random) -> Export:
    return _workbook(lambda e: xlsx_bytes(e, before=_sheet_of("Leeg", [])))(export)


def on_two_sheets(export: Export, rng: random.Random) -> Export:
    """The second half of the year stands on a sheet of its own: that only one is read must be told."""
    rest = [list(line.cells) for line in export.lines[24:]]
    first = replace(export, lines=export.lines[:24])

    def write(e: Export) -> bytes:
        return xlsx_bytes(e, after=lambda book, sheet: _sheet_of("Vervolg", [list(e.header), *rest])(book))

    return _workbook(write)(first).tell("blad")


def only_empty_sheets(export: Export, rng: random.Random) -> Export:
    empty = replace(export, lines=(), header=())
    return _workbook(lambda e: xlsx_bytes(e, before=_sheet_of("Nog leeg", [])))(empty).refuse("leeg")


def hidden_rows_and_columns(export: Export, rng: random.Random) -> Export:
    """A filter hides rows on the screen: they are in the file and count."""

    def hide(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        for row in range(3, 9):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_column(1, 2, None, None, {"hidden": True})
        sheet.autofilter(0, 0, len(export.lines), len(export.header) - 1)

    return _workbook(lambda e: xlsx_bytes(e, after=hide))(export)


def merged_pupils(export: Export, rng: random.Random) -> Export:
    """One cell for the three next rows of a pupil: only the first of them says who it is."""

    def merge(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.merge_range(1, 0, 4, 0, PUPILS[0].number)

    return _workbook(lambda e: xlsx_bytes(e, after=merge))(
        export.change([1, 2, 3], lambda line: line.set(0, "").rejected("pupil_missing", column=export.head("pupil")))
    )


def merged_title(export: Export, rng: random.Random) -> Export:
    titled = replace(export, above=(("",), ("",)))

    def merge(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 6, "Afwezigheden 2025-2026", workbook.add_format({"bold": True}))

    return _workbook(lambda e: xlsx_bytes(e, after=merge))(titled).tell("2 rijen boven de kolomtitels")


def formulas_with_their_values(export: Export, rng: random.Random) -> Export:
    """A code that is looked up: the value that the program kept counts."""
    place = export.roles["code"]

    def compute(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        for row in (2, 5, 7):
            sheet.write_formula(row, place, '=CONCATENATE("","")', None, export.lines[row - 1].cells[place])

    return _workbook(lambda e: xlsx_bytes(e, after=compute))(export)


def formulas_without_values(export: Export, rng: random.Random) -> Export:
    """Nothing was kept of what the formula said: the cell is empty."""
    place = export.roles["code"]

    def compute(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        for row in (2, 5, 7):
            sheet.write_formula(row, place, "=A1", None, "")

    return _workbook(lambda e: xlsx_bytes(e, after=compute))(
        export.change([1, 4, 6], lambda line: line.rejected("code_missing", column=export.head("code")))
    )


def error_cells(export: Export, rng: random.Random) -> Export:
    """A day and a number that a formula could not find."""

    def fail(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula(2, export.roles["date"], "=NA()", None, "#N/A")
        sheet.write_formula(4, export.roles["date"], "=1/0", None, "#DIV/0!")
        sheet.write_formula(6, export.roles["pupil"], "=VLOOKUP(1,A1,1)", None, "#REF!")

    spoiled = export.change([1, 3], lambda line: line.rejected("date_unreadable", "date_missing", column=export.head("date")))
    return _workbook(lambda e: xlsx_bytes(e, after=fail))(
        spoiled.change([5], lambda line: line.rejected("not_enrolled", "pupil_missing", column=export.head("pupil")))
    )


def a_formula_as_text(export: Export, rng: random.Random) -> Export:
    changed = export.change([3], lambda line: line.set(0, FORMULA).rejected("not_enrolled", column=export.head("pupil")))
    return replace(changed, kind="xlsx", name="export.xlsx")


def a_far_stray_cell(export: Export, rng: random.Random) -> Export:
    """A note a little way off the table is one more column, and one row without a pupil."""
    width, height = len(export.header) + 3, len(export.lines) + 5
    stray = Line(("",) * width + ("nakijken",)).rejected("ragged", "pupil_missing", "date_missing")
    blanks = [Line((), fates=("no row",))] * 5
    return replace(export.insert(height - 5, *blanks, stray), kind="xlsx", name="export.xlsx")


def cut_package(export: Export, rng: random.Random) -> Export:
    half = replace(export, kind="xlsx", name="export.xlsx", byte_edits=(lambda content: content[: len(content) // 2],))
    return half.refuse("beschadigd")


def damaged_package(export: Export, rng: random.Random) -> Export:
    def damage(content: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            part = package.getinfo("xl/worksheets/sheet1.xml")
        place = part.header_offset + 80
        return content[:place] + bytes(255 - sign for sign in content[place : place + 40]) + content[place + 40 :]

    return replace(export, kind="xlsx", name="export.xlsx", byte_edits=(damage,)).refuse("beschadigd")


def packed_in_a_zip(export: Export, rng: random.Random) -> Export:
    def pack(content: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            package.writestr("export.csv", content)
        return out.getvalue()

    return replace(export, name="export.zip", byte_edits=(pack,)).refuse("geen Excel-bestand")


def with_a_password(export: Export, rng: random.Random) -> Export:
    return replace(export, name="export.xlsx", content=lambda e: compound_file(b"x" * 5000, "EncryptedPackage")).refuse(
        "wachtwoord"
    )


def _has_cells(line: Line) -> bool:
    return bool(line.cells)


def ods_with_repeated_cells(export: Export, rng: random.Random) -> Export:
    """Empty cells and rows of which the file only says how many there are."""

    def write(e: Export) -> bytes:
        rows = ["<table:table-row>" + "".join(map(ods_cell, row)) + "</table:table-row>" for row in e.table]
        empty = '<table:table-cell table:number-columns-repeated="9"/>'
        gap = f'<table:table-row table:number-rows-repeated="3">{empty}</table:table-row>'
        return ods_of("".join([*rows[:5], gap, *rows[5:]]))

    rejected = export.change([10], lambda line: line.set(export.roles["date"], "31/02/2026").rejected("date_unreadable"))
    gap = [Line((), fates=("no row",))] * 3
    with_gap = rejected.insert(4, *gap)
    return replace(with_gap, name="export.ods", content=lambda e: write(replace(e, lines=tuple(filter(_has_cells, e.lines)))))


def named(name: str, content: Callable[[Export], bytes] | None = None, *told: str) -> Fault:
    """The right content under a wrong name."""
    return lambda export, rng: replace(export, name=name, content=content).tell(*told)


def a_page_with_markup(export: Export, rng: random.Random) -> Export:
    """Markup in the cells of a page runs nowhere: what is seen of it is text, and scripts are not seen."""

    def write(e: Export) -> bytes:
        return html_bytes(e).replace(b"<td>NM</td>", f"<td><b>N</b>M{SCRIPT}</td>".encode())

    return replace(export, name="export.xls", content=write).tell("webpagina met een tabel")


def only_this(content: bytes, fact: str, name: str = "export.csv") -> Fault:
    """A file that is something else."""
    return lambda export, rng: replace(export, name=name, content=lambda e: content, lines=()).refuse(fact)


def headers_and_nothing(kind: str, name: str) -> Fault:
    return lambda export, rng: replace(export, kind=kind, name=name, lines=()).refuse("geen rijen")


BOOK_FAULTS: Mapping[str, Fault] = {
    "xlsx-dates-and-numbers": dates_and_numbers("xlsx", "export.xlsx"),
    "ods-dates-and-numbers": dates_and_numbers("ods", "export.ods"),
    "xlsx-days-with-a-time": days_with_a_time,
    "xlsx-away-from-the-corner": away_from_the_corner,
    "xlsx-days-since-1904": days_since_1904,
    "xlsx-second-sheet": on_the_second_sheet,
    "xlsx-after-an-empty-sheet": after_an_empty_sheet,
    "xlsx-on-two-sheets": on_two_sheets,
    "xlsx-only-empty-sheets": only_empty_sheets,
    "xlsx-hidden-rows": hidden_rows_and_columns,
    "xlsx-merged-pupils": merged_pupils,
    "xlsx-merged-title": merged_title,
    "xlsx-formulas": formulas_with_their_values,
    "xlsx-formulas-without-values": formulas_without_values,
    "xlsx-error-cells": error_cells,
    "xlsx-formula-as-text": a_formula_as_text,
    "xlsx-stray-cell": a_far_stray_cell,
    "xlsx-cut": cut_package,
    "xlsx-damaged": damaged_package,
    "xlsx-in-a-zip": packed_in_a_zip,
    "xlsx-password": with_a_password,
    "xlsx-only-headers": headers_and_nothing("xlsx", "export.xlsx"),
    "ods-repeated-cells": ods_with_repeated_cells,
    "csv-named-xlsx": named("export.xlsx"),
    "csv-named-pdf": named("export.pdf"),
    "xlsx-named-csv": named("export.csv", xlsx_bytes),
    "xls-named-xlsx": named("export.xlsx", xls_bytes),
    "html-named-csv": named("export.csv", html_bytes, "webpagina met een tabel"),
    "html-with-markup": a_page_with_markup,
    "html-without-a-table": only_this(b"<html><body><p>Meld je aan</p></body></html>", "webpagina", "export.xls"),
    "empty": only_this(b"", "leeg"),
    "only-line-ends": only_this(b"\r\n\r\n\n", "leeg"),
    "only-a-mark": only_this(codecs.BOM_UTF8, "leeg"),
    "a-letter-to-parents": only_this(b"Beste ouders,\n\ntot morgen op school.\n", "kolomtitels"),
    "a-picture": only_this(b"\x89PNG\r\n\x1a\n" + bytes(64), "geen tekstbestand", "export.xlsx"),
    "a-pdf": only_this(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "geen tekstbestand", "export.csv"),
    "random-bytes": only_this(random.Random(4).randbytes(3000), "geen tekstbestand", "export.xls"),
    "json": only_this(b'{"rows": [["1", "01/09/2025", "VM", "B"]]}', "kolomtitels", "export.csv"),
}
"""For a row per half day, where the name, the remark and the day of a row can all be spoiled."""

TYPE_FAULTS: Mapping[str, Fault] = {
    "as-xlsx": as_type("xlsx", "export.xlsx"),
    "as-xls": as_type("xls", "export.xls"),
    "as-ods": as_type("ods", "export.ods"),
    "as-html": as_type("html", "export.xls"),
}
"""For every table."""
