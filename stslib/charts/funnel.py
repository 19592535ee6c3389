"""Classes or years as points between limits that are wide for the small ones: noise looks like noise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stslib.charts.axes import draw_nothing, fit, new_axes, note_below, percent, percent_axis, quiet_frame
from stslib.charts.labels import label_ends, label_points, settle
from stslib.charts.style import ACCENT, ALERT, EARLIER, INK, LINE_STRONG, MUTED, dutch_decimals

Outside = Literal["", "95", "99.8"]
_LOOKS: dict[Outside, tuple[str, str, float]] = {
    "": ("o", ACCENT, 7.5),
    "95": ("s", EARLIER, 9.0),
    "99.8": ("D", ALERT, 10.0),
}


@dataclass(frozen=True)
class FunnelPoint:
    """One class or year: possible half days, its rate (0–1; None may not be shown), and which limits it lies outside of."""

    label: str
    possible: int
    rate: float | None
    outside: Outside = ""


@dataclass(frozen=True)
class FunnelLimit:
    """The limits (0–1) around the centre for a group with this many possible half days."""

    possible: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float


def draw_funnel(
    points: Sequence[FunnelPoint],
    limits: Sequence[FunnelLimit],
    *,
    centre: float | None,
    axis_label: str,
    centre_label: str = "hele school",
    width: float = 10.0,
) -> Figure:
    """The *points* by size and rate; only those outside limits have their name, and a shape of their own.

    Args:
        points: any order.
        limits: from small to large groups; best a few dozen, so that the curve is round.
        centre: the rate of the whole (0–1).
        axis_label: what is counted.
        centre_label: what the centre is of.
        width: inches.
    """
    shown = [point for point in points if point.rate is not None]
    if not shown:
        return draw_nothing("Niet getoond: te weinig leerlingen" if points else "Geen cijfers om te tonen", width)
    figure, axes = new_axes(width, 5.2)
    reach = max(point.possible for point in shown) * 1.06
    lowest = min(point.possible for point in shown) * 0.55
    limits = sorted((limit for limit in limits if limit.possible >= lowest), key=lambda limit: limit.possible)
    top = max([point.rate or 0 for point in shown] + [centre or 0, 0.002])
    near = [limit.high_998 for limit in limits if limit.possible >= min(point.possible for point in shown)]
    axes.set_xlim(0, reach)
    axes.set_ylim(0, max(top, max(near, default=0)) * 1.12)
    ends: list[tuple[float | None, float, str, str]] = []
    if limits:
        x = [limit.possible for limit in limits]
        inner, outer = [(one.low_95, one.high_95) for one in limits], [(one.low_998, one.high_998) for one in limits]
        axes.fill_between(x, [a for a, _ in outer], [b for _, b in outer], color="#f2f6f8", lw=0, zorder=0)
        axes.fill_between(x, [a for a, _ in inner], [b for _, b in inner], color="#e2eef3", lw=0, zorder=0)
        for pairs, dashes, name in ((inner, (0, (5, 2)), "95"), (outer, "-", "99.8")):
            for side in (0, 1):
                axes.plot(
                    x, [pair[side] for pair in pairs], color=LINE_STRONG, lw=1.2, ls=dashes, zorder=1, gid=f"{name}:{side}"
                )
        for pairs, name in ((outer, "grens 99,8\u00a0%"), (inner, "grens 95\u00a0%")):
            at_edge = _between(x, [high for _, high in pairs], reach)
            if at_edge <= axes.get_ylim()[1]:
                ends.append((None, at_edge, name, MUTED))
    if centre is not None:
        axes.axhline(centre, color=INK, lw=1.6, ls=(0, (7, 3)), zorder=1, gid="centre")
        ends.append((None, centre, f"{centre_label} {percent(centre)}", INK))
    for outside, (mark, colour, size) in _LOOKS.items():
        here = [point for point in shown if point.outside == outside]
        if here:
            axes.plot(
                [point.possible for point in here], [point.rate or 0.0 for point in here], ls="", marker=mark, ms=size,
                color=colour, mec="white", mew=1.0, zorder=5 if outside else 4, gid=f"outside:{outside}", clip_on=False,
            )  # fmt: skip
    percent_axis(axes.yaxis)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(dutch_decimals())
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    axes.tick_params(axis="x", colors=MUTED)
    hidden = len(points) - len(shown)
    signs = []
    if any(point.outside == "99.8" for point in shown):
        signs.append("ruit = buiten de grens van 99,8\u00a0%")
    if any(point.outside == "95" for point in shown):
        signs.append("vierkant = buiten die van 95\u00a0%")
    note_below(
        axes,
        "mogelijke halve dagen: hoe meer naar rechts, hoe groter de groep",
        "; ".join(signs),
        (f"{hidden} groep is" if hidden == 1 else f"{hidden} groepen zijn") + " te klein om te tonen" if hidden else "",
    )
    labels = label_ends(axes, ends)
    fit(figure, axes)
    settle(axes, labels)
    order = sorted((p for p in shown if p.outside), key=lambda p: (p.outside == "95", -abs((p.rate or 0) - (centre or 0))))
    told = [(point.possible, point.rate or 0.0, point.label) for point in order]
    unnamed = label_points(axes, told, [(point.possible, point.rate or 0.0) for point in shown if not point.outside])
    if unnamed:
        axes.text(
            0.99, 0.985, f"{len(unnamed)} zonder naam: zie de tabel", ha="right", va="top", color=MUTED, fontsize="small",
            transform=axes.transAxes,
        )  # fmt: skip
    return figure


def _between(x: Sequence[float], y: Sequence[float], at: float) -> float:
    """The height of the line through *x* and *y* at *at*; beyond its ends that of the end."""
    if at <= x[0] or at >= x[-1]:
        return y[0] if at <= x[0] else y[-1]
    right = bisect_right(x, at)
    share = (at - x[right - 1]) / (x[right] - x[right - 1])
    return y[right - 1] + share * (y[right] - y[right - 1])
