"""Every class day of a school year as a square: a column per week, a row per weekday, darker where more was missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from stslib.charts.axes import columns_for, draw_nothing, fit, new_axes
from stslib.charts.labels import figure_of
from stslib.charts.school_year import MONTHS_SHORT, Holiday, monday_of, month_starts
from stslib.charts.shades import Shades
from stslib.charts.style import INK, LINE_STRONG, MUTED, SURFACE

_WEEKDAYS = ("ma", "di", "wo", "do", "vr")


@dataclass(frozen=True)
class DayRate:
    """One class day and the rate (0–1) of it; None is a day that may not be shown. A day that is left out had no class."""

    day: date
    rate: float | None


def draw_week_grid(
    days: Sequence[DayRate], holidays: Sequence[Holiday] = (), *, width: float = 10.0, no_class: str = "geen les"
) -> Figure:
    """The *days* by week and weekday; white is no class, with the name of a long holiday; hatched may not be shown.

    Args:
        days: in any order; a day of the weekend is refused.
        holidays: those of the same school year.
        width: inches.
        no_class: what white stands for in the key.

    Raises:
        ValueError: a day of the weekend, or twice the same day.
    """
    if not days:
        return draw_nothing(width=width)
    by_day = {one.day: one.rate for one in days}
    if len(by_day) != len(days) or any(day.weekday() > 4 for day in by_day):
        raise ValueError("each class day once, none in a weekend")
    first, last = monday_of(min(by_day)), monday_of(max(by_day))
    weeks = (last - first).days // 7 + 1
    columns = max(weeks, 12)  # a single week is no banner
    figure, axes = new_axes(width, 3.3)
    shades = Shades.of([rate for rate in by_day.values() if rate is not None])
    for day, rate in by_day.items():
        draw_day(axes, (day - first).days // 7, day.weekday(), rate, shades)
    for holiday in holidays:
        _name(axes, holiday, first, weeks, 10.8 if width >= 9.0 else 8.0)
    axes.set_xlim(0, columns)
    axes.set_ylim(5, 0)
    _months(axes, first, max(by_day), columns)
    axes.set_yticks([row + 0.5 for row in range(5)], _WEEKDAYS)
    bare(axes)
    key(axes, shades, by_day, no_class)
    return fit(figure, axes)


def draw_day(axes: Axes, x: float, y: float, rate: float | None, shades: Shades, gap: float = 0.04) -> None:
    """One day as a square with its corner at (*x*, *y*); hatched when it may not be shown. Its ``gid`` tells which."""
    look: dict[str, object] = {"facecolor": SURFACE, "edgecolor": LINE_STRONG, "hatch": "////", "lw": 0, "gid": "hidden"}
    if rate is not None:
        look = {"facecolor": shades.paint(rate), "lw": 0, "gid": f"{rate}"}
    axes.add_patch(Rectangle((x + gap, y + gap), 1 - 2 * gap, 1 - 2 * gap, zorder=2, **look))  # type: ignore[arg-type]


def bare(axes: Axes) -> None:
    """No frame and no tick marks."""
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def key(axes: Axes, shades: Shades, by_day: dict[date, float | None], no_class: str, extra: Sequence[Patch] = ()) -> None:
    """What each shade stands for, above the axes."""
    shown = [rate for rate in by_day.values() if rate is not None]
    names = shades.names(max(shown, default=0))
    signs = [Patch(facecolor=paint, label=name) for paint, name in zip(shades.paints, names, strict=True)]
    signs = signs if shown else []
    signs.append(Patch(facecolor=SURFACE, edgecolor=LINE_STRONG, lw=0.8, label=no_class))
    if len(shown) < len(by_day):
        signs.append(Patch(facecolor=SURFACE, edgecolor=LINE_STRONG, hatch="////", lw=0, label="niet getoond"))
    signs += extra
    columns = columns_for([str(sign.get_label()) for sign in signs], figure_of(axes).get_figwidth() - 1.9)
    axes.legend(
        handles=signs, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False,
        borderaxespad=0.4, handlelength=1.2, handleheight=1.1, columnspacing=1.2, handletextpad=0.5, fontsize="small",
    )  # fmt: skip


def _name(axes: Axes, holiday: Holiday, first: date, weeks: int, size: float) -> None:
    """The name of a long holiday, upright in the middle of its white weeks."""
    from_week, to_week = (monday_of(holiday.first) - first).days / 7, (monday_of(holiday.last) - first).days / 7 + 1
    if holiday.first.weekday() > 4:
        from_week += 1
    low, high = max(from_week, 0), min(to_week, weeks)
    if holiday.is_long and high > low:
        axes.text((low + high) / 2, 2.5, holiday.short, rotation=90, ha="center", va="center", color=MUTED, fontsize=size)


def _months(axes: Axes, first: date, last: date, columns: int) -> None:
    """The name of each month under the first week that has its first school day."""
    ticks: list[tuple[float, str]] = []
    for start in month_starts(first, last):
        weekday = start + timedelta(days=max(0, 7 - start.weekday()) % 7 if start.weekday() > 4 else 0)
        at = max((monday_of(weekday) - first).days / 7, 0)
        if at >= columns or weekday > last:
            continue
        if ticks and at - ticks[-1][0] < 2:
            ticks.pop()
        ticks.append((at, MONTHS_SHORT[start.month - 1]))
    axes.set_xticks([at + 0.04 for at, _ in ticks], [name for _, name in ticks], ha="left")
    axes.tick_params(axis="x", colors=INK)
