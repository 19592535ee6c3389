"""The rows of a text from outside: its letters, its separator, its quotes. Standard library only."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Sequence

from stslib.absences.reading import limits
from stslib.guarded.text import decode as decode_text

Score = Callable[[Sequence[Sequence[str]]], tuple[bool, int]]
"""The first rows of a table, split in some way -> how much they look like headers of the file that is looked for."""

_DAMAGED_LETTERS = ("Ã", "â€", "Â")


def repair_letters(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 and saved again; *text* as it was when that is not what happened."""
    for encoding in ("cp1252", "latin-1"):
        with contextlib.suppress(UnicodeError):
            return text.encode(encoding).decode("utf-8")
    return text


def decode(content: bytes, *, markup: bool = False) -> tuple[str, str]:
    """The text of a file and the name of what was done to get it."""
    text, name = decode_text(content, markup=markup)
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


def split_text(text: str, score: Score) -> tuple[list[list[str]], list[int] | None, list[str]]:
    """Rows, the line each starts on (None: row i is line i + 1) and what was noticed."""
    csv.field_size_limit(max(len(text) + 1, 131_072))
    head = text[:262144].splitlines()[: limits.HEADER_SEARCH_ROWS + 2]
    scores: list[tuple[tuple[bool, int], int, str]] = []
    for separator in ";,\t|":
        first_rows = _split("\n".join(head), separator, csv.QUOTE_MINIMAL)
        scores.append((score(first_rows), max(map(len, first_rows), default=0), separator))
    separator = max(scores, key=lambda entry: entry[:2])[2]
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    try:
        rows = _split(text, separator, csv.QUOTE_MINIMAL)
        if len(rows) == lines:
            return rows, None, []
        if _quote_swallowed_lines(rows, separator):
            return _split(text, separator, csv.QUOTE_NONE), None, ["stray_quote"]
    except csv.Error:
        return _split(text, separator, csv.QUOTE_NONE), None, ["stray_quote"]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    numbers, previous = [], 0
    for _ in reader:
        numbers.append(previous + 1)
        previous = reader.line_num
    return rows, numbers, []


def _split(text: str, separator: str, quoting: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting))  # type: ignore[arg-type]


def _quote_swallowed_lines(rows: Sequence[Sequence[str]], separator: str) -> bool:
    """Whether an opening quote that was never meant as one ate the lines after it."""
    widths = [len(row) for row in rows if row]
    usual = max(set(widths), key=widths.count) if widths else 0
    for row in rows:
        breaks = sum(cell.count("\n") for cell in row)
        if breaks and (len(row) != usual or breaks > 30):
            return True
        if breaks and any("\n" in cell and _is_two_rows(row, place, separator) for place, cell in enumerate(row)):
            return True
    return False


def _is_two_rows(row: Sequence[str], place: int, separator: str) -> bool:
    """Whether the cell at *place* starts in one row and ends in another, which a second stray quote happened to close.

    Both are then as wide as a row, and their numbers or days are written alike.
    """
    lines = row[place].split("\n")
    first = [*row[:place], *lines[0].split(separator)]
    last = [*lines[-1].split(separator), *row[place + 1 :]]
    if not len(first) == len(last) == len(row):
        return False
    forms = [[re.sub(r"\d", "9", cell.strip()) for cell in cells] for cells in (first, last)]
    return any("9" in one and one == other for one, other in zip(*forms, strict=True))
