"""Tables that count pupils: thresholds, bands, how many carry half of all absence, spells by length, points of a run chart.

Source: the three policies in the design of this program. Here the count itself is the group: one to four pupils over a
threshold are a group under five, so the ``room`` shows no such number either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stslib.absences.disclosure.hiding import hide, nullable
from stslib.absences.disclosure.policies import (
    RECORD_COUNT,
    RECORD_RATE_MINIMUM,
    ROOM_MINIMUM,
    SHARED_COUNT,
    SHARED_PUPILS,
    SHARED_SCHOOLS,
    Policy,
)
from stslib.absences.disclosure.shared import round_count

if TYPE_CHECKING:
    import pandas as pd

Within = Sequence[Sequence[str]]


def protect_counts(
    frame: pd.DataFrame, columns: Sequence[str], policy: Policy, *, within: Within = ((),), derived: Sequence[str] = ()
) -> pd.DataFrame:
    """A table whose *columns* count pupils (or spells, or anything of which each is about one pupil).

    Args:
        frame: one row per part. A number that is missing already counts as hidden.
        columns: each protected by itself.
        policy: ``room`` hides 1 to 4; ``record`` also what would follow from sums; ``shared`` hides 1 to 7 and rounds the rest
            to five.
        within: which sums of a column readers may know. ``()`` is the sum of all rows; ``("grade",)`` the one per grade. A sum
            of one to four is shown nowhere.
        derived: other columns (a rate, a share), hidden with any of *columns*; under ``shared`` always, for they would tell
            the number that was rounded.

    Returns:
        The same rows with hidden cells (``pd.NA``) and a column ``suppressed``; for ``none`` *frame* itself.
    """
    if policy == "none":
        return frame
    protected = nullable(frame)
    for name in columns:
        counts = _numbers(frame, name)
        if policy == "shared":
            protected[name] = [None if count is None else round_count(count) for count in counts]
            protected[name] = protected[name].astype("Int64")
        smallest = SHARED_COUNT if policy == "shared" else ROOM_MINIMUM
        hidden = [count is None or 0 < count < smallest for count in counts]
        if policy == "record":
            hidden = hide_beside([count or 0 for count in counts], hidden, sums_of(frame, within))
        hide(protected, hidden, (name, *derived))
    if policy == "shared" and derived:
        protected[list(derived)] = None
    return protected


def sums_of(frame: pd.DataFrame, within: Within) -> list[list[int]]:
    """The rows behind every sum that readers may know."""
    found = []
    for columns in within:
        groups: dict[tuple[Any, ...], list[int]] = {}
        keys = zip(*(frame[name].tolist() for name in columns), strict=True) if columns else [()] * len(frame)
        for row, key in enumerate(keys):
            groups.setdefault(key, []).append(row)
        found += list(groups.values())
    return found


def hide_beside(counts: Sequence[int], hidden: Sequence[bool], sums: Sequence[Sequence[int]]) -> list[bool]:
    """*hidden*, and what else must be so that none of those follows from the other counts and *sums*, nor a few together.

    Args:
        counts: the count of every row.
        hidden: which rows are hidden in any case.
        sums: the rows behind every sum that readers know, where that is not one to four.
    """
    import numpy as np

    from stslib.absences.disclosure.moves import Moves, settle

    if not any(hidden):
        return list(hidden)
    number = len(counts)
    # A sum of one row is that row in another table, which hides it where this one does.
    known = [rows for rows in sums if len(rows) > 1 and not 0 < sum(counts[row] for row in rows) < RECORD_COUNT]
    gone = [[row for row in rows if hidden[row]] for rows in known]
    few = [rows for rows in gone if len(rows) > 1 and 0 < sum(counts[row] for row in rows) < RECORD_COUNT]
    members = np.zeros((number, number + len(known) + len(few)), dtype=bool)
    members[range(number), range(number)] = True
    for place, rows in enumerate([*known, *few], number):
        members[rows, place] = True
    sums_from, few_from = number, number + len(known)
    moves = Moves(members, range(sums_from, few_from))
    values = np.array(counts)[:, None]
    possible = moves.possible(np.ones((number, 1), dtype=bool), values > 0)
    possible &= ~moves.hits[:, sums_from:few_from].any(axis=1)[None, :]
    need = np.zeros((1, members.shape[1]), dtype=bool)
    need[0, :number] = hidden
    need[0, few_from:] = True
    need &= possible.astype(np.float32) @ moves.hits.astype(np.float32) > 0.5
    allowed = np.zeros(need.shape, dtype=bool)
    allowed[0, :number] = ~np.array(hidden, dtype=bool)
    order = sorted(range(number), key=lambda row: (counts[row] > 0, -counts[row], row))
    shown = settle(moves, possible, np.zeros((1, 1), dtype=int), need, allowed, order)
    alone = need[0, :number] < np.array(hidden, dtype=bool)
    return _hide_until_unknown(counts, [not one for one in shown[0, :number].tolist()], known, np.flatnonzero(alone).tolist())


def _hide_until_unknown(
    counts: Sequence[int], hidden: Sequence[bool], known: Sequence[Sequence[int]], alone: Sequence[int]
) -> list[bool]:
    """*hidden*, and more of the sums around those that no move was found for, until a linear program proves them unknown."""
    import numpy as np

    from stslib.absences.disclosure.solving import moving

    values, eye = np.array(counts, dtype=float)[:, None], np.eye(len(counts), dtype=bool)
    gone = list(hidden)
    inside = [np.isin(np.arange(len(counts)), rows) for rows in known]
    left = [row for row in alone if any(row in rows for rows in known)]
    while left:
        seen = [([0], one) for one in inside] + [([0], eye[row]) for row, one in enumerate(gone) if not one]
        proved = moving(values, np.full_like(values, np.inf), [], seen, [([0], eye[row]) for row in left])
        left = [row for row, one in zip(left, proved, strict=True) if not one]
        around = {row for rows in known if any(one in rows for one in left) for row in rows if gone[row]}
        open_sums = [[row for row in rows if not gone[row]] for rows in known if around & set(rows)]
        wider = min((rows for rows in open_sums if rows), key=len, default=[])
        if not left or not wider:
            break
        for row in wider:
            gone[row] = True
    return gone


def protect_thresholds(
    frame: pd.DataFrame, policy: Policy, by: Sequence[str] = (), *, within: Within = (("school_year", "threshold"),)
) -> pd.DataFrame:
    """Pupils over each threshold and near it.

    Bands lie within one another: pupils over 5 less pupils over 10 are those between, and all pupils less those over are the
    others. So in a ``record`` no shown number is one to four from another of the same family, nor from all pupils; and by
    groups none follows from that of all groups together.

    Args:
        frame: *by*, ``school_year``, ``threshold``, ``unit``, ``_family`` (thresholds of one family count the same half days),
            ``pupils_over``, ``pupils_near``, ``pupils``; under ``shared`` also ``schools``. A number can be missing.
        policy: under ``shared`` every number is rounded to five.
        by: its group columns.
        within: by groups, which sums other tables show, as for ``protect_counts``.
    """
    if policy == "none":
        return frame
    counts = ("pupils_over", "pupils_near")
    pupils = [number or 0 for number in _numbers(frame, "pupils")]
    protected = protect_counts(frame, counts, "shared" if policy == "shared" else "room")
    if policy == "room":
        hide(protected, [number < ROOM_MINIMUM for number in pupils], ("pupils", *counts))
        return protected
    if policy == "shared":
        schools = frame["schools"].tolist() if "schools" in frame.columns else [0] * len(frame)
        protected["pupils"] = [round_count(number) for number in pupils]
        protected["pupils"] = protected["pupils"].astype("Int64")
        few = [n < SHARED_PUPILS or of < SHARED_SCHOOLS for n, of in zip(pupils, schools, strict=True)]
        hide(protected, few, ("pupils", *counts))
        return protected.drop(columns="schools", errors="ignore")
    small = [number < RECORD_RATE_MINIMUM for number in pupils]
    over = _numbers(frame, "pupils_over")
    for name, hidden in (("pupils_over", _too_near(frame, by, over, pupils, small)), ("pupils_near", small)):
        numbers = _numbers(frame, name)
        gone = [one or number is None or 0 < number < RECORD_COUNT for one, number in zip(hidden, numbers, strict=True)]
        if by:
            gone = hide_beside([number or 0 for number in numbers], gone, sums_of(frame, within))
        hide(protected, gone, (name,))
    hide(protected, [number < ROOM_MINIMUM for number in pupils], ("pupils",))
    return protected


def _too_near(
    frame: pd.DataFrame, by: Sequence[str], over: Sequence[int | None], pupils: Sequence[int], small: Sequence[bool]
) -> list[bool]:
    """Rows that are one to four pupils from one that is shown before them, or from all pupils."""
    keys = zip(*(frame[name].tolist() for name in (*by, "school_year", "unit", "_family")), strict=True)
    shown: dict[object, list[int]] = {}
    hidden = list(small)
    for row, (key, number) in enumerate(zip(keys, over, strict=True)):
        earlier = shown.setdefault(key, [pupils[row]])
        if number is None or 0 < number < RECORD_COUNT or any(0 < abs(number - one) < RECORD_COUNT for one in earlier):
            hidden[row] = True
        elif not small[row]:
            earlier.append(number)
    return hidden


def _numbers(frame: pd.DataFrame, name: str) -> list[int | None]:
    import pandas as pd

    return [None if pd.isna(value) else int(value) for value in frame[name].tolist()]
