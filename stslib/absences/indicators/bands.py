"""Pupils per band of half days, as in the official statistics, and per band of the share of the year that they missed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.per_pupil import Table, add_half_days, last_groups, per_pupil, pupil_key
from stslib.absences.indicators.rate import with_rate
from stslib.errors import UnknownDimensionError
from stslib.model.absence import Threshold

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts
    from stslib.absences.tables import Tables

BAND = "band-"
"""How the ids of the rules begin that bound a band of the official statistics."""

UNLAWFUL_ONLY = ("B",)
"""Where these codes count and no other, the half days B that a pupil brought along from another school count as well."""

COLUMNS = ("band", "from", "to", "pupils_in_band", "pupils", "rate", "rate_low", "rate_high")

Only = Mapping[str, Sequence[object]]
"""Group column -> the values that stay; a pupil is in the group of its last stay of the school year."""


def band_limits(rules: Sequence[Threshold]) -> tuple[int, ...]:
    """The lower limits of the bands in half days, from the rules of the table of thresholds."""
    return tuple(sorted({rule.value for rule in rules if rule.id.startswith(BAND) and rule.value is not None}))


def percent_limits(rules: Sequence[Threshold]) -> tuple[int, ...]:
    """The lower limits of the bands of chronic absence in percent, from the rules of the table of thresholds."""
    units = ("procent", "percent", "%")
    return tuple(sorted({rule.value for rule in rules if rule.value is not None and rule.unit.casefold().startswith(units)}))


def count_bands(
    parts: Parts, codes: Sequence[str], limits: Sequence[int], by: Sequence[str] = (), *, only: Only | None = None
) -> dict[str, list[Any]]:
    """How many pupils have how many half days in a school year: none, fewer than the first limit, and so on.

    Args:
        parts: open tables of whole school years; not narrowed to groups, for the half days of a pupil that changed class
            belong together (*only* chooses groups).
        codes: which codes count. With only B the half days that were brought along from another school count too.
        limits: where each band begins, in half days, from 1 (``band_limits``).
        by: any of ``GROUP_COLUMNS`` and ``school_year``. With several school years a pupil counts once in each.
        only: count only pupils of these groups.

    Returns:
        For every group a row per band, also when it is empty: the *by* columns, ``band`` (its name in Dutch), ``from`` and
        ``to`` (half days, both inclusive; None: no upper limit), ``pupils_in_band``, ``pupils`` (of the group), ``rate``
        (the first over the second), ``rate_low`` and ``rate_high`` (95 % Wilson).

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.

    Source:
        The bands of the official statistics on problematic absence, as rules in the table of thresholds.
    """
    starts = (0, *sorted({1, *limits}))
    ends = [*(start - 1 for start in starts[1:]), None]
    names = [
        str(first) if first == last else f"{first} en meer" if last is None else f"{first} tot {last}"
        for first, last in zip(starts, ends, strict=True)
    ]
    conditions = [nw.col("half_days") >= start for start in starts[1:]]

    def counted(tables: Tables) -> Table:
        pupils = per_pupil(tables, nw.col("code").is_in(list(codes)))
        if tuple(codes) == UNLAWFUL_ONLY and tables.brought is not None:
            return add_half_days(tables, pupils, tables.brought)
        return pupils

    return _count(parts, counted, conditions, (names, starts, ends), by, only)


def count_chronic_bands(
    parts: Parts, codes: Sequence[str], limits: Sequence[int], by: Sequence[str] = (), *, only: Only | None = None
) -> dict[str, list[Any]]:
    """How many pupils missed which share of their possible half days.

    Args:
        parts: as for ``count_bands``.
        codes: which codes count: all that count as absent.
        limits: where each band begins, in percent, from 1 (``percent_limits``).
        by: as for ``count_bands``.
        only: as for ``count_bands``.

    Returns:
        As ``count_bands``; ``from`` is a percentage and inclusive, ``to`` one and exclusive (None: no upper limit). Pupils
        of a school year of which an export tells only totals are left out: of how many possible half days is not known.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.

    Source:
        International convention on chronic absence, no Flemish rule: the table of thresholds.
    """
    starts = (0, *sorted(set(limits)))
    ends = [*starts[1:], None]
    names = [
        f"{first} % en meer" if last is None else f"minder dan {last} %" if first == 0 else f"{first} tot {last} %"
        for first, last in zip(starts, ends, strict=True)
    ]
    conditions = [nw.col("half_days") * 100 >= nw.col("half_days_possible") * start for start in starts[1:]]

    def counted(tables: Tables) -> Table:
        pupils = per_pupil(tables, nw.col("code").is_in(list(codes)))
        if tables.totals is None:
            return pupils
        key = [*tables.keys, "start_year"]
        return pupils.join(tables.totals.select(*key).unique(), on=key, how="anti")

    return _count(parts, counted, conditions, (names, starts, ends), by, only)


def _count(
    parts: Parts,
    counted: Callable[[Tables], Table],
    conditions: Sequence[nw.Expr],
    bands: tuple[Sequence[str], Sequence[int], Sequence[int | None]],
    by: Sequence[str],
    only: Only | None,
) -> dict[str, list[Any]]:
    """Pupils per group and band: a pupil is in the last band whose condition holds for it."""
    by, only = list(dict.fromkeys(by)), only or {}
    known = (*GROUP_COLUMNS, "school_year")
    if unknown := [name for name in (*by, *only) if name not in known]:
        raise UnknownDimensionError(unknown, known)
    found: dict[tuple[Any, ...], Counter[int]] = defaultdict(Counter)
    for tables in each(parts):
        columns = tables.collect(_placed(tables, counted(tables), conditions, by, only))
        for row, place in enumerate(columns["band"]):
            found[tuple(columns[name][row] for name in by)][int(place)] += int(columns["found"][row])
    rows = [
        (*group, name, first, last, people[place], sum(people.values()))
        for group, people in found.items()
        for place, (name, first, last) in enumerate(zip(*bands, strict=True))
    ]
    names = (*by, *COLUMNS[:5])
    return with_rate({name: [row[place] for row in rows] for place, name in enumerate(names)}, "pupils_in_band", "pupils")


def _placed(tables: Tables, counted: Table, conditions: Sequence[nw.Expr], by: Sequence[str], only: Only) -> Table:
    """The *by* columns, ``band`` (its number) and ``found`` (pupils)."""
    # Each condition includes the next, so how many hold is the number of the band.
    placed = counted.with_columns(*(one.cast(nw.Int64).alias(f"over_{place}") for place, one in enumerate(conditions)))
    band = nw.sum_horizontal(*(f"over_{place}" for place in range(len(conditions)))) if conditions else nw.lit(0)
    placed = placed.with_columns(band.cast(nw.Int64).alias("band"))
    groups = [name for name in (*by, *only) if name not in tables.keys]
    if groups:
        placed = placed.join(last_groups(tables, list(dict.fromkeys(groups))), on=pupil_key(tables), how="inner")
    placed = placed.filter(*(nw.col(name).is_in(list(values)) for name, values in only.items())) if only else placed
    return placed.group_by(*by, "band").agg(nw.len().alias("found"))
