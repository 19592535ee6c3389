"""The trajectory over time and the way to it from the portal, as a facilitator uses them at a later meeting."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.factories import change
from support.pages import fields_there, open_folds, wait_saved
from support.running import RunningServer

from stslib.content import load_instrument
from stslib.model.instrument import Province, SchoolLevel
from stslib.store import open_journal
from stslib.text import format_date

pytestmark = pytest.mark.browser

SCHOOL = "Campus Opvolging"
LATE = "Eén lijst voor alle meldingen"
COMING = "Onthaal aan de poort"
LOOSE = "Iets met de ouders"
MARKUP = (
    "<img src=x onerror=window.pwned=1><b>vet</b></script><script>window.pwned=1</script> {{7*7}} &amp; 👩‍🏫 \u202eom\u202c"
)
PAST_ONE_PAGE = f"{MARKUP} مرحبا\n" * 200


def begin_route(data: Path) -> tuple[str, str]:
    """Two sessions: actions and scores in the first, new scores in the second. Returns their ids."""
    journal = open_journal(data)
    route = journal.create_trajectory(SCHOOL, [SchoolLevel.SECONDARY], Province.LIMBURG, "2025-2026")
    began = datetime(2026, 3, 3, 13, tzinfo=UTC)
    first, second = (journal.create_session(route.id, created_at=began + timedelta(days=90 * order)) for order in range(2))
    scales = [scale.id for scale in load_instrument("school").scales()]
    origin = next(load_instrument("school").sections()).id
    days = {
        LATE: format_date(date.today() - timedelta(days=3)),
        COMING: format_date(date.today() + timedelta(days=30)),
        LOOSE: "",
    }
    planned = [
        change(f"actie.0000000{order}", field, value)
        for order, (what, day) in enumerate(days.items())
        for field, value in (("origin", origin if day else ""), ("what", what), ("who", "directie"), ("when", day))
    ]
    journal.append(first.id, [*planned, *(change(scale, "score", 4) for scale in scales)], writer="proef")
    journal.append(second.id, [change(scale, "score", 6) for scale in scales[:2]], writer="proef")
    return first.id, second.id


@pytest.fixture(scope="module")
def route(server: RunningServer) -> tuple[str, str]:
    return begin_route(server.data)


@pytest.fixture
def followed(page, server: RunningServer, route: tuple[str, str]):
    page.goto(server.page(f"opvolging?sessie={route[1]}"))
    page.get_by_role("heading", name="Sinds vorige keer").wait_for()
    return page


def card(page, what: str):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=what))


def test_what_is_overdue_comes_first_and_what_is_missing_is_named(followed) -> None:
    headings = followed.get_by_role("article").get_by_role("heading").all_text_contents()
    assert headings[0] == LATE
    assert set(headings) == {LATE, COMING, LOOSE}
    assert "over tijd" in card(followed, LATE).inner_text()
    assert followed.get_by_role("region", name="Nog niet af").get_by_role("listitem").inner_text().splitlines() == [
        LOOSE,
        "ontbreekt: wanneer, herkomst",
    ]


def test_the_origin_of_an_action_leads_to_the_page_it_came_from(followed, route: tuple[str, str]) -> None:
    link = card(followed, LATE).get_by_role("link").first
    assert re.fullmatch(rf"school\?sessie={route[1]}#fase-\d", link.get_attribute("href"))
    assert "Afgesproken in sessie 1 (03/03/2026)" in card(followed, LATE).inner_text()


def test_a_state_and_what_hinders_are_kept_and_seen_in_another_window(followed, server: RunningServer, route) -> None:
    other = followed.context.new_page()
    other.goto(server.page(f"opvolging?sessie={route[1]}"))
    other.get_by_role("heading", name="Sinds vorige keer").wait_for()
    card(followed, COMING).get_by_role("radio", name="bezig").check()
    card(followed, COMING).get_by_label("Wat hindert?").fill("Te weinig handen op maandag")
    wait_saved(followed)
    other.wait_for_function(
        "text => [...document.querySelectorAll('textarea')].some((area) => area.value === text)",
        arg="Te weinig handen op maandag",
    )
    assert card(other, COMING).get_by_role("radio", name="bezig").is_checked()
    other.close()
    followed.reload()
    assert card(followed, COMING).get_by_label("Wat hindert?").input_value() == "Te weinig handen op maandag"


def test_an_action_that_is_made_here_is_unfinished_until_it_says_what_who_when_and_why(followed) -> None:
    followed.get_by_role("button", name="Actie toevoegen").click()
    followed.keyboard.type("Nabellen na drie dagen")
    made = card(followed, "Nabellen na drie dagen")
    unfinished = followed.get_by_role("region", name="Nog niet af")
    unfinished.get_by_text("ontbreekt: wie, wanneer, herkomst").wait_for()
    made.get_by_label("Wie").fill("secretariaat")
    made.get_by_label("Wanneer").fill("01/02/2099")
    made.get_by_label("Hoort bij").select_option(index=1)
    wait_saved(followed)
    assert "Nabellen na drie dagen" not in unfinished.inner_text()
    made.get_by_role("radio", name="gestopt").check()
    wait_saved(followed)


def test_the_differences_are_told_in_sentences_and_stand_in_the_table(followed) -> None:
    scores = followed.get_by_role("region", name="Scores door de tijd")
    told = scores.get_by_role("listitem").filter(has_text="een verschil van +2 sinds 03/03/2026")
    assert told.count() == 2
    row = scores.get_by_role("row").nth(1)
    assert row.get_by_role("cell").all_text_contents()[:2] == ["4", "6"]
    assert scores.get_by_role("img").count() == 2


def test_the_agreed_days_come_as_a_calendar_file(followed) -> None:
    with followed.expect_download() as started:
        followed.get_by_role("button", name="Zet in mijn agenda").click()
    assert started.value.suggested_filename == "afspraken-campus-opvolging.ics"
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert COMING in text
    assert LATE not in text


def test_the_portal_says_what_is_due_and_leads_to_every_page_of_a_session(page, server: RunningServer, route) -> None:
    page.goto(server.page("start"))
    fields_there(page)
    panel = page.get_by_role("region", name=SCHOOL)
    panel.wait_for()
    assert "1 actie over tijd" in panel.inner_text()
    assert f"volgende afspraak {format_date(date.today() + timedelta(days=30))}" in panel.inner_text()
    ways = panel.get_by_role("list", name="Sessie 2").get_by_role("link").all_text_contents()
    assert ways[0] == "Opvolging"
    assert ways[1] == "Cijfers"
    assert len(ways) == 7
    panel.get_by_role("link", name=f"Open sessie 2 van {SCHOOL}").click()
    page.get_by_role("heading", name="Sinds vorige keer").wait_for()


def test_a_next_session_opens_on_what_was_agreed(page, server: RunningServer, route) -> None:
    page.goto(server.page("start"))
    page.get_by_role("button", name=f"Nieuwe sessie voor {SCHOOL}").click()
    page.get_by_role("heading", name="Sinds vorige keer").wait_for()
    assert card(page, LATE).is_visible()
    page.get_by_text("sessie 3").first.wait_for()


@pytest.fixture
def hostile(page, server: RunningServer):
    """The follow-up of a second session of a school where everything that it shows holds markup."""
    journal = open_journal(server.data)
    route = journal.create_trajectory(f"School {MARKUP}", [SchoolLevel.SECONDARY], Province.LIMBURG, "2025-2026")
    first = journal.create_session(route.id, created_at=datetime(2026, 3, 3, 13, tzinfo=UTC))
    second = journal.create_session(route.id, created_at=datetime(2026, 6, 3, 13, tzinfo=UTC))
    focus, moment = "school.f2.kiezen.focus.00000001", "school.f3.evalueren.evaluatiemomenten.00000001"
    texts = ("what", "who", "check", "works", "hinders", "adjustment")
    written = [
        *(change(focus, field, f"{field} {MARKUP}") for field in ("group", "problem", "impact")),
        change(focus, "chosen", True),
        change("actie.00000001", "origin", focus),
        *(change("actie.00000001", field, f"{field} {MARKUP}") for field in texts),
        change("actie.00000001", "when", format_date(date.today() + timedelta(days=9))),
        change(moment, "dag", format_date(date.today() + timedelta(days=8))),
        change(moment, "wat", f"moment {MARKUP}"),
        change("sessie", "title", f"titel {MARKUP}"),
    ]
    journal.append(first.id, written, writer="proef")
    page.troubles = []
    page.on("dialog", lambda dialog: (page.troubles.append(dialog.message), dialog.dismiss()))
    page.goto(server.page(f"opvolging?sessie={second.id}"))
    page.get_by_role("heading", name="Sinds vorige keer").wait_for()
    open_folds(page)
    return page


def test_hostile_text_is_shown_as_text_wherever_the_follow_up_shows_it(hostile) -> None:
    shown = hostile.locator("body").inner_text()
    assert [one for one in ("School", "what", "who", "group", "moment", "titel") if f"{one} {MARKUP}" not in shown] == []
    made = card(hostile, f"what {MARKUP}")
    assert made.get_by_label(re.compile("^Wat hindert")).input_value() == f"hinders {MARKUP}"
    made.get_by_label(re.compile("^Wat werkt")).fill(PAST_ONE_PAGE)
    wait_saved(hostile)
    hostile.reload()
    expect(card(hostile, f"what {MARKUP}").get_by_label(re.compile("^Wat werkt"))).to_have_value(PAST_ONE_PAGE)
    assert hostile.evaluate("() => window.pwned") is None
    assert hostile.locator(".sts :is(b, script, [onerror], [onload])").count() == 0
    assert hostile.troubles == []


def test_the_keyboard_alone_follows_up_and_agrees_anew(followed) -> None:
    seen = "(one) => one === document.activeElement"

    def tab_to(wanted) -> None:
        wanted.wait_for()
        for _ in range(200):
            followed.keyboard.press("Tab")
            if wanted.evaluate(seen):
                return
        raise AssertionError(f"Tab does not reach {wanted}")

    tab_to(card(followed, LATE).get_by_role("radio", name="gepland"))
    followed.keyboard.press("ArrowRight")
    expect(card(followed, LATE).get_by_role("radio", name="bezig")).to_be_checked()
    tab_to(card(followed, LATE).get_by_label(re.compile("^Wat passen jullie aan")))
    followed.keyboard.type("Elke vrijdag nakijken")
    tab_to(card(followed, LATE).locator("summary").last)
    followed.keyboard.press("Enter")
    expect(card(followed, LATE).get_by_label(re.compile("^Wie"))).to_be_visible()
    tab_to(followed.get_by_role("button", name="Actie toevoegen"))
    followed.keyboard.press("Enter")
    followed.keyboard.type("Met de toetsen gemaakt")
    expect(card(followed, "Met de toetsen gemaakt")).to_be_visible()
    tab_to(followed.get_by_role("region", name="Nog niet af").get_by_role("button", name="Met de toetsen gemaakt"))
    followed.keyboard.press("Enter")
    expect(card(followed, "Met de toetsen gemaakt").get_by_label(re.compile("^Wie"))).to_be_focused()
    followed.keyboard.type("onthaal")
    wait_saved(followed)
    followed.reload()
    expect(card(followed, LATE).get_by_label(re.compile("^Wat passen jullie aan"))).to_have_value("Elke vrijdag nakijken")
    expect(card(followed, "Met de toetsen gemaakt").get_by_label(re.compile("^Wie"))).to_have_value("onthaal")


def test_presentation_mode_makes_the_follow_up_large_and_loses_nothing(followed) -> None:
    usual = followed.locator(".sts-followed h4").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    followed.keyboard.press("p")
    large = followed.locator(".sts-followed h4").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert large > usual
    assert followed.evaluate("() => document.documentElement.scrollWidth") == 1280
    for name in ("Nog niet af", "Wat eraan komt", "Tijdlijn", "Scores door de tijd"):
        assert followed.get_by_role("region", name=name, exact=True).is_visible()
