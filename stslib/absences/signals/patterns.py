"""What signals are counted from, per pupil: Narwhals expressions over the open tables, in whichever engine they are.

All take a ``Scope``: one school year, up to the last day with figures, with more columns on ``calendar`` and ``facts``:
``recent`` (1 in the last school weeks, else 0), ``open_yet`` (1 where codes may still change, else 0) and ``halves`` (possible
half days of that day).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from stslib.absences.indicators.spells import spells
from stslib.absences.tables import Table, Tables
from stslib.errors import DatasetError
from stslib.model.absence import Status


@dataclass(frozen=True, repr=False)
class Scope:
    """One school year of the tables, with what is recent."""

    tables: Tables
    school_year: str
    until: Mapping[str, date]
    """School ("" for one school alone) -> the last day that counts."""
    weeks_recent: Mapping[str, int]
    """School -> school weeks that are recent; a week without lessons is none."""
    weeks_before: Mapping[str, int]
    provisional: bool
    """Whether there are days of which codes may still change."""

    @property
    def who(self) -> list[str]:
        """The columns that tell pupils apart."""
        return [*self.tables.keys, "pupil"]


def open_scope(
    tables: Tables,
    school_year: str | None,
    until: date | None,
    recent_weeks: int,
    provisional_from: date | None = None,
) -> Scope:
    """One school year of *tables*.

    Args:
        tables: the open tables.
        school_year: ``2025-2026``; None is the newest.
        until: the last day that the export covers; None is the last day with a row, of each school.
        recent_weeks: so many school weeks with lessons are recent.
        provisional_from: codes may still change from this day on; None: of no day.

    Raises:
        DatasetError: no such school year.
    """
    years = sorted(set(tables.collect(tables.calendar.select("school_year").unique())["school_year"]))
    chosen = school_year or (years[-1] if years else "")
    if chosen not in years:
        raise DatasetError(
            "signalen", f"Er zijn geen cijfers van schooljaar {chosen}.", f"Kies uit: {', '.join(years) or 'geen enkel'}."
        )
    start = nw.col("start_year") == int(chosen[:4])
    keys = list(tables.keys)
    days = tables.collect(
        tables.calendar.filter(start).group_by(*keys, "date").agg(nw.col("school_week").min(), nw.len().alias("halves"))
    )
    lasts = tables.collect(tables.facts.filter(start).select(*keys, "date").group_by(*keys, "date").agg(nw.len().alias("n")))
    schools = days["school"] if keys else [""] * len(days["date"])
    last_rows: dict[str, date] = {}
    for school, day in zip(lasts["school"] if keys else [""] * len(lasts["date"]), lasts["date"], strict=True):
        last_rows[school] = max(day, last_rows.get(school, day))
    ends = {school: until or last_rows.get(school, date.min) for school in set(schools)}
    rows = sorted(
        {row for row in zip(schools, days["date"], days["school_week"], days["halves"], strict=True) if row[1] <= ends[row[0]]}
    )
    weeks: dict[str, list[int]] = {school: sorted({row[2] for row in rows if row[0] == school}) for school in ends}
    recent = {school: set(found[-recent_weeks:]) for school, found in weeks.items()}
    table: dict[str, list[Any]] = {"school": [row[0] for row in rows]} if keys else {}
    table |= {"date": [row[1] for row in rows], "recent": [int(row[2] in recent[row[0]]) for row in rows]}
    table["halves"] = [row[3] for row in rows]
    table["open_yet"] = [int(provisional_from is not None and row[1] >= provisional_from) for row in rows]
    part = _narrowed(tables, start, tables.engine.table(table) if rows else None, keys)
    return Scope(
        part,
        chosen,
        ends,
        {school: len(found) for school, found in recent.items()},
        {school: max(0, len(weeks[school]) - len(recent[school])) for school in weeks},
        any(table["open_yet"]),
    )


def _narrowed(tables: Tables, start: nw.Expr, days: Table | None, keys: Sequence[str]) -> Tables:
    if days is None:  # not one row: nothing to look at, and nothing to join
        none = start & (nw.col("start_year") < 0)
        empty = [nw.lit(0).alias(name) for name in ("recent", "open_yet", "halves")]
        return Tables(
            tables.engine,
            tables.calendar.filter(none).with_columns(empty),
            tables.enrolled.filter(start),
            tables.facts.filter(none).with_columns(empty),
        )
    on = [*keys, "date"]
    return Tables(
        tables.engine,
        tables.calendar.filter(start).join(days, on=on, how="inner"),
        tables.enrolled.filter(start),
        tables.engine.keep(tables.facts.filter(start).join(days, on=on, how="inner")),
    )


def possible_times(scope: Scope, by: Sequence[str], *, whole_days: bool) -> Table:
    """Possible half days or class days per pupil and *by*: ``possible``.

    Days are counted once per different stay, not once per pupil, for few pupils come or go within a year.
    """
    stay = [*scope.tables.keys, "start_year", "first", "last"]
    times = scope.tables.calendar.select(*stay[:-2], "date", *(() if whole_days else ("slot",)), *by)
    times = times.unique() if whole_days else times
    spans = (
        scope.tables.enrolled.select(*stay)
        .unique()
        .join(times, on=stay[:-2], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by(*stay, *by)
        .agg(nw.len().alias("times"))
    )
    joined = scope.tables.enrolled.select(*stay, "pupil").join(spans, on=stay, how="inner")
    return joined.group_by(*scope.who, *by).agg(nw.col("times").sum().alias("possible"))


def missed_times(scope: Scope, keep: nw.Expr, by: Sequence[str], *, whole_days: bool) -> Table:
    """Missed half days, or class days with at least one, per pupil and *by*: ``missed``."""
    kept = scope.tables.facts.filter(keep)
    if whole_days:
        kept = kept.select(*scope.who, "date", *by).unique()
    return kept.group_by(*scope.who, *by).agg(nw.len().alias("missed"))


def began(scope: Scope, keep: nw.Expr) -> Table:
    """Spells of absence (``indicators.spells``) with ``school_day`` and ``recent`` as they were when it began."""
    return spells(scope.tables, keep, ("school_day", "recent"))


def lawful_times(scope: Scope, keep: nw.Expr) -> Table:
    """Missed half days per pupil with a lawful ground: ``missed``."""
    return missed_times(scope, keep & (nw.col("status") == Status.LAWFUL.value), (), whole_days=False)


def provisional_times(scope: Scope, keep: nw.Expr) -> Table:
    """Half days per pupil whose code may still change (unlawful, or no reason known yet): ``missed``."""
    changes = nw.col("status").is_in([Status.UNLAWFUL.value, Status.OPEN.value]) & (nw.col("open_yet") == 1)
    return missed_times(scope, keep & changes, (), whole_days=False)


def stays(scope: Scope) -> Table:
    """Every stay: pupil, ``first``, ``class``, ``year`` and ``level``."""
    return scope.tables.enrolled.select(*scope.who, "first", "class", "year", "level")
