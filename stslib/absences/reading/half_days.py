"""Half days of rows that say their day: a row per half day, a row per day, or a line in a block of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from stslib.absences.reading.coded import NUMBER, Coded, Codes
from stslib.absences.reading.companions import Interval
from stslib.absences.reading.layout import BLOCKS
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.values import read_half
from stslib.absences.reading.whole_rows import Repairs, WholeRows, check_enrolment
from stslib.model.absence import Status

REASON_UNKNOWN = "-"
REPAIR_NO_CODE = "zonder code in het blok gelezen als ‘-’: reden nog niet gekend"


class HalfDays(NamedTuple):
    """What the rows of an export say about half days."""

    cells: pl.DataFrame
    """row, pupil, day, half, code_number, problem, place: one for every half day, also of rows that cannot be used. A
    problem of -1 means nothing and counts nowhere; ``place`` says where in its row a half day stands."""
    rows: pl.DataFrame
    """row, pupil, day, problem: of every row as a whole."""
    repairs: Repairs
    roles: Mapping[int, str] = {}
    """Row -> role of the column that its problem is about, where the reason alone does not say."""
    quiet: Mapping[tuple[str, str], int] = {}
    """Reason and code -> halves of periods on which nobody can be absent, left out without a complaint."""
    uncounted: Mapping[str, int] = {}
    """Code -> rows that cannot be used and of which nobody can tell how many half days they stand for."""


def read_half_days(
    coded: Mapping[str, Coded],
    shape: str,
    whole: WholeRows,
    codes: Codes,
    days: SchoolDays,
    intervals: Sequence[Interval] | None,
) -> HalfDays:
    """The half days of a long export, of day rows or of blocks of text."""
    rows = whole.rows if intervals is None else check_enrolment(whole.rows, intervals)
    columns = ["morning", "afternoon"] if shape == "days" else ["code"]
    numbers = {text: codes.number(text) for role in columns for text in coded[role].values}
    repairs = list(whole.repairs)
    if shape == BLOCKS:
        bare = {text for text in coded["code"].values if numbers[text] < 0}
        numbers.update(dict.fromkeys(bare, codes.number(REASON_UNKNOWN)))
        repairs += [(row, REPAIR_NO_CODE) for row in coded["code"].rows_of(bare)]
    if shape == "days":
        cells = pl.concat(
            rows.with_columns(
                half=pl.lit(half, pl.Int32),
                half_problem=pl.lit(0, pl.Int32),
                place=pl.lit(half, pl.Int32),
                code_number=coded[role].map(numbers),
            ).filter(pl.col("code_number") >= 0)
            for half, role in enumerate(columns)
        ).sort("row", "half")
    else:
        halves = {text: read_half(text) for text in coded["half"].values}
        half_problem = {
            text: 0 if half >= 0 else NUMBER["half_unknown" if text.strip() else "half_missing"]
            for text, half in halves.items()
        }
        cells = rows.with_columns(
            half=coded["half"].map(halves),
            half_problem=coded["half"].map(half_problem),
            place=pl.lit(0, pl.Int32),
            code_number=coded["code"].map(numbers),
        )
    on_closed = (pl.col("day") * 2 + pl.col("half")).is_in(days.closed.implode())
    no_lesson = pl.lit(NUMBER["no_lesson"], pl.Int32)
    if shape == "days":
        present = pl.col("code_number").is_in(pl.Series(codes.numbers_with(Status.PRESENT), dtype=pl.Int32).implode())
        no_lesson = pl.when(present).then(pl.lit(-1, pl.Int32)).otherwise(no_lesson)
    cells = cells.with_columns(
        problem=pl.when(pl.col("problem") > 0)
        .then("problem")
        .when(pl.col("half_problem") > 0)
        .then("half_problem")
        .when(pl.col("code_number") < 0)
        .then(pl.lit(NUMBER["code_missing"], pl.Int32))
        .when(on_closed)
        .then(no_lesson)
        .otherwise(pl.lit(0, pl.Int32))
    ).drop("half_problem")
    repairs += code_repairs(coded, columns, codes)
    return HalfDays(cells, rows, repairs)


def code_repairs(coded: Mapping[str, Coded], columns: Sequence[str], codes: Codes) -> Repairs:
    """The rows whose code was repaired, with how."""
    return [
        (row, how)
        for role in columns
        for how in sorted(set(codes.repairs.values()))
        for row in coded[role].rows_of({text for text, found in codes.repairs.items() if found == how})
    ]
