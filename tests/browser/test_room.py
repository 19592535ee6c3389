"""What a form gives a room: large scores, the radar in sight with letters to read, how far each phase is, folds that stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from support.form_page import open_form

from stslib.content import load_instrument

pytestmark = pytest.mark.browser

SCALE = "preventieplan.f0.registratie.schaal"
SCORES = {f"{SCALE}::score": [6, 1, "13:58"]}


@pytest.fixture(scope="module")
def plan():
    return load_instrument("preventieplan")


def step(page, name: str):
    return page.get_by_role("navigation", name=re.compile("Stappen")).get_by_role("button", name=re.compile(f"^{name}"))


def large(page) -> None:
    page.evaluate("() => { document.documentElement.dataset.stsLarge = ''; }")


def letters(page) -> list[float]:
    """The height on the screen of the letters along the radar."""
    heights: list[float] = page.locator(".sts-radar .sts-axis").evaluate_all(
        """all => all.map((one) => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a)"""
    )
    return heights


@pytest.mark.parametrize("width", [1280, 320])
def test_every_score_is_large_enough_for_a_finger(page, plan, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_form(page, plan, values=SCORES)
    sizes = page.locator(".sts-score:visible label").evaluate_all(
        "all => all.map((one) => [one.offsetWidth, one.offsetHeight])"
    )
    assert len(sizes) > 70
    assert min(min(size) for size in sizes) >= 44


@pytest.mark.parametrize(("phase", "in_presentation"), [(0, False), (1, False), (3, False), (0, True), (1, True)])
def test_the_radar_stands_beside_the_questions_with_letters_to_read(page, plan, phase: int, in_presentation: bool) -> None:
    open_form(page, plan, values=SCORES, step=f"fase-{phase}")
    if in_presentation:
        large(page)
    panel = page.get_by_role("complementary", name=re.compile("^Zelfscores"))
    question = page.get_by_role("textbox").locator("visible=true").first.bounding_box()
    beside = panel.bounding_box()
    assert beside["x"] > question["x"] + question["width"]
    assert min(letters(page)) >= 14
    words = page.locator(".sts-radar .sts-axis").locator("visible=true").all()
    for one in words:
        box = one.bounding_box()
        assert box["x"] >= beside["x"]
        assert box["x"] + box["width"] <= beside["x"] + beside["width"]


def test_nothing_beside_the_questions_is_cut_at_1280_by_800(page, plan) -> None:
    for number in (0, 1, 2, 3):
        open_form(page, plan, values=SCORES, step=f"fase-{number}")
        panel = page.get_by_role("complementary", name=re.compile("^Zelfscores"))
        page.mouse.wheel(0, 600)
        expect(panel.get_by_text("Als tabel")).to_be_in_viewport(ratio=1)
        assert panel.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1"), number


def test_the_radar_comes_below_the_questions_on_a_narrow_screen(page, plan) -> None:
    page.set_viewport_size({"width": 640, "height": 800})
    open_form(page, plan, values=SCORES)
    panel = page.get_by_role("complementary", name=re.compile("^Zelfscores"))
    note = page.locator("details.sts-note:visible")
    assert panel.bounding_box()["y"] > note.bounding_box()["y"]


def test_the_table_of_the_radar_stays_open_while_scores_change(page, plan) -> None:
    open_form(page, plan, values=SCORES)
    panel = page.get_by_role("complementary", name=re.compile("^Zelfscores"))
    panel.get_by_text("Als tabel").click()
    cell = panel.get_by_role("row", name=re.compile("^Registratie")).get_by_role("cell").first
    expect(cell).to_have_text("6")
    page.locator(f"[data-scale='{SCALE}']").get_by_role("radio", name="9", exact=True).check()
    expect(cell).to_have_text("9")
    expect(cell).to_be_visible()


def test_each_step_says_how_far_its_phase_is(page, plan) -> None:
    open_form(page, plan, values={})
    fifth = step(page, "Fase 3")
    scales = [scale.id for section in plan.phases[3].sections() for scale in section.scales]
    fifth.click()
    shown = page.locator(".sts-score:visible")
    count = shown.count()
    expect(fifth).to_have_accessible_name(re.compile(f"0 van {count} ingeschaald"))
    expect(fifth).to_have_attribute("data-done", "none")
    for one in shown.all():
        one.get_by_role("radio", name="weet niet").check()
    expect(fifth).to_have_accessible_name(re.compile(f"{count} van {count} ingeschaald"))
    expect(fifth).to_contain_text("✓")
    expect(fifth).to_have_attribute("data-done", "all")
    assert count <= len(scales)


def test_an_empty_radar_says_what_to_do(page, plan) -> None:
    open_form(page, plan, values={})
    told = page.get_by_text("Nog geen score in deze fase.")
    expect(told).to_be_visible()
    page.locator(f"[data-scale='{SCALE}']").get_by_role("radio", name="5", exact=True).check()
    expect(told).to_have_count(0)


def test_what_was_folded_stays_folded_in_this_browser(page) -> None:
    school = load_instrument("school")

    def role():
        return page.locator("details.sts-fold:visible", has_text="Rol van het CLB").first

    def background():
        return page.locator("details.sts-background:visible", has_text="Achtergrond").first

    open_form(page, school)
    expect(role()).not_to_have_attribute("open", "")
    expect(background()).to_have_attribute("open", "")
    role().locator("summary").click()
    background().locator("summary").click()
    expect(background()).not_to_have_attribute("open", "")
    open_form(page, school)
    expect(role()).to_have_attribute("open", "")
    expect(background()).not_to_have_attribute("open", "")
