"""The archive as a browser shows it: everything typed is text, nothing runs, nothing is fetched, everybody can read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from stslib.archive.document.plain import shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(chromium, archived):
    """The page, and everything that happened while it opened."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    happened: dict[str, list[str]] = {"requests": [], "dialogs": [], "console": []}

    def dismiss(dialog) -> None:
        happened["dialogs"].append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: happened["requests"].append(request.url))
    page.on("dialog", dismiss)
    page.on("console", lambda message: happened["console"].append(message.text))
    page.on("pageerror", lambda error: happened["console"].append(str(error)))
    page.goto(Path(archived.result.path).as_uri(), wait_until="load")
    yield page, happened
    page.close()


def test_nothing_runs_and_nothing_is_fetched(opened, archived) -> None:
    page, happened = opened
    page.mouse.move(400, 400)
    page.keyboard.press("Tab")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert [url for url in happened["requests"] if not url.startswith("data:")] == [Path(archived.result.path).as_uri()]
    assert happened["dialogs"] == []
    assert happened["console"] == []
    assert page.evaluate("document.scripts.length") == 0
    unwanted = "script, iframe, object, embed, base, form, svg, math, meta[http-equiv=refresh], [href^='javascript:']"
    assert page.locator(unwanted).count() == 0
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    assert page.evaluate(handlers) == []


def test_everything_that_was_typed_can_be_read_as_text(
    opened, payloads: tuple[str, ...], short_payloads: tuple[str, ...]
) -> None:
    page, _ = opened
    texts = page.eval_on_selector_all("dd .typed", "elements => elements.map(element => element.textContent)")
    for payload in payloads:
        assert shown(payload).strip("\n") in texts, payload[:60]
    cells = set(page.eval_on_selector_all("td", "elements => elements.map(element => element.firstChild?.textContent)"))
    assert [payload for payload in short_payloads if shown(payload) not in cells] == []
    assert len(short_payloads) > 20
    assert page.locator("h1").inner_text() == '<img src=x onerror=alert("school")> & Co'
    assert page.locator(".cover .day").inner_text() == "<b>3/11/2026</b>"


def test_every_picture_is_shown(opened) -> None:
    page, _ = opened
    widths = page.eval_on_selector_all("main > :not(.summary) img", "images => images.map(image => image.naturalWidth)")
    assert len(widths) == 12
    assert min(widths) > 800
    small = page.eval_on_selector_all(".summary img", "images => images.map(image => image.naturalWidth)")
    assert len(small) == 6
    assert min(small) > 250


def test_line_breaks_stay_and_long_words_wrap(opened) -> None:
    page, _ = opened
    heights = page.eval_on_selector_all(
        "dd .typed", "elements => elements.filter(e => e.textContent.startsWith('eerste regel')).map(e => e.offsetHeight)"
    )
    assert min(heights) >= 4 * 20
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_axe_finds_nothing_serious(opened) -> None:
    page, _ = opened
    violations = Axe().run(page).response["violations"]
    assert [one["id"] for one in violations if one["impact"] in {"serious", "critical"}] == []


def test_it_prints_on_a4(opened) -> None:
    page, _ = opened
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed


def test_no_table_or_picture_is_wider_than_the_paper(opened) -> None:
    page, _ = opened
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})  # 178 mm: A4 without its margins
    # What is set on a landscape page of its own has more room.
    cut = page.eval_on_selector_all(
        "section:not(.wide) table, img",
        "all => all.filter(one => !one.closest('.wide') && one.getBoundingClientRect().right > 674).map(one => one.className)",
    )
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert cut == []
