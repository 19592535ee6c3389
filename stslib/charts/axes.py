"""What all charts of figures share: Dutch percentages on the axes, a quiet frame, and a canvas that fits its labels."""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from stslib.charts.style import LINE, LINE_STRONG, MUTED, new_figure
from stslib.text import format_percent


def new_axes(width: float, height: float) -> tuple[Figure, Axes]:
    """One figure of *width* by *height* inches with one set of axes."""
    figure = new_figure(width, height)
    figure.set_layout_engine("constrained")
    return figure, figure.add_subplot()


def percent(rate: float) -> str:
    """``5,2 %``, and one more decimal where that would read as zero."""
    return format_percent(rate, 2 if 0 < rate < 0.0005 else 1)


def percent_axis(axis: Axis) -> None:
    """Round percentages in the Flemish way along *axis*."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: format_percent(value, 0 if round(value * 1000) % 10 == 0 else 1)))


def quiet_frame(axes: Axes, *, grid: Literal["x", "y"]) -> None:
    """No box, thin grid behind the data, no tick marks."""
    for side in ("top", "right", "left" if grid == "x" else "bottom"):
        axes.spines[side].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(LINE_STRONG)
    axes.grid(axis=grid, color=LINE, lw=0.8, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    (axes.xaxis if grid == "x" else axes.yaxis).label.set_color(MUTED)
    axes.tick_params(axis=grid, colors=MUTED)
