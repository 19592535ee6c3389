"""The closing of a session and the shelf, as a person meets them: before the button, while it works, and after."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from support.factories import make_plan
from support.form_page import open_form, remote, sent, value
from support.pages import new_session, open_session_page, open_step
from support.running import RunningServer, until

from stslib.archive import verify_archive

pytestmark = pytest.mark.browser

PHASE = "fiche.f1"
SHA = "0123456789abcdef" * 4
ARCHIVE = "campus-proef/2027-01-12_sessie-2_proef_v1.html"

WIDE = """() => [...document.querySelectorAll("main *")].filter((one) => one.checkVisibility()
  && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
  && !one.closest(".sts-scroll, .sts-steps, .sts-unseen")).map((one) => one.outerHTML.slice(0, 120))"""
"""What reaches past the edge of a narrow screen, but for what scrolls by itself."""


def version(number: int = 1, **more: Any) -> dict[str, Any]:
    path = ARCHIVE.replace("_v1", f"_v{number}")
    known = {"version": number, "at": "12/01/2027 14:03", "by": "directie", "sha256": SHA, "archive": path, "there": True}
    return known | {"files": [], **more}


def told(page: Any, kind: str, **content: Any) -> None:
    """Let the kernel tell the page something."""
    page.evaluate("(message) => model.receive(message)", {"kind": kind, **content})


def about(page: Any, **more: Any) -> None:
    told(page, "closing-about", **({"notes": [], "conflicts": [], "versions": [], "changed": 0} | more))


def run(page: Any, **content: Any) -> None:
    told(page, "closing-run", **({"running": True, "phase": "archive", "stage": "omslag", "share": 0.25, "text": ""} | content))


def values(**fields: Any) -> dict[str, list[Any]]:
    return {key: [given, 1, "14:00"] for key, given in fields.items()}


@pytest.fixture
def step(page):
    """The closing step on a page whose kernel is played by the test."""
    open_form(page, make_plan(), step="afsluiten")
    page.get_by_role("heading", name="Sessie afsluiten").wait_for()
    return page


def part(page: Any, name: str) -> Any:
    return page.get_by_role("region", name=name)


# -- before the button ---------------------------------------------------------------------------------------------------------


def test_who_closes_is_asked_by_function_and_kept(step) -> None:
    step.get_by_label("Wie sluit af?").fill("CLB-medewerker")
    until(lambda: value(step, "sessie", "closed_by") == "CLB-medewerker")
    assert "geen naam" in step.get_by_text("Een functie").inner_text()


def test_the_step_asks_how_things_are_and_what_would_be_hidden(step) -> None:
    until(lambda: sent(step, "closing-look") and sent(step, "preview"))
    told(step, "closing-preview", state="busy")
    expect(step.get_by_role("progressbar", name="Cijfers nakijken")).to_be_visible()
    step.get_by_role("button", name="Stop met nakijken").click()
    assert sent(step, "preview-stop")


def test_figures_that_are_hidden_are_told_with_how_much_and_why(step) -> None:
    figure = {"title": "Per klas", "place": "Fiche, Fase 1", "hidden": 3, "cells": 12, "reasons": ["een kleine groep"]}
    whole = {"title": "Per graad", "place": "Fiche, Fase 1", "hidden": 0, "cells": 0, "reasons": ["Per graad"]}
    told(step, "closing-preview", state="done", problem="", figures=[figure, whole])
    shown = part(step, "Wat gaat mee, wat niet")
    expect(shown).to_contain_text("3 van de 12 getallen worden een streepje")
    expect(shown).to_contain_text("een kleine groep")
    expect(shown).to_contain_text("Dit cijfer komt niet in het archief.")
    step.get_by_role("button", name="Opnieuw nakijken").click()
    assert sent(step, "preview")[-1]["again"] is True


def test_with_nothing_to_hide_or_no_figures_the_step_says_so(step) -> None:
    told(step, "closing-preview", state="done", problem="", figures=[])
    expect(step.get_by_text("Alle cijfers gaan volledig mee")).to_be_visible()
    told(step, "closing-preview", state="done", problem="Er zijn geen cijfers van deze school.", figures=[])
    expect(step.get_by_text("Er zijn geen cijfers van deze school.")).to_be_visible()


def test_a_note_that_stays_out_can_be_ticked_on_the_spot(page) -> None:
    open_form(page, make_plan(), values=values(**{f"{PHASE}::note": "voor mij"}), step="afsluiten")
    box = part(page, "Wat gaat mee, wat niet").get_by_role("checkbox", name=re.compile("Fase 1: Plannen"))
    expect(box).not_to_be_checked()
    box.check()
    until(lambda: value(page, PHASE, "note_archived") is True)
    assert "voor mij" not in part(page, "Wat gaat mee, wat niet").inner_text()


def test_a_note_on_another_page_is_named(step) -> None:
    note = {"name": "Fiche ouders, Fase 2: Luisteren", "goes": False, "address": "ouders?sessie=proef#fase-2"}
    about(step, notes=[note])
    link = step.get_by_role("link", name="Fiche ouders, Fase 2: Luisteren")
    assert link.get_attribute("href") == note["address"]


def test_an_unfinished_action_is_named_and_the_way_leads_to_its_field(page) -> None:
    action = "actie.0000000a"
    known = values(
        **{
            f"{action}::what": "Bellen",
            f"{action}::when": "1/3/2027",
            "actie.0000000b::what": "Klaar",
            "actie.0000000b::state": "done",
        }
    )
    open_form(page, make_plan(), values=known, step="afsluiten")
    shown = part(page, "Wat gaat mee, wat niet")
    expect(shown).to_contain_text("Nog in te vullen: wie")
    expect(shown).not_to_contain_text("Klaar")
    shown.get_by_role("button", name="Aanvullen: Bellen").click()
    focused = page.evaluate("document.activeElement.closest('[data-action]')?.dataset.action")
    assert focused == action


def test_a_conflict_is_named_and_the_way_leads_to_its_field(step) -> None:
    conflict = {"key": "fiche.f1.plan.wat::answer", "name": "Wat willen we?", "instrument": "fiche"}
    about(step, conflicts=[{**conflict, "address": "fiche?sessie=proef#fase-1"}])
    step.get_by_role("button", name="Kies: Wat willen we?").click()
    assert step.evaluate("document.activeElement.dataset.key") == conflict["key"]


# -- while it works ------------------------------------------------------------------------------------------------------------


def test_closing_waits_until_what_was_typed_is_kept_and_shows_how_far_it_is(step) -> None:
    step.get_by_label("Titel van het overleg").fill("Startoverleg")
    step.get_by_role("button", name="Sessie afsluiten").click()
    until(lambda: sent(step, "close"))
    order = step.evaluate("model.sent.map((message) => message.kind)")
    assert order.index("edits") < order.index("close")
    run(step)
    bar = step.get_by_role("progressbar", name="Voortgang van het afsluiten")
    assert float(bar.get_attribute("value") or 0) == pytest.approx(0.25)
    expect(step.get_by_text("Het archief wordt gemaakt: omslag.")).to_be_visible()
    expect(step.get_by_role("button", name="Sessie afsluiten")).to_be_disabled()


def test_stop_by_keyboard_leaves_the_session_open_and_gives_the_button_back(step) -> None:
    step.get_by_role("button", name="Sessie afsluiten").focus()
    step.keyboard.press("Enter")
    run(step)
    expect(step.get_by_role("button", name="Stop", exact=True)).to_be_focused()
    step.keyboard.press("Enter")
    assert sent(step, "closing-stop")
    expect(step.get_by_text("Stoppen…")).to_be_visible()
    run(step, running=False, phase="stopped", text="Gestopt. Er is niets geschreven. De sessie blijft open.")
    expect(step.get_by_text("De sessie blijft open.")).to_be_visible()
    expect(step.get_by_role("button", name="Sessie afsluiten")).to_be_focused()


def test_the_archive_can_be_opened_while_the_rest_is_still_made(step) -> None:
    made = [
        {"kind": "xlsx", "name": "Excel", "state": "done", "text": ""},
        {"kind": "pdf", "name": "PDF", "state": "failed", "text": "Er is geen browser gevonden."},
        {"kind": "affiche", "name": "Affiche A3", "state": "busy", "text": ""},
    ]
    about(step, versions=[version(files=[{"name": "Excel", "path": ARCHIVE.replace(".html", ".xlsx")}])])
    run(step, phase="carriers", closed={"at": "14:03", "version": 1}, archive=ARCHIVE, made=made, stage="Affiche A3")
    shown = part(step, "Archieven van deze sessie")
    expect(shown).to_contain_text("Open het archief")
    expect(shown).to_contain_text("Excel")
    expect(shown).to_contain_text("Er is geen browser gevonden.")
    expect(step.get_by_text("Nu wordt gemaakt: Affiche A3")).to_be_visible()
    run(step, running=False, phase="done", closed={"at": "14:03", "version": 1}, archive=ARCHIVE, made=made)
    step.get_by_role("button", name="Excel, PDF en affiche maken").click()
    assert sent(step, "closing-make")[-1]["archive"] == ARCHIVE


# -- after ---------------------------------------------------------------------------------------------------------------------


def test_every_version_says_when_who_and_which_seal(step) -> None:
    about(step, versions=[version(2, by=""), version(1, there=False)], changed=3)
    rows = step.get_by_role("row").all_inner_texts()
    assert any("12/01/2027 14:03" in row and "directie" in row and "niet meer in de map" in row for row in rows)
    assert any("niet ingevuld" in row for row in rows)
    seal = step.get_by_text(SHA).first
    expect(seal).to_be_hidden()
    step.get_by_text("volledig zegel van versie 2").locator("xpath=..").click()
    expect(seal).to_be_visible()
    expect(step.get_by_text("Sinds versie 2 zijn 3 antwoorden veranderd.")).to_be_visible()
    expect(step.get_by_role("button", name="Opnieuw afsluiten (versie 3)")).to_be_enabled()


def test_another_window_that_closes_makes_this_one_look_again(step) -> None:
    until(lambda: sent(step, "closing-look"))
    before = len(sent(step, "closing-look"))
    remote(step, ("sessie", "closed", {"archive": ARCHIVE, "version": 1}))
    until(lambda: len(sent(step, "closing-look")) > before)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe_and_no_sideways_scrolling(page, width: int, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    known = values(**{f"{PHASE}::note": "voor mij", "actie.0000000a::what": "Bellen"})
    open_form(page, make_plan(), values=known, step="afsluiten")
    figure = {"title": "Per klas", "place": "Fiche", "hidden": 3, "cells": 12, "reasons": ["een kleine groep"]}
    told(page, "closing-preview", state="done", problem="", figures=[figure])
    made = [{"kind": "pdf", "name": "PDF", "state": "failed", "text": "Er is geen browser gevonden."}]
    about(page, versions=[version(2), version(1)], changed=1)
    run(page, phase="carriers", closed={"at": "14:03", "version": 2}, archive=version(2)["archive"], made=made)
    found = axe.Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate(WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


# -- with a real kernel --------------------------------------------------------------------------------------------------------


def test_a_closing_outlives_its_page_and_is_found_by_the_next_and_by_another_window(page, server: RunningServer) -> None:
    session = new_session(server.data, "Campus Herladen")
    open_session_page(page, server, session)
    open_step(page, "Afsluiten")
    page.get_by_label("Wie sluit af?").fill("CLB-medewerker")
    page.get_by_role("button", name="Sessie afsluiten").click()
    page.get_by_text("Het archief wordt gemaakt: archief voorbereiden").wait_for()
    page.reload()
    other = page.context.new_page()
    open_session_page(other, server, session)
    open_step(other, "Afsluiten")
    for window in (page, other):
        window.get_by_role("link", name="Open het archief").wait_for(timeout=120_000)
    exports = server.data / "exports"
    (written,) = exports.glob(f"campus-herladen/*_{session}_v*.html")
    assert verify_archive(written).ok
    row = page.get_by_role("row", name=re.compile("CLB-medewerker"))
    expect(row).to_contain_text("1")
    page.get_by_role("link", name="Open het archief").wait_for()
    page.get_by_text(re.compile(r"^Afgesloten om \d\d:\d\d\.$")).wait_for(timeout=180_000)
    assert written.with_suffix(".xlsx").is_file()
    assert written.with_suffix(".pdf").is_file()
    page.get_by_role("link", name="Archieven", exact=True).click()
    expect(page.get_by_role("heading", name="Campus Herladen")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Sessie 1, ")).first.click()
    expect(page.get_by_role("heading", name="Campus Herladen").first).to_be_visible()


def test_a_stop_in_another_window_stops_it_and_leaves_nothing(page, server: RunningServer) -> None:
    session = new_session(server.data, "Campus Stop")
    open_session_page(page, server, session)
    open_step(page, "Afsluiten")
    other = page.context.new_page()
    open_session_page(other, server, session)
    open_step(other, "Afsluiten")
    page.get_by_role("button", name="Sessie afsluiten").click()
    page.get_by_text("Het archief wordt gemaakt: archief voorbereiden").wait_for()
    other.reload()
    other.get_by_role("button", name="Stop", exact=True).click(timeout=90_000)
    for window in (page, other):
        window.get_by_text("Gestopt. Er is niets geschreven.").wait_for(timeout=60_000)
    assert list((server.data / "exports").glob("campus-stop/*")) == []


def test_an_archive_from_another_computer_is_read_in_on_the_portal(page, server: RunningServer, tmp_path) -> None:
    from stslib.archive import archive_session
    from stslib.store import open_journal

    elsewhere = tmp_path / "elders"
    session = new_session(elsewhere, "Campus Elders")
    made = archive_session(elsewhere, session, tmp_path / "uit")
    damaged = tmp_path / "stuk.html"
    damaged.write_bytes(made.path.read_bytes().replace(b"Campus Elders", b"Campus Anders"))
    page.goto(server.page("start"))
    page.get_by_text("Archief inlezen van een andere computer").click()
    button = page.locator(".sts-reading").get_by_role("button", name="Archief inlezen")
    button.click()
    expect(page.get_by_text("Kies eerst het bestand van het archief")).to_be_visible()
    page.get_by_label("Bestand van het archief").set_input_files(damaged)
    button.click()
    page.get_by_text("niet meer wat het bij het afsluiten was").wait_for(timeout=60_000)
    assert "Campus Anders" not in [one.school for one in open_journal(server.data).trajectories()]
    page.get_by_label("Bestand van het archief").set_input_files(made.path)
    button.click()
    page.get_by_text("Ingelezen: Campus Elders.").wait_for(timeout=60_000)
    expect(page.get_by_role("region", name="Campus Elders", exact=True)).to_be_visible()
    button.click()
    page.get_by_text("stond hier al; er is niets veranderd").wait_for(timeout=60_000)
