"""The apps for every eye and hand: axe finds nothing serious, the keyboard does everything, small and enlarged lose nothing."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support.exports import write_school
from support.pages import (
    fields_there,
    new_session,
    newest_session,
    open_folds,
    open_session_page,
    open_step,
    read_files,
    steps_of,
    wait_saved,
)
from support.running import RunningServer

pytestmark = pytest.mark.browser

FORMS = ("school", "preventieplan", "leerkracht", "ouders", "netwerk")
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe that judge colours; the others find the same in every scheme."""

SHOWN = """() => {
    const controls = "a[href], button, input, select, textarea, summary, h1, h2, h3, h4, h5, h6";
    return [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  }"""

LOST = """(before) => {
    const wide = document.documentElement.clientWidth;
    const within = (one, test) => {
      for (let above = one; above && above !== document.body; above = above.parentElement) if (test(above)) return true;
      return false;
    };
    const scrolls = (one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth;
    const unseen = (one) => /inset/.test(getComputedStyle(one).clipPath) || one.classList.contains("sts-skip");
    const named = (one, why) => `${why}: ${one.outerHTML.slice(0, 150)}`;
    const gone = before.filter((one) => one.isConnected && !one.checkVisibility({ visibilityProperty: true }));
    const outside = before.filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return (right > wide + 1 || left < -1) && !within(one, scrolls) && !within(one, unseen);
    });
    const cut = [...document.querySelectorAll("body *")].filter((one) => {
      if (!one.checkVisibility()) return false;
      const { overflowX, overflowY } = getComputedStyle(one);
      const over = /hidden|clip/.test(overflowX) && one.scrollWidth > one.clientWidth + 1;
      const below = /hidden|clip/.test(overflowY) && one.scrollHeight > one.clientHeight + 1;
      return (over || below) && !within(one, unseen) && !one.closest("svg, .sts-sheet, .sts-file");
    });
    return [
      ...gone.map((one) => named(one, "gone")),
      ...outside.map((one) => named(one, "outside")),
      ...cut.map((one) => named(one, "cut off")),
    ];
  }"""
"""What of *before* is gone or lies outside the window where nothing scrolls to it, and what text is cut off."""


def serious(page, rules: list[str] | None = None) -> list[tuple[str, str]]:
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]


def hold(page, where: str) -> None:
    """What must be true of what is on the screen now, in every size and scheme."""
    page.set_viewport_size({"width": 1280, "height": 800})
    open_folds(page)
    shown = page.evaluate_handle(SHOWN)
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        page.evaluate("scheme => document.documentElement.dataset.stsScheme = scheme", scheme)
        assert serious(page, rules) == [], f"{where}, {scheme}"
    for width, height in ((640, 400), (320, 640)):  # 1280 by 800 enlarged to 200 % and to 400 %
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("() => document.documentElement.scrollWidth") == width, f"{where}, {width}"
        assert page.evaluate(LOST, shown) == [], f"{where}, {width}"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("() => { document.documentElement.dataset.stsLarge = ''; }")
    assert page.evaluate("() => document.documentElement.scrollWidth") == 1280, f"{where}, presentation"
    assert page.evaluate(LOST, page.evaluate_handle(SHOWN)) == [], f"{where}, presentation"
    assert serious(page, [*COLOURS, "scrollable-region-focusable", "target-size"]) == [], f"{where}, presentation"
    assert page.get_by_label(re.compile("^Notitie")).locator("visible=true").count() == 0, f"{where}, presentation"
    page.evaluate("() => { delete document.documentElement.dataset.stsLarge; }")


@pytest.mark.parametrize("app", FORMS)
def test_no_step_of_a_form_shuts_anybody_out(page, demo: RunningServer, app: str) -> None:
    page.goto(demo.page(f"{app}?sessie={newest_session(demo.data)}"))
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()
    for step in steps_of(page):
        page.set_viewport_size({"width": 1280, "height": 800})
        open_step(page, step)
        hold(page, f"{app}, {step}")


