"""The radar of one phase, drawn: the same picture as on the page, for archive and print.

A radar is read well with three to seven axes. With fewer, or with more, the same values are drawn as rows from 0 to 10.
The newest session is strong and the ones before it fade; where an instrument measures more than one aspect, each has a colour,
a mark and a kind of line of its own, so that no eye needs the colour to tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text

from stslib.charts.style import ACCENT, ASPECTS, EARLIER, INK, LINE, LINE_STRONG, MUTED, SURFACE, TARGET, faded, new_figure
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import Score

FEWEST_AXES, MOST_AXES = 3, 7

_RINGS = (2, 4, 6, 8, 10)
_WRAP = 14
_ROOM = 18
_NAMED = 4
_APART = 0.66
_CLOSE = 1
SERIES, TARGET_MARK, AXIS = "serie", "target", "axis"
"""What a mark in a picture stands for; its gid adds which series and which axis."""

Dashes = str | tuple[int, tuple[float, ...]]
_ASPECT_DASHES: tuple[Dashes, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2)))
_AGE_DASHES: tuple[Dashes, ...] = ("-", (0, (5, 2)), (0, (2, 2)), (0, (1, 1.6)), (0, (1, 1.6)))


def score_text(score: Score) -> str:
    """A self-score in words: the number, "weet niet", "niet van toepassing" or "niet besproken"."""
    if isinstance(score, int):
        return str(score)
    return {"unknown": "weet niet", "not_applicable": "niet van toepassing"}.get(score or "", "niet besproken")


# -- sessions and aspects ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How one series is drawn.

    ``age`` counts sessions back from the newest (0); ``named`` is False for the old ones that share one line in the legend.
    """

    series: ScoreSeries
    order: int
    age: int
    aspect: int
    named: bool
    colour: str
    width: float
    dashes: Dashes
    marker: str
    size: float

    @property
    def newest(self) -> bool:
        return self.age == 0

    @property
    def name(self) -> str:
        """The day, and the aspect in front where there is one."""
        return f"{self.series.aspect}, {self.series.label}" if self.series.aspect else self.series.label

    @property
    def label(self) -> str:
        """Its line in the legend: its name, and "(nu)" for the open session."""
        return f"{self.name} (nu)" if self.series.current else self.name


def aspects_of(radar: Radar) -> tuple[str, ...]:
    """The aspects that the series measure, in order; one empty name where there are none."""
    return tuple(dict.fromkeys(series.aspect for series in radar.series))


def looks_of(radar: Radar) -> list[Look]:
    """One look per series, in the radar's order: oldest first."""
    aspects = aspects_of(radar)
    ages = [sum(later.aspect == one.aspect for later in radar.series[order + 1 :]) for order, one in enumerate(radar.series)]
    sessions = max(ages, default=0) + 1
    return [
        _look(series, order, ages[order], aspects.index(series.aspect), several=len(aspects) > 1, sessions=sessions)
        for order, series in enumerate(radar.series)
    ]


def _look(series: ScoreSeries, order: int, age: int, aspect: int, *, several: bool, sessions: int) -> Look:
    named = sessions <= _NAMED + 1 or age < _NAMED
    step = min(age, _NAMED)
    if several:
        colour = faded(ASPECTS[aspect % len(ASPECTS)], (1.0, 0.6, 0.46, 0.38, 0.32)[step])
        dashes = _ASPECT_DASHES[aspect % 4]
        marker = "osD^"[aspect % 4]
    else:
        colour = ACCENT if age == 0 else faded(EARLIER, (1.0, 1.0, 0.7, 0.55, 0.42)[step])
        dashes = _AGE_DASHES[step]
        marker = "o" if age == 0 else "s"
    width = (3.0, 2.0, 1.6, 1.4, 1.1)[step]
    size = (19.0, 8.5, 7.0, 6.0, 5.2)[step]
    return Look(series, order, age, aspect, named, colour, width, dashes, marker, size)


