"""Where a table's headers are, what its shape is and which column is what. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from stslib.absences.reading import limits
from stslib.absences.reading.headers import (
    COLUMNS_OF_SHAPE,
    HEADER_ROW,
    ColumnMapping,
    ignored_columns,
    match_headers,
    normalise,
    number_in,
    shape_of,
)

MATRIX, CODE_TOTALS, BLOCKS = "matrix", "code totals", "blocks"
"""Shapes that no set of columns tells: half days across, codes across, lines of text."""

BESIDE_MARKS: tuple[str, ...] = ("pupil", "class", "brought")
"""What a table with marks across says besides them."""

FEWEST_DAYS = 2
"""So many columns whose header reads as a day, or a half of one, make a matrix."""

_MONTHS = "jan|feb|maa|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"
_DAY = (
    r"\d{1,2}[ ]?[/.\-][ ]?\d{1,2}(?:[ ]?[/.\-][ ]?(?:\d{4}|\d{2}))?|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}|\d{5}(?:\.0+)?"
    rf"|\d{{1,2}}[ \-](?:{_MONTHS})[a-z]{{0,6}}\.?(?:[ \-]\d{{4}})?"
)
_WEEKDAY = r"(?:(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo)\.?,?[ ])?"
_HALF = r"vm|nm|voormiddag|namiddag|v|n|am|pm|1|2"
_DAY_HEADER = re.compile(
    rf"^(?:(?P<before>{_HALF})[ _\-]+)?{_WEEKDAY}(?P<day>{_DAY})(?:[ T]00:00(?::00)?)?(?:[ _\-]*\(?(?P<after>{_HALF})\.?\)?)?$",
    re.IGNORECASE,
)
_HALF_WORD = re.compile(rf"^(?:{_HALF})\.?$", re.IGNORECASE)
_UNIT = r"aantal|totaal|som|codes?|hd|halve ?dagen"
_COUNTED = re.compile(rf"^(?:{_UNIT})[ _]+|[ _]+\(?(?:{_UNIT})\)?$", re.IGNORECASE)
_SUBCODE = re.compile(r"^([A-Za-z])[ \-.]?\d{1,3}$")
_NUMBER_OF_PUPIL = re.compile(r"^\d+(?:[.,]0+)?$")
_LONGEST_HEADER = 40


class Across(NamedTuple):
    """One column of marks: its place, and what its header says (a day and a half, or a code and nothing)."""

    column: int
    name: str
    half: str


class Layout(NamedTuple):
    """Where the headers are and what each column is (all counted from 0)."""

    header_row: int
    """-1 when there are none."""
    body: int
    """The first row of data."""
    headers: tuple[str, ...]
    positions: dict[str, int]
    shape: str | None
    across: tuple[Across, ...] = ()

    @property
    def score(self) -> tuple[bool, int]:
        """How sure it is that this is a row of headers."""
        return self.shape is not None, len(self.positions) + len(self.across)


def find_layout(
    rows: Sequence[Sequence[str]], kind: str, mapping: ColumnMapping | None = None, codes: Collection[str] = ()
) -> Layout | None:
    """The row among *rows* that looks most like headers.

    Args:
        rows: the first rows of a table, every cell as text.
        kind: ``export``, ``enrolment`` or ``classes``.
        mapping: role -> header or number of the column; and what to ignore.
        codes: the letters of the code table: an export with those as headers is one of totals.

    Returns:
        None when no row names two of the columns of *kind* and none has days or codes as headers.
    """
    fixed = number_in((mapping or {}).get(HEADER_ROW))
    if fixed is not None:
        if not 0 <= fixed <= len(rows):
            return None
        row = rows[fixed - 1] if fixed else [""] * max(map(len, rows), default=0)
        return layout_of(row, rows[fixed] if fixed < len(rows) else (), fixed - 1, kind, mapping, codes)
    best: Layout | None = None
    for index, row in enumerate(rows):
        if not 2 <= len(row) <= limits.MAX_COLUMNS:
            continue
        layout = layout_of(row, rows[index + 1] if index + 1 < len(rows) else (), index, kind, mapping, codes)
        enough = layout.shape is not None or len(layout.positions) >= 2
        if enough and (best is None or layout.score > best.score) and _names_something(layout, mapping):
            best = layout
            if layout.shape is not None:
                break
    return _without_headers(best) if best is not None and _is_data(best) else best


def layout_of(
    row: Sequence[str],
    below: Sequence[str],
    index: int,
    kind: str,
    mapping: ColumnMapping | None = None,
    codes: Collection[str] = (),
) -> Layout:
    """What *row* means as headers, with the row *below* it as a possible second one."""
    positions = match_headers(row, kind, mapping)
    headers = tuple(row)
    if kind != "export":
        return Layout(index, index + 1, headers, positions, None)
    ignored = ignored_columns([normalise(header) for header in row], mapping or {})
    across, second = _days_across(row, below, ignored | set(positions.values()))
    if across:
        if second:
            width = max(len(row), len(below))
            headers = tuple(
                (row[i] if i < len(row) else "").strip() or (below[i] if i < len(below) else "") for i in range(width)
            )
            positions = match_headers(headers, kind, mapping)
        named = {entry.column for entry in across}
        positions = {role: place for role, place in positions.items() if place not in named and role in BESIDE_MARKS}
        if "pupil" in positions:
            names = {entry.column: f"{entry.name} {entry.half}".strip() for entry in across}
            headers = tuple(names.get(i, header) for i, header in enumerate(headers))
            return Layout(index, index + 1 + second, headers, positions, MATRIX, across)
        positions = match_headers(row, kind, mapping)
        headers = tuple(row)
    shape = shape_of(positions)
    if shape is None and "pupil" in positions and not {"date", "from", "code"} & set(positions):
        of_codes = _codes_across(headers, codes, ignored)
        if of_codes:
            kept = {role: positions[role] for role in BESIDE_MARKS if role in positions}
            named = {entry.column for entry in of_codes}
            if not named & set(kept.values()):
                return Layout(index, index + 1, headers, kept, CODE_TOTALS, of_codes)
    return Layout(index, index + 1, headers, positions, shape)


def missing_roles(positions: Collection[str], shape: str | None) -> tuple[str, ...]:
    """The columns that an export still needs for the shape that it is nearest to; empty when it has a shape."""
    if shape is not None:
        return ()
    missing = {name: tuple(role for role in roles if role not in positions) for name, roles in COLUMNS_OF_SHAPE.items()}
    return min(missing.items(), key=lambda entry: len(entry[1]) + (entry[0] == "totals"))[1]


def _is_data(layout: Layout) -> bool:
    """Whether what stands where a mapping points at is no header: a number of a pupil is none."""
    place = layout.positions.get("pupil")
    return place is not None and bool(_NUMBER_OF_PUPIL.match(layout.headers[place].strip()))


def _without_headers(layout: Layout) -> Layout:
    """The same file, whose first row is one of data: nothing of it may be shown as a header."""
    return layout._replace(header_row=-1, body=max(layout.header_row, 0), headers=tuple("" for _ in layout.headers), across=())


def _names_something(layout: Layout, mapping: ColumnMapping | None) -> bool:
    """Whether a row is more than cells that a mapping by number points at: a title above the headers is as wide."""
    if layout.across:
        return True
    numbered = {role for role, wanted in (mapping or {}).items() if number_in(wanted) is not None}
    if set(layout.positions) - numbered:
        return True
    cells = [cell for cell in layout.headers if cell.strip()]
    return 2 * len(cells) >= len(layout.headers)


def _days_across(row: Sequence[str], below: Sequence[str], taken: Collection[int]) -> tuple[tuple[Across, ...], bool]:
    """The columns whose header is a day, and whether the row *below* says their halves."""
    read = [_day_of(cell) if place not in taken else None for place, cell in enumerate(row)]
    first = next((place for place, day in enumerate(read) if day), None)
    if first is None:
        return (), False
    halves = [cell.strip() for cell in below]
    spread: list[tuple[int, str]] = []
    day = ""
    for place in range(first, max(len(row), len(halves))):
        cell = row[place].strip() if place < len(row) else ""
        found = read[place] if place < len(read) else None
        day = found[0] if found else "" if cell else day
        if day and place < len(halves) and _HALF_WORD.match(halves[place]) and place not in taken:
            spread.append((place, day))
    days = [(place, *found) for place, found in enumerate(read) if found]
    if len(spread) >= max(len(days), FEWEST_DAYS) and not any(half for _, _, half in days):
        return tuple(Across(place, day, halves[place]) for place, day in spread), True
    return (_with_halves(days) if len(days) >= FEWEST_DAYS else ()), False


def _with_halves(days: Sequence[tuple[int, str, str]]) -> tuple[Across, ...]:
    """Columns with the same day and no half are the morning and the afternoon; one column alone is the whole day."""
    columns: dict[str, list[int]] = {}
    for place, day, half in days:
        if not half:
            columns.setdefault(day, []).append(place)
    order: dict[int, str] = {}
    for places in columns.values():
        if len(places) == 2:
            order.update(zip(places, ("VM", "NM"), strict=True))
    return tuple(Across(place, day, half or order.get(place, "")) for place, day, half in days)


def _day_of(cell: str) -> tuple[str, str] | None:
    """The day and the half that a header says; None when it says no day."""
    text = " ".join(cell.replace("\u00a0", " ").split())
    if not text or len(text) > _LONGEST_HEADER or not any(sign.isdigit() for sign in text):
        return None
    match = _DAY_HEADER.match(text)
    return (match["day"], match["after"] or match["before"] or "") if match else None


def _codes_across(headers: Sequence[str], codes: Collection[str], taken: Collection[int]) -> tuple[Across, ...]:
    result = []
    for place, header in enumerate(headers):
        text = " ".join(header.split())
        if place in taken or not text or len(text) > _LONGEST_HEADER:
            continue
        bare = _COUNTED.sub("", text).strip(" ()") or text
        sub = _SUBCODE.match(bare)
        if bare in codes or bare.upper() in codes or (sub and sub[1].upper() in codes):
            result.append(Across(place, bare, ""))
    return tuple(result)
