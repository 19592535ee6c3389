"""How surprising a count is when absences fall at random: exact tails and false discoveries held down.

Nothing here knows of pupils or frames. All tests are one-sided (more than chance) and conditional on how often somebody
was absent at all, so each compares a pupil only with that pupil.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
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


class Surprise(NamedTuple):
    """How surprising something is, and all that it could have been: what false discoveries are held down with."""

    chance: float
    """The smallest chance that was seen; 1.0 for what is no signal in any case."""
    attainable: tuple[tuple[float, ...], ...]
    """Per comparison that was made: the chances that could have been seen, falling."""

    def within(self, limit: float) -> float:
        """At most the chance that any of the comparisons shows *limit* or less, when all is chance.

        An exact Bonferroni: counts attain only some chances, so often much less than *limit* times the comparisons.
        """
        return min(1.0, sum(_largest(chances, limit * _ROUNDING) for chances in self.attainable))


def _largest(chances: Sequence[float], limit: float) -> float:
    """The largest of the falling *chances* that is no larger than *limit*; 0 for none."""
    place = bisect_left(chances, -limit, key=lambda chance: -chance)
    return chances[place] if place < len(chances) else 0.0


def most_striking(moments: Sequence[Moment], least_ratio: float, prior: float) -> tuple[Moment | None, Surprise]:
    """The kind of time that stands out most, and how surprising that is after a look at all of *moments*.

    A kind that is not *least_ratio* times the own base after shrinking does not take part; None when none does.
    """
    attainable = tuple(moment.tail() for moment in moments)
    fit = [moment for moment in moments if moment.possible and moment.shrunk_ratio(prior) >= least_ratio]
    if not fit:
        return None, Surprise(1.0, attainable)
    best = min(fit, key=lambda moment: moment.tail()[moment.missed])
    return best, Surprise(best.tail()[best.missed], attainable)


def late_sizes_tail(sizes: Sequence[int], share: float) -> tuple[float, ...]:
    """Chance that, of periods of these *sizes*, those in the last part of the time add up to k or more, for k from 0.

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
    return tuple(min(1.0, above) for above in reversed(tuple(accumulate(reversed(chances)))))


def adjusted(surprises: Sequence[Surprise], share: float) -> list[float]:
    """A q per surprise: taking all with q up to *share* makes at most that share of them false, on average.

    Benjamini and Hochberg's procedure in the step-down form for discrete tests of Doehler, Durand and Roquain (2018, "New FDR
    bounds for discrete and heterogeneous tests"): it counts what each pupil could have shown, so a school full of pupils
    with a few absences does not drown one with a clear pattern. Holds for pupils that are independent of each other.

    Returns:
        In the order of *surprises*; 1.0 from the first one on that is above *share*.
    """
    order = sorted(range(len(surprises)), key=lambda place: surprises[place].chance)
    result = [1.0] * len(surprises)
    alike = Counter(surprise.attainable for surprise in surprises)
    highest = 0.0
    for rank, place in enumerate(order, start=1):
        limit = surprises[place].chance
        odds = 0.0
        for attainable, pupils in alike.items():
            within = Surprise(limit, attainable).within(limit)
            odds += pupils * (within / (1 - within) if within < 1 else float("inf"))
        highest = max(highest, odds / rank)
        if highest > share:
            break
        result[place] = highest
    return result
