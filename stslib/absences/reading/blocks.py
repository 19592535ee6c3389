"""Blocks of text lines: a day with a part of the day, perhaps a code, then numbers of pupils. Standard library only.

A block starts with ``300118T1``: day, month, year in two digits, a capital T and the lesson hour, usually 1 for the morning
and 6 for the afternoon. A code may follow on a line of its own; without it the reason is not known yet. Then one number of a
pupil a line, of ten digits when the leading zeros are still there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_START = re.compile(r"^(\d{2})[ /.\-]?(\d{2})[ /.\-]?(\d{2}|\d{4})\s?[Tt]\s?(\d{1,2})$")
_ALMOST_START = re.compile(r"^(?=(?:\D*\d){3})[\dA-Za-z /.\-]{3,12}[Tt]\s?\d{0,2}$")
_PUPIL = re.compile(r"^\d{1,10}$")
_CODE = re.compile(r"^(?:[A-Za-z][ \-.]?\d{0,3}|[|¦∣\-–—−‐])$")

LATER_HOURS = frozenset("3456789")
"""A file that uses one of these counts lesson hours, and its 2 is no afternoon."""
USUAL_AFTERNOON = "6"


class Lines(NamedTuple):
    """The lines that say something about a pupil; the other ones are what they stand under."""

    columns: dict[str, list[str]]
    """``pupil``, ``date`` (dd/mm/jjjj), ``half`` and ``code``, a value for each line."""
    numbers: list[int]
    """Place in the file, from 1."""
    unreadable: list[int]
    """Which of them (from 0) are neither a number, a code nor a day."""


def looks_like_blocks(lines: Sequence[str]) -> bool:
    """Whether the first filled line starts a block."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return bool(_START.match(first))


def read_blocks(lines: Sequence[str]) -> Lines:
    """Every line below the day, half and code that hold for it.

    What stands below a damaged first line, or below a code where none is expected, belongs to no day that is known: it gets
    none, and never that of the block before.
    """
    columns: dict[str, list[str]] = {"pupil": [], "date": [], "half": [], "code": []}
    numbers: list[int] = []
    unreadable: list[int] = []
    starts = [match[4] for line in lines if (match := _START.match(line.strip()))]
    counts_hours = bool(LATER_HOURS & set(starts))
    day = half = code = ""
    after_start = False
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text:
            continue
        start = _START.match(text)
        if start:
            year = start[3] if len(start[3]) == 4 else f"20{start[3]}"
            day, code, after_start = f"{start[1]}/{start[2]}/{year}", "", True
            half = {"1": "VM", USUAL_AFTERNOON: "NM", "2": "2" if counts_hours else "NM"}.get(start[4], start[4])
            half = f"lesuur {half}" if half.isdecimal() else half
            continue
        if after_start and _CODE.match(text):
            code, after_start = text, False
            continue
        after_start = bool(_ALMOST_START.match(text))
        if after_start or _CODE.match(text):
            day = half = code = ""
        if not _PUPIL.match(text):
            unreadable.append(len(numbers))
        for role, value in (("pupil", text), ("date", day), ("half", half), ("code", code)):
            columns[role].append(value)
        numbers.append(number)
    return Lines(columns, numbers, unreadable)
