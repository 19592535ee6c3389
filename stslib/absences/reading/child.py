"""The process that parses one job of files and nothing else. Standard library only, apart from the workbook parser.

It runs as ``python -I -S child.py`` because a fresh interpreter without ``site`` starts in a few hundredths of a
second, and because the workbook parser ends the whole process on some files: here that is harmless. Its answer is a
description and one block of text per column. It never prints a value of a cell anywhere else.
"""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from stslib.absences.reading import headers, limits
from stslib.guarded.answer import RefusedError
from stslib.guarded.child import work
from stslib.guarded.text import decode as decode_text
from stslib.guarded.text import is_workbook

_DAMAGED_LETTERS = ("Ã", "â€", "Â")


# -- text ----------------------------------------------------------------------------------------------------------


def repair_letters(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 and saved again; *text* as it was when that is not what happened."""
    for encoding in ("cp1252", "latin-1"):
        with contextlib.suppress(UnicodeError):
            return text.encode(encoding).decode("utf-8")
    return text


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of what was done to get it."""
    text, name = decode_text(content)
    if name == "utf-16":
        return text, name
    if any(mark in text for mark in _DAMAGED_LETTERS):
        whole = repair_letters(text)
        if whole != text:
            return whole.removeprefix("\ufeff"), "repaired"
        lines = [repair_letters(line) if any(mark in line for mark in _DAMAGED_LETTERS) else line for line in text.split("\n")]
        repaired = "\n".join(lines)
        if repaired != text:
            return repaired.removeprefix("\ufeff"), "repaired"
    return text, name


def _split(text: str, separator: str, quoting: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting))  # type: ignore[arg-type]


def read_text(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[list[list[str]], list[int] | None, list[str]]:
    """Rows, the line each starts on (None: row i is line i + 1) and what was noticed."""
    text, encoding = decode(content)
    notes = [f"encoding:{encoding}"]
    if not text.strip():
        raise RefusedError("empty")
    head = text[:65536].splitlines()[: limits.HEADER_SEARCH_ROWS + 1]
    scores: list[tuple[int, int, str]] = []
    for separator in ";,\t|":
        first_rows = _split("\n".join(head), separator, csv.QUOTE_MINIMAL)
        found = headers.find_columns(first_rows, kind, mapping)
        scores.append((len(found.positions) if found else 0, max(map(len, first_rows), default=0), separator))
    if max(scores)[0] == 0:
        raise RefusedError("no_headers")
    separator = max(scores, key=lambda score: score[:2])[2]
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    try:
        rows = _split(text, separator, csv.QUOTE_MINIMAL)
        if len(rows) == lines:
            return rows, None, notes
        if _quote_swallowed_lines(rows):
            notes.append("stray_quote")
            return _split(text, separator, csv.QUOTE_NONE), None, notes
    except csv.Error:
        notes.append("stray_quote")
        return _split(text, separator, csv.QUOTE_NONE), None, notes
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    numbers, previous = [], 0
    for _ in reader:
        numbers.append(previous + 1)
        previous = reader.line_num
    return rows, numbers, notes


def _quote_swallowed_lines(rows: Sequence[Sequence[str]]) -> bool:
    """Whether an opening quote that was never meant as one ate the lines after it."""
    widths = [len(row) for row in rows if row]
    usual = max(set(widths), key=widths.count) if widths else 0
    for row in rows:
        breaks = sum(cell.count("\n") for cell in row)
        if breaks and (len(row) != usual or breaks > 30):
            return True
    return False


# -- workbooks -----------------------------------------------------------------------------------------------------


def read_workbook(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[list[list[Any]], list[str]]:
    """The rows of the first sheet that has the headers of *kind*, from the sheet's first row on."""
    from stslib.guarded.workbook import cell_text, open_workbook, readable_sheets

    workbook = open_workbook(content, limits.WORKBOOK)
    filled = False
    for raw in readable_sheets(workbook):
        filled = filled or any(cell not in ("", None) for row in raw for cell in row)
        top = [[cell_text(cell) for cell in row] for row in raw[: limits.HEADER_SEARCH_ROWS + 1]]
        if headers.find_columns(top, kind, mapping) is not None:
            notes = ["sheet"] if len(workbook.sheet_names) > 1 else []
            return raw, notes
    raise RefusedError("no_headers" if filled else "empty")


# -- a job ---------------------------------------------------------------------------------------------------------


def parse(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[dict[str, Any], list[bytes]]:
    """One file as a description and a block of text per needed column.

    Returns:
        The description (``headers``, ``columns``, ``rows``: the numbers, ``ragged``, ``notes``) and the blocks in the
        order of ``columns``; the values of a block stand one a line.

    Raises:
        RefusedError: when the file cannot be used.
    """
    packed = is_workbook(content)
    numbers: list[int] | None = None
    rows: list[list[Any]]
    if packed:
        from stslib.guarded.workbook import cell_text

        rows, notes = read_workbook(content, kind, mapping)
        top = [[cell_text(cell) for cell in row] for row in rows[: limits.HEADER_SEARCH_ROWS + 1]]
    else:
        rows, numbers, notes = read_text(content, kind, mapping)
        top = rows[: limits.HEADER_SEARCH_ROWS + 1]
    found = headers.find_columns(top, kind, mapping)
    if found is None:
        raise RefusedError("no_headers")
    if found.header_row:
        notes.append(f"title_lines:{found.header_row}")
    width = len(found.headers)
    body = rows[found.header_row + 1 :]
    first_number = found.header_row + 2
    if len(body) > limits.MAX_ROWS:
        raise RefusedError("too_many_rows", rows=len(body))
    kept = [i for i, row in enumerate(body) if any(row)]
    if len(kept) != len(body):
        body = [body[i] for i in kept]
    row_numbers: list[int] | None = None
    if numbers is not None:
        row_numbers = [numbers[i + found.header_row + 1] for i in kept]
    elif len(kept) and kept[-1] != len(kept) - 1:
        row_numbers = [i + first_number for i in kept]
    ragged = [i for i, row in enumerate(body) if len(row) > width and any(row[width:])]
    if any(len(row) < width for row in body):
        body = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in body]
    blocks = []
    for position in found.positions.values():
        cells = [row[position] for row in body]
        if packed:
            cells = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        block = "\n".join(cells)
        if block.count("\n") != len(cells) - 1 or "\r" in block:
            block = "\n".join(" ".join(cell.split()) for cell in cells)
        blocks.append(block.encode("utf-8", errors="replace"))
    description = {
        "headers": [" ".join(header.split())[:80] for header in found.headers],
        "positions": found.positions,
        "count": len(body),
        "first_number": first_number,
        "row_numbers": row_numbers,
        "ragged": ragged,
        "notes": notes,
    }
    return description, blocks


if __name__ == "__main__":
    sys.exit(work(lambda content, job: parse(content, job["kind"], job["mapping"])))
