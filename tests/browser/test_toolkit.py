"""Every instrument of the toolkit, filled in from the first step to the last as a team would, reloaded, and archived."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from support.pages import new_session, open_instrument, open_session_page, open_step, steps_of, wait_saved
from support.running import RunningServer

pytestmark = pytest.mark.browser

FIRST_STEP = {"school": "Vooraf", "leerkracht": "Preventie", "ouders": "Breed kijken", "netwerk": "Wie kan helpen"}
NAME = re.compile(r"\b(voornaam|achternaam|familienaam|naam van (de|het|je) (leerling|kind|gezin))", re.IGNORECASE)

ADDED = {"school": 14, "leerkracht": 0, "ouders": 2, "netwerk": 0}
"""How many lists of rows, focus candidates and actions a page offers to add to."""


def shown_fields(page):
    return page.locator(".sts-step:visible :is(textarea, input[type=text])").locator("visible=true")


def open_folds(page) -> None:
    page.locator(".sts-step:visible details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def fill_step(page, mark: str) -> dict[str, str]:
    """Add one of everything, fill every text field, tick every box; returns what was typed by field."""
    panel = page.locator(".sts-step:visible")
    for button in panel.get_by_role("button", name=re.compile(r"(toevoegen|Nog een|Nog iemand)")).all():
        button.click()
    open_folds(page)
    typed = {}
    for index, area in enumerate(shown_fields(page).all()):
        key = area.get_attribute("data-key")
        text = f"{mark} {index} één & twee <b>drie</b> 👍"
        area.fill(text)
        typed[key] = text
    for box in panel.get_by_role("checkbox").locator("visible=true").all():
        box.check()
    for group in panel.locator(".sts-score").all():
        group.get_by_role("radio", name="6", exact=True).check()
    for group in panel.locator(".sts-choice").all():
        group.get_by_role("radio").first.check()
    return typed


def values(page) -> dict[str, str]:
    return dict(shown_fields(page).evaluate_all("fields => fields.map((field) => [field.dataset.key, field.value])"))


@pytest.mark.parametrize("instrument", list(FIRST_STEP))
def test_everything_that_is_filled_in_is_there_after_a_reload(page, server: RunningServer, instrument: str) -> None:
    session = new_session(server.data, f"Campus {instrument.title()}")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_session_page(page, server, session, FIRST_STEP[instrument], instrument=instrument)
    steps = [step for step in steps_of(page) if step != "Afsluiten"]
    typed: dict[str, dict[str, str]] = {}
    last: dict[str, str] = {}  # an action stands on two steps: what was typed last counts on both
    for step in steps:
        open_step(page, step)
        typed[step] = fill_step(page, step)
        assert typed[step]
        last |= typed[step]
    wait_saved(page)
    added = page.locator("[data-row], [data-action]").count()
    assert added == ADDED[instrument]
    page.reload()
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()
    for step in steps:
        open_step(page, step)
        open_folds(page)
        found = values(page)
        assert {key: found.get(key) for key in typed[step]} == {key: last[key] for key in typed[step]}
        assert page.locator(".sts-step:visible b", has_text="drie").count() == 0
        boxes = page.locator(".sts-step:visible").get_by_role("checkbox").locator("visible=true")
        assert all(box.is_checked() for box in boxes.all())
    assert errors == []


def test_the_fiche_of_the_school_goes_from_worry_to_poster_and_into_the_archive(page, server: RunningServer) -> None:
    session = new_session(server.data, "Campus Traject")
    open_session_page(page, server, session, "Vooraf", instrument="school")
    panel = page.locator(".sts-step:visible")
    panel.get_by_role("button", name=re.compile("bezorgdheid toevoegen")).click()
    panel.get_by_role("textbox", name=re.compile("^Onze bezorgdheid, rij 1")).fill("Ze zijn niet gemotiveerd")
    panel.get_by_role("textbox", name=re.compile("^Onze leervraag, rij 1")).fill("Hoe maken we de maandag aantrekkelijk?")

    open_step(page, "Fase 1")
    for index, score in enumerate((4, 5, 7, 3)):
        panel.locator(".sts-score").nth(index).get_by_role("radio", name=str(score), exact=True).check()
    dots = panel.locator(".sts-radar .sts-now circle")
    assert [int(dot.get_attribute("data-value")) for dot in dots.all()] == [4, 5, 7, 3]

    open_step(page, "Fase 2")
    for group in ("Tweede graad", "De hele school"):
        panel.get_by_role("button", name="Kandidaat toevoegen").click()
        panel.get_by_label(re.compile("^Doelgroep")).last.fill(group)
    panel.get_by_label(re.compile("^Probleem")).first.fill("te laat op maandag")
    panel.get_by_role("button", name="Dit is onze focus: kandidaat 2").click()
    panel.get_by_role("button", name="Dit is onze focus: kandidaat 1").click()
    assert panel.get_by_role("button", name=re.compile("^Toch niet deze focus")).count() == 1
    assert "Tweede graad" in panel.get_by_role("region", name=re.compile("(Onze focus|Gekozen)")).last.inner_text()

    open_step(page, "Fase 3")
    panel.get_by_role("button", name="Actie toevoegen").click()
    card = panel.get_by_role("article", name="Actie 1")
    card.get_by_label(re.compile("^Wat")).first.fill("De poort om acht uur open")
    assert "wie, wanneer" in card.inner_text()
    card.get_by_label(re.compile("^Wie")).fill("leerlingbegeleiding")
    card.get_by_label(re.compile("^Tegen wanneer")).fill("15/01/2027")
    assert "Nog in te vullen" not in card.inner_text()
    assert card.get_by_label(re.compile("^Hoort bij")).locator("option:checked").inner_text().startswith("Tweede graad")

    open_step(page, "Fase 2")
    assert "Hieruit kwam voort" in panel.inner_text()
    panel.get_by_role("button", name="Naar de acties").click()
    assert panel.get_by_role("article", name="Actie 1").is_visible()

    open_step(page, "Fase 4")
    follow = panel.get_by_role("article", name="Actie 1")
    follow.get_by_role("radio", name="gedaan").check()
    follow.get_by_label(re.compile("^Wat werkt")).fill("Er staat thee klaar")

    open_step(page, "Fase 5")
    assert "De poort om acht uur open" in panel.inner_text()
    wait_saved(page)

    open_instrument(page, "Preventieplan")
    open_step(page, "Overzicht")
    other = page.get_by_role("region", name="Andere acties van dit traject")
    assert other.get_by_role("textbox", name=re.compile("^Wat, actie 1")).input_value() == "De poort om acht uur open"

    open_step(page, "Afsluiten")
    page.get_by_role("button", name="Sessie afsluiten").click()
    page.get_by_role("link", name="Open het archief").wait_for(timeout=60_000)
    (written,) = (server.data / "exports").glob(f"*/*{session}_v1.html")
    text = written.read_text(encoding="utf-8")
    said = (
        "Ze zijn niet gemotiveerd",
        "Hoe maken we de maandag",
        "te laat op maandag",
        "De poort om acht uur open",
        "thee",
    )
    assert [one for one in said if one not in text] == []


def test_the_same_action_is_seen_and_changed_on_three_pages(page, server: RunningServer) -> None:
    session = new_session(server.data, "Campus Keten")
    open_session_page(page, server, session)
    page.get_by_role("button", name=re.compile("Actie toevoegen bij: We registreren")).click()
    page.keyboard.type("Eén lijst voor alle meldingen")
    who = page.get_by_role("textbox", name=re.compile("^Wie, actie 1 bij We registreren")).locator("visible=true")
    who.fill("secretariaat")
    yesterday = date.today() - timedelta(days=1)
    page.get_by_role("textbox", name=re.compile("^Wanneer, actie 1")).locator("visible=true").fill(f"{yesterday:%d/%m/%Y}")
    wait_saved(page)

    page.goto(server.page(f"school?sessie={session}") + "#fase-4")
    card = page.locator(".sts-step:visible").get_by_role("article", name="Actie 1")
    assert card.get_by_label(re.compile("^Wie")).input_value() == "secretariaat"
    card.get_by_role("radio", name="bezig").check()
    wait_saved(page)

    page.goto(server.page(f"opvolging?sessie={session}"))
    page.get_by_text("Eén lijst voor alle meldingen").first.wait_for()
    assert page.get_by_role("radio", name="bezig").first.is_checked()
    assert page.get_by_text(re.compile("over tijd", re.IGNORECASE)).first.is_visible()


def test_two_windows_see_each_others_rows_and_a_person_settles_a_conflict(browser, server: RunningServer) -> None:
    session = new_session(server.data, "Campus Samen")
    contexts = [browser.new_context(viewport={"width": 1280, "height": 800}) for _ in range(2)]
    one, other = (context.new_page() for context in contexts)
    try:
        for window in (one, other):
            window.set_default_timeout(20_000)
            open_session_page(window, server, session, "Vooraf", instrument="school")
            open_step(window, "Fase 1")
        one.locator(".sts-step:visible").get_by_role("button", name=re.compile("sterkte toevoegen")).click()
        mine = one.locator("[data-block$='.sterktes'] textarea")
        mine.fill("Warme school")
        theirs = other.locator("[data-block$='.sterktes'] textarea")
        theirs.wait_for()
        expect(theirs).to_have_value("Warme school")
        # Both type at the same moment: the second is held back until the first is in.
        other.evaluate("() => { for (let id = 1; id < 99999; id += 1) clearInterval(id); }")
        mine.fill("Warme school voor iedereen")
        wait_saved(one)
        theirs.fill("Een school die luistert")
        conflict = other.get_by_role("alert").filter(has_text="In een ander venster staat hier")
        conflict.wait_for()
        assert "Warme school voor iedereen" in conflict.inner_text()
        conflict.get_by_role("button", name="Neem dat over").click()
        wait_saved(other)
        assert theirs.input_value() == "Warme school voor iedereen"
        assert conflict.count() == 0
    finally:
        for context in contexts:
            context.close()


def test_the_directory_goes_out_as_a_file_and_comes_back_elsewhere(page, server: RunningServer, tmp_path) -> None:
    first = new_session(server.data, "Campus Wegwijzer")
    open_session_page(page, server, first, "Wie kan helpen", instrument="netwerk")
    record = page.locator("[data-partner$='.naft'], [data-row$='.naft']").first
    record.get_by_label(re.compile("^Telefoon")).fill("011 00 00 01")
    record.get_by_label(re.compile("^Dienst")).fill("=Werkplaats Noord")
    wait_saved(page)
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Bewaren als {kind}").click()
        file = tmp_path / f"wegwijzer.{kind.lower()}"
        download.value.save_as(file)
        session = new_session(server.data, f"Campus {kind}")
        open_session_page(page, server, session, "Wie kan helpen", instrument="netwerk")
        page.locator("input[type=file]").set_input_files(file)
        naft = page.locator("[data-partner$='.naft'], [data-row$='.naft']").first
        expect(naft.get_by_label(re.compile("^Telefoon"))).to_have_value("011 00 00 01")
        assert naft.get_by_label(re.compile("^Dienst")).input_value() == "=Werkplaats Noord"
        open_session_page(page, server, first, "Wie kan helpen", instrument="netwerk")


@pytest.mark.parametrize("instrument", list(FIRST_STEP))
def test_no_field_asks_for_the_name_of_a_pupil_or_a_family(page, server: RunningServer, instrument: str) -> None:
    session = new_session(server.data, "Campus Zonder Namen")
    open_session_page(page, server, session, FIRST_STEP[instrument], instrument=instrument)
    for step in steps_of(page):
        open_step(page, step)
        labels = page.locator(".sts-step:visible label").all_text_contents()
        assert [label for label in labels if NAME.search(label)] == []


def sts(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "stslib", *arguments], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def test_the_pages_and_the_archive_speak_in_the_words_of_the_centre(page, server: RunningServer, tmp_path) -> None:
    data = str(server.data)
    session = new_session(server.data, "Campus Bewoording")
    file = tmp_path / "bewoording.yaml"
    sts("content", "wording-out", str(file), "--instrument", "leerkracht", "--data", data)
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if "leerkracht.tijdens.contact.lege-stoel:vraag" in line)
    empty = next(number for number in range(place, place + 6) if lines[number].strip() in ("eigen:", "eigen: ''", 'eigen: ""'))
    lines[empty] = f'{lines[empty].split(":")[0]}: "En als die stoel leeg is, wat doet dat met jou?"'
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sts("content", "wording-in", str(file), "--name", "CLB Proef", "--data", data)
    try:
        open_session_page(page, server, session, FIRST_STEP["leerkracht"], instrument="leerkracht")
        answer = page.get_by_label("En als die stoel leeg is, wat doet dat met jou?")
        answer.fill("Stil in de klas")
        assert page.get_by_text(re.compile("eigen bewoording: clb-proef")).is_visible()
        wait_saved(page)
        open_step(page, "Afsluiten")
        page.get_by_role("button", name="Sessie afsluiten").click()
        page.get_by_role("link", name="Open het archief").wait_for(timeout=60_000)
        (written,) = (server.data / "exports").glob(f"*/*{session}_v1.html")
        text = written.read_text(encoding="utf-8")
        assert "En als die stoel leeg is, wat doet dat met jou?" in text
        assert "clb-proef" in text
    finally:
        sts("content", "wording-in", "--remove", "--data", data)
