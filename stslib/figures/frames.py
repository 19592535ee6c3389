"""Indicators as plain values: each asked once for all cards of a page, hidden cells as None."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.analysis import Absences
    from stslib.absences.counted import Counted
    from stslib.absences.disclosure import Why
    from stslib.model.figure import Explanation

Policy = Literal["none", "room", "record"]

SMALLEST_GROUP = 5
"""Pupils; source: the minimum group of the ``room`` and ``record`` policies."""


@dataclass(frozen=True)
class Rate:
    """One group of one indicator. Every number is None where the group may not be shown."""

    key: tuple[str, ...]
    missed: int | None
    possible: int | None
    rate: float | None
    low: float | None
    high: float | None
    pupils: int | None

    @property
    def shown(self) -> bool:
        """Whether there is a rate to show."""
        return self.rate is not None

    def differs_from(self, other: Rate) -> bool:
        """Whether the two 95 % intervals do not meet and the rates are at least a tenth apart.

        The tenth is there because half days of one pupil come in runs, so that an interval that counts half days is too narrow.
        """
        if self.rate is None or other.rate is None or self.low is None or self.high is None:
            return False
        if other.low is None or other.high is None:
            return False
        apart = self.low > other.high or self.high < other.low
        return apart and not (other.rate / 1.1 < self.rate < other.rate * 1.1)

    def above(self, other: Rate) -> bool:
        """``differs_from``, and higher."""
        return self.differs_from(other) and (self.rate or 0) > (other.rate or 0)


@dataclass(frozen=True)
class Limit:
    """How many pupils reached one threshold, and how many are near it; None is a number that may not be shown."""

    id: str
    rule: str
    value: int | None
    unit: str
    over: int | None
    near: int | None
    pupils: int | None


@dataclass(frozen=True)
class Filters:
    """Which half days a figure is about, beside its status and school year. Nothing given is everything."""

    dimension: str = ""
    """``level``, ``grade``, ``year``, ``stream`` or ``class``; empty is the whole school."""
    value: str = ""
    first: date | None = None
    last: date | None = None
    late: bool = False
    """Late arrivals instead of half days missed."""
    marks: tuple[tuple[date, str], ...] = ()
    """Days that something began, to be drawn in figures by week and in the calendar; they limit nothing."""

    def asked(self, school_year: str) -> dict[str, Any]:
        """The arguments that ``Absences`` wants for it."""
        asked: dict[str, Any] = {}
        if self.dimension:
            asked["where"] = {self.dimension: [self.value]}
        if self.first or self.last:
            start = int(school_year[:4])
            asked["period"] = (self.first or date(start, 9, 1), self.last or date(start + 1, 8, 31))
        return asked


_IN_HALF_DAYS = ("halve dagen", "half days", "procent")
"""How the unit of a rule on half days begins; rules on calendar days in a row are with the spells."""


class Frames:
    """The indicators of one school year under one policy; remembers what was asked.

    Args:
        absences: the stored half days.
        policy: the disclosure policy of everything that comes out.
        status: count only this status (``unlawful``, ``lawful``, ``open``); None counts every absence.
        school_year: the year that the figures are about; None is the newest.
        filters: which part of the school and of the year.
    """

    def __init__(
        self,
        absences: Absences,
        policy: Policy,
        status: str | None = None,
        *,
        school_year: str | None = None,
        filters: Filters | None = None,
    ) -> None:
        self.absences = absences
        self.policy = policy
        self.status = status
        self.school_year = school_year or absences.school_years[-1]
        self.filters = filters or Filters()
        # Other pupils sit in a class next year, and a period lies in one school year.
        alone = self.filters.dimension == "class" or "period" in self.filters.asked(self.school_year)
        self.earlier_years = () if alone else tuple(year for year in absences.school_years if year < self.school_year)
        self._rates: dict[tuple[str, tuple[str, ...], str | None, str], tuple[Rate, ...]] = {}
        self._why: dict[tuple[str, tuple[str, ...], str | None, str], set[Why]] = {}
        self._thresholds: list[dict[str, object]] | None = None

    def rate(self, by: Sequence[str] = (), status: str | None = None, *, school_year: str | None = None) -> tuple[Rate, ...]:
        """Share of possible half days missed, per group, in one school year (this one unless named)."""
        if self.filters.late:
            return self.late(by, school_year=school_year)
        return self._asked("rate", tuple(by), status or self.status, school_year or self.school_year)

    def late(self, by: Sequence[str] = (), *, school_year: str | None = None) -> tuple[Rate, ...]:
        """Half days with a late arrival as a share of possible half days; ``missed`` counts the late arrivals."""
        return self._asked("late", tuple(by), None, school_year or self.school_year)

    def total(self, status: str | None = None) -> Rate:
        """The whole school in this school year."""
        return self._only(self.rate((), status))

    def total_late(self) -> Rate:
        """All late arrivals of this school year."""
        return self._only(self.late())

    def limits(self) -> tuple[Limit, ...]:
        """The thresholds on half days of this school year that can be told, in the order of the table in content."""
        return tuple(
            Limit(
                str(row["threshold"]), str(row["rule"]), whole_or_none(row["value"]), str(row["unit"]),
                whole_or_none(row["pupils_over"]), whole_or_none(row["pupils_near"]), whole_or_none(row["pupils"]),
            )
            for row in self._rules()
            if row["determinable"] and str(row["unit"]).startswith(_IN_HALF_DAYS)
        )  # fmt: skip

    def untold_rules(self) -> dict[str, list[str]]:
        """Why some rules of this school year cannot be told -> those rules."""
        found: dict[str, list[str]] = {}
        for row in self._rules():
            if not row["determinable"]:
                found.setdefault(str(row["why_not"]), []).append(str(row["rule"]))
        return found

    def _rules(self) -> list[dict[str, object]]:
        if self._thresholds is None:
            where = self.filters.asked(self.school_year).get("where")
            frame = self.absences.thresholds(self.policy, school_years=[self.school_year], where=where, every_rule=True)
            self._thresholds = _records(frame)
        return self._thresholds

    def explain(
        self, by: Sequence[str] = (), status: str | None = None, measure: str = "rate", years: Sequence[str] | None = None
    ) -> tuple[Explanation, ...]:
        """What the indicator itself says about codes, period, possible half days, excluded rows and pupils."""
        measure = "late" if self.filters.late and measure == "rate" else measure
        counted = (status or self.status) if measure not in ("late", "thresholds") else None
        return self.absences.explain(
            by, counted, self.policy, measure=measure, school_years=years or [self.school_year], **self._part
        )

    def result(self, name: str, **asked: Any) -> Counted:
        """What the method *name* of ``Absences`` answers of this part, for this status and policy; *asked* goes before."""
        counted = "late" if self.filters.late else self.status
        arguments = {"status": counted, "disclosure": self.policy, "school_years": [self.school_year], **self._part, **asked}
        found: Counted = getattr(self.absences, name)(**{key: value for key, value in arguments.items() if value is not None})
        return found

    def up_to_this_year(self) -> Absences:
        """The half days of this school year and those it can be set beside."""
        years = (*self.earlier_years, self.school_year)
        if years == self.absences.school_years:
            return self.absences
        return self.absences.with_facts([facts for facts in self.absences.facts if facts.school_year in years])

    @property
    def _part(self) -> dict[str, Any]:
        return self.filters.asked(self.school_year)

    @property
    def whole(self) -> str:
        """What the figure is about when it is about all of it, in a sentence."""
        return "de hele groep" if self.filters.dimension else "de hele school"

    def _asked(self, measure: str, by: tuple[str, ...], status: str | None, school_year: str) -> tuple[Rate, ...]:
        asked = (measure, by, status, school_year)
        if asked not in self._rates:
            others, self.absences.hidden_for = self.absences.hidden_for, set()
            if measure == "late":
                frame = self.absences.late(by, self.policy, school_years=[school_year], **self._part)
                self._rates[asked] = tuple(rates_of(frame, by, "late_half_days"))
            else:
                frame = self.absences.rate(by, status, self.policy, school_years=[school_year], **self._part)
                self._rates[asked] = tuple(rates_of(frame, by))
            self._why[asked], self.absences.hidden_for = self.absences.hidden_for, others
        self.absences.hidden_for |= self._why[asked]
        return self._rates[asked]

    @staticmethod
    def _only(rates: tuple[Rate, ...]) -> Rate:
        return rates[0] if rates else Rate((), None, None, None, None, None, None)


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def rates_of(frame: pd.DataFrame, by: Sequence[str], missed: str = "half_days_missed") -> Iterator[Rate]:
    """The rows of an indicator as values, keyed by their columns *by*."""
    for row in _records(frame):
        yield Rate(
            tuple(str(row[column]) for column in by), whole_or_none(row[missed]), whole_or_none(row["half_days_possible"]),
            share_or_none(row["rate"]), share_or_none(row["rate_low"]), share_or_none(row["rate_high"]),
            whole_or_none(row.get("pupils")),
        )  # fmt: skip


def share_or_none(value: object) -> float | None:
    """None for every kind of missing: ``pd.NA`` is no float, NaN is not equal to itself."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return None if number != number else number


def whole_or_none(value: object) -> int | None:
    """A count, or None for every kind of missing."""
    number = share_or_none(value)
    return None if number is None else round(number)
