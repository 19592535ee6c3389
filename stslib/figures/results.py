"""Results of the indicators as values for pictures and tables: every kind of missing is None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stslib.charts.distribution import Band, Carried
from stslib.charts.funnel import FunnelLimit, FunnelPoint, Outside
from stslib.charts.run_chart import RunPoint, Signal
from stslib.charts.school_year import Mark
from stslib.charts.spells import SpellLength
from stslib.charts.years import YearLine
from stslib.figures.frames import Rate, share_or_none, whole_or_none

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of *frame* by column name."""
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def rate_of(row: Row) -> Rate:
    """The rate and interval of a row, without its counts."""
    return Rate(
        (), None, None, share_or_none(row["rate"]), share_or_none(row["rate_low"]), share_or_none(row["rate_high"]), None
    )


def told(value: object) -> str:
    """A text cell; nothing where it is missing."""
    return value if isinstance(value, str) else ""


def yes(value: object) -> bool:
    """A yes-or-no cell; missing is no."""
    return value is True or (share_or_none(value) or 0.0) == 1.0


def carried_of(rows: Sequence[Row]) -> list[Carried]:
    """The curve of ``Absences.distribution``; the point where nobody carries nothing is left out."""
    points = [(share_or_none(row["share_of_pupils"]), share_or_none(row["share_of_half_days"])) for row in rows]
    return [Carried(pupils, half_days) for pupils, half_days in points if pupils]


def bands_of(rows: Sequence[Row]) -> list[Band]:
    """The bands of ``Absences.bands``."""
    return [Band(told(row["band"]), whole_or_none(row["pupils_in_band"])) for row in rows]


def lengths_of(rows: Sequence[Row]) -> list[SpellLength]:
    """The lengths of ``Absences.spells``; the long ones, which are in the other rows as well, apart."""
    return [SpellLength(told(row["length"]), whole_or_none(row["spells"]), yes(row["apart"])) for row in rows]


def year_lines_of(rows: Sequence[Row]) -> list[YearLine]:
    """The years of ``Absences.compare`` that can be laid beside the newest one."""
    years: dict[str, list[Row]] = {}
    for row in rows:
        if yes(row.get("comparable", True)) and whole_or_none(row["school_day"]) is not None:
            years.setdefault(str(row["school_year"]), []).append(row)
    return [
        YearLine(
            name,
            tuple((whole_or_none(row["school_day"]) or 0, share_or_none(row["rate"])) for row in found),
            current=any(yes(row.get("newest")) for row in found),
        )
        for name, found in years.items()
    ]


def run_points_of(rows: Sequence[Row]) -> list[RunPoint]:
    """The weeks of ``Absences.run_chart``."""
    points = []
    for row in rows:
        signal: Signal = "outside" if told(row["outside"]) else "run" if yes(row["run_of_eight"]) else ""
        points.append(
            RunPoint(
                row["monday"], share_or_none(row["rate"]), share_or_none(row["limit_low"]), share_or_none(row["limit_high"]),
                signal if share_or_none(row["rate"]) is not None else "", yes(row["provisional"]),
            )
        )  # fmt: skip
    return points


def run_marks_of(rows: Sequence[Row]) -> list[Mark]:
    """What began in a week of ``Absences.run_chart``."""
    return [Mark(row["monday"], text) for row in rows for text in told(row.get("marks")).split("; ") if text]


def funnel_points_of(rows: Sequence[Row], by: Sequence[str]) -> list[FunnelPoint]:
    """The groups of ``Absences.funnel``."""
    points = []
    for row in rows:
        found = told(row["outside"])
        outside: Outside = "99.8" if found == "99.8" else "95" if found == "95" else ""
        label = " ".join(str(row[name]) for name in by)
        rate = share_or_none(row["rate"])
        points.append(
            FunnelPoint(label, whole_or_none(row["half_days_possible"]) or 0, rate, outside if rate is not None else "")
        )
    return points


def funnel_limits_of(rows: Sequence[Row]) -> list[FunnelLimit]:
    """The limits of ``Absences.funnel`` as smooth lines; none where they cannot be given."""
    from stslib.absences.indicators.funnel import curve

    sized = [row for row in rows if share_or_none(row["low_95"]) is not None and whole_or_none(row["half_days_possible"])]
    if not sized:
        return []
    sizes = [whole_or_none(row["half_days_possible"]) or 0 for row in sized]
    rate, factor = share_or_none(sized[0]["all_rate"]), share_or_none(sized[0]["overdispersion"])
    if rate is None or factor is None:
        return []
    lines = curve(rate, factor, max(1, round(min(sizes) * 0.6)), round(max(sizes) * 1.06))
    names = ("half_days_possible", "low_95", "high_95", "low_998", "high_998")
    return [FunnelLimit(*values) for values in zip(*(lines[name] for name in names), strict=True)]
