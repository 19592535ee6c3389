"""Weeks of a school year as a line, the holidays shaded, earlier years lighter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from stslib.charts.axes import fit, new_axes, percent_axis, quiet_frame
from stslib.charts.style import ACCENT, EARLIER, INK, MUTED
from stslib.text import format_number

_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


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


@dataclass(frozen=True)
class Holiday:
    """A shaded stretch, both days inclusive."""

    name: str
    first: date
    last: date


def draw_weeks(
    series: Sequence[WeekSeries], holidays: Sequence[Holiday], *, axis_label: str, percentages: bool = True
) -> Figure:
    """One line per school year, the current one strong with its interval; *holidays* are those of the current year.

    A gap in the line is a week without class days. Provisional weeks are drawn with open marks.
    """
    figure, axes = new_axes(10.0, 4.6)
    now = next((one for one in series if one.current), series[-1])
    start = now.weeks[0].monday
    values = [week.high or week.value or 0 for week in now.weeks] + [week.value or 0 for one in series for week in one.weeks]
    for holiday in holidays:
        if (holiday.last - holiday.first).days < 4:
            continue
        left, right = _place(start, holiday.first), _place(start, holiday.last)
        axes.axvspan(left, right, color="#e7eaed", lw=0, zorder=0)
        axes.annotate(
            _short(holiday.name), ((left + right) / 2, 1.0), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=MUTED, fontsize="small",
        )  # fmt: skip
    for one in series:
        if one is now:
            continue
        shift = _first_monday(now) - _first_monday(one)
        for number, run in enumerate(_runs(one.weeks)):
            places = [_place(start, week.monday + shift) + 2 for week in run]
            axes.plot(
                places, [week.value or 0.0 for week in run], color=EARLIER, lw=1.6, ls=(0, (5, 2)), alpha=0.85, zorder=2,
                label=one.label if number == 0 else None,
            )  # fmt: skip
    for number, run in enumerate(_runs(now.weeks)):
        places = [_place(start, week.monday) + 2 for week in run]
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
    _months(axes, start, now, series)
    axes.set_ylim(0, (max(values) or 0.01) * 1.08)
    if percentages:
        percent_axis(axes.yaxis)
    else:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.06), ncols=4, frameon=False, borderaxespad=0, handlelength=2.6)
    return fit(figure, axes)


def _short(name: str) -> str:
    """``Herfstvakantie`` as ``herfst``: the shading says that it is one."""
    return name.lower().replace("vakantie", "").strip()


def _place(start: date, day: date) -> int:
    return (day - start).days


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


def _months(axes: Axes, start: date, now: WeekSeries, series: Sequence[WeekSeries]) -> None:
    """A tick on the first of each month that the lines reach."""
    end = max(one.weeks[-1].monday + (_first_monday(now) - _first_monday(one)) for one in series) + timedelta(days=6)
    firsts = []
    month = date(start.year, start.month, 1)
    while month <= end - timedelta(days=8):
        firsts.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    axes.set_xticks([_place(start, day) for day in firsts], [_MONTHS[day.month - 1] for day in firsts], ha="left")
    axes.set_xlim(-4, _place(start, end) + 3)
    for day in firsts:
        axes.axvline(_place(start, day), color="#eef0f1", lw=0.8, zorder=0)
    axes.tick_params(axis="x", colors=INK)
