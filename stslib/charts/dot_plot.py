"""Before and after per scale, from low to high: what a radar hides."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from stslib.charts.radar import AXIS, SERIES, TARGET_MARK, draw_legend, score_text
from stslib.charts.style import ACCENT, EARLIER, INK, LINE, MUTED, SURFACE, TARGET, new_figure
from stslib.model.radar import Radar


def draw_dot_plot(radar: Radar) -> Figure:
    """This session and the one before it on a row per scale, lowest score first; what has no number comes last, in words."""
    shown = radar.series[-2:]
    return _draw(radar.model_copy(update={"series": shown}), _sorted_rows(radar), first_order=len(radar.series) - len(shown))


def draw_rows(radar: Radar) -> Figure:
    """Every session on a row per scale, in the radar's order: for a phase with too few or too many axes for a radar."""
    return _draw(radar, range(len(radar.axes)), first_order=0)


def _sorted_rows(radar: Radar) -> list[int]:
    """Indexes of axes: numbers from low to high, then the rest; equal ones stay in the radar's order."""
    values = radar.current.values()
    return sorted(range(len(values)), key=lambda index: 11 if (value := values[index]) is None else value)


def _draw(radar: Radar, rows: Sequence[int], first_order: int) -> Figure:
    height = 1.35 + 0.52 * max(len(rows), 1)
    figure = new_figure(9.0, height)
    axes = figure.add_axes((0.29, 0.62 / height, 0.68, 1 - 1.1 / height))
    axes.set_xlim(-0.35, 10.35)
    axes.set_ylim(max(len(rows), 1) - 0.45, -0.55)
    axes.set_yticks([])
    axes.set_xticks(range(0, 11, 2))
    axes.tick_params(axis="x", length=0, labelsize=11, colors=MUTED, labeltop=True, labelbottom=False)
    axes.grid(axis="x", color=LINE, lw=1.0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for order, series in enumerate(radar.series):
        axes.plot([], [], label=series.label, gid=f"{SERIES}:{first_order + order}")
    for row, index in enumerate(rows):
        _draw_row(axes, radar, row, index, first_order)
    if not rows:
        axes.text(5, 0, "Geen schalen voor deze school in deze fase", ha="center", va="center", color=MUTED)
    draw_legend(figure, radar)
    return figure


def _draw_row(axes: Axes, radar: Radar, row: int, index: int, first_order: int) -> None:
    axes.axhline(row, color=LINE, lw=0.8, zorder=0)
    name = axes.text(-0.75, row, radar.axes[index], ha="right", va="center", fontsize=13, color=INK)
    name.set_gid(f"{AXIS}:{index}")
    values = [series.values()[index] for series in radar.series]
    now, before = values[-1], values[-2] if len(values) > 1 else None
    if now is not None and before is not None and now != before:
        axes.plot([before, now], [row, row], color=ACCENT if now > before else EARLIER, lw=3.2, solid_capstyle="butt", zorder=2)
    for order, value in enumerate(values[:-1]):
        if value is None:
            continue
        alpha = {1: 1.0, 2: 0.6}.get(len(values) - 1 - order, 0.38)
        axes.plot(
            [value], [row], ls="", marker="s", ms=9, color=EARLIER, alpha=alpha, mec=SURFACE, mew=1.2, zorder=3,
            gid=f"{SERIES}:{first_order + order}:{index}",
        )  # fmt: skip
    target = radar.targets[index]
    if target is not None:
        axes.plot(
            [target], [row], ls="", marker="D", ms=17, mfc="none", mec=TARGET, mew=2.4, zorder=6, gid=f"{TARGET_MARK}:{index}"
        )
    if now is None:
        axes.text(
            0, row, score_text(radar.current.scores[index]), ha="left", va="center", fontsize=12, style="italic", color=MUTED,
            bbox={"facecolor": SURFACE, "edgecolor": "none", "pad": 2}, zorder=1 if before is not None else 4,
        )  # fmt: skip
        return
    axes.plot(
        [now], [row], ls="", marker="o", ms=19, color=ACCENT, mec=SURFACE, mew=1.2, zorder=4,
        gid=f"{SERIES}:{first_order + len(values) - 1}:{index}",
    )  # fmt: skip
    axes.text(now, row, str(now), color=SURFACE, fontsize=11.5, fontweight="bold", ha="center", va="center_baseline", zorder=5)
