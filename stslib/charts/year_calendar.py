"""A school year as a calendar: a row per month, a square per school day, darker where more was missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from stslib.charts.axes import draw_nothing, fit, new_axes, note_below
from stslib.charts.school_year import Holiday, Mark, month_starts
from stslib.charts.shades import Shades, readable_on
from stslib.charts.style import ALERT, INK, LINE, MUTED, SURFACE
from stslib.charts.week_grid import DayRate, bare, draw_day, key
from stslib.text import MONTHS, format_date

_WEEK = 5.45
"""Width of a week: five squares and a little room, where the weekend was."""


def draw_year_calendar(
    days: Sequence[DayRate],
    holidays: Sequence[Holiday] = (),
    *,
    last_day: date | None = None,
    marks: Sequence[Mark] = (),
    width: float = 10.0,
) -> Figure:
    """The *days* by month, weekdays under each other; days without class white, long holidays named.

    Args:
        days: the class days that were counted; a day of the weekend is refused.
        holidays: long ones and loose free days.
        last_day: the last day that the figures know; it gets a frame.
        marks: days that something began (the plan, an action); each gets a corner, and is named below.
        width: inches.

    Raises:
        ValueError: a day of the weekend, or twice the same day.
    """
    if not days:
        return draw_nothing(width=width)
    by_day = {one.day: one.rate for one in days}
    if len(by_day) != len(days) or any(day.weekday() > 4 for day in by_day):
        raise ValueError("each class day once, none in a weekend")
    months = month_starts(min(by_day), max(by_day))
    figure, axes = new_axes(width, 1.6 + 0.44 * len(months) + (0.2 * len(marks) if marks else 0.0))
    shades = Shades.of([rate for rate in by_day.values() if rate is not None])
    free = {
        holiday.first + timedelta(days=step): holiday
        for holiday in holidays
        for step in range((holiday.last - holiday.first).days + 1)
    }
    small = width < 9.0
    for row, month in enumerate(months):
        _draw_month(axes, row, month, by_day, free, shades, small)
    for day, edge in [(mark.day, ALERT) for mark in marks] + ([(last_day, INK)] if last_day else []):
        if day.replace(day=1) in months and day.weekday() < 5:
            x, y = _place(day), months.index(day.replace(day=1))
            axes.add_patch(Rectangle((x, y), 1, 1, fill=False, edgecolor=edge, lw=2.4, zorder=4, gid=f"frame:{day}"))
    axes.set_xlim(0, 6 * _WEEK)
    axes.set_ylim(len(months), 0)
    axes.set_yticks([row + 0.5 for row in range(len(months))], [MONTHS[month.month - 1] for month in months])
    axes.set_xticks(
        [week * _WEEK + weekday + 0.5 for week in range(6) for weekday in range(5)],
        ["m", "d", "w", "d", "v"] * 6,
        color=MUTED,
        fontsize="small",
    )
    bare(axes)
    extra = [Patch(facecolor=SURFACE, edgecolor=INK, lw=2, label=f"laatste dag: {format_date(last_day)}")] if last_day else []
    key(axes, shades, by_day, "geen les", extra)
    told = [f"{mark.label} ({format_date(mark.day)})" for mark in sorted(marks, key=lambda mark: mark.day)]
    note_below(axes, "", f"Rood omkaderd: {'; '.join(told)}" if told else "")
    return fit(figure, axes)


def _place(day: date) -> float:
    """How far right *day* stands in the row of its month."""
    week, _ = divmod(day.day - 1 + day.replace(day=1).weekday(), 7)
    return week * _WEEK + day.weekday()


def _draw_month(
    axes: Axes,
    row: int,
    month: date,
    by_day: dict[date, float | None],
    free: dict[date, Holiday],
    shades: Shades,
    small: bool,
) -> None:
    runs: list[tuple[Holiday, float, float]] = []
    day = month
    while day.month == month.month:
        if day.weekday() < 5:
            x = _place(day)
            if day in by_day:
                rate = by_day[day]
                draw_day(axes, x, row, rate, shades, 0.05)
                if not small:
                    ink = INK if rate is None else readable_on(shades.paint(rate))
                    told = axes.text(
                        x + 0.5, row + 0.52, str(day.day), ha="center", va="center", color=ink, fontsize=8, zorder=3
                    )
                    if rate is None:
                        told.set_bbox({"facecolor": SURFACE, "edgecolor": "none", "pad": 1})
            else:
                axes.add_patch(Rectangle((x + 0.05, row + 0.05), 0.9, 0.9, facecolor=SURFACE, edgecolor=LINE, lw=0.8, zorder=1))
                if day in free:
                    holiday = free[day]
                    before = runs.pop() if runs and runs[-1][0] is holiday else (holiday, x, x)
                    runs.append((holiday, before[1], x + 1))
        day += timedelta(days=1)
    for holiday, left, right in runs:
        if right - left >= 2.5 and holiday.is_long:
            told = axes.text(
                (left + right) / 2, row + 0.52, holiday.short, ha="center", va="center", color=MUTED,
                fontsize=8 if small else "small", zorder=3,
            )  # fmt: skip
            told.set_bbox({"facecolor": SURFACE, "edgecolor": "none", "pad": 1})
