"""Half days of each pupil, as a step on the way to numbers of pupils. Never collected row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS

if TYPE_CHECKING:
    from stslib.absences.tables import Tables

Table = nw.LazyFrame[Any]


def pupil_key(tables: Tables) -> list[str]:
    """What tells one pupil in one school year from another: (school,) start_year, pupil."""
    return [*tables.keys, "start_year", "pupil"]


def stays(tables: Tables, by: Sequence[str] = ()) -> Table:
    """Every stay with at least one possible half day.

    Args:
        tables: open tables.
        by: any of ``GROUP_COLUMNS`` and ``school_year``.

    Returns:
        (school,) start_year, pupil, first, last, the *by* columns, ``half_days_possible``.
    """
    stay = [*tables.keys, "start_year", "first", "last"]
    groups = [name for name in by if name in GROUP_COLUMNS and name not in stay]
    years = [name for name in by if name == "school_year"]
    # Few pupils come or go within a year, so days are counted once per different stay, not once per pupil.
    spans = (
        tables.enrolled.select(*stay)
        .unique()
        .join(tables.calendar.select(*stay[:-2], "date", *years), on=stay[:-2], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by(*stay, *years)
        .agg(nw.len().alias("half_days_possible"))
        .with_columns(nw.col("half_days_possible").cast(nw.Int64))
    )
    return tables.enrolled.select(*stay, "pupil", *groups).join(spans, on=stay, how="inner")


def per_pupil(tables: Tables, keep: nw.Expr, by: Sequence[str] = ()) -> Table:
    """Half days missed and possible of every enrolled pupil, zeros included, within each group.

    Args:
        tables: open tables. Half days of exports that tell only totals count as well, while *by* asks for no group.
        keep: which half days count: an expression over ``code``.
        by: any of ``GROUP_COLUMNS`` and ``school_year``. A pupil that changes class has a row in each, with what belongs
            to that class.

    Returns:
        (school,) start_year, pupil, the *by* columns, ``half_days``, ``half_days_possible`` (above 0).
    """
    key = [*pupil_key(tables), *(name for name in by if name not in tables.keys)]
    possible = stays(tables, by).group_by(*key).agg(nw.col("half_days_possible").sum())
    counted = tables.facts.filter(keep).group_by(*key).agg(nw.len().alias("half_days"))
    joined = possible.join(counted, on=key, how="left").with_columns(nw.col("half_days").fill_null(0).cast(nw.Int64))
    if tables.totals is None or any(name in GROUP_COLUMNS and name not in tables.keys for name in by):
        return joined
    return add_half_days(tables, joined, tables.totals.filter(keep))


def add_half_days(tables: Tables, pupils: Table, more: Table) -> Table:
    """*pupils* (``per_pupil``) with the half days of *more* ((school,) pupil, start_year, half_days) added.

    Half days of a pupil that is not enrolled in that school year are left out, as everywhere.
    """
    key = pupil_key(tables)
    extra = more.group_by(*key).agg(nw.col("half_days").sum().alias("more_half_days"))
    joined = pupils.join(extra, on=key, how="left").with_columns(nw.col("more_half_days").fill_null(0).cast(nw.Int64))
    return joined.with_columns((nw.col("half_days") + nw.col("more_half_days")).alias("half_days")).drop("more_half_days")


def last_groups(tables: Tables, by: Sequence[str]) -> Table:
    """The groups that each pupil belongs to in a school year: those of the last stay with possible half days.

    Rules are about a pupil's whole school year, so a pupil that changes class is counted once, where it ended up.

    Returns:
        (school,) start_year, pupil and the *by* columns (any of ``GROUP_COLUMNS`` and ``school_year``).
    """
    key = pupil_key(tables)
    placed = stays(tables, by).with_columns(nw.col("last").max().over(*key).alias("until"))
    names = [*key, *(name for name in by if name not in key)]
    return placed.filter(nw.col("last") == nw.col("until")).select(*names).unique(subset=key, keep="any")
