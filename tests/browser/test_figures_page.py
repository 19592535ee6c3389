"""The page with the school's figures as a team uses it: bringing in, looking together, pinning, and pupils on asking only."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import expect
from support.exports import write_school
from support.pages import keep_files, look_at, new_session, newest_session, open_figures, open_step, read_files, steps_of
from support.running import RunningServer, until

from stslib.store import open_journal

pytestmark = pytest.mark.browser

STEPS = [
    "Inbrengen", "Overzicht", "Wanneer", "Wie", "Drempels", "Groepen", "Verandering", "Signalen", "Focus", "Vastgezet",
]  # fmt: skip
COUNTED = 90_000  # ms: every figure of two school years, on a machine that does more


@pytest.fixture
def example(page, demo: RunningServer):
    """The page of the generated school, with its figures coming."""
    page.goto(demo.page(f"cijfers?sessie={newest_session(demo.data)}"))
    page.locator(".sts-step:visible figure").first.wait_for(timeout=COUNTED)
    return page


def open_part(page, name: str) -> None:
    open_step(page, name)
    page.locator(".sts-step:visible figure").first.wait_for(timeout=COUNTED)


def wait_counted(page) -> None:
    page.locator(".sts-above progress").wait_for(state="hidden", timeout=COUNTED)


def titles(page) -> list[str]:
    return page.locator(".sts-step:visible figcaption").all_inner_texts()


# -- looking together ----------------------------------------------------------------------------------------------------------


def test_the_parts_come_in_the_order_of_a_meeting_each_with_a_question(example) -> None:
    assert steps_of(example) == STEPS
    for name in STEPS[1:7]:
        open_part(example, name)
        assert example.locator(".sts-step:visible > .sts-intro").inner_text().endswith(("?", ".")), name
    wait_counted(example)
    assert example.locator(".sts-waiting").count() == 0


def test_every_figure_says_its_finding_has_a_text_for_the_picture_and_a_table_and_says_why(example) -> None:
    wait_counted(example)
    for name in STEPS[1:7]:
        open_part(example, name)
        for figure in example.locator(".sts-step:visible figure").all():
            assert figure.locator("figcaption").inner_text().strip()
            if figure.locator("img").count():
                assert len(figure.locator("img").get_attribute("alt")) > 40
            assert figure.get_by_role("row").count() > 1
            figure.get_by_text("Waarom dit getal?").click()
            assert figure.locator(".sts-why dt").count() > 2


def test_one_choice_acts_on_all_figures_and_each_says_what_it_does_not_follow(example) -> None:
    wait_counted(example)
    example.get_by_label("Welke leerlingen?").select_option(label="2e graad")
    example.get_by_label("Welke afwezigheid?").select_option(label="ongewettigd")
    wait_counted(example)
    expect(example.locator(".sts-filter-told")).to_contain_text("2e graad · ongewettigd")
    open_part(example, "Groepen")
    assert all(title.startswith("Alleen de 2e graad, ongewettigd.") for title in titles(example))
    open_part(example, "Drempels")
    expect(example.locator("figure[data-figure='thresholds'] .sts-ignores")).to_have_text(
        "Deze figuur houdt geen rekening met de soort afwezigheid."
    )
    example.get_by_role("button", name="Toon weer alles").click()
    wait_counted(example)
    expect(example.locator(".sts-filter-told")).to_contain_text("de hele school · alle afwezigheid")
    assert example.locator(".sts-ignores").count() == 0


def test_own_days_are_checked_before_anything_is_counted(example) -> None:
    wait_counted(example)
    example.get_by_label("Welke periode?").select_option(label="eigen periode")
    example.get_by_label("Van", exact=True).fill("gisteren")
    example.get_by_label("Van", exact=True).press("Tab")
    expect(example.get_by_role("alert").filter(has_text="Schrijf een dag als")).to_be_visible()
    example.get_by_label("Van", exact=True).fill("1/12/2025")
    example.get_by_label("Tot en met").fill("19/12/2025")
    example.get_by_label("Tot en met").press("Tab")
    example.locator(".sts-step:visible figcaption", has_text="van 01/12/2025 tot en met 19/12/2025").first.wait_for(
        timeout=COUNTED
    )


def test_figures_of_flanders_stand_apart_as_dated_context(example) -> None:
    open_part(example, "Drempels")
    context = example.locator(".sts-references")
    context.locator("summary").click()
    assert "Geen norm" in context.inner_text()
    for line in context.get_by_role("listitem").all_inner_texts():
        assert re.search(r"^20\d\d-20\d\d: .* %.*Bron: .*gepubliceerd op \d\d/\d\d/\d{4}", line, re.DOTALL), line


# -- keeping -------------------------------------------------------------------------------------------------------------------


def test_a_pinned_figure_keeps_its_filters_and_stands_in_the_other_window(page, context, demo: RunningServer) -> None:
    session = new_session(demo.data, "Campus De Zwaluw (voorbeeld)")
    other = context.new_page()
    for window in (page, other):
        window.goto(demo.page(f"cijfers?sessie={session}"))
        window.locator(".sts-step:visible figure").first.wait_for(timeout=COUNTED)
    other_steps = STEPS[-1]
    open_step(other, other_steps)
    expect(other.get_by_text("Er is nog geen cijfer vastgezet")).to_be_visible()
    wait_counted(page)
    page.get_by_label("Welke leerlingen?").select_option(label="1e graad")
    wait_counted(page)
    figure = page.locator("figure[data-figure='rate_by_code']")
    figure.get_by_text("Vastzetten").click()
    figure.get_by_label("Waar hoort het?").select_option(label="Fiche school · Fase 1")
    question = figure.get_by_label("Bij welk onderdeel?").locator("option").nth(1).get_attribute("title")
    figure.get_by_label("Bij welk onderdeel?").select_option(index=1)
    figure.get_by_role("button", name="Zet dit cijfer vast").click()
    figure.get_by_text("met de waarde van vandaag").wait_for(timeout=COUNTED)
    pin = other.get_by_role("article", name=re.compile("^Vastgezet cijfer"))
    pin.wait_for()
    assert "Alleen de 1e graad." in pin.inner_text()
    assert question in pin.inner_text()
    pin.get_by_role("button", name="Tel opnieuw").click()
    pin.get_by_text(re.compile(r"^Nu \(")).wait_for(timeout=COUNTED)
    assert "Alleen de 1e graad." in pin.locator(".sts-pin-now").inner_text()
    with open_journal(demo.data) as journal:
        entries = journal.current(session)
    (definition,) = [entry.value for (_, field), entry in entries.items() if field == "definition"]
    assert (definition["dimension"], definition["value"]) == ("grade", "1")


def test_a_candidate_of_the_figures_becomes_one_of_the_team(page, demo: RunningServer) -> None:
    session = new_session(demo.data, "Campus De Zwaluw (voorbeeld)")
    open_figures(page, demo, session, "Focus")
    first = page.locator(".sts-found-candidate").first
    first.wait_for(timeout=COUNTED)
    title = first.get_by_role("heading").inner_text().removeprefix("1. ")
    first.get_by_role("button", name=re.compile("^Overnemen")).click()
    page.locator(".sts-saving[data-state='saved']", has_text="om").wait_for()
    page.goto(demo.page(f"school?sessie={session}"))
    open_step(page, "Fase 2")
    expect(page.get_by_label(re.compile("^(Doel)?[Gg]roep")).first).to_have_value(title)


# -- pupils --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(page, demo: RunningServer):
    """The live list on the page; its numbers in ``page.numbers``."""
    open_figures(page, demo, newest_session(demo.data), "Signalen")
    assert page.locator(".sts-live table").count() == 0
    show(page)
    page.numbers = page.locator(".sts-live tbody th").all_inner_texts()
    assert len(page.numbers) > 20
    assert all(re.fullmatch(r"\d{10}", number) for number in page.numbers)
    return page


def show(page) -> None:
    page.get_by_role("button", name="Leerlingen tonen").click()
    page.locator(".sts-live table").wait_for(timeout=COUNTED)


def nothing_left(page) -> None:
    assert page.locator(".sts-live table").count() == 0
    everything = page.evaluate(
        "() => document.documentElement.outerHTML + location.href + JSON.stringify([localStorage, sessionStorage])"
    )
    assert not [number for number in page.numbers if number in everything]


def test_the_list_of_pupils_goes_when_the_step_is_left_and_when_a_person_hides_it(listed) -> None:
    open_step(listed, "Overzicht")
    nothing_left(listed)
    open_step(listed, "Signalen")
    nothing_left(listed)
    show(listed)
    listed.get_by_role("button", name="Verbergen").click()
    nothing_left(listed)
    expect(listed.get_by_role("button", name="Leerlingen tonen")).to_be_focused()


def test_the_list_of_pupils_does_not_go_on_paper(listed) -> None:
    listed.emulate_media(media="print")
    expect(listed.locator(".sts-live")).to_be_hidden()
    listed.emulate_media(media="screen")
    listed.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    nothing_left(listed)


def test_the_list_of_pupils_goes_after_ten_minutes_without_a_hand_on_it(page, demo: RunningServer) -> None:
    page.clock.install()
    open_figures(page, demo, newest_session(demo.data), "Signalen")
    show(page)
    page.numbers = page.locator(".sts-live tbody th").all_inner_texts()
    page.clock.fast_forward("09:00")
    page.locator(".sts-live input[type=checkbox]").first.check()
    page.clock.fast_forward("09:00")
    assert page.locator(".sts-live table").count() == 1
    page.clock.fast_forward("01:01")
    nothing_left(page)
    expect(page.get_by_text("er gebeurde tien minuten niets")).to_be_visible()


def test_pupils_stand_in_no_log_of_the_server_and_in_no_file(listed, demo: RunningServer) -> None:
    listed.locator(".sts-live input[type=checkbox]").first.check()
    listed.get_by_label("Jonger").fill("3")
    listed.get_by_label("Jonger").press("Tab")
    listed.get_by_text(re.compile("van 6,00")).first.wait_for(timeout=COUNTED)
    numbers = [number.encode() for number in listed.numbers[:40]]
    own = demo.data / "voorbeeld"  # the exports that the made-up school would bring itself
    files = [path for path in demo.data.rglob("*") if path.is_file() and not path.is_relative_to(own)]
    for path in [*files, demo.log]:
        content = path.read_bytes()
        assert not [number for number in numbers if number in content], path.name


# -- bringing in ---------------------------------------------------------------------------------------------------------------


def test_a_wrong_column_is_mended_on_the_page_by_keyboard(page, server: RunningServer, tmp_path: Path) -> None:
    files = write_school(tmp_path, pupils=30)
    text = files.export.read_text(encoding="utf-8").replace("Leerlingnummer;", "Kolom X;", 1)
    files.export.write_text(text, encoding="utf-8")
    open_figures(page, server, new_session(server.data, "Campus Kolommen"), "Inbrengen")
    look_at(page, files.export)
    choice = page.get_by_label("Wat is kolom 1, Kolom X?")
    choice.wait_for()
    read = page.get_by_role("button", name="Lezen en verslag maken")
    expect(read).to_be_disabled()
    expect(page.get_by_text("Er ontbreekt een kolom: leerlingnummer.")).to_be_visible()
    expect(page.get_by_role("columnheader", name=re.compile("Naam"))).to_contain_text("wordt niet bewaard")
    choice.focus()
    page.keyboard.type("leerlingnummer")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Er ontbreekt een kolom")).to_be_hidden(timeout=COUNTED)
    expect(read).to_be_enabled()
    expect(page.get_by_text("Eén rij per leerling en halve dag.").first).to_be_visible()
    read.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("Het verslag"))).to_be_focused()
    expect(page.get_by_label("Deze kolommen, vrije dagen")).to_be_checked()
    keep_files(page)
    look_at(page, files.export)
    page.get_by_text("zoals jullie ze vorige keer bewaarden").wait_for(timeout=COUNTED)
    expect(choice).to_have_value("pupil")


def test_files_that_are_dropped_find_their_field_by_their_name(page, server: RunningServer, tmp_path: Path) -> None:
    files = write_school(tmp_path, pupils=5)
    open_figures(page, server, new_session(server.data, "Campus Slepen"), "Inbrengen")
    held = page.evaluate_handle(
        """(files) => {
            const held = new DataTransfer();
            for (const [name, text] of files) held.items.add(new File([text], name, { type: "text/csv" }));
            return held;
          }""",
        [[path.name, path.read_text(encoding="utf-8")] for path in (files.classes, files.export, files.enrolment)],
    )
    page.locator(".sts-bring-files").dispatch_event("drop", {"dataTransfer": held})
    for role, path in (("export", files.export), ("enrolment", files.enrolment), ("classes", files.classes)):
        expect(page.locator(f"[data-role={role}]")).to_contain_text(path.name)
    page.get_by_role("button", name="Bestanden bekijken").click()
    expect(page.locator(".sts-preview-file")).to_have_count(3)


def test_a_server_that_dies_over_a_file_leaves_nothing_of_it(page, tmp_path: Path) -> None:
    own = RunningServer(tmp_path / "gegevens").start()
    try:
        session = new_session(own.data, "Campus Stroomuitval")
        files = write_school(tmp_path / "b", pupils=400)
        open_figures(page, own, session, "Inbrengen")
        look_at(page, files.export, enrolment=files.enrolment, classes=files.classes)
        button = page.get_by_role("button", name="Lezen en verslag maken")
        expect(button).to_be_enabled()
        button.click()
        own.stop(signal.SIGKILL)
        until(lambda: not [path for path in (own.data / "incoming").rglob("*") if path.is_file()])
        page.locator(".sts-saving[data-state='offline']").wait_for()
        assert list(own.data.rglob("*.parquet")) == []
        own.start()
        open_figures(page, own, session, "Inbrengen")
        read_files(page, files.export, enrolment=files.enrolment, classes=files.classes)
        keep_files(page)
    finally:
        own.stop()
