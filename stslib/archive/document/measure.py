"""How much room a text takes on paper, reckoned with the widest font that an archive may be shown in."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from matplotlib import get_data_path
from PIL import ImageFont

_POINTS_PER_MM = 72 / 25.4
_DRAWN_AT = 100
"""Size in pixels that widths are looked up at: large enough for rounding not to matter."""


def lines_of(text: str, *, width: float, points: float) -> int:
    """How many lines *text* needs; 1 for no text.

    Words stay whole where they fit on a line, as a browser does it; a longer one is cut.

    Args:
        text: without line breaks of its own.
        width: of a line, in millimetres.
        points: size of the letters.
    """
    lines, used = 1, 0.0
    space = _millimetres(" ", points)
    for word in text.split():
        long = _millimetres(word, points)
        if used and used + space + long <= width:
            used += space + long
            continue
        lines += bool(used)
        over = ceil(long / width) - 1 if long > width else 0
        lines += over
        used = long - over * width
    return lines


def _millimetres(text: str, points: float) -> float:
    return _font().getlength(text) / _DRAWN_AT * points / _POINTS_PER_MM


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    # The font that matplotlib brings: on every machine, and wider than those of Windows and macOS.
    return ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", _DRAWN_AT)
