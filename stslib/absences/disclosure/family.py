"""All tables of one school year and one measure, decided together: what each shows, whichever of them is asked first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from stslib.absences.disclosure.groups import Groups
from stslib.absences.disclosure.moves import settle
from stslib.absences.disclosure.policies import RECORD_COUNT, RECORD_RATE_MINIMUM, ROOM_MINIMUM
from stslib.absences.disclosure.times import (
    KIND,
    PLACE,
    WEEKDAY,
    Cell,
    Level,
    Twins,
    cell_of,
    choices,
    coarsen,
    gains,
    rank_twins,
    trades,
)

Counts = Mapping[str, Sequence[Any]]
"""Columns of a table: those it was asked by, half_days_missed, half_days_possible, pupils, missing_pupils."""

AskYear = Callable[[tuple[str, ...]], Counts]


@dataclass
class _Counted:
    """One level, counted: the numbers of all groups in all cells."""

    cells: list[Cell]
    index: dict[Cell, int]
    missed: Any
    """Atom × cell."""
    possible: Any
    """Atom × cell."""
    pupils: Any
    """Cell × group (and rest)."""
    missing_pupils: Any
    """Cell × group (and rest)."""


@dataclass
class _Decided:
    cells: list[Cell]
    index: dict[Cell, int]
    exists: Any
    """Cell × group."""
    shown: Any
    """Cell × group."""
    alive: Any
    """Cell × move: what no number of this table tells of."""


@dataclass
class _Span:
    """Several segments together, at one of the other times and kinds."""

    inside: list[int]
    """Cells."""
    outside: list[int]
    """The cells of the rest of the year."""
    need: Any
    """Per group (and rest): whether its number over the span must stay unknown."""


@dataclass
class _Trading:
    """Trades, as ``settle`` takes them."""

    possible: Any
    together: Any
    need: Any
    left: Any
    """Cell × group: the numbers that have no trade."""
    lost: Any
    """Cells of the spans with a number that has none."""


class Family:
    """The tables of one school year that count the same half days.

    Args:
        ask: the counts by some columns, unprotected.
        columns: the pupil columns, from coarse to fine.
        late: whether late arrivals are counted; else absences, of which late arrivals are no part.
        whole: the same of all pupils together, decided by itself: what it shows is shown, and groups hide beside it.
        cut: whether periods that are asked for cut the year into segments: then months and weeks are within those.
        spans: those periods, and what each leaves of the year, as the numbers of their segments: what is few over one of them
            must not follow either.
    """

    def __init__(
        self,
        ask: AskYear,
        columns: Sequence[str],
        *,
        late: bool,
        whole: Family | None = None,
        cut: bool = False,
        spans: Sequence[frozenset[int]] = (),
    ) -> None:
        self.cut = cut
        self._spans = tuple(spans)
        self._ask = ask
        self._columns = tuple(columns)
        self._late = late
        self._whole = whole
        table = ask(self._columns)
        labels = list(zip(*(table[name] for name in self._columns), strict=True))
        self.groups = Groups(self._columns, labels, table["pupils"])
        self._counted: dict[Level, _Counted] = {}
        self._decided: dict[tuple[Level, bool], _Decided] = {}
        self._ends_at: dict[Level, Any] = {}
        self._twins_at: dict[tuple[int, int], dict[Any, tuple[Any, ...]]] = {}

    def counts(self, level: Level) -> _Decided:
        """What the table at *level* shows of counts and rates."""
        return self._decide(level, sizes=False)

    def sizes(self, level: Level) -> _Decided:
        """What the table at *level* shows of pupils and possible half days; kinds of absence do not matter."""
        return self._decide(level._replace(kind=0), sizes=True)

    # -- counting --------------------------------------------------------------------------------------------------

    def count(self, level: Level) -> _Counted:
        """The numbers of *level*, counted once."""
        if level not in self._counted:
            self._counted[level] = self._count(level)
        return self._counted[level]

    def _rows(self, level: Level, columns: Sequence[str], times: Sequence[str]) -> tuple[Counts, list[Cell], list[int]]:
        """The table by *columns* and *times*, with the cell of each row; late arrivals are no kind of absence."""
        table = self._ask((*columns, *times))
        number = len(table["pupils"])
        kept = [row for row in range(number) if self._late or "status" not in table or table["status"][row] != "late"]
        cells = [cell_of(level, {name: table[name][row] for name in times}) for row in kept]
        return table, cells, kept

    def _count(self, level: Level) -> _Counted:
        table, cells_of_rows, kept = self._rows(level, self._columns, level.columns)
        cells = list(dict.fromkeys(cells_of_rows))
        index = {cell: number for number, cell in enumerate(cells)}
        shape = (len(self.groups.atom), len(cells))
        numbers = {name: np.zeros(shape) for name in ("half_days_missed", "half_days_possible", "pupils", "missing_pupils")}
        labels = list(zip(*(table[name] for name in self._columns), strict=True))
        atoms = [self.groups.atom[labels[row]] for row in kept]
        places = [index[cell] for cell in cells_of_rows]
        for name, found in numbers.items():
            np.add.at(found, (atoms, places), [float(table[name][row]) for row in kept])
        pupils = self._people(level, cells, index, numbers["pupils"], "pupils")
        missing = self._people(level, cells, index, numbers["missing_pupils"], "missing_pupils")
        return _Counted(cells, index, numbers["half_days_missed"], numbers["half_days_possible"], pupils, missing)

    def _people(self, level: Level, cells: list[Cell], index: Mapping[Cell, int], of_atoms: Any, name: str) -> Any:
        """Pupils per cell and group: a sum is right unless somebody changed groups, and then asked where it matters."""
        if name == "missing_pupils" and not self._late:
            return None
        groups = self.groups
        limit = RECORD_RATE_MINIMUM if name == "pupils" else RECORD_COUNT
        summed = of_atoms.T @ groups.members
        most = np.zeros_like(summed)
        for group in range(groups.number):
            most[:, group] = of_atoms[groups.members[:, group]].max(axis=0, initial=0.0)
        unsure = (most < limit) & (summed >= min(limit, ROOM_MINIMUM)) & groups.several[None, :]
        for subset in dict.fromkeys(groups.subset[group] for group in np.flatnonzero(unsure.any(axis=0)).tolist()):
            table, cells_of_rows, kept = self._rows(level, subset, level.columns)
            for cell, row in zip(cells_of_rows, kept, strict=True):
                group = groups.names[subset, tuple(table[column][row] for column in subset)]
                summed[index[cell], group] = table[name][row]
        rests = [summed[:, larger] - summed[:, smaller] for larger, smaller in groups.rests]
        return np.column_stack([summed, *rests]) if rests else summed

    # -- what is small ---------------------------------------------------------------------------------------------

    def _few(self, counted: _Counted) -> Any:
        """Groups of fewer than ten pupils, and counts of one to four half days or of one to four late pupils."""
        totals = counted.missed.T @ self.groups.all_members
        found = counted.pupils < RECORD_RATE_MINIMUM
        found |= (totals > 0) & (totals < RECORD_COUNT)
        if counted.missing_pupils is not None:
            found |= (counted.missing_pupils > 0) & (counted.missing_pupils < RECORD_COUNT)
        return found

    # -- what stands in for what -----------------------------------------------------------------------------------

    def _twins(self, level: Level) -> dict[tuple[int, Any], tuple[Any, ...]]:
        """Axis and value -> the values that can stand in for it, from the numbers of the whole school along that axis alone."""
        twins: dict[tuple[int, Any], tuple[Any, ...]] = {}
        for axis in level.axes:
            key = (axis, level.fineness(axis))
            if key not in self._twins_at:
                self._twins_at[key] = self._twins_along(axis, level.only((axis,)))
            twins.update({(axis, value): twin for value, twin in self._twins_at[key].items()})
        return twins

    def _twins_along(self, axis: int, level: Level) -> dict[Any, tuple[Any, ...]]:
        table, cells, kept = self._rows(level, (), level.columns)
        counts: dict[Any, float] = defaultdict(float)
        possible: dict[Any, float] = defaultdict(float)
        for cell, row in zip(cells, kept, strict=True):
            counts[cell[axis]] += table["half_days_missed"][row]
            possible[cell[axis]] += table["half_days_possible"][row]
        if axis == KIND and level.kind == 1:
            # Lawful absence is nearly always most of it, and what is unlawful is asked for most: so lawful hides beside few.
            return rank_twins(list(counts), {kind: -count or 1.0 for kind, count in counts.items()}, possible, least=-np.inf)
        if level.fineness(axis) < _INNER:
            return rank_twins(list(counts), counts, possible)
        # A week stands in for one of its month, a month for one of its segment, and a code for one of its status, so that those
        # stay as they are.
        found: dict[Any, tuple[Any, ...]] = {}
        for outer in dict.fromkeys(value[0] for value in counts):
            found |= rank_twins([value for value in counts if value[0] == outer], counts, possible)
        return found

    # -- deciding --------------------------------------------------------------------------------------------------

    def _decide(self, level: Level, *, sizes: bool) -> _Decided:
        if (level, sizes) not in self._decided:
            self._decided[level, sizes] = self._settle(level, sizes)
        return self._decided[level, sizes]

    def _settle(self, level: Level, sizes: bool) -> _Decided:
        groups, moves = self.groups, self.groups.moves
        counted = self.count(level)
        cells = counted.cells
        exists = counted.possible.T @ groups.all_members > 0
        if sizes:
            values, limits = counted.possible, np.full_like(counted.possible, np.inf)
            sensitive = exists & (counted.pupils < ROOM_MINIMUM)
            sensitive |= exists & self._few_ends(level, counted, lambda one: one.pupils < ROOM_MINIMUM)
        else:
            values, limits = counted.missed, counted.possible
            sensitive = exists & (self._few(counted) | self._few_ends(level, counted, self._few))
            sensitive[:, : groups.number] |= self._without_size(level, counted) & exists[:, : groups.number]
        room, present = values < limits - 0.5, values > 0.5
        hidden = sensitive.copy()
        known = np.zeros((len(cells), groups.number), dtype=bool)
        as_before = known.copy()
        for coarser in level.coarser():
            before = self._decide(coarser, sizes=sizes)
            of_before = self.count(coarser)
            for number, cell in enumerate(cells):
                outer = before.index[coarsen(cell, level, coarser)]
                hidden[number, : groups.number] |= ~before.shown[outer]
                alike = self._alike(counted, number, of_before, outer, level, coarser)
                follows = before.shown[outer] & self._nothing_or_all(of_before, outer, sizes)
                known[number] |= alike | follows
                as_before[number] |= alike & before.shown[outer] | follows
        hidden &= exists
        self._join_same(hidden, counted)
        given = self._given(level, counted, sizes)
        if given is not None:
            same = self._same_as_whole(counted)
            hidden[same] = np.broadcast_to(~given[:, None], same.shape)[same]
            follows = self._nothing_or_all_of(counted, sizes) & given[:, None] & exists[:, : groups.number]
            as_before |= follows | (same[:, : groups.number] & given[:, None])
            known |= follows | same[:, : groups.number]
        told = np.zeros(len(cells), dtype=bool) if given is None else given
        covered = self._inherited(level, counted, room, present, sizes, np.arange(len(cells)), more=False)
        need = hidden & ~covered
        allowed = exists[:, : groups.number] & ~hidden[:, : groups.number]
        need[:, : groups.number] &= ~known
        need[self._ends(level)] = False
        hard = np.flatnonzero((need & sensitive).any(axis=1))
        need[hard] &= ~self._inherited(level, counted, room, present, sizes, hard, more=True)
        allowed &= ~known
        spans = self._few_spans(level, counted, room, present, sizes, known)
        trading = self._trades(level, counted, room, present, sizes, need, told, spans, stuck=None)
        shown = settle(moves, trading.possible, trading.together, trading.need, allowed, groups.order)
        shown |= as_before & exists[:, : groups.number]
        stuck = self._follows(level, counted, values, limits, shown, trading.left & sensitive, sizes).any(axis=1)
        stuck[trading.lost] = True
        if stuck.any():
            allowed &= ~stuck[:, None]
            trading = self._trades(level, counted, room, present, sizes, need, told, spans, stuck)
            shown = settle(moves, trading.possible, trading.together, trading.need, allowed, groups.order)
            shown |= as_before & exists[:, : groups.number]
        complete = np.column_stack([shown, np.zeros((len(cells), len(groups.rests)), dtype=bool)])
        return _Decided(cells, counted.index, exists[:, : groups.number], shown, moves.alive(complete))

    def _given(self, level: Level, counted: _Counted, sizes: bool) -> Any:
        """Per cell whether the number of all pupils together is shown; None where that is decided here."""
        if self._whole is None:
            return None
        decided = self._whole.sizes(level) if sizes else self._whole.counts(level)
        return decided.shown[[decided.index[cell] for cell in counted.cells], 0]

    def _same_as_whole(self, counted: _Counted) -> Any:
        """Cell × group: everybody who was there then is in it."""
        outside = (counted.possible > 0).T.astype(np.float32) @ (~self.groups.all_members).astype(np.float32)
        return outside < 0.5

    def _nothing_or_all_of(self, counted: _Counted, sizes: bool) -> Any:
        """Per cell, as a column, whether nobody was absent then, or everybody."""
        if sizes:
            return np.zeros((len(counted.cells), 1), dtype=bool)
        missed, possible = counted.missed.sum(axis=0), counted.possible.sum(axis=0)
        return ((missed < 0.5) | (missed > possible - 0.5))[:, None]

    def _without_size(self, level: Level, counted: _Counted) -> Any:
        """Cell × group: where pupils and possible half days are hidden, count and rate would tell them."""
        sizes = self.sizes(level)
        rows = [sizes.index[coarsen(cell, level, level._replace(kind=0))] for cell in counted.cells]
        return ~sizes.shown[rows]

    def _alike(self, fine: _Counted, number: int, coarse: _Counted, other: int, level: Level, coarser: Level) -> Any:
        """Groups of which a cell holds just what the coarser one holds: a Wednesday morning, a status of one code."""
        if level.kind != coarser.kind:
            status = coarse.cells[other][KIND]
            near = [cell for cell in fine.cells if cell[:KIND] == fine.cells[number][:KIND]]
            alone = sum(status is None or cell[KIND][0] == status for cell in near) == 1
            return np.full(self.groups.number, alone)
        sums = [one.possible[:, place] @ self.groups.members for one, place in ((fine, number), (coarse, other))]
        return sums[0] == sums[1]

    def _ends(self, level: Level) -> Any:
        """Cells that have nothing to trade with over all axes, for the days that they would need are not there.

        Around holidays and at the end of a month a weekday is there in one or two weeks only: then its half days follow from
        the coarser tables, and are shown just where those are.
        """
        if level not in self._ends_at:
            counted, twins = self.count(level), self._twins(level)
            lone = np.full(len(counted.cells), bool(level.axes))
            for choice in choices(len(level.axes)) if level.axes else ():
                found = trades(counted.cells, level.axes, twins, choice, counted.index, alone=False)
                lone &= ~(found >= 0).all(axis=1)
            self._ends_at[level] = lone
        return self._ends_at[level]

    def _few_ends(self, level: Level, counted: _Counted, few: Callable[[_Counted], Any]) -> Any:
        """Cell × group: where a week would follow that is too small, the months must not tell it."""
        found = np.zeros((len(counted.cells), self.groups.all_members.shape[1]), dtype=bool)
        if bool(level.weekday) != bool(level.half):
            self._few_halves(level, counted, few, found)
        finer = level.finer_place()
        if finer is None or not (level.weekday or level.half):
            return found
        weeks = self.count(finer)
        small = few(weeks) & (weeks.possible.T @ self.groups.all_members > 0)
        if finer.finer_place() is not None:
            small |= self._few_ends(finer, weeks, few)
        for cell in np.flatnonzero(self._ends(finer)).tolist():
            found[counted.index[coarsen(weeks.cells[cell], finer, level)]] |= small[cell]
        return found

    def _few_halves(self, level: Level, counted: _Counted, few: Callable[[_Counted], Any], found: Any) -> None:
        """The same, in place, of half days of weekdays: in a grid with gaps some follow from their weekday and their half."""
        finer = level._replace(weekday=1, half=1)
        halves = self.count(finer)
        possible = halves.possible.T @ self.groups.all_members
        small = few(halves) & (possible > 0)
        for cell in np.flatnonzero(self._ends(finer) & small.any(axis=1)).tolist():
            alone = np.zeros(small.shape[1], dtype=bool)
            for coarser in (finer._replace(weekday=0), finer._replace(half=0)):
                outer = self.count(coarser)
                at = outer.index[coarsen(halves.cells[cell], finer, coarser)]
                alone |= outer.possible[:, at] @ self.groups.all_members == possible[cell]
            found[counted.index[coarsen(halves.cells[cell], finer, level)]] |= small[cell] & ~alone

    def _few_spans(self, level: Level, counted: _Counted, room: Any, present: Any, sizes: bool, known: Any) -> list[_Span]:
        """Spans of several segments whose number of some group is few, though each segment may trade with another of the span.

        How many pupils a span has is at least what its fullest segment has; it is taken for no more.
        """
        found: list[_Span] = []
        if not level.cut or level.place:
            return found
        rest = np.zeros((len(counted.cells), self.groups.all_members.shape[1] - self.groups.number), dtype=bool)
        settled = np.column_stack([known, rest])
        of_time: dict[Any, list[int]] = defaultdict(list)
        for number, cell in enumerate(counted.cells):
            of_time[cell[WEEKDAY:]].append(number)
        for span, cells in product(self._spans, of_time.values()):
            inside = [number for number in cells if counted.cells[number][PLACE] in span]
            outside = [number for number in cells if counted.cells[number][PLACE] not in span]
            if len(inside) < 2 or not outside:
                continue
            exists = (counted.possible[:, inside].sum(axis=1) @ self.groups.all_members) > 0
            pupils = counted.pupils[inside].max(axis=0)
            if sizes:
                few = pupils < ROOM_MINIMUM
            else:
                total = counted.missed[:, inside].sum(axis=1) @ self.groups.all_members
                few = (pupils < RECORD_RATE_MINIMUM) | ((total > 0) & (total < RECORD_COUNT))
                if counted.missing_pupils is not None:
                    late = counted.missing_pupils[inside].max(axis=0)
                    few |= (late > 0) & (late < RECORD_COUNT)
            need = exists & few & ~settled[inside].all(axis=0)
            if need.any():
                twins = self._out_of(level, span)
                covered = self._inherited(level, counted, room, present, sizes, np.array(inside), more=False, twins=twins)
                found.append(_Span(inside, outside, need & ~covered.any(axis=0)))
        return [span for span in found if span.need.any()]

    def _out_of(self, level: Level, span: frozenset[int]) -> dict[tuple[int, Any], tuple[Any, ...]]:
        """What stands in for what, with only segments outside *span* for those inside."""
        twins = self._twins(level)
        return twins | {
            (axis, value): tuple(one for one in near if one not in span)
            for (axis, value), near in twins.items()
            if axis == PLACE and value in span
        }

    def _nothing_or_all(self, counted: _Counted, cell: int, sizes: bool) -> Any:
        """Groups whose number in a cell is zero, or all that is possible: then so is every part of it."""
        if sizes:
            return np.zeros(self.groups.number, dtype=bool)
        missed, possible = (one[:, cell] @ self.groups.members for one in (counted.missed, counted.possible))
        return (missed < 0.5) | (missed > possible - 0.5)

    def _join_same(self, hidden: Any, counted: _Counted) -> None:
        """Hide, in place, a group where one is hidden that holds the same: nobody else of it was there at that time."""
        there = counted.possible > 0
        for cell in np.flatnonzero(~there.all(axis=0)).tolist():
            inside = self.groups.all_members & there[:, cell][:, None]
            _, same = np.unique(inside, axis=1, return_inverse=True)
            same = same.ravel()
            gone = np.bincount(same, weights=hidden[cell]) > 0
            hidden[cell] = gone[same] & inside.any(axis=0)

    def _inherited(
        self,
        level: Level,
        counted: _Counted,
        room: Any,
        present: Any,
        sizes: bool,
        chosen: Any,
        *,
        more: bool,
        twins: Twins | None = None,
    ) -> Any:
        """Chosen cell × group: the numbers with a move that the coarser tables leave open, whatever this one shows.

        A trade over some axes of the level changes totals over the others. It tells nothing where the table over those axes
        alone does not tell of it, for what is hidden there stays hidden in finer ones.
        """
        hits = self.groups.moves.hits.astype(np.float32)
        twins = self._twins(level) if twins is None else twins
        usable = np.zeros((len(chosen), len(hits)), dtype=bool)
        of_chosen = [counted.cells[cell] for cell in chosen.tolist()]
        for size in range(len(level.axes)):
            for axes in combinations(level.axes, size):
                table = self._decide(level.only(axes), sizes=sizes)
                for choice in choices(size, more=more)[: None if more else _INHERITED]:
                    together = trades(of_chosen, axes, twins, choice, counted.index, alone=False)
                    within = trades(of_chosen, axes, twins, choice, table.index, alone=True)
                    cells = np.flatnonzero((together >= 0).all(axis=1) & (within >= 0).all(axis=1))
                    found = self._room(together[cells], room, present)
                    for place in range(within.shape[1]):
                        found &= table.alive[within[cells, place]]
                    usable[cells] |= found
        return usable.astype(np.float32) @ hits > 0.5

    def _trades(
        self,
        level: Level,
        counted: _Counted,
        room: Any,
        present: Any,
        sizes: bool,
        need: Any,
        told: Any,
        spans: Sequence[_Span],
        stuck: Any,
    ) -> _Trading:
        """Trades over all axes of the level, which leave every coarser total as it is.

        A number that must stay hidden is taken up by the first trade with a move for it. A cell that is *stuck* with one that
        follows all the same shows nothing, and all that it hides then must stay hidden too.
        """
        moves, axes, twins = self.groups.moves, level.axes, self._twins(level)
        hits = moves.hits.astype(np.float32)
        of_whole = moves.hits[:, self.groups.names[(), ()]][None, :]
        losing = present
        if axes:
            losing = present | moves.substitutes(self._decide(Level(), sizes=sizes).alive[0], present)
        exists = counted.possible.T @ self.groups.all_members > 0
        possible: list[Any] = []
        together: list[Any] = []
        needs: list[Any] = []
        waiting = need.copy()
        wide = [self.groups.wide, self.groups.wide[:2]]
        avoided = [moves.hits[:, [one for of in some for one in of]].any(axis=1)[None, :] for some in wide]
        nobody = np.zeros((1, len(hits)), dtype=bool)
        for last in (False, True):
            for avoid, choice in product([*avoided, nobody], choices(len(axes), more=not last)):
                cells = np.flatnonzero(waiting.any(axis=1))
                if not len(cells):
                    break
                found = trades(
                    [counted.cells[cell] for cell in cells.tolist()], axes, twins, choice, counted.index, alone=False
                )
                real = (found >= 0).all(axis=1)
                cells, found = cells[real], found[real]
                if not len(cells):
                    continue
                open_moves = self._room(found, room, losing) & ~(told[found].any(axis=1)[:, None] & of_whole) & ~avoid
                taken = waiting[cells] & (open_moves.astype(np.float32) @ hits > 0.5)
                useful = taken.any(axis=1)
                possible.append(open_moves[useful])
                together.append(found[useful])
                needs.append(taken[useful])
                waiting[cells] &= ~taken
            if not last:
                left = waiting.copy()
                waiting = np.zeros_like(need) if stuck is None else stuck[:, None] & exists & ~need
        lost: list[int] = []
        for span in spans:
            inside = [counted.cells[cell] for cell in span.inside]
            out_of = self._out_of(level, frozenset(cell[PLACE] for cell in inside))
            missing = span.need.copy()
            for avoid, choice in product([*avoided, nobody], choices(len(axes), more=True)):
                found = trades(inside, axes, out_of, choice, counted.index, alone=False)
                for row in found[(found >= 0).all(axis=1)]:
                    one = row[None, :]
                    open_moves = self._room(one, room, losing) & ~(told[row].any() & of_whole) & ~avoid
                    taken = missing[None, :] & (open_moves.astype(np.float32) @ hits > 0.5)
                    if taken.any():
                        possible.append(open_moves)
                        together.append(one)
                        needs.append(taken)
                        missing &= ~taken[0]
                if not missing.any():
                    break
            if missing.any():
                lost += [*span.inside, *span.outside]
        width = 1 << len(axes)
        return _Trading(
            np.vstack([np.zeros((0, len(hits)), dtype=bool), *possible]),
            np.vstack([np.zeros((0, width), dtype=int), *together]),
            np.vstack([np.zeros((0, need.shape[1]), dtype=bool), *needs]),
            left,
            np.array(lost, dtype=int),
        )

    def _follows(self, level: Level, counted: _Counted, values: Any, limits: Any, shown: Any, left: Any, sizes: bool) -> Any:
        """Which of the numbers without a trade follow from what is shown at *level* and before, as far as can be proved.

        Half days go only from one week to another of its month. As with a trade, what changes at *level* can be of one and the
        same weekday or half day for all, so tables by those do not tell of it.
        """
        from stslib.absences.disclosure.solving import moving

        follows = left.copy()
        members = self.groups.all_members
        months: dict[Any, list[int]] = defaultdict(list)
        for number, cell in enumerate(counted.cells):
            months[cell[0][0] if level.fineness(PLACE) >= _INNER else None].append(number)
        for inside in months.values():
            asked = [(place, group) for place, number in enumerate(inside) for group in np.flatnonzero(left[number]).tolist()]
            if not asked:
                continue
            known = []
            for coarse in level.and_coarser():
                parts: dict[Any, list[int]] = defaultdict(list)
                for place, number in enumerate(inside):
                    parts[coarsen(counted.cells[number], level, coarse)].append(place)
                table = None if coarse == level else self._decide(coarse, sizes=sizes)
                for cell, places in parts.items():
                    told = shown[counted.index[cell]] if table is None else table.shown[table.index[cell]]
                    known += [(places, members[:, group]) for group in np.flatnonzero(told).tolist()]
            times: dict[Any, list[int]] = defaultdict(list)
            for place, number in enumerate(inside):
                times[counted.cells[number][:KIND]].append(place)
            proved = moving(
                values[:, inside],
                limits[:, inside],
                [] if sizes else list(times.values()),
                known,
                [([place], members[:, group]) for place, group in asked],
            )
            for (place, group), one in zip(asked, proved, strict=True):
                follows[inside[place], group] = not one
        return follows

    def _room(self, together: Any, room: Any, losing: Any) -> Any:
        """Cell × move: whether there is room for it where some of the cells *together* gain and the others lose."""
        up = np.ones((len(room), len(together)), dtype=bool)
        down = up.copy()
        gain = gains(together.shape[1].bit_length() - 1)
        for place in range(together.shape[1]):
            inside = together[:, place]
            up &= (room if gain[place] else losing)[:, inside]
            down &= (losing if gain[place] else room)[:, inside]
        return self.groups.moves.possible(up, down)


_INNER = 2
"""From this level of an axis on values lie within coarser ones: (month, week), (status, code)."""

_INHERITED = 3
"""So many stand-ins are tried for a trade over some of the axes."""
