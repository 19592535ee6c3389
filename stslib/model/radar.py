"""The self-scores of one phase as something to draw: fixed axes, fixed 0 to 10, a gap for what has no number."""

from __future__ import annotations

from stslib.model.base import Frozen
from stslib.model.session import Score


class ScoreSeries(Frozen):
    """The scores of one session on the axes of a radar; only a number is drawn.

    ``aspect`` is what the scores measure, where an instrument measures more than one thing (draaglast, draagkracht).
    """

    label: str
    scores: tuple[Score, ...]
    current: bool = False
    aspect: str = ""

    def values(self) -> tuple[int | None, ...]:
        """The numbers, None where the score is not one (weet niet, niet van toepassing, niet besproken)."""
        return tuple(score if isinstance(score, int) else None for score in self.scores)


class Radar(Frozen):
    """One phase of one instrument: axes in fixed order, earlier sessions first, the current one last.

    Sections that do not apply to the school have no axis at all. ``targets`` runs along ``axes``. With aspects there is one
    series per aspect and session, aspects in the instrument's order inside each session.
    """

    title: str
    axes: tuple[str, ...]
    series: tuple[ScoreSeries, ...]
    targets: tuple[int | None, ...]

    @property
    def current(self) -> ScoreSeries:
        """The session that is open."""
        return self.series[-1]

    def mean(self) -> float | None:
        """Mean of the current numbers; None when there is none."""
        numbers = [value for value in self.current.values() if value is not None]
        return sum(numbers) / len(numbers) if numbers else None
