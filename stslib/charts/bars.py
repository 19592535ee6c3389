"""Bars with interval whiskers, counts with a lighter part, and intervals side by side for many small groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from stslib.charts.axes import fit, label_columns, label_rows, new_axes, percent, percent_axis, quiet_frame
from stslib.charts.style import ACCENT, INK, LINE_STRONG, MUTED, SURFACE
from stslib.text import format_number

PART = "#a3c8d6"
"""A lighter tone of the accent: part of a whole, near a limit."""


@dataclass(frozen=True)
class Bar:
    """One group: its rate (0–1) with a 95 % interval. ``rate`` None is a group that may not be shown; ``note`` then says so.

    ``part_of``: the group is part of the bar above it, and is drawn lighter and thinner.
    """

    label: str
    rate: float | None
    low: float | None = None
    high: float | None = None
    part_of: bool = False
    note: str = ""


@dataclass(frozen=True)
class CountBar:
    """One group of people: how many, and how many are close to it. None is a number that may not be shown."""

    label: str
    count: int | None
    near: int | None = None
    count_text: str = ""
    """What stands beside the bar where the number itself may not be shown: ``<5``."""
    near_text: str = ""


def draw_bars(bars: Sequence[Bar], *, axis_label: str, reference: float | None = None, reference_label: str = "") -> Figure:
    """Horizontal bars, first on top, each with its interval and its value; a dashed line for the *reference* rate (0–1)."""
    figure, axes = new_axes(9.0, 1.2 + 0.5 * len(bars))
    places = range(len(bars))
    reach = max([bar.high or bar.rate or 0 for bar in bars] + [reference or 0, 0.002])
    heights = [0.5 if bar.part_of else 0.68 for bar in bars]
    axes.barh(
        places, [bar.rate or 0 for bar in bars], height=heights, color=[PART if b.part_of else ACCENT for b in bars], zorder=2
    )
    whiskers = [(place, bar.low, bar.high) for place, bar in enumerate(bars) if bar.low is not None and bar.high is not None]
    if whiskers:
        rows, lows, highs = zip(*whiskers, strict=True)
        axes.hlines(rows, lows, highs, color=INK, lw=1.5, zorder=3)
        axes.plot([*lows, *highs], [*rows, *rows], ls="", marker="|", ms=8, mew=1.5, color=INK, zorder=3)
    for place, bar in enumerate(bars):
        if bar.rate is None:
            axes.text(reach * 0.008, place, bar.note or "–", va="center", color=MUTED, style="italic")
            continue
        right = max(bar.high or 0, bar.rate) + reach * 0.015
        value = axes.text(right, place, percent(bar.rate), va="center", color=INK, zorder=4)
        value.set_bbox({"facecolor": SURFACE, "edgecolor": "none", "pad": 1})
    if reference is not None:
        axes.axvline(reference, color=LINE_STRONG, ls=(0, (4, 3)), lw=1.5, zorder=1)
        axes.annotate(
            reference_label, (reference, 1.0), (0, 5), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", va="bottom", color=MUTED, fontsize="small",
        )  # fmt: skip
    label_rows(axes, [bar.label for bar in bars], [MUTED if bar.part_of else INK for bar in bars])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlim(0, reach * 1.13)
    percent_axis(axes.xaxis)
    axes.set_xlabel(axis_label)
    quiet_frame(axes, grid="x")
    return fit(figure, axes)


def draw_counts(bars: Sequence[CountBar], *, axis_label: str, count_label: str, near_label: str) -> Figure:
    """Two bars per group: how many people are over a limit, and below it, lighter, how many come near."""
    figure, axes = new_axes(9.0, 1.75 + 0.85 * len(bars))
    reach = max([bar.count or 0 for bar in bars] + [bar.near or 0 for bar in bars] + [1])
    for shift, name, numbers, texts, colour in (
        (-0.19, count_label, [bar.count for bar in bars], [bar.count_text for bar in bars], ACCENT),
        (0.19, near_label, [bar.near for bar in bars], [bar.near_text for bar in bars], PART),
    ):
        places = [place + shift for place in range(len(bars))]
        widths = [number or 0 for number in numbers]
        axes.barh(places, widths, height=0.34, color=colour, label=name, zorder=2)
        for place, number, text in zip(places, numbers, texts, strict=True):
            label = text or ("" if number is None else format_number(number))
            axes.text((number or 0) + reach * 0.012, place, label, va="center", color=INK)
    label_rows(axes, [bar.label for bar in bars], [INK] * len(bars))
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_xlim(0, reach * 1.1)
    axes.set_xlabel(axis_label)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderaxespad=0.2, handlelength=1.4)
    quiet_frame(axes, grid="x")
    return fit(figure, axes)


def draw_intervals(
    groups: Sequence[tuple[str, Sequence[Bar]]], *, axis_label: str, reference: float, reference_label: str
) -> Figure:
    """A dot with its interval per small group, in the order given, under the name of the larger group they belong to.

    Made for many groups (classes per year): the interval shows how little a single dot says.
    """
    total = sum(len(members) for _, members in groups) + len(groups) - 1
    figure, axes = new_axes(max(7.0, 1.2 + 0.2 * total), 4.6)
    bars = [bar for _, members in groups for bar in members]
    reach = max([bar.high or bar.rate or 0 for bar in bars] + [reference])
    ticks: list[int] = []
    labels: list[str] = []
    place = 0
    for index, (name, members) in enumerate(groups):
        if index % 2 == 0:
            axes.axvspan(place - 0.75, place + len(members) - 0.25, color="#f3f5f6", lw=0, zorder=0)
        axes.annotate(
            name, (place + (len(members) - 1) / 2, 1.0), (0, 4), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="bottom", color=MUTED, fontsize="small",
        )  # fmt: skip
        ticks += range(place, place + len(members))
        labels += [bar.label for bar in members]
        place += len(members)
        place += 1
    placed = list(zip(ticks, bars, strict=True))
    shown = [(tick, bar.rate, bar.low or bar.rate, bar.high or bar.rate) for tick, bar in placed if bar.rate is not None]
    if shown:
        x, rates, lows, highs = zip(*shown, strict=True)
        axes.vlines(x, lows, highs, color=ACCENT, lw=2.4, zorder=2)
        axes.plot(x, rates, ls="", marker="o", ms=6.5, mfc=ACCENT, mec="white", mew=1, zorder=3)
    hidden = [tick for tick, bar in placed if bar.rate is None]
    if hidden:
        axes.plot(hidden, [0] * len(hidden), ls="", marker="x", color=LINE_STRONG, ms=5, clip_on=False, zorder=3)
    axes.axhline(reference, color=LINE_STRONG, ls=(0, (4, 3)), lw=1.5, zorder=1)
    axes.annotate(
        reference_label, (1.0, reference), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", color=MUTED, fontsize="small",
    )  # fmt: skip
    label_columns(axes, ticks, labels)
    axes.set_xlim(-0.75, place - 1.25)
    axes.set_ylim(0, reach * 1.06)
    percent_axis(axes.yaxis)
    axes.set_ylabel(axis_label)
    quiet_frame(axes, grid="y")
    return fit(figure, axes)
