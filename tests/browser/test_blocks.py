"""The blocks of a section on the page: what a person does with them, and what the page writes, in a real browser."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import expect
from support.form_page import open_form, remote, sent, value

from stslib.model.blocks import (
    ActionsBlock,
    DirectoryBlock,
    Field,
    FieldKind,
    FieldsBlock,
    FocusBlock,
    Guideline,
    IndicatorBlock,
    Option,
    Partner,
    PartnerGroup,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import Frame, Instrument, Method, Phase, Question, Result, RoleGroup, Scale, Section
from stslib.model.source import Source

pytestmark = pytest.mark.browser

SOURCE = Source(document="proef", part="deel")
STRENGTHS = "proef.f1.beeld.sterktes"
MOMENTS = "proef.f1.beeld.momenten"
FOCUS = "proef.f2.kiezen.focus"
INDICATOR = "proef.f2.kiezen.indicator"
POSTER = "proef.f2.kiezen.affiche"
SCALE = "proef.f1.beeld.schaal"
LINE = "proef.f3.kaart.wegwijzer.steunpunt"
PARTNER = "proef.f3.kaart.wegwijzer.brugfiguur"
BOTH = "proef.f3.kaart.wegwijzer.gemeente"


def section(section_id: str, title: str, *blocks: Any, **more: Any) -> Section:
    return Section(id=section_id, title=title, blocks=blocks, source=SOURCE, **more)


def phase(number: int, name: str, *themes: Section, frame: Frame | None = None) -> Phase:
    return Phase(
        id=f"proef.f{number}",
        number=number,
        name=f"Fase {number}",
        title=name,
        intro="Waarover het gaat.",
        themes=themes,
        frame=frame or Frame(),
        source=SOURCE,
    )


def partner(partner_id: str, name: str, **more: Any) -> Partner:
    return Partner(id=partner_id, name=name, purpose="Waarvoor", reach="De school zelf", sources=(SOURCE,), **more)


LOOKING = section(
    "proef.f1.beeld",
    "Beeld",
    RowsBlock(
        id=STRENGTHS, title="Sterktes", add="Sterkte toevoegen", columns=(Field(id="tekst", label="Sterkte"),), source=SOURCE
    ),
    RowsBlock(
        id=MOMENTS,
        title="Momenten",
        add="Moment toevoegen",
        columns=(
            Field(id="dag", label="Dag", kind=FieldKind.DATE),
            Field(id="wat", label="Wat"),
            Field(id="soort", label="Soort", kind=FieldKind.CHOICE, options=(Option(id="kort", label="kort overleg"),)),
            Field(id="klaar", label="Klaar", kind=FieldKind.TICK),
        ),
        source=SOURCE,
    ),
    FieldsBlock(
        id="proef.f1.beeld.afspraken",
        title="Afspraken",
        fields=(
            Field(id="ritme", label="Ritme", kind=FieldKind.LINE),
            Field(id="dag", label="Vanaf", kind=FieldKind.DATE),
            Field(id="gedeeld", label="Gedeeld met het team", kind=FieldKind.TICK),
            Field(
                id="hoe",
                label="Hoe vaak",
                kind=FieldKind.CHOICE,
                options=(Option(id="week", label="elke week"), Option(id="maand", label="elke maand")),
            ),
        ),
        source=SOURCE,
    ),
    questions=(Question(id="proef.f1.beeld.vraag", text="Wat zien jullie?", source=SOURCE),),
    scales=(Scale(id=SCALE, label="Beeld", prompt="Hoe goed is jullie beeld?", source=SOURCE),),
)
CHOOSING = section(
    "proef.f2.kiezen",
    "Kiezen",
    FocusBlock(
        id=FOCUS,
        title="Onze focus",
        guidelines=(
            Guideline(id="klein", title="Klein", text="Begin klein."),
            Guideline(id="haalbaar", title="Haalbaar", text=""),
        ),
        agreement=(Field(id="wie", label="Wie ging akkoord?", kind=FieldKind.LINE),),
        source=SOURCE,
    ),
    IndicatorBlock(id=INDICATOR, title="Het cijfer van het plan", source=SOURCE),
    PosterBlock(
        id=POSTER,
        title="Affiche",
        fields=(Field(id="titel", label="Titel", kind=FieldKind.LINE), Field(id="trots", label="Hier zijn we trots op")),
        source=SOURCE,
    ),
    ActionsBlock(id="proef.f2.kiezen.acties", title="Acties", source=SOURCE),
)
MAP = section(
    "proef.f3.kaart",
    "Kaart",
    DirectoryBlock(
        id="proef.f3.kaart.wegwijzer",
        title="Wegwijzer",
        groups=(PartnerGroup(id="basis", title="Sterker in de basis"),),
        partners=(
            partner(LINE, "Steunpunt", group="basis", help_line=True),
            partner(PARTNER, "Brugfiguur", partner=True),
            partner(BOTH, "Gemeente", group="basis", help_line=True, partner=True),
        ),
        source=SOURCE,
    ),
)
FRAME = Frame(
    aims=("Samen kijken.",),
    conditions=("Een breed team.",),
    clb_role=(RoleGroup(title="Kritische vriend", lines=("Vraag door.",)),),
    methods=(Method(title="Rondje", text="Ieder een zin."),),
    results=(
        Result(id="proef.f1.gedeeld", text="Het beeld is gedeeld."),
        Result(id="proef.f1.gekend", text="De cijfers zijn gekend."),
    ),
    minutes=20,
)
INSTRUMENT = Instrument(
    id="proef",
    title="Proef",
    short="Proef",
    intro="Om te proberen.",
    version="1",
    phases=(phase(1, "Kijken", LOOKING, frame=FRAME), phase(2, "Kiezen", CHOOSING), phase(3, "Kaart", MAP)),
    source=SOURCE,
)
GROUPS = [
    {"dimension": "school", "dimension_label": "School", "value": "", "label": "Hele school"},
    {"dimension": "year", "dimension_label": "Leerjaar", "value": "3", "label": "3de jaar"},
    {"dimension": "grade", "dimension_label": "Graad", "value": "2", "label": "2de graad"},
]
CARD = {
    "id": "reach",
    "title": "Het gaat over 41 leerlingen.",
    "alt": "",
    "columns": ["groep", "leerlingen"],
    "rows": [["3de jaar", "41"]],
    "why": [],
    "policy": "room",
    "counted_on": "2027-01-12",
    "png": None,
}
SAVED = (1, "14:03")


def block(page: Any, title: str) -> Any:
    return page.get_by_role("region", name=title, exact=True)


def saved(page: Any) -> None:
    page.locator(".sts-saving[data-state='saved']").wait_for()


# -- rows ----------------------------------------------------------------------------------------------------------------------


def test_a_new_row_is_written_at_once_and_takes_the_cursor(page) -> None:
    open_form(page, INSTRUMENT)
    strengths = block(page, "Sterktes")
    expect(strengths.get_by_text("Hier staat nog niets.")).to_be_visible()
    strengths.get_by_role("button", name="Sterkte toevoegen").click()
    page.keyboard.type("Korte lijnen")
    expect(strengths.get_by_label("Sterkte, rij 1 van Sterktes")).to_have_value("Korte lijnen")
    expect(strengths.get_by_text("Hier staat nog niets.")).to_be_hidden()
    saved(page)
    edits = [edit for message in sent(page, "edits") for edit in message["edits"]]
    assert {(edit["field"]) for edit in edits} == {"tekst"}
    assert all(re.fullmatch(rf"{re.escape(STRENGTHS)}\.[0-9a-f]{{8}}", edit["item"]) for edit in edits)


def test_a_row_that_was_removed_can_be_put_back_where_it_stood(page) -> None:
    rows = {f"{STRENGTHS}.0000000{number}::tekst": [f"nummer {number}", *SAVED] for number in (1, 2, 3)}
    open_form(page, INSTRUMENT, values=rows)
    strengths = block(page, "Sterktes")
    strengths.get_by_role("button", name="Weghalen: rij 2 van Sterktes").click()
    expect(strengths.get_by_text("Weggehaald: nummer 2")).to_be_visible()
    expect(strengths.get_by_label("Sterkte, rij 2 van Sterktes")).to_have_value("nummer 3")
    back = strengths.get_by_role("button", name="Terugzetten: nummer 2")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(strengths.get_by_label("Sterkte, rij 2 van Sterktes")).to_have_value("nummer 2")
    expect(strengths.get_by_label("Sterkte, rij 2 van Sterktes")).to_be_focused()
    saved(page)
    assert value(page, f"{STRENGTHS}.00000002", "removed") is None


def test_a_row_that_was_removed_earlier_is_not_shown(page) -> None:
    item = f"{STRENGTHS}.00000001"
    open_form(page, INSTRUMENT, values={f"{item}::tekst": ["weg", *SAVED], f"{item}::removed": [True, *SAVED]})
    expect(block(page, "Sterktes").get_by_text("Hier staat nog niets.")).to_be_visible()


def test_rows_of_another_window_come_in_below_without_taking_the_cursor(page) -> None:
    open_form(page, INSTRUMENT, values={f"{STRENGTHS}.00000001::tekst": ["eigen", *SAVED]})
    own = block(page, "Sterktes").get_by_label("Sterkte, rij 1 van Sterktes")
    own.focus()
    remote(page, (f"{STRENGTHS}.00000002", "tekst", "van elders"))
    expect(block(page, "Sterktes").get_by_label("Sterkte, rij 2 van Sterktes")).to_have_value("van elders")
    expect(own).to_be_focused()
    remote(page, (f"{STRENGTHS}.00000002", "removed", True))
    expect(block(page, "Sterktes").get_by_text("Weggehaald: van elders")).to_be_visible()
    expect(own).to_be_focused()


def test_a_row_of_several_columns_takes_a_day_a_choice_and_a_tick(page) -> None:
    open_form(page, INSTRUMENT)
    moments = block(page, "Momenten")
    moments.get_by_role("button", name="Moment toevoegen").click()
    page.keyboard.type("15/01/2027")
    moments.get_by_label("Wat, rij 1 van Momenten").fill("Terugkijken")
    moments.get_by_label("Soort, rij 1 van Momenten").select_option(label="kort overleg")
    moments.get_by_label("Klaar, rij 1 van Momenten").check()
    saved(page)
    item = sent(page, "edits")[0]["edits"][0]["item"]
    assert {field: value(page, item, field) for field in ("dag", "wat", "soort", "klaar")} == {
        "dag": "15/01/2027",
        "wat": "Terugkijken",
        "soort": "kort",
        "klaar": True,
    }
    moments.get_by_label("Klaar, rij 1 van Momenten").uncheck()
    saved(page)
    assert value(page, item, "klaar") is None


# -- small forms ---------------------------------------------------------------------------------------------------------------


def test_a_text_that_is_no_day_is_kept_and_gently_pointed_at(page) -> None:
    open_form(page, INSTRUMENT)
    day = block(page, "Afspraken").get_by_label("Vanaf")
    day.fill("na de krokus")
    expect(block(page, "Afspraken").get_by_text("leest niet als een dag")).to_be_hidden()
    day.blur()
    expect(block(page, "Afspraken").get_by_text("leest niet als een dag")).to_be_visible()
    saved(page)
    assert value(page, "proef.f1.beeld.afspraken", "dag") == "na de krokus"
    day.fill("31/02/2027")
    day.blur()
    expect(block(page, "Afspraken").get_by_text("leest niet als een dag")).to_be_visible()
    day.fill("28/02/2027")
    expect(block(page, "Afspraken").get_by_text("leest niet als een dag")).to_be_hidden()


def test_a_choice_can_be_taken_back(page) -> None:
    open_form(page, INSTRUMENT)
    often = page.get_by_role("group", name="Hoe vaak")
    often.get_by_label("elke maand").check()
    saved(page)
    assert value(page, "proef.f1.beeld.afspraken", "hoe") == "maand"
    often.get_by_label("niet ingevuld").check()
    saved(page)
    assert value(page, "proef.f1.beeld.afspraken", "hoe") is None


def test_a_value_of_an_earlier_session_says_when_it_comes_from(page) -> None:
    open_form(page, INSTRUMENT, values={"proef.f1.beeld.afspraken::ritme": ["om de week", 0, "", "20/03/2025"]})
    rhythm = block(page, "Afspraken")
    expect(rhythm.get_by_text("van 20/03/2025")).to_be_visible()
    rhythm.get_by_label("Ritme").fill("elke week")
    expect(rhythm.get_by_text("bewaard 14:03")).to_be_visible()
    expect(rhythm.get_by_text("van 20/03/2025")).to_have_count(0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("bel naar 0470 12 34 56", "een telefoonnummer"),
        ("bel 011/22 33 44 voor acht uur", "een telefoonnummer"),
        ("bel +32 (0)2 555 12 12", "een telefoonnummer"),
        ("mail iemand@school.example.be even", "een e-mailadres"),
        ("het gaat over 85.07.30-033.28", "een rijksregisternummer"),
        ("85073003328", "een rijksregisternummer"),
        ("nummer 17 07 30 033 84", "een rijksregisternummer"),
    ],
)
def test_what_looks_like_somebody_is_pointed_at_and_saved_all_the_same(page, text: str, kind: str) -> None:
    open_form(page, INSTRUMENT)
    answer = page.get_by_label("Wat zien jullie?")
    answer.fill(text)
    warning = page.get_by_role("status").filter(
        has_text=f"Dit lijkt op {kind}. Laat namen en gegevens van leerlingen of gezinnen weg."
    )
    expect(warning).to_be_visible()
    saved(page)
    assert value(page, "proef.f1.beeld.vraag", "answer") == text
    answer.fill("De derdejaars.")
    expect(warning).to_have_count(0)


@pytest.mark.parametrize(
    "text",
    [
        "85.07.30-033.29",
        "12345678901",
        "85.33.30-033.28",
        "op 01/09/2026 14:00 en 02/10/2026 15:30",
        "2025-2026 en 2026-2027",
        "in 0,5 van 1.234.567 halve dagen",
        "code B, 10 halve dagen, 30 leerlingen @ school",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_other_numbers_and_days_raise_no_warning(page, text: str) -> None:
    open_form(page, INSTRUMENT)
    page.get_by_label("Wat zien jullie?").fill(text)
    saved(page)
    expect(page.get_by_text("Dit lijkt op")).to_have_count(0)


# -- the frame of a phase ------------------------------------------------------------------------------------------------------


def test_the_clock_tells_and_never_moves_anything(page) -> None:
    page.clock.install()
    open_form(page, INSTRUMENT)
    clock = page.get_by_role("timer")
    page.get_by_role("button", name="Start: richttijd").click()
    page.clock.fast_forward("12:00")
    expect(clock).to_have_text("12:00")
    page.get_by_role("navigation").get_by_role("button", name="Fase 2").click()
    page.clock.fast_forward("09:00")
    expect(page.get_by_role("heading", name="Fase 2")).to_be_visible()
    page.get_by_role("navigation").get_by_role("button", name="Fase 1").click()
    expect(clock).to_have_text(re.compile(r"^21:0\d$"))
    expect(page.get_by_role("status").filter(has_text="richttijd voorbij")).to_be_visible()
    page.clock.fast_forward("03:00:00")
    expect(page.get_by_role("heading", name="Fase 1")).to_be_visible()
    expect(page.get_by_label("Wat zien jullie?")).to_be_editable()
    assert clock.get_attribute("aria-live") == "off"
    assert sent(page, "edits") == []
    page.get_by_role("button", name="Pauze: richttijd").click()
    page.clock.fast_forward("10:00")
    expect(clock).to_have_text(re.compile(r"^201:0\d$"))  # the clock of the page runs on between two steps of the test
    page.get_by_role("button", name="Opnieuw: richttijd").click()
    expect(clock).to_have_text("00:00")
    expect(page.get_by_text("richttijd voorbij")).to_have_count(0)


def test_the_checklist_counts_and_holds_nobody_back(page) -> None:
    open_form(page, INSTRUMENT)
    results = block(page, "Resultaat (Fase 1)")
    expect(results.get_by_text("0 van 2 afgevinkt; verder gaan kan altijd.")).to_be_visible()
    results.get_by_label("Het beeld is gedeeld.").check()
    expect(results.get_by_text("1 van 2 afgevinkt")).to_be_visible()
    saved(page)
    assert value(page, "proef.f1.gedeeld", "done") is True
    page.get_by_role("button", name="Naar fase 2").click()
    expect(page.get_by_role("heading", name="Fase 2")).to_be_visible()


def test_the_note_stays_out_of_the_archive_until_it_is_ticked(page) -> None:
    open_form(page, INSTRUMENT)
    page.get_by_text("Eigen notitie van de begeleider (Fase 1)").click()
    page.get_by_label("Notitie (Fase 1)", exact=True).fill("Let op de stille collega.")
    expect(page.get_by_text("komt niet in het archief")).to_be_visible()
    box = page.get_by_label("Mee bewaren in het archief")
    expect(box).not_to_be_checked()
    saved(page)
    assert value(page, "proef.f1", "note_archived") is None
    box.check()
    expect(page.get_by_text("komt in het archief van deze sessie")).to_be_visible()
    saved(page)
    assert value(page, "proef.f1", "note_archived") is True


def test_the_note_is_out_of_sight_in_presentation_mode(page) -> None:
    open_form(page, INSTRUMENT, values={"proef.f1::note": ["Let op de stille collega.", *SAVED]})
    summary = page.get_by_text("Eigen notitie van de begeleider (Fase 1)")
    note = page.get_by_label("Notitie (Fase 1)", exact=True)
    expect(note).to_be_hidden()
    summary.click()
    expect(note).to_be_visible()
    page.evaluate("() => { document.documentElement.dataset.stsLarge = ''; }")
    expect(note).to_be_hidden()
    summary.click()
    expect(page.get_by_text("Verborgen in presentatiemodus.")).to_be_visible()
    expect(note).to_be_hidden()
    page.evaluate("() => { delete document.documentElement.dataset.stsLarge; }")
    expect(note).to_be_visible()


# -- focus ---------------------------------------------------------------------------------------------------------------------


def candidates(number: int) -> dict[str, list[Any]]:
    return {f"{FOCUS}.0000000{each}::group": [f"groep {each}", *SAVED] for each in range(1, number + 1)}


def test_one_candidate_is_chosen_and_the_others_are_not(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(3), step="fase-2")
    page.get_by_role("button", name="Dit is onze focus: kandidaat 1").click()
    page.get_by_role("button", name="Dit is onze focus: kandidaat 3").click()
    saved(page)
    assert [value(page, f"{FOCUS}.0000000{each}", "chosen") for each in (1, 2, 3)] == [None, None, True]
    chosen = page.get_by_role("region", name="Gekozen")
    expect(chosen.get_by_text("groep 3")).to_be_visible()
    expect(chosen.get_by_text("groep 1")).to_have_count(0)
    page.get_by_label("Ruimte voor impact (kandidaat 3)").fill("Het eerste lesuur")
    expect(chosen.get_by_text("Het eerste lesuur")).to_be_visible()
    page.get_by_role("button", name="Toch niet deze focus: kandidaat 3").click()
    expect(chosen.get_by_text("Nog niet gekozen.")).to_be_visible()


def test_two_windows_that_choose_differently_are_told_so(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(2), step="fase-2")
    page.get_by_role("button", name="Dit is onze focus: kandidaat 1").click()
    saved(page)
    remote(page, (f"{FOCUS}.00000002", "chosen", True))
    expect(page.get_by_text("Er zijn er nu 2 gekozen")).to_be_visible()


def test_weights_are_told_in_words_and_never_summed(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(1), step="fase-2")
    expect(page.get_by_text("Nog niet gewogen.")).to_be_visible()
    page.get_by_role("group", name="Klein (kandidaat 1)").get_by_label("ja", exact=True).check()
    expect(page.get_by_text("1 keer ja; nog 1 te wegen.")).to_be_visible()
    page.get_by_role("group", name="Haalbaar (kandidaat 1)").get_by_label("weten we niet").check()
    expect(page.get_by_text("1 keer ja, 1 keer weten we niet.")).to_be_visible()
    saved(page)
    assert value(page, f"{FOCUS}.00000001", "klein") == "yes"
    assert value(page, f"{FOCUS}.00000001", "haalbaar") == "unknown"


def test_a_group_brings_the_figure_beside_the_candidate(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(1), step="fase-2", groups=GROUPS)
    item = f"{FOCUS}.00000001"
    page.get_by_label("Groep (kandidaat 1)", exact=True).select_option(label="3de jaar")
    saved(page)
    assert [value(page, item, field) for field in ("dimension", "value")] == ["year", "3"]
    wanted = {"figure": "reach", "dimension": "year", "value": "3", "status": "all"}
    assert [(ask["item"], ask["definition"]) for ask in sent(page, "ask")] == [(item, wanted)]
    expect(page.get_by_text("Het cijfer wordt geteld…")).to_be_visible()
    page.evaluate("([item, card]) => model.set('asked', {[item]: card})", [item, CARD])
    expect(page.get_by_role("figure").filter(has_text="Het gaat over 41 leerlingen.")).to_be_visible()
    expect(page.get_by_text("Het cijfer wordt geteld…")).to_have_count(0)
    page.get_by_label("Welke afwezigheid (kandidaat 1)").select_option(label="te laat")
    saved(page)
    assert sent(page, "ask")[-1]["definition"]["status"] == "late"
    page.get_by_label("Groep (kandidaat 1)", exact=True).select_option(label="kies een groep")
    expect(page.get_by_role("figure").filter(has_text="41")).to_have_count(0)


def test_a_group_that_these_figures_do_not_know_stays_chosen(page) -> None:
    item = f"{FOCUS}.00000001"
    values = {**candidates(1), f"{item}::dimension": ["class", *SAVED], f"{item}::value": ["3B", *SAVED]}
    open_form(page, INSTRUMENT, values=values, step="fase-2", groups=GROUPS)
    expect(page.get_by_label("Groep (kandidaat 1)", exact=True).locator("option:checked")).to_have_text(
        "3B (niet in deze cijfers)"
    )


def test_the_whole_school_is_a_group_of_a_candidate_and_the_start_of_an_indicator(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(1), step="fase-2", groups=GROUPS)
    page.get_by_label("Groep (kandidaat 1)", exact=True).select_option(label="Hele school")
    saved(page)
    wanted = {"figure": "reach", "dimension": "school", "value": "", "status": "all"}
    assert [ask["definition"] for ask in sent(page, "ask")] == [wanted]
    options = page.get_by_label("Van welke groep?").locator("option").all_inner_texts()
    assert options == ["de hele school", "3de jaar", "2de graad"]


def test_without_figures_the_page_says_what_to_do(page) -> None:
    open_form(page, INSTRUMENT, values=candidates(1), step="fase-2")
    expect(page.get_by_text("Hier komen cijfers van jullie eigen school").first).to_be_visible()
    assert sent(page, "ask") == []


def test_the_indicator_is_asked_for_once_measure_and_day_are_known(page) -> None:
    open_form(page, INSTRUMENT, step="fase-2", groups=GROUPS)
    indicator = block(page, "Het cijfer van het plan")
    indicator.get_by_label("ongewettigde afwezigheid", exact=True).check()
    indicator.get_by_label("Sinds welke dag").fill("in oktober")
    saved(page)
    assert sent(page, "ask") == []
    indicator.get_by_label("Sinds welke dag").fill("05/10/2026")
    saved(page)
    assert sent(page, "ask")[-1] == {
        "kind": "ask",
        "item": INDICATOR,
        "definition": {"figure": "since", "measure": "rate_unlawful", "dimension": "", "value": "", "start": "05/10/2026"},
    }


# -- poster --------------------------------------------------------------------------------------------------------------------

TRAJECTORY = {
    f"{FOCUS}.00000001::group": ["De derdejaars op maandag", *SAVED],
    f"{FOCUS}.00000001::chosen": [True, *SAVED],
    "actie.00000001::what": ["Ontbijt op maandag", *SAVED],
    "actie.00000001::state": ["done", *SAVED],
    "actie.00000002::what": ["Nog niet gedaan", *SAVED],
    "actie.00000002::state": ["running", *SAVED],
    f"{SCALE}::score": [6, *SAVED],
}


def test_the_poster_shows_focus_done_actions_scores_and_own_words(page) -> None:
    earlier = [
        {"label": "03/11/2025", "scores": {SCALE: 4}, "answers": {}},
        {"label": "09/03/2026", "scores": {SCALE: "unknown"}, "answers": {}},
    ]
    open_form(page, INSTRUMENT, values=TRAJECTORY, step="fase-2", about={"earlier": earlier})
    poster = page.get_by_role("figure").filter(has_text="Zo komt de affiche eruit te zien")
    for text in ("Campus Proef", "De derdejaars op maandag", "Ontbijt op maandag", "van 4 naar 6"):
        expect(poster.get_by_text(text).first).to_be_visible()
    expect(poster.get_by_text("Nog niet gedaan")).to_have_count(0)
    block(page, "Affiche").get_by_label("Titel").fill("Samen op tijd")
    expect(poster.get_by_text("Samen op tijd")).to_be_visible()


def test_a_text_too_long_for_one_sheet_is_told(page) -> None:
    open_form(page, INSTRUMENT, step="fase-2")
    block(page, "Affiche").get_by_label("Hier zijn we trots op").fill("Te lang. " * 3000)
    expect(page.get_by_text("past niet op één blad")).to_be_visible()


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("A3", (842, 1191))])
def test_the_poster_prints_alone_on_one_page(page, paper: str, size: tuple[int, int]) -> None:
    page.add_init_script("window.print = () => {}")
    open_form(page, INSTRUMENT, values=TRAJECTORY, step="fase-2")
    block(page, "Affiche").get_by_label("Papier").select_option(label=paper)
    page.get_by_role("button", name="Affiche afdrukken").click()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box is not None
    assert (round(float(box[1])), round(float(box[2]))) == size
    page.keyboard.press("Escape")
    assert page.locator(".sts-print-place").count() == 0


# -- directory -----------------------------------------------------------------------------------------------------------------


def records(page: Any) -> list[str]:
    found: list[str] = page.get_by_role("heading", level=6).all_inner_texts()
    return found


def test_one_list_is_seen_in_three_ways(page) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    assert records(page) == ["Steunpunt", "Gemeente"]
    page.get_by_label("Telefoon (Gemeente)").fill("011 22 33 44")
    page.get_by_label("Partners", exact=True).check()
    assert records(page) == ["Brugfiguur", "Gemeente"]
    expect(page.get_by_label("Telefoon (Gemeente)")).to_have_value("011 22 33 44")
    page.get_by_label("Alles", exact=True).check()
    assert records(page) == ["Steunpunt", "Gemeente", "Brugfiguur"]


def test_what_is_missing_is_counted_and_can_be_shown_alone(page) -> None:
    values = {
        f"{LINE}::service": ["Steunpunt Zuid", *SAVED],
        f"{LINE}::phone": ["011 22 33 44", *SAVED],
        f"{BOTH}::service": ["Huis", *SAVED],
    }
    open_form(page, INSTRUMENT, values=values, step="fase-3")
    page.get_by_label("Alles", exact=True).check()
    expect(page.get_by_text("1 van 3 aangevuld, nog 2 aan te vullen.")).to_be_visible()
    page.get_by_role("button", name="Nog aan te vullen: 2").click()
    assert records(page) == ["Gemeente", "Brugfiguur"]
    page.get_by_label("E-mail (Gemeente)").fill("onderwijs@gemeente.example")
    expect(page.get_by_text("2 van 3 aangevuld, nog 1 aan te vullen.")).to_be_visible()
    assert records(page) == ["Gemeente", "Brugfiguur"], "what is being filled in does not run away"
    page.get_by_role("button", name="Toon weer alles").click()
    expect(page.get_by_role("button", name="Nog aan te vullen: 1")).to_be_visible()
    assert len(records(page)) == 3


def test_contacts_raise_no_warning_and_working_together_is_three_valued(page) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    page.get_by_label("Telefoon (Steunpunt)").fill("011 22 33 44")
    page.get_by_label("E-mail (Steunpunt)").fill("hulp@steunpunt.example.be")
    together = page.get_by_role("group", name="We werken al samen (Steunpunt)")
    together.get_by_label("nee").check()
    saved(page)
    expect(page.get_by_text("Dit lijkt op")).to_have_count(0)
    assert value(page, LINE, "together") is False
    together.get_by_label("niet ingevuld").check()
    saved(page)
    assert value(page, LINE, "together") is None


def test_the_sheet_for_the_wall_prints_on_one_page(page) -> None:
    page.add_init_script("window.print = () => {}")
    open_form(page, INSTRUMENT, values={f"{LINE}::phone": ["011 22 33 44", *SAVED]}, step="fase-3")
    page.get_by_role("button", name="Blad voor de lerarenkamer afdrukken").click()
    expect(page.locator(".sts-print-place")).to_contain_text("011 22 33 44")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_the_directory_leaves_as_a_file(page, format_name: str) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    page.get_by_role("button", name=f"Bewaren als {format_name.upper()}").click()
    assert sent(page, "export") == [{"kind": "export", "what": "directory", "format": format_name}]
    content = base64.b64encode(b"naam;dienst\r\n").decode()
    with page.expect_download() as download:
        page.evaluate(
            "(message) => model.receive(message)",
            {"kind": "file", "name": f"wegwijzer.{format_name}", "type": "text/csv", "content": content},
        )
    assert download.value.suggested_filename == f"wegwijzer.{format_name}"
    assert download.value.path().read_bytes() == b"naam;dienst\r\n"


def test_a_file_that_nobody_asked_for_here_is_left_alone(page) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    page.evaluate(
        "(message) => model.receive(message)", {"kind": "file", "name": "a.ics", "type": "text/calendar", "content": ""}
    )
    expect(page.get_by_text("a.ics")).to_have_count(0)


def test_the_directory_comes_in_from_a_file(page) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    chooser = page.get_by_label("Een ingevuld bestand inlezen")
    chooser.set_input_files({"name": "<b>kaart</b>.csv", "mimeType": "text/csv", "buffer": b"id;dienst\r\n"})
    page.wait_for_function("() => model.sent.some((message) => message.kind === 'import')")
    (message,) = sent(page, "import")
    assert (message["what"], message["name"]) == ("directory", "<b>kaart</b>.csv")
    assert base64.b64decode(message["content"]) == b"id;dienst\r\n"
    page.evaluate(
        "(message) => model.receive(message)",
        {"kind": "imported", "changed": 1, "findings": [{"text": "Rij 3: <i>onbekende</i> dienst.", "level": "warning"}]},
    )
    expect(page.get_by_text("1 veld is overgenomen.")).to_be_visible()
    expect(page.get_by_text("Rij 3: <i>onbekende</i> dienst.")).to_be_visible()
    remote(page, (LINE, "service", "Steunpunt Zuid"))
    expect(page.get_by_label("Dienst (Steunpunt)")).to_have_value("Steunpunt Zuid")
    page.evaluate("(message) => model.receive(message)", {"kind": "import-refused", "text": "Dit is geen wegwijzer."})
    expect(page.get_by_text("Dit is geen wegwijzer.")).to_be_visible()


def test_an_empty_file_is_refused_before_it_is_sent(page) -> None:
    open_form(page, INSTRUMENT, step="fase-3")
    page.get_by_label("Een ingevuld bestand inlezen").set_input_files(
        {"name": "leeg.csv", "mimeType": "text/csv", "buffer": b""}
    )
    expect(page.get_by_text("leeg.csv is leeg.")).to_be_visible()
    assert sent(page, "import") == []


# -- every text field ----------------------------------------------------------------------------------------------------------

LONG = (
    "Lange tekst 👩‍🏫 مرحبا \u202eomgekeerd\u202c <img src=x onerror=window.pwned=1> <script>window.pwned=1</script> &amp; "
    * 200
)[:21_000]


@pytest.mark.parametrize("step", ["fase-1", "fase-2", "fase-3"])
def test_every_text_field_takes_long_text_and_keeps_it_as_text(page, step: str) -> None:
    assert len(LONG) > 20_000
    values = {
        **candidates(1),
        f"{STRENGTHS}.00000001::tekst": ["", *SAVED],
        f"{MOMENTS}.00000001::dag": ["", *SAVED],
        f"{FOCUS}.00000001::chosen": [True, *SAVED],
    }
    open_form(page, INSTRUMENT, values=values, step=step)
    for summary in page.get_by_text("Eigen notitie").all():
        if summary.is_visible():
            summary.click()
    fields = page.locator("textarea:visible, input[type=text]:visible")
    count = fields.count()
    assert count >= {"fase-1": 8, "fase-2": 8, "fase-3": 10}[step]
    for index in range(count):
        field = fields.nth(index)
        field.fill(LONG)
        assert field.input_value() == LONG
        assert field.get_attribute("dir") == "auto"
    saved(page)
    latest = {(edit["item"], edit["field"]): edit["value"] for message in sent(page, "edits") for edit in message["edits"]}
    assert len(latest) >= count
    assert set(latest.values()) == {LONG}
    assert page.evaluate("() => window.pwned") is None
    assert page.locator("#form script, #form img").count() == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("step", ["fase-1", "fase-2", "fase-3"])
def test_no_serious_finding_of_axe_and_no_sideways_scrolling(page, width: int, step: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.set_viewport_size({"width": width, "height": 800})
    values = {
        **TRAJECTORY,
        **candidates(2),
        f"{MOMENTS}.00000001::dag": ["morgen", *SAVED],
        f"{STRENGTHS}.00000001::tekst": ["0470 12 34 56", *SAVED],
    }
    open_form(page, INSTRUMENT, values=values, step=step, groups=GROUPS)
    for scheme in ("light", "dark"):
        page.evaluate("(scheme) => { document.documentElement.dataset.stsScheme = scheme; }", scheme)
        found = axe.Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
