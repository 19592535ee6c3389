"""Who carries how much: half days over pupils, always as shares of many pupils together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.per_pupil import per_pupil
from stslib.errors import UnknownDimensionError

if TYPE_CHECKING:
    from stslib.absences.indicators.parts import Parts

HEAVIEST = 0.10
"""The heaviest cases: this share of the pupils, those with the most half days."""

MIDDLE = 0.50
"""The middle: the pupils after the heaviest, up to this share of all. Both are this program's own, and no norm."""

_STEPS = (20, 10, 5, 4, 2, 1)
_STEP_PUPILS = 5
"""A step of the curve covers at least so many pupils, so that no step is one pupil."""

Histogram = Mapping[int, int]
"""Half days -> pupils with so many."""


class Share(NamedTuple):
    """The heaviest *pupils* (0–1 of all pupils) together carry *half_days* (0–1 of all half days)."""

    pupils: float
    half_days: float


class Distribution(NamedTuple):
    """How the half days of one group lie over its pupils, the most absent first."""

    pupils: int
    """In the group, those without absence included; a pupil counts once in each school year."""
    missing_pupils: int
    """With at least one half day."""
    half_days: int
    points: tuple[Share, ...]
    """From (0, 0) to (1, 1), at most 21 at equal distances of at least five pupils; empty without any half day."""
    pupils_for_half: int | None
    """The least number of pupils that together carry at least half of all half days; None without any."""
    share_heaviest: float | None
    """Of the half days: on the ``HEAVIEST`` share of the pupils."""
    share_middle: float | None
    """Of the half days: on the pupils after those, up to ``MIDDLE`` of all; what a school can still do something about."""

    @property
    def share_for_half(self) -> float | None:
        """``pupils_for_half`` out of ``pupils``."""
        return None if self.pupils_for_half is None else self.pupils_for_half / self.pupils

    @property
    def tenths(self) -> tuple[float, ...]:
        """The share of the half days on each tenth of the pupils, heaviest first; empty with fewer than 50 pupils."""
        if len(self.points) not in (11, 21):
            return ()
        step = (len(self.points) - 1) // 10
        edges = [point.half_days for point in self.points[::step]]
        return tuple(later - earlier for earlier, later in pairwise(edges))


def histograms(parts: Parts, keep: nw.Expr, by: Sequence[str] = ()) -> dict[tuple[Any, ...], dict[int, int]]:
    """Half days -> pupils with so many (also 0), for each group of *by*.

    Args:
        parts: open tables.
        keep: which half days count, an expression over ``code``.
        by: any of ``GROUP_COLUMNS`` and ``school_year``. A pupil that changes class is in both with what belongs to each,
            and with several school years counts once in each.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.
    """
    by = list(dict.fromkeys(by))
    known = (*GROUP_COLUMNS, "school_year")
    if unknown := [name for name in by if name not in known]:
        raise UnknownDimensionError(unknown, known)
    result: dict[tuple[Any, ...], Counter[int]] = defaultdict(Counter)
    for tables in each(parts):
        counted = per_pupil(tables, keep, by).group_by(*by, "half_days").agg(nw.len().alias("pupils"))
        columns = tables.collect(counted)
        for row, half_days in enumerate(columns["half_days"]):
            result[tuple(columns[name][row] for name in by)][int(half_days)] += int(columns["pupils"][row])
    return {group: dict(counts) for group, counts in result.items()}


def distributions(parts: Parts, keep: nw.Expr, by: Sequence[str] = ()) -> dict[tuple[Any, ...], Distribution]:
    """``distribution_of`` each group of ``histograms``; same arguments and errors."""
    return {group: distribution_of(counts) for group, counts in histograms(parts, keep, by).items()}


def count_distribution(parts: Parts, keep: nw.Expr, by: Sequence[str] = ()) -> dict[str, list[Any]]:
    """The curve of who carries how much, for each group.

    Args:
        parts: open tables.
        keep: which half days count, an expression over ``code``.
        by: any of ``GROUP_COLUMNS`` and ``school_year``.

    Returns:
        For each group at most 21 rows, heaviest pupils first: the *by* columns, ``share_of_pupils`` and
        ``share_of_half_days`` (0–1, cumulative), ``half_days_missed`` and ``pupils`` (of the group), ``missing_pupils``,
        ``pupils_for_half``, ``share_heaviest``, ``share_middle``. A group without any half day has one row, with
        None for all shares.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.
    """
    by = list(dict.fromkeys(by))
    names = (
        *by, "share_of_pupils", "share_of_half_days", "half_days_missed", "pupils", "missing_pupils", "pupils_for_half",
        "share_heaviest", "share_middle",
    )  # fmt: skip
    result: dict[str, list[Any]] = {name: [] for name in names}
    for group, found in distributions(parts, keep, by).items():
        for point in found.points or (None,):
            cells = (
                *group, point and point.pupils, point and point.half_days, found.half_days, found.pupils,
                found.missing_pupils, found.pupils_for_half, found.share_heaviest, found.share_middle,
            )  # fmt: skip
            for name, cell in zip(names, cells, strict=True):
                result[name].append(cell)
    return result


def distribution_of(counts: Histogram) -> Distribution:
    """The distribution that *counts* (half days -> pupils) tells."""
    heaviest_first = sorted(counts.items(), reverse=True)
    pupils, half_days = sum(counts.values()), sum(n * people for n, people in counts.items())
    missing = pupils - counts.get(0, 0)
    if half_days == 0:
        return Distribution(pupils, 0, 0, (), None, None, None)
    steps = next(steps for steps in _STEPS if steps == 1 or pupils >= steps * _STEP_PUPILS)
    points = tuple(
        Share(step / steps, _carried(heaviest_first, pupils * step / steps) / half_days) for step in range(steps + 1)
    )
    heaviest = _carried(heaviest_first, HEAVIEST * pupils) / half_days
    return Distribution(
        pupils,
        missing,
        half_days,
        points,
        _fewest_for_half(heaviest_first, half_days),
        heaviest,
        _carried(heaviest_first, MIDDLE * pupils) / half_days - heaviest,
    )


def _carried(heaviest_first: Sequence[tuple[int, int]], pupils: float) -> float:
    """Half days of the *pupils* with the most; of a part of a pupil that part."""
    total = 0.0
    for half_days, people in heaviest_first:
        taken = min(people, pupils)
        total += half_days * taken
        pupils -= taken
        if pupils <= 0:
            break
    return total


def _fewest_for_half(heaviest_first: Sequence[tuple[int, int]], half_days: int) -> int:
    found, left = 0, half_days
    for one, people in heaviest_first:
        # Doubled, for half of an odd number is no whole number of half days.
        needed = -(-(2 * left - half_days) // (2 * one))
        if needed <= people:
            return found + needed
        found, left = found + people, left - one * people
    return found
