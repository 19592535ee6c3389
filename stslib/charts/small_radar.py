"""The radar of one phase in a few centimetres, for a page where the large one would have letters that nobody can read.

The same marks and colours as ``draw_radar``; a number at the end of each axis stands for its name; the page tells those
beside it.
"""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from stslib.charts.radar import FEWEST_AXES, MOST_AXES, Look, aspects_of, looks_of
from stslib.charts.style import INK, LINE, LINE_STRONG, TARGET, new_figure
from stslib.model.radar import Radar

INCHES = 1.5
"""Width and height."""

_SESSIONS = 2
"""This one and the one before it: more lines would be a tangle at this size."""
_SCALE = 0.36
"""Of the marks and lines of the large radar."""
_EDGE = 13.2


def draw_small_radar(radar: Radar) -> Figure:
    """The shape of a phase: fixed 0 to 10, a gap for what has no number, the session before it lighter, targets as diamonds.

    Raises:
        ValueError: a radar needs three to seven axes.
    """
    count = len(radar.axes)
    if not FEWEST_AXES <= count <= MOST_AXES:
        raise ValueError(f"a small radar needs {FEWEST_AXES} to {MOST_AXES} axes, not {count}")
    shown = radar.model_copy(update={"series": radar.series[-_SESSIONS * len(aspects_of(radar)) :]})
    figure = new_figure(INCHES, INCHES)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-_EDGE, _EDGE)
    axes.set_ylim(-_EDGE, _EDGE)
    for ring in (5, 10):
        corners = [_point(index, count, ring) for index in range(count)]
        axes.add_patch(Polygon(corners, fill=False, edgecolor=LINE_STRONG if ring == 10 else LINE, lw=0.6, zorder=1))
    for index in range(count):
        x, y = _point(index, count, 10)
        axes.plot([0, x], [0, y], color=LINE, lw=0.5, zorder=1)
        axes.text(*_point(index, count, 12), str(index + 1), fontsize=7, color=INK, ha="center", va="center_baseline")
    for look in looks_of(shown):
        _draw(axes, look, count)
    for index, target in enumerate(radar.targets):
        if target is not None:
            x, y = _point(index, count, target)
            axes.plot([x], [y], ls="", marker="D", ms=17 * _SCALE * 0.8, mfc="none", mec=TARGET, mew=0.9, zorder=8)
    return figure


def _point(index: int, count: int, value: float) -> tuple[float, float]:
    angle = math.pi / 2 - 2 * math.pi * index / count
    return value * math.cos(angle), value * math.sin(angle)


def _draw(axes: Axes, look: Look, count: int) -> None:
    points = [None if value is None else _point(index, count, value) for index, value in enumerate(look.series.values())]
    drawn = [point for point in points if point is not None]
    front = 4 if look.newest else 3
    if look.newest and len(drawn) == count:
        axes.add_patch(Polygon(drawn, facecolor=look.colour, alpha=0.13, lw=0, zorder=2))
    for index, start in enumerate(points):
        end = points[(index + 1) % count]
        if start is not None and end is not None:
            axes.plot(*zip(start, end, strict=True), color=look.colour, lw=look.width * 0.5, ls=look.dashes, zorder=front)
    for x, y in drawn:
        size = look.size * _SCALE * (0.7 if look.newest else 1.0)
        axes.plot([x], [y], ls="", marker=look.marker, ms=size, color=look.colour, mew=0, zorder=front + 2)
