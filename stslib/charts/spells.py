"""Spells of absence: how many of each length, the long ones apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from stslib.charts.axes import WIDTH, draw_nothing, fit, new_axes, note_below, quiet_frame
from stslib.charts.style import ACCENT, EARLIER, INK, LINE_STRONG, MUTED, SURFACE, dutch_decimals
from stslib.text import format_number


@dataclass(frozen=True)
class SpellLength:
    """How many spells have this length; None may not be shown. ``long``: drawn apart, at the right."""

    label: str
    spells: int | None
    long: bool = False


def draw_spells(
    lengths: Sequence[SpellLength], *, axis_label: str, long_label: str = "langdurig", width: float = WIDTH
) -> Figure:
    """An upright bar per length in the order given, its number above it; the long ones behind a gap, hatched and named."""
    if not lengths:
        return draw_nothing(width=width)
    figure, axes = new_axes(width, 4.2)
    places: list[float] = []
    for length in lengths:
        step = 1.0 if places else 0.0
        gap = 0.7 if places and length.long and not lengths[len(places) - 1].long else 0.0
        places.append((places[-1] if places else 0.0) + step + gap)
    reach = max([length.spells or 0 for length in lengths] + [1])
    for place, length in zip(places, lengths, strict=True):
        if length.spells is None:
            axes.add_patch(hidden_bar(place, reach * 0.09))
            axes.text(
                place, reach * 0.11, "niet\ngetoond", ha="center", va="bottom", color=MUTED, fontsize="small", style="italic"
            )
            continue
        axes.bar(
            [place], [length.spells], width=0.78, color=EARLIER if length.long else ACCENT, zorder=2,
            hatch="//" if length.long else None, edgecolor="white" if length.long else "none", lw=0,
            gid=f"spells:{length.label}",
        )  # fmt: skip
        axes.text(place, length.spells + reach * 0.02, format_number(length.spells), ha="center", va="bottom", color=INK)
    long = [place for place, length in zip(places, lengths, strict=True) if length.long]
    if long:
        axes.annotate(
            long_label, (sum(long) / len(long), 1.0), (0, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", va="bottom", color=EARLIER, weight="bold",
        )  # fmt: skip
        if long[0] > 0:
            axes.axvline(long[0] - 0.85, color=LINE_STRONG, lw=1.2, ls=(0, (3, 3)), zorder=1)
    small = any(len(line) > 7 for length in lengths for line in length.label.split("\n"))
    axes.set_xticks(places, [length.label for length in lengths], fontsize="small" if small else None)
    axes.set_xlim(-0.7, max(places[-1], 3) + 0.7)
    axes.set_ylim(0, reach * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(dutch_decimals())
    axes.set_ylabel("aantal periodes")
    quiet_frame(axes, grid="y")
    axes.tick_params(axis="x", colors=INK)
    note_below(axes, axis_label)
    return fit(figure, axes)


def hidden_bar(place: float, height: float, width: float = 0.78) -> Patch:
    """A low hatched block where a bar may not be shown: its height says nothing."""
    return Rectangle(
        (place - width / 2, 0),
        width,
        height,
        facecolor=SURFACE,
        edgecolor=LINE_STRONG,
        hatch="////",
        lw=0,
        zorder=2,
        gid="hidden",
    )
