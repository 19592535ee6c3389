"""Taking a change back on the page, and doing it again, in a real browser: what a person sees, and what the page writes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from support.form_page import open_form, remote, sent, value

from stslib.content import load_instrument

pytestmark = pytest.mark.browser

SCALE = "preventieplan.f0.registratie.schaal"


def back(page):
    return page.get_by_role("button", name=re.compile("^Ongedaan maken"))


def again(page):
    return page.get_by_role("button", name=re.compile("^Opnieuw doen"))


def score(page, number: str):
    return page.locator(f"[data-scale='{SCALE}']").get_by_role("radio", name=number, exact=True)


def writes(page) -> int:
    """How many entries the page sent for the scale, from the first on."""
    ids = {edit["edit_id"] for message in sent(page, "edits") for edit in message["edits"] if edit["item"] == SCALE}
    return len(ids)


def saved(page) -> None:
    page.locator(".sts-saving[data-state='saved']").wait_for()


@pytest.fixture(scope="module")
def plan():
    return load_instrument("preventieplan")


@pytest.fixture
def form(page, plan):
    page.set_default_timeout(8000)
    open_form(page, plan, values={f"{SCALE}::score": [6, 1, "13:58"]})
    return page


def test_a_score_goes_back_as_a_new_entry_and_says_so(form) -> None:
    expect(back(form)).to_be_hidden()
    score(form, "7").check()
    expect(back(form)).to_have_accessible_name("Ongedaan maken: score Registratie 6 → 7")
    saved(form)
    back(form).click()
    expect(score(form, "6")).to_be_checked()
    expect(form.locator(".sts-radar .sts-now circle")).to_have_attribute("data-value", "6")
    expect(form.get_by_role("status").filter(has_text="Ongedaan gemaakt: score Registratie 6 → 7.")).to_have_count(1)
    saved(form)
    assert value(form, SCALE, "score") == 6
    assert writes(form) == 2  # nothing is taken out of the journal
    expect(back(form)).to_be_hidden()
    expect(again(form)).to_be_focused()  # who works by keyboard is not thrown off the page
    form.keyboard.press("Enter")
    expect(score(form, "7")).to_be_checked()
    expect(back(form)).to_be_focused()


def test_several_steps_go_back_in_turn_and_a_new_change_ends_what_could_be_done_again(form) -> None:
    for number in ("7", "8", "9"):
        score(form, number).check()
    for number in ("8", "7"):
        back(form).click()
        expect(score(form, number)).to_be_checked()
    again(form).click()
    expect(score(form, "8")).to_be_checked()
    score(form, "2").check()
    expect(again(form)).to_be_hidden()
    back(form).click()
    expect(score(form, "8")).to_be_checked()


def test_control_z_takes_back_outside_a_text_field_and_is_left_to_the_browser_inside_one(form) -> None:
    score(form, "7").check()
    area = form.get_by_role("textbox").first
    area.click()
    area.press("Control+z")
    expect(score(form, "7")).to_be_checked()
    score(form, "7").focus()
    form.keyboard.press("Control+z")
    expect(score(form, "6")).to_be_checked()
    form.keyboard.press("Control+y")
    expect(score(form, "7")).to_be_checked()
    form.keyboard.press("Control+z")
    form.keyboard.press("Control+Shift+z")
    expect(score(form, "7")).to_be_checked()


def test_a_visit_to_a_text_field_is_one_step_and_not_each_letter(form) -> None:
    area = form.locator("textarea[data-key$='::answer']").first
    item = area.get_attribute("data-key").split("::")[0]
    area.click()
    form.keyboard.type("We wachten aan de poort")
    score(form, "7").focus()
    area.click()
    form.keyboard.press("End")
    form.keyboard.type(" elke ochtend")
    expect(back(form)).to_have_accessible_name(re.compile("^Ongedaan maken: tekst bij “.{8,31}”$"))
    back(form).click()
    expect(area).to_have_value("We wachten aan de poort")
    back(form).click()
    expect(area).to_have_value("")
    expect(back(form)).to_be_hidden()
    saved(form)
    assert value(form, item, "answer") == ""
    again(form).click()
    expect(area).to_have_value("We wachten aan de poort")


def test_text_that_was_typed_and_wiped_in_one_visit_leaves_no_step(form) -> None:
    area = form.locator("textarea[data-key$='::answer']").first
    area.click()
    form.keyboard.type("ab")
    form.keyboard.press("Backspace")
    form.keyboard.press("Backspace")
    expect(back(form)).to_be_hidden()


def test_an_action_that_was_added_or_taken_away_goes_back_whole(form) -> None:
    objective = form.locator("[data-objective]").first
    objective.get_by_role("button", name=re.compile("^Actie toevoegen")).click()
    form.keyboard.type("Elke ochtend bellen")
    what = objective.get_by_role("textbox", name=re.compile("^Wat, actie 1"))
    objective.get_by_role("button", name=re.compile("^Weghalen: actie 1")).click()
    expect(what).to_have_count(0)
    expect(back(form)).to_have_accessible_name("Ongedaan maken: weghalen van “Elke ochtend bellen”")
    back(form).click()
    expect(what).to_have_value("Elke ochtend bellen")
    back(form).click()
    expect(what).to_have_value("")
    expect(back(form)).to_have_accessible_name("Ongedaan maken: toevoegen van een actie")
    back(form).click()
    expect(what).to_have_count(0)
    again(form).click()
    expect(what).to_have_count(1)


def test_what_another_window_changed_since_stays_and_the_page_says_so(form) -> None:
    score(form, "7").check()
    saved(form)
    remote(form, (SCALE, "score", 3))
    expect(score(form, "3")).to_be_checked()
    back(form).click()
    told = form.get_by_role("alert").filter(has_text="In een ander venster is dit intussen aangepast")
    expect(told).to_be_visible()
    expect(score(form, "3")).to_be_checked()
    assert writes(form) == 1
    expect(back(form)).to_be_hidden()
    score(form, "4").check()
    expect(told).to_be_hidden()


def test_what_another_window_set_to_the_same_value_is_theirs_too(form) -> None:
    score(form, "7").check()
    saved(form)
    remote(form, (SCALE, "score", 3), (SCALE, "score", 7))
    expect(score(form, "7")).to_be_checked()
    back(form).click()
    expect(form.get_by_role("alert").filter(has_text="Niet gewijzigd")).to_be_visible()
    expect(score(form, "7")).to_be_checked()


def test_only_what_this_window_changed_can_be_taken_back(form) -> None:
    remote(form, (SCALE, "score", 3))
    expect(score(form, "3")).to_be_checked()
    expect(back(form)).to_be_hidden()
    form.keyboard.press("Control+z")
    expect(score(form, "3")).to_be_checked()


def test_a_part_that_does_not_apply_comes_back(form) -> None:
    objective = form.locator("[data-objective]").first
    objective.get_by_role("button", name=re.compile("^Niet van toepassing: ")).first.click()
    expect(objective.locator(".sts-objective-body")).to_be_hidden()
    expect(back(form)).to_have_accessible_name(re.compile("^Ongedaan maken: niet van toepassing bij “"))
    back(form).click()
    expect(objective.locator(".sts-objective-body")).to_be_visible()


def test_a_pinned_figure_of_this_window_can_be_taken_back(form) -> None:
    pin = "cijfer.0a1b2c3d"
    shown = {"title": "5 % was er niet", "columns": ["Wat", "Deel"], "rows": [["alles", "5 %"]], "counted_on": "2026-11-22"}
    section = SCALE.removesuffix(".schaal")
    form.evaluate("(item) => model.receive({ kind: 'pinned', origin: '', item })", pin)
    remote(form, (pin, "origin", section), (pin, "definition", {"figure": "rate"}), (pin, "shown", shown))
    card = form.get_by_role("article", name=re.compile("^Vastgezet cijfer"))
    expect(card).to_be_visible()
    back(form).click()
    expect(card).to_have_count(0)
    saved(form)
    assert value(form, pin, "removed") is True
    again(form).click()
    expect(card).to_be_visible()


def test_a_choice_of_focus_goes_back_to_the_one_before(page) -> None:
    school = load_instrument("school")
    block = next(block.id for block in school.blocks() if block.kind == "focus")
    one, other = f"{block}.00000001", f"{block}.00000002"
    known = {
        f"{one}::group": ["De derdejaars", 1, "13:58"],
        f"{other}::group": ["De hele school", 1, "13:58"],
        f"{one}::chosen": [True, 1, "13:58"],
    }
    open_form(page, school, values=known, step="fase-2", about={"focuses": [block]})
    page.get_by_role("button", name="Dit is onze focus: kandidaat 2").click()
    chosen = page.get_by_role("region", name="Gekozen")
    expect(chosen).to_contain_text("De hele school")
    expect(back(page)).to_have_accessible_name("Ongedaan maken: focus “De hele school”")
    back(page).click()
    expect(chosen).to_contain_text("De derdejaars")
    expect(chosen).not_to_contain_text("De hele school")
    expect(back(page)).to_be_hidden()
    page.get_by_role("button", name="Kandidaat toevoegen").click()
    expect(back(page)).to_have_accessible_name("Ongedaan maken: toevoegen van een kandidaat")
    back(page).click()
    expect(page.get_by_role("button", name=re.compile("^Dit is onze focus|^Toch niet deze focus"))).to_have_count(2)


def test_a_target_goes_back_to_none(form) -> None:
    form.get_by_label(re.compile("^Streefscore Registratie")).first.select_option("8")
    expect(back(form)).to_have_accessible_name("Ongedaan maken: streefscore Registratie – → 8")
    back(form).click()
    expect(form.get_by_label(re.compile("^Streefscore Registratie")).first).to_have_value("")
    saved(form)
    assert value(form, SCALE, "target") is None
