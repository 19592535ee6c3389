"""Rates as a few shades of one colour with round limits, and a key that says what each shade stands for."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator

from stslib.charts.style import INK
from stslib.text import format_number

LIGHT_TO_DARK = ("#d3e7ef", "#9ec8d8", "#579bb4", "#17607a", "#06303f")
"""Each darker than the one before, for every eye and on a grey print."""

_OUTLIERS = 0.97
"""Above this share of the rates lies what would make all others look alike; it falls in the last shade."""


@dataclass(frozen=True)
class Shades:
    """Which shade a rate (0–1) has: *limits* are the round rates between the shades."""

    limits: tuple[float, ...]
    paints: tuple[str, ...]

    @classmethod
    def of(cls, rates: Sequence[float]) -> Shades:
        """At most five shades that part *rates*; one when they are all the same."""
        ordered = sorted(rates)
        if not ordered:
            return cls((), LIGHT_TO_DARK[1:2])
        low, high = ordered[0], ordered[-1] if len(ordered) < 20 else ordered[int(_OUTLIERS * (len(ordered) - 1))]
        if high <= low:
            return cls((), LIGHT_TO_DARK[0 if low == 0 else 1 : 2 if low else 1])
        steps = MaxNLocator(len(LIGHT_TO_DARK), steps=[1, 2, 5, 10]).tick_values(low, high)
        inner = tuple(round(float(step), 10) for step in steps if low < step - 1e-12 and step < high - 1e-12)
        inner = inner[: len(LIGHT_TO_DARK) - 1] or ((low + high) / 2,)
        spread = [round(place * (len(LIGHT_TO_DARK) - 1) / len(inner)) for place in range(len(inner) + 1)]
        return cls(inner, tuple(LIGHT_TO_DARK[place] for place in spread))

    def paint(self, rate: float) -> str:
        """The colour of *rate*."""
        return self.paints[bisect_right(self.limits, rate + 1e-12)]

    def names(self, only: float = 0.0) -> tuple[str, ...]:
        """What each shade stands for, from light to dark; *only* is the one rate there is when nothing parts them."""
        if not self.limits:
            return (f"{_plain(only, 1)}\u00a0%",)
        decimals = next((d for d in (0, 1) if all(abs(round(x * 100, d) - x * 100) < 1e-7 for x in self.limits)), 2)
        texts = [_plain(limit, decimals) for limit in self.limits]
        middle = [f"{low} – {high}\u00a0%" for low, high in itertools.pairwise(texts)]
        return (f"onder {texts[0]}\u00a0%", *middle, f"{texts[-1]}\u00a0% en meer")


def _plain(rate: float, decimals: int) -> str:
    return format_number(rate * 100, decimals)


def luminance(colour: str) -> float:
    """Relative luminance (0 black, 1 white) as WCAG 2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_on(paint: str) -> str:
    """White or ink, whichever has more contrast on *paint*."""
    return "white" if luminance(paint) < 0.19 else INK
