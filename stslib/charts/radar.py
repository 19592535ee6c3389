"""The radar of one phase, drawn: the same picture as on the page, for archive and print.

A radar is read well with three to seven axes. With fewer, or with more, the same values are drawn as rows from 0 to 10.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text

from stslib.charts.style import ACCENT, EARLIER, INK, LINE, LINE_STRONG, MUTED, SURFACE, TARGET, new_figure
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import Score

FEWEST_AXES, MOST_AXES = 3, 7

_RINGS = (2, 4, 6, 8, 10)
_WRAP = 14
_ROOM = 18
SERIES, TARGET_MARK, AXIS = "serie", "target", "axis"
"""What a mark in a picture stands for; its gid adds which series and which axis."""


def score_text(score: Score) -> str:
    """A self-score in words: the number, "weet niet", "niet van toepassing" or "niet besproken"."""
    if isinstance(score, int):
        return str(score)
    return {"unknown": "weet niet", "not_applicable": "niet van toepassing"}.get(score or "", "niet besproken")


def describe_radar(radar: Radar) -> str:
    """What the radar shows, in one paragraph of Dutch that holds every value; its alternative text."""
    if not radar.axes:
        return f"{radar.title}: geen schalen die voor deze school van toepassing zijn."
    parts = [f"Scores van 0 tot 10, {radar.title}.", f"Deze sessie ({radar.current.label}): {_listed(radar, radar.current)}."]
    parts += [f"Eerder ({series.label}): {_listed(radar, series)}." for series in reversed(radar.series[:-1])]
    targets = [f"{axis} {target}" for axis, target in zip(radar.axes, radar.targets, strict=True) if target is not None]
    if targets:
        parts.append(f"Streefdoel: {'; '.join(targets)}.")
    return " ".join(parts)


def _listed(radar: Radar, series: ScoreSeries) -> str:
    return "; ".join(f"{axis} {score_text(score)}" for axis, score in zip(radar.axes, series.scores, strict=True))


def wrap_label(label: str) -> str:
    """*label* on one line or on two, split where the two come out most alike."""
    words = label.split()
    if len(label) <= _WRAP or len(words) < 2:
        return label
    splits = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return "\n".join(min(splits, key=lambda lines: max(map(len, lines))))


# -- drawing -----------------------------------------------------------------------------------------------------------------


def draw_radar(radar: Radar) -> Figure:
    """The radar of one phase: fixed 0 to 10, a gap for what has no number, earlier sessions dashed, targets as diamonds."""
    if not FEWEST_AXES <= len(radar.axes) <= MOST_AXES:
        from stslib.charts.dot_plot import draw_rows

        return draw_rows(radar)
    figure = new_figure(9.2, 6.6)
    axes = figure.add_axes((0.0, 0.09, 1.0, 0.91))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-21.0, 21.0)
    axes.set_ylim(-14.2, 15.0)
    count = len(radar.axes)
    _draw_grid(axes, count)
    for index, (label, score) in enumerate(zip(radar.axes, radar.current.scores, strict=True)):
        _draw_label(axes, index, count, label, score)
    # Oldest first and lightest, so that the newest lies on top.
    for order, series in enumerate(radar.series):
        _draw_series(axes, order, series, age=len(radar.series) - 1 - order)
    for index, target in enumerate(radar.targets):
        if target is not None:
            x, y = _point(index, count, target)
            axes.plot(
                [x], [y], marker="D", ms=17, mfc="none", mec=TARGET, mew=2.4, ls="", zorder=7, gid=f"{TARGET_MARK}:{index}"
            )
    draw_legend(figure, radar)
    return figure


def _angle(index: int, count: int) -> float:
    return math.pi / 2 - 2 * math.pi * index / count


def _point(index: int, count: int, value: float) -> tuple[float, float]:
    return value * math.cos(_angle(index, count)), value * math.sin(_angle(index, count))


def _draw_grid(axes: Axes, count: int) -> None:
    for ring in _RINGS:
        corners = [_point(index, count, ring) for index in range(count)]
        outer = ring == _RINGS[-1]
        axes.add_patch(
            Polygon(
                corners, closed=True, fill=False, edgecolor=LINE_STRONG if outer else LINE, lw=1.4 if outer else 1.0, zorder=1
            )
        )
    for index in range(count):
        x, y = _point(index, count, 10)
        axes.plot([0, x], [0, y], color=LINE, lw=1.0, zorder=1)
    for ring in _RINGS:
        axes.text(
            0.22, ring, str(ring), fontsize=10, color=MUTED, ha="left", va="center", zorder=2,
            bbox={"facecolor": SURFACE, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _draw_label(axes: Axes, index: int, count: int, label: str, score: Score) -> None:
    x, y = _point(index, count, 11.2)
    side = "center" if abs(x) < 1.5 else ("left" if x > 0 else "right")
    upright = "center" if abs(y) < 4 else ("bottom" if y > 0 else "top")
    lines = wrap_label(label)
    number = isinstance(score, int)
    text = axes.text(x, y, lines, ha=side, va=upright, fontsize=_label_size(lines), color=INK, linespacing=1.1, zorder=8)
    text.set_gid(f"{AXIS}:{index}")
    if number:
        return
    # What has no number is said in words, so that nobody reads the gap as a zero.
    rows = lines.count("\n") + 1
    shift = {"bottom": 0, "center": -8.4 * rows - 2, "top": -16.6 * rows - 1}[upright]
    if upright == "bottom":
        text.set_y(y + 0.9)
    axes.annotate(
        score_text(score), (x, y), (0, shift), textcoords="offset points", ha=side,
        va="bottom" if upright == "bottom" else "top", fontsize=11, color=MUTED, style="italic", zorder=8,
    )  # fmt: skip


def _label_size(lines: str) -> float:
    """Points; smaller where one long word would not fit beside the radar."""
    return 13.5 * min(1.0, _ROOM / max(map(len, lines.split("\n"))))


def _draw_series(axes: Axes, order: int, series: ScoreSeries, age: int) -> None:
    values = series.values()
    count = len(values)
    points = [None if value is None else _point(index, count, value) for index, value in enumerate(values)]
    colour, alpha, width, dashes = _line_look(series, age)
    drawn = [point for point in points if point is not None]
    if len(drawn) == count and series.current:
        axes.add_patch(Polygon(drawn, closed=True, facecolor=ACCENT, alpha=0.13, lw=0, zorder=3))
    for index, start in enumerate(points):
        end = points[(index + 1) % count]
        if start is not None and end is not None:
            axes.plot(
                [start[0], end[0]], [start[1], end[1]], color=colour, alpha=alpha, lw=width, ls=dashes,
                solid_capstyle="round", zorder=4 if series.current else 3,
            )  # fmt: skip
    axes.plot([], [], label=series.label, gid=f"{SERIES}:{order}")
    for index, (value, point) in enumerate(zip(values, points, strict=True)):
        if point is None:
            continue
        axes.plot(
            [point[0]], [point[1]], ls="", marker="o" if series.current else "s", ms=19 if series.current else 6.5,
            color=colour, alpha=alpha, mec=SURFACE, mew=1.2, zorder=6 if series.current else 5, gid=f"{SERIES}:{order}:{index}",
        )  # fmt: skip
        if series.current:
            axes.text(
                *point, str(value), color=SURFACE, fontsize=11.5, fontweight="bold", ha="center", va="center_baseline", zorder=7
            )


def _line_look(series: ScoreSeries, age: int) -> tuple[str, float, float, str | tuple[int, tuple[int, int]]]:
    """Colour, opacity, width and dashes; the older a session, the lighter."""
    if series.current:
        return ACCENT, 1.0, 3.0, "-"
    return EARLIER, {1: 0.95, 2: 0.6}.get(age, 0.38), 2.0 if age == 1 else 1.6, (0, (5, 2)) if age == 1 else (0, (2, 2))


def draw_legend(figure: Figure, radar: Radar) -> None:
    """Under the picture: this session, the earlier ones from new to old, and the mark of a target where there is one."""
    newest_first = list(reversed(list(enumerate(radar.series))))
    handles: list[Line2D] = []
    for order, series in newest_first[:5]:
        colour, alpha, width, dashes = _line_look(series, len(radar.series) - 1 - order)
        handles.append(
            Line2D(
                [],
                [],
                color=colour,
                alpha=alpha,
                lw=width,
                ls=dashes,
                marker="o" if series.current else "s",
                ms=10 if series.current else 6.5,
                label=f"{series.label} (nu)" if series.current else series.label,
            )
        )
    if any(target is not None for target in radar.targets):
        handles.append(Line2D([], [], ls="", marker="D", ms=10, mfc="none", mec=TARGET, mew=2.2, label="streefdoel"))
    figure.legend(
        handles=handles, loc="lower center", ncols=min(len(handles), 4), frameon=False, fontsize=12, handlelength=2.2,
        columnspacing=1.6, borderaxespad=0.4,
    )  # fmt: skip


# -- what was drawn ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnSeries:
    """One session as it stands in the picture: axis label -> the value its mark stands at."""

    label: str
    points: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """What a picture of a radar shows, read back from its marks."""

    axes: tuple[str, ...]
    series: tuple[DrawnSeries, ...]
    targets: dict[str, int]


def drawn_data(figure: Figure) -> Drawn:
    """Read back what ``draw_radar`` or ``draw_dot_plot`` drew, from where its marks stand.

    Axes come in the radar's order; series come oldest first. Labels are as in the radar.
    Made for tests that hold this picture against the one on the page.
    """
    axes = figure.axes[0]
    labels = {_numbers(text)[0]: " ".join(text.get_text().split()) for text in axes.texts if _is(text, AXIS)}
    read = (lambda x, _y: round(x)) if axes.axison else (lambda x, y: round(math.hypot(x, y)))
    series: dict[int, DrawnSeries] = {}
    targets: dict[str, int] = {}
    for line in axes.lines:
        if not _is(line, SERIES) and not _is(line, TARGET_MARK):
            continue
        numbers = _numbers(line)
        if _is(line, SERIES) and len(numbers) == 1:
            series[numbers[0]] = DrawnSeries(str(line.get_label()))
            continue
        points = targets if _is(line, TARGET_MARK) else series[numbers[0]].points
        points[labels[numbers[-1]]] = read(*(float(np.asarray(part).item()) for part in line.get_data()))
    return Drawn(tuple(labels[index] for index in sorted(labels)), tuple(series[order] for order in sorted(series)), targets)


def _is(artist: Line2D | Text, kind: str) -> bool:
    return (artist.get_gid() or "").startswith(f"{kind}:")


def _numbers(artist: Line2D | Text) -> list[int]:
    return [int(part) for part in (artist.get_gid() or "").split(":")[1:]]
