"""Thresholds and bands say the same of the same half days: pupils over 5 less pupils over 10 are those of the band between.

So in a record the bands are decided first, and a threshold shows what follows from them: nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stslib.absences.disclosure.hiding import hide
from stslib.absences.disclosure.policies import RECORD_COUNT

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Band:
    """Pupils from one number of half days up to another, both inclusive; None: no upper limit, or a number that is hidden."""

    first: int
    last: int | None
    pupils: int | None


@dataclass(frozen=True)
class Rule:
    """What a threshold on the half days of the bands asks."""

    first_over: int
    first_near: int
    years: int = 1
    """In so many school years in a row."""


Bands = Mapping[tuple[Any, ...], Sequence[Band]]
"""The group and the school year -> its bands, in order."""


def hide_beside_bands(frame: pd.DataFrame, by: Sequence[str], rules: Mapping[str, Rule], bands: Bands) -> None:
    """Hide, in place, what thresholds would tell of hidden bands, and of a few pupils between two numbers.

    Args:
        frame: as ``protect_thresholds`` gives it, with numbers that can be hidden.
        by: its group columns.
        rules: the thresholds that are about the half days of the bands; others stay as they are.
        bands: what the table of bands shows.
    """
    keys = list(zip(*(frame[name].tolist() for name in (*by, "school_year")), strict=True))
    over, near = [False] * len(frame), [False] * len(frame)
    shown: dict[tuple[Any, ...], list[int]] = {}
    number, at_least = (_counts(frame, name) for name in ("pupils_over", "pupils_near"))
    for row, (key, identity) in enumerate(zip(keys, frame["threshold"].tolist(), strict=True)):
        rule = rules.get(identity)
        if rule is None:
            continue
        of_group = bands.get(key, ())
        if rule.years == 1:
            over[row] = not _follows(rule.first_over, of_group)
            near[row] = not _stands(rule, at_least[row], of_group)
            if not over[row] and number[row] is not None:
                shown.setdefault(key, []).append(number[row] or 0)
    for row, (key, identity) in enumerate(zip(keys, frame["threshold"].tolist(), strict=True)):
        rule, count = rules.get(identity), number[row]
        if rule is not None and rule.years > 1 and count is not None:
            over[row] = any(0 < abs(one - count) < RECORD_COUNT for one in shown.get(key, ()))
    hide(frame, over, ("pupils_over",))
    hide(frame, near, ("pupils_near",))


def _follows(first_over: int, bands: Sequence[Band]) -> bool:
    """Whether the bands that are shown tell how many pupils are over, from above or from all pupils below."""
    above = [band for band in bands if band.first >= first_over]
    below = [band for band in bands if band.first < first_over]
    starts = any(band.first == first_over for band in bands)
    return starts and any(all(band.pupils is not None for band in some) for some in (above, below))


def _stands(rule: Rule, near: int | None, bands: Sequence[Band]) -> bool:
    """Whether those near a threshold lie in one band that is shown, and are not all but a few of it."""
    for band in bands:
        if band.first <= rule.first_near and band.last is not None and rule.first_over - 1 <= band.last:
            return band.pupils is not None and not 0 < band.pupils - (near or 0) < RECORD_COUNT
    return False


def _counts(frame: pd.DataFrame, name: str) -> list[int | None]:
    import pandas as pd

    return [None if pd.isna(value) else int(value) for value in frame[name].tolist()]
