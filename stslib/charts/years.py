"""This school year beside earlier ones, each counted up to the same school day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stslib.charts.axes import draw_nothing, fit, new_axes, note_below, percent, percent_axis, quiet_frame
from stslib.charts.labels import label_ends, settle
from stslib.charts.style import ACCENT, EARLIER, GOOD, LINE_STRONG, MUTED

_EARLIER_LOOKS = ((EARLIER, (0, (6, 2)), "s"), (GOOD, (0, (2, 1.5)), "^"), (MUTED, (0, (6, 2, 1.5, 2)), "v"))
"""The newest earlier year first; older than these look alike: each has its name beside its line."""


@dataclass(frozen=True)
class YearLine:
    """One school year: school day (1, 2, ...) and the rate (0–1) over all days up to it; None is hidden."""

    label: str
    points: tuple[tuple[int, float | None], ...]
    current: bool = False


def draw_years(
    years: Sequence[YearLine],
    *,
    at_day: int | None = None,
    axis_label: str = "gemist tot en met die lesdag",
    months: Sequence[tuple[int, str]] = (),
    width: float = 10.0,
) -> Figure:
    """A line per school year; each has its name and its rate on the same school day at the right, so nobody seeks a legend.

    Args:
        years: any order; at most one is the current.
        at_day: the school day that is compared, usually the last one of the current year; None is that day.
        axis_label: what is counted.
        months: school day and name of the month that starts there, in the current year.
        width: inches.
    """
    drawn = [year for year in years if any(value is not None for _, value in year.points)]
    if not drawn:
        return draw_nothing("Niet getoond: te weinig leerlingen" if years else "Geen cijfers om te tonen", width)
    now = next((year for year in drawn if year.current), drawn[-1])
    day = at_day or max(place for place, value in now.points if value is not None)
    figure, axes = new_axes(width, 4.6)
    older = sorted((year for year in drawn if year is not now), key=lambda year: year.label, reverse=True)
    last = max(place for year in drawn for place, value in year.points if value is not None)
    first = min(place for year in drawn for place, _ in year.points)
    highest = max(value for year in drawn for _, value in year.points if value is not None)
    axes.set_xlim(min(first, last - 1) - 0.5, last + 0.5)
    axes.set_ylim(0, (highest or 0.01) * 1.1)
    ends: list[tuple[float | None, float, str, str]] = []
    for order, year in reversed(list(enumerate([now, *older]))):
        colour, dashes, mark = (ACCENT, "-", "o") if order == 0 else _EARLIER_LOOKS[min(order - 1, len(_EARLIER_LOOKS) - 1)]
        for number, run in enumerate(_runs(year.points)):
            x, y = zip(*run, strict=True)
            lone = len(run) == 1
            axes.plot(
                x, y, color=colour, ls=dashes, lw=3.2 if order == 0 else 1.9, marker=mark if lone else "", ms=5,
                zorder=4 if order == 0 else 3, label=year.label if number == 0 else None,
            )  # fmt: skip
        known = [(place, value) for place, value in year.points if value is not None]
        here = next((value for place, value in known if place == day), None)
        if here is not None:
            axes.plot(
                [day], [here], ls="", marker=mark, ms=9, color=colour, mec="white", mew=1.4, zorder=6, gid=f"at:{year.label}"
            )
        told = percent(here) if here is not None else "niet getoond" if day <= known[-1][0] else f"tot dag {known[-1][0]}"
        ends.append((*known[-1], f"{year.label}: {told}", colour))
    axes.axvline(day, color=LINE_STRONG, lw=1.4, ls=(0, (4, 3)), zorder=1)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    if months:
        room = (last - first) * 0.42 / max(width - 3.4, 1)
        kept: list[tuple[int, str]] = []
        for place, name in months:
            if place <= last - room and (not kept or place - kept[-1][0] >= room):
                kept.append((place, name))
        axes.set_xticks([place for place, _ in kept], [name for _, name in kept], ha="left")
    percent_axis(axes.yaxis)
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    axes.tick_params(axis="x", colors=MUTED)
    hidden = any(value is None for year in years for _, value in year.points)
    note_below(
        axes,
        f"lesdag van het schooljaar; vergeleken tot en met lesdag {day}",
        "Een onderbroken lijn: daar mag het cijfer niet getoond worden." if hidden else "",
    )
    labels = label_ends(axes, ends)
    labels[-1].set_fontweight("bold")  # the current year is drawn last
    fit(figure, axes)
    settle(axes, labels)
    return figure


def _runs(points: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    """Stretches without a hidden point between."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]
