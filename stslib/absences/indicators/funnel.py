"""Classes or years beside the whole school, with limits that are wide for the small ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, pi, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.per_pupil import per_pupil
from stslib.absences.indicators.rate import Z_95, with_rate
from stslib.errors import UnknownDimensionError

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts

Z_998 = 3.090232306167813

COLUMNS = (
    "half_days_missed", "half_days_possible", "rate", "rate_low", "rate_high", "pupils", "all_rate", "low_95", "high_95",
    "low_998", "high_998", "overdispersion", "outside", "side", "why_not",
)  # fmt: skip

NO_ABSENCE = "Er is geen enkele halve dag gemist; er valt niets te vergelijken."
ALL_ABSENT = "Elke halve dag is gemist; er valt niets te vergelijken."
ONE_GROUP = "Er is maar één groep; er valt niets te vergelijken."
ONE_PUPIL_EACH = "Er is geen groep met twee of meer leerlingen; hoe sterk leerlingen verschillen, is niet te bepalen."


class GroupSums(NamedTuple):
    """Of the pupils of one group: how many, and sums of missed and possible half days, their squares and product."""

    pupils: int
    missed: int
    possible: int
    missed_squared: int
    missed_times_possible: int
    possible_squared: int


def funnel(parts: Parts, keep: nw.Expr, by: Sequence[str]) -> dict[str, list[Any]]:
    """Each group's rate beside that of all groups together, with the limits that chance stays within for its size.

    The limits are those of a share of ``half_days_possible / overdispersion`` independent half days, on the arcsine scale,
    where they stay within 0 and 1 and are lopsided as they should be for a small share. Half days of one pupil hang
    together: a class with one pupil that is ill for months is not a class with a problem. ``overdispersion`` says how much:
    the variance of rates between pupils of the same group, over what it would be with independent half days (the design
    effect of a sample of pupils). It is estimated within groups, so real differences between groups do not hide
    themselves, and is at least 1.

    Args:
        parts: open tables.
        keep: which half days count, an expression over ``code``.
        by: one or more of ``GROUP_COLUMNS`` and ``school_year``. A pupil that changed class is in both, with what belongs
            to each; with several school years a pupil counts once in each.

    Returns:
        A row per group: the *by* columns, ``half_days_missed``, ``half_days_possible``, ``rate``, ``rate_low``,
        ``rate_high`` (95 % Wilson), ``pupils``, ``all_rate`` (over all rows), ``low_95``, ``high_95``, ``low_998``,
        ``high_998`` (0–1), ``overdispersion``, ``outside`` (``95``, ``99.8`` or empty: the widest limits that it lies
        outside of), ``side`` (``above``, ``below`` or empty), ``why_not``. Where no limits can be given the last says why
        (Dutch), and limits and ``overdispersion`` are None. Out of twenty groups one lies outside the 95 % limits by
        chance alone.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones; also when *by* is empty.
    """
    by = list(dict.fromkeys(by))
    known = (*GROUP_COLUMNS, "school_year")
    unknown = [name for name in by if name not in known]
    if unknown or not by:
        raise UnknownDimensionError(unknown or ["(geen)"], known)
    sums = _sums(parts, keep, by)
    groups = list(sums)
    names = (*by, *COLUMNS)
    if not groups:
        return {name: [] for name in names}
    n, of = sum(one.missed for one in sums.values()), sum(one.possible for one in sums.values())
    factor = overdispersion(list(sums.values()))
    why = (
        NO_ABSENCE if n == 0
        else ALL_ABSENT if n == of
        else ONE_GROUP if len(groups) == 1
        else ONE_PUPIL_EACH if factor is None
        else ""
    )  # fmt: skip
    rows = []
    for group, one in sums.items():
        row = {
            **dict(zip(by, group, strict=True)), "half_days_missed": one.missed, "half_days_possible": one.possible,
            "pupils": one.pupils, "all_rate": n / of, "why_not": why, "outside": "", "side": "",
            **dict.fromkeys(("low_95", "high_95", "low_998", "high_998", "overdispersion")),
        }  # fmt: skip
        if not why and factor is not None:
            row |= _judge(one, n / of, factor)
        rows.append(row)
    columns = {name: [row.get(name) for row in rows] for name in names}
    return {**columns, **with_rate(columns, "half_days_missed", "half_days_possible")}


def limits(all_rate: float, possible: float, factor: float, z: float = Z_95) -> tuple[float, float]:
    """Between which rates (0–1) a group of *possible* half days (above 0) stays by chance.

    Args:
        all_rate: of all groups together.
        possible: half days.
        factor: ``overdispersion``.
        z: ``Z_95`` or ``Z_998``.
    """
    angle = asin(all_rate**0.5)
    spread = z / 2 * (factor / possible) ** 0.5
    return sin(max(0.0, angle - spread)) ** 2, sin(min(pi / 2, angle + spread)) ** 2


def curve(all_rate: float, factor: float, smallest: int, largest: int, points: int = 41) -> dict[str, list[float]]:
    """The limits as lines, for groups of *smallest* (above 0) to *largest* half days.

    Returns:
        ``half_days_possible`` at equal distances, ``low_95``, ``high_95``, ``low_998``, ``high_998`` (0–1).
    """
    steps = [smallest + (largest - smallest) * place / (points - 1) for place in range(points)]
    lines: dict[str, list[float]] = {"half_days_possible": steps}
    for name, z in (("95", Z_95), ("998", Z_998)):
        pairs = [limits(all_rate, at, factor, z) for at in steps]
        lines |= {f"low_{name}": [low for low, _ in pairs], f"high_{name}": [high for _, high in pairs]}
    return lines


def overdispersion(groups: Sequence[GroupSums]) -> float | None:
    """How much more rates of groups scatter than with independent half days, because half days belong to pupils.

    Per group with rate p, the sum over pupils of (missed − p × possible)², corrected for the estimated p, beside the
    binomial variance p (1 − p) × possible; summed over the groups. At least 1. None when no group has two pupils of
    whom one but not all half days were missed.
    """
    found = expected = 0.0
    for one in groups:
        if one.pupils < 2:
            continue
        p = one.missed / one.possible
        squares = one.missed_squared - 2 * p * one.missed_times_possible + p * p * one.possible_squared
        found += squares * one.pupils / (one.pupils - 1)
        expected += p * (1 - p) * one.possible
    return max(1.0, found / expected) if expected > 0 else None


def _judge(one: GroupSums, all_rate: float, factor: float) -> dict[str, Any]:
    share = one.missed / one.possible
    low, high = limits(all_rate, one.possible, factor)
    lower, higher = limits(all_rate, one.possible, factor, Z_998)
    outside = "99.8" if not lower <= share <= higher else "95" if not low <= share <= high else ""
    side = "" if not outside else "above" if share > all_rate else "below"
    return {
        "low_95": low, "high_95": high, "low_998": lower, "high_998": higher, "overdispersion": factor,
        "outside": outside, "side": side,
    }  # fmt: skip


def _sums(parts: Parts, keep: nw.Expr, by: Sequence[str]) -> dict[tuple[Any, ...], GroupSums]:
    n, of = nw.col("half_days"), nw.col("half_days_possible")
    products = {
        "missed": n,
        "possible": of,
        "missed_squared": n * n,
        "missed_times_possible": n * of,
        "possible_squared": of * of,
    }
    result: dict[tuple[Any, ...], GroupSums] = {}
    for tables in each(parts):
        wide = per_pupil(tables, keep, by).with_columns(*(one.alias(name) for name, one in products.items()))
        columns = tables.collect(wide.group_by(*by).agg(nw.len().alias("pupils"), *(nw.col(name).sum() for name in products)))
        for row in range(len(columns["pupils"])):
            group = tuple(columns[name][row] for name in by)
            found = (int(columns[name][row]) for name in GroupSums._fields)
            known = result.get(group, (0,) * len(GroupSums._fields))
            result[group] = GroupSums(*(one + other for one, other in zip(found, known, strict=True)))
    return result
