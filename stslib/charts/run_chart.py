"""A rate by week with the weeks it is compared with: centre line, limits that follow each week's size, what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stslib.charts.axes import columns_for, draw_nothing, fit, new_axes, note_below, percent, percent_axis, quiet_frame
from stslib.charts.labels import label_ends, settle
from stslib.charts.school_year import Holiday, Mark, above, draw_marks, monday_of, month_axis, shade_holidays
from stslib.charts.style import ACCENT, ALERT, EARLIER, INK, LINE_STRONG, MUTED, SURFACE

Signal = Literal["", "outside", "run"]
LOOKS: dict[Signal, tuple[str, str, float, str]] = {
    "": ("o", ACCENT, 6.5, ""),
    "run": ("s", EARLIER, 9.0, "acht of meer weken na elkaar aan één kant"),
    "outside": ("D", ALERT, 9.5, "buiten de grenzen"),
}
"""Mark, colour, size and meaning: each signal differs in shape as well as in colour."""


@dataclass(frozen=True)
class RunPoint:
    """One week by its Monday: its rate (0–1; None may not be shown) and the limits for a week of that size."""

    monday: date
    rate: float | None
    low: float | None = None
    high: float | None = None
    signal: Signal = ""
    provisional: bool = False


def draw_run_chart(
    points: Sequence[RunPoint],
    *,
    centre: float | None,
    axis_label: str,
    holidays: Sequence[Holiday] = (),
    marks: Sequence[Mark] = (),
    baseline: tuple[date, date] | None = None,
    width: float = 10.0,
) -> Figure:
    """The *points* with the *centre* (0–1) and the limits of the *baseline* weeks; *marks* are where plan and actions began.

    Limits and centre have their name and value at the right. A week without class breaks the line; a week that may not be
    shown is a cross on the bottom line.
    """
    points = sorted(points, key=lambda point: point.monday)
    shown = [point for point in points if point.rate is not None]
    if not shown:
        return draw_nothing("Niet getoond: te weinig leerlingen" if points else "Geen cijfers om te tonen", width)
    start, end = points[0].monday, points[-1].monday + timedelta(days=6)
    figure, axes = new_axes(width, 4.9 + 0.25 * max(len(marks) - 1, 0))

    def place(day: date) -> float:
        return (day - start).days

    highest = max([point.rate or 0 for point in shown] + [point.high or 0 for point in points] + [centre or 0])
    axes.set_xlim(-4, place(end) + 3)
    axes.set_ylim(0, (highest or 0.01) * (1.2 if baseline else 1.08))
    shade_holidays(axes, holidays, place)
    ends: list[tuple[float | None, float, str, str]] = []
    limited = [point for point in points if point.low is not None and point.high is not None]
    if limited:
        _draw_limits(axes, limited, [place(point.monday) for point in limited])
        ends.append((None, limited[-1].high or 0, f"bovengrens {percent(limited[-1].high or 0)}", MUTED))
        ends.append((None, limited[-1].low or 0, f"ondergrens {percent(limited[-1].low or 0)}", MUTED))
    if centre is not None:
        axes.axhline(centre, color=INK, lw=1.8, ls=(0, (7, 3)), zorder=2, gid="centre")
        ends.append((None, centre, f"gemiddelde {percent(centre)}", INK))
    for run in _runs(points):
        axes.plot(
            [place(point.monday) + 2 for point in run], [point.rate or 0.0 for point in run], color=ACCENT, lw=1.8, zorder=3
        )
    for signal, (mark, colour, size, name) in LOOKS.items():
        for open_mark in (False, True):
            here = [point for point in shown if point.signal == signal and point.provisional is open_mark]
            if here:
                axes.plot(
                    [place(point.monday) + 2 for point in here], [point.rate or 0.0 for point in here], ls="", marker=mark,
                    ms=size, mfc=SURFACE if open_mark else colour, mec=colour if open_mark else "white",
                    mew=2 if open_mark else 1.0, zorder=6 if signal else 5,
                    gid=f"signal:{signal}",
                    label=name if not open_mark or not name else None,
                )  # fmt: skip
    crossed = [place(point.monday) + 2 for point in points if point.rate is None]
    if crossed:
        axes.plot(crossed, [0] * len(crossed), ls="", marker="x", ms=7, mew=1.8, color=LINE_STRONG, clip_on=False, gid="hidden")
    if baseline:
        _draw_baseline(axes, max(place(baseline[0]), 0), min(place(baseline[1]), place(end)))
    month_axis(axes, start, end, place)
    percent_axis(axes.yaxis)
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    rows, told = draw_marks(axes, marks, place)
    based = "Gemiddelde en grenzen komen uit de basisweken." if baseline else ""
    loose = "Open tekens zijn voorlopig." if any(point.provisional for point in shown) else ""
    note_below(axes, "", told, "× = niet getoond: te weinig leerlingen" if crossed else "", based, loose)
    names = axes.get_legend_handles_labels()[1]
    if names:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=above(axes, rows), ncols=columns_for(names, width - 1.2),
            frameon=False, borderaxespad=0.3, handlelength=1.2, handletextpad=0.4, columnspacing=1.4, fontsize="small",
        )  # fmt: skip
    labels = label_ends(axes, ends)
    fit(figure, axes)
    settle(axes, labels)
    return figure


def _draw_limits(axes: Axes, points: Sequence[RunPoint], places: Sequence[float]) -> None:
    """A band that steps with the weeks: a week of one school day has wider limits."""
    x: list[float] = []
    low: list[float] = []
    high: list[float] = []
    for point, at in zip(points, places, strict=True):
        x += [at - 1.5, at + 5.5]
        low += [point.low or 0] * 2
        high += [point.high or 0] * 2
    axes.fill_between(x, low, high, color="#eaf2f5", lw=0, zorder=1)
    for edge, name in ((low, "low"), (high, "high")):
        axes.plot(x, edge, color=LINE_STRONG, lw=1.1, zorder=1, gid=f"limit:{name}")


def _draw_baseline(axes: Axes, left: float, right: float) -> None:
    """A line under the top that says which weeks the centre and the limits come from."""
    if right <= left:
        return
    axes.annotate(
        "", (left, 0.95), (right, 0.95), xycoords=("data", "axes fraction"), textcoords=("data", "axes fraction"),
        arrowprops={"arrowstyle": "|-|,widthA=0.25,widthB=0.25", "color": MUTED, "lw": 1.2, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    from_left = left <= axes.get_xlim()[0] + 6
    axes.text(
        left + 1 if from_left else (left + right) / 2, 0.935, "basisweken", color=MUTED, fontsize="small",
        ha="left" if from_left else "center", va="top", transform=axes.get_xaxis_transform(), zorder=4,
        bbox={"facecolor": SURFACE, "edgecolor": "none", "pad": 1, "alpha": 0.85},
    )  # fmt: skip


def _runs(points: Sequence[RunPoint]) -> list[list[RunPoint]]:
    """Stretches of weeks that follow each other and are shown."""
    runs: list[list[RunPoint]] = [[]]
    for point in points:
        apart = bool(runs[-1]) and (monday_of(point.monday) - monday_of(runs[-1][-1].monday)).days > 7
        if point.rate is None or apart:
            runs.append([])
        if point.rate is not None:
            runs[-1].append(point)
    return [run for run in runs if run]
