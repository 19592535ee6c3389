"""Spells: unbroken runs of absence of one pupil, over weekends and holidays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS, TIME_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.per_pupil import Table, pupil_key
from stslib.absences.indicators.rate import possible
from stslib.errors import UnknownDimensionError

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts
    from stslib.absences.tables import Tables


class Length(NamedTuple):
    """One row of the table of spells: its name and the school days that it is about."""

    name: str
    shortest: int
    longest: int | None


HALF_DAY = "1 halve dag"
LENGTHS = (
    Length(HALF_DAY, 1, 1),
    Length("1 dag", 1, 1),
    Length("2 tot 3 dagen", 2, 3),
    Length("4 tot 5 dagen", 4, 5),
    Length("6 tot 10 dagen", 6, 10),
    Length("meer dan 10 dagen", 11, None),
)
"""In school days; a spell of a single half day stands apart from one of a whole day."""


_LONG = -1
"""The place of the spells that are counted apart."""

MEASURES = ("spells", "missing_pupils", "half_days", "school_days")


def spells(tables: Tables, keep: nw.Expr, at_start: Sequence[str] = ()) -> Table:
    """Every spell: an unbroken run of possible half days of one pupil that are all absent.

    Weekends, holidays and a Wednesday without afternoon do not break a spell; a half day on which the pupil was there,
    came late, was absent for another reason than *keep* asks, or was not enrolled does. Another class does not. A spell
    ends with the school year. With tables narrowed to some times, only half days in those times can be in a spell.

    Args:
        tables: open tables.
        keep: which half days count.
        at_start: columns of ``facts`` to give as they were on the first half day of the spell.

    Returns:
        A row per spell, for further counting and not to be shown: (school,) start_year, pupil, ``first_slot``,
        ``last_slot``, ``first_day`` and ``last_day`` (``calendar.day_number``), ``half_days``, ``school_days`` (class
        days with at least one of its half days), ``calendar_days`` (from the first day to the last, both counted, with
        the weekends and holidays between), and the *at_start* columns.
    """
    key = pupil_key(tables)
    extra = [name for name in dict.fromkeys(at_start) if name not in key]
    numbers = ["slot", "school_day", "day_number"]
    half_days = tables.facts.filter(keep).select(*key, *dict.fromkeys((*numbers, *extra)))
    # Within a run the slot and its rank among the pupil's absences go up together, so their difference names the run.
    rows = half_days.with_columns(nw.col("slot").rank("dense").over(*key).cast(nw.Int64).alias("rank")).with_columns(
        (nw.col("slot") - nw.col("rank")).alias("spell")
    )
    runs = rows.group_by(*key, "spell").agg(
        nw.col("slot").min().alias("first_slot"),
        nw.col("slot").max().alias("last_slot"),
        nw.col("school_day").min().alias("first_school_day"),
        nw.col("school_day").max().alias("last_school_day"),
        nw.col("day_number").min().alias("first_day"),
        nw.col("day_number").max().alias("last_day"),
    )
    measured = runs.with_columns(
        (nw.col("last_slot") - nw.col("first_slot") + 1).alias("half_days"),
        (nw.col("last_school_day") - nw.col("first_school_day") + 1).alias("school_days"),
        (nw.col("last_day") - nw.col("first_day") + 1).alias("calendar_days"),
    )
    columns = [*key, "first_slot", "last_slot", "first_day", "last_day", "half_days", "school_days", "calendar_days"]
    if not extra:
        return measured.select(*columns)
    starts = half_days.select(*key, nw.col("slot").alias("first_slot"), *(name for name in extra if name != "slot"))
    if "slot" in extra:
        starts = starts.with_columns(nw.col("first_slot").alias("slot"))
    return measured.select(*columns).join(starts, on=[*key, "first_slot"], how="inner")


def count_spells(parts: Parts, keep: nw.Expr, by: Sequence[str] = (), *, long_days: int | None = None) -> dict[str, list[Any]]:
    """How many spells there were of each length, and of how many pupils.

    Args:
        parts: open tables.
        keep: which half days count; a spell is unbroken in these.
        by: any of ``GROUP_COLUMNS`` and ``TIME_COLUMNS``: the group, and the time, in which the spell began.
        long_days: spells of at least so many calendar days are counted apart as well; from a rule in the table of
            thresholds (``thresholds.long_days``). None: no such row.

    Returns:
        For every group that somebody was enrolled in, a row per length of ``LENGTHS`` (none left out) and one, with
        ``apart`` True, for the spells of *long_days* and more, which are in the other rows as well. Columns: *by*,
        ``length``, ``apart``, ``all_spells`` (of the group: the sum of ``spells`` over the rows that are not apart),
        ``spells``, ``missing_pupils`` (distinct, with at least one such spell), ``half_days`` (in these spells),
        ``school_days``, ``pupils`` (enrolled in the group), ``first_week`` (for the order of groups).

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.

    Source:
        The rule on lessons at home for ill pupils, in the table of thresholds; the other lengths are this program's.
    """
    by = list(dict.fromkeys(by))
    known = (*GROUP_COLUMNS, *TIME_COLUMNS)
    if unknown := [name for name in by if name not in known]:
        raise UnknownDimensionError(unknown, known)
    groups: dict[tuple[Any, ...], tuple[int, int]] = {}
    counted: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for tables in each(parts):
        of = tables.collect(possible(tables.enrolled, tables.calendar, by))
        for row, pupils in enumerate(of["pupils"]):
            group = tuple(of[name][row] for name in by)
            known, week = groups.get(group, (0, of["first_week"][row]))
            groups[group] = (known + pupils, min(week, of["first_week"][row]))
        _add(counted, tables.collect(_per_length(tables, _placed(spells(tables, keep, by), long_days), by)), by)
    labels = [(place, one.name) for place, one in enumerate(LENGTHS)]
    if long_days is not None:
        labels.append((_LONG, f"meer dan {long_days - 1} kalenderdagen"))
    names = (*by, "length", "apart", "all_spells", *MEASURES, "pupils", "first_week")
    result: dict[str, list[Any]] = {name: [] for name in names}
    for group, (pupils, week) in groups.items():
        total = sum(counted[*group, place]["spells"] for place in range(len(LENGTHS)))
        for place, label in labels:
            found = counted[*group, place]
            cells = (*group, label, place == _LONG, total, *(found[name] for name in MEASURES), pupils, week)
            for name, cell in zip(names, cells, strict=True):
                result[name].append(cell)
    return result


def _placed(found: Table, long_days: int | None) -> Table:
    """*found* with ``place``: which of ``LENGTHS``; spells of *long_days* and more a second time, as ``_LONG``."""
    length = nw.lit(len(LENGTHS) - 1)
    for step in reversed(range(1, len(LENGTHS) - 1)):
        length = nw.when(nw.col("school_days") <= LENGTHS[step].longest).then(nw.lit(step)).otherwise(length)
    length = nw.when(nw.col("half_days") == 1).then(nw.lit(0)).otherwise(length)
    placed = found.with_columns(length.cast(nw.Int64).alias("place"))
    if long_days is None:
        return placed
    long = placed.filter(nw.col("calendar_days") >= long_days).with_columns(nw.lit(_LONG).cast(nw.Int64).alias("place"))
    return nw.concat([placed, long], how="vertical")


def _per_length(tables: Tables, placed: Table, by: Sequence[str]) -> Table:
    """Per *by* and place the spells, their half days and school days, and distinct pupils."""
    person = [*tables.keys, "pupil"]
    names = [*person, *(name for name in by if name not in person), "place"]
    own = placed.group_by(*names).agg(nw.len().alias("spells"), nw.col("half_days").sum(), nw.col("school_days").sum())
    measures = (
        nw.col("spells").sum(),
        nw.col("half_days").sum(),
        nw.col("school_days").sum(),
        nw.len().alias("missing_pupils"),
    )
    return own.group_by(*by, "place").agg(*measures)


def _add(counted: dict[tuple[Any, ...], Counter[str]], columns: Mapping[str, list[Any]], by: Sequence[str]) -> None:
    for row in range(len(columns["spells"])):
        group = tuple(columns[name][row] for name in (*by, "place"))
        counted[group].update({name: int(columns[name][row]) for name in MEASURES})
