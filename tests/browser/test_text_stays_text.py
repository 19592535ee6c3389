"""Markup and script that somebody types, or that a file brings, stay text on every page and in the archive."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.exports import write_school
from support.pages import new_session, open_session_page, open_step, wait_saved
from support.running import RunningServer

pytestmark = pytest.mark.browser

PAYLOADS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    '<a href="javascript:window.pwned=1">klik</a>',
    '"><script>window.pwned=1</script>',
    "'-window.pwned=1-'",
    "</textarea><script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!--<script>window.pwned=1//-->",
    "<body onload=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<math><mtext><img src=x onerror=window.pwned=1></mtext></math>",
    "<style>@import 'http://127.0.0.1:9/x';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:window.pwned=1'>",
    "{{7*7}}{% raw %}${7*7}`",
    "[klik](javascript:window.pwned=1) ![x](x onerror=window.pwned=1) $\\href{javascript:window.pwned=1}{x}$",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "\u202eomgekeerd\u202c مرحبا 👩‍🏫",
    '=HYPERLINK("http://127.0.0.1:9";"klik")',
]


@pytest.fixture(scope="module")
def attacked(browser, server: RunningServer, tmp_path_factory):
    """A session of a school with a hostile name, with a payload in every kind of field."""
    session = new_session(server.data, PAYLOADS[0])
    context = browser.new_context(locale="nl-BE")
    context.set_default_timeout(30_000)
    context.dialogs = []
    page = context.new_page()
    page.on("dialog", lambda dialog: (context.dialogs.append(dialog.message), dialog.dismiss()))
    open_session_page(page, server, session)
    areas = page.locator(".sts-step:visible .sts-section textarea:visible")
    for index, payload in enumerate(PAYLOADS):
        areas.nth(index).fill(payload)
    page.get_by_role("button", name="Actie toevoegen").first.click()
    page.keyboard.type(PAYLOADS[1])
    page.get_by_role("textbox", name="Wie, actie 1").first.fill(PAYLOADS[2])
    wait_saved(page)
    yield page, session
    context.close()


def not_run(page) -> None:
    assert page.evaluate("() => window.pwned") is None
    assert page.context.dialogs == []


def test_every_payload_comes_back_as_the_text_it_was(attacked, server: RunningServer) -> None:
    page, _ = attacked
    page.reload()
    page.get_by_role("heading", name="Fase 0").wait_for()
    areas = page.locator(".sts-step:visible .sts-section textarea:visible")
    assert [areas.nth(index).input_value() for index in range(len(PAYLOADS))] == PAYLOADS
    for step in ("Fase 1", "Fase 2", "Fase 3", "Overzicht", "Cijfers", "Afsluiten", "Fase 0"):
        open_step(page, step)
    not_run(page)


def test_the_portal_shows_a_hostile_school_name_as_a_name(attacked, server: RunningServer) -> None:
    page, _ = attacked
    portal = page.context.new_page()
    portal.goto(server.page("start"))
    portal.get_by_role("heading", name=PAYLOADS[0]).wait_for()
    not_run(portal)
    portal.close()


def test_cells_and_file_names_of_an_export_stay_text(attacked, tmp_path: Path) -> None:
    page, _ = attacked
    files = write_school(tmp_path, pupils=24)
    rows = list(csv.reader(files.export.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    for index, payload in enumerate(PAYLOADS):
        rows[1 + index][4] = payload
    rows[0].append(PAYLOADS[1])
    hostile = tmp_path / "<img src=x onerror=window.pwned=1>.csv"
    with hostile.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    enrolment = files.enrolment.read_text(encoding="utf-8").replace("1A1", PAYLOADS[2])
    files.enrolment.write_text(enrolment, encoding="utf-8")
    open_step(page, "Cijfers")
    page.get_by_label("Schooljaar").select_option("2025-2026")
    page.get_by_label("Export van afwezigheden").set_input_files(hostile)
    page.get_by_label("Inschrijvingen").set_input_files(files.enrolment)
    page.get_by_role("button", name="Bestanden lezen").click()
    page.get_by_role("button", name="Bewaren bij deze school").click()
    page.get_by_text("Bewaard", exact=True).wait_for()
    page.locator("figure[data-figure='rate_by_class']").first.wait_for(state="attached")
    open_step(page, "Fase 0")
    not_run(page)


def test_the_archive_shows_every_payload_and_runs_none(attacked, server: RunningServer) -> None:
    page, _ = attacked
    open_step(page, "Afsluiten")
    page.get_by_label("Wie was erbij?").fill(PAYLOADS[3])
    page.get_by_role("button", name="Sessie afsluiten").click()
    link = page.get_by_role("link", name="Open het archief")
    link.wait_for(timeout=60_000)
    with page.context.expect_page() as opened:
        link.click()
    archive = opened.value
    archive.wait_for_load_state()
    assert archive.locator("script, iframe, object, embed, form, meta[http-equiv=refresh]").count() == 0
    text = archive.locator("body").inner_text()
    assert [payload for payload in PAYLOADS if " ".join(payload.split()) not in " ".join(text.split())] == []
    not_run(archive)
