"""The stored figures on the portal: what is there, until when, what is past its day, and the two ways out."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support.exports import write_school
from support.pages import new_session
from support.running import RunningServer

from stslib.absences import read_export, store_reading, stored_versions
from stslib.absences.stored.record import read_record
from stslib.content import load_calendar, load_codes
from stslib.store import open_journal
from stslib.text import format_date

pytestmark = pytest.mark.browser

LATE, KEPT = "Campus Over Tijd", "Basisschool Op Tijd"
YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory):
    files = write_school(tmp_path_factory.mktemp("school"), pupils=20)
    known = {"school_year": "2025-2026", "codes": load_codes(), "calendar": load_calendar("2025-2026")}
    return [read_export(files.export, **known), read_export(files.export, enrolment=files.enrolment, **known)]


@pytest.fixture
def stored(server: RunningServer, readings) -> Path:
    """Two schools; one has two versions and is past its day."""
    shutil.rmtree(server.data / "absences", ignore_errors=True)
    shutil.rmtree(server.data / "keys", ignore_errors=True)
    (server.data / "removals.jsonl").unlink(missing_ok=True)
    for reading in readings:
        store_reading(server.data, LATE, reading, keep_until=YESTERDAY)
    store_reading(server.data, KEPT, readings[0])
    return server.data


def open_portal(page, server: RunningServer):
    page.goto(server.page("start"))
    page.get_by_role("heading", name="Trajecten", exact=True).wait_for()
    return page


def year_of(page, school: str):
    return page.get_by_role("region", name=f"Bewaarde cijfers van {school}").get_by_role("listitem").first


def test_the_portal_tells_what_is_stored_until_when_and_what_is_overdue(page, server: RunningServer, stored: Path) -> None:
    open_portal(page, server)
    late, kept = year_of(page, LATE), year_of(page, KEPT)
    expect(late).to_contain_text("over tijd")
    expect(late).to_contain_text(f"liep tot en met {format_date(YESTERDAY)}")
    expect(late).to_contain_text(re.compile(r"[0-9]+ halve dagen van 20 leerlingen\. Versie 2 van .*, en 1 oudere\."))
    expect(kept).to_contain_text("Bewaard tot en met 31/08/2027")
    expect(kept).not_to_contain_text("over tijd")
    page.get_by_role("button", name="Kies: langer bewaren of verwijderen").click()
    expect(page.get_by_role("heading", name="Bewaarde cijfers")).to_be_focused()


def test_a_later_day_takes_the_school_year_off_the_list_of_what_is_overdue(page, server: RunningServer, stored: Path) -> None:
    open_portal(page, server)
    page.get_by_role("button", name=f"Langer bewaren: {LATE}").click()
    field = page.get_by_label("Bewaren tot en met")
    expect(field).to_be_focused()
    proposed = field.input_value()
    assert re.fullmatch(r"31/08/\d{4}", proposed)
    for wrong, told in (("31/13/2027", "niet leesbaar"), (format_date(YESTERDAY), "al voorbij"), ("1/1/2207", "Kies een dag")):
        field.fill(wrong)
        field.press("Enter")
        expect(page.locator(".sts-stored [data-level='error']")).to_contain_text(told)
        expect(field).to_have_value(wrong)
    assert {version.keep_until for version in stored_versions(stored, LATE)} == {YESTERDAY}
    field.fill(proposed)
    field.press("Enter")
    expect(page.locator(".sts-stored [data-level='good']")).to_contain_text(f"blijven bewaard tot en met {proposed}")
    expect(page.get_by_role("heading", name="Bewaarde cijfers")).to_be_focused()
    expect(page.get_by_role("button", name="Kies: langer bewaren of verwijderen")).to_have_count(0)
    assert {format_date(version.keep_until) for version in stored_versions(stored, LATE)} == {proposed}
    page.reload()
    expect(year_of(page, LATE)).to_contain_text(f"Bewaard tot en met {proposed}")


def test_removing_asks_once_more_and_names_what_goes(page, server: RunningServer, stored: Path) -> None:
    session = new_session(stored, LATE)
    open_portal(page, server)
    page.get_by_role("button", name=f"Verwijderen: {LATE}").click()
    question = page.get_by_role("group", name=f"Verwijderen: {LATE}")
    for part in (
        "versie 1 van",
        "versie 2 van",
        "20 leerlingen",
        "koppeling tussen leerlingnummers",
        "archieven blijven staan",
    ):
        expect(question).to_contain_text(part)
    question.get_by_role("button", name="Toch laten staan").click()
    expect(question).to_have_count(0)
    expect(page.get_by_role("button", name=f"Verwijderen: {LATE}")).to_be_focused()
    assert len(stored_versions(stored, LATE)) == 2

    page.get_by_role("button", name=f"Verwijderen: {LATE}").click()
    question.get_by_role("button", name="Ja, verwijder dit").click()
    expect(page.locator(".sts-stored [data-level='good']")).to_contain_text(
        f"De cijfers van {LATE} over 2025-2026 zijn verwijderd."
    )
    expect(page.get_by_role("region", name=f"Bewaarde cijfers van {LATE}")).to_have_count(0)
    assert stored_versions(stored, LATE) == ()
    assert len(stored_versions(stored, KEPT)) == 1
    begun, done = read_record(stored)
    assert (begun["school"], begun["reason"], done["step"]) == (LATE, "overdue", "done")
    with open_journal(stored) as journal:
        assert journal.session(session).id == session


def test_what_changed_since_it_was_shown_is_not_removed(page, server: RunningServer, stored: Path, readings) -> None:
    open_portal(page, server)
    page.get_by_role("button", name=f"Verwijderen: {KEPT}").click()
    store_reading(stored, KEPT, readings[1])
    page.get_by_role("button", name="Ja, verwijder dit").click()
    expect(page.locator(".sts-stored [data-level='error']")).to_contain_text("intussen iets veranderd; er is niets verwijderd")
    assert len(stored_versions(stored, KEPT)) == 2


def test_the_name_of_a_school_stays_text(page, server: RunningServer, stored: Path, readings) -> None:
    name = "<img src=x onerror=window.pwned=1><b>School</b> {{7*7}}"
    store_reading(stored, name, readings[0], keep_until=YESTERDAY)
    open_portal(page, server)
    page.get_by_role("button", name=f"Verwijderen: {name}").click()
    expect(page.get_by_role("group", name=f"Verwijderen: {name}")).to_contain_text(f"Dit gaat weg van {name}")
    assert page.evaluate("() => window.pwned") is None


def test_the_open_questions_shut_nobody_out(page, server: RunningServer, stored: Path) -> None:
    open_portal(page, server)
    for scheme in ("light", "dark"):
        page.evaluate("scheme => document.documentElement.dataset.stsScheme = scheme", scheme)
        for button in (f"Langer bewaren: {LATE}", f"Verwijderen: {LATE}"):
            page.get_by_role("button", name=button).click()
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
            page.set_viewport_size({"width": 320, "height": 640})
            assert page.evaluate("() => document.documentElement.scrollWidth") == 320
            page.set_viewport_size({"width": 1280, "height": 800})


def test_without_stored_figures_the_portal_says_nothing_of_them(page, server: RunningServer) -> None:
    shutil.rmtree(server.data / "absences", ignore_errors=True)
    open_portal(page, server)
    expect(page.get_by_role("heading", name="Bewaarde cijfers")).to_be_hidden()
