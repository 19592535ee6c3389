"""Rates in a grid, one colour from light to dark, each cell with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from stslib.charts.axes import fit, new_axes, percent
from stslib.charts.shades import readable_on
from stslib.charts.style import LINE, MUTED

_SHADES = LinearSegmentedColormap.from_list("rates", ["#eef5f8", "#a9cedc", "#5ea0b8", "#17607a", "#06303f"])


@dataclass(frozen=True)
class Cell:
    """One square: a rate (0–1), or None with a *note* that says why there is none. ``stands_out`` draws a border around it."""

    rate: float | None
    note: str = ""
    stands_out: bool = False


def draw_heat_map(rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Cell]]) -> Figure:
    """*cells* by row and column; the colours span from the lowest to the highest rate, so the numbers carry the size."""
    figure, axes = new_axes(1.6 + 1.6 * len(columns), 1.0 + 1.05 * len(rows))
    rates = [cell.rate for line in cells for cell in line if cell.rate is not None]
    low, high = (min(rates), max(rates)) if rates else (0.0, 1.0)
    for y, line in enumerate(cells):
        for x, cell in enumerate(line):
            if cell.rate is None:
                axes.add_patch(Rectangle((x, y), 1, 1, facecolor="white", edgecolor=LINE, hatch="///", lw=0))
                axes.text(
                    x + 0.5, y + 0.5, cell.note, ha="center", va="center", color=MUTED, fontsize="small",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 3},
                )  # fmt: skip
                continue
            paint = _SHADES(0.08 + 0.84 * ((cell.rate - low) / (high - low) if high > low else 0.3))
            ink = readable_on(to_hex(paint))
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=paint, edgecolor="white", lw=3))
            if cell.stands_out:
                axes.add_patch(Rectangle((x + 0.06, y + 0.08), 0.88, 0.84, fill=False, edgecolor=ink, lw=2))
            axes.text(
                x + 0.5, y + 0.5, percent(cell.rate), ha="center", va="center", fontsize="large",
                color=ink, fontweight="bold" if cell.stands_out else "normal",
            )  # fmt: skip
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    axes.set_xticks([x + 0.5 for x in range(len(columns))], columns)
    axes.set_yticks([y + 0.5 for y in range(len(rows))], rows)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return fit(figure, axes)
