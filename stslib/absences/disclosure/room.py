"""The policy of live pages, with the school itself at the table.

Source: the ``room`` policy in the design of this program: no group under five pupils. The team knows its own pupils, so what
follows from what else it sees is no secret to it, and nothing is hidden for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stslib.absences.disclosure.hiding import COUNTS, RATE, SIZES, hide, nullable
from stslib.absences.disclosure.policies import ROOM_MINIMUM

if TYPE_CHECKING:
    import pandas as pd


def protect_room(frame: pd.DataFrame) -> pd.DataFrame:
    """A group of fewer than five pupils shows no number.

    Args:
        frame: one row per group, with ``pupils``.

    Returns:
        The same rows with hidden cells (``pd.NA``) and a column ``suppressed``; *frame* stays as it was.
    """
    small = (frame["pupils"] < ROOM_MINIMUM).tolist()
    frame = nullable(frame)
    hide(frame, small, (*SIZES, *COUNTS, *RATE))
    return frame
