"""What holds for a whole row: whose it is, and on which day where the row has one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from stslib.absences.reading.coded import NUMBER, Coded
from stslib.absences.reading.companions import Interval, PupilKeys
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.values import read_day, read_pupil

REPAIR_ZEROS = "leerlingnummer zonder voorloopnullen herkend"

Repairs = list[tuple[int, str]]
"""Row, and how it was repaired."""


class WholeRows(NamedTuple):
    """``row``, ``pupil`` (-1: none) and ``problem`` of every data row; ``day`` too, 0 where a row is of more days."""

    rows: pl.DataFrame
    repairs: Repairs


def read_whole_rows(
    parsed: ParsedFile,
    coded: Mapping[str, Coded],
    days: SchoolDays,
    pupils: PupilKeys,
    enrolled: Collection[int] | None,
) -> WholeRows:
    """Judge what holds for every row as a whole.

    Args:
        parsed: the file.
        coded: its columns.
        days: of the school year.
        pupils: numbers of the enrolment file, joined with those of the export here.
        enrolled: the pupils of the enrolment file; None without one.
    """
    read_pupils = {text: read_pupil(text) for text in coded["pupil"].values}
    index_of = {text: -1 if read.problem else pupils.index_of(read.key, read.text) for text, read in read_pupils.items()}
    short = [
        text for text, read in read_pupils.items() if not read.problem and len(read.text) < len(pupils.longest[index_of[text]])
    ]

    def pupil_problem(text: str) -> int:
        problem = read_pupils[text].problem
        if problem:
            return NUMBER[f"pupil_{problem}"]
        return NUMBER["not_enrolled"] if enrolled is not None and index_of[text] not in enrolled else 0

    columns = {
        "row": pl.int_range(parsed.count, dtype=pl.Int32, eager=True),
        "pupil": coded["pupil"].map(index_of),
        "pupil_problem": coded["pupil"].map(pupil_problem),
    }
    repairs: Repairs = [(row, REPAIR_ZEROS) for row in coded["pupil"].rows_of(set(short))]
    if "date" in coded:
        read_days = {text: read_day(text) for text in coded["date"].values}

        def day_problem(text: str) -> int:
            return days.problem(read_days[text].ordinal) if text.strip() else NUMBER["date_missing"]

        columns["day"] = coded["date"].map(lambda text: read_days[text].ordinal)
        columns["problem"] = coded["date"].map(day_problem)
        repairs += day_repairs(coded["date"], {text: read.repair for text, read in read_days.items()})
        rows = pl.DataFrame(columns).with_columns(
            problem=pl.when((pl.col("pupil") < 0) | (pl.col("problem") == 0)).then("pupil_problem").otherwise("problem")
        )
    else:
        rows = pl.DataFrame(columns).with_columns(day=pl.lit(0, pl.Int32), problem="pupil_problem")
    for reason, places in parsed.faults.items():
        if places:
            there = pl.col("row").is_in(pl.Series(sorted(places), dtype=pl.Int32).implode())
            rows = rows.with_columns(problem=pl.when(there).then(pl.lit(NUMBER[reason], pl.Int32)).otherwise("problem"))
    return WholeRows(rows.select("row", "pupil", "day", "problem"), repairs)


def day_repairs(column: Coded, repairs: Mapping[str, str | None]) -> Repairs:
    """The rows of *column* whose day was repaired, with how."""
    return [
        (row, how)
        for how in sorted({how for how in repairs.values() if how})
        for row in column.rows_of({text for text, found in repairs.items() if found == how})
    ]


def check_enrolment(frame: pl.DataFrame, intervals: Sequence[Interval], *, key: str = "row") -> pl.DataFrame:
    """*frame* (*key*, pupil, day, problem) with ``outside_enrolment`` where the pupil was not enrolled on that day."""
    enrolled = interval_frame(intervals)
    inside = (
        frame.filter(pl.col("problem") == 0)
        .join(enrolled, on="pupil")
        .filter(pl.col("day").is_between(pl.col("first"), pl.col("last")))
        .select(key, inside=True)
    )
    outside = (pl.col("problem") == 0) & pl.col("inside").is_null()
    return (
        frame.join(inside, on=key, how="left", maintain_order="left")
        .with_columns(problem=pl.when(outside).then(pl.lit(NUMBER["outside_enrolment"], pl.Int32)).otherwise("problem"))
        .drop("inside")
    )


def interval_frame(intervals: Sequence[Interval]) -> pl.DataFrame:
    """pupil, first, last (ordinals) of every interval."""
    return pl.DataFrame(
        {"pupil": [i.pupil for i in intervals], "first": [i.first for i in intervals], "last": [i.last for i in intervals]},
        schema=dict.fromkeys(("pupil", "first", "last"), pl.Int32),
    )
