"""How surprising a count is when absences fall at random: exact tails and false discoveries held down.

Nothing here knows of pupils or frames. All tests are one-sided (more than chance) and conditional on how often somebody
was absent at all, so each compares a pupil only with that pupil.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import comb
from typing import NamedTuple

PRIOR_LEAST, PRIOR_MOST = 4.0, 40.0
"""Bounds of the weight of a pupil's own base, in times. At most about one school year of one weekly half day, so that one
clear pattern in a school without any other is not shrunk away."""

_ROUNDING = 1 + 1e-9


Stratum = tuple[int, int, int]
"""Possible times of one sort, those among them that are looked at, and absences at times of this sort."""


@lru_cache(maxsize=8192)
def chances_of(total: int, marked: int, drawn: int) -> tuple[float, ...]:
    """Hypergeometric: the chance of exactly k marked ones among *drawn* of *total*, for k from 0."""
    every = comb(total, drawn)
    return tuple(comb(marked, k) * comb(total - marked, drawn - k) / every for k in range(min(marked, drawn) + 1))


@lru_cache(maxsize=8192)
def tail_of(strata: tuple[Stratum, ...]) -> tuple[float, ...]:
    """The chance of k or more over all *strata* together, for k from 0 up to the most there can be.

    Each stratum keeps its own number of absences, so a kind of day that is easier to miss (one with two halves) does not
    pass for a pattern.
    """
    together = [1.0]
    for stratum in strata:
        chances = chances_of(*stratum)
        following = [0.0] * (len(together) + len(chances) - 1)
        for here, chance in enumerate(together):
            for there, other in enumerate(chances):
                following[here + there] += chance * other
        together = following
    tails = []
    above = 0.0
    for chance in reversed(together):
        above += chance
        tails.append(min(1.0, above))
    return tuple(reversed(tails))


class Moment(NamedTuple):
    """One kind of time of one pupil: how often it was possible and missed, beside all possible and missed times."""

    name: str
    possible: int
    missed: int
    all_possible: int
    all_missed: int
    strata: tuple[Stratum, ...]

    @property
    def rate(self) -> float:
        """Share missed of this kind of time."""
        return self.missed / self.possible if self.possible else 0.0

    @property
    def other_rate(self) -> float:
        """Share missed of all other times."""
        others = self.all_possible - self.possible
        return (self.all_missed - self.missed) / others if others else 0.0

    def shrunk_ratio(self, prior: float) -> float:
        """How many times the own base the rate is, after shrinking it towards that base with weight *prior*."""
        base = self.all_missed / self.all_possible if self.all_possible else 0.0
        return (self.missed + prior * base) / (self.possible + prior) / base if base else 0.0

    def tail(self) -> tuple[float, ...]:
        """The chances of every count that was possible."""
        return tail_of(self.strata)


def prior_weight(moments: Sequence[Moment]) -> float:
    """Empirical Bayes: how heavily a pupil's own base weighs against one kind of time.

    The spread of the rates around each pupil's own base, beyond that of a binomial, gives the intraclass correlation of
    a beta-binomial by moments; little extra spread gives a heavy base. Kept within ``PRIOR_LEAST`` and ``PRIOR_MOST``.
    """
    spread = expected = room = 0.0
    for moment in moments:
        base = moment.all_missed / moment.all_possible
        variance = base * (1 - base)
        spread += (moment.missed - moment.possible * base) ** 2
        expected += moment.possible * variance
        room += moment.possible * (moment.possible - 1) * variance
    correlation = (spread - expected) / room if room else 0.0
    return PRIOR_MOST if correlation <= 0 else min(PRIOR_MOST, max(PRIOR_LEAST, 1 / correlation - 1))


def most_striking(moments: Sequence[Moment], least_ratio: float, prior: float) -> tuple[Moment | None, float]:
    """The kind of time that stands out most, and one chance for having looked at all of *moments*.

    A kind that is not *least_ratio* times the own base after shrinking does not take part. The chance adds up, over the
    kinds, the largest attainable one that is no larger than the smallest seen: an exact form of Bonferroni for counts.

    Returns:
        None and 1.0 when none takes part.
    """
    fit = [moment for moment in moments if moment.possible and moment.shrunk_ratio(prior) >= least_ratio]
    if not fit:
        return None, 1.0
    best = min(fit, key=lambda moment: moment.tail()[moment.missed])
    seen = best.tail()[best.missed] * _ROUNDING
    together = sum(max((chance for chance in moment.tail() if chance <= seen), default=0.0) for moment in moments)
    return best, min(1.0, together)


def late_sizes_tail(sizes: Sequence[int], share: float, seen: int) -> float:
    """Chance that, of periods of these *sizes*, those in the last part of the time add up to *seen* or more.

    Each falls there with chance *share*, apart from the others. With all sizes 1 this is the binomial test of a count
    before and after. Whole periods fall somewhere, not half days, for half days of one illness come together.
    """
    chances = [1.0]
    for size in sizes:
        following = [0.0] * (len(chances) + size)
        for total, chance in enumerate(chances):
            following[total] += chance * (1 - share)
            following[total + size] += chance * share
        chances = following
    return min(1.0, sum(chances[seen:]))


def adjusted(chances: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's q per chance: taking all with q up to 0.1 makes at most a tenth of them false, on average."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    result = [1.0] * len(chances)
    least = 1.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        least = min(least, chances[place] * len(order) / rank)
        result[place] = least
    return result
