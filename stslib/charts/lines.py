"""Weeks of a school year as a line, the holidays shaded, earlier years lighter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from stslib.charts.axes import draw_nothing, fit, new_axes, note_below, percent_axis, quiet_frame
from stslib.charts.school_year import Holiday, Mark, above, draw_marks, month_axis, shade_holidays
from stslib.charts.style import ACCENT, EARLIER
from stslib.text import format_number


@dataclass(frozen=True)
class Week:
    """One week by its Monday. ``value`` None: no class that week, or not to be shown. ``low`` and ``high``: 95 % interval."""

    monday: date
    value: float | None
    low: float | None = None
    high: float | None = None
    provisional: bool = False


@dataclass(frozen=True)
class WeekSeries:
    """The weeks of one school year; an earlier year is laid under the *current* one, week by week."""

    label: str
    weeks: tuple[Week, ...]
    current: bool = False


def draw_weeks(
    series: Sequence[WeekSeries],
    holidays: Sequence[Holiday],
    *,
    axis_label: str,
    percentages: bool = True,
    marks: Sequence[Mark] = (),
    width: float = 10.0,
) -> Figure:
    """One line per school year, the current one strong with its interval; *holidays* are those of the current year.

    A gap in the line is a week without class days. Provisional weeks are drawn with open marks; *marks* (the plan, actions)
    are lines with their name or, when there are several, a number that the text below explains.
    """
    if not any(one.weeks for one in series):
        return draw_nothing(width=width)
    series = [one for one in series if one.weeks]
    figure, axes = new_axes(width, 4.6 + (0.5 + 0.2 * len(marks) if marks else 0.0))
    now = next((one for one in series if one.current), series[-1])
    start = now.weeks[0].monday
    values = [week.high or week.value or 0 for week in now.weeks] + [week.value or 0 for one in series for week in one.weeks]
    end = max(one.weeks[-1].monday + (_first_monday(now) - _first_monday(one)) for one in series) + timedelta(days=6)
    axes.set_xlim(-4, (end - start).days + 3)

    def place(day: date) -> float:
        return (day - start).days

    shade_holidays(axes, holidays, place)
    for one in series:
        if one is now:
            continue
        shift = _first_monday(now) - _first_monday(one)
        for number, run in enumerate(_runs(one.weeks)):
            places = [place(week.monday + shift) + 2 for week in run]
            axes.plot(
                places, [week.value or 0.0 for week in run], color=EARLIER, lw=1.6, ls=(0, (5, 2)), alpha=0.85, zorder=2,
                label=one.label if number == 0 else None,
            )  # fmt: skip
    for number, run in enumerate(_runs(now.weeks)):
        places = [place(week.monday) + 2 for week in run]
        if all(week.low is not None for week in run):
            low, high = [week.low or 0 for week in run], [week.high or 0 for week in run]
            axes.fill_between(places, low, high, color=ACCENT, alpha=0.16, lw=0, zorder=2)
        axes.plot(
            places, [week.value or 0.0 for week in run], color=ACCENT, lw=2.8, marker="o", ms=5, zorder=4,
            label=now.label if number == 0 else None,
        )  # fmt: skip
        loose = [(place, week.value or 0.0) for place, week in zip(places, run, strict=True) if week.provisional]
        if loose:
            at, level = zip(*loose, strict=True)
            axes.plot(at, level, ls="", marker="o", ms=5.5, mfc="white", mec=ACCENT, mew=1.8, zorder=5, label="voorlopig")
    month_axis(axes, start, end, place)
    axes.set_ylim(0, (max(values) or 0.01) * 1.08)
    if percentages:
        percent_axis(axes.yaxis)
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    rows, told = draw_marks(axes, marks, place)
    if told:
        note_below(axes, "", told)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=above(axes, rows), ncols=4, frameon=False, borderaxespad=0.3,
        handlelength=2.6,
    )  # fmt: skip
    return fit(figure, axes)


def _first_monday(one: WeekSeries) -> date:
    first = one.weeks[0].monday
    return first - timedelta(days=first.weekday())


def _runs(weeks: Sequence[Week]) -> list[list[Week]]:
    """Stretches of weeks that follow each other and have a value."""
    runs: list[list[Week]] = [[]]
    for week in weeks:
        if week.value is None or (runs[-1] and (week.monday - runs[-1][-1].monday).days > 7):
            runs.append([])
        if week.value is not None:
            runs[-1].append(week)
    return [run for run in runs if run]
