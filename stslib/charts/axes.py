"""What all charts of figures share: Dutch percentages on the axes, a quiet frame, and a canvas that fits its labels."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, log10
from textwrap import fill
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from stslib.charts.style import DPI, LINE, LINE_STRONG, MUTED, new_figure
from stslib.text import format_percent

WIDTH = 9.0
"""Inches; a card of about 1,100 pixels. Every picture can also be asked narrower, for a column on A4."""


_CHARACTER = 0.093
"""Inches of an average small letter."""


def new_axes(width: float, height: float) -> tuple[Figure, Axes]:
    """One figure of *width* by *height* inches with one set of axes; ``fit`` it when everything is drawn."""
    figure = new_figure(width, height)
    figure.set_dpi(DPI)
    return figure, figure.add_axes((0.09, 0.15, 0.88, 0.7))


def fit(figure: Figure, axes: Axes, pad: float = 0.12) -> Figure:
    """*figure* with its axes as large as their labels allow, *pad* inches from the edge.

    One measurement; matplotlib's constrained layout needs several and took half the time of a picture.
    """
    renderer: RendererAgg = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        outer = axes.get_tightbbox(renderer)
    if outer is None:
        return figure
    inner = axes.get_window_extent(renderer)
    width, height = figure.bbox.width, figure.bbox.height
    edge = pad * figure.dpi
    left, bottom = inner.x0 - outer.x0 + edge, inner.y0 - outer.y0 + edge
    right, top = outer.x1 - inner.x1 + edge, outer.y1 - inner.y1 + edge
    axes.set_position((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height))
    return figure


def label_rows(axes: Axes, labels: Sequence[str], colours: Sequence[str]) -> None:
    """*labels* left of the rows 0, 1, 2, ...; plain texts, because a tick of matplotlib costs ten times as much."""
    axes.set_yticks([])
    for place, (label, colour) in enumerate(zip(labels, colours, strict=True)):
        axes.annotate(
            label, (0, place), (-6, 0), xycoords=("axes fraction", "data"), textcoords="offset points", ha="right", va="center",
            color=colour,
        )  # fmt: skip


def label_columns(axes: Axes, places: Sequence[float], labels: Sequence[str]) -> None:
    """*labels* under *places*, upright and small."""
    axes.set_xticks([])
    for place, label in zip(places, labels, strict=True):
        axes.annotate(
            label, (place, 0), (0, -5), xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", va="top",
            rotation=90, fontsize="small",
        )  # fmt: skip


def percent(rate: float) -> str:
    """``5,2 %``, and one more decimal where that would read as zero."""
    return format_percent(rate, 2 if 0 < rate < 0.0005 else 1)


class PercentTicks(Formatter):
    """Rates along an axis as ``4 %``: as many decimals as the step between two ticks needs, and the same for all."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """One *value* (0–1) by itself."""
        return self.format_ticks([value])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """All *values* (0–1) of an axis in the Flemish way."""
        step = min((after - before for before, after in pairwise(sorted(set(values)))), default=0.01)
        decimals = max(0, ceil(-log10(step * 100) - 1e-6))
        return [format_percent(value + 0.0, decimals) for value in values]


def percent_axis(axis: Axis) -> None:
    """Round percentages in the Flemish way along *axis*, in steps of 1, 2 or 5: a step of a quarter reads badly."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(PercentTicks())


def note_below(axes: Axes, label: str, *notes: str) -> None:
    """*label* under the axes, and under it what else has to be said: what is hidden, what numbers stand for."""
    room = int((axes.get_figure(root=True).get_figwidth() - 1.2) / _CHARACTER)  # type: ignore[union-attr]
    lines = [line for note in (label, *notes) for line in note.split("\n") if line]
    text = "\n".join(fill(line, room) for line in lines)
    axes.set_xlabel(text, loc="left", color=MUTED, fontsize="small" if "\n" in text or any(notes) else None)


def columns_for(labels: Sequence[str], width: float, handle: float = 0.42) -> int:
    """How many columns a legend of *labels* in small letters has, so that it is no wider than *width* inches."""
    for columns in range(len(labels), 1, -1):
        rows, longer = divmod(len(labels), columns)
        ends = [at * rows + min(at, longer) for at in range(columns + 1)]
        wide = (max(map(len, labels[start:end])) for start, end in pairwise(ends))
        if sum(handle + _CHARACTER * length for length in wide) <= width:
            return columns
    return 1


def draw_nothing(text: str = "Geen cijfers om te tonen", width: float = WIDTH) -> Figure:
    """A picture that says that there is nothing to draw."""
    figure = new_figure(width, 1.6)
    figure.set_dpi(DPI)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.text(0.5, 0.5, text, ha="center", va="center", color=MUTED, style="italic", transform=axes.transAxes)
    return figure


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
