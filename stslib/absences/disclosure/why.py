"""Why a record hid a number, for who keeps it: never for its readers, who could reckon with the reason."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from stslib.absences.disclosure.policies import RECORD_COUNT, RECORD_RATE_MINIMUM

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = ("late_pupils", "pupils_in_band", "missing_pupils", "pupils_over", "pupils_near")
_NUMBERS = ("half_days_missed", "late_half_days", "spells", *_PEOPLE)


class Why(Enum):
    """The reasons, in the order in which they are told."""

    SMALL_GROUP = "small group"
    """Fewer than ten pupils."""
    SMALL_NUMBER = "small number"
    """One to four half days, spells or pupils."""
    FOLLOWS = "follows"
    """Another hidden number would follow from it."""


def why_hidden(counted: pd.DataFrame, protected: pd.DataFrame) -> set[Why]:
    """Why numbers of *counted* are hidden in *protected*, its rows in the same order."""
    import numpy as np

    if "suppressed" not in protected.columns:
        return set()
    gone = protected["suppressed"].fillna(False).astype(bool).to_numpy()
    hidden = counted[gone]
    few, small = np.zeros(len(hidden), dtype=bool), np.zeros(len(hidden), dtype=bool)
    if "pupils" in hidden.columns:
        few |= hidden["pupils"].fillna(0).to_numpy(dtype=float) < RECORD_RATE_MINIMUM
    for name in _NUMBERS:
        if name in hidden.columns:
            small |= hidden[name].fillna(0).between(1, RECORD_COUNT - 1).to_numpy()
    told = ((Why.SMALL_GROUP, few), (Why.SMALL_NUMBER, small & ~few), (Why.FOLLOWS, ~few & ~small))
    return {why for why, rows in told if rows.any()}
