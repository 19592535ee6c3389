"""Each slip in a YAML file beside the message it produces: where, which value, what to do."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from stslib import content
from stslib.errors import ContentError

MakeContent = Callable[..., pathlib.Path]

HEAD = "proef/instrument.yaml"
PHASE = "proef/fase0.yaml"

CASES = {
    # a key
    "a key with a slip": (
        PHASE,
        "    titel: Een goed klimaat",
        "    tittel: Een goed klimaat",
        "content/proef/fase0.yaml, regel 9: Onbekende sleutel 'tittel'. Bedoelde je 'titel'?",
    ),
    "and the key it stood for": (
        PHASE,
        "    titel: Een goed klimaat",
        "    tittel: Een goed klimaat",
        "regel 8: De sleutel 'titel' ontbreekt. Voeg een regel 'titel: …' toe.",
    ),
    "a key that belongs nowhere": (
        PHASE,
        "nummer: 0",
        "nummer: 0\nkleur: blauw",
        "regel 3: Onbekende sleutel 'kleur'. Kies uit: id, nummer, naam, titel, inleiding, bron, minuten, doel, rol_clb,",
    ),
    "a key twice": (
        PHASE,
        "titel: Eerste fase",
        "titel: Eerste fase\ntitel: Nog eens",
        "regel 5: De sleutel 'titel' staat hier een tweede keer (eerst op regel 4).",
    ),
    "a list as a key": (PHASE, "nummer: 0", "nummer: 0\n[a, b]: c", "regel 3: Een sleutel is één woord."),
    # missing and empty
    "a question without source": (
        PHASE,
        "            bron: {document: plan, onderdeel: Vraag 1}\n",
        "",
        "De sleutel 'bron' ontbreekt.",
    ),
    "a source without part": (
        PHASE,
        "{document: plan, onderdeel: Vraag 2}",
        "{document: plan}",
        "regel 26: De sleutel 'onderdeel' ontbreekt.",
    ),
    "an empty text": (
        PHASE,
        "vraag: Wat doen jullie in de pauze?",
        "vraag:",
        "regel 22: De waarde bij 'vraag' is leeg. Vul ze in",
    ),
    "a text of blanks": (PHASE, "achtergrond: Binding helpt.", 'achtergrond: "  "', "De waarde bij 'achtergrond' is leeg."),
    "an empty list of figures": (PHASE, "cijfers: [rate_by_code]", "cijfers: []", "De lijst bij 'cijfers' is leeg."),
    "a list key with nothing behind it": (PHASE, "advies: [Begin klein.]", "advies:", "De waarde bij 'advies' is leeg."),
    # unknown words
    "an unknown kind": (
        PHASE,
        "soort: algemeen",
        "soort: algemen",
        "regel 10: 'algemen' is geen gekende waarde bij 'soort'. Bedoelde je 'algemeen'? Kies uit: algemeen, ongeoorloofd,",
    ),
    "an unknown level": (
        PHASE,
        "niveaus: [kleuter]",
        "niveaus: [kleuters]",
        "regel 15: 'kleuters' is geen gekende waarde bij 'niveaus'. Bedoelde je 'kleuter'?",
    ),
    "an unknown province": (
        PHASE,
        "provincies: [limburg]",
        "provincies: [Limburg]",
        "'Limburg' is geen gekende waarde bij 'provincies'. Bedoelde je 'limburg'?",
    ),
    "an unknown figure": (
        PHASE,
        "cijfers: [rate_by_code]",
        "cijfers: [rate_by_codes]",
        "regel 18: 'rate_by_codes' is geen gekende waarde bij 'cijfers'. Bedoelde je 'rate_by_code'?",
    ),
    "an unknown document": (
        PHASE,
        "{document: plan, onderdeel: Vraag 1}",
        "{document: plann, onderdeel: Vraag 1}",
        "regel 23: Onbekend document 'plann' in de bron. Bedoelde je 'plan'? Kies uit: plan. De lijst staat in bronnen.yaml.",
    ),
    # shapes
    "an id with capitals": (
        PHASE,
        "id: pauzes",
        "id: Pauzes",
        "regel 21: 'Pauzes' bij 'id' is geen goede id. Gebruik kleine letters",
    ),
    "a label that is too long": (
        PHASE,
        "naam: Verbinding",
        "naam: Verbinding met alle leerlingen",
        "regel 28: 'Verbinding met alle leerlingen' telt 30 tekens; bij 'naam' passen er 24. Maak het korter.",
    ),
    "a number in words": (PHASE, "nummer: 0", "nummer: nul", "regel 2: 'nul' bij 'nummer' is geen geheel getal."),
    "a number below what can be": (
        PHASE,
        "nummer: 0",
        "nummer: -1",
        "'-1' bij 'nummer' valt buiten wat kan. Schrijf een getal van minstens 0.",
    ),
    "text where a list belongs": (
        PHASE,
        "cijfers: [rate_by_code]",
        "cijfers: rate_by_code",
        "Er staat bij 'cijfers' tekst ('rate_by_code'); hier hoort een lijst",
    ),
    "text where a group belongs": (PHASE, "bron: {document: plan, onderdeel: Fase 0}", "bron: plan", "hier hoort een groep"),
    "a list where text belongs": (
        PHASE,
        "titel: Eerste fase",
        "titel: [Eerste, fase]",
        "Er staat bij 'titel' een lijst; hier hoort gewone tekst.",
    ),
    "a group where text belongs": (
        PHASE,
        "advies: [Begin klein.]",
        "advies:\n          - Kijk: hoe gaat het?",
        'Staat er een dubbelpunt in de zin? Zet de zin dan tussen "aanhalingstekens".',
    ),
    "a file that is one text": (
        "codes.yaml",
        None,
        "zomaar wat tekst",
        "Er staat bovenaan tekst ('zomaar wat tekst'); hier hoort een groep",
    ),
    # doubles
    "a question id twice": (
        PHASE,
        "id: pesten",
        "id: pauzes",
        "regel 24: De id 'pauzes' (vraag) bestaat al: vraag in content/proef/fase0.yaml, regel 21.",
    ),
    "a question called as the scale": (PHASE, "id: pesten", "id: schaal", "De id 'schaal' (vraag) bestaat al: schaal in"),
    "a section called as its objective": (
        PHASE,
        "id: binding",
        "id: klimaat",
        "regel 13: De id 'klimaat' (onderdeel) bestaat al: doelstelling in content/proef/fase0.yaml, regel 8.",
    ),
    # the instrument's own file
    "an id that is not the folder": (
        HEAD,
        "id: proef",
        "id: prof",
        "regel 1: De id 'prof' is niet de naam van de map. Schrijf hier 'proef'",
    ),
    "a phase file that does not exist": (
        HEAD,
        "[fase0.yaml]",
        "[fase0.yaml, fase1.yaml]",
        "content/proef/fase1.yaml: Dit bestand bestaat niet.",
    ),
    "a phase file named twice": (
        HEAD,
        "[fase0.yaml]",
        "[fase0.yaml, fase0.yaml]",
        "Het bestand 'fase0.yaml' staat er twee keer.",
    ),
    "a phase file outside the folder": (
        HEAD,
        "[fase0.yaml]",
        "[../codes.yaml]",
        "'../codes.yaml' bij 'fasen' is geen goede bestandsnaam.",
    ),
    "a phase file that nobody lists": (
        HEAD,
        "[fase0.yaml]",
        "[fase1.yaml]",
        "content/proef/fase0.yaml: Dit bestand hoort bij geen enkele fase",
    ),
    "a kind without title": (HEAD, "  schoolweigering: Weigering\n", "", "De sleutel 'schoolweigering' ontbreekt."),
    # YAML itself
    "a colon in a sentence": (
        PHASE,
        "achtergrond: Binding helpt.",
        "achtergrond: Let op: binding helpt.",
        'regel 16: Hier klopt de opmaak (YAML) niet. Een dubbelpunt met een spatie midden in een zin: zet de zin tussen "aan',
    ),
    "a quote that never closes": (PHASE, "titel: Binding", 'titel: "Binding', "Hier klopt de opmaak (YAML) niet."),
    "a tab": (PHASE, "nummer: 0", "nummer: 0\n\ttitel: x", "Hier klopt de opmaak (YAML) niet."),
    "indentation that jumps": (PHASE, "        titel: Binding", "      titel: Binding", "Hier klopt de opmaak (YAML) niet."),
    "two documents in a file": (PHASE, "nummer: 0", "nummer: 0\n---\nnummer: 1", "Haal de lijn met --- weg"),
    "a control character": (
        PHASE,
        "Binding helpt.",
        "Binding\x07 helpt.",
        "regel 16: Hier klopt de opmaak (YAML) niet. Haal de vreemde tekens weg",
    ),
    "an alias": (
        PHASE,
        "bron: {document: plan, onderdeel: Vraag 2}",
        "bron: &b {document: plan, onderdeel: Vraag 2}\n            nog: *b",
        "Dit verwijst naar een ander stuk van het bestand",
    ),
    "an alias that holds itself": (
        PHASE,
        "titel: Eerste fase",
        "titel: &a [*a]",
        "Dit verwijst naar een ander stuk van het bestand",
    ),
    "an alias that was never named": (PHASE, "titel: Eerste fase", "titel: *sterk", 'zet de tekst tussen "aanhalingstekens"'),
    "a tag on a text": (PHASE, "titel: Eerste fase", "titel: !!python/name:os.system x", "hoort hier niet."),
    "a tag on a list": (PHASE, "[Begin klein.]", "!lijst [Begin klein.]", "Het label '!lijst' hoort hier niet."),
    "a row of brackets": (PHASE, "[Begin klein.]", "[" * 50_000, "regel 17: Hier zitten meer dan 20 niveaus in elkaar."),
    "an empty file": (PHASE, None, "", "content/proef/fase0.yaml, regel 1: Dit bestand is leeg."),
    # sources
    "a document twice": (
        "bronnen.yaml",
        "    uitgever: Een dienst\n",
        "    uitgever: Een dienst\n  - {id: plan, titel: Ander, uitgever: Dienst}\n",
        "content/bronnen.yaml, regel 5: De id 'plan' bestaat al.",
    ),
    "an address that is none": (
        "bronnen.yaml",
        "uitgever: Een dienst",
        "uitgever: Een dienst\n    adres: ergens",
        "'ergens' bij 'adres' is geen webadres.",
    ),
    # tables
    "a code twice": ("codes.yaml", 'code: "-"', "code: B", "regel 7: De code 'B' staat er al voor dezelfde tijd (regel 2)."),
    "a code of two letters": ("codes.yaml", "code: B", "code: BB", "'BB' bij 'code' is geen code. Schrijf één hoofdletter"),
    "an unknown status": (
        "codes.yaml",
        "status: ongewettigd",
        "status: onwettig",
        "'onwettig' is geen gekende waarde bij 'status'.",
    ),
    "an answer other than ja or nee": (
        "codes.yaml",
        "telt_als_afwezig: ja",
        "telt_als_afwezig: yes",
        "'yes' is geen gekende waarde bij 'telt_als_afwezig'. Kies uit: ja, nee.",
    ),
    "an official code that is none": (
        "codes.yaml",
        "status: onbekend",
        "status: onbekend\n    telt_vandaag_als: Q",
        "'Q' is geen officiële code in deze lijst. Kies uit: B.",
    ),
    "late that counts as absent": (
        "codes.yaml",
        "status: onbekend",
        "status: te laat",
        "Status 'te laat' telt nooit als afwezig.",
    ),
    "validity that ends before it begins": (
        "codes.yaml",
        "status: onbekend",
        "status: onbekend\n    geldig_van: 2020-01-01\n    geldig_tot: 2019-01-01",
        "geldig_tot (2019-01-01) ligt voor geldig_van (2020-01-01).",
    ),
    "a threshold twice": (
        "drempels.yaml",
        "drempels:\n",
        "drempels:\n  - {id: melding, regel: r, waarde: 1, eenheid: e, bron: {document: plan, onderdeel: d}}\n",
        "regel 3: De id 'melding' bestaat al (regel 2).",
    ),
    "a reference figure that no threshold was counted with": (
        "referentie.yaml",
        "drempel: melding",
        "drempel: meldingen",
        "'meldingen' staat niet in drempels.yaml. Bedoelde je 'melding'?",
    ),
    "a reference figure with a point": ("referentie.yaml", "3,6", "3.6", "Schrijf het zoals 3,6."),
    "a threshold with a half": ("drempels.yaml", "waarde: 5", "waarde: 5,5", "'5,5' bij 'waarde' is geen geheel getal."),
    "a threshold without the key of its value": ("drempels.yaml", "    waarde: 5\n", "", "De sleutel 'waarde' ontbreekt."),
    "a day written the other way round": (
        "kalender.yaml",
        "van: 2025-10-27",
        "van: 27/10/2025",
        "regel 7: '27/10/2025' bij 'van' is geen datum. Schrijf een bestaande dag als jjjj-mm-dd",
    ),
    "a day that does not exist": (
        "kalender.yaml",
        "tot: 2025-11-02",
        "tot: 2025-11-31",
        "'2025-11-31' bij 'tot' is geen datum.",
    ),
    "a day as a number of seconds": (
        "kalender.yaml",
        "van: 2025-10-27",
        "van: 1761523200",
        "'1761523200' bij 'van' is geen datum.",
    ),
    "a school year of two years": (
        "kalender.yaml",
        "schooljaar: 2025-2026",
        "schooljaar: 2025-2027",
        "Schrijf twee jaren na elkaar",
    ),
    "a school year cut short": (
        "kalender.yaml",
        "schooljaar: 2025-2026",
        "schooljaar: 2025-26",
        "'2025-26' bij 'schooljaar' is geen schooljaar.",
    ),
    "a first day that is not the first": (
        "kalender.yaml",
        "eerste_dag: 2025-09-01",
        "eerste_dag: 2025-09-02",
        "2025-09-02 is niet de eerste weekdag vanaf 1 september. Voor 2025-2026 is dat 2025-09-01.",
    ),
    "a last day that is not 30 June": (
        "kalender.yaml",
        "laatste_dag: 2026-06-30",
        "laatste_dag: 2026-06-29",
        "is dat 2026-06-30.",
    ),
    "a holiday in another year": (
        "kalender.yaml",
        "van: 2025-10-27, tot: 2025-11-02",
        "van: 2024-10-28, tot: 2024-11-03",
        "valt buiten het schooljaar",
    ),
    "a holiday that ends before it begins": (
        "kalender.yaml",
        "tot: 2025-11-02",
        "tot: 2025-10-02",
        "voor ze begint (2025-10-27)",
    ),
    "holidays that overlap": (
        "kalender.yaml",
        "van: 2025-12-22",
        "van: 2025-11-01",
        "Kerstvakantie begint (2025-11-01) voor Herfstvakantie voorbij is",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), CASES.values(), ids=CASES)
def test_a_slip_is_named_with_its_line_its_value_and_what_to_do(
    make_content: MakeContent, file: str, old: str | None, new: str, message: str
) -> None:
    folder = make_content(file if old else None, old or "", new)
    if old is None:
        (folder / file).write_text(new, "utf-8")
    found = [str(finding) for finding in content.check_content(folder).findings]
    assert any(message in text for text in found), found
    assert all(text.startswith("content/") for text in found)


@pytest.mark.parametrize("file", ["instrument.yaml", "fase0.yaml"])
def test_loading_raises_what_the_check_found(make_content: MakeContent, file: str) -> None:
    folder = make_content(f"proef/{file}", "titel:", "tittel:")
    with pytest.raises(ContentError, match="Bedoelde je 'titel'") as caught:
        content.load_instrument("proef", folder)
    assert caught.value.findings == content.check_content(folder).findings


def test_the_small_content_itself_is_sound(make_content: MakeContent) -> None:
    folder = make_content()
    assert content.check_content(folder).findings == ()
    section = next(content.load_instrument("proef", folder).sections())
    assert section.id == "proef.f0.binding"
    assert section.advice == ("Begin klein.",)
    assert section.source.document == "Een plan"


def test_faults_in_several_files_come_back_together_and_hide_nothing(make_content: MakeContent) -> None:
    folder = make_content()
    phase = folder / "proef" / "fase0.yaml"
    text = phase.read_text("utf-8")
    text = text.replace("soort: algemeen", "soort: iets").replace("id: pesten", "id: pauzes").replace("Binding helpt.", "")
    phase.write_text(text.replace("document: plan, onderdeel: Vraag 1", "document: plaan, onderdeel: Vraag 1"), "utf-8")
    head = folder / "proef" / "instrument.yaml"
    head.write_text(head.read_text("utf-8").replace("titel: Proef", "titel:"), "utf-8")
    (folder / "codes.yaml").write_text("codes: []\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        content.load_instrument("proef", folder)
    facts = " ".join(finding.fact for finding in caught.value.findings)
    for part in ("'soort'", "'pauzes' (vraag) bestaat al", "'achtergrond' is leeg", "'plaan'", "'titel' is leeg"):
        assert part in facts
    assert len(caught.value.findings) == 5
    assert len(content.check_content(folder).findings) == 6


def test_a_radar_label_in_two_phases_is_found_whatever_its_capitals(make_content: MakeContent) -> None:
    folder = make_content("proef/instrument.yaml", "[fase0.yaml]", "[fase0.yaml, fase1.yaml]")
    second = (folder / PHASE).read_text("utf-8").replace("id: f0", "id: f1").replace("nummer: 0", "nummer: 1")
    (folder / "proef" / "fase1.yaml").write_text(second.replace("naam: Verbinding", "naam: VERBINDING"), "utf-8")
    (finding,) = content.check_content(folder).findings
    assert finding.place == "content/proef/fase1.yaml, regel 28"
    assert "De naam 'VERBINDING' van deze schaal bestaat al: content/proef/fase0.yaml, regel 28." in finding.fact


def test_phases_that_do_not_count_up_are_found(make_content: MakeContent) -> None:
    folder = make_content("proef/instrument.yaml", "[fase0.yaml]", "[fase0.yaml, fase1.yaml]")
    second = (folder / PHASE).read_text("utf-8").replace("id: f0", "id: f1").replace("Verbinding", "Iets anders")
    (folder / "proef" / "fase1.yaml").write_text(second, "utf-8")
    (finding,) = content.check_content(folder).findings
    assert "Fase 0 komt na fase 0" in finding.fact


def test_bytes_that_are_not_utf8_are_named_with_their_line(make_content: MakeContent) -> None:
    folder = make_content()
    (folder / "codes.yaml").write_bytes("codes:\n  # één\n".encode("cp1252"))
    (finding,) = content.check_content(folder).findings
    assert str(finding) == "content/codes.yaml, regel 2: Dit bestand is niet in UTF-8 bewaard. Bewaar het opnieuw als UTF-8."


def test_a_byte_order_mark_is_no_fault(make_content: MakeContent) -> None:
    folder = make_content()
    path = folder / "codes.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert content.check_content(folder).sound


def test_a_file_that_is_far_too_large_is_not_read(make_content: MakeContent) -> None:
    folder = make_content()
    (folder / "codes.yaml").write_text("#" * 1_100_000, "utf-8")
    (finding,) = content.check_content(folder).findings
    assert "te groot (1100 kB)" in finding.fact


def test_a_long_value_is_cut_in_the_message(make_content: MakeContent) -> None:
    folder = make_content(PHASE, "soort: algemeen", f"soort: {'x' * 500}")
    (finding,) = content.check_content(folder).findings
    assert len(finding.fact) < 120


def test_an_unknown_instrument_is_told_with_the_known_ones(make_content: MakeContent) -> None:
    with pytest.raises(ContentError, match=r"'proeff' bestaat niet\. Bedoelde je 'proef'\? Kies uit: proef"):
        content.load_instrument("proeff", make_content())


def test_a_name_that_leaves_the_folder_is_an_unknown_instrument(make_content: MakeContent) -> None:
    with pytest.raises(ContentError, match="bestaat niet"):
        content.load_instrument("../content/proef", make_content())
