"""Tables that count pupils: thresholds, bands, how many carry half of all absence, spells by length, points of a run chart.

Source: the three policies in the design of this program. Here the count itself is the group: one to four pupils over a
threshold are a group under five, so the ``room`` shows no such number either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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


def protect_counts(
    frame: pd.DataFrame, columns: Sequence[str], policy: Policy, *, adds_up: bool = True, derived: Sequence[str] = ()
) -> pd.DataFrame:
    """A table of one dimension whose *columns* count pupils (or spells, or anything of which each is about one pupil).

    Args:
        frame: one row per part.
        columns: each protected by itself.
        policy: ``room`` hides 1 to 4; ``record`` also what would follow from the sum of the column; ``shared`` hides 1 to 7 and
            rounds the rest to five.
        adds_up: whether readers may know the sum of a column, as from another table: the rows are parts that exclude each
        other. derived: other columns (a rate, a share) that are hidden with any of *columns*, and under ``shared`` always, for
            they would tell the number that was rounded.

    Returns:
        The same rows with hidden cells (``pd.NA``) and a column ``suppressed``; for ``none`` *frame* itself.
    """
    if policy == "none":
        return frame
    protected = nullable(frame)
    if policy == "shared":
        hide(protected, [True] * len(frame), derived)
        protected["suppressed"] = False
    for name in columns:
        counts = [int(count) for count in frame[name].tolist()]
        if policy == "shared":
            protected[name] = [round_count(count) for count in counts]
            protected[name] = protected[name].astype("Int64")
            hidden = [0 < count < SHARED_COUNT for count in counts]
        else:
            hidden = [0 < count < ROOM_MINIMUM for count in counts]
            if policy == "record" and adds_up:
                hidden = _with_others(counts, hidden)
        hide(protected, hidden, (name, *derived))
    return protected


def _with_others(counts: Sequence[int], hidden: Sequence[bool]) -> list[bool]:
    """*hidden*, and so many more that together they are two rows or more, and five or more: then none follows from the sum."""
    gone = list(hidden)
    order = sorted(range(len(counts)), key=lambda row: (not counts[row], counts[row], row))
    while any(gone):
        together = [row for row, one in enumerate(gone) if one]
        if len(together) > 1 and sum(counts[row] for row in together) >= RECORD_COUNT:
            break
        more = [row for row in order if not gone[row]]
        if not more:
            break
        gone[more[0]] = True
    return gone


def protect_thresholds(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Pupils over each threshold and near it.

    Bands lie within one another: pupils over 5 less pupils over 10 are those between, and all pupils less those over are the
    others. So in a ``record`` no shown number is one to four from another of the same family, nor from all pupils.

    Args:
        frame: ``school_year``, ``unit``, ``_family`` (thresholds of one family count the same half days), ``pupils_over``,
            ``pupils_near``, ``pupils``; under ``shared`` also ``schools``.
        policy: under ``shared`` every number is rounded to five.
    """
    if policy == "none":
        return frame
    pupils, over = frame["pupils"].tolist(), frame["pupils_over"].tolist()
    protected = protect_counts(frame, ["pupils_over", "pupils_near"], "room" if policy == "record" else policy)
    if policy == "room":
        hide(protected, [number < ROOM_MINIMUM for number in pupils], ("pupils", "pupils_over", "pupils_near"))
        return protected
    if policy == "shared":
        schools = frame["schools"].tolist() if "schools" in frame.columns else [0] * len(frame)
        protected["pupils"] = [round_count(number) for number in pupils]
        protected["pupils"] = protected["pupils"].astype("Int64")
        few = [n < SHARED_PUPILS or of < SHARED_SCHOOLS for n, of in zip(pupils, schools, strict=True)]
        hide(protected, few, ("pupils", "pupils_over", "pupils_near"))
        return protected.drop(columns="schools", errors="ignore")
    small = [number < RECORD_RATE_MINIMUM for number in pupils]
    keys = list(zip(frame["school_year"].tolist(), frame["unit"].tolist(), frame["_family"].tolist(), strict=True))
    shown: dict[object, list[int]] = {}
    hide_over = list(small)
    for row, key in enumerate(keys):
        earlier = shown.setdefault(key, [pupils[row]])
        if 0 < over[row] < RECORD_COUNT or any(0 < abs(over[row] - other) < RECORD_COUNT for other in earlier):
            hide_over[row] = True
        elif not small[row]:
            earlier.append(over[row])
    hide(protected, hide_over, ("pupils_over",))
    hide(protected, small, ("pupils_near",))
    hide(protected, [0 < number < ROOM_MINIMUM for number in pupils], ("pupils",))
    return protected
