"""The figures that a section or a page can ask for: which indicator, which sentence, which picture, which table.

A sentence states what the numbers show, nothing about causes; it calls something higher or lower only where intervals differ.
"""

from __future__ import annotations

from collections.abc import Callable

from stslib.figures.definitions.drawn import STATUS_NAMES as STATUS_NAMES
from stslib.figures.definitions.drawn import Drawn as Drawn
from stslib.figures.definitions.kinds import by_code, by_status
from stslib.figures.definitions.moments import by_weekday_half, by_weekday_week, calendar, late_by_weekday
from stslib.figures.definitions.parts import by_class, by_grade, by_stream, by_year
from stslib.figures.definitions.pupils import bands, distribution, thresholds
from stslib.figures.definitions.spells import spells
from stslib.figures.definitions.tested import funnel_by_class, funnel_by_year, run_chart
from stslib.figures.definitions.weeks import by_week, late_by_week
from stslib.figures.definitions.years import years_compared
from stslib.figures.frames import Frames

DEFINITIONS: dict[str, Callable[[Frames], Drawn]] = {
    "rate_by_status": by_status,
    "rate_by_code": by_code,
    "rate_by_weekday_half": by_weekday_half,
    "rate_by_week": by_week,
    "rate_by_grade": by_grade,
    "rate_by_class": by_class,
    "thresholds": thresholds,
    "late_by_week": late_by_week,
    "rate_by_stream": by_stream,
    "rate_by_year": by_year,
    "rate_by_weekday_week": by_weekday_week,
    "calendar": calendar,
    "late_by_weekday": late_by_weekday,
    "distribution": distribution,
    "bands": bands,
    "spells": spells,
    "years_compared": years_compared,
    "run_chart": run_chart,
    "funnel_by_class": funnel_by_class,
    "funnel_by_year": funnel_by_year,
}
