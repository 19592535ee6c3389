"""Half days of a table with pupils down and half days across. A row of the file is a pupil; a filled cell is a half day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from stslib.absences.reading.coded import NUMBER, Codes
from stslib.absences.reading.companions import Interval
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.half_days import HalfDays
from stslib.absences.reading.layout import Across
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.values import read_day, read_half
from stslib.absences.reading.whole_rows import Repairs, WholeRows, check_enrolment
from stslib.model.absence import Status

_MONTHS = ("jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_SHORT = re.compile(r"^(\d{1,2})[ ]?[/.\-][ ]?(\d{1,2})(?:[ ]?[/.\-][ ]?(\d{2}))?$")
_NAMED = re.compile(r"^(\d{1,2})[ \-]([a-z]{3})[a-z]*\.?(?:[ \-](\d{4}))?$")
_BETWEEN = re.compile(r"^(.{1,5}?)\s*[/;+]\s*(.{1,5})$")


def read_header_day(text: str, start_year: int) -> int:
    """The day of a header as an ordinal, 0 for none; without a year it is the one in the school year from *start_year*."""
    known = read_day(text).ordinal
    if known:
        return known
    plain = " ".join(text.casefold().split())
    parts = _SHORT.match(plain)
    named = None if parts else _NAMED.match(plain)
    if parts:
        day, month, year = int(parts[1]), int(parts[2]), f"20{parts[3]}" if parts[3] else ""
    elif named:
        name = "maa" if named[2] == "mrt" else named[2]
        day, month, year = int(named[1]), _MONTHS.index(name) + 1 if name in _MONTHS else 0, named[3] or ""
    else:
        return 0
    try:
        return date(int(year) if year else start_year + (month < 8), month, day).toordinal()
    except ValueError:
        return 0


def read_matrix(
    parsed: ParsedFile, whole: WholeRows, codes: Codes, days: SchoolDays, intervals: Sequence[Interval] | None
) -> HalfDays:
    """The half days of a matrix.

    A column that says its half is that half; a column that says only its day is the whole day, or the two halves when a
    cell holds two codes.
    """
    across, ends = _columns(parsed.across, days)
    texts = parsed.marks["text"].unique(maintain_order=True).to_list()
    split = {text: _two_codes(text, codes) for text in texts}
    numbers = pl.DataFrame(
        {
            "text": texts,
            "whole": [codes.number(text) for text in texts],
            "first": [codes.number(first) for first, _ in split.values()],
            "second": [codes.number(second) for _, second in split.values()],
        },
        schema={"text": pl.String, "whole": pl.Int32, "first": pl.Int32, "second": pl.Int32},
    )
    cells = (
        pl.DataFrame(dict(parsed.marks))
        .join(numbers, on="text", how="left", maintain_order="left")
        .join(across, on="across", how="left", maintain_order="left")
        .join(whole.rows.select("row", "pupil", row_problem="problem"), on="row", how="left", maintain_order="left")
        .with_columns(
            code_number=pl.when(pl.col("end") == 1)
            .then("first")
            .when(pl.col("end") == 2)
            .then("second")
            .otherwise("whole")
            .cast(pl.Int32),
            problem=pl.when(pl.col("row_problem") > 0).then("row_problem").otherwise("column_problem"),
        )
        .filter(pl.col("code_number") >= 0)
        .sort("row", "across", "end", maintain_order=True)
        .with_row_index("cell")
    )
    if intervals is not None:
        cells = check_enrolment(cells, intervals, key="cell")
    closed = [NUMBER[reason] for reason in ("weekend", "holiday", "no_lesson", "outside_enrolment")]
    means_nothing = pl.col("code_number").is_in(
        pl.Series(codes.numbers_with(Status.PRESENT), dtype=pl.Int32).implode()
    ) & pl.col("problem").is_in(closed)
    cells = cells.with_columns(problem=pl.when(means_nothing).then(pl.lit(-1, pl.Int32)).otherwise("problem")).select(
        "row", "pupil", "day", "half", "code_number", "problem", place="across"
    )
    repairs: Repairs = list(whole.repairs)
    if codes.repairs:
        marks = pl.DataFrame(dict(parsed.marks))
        how_of = _repairs(split, codes, ends)
        for how in sorted(set(how_of.values())):
            found = pl.Series([text for text, one in how_of.items() if one == how], dtype=pl.String)
            repairs += [(row, how) for row in marks.filter(pl.col("text").is_in(found.implode()))["row"].unique().to_list()]
    rows = whole.rows.with_columns(day=pl.lit(days.first, pl.Int32))
    return HalfDays(cells, rows, repairs)


def _columns(across: Sequence[Across], days: SchoolDays) -> tuple[pl.DataFrame, bool]:
    """across, day, half, end (0: the whole cell, 1 and 2: its first and second code), column_problem; any whole days."""
    rows: list[tuple[int, int, int, int, int]] = []
    whole_days = False
    for number, column in enumerate(across):
        day = read_header_day(column.name, days.start_year)
        problem = days.problem(day)
        if column.half:
            half = read_half(column.half)
            closed = NUMBER["half_unknown"] if half < 0 else 0 if days.is_open(day, half) else NUMBER["no_lesson"]
            rows.append((number, day, max(half, 0), 0, problem or closed))
            continue
        whole_days = True
        open_halves = [half for half in (0, 1) if days.is_open(day, half)]
        rows.extend((number, day, half, half + 1, problem) for half in open_halves or (0,))
    names = ("across", "day", "half", "end", "column_problem")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int32), orient="row"), whole_days


def _two_codes(text: str, codes: Codes) -> tuple[str, str]:
    """The codes of the morning and the afternoon in one cell; the same twice when the cell holds one."""
    plain = " ".join(text.split())
    if codes.knows(plain):
        return text, text
    pair = _BETWEEN.match(plain)
    halves = (pair[1], pair[2]) if pair else (plain[0], plain[1]) if len(plain) == 2 else None
    return halves if halves and all(map(codes.knows, halves)) else (text, text)


def _repairs(split: Mapping[str, tuple[str, str]], codes: Codes, whole_days: bool) -> dict[str, str]:
    """Text of a cell -> how it was repaired."""
    result = {}
    for text, halves in split.items():
        parts = (text, *halves) if whole_days else (text,)
        how = next((codes.repairs[part] for part in parts if part in codes.repairs), None)
        if how:
            result[text] = how
    return result
