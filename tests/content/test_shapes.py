"""Everything that an instrument may hold, in one small instrument, and what it becomes in the model."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from stslib import content
from stslib.errors import ContentError
from stslib.model.blocks import (
    ActionsBlock,
    DirectoryBlock,
    FieldKind,
    FieldsBlock,
    FocusBlock,
    IndicatorBlock,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import Instrument, Layout

MakeContent = Callable[..., pathlib.Path]

HEAD, FIRST, SECOND = "rijk/instrument.yaml", "rijk/vooraf.yaml", "rijk/kern.yaml"


@pytest.fixture
def rich(make_rich: MakeContent) -> Instrument:
    return content.load_instrument("rijk", make_rich())


def test_the_head_of_an_instrument_says_how_it_is_laid_out_and_what_its_scales_measure(rich: Instrument) -> None:
    assert (rich.short, rich.layout) == ("Rijk", Layout.PAGE)
    assert rich.aspects == {"last": "Hoe zwaar dit weegt", "steun": "Hoeveel steun er is"}
    assert rich.kinds == {}
    assert [(question.id, question.text) for question in rich.retired] == [
        ("rijk.kern.gesprek.oude-vraag", "Wat vroegen we vroeger?")
    ]
    assert rich.edition == "rijk@2026-11"


def test_the_frame_of_a_phase_is_read_and_its_results_have_ids(rich: Instrument) -> None:
    first, second = rich.phases
    assert (first.name, first.number, second.name) == ("Vooraf", 0, "De kern")
    frame = first.frame
    assert frame.aims == ("Elkaar vinden.", "Tijd maken.")
    assert [(group.title, group.lines) for group in frame.clb_role] == [
        ("Luister", ("Vraag door.", "Laat stiltes.")),
        ("Bewaak de tijd", ()),
    ]
    assert frame.conditions == ("Er is een uur.",)
    assert [(method.title, method.text) for method in frame.methods] == [("Stilte", "Tel tot tien.")]
    assert [(line.id, line.text) for line in frame.results] == [("rijk.vooraf.afspraak", "We weten wie erbij is.")]
    assert frame.minutes == 20
    assert second.frame.minutes is None


def test_a_phase_may_have_sections_of_its_own_and_objectives(rich: Instrument) -> None:
    first, _ = rich.phases
    assert first.objectives == ()
    assert [section.id for section in first.themes] == ["rijk.vooraf.start"]


def test_a_section_without_questions_or_scale_has_blocks(rich: Instrument) -> None:
    start = rich.phases[0].themes[0]
    assert (start.questions, start.scales, start.background) == ((), (), "")
    rows, fields = start.blocks
    assert isinstance(rows, RowsBlock)
    assert (rows.id, rows.add, rows.carried) == ("rijk.vooraf.start.paren", "Nog een paar", False)
    assert [(column.id, column.kind) for column in rows.columns] == [("zorg", FieldKind.TEXT), ("dag", FieldKind.DATE)]
    assert isinstance(fields, FieldsBlock)
    assert fields.carried
    choice = fields.fields[0]
    assert (choice.kind, choice.hint) == (FieldKind.CHOICE, "Kies wat nu klopt.")
    assert [(option.id, option.label) for option in choice.options] == [("onder", "Eronder"), ("binnen", "Erbinnen")]


def test_questions_keep_their_method_and_whether_they_are_our_own(rich: Instrument) -> None:
    own, other = rich.questions()
    assert (own.method, own.own) == ("Stel dat", True)
    assert (other.method, other.own) == ("", False)


def test_the_scales_of_a_section_are_told_apart_by_aspect(rich: Instrument) -> None:
    assert [(scale.id, scale.aspect, scale.label) for scale in rich.scales()] == [
        ("rijk.kern.gesprek.schaal-last", "last", "Thuis"),
        ("rijk.kern.gesprek.schaal-steun", "steun", "Thuis"),
    ]


def test_every_other_kind_of_block_is_read(rich: Instrument) -> None:
    focus, plan, follow_up, indicator, poster, directory = list(rich.blocks())[2:]
    assert isinstance(focus, FocusBlock)
    assert [line.id for line in focus.guidelines] == ["klein"]
    assert [field.id for field in focus.agreement] == ["wie"]
    assert isinstance(plan, ActionsBlock)
    assert isinstance(follow_up, ActionsBlock)
    assert (plan.view, follow_up.view) == ("plan", "follow-up")
    assert isinstance(indicator, IndicatorBlock)
    assert isinstance(poster, PosterBlock)
    assert [field.kind for field in poster.fields] == [FieldKind.LINE, FieldKind.TICK]
    assert isinstance(directory, DirectoryBlock)
    assert [(group.id, group.title) for group in directory.groups] == [("basis", "Basis")]
    both, only = directory.partners
    assert (both.id, both.group, both.help_line, both.partner, both.through_clb) == (
        "rijk.kern.wie.wijzer.clb",
        "basis",
        True,
        True,
        True,
    )
    assert (only.group, only.help_line, only.partner, only.through_clb) == ("", False, True, False)
    assert [(source.document, source.part) for source in both.sources] == [("Een plan", "Lijst 1"), ("Een plan", "Lijst 2")]


SLIPS = {
    "an unknown kind of block": (
        FIRST,
        "soort: rijen",
        "soort: rij",
        "regel 22: 'rij' is geen gekende waarde bij 'soort'. Bedoelde je 'rijen'? Kies uit: rijen, velden, focus, acties,",
    ),
    "a block without a kind": (FIRST, "            soort: rijen\n", "", "regel 20: De sleutel 'soort' ontbreekt."),
    "a key of another kind of block": (
        FIRST,
        "            knop: Nog een paar",
        "            knop: Nog een paar\n            velden: []",
        "regel 24: Onbekende sleutel 'velden'. Kies uit: id, titel, inleiding, bron, soort, knop, kolommen, loopt_door.",
    ),
    "a key of a column with a slip": (
        FIRST,
        "{id: zorg, naam: Zorg}",
        "{id: zorg, naam: Zorg, uitlegg: x}",
        "Onbekende sleutel 'uitlegg'. Bedoelde je 'uitleg'? Kies uit: id, naam, uitleg, soort, keuzes.",
    ),
    "a block that is text": (
        SECOND,
        "          - id: wijzer",
        "          - tekst\n          - id: wijzer",
        "hier hoort een groep",
    ),
    "a field that the journal keeps for itself": (
        FIRST,
        "{id: zorg, naam: Zorg}",
        "{id: removed, naam: Zorg}",
        "De id 'removed' kan hier niet: het programma gebruikt ze zelf.",
    ),
    "a guideline named as a field of a candidate": (
        SECOND,
        "{id: klein, titel",
        "{id: chosen, titel",
        "De id 'chosen' kan hier niet",
    ),
    "a column twice": (
        FIRST,
        "{id: dag, naam: Dag",
        "{id: zorg, naam: Dag",
        "De id 'zorg' (veld) staat hier een tweede keer (eerst op regel 25).",
    ),
    "a choice without options": (
        FIRST,
        "                keuzes:\n                  - {id: onder, naam: Eronder}\n"
        "                  - {id: binnen, naam: Erbinnen}\n",
        "",
        "Dit veld is een keuze zonder keuzes.",
    ),
    "an option twice": (FIRST, "{id: binnen,", "{id: onder,", "De id 'onder' (keuze) staat hier een tweede keer"),
    "options on another kind of field": (
        FIRST,
        "                soort: keuze\n",
        "",
        "Dit veld heeft keuzes, maar is van soort 'tekst'. Schrijf 'soort: keuze'",
    ),
    "an unknown kind of field": (FIRST, "soort: keuze", "soort: keus", "'keus' is geen gekende waarde bij 'soort'."),
    "a block called as another": (FIRST, "id: venster", "id: paren", "De id 'paren' (blok) bestaat al: blok in"),
    "a block called as a question": (SECOND, "id: kiezen", "id: begin", "De id 'begin' (blok) bestaat al: vraag in"),
    "a result called as a section": (
        FIRST,
        "{id: afspraak,",
        "{id: start,",
        "De id 'start' (onderdeel) bestaat al: resultaat in content/rijk/vooraf.yaml",
    ),
    "a partner twice": (SECOND, "id: huisarts", "id: clb", "De id 'clb' (partner) bestaat al: partner in"),
    "a partner in a group that is none": (
        SECOND,
        "groep: basis",
        "groep: basiss",
        "De groep 'basiss' bestaat niet. Bedoelde je 'basis'? Kies uit: basis.",
    ),
    "a help line in no group": (SECOND, "                groep: basis\n", "", "De hulplijn 'CLB' staat in geen groep."),
    "a group on who is no help line": (
        SECOND,
        "bereik: De ouders",
        "bereik: De ouders\n                groep: basis",
        "'Huisarts' staat in een groep, maar is geen hulplijn.",
    ),
    "a partner that nobody would see": (
        SECOND,
        "                partner: ja\n                bronnen: [{document: plan, onderdeel: Lijst 3}]",
        "                bronnen: [{document: plan, onderdeel: Lijst 3}]",
        "'Huisarts' is geen hulplijn en geen partner, dus niemand krijgt hem te zien.",
    ),
    "an unknown document of a partner": (
        SECOND,
        "{document: plan, onderdeel: Lijst 3}",
        "{document: plam, onderdeel: Lijst 3}",
        "Onbekend document 'plam' in de bron. Bedoelde je 'plan'?",
    ),
    "an aspect that is none": (
        SECOND,
        "aspect: steun",
        "aspect: stuen",
        "Het aspect 'stuen' staat niet bij 'aspecten' in content/rijk/instrument.yaml. Bedoelde je 'steun'?",
    ),
    "two scales of one aspect": (
        SECOND,
        "aspect: steun",
        "aspect: last",
        "Er is in dit onderdeel al een schaal voor het aspect 'last'.",
    ),
    "one scale beside several": (
        SECOND,
        "        schalen:",
        "        schaal: {naam: X, vraag: Y, bron: {document: plan, onderdeel: Z}}\n        schalen:",
        "Dit onderdeel heeft 'schaal' en 'schalen'.",
    ),
    "a scale that is left empty": (
        SECOND,
        "        vragen:",
        "        schaal:\n        vragen:",
        "De waarde bij 'schaal' is leeg.",
    ),
    "minutes that are left empty": (FIRST, "minuten: 20", "minuten:", "De waarde bij 'minuten' is leeg."),
    "minutes of a day": (FIRST, "minuten: 20", "minuten: 1440", "Schrijf een getal van hoogstens 600."),
    "a hint that is left empty": (FIRST, "uitleg: Kies wat nu klopt.", "uitleg:", "De waarde bij 'uitleg' is leeg."),
    "two blocks of focus": (
        SECOND,
        "          - id: plannen\n            titel: Plannen\n            soort: acties",
        "          - id: plannen\n            titel: Plannen\n            soort: focus\n"
        "            richtlijnen: [{id: a, titel: A, tekst: A}]\n            akkoord: [{id: wie, naam: Wie}]",
        "Er is al een blok van soort 'focus': content/rijk/kern.yaml, regel",
    ),
    "a retired id that is alive": (
        HEAD,
        "id: kern.gesprek.oude-vraag",
        "id: kern.gesprek.begin",
        "De id 'kern.gesprek.begin' is vervallen, maar bestaat nog: vraag in content/rijk/kern.yaml, regel",
    ),
    "a retired id of one word": (
        HEAD,
        "id: kern.gesprek.oude-vraag",
        "id: oude-vraag",
        "'oude-vraag' bij 'id' is geen goede id. Schrijf de oude id zonder de naam van het instrument",
    ),
    "a retired id twice": (
        HEAD,
        "vervallen:\n",
        "vervallen:\n  - {id: kern.gesprek.oude-vraag, vraag: X?, bron: {document: plan, onderdeel: Y}}\n",
        "De id 'kern.gesprek.oude-vraag' staat al bij 'vervallen'.",
    ),
    "a name of an aspect that is left empty": (HEAD, "  last: Hoe zwaar dit weegt", "  last:", "De waarde bij 'last' is leeg."),
    "an aspect with capitals": (HEAD, "  last:", "  Last:", "is geen goede id"),
    "an unknown layout": (HEAD, "weergave: blad", "weergave: bladen", "Bedoelde je 'blad'? Kies uit: stappen, blad."),
    "a phase without a name": (FIRST, "naam: Vooraf\n", "", "De sleutel 'naam' ontbreekt."),
    "an instrument without a short name": (HEAD, "kort: Rijk\n", "", "De sleutel 'kort' ontbreekt."),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_the_richer_shapes_is_named(make_rich: MakeContent, file: str, old: str, new: str, message: str) -> None:
    folder = make_rich(file, old, new)
    found = [str(finding) for finding in content.check_content(folder).findings]
    assert any(message in text for text in found), found
    assert all(text.startswith("content/") for text in found)
    with pytest.raises(ContentError):
        content.load_instrument("rijk", folder)


def test_a_section_with_nothing_in_it_is_found(make_rich: MakeContent) -> None:
    folder = make_rich()
    path = folder / "rijk" / "vooraf.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("        blokken:")], "utf-8")
    (finding,) = content.check_content(folder).findings
    assert str(finding) == (
        "content/rijk/vooraf.yaml, regel 16: Dit onderdeel heeft geen inhoud. "
        "Voeg minstens één van deze sleutels toe: vragen, schaal, schalen, blokken."
    )


def test_a_phase_with_nothing_in_it_is_found(make_rich: MakeContent) -> None:
    folder = make_rich()
    path = folder / "rijk" / "vooraf.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("onderdelen:")], "utf-8")
    (finding,) = content.check_content(folder).findings
    assert "Deze fase heeft geen inhoud." in str(finding)


def test_an_eighth_scale_in_a_phase_is_found(make_content: MakeContent) -> None:
    folder = make_content()
    path = folder / "proef" / "fase0.yaml"
    text = path.read_text("utf-8")
    section = text[text.index("      - id: binding") :]
    for number in range(2, 9):
        text += section.replace("id: binding", f"id: binding{number}").replace("naam: Verbinding", f"naam: Verbinding {number}")
    path.write_text(text, "utf-8")
    (finding,) = content.check_content(folder).findings
    assert "Dit is de 8e schaal in deze fase; op een spinnenweb passen er 7." in finding.fact


def test_objectives_need_a_title_for_each_kind_of_absence(make_content: MakeContent) -> None:
    folder = make_content()
    path = folder / "proef" / "instrument.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("soorten:")] + text[text.index("fasen:") :], "utf-8")
    (finding,) = content.check_content(folder).findings
    assert "Er zijn doelstellingen, maar de sleutel 'soorten' ontbreekt." in finding.fact
