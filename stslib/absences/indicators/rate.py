"""Share of possible half days that were missed, per group of pupils, time and kind of absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS, TIME_COLUMNS

Z_95 = 1.959963984540054

Table = nw.LazyFrame[Any]


def wilson(count: float, total: float, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of *count* over *total* (above 0): 95 % unless *z* says otherwise.

    The interval treats half days as independent. Half days of one pupil are not, so it is a lower bound of the doubt.
    """
    share, square = count / total, z * z
    middle = (share + square / (2 * total)) / (1 + square / total)
    spread = z * (share * (1 - share) / total + square / (4 * total * total)) ** 0.5 / (1 + square / total)
    return (0.0 if count == 0 else middle - spread, 1.0 if count == total else middle + spread)


def with_rate(columns: Mapping[str, Sequence[Any]], count: str, total: str) -> dict[str, list[Any]]:
    """*columns* with ``rate``, ``rate_low`` and ``rate_high``: *count* over *total* and its 95 % Wilson interval."""
    pairs = list(zip(columns[count], columns[total], strict=True))
    intervals = [wilson(n, of) for n, of in pairs]
    return {
        **{name: list(values) for name, values in columns.items()},
        "rate": [n / of for n, of in pairs],
        "rate_low": [low for low, _ in intervals],
        "rate_high": [high for _, high in intervals],
    }


def keys_of(table: Table) -> list[str]:
    """``["school"]`` where several schools are counted together, else nothing."""
    return [name for name in table.collect_schema().names() if name == "school"]


def possible(enrolled: Table, calendar: Table, by: Sequence[str]) -> Table:
    """Possible half days and enrolled pupils per group; a group that nobody was enrolled in has no row.

    Args:
        enrolled: who was enrolled when and in which class.
        calendar: the possible half days.
        by: any of ``GROUP_COLUMNS`` and ``TIME_COLUMNS``.

    Returns:
        The *by* columns, ``half_days_possible``, ``pupils`` (distinct) and ``first_week`` (for the order of groups).
    """
    stay = [*keys_of(calendar), "start_year", "first", "last"]
    pupil_columns = [name for name in by if name in GROUP_COLUMNS and name not in stay]
    time_columns = [name for name in by if name in TIME_COLUMNS]
    # Few pupils come or go within a year, so days are counted once per different stay, not once per pupil.
    spans = (
        enrolled.select(*stay)
        .unique()
        .join(calendar.select(*stay[:-2], *dict.fromkeys(["date", "school_week", *time_columns])), on=stay[:-2], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by(*stay, *time_columns)
        .agg(nw.len().alias("halves"), nw.col("school_week").min().alias("at_week"))
    )
    joined = enrolled.select(*stay, "pupil", *pupil_columns).join(spans, on=stay, how="inner")
    measures = (
        nw.col("halves").sum().alias("half_days_possible"),
        nw.col("pupil").n_unique().alias("pupils"),
        nw.col("at_week").min().alias("first_week"),
    )
    if by:
        return joined.group_by(*by).agg(*measures)
    return joined.select(*measures).filter(nw.col("pupils") > 0)


def missed(facts: Table, by: Sequence[str], keep: nw.Expr) -> Table:
    """Half days per group among those that *keep* is true for, and the pupils they belong to."""
    measures = (nw.len().alias("half_days_missed"), nw.col("pupil").n_unique().alias("missing_pupils"))
    kept = facts.filter(keep)
    return kept.group_by(*by).agg(*measures) if by else kept.select(*measures)
