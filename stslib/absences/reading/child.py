"""The process that parses one job of files and nothing else. Standard library only, apart from the workbook parser.

It runs as ``python -I -S child.py`` because a fresh interpreter without ``site`` starts in a few hundredths of a
second, and because the workbook parser ends the whole process on some files: here that is harmless. Its answer is a
description and one block of text per column. It never prints a value of a cell anywhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from stslib.absences.reading import limits
from stslib.absences.reading.blocks import looks_like_blocks, read_blocks
from stslib.absences.reading.headers import SHEET, ColumnMapping, is_personal
from stslib.absences.reading.layout import BLOCKS, Layout, find_layout, layout_of, missing_roles
from stslib.absences.reading.rows_of_text import decode, split_text
from stslib.guarded.answer import RefusedError
from stslib.guarded.child import work
from stslib.guarded.text import MARKUP, TEXT, type_of

_TOP = limits.HEADER_SEARCH_ROWS + 2


class Wanted(NamedTuple):
    """What is looked for in a file."""

    kind: str
    mapping: ColumnMapping
    codes: Collection[str]

    def layout(self, rows: Sequence[Sequence[str]]) -> Layout | None:
        """Where in the first *rows* the headers are."""
        return find_layout(rows, self.kind, self.mapping, self.codes)

    def score(self, rows: Sequence[Sequence[str]]) -> tuple[bool, int]:
        """How much the first *rows* look like what is wanted."""
        layout = self.layout(rows)
        return layout.score if layout else (False, 0)


class Table(NamedTuple):
    """The rows of one sheet or text, before its columns are known."""

    rows: list[list[Any]]
    numbers: list[int] | None
    """Place of each row in the file, from 1; None: row i is i + 1."""
    notes: list[str]
    sheets: list[str]
    sheet: int
    as_text: Callable[[Any], str]

    def top(self, count: int = _TOP) -> list[list[str]]:
        """The first rows as text."""
        return [[self.as_text(cell) for cell in row] for row in self.rows[:count]]


def _itself(cell: Any) -> str:
    return str(cell)


# -- any file -> the table that is wanted ----------------------------------------------------------------------------


def open_table(content: bytes, wanted: Wanted) -> Table:
    """The table in *content* that looks most like what is wanted.

    Raises:
        RefusedError: when there is no table in it.
    """
    file_type = type_of(content)
    if file_type == TEXT:
        text, encoding = decode(content)
        if not text.strip():
            raise RefusedError("empty")
        rows, numbers, notes = split_text(text, wanted.score)
        return Table(rows, numbers, [f"encoding:{encoding}", *notes], [], 0, _itself)
    if file_type == MARKUP:
        from stslib.guarded.markup import tables_in

        text, encoding = decode(content, markup=True)
        tables = tables_in(text, limits.WORKBOOK.cells)
        names = [f"tabel {number}" for number in range(1, len(tables) + 1)]
        place = _choose(tables, names, wanted)
        return Table(tables[place], None, [f"encoding:{encoding}", "web_page"], names, place, _itself)
    return _open_workbook(content, wanted)


def _open_workbook(content: bytes, wanted: Wanted) -> Table:
    from stslib.guarded.workbook import cell_text, named_sheets, open_workbook

    workbook = open_workbook(content, limits.WORKBOOK, all_types=True)
    best: tuple[tuple[bool, bool, int], int, list[list[Any]]] | None = None
    names: list[str] = []
    with_cells = 0
    for name, rows in named_sheets(workbook, limits.WORKBOOK):
        names.append(name)
        filled = any(cell not in ("", None) for row in rows for cell in row)
        with_cells += filled
        top = [[cell_text(cell) for cell in row] for row in rows[:_TOP]]
        chosen = wanted.mapping.get(SHEET) == name
        score = (chosen, *wanted.score(top)) if filled else (False, False, -1)
        if best is None or score > best[0]:
            best = (score, len(names) - 1, rows)
    if best is None:
        raise RefusedError("damaged_workbook")
    if best[0][2] < 0:
        raise RefusedError("empty")
    notes = [f"sheet:{best[1] + 1}:{with_cells}"] if with_cells > 1 else []
    return Table(best[2], None, notes, names, best[1], cell_text)


def _choose(tables: Sequence[list[list[str]]], names: Sequence[str], wanted: Wanted) -> int:
    asked = wanted.mapping.get(SHEET)
    scores = [(name == asked, *wanted.score(table[:_TOP])) for table, name in zip(tables, names, strict=True)]
    return scores.index(max(scores))


# -- the jobs ---------------------------------------------------------------------------------------------------------


def parse(
    content: bytes, kind: str, mapping: ColumnMapping | None, codes: Collection[str] = ()
) -> tuple[dict[str, Any], list[bytes]]:
    """One file as a description and a block of text per needed column.

    Returns:
        The description (``headers``, ``positions``, ``count``, ``faults``, ``shape``, ``notes`` ...) and the blocks in the
        order of ``positions``; the values of a block stand one a line. Marks that stand across come as three blocks more:
        the row of each, which of the columns across it is in, and its text.

    Raises:
        RefusedError: when the file cannot be used.
    """
    wanted = Wanted(kind, mapping or {}, frozenset(codes))
    blocks = _blocks_of_text(content, wanted)
    if blocks is not None:
        return blocks
    table = open_table(content, wanted)
    layout = wanted.layout(table.top())
    if layout is None:
        raise RefusedError("no_headers")
    notes = [*table.notes, *([f"title_lines:{layout.header_row}"] if layout.header_row > 0 else [])]
    width = len(layout.headers)
    body = table.rows[layout.body :]
    first_number = layout.body + 1
    if len(body) > limits.MAX_ROWS:
        raise RefusedError("too_many_rows", rows=len(body))
    kept = [i for i, row in enumerate(body) if any(row)]
    if len(kept) != len(body):
        body = [body[i] for i in kept]
    row_numbers: list[int] | None = None
    if table.numbers is not None:
        row_numbers = [table.numbers[i + layout.body] for i in kept]
    elif len(kept) and kept[-1] != len(kept) - 1:
        row_numbers = [i + first_number for i in kept]
    ragged = [i for i, row in enumerate(body) if len(row) > width and any(row[width:])]
    if any(len(row) < width for row in body):
        body = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in body]
    made = [
        _one_a_line([cell if type(cell) is str else table.as_text(cell) for cell in (row[position] for row in body)])
        for position in layout.positions.values()
    ]
    if layout.across:
        made += _marks(body, layout, table.as_text)
    description = {
        "headers": _one_line_each(layout.headers),
        "positions": layout.positions,
        "count": len(body),
        "first_number": first_number,
        "row_numbers": row_numbers,
        "faults": {"ragged": ragged},
        "notes": notes,
        "shape": layout.shape,
        "across": layout.across,
    }
    return description, made


def _one_a_line(cells: list[str]) -> bytes:
    block = "\n".join(cells)
    if block.count("\n") != len(cells) - 1 or "\r" in block:
        block = "\n".join(" ".join(cell.split()) for cell in cells)
    return block.encode("utf-8", errors="replace")


def _one_line_each(texts: Sequence[str], longest: int = 80) -> list[str]:
    return [" ".join(text.split())[:longest] for text in texts]


def _marks(body: list[list[Any]], layout: Layout, as_text: Callable[[Any], str]) -> list[bytes]:
    """Row, column and text of every filled cell across, a block each."""
    rows: list[str] = []
    columns: list[str] = []
    texts: list[str] = []
    places = [(str(number), entry.column) for number, entry in enumerate(layout.across)]
    for index, row in enumerate(body):
        number = str(index)
        for name, place in places:
            cell = row[place]
            if cell in ("", None):
                continue
            text = cell if type(cell) is str else as_text(cell)
            if text.strip():
                rows.append(number)
                columns.append(name)
                texts.append(text)
        if len(rows) > limits.MAX_HALF_DAYS:
            raise RefusedError("too_many_marks")
    return [_one_a_line(rows), _one_a_line(columns), _one_a_line(texts)]


def _blocks_of_text(content: bytes, wanted: Wanted) -> tuple[dict[str, Any], list[bytes]] | None:
    """An export as blocks of lines; None when it is something else."""
    if wanted.kind != "export" or type_of(content) != TEXT:
        return None
    text, encoding = decode(content)
    if not looks_like_blocks(text[:1000].splitlines()):
        return None
    lines = text.splitlines()
    found = read_blocks(lines)
    if len(found.numbers) > limits.MAX_ROWS:
        raise RefusedError("too_many_rows", rows=len(found.numbers))
    description = {
        "headers": [],
        "positions": dict.fromkeys(found.columns, -1),
        "count": len(found.numbers),
        "first_number": 1,
        "row_numbers": found.numbers,
        "faults": {"line_unreadable": found.unreadable},
        "notes": [f"encoding:{encoding}"],
        "shape": BLOCKS,
        "across": [],
    }
    return description, [_one_a_line(cells) for cells in found.columns.values()]


def preview(content: bytes, wanted: Wanted, count: int) -> dict[str, Any]:
    """What a file looks like: its sheets, headers and first rows, and what each column seems to be.

    Raises:
        RefusedError: when there is no table in it.
    """
    blocks = _blocks_of_text(content, wanted)
    if blocks is not None:
        text, _ = decode(content)
        lines = [[line[: limits.PREVIEW_CHARACTERS]] for line in text.splitlines() if line.strip()]
        bare = {"found": True, "headers": [""], "header_row": -1, "roles": [None], "personal": [False], "missing": []}
        return {**blocks[0], **bare, "rows": lines[:count], "sheets": [], "sheet": 0}
    table = open_table(content, wanted)
    top = table.top()
    found = wanted.layout(top)
    layout = found or _widest(top, wanted)
    roles: list[str | None] = [None] * len(layout.headers)
    for role, place in layout.positions.items():
        roles[place] = role
    for entry in layout.across:
        roles[entry.column] = "code_total" if layout.shape == "code totals" else "half_day"
    filled = [row for row in table.rows[layout.body :] if any(row)]
    rows = [[" ".join(table.as_text(cell).split())[: limits.PREVIEW_CHARACTERS] for cell in row] for row in filled[:count]]
    return {
        "found": found is not None,
        "headers": _one_line_each(layout.headers),
        "header_row": layout.header_row,
        "roles": roles,
        "personal": [is_personal(header) for header in layout.headers],
        "rows": rows,
        "count": len(filled),
        "shape": layout.shape,
        "missing": missing_roles(layout.positions, layout.shape) if wanted.kind == "export" else [],
        "notes": [*table.notes, *([f"title_lines:{layout.header_row}"] if layout.header_row > 0 else [])],
        "sheets": table.sheets,
        "sheet": table.sheet,
    }


def _widest(top: Sequence[Sequence[str]], wanted: Wanted) -> Layout:
    """The row with most filled cells, for a person to say what its columns are."""
    index = max(range(len(top)), key=lambda i: (sum(bool(cell.strip()) for cell in top[i]), -i), default=0)
    return layout_of(top[index] if top else (), (), index, wanted.kind, wanted.mapping, wanted.codes)


def original_rows(content: bytes, wanted: Wanted, numbers: Collection[int]) -> dict[str, Any]:
    """The headers and the rows with those *numbers*, whole, as they stand in the file.

    Raises:
        RefusedError: when there is no table in it.
    """
    blocks = _blocks_of_text(content, wanted)
    if blocks is not None:
        lines = decode(content)[0].splitlines()
        return {"headers": [""], "rows": [[number, lines[number - 1]] for number in sorted(numbers) if number <= len(lines)]}
    table = open_table(content, wanted)
    layout = wanted.layout(table.top())
    if layout is None:
        raise RefusedError("no_headers")
    places = table.numbers or range(1, len(table.rows) + 1)
    rows = [
        [number, *(table.as_text(cell) for cell in row)]
        for number, row in zip(places, table.rows, strict=False)
        if number in numbers
    ]
    return {"headers": list(layout.headers), "rows": rows}


def _do(content: bytes, job: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[bytes]]:
    wanted = Wanted(job["kind"], job["mapping"] or {}, frozenset(job["codes"]))
    task = job["task"]
    if task == "preview":
        return preview(content, wanted, job["rows"]), []
    if task == "rows":
        return original_rows(content, wanted, set(job["numbers"])), []
    return parse(content, wanted.kind, wanted.mapping, wanted.codes)


if __name__ == "__main__":
    sys.exit(work(_do))
