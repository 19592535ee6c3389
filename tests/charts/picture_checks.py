"""What every picture must hold: texts that can be read, and none over another."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

BEAMER, A4 = 1280 / 120, 7.1
"""Inches: the whole width of a beamer, and the width of the text on a page."""


def texts_of(figure: Figure) -> list[Text]:
    """Every text that is drawn; matplotlib keeps labels of ticks outside the axes, and draws none of them."""
    outside = set()
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        ticks = [tick for tick in axis.get_major_ticks() if not low - 1e-9 <= tick.get_loc() <= high + 1e-9]
        outside |= {id(label) for tick in ticks for label in (tick.label1, tick.label2)}
    found = figure.findobj(Text)
    return [text for text in found if text.get_visible() and text.get_text().strip() and id(text) not in outside]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts_of(figure)]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Where each text stands, in pixels; of an annotation the words alone."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    return [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts_of(figure)]


def overlaps(figure: Figure, allowed: float = 1.5) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other by more than *allowed* pixels both ways."""
    found = []
    for (one, first), (other, second) in combinations(boxes(figure), 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > allowed and down > allowed:
            found.append((one, other))
    return found


def cut_off(figure: Figure) -> list[str]:
    """Texts that reach outside the picture."""
    width, height = figure.bbox.width, figure.bbox.height
    return [text for text, box in boxes(figure) if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1]
