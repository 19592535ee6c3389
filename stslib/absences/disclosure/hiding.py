"""How a number is hidden: ``pd.NA`` in its place, and ``suppressed`` True in its row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

RATE = ("rate", "rate_low", "rate_high")
COUNTS = ("half_days_missed", "late_half_days", "late_pupils")
SIZES = ("pupils", "half_days_possible")


def nullable(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of *frame* with number columns that can hold "hidden", and a ``suppressed`` column (kept where there is one)."""
    kinds = {name: {"i": "Int64", "u": "Int64", "f": "Float64"}.get(frame[name].dtype.kind) for name in frame.columns}
    copied = frame.astype({name: kind for name, kind in kinds.items() if kind is not None})
    return copied if "suppressed" in copied.columns else copied.assign(suppressed=False)


def hide(frame: pd.DataFrame, rows: Sequence[bool], columns: Collection[str]) -> None:
    """Hide, in place, those of *columns* that *frame* has in *rows*."""
    import pandas as pd

    if any(rows):
        frame.loc[list(rows), [name for name in columns if name in frame.columns]] = pd.NA
        frame.loc[list(rows), "suppressed"] = True
