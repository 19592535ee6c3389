"""One export that a school could bring: its rows, what is wrong with each, and what must be counted of it.

A fault changes an export together with what must come of it, so the expected report follows from what was done to the file and
never from what the reader said about it.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import xlsxwriter
from absences.reading.files_of_schools import ods_cell, ods_of, web_page, xls_of

USED, REPAIRED, NO_ROW = "used", "repaired", "no row"
"""What becomes of a line, besides the keys of ``REASONS``; the last is no row of data at all (blank, or a line above rows)."""

Counted = tuple[Any, ...]
"""number, ISO date, half, code, subcode; of totals: number, code, half days."""


@dataclass(frozen=True)
class Line:
    """One row under the headers."""

    cells: tuple[Any, ...]
    counts: tuple[Counted, ...] = ()
    fates: tuple[str, ...] = (USED,)
    """Several where more than one thing is wrong: each of them is a true reason."""
    column: str | None = None
    """The header that the rejection must name, where only one will do."""
    height: int = 1
    """Lines of the file that it takes."""

    def set(self, place: int, value: Any) -> Line:
        """The same with another cell; a place after the last one is filled up to."""
        cells = [*self.cells, *[""] * (place + 1 - len(self.cells))]
        cells[place] = value
        return replace(self, cells=tuple(cells))

    def rejected(self, *reasons: str, column: str | None = None) -> Line:
        return replace(self, fates=reasons, counts=(), column=column)

    def repaired(self) -> Line:
        return replace(self, fates=(REPAIRED,))


@dataclass(frozen=True)
class Export:
    """A file and what must come of it."""

    shape: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    roles: Mapping[str, int]
    """Role -> place of its column."""
    enrolment: tuple[tuple[str, str, str, str], ...] | None
    above: tuple[tuple[str, ...], ...] = ()
    below: tuple[tuple[str, ...], ...] = ()
    """More rows of headers."""
    name: str = "export.csv"
    kind: str = "csv"
    separator: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\n"
    text_edits: tuple[Callable[[str], str], ...] = ()
    byte_edits: tuple[Callable[[bytes], bytes], ...] = ()
    content: Callable[[Export], bytes] | None = None
    """Writes the file where no usual way does."""
    refused: str | None = None
    """A piece of the Dutch fact, when nothing of the file may be read."""
    told: tuple[str, ...] = ()
    """Pieces of facts that must be among the findings."""
    dropped: tuple[str, ...] | None = None
    """Headers that the report must name as dropped; None where the case is about something else."""
    ignored: tuple[str, ...] | None = None
    unknown: Mapping[str, int] = field(default_factory=dict)
    classes: frozenset[str] | None = None
    mapping: Mapping[str, Any] | None = None
    secrets: tuple[str, ...] = ()
    """Values that this case may tell nowhere, besides those of the school."""

    def change(self, places: Iterable[int], how: Callable[[Line], Line]) -> Export:
        wanted = set(places)
        return replace(self, lines=tuple(how(line) if n in wanted else line for n, line in enumerate(self.lines)))

    def insert(self, place: int, *lines: Line) -> Export:
        return replace(self, lines=(*self.lines[:place], *lines, *self.lines[place:]))

    def tell(self, *facts: str) -> Export:
        return replace(self, told=(*self.told, *facts))

    def refuse(self, fact: str) -> Export:
        return replace(self, refused=fact)

    def head(self, role: str) -> str:
        return self.header[self.roles[role]]

    def rename(self, place: int, title: str) -> Export:
        return replace(self, header=tuple(title if n == place else old for n, old in enumerate(self.header)))

    def grow(self, title: str, values: Callable[[int], Any]) -> Export:
        """One more column at the end."""
        width = len(self.header)
        lines = tuple(
            line if line.fates == (NO_ROW,) else line.set(width, values(number)) for number, line in enumerate(self.lines)
        )
        return replace(self, header=(*self.header, title), lines=lines)

    # -- what must come of it ------------------------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        return sum(line.fates != (NO_ROW,) for line in self.lines)

    def count(self, fate: str) -> int:
        return sum(line.fates == (fate,) for line in self.lines)

    @property
    def rejected(self) -> dict[int, Line]:
        """Row of the file -> its line."""
        header = 0 if self.shape == "blocks" else 1 + max((title.count("\n") for title in self.header), default=0)
        number = len(self.above) + header + len(self.below) + 1
        found = {}
        for line in self.lines:
            if not set(line.fates) & {USED, REPAIRED, NO_ROW}:
                found[number] = line
            number += line.height
        return found

    @property
    def counted(self) -> list[Counted]:
        return sorted((cell for line in self.lines for cell in line.counts), key=str)

    @property
    def reasons(self) -> Counter[str] | None:
        """Reason -> rows; None where some row has more than one true reason."""
        lines = self.rejected.values()
        return Counter(line.fates[0] for line in lines) if all(len(line.fates) == 1 for line in lines) else None

    # -- the file ------------------------------------------------------------------------------------------------------

    @property
    def table(self) -> list[tuple[Any, ...]]:
        return [*self.above, self.header, *self.below, *(line.cells for line in self.lines)]

    def written(self) -> bytes:
        content = self.content(self) if self.content else WRITERS[self.kind](self)
        for edit in self.byte_edits:
            content = edit(content)
        return content


Fault = Callable[[Export, random.Random], Export]


def some(export: Export, rng: random.Random, count: int = 3) -> list[int]:
    """Places of rows that are still whole."""
    whole = [n for n, line in enumerate(export.lines) if line.fates == (USED,)]
    return sorted(rng.sample(whole, min(count, len(whole))))


def each(export: Export, rng: random.Random, texts: Sequence[str], how: Callable[[Line, str], Line]) -> Export:
    """A row that is still whole for each of *texts*."""
    text_of = dict(zip(some(export, rng, len(texts)), texts, strict=False))
    lines = tuple(how(line, text_of[n]) if n in text_of else line for n, line in enumerate(export.lines))
    return replace(export, lines=lines)


def as_text(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def csv_bytes(export: Export) -> bytes:
    if export.shape == "blocks":
        text = "".join(as_text(line.cells[0]) + export.line_end for line in export.lines)
    else:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=export.separator, lineterminator=export.line_end)
        writer.writerows([as_text(cell) for cell in row] for row in export.table)
        text = out.getvalue()
    for edit in export.text_edits:
        text = edit(text)
    return text.encode(export.encoding)


def fill_sheet(workbook: xlsxwriter.Workbook, sheet: Any, table: Sequence[Sequence[Any]]) -> None:
    shown = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for row, cells in enumerate(table):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, shown)
            elif isinstance(value, int | float):
                sheet.write_number(row, column, value)
            elif value != "":
                sheet.write_string(row, column, value)


def xlsx_bytes(
    export: Export,
    before: Callable[[xlsxwriter.Workbook], None] | None = None,
    after: Callable[[xlsxwriter.Workbook, Any], None] | None = None,
    **options: Any,
) -> bytes:
    """A workbook; *before* may add sheets, *after* may change the one with the table."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    if before:
        before(workbook)
    sheet = workbook.add_worksheet("Afwezigheden")
    fill_sheet(workbook, sheet, export.table)
    if after:
        after(workbook, sheet)
    workbook.close()
    return out.getvalue()


def ods_bytes(export: Export) -> bytes:
    return ods_of("".join("<table:table-row>" + "".join(map(ods_cell, row)) + "</table:table-row>" for row in export.table))


def xls_bytes(export: Export) -> bytes:
    table = [[as_text(cell) if isinstance(cell, date) else cell for cell in row] for row in export.table]
    return xls_of((r, c, value) for r, row in enumerate(table) for c, value in enumerate(row) if value != "")


def html_bytes(export: Export) -> bytes:
    head, *body = [[as_text(cell) for cell in row] for row in export.table]
    return web_page(head, body)


WRITERS: Mapping[str, Callable[[Export], bytes]] = {
    "csv": csv_bytes,
    "xlsx": xlsx_bytes,
    "xls": xls_bytes,
    "ods": ods_bytes,
    "html": html_bytes,
}
