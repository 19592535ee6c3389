"""Before and after per scale, from low to high: what a radar hides."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stslib.charts.radar import (
    AXIS,
    SERIES,
    TARGET_MARK,
    Look,
    aspects_of,
    draw_legend,
    draw_mark,
    legend_height,
    looks_of,
    score_text,
)
from stslib.charts.style import ACCENT, EARLIER, INK, LINE, MUTED, SUNKEN, SURFACE, TARGET, faded, new_figure
from stslib.model.radar import Radar

_LANE = 0.52
"""Inches between two lines of marks."""

_BELOW = 0.43
"""How far under the newest two sessions the older ones stand, in lanes: a mark never covers another of the last two."""

_WORDS = 4
"""How far words at the left reach on the scale; where an earlier mark stands there, they go to the right."""


def draw_dot_plot(radar: Radar) -> Figure:
    """Every session on a row per scale, lowest score first; what has no number comes last, in words.

    The newest session and the one before it stand on the line, with what lies between them; the older ones fade below it.
    With aspects each row has a line per aspect, and rows keep the radar's order: no aspect goes before the other.
    """
    return _draw(radar, range(len(radar.axes)) if len(aspects_of(radar)) > 1 else _sorted_rows(radar))


def draw_rows(radar: Radar) -> Figure:
    """Every session on a row per scale, in the radar's order: for a phase with too few or too many axes for a radar."""
    return _draw(radar, range(len(radar.axes)))


def _sorted_rows(radar: Radar) -> list[int]:
    """Indexes of axes: numbers from low to high, then the rest; equal ones stay in the radar's order."""
    values = radar.current.values()
    return sorted(range(len(values)), key=lambda index: 11 if (value := values[index]) is None else value)


def _draw(radar: Radar, rows: Sequence[int]) -> Figure:
    looks = looks_of(radar)
    lanes = len(aspects_of(radar))
    older = any(look.age > 1 for look in looks)
    # Lanes from one row to the next.
    step = lanes * (1.0 + (0.42 if older else 0.0)) + (0.3 if lanes > 1 else 0.0)
    inches = _LANE * (0.84 if lanes > 1 else 1.0)
    legend = legend_height(radar)
    tall = inches * step * max(len(rows), 1)
    height = 0.45 + tall + legend
    figure = new_figure(9.0, height)
    left = 0.29
    axes = figure.add_axes((left, legend / height, 0.97 - left, tall / height))
    axes.set_xlim(-0.35, 10.35)
    axes.set_ylim(step * max(len(rows), 1), 0)
    axes.set_yticks([])
    axes.set_xticks(range(0, 11, 2))
    axes.tick_params(axis="x", length=0, labelsize=11, colors=MUTED, labeltop=True, labelbottom=False)
    axes.grid(axis="x", color=LINE, lw=1.0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for look in looks:
        axes.plot([], [], label=look.name, gid=f"{SERIES}:{look.order}")
    for row, index in enumerate(rows):
        _draw_row(axes, radar, looks, row * step, step, index)
    if not rows:
        axes.text(5, step / 2, "Geen schalen voor deze school in deze fase", ha="center", va="center", color=MUTED)
    draw_legend(figure, radar)
    return figure


def _draw_row(axes: Axes, radar: Radar, looks: Sequence[Look], top: float, step: float, index: int) -> None:
    """One scale, from *top* to *top* + *step* lanes."""
    aspects = aspects_of(radar)
    margin = 0.15 if len(aspects) > 1 else 0.0
    if margin:
        axes.axhspan(top + margin, top + step - margin, color=SUNKEN, lw=0, zorder=-1)
    lane = (step - 2 * margin) / len(aspects)
    older = any(look.age > 1 for look in looks)
    places = [top + margin + lane * (aspect + (0.36 if older else 0.5)) for aspect in range(len(aspects))]
    for aspect, place in enumerate(places):
        axes.plot([0, 10], [place, place], color=LINE, lw=0.8, zorder=0)
        _draw_lane(axes, [look for look in looks if look.aspect == aspect], place, index, words=len(aspects) > 1)
    middle = places[0] if len(aspects) == 1 else top + step / 2
    name = axes.text(-0.75, middle, radar.axes[index], ha="right", va="center", fontsize=13, color=INK)
    name.set_gid(f"{AXIS}:{index}")
    target = radar.targets[index]
    if target is not None:
        axes.plot(
            [target],
            [middle],
            ls="",
            marker="D",
            ms=17,
            mfc="none",
            mec=TARGET,
            mew=2.4,
            zorder=8,
            gid=f"{TARGET_MARK}:{index}",
        )


def _draw_lane(axes: Axes, looks: Sequence[Look], place: float, index: int, *, words: bool) -> None:
    values = {look.age: look.series.values()[index] for look in looks}
    now, before = values.get(0), values.get(1)
    newest = looks[-1]
    if now is not None and before is not None and now != before:
        between = faded(newest.colour, 0.58) if words else (ACCENT if now > before else EARLIER)
        axes.plot([before, now], [place, place], color=between, lw=3.2, solid_capstyle="butt", zorder=2)
    for look in looks:  # oldest first, so that a newer one lies on top
        value = values[look.age]
        if value is not None:
            draw_mark(
                axes, look, value, place + (_BELOW if look.age > 1 else 0), gid=f"{SERIES}:{look.order}:{index}", number=value
            )
    if now is None:
        told = score_text(newest.series.scores[index])
        right = any(value is not None and value < _WORDS for value in values.values())
        axes.text(
            10 if right else 0, place, f"{newest.series.aspect}: {told}" if words else told, ha="right" if right else "left",
            va="center", fontsize=12, style="italic", color=MUTED, zorder=1,
            bbox={"facecolor": SUNKEN if words else SURFACE, "edgecolor": "none", "pad": 2},
        )  # fmt: skip
