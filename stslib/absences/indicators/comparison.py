"""This school year beside earlier ones, at the same day of the school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import narwhals as nw

from stslib.absences.calendar import day_number
from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.rate import missed, possible, with_rate
from stslib.errors import UnknownDimensionError

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts
    from stslib.absences.tables import Tables

Every = Literal["day", "week", "same day"]

LATER = "De cijfers van dit schooljaar beginnen pas op lesdag {first}; er is gerekend vanaf lesdag {start}."
SHORTER = "De cijfers van dit schooljaar stoppen op lesdag {last}; er is vergeleken tot lesdag {end}."
NOTHING = "Van dit schooljaar zijn er geen cijfers tussen lesdag {start} en lesdag {end}."


COLUMNS = (
    "school_year", "school_day", "half_days_missed", "half_days_possible", "rate", "rate_low", "rate_high", "newest",
    "provisional", "comparable", "why_not",
)  # fmt: skip


Daily = dict[tuple[str, tuple[Any, ...]], dict[int, tuple[int, int]]]
"""(school year, group) -> class day -> half days missed and possible."""


class _Covered(NamedTuple):
    """What is known of one school year: the class days of the calendar."""

    days: Sequence[int]
    """Class days of the school year that the export covers, in order."""
    week_ends: frozenset[int]
    """Those that are the last one of a school week."""
    first_provisional: int | None


def compare_years(
    parts: Parts,
    keep: nw.Expr,
    by: Sequence[str] = (),
    *,
    until: date | None = None,
    provisional_from: date | None = None,
    lengths: Mapping[str, int] | None = None,
    every: Every = "week",
) -> dict[str, list[Any]]:
    """Half days missed from the first class day of the year up to the same class day, for each school year.

    Class days are numbered, so a year that began on a Monday and one that began on a Wednesday are set side by side day
    by day. All years are counted over the class days that the newest one covers: where its export begins later than
    the school year, so do the others.

    Args:
        parts: open tables of one or more school years.
        keep: which half days count.
        by: any of ``GROUP_COLUMNS``.
        until: last day that the newest export covers; None is the last day in the calendar of the newest year.
        provisional_from: from this day on, half days of the newest year may still change.
        lengths: school year -> its number of class days in the whole year; without it, a year that ends before the day
            that is compared up to is taken to lack data.
        every: ``day``: a row for every class day; ``week``: for the last class day of every school week, and the last day
            of all; ``same day``: one row a year, at the last day that the newest covers.

    Returns:
        In the order of school years and days: the *by* columns, ``school_year``, ``school_day`` (class day up to and
        including which is counted), ``half_days_missed`` and ``half_days_possible`` (both cumulative), ``rate``,
        ``rate_low``, ``rate_high`` (95 % Wilson), ``newest`` (the year that the others are compared with),
        ``provisional`` (days that may still change are in it), ``comparable`` (the year covers the same class days) and
        ``why_not`` (Dutch; empty when comparable). A year without any half day in that part has one row, with None for the
        numbers; a group that had no pupils in a year has no row there.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.
    """
    by = list(dict.fromkeys(by))
    if unknown := [name for name in by if name not in GROUP_COLUMNS]:
        raise UnknownDimensionError(unknown, GROUP_COLUMNS)
    days_of_years: set[tuple[str, int, int, int]] = set()
    daily: Daily = defaultdict(dict)
    for tables in each(parts):
        days_of_years |= _class_days(tables)
        _add_daily(daily, tables, keep, by)
    covered = _covered(sorted(days_of_years), until, provisional_from)
    if not covered:
        return {name: [] for name in (*by, *COLUMNS)}
    newest = max(covered)
    start, end = covered[newest].days[0], covered[newest].days[-1]
    rows: list[dict[str, Any]] = []
    for year, known in covered.items():
        days = [day for day in known.days if start <= day <= end]
        shown = _shown(days, known.week_ends, every)
        mine = [
            {**dict(zip(by, group, strict=True)), **point}
            for group in sorted((group for at, group in daily if at == year), key=str)
            for point in _cumulative(daily[year, group], days)
            if point["school_day"] in shown
        ]
        why = _why_not(known, start, end, (lengths or {}).get(year)) if mine else NOTHING.format(start=start, end=end)
        for row in mine or [dict.fromkeys((*by, *COLUMNS))]:
            edge = known.first_provisional
            provisional = bool(mine) and edge is not None and row["school_day"] >= edge
            shared = {"school_year": year, "newest": year == newest, "comparable": not why, "why_not": why}
            rows.append({**row, **shared, "provisional": provisional})
    counted = [row for row in rows if row["half_days_possible"]]
    numbers = {name: [row[name] for row in counted] for name in ("half_days_missed", "half_days_possible")}
    rates = with_rate(numbers, "half_days_missed", "half_days_possible")
    for place, row in enumerate(counted):
        row |= {name: rates[name][place] for name in ("rate", "rate_low", "rate_high")}
    return {name: [row[name] for row in rows] for name in (*by, *COLUMNS)}


def _cumulative(counts: Mapping[int, tuple[int, int]], days: Sequence[int]) -> Iterator[dict[str, int]]:
    """From the first day on which anybody was enrolled, up to and including each day."""
    n = of = 0
    for day in days:
        missed_here, possible_here = counts.get(day, (0, 0))
        n, of = n + missed_here, of + possible_here
        if of:
            yield {"school_day": day, "half_days_missed": n, "half_days_possible": of}


def _why_not(known: _Covered, start: int, end: int, length: int | None) -> str:
    """Why a year does not cover the class days from *start* to *end*; empty when it does."""
    if known.days[0] > start:
        return LATER.format(first=known.days[0], start=start)
    # A school year that is simply shorter than the newest one lacks nothing.
    return SHORTER.format(last=known.days[-1], end=end) if known.days[-1] < min(end, length or end) else ""


def _shown(days: Sequence[int], week_ends: frozenset[int], every: Every) -> frozenset[int]:
    if every == "day":
        return frozenset(days)
    return frozenset({*(day for day in days if every == "week" and day in week_ends), *days[-1:]})


def _class_days(tables: Tables) -> set[tuple[str, int, int, int]]:
    """School year, class day, school week and day number."""
    names = ("school_year", "school_day", "school_week", "day_number")
    columns = tables.collect(tables.calendar.select(*names).unique())
    return set(zip(*(columns[name] for name in names), strict=True))


def _covered(
    rows: Sequence[tuple[str, int, int, int]], until: date | None, provisional_from: date | None
) -> dict[str, _Covered]:
    """School year -> its class days, the oldest year first; the newest up to *until*."""
    if not rows:
        return {}
    newest = rows[-1][0]
    result = {}
    for year in dict.fromkeys(row[0] for row in rows):
        last = day_number(until) if year == newest and until is not None else None
        mine = [row[1:] for row in rows if row[0] == year and (last is None or row[3] <= last)]
        if not mine and year == newest:
            return {}
        # With several schools one class day may fall in two weeks: the later one is when all of them had it.
        weeks: dict[int, int] = {}
        for day, week, _ in mine:
            weeks[day] = max(week, weeks.get(day, week))
        ordered = sorted(weeks)
        ends = {day for day, following in pairwise(ordered) if weeks[day] != weeks[following]} | set(ordered[-1:])
        edge = day_number(provisional_from) if year == newest and provisional_from is not None else None
        provisional = [day for day, _, number in mine if edge is not None and number >= edge]
        result[year] = _Covered(ordered, frozenset(ends), min(provisional, default=None))
    return result


def _add_daily(daily: Daily, tables: Tables, keep: nw.Expr, by: Sequence[str]) -> None:
    names = [*by, "school_year", "school_day"]
    measures = (
        (possible(tables.enrolled, tables.calendar, names), "half_days_possible", 1),
        (missed(tables.facts, names, keep), "half_days_missed", 0),
    )
    for frame, measure, place in measures:
        columns = tables.collect(frame)
        for row, number in enumerate(columns[measure]):
            counts = daily[columns["school_year"][row], tuple(columns[name][row] for name in by)]
            known = counts.get(columns["school_day"][row], (0, 0))
            more = (int(number), 0) if place == 0 else (0, int(number))
            counts[columns["school_day"][row]] = (known[0] + more[0], known[1] + more[1])