# -- in words ------------------------------------------------------------------------------------------------------------------


def describe_radar(radar: Radar) -> str:
    """What the radar shows, in one paragraph of Dutch; its alternative text.

    Holds every value of up to five sessions. Where there are more, the oldest are told by their days: a table with every value
    stands beside each radar.
    """
    if not radar.axes:
        return f"{radar.title}: geen schalen die voor deze school van toepassing zijn."
    looks = looks_of(radar)
    parts = [f"Scores van 0 tot 10, {radar.title}."]
    newest_first = sorted((look for look in looks if look.named), key=lambda look: (look.age, look.aspect))
    parts += [f"{_named(look)}: {_listed(radar, look.series)}." for look in newest_first]
    unnamed = _unnamed_days(looks)
    if unnamed:
        parts.append(f"Nog {len(unnamed)} sessies daarvoor, van {unnamed[0]} tot {unnamed[-1]}, staan in de tabel.")
    targets = [f"{axis} {target}" for axis, target in zip(radar.axes, radar.targets, strict=True) if target is not None]
    if targets:
        parts.append(f"Streefdoel: {'; '.join(targets)}.")
    return " ".join(parts)


def _named(look: Look) -> str:
    when = "Deze sessie" if look.series.current else ("Laatste sessie" if look.newest else "Eerder")
    about = f", {look.series.aspect}" if look.series.aspect else ""
    return f"{when} ({look.series.label}){about}"


def _unnamed_days(looks: Sequence[Look]) -> list[str]:
    """The days of the sessions that share one line in the legend, oldest first."""
    return [look.series.label for look in looks if not look.named and look.aspect == 0]


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
    """The radar of one phase: fixed 0 to 10, a gap for what has no number, earlier sessions lighter, targets as diamonds.

    Two aspects with (nearly) the same value on one axis stand side by side across the axis, each at its own height on it.
    """
    if not FEWEST_AXES <= len(radar.axes) <= MOST_AXES:
        from stslib.charts.dot_plot import draw_rows

        return draw_rows(radar)
    legend = legend_height(radar)
    height = 6.0 + legend
    figure = new_figure(9.2, height)
    axes = figure.add_axes((0.0, legend / height, 1.0, 6.0 / height))
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-21.0, 21.0)
    axes.set_ylim(-14.2, 15.0)
    count = len(radar.axes)
    looks = looks_of(radar)
    newest = [look for look in looks if look.newest]
    _draw_grid(axes, count)
    for index, label in enumerate(radar.axes):
        _draw_label(axes, index, count, label, _without_number(newest, index))
    for look in looks:  # oldest first and lightest, so that the newest lies on top
        _draw_series(axes, look, _shifts(newest, count) if look.newest else {})
    for index, target in enumerate(radar.targets):
        if target is not None:
            x, y = _point(index, count, target)
            axes.plot(
                [x], [y], marker="D", ms=17, mfc="none", mec=TARGET, mew=2.4, ls="", zorder=8, gid=f"{TARGET_MARK}:{index}"
            )
    draw_legend(figure, radar)
    return figure


def _angle(index: int, count: int) -> float:
    return math.pi / 2 - 2 * math.pi * index / count


def _point(index: int, count: int, value: float, across: float = 0.0) -> tuple[float, float]:
    """Where *value* stands on an axis, *across* units clockwise from it."""
    cos, sin = math.cos(_angle(index, count)), math.sin(_angle(index, count))
    return value * cos + across * sin, value * sin - across * cos


def _shifts(newest: Sequence[Look], count: int) -> dict[tuple[int, int], float]:
    """How far across its axis the mark of (series, axis) stands, where aspects would cover one another."""
    shifts: dict[tuple[int, int], float] = {}
    for index in range(count):
        numbers = [(value, look.order) for look in newest if (value := look.series.values()[index]) is not None]
        for value, order in numbers:
            close = [other for near, other in numbers if abs(near - value) <= _CLOSE]
            if len(close) > 1:
                shifts[order, index] = _APART * (2 * close.index(order) - len(close) + 1)
    return shifts


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


