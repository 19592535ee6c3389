"""The policy across schools: nothing of one school, one class or a few pupils can be told from what several schools share.

Source: the ``shared`` policy in the design of this program: counts from 1 to 7 are hidden and the rest rounded to 5, totals are
made of rounded cells, and a group has at least ten pupils and five schools, of which none has over half of the half days
missed.

How totals stay together: every table is added up from the same *small cells*, the ones by its own columns and by ``GRAIN``. A
small cell without enough pupils or schools, or that one school dominates, is in no number at all, numerator and denominator
alike. One with 1 to 7 half days counts as 5, whatever it holds; any other is rounded. So a table by grade is the sum of the
table by year, and a difference between two tables is a sum of rounded cells too: it tells of a hidden one no more than that it
is hidden.

What that costs: a count of k small cells is at most 2 half days a cell off (4 where it holds 1 to 7), and not biased where they
are large; what was left out makes a total smaller, though hardly its rate. Tables by other times or kinds are made of other
cells, and add up to a little more or less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stslib.absences.disclosure.hiding import COUNTS, RATE, SIZES, hide, nullable
from stslib.absences.disclosure.policies import SHARED_COUNT, SHARED_LARGEST, SHARED_PUPILS, SHARED_SCHOOLS, SHARED_STEP

if TYPE_CHECKING:
    import pandas as pd

GRAIN = ("level", "grade", "year", "stream")
"""The pupil columns that small cells go by, whatever is asked."""


def small_cells(by: Sequence[str]) -> tuple[str, ...]:
    """The columns of the small cells that a table *by* is added up from."""
    return (*by, *(name for name in GRAIN if name not in by))


def round_count(count: int) -> int:
    """*count* as it is added up: 0, 5 for anything from 1 to 7, else the nearest multiple of five."""
    if 0 < count < SHARED_COUNT:
        return SHARED_STEP
    return (count + SHARED_STEP // 2) // SHARED_STEP * SHARED_STEP


def protect_shared(frame: pd.DataFrame, by: Sequence[str], *, count: str, cells: pd.DataFrame | None = None) -> pd.DataFrame:
    """*frame* as several schools share it.

    Args:
        frame: one row per group.
        by: its group columns.
        count: the column that is protected, ``half_days_missed`` or ``late_half_days``.
        cells: the same by ``small_cells(by)``, with ``schools`` (how many have pupils in the cell) and ``largest_share`` (0–1:
            the part of the half days missed that the school with the most has; 0 or hidden where nothing is missed); None:
            *frame* holds those itself.

    Returns:
        The rows of *frame*, every number made of rounded small cells and every rate of those numbers; hidden cells (``pd.NA``)
        and a column ``suppressed``.
    """
    small = frame if cells is None else cells
    names = [name for name in (*COUNTS, *SIZES) if name in frame.columns and name in small.columns]
    sums: dict[tuple[Any, ...], dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    real: dict[tuple[Any, ...], int] = defaultdict(int)
    large: set[tuple[Any, ...]] = set()
    columns = {name: small[name].tolist() for name in (*by, *names, "schools", "largest_share")}
    for row in range(len(small)):
        key = tuple(columns[name][row] for name in by)
        if not _stands(columns, row):
            continue
        for name in names:
            sums[key][name] += round_count(int(columns[name][row]))
        missed = int(columns[count][row])
        real[key] += missed
        if missed >= SHARED_COUNT or not missed:
            large.add(key)
    keys = list(zip(*(frame[name].tolist() for name in by), strict=True)) if by else [()] * len(frame)
    shared = nullable(frame)
    for name in names:
        shared[name] = [sums[key][name] for key in keys]
        shared[name] = shared[name].astype("Int64")
    _set_rates(shared, count)
    nothing = [key not in real for key in keys]
    few = [0 < real.get(key, 0) < SHARED_COUNT or key not in large for key in keys]
    if "late_pupils" in names:
        few = [hidden or 0 < sums[key]["late_pupils"] < SHARED_COUNT for hidden, key in zip(few, keys, strict=True)]
    hide(shared, few, (*COUNTS, *RATE))
    hide(shared, nothing, (*COUNTS, *RATE, *SIZES))
    return shared.drop(columns=[name for name in ("schools", "largest_share") if name in shared.columns])


def _stands(columns: dict[str, list[Any]], row: int) -> bool:
    """Whether a small cell is large enough, and of no one school."""
    share = columns["largest_share"][row]
    dominated = share == share and share is not None and share > SHARED_LARGEST
    return columns["pupils"][row] >= SHARED_PUPILS and columns["schools"][row] >= SHARED_SCHOOLS and not dominated


def _set_rates(frame: pd.DataFrame, count: str) -> None:
    """Rate and Wilson interval of the rounded numbers, in place."""
    from stslib.absences.indicators.rate import wilson

    found = []
    for missed, possible in zip(frame[count].tolist(), frame["half_days_possible"].tolist(), strict=True):
        hits = min(missed, possible)
        found.append((hits / possible, *wilson(hits, possible)) if possible else (None, None, None))
    for place, name in enumerate(RATE):
        if name in frame.columns:
            frame[name] = [row[place] for row in found]
            frame[name] = frame[name].astype("Float64")
