"""A whole meeting as a facilitator would run it, from an empty folder to the archive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.exports import write_school
from support.pages import begin_trajectory, keep_files, open_instrument, open_step, read_files, wait_saved
from support.running import RunningServer

from stslib.archive import verify_archive

pytestmark = pytest.mark.browser

SCORES = {
    "Verbindend klimaat": 7,
    "Inschrijving": 5,
    "Registratie": 6,
    "Terug na afwezigheid": 3,
    "Cijfers opvolgen": 4,
    "Partners": 8,
}


@pytest.fixture(scope="module")
def meeting(browser, server: RunningServer, tmp_path_factory: pytest.TempPathFactory):
    """One page on which the tests of this module work in order, as a meeting does; every request it makes is noted."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE", accept_downloads=False)
    context.set_default_timeout(30_000)
    requests: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.url)
    page.sts_requests, page.sts_errors = requests, errors
    yield page
    context.close()


def test_a_new_trajectory_opens_its_first_session(meeting) -> None:
    begin_trajectory(meeting, "Campus Proef", province="Limburg", level="secundair onderwijs", school_year="2025-2026")
    assert re.search(r"/school\?sessie=\w+$", meeting.url)
    open_instrument(meeting, "Preventieplan")
    assert re.search(r"/preventieplan\?sessie=\w+$", meeting.url)
    assert meeting.get_by_role("heading", name="Fase 0: Brede basiszorg").is_visible()


def test_an_export_is_read_reported_and_only_then_kept(meeting, server: RunningServer, tmp_path: Path) -> None:
    files = write_school(tmp_path)
    open_instrument(meeting, "Cijfers")
    open_step(meeting, "Inbrengen")
    read_files(meeting, files.export, enrolment=files.enrolment, classes=files.classes)
    counts = [int(text) for text in meeting.locator(".sts-counts strong").all_text_contents()]
    assert counts[0] == files.rows == sum(counts[1:])
    assert "Weggelaten kolommen: Naam" in meeting.locator(".sts-report").inner_text()
    assert not list(server.data.rglob("*.parquet"))
    keep_files(meeting)
    assert list(server.data.rglob("*.parquet"))
    assert not [path for path in (server.data / "incoming").rglob("*") if path.is_file()]


def test_the_figures_stand_beside_the_questions_they_bear_on(meeting) -> None:
    open_instrument(meeting, "Preventieplan")
    open_step(meeting, "Fase 0")
    registration = meeting.locator("[data-section$='registratie']")
    registration.locator("figure[data-figure='rate_by_code'] img").wait_for()
    meeting.locator("[data-section*='monitoring'] figure[data-figure='run_chart']").wait_for()
    card = registration.locator("figure").first
    assert card.locator("img").get_attribute("alt")
    card.get_by_text("Waarom dit getal?").click()
    assert card.get_by_text(re.compile("mogelijke halve dagen", re.IGNORECASE)).first.is_visible()
    open_step(meeting, "Fase 1")
    meeting.locator(".sts-step:visible [data-figure='thresholds']").wait_for()
    open_step(meeting, "Fase 0")


def test_a_figure_that_is_pinned_to_a_question_keeps_the_value_of_its_day(meeting, server: RunningServer) -> None:
    registration = meeting.locator("[data-section$='registratie']")
    card = registration.locator("figure[data-figure='rate_by_code']")
    card.get_by_text("Vastzetten", exact=True).click()
    question = card.get_by_label("Bij").locator("optgroup[label='Hier'] option").nth(1).inner_text()
    card.get_by_label("Bij").select_option(label=question)
    card.get_by_role("button", name="Zet dit cijfer vast").click()
    pin = registration.get_by_role("article", name=re.compile("^Vastgezet cijfer"))
    pin.wait_for(timeout=60_000)
    assert question in pin.inner_text()
    pin.get_by_role("button", name="Tel opnieuw").click()
    pin.get_by_text(re.compile(r"^Nu \(")).wait_for(timeout=60_000)
    meeting.reload()
    pin.wait_for()
    assert question in pin.inner_text()


def test_every_score_stands_on_the_radar_and_in_the_table(meeting) -> None:
    for label, score in SCORES.items():
        row = meeting.locator(".sts-section", has=meeting.locator(f"select[aria-label='Streefscore {label}']"))
        row.get_by_role("radio", name=str(score), exact=True).check()
    drawn = {
        dot.get_attribute("data-axis"): int(dot.get_attribute("data-value"))
        for dot in meeting.locator(".sts-step:visible .sts-radar .sts-now circle").all()
    }
    assert drawn == SCORES
    shown = dict(
        row.locator("th, td").all_text_contents() for row in meeting.locator(".sts-step:visible .sts-scores tbody tr").all()
    )
    assert {label: int(score) for label, score in shown.items()} == SCORES
    wait_saved(meeting)


