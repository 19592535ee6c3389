"""What signals are counted from, per pupil: Narwhals expressions over the open tables, in whichever engine they are.

All take a ``Scope``: one school year, up to the last day with figures, with more columns on ``calendar`` and ``facts``:
``recent`` (1 in the last school weeks, else 0), ``open_yet`` (1 where codes may still change, else 0) and ``halves`` (possible
half days of that day).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import narwhals as nw

from stslib.absences.indicators.dimensions import SCHOOL
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
    schools: Sequence[str] = ()
    """The name of each number in the column ``school``."""

    @property
    def who(self) -> list[str]:
        """The columns that tell pupils apart."""
        return [*self.tables.keys, "pupil"]

    def collect(self, frame: Table) -> dict[str, list[Any]]:
        """The values of *frame* as plain columns, with the school of each row by name ("" for one school alone)."""
        found = self.tables.collect(frame)
        rows = len(next(iter(found.values())))
        return found | {SCHOOL: _names(found[SCHOOL], self.schools) if self.tables.keys else [""] * rows}


def open_scope(
    tables: Tables,
    school_year: str | None,
    until: date | None,
    recent_weeks: int,
    provisional_from: date | None = None,
    schools: Sequence[str] = (),
) -> Scope:
    """One school year of *tables*.

    Args:
        tables: the open tables.
        school_year: ``2025-2026``; None is the newest.
        until: the last day that the export covers; None is the last day with a row, of each school.
        recent_weeks: so many school weeks with lessons are recent.
        provisional_from: codes may still change from this day on; None: of no day.
        schools: of several schools, the name of each number in the column ``school``; none: the number is the name.

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
    part = Tables(tables.engine, tables.calendar.filter(start), tables.enrolled.filter(start), tables.facts.filter(start))
    rows = _days(part, until)
    ends = {row.school: row.date for row in rows}
    weeks = {school: sorted({row.week for row in rows if row.school == school}) for school in ends}
    recent = {school: set(found[-recent_weeks:]) for school, found in weeks.items()}
    columns: dict[str, list[Any]] = {SCHOOL: [row.school for row in rows]} if tables.keys else {}
    columns["date"] = [row.date for row in rows]
    columns["halves"] = [row.halves for row in rows]
    columns["recent"] = [int(row.week in recent[row.school]) for row in rows]
    columns["open_yet"] = [int(provisional_from is not None and row.date >= provisional_from) for row in rows]
    names = dict(zip(ends, _names(list(ends), schools) if tables.keys else [""] * len(ends), strict=True))
    return Scope(
        _narrowed(part, columns),
        chosen,
        {names[school]: end for school, end in ends.items()},
        {names[school]: len(found) for school, found in recent.items()},
        {names[school]: len(weeks[school]) - len(found) for school, found in recent.items()},
        any(columns["open_yet"]),
        tuple(schools),
    )


class _Day(NamedTuple):
    school: int
    date: date
    week: int
    halves: int


def _days(part: Tables, until: date | None) -> list[_Day]:
    """The class days of every school up to *until*, in order; None is the last day with a row of each."""
    keys = list(part.keys)
    days = part.collect(part.calendar.group_by(*keys, "date").agg(nw.col("school_week").min(), nw.len().alias("halves")))
    marked = part.collect(part.facts.group_by(*keys, "date").agg(nw.len().alias("marks")))
    lasts: dict[int, date] = {}
    for school, day in zip(marked[SCHOOL] if keys else [0] * len(marked["date"]), marked["date"], strict=True):
        lasts[school] = max(day, lasts.get(school, day))
    schools = days[SCHOOL] if keys else [0] * len(days["date"])
    every = map(_Day, schools, days["date"], days["school_week"], days["halves"])
    return sorted(row for row in every if row.date <= (until or lasts.get(row.school, date.min)))


def _names(numbers: Sequence[int], schools: Sequence[str]) -> list[str]:
    return [schools[number] if schools else str(number) for number in numbers]


def _narrowed(part: Tables, columns: Mapping[str, Sequence[Any]]) -> Tables:
    """*part* on the days of *columns* alone, with the other columns added."""
    on = [*part.keys, "date"]
    if not columns["date"]:  # not one day to look at, and an empty table has no types to join on
        added = [nw.lit(0).alias(name) for name in columns if name not in on]
        none = nw.col("start_year") < 0
        calendar, facts = (table.filter(none).with_columns(*added) for table in (part.calendar, part.facts))
        return Tables(part.engine, calendar, part.enrolled, facts)
    days = part.engine.table(columns)
    days = days.with_columns(nw.col(SCHOOL).cast(nw.Int32)) if part.keys else days  # as in the open tables
    calendar, facts = (table.join(days, on=on, how="inner") for table in (part.calendar, part.facts))
    return Tables(part.engine, calendar, part.enrolled, part.engine.keep(facts))


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
