"""The published indicators: one function each, one set of Narwhals expressions for every engine.

Three tables go in, of any engine that Narwhals knows:

- ``enrolled``: one row per pupil and class: pupil, start_year, first, last, class, grade, year, stream, level;
- ``calendar``: one row per possible half day: school_year, start_year, date, half, weekday, week, month, school_week,
  school_day;
  school_day;
- ``facts``: one row per stored half day of an enrolled pupil: all of the above, code and status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from stslib.model.absence import AbsenceCode, Status

PUPIL_DIMENSIONS = ("level", "grade", "year", "stream", "class")
TIME_DIMENSIONS = ("school_year", "month", "week", "weekday", "half")
KIND_DIMENSIONS = ("status", "code")
DIMENSIONS = (*PUPIL_DIMENSIONS, *TIME_DIMENSIONS, *KIND_DIMENSIONS)

UNKNOWN = "onbekend"
"""What a group is called when the class file does not say."""

Z_95 = 1.959963984540054

Table = nw.LazyFrame[Any]


def with_wilson(frame: Table, count: str, total: str) -> Table:
    """Add ``rate``, ``rate_low`` and ``rate_high``: *count* over *total* and its 95 % Wilson score interval.

    The interval treats half days as independent. Half days of one pupil are not, so it is a lower bound of the doubt.
    """
    n = nw.col(total).cast(nw.Float64)
    share = nw.col(count).cast(nw.Float64) / n
    square = Z_95 * Z_95
    middle = (share + square / (n * 2)) / (square / n + 1)
    spread = (((share * (share * -1 + 1)) / n + square / (n * n * 4)) ** 0.5) * Z_95 / (square / n + 1)
    frame = frame.with_columns(share.alias("rate"), middle.alias("_middle"), spread.alias("_spread"))
    low = nw.when(nw.col(count) == 0).then(nw.lit(0.0)).otherwise(nw.col("_middle") - nw.col("_spread"))
    high = nw.when(nw.col(count) == nw.col(total)).then(nw.lit(1.0)).otherwise(nw.col("_middle") + nw.col("_spread"))
    return frame.with_columns(low.alias("rate_low"), high.alias("rate_high")).drop("_middle", "_spread")


def place_facts(half_days: Table, enrolled: Table, calendar: Table, statuses: Table) -> Table:
    """Stored half days with everything a group can be made of.

    A half day outside the calendar, outside the pupil's enrolment or with an unknown code has no place in any rate and
    is left out.
    """
    return (
        half_days.join(calendar, on=["date", "half"], how="inner")
        .join(enrolled.drop("start_year"), on="pupil", how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .drop("first", "last")
        .join(statuses, on="code", how="inner")
    )


def possible(enrolled: Table, calendar: Table, by: Sequence[str]) -> Table:
    """Possible half days and enrolled pupils per group; a group that nobody was enrolled in has no row.

    Args:
        enrolled: who was enrolled when and in which class.
        calendar: the possible half days.
        by: any of ``PUPIL_DIMENSIONS`` and ``TIME_DIMENSIONS``.

    Returns:
        The *by* columns, ``half_days_possible``, ``pupils`` (distinct) and ``first_week`` (for the order of groups).
    """
    pupil_columns = [name for name in by if name in PUPIL_DIMENSIONS]
    time_columns = [name for name in by if name in TIME_DIMENSIONS]
    days = calendar.group_by("start_year", "date", *time_columns).agg(nw.len().alias("halves"), nw.col("school_week").min())
    joined = (
        enrolled.select("pupil", "start_year", "first", "last", *pupil_columns)
        .join(days, on="start_year", how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
    )
    measures = (
        nw.col("halves").sum().alias("half_days_possible"),
        nw.col("pupil").n_unique().alias("pupils"),
        nw.col("school_week").min().alias("first_week"),
    )
    if by:
        return joined.group_by(*by).agg(*measures)
    return joined.select(*measures).filter(nw.col("pupils") > 0)


def missed(facts: Table, by: Sequence[str], keep: nw.Expr) -> Table:
    """Half days per group among those that *keep* is true for, and the pupils they belong to."""
    measures = (nw.len().alias("half_days_missed"), nw.col("pupil").n_unique().alias("missing_pupils"))
    kept = facts.filter(keep)
    return kept.group_by(*by).agg(*measures) if by else kept.select(*measures)


def rate(facts: Table, denominators: Table, by: Sequence[str], keep: nw.Expr, kinds: Table | None = None) -> Table:
    """Share of possible half days that were missed, per group.

    Args:
        facts: placed half days.
        denominators: ``possible`` by the groups of *by* that are not a kind of absence.
        by: group columns.
        keep: which half days count.
        kinds: with ``status`` or ``code`` in *by*: the values that every group gets a row for, so that none is a row
            with zero.

    Returns:
        The *by* columns, half_days_missed, half_days_possible, rate, rate_low, rate_high (95 % Wilson), pupils,
        missing_pupils, first_week.
    """
    groups = denominators if kinds is None else denominators.join(kinds, how="cross")
    counted = missed(facts, by, keep)
    joined = groups.join(counted, on=list(by), how="left") if by else groups.join(counted, how="cross")
    filled = joined.with_columns(
        nw.col("half_days_missed").fill_null(0).cast(nw.Int64), nw.col("missing_pupils").fill_null(0).cast(nw.Int64)
    )
    return with_wilson(filled, "half_days_missed", "half_days_possible")


def per_pupil(facts: Table, keep: nw.Expr) -> Table:
    """Half days per pupil and school year among those that *keep* is true for."""
    return facts.filter(keep).group_by("pupil", "school_year").agg(nw.len().alias("half_days"))


def possible_per_pupil(enrolled: Table, calendar: Table) -> Table:
    """Possible half days per pupil and school year."""
    days = calendar.group_by("school_year", "start_year", "date").agg(nw.len().alias("halves"))
    return (
        enrolled.select("pupil", "start_year", "first", "last")
        .join(days, on="start_year", how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by("pupil", "school_year")
        .agg(nw.col("halves").sum().alias("half_days_possible"))
    )


def keep_expression(codes: Sequence[AbsenceCode], status: Status | None) -> nw.Expr:
    """Which half days count: of one *status* among the absences (or late arrivals), or every absence."""
    chosen = [code.code for code in counted_codes(codes, status)]
    return nw.col("code").is_in(chosen)


def counted_codes(codes: Sequence[AbsenceCode], status: Status | None) -> tuple[AbsenceCode, ...]:
    """The codes of the table that count for *status*; None: all that count as absent."""
    if status is None:
        return tuple(code for code in codes if code.absent)
    if status is Status.LATE:
        return tuple(code for code in codes if code.status is Status.LATE)
    return tuple(code for code in codes if code.absent and code.status is status)
