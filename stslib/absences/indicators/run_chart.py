"""A rate by week, with limits that ordinary weeks stay within: was this week chance, or is something going on?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from stslib.absences.calendar import day_number
from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.rate import missed, possible, with_rate
from stslib.errors import DatasetError, UnknownDimensionError

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts
    from stslib.absences.tables import Tables

LEAST_BASELINE_WEEKS = 8
"""Limits from fewer weeks than this say nothing."""

RUN = 8
"""So many successive weeks on one side of the centre are no chance."""

SIGMAS = 3.0
_MOVING_RANGE = 1.128
"""The expected range of two draws from a normal distribution, in standard deviations (the control chart constant d2)."""

COLUMNS = (
    "school_year", "school_week", "monday", "half_days_missed", "half_days_possible", "rate", "rate_low", "rate_high",
    "pupils", "centre", "limit_low", "limit_high", "overdispersion", "baseline", "provisional", "outside", "run_of_eight",
    "marks", "why_not",
)  # fmt: skip

TOO_FEW = (
    "De basisperiode telt {weeks} weken met cijfers die vaststaan; "
    "voor een middenlijn en grenzen zijn er minstens {least} nodig."
)
FLAT = "In de basisperiode is {what}; daaruit volgen geen grenzen."


class Week(NamedTuple):
    """One school week: half days missed out of possible (above 0)."""

    monday: date
    missed: int
    possible: int
    provisional: bool = False
    """Its half days may still change: it is shown, and takes part in no rule and in no baseline."""


class Judged(NamedTuple):
    """What the chart says of one week; numbers are None where the baseline gives no limits."""

    centre: float | None
    limit_low: float | None
    limit_high: float | None
    overdispersion: float | None
    baseline: bool
    outside: str
    """``above`` or ``below`` the limits; else empty."""
    run_of_eight: bool
    """One of eight or more successive weeks on the same side of the centre."""
    why_not: str
    """Why there are no limits (Dutch); else empty."""


def run_chart(
    parts: Parts,
    keep: nw.Expr,
    by: Sequence[str] = (),
    *,
    baseline: tuple[date, date] | int = LEAST_BASELINE_WEEKS,
    marks: Sequence[tuple[date, str]] = (),
    until: date | None = None,
    provisional_from: date | None = None,
) -> dict[str, list[Any]]:
    """The share of possible half days that were missed in every school week, judged against a baseline period.

    A p-chart: the centre is the rate over the whole baseline, the limits of a week lie three standard deviations of a
    binomial share of that week's possible half days around it. Half days of one pupil hang together, and so do pupils in
    a week of flu, so those limits would be too narrow. They are widened by ``overdispersion``, as in Laney's p′-chart: the
    mean moving range between successive weeks of the baseline, in those standard deviations, over 1.128. It never makes
    them narrower: it is at least 1.

    Args:
        parts: open tables.
        keep: which half days count.
        by: any of ``GROUP_COLUMNS``; every group has a chart and a baseline of its own.
        baseline: first and last day of the period to compare with (every week with a class day in it), or so many of the
            first weeks, at least ``LEAST_BASELINE_WEEKS``.
        marks: a day and what began on it. A mark in a holiday stands at the first week after it; one before the first
            week or after the last is left out.
        until: last day that the newest export covers; later days are left out.
        provisional_from: from this day on, half days may still change; None where they do not.

    Returns:
        A row per group and school week with class days, in order; the *by* columns and ``COLUMNS``. ``monday``: of that
        week. ``centre``, ``limit_low``, ``limit_high`` (0–1, cut off there) and ``overdispersion`` are None and ``why_not``
        says why where the baseline has fewer than eight weeks, or nobody was absent in it. ``outside``: ``above`` or
        ``below`` the limits. ``run_of_eight``: the week belongs to eight or more in a row on one side of the centre; a
        week exactly on the centre neither counts nor breaks. Holidays do not break a run. ``marks``: joined with "; ".

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.
        DatasetError: a baseline of fewer than eight weeks asked for, or one that ends before it begins.
    """
    by = list(dict.fromkeys(by))
    if unknown := [name for name in by if name not in GROUP_COLUMNS]:
        raise UnknownDimensionError(unknown, GROUP_COLUMNS)
    _check_baseline(baseline)
    names = [*by, "school_year", "school_week"]
    mondays: dict[tuple[str, int], date] = {}
    provisional: set[tuple[str, int]] = set()
    counted: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for tables in each(parts):
        part = tables if until is None else tables.narrow([], [nw.col("day_number") <= day_number(until)])
        found, late = _weeks(part, provisional_from)
        mondays |= found
        provisional |= late
        for group, numbers in _counted(part, keep, names).items():
            known = counted.get(group, (0, 0, 0))
            counted[group] = (known[0] + numbers[0], known[1] + numbers[1], known[2] + numbers[2])
    charts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for (*at_group, year, week), numbers in counted.items():
        charts[tuple(at_group)].append((year, week, *numbers))
    at = _place_marks(marks, sorted(mondays.values()))
    result: dict[str, list[Any]] = {name: [] for name in (*by, *COLUMNS)}
    for chart in sorted(charts, key=str):
        rows = sorted(charts[chart])
        weeks = [Week(mondays[year, week], n, of, (year, week) in provisional) for year, week, n, of, _ in rows]
        for (year, week, n, of, pupils), one, judged in zip(rows, weeks, judge_weeks(weeks, baseline), strict=True):
            cells = {
                **dict(zip(by, chart, strict=True)), "school_year": year, "school_week": week, "monday": one.monday,
                "half_days_missed": n, "half_days_possible": of, "pupils": pupils, "provisional": one.provisional,
                "marks": "; ".join(at.get(one.monday, ())), **judged._asdict(),
            }  # fmt: skip
            for name, cell in cells.items():
                result[name].append(cell)
    rates = with_rate(
        {name: result[name] for name in ("half_days_missed", "half_days_possible")}, "half_days_missed", "half_days_possible"
    )
    return {**result, **{name: rates[name] for name in ("rate", "rate_low", "rate_high")}}


def judge_weeks(weeks: Sequence[Week], baseline: tuple[date, date] | int = LEAST_BASELINE_WEEKS) -> list[Judged]:
    """Centre, limits and rules for *weeks* in order; see ``run_chart``. Works on any share, not only of absence."""
    chosen = _baseline(weeks, baseline)
    base = [week for week, inside in zip(weeks, chosen, strict=True) if inside]
    total, of = sum(week.missed for week in base), sum(week.possible for week in base)
    why = ""
    if len(base) < LEAST_BASELINE_WEEKS:
        why = TOO_FEW.format(weeks=len(base), least=LEAST_BASELINE_WEEKS)
    elif total in (0, of):
        why = FLAT.format(what="er geen enkele halve dag gemist" if total == 0 else "elke halve dag gemist")
    if why:
        return [Judged(None, None, None, None, inside, "", False, why) for inside in chosen]
    centre = total / of

    def deviation(week: Week) -> float:
        return float((centre * (1 - centre) / week.possible) ** 0.5)

    scores = [(week.missed / week.possible - centre) / deviation(week) for week in base]
    ranges = [abs(later - earlier) for earlier, later in pairwise(scores)]
    factor = max(1.0, sum(ranges) / len(ranges) / _MOVING_RANGE)
    runs = _in_runs([_side(week, total, of) for week in weeks])
    result = []
    for week, inside, in_run in zip(weeks, chosen, runs, strict=True):
        spread = SIGMAS * factor * deviation(week)
        low, high = max(0.0, centre - spread), min(1.0, centre + spread)
        share = week.missed / week.possible
        outside = "" if week.provisional else "above" if share > high else "below" if share < low else ""
        result.append(Judged(centre, low, high, factor, inside, outside, in_run, ""))
    return result


def _check_baseline(baseline: tuple[date, date] | int) -> None:
    if isinstance(baseline, int):
        if baseline < LEAST_BASELINE_WEEKS:
            raise DatasetError(
                "basisperiode",
                f"Een basisperiode van {baseline} weken is te kort voor een middenlijn en grenzen.",
                f"Kies minstens {LEAST_BASELINE_WEEKS} weken.",
            )
    elif baseline[1] < baseline[0]:
        raise DatasetError("basisperiode", "De basisperiode eindigt voor ze begint.", "Wissel de eerste en de laatste dag om.")


def _baseline(weeks: Sequence[Week], baseline: tuple[date, date] | int) -> list[bool]:
    """Which weeks are in the baseline; a provisional one never is."""
    if isinstance(baseline, int):
        fixed = [week.monday for week in weeks if not week.provisional][:baseline]
        return [not week.provisional and week.monday in fixed for week in weeks]
    first, last = baseline
    return [not week.provisional and week.monday <= last and week.monday + timedelta(days=4) >= first for week in weeks]


def _side(week: Week, total: int, of: int) -> int:
    """1 above the centre *total* over *of*, -1 below it, 0 on it or when the week may still change; in whole numbers."""
    difference = week.missed * of - total * week.possible
    return 0 if week.provisional else (difference > 0) - (difference < 0)


def _in_runs(sides: Sequence[int]) -> list[bool]:
    """Which weeks belong to a run; a 0 neither counts nor breaks."""
    result = [False] * len(sides)
    run: list[int] = []
    for place, side in enumerate(sides):
        if side == 0:
            continue
        if run and sides[run[-1]] != side:
            run = []
        run.append(place)
        if len(run) >= RUN:
            for member in run:
                result[member] = True
    return result


def _weeks(tables: Tables, provisional_from: date | None) -> tuple[dict[tuple[str, int], date], set[tuple[str, int]]]:
    """(school year, school week) -> its Monday, and the weeks with a day that may still change."""
    week = ["school_year", "school_week"]
    found = tables.calendar.group_by(*week).agg(
        nw.col("day_number").min().alias("earliest"), nw.col("day_number").max().alias("latest")
    )
    columns = tables.collect(found)
    edge = None if provisional_from is None else day_number(provisional_from)
    mondays, provisional = {}, set()
    for row, year in enumerate(columns["school_year"]):
        key = (year, int(columns["school_week"][row]))
        day = date(1970, 1, 1) + timedelta(days=int(columns["earliest"][row]))
        mondays[key] = day - timedelta(days=day.weekday())
        if edge is not None and columns["latest"][row] >= edge:
            provisional.add(key)
    return mondays, provisional


def _counted(tables: Tables, keep: nw.Expr, names: Sequence[str]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """Group and week -> half days missed, possible, pupils."""
    of = tables.collect(possible(tables.enrolled, tables.calendar, names))
    hit = tables.collect(missed(tables.facts, names, keep))
    found = {tuple(hit[name][row] for name in names): int(n) for row, n in enumerate(hit["half_days_missed"])}
    groups = [tuple(of[name][row] for name in names) for row in range(len(of["pupils"]))]
    return {
        group: (found.get(group, 0), int(total), int(pupils))
        for group, total, pupils in zip(groups, of["half_days_possible"], of["pupils"], strict=True)
    }


def _place_marks(marks: Sequence[tuple[date, str]], mondays: Sequence[date]) -> Mapping[date, list[str]]:
    """Monday of a week with class days -> what began in it, or in the holiday before it."""
    result: dict[date, list[str]] = defaultdict(list)
    for day, label in sorted(marks):
        monday = next((monday for monday in mondays if monday + timedelta(days=6) >= day), None)
        if monday is not None and day >= mondays[0]:
            result[monday].append(label)
    return result