def test_answers_and_reasons_are_there_after_a_reload(meeting) -> None:
    areas = meeting.locator(".sts-step:visible .sts-section textarea")
    texts = [f"Antwoord {index}: wat wij zien én doen 👍" for index in range(areas.count())]
    assert len(texts) > 40
    for index, text in enumerate(texts):
        if areas.nth(index).is_visible():
            areas.nth(index).fill(text)
    wait_saved(meeting)
    expected = [areas.nth(index).input_value() for index in range(areas.count())]
    meeting.reload()
    areas.first.wait_for()  # what was saved stands there as text before the fields do
    assert [areas.nth(index).input_value() for index in range(areas.count())] == expected
    drawn = meeting.locator(".sts-step:visible .sts-radar .sts-now circle")
    assert [int(dot.get_attribute("data-value")) for dot in drawn.all()] == list(SCORES.values())


def test_an_action_in_the_overview_is_the_action_on_the_page(meeting) -> None:
    meeting.get_by_role("button", name=re.compile("Actie toevoegen bij: We registreren")).click()
    meeting.keyboard.type("Eén lijst voor alle meldingen")
    open_step(meeting, "Overzicht")
    what = meeting.get_by_role("textbox", name=re.compile(r"^Wat, actie 1 bij We registreren")).locator("visible=true")
    assert what.input_value() == "Eén lijst voor alle meldingen"
    who = meeting.get_by_role("textbox", name=re.compile(r"^Wie, actie 1 bij We registreren")).locator("visible=true")
    who.fill("secretariaat")
    meeting.get_by_role("combobox", name="Score Partners").select_option("9")
    wait_saved(meeting)
    open_step(meeting, "Fase 0")
    assert (
        meeting.get_by_role("textbox", name=re.compile(r"^Wie, actie 1 bij We registreren"))
        .locator("visible=true")
        .input_value()
        == "secretariaat"
    )
    partners = meeting.locator(".sts-section", has=meeting.locator("select[aria-label='Streefscore Partners']"))
    assert partners.get_by_role("radio", name="9", exact=True).is_checked()


def test_closing_leaves_an_archive_that_opens(meeting, server: RunningServer) -> None:
    open_step(meeting, "Afsluiten")
    meeting.get_by_label("Wie was erbij?").fill("directie, zorgcoördinator, CLB")
    meeting.get_by_role("button", name="Sessie afsluiten").click()
    link = meeting.get_by_role("link", name="Open het archief")
    link.wait_for(timeout=60_000)
    with meeting.context.expect_page() as opened:
        link.click()
    archive = opened.value
    archive.wait_for_load_state()
    text = archive.locator("body").inner_text()
    assert "Campus Proef" in text
    assert "Eén lijst voor alle meldingen" in text
    assert archive.get_by_text(re.compile("vastgezet", re.IGNORECASE)).first.is_visible()
    assert "Antwoord 0: wat wij zien én doen 👍" in text
    assert archive.locator("script").count() == 0
    archive.close()
    (written,) = (server.data / "exports").glob("*/*_v1.html")
    checked = verify_archive(written)
    assert checked.ok, checked.problem
    versions = meeting.get_by_role("region", name="Archieven van deze sessie")
    assert checked.sha256[:8] in versions.inner_text()


def test_closing_again_makes_a_second_version_and_keeps_the_first(meeting, server: RunningServer) -> None:
    (first,) = (server.data / "exports").glob("*/*_v1.html")
    before = first.read_bytes()
    meeting.get_by_role("link", name="PDF", exact=True).first.wait_for(
        timeout=60_000
    )  # what is made beside the archive is done
    meeting.get_by_label("Afspraken en bedenkingen").fill("Nagekomen: in maart opnieuw samen.")
    meeting.get_by_role("button", name=re.compile("Opnieuw afsluiten")).click()
    meeting.get_by_role("rowheader", name="2", exact=True).wait_for(timeout=60_000)
    assert first.read_bytes() == before
    (second,) = (server.data / "exports").glob("*/*_v2.html")
    assert "Nagekomen: in maart opnieuw samen." in second.read_text(encoding="utf-8")


def test_the_meeting_asked_nothing_of_any_other_machine(meeting, server: RunningServer) -> None:
    elsewhere = [url for url in meeting.sts_requests if not url.startswith((server.origin, "data:", "blob:"))]
    assert elsewhere == []
    assert meeting.sts_errors == []
