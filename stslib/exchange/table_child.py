"""The process that parses one table and nothing else. Standard library only, apart from the workbook parser.

It runs as ``python -I -S table_child.py``, imports nothing of stslib but ``guarded``, and may die: the workbook parser ends the
whole process on some files. Its answer is ``{"rows": [[number, cell, …], …], "loose_quotes": row}``, the titles first. A cell
that is much too long stands there as its length. It never prints a value of a cell anywhere else.
"""

from __future__ import annotations

import contextlib
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from stslib.guarded.answer import RefusedError
from stslib.guarded.child import work
from stslib.guarded.limits import WorkbookLimits
from stslib.guarded.text import decode, is_workbook

Job = Mapping[str, Any]
"""``titles``: the known titles (lower case) and their fields; ``limits``: the numbers of ``limits.py`` by name; ``workbook``:
how large a workbook may turn out to be.
"""


# -- titles --------------------------------------------------------------------------------------------------------


def find_titles(rows: Sequence[Sequence[str]], titles: Mapping[str, str], within: int) -> tuple[int, int]:
    """How many different fields the best row of titles among the first *within* rows names, and which row that is."""
    best, place = 0, 0
    for index, row in enumerate(rows[:within]):
        fields = {titles.get(" ".join(cell.casefold().split())) for cell in row} - {None}
        if len(fields) > best:
            best, place = len(fields), index
    return best, place


# -- text ----------------------------------------------------------------------------------------------------------


def _split(text: str, separator: str, *, strict: bool) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict))


def read_text(content: bytes, job: Job) -> tuple[list[list[str]], int, int]:
    """The rows, the place of the titles, and the row from which quotes do not match (0: they do)."""
    text, _ = decode(content)
    if not text.strip():
        raise RefusedError("empty")
    csv.field_size_limit(len(text) + 1)
    within = job["limits"]["HEADER_SEARCH_ROWS"]
    head = "".join(text[:100_000].splitlines(keepends=True)[: within + 1])
    separator, most = ";", 0
    for candidate in ";,\t":
        found = find_titles(_split(head, candidate, strict=False), job["titles"], within)[0]
        if found > most:
            separator, most = candidate, found
    if not most:
        raise RefusedError("no_titles")
    loose = 0
    try:
        rows = _split(text, separator, strict=True)
    except csv.Error:
        rows = _split(text, separator, strict=False)
        loose = _loose_from(text, separator)
    return rows, find_titles(rows, job["titles"], within)[1], loose


def _loose_from(text: str, separator: str) -> int:
    """The first row that a strict reading cannot make out."""
    number = 1
    with contextlib.suppress(csv.Error):
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            number += 1
    return number


# -- workbooks -----------------------------------------------------------------------------------------------------


def read_workbook(content: bytes, job: Job) -> tuple[list[list[str]], int]:
    """The rows of the sheet that names most of the known titles, and the place of its titles; true and false are in Dutch."""
    from stslib.guarded.workbook import cell_text, open_workbook, readable_sheets

    def as_text(value: object) -> str:
        return ("ja" if value else "nee") if isinstance(value, bool) else cell_text(value)

    best: tuple[int, int, list[list[str]]] = (0, 0, [])
    filled = readable = False
    for raw in readable_sheets(open_workbook(content, WorkbookLimits(**job["workbook"]))):
        readable = True
        rows = [[as_text(cell) for cell in row] for row in raw]
        filled = filled or any(any(row) for row in rows)
        found, place = find_titles(rows, job["titles"], job["limits"]["HEADER_SEARCH_ROWS"])
        if found > best[0]:
            best = (found, place, rows)
    if not best[0]:
        raise RefusedError(("no_titles" if filled else "empty") if readable else "damaged_workbook")
    return best[2], best[1]


# -- a job ---------------------------------------------------------------------------------------------------------


def _bounded(cell: str, longest: int) -> str | int:
    text = cell.replace("\r\n", "\n")
    return text if len(text) <= longest else len(text)


def parse(content: bytes, job: Job) -> dict[str, Any]:
    """One file as its titles and the rows below them that hold something, each after its number in the file (from 1).

    Raises:
        RefusedError: when the file cannot be used.
    """
    limits = job["limits"]
    loose = 0
    if is_workbook(content):
        rows, place = read_workbook(content, job)
    else:
        rows, place, loose = read_text(content, job)
    kept = [(number, row) for number, row in enumerate(rows[place:], place + 1) if any(cell.strip() for cell in row)]
    if len(kept) - 1 > limits["MAX_ROWS"]:
        raise RefusedError("too_many_rows", rows=len(kept) - 1)
    width = max(len(row) for _, row in kept)
    if width > limits["MAX_COLUMNS"]:
        raise RefusedError("too_wide", columns=width)
    # Twice the longest text: a file of ours holds signs that keep a program from taking a text for a formula.
    bounded = [[number, *(_bounded(cell, 2 * limits["MAX_CELL_CHARACTERS"]) for cell in row)] for number, row in kept]
    if sum(len(cell) for row in bounded for cell in row if isinstance(cell, str)) > limits["MAX_TOTAL_CHARACTERS"]:
        raise RefusedError("bomb")
    return {"rows": bounded, "loose_quotes": loose}


if __name__ == "__main__":
    sys.exit(work(lambda content, job: (parse(content, job), ())))
