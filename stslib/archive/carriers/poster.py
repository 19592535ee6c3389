"""One sheet for the staff room, as a PDF and as a picture, through the user's own browser."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, Final, Literal

from stslib.archive.carriers.browser import needed_browser
from stslib.archive.carriers.files import put
from stslib.archive.carriers.poster_content import PinnedSentence, PosterContent, figure_places, poster_content, poster_state
from stslib.archive.carriers.printing import page_count, picture_page, print_page
from stslib.archive.keeping.placing import told_of_the_disk
from stslib.archive.keeping.seal import read_tables
from stslib.errors import ArchiveError
from stslib.forms.state import FormState
from stslib.text import local_time, parse_typed_date, slug

Size = Literal["a3", "a4"]

SHEETS: Final[dict[str, tuple[int, int]]] = {"a3": (297, 420), "a4": (210, 297)}
"""Width and height of the paper, in millimetres."""

FITS: Final = tuple(round(0.64 * 1.09**step, 3) for step in range(15, -1, -1))
"""Sizes of the type, large to small, as parts of the one that was designed: from 2.3 to 0.64, which is 9 points on A4 and 13
on A3. What does not fit on one sheet then goes on on a second."""

_HERE = Path(__file__).resolve().parent
_STYLES = _HERE.parents[1] / "forms" / "widgets" / "styles" / "tokens.css"
_PIXELS = 1754
"""Width of the picture: 150 dots per inch on A3, 212 on A4."""
_PER_MM = 96 / 25.4
_MOST_PIXELS = 16_000
"""Height of a picture that a browser surely makes."""
_LOOK_SCALE = 0.2
"""By how much ``body.beside`` in ``poster.css`` shrinks."""
_BOTTOM = 0.04
"""The white under the text on paper, as a part of the width of the sheet."""
_WINDOW_BAR = 160
_BESIDE = (255, 0, 254)
"""What lies beside the sheet in a picture; no sheet has it."""


def poster_of(data: Path, session_id: str, out: Path, *, size: Size = "a3", stop: Event | None = None) -> tuple[Path, Path]:
    """Make the poster of a session as it is now.

    The type is as large as one sheet allows. A text that is too long for the smallest type goes on on a second sheet; the
    picture then shows all sheets as one long one. A figure is told only where the newest archive of the session tells it too.

    Args:
        data: the data folder.
        session_id: the session.
        out: the folder of the archives. The files go beside the newest archive of the session as
            ``<its name>_affiche-<size>.pdf`` and ``.png``; without one, where that would be.
        size: ``a3`` or ``a4``.
        stop: set it to give up; nothing is left behind then.

    Returns:
        The PDF and the picture, each whole. Ones that stood there were replaced.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        ArchiveStopped: *stop* was set.
        ArchiveError: there is nothing on the poster yet, there is no browser, it failed, or the folder takes no files.
    """
    state, block = poster_state(Path(data), session_id)
    content = poster_content(state, block)
    browser = needed_browser()
    archive = newest_archive(Path(out), session_id)
    content = replace(content, pinned=told_by(_tables(archive), figure_places(state, block)))
    pdf, page = fitted(browser, content, size, stop=stop)
    picture = pictured(browser, page, size, sheets=page_count(pdf), stop=stop)
    stem = archive.with_suffix("") if archive else _place_without_archive(state, Path(out))
    name = f"{stem.name}_affiche-{size}"
    with told_of_the_disk(Path(out)):
        stem.parent.mkdir(parents=True, exist_ok=True)
    return put(stem.with_name(f"{name}.pdf"), pdf), put(stem.with_name(f"{name}.png"), picture)


# -- what it says ------------------------------------------------------------------------------------------------------------


def newest_archive(out: Path, session_id: str) -> Path | None:
    """The archive of a session with the highest version, in *out* or in a folder of a school; None when there is none."""
    pattern = re.compile(rf"_{re.escape(session_id)}_v(\d{{1,9}})\.html\Z")
    found = [
        (int(match[1]), path) for path in (*out.glob("*.html"), *out.glob("*/*.html")) if (match := pattern.search(path.name))
    ]
    return max(found)[1] if found else None


def _tables(archive: Path | None) -> dict[str, Any]:
    try:
        return (read_tables(archive) if archive else None) or {}
    except ArchiveError:  # no whole archive to take a figure from
        return {}


def told_by(tables: dict[str, Any], places: Sequence[str]) -> PinnedSentence | None:
    """The figure last pinned to the first of *places*, as the archive tells it: what that hides is hidden on the wall too."""
    told = (one for place in places for one in reversed(tables.get("figures", [])) if one.get("pinned_to") == place)
    return next((PinnedSentence(str(one["title"]), str(one["counted_on"])) for one in told if one.get("rows")), None)


def _place_without_archive(state: FormState, out: Path) -> Path:
    day = parse_typed_date(state.meta().date) or local_time(state.session.created_at).date()
    return out / slug(state.trajectory.school) / f"{day.isoformat()}_sessie-{state.session.number}_{state.session.id}"


# -- how it looks ------------------------------------------------------------------------------------------------------------


def fitted(browser: Path, content: PosterContent, size: Size, *, stop: Event | None = None) -> tuple[bytes, bytes]:
    """The poster as a PDF in the largest type that fits on one sheet, and the page that it was printed from.

    Raises:
        ArchiveStopped, ArchiveError: as for ``print_page``.
    """
    for fit in _seen_to_fit(browser, content, size, stop):
        page = poster_page(content, size, fits=[fit])
        pdf = print_page(browser, page, stop=stop)
        if page_count(pdf) == 1:  # paper may break a line where the screen did not
            return pdf, page
    page = poster_page(content, size, fits=FITS[-1:], several=True)
    return print_page(browser, page, stop=stop), page


def _seen_to_fit(browser: Path, content: PosterContent, size: Size, stop: Event | None) -> list[float]:
    """The sizes of the type that fit on one sheet, large to small, by one look at all of them beside one another."""
    from PIL import Image

    width, height = (side * _PER_MM * _LOOK_SCALE for side in SHEETS[size])
    page = poster_page(content, size, fits=FITS)
    # More of a window than needed: some versions count the bar of the window in, and show less of the page.
    taken = picture_page(
        browser, page, width=math.ceil(width * len(FITS)), height=math.ceil(height) + _WINDOW_BAR, scale=1, stop=stop
    )
    with Image.open(io.BytesIO(taken)) as image:
        seen = image.convert("RGB")
    end = int(height - width * _BOTTOM) - 1
    if seen.width < math.floor(width * len(FITS)) or seen.height <= end:  # a window that shows less still: print and see
        return list(FITS)
    return [fit for place, fit in enumerate(FITS) if seen.getpixel((int(width * (place + 0.5)), end)) == _BESIDE]


def poster_page(content: PosterContent, size: Size, *, fits: Sequence[float], several: bool = False) -> bytes:
    """The poster as HTML that needs nothing else: no script, no address; every text is escaped by the template.

    Args:
        content: what it says.
        size: the paper.
        fits: sizes of the type, of ``FITS``; of more than one, the posters stand beside one another.
        several: whether it takes more than one sheet; they are numbered then.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    width, height = SHEETS[size]
    style = "\n".join(path.read_text(encoding="utf-8") for path in (_STYLES, _HERE / "poster.css"))
    template = environment.get_template("poster.html.j2")
    shape = {"width": width, "height": height, "fits": fits, "several": several, "style": style}
    return template.render(poster=content, smaller=_smaller, **shape).encode()


def _smaller(text: str, roomy: int) -> float:
    """By how much a heading of this length shrinks, where *roomy* characters stand in full size."""
    return round(max(0.36, min(1.0, math.sqrt(roomy / max(1, len(text))))), 3)


def pictured(browser: Path, page: bytes, size: Size, *, sheets: int, stop: Event | None = None) -> bytes:
    """The poster as a PNG as wide as the sheet and as high as what stands on it.

    Raises:
        ArchiveStopped, ArchiveError: as for ``picture_page``.
    """
    from PIL import Image

    width, height = (side * _PER_MM for side in SHEETS[size])
    most = height * (sheets + 0.5)  # more than needed, as above
    scale = min(_PIXELS / width, _MOST_PIXELS / most)
    taken = picture_page(browser, page, width=math.ceil(width), height=math.ceil(most), scale=round(scale, 4), stop=stop)
    with Image.open(io.BytesIO(taken)) as image:
        whole = image.convert("RGB")
    beside = next((row for row in range(whole.height) if whole.getpixel((2, row)) == _BESIDE), whole.height)
    out = io.BytesIO()
    whole.crop((0, 0, round(width * scale), beside)).quantize(256).save(out, "PNG", optimize=True)
    return out.getvalue()
