"""Half days per pupil and code, without their days: enough for thresholds, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from stslib.absences.reading.coded import NUMBER, Coded, Codes
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.half_days import code_repairs
from stslib.absences.reading.whole_rows import Repairs, WholeRows

MOST_HALF_DAYS = 400
"""No pupil can miss more in a school year."""

_COUNT = re.compile(r"^(\d{1,4})(?:[.,]0{1,2})?$")
_NOTHING = {"", "-", "/", "–"}


class Totals(NamedTuple):
    """What the rows of an export say about totals."""

    cells: pl.DataFrame
    """row, pupil, code_number, half_days, problem, place: one for every number."""
    rows: pl.DataFrame
    """row, pupil, day (0), problem: of every row as a whole."""
    repairs: Repairs


def read_count(text: str) -> int:
    """The number of half days that *text* says; -1 when it says none."""
    match = _COUNT.match(text.strip())
    count = int(match[1]) if match else -1
    return count if count <= MOST_HALF_DAYS else -1


def read_totals(parsed: ParsedFile, coded: Mapping[str, Coded], whole: WholeRows, codes: Codes) -> Totals:
    """The numbers of a row per pupil and code, or of a row per pupil with a column per code."""
    bad = pl.lit(NUMBER["count_unreadable"], pl.Int32)
    if parsed.across:
        texts = parsed.marks["text"].unique(maintain_order=True).to_list()
        numbers = pl.DataFrame(
            {"text": texts, "half_days": [0 if text.strip() in _NOTHING else read_count(text) for text in texts]},
            schema={"text": pl.String, "half_days": pl.Int32},
        )
        columns = pl.DataFrame(
            {"across": range(len(parsed.across)), "code_number": [codes.number(column.name) for column in parsed.across]},
            schema={"across": pl.Int32, "code_number": pl.Int32},
        )
        cells = (
            pl.DataFrame(dict(parsed.marks))
            .join(numbers, on="text", how="left", maintain_order="left")
            .join(columns, on="across", how="left", maintain_order="left")
            .join(whole.rows.select("row", "pupil", "problem"), on="row", how="left", maintain_order="left")
            .rename({"across": "place"})
            .sort("row", "place", maintain_order=True)
        )
        repairs = list(whole.repairs)
    else:
        cells = whole.rows.with_columns(
            coded["count"].map(read_count).alias("half_days"),
            coded["code"].map({text: codes.number(text) for text in coded["code"].values}).alias("code_number"),
            place=pl.lit(0, pl.Int32),
        )
        repairs = [*whole.repairs, *code_repairs(coded, ["code"], codes)]
    cells = cells.with_columns(
        problem=pl.when(pl.col("problem") > 0)
        .then("problem")
        .when(pl.col("code_number") < 0)
        .then(pl.lit(NUMBER["code_missing"], pl.Int32))
        .when(pl.col("half_days") < 0)
        .then(bad)
        .otherwise(pl.lit(0, pl.Int32))
    )
    return Totals(
        cells.select("row", "pupil", "code_number", "half_days", "problem", "place"),
        whole.rows,
        repairs,
    )
