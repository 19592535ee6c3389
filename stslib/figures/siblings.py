"""Which groups can each have a card of their own in what is kept, without a small one following from the cards of the others.

``protect_record`` looks at one table. Cards of groups are asked one by one, over several dimensions: a grade on one card and
all but one of its classes on others give the last class. So all groups are weighed together, and the answer is the same
whichever of them is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stslib.absences.disclosure import RECORD_COUNT, RECORD_RATE_MINIMUM
from stslib.figures.frames import Rate, rates_of

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

_ATOM = ("level", "grade", "year", "stream", "class")
"""What sets one class apart, from coarse to fine: a larger group is a sum of these."""

_NOTHING = 1e-6

Key = tuple[str, str]
"""A dimension and the value in it."""

WHOLE: Key = ("", "")

_BESIDE: dict[str | None, tuple[str | None, ...]] = {"lawful": (None, "unlawful")}
"""All absence and the unlawful part of it leave, beside the lawful part, the half days that are neither: open or neutral codes.
Where those are few, the lawful part stays out."""


def groups_in_record(absences: Absences, status: str | None, years: Sequence[str]) -> frozenset[Key]:
    """The groups of every dimension that may be shown beside one another over *years*.

    Small is a group of fewer than ten pupils, or with one to four half days of *status*, or one beside which the rest of the
    school has so few; for ``lawful`` also with so few half days that are neither lawful nor unlawful. From the whole school to
    the classes, and from large to small, a group is shown unless a small one would then be a sum of shown groups, added and
    subtracted.

    Args:
        absences: the half days.
        status: as for ``Absences.rate``, or ``late``.
        years: school years.
    """
    import numpy as np

    atoms = _asked(absences, _ATOM, status, years)
    members: dict[Key, list[float]] = {}
    sizes: dict[Key, int] = {}
    counted: dict[Key, list[int]] = {}
    for dimension in ("", *_ATOM):
        by = (dimension,) if dimension else ()
        beside = [_asked(absences, by, other, years) for other in _BESIDE.get(status, ())]
        for place, rate in enumerate(_asked(absences, by, status, years)):
            key = (dimension, rate.key[0]) if by else WHOLE
            members[key] = [float(not by or atom.key[_ATOM.index(dimension)] == key[1]) for atom in atoms]
            sizes[key] = rate.pupils or 0
            missed = rate.missed or 0
            every, *parts = [rates[place].missed or 0 for rates in beside] or [0]
            counted[key] = [missed, every - missed - sum(parts)] if beside else [missed]
    small = [key for key, number in sizes.items() if number < RECORD_RATE_MINIMUM or _few(counted[key])]
    # The whole school is on a card as well, so what is beside a group can be reckoned from it.
    rests = [key for key in members if _few([every - one for every, one in zip(counted[WHOLE], counted[key], strict=True)])]
    order = sorted(
        (key for key in members if key not in small),
        key=lambda key: (_ATOM.index(key[0]) if key[0] else -1, -sizes[key], key),
    )
    shown: list[Key] = []
    # What is left of each small group beside all sums of the shown groups: nothing left means that it follows from them.
    hidden = [members[key] for key in small] + [[1.0 - part for part in members[key]] for key in rests]
    left = np.array(hidden).reshape(len(hidden), len(atoms))
    basis = np.zeros((0, len(atoms)))
    for key in order:
        new = np.array(members[key])
        new = new - basis.T @ (basis @ new)
        length = float(np.linalg.norm(new))
        if length > _NOTHING:
            after = left - np.outer(left @ new, new) / length**2
            if len(after) and float(np.linalg.norm(after, axis=1).min()) < _NOTHING:
                continue
            basis, left = np.vstack([basis, new / length]), after
        shown.append(key)
    return frozenset(shown)


def _few(numbers: Sequence[int]) -> bool:
    return any(0 < number < RECORD_COUNT for number in numbers)


def _asked(absences: Absences, by: tuple[str, ...], status: str | None, years: Sequence[str]) -> list[Rate]:
    if status == "late":
        return list(rates_of(absences.late(by, "none", school_years=years), by, "late_half_days"))
    return list(rates_of(absences.rate(by, status, "none", school_years=years), by))
