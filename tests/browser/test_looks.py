"""One picture per kind of page, held against the one that somebody looked at last."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from support.looks import ALLOWED, assert_looks_as_before, look_of, share_apart
from support.pages import fields_there

from stslib.archive import archive_session
from stslib.archive.carriers import pdf_of, poster_of

pytestmark = pytest.mark.browser

MOVING = ".sts-saving, .sts-saved, .sts-due, time"
"""What tells a moment of the day or the day of today."""

WIDE, BEAMER, NARROW = {"width": 1280, "height": 800}, {"width": 1920, "height": 1080}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def sessions(demo) -> list[str]:
    from stslib.store import open_journal

    with open_journal(demo.data) as journal:
        return [session.id for session in journal.sessions(journal.trajectories()[0].id)]


@pytest.fixture
def same_letters(browser) -> None:
    """The looks were taken with DejaVu Sans; with other letters every line breaks elsewhere."""
    stack = '"Segoe UI", "Noto Sans", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif'
    page = browser.new_page()
    page.set_content(f"<span style='font: 40px {stack}'>Schooluitval</span>")
    wide = page.locator("span").bounding_box()["width"]
    page.close()
    if abs(wide - 244.25) > 0.5:
        pytest.skip(f"pages are not set in DejaVu Sans here: a word is {wide} px wide")


@pytest.fixture
def seen(browser, demo, same_letters):
    """Opens a page of the example as a person would set it, and takes its picture."""

    def look(address: str, ready: str, *, viewport=WIDE, dark=False, large=False, media=None) -> bytes:
        context = browser.new_context(
            viewport=viewport, locale="nl-BE", timezone_id="Europe/Brussels", color_scheme="dark" if dark else "light"
        )
        page = context.new_page()
        path, _, step = address.partition("#")
        page.goto(demo.page(path) + (f"#{step}" if step else ""))
        fields_there(page)
        page.locator(ready).first.wait_for()
        if large:
            page.keyboard.press("p")
        if media:
            page.emulate_media(media=media)
        page.evaluate("document.fonts.ready")
        picture = page.screenshot(mask=[page.locator(MOVING)], animations="disabled", caret="hide")
        context.close()
        return picture

    return look


PLAN = "preventieplan?sessie={}#fase-0"
CARD = ".sts-step:not([hidden]) figure.sts-card img"


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("plan", {}),
        ("plan-donker", {"dark": True}),
        ("plan-presentatie", {"viewport": BEAMER, "large": True}),
        ("plan-smal", {"viewport": NARROW}),
        ("plan-afdruk", {"media": "print"}),
    ],
)
def test_a_phase_looks_as_before(seen, sessions, name: str, settings: dict) -> None:
    assert_looks_as_before(name, seen(PLAN.format(sessions[3]), CARD, **settings))


@pytest.mark.parametrize(
    ("name", "address", "ready"),
    [
        ("school-breed-kijken", "school?sessie={}#fase-1", CARD),
        ("school-focus", "school?sessie={}#fase-2", ".sts-candidates"),
        ("school-affiche", "school?sessie={}#fase-5", "[data-block$='.affiche']"),
        ("leerkracht", "leerkracht?sessie={}", ".sts-steps"),
        ("netwerk", "netwerk?sessie={}", ".sts-steps"),
        ("afsluiten", "preventieplan?sessie={}#afsluiten", ".sts-closing"),
        ("cijfers", "cijfers?sessie={}#verandering", CARD),
        ("portaal", "start", ".sts-trajectory"),
        ("gids", "gids", "h1"),
    ],
)
def test_every_kind_of_page_looks_as_before(seen, sessions, name: str, address: str, ready: str) -> None:
    assert_looks_as_before(name, seen(address.format(sessions[3]), ready))


@pytest.fixture(scope="module")
def papers(demo, sessions, tmp_path_factory) -> dict[str, Path]:
    """The archive of a session of the example on paper, and its poster."""
    out = tmp_path_factory.mktemp("archief")
    archive = archive_session(demo.data, sessions[3], out).path
    return {"archief": pdf_of(archive), "affiche": poster_of(demo.data, sessions[3], out, size="a4")[0]}


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("archief-omslag", "archief", 0),
        ("archief-een-bladzijde", "archief", 1),
        ("archief-fase", "archief", 4),
        ("affiche", "affiche", 0),
    ],
)
def test_a_sheet_of_paper_looks_as_before(papers, same_letters, name: str, kind: str, number: int) -> None:
    with pypdfium2.PdfDocument(papers[kind]) as document:
        drawn = document[number].render(scale=96 / 72).to_pil()
    file = io.BytesIO()
    drawn.save(file, "PNG")
    assert_looks_as_before(name, file.getvalue())


def test_a_look_tells_a_page_that_moved_or_lost_a_part(seen, sessions) -> None:
    picture = seen(PLAN.format(sessions[3]), CARD)
    before = look_of(picture)
    with Image.open(io.BytesIO(picture)) as opened:
        page = opened.convert("RGB")
    moved = Image.new("RGB", page.size, page.getpixel((5, 400)))
    moved.paste(page, (0, 8))
    bare = page.copy()
    bare.paste(page.getpixel((5, 400)), (820, 170, 1240, 460))
    for changed in (moved, bare):
        file = io.BytesIO()
        changed.save(file, "PNG")
        assert share_apart(look_of(file.getvalue()), before) > ALLOWED
