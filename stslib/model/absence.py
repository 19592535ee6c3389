"""Absence codes, thresholds, calendars: dated facts that indicators are counted with."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from stslib.model.base import Frozen


class Status(StrEnum):
    """What a code means for counting. ``OPEN``: no reason known yet. ``LATE`` is present, in a measure of its own."""

    UNLAWFUL = "unlawful"
    LAWFUL = "lawful"
    OPEN = "open"
    NEUTRAL = "neutral"
    LATE = "late"
    PRESENT = "present"


class Half(StrEnum):
    """The two halves of a school day: voormiddag, namiddag."""

    MORNING = "VM"
    AFTERNOON = "NM"


class AbsenceCode(Frozen):
    """One code of the official or an older set; ``official`` is the code it counts as today where that differs."""

    code: str
    meaning: str
    status: Status
    absent: bool
    shown_apart: bool = False
    official: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str


class Threshold(Frozen):
    """One rule with a number; ``value`` is None where the number is not public yet."""

    id: str
    rule: str
    value: int | None
    unit: str
    codes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str


class ReferenceFigure(Frozen):
    """A published figure to set beside the school's own as context, never as a norm."""

    id: str
    threshold: str
    """The rule it was counted with: an id of the thresholds."""
    school_year: str
    percent: float
    """Of the pupils of *population*, 0 to 100."""
    population: str
    published: date
    note: str = ""
    source: str


class Period(Frozen):
    """A holiday, both days inclusive."""

    name: str
    first: date
    last: date


class SchoolYearCalendar(Frozen):
    """One school year: its days, its holidays, and the weekly grid of possible half days."""

    school_year: str
    first_day: date
    last_day: date
    holidays: tuple[Period, ...]
    source: str


class WeeklyGrid(Frozen):
    """Which halves are school time, Monday to Friday; the default has no Wednesday afternoon."""

    monday: tuple[Half, ...] = (Half.MORNING, Half.AFTERNOON)
    tuesday: tuple[Half, ...] = (Half.MORNING, Half.AFTERNOON)
    wednesday: tuple[Half, ...] = (Half.MORNING,)
    thursday: tuple[Half, ...] = (Half.MORNING, Half.AFTERNOON)
    friday: tuple[Half, ...] = (Half.MORNING, Half.AFTERNOON)

    def days(self) -> tuple[tuple[Half, ...], ...]:
        """Five tuples of halves, Monday first."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)