def _without_number(newest: Sequence[Look], index: int) -> list[str]:
    """What stands under the label of an axis for the scores that are no number; one line where all say the same."""
    told = [
        (look.series.aspect, score_text(score)) for look in newest if not isinstance(score := look.series.scores[index], int)
    ]
    if len(told) == len(newest) and len({words for _, words in told}) == 1:
        return [told[0][1]]
    return [f"{aspect}: {words}" if aspect else words for aspect, words in told]


def _draw_label(axes: Axes, index: int, count: int, label: str, words: Sequence[str]) -> None:
    x, y = _point(index, count, 11.2)
    side = "center" if abs(x) < 1.5 else ("left" if x > 0 else "right")
    upright = "center" if abs(y) < 4 else ("bottom" if y > 0 else "top")
    lines = wrap_label(label)
    text = axes.text(x, y, lines, ha=side, va=upright, fontsize=_label_size(lines), color=INK, linespacing=1.1, zorder=9)
    text.set_gid(f"{AXIS}:{index}")
    if not words:
        return
    # What has no number is said in words, so that nobody reads the gap as a zero.
    rows = lines.count("\n") + 1
    shift = {"bottom": 0, "center": -8.4 * rows - 2, "top": -16.6 * rows - 1}[upright]
    if upright == "bottom":
        text.set_y(y + 0.9 * len(words))
    axes.annotate(
        "\n".join(words), (x, y), (0, shift), textcoords="offset points", ha=side,
        va="bottom" if upright == "bottom" else "top", fontsize=11, color=MUTED, style="italic", zorder=9,
    )  # fmt: skip


def _label_size(lines: str) -> float:
    """Points; smaller where one long word would not fit beside the radar."""
    return 13.5 * min(1.0, _ROOM / max(map(len, lines.split("\n"))))


def _draw_series(axes: Axes, look: Look, shifts: dict[tuple[int, int], float]) -> None:
    values = look.series.values()
    count = len(values)
    points = [None if value is None else _point(index, count, value) for index, value in enumerate(values)]
    drawn = [point for point in points if point is not None]
    if len(drawn) == count and look.newest:
        axes.add_patch(Polygon(drawn, closed=True, facecolor=look.colour, alpha=0.13, lw=0, zorder=3))
    for index, start in enumerate(points):
        end = points[(index + 1) % count]
        if start is not None and end is not None:
            axes.plot(
                [start[0], end[0]], [start[1], end[1]], color=look.colour, lw=look.width, ls=look.dashes,
                solid_capstyle="round", zorder=4 if look.newest else 3,
            )  # fmt: skip
    axes.plot([], [], label=look.name, gid=f"{SERIES}:{look.order}")
    for index, value in enumerate(values):
        if value is None:
            continue
        x, y = _point(index, count, value, shifts.get((look.order, index), 0.0))
        draw_mark(axes, look, x, y, gid=f"{SERIES}:{look.order}:{index}", number=value)


def draw_mark(axes: Axes, look: Look, x: float, y: float, *, gid: str, number: int) -> None:
    """One value; the newest session's is large and holds its number."""
    size = look.size * {"s": 0.88, "D": 0.8}.get(look.marker, 1.0) if look.newest else look.size
    axes.plot(
        [x], [y], ls="", marker=look.marker, ms=size, color=look.colour, mec=SURFACE,
        mew=1.2 if look.age < 2 else 0.7, zorder=6 if look.newest else 5,
        gid=gid,
    )  # fmt: skip
    if look.newest:
        axes.text(
            x, y, str(number), color=SURFACE, fontsize=11.5, fontweight="bold", ha="center", va="center_baseline", zorder=7
        )


# -- the legend --------------------------------------------------------------------------------------------------------------

_COLUMNS = 4
_LINE_INCHES = 0.27


