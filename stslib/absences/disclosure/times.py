"""The times and kinds that a table goes by, and which of them stand in for one another where a number is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

Cell = tuple[Any, Any, Any, Any]
"""Month or (month, week), weekday, half, status or (status, code); None on an axis that the table does not go by. Where the
year is cut, the first is segment, (segment, month) or ((segment, month), week)."""

AXES = 4
PLACE, WEEKDAY, HALF, KIND = range(AXES)
SEGMENT = "segment"
"""Which piece of a school year, where that is cut by the periods that are asked for."""

DAY = "day"
"""Week and weekday, as one column."""


class Level(NamedTuple):
    """How fine a table is on each axis.

    Segments, months and weeks are one axis, status and code another. A week over the end of a month is two cells, one in each:
    the table by week adds them up; and a month that a segment ends in is two cells too.
    """

    place: int = 0
    """1: by month; 2: by week within the month."""
    weekday: int = 0
    half: int = 0
    kind: int = 0
    """1: by status; 2: by code."""
    cut: int = 0
    """1: the place is within a segment of the year, or (place 0) the segment itself."""

    @classmethod
    def of(cls, columns: Sequence[str], *, cut: bool = False) -> Level:
        """The level of a table by *columns*; *cut*: in a school year of several segments."""
        place = 2 if "week" in columns else int("month" in columns)
        return cls(
            place,
            int("weekday" in columns),
            int("half" in columns),
            2 if "code" in columns else int("status" in columns),
            int(SEGMENT in columns or (cut and place > 0)),
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """What to ask for: the columns that set the cells of this level apart."""
        place = ((), ("month",), ("month", "week"))[self.place]
        kind = ((), ("status",), ("status", "code"))[self.kind]
        times = (*((SEGMENT,) if self.cut else ()), *place, *(("weekday",) if self.weekday else ()))
        return (*times, *(("half",) if self.half else ()), *kind)

    def fineness(self, axis: int) -> int:
        """How fine it is on *axis*; 0: it does not go by it."""
        return self[axis] + self.cut if axis == PLACE else self[axis]

    @property
    def axes(self) -> tuple[int, ...]:
        """The axes that it goes by."""
        return tuple(axis for axis in range(AXES) if self.fineness(axis))

    def only(self, axes: Sequence[int]) -> Level:
        """As fine on *axes*, and not by anything else."""
        place, weekday, half, kind = (self[axis] if axis in axes else 0 for axis in range(AXES))
        return Level(place, weekday, half, kind, self.cut if PLACE in axes else 0)

    def coarser(self) -> Iterator[Level]:
        """The levels one step coarser on one axis."""
        for axis in self.axes:
            if axis == PLACE and not self.place:
                yield self._replace(cut=0)
            else:
                yield self._replace(**{self._fields[axis]: self[axis] - 1})

    def finer_place(self) -> Level | None:
        """A step finer on the axis of months and weeks, where this goes by it; None where nothing is finer."""
        return self._replace(place=self.place + 1) if self.fineness(PLACE) and self.place < 2 else None

    def and_coarser(self) -> Iterator[Level]:
        """All levels that are nowhere finer, this one among them."""
        places = [(0, 0), *((place, self.cut) for place in range(0 if self.cut else 1, self.place + 1))]
        others = product(range(self.weekday + 1), range(self.half + 1), range(self.kind + 1))
        for (place, cut), (weekday, half, kind) in product(places, others):
            yield Level(place, weekday, half, kind, cut)

    def name_place(self, place: Any) -> dict[str, Any]:
        """The columns of a cell's place."""
        week = month = segment = None
        if self.place == 2:
            place, week = place
        if self.place:
            segment, month = place if self.cut else (None, place)
        elif self.cut:
            segment = place
        return {SEGMENT: segment, "month": month, "week": week}


Twins = Mapping[tuple[int, Any], Sequence[Any]]
"""Axis and value -> the values that can stand in for it, the best one first."""


