"""What pictures over a school year share: holidays, marks on a day, months; and how they stand on an axis of days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation, Transform

from stslib.charts.style import ALERT, INK, MUTED, SURFACE
from stslib.text import format_date

MONTHS_SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
SHADE = "#e7eaed"
"""Behind days without class."""

_ROW = 17.0
"""Points from one row of texts above the axes to the next."""


@dataclass(frozen=True)
class Holiday:
    """A stretch without class, both days inclusive."""

    name: str
    first: date
    last: date

    @property
    def is_long(self) -> bool:
        """Whether it takes a school week or more; a loose free day does not."""
        return (self.last - self.first).days >= 4

    @property
    def short(self) -> str:
        """``Herfstvakantie`` as ``herfst``: the shading says that it is one."""
        return self.name.lower().replace("vakantie", "").strip()


@dataclass(frozen=True)
class Mark:
    """A day that something began: the plan, an action."""

    day: date
    label: str


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def month_starts(first: date, last: date) -> list[date]:
    """The first of each month that *first* to *last* reaches, the month of *first* too."""
    months = []
    month = date(first.year, first.month, 1)
    while month <= last:
        months.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return months


def shade_holidays(axes: Axes, holidays: Sequence[Holiday], place: Callable[[date], float]) -> None:
    """Long *holidays* as grey stretches with their name above; only those within the axes as they are now."""
    left, right = axes.get_xlim()
    for holiday in holidays:
        low, high = max(place(holiday.first), left), min(place(holiday.last), right)
        if not holiday.is_long or high <= low:
            continue
        axes.axvspan(low, high, color=SHADE, lw=0, zorder=0)
        if high - low < 0.5 * (place(holiday.last) - place(holiday.first)):
            continue  # too little of it left to carry its name
        axes.annotate(
            holiday.short, ((low + high) / 2, 1.0), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=MUTED, fontsize="small",
        )  # fmt: skip


def above(axes: Axes, rows: int) -> Transform:
    """Axes fractions, moved up past *rows* rows of small texts: where a legend goes."""
    return axes.transAxes + ScaledTranslation(0, rows * _ROW / 72, axes.figure.dpi_scale_trans)


def draw_marks(axes: Axes, marks: Sequence[Mark], place: Callable[[date], float], *, row: int = 1) -> tuple[int, str]:
    """A line on each day of *marks*, with its label or, when there are several, a number above the axes.

    Args:
        axes: with the limits it will have.
        marks: in any order.
        place: a day on the axis.
        row: the first row above the axes that is free.

    Returns:
        How many rows above the axes are taken now, and the lines that say what each number stands for ("" for one mark).
    """
    left, right = axes.get_xlim()
    ordered = sorted((mark for mark in marks if left <= place(mark.day) <= right), key=lambda mark: mark.day)
    outside = [mark for mark in marks if mark not in ordered]
    near = (right - left) * 0.035
    last_in_row: list[float] = []
    for number, mark in enumerate(ordered, 1):
        at = place(mark.day)
        axes.axvline(at, color=ALERT, lw=1.8, ls=(0, (5, 2)), zorder=5)
        if len(ordered) == 1:
            text, side = mark.label, "left" if at < left + 0.6 * (right - left) else "right"
            _flag(axes, at, row, text, side)
            last_in_row = [at]
            continue
        level = next((level for level, taken in enumerate(last_in_row) if at - taken >= near), len(last_in_row))
        last_in_row[level : level + 1] = [at]
        _flag(axes, at, row + level, str(number), "center")
    told = [f"{number} = {mark.label} ({format_date(mark.day)})" for number, mark in enumerate(ordered, 1)]
    told = told if len(ordered) > 1 else []
    told += [f"niet op deze lijn: {mark.label} ({format_date(mark.day)})" for mark in outside]
    return row + len(last_in_row), "\n".join(told)


def _flag(axes: Axes, at: float, row: int, text: str, side: str) -> None:
    number = side == "center"
    axes.annotate(
        text, (at, 1.0), (0 if number else -3 if side == "left" else 3, 4 + row * _ROW), xycoords=("data", "axes fraction"),
        textcoords="offset points", ha=side, va="bottom", color=SURFACE if number else ALERT, fontsize="small", weight="bold",
        bbox={"boxstyle": "round,pad=0.25", "facecolor": ALERT if number else SURFACE, "edgecolor": "none"}, zorder=7,
        arrowprops={"arrowstyle": "-", "color": ALERT, "lw": 1.4, "shrinkA": 0, "shrinkB": 0} if row else None,
    )  # fmt: skip


def month_axis(axes: Axes, first: date, last: date, place: Callable[[date], float]) -> None:
    """A thin line and a name on the first of each month, and one at the left edge for a month that began before it."""
    left, right = axes.get_xlim()
    room = (right - left) * 0.045
    ticks: list[tuple[float, str]] = []
    for day in month_starts(first, last):
        at = max(place(day), left)
        if at > right - room:
            continue
        if ticks and at - ticks[-1][0] < room:
            ticks.pop()
        ticks.append((at, MONTHS_SHORT[day.month - 1]))
        if place(day) > left:
            axes.axvline(at, color="#eef0f1", lw=0.8, zorder=0)
    axes.set_xticks([at for at, _ in ticks], [name for _, name in ticks], ha="left")
    axes.tick_params(axis="x", colors=INK)
