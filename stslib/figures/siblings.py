"""Which groups can each have a card of their own in what is kept, beside the cards of all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stslib.absences.indicators.dimensions import PUPIL_DIMENSIONS
from stslib.figures.frames import rates_of

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

Key = tuple[str, str]
"""A dimension and the value in it."""

WHOLE: Key = ("", "")


def groups_in_record(absences: Absences, status: str | None, years: Sequence[str]) -> frozenset[Key]:
    """The groups of every dimension that may be shown beside one another over *years*.

    A record decides all groupings together (``stslib.absences.disclosure.record``), so these are the ones that its tables show.

    Args:
        absences: the half days.
        status: as for ``Absences.rate``, or ``late``.
        years: school years.
    """
    shown: set[Key] = set()
    for dimension in ("", *PUPIL_DIMENSIONS):
        by = (dimension,) if dimension else ()
        if status == "late":
            rates = rates_of(absences.late(by, "record", school_years=years), by, "late_half_days")
        else:
            rates = rates_of(absences.rate(by, status, "record", school_years=years), by)
        shown.update((dimension, rate.key[0]) if by else WHOLE for rate in rates if rate.rate is not None)
    return frozenset(shown)
