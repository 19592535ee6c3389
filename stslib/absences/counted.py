"""What an indicator answers: a tidy pandas frame that knows what it is, can explain itself and can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from stslib.model.figure import Explanation

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Asked:
    """What was asked of a school's half days."""

    measure: str
    """``rate``, ``late``, ``thresholds``, ...: the method of ``Absences``."""
    by: tuple[str, ...] = ()
    status: str | None = None
    school_years: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """Dimension and the values that were counted; empty: everybody and all times."""
    period: tuple[date, date] | None = None
    options: tuple[tuple[str, Any], ...] = ()
    """What the measure was asked beside this."""

    def part(self) -> Asked:
        """Only which half days it is about, whatever is counted of them."""
        return Asked("", school_years=self.school_years, where=self.where, period=self.period)


class Counted(pd.DataFrame):
    """A result of ``Absences``: groups as columns, numbers beside them, never a row about one pupil.

    Whatever is made of it (a selection, a sum) is a plain pandas frame.
    """

    _metadata = ["asked", "policy", "school", "_explain"]  # noqa: RUF012  (pandas reads this list)

    asked: Asked
    policy: str
    """The disclosure policy that its numbers went through."""
    school: str
    _explain: Callable[[], tuple[Explanation, ...]]

    drawing: Callable[[Counted], Figure] | None = None
    """How a result becomes a picture; the package that draws sets it, for counting knows nothing of drawing."""

    @classmethod
    def made(
        cls, frame: pd.DataFrame, asked: Asked, *, policy: str, school: str, explain: Callable[[], tuple[Explanation, ...]]
    ) -> Counted:
        """*frame* with what is known of it."""
        counted = cls(frame)
        counted.asked, counted.policy, counted.school, counted._explain = asked, policy, school, explain
        return counted

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    @property
    def measure(self) -> str:
        """The method of ``Absences`` that this answers."""
        return self.asked.measure

    @property
    def by(self) -> tuple[str, ...]:
        """The columns that set groups apart."""
        return self.asked.by

    def explain(self) -> tuple[Explanation, ...]:
        """The lines of "waarom dit getal?"."""
        return self._explain()

    def plot(self) -> Figure:  # type: ignore[override]
        """The picture that fits this result, in the style of the pages.

        Raises:
            RuntimeError: no drawing was set; ``import stslib`` and its own functions do that.
        """
        draw = type(self).drawing
        if draw is None:
            raise RuntimeError("nothing draws yet: load the figures with stslib.load_absences or stslib.read_absences")
        return draw(self)
