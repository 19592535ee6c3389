"""What one look at one school year knows of every pupil, as plain counts, and from when on something is a signal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import narwhals as nw
from pydantic import Field

from stslib.absences.indicators.dimensions import SCHOOL, keep_expression
from stslib.absences.signals import patterns
from stslib.absences.signals.patterns import Scope
from stslib.absences.signals.pupils import Signal
from stslib.absences.tables import Table
from stslib.model.absence import AbsenceCode, Status
from stslib.model.base import Frozen

Pupil = tuple[str, Any]
"""School ("" for one alone) and pseudonym."""


class Spell(NamedTuple):
    """One unbroken absence."""

    first_slot: int
    half_days: int
    school_days: int
    school_day: int
    """The class day of the year on which it began."""
    recent: int

    @property
    def last_school_day(self) -> int:
        """The class day of the year on which it ended."""
        return self.school_day + self.school_days - 1


class SignalRules(Frozen):
    """From when on something is a signal; every number can be changed.

    Source: "Signals per pupil" in the design of this program; ``chronic_rate`` is ``chronisch-10`` in content/drempels.yaml.
    """

    least_absences: int = Field(default=6, ge=1)
    """Half days (or late days) that a comparison with the own base needs at least."""
    false_discovery: float = Field(default=0.10, gt=0, lt=1)
    """Per kind of signal and school: the share of the signals that may be chance, on average."""
    moment_ratio: float = Field(default=1.5, ge=1)
    """A fixed time is at least so many times the own base, after shrinking."""
    growth_ratio: float = Field(default=2.0, ge=1)
    """The rate of the last weeks is at least so many times that of before."""
    recent_weeks: int = Field(default=4, ge=1)
    """School weeks that count as the last ones; as many must lie before them."""
    spell_days: int = Field(default=3, ge=1)
    """School days of an absence after which a return is looked at."""
    again_within: int = Field(default=5, ge=1)
    """School days after the end of such an absence."""
    short_days: int = Field(default=2, ge=1)
    """School days of a short absence at most."""
    short_spells: int = Field(default=5, ge=1)
    """So many of them are many."""
    chronic_rate: float = Field(default=0.10, gt=0, lt=1)
    """More than this share of the possible half days is a lot."""
    least_possible: int = Field(default=36, ge=1)
    """Possible half days (four weeks) that a share of them needs at least."""


class Found:
    """What one look at one school year knows of every pupil."""

    def __init__(self, scope: Scope, codes: Sequence[AbsenceCode], rules: SignalRules) -> None:
        self.scope = scope
        self.rules = rules
        absent, late = keep_expression(codes, None), keep_expression(codes, Status.LATE)
        halves = self._pairs(absent, ("weekday", "half", "recent"), whole_days=False)
        self.halves = {pupil: times for pupil, times in halves.items() if any(key[2] for key in times)}
        """Of pupils who were enrolled in the last weeks; about who has left there is no conversation left here."""
        self.days = self._pairs(absent, ("weekday", "before", "after", "halves"), whole_days=True)
        self.spells = self._spells(patterns.began(scope, absent))
        self.late = self._counts(patterns.missed_times(scope, late, ("recent",), whole_days=True), "recent")
        self.lawful = self._counts(patterns.lawful_times(scope, absent))
        self.provisional = self._counts(patterns.provisional_times(scope, absent))
        self.classes = self._classes()
        self.possible = {pupil: sum(n for n, _ in times.values()) for pupil, times in self.halves.items()}
        self.missed = {pupil: sum(n for _, n in times.values()) for pupil, times in self.halves.items()}

    def _rows(self, frame: Table, *names: str) -> list[tuple[Any, ...]]:
        found = self.scope.collect(frame)
        return list(zip(zip(found[SCHOOL], found["pupil"], strict=True), *(found[name] for name in names), strict=True))

    def _spells(self, frame: Table) -> dict[Pupil, list[Spell]]:
        result: dict[Pupil, list[Spell]] = defaultdict(list)
        for pupil, *values in self._rows(frame, *Spell._fields):
            result[pupil].append(Spell(*values))
        return {pupil: sorted(many) for pupil, many in result.items()}

    def _counts(self, frame: Table, *by: str) -> dict[Pupil, dict[tuple[Any, ...], int]]:
        result: dict[Pupil, dict[tuple[Any, ...], int]] = defaultdict(dict)
        for pupil, count, *key in self._rows(frame, "missed", *by):
            result[pupil][tuple(key)] = count
        return result

    def _pairs(
        self, keep: nw.Expr, by: Sequence[str], *, whole_days: bool
    ) -> dict[Pupil, dict[tuple[Any, ...], tuple[int, int]]]:
        """Pupil -> time -> possible and missed."""
        possible = patterns.possible_times(self.scope, by, whole_days=whole_days)
        missed = self._counts(patterns.missed_times(self.scope, keep, by, whole_days=whole_days), *by)
        result: dict[Pupil, dict[tuple[Any, ...], tuple[int, int]]] = defaultdict(dict)
        for pupil, count, *key in self._rows(possible, "possible", *by):
            result[pupil][tuple(key)] = (count, missed.get(pupil, {}).get(tuple(key), 0))
        return result

    def _classes(self) -> dict[Pupil, str]:
        stays = sorted(self._rows(patterns.stays(self.scope), "first", "class"), key=lambda row: (row[0], row[1]))
        ends = self.scope.until
        return {pupil: name for pupil, first, name in stays if first <= ends.get(pupil[0], date.max)}

    def schools(self) -> list[str]:
        """By name."""
        return sorted({school for school, _ in self.halves})

    def of_school(self, school: str) -> list[Pupil]:
        """The pupils of one school."""
        return sorted(pupil for pupil in self.halves if pupil[0] == school)

    def signal(
        self, kind: str, pupil: Pupil, measure: Mapping[str, Any], comparison: str, question: str, **more: Any
    ) -> Signal:
        """A signal with what every signal of this pupil has."""
        open_yet = sum(self.provisional.get(pupil, {}).values())
        class_name = self.classes.get(pupil, "")
        return Signal(kind, *pupil, class_name, dict(measure), comparison, question, provisional=open_yet, **more)