def test_no_step_of_the_figures_shuts_anybody_out(page, demo: RunningServer, tmp_path) -> None:
    page.goto(demo.page(f"cijfers?sessie={newest_session(demo.data)}"))
    page.locator(".sts-step:visible figure").first.wait_for(timeout=90_000)
    page.locator(".sts-above progress").wait_for(state="hidden", timeout=90_000)
    for step in steps_of(page):
        page.set_viewport_size({"width": 1280, "height": 800})
        open_step(page, step)
        if step == "Inbrengen":
            read_files(page, write_school(tmp_path, pupils=20).export)
        elif step == "Signalen":
            page.get_by_role("button", name="Leerlingen tonen").click()
            page.locator(".sts-live table").wait_for(timeout=90_000)
            # A list of a few hundred pupils holds what one of a dozen holds.
            page.locator(".sts-live tbody tr").evaluate_all("rows => rows.slice(12).forEach((row) => row.remove())")
        elif step == "Focus":
            page.locator(".sts-found-candidate").first.wait_for(timeout=90_000)
        hold(page, f"cijfers, {step}")


@pytest.mark.parametrize(("app", "heading"), [("opvolging", "Sinds vorige keer"), ("start", "Nieuw traject")])
def test_the_pages_around_the_forms_shut_nobody_out(page, demo: RunningServer, app: str, heading: str) -> None:
    page.goto(demo.page(f"{app}?sessie={newest_session(demo.data)}"))
    fields_there(page)
    page.get_by_role("heading", name=heading).wait_for()
    hold(page, app)


# -- by keyboard alone ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def school(page, demo: RunningServer):
    open_session_page(page, demo, new_session(demo.data, "Campus Toetsen"), "Vooraf", instrument="school")
    return page


def tab_to(page, wanted, *, key: str = "Tab") -> None:
    """Press Tab until *wanted* has the focus; what has it on the way can be seen, and is not under the bar at the top."""
    wanted.wait_for()
    for _ in range(300):
        page.keyboard.press(key)
        if wanted.evaluate("(one) => one === document.activeElement"):
            seen = page.evaluate("""() => {
                const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
                const bar = document.querySelector(".sts-bar");
                const covered = bar && getComputedStyle(bar).position === "sticky" && !bar.contains(document.activeElement);
                const from = covered ? bar.getBoundingClientRect().bottom : 0;
                return right > left && bottom > top && bottom > from && top < innerHeight;
              }""")
            assert seen, "the focus is out of sight"
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def go_to_step(page, name: str) -> None:
    tab_to(page, step_button(page, name), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(name), level=2)).to_be_focused()


def step_button(page, name: str):
    return page.get_by_role("navigation", name=re.compile("Stappen")).get_by_role("button", name=re.compile(f"^{name}"))


