"""What a visitor sees, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.running import RunningServer, until

pytestmark = pytest.mark.browser


@pytest.fixture
def context(browser: Any, server: RunningServer) -> Iterator[Any]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE")
    opened.set_default_timeout(40_000)
    page = opened.new_page()
    page.goto(f"{server.url.replace('/?', '/geen-pagina?')}")
    page.close()
    yield opened
    opened.close()


def test_the_frame_is_there_before_the_kernel_has_answered(server: RunningServer, context: Any) -> None:
    gate = server.data / "gate"
    page = context.new_page()
    page.goto(server.page("wacht"), wait_until="commit")
    page.get_by_role("heading", name="Wachtpagina", level=1).wait_for()
    page.get_by_text("Deze zin staat er voor de kernel antwoordt.").wait_for()
    page.get_by_role("status").get_by_text("wordt klaargezet").wait_for()
    assert page.get_by_text("klaar", exact=True).count() == 0
    gate.touch()
    page.get_by_text("klaar", exact=True).wait_for()
    page.get_by_role("status").wait_for(state="detached")
    page.close(run_before_unload=True)


def test_the_first_bytes_of_a_page_do_not_wait_for_a_kernel(server: RunningServer) -> None:
    (server.data / "gate").unlink(missing_ok=True)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/wacht", headers={"Authorization": f"token {server.token}"})
    response = connection.getresponse()
    start = b""
    while b'<div id="sts-page">' not in start:
        piece = response.read1()
        assert piece, start
        start += piece
    assert b"<h1>Wachtpagina</h1>" in start
    assert b'lang="nl"' in start
    assert b"<noscript>" in start
    (server.data / "gate").touch()
    assert b"jupyter-config-data" in response.read()
    connection.close()


def test_widgets_work_and_hear_the_query_of_the_page(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(server.page("preventieplan?sessie=3f2a%20%26%3Cb%3E"))
    page.get_by_label("Veld").fill("hallo")
    page.get_by_text("hallo|3f2a &<b>").wait_for()
    assert page.url == f"http://{server.host}/preventieplan?sessie=3f2a+%26%3Cb%3E"
    assert troubles == []
    page.close(run_before_unload=True)


def test_the_start_page_stands_at_the_root(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.url)
    page.get_by_label("Naam").wait_for()
    assert page.url == f"http://{server.host}/"
    page.get_by_role("link", name="Portaal").click()
    page.wait_for_url(f"http://{server.host}/start")
    page.get_by_label("Naam").wait_for()
    assert page.title() == "Testportaal · Samen tegen Schooluitval"
    page.close(run_before_unload=True)


def test_every_request_stays_on_the_server(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda wire: asked.append(wire.url))
    for path in ("start", "preventieplan", "tekst"):
        page.goto(server.page(path))
        page.locator("#sts-page[data-sts-ready]").wait_for()
    elsewhere = {url for url in asked if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != server.host}
    assert elsewhere == set()
    assert len([url for url in asked if urlsplit(url).netloc == server.host]) < 60
    page.close(run_before_unload=True)


def test_markup_from_a_cell_runs_no_script(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.page("tekst"))
    page.get_by_text("</script><script>window.hacked = 3</script>").wait_for()
    assert page.evaluate("window.hacked") is None
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked = 4\">')")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 5' }))")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("window.hacked") is None
    page.close(run_before_unload=True)


def test_a_cell_that_fails_says_so_in_dutch_and_shows_nothing_of_the_error(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.page("fout?sessie=abc"))
    page.get_by_role("alert").get_by_text("kon niet getoond worden").wait_for()
    assert not re.search("geheim-van-de-cel|ValueError|Traceback", page.content())
    page.close(run_before_unload=True)


def test_presentation_mode_and_colours_are_remembered_and_p_in_a_field_is_a_letter(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.page("start"))
    field = page.get_by_label("Naam")
    field.press_sequentially("pap")
    assert field.input_value() == "pap"
    large = page.get_by_role("button", name="Presentatie")
    assert large.get_attribute("aria-pressed") == "false"
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("p")
    assert large.get_attribute("aria-pressed") == "true"
    assert page.evaluate("'stsLarge' in document.documentElement.dataset")
    page.get_by_role("button", name="Donker").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.stsScheme") == "dark"
    assert page.evaluate("'stsLarge' in document.documentElement.dataset")
    page.get_by_role("button", name="Licht").wait_for()
    page.close(run_before_unload=True)


def test_a_page_is_usable_at_320_pixels_and_by_keyboard(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(server.page("preventieplan"))
    page.get_by_label("Veld").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "sts-main"
    page.close(run_before_unload=True)


def test_a_page_has_no_serious_accessibility_finding(server: RunningServer, context: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = context.new_page()
    for path in ("preventieplan", "fout"):
        page.goto(server.page(path))
        page.locator("#sts-page[data-sts-ready]").wait_for()
        found = axe.Axe().run(page).response["violations"]
        assert [(each["id"], each["impact"]) for each in found if each["impact"] in ("serious", "critical")] == [], path
    page.close(run_before_unload=True)


def test_a_closed_tab_ends_its_kernel_after_what_it_sent_last(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.page("preventieplan"))
    page.get_by_label("Veld").wait_for()
    kernel = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    assert server.get(f"/api/kernels/{kernel}").status == 200
    page.close(run_before_unload=True)
    until(lambda: server.get(f"/api/kernels/{kernel}").status == 404)


def test_a_reload_gets_a_kernel_of_its_own_and_the_old_one_ends(server: RunningServer, context: Any) -> None:
    page = context.new_page()
    page.goto(server.page("preventieplan"))
    page.get_by_label("Veld").wait_for()
    read = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"
    before = page.evaluate(read)
    page.reload()
    page.get_by_label("Veld").wait_for()
    assert page.evaluate(read) != before
    until(lambda: server.get(f"/api/kernels/{before}").status == 404)
    page.close(run_before_unload=True)
