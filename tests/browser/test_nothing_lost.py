"""What the page showed as saved is there, and what it could not save yet comes back."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from support.pages import new_session, open_session_page, open_step, wait_saved
from support.running import RunningServer, until

pytestmark = pytest.mark.browser

KILLS = int(os.environ.get("STS_KILLS", "10"))
"""Kernels killed in one run of the suite, half of them on each page; 100 and more by hand."""

SAVED_FIELDS = """() => [...document.querySelectorAll(".sts-step:not([hidden]) textarea")].filter((area) =>
    area.closest(".sts-field, .sts-cell")?.querySelector(".sts-saved")?.dataset.state === "saved"
  ).map((area) => [area.dataset.key, area.value])"""

TYPED_FIELDS = """() => [...document.querySelectorAll(".sts-step:not([hidden]) textarea")]
    .filter((area) => area.value).map((area) => [area.dataset.key, area.value])"""

CHOSEN = """() => [...document.querySelectorAll("article[data-row][data-chosen]")].map((one) => one.dataset.row)"""


@pytest.fixture
def session(server: RunningServer) -> str:
    return new_session(server.data)


def questions(page):
    return page.locator(".sts-step:visible .sts-section .sts-question")


def area(page, number: int):
    return page.locator(".sts-step:visible .sts-section textarea").nth(number)


def type_answers(page, chance: random.Random, kill: int) -> None:
    for step in range(chance.randint(1, 4)):
        area(page, chance.randrange(8)).fill(f"poging {kill}.{step}: " + "tekst " * chance.randint(0, 40))


def add_rows_and_choose(page, chance: random.Random, kill: int) -> None:
    """Candidates come, one goes, one is chosen: each a handful of fields that belong together."""
    panel = page.locator(".sts-step:visible")
    for step in range(chance.randint(1, 2)):
        panel.get_by_role("button", name="Kandidaat toevoegen").click()
        page.keyboard.type(f"groep {kill}.{step}")
        panel.get_by_label(re.compile("^Probleem")).last.fill(f"probleem {kill}.{step}: " + "tekst " * chance.randint(0, 40))
    choices = panel.get_by_role("button", name=re.compile("^Dit is onze focus"))
    choices.nth(chance.randrange(choices.count())).click()
    while panel.locator("article[data-row]").count() > 4:
        panel.get_by_role("button", name=re.compile("^Weghalen: kandidaat")).first.click()


@pytest.mark.parametrize(
    ("instrument", "step", "work"), [("preventieplan", "Fase 0", type_answers), ("school", "Fase 2", add_rows_and_choose)]
)
def test_nothing_shown_as_saved_is_lost_when_kernels_are_killed(
    page, server: RunningServer, session: str, instrument: str, step: str, work: Callable[..., None]
) -> None:
    chance = random.Random(KILLS)
    open_session_page(page, server, session, "", instrument=instrument)
    open_step(page, step)
    for kill in range(KILLS // 2):
        work(page, chance, kill)
        page.wait_for_timeout(chance.randint(0, 500))  # the moment of the kill is the thing that varies
        os.kill(server.kernel_of(page), signal.SIGKILL)
        shown_as_saved = dict(page.evaluate(SAVED_FIELDS))
        all_saved = page.locator(".sts-saving").get_attribute("data-state") == "saved"
        typed, chosen = dict(page.evaluate(TYPED_FIELDS)), page.evaluate(CHOSEN)
        in_journal = answers_of(server, session)
        assert {key: value for key, value in shown_as_saved.items() if in_journal.get(key) != value} == {}
        if all_saved:
            assert {key: value for key, value in typed.items() if in_journal.get(key) != value} == {}
            assert chosen_in(in_journal) == chosen
        page.reload()
        page.get_by_role("heading", name=re.compile(step)).first.wait_for()
        wait_saved(page)
        assert dict(page.evaluate(TYPED_FIELDS)) == typed
        assert page.evaluate(CHOSEN) == chosen
        in_journal = answers_of(server, session)
        assert {key: in_journal.get(key) for key in typed} == typed
        assert chosen_in(in_journal) == chosen


def chosen_in(entries: dict[str, Any]) -> list[str]:
    """The candidates that a journal holds as the chosen focus and that were not removed."""
    items = [key.removesuffix("::chosen") for key, value in entries.items() if key.endswith("::chosen") and value is True]
    return [item for item in items if entries.get(f"{item}::removed") is not True]


def answers_of(server: RunningServer, session: str) -> dict[str, Any]:
    """What the journal holds, read beside the program."""
    import json

    # Not read-only: a kernel killed in the middle of a write leaves a step that the next who opens the file takes back.
    with sqlite3.connect(server.data / "sts.sqlite", timeout=10) as database:
        rows = database.execute("select item, field, value from entry where session_id = ? order by seq", (session,)).fetchall()
    database.close()
    return {f"{item}::{field}": json.loads(value) for item, field, value in rows}


def test_the_page_says_at_once_that_the_kernel_is_gone_and_typing_goes_on(page, server: RunningServer, session: str) -> None:
    open_session_page(page, server, session)
    area(page, 0).fill("vóór het wegvallen")
    wait_saved(page)
    os.kill(server.kernel_of(page), signal.SIGKILL)
    page.get_by_text("Geen verbinding").wait_for(timeout=8_000)
    area(page, 1).fill("getypt zonder kernel")
    page.get_by_text("1 wijziging staat veilig in deze browser").wait_for()
    page.get_by_role("button", name="Opnieuw verbinden").click()
    page.get_by_role("heading", name=re.compile("Fase 0")).wait_for()
    wait_saved(page)
    assert area(page, 0).input_value() == "vóór het wegvallen"
    assert area(page, 1).input_value() == "getypt zonder kernel"
    assert "getypt zonder kernel" in answers_of(server, session).values()


def test_a_kernel_that_died_while_it_waited_is_not_handed_to_a_page(page, server: RunningServer, session: str) -> None:
    open_session_page(page, server, session)
    killed = server.kernels()
    for victim in killed:
        os.kill(victim, signal.SIGKILL)
    page.get_by_text("Geen verbinding").wait_for()
    area(page, 6).fill("terwijl alle kernels weg waren")
    until(lambda: server.kernels() - killed)  # the program's own watch brings them back, empty
    page.reload()
    page.get_by_role("heading", name=re.compile("Fase 0")).wait_for()
    wait_saved(page)
    assert area(page, 6).input_value() == "terwijl alle kernels weg waren"


def test_text_from_the_last_moment_before_a_tab_closes_is_there(context, server: RunningServer, session: str) -> None:
    page = context.new_page()
    open_session_page(page, server, session)
    area(page, 2).click()
    page.keyboard.type("nog net getypt voor het venster dichtging, 50 tekens")
    page.close()
    again = context.new_page()
    open_session_page(again, server, session)
    wait_saved(again)
    assert area(again, 2).input_value() == "nog net getypt voor het venster dichtging, 50 tekens"


def test_text_typed_while_the_server_is_gone_is_there_after_a_new_start(context, tmp_path) -> None:
    server = RunningServer(tmp_path / "gegevens")
    server.data.mkdir()
    server.start()
    try:
        session = new_session(server.data)
        page = context.new_page()
        open_session_page(page, server, session)
        server.stop(signal.SIGKILL)
        page.get_by_text("Geen verbinding").wait_for(timeout=8_000)
        area(page, 3).fill("getypt zonder server")
        page.close()
        server.start()
        again = context.new_page()
        open_session_page(again, server, session)
        wait_saved(again)
        assert area(again, 3).input_value() == "getypt zonder server"
        assert "getypt zonder server" in answers_of(server, session).values()
    finally:
        server.stop()


def test_a_journal_that_cannot_be_written_for_a_while_loses_nothing(page, server: RunningServer, session: str) -> None:
    open_session_page(page, server, session)
    blocker = sqlite3.connect(server.data / "sts.sqlite", isolation_level=None)
    blocker.execute("begin exclusive")
    area(page, 4).fill("terwijl het dagboek op slot zit")
    page.locator(".sts-saving:not([data-state='saved']):not([data-state='waiting'])").wait_for()
    assert area(page, 4).input_value() == "terwijl het dagboek op slot zit"
    blocker.execute("rollback")
    blocker.close()
    wait_saved(page)
    assert "terwijl het dagboek op slot zit" in answers_of(server, session).values()


def test_two_windows_on_one_session_see_each_other_and_a_person_settles_a_conflict(
    context, server: RunningServer, session: str
) -> None:
    one, two = context.new_page(), context.browser.new_context(locale="nl-BE").new_page()
    open_session_page(one, server, session)
    open_session_page(two, server, session)
    area(one, 5).fill("eerst hier")
    two.wait_for_function("() => document.querySelectorAll('.sts-section textarea')[5].value === 'eerst hier'")
    with_pause = server.kernel_of(two)
    os.kill(with_pause, signal.SIGSTOP)  # the other window cannot look around while both type
    area(one, 5).fill("van het ene venster")
    wait_saved(one)
    area(two, 5).fill("van het andere venster")
    os.kill(with_pause, signal.SIGCONT)
    conflict = two.get_by_role("alert").filter(has_text="van het ene venster")
    conflict.wait_for()
    conflict.get_by_role("button", name="Neem dat over").click()
    wait_saved(two)
    assert area(two, 5).input_value() == "van het ene venster"
    one.wait_for_function("() => document.querySelectorAll('.sts-section textarea')[5].value === 'van het ene venster'")
    two.context.close()
