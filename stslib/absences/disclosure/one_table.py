"""Complementary suppression within one table, for a caller that has no ``Record`` of all tables beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from stslib.absences.disclosure.hiding import COUNTS, RATE, SIZES, hide, nullable
from stslib.absences.disclosure.policies import RECORD_COUNT, RECORD_RATE_MINIMUM, ROOM_MINIMUM

if TYPE_CHECKING:
    import pandas as pd

Parents = Mapping[str, Mapping[object, Mapping[str, object]]]
"""Column -> value -> the coarser groups it belongs to: ``{"class": {"3A": {"grade": "2"}}}``."""


def protect_record(frame: pd.DataFrame, by: Sequence[str], *, count: str, parents: Parents | None = None) -> pd.DataFrame:
    """The policy of everything that is kept or leaves the room.

    Hidden at first: a group of fewer than five pupils entirely; the count and rate of a group of fewer than ten pupils;
    a count from 1 to 4 with its rate. Then, as long as a hidden count follows from the totals over any of the groups
    (also the coarser ones in *parents*, that other tables of the same archive show), one more count is hidden in that
    total.

    Source: the ``record`` policy in the design of this program.

    Args:
        frame: one row per group with ``pupils``, ``half_days_possible`` and *count*.
        by: its group columns.
        count: the column that is protected.
        parents: coarser groups that values of *by* belong to.
    """
    pupils, counts = frame["pupils"].tolist(), frame[count].tolist()
    primary = [n < RECORD_RATE_MINIMUM or 0 < c < RECORD_COUNT for n, c in zip(pupils, counts, strict=True)]
    if "late_pupils" in frame.columns:
        primary = [hidden or 0 < n < RECORD_COUNT for hidden, n in zip(primary, frame["late_pupils"].tolist(), strict=True)]
    hidden = complement(counts, primary, _totals(frame, by, parents or {}))
    tiny = [n < ROOM_MINIMUM for n in pupils]
    frame = nullable(frame)
    hide(frame, hidden, (*COUNTS, *RATE))
    hide(frame, tiny, SIZES)
    return frame


def _totals(frame: pd.DataFrame, by: Sequence[str], parents: Parents) -> list[list[int]]:
    """The rows behind every total that this table, or a coarser one, could show."""
    columns: dict[str, list[object]] = {name: frame[name].tolist() for name in by}
    if "status" in columns:  # late arrivals are no absences: no total adds them up
        columns["_late"] = [value == "late" for value in columns["status"]]
    for name in by:
        coarser = {key for groups in parents.get(name, {}).values() for key in groups}
        for key in sorted(coarser - set(columns)):
            columns[key] = [parents[name].get(value, {}).get(key) for value in frame[name].tolist()]
    fixed = [name for name in columns if name == "_late"]
    free = [name for name in columns if name != "_late"]
    seen: set[tuple[int, ...]] = set()
    for size in range(len(free)):
        for chosen in combinations(free, size):
            if set(by) <= set(chosen):
                continue  # this table itself, and nothing coarser
            groups: dict[tuple[object, ...], list[int]] = {}
            for row in range(len(frame)):
                groups.setdefault(tuple(columns[name][row] for name in (*fixed, *chosen)), []).append(row)
            seen.update(tuple(rows) for rows in groups.values())
    return [list(rows) for rows in sorted(seen)]


def complement(counts: Sequence[int], primary: Sequence[bool], totals: Sequence[Sequence[int]]) -> list[bool]:
    """Which counts to hide so that none of the *primary* ones follows from what is shown.

    A count follows when the shown totals and counts leave it only one value (linear algebra over the hidden ones), or
    when the hidden counts of one total add up to fewer than five.

    Args:
        counts: the count of every row.
        primary: which rows are hidden in any case.
        totals: for every total that is shown somewhere, the rows it adds up.

    Returns:
        Which rows are hidden in the end.
    """
    import numpy as np

    hidden = list(primary)
    lines = [rows for rows in totals if sum(counts[row] for row in rows) >= RECORD_COUNT]
    shown_elsewhere = {rows[0] for rows in lines if len(rows) == 1 and not primary[rows[0]]}
    while True:
        places = [row for row, is_hidden in enumerate(hidden) if is_hidden]
        touched = [rows for rows in lines if any(hidden[row] for row in rows)]
        if not touched:
            return hidden
        column = {row: place for place, row in enumerate(places)}
        matrix = np.zeros((len(touched), len(places)))
        for number, rows in enumerate(touched):
            for row in rows:
                if hidden[row]:
                    matrix[number, column[row]] = 1.0
        _, sizes, directions = np.linalg.svd(matrix, full_matrices=True)
        free = directions[int((sizes > 1e-9).sum()) :]
        follows = {
            row for row in places if primary[row] and (not len(free) or float(np.abs(free[:, column[row]]).max()) < 1e-9)
        }
        weak = [
            rows
            for rows in touched
            if any(hidden[row] and (row in follows or primary[row]) for row in rows)
            and (
                any(row in follows for row in rows)
                or sum(counts[row] for row in rows if hidden[row]) < RECORD_COUNT
                or sum(hidden[row] for row in rows) == 1
            )
        ]
        candidates: list[tuple[int, int]] = []
        for rows in sorted(weak, key=len):
            choices = [(counts[row], row) for row in rows if not hidden[row] and row not in shown_elsewhere and counts[row] > 0]
            enough = [choice for choice in choices if choice[0] >= RECORD_COUNT]
            if enough or choices:
                candidates.append(min(enough or choices))
                break
        if not candidates:
            return hidden
        hidden[candidates[0][1]] = True
