"""Small groups stay out of sight. Each policy is a function from a tidy result to the same result with hidden cells.

A hidden number is ``pd.NA`` and its row has ``suppressed`` True. Policies only ever hide; none changes a number that it
shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Literal, get_args

from stslib.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd

Policy = Literal["none", "room", "record"]

ROOM_MINIMUM = 5
"""Live pages, the school itself at the table: no group under five pupils."""

RECORD_COUNT = 5
"""What is kept: counts from 1 to 4 are written as "<5"."""

RECORD_RATE_MINIMUM = 10
"""What is kept: a rate only of ten pupils or more, so neither 0 % nor 100 % of a small group."""

Parents = Mapping[str, Mapping[object, Mapping[str, object]]]
"""Column -> value -> the coarser groups it belongs to: ``{"class": {"3A": {"grade": "2"}}}``."""


def check_policy(policy: str | None) -> Policy:
    """*policy* as one that exists; None is ``none``.

    Raises:
        DatasetError: names the policies there are.
    """
    name = policy or "none"
    known = get_args(Policy)
    if name not in known:
        raise DatasetError("afscherming", "Deze afscherming bestaat niet.", f"Kies uit: {', '.join(known)}.")
    return name  # type: ignore[return-value]


def _nullable(frame: pd.DataFrame) -> pd.DataFrame:
    """*frame* with number columns that can hold "hidden", and a ``suppressed`` column."""
    kinds = {name: {"i": "Int64", "u": "Int64", "f": "Float64"}.get(frame[name].dtype.kind) for name in frame.columns}
    frame = frame.astype({name: kind for name, kind in kinds.items() if kind is not None})
    return frame.assign(suppressed=False)


def _hide(frame: pd.DataFrame, rows: Sequence[bool], columns: Collection[str]) -> None:
    import pandas as pd

    if any(rows):
        frame.loc[list(rows), [name for name in columns if name in frame.columns]] = pd.NA
        frame.loc[list(rows), "suppressed"] = True


_RATE = ("rate", "rate_low", "rate_high")
_COUNTS = ("half_days_missed", "late_half_days", "late_pupils")
_SIZES = ("pupils", "half_days_possible")


def protect_room(frame: pd.DataFrame) -> pd.DataFrame:
    """The policy of live pages: a group of fewer than five pupils shows no number.

    Source: the ``room`` policy in the design of this program; the school's own team may see its own classes.
    """
    small = (frame["pupils"] < ROOM_MINIMUM).tolist()
    frame = _nullable(frame)
    _hide(frame, small, (*_SIZES, *_COUNTS, *_RATE))
    return frame


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
    frame = _nullable(frame)
    _hide(frame, hidden, (*_COUNTS, *_RATE))
    _hide(frame, tiny, _SIZES)
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


def protect_thresholds(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Pupils over each threshold; in what is kept no number from 1 to 4, nor such a difference between thresholds."""
    if policy == "none":
        return frame
    if policy == "room":
        small = (frame["pupils"] < ROOM_MINIMUM).tolist()
        frame = _nullable(frame)
        _hide(frame, small, ("pupils", "pupils_over", "pupils_near"))
        return frame
    few = (frame["pupils"] < RECORD_RATE_MINIMUM).tolist()
    over, near = frame["pupils_over"].tolist(), frame["pupils_near"].tolist()
    keys = list(zip(frame["school_year"].tolist(), frame["unit"].tolist(), frame["_family"].tolist(), strict=True))
    shown: dict[object, list[int]] = {}
    hide_over = list(few)
    for row, key in enumerate(keys):
        earlier = shown.setdefault(key, [])
        if 0 < over[row] < RECORD_COUNT or any(0 < abs(over[row] - other) < RECORD_COUNT for other in earlier):
            hide_over[row] = True
        elif not hide_over[row]:
            earlier.append(over[row])
    hide_near = [hidden or 0 < n < RECORD_COUNT for hidden, n in zip(few, near, strict=True)]
    frame = _nullable(frame)
    _hide(frame, hide_over, ("pupils_over",))
    _hide(frame, hide_near, ("pupils_near",))
    return frame
