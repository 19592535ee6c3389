"""How a page, a print or a picture looks, kept small beside the tests, so that a change of looks is one that somebody chose.

A look is a screenshot in grey at a quarter of its size: letters melt into their lines, so another browser's smoothing of edges
makes no difference, and a part that moved, vanished or changed its tone does. ``STS_NEW_LOOKS=1`` writes them anew: look at the
pages themselves first.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops

FOLDER = Path(__file__).parents[1] / "looks"
SMALLER = 4
APART = 40
"""Steps of grey, of 255, from which a point of a look counts as another one."""
ALLOWED = 0.006
"""Share of the points that may be another: a date, a time, the edge of a letter."""


def look_of(picture: bytes) -> Image.Image:
    """The look of a PNG."""
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.convert("L").reduce(SMALLER)


def share_apart(one: Image.Image, other: Image.Image) -> float:
    """Share of the points that differ; 1.0 where the sizes do."""
    if one.size != other.size:
        return 1.0
    counts = ImageChops.difference(one, other).histogram()
    return sum(counts[APART:]) / (one.width * one.height)


def assert_looks_as_before(name: str, picture: bytes) -> None:
    """Hold *picture* against the look that is kept under *name*."""
    path = FOLDER / f"{name}.png"
    now = look_of(picture)
    if os.environ.get("STS_NEW_LOOKS"):
        now.quantize(32).save(path, optimize=True)
        return
    with Image.open(path) as kept:
        before = kept.convert("L")
    apart = share_apart(now, before)
    if apart > ALLOWED:
        seen = Path(os.environ.get("STS_SEEN", "/tmp" if os.name != "nt" else ".")) / f"look-{name}.png"
        Image.open(io.BytesIO(picture)).save(seen)
        pytest.fail(f"{name} looks different: {apart:.2%} of its points ({now.size} beside {before.size}); see {seen}")
