"""Texts that keep out of each other's way: at the ends of lines, and beside points."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox, ScaledTranslation, blended_transform_factory

from stslib.charts.style import INK

_REACHES = (9.0, 18.0, 30.0, 46.0)
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def label_ends(axes: Axes, ends: Sequence[tuple[float | None, float, str, str]]) -> list[Annotation]:
    """Texts right of the axes: (x, y, text, colour) of each end, x None for the right edge; a thin line joins the two.

    They may overlap until ``settle`` has moved them.
    """
    beside = axes.transAxes + ScaledTranslation(16 / 72, 0, axes.figure.dpi_scale_trans)
    return [
        axes.annotate(
            text, (1.0 if x is None else x, y), (1.0, y), xycoords=("axes fraction" if x is None else "data", "data"),
            textcoords=blended_transform_factory(beside, axes.transData), ha="left", va="center", color=colour,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.9, "shrinkA": 1, "shrinkB": 1, "relpos": (0, 0.5)},
        )
        for x, y, text, colour in ends
    ]  # fmt: skip


def settle(axes: Axes, labels: Sequence[Annotation], gap: float = 2.0) -> None:
    """Move *labels* of ``label_ends`` up or down until none overlap, as little as that takes; after ``fit``."""
    if not labels:
        return
    figure = figure_of(axes)
    renderer = renderer_of(figure)
    boxes = [_box(label, renderer) for label in labels]
    height = max(box.height for box in boxes) + gap
    wanted = [(box.y0 + box.y1) / 2 for box in boxes]
    frame = axes.get_window_extent(renderer)
    placed = spread(wanted, height, frame.y0, frame.y1)
    to_data = axes.transData.inverted()
    for label, height_now in zip(labels, placed, strict=True):
        label.xyann = (label.xyann[0], to_data.transform((0, height_now))[1])


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """*wanted* places, moved so that no two are nearer than *gap* and all lie within *low* and *high* if they fit.

    Neighbours that are too near share the room around their middle, so that none is pushed far.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, int]] = []  # the middle and the number of labels that stand together
    for index in order:
        groups.append((min(max(wanted[index], low), high), 1))
        while len(groups) > 1:
            (before, many), (after, some) = groups[-2:]
            if after - before >= gap * (many + some) / 2:
                break
            count = many + some
            middle = (before * many + after * some) / count
            half = gap * (count - 1) / 2
            middle = min(max(middle, low + half), max(high - half, low + half))
            groups[-2:] = [(middle, count)]
    places = [middle + gap * (step - (count - 1) / 2) for middle, count in groups for step in range(count)]
    result = [0.0] * len(wanted)
    for index, place in zip(order, places, strict=True):
        result[index] = place
    return result


def label_points(
    axes: Axes, points: Sequence[tuple[float, float, str]], others: Sequence[tuple[float, float]]
) -> list[tuple[float, float, str]]:
    """A text beside each of *points* (x, y, text), clear of the *others* (x, y) and of each other; after ``fit``.

    Returns:
        The points for which no room was left; they have no text.
    """
    figure = figure_of(axes)
    renderer = renderer_of(figure)
    frame = axes.get_window_extent(renderer)
    scale = figure.dpi / 72
    taken = [_around(axes, place, 4 * scale) for place in others] + [_around(axes, (x, y), 6 * scale) for x, y, _ in points]
    left_out = []
    for x, y, text in points:
        drawn = axes.annotate(
            text, (x, y), (0, 0), textcoords="offset points", ha="center", va="center", color=INK, fontsize="small",
            weight="bold", zorder=8, arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.7, "shrinkA": 0, "shrinkB": 5},
        )  # fmt: skip
        drawn.set_in_layout(False)
        size = _box(drawn, renderer)
        at = axes.transData.transform((x, y))
        for shift in ((far, side) for far in _REACHES for side in _SIDES):
            far, (right, up) = shift
            dx = right * (far * scale + size.width / 2)
            dy = up * (far * scale + size.height / 2)
            box = Bbox.from_bounds(at[0] + dx - size.width / 2, at[1] + dy - size.height / 2, size.width, size.height)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                drawn.xyann = (dx / scale, dy / scale)
                taken.append(box)
                break
        else:
            drawn.remove()
            left_out.append((x, y, text))
    return left_out


def renderer_of(figure: Figure) -> RendererAgg:
    """What measures texts of *figure* as they will be drawn."""
    return FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-any-return,no-untyped-call]


def figure_of(axes: Axes) -> Figure:
    """The figure that *axes* are drawn on."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("axes without a figure")
    return figure


def _box(label: Annotation, renderer: RendererAgg) -> Bbox:
    """Where the text alone stands, without the line to its point."""
    from matplotlib.text import Text

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+")
        label.update_positions(renderer)
        return Text.get_window_extent(label, renderer)


def _around(axes: Axes, place: tuple[float, float], half: float) -> Bbox:
    x, y = axes.transData.transform(place)
    return Bbox.from_extents(x - half, y - half, x + half, y + half)