def cell_of(level: Level, row: Mapping[str, Any]) -> Cell:
    """The cell that a row of a table is in."""
    names = (*((SEGMENT,) if level.cut else ()), *("month", "week")[: level.place])
    place = row[names[0]] if names else None
    for name in names[1:]:
        place = (place, row[name])
    kind = (None, row.get("status"), (row.get("status"), row.get("code")))[level.kind]
    return (place, row["weekday"] if level.weekday else None, row["half"] if level.half else None, kind)


def coarsen(cell: Cell, fine: Level, level: Level) -> Cell:
    """The cell of *level* that *cell* of the *fine* level lies in."""
    place, weekday, half, kind = cell
    for _ in range(fine.fineness(PLACE) - level.fineness(PLACE) if level.fineness(PLACE) else 0):
        place = place[0]
    if fine.kind > level.kind == 1:
        kind = kind[0]
    return (
        place if level.fineness(PLACE) else None,
        weekday if level.weekday else None,
        half if level.half else None,
        kind if level.kind else None,
    )


def rank_twins(
    values: Sequence[Any], counts: Mapping[Any, float], possible: Mapping[Any, float], *, least: float = 0.0
) -> dict[Any, tuple[Any, ...]]:
    """For each of *values* those that can stand in for it: first the ones with least to lose among those that are whole.

    A short week or day is no stand-in where there is another, for it lacks the half days to trade with; nor is one that counts
    no more than *least*.
    """
    longest = max((possible[value] for value in values), default=0.0)
    ranked = sorted(
        values, key=lambda value: (counts[value] <= least, possible[value] < _WHOLE * longest, counts[value], repr(value))
    )
    return {value: tuple(one for one in ranked if one != value) for value in values}


_WHOLE = 0.75
"""A time is whole from this share of the possible half days of the longest one on."""


def choices(axes: int, *, more: bool = False) -> list[tuple[int, ...]]:
    """Which stand-in to try on each axis, the best ones first; *more*: for few numbers that are hard to hide otherwise."""
    found = sorted(product(range(6), repeat=axes), key=lambda places: (sum(places), places))
    return found[: (1, 6, 36, 100, 100)[axes] if more else (1, 6, 9, 4, 2)[axes]]


def trades(
    cells: Sequence[Cell], axes: Sequence[int], twins: Twins, choice: Sequence[int], index: Mapping[Cell, int], *, alone: bool
) -> Any:
    """Cell × number: each cell and those that it trades with, turned over on every subset of *axes*; -1 where one is missing.

    Every second one loses what the others gain: see ``gains``.

    Args:
        cells: the cells of a table.
        axes: over which is traded.
        twins: what stands in for each value.
        choice: per axis which of those is taken.
        index: cell -> its number, in the same table, or (*alone*) in the table that goes by *axes* only.
        alone: which of the two.
    """
    rows = np.full((len(cells), 1 << len(axes)), -1)
    for number, cell in enumerate(cells):
        turned_to = []
        for axis, place in zip(axes, choice, strict=True):
            near = twins[axis, cell[axis]]
            turned_to.append(near[place] if place < len(near) else _NOBODY)
        if _NOBODY in turned_to:
            continue
        found = []
        for turned in product((False, True), repeat=len(axes)):
            parts: list[Any] = [None] * AXES if alone else list(cell)
            for axis, other, twin in zip(axes, turned, turned_to, strict=True):
                parts[axis] = twin if other else cell[axis]
            found.append(index.get((parts[0], parts[1], parts[2], parts[3]), -1))
        if -1 not in found:
            rows[number] = found
    return rows


_NOBODY = object()


def gains(axes: int) -> Any:
    """Which of the cells in a row of ``trades`` gain what the others lose."""
    return np.array([sum(turned) % 2 == 0 for turned in product((False, True), repeat=axes)])
