"""The apps for every eye and hand: axe finds nothing serious, the keyboard does everything, 320 pixels lose nothing."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.pages import new_session, open_session_page, open_step, wait_saved
from support.running import RunningServer

pytestmark = pytest.mark.browser

STEPS = ("Fase 0", "Fase 1", "Fase 2", "Fase 3", "Overzicht", "Cijfers", "Afsluiten")


@pytest.fixture
def form(page, server: RunningServer):
    open_session_page(page, server, new_session(server.data, "Campus Iedereen"))
    page.get_by_role("button", name="Actie toevoegen").first.click()
    return page


def serious(page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_step(form, scheme: str) -> None:
    form.evaluate("scheme => document.documentElement.dataset.stsScheme = scheme", scheme)
    for step in STEPS:
        open_step(form, step)
        assert serious(form) == [], step


def test_axe_finds_nothing_serious_on_the_portal(form, server: RunningServer) -> None:
    form.goto(server.page("start"))
    form.get_by_role("heading", name="Campus Iedereen").first.wait_for()
    assert serious(form) == []


def test_no_step_scrolls_sideways_at_320_pixels(form) -> None:
    form.set_viewport_size({"width": 320, "height": 700})
    for step in STEPS:
        open_step(form, step)
        assert form.evaluate("() => document.documentElement.scrollWidth") == 320, step


def test_the_keyboard_alone_scores_answers_and_moves_on(form) -> None:
    first = form.get_by_role("radio", name="niet besproken").first
    first.focus()
    form.keyboard.press("ArrowRight")  # the last choice wraps around to the first: 0
    form.keyboard.press("ArrowRight")
    assert form.get_by_role("radio", name="1", exact=True).first.is_checked()
    form.keyboard.press("Tab")
    form.keyboard.type("Met het toetsenbord")
    wait_saved(form)
    assert form.get_by_label("Waarom deze score?").first.input_value() == "Met het toetsenbord"
    form.get_by_role("navigation", name=re.compile("Stappen")).get_by_role("button", name=re.compile("^Fase 2")).focus()
    form.keyboard.press("Enter")
    assert form.evaluate("() => document.activeElement.textContent").startswith("Fase 2")


def test_p_makes_the_page_large_but_not_while_typing(form) -> None:
    area = form.locator(".sts-step:visible textarea").first
    area.click()
    form.keyboard.type("p")
    assert not form.evaluate("() => 'stsLarge' in document.documentElement.dataset")
    area.blur()
    form.keyboard.press("p")
    assert form.evaluate("() => 'stsLarge' in document.documentElement.dataset")


def test_a_score_that_is_no_number_is_neither_drawn_nor_counted_as_zero(form) -> None:
    open_step(form, "Fase 3")
    panel = form.locator(".sts-step:visible")
    panel.get_by_role("radio", name="4", exact=True).first.check()
    panel.get_by_role("radio", name="weet niet").nth(1).check()
    panel.get_by_role("radio", name="niet van toepassing").nth(2).check()
    assert panel.locator(".sts-radar .sts-now circle").count() == 1
    cells = panel.locator(".sts-scores tbody td").all_text_contents()
    assert cells[:4] == ["4", "weet niet", "n.v.t.", "–"]
