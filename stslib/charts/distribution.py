"""Who carries how much: the share of half days beside the share of pupils, as a curve or in bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from stslib.charts.axes import WIDTH, draw_nothing, fit, label_rows, new_axes, note_below, percent_axis, quiet_frame
from stslib.charts.bars import PART
from stslib.charts.style import ACCENT, EARLIER, INK, LINE_STRONG, MUTED
from stslib.text import format_number, format_percent

HALF = 0.5


@dataclass(frozen=True)
class Carried:
    """The *pupils* (share, 0–1) with the most half days have together this share (0–1) of all *half_days*; None is hidden."""

    pupils: float
    half_days: float | None


@dataclass(frozen=True)
class Band:
    """Pupils with a number of half days between two limits. None is a number that may not be shown."""

    label: str
    pupils: int | None
    half_days: int | None = None


def draw_distribution(
    points: Sequence[Carried], *, half: float | None, axis_label: str = "deel van de halve dagen", width: float = WIDTH
) -> Figure:
    """The curve from the pupils with most half days to all pupils, and the point where half of the half days is reached.

    Args:
        points: in the order of ``pupils``; hidden ones are left out of the line, and a note says so.
        half: the share of pupils (0–1) who carry half; None when that may not be shown.
        axis_label: what is carried.
        width: inches.
    """
    shown = [(point.pupils, point.half_days) for point in points if point.half_days is not None]
    if not shown:
        return draw_nothing("Niet getoond: te weinig leerlingen" if points else "Geen cijfers om te tonen", width)
    figure, axes = new_axes(width, 4.9)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    axes.plot([0, 1], [0, 1], color=LINE_STRONG, lw=1.6, ls=(0, (4, 3)), zorder=1)
    axes.text(0.985, 0.55, "als iedereen evenveel had", color=MUTED, fontsize="small", ha="right", va="top")
    x, y = [0.0, *(at for at, _ in shown)], [0.0, *(share for _, share in shown)]
    axes.fill_between(x, y, x, color=ACCENT, alpha=0.1, lw=0, zorder=1)
    axes.plot(x, y, color=ACCENT, lw=3, marker="o" if len(shown) <= 25 else "", ms=5, zorder=3)
    if half is not None:
        axes.plot([half, half, 0], [0, HALF, HALF], color=EARLIER, lw=1.8, zorder=2)
        axes.plot([half], [HALF], marker="D", ms=10, color=EARLIER, mec="white", mew=1.5, zorder=5, gid="half")
        share = format_percent(half, 0 if half >= 0.02 else 1)
        # Under the straight line there is always room, and there the point meets the axis.
        axes.text(
            max(half + 0.02, 0.22), 0.04, f"{share} van de leerlingen\ndraagt de helft", va="bottom", color=EARLIER,
            weight="bold", zorder=6,
        )  # fmt: skip
    percent_axis(axes.xaxis)
    percent_axis(axes.yaxis)
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    axes.tick_params(axis="x", colors=MUTED, pad=9)
    hidden = "Niet elk punt mag getoond worden: de lijn verbindt de andere." if len(shown) < len(points) else ""
    note_below(axes, "deel van de leerlingen, wie het meest afwezig was eerst", hidden)
    return fit(figure, axes)


def draw_bands(bands: Sequence[Band], *, width: float = WIDTH, half_days_label: str = "halve dagen") -> Figure:
    """Per band two bars: its share of the pupils and, where given, its share of the half days; with the numbers beside them.

    A hidden band has no bar but says so; then no share is written, because the whole is not told either.
    """
    if not bands:
        return draw_nothing(width=width)
    both = any(band.half_days is not None for band in bands)
    complete = all(band.pupils is not None and (not both or band.half_days is not None) for band in bands)
    figure, axes = new_axes(width, 1.5 + (0.8 if both else 0.5) * len(bands))
    kinds = [(-0.19 if both else 0.0, "leerlingen", [band.pupils for band in bands], PART if both else ACCENT)]
    if both:
        kinds.append((0.19, half_days_label, [band.half_days for band in bands], ACCENT))
    reach = 0.02
    for shift, name, numbers, colour in kinds:
        # Without all numbers there is no whole to be a share of: then the longest bar is the measure.
        known = [number for number in numbers if number is not None]
        whole = (sum(known) if complete else max(known, default=0)) or 1
        places = [place + shift for place in range(len(bands))]
        shares = [(number or 0) / whole for number in numbers]
        reach = max(reach, *shares)
        axes.barh(places, shares, height=0.34 if both else 0.6, color=colour, label=name, zorder=2)
        for place, share, number in zip(places, shares, numbers, strict=True):
            text = "niet getoond"
            if number is not None:
                part = f" ({format_percent(share, 0 if share >= 0.01 or not share else 1)})" if complete else ""
                text = format_number(number) + part
            axes.annotate(
                text, (share, place), (6, 0), textcoords="offset points", va="center", color=MUTED if number is None else INK,
                style="italic" if number is None else "normal",
            )  # fmt: skip
    label_rows(axes, [band.label for band in bands], [INK] * len(bands))
    axes.set_ylim(len(bands) - 0.5, -0.5)
    axes.set_xlim(0, reach * 1.06)
    percent_axis(axes.xaxis)
    if both:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderaxespad=0.2, handlelength=1.4)
    quiet_frame(axes, grid="x")
    if not complete:
        axes.set_xticks([])
    note_below(axes, "deel van het geheel" if complete else "de lengte vergelijkt enkel wat getoond mag worden")
    return fit(figure, axes)
