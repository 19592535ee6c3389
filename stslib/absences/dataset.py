"""One school's half days at rest, and the indicators that are asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stslib.model.absence import AbsenceCode, SchoolYearCalendar, Threshold, WeeklyGrid
from stslib.model.figure import Explanation

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.reading.report import Reading

Policy = Literal["none", "room", "record"]


class Absences:
    """One school's stored half days, with calendar and enrolment. Shows no pupil row, not even in its repr."""

    school: str
    school_years: tuple[str, ...]
    """Oldest first, as ``2025-2026``."""
    provisional_from: date | None
    """From this day on, B and ``-`` may still change (the last fourteen days of the newest export)."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """level, grade, year, stream, class, school_year, month, week, weekday, half, status, code.

        weekday: 1 (Monday) to 5; month: 1 to 12; week: ISO week number; half: VM or NM; what the class file does not say is "onbekend".
        Rows come in order: time in the order of the school year, codes and classes by name.
        """
        raise NotImplementedError

    def rate(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Columns: *by*, half_days_missed, half_days_possible, rate, rate_low, rate_high, pupils; with *disclosure* also suppressed.

        *status* None counts every code that counts as absent. *school_years* None takes all of them.
        With a disclosure policy the numbers are nullable (``Int64``/``Float64``): a hidden cell is ``pd.NA`` and ``suppressed`` is True.
        """
        raise NotImplementedError

    def late(
        self, by: Sequence[str] = (), disclosure: Policy | None = None, *, school_years: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Columns: *by*, late_half_days, late_pupils, half_days_possible, rate, rate_low, rate_high, pupils."""
        raise NotImplementedError

    def thresholds(self, disclosure: Policy | None = None) -> pd.DataFrame:
        """Columns: school_year, threshold (id), rule, value, unit, pupils_over (at or over), pupils_near, pupils."""
        raise NotImplementedError

    def explain(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        measure: Literal["rate", "late", "thresholds"] = "rate",
        school_years: Sequence[str] | None = None,
    ) -> tuple[Explanation, ...]:
        """The lines of "waarom dit getal?": codes, periode, mogelijke halve dagen, niet meegeteld, aantal leerlingen, afscherming."""
        raise NotImplementedError


def store_reading(data: Path, school: str, reading: Reading, *, keep_until: date | None = None) -> StoredVersion:
    """Keep what *reading* found as the newest version of its school year."""
    raise NotImplementedError


class StoredVersion:
    """Where and what was stored."""


def load_absences(
    data: Path,
    school: str,
    *,
    codes: Sequence[AbsenceCode],
    thresholds: Sequence[Threshold],
    calendars: Sequence[SchoolYearCalendar],
    grid: WeeklyGrid | None = None,
    disclosure: Policy = "none",
) -> Absences:
    """The newest version of every school year that is stored for *school*."""
    raise NotImplementedError


def has_absences(data: Path, school: str) -> bool:
    """Whether any figures are stored for *school*."""
    raise NotImplementedError


def drop_link(data: Path, school: str) -> bool:
    """Throw away the link between pupil numbers and pseudonyms; True when there was one."""
    raise NotImplementedError
