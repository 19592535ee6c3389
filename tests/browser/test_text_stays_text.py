"""Markup and script that somebody types, or that a file brings, stay text on every page and in the archive."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.exports import write_school
from support.pages import (
    keep_files,
    look_at,
    new_session,
    open_figures,
    open_folds,
    open_step,
    read_files,
    steps_of,
    wait_saved,
)
from support.running import RunningServer

from stslib.store import open_journal

pytestmark = pytest.mark.browser

PAYLOADS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<svg><script>window.pwned=1</script></svg>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    '<a href="javascript:window.pwned=1">klik</a>',
    '"><script>window.pwned=1</script>',
    "'-window.pwned=1-'",
    "</textarea><script>window.pwned=1</script>",
    "</script><script>window.pwned=1</script>",
    "<!--<script>window.pwned=1//-->",
    "<body onload=window.pwned=1>",
    "<details open ontoggle=window.pwned=1>",
    "<math><mtext><img src=x onerror=window.pwned=1></mtext></math>",
    "<style>@import 'http://127.0.0.1:9/x';</style>",
    "<meta http-equiv=refresh content='0;url=javascript:window.pwned=1'>",
    "{{7*7}}{% raw %}${7*7}`",
    "[klik](javascript:window.pwned=1) ![x](x onerror=window.pwned=1) $\\href{javascript:window.pwned=1}{x}$",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "\u202eomgekeerd\u202c مرحبا 👩‍🏫",
    '=HYPERLINK("http://127.0.0.1:9";"klik")',
    "<input autofocus onfocus=window.pwned=1>",
    "<select onfocus=window.pwned=1 autofocus>",
    "<video><source onerror=window.pwned=1></video>",
    "<audio src=x onerror=window.pwned=1>",
    "<object data=javascript:window.pwned=1></object>",
    "<embed src=javascript:window.pwned=1>",
    "<marquee onstart=window.pwned=1>",
    "<svg><animate onbegin=window.pwned=1 attributeName=x dur=1s></svg>",
    "<svg><a xlink:href=javascript:window.pwned=1><text>klik</text></a></svg>",
    "<form><button formaction=javascript:window.pwned=1>klik</button></form>",
    "<base href=http://127.0.0.1:9/>",
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=1>'></noscript>",
    "<template><script>window.pwned=1</script></template>",
    "</title><script>window.pwned=1</script>",
    "</style><script>window.pwned=1</script>",
    "]]><script>window.pwned=1</script>",
    "<scr<script>ipt>window.pwned=1</scr</script>ipt>",
    "<IMG SRC=x OnErRoR=window.pwned=1>",
    "<img/src=x/onerror=window.pwned=1>",
    '" autofocus onfocus=window.pwned=1 x="',
    "' onmouseover=window.pwned=1 x='",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "javascript:window.pwned=1",
    "data:text/html,<script>window.pwned=1</script>",
    "constructor __proto__ toString",
]

FORMS = ("school", "leerkracht", "ouders", "netwerk", "preventieplan")

INJECTED = ", ".join(
    [
        *(f"[on{name}]" for name in ("error", "load", "toggle", "focus", "start", "begin", "mouseover")),
        *("iframe", "object", "embed", "math", "base", "marquee", "video", "audio", "animate", "noscript p", "[formaction]"),
        *("a[href^='javascript' i]", "img[src='x']", "meta[http-equiv='refresh' i]", "[href*='127.0.0.1:9/']"),
    ]
)
"""What a payload would put on the page if it were taken for markup; the pages themselves hold none of these."""

FIELDS = """() => {
    const seen = new Map();
    for (const field of document.querySelectorAll("textarea[data-key], input[type=text][data-key]")) {
      if (!field.checkVisibility()) continue;
      const action = field.closest("[data-action]") ? "actie" : "";
      const kind = field.closest("[data-block]")?.className.replace(/.*sts-block-/, "") ?? action;
      const name = `${kind}/${field.dataset.key.split("::")[1]}`;
      if (!seen.has(name)) seen.set(name, [name, field.dataset.key, field.className]);
    }
    return [...seen.values()];
  }"""
"""One text field of each kind that is on the screen: kind with the name of the field, its key, and its make."""


def attack_text(turn: int, *, long: bool) -> str:
    """All payloads, another one first each time; a long one has more than 20,000 characters."""
    first = turn % len(PAYLOADS)
    text = " ¦ ".join([str(turn), *PAYLOADS[first:], *PAYLOADS[:first]])
    return text + " één 👩‍🏫 مرحبا <b>vet</b> &" * (800 if long else 0)


@pytest.fixture(scope="module")
def attacked(browser, server: RunningServer):
    """A session of a school with a hostile name; every kind of text field of every page holds every payload."""
    session = new_session(server.data, PAYLOADS[0])
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE")
    context.set_default_timeout(30_000)
    context.dialogs, context.asked, context.typed, context.kinds, context.long = [], [], {}, set(), {}
    context.on("dialog", lambda dialog: (context.dialogs.append(dialog.message), dialog.dismiss()))
    context.on("request", lambda request: context.asked.append(request.url))
    page = context.new_page()
    turns = iter(range(10_000))
    for app in FORMS:
        seen: set[str] = set()
        for _ in steps_shown(page, server, session, app):
            panel = page.locator(".sts-step:visible")
            for name in {button.inner_text() for button in panel.get_by_role("button", name=re.compile("toevoegen")).all()}:
                panel.get_by_role("button", name=re.compile(re.escape(name))).first.click()
            for button in panel.get_by_role("button", name=re.compile("^Dit is onze focus")).all():
                button.click()
            for state in panel.get_by_role("radio", name="gedaan").all():
                state.check()
            open_folds(page)
            attack(page, turns, seen)
        wait_saved(page)
    page.goto(server.page(f"opvolging?sessie={session}"))
    page.get_by_role("heading", name="Acties").wait_for()
    open_folds(page)
    attack(page, turns, set())
    wait_saved(page)
    yield page, session
    context.close()


def steps_shown(page, server: RunningServer, session: str, app: str):
    """Opens a form and shows its steps one by one, with everything unfolded."""
    page.goto(server.page(f"{app}?sessie={session}"))
    page.get_by_role("navigation", name=re.compile("Stappen")).wait_for()
    for step in steps_of(page):
        open_step(page, step)
        open_folds(page)
        yield step


def attack(page, turns, seen: set[str]) -> None:
    """Types in one field of each kind that is shown and not in *seen*; the first of each make goes over 20,000 characters."""
    known = page.context
    for name, key, line in page.evaluate(FIELDS):
        if name in seen:
            continue
        seen.add(name)
        make = (name.partition("/")[0], line)
        text = attack_text(next(turns), long=make not in known.long)
        known.long.setdefault(make, key)
        page.locator(f'[data-key="{key}"]').locator("visible=true").first.fill(text)
        known.typed[key] = text
        known.kinds.add(name)


def not_run(page) -> None:
    assert page.evaluate("() => window.pwned") is None
    assert page.context.dialogs == []
    assert page.locator(INJECTED).evaluate_all("all => all.map((one) => one.outerHTML.slice(0, 100))") == []
    assert [url for url in page.context.asked if "127.0.0.1:9/" in url or url.endswith("/x")] == []


def missing(text: str) -> list[str]:
    """The payloads that *text* does not hold, spaces and line ends aside."""
    plain = " ".join(text.split())
    return [payload for payload in PAYLOADS if " ".join(payload.split()) not in plain]


def test_every_kind_of_field_was_attacked(attacked) -> None:
    page, _ = attacked
    assert len(PAYLOADS) > 40
    assert all(missing(text) == [] for text in page.context.typed.values())
    assert len({make for make, key in page.context.long.items() if len(page.context.typed[key]) > 20_000}) > 10
    assert {kind.partition("/")[0] for kind in page.context.kinds} >= {
        "velden",
        "rijen",
        "focus",
        "acties",
        "affiche",
        "wegwijzer",
        "actie",
    }
    assert {kind.partition("/")[2] for kind in page.context.kinds} >= {
        "answer",
        "evidence",
        "note",
        "what",
        "works",
        "participants",
        "phone",
    }


@pytest.mark.parametrize("app", FORMS)
def test_every_text_comes_back_as_it_was(attacked, server: RunningServer, app: str) -> None:
    page, session = attacked
    found: dict[str, str] = {}
    for _ in steps_shown(page, server, session, app):
        keys = "fields => fields.map((field) => [field.dataset.key, field.value])"
        found |= dict(page.locator("textarea[data-key]:visible, input[type=text][data-key]:visible").evaluate_all(keys))
        not_run(page)
    own = {key: text for key, text in page.context.typed.items() if key.startswith((f"{app}.", "sessie::"))}
    assert len(own) > 5
    assert {key for key, text in own.items() if found.get(key) != text} == set()


def test_the_follow_up_shows_hostile_text_as_text(attacked, server: RunningServer) -> None:
    page, session = attacked
    page.goto(server.page(f"opvolging?sessie={session}"))
    page.get_by_role("heading", name="Acties").wait_for()
    open_folds(page)
    action = page.get_by_role("article").first
    assert missing(action.get_by_role("heading").inner_text()) == []
    item = action.get_attribute("data-action")
    for field in ("what", "who", "when", "check", "works", "hinders", "adjustment"):
        assert action.locator(f'[data-key="{item}::{field}"]').input_value() == page.context.typed[f"{item}::{field}"]
    assert "window.pwned" in page.get_by_role("region", name="Focus").inner_text()
    not_run(page)


def test_the_poster_and_the_overview_show_hostile_text_as_text(attacked, server: RunningServer) -> None:
    page, session = attacked
    page.goto(server.page(f"school?sessie={session}") + "#fase-5")
    poster = page.locator(".sts-poster")
    poster.wait_for()
    for part in (".sts-poster-title", ".sts-poster-group", ".sts-poster-done li", ".sts-poster-text"):
        assert missing(poster.locator(part).first.text_content()) == [], part
    not_run(page)
    page.goto(server.page(f"preventieplan?sessie={session}") + "#overzicht")
    cell = page.locator(".sts-step:visible").get_by_role("textbox", name=re.compile("^Wat, actie 1 bij")).first
    assert missing(cell.input_value()) == []
    not_run(page)


def test_the_portal_shows_a_hostile_school_name_as_a_name(attacked, server: RunningServer) -> None:
    page, _ = attacked
    page.goto(server.page("start"))
    page.get_by_role("heading", name=PAYLOADS[0]).wait_for()
    assert missing(page.locator(".sts-now-open").inner_text()) == []  # the title of the session
    not_run(page)


def test_a_next_session_shows_what_an_earlier_one_left_as_text(attacked, server: RunningServer) -> None:
    page, session = attacked
    with open_journal(server.data) as journal:
        later = journal.create_session(journal.session(session).trajectory_id).id
    for step in steps_shown(page, server, later, "school"):
        if step == "Fase 1":
            before = page.locator(".sts-step:visible .sts-before-answer dd").first
            assert missing(before.inner_text()) == []
            expect(page.locator("[data-block$='.sterktes'] textarea").first).to_have_value(re.compile("window.pwned"))
        not_run(page)
    page.goto(server.page(f"opvolging?sessie={later}"))
    page.get_by_role("heading", name="Sinds vorige keer").wait_for()
    open_folds(page)
    not_run(page)


def test_cells_and_file_names_of_an_export_stay_text(attacked, server: RunningServer, tmp_path: Path) -> None:
    page, session = attacked
    files = write_school(tmp_path, pupils=24)
    rows = list(csv.reader(files.export.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    for index, payload in enumerate(PAYLOADS):
        rows[1 + index][4] = payload
    rows[0].append(PAYLOADS[1])
    hostile = tmp_path / "<img src=x onerror=window.pwned=1>.csv"
    with hostile.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    enrolment = files.enrolment.read_text(encoding="utf-8").replace("1A1", PAYLOADS[2])
    files.enrolment.write_text(enrolment, encoding="utf-8")
    open_figures(page, server, session, "Inbrengen")
    look_at(page, hostile, enrolment=files.enrolment)
    preview = page.locator(".sts-preview").first
    preview.wait_for()
    assert PAYLOADS[1] in preview.inner_text()
    not_run(page)
    read_files(page, hostile, enrolment=files.enrolment)
    not_run(page)
    keep_files(page)
    for step in steps_of(page):
        open_step(page, step)
        if step == "Groepen":
            page.locator("figure[data-figure='rate_by_class']").wait_for(timeout=60_000)
            open_folds(page)
        not_run(page)
    page.goto(server.page(f"preventieplan?sessie={session}"))
    open_step(page, "Fase 0")
    page.locator("figure[data-figure='rate_by_code']").first.wait_for(timeout=60_000)
    not_run(page)


def test_the_archive_shows_every_payload_and_runs_none(attacked, server: RunningServer) -> None:
    page, session = attacked
    page.goto(server.page(f"school?sessie={session}") + "#afsluiten")
    page.get_by_role("button", name="Sessie afsluiten").click()
    link = page.get_by_role("link", name="Open het archief")
    link.wait_for(timeout=60_000)
    with page.context.expect_page() as opened:
        link.click()
    archive = opened.value
    archive.wait_for_load_state()
    assert archive.locator("script, iframe, object, embed, form, meta[http-equiv=refresh]").count() == 0
    text = " ".join(archive.locator("body").inner_text().split())
    said = {key: " ".join(typed.split()) for key, typed in page.context.typed.items()}
    private = {
        key for key in said if re.fullmatch(r"(school|leerkracht|ouders|netwerk|preventieplan)[.]?[a-z0-9-]*::note", key)
    }
    assert private
    assert {key for key, typed in said.items() if (typed in text) is (key in private)} == set()
    assert archive.evaluate("() => window.pwned") is None
    assert page.context.dialogs == []