def test_the_keyboard_alone_plans_and_follows_up(school) -> None:
    page, panel = school, school.locator(".sts-step:visible")
    tab_to(page, panel.get_by_role("button", name=re.compile("bezorgdheid toevoegen")))
    page.keyboard.press("Enter")
    page.keyboard.type("Ze komen niet")
    page.keyboard.press("Tab")
    page.keyboard.type("Wat houdt hen tegen?")
    tab_to(page, panel.get_by_role("button", name=re.compile("^Weghalen: rij 1")))
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name=re.compile("^Terugzetten"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("textbox", name=re.compile("^Onze bezorgdheid, rij 1"))).to_be_focused()

    go_to_step(page, "Fase 2")
    for group in ("De derdejaars", "De hele school"):
        tab_to(page, panel.get_by_role("button", name="Kandidaat toevoegen"))
        page.keyboard.press("Enter")
        page.keyboard.type(group)
    weighing = panel.get_by_role("group", name=re.compile(r"\(kandidaat 1\)")).get_by_role("radio")
    tab_to(page, panel.get_by_label(re.compile("^Ruimte voor impact.*kandidaat 1")), key="Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert weighing.nth(0).is_checked() or weighing.nth(1).is_checked()
    tab_to(page, panel.get_by_role("button", name="Dit is onze focus: kandidaat 1"))
    page.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Toch niet deze focus: kandidaat 1")).to_be_focused()

    go_to_step(page, "Fase 3")
    tab_to(page, panel.get_by_role("button", name="Actie toevoegen"))
    page.keyboard.press("Enter")
    page.keyboard.type("De poort om acht uur open")
    tab_to(page, panel.get_by_role("article", name="Actie 1").get_by_label(re.compile("^Wie")))
    page.keyboard.type("secretariaat")
    expect(panel.get_by_role("article", name="Actie 1").get_by_label(re.compile("^Wie"))).to_have_value("secretariaat")

    go_to_step(page, "Fase 4")
    follow = panel.get_by_role("article", name="Actie 1")
    tab_to(page, follow.get_by_role("radio", name="nog niet bekeken"))  # the one that is chosen is where Tab comes
    page.keyboard.press("ArrowRight")  # wraps around to the first
    page.keyboard.press("ArrowRight")
    expect(follow.get_by_role("radio", name="bezig")).to_be_checked()
    wait_saved(page)

    page.reload()
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()
    open_step(page, "Vooraf")
    row = panel.get_by_role("row").last
    assert row.get_by_role("textbox").evaluate_all("all => all.map((one) => one.value)") == [
        "Ze komen niet",
        "Wat houdt hen tegen?",
    ]
    open_step(page, "Fase 2")
    assert "De derdejaars" in panel.get_by_role("region", name="Gekozen").inner_text()
    open_step(page, "Fase 4")
    expect(panel.get_by_role("article", name="Actie 1").get_by_role("radio", name="bezig")).to_be_checked()


def test_the_keyboard_alone_scores_answers_and_moves_on(school) -> None:
    go_to_step(school, "Fase 1")
    panel = school.locator(".sts-step:visible")
    tab_to(school, panel.get_by_role("radio", name="niet besproken").first)
    school.keyboard.press("ArrowRight")  # the last choice wraps around to the first: 0
    school.keyboard.press("ArrowRight")
    expect(panel.get_by_role("radio", name="1", exact=True).first).to_be_checked()
    school.keyboard.press("Tab")
    school.keyboard.type("Met het toetsenbord")
    wait_saved(school)
    assert panel.get_by_label("Waarom deze score?").first.input_value() == "Met het toetsenbord"


def test_the_keyboard_alone_begins_a_trajectory(page, server: RunningServer) -> None:
    page.goto(server.page("start"))
    tab_to(page, page.get_by_label("School", exact=True))
    page.keyboard.type("Campus Klavier")
    page.keyboard.press("Tab")
    page.keyboard.type("Limburg")
    tab_to(page, page.get_by_label("secundair onderwijs", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Traject beginnen"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=re.compile("Vooraf")).wait_for()
    assert "Campus Klavier" in page.locator(".sts-where").inner_text()


# -- presentation mode ---------------------------------------------------------------------------------------------------------


def test_p_makes_the_page_large_and_hides_the_notes_but_not_while_typing(school) -> None:
    secret = "Let op de stille collega."
    note = school.locator(".sts-step:visible .sts-note")
    note.locator("summary").click()
    area = note.get_by_role("textbox")
    area.fill(secret)
    area.press("p")
    assert not school.evaluate("() => 'stsLarge' in document.documentElement.dataset")
    area.fill(secret)
    wait_saved(school)
    area.blur()
    school.keyboard.press("p")
    assert school.evaluate("() => 'stsLarge' in document.documentElement.dataset")
    expect(area).to_be_hidden()
    school.reload()  # the mode is remembered, and so is the note
    note.wait_for()
    for step in steps_of(school):
        open_step(school, step)
        open_folds(school)
        shown = school.locator("textarea:visible, input:visible")
        assert secret not in shown.evaluate_all("all => all.map((one) => one.value)"), step
        assert secret not in school.locator("body").inner_text(), step
        assert school.get_by_label(re.compile("^Notitie")).locator("visible=true").count() == 0, step
    open_step(school, "Vooraf")
    school.keyboard.press("p")
    expect(area).to_have_value(secret)


def test_a_score_that_is_no_number_is_neither_drawn_nor_counted_as_zero(page, demo: RunningServer) -> None:
    open_session_page(page, demo, new_session(demo.data, "Campus Zonder Cijfer"))
    open_step(page, "Fase 3")
    panel = page.locator(".sts-step:visible")
    panel.get_by_role("radio", name="4", exact=True).first.check()
    panel.get_by_role("radio", name="weet niet").nth(1).check()
    panel.get_by_role("radio", name="niet van toepassing").nth(2).check()
    assert panel.locator(".sts-radar .sts-now circle").count() == 1
    cells = panel.locator(".sts-scores tbody td").all_text_contents()
    assert cells[:4] == ["4", "weet niet", "n.v.t.", "–"]
