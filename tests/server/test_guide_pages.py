"""The guide inside the app: the same documents, behind the same door, with nothing in them that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.running import RunningServer

from stslib.server.guide import chapters, load_document, load_guide
from stslib.server.markdown import anchor_of, render

ELSEWHERE = Path("/nergens")


def html_of(text: str) -> str:
    return render(text, lambda url: None if ":" in url else url, pictures=ELSEWHERE)[0]


# -- Markdown ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "tekst <img src=x onerror=alert(1)> tekst",
        "<div>\n<iframe src=//x></iframe>\n</div>",
        "[klik](javascript:alert(1))",
        "![beeld](data:text/html,<script>alert(1)</script>)",
        "# Titel <b onmouseover=alert(1)>",
        '[klik](x"onclick="alert(1))',
        "| <b>a</b> |\n| --- |\n| <script>1</script> |",
        "```\n</code><script>alert(1)</script>\n```",
        '![a" onload="alert(1)](beeld.png)',
    ],
)
def test_markup_in_a_document_stays_text(text: str) -> None:
    made = html_of(text)
    assert re.findall(r"<(script|iframe|b|div)\b(?! class)", made) == []
    assert re.findall(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', made)) == []
    assert "javascript:" not in re.sub(r">[^<]*<", "><", made)


def test_a_heading_gets_the_anchor_that_links_in_the_source_use() -> None:
    made, headings = render("# Vóór het overleg: klaar?\n\n## Wat *moet*", lambda url: url, pictures=ELSEWHERE, lower=1)
    assert [(each.level, each.anchor) for each in headings] == [(2, "vóór-het-overleg-klaar"), (3, "wat-moet")]
    assert '<h2 id="vóór-het-overleg-klaar">' in made
    assert anchor_of("De pagina's van een sessie") == "de-paginas-van-een-sessie"


def test_a_table_and_code_can_be_scrolled_by_keyboard_and_say_what_they_are() -> None:
    made = html_of("# Toetsen\n\n| toets | doet |\n| --- | --- |\n| `P` | groot |\n\n```text\nsts start\n```")
    assert '<div class="sts-guide-table" tabindex="0" role="region" aria-label="Tabel: Toetsen"><table>' in made
    assert '<th scope="col">toets</th>' in made
    assert '<pre tabindex="0"><code>sts start</code></pre>' in made


# -- the documents -------------------------------------------------------------------------------------------------------------


def test_every_link_within_the_guide_leads_to_something_on_its_page() -> None:
    guide = load_guide()
    inside = re.findall(r'href="(?:gids)?#([^"]+)"', guide.body)
    assert inside
    assert set(inside) <= set(re.findall(r'id="([^"]+)"', guide.body))
    assert len(guide.headings) == len({heading.anchor for heading in guide.headings})


def test_other_documents_open_beside_the_guide() -> None:
    others = set(re.findall(r'href="gids-([^"#]+)', load_guide().body))
    assert "cijfers-bewaren" in others
    for name in others:
        document = load_document(name)
        assert document is not None
        assert document.title
    assert load_document("bestaat-niet") is None
    assert load_document("../README") is None


# -- the server ----------------------------------------------------------------------------------------------------------------


def test_the_guide_opens_with_the_link_of_this_computer_only(server: RunningServer) -> None:
    for path in ("/gids", "/gids-cijfers-bewaren", "/gids/beelden/portaal.png", "/gids/guide.css", "/gids/page.js"):
        assert server.get(path).status == 200, path
        assert server.get(path, token=False).status == 403, path


@pytest.mark.parametrize(
    "path",
    [
        "/gids-bestaat-niet",
        "/gids/",
        "/gids/beelden/",
        "/gids/beelden/niets.png",
        "/gids/beelden/../make_pictures.py",
        "/gids/beelden/..%2fmake_pictures.py",
        "/gids/../README.md",
        "/gids/make_pictures.py",
        "/gids/early.js",
        "/gids-../pyproject",
    ],
)
def test_nothing_but_documents_and_their_pictures_is_served(server: RunningServer, path: str) -> None:
    assert server.get(path).status == 404


def test_the_guide_may_run_nothing_but_the_script_of_the_pages(server: RunningServer) -> None:
    policy = server.get("/gids").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "connect-src" not in policy


def test_every_chapter_and_its_pictures_are_on_the_page(server: RunningServer) -> None:
    text = server.get("/gids").text
    assert all(f'<h2 id="{anchor_of(path.read_text(encoding="utf-8").splitlines()[0][2:])}">' in text for path in chapters())
    pictures = re.findall(r'<img src="(gids/beelden/[a-z-]+\.png)" alt="[^"]{20,}" width="\d+" height="\d+"', text)
    assert len(pictures) == text.count("<img ")
    assert pictures
    assert [picture for picture in pictures if server.get(f"/{picture}").status != 200] == []


# -- in a browser --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Any, server: RunningServer) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE")
    opened = context.new_page()
    opened.asked = []
    opened.told = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.told.append(message.text))
    opened.on("pageerror", lambda error: opened.told.append(str(error)))
    opened.goto(server.page("gids"))
    yield opened
    context.close()


@pytest.mark.browser
def test_the_guide_asks_nobody_else_and_breaks_none_of_its_rules(server: RunningServer, page: Any) -> None:
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((one) => one.complete && one.naturalWidth > 0)")
    assert [url for url in page.asked if not url.startswith((server.origin, "data:"))] == []
    assert page.told == []


@pytest.mark.browser
def test_the_contents_lead_to_a_chapter_by_keyboard_alone(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Afsluiten":
            break
    page.keyboard.press("Enter")
    assert page.url.endswith("#afsluiten")
    top = page.get_by_role("heading", name="Afsluiten", exact=True).first.evaluate("one => one.getBoundingClientRect().top")
    assert 0 <= top < 200


@pytest.mark.browser
def test_a_link_to_a_part_of_the_guide_opens_there(server: RunningServer, page: Any) -> None:
    page.goto(f"{server.origin}/gids#als-de-verbinding-wegvalt")
    heading = page.get_by_role("heading", name="Als de verbinding wegvalt")
    assert 0 <= heading.evaluate("one => one.getBoundingClientRect().top") < 200


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["gids", "gids-inhoud-aanpassen"])
def test_axe_finds_nothing_serious_in_the_guide(server: RunningServer, page: Any, path: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{server.origin}/{path}")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.browser
def test_the_guide_fits_a_narrow_screen_and_grows_in_presentation(page: Any) -> None:
    size = "() => parseFloat(getComputedStyle(document.querySelector('#sts-page p')).fontSize)"
    small = page.evaluate(size)
    page.keyboard.press("p")
    assert page.evaluate(size) > small
    page.keyboard.press("p")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_every_page_has_a_way_to_the_guide(server: RunningServer, page: Any) -> None:
    page.goto(f"{server.origin}/start")
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Gids").click()
    page.get_by_role("heading", name="Gids", level=1).wait_for()
    assert page.get_by_role("link", name="Gids", exact=True).get_attribute("aria-current") == "page"
