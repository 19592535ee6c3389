"""The policy of everything that is kept or leaves the room: archives, exports, posters.

Source: the ``record`` policy in the design of this program. Counts from 1 to 4 are not shown, rates only of ten pupils or more,
and no hidden number follows from what is shown, in the same table or in another one. What that means here:

- *Sensitive* is a count of a group of fewer than ten pupils, whatever the count: also zero and everything, so that no 0 % or
  100 % of a small group is shown, nor a total of zero that holds one. Sensitive is also a count from 1 to 4, and of late
  arrivals one of 1 to 4 pupils; and the same of what is left of one group beside another.
- A rate times the possible half days is the count: they hide together. Pupils and possible half days are hidden, with count and
  rate, of a group of fewer than five pupils, and where those would follow.
- All tables of a school year that count the same half days are decided together: every grouping of pupils, and every coarser
  table over the times and kinds that are asked for. Coarse tables come first, then large groups. A number is shown if every
  sensitive one can still be another number in a table that looks the same, with no count below zero or over what is possible
  (``moves``; ``solving`` for the few that no move is found for). A finer table shows only groups that the coarser ones show, so
  what it adds tells nothing about them.
- A shown zero says that every part of it is zero, and a shown count of all that is possible that every part is full. Such a
  part is shown too, be it of fewer than ten pupils: for that, nobody in ten pupils or more was absent, or everybody was.
- What all pupils together show is decided first, by themselves; groups hide what they must beside it.
- Late arrivals are no absences, and no part of a total of them: they are decided by themselves.
- A number over several school years, or over a part of the groups or times, is shown if all the numbers are that it adds up. So
  it tells nothing that they do not.
- The periods that are asked for cut a school year into segments. Segments are coarser than months and finer than the year, and
  months and weeks that a period begins or ends in are decided in pieces. A number over a period is shown if those of its
  segments are; over a period that was not announced, if those of all its days are. So no two periods can be subtracted from
  one another, nor from the year, a month or a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from stslib.absences.disclosure.hiding import COUNTS, RATE, SIZES, hide, nullable
from stslib.absences.indicators.dimensions import KIND_DIMENSIONS, PUPIL_DIMENSIONS

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.disclosure.family import Counts, Family, _Decided
    from stslib.absences.disclosure.times import Level

Ask = Callable[[tuple[str, ...], str, str], "Counts"]
"""Columns, ``absent`` or ``late``, and a school year -> the columns themselves, half_days_missed, half_days_possible, pupils
and missing_pupils of every group, unprotected. By status or code every group has a row for every kind."""

Where = Sequence[tuple[str, Sequence[Any]]]

Parts = Mapping[str, Where]
"""School year -> which of its times are counted: ``segment`` or ``day`` and the values."""


class Record:
    """What the ``record`` policy shows of some half days; remembers what it decided, so ask all of one page of one object.

    Args:
        ask: the counts by any columns, of one school year, and by ``segment`` where that is cut. Another part of the pupils is
            another record.
        pupil_columns: the columns that set groups of pupils apart, from coarse to fine.
        whole: the record of all pupils together, where that is decided first: it matters most. What it shows stays shown, and
            groups hide what they must beside it. None: it is decided with the groups.
        cut: the school years that the periods that are asked for cut into segments, with those periods and the rest of the
            year beside each as the numbers of their segments.
    """

    def __init__(
        self,
        ask: Ask,
        pupil_columns: Sequence[str] = PUPIL_DIMENSIONS,
        whole: Record | None = None,
        cut: Mapping[str, Sequence[frozenset[int]]] | None = None,
    ) -> None:
        self._cut = dict(cut or {})
        self._ask = ask
        self._columns = tuple(pupil_columns)
        self._whole = whole
        self._families: dict[tuple[str, bool], Family | None] = {}

    def protect(
        self, frame: pd.DataFrame, by: Sequence[str], *, status: str | None, school_years: Sequence[str], where: Where = ()
    ) -> pd.DataFrame:
        """*frame* as it may be kept.

        Args:
            frame: one row per group: *by*, counts, rates, ``half_days_possible`` and ``pupils``.
            by: its columns: pupil columns, school_year, month, week, weekday, half, status, code.
            status: what was counted: a status, ``late``, or None for every absence (by status also late arrivals).
            school_years: the years that it adds up.
            where: columns and the values that it counts.

        Returns:
            The same rows with hidden cells (``pd.NA``) and a column ``suppressed``; *frame* stays as it was. Nothing that is
            shown is changed.
        """
        counts, sizes = self.hidden(frame, by, status=status, school_years=school_years, where=where)
        frame = nullable(frame)
        hide(frame, counts, (*COUNTS, *RATE))
        hide(frame, sizes, SIZES)
        return frame

    def hidden(
        self,
        frame: pd.DataFrame,
        by: Sequence[str],
        *,
        status: str | None,
        school_years: Sequence[str],
        where: Where = (),
        parts: Parts | None = None,
    ) -> tuple[list[bool], list[bool]]:
        """Which rows of *frame* hide count and rate, and which of them also pupils and possible half days; see ``protect``."""
        rows = list(zip(*(frame[name].tolist() for name in by), strict=True)) if by else [()] * len(frame)
        limits = [(name, tuple(values)) for name, values in where]
        decided: dict[tuple[bool, bool], list[list[bool]]] = {}
        late_rows = [status == "late" or dict(zip(by, row, strict=True)).get("status") == "late" for row in rows]
        for late in set(late_rows):
            for sizes in (False, True):
                tables = [
                    _Table(
                        family,
                        by,
                        status=status,
                        late=late,
                        sizes=sizes,
                        where=[*limits, *(parts or {}).get(year, ())],
                        school_year=year,
                    )
                    for year in school_years
                    if (family := self._family(year, late=late)) is not None
                ]
                decided[late, sizes] = [[table.shows(row) for table in tables if table.holds(row)] for row in rows]
        counts = [not (told := decided[late, False][row]) or not all(told) for row, late in enumerate(late_rows)]
        sizes_hidden = [not (told := decided[late, True][row]) or not all(told) for row, late in enumerate(late_rows)]
        return [one or other for one, other in zip(counts, sizes_hidden, strict=True)], sizes_hidden

    def _family(self, school_year: str, *, late: bool) -> Family | None:
        """The tables of one school year; None where nobody was enrolled."""
        from stslib.absences.disclosure.family import Family

        if (school_year, late) not in self._families:
            measure = "late" if late else "absent"
            whole = self._whole._family(school_year, late=late) if self._whole else None
            made = Family(
                lambda by: self._ask(by, measure, school_year), self._columns, late=late, whole=whole,
                cut=school_year in self._cut, spans=self._cut.get(school_year, ()),
            )  # fmt: skip
            self._families[school_year, late] = made if made.groups.atom else None
        return self._families[school_year, late]


class _Table:
    """Looks up the rows of one table in one school year."""

    def __init__(
        self, family: Family, by: Sequence[str], *, status: str | None, late: bool, sizes: bool, where: Where, school_year: str
    ) -> None:
        from stslib.absences.disclosure.times import DAY, Level

        of_status = None if late else status
        columns = [*by, *(name for name, _ in where)]
        if late:
            columns = [name for name in columns if name != "status"]
        elif of_status is not None:
            columns.append("status")
        self._by = tuple(by)
        self._late = late
        self._year = school_year
        self._where = {name: set(values) for name, values in where}
        self._status = of_status
        if DAY in columns:
            columns += ["week", "weekday"]
        level = Level.of([name for name in columns if not (sizes and name in KIND_DIMENSIONS)], cut=family.cut)
        decided = family.sizes(level) if sizes else family.counts(level)
        self._decided = decided
        self._groups = self._match_groups(family, columns)
        self._cells = self._match_cells(decided, level)
        self._answers: dict[tuple[Any, ...], list[bool]] = {}

    def _match_groups(self, family: Family, columns: Sequence[str]) -> Mapping[tuple[Any, ...], list[int]]:
        """Values of the pupil columns of the table -> the groups that they add up."""
        subset = family.groups.ordered(columns)
        self._pupil_columns = tuple(name for name in self._by if name in subset)
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for values, group in family.groups.of(subset):
            named = dict(zip(subset, values, strict=True))
            if all(named[name] in values for name, values in self._where.items() if name in named):
                found[tuple(named[name] for name in self._pupil_columns)].append(group)
        return found

    def _match_cells(self, decided: _Decided, level: Level) -> Mapping[tuple[Any, ...], list[int]]:
        """Values of the times and kinds of the table -> the cells that they add up."""
        from stslib.absences.disclosure.times import DAY

        dropped = {"status"} if self._late else set()
        told = {"month", "week", "weekday", "half"} | (set(KIND_DIMENSIONS) - dropped if level.kind else set())
        self._cell_columns = tuple(name for name in self._by if name in told)
        found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for number, (at, weekday, half, kind) in enumerate(decided.cells):
            of_status, code = kind if level.kind == 2 else (kind, None)
            named = {**level.name_place(at), "weekday": weekday, "half": half, "status": of_status, "code": code}
            named[DAY] = (named["week"], weekday)
            if self._status is not None and level.kind and named["status"] != self._status:
                continue
            if all(named[name] in values for name, values in self._where.items() if name in named):
                found[tuple(named[name] for name in self._cell_columns)].append(number)
        return found

    def _told(self, row: tuple[Any, ...]) -> list[bool]:
        """Of each number that *row* adds up whether it is shown."""
        named = dict(zip(self._by, row, strict=True))
        key = tuple(named[name] for name in (*self._pupil_columns, *self._cell_columns))
        if key not in self._answers:
            groups = self._groups.get(tuple(named[name] for name in self._pupil_columns), [])
            cells = self._cells.get(tuple(named[name] for name in self._cell_columns), [])
            exists, shown = self._decided.exists, self._decided.shown
            self._answers[key] = [bool(shown[c, g]) for c, g in product(cells, groups) if exists[c, g]]
        return self._answers[key] if named.get("school_year", self._year) == self._year else []

    def holds(self, row: tuple[Any, ...]) -> bool:
        """Whether anything of *row* is in this school year."""
        return bool(self._told(row))

    def shows(self, row: tuple[Any, ...]) -> bool:
        """Whether all of it may be shown."""
        return all(self._told(row))
