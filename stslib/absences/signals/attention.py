"""An order of attention, after the four suggestions of the prevention plan: points that everybody can add up again.

The order says with whom to start a conversation when there is not time for all at once. It is no measure of a pupil.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field

from stslib.absences.indicators.dimensions import SCHOOL, UNKNOWN, keep_expression
from stslib.absences.signals import patterns
from stslib.absences.signals.patterns import Scope
from stslib.absences.signals.pupils import LiveList, LiveOnly
from stslib.absences.tables import Table, Tables
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode
from stslib.model.base import Frozen
from stslib.model.source import Source
from stslib.text import format_number, format_percent

if TYPE_CHECKING:
    import pandas as pd

SOURCE = Source(document="preventieplan-afwezigheden", part="Fase 1, doelstelling 2")

PARTS = {
    "younger": "Jonger",
    "hard_to_reach": "Ouders moeilijk te bereiken",
    "speed": "Afwezigheden stapelen zich snel op",
    "risk": "Gekende risicofactoren",
}
"""Id of a part of the points -> its name on a page, in the order of the plan."""

NOTES = (
    "Leeftijd wordt niet bewaard: ‘jonger’ is hier een lager leerjaar volgens het klassenbestand.",
    "Of ouders moeilijk te bereiken zijn en of er risicofactoren zijn, duidt de school zelf aan; de cijfers weten het niet.",
    "Het plan geeft de vier suggesties geen gewicht. Hier wegen ze even zwaar, tot jullie dat veranderen.",
)
"""What stands under every order."""

_LEVELS = ("kleuter", "basis", "lager", "secundair")


class Weights(Frozen):
    """How heavily each suggestion weighs: points that a pupil gets for it at most. The plan gives none, so all are alike."""

    younger: float = Field(default=1.0, ge=0, le=10)
    hard_to_reach: float = Field(default=1.0, ge=0, le=10)
    speed: float = Field(default=1.0, ge=0, le=10)
    risk: float = Field(default=1.0, ge=0, le=10)
    speed_full_at: float = Field(default=0.25, gt=0, le=1)
    """Share of the possible half days of the last school weeks, missed, that gives all points for speed."""
    least_half_days: int = Field(default=5, ge=1)
    """Pupils with fewer missed half days in the school year have no place in the order."""
    recent_weeks: int = Field(default=4, ge=1)
    """School weeks that count as the last ones."""


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Part(LiveOnly):
    """What one suggestion adds to the points of one pupil."""

    part: str
    """Id, a key of ``PARTS``."""
    seen: str
    """Dutch: what was seen."""
    share: float
    """0 to 1."""
    weight: float

    @property
    def points(self) -> float:
        """The share of the weight."""
        return self.share * self.weight


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Attention(LiveOnly):
    """The place of one pupil in the order."""

    rank: int
    """From 1; pupils with equal points share a rank."""
    school: str
    pupil: int | str
    """Pseudonym."""
    class_name: str
    parts: tuple[Part, ...]
    """One per key of ``PARTS``, in that order."""
    half_days_missed: int
    """In the school year."""

    @property
    def points(self) -> float:
        """The sum of the parts."""
        return sum(part.points for part in self.parts)


class AttentionList(LiveList):
    """Pupils in an order of attention. Made by ``rank_attention``."""

    __slots__ = ("most", "unknown_ticks")

    def __init__(self, rows: Sequence[Attention], *, examined: int, school_year: str, most: float, unknown_ticks: int) -> None:
        super().__init__(rows, examined=examined, school_year=school_year)
        self.most = most
        """The most points that there are."""
        self.unknown_ticks = unknown_ticks
        """Ticks for pseudonyms that are not enrolled in this school year."""

    def rows(self) -> tuple[Attention, ...]:
        """The order, for a live page. It must not be logged, kept or put in a URL."""
        return super().rows()

    @property
    def notes(self) -> tuple[str, ...]:
        """Dutch: what the order does not know, to show with it."""
        if not self.unknown_ticks:
            return NOTES
        how = "1 aangevinkte leerling is" if self.unknown_ticks == 1 else f"{self.unknown_ticks} aangevinkte leerlingen zijn"
        return (*NOTES, f"{how} in schooljaar {self.school_year} niet ingeschreven en telt niet mee; vink opnieuw aan.")

    def to_frame(self) -> pd.DataFrame:
        """Every place as a row, **with pseudonyms**: asked for on purpose, by a colleague who keeps it to himself.

        Returns:
            ``rank``, ``school``, ``pupil``, ``class``, ``half_days_missed``, ``points`` and the points per key of ``PARTS``.
        """
        import pandas as pd

        rows = self.rows()
        return pd.DataFrame(
            {
                "rank": pd.Series([row.rank for row in rows], dtype="int64"),
                "school": pd.Series([row.school for row in rows], dtype="object"),
                "pupil": pd.Series([row.pupil for row in rows], dtype="object"),
                "class": pd.Series([row.class_name for row in rows], dtype="object"),
                "half_days_missed": pd.Series([row.half_days_missed for row in rows], dtype="int64"),
                "points": pd.Series([row.points for row in rows], dtype="float64"),
                **{
                    name: pd.Series([row.parts[place].points for row in rows], dtype="float64")
                    for place, name in enumerate(PARTS)
                },
            }
        )


def rank_attention(
    tables: Tables,
    codes: Sequence[AbsenceCode],
    *,
    hard_to_reach: Collection[int | str] = (),
    risk: Collection[int | str] = (),
    weights: Weights | None = None,
    school_year: str | None = None,
    until: date | None = None,
    schools: Sequence[str] = (),
) -> AttentionList:
    """Whom to give attention first, after the four suggestions of the prevention plan.

    Points, each from 0 to its weight: *younger*, evenly from the lowest year of study of the school (all) to the highest
    (none); *hard to reach* and *risk*, all for a tick; *speed*, the share of the possible half days of the last school weeks
    that was missed, whatever the code, with all points from ``speed_full_at`` on. Late arrivals are no absence and do not
    count.

    Args:
        tables: the open tables.
        codes: one entry per code.
        hard_to_reach: pseudonyms of pupils whose parents the school ticked as hard to reach.
        risk: pseudonyms of pupils for whom the school ticked known risk factors.
        weights: how heavily each weighs, and who has a place.
        school_year: ``2025-2026``; None is the newest.
        until: the last day that the export covers; None is the last day with a row.
        schools: of several schools, the name of each number in the column ``school``.

    Returns:
        Pupils with ``least_half_days`` or more who were still enrolled in the last weeks, most points first; with equal
        points who missed most in the last weeks, then in the school year.

    Raises:
        DatasetError: no such school year, or all weights are 0.

    Source:
        The prevention plan, phase 1, objective 2: four suggestions, without weights.
    """
    weights = weights or Weights()
    of_parts = {name: float(getattr(weights, name)) for name in PARTS}
    if not any(of_parts.values()):
        raise DatasetError(
            "volgorde van aandacht", "Alle gewichten zijn 0, dus is er geen volgorde.", "Geef minstens één onderdeel gewicht."
        )
    scope = patterns.open_scope(tables, school_year, until, weights.recent_weeks, schools=schools)
    absent = keep_expression(codes, None)
    possible = _counts(scope, patterns.possible_times(scope, ("recent",), whole_days=False), "possible")
    missed = _counts(scope, patterns.missed_times(scope, absent, ("recent",), whole_days=False), "missed")
    stays = _last_stays(scope)
    places = {
        school: _places(stay for pupil, stay in stays.items() if pupil[0] == school)
        for school in {school for school, _ in stays}
    }
    scored: list[tuple[tuple[Any, ...], tuple[str, Any], tuple[Part, ...]]] = []
    for pupil, counts in missed.items():
        total = sum(counts.values())
        recent, of = counts.get(1, 0), possible.get(pupil, {}).get(1, 0)
        if total < weights.least_half_days or not of:
            continue
        parts = (
            _younger(stays[pupil], places[pupil[0]], of_parts["younger"]),
            _ticked("hard_to_reach", pupil[1] in hard_to_reach, of_parts["hard_to_reach"]),
            _speed(recent, of, scope.weeks_recent[pupil[0]], weights),
            _ticked("risk", pupil[1] in risk, of_parts["risk"]),
        )
        scored.append(((-round(sum(part.points for part in parts), 9), -recent, -total, pupil), pupil, parts))
    scored.sort(key=lambda row: row[0])
    first = {points: place for place, (points, *_) in reversed(list(enumerate((row[0] for row in scored), start=1)))}
    rows = [Attention(first[key[0]], pupil[0], pupil[1], stays[pupil][2], parts, -key[2]) for key, pupil, parts in scored]
    known = {pupil for _, pupil in stays}
    return AttentionList(
        rows,
        examined=len(stays),
        school_year=scope.school_year,
        most=sum(of_parts.values()),
        unknown_ticks=len({*hard_to_reach, *risk} - known),
    )


def _rows(scope: Scope, frame: Table, *names: str) -> list[tuple[Any, ...]]:
    found = scope.collect(frame)
    return list(zip(zip(found[SCHOOL], found["pupil"], strict=True), *(found[name] for name in names), strict=True))


def _counts(scope: Scope, frame: Table, measure: str) -> dict[tuple[str, Any], dict[int, int]]:
    result: dict[tuple[str, Any], dict[int, int]] = {}
    for pupil, recent, count in _rows(scope, frame, "recent", measure):
        result.setdefault(pupil, {})[recent] = count
    return result


def _last_stays(scope: Scope) -> dict[tuple[str, Any], tuple[str, str, str]]:
    """Pupil -> level, year and class of the last stay that had begun."""
    found = _rows(scope, patterns.stays(scope), "first", "level", "year", "class")
    begun = [row for row in found if row[1] <= scope.until.get(row[0][0], date.min)]
    return {pupil: tuple(stay) for pupil, _, *stay in sorted(begun, key=lambda row: row[:2])}


def _study(level: str, year: str) -> tuple[int, int] | None:
    """The place of a year of study: that of its level, then its number; None when the class file does not say."""
    number = re.search(r"\d+", year)
    if year == UNKNOWN or number is None:
        return None
    known = [place for place, word in enumerate(_LEVELS) if word in level.lower()]
    return (min(known, default=len(_LEVELS)), int(number[0]))


def _places(stays: Any) -> Mapping[tuple[int, int], float]:
    """Year of study -> share of the points: 1 for the lowest of the school, evenly down to 0 for the highest."""
    years = sorted({place for level, year, _ in stays if (place := _study(level, year)) is not None})
    return {year: 1 - number / (len(years) - 1) if len(years) > 1 else 0.0 for number, year in enumerate(years)}


def _younger(stay: tuple[str, str, str], places: Mapping[tuple[int, int], float], weight: float) -> Part:
    level, year, _ = stay
    study = _study(level, year)
    if study is None:
        return Part("younger", "leerjaar niet te bepalen", 0.0, weight)
    seen = f"leerjaar {year}" + ("; de school heeft er maar één" if len(places) == 1 else "")
    return Part("younger", seen, places[study], weight)


def _ticked(part: str, ticked: bool, weight: float) -> Part:
    return Part(part, "aangevinkt door de school" if ticked else "niet aangevinkt", float(ticked), weight)


def _speed(missed: int, possible: int, weeks: int, weights: Weights) -> Part:
    seen = (
        f"{missed} van de {possible} halve dagen in de laatste {weeks} schoolweken ({format_percent(missed / possible, 0)}); "
        f"alle punten vanaf {format_percent(weights.speed_full_at, 0)}"
    )
    return Part("speed", seen, min(1.0, missed / possible / weights.speed_full_at), weights.speed)


def told_points(points: float, most: float) -> str:
    """``2,25 van 4 punten``."""
    return f"{format_number(points, 2)} van {format_number(most, 0 if float(most).is_integer() else 2)} punten"