def legend_height(radar: Radar) -> float:
    """Inches that ``draw_legend`` needs at the foot of a figure."""
    rows, _ = _legend(radar)
    return 0.34 + _LINE_INCHES * rows


def draw_legend(figure: Figure, radar: Radar) -> None:
    """Under the picture: the newest session, the earlier ones from new to old, and the mark of a target where there is one.

    Beyond five sessions the oldest share one line. With aspects each has a row, and each session
    a column.
    """
    rows, handles = _legend(radar)
    figure.legend(
        handles=handles, loc="lower center", ncols=math.ceil(len(handles) / rows), frameon=False,
        fontsize=10.5 if len(aspects_of(radar)) > 1 else 12, handlelength=2.6, columnspacing=1.6, borderaxespad=0.4,
    )  # fmt: skip


def _legend(radar: Radar) -> tuple[int, list[Line2D]]:
    """How many rows, and the lines of the legend, column by column; every column but the last is full."""
    looks = looks_of(radar)
    several = len(aspects_of(radar)) > 1
    named = sorted((look for look in looks if look.named), key=lambda look: (look.age, look.aspect))
    if several:  # newest, the one before it, and the rest together
        named = [look for look in named if look.age < 2]
    # A row tells its aspect once, with the newest session.
    handles = [_handle(look, look.label if look.newest else look.series.label) for look in named]
    rest = [look for look in looks if look not in named]
    for aspect in dict.fromkeys(look.aspect for look in sorted(rest, key=lambda look: look.aspect)):
        days = [look for look in rest if look.aspect == aspect]
        handles.append(_handle(days[-1], _together(days)))
    if any(target is not None for target in radar.targets):
        handles.append(Line2D([], [], ls="", marker="D", ms=10, mfc="none", mec=TARGET, mew=2.2, label="streefdoel"))
    if several:
        rows = len(aspects_of(radar))
        blank = (Line2D([], [], ls="", label=" ") for _ in range(-len(handles) % rows))
        return rows, [*handles, *blank]
    rows = max(1, math.ceil(len(handles) / _COLUMNS))
    return rows, _row_by_row(handles, rows)


def _together(looks: Sequence[Look]) -> str:
    """What the sessions that share a line are called: their one day, or how many they are, and since when."""
    if len(looks) == 1:
        return looks[0].series.label
    return f"{len(looks)} eerder, vanaf {looks[0].series.label}"


def _row_by_row(handles: list[Line2D], rows: int) -> list[Line2D]:
    """*handles* in the order in which matplotlib, which fills column by column, shows them row by row."""
    columns = math.ceil(len(handles) / rows)
    return [handle for column in range(columns) for handle in handles[column::columns]]


def _handle(look: Look, label: str) -> Line2D:
    return Line2D(
        [], [], color=look.colour, lw=look.width, ls=look.dashes, marker=look.marker, ms=10 if look.newest else look.size,
        mec=SURFACE, mew=0.8, label=label,
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

    Axes come in the radar's order; series come in the radar's order too, so oldest first. Labels are
    as in the radar, with the aspect in front where there is one.
    Made for tests that hold this picture against the one on the page.
    """
    axes = figure.axes[0]
    labels = {_numbers(text)[0]: " ".join(text.get_text().split()) for text in axes.texts if _is(text, AXIS)}
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
        x, y = (float(np.asarray(part).item()) for part in line.get_data())
        angle = 0.0 if axes.axison else _angle(numbers[-1], len(labels))
        points[labels[numbers[-1]]] = round(x if axes.axison else x * math.cos(angle) + y * math.sin(angle))
    return Drawn(tuple(labels[index] for index in sorted(labels)), tuple(series[order] for order in sorted(series)), targets)


def _is(artist: Line2D | Text, kind: str) -> bool:
    return (artist.get_gid() or "").startswith(f"{kind}:")


def _numbers(artist: Line2D | Text) -> list[int]:
    return [int(part) for part in (artist.get_gid() or "").split(":")[1:]]
