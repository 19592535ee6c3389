"""A centre's own wording: written out, filled in, read back, laid over; and every reason to refuse it."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib import content
from stslib.cli import main
from stslib.content.texts import MAX_TEXT, texts_of, with_texts
from stslib.content.wording import FILE, OwnText, Wording, keep_wording, make_wording
from stslib.content.wording_files import Row, read_wording_file, take_in, wording_file
from stslib.errors import ContentError, StsError
from stslib.model.finding import Level
from stslib.model.instrument import Instrument

MakeContent = Callable[..., pathlib.Path]

NOW = datetime(2026, 11, 3, 14, 3, 12)
QUESTION = "rijk.kern.gesprek.begin:vraag"
LAST, SUPPORT = "rijk.kern.gesprek.schaal-last:naam", "rijk.kern.gesprek.schaal-steun:naam"


@pytest.fixture
def rich(make_rich: MakeContent) -> Instrument:
    return content.load_instrument("rijk", make_rich())


def rows_of(instrument: Instrument, own: dict[str, str]) -> list[Row]:
    return [
        Row(f"rij {number}", words.key, words.text, own.get(words.key, ""))
        for number, words in enumerate(texts_of(instrument), 2)
    ]


def taken(instrument: Instrument, own: dict[str, str]) -> Wording:
    wording = take_in(rows_of(instrument, own), [instrument], None, "CLB Noord", NOW).wording
    assert wording is not None
    return wording


def facts(rows: list[Row], instrument: Instrument, **more: object) -> list[str]:
    result = take_in(rows, [instrument], more.get("current"), more.get("name"), NOW)  # type: ignore[arg-type]
    return [f"{finding.level}: {finding}" for finding in result.findings]


# -- keys -------------------------------------------------------------------------------------------------------------------


def test_every_text_of_an_instrument_has_a_key_of_its_own(rich: Instrument) -> None:
    keys = [words.key for words in texts_of(rich)]
    assert len(set(keys)) == len(keys)
    assert {
        "rijk:titel",
        "rijk:aspect.last",
        "rijk.vooraf:doel.2",
        "rijk.vooraf:rol.1.lijn.2",
        "rijk.vooraf:methodiek.1.tekst",
        "rijk.vooraf.afspraak:tekst",
        QUESTION,
        "rijk.kern.gesprek.begin:methode",
        LAST,
        "rijk.vooraf.start.paren:knop",
        "rijk.vooraf.start.venster:veld.waar.keuze.onder",
        "rijk.kern.gesprek.kiezen:richtlijn.klein.tekst",
        "rijk.kern.wie.wijzer:groep.basis.inleiding",
        "rijk.kern.wie.wijzer.huisarts:bereik",
    } <= set(keys)


def test_no_text_of_the_shipped_instruments_is_without_a_key() -> None:
    ids_and_sources = {"id", "document", "part", "kind", "layout", "version", "wording", "aspect", "view", "group", "figures"}

    def strings(value: object, name: str = "") -> list[str]:
        if isinstance(value, dict):
            return [
                text
                for key, child in value.items()
                if key not in ids_and_sources | {"retired", "source", "sources", "applies"}
                for text in strings(child, key)
            ]
        if isinstance(value, list | tuple):
            return [text for child in value for text in strings(child, name)]
        return [value] if isinstance(value, str) and value else []

    for instrument in content.load_instruments():
        held = sorted(strings(instrument.model_dump(mode="json")))
        assert sorted(words.text for words in texts_of(instrument)) == held, instrument.id


def test_texts_that_are_all_ours_change_nothing() -> None:
    for instrument in content.load_instruments():
        same = with_texts(instrument, {words.key: words.text for words in texts_of(instrument)}, "")
        assert same == instrument
        assert with_texts(instrument, {"elders:titel": "x"}, "ander") is instrument


# -- out and in -------------------------------------------------------------------------------------------------------------

_letters = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff") | st.sampled_from("\n=+-@'\"<&_x")
_texts = st.text(_letters, min_size=1, max_size=60).map(str.strip).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from([".xlsx", ".yaml"]))
def test_what_is_written_out_and_read_back_gives_the_same_instrument(
    make_rich: MakeContent, tmp_path: pathlib.Path, data: st.DataObject, kind: str
) -> None:
    rich = content.load_instrument("rijk", make_rich())
    words = {one.key: one for one in texts_of(rich)}
    chosen = data.draw(st.lists(st.sampled_from(sorted(words)), unique=True, min_size=1, max_size=12))
    own = {}
    for key in chosen:
        text = data.draw(_texts)
        if words[key].radar is not None or words[key].limit < MAX_TEXT:
            text = " ".join(text.split())[: words[key].limit].strip()
        if " ".join(text.split()) != " ".join(words[key].text.split()):
            own[key] = text
    own = own or {QUESTION: "Anders gevraagd?"}
    first = taken(rich, own)
    assert first.plain() == own
    path = tmp_path / f"teksten{kind}"
    path.write_bytes(wording_file([rich], first, kind))
    again = take_in(read_wording_file(path), [rich], None, "CLB Noord", NOW)
    assert again.findings == ()
    assert again.wording == first
    assert with_texts(rich, again.wording.plain(), "w") == with_texts(rich, own, "w")


@pytest.mark.parametrize("kind", [".xlsx", ".yaml"])
def test_all_shipped_texts_go_out_and_come_back_as_they_were(tmp_path: pathlib.Path, kind: str) -> None:
    instruments = content.load_instruments()
    path = tmp_path / f"teksten{kind}"
    path.write_bytes(wording_file(instruments, None, kind))
    rows = read_wording_file(path)
    expected = [(words.key, " ".join(words.text.split())) for one in instruments for words in texts_of(one)]
    assert [(row.key, " ".join(row.ours.split())) for row in rows] == expected
    assert {row.own for row in rows} == {""}


def test_a_text_that_looks_like_a_formula_is_written_as_text(rich: Instrument, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "teksten.xlsx"
    path.write_bytes(wording_file([rich], taken(rich, {QUESTION: '=HYPERLINK("http://x")'}), ".xlsx"))
    cells = [cell for row in openpyxl.load_workbook(path)["rijk"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert '=HYPERLINK("http://x")' in {cell.value for cell in cells}


def test_a_workbook_saved_by_another_program_is_read(rich: Instrument, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "teksten.xlsx"
    path.write_bytes(wording_file([rich], None, ".xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["rijk"]
    sheet.insert_rows(1)
    sheet["A1"] = "Onze versie"
    (row,) = [row for row in sheet.iter_rows() if row[0].value == QUESTION]
    row[2].value = " Wat als\nhet lukt? "
    sheet.move_range("A1:D200", cols=1)
    book.save(path)
    result = take_in(read_wording_file(path), [rich], None, "x", NOW)
    assert result.findings == ()
    assert result.wording is not None
    assert result.wording.plain() == {QUESTION: "Wat als\nhet lukt?"}


def test_a_kind_of_file_that_is_not_known_is_told(rich: Instrument) -> None:
    with pytest.raises(StsError, match=r"\.xlsx of \.yaml"):
        wording_file([rich], None, ".docx")


# -- what is refused --------------------------------------------------------------------------------------------------------

REFUSED = {
    "a key that does not exist": (
        [Row("rij 9", "rijk.kern.gesprek.begn:vraag", "", "Anders?")],
        f"error: rij 9: De sleutel 'rijk.kern.gesprek.begn:vraag' bestaat niet. Bedoelde je '{QUESTION}'?",
    ),
    "a key twice": (
        [Row("rij 9", QUESTION, "", "Nog eens?")],
        f"error: rij 9: De sleutel '{QUESTION}' staat er al: rij",
    ),
    "a text without a key": ([Row("rij 9", "", "", "Anders?")], "error: rij 9: Deze tekst heeft geen sleutel."),
}


@pytest.mark.parametrize(("extra", "message"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_placed_refuses_the_file(rich: Instrument, extra: list[Row], message: str) -> None:
    rows = [*rows_of(rich, {QUESTION: "Anders?"}), *extra]
    told = facts(rows, rich)
    assert any(line.startswith(message) for line in told), told
    assert take_in(rows, [rich], None, None, NOW).wording is None


BAD_TEXTS = {
    "a label that is too long": ({LAST: "x" * 25}, "De eigen tekst telt 25 tekens; hier passen er 24."),
    "a text that is too long": ({QUESTION: "x" * 5001}, "De eigen tekst telt 5001 tekens; hier passen er 5000."),
    "a control character": ({QUESTION: "Wat\x07?"}, "tekens die niet gedrukt kunnen worden"),
    "half a character": ({QUESTION: "Wat\ud800?"}, "tekens die niet gedrukt kunnen worden"),
    "no text at all": ({QUESTION: "  \n "}, "Er staat geen enkele eigen tekst in dit bestand."),
    "nothing but ours": (
        {QUESTION: " Stel dat het lukt, wat  zie je dan? "},
        "Er staat geen enkele eigen tekst in dit bestand.",
    ),
}


@pytest.mark.parametrize(("own", "message"), BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_text_that_does_not_fit_refuses_the_file(rich: Instrument, own: dict[str, str], message: str) -> None:
    result = take_in(rows_of(rich, own), [rich], None, None, NOW)
    assert result.wording is None
    assert any(message in str(finding) for finding in result.findings)


def test_two_axes_of_one_radar_with_one_name_refuse_the_file(make_content: MakeContent) -> None:
    folder = make_content()
    phase = folder / "proef" / "fase0.yaml"
    text = phase.read_text("utf-8")
    second = (
        text[text.index("      - id: binding") :].replace("id: binding", "id: ander").replace("naam: Verbinding", "naam: Ander")
    )
    phase.write_text(text + second, "utf-8")
    plan = content.load_instrument("proef", folder)
    result = take_in(rows_of(plan, {"proef.f0.ander.schaal:naam": "VERBINDING"}), [plan], None, None, NOW)
    (finding,) = result.findings
    assert "De naam 'VERBINDING' staat ook bij 'proef.f0.binding.schaal:naam'." in finding.fact
    swapped = {"proef.f0.ander.schaal:naam": "Verbinding", "proef.f0.binding.schaal:naam": "Ander"}
    assert take_in(rows_of(plan, swapped), [plan], None, None, NOW).findings == ()


def test_axes_of_two_aspects_may_share_a_name(rich: Instrument) -> None:
    assert taken(rich, {LAST: "Bij jullie", SUPPORT: "Bij jullie"})


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "CLB\x1b[31m"])
def test_a_name_that_is_none_is_refused(rich: Instrument, name: str) -> None:
    assert any("--name" in line for line in facts(rows_of(rich, {QUESTION: "Anders?"}), rich, name=name))


def test_every_fault_of_a_file_is_told_at_once(rich: Instrument) -> None:
    rows = [
        *rows_of(rich, {QUESTION: "Wat\x07?", LAST: "x" * 25}),
        Row("rij 90", "rijk:tite", "", "x"),
        Row("rij 91", "", "", "y"),
    ]
    assert sum(line.startswith("error") for line in facts(rows, rich)) == 4


def test_thousands_of_unknown_keys_are_told_without_much_work(rich: Instrument) -> None:
    rows = [Row(f"rij {number}", f"weg{number}:titel", "", "x") for number in range(5000)]
    assert sum("bestaat niet" in line for line in facts(rows, rich)) == 5000


# -- what is told and goes on -----------------------------------------------------------------------------------------------


def test_a_missing_key_is_told_and_ours_stays(rich: Instrument) -> None:
    rows = [row for row in rows_of(rich, {QUESTION: "Anders?"}) if row.key != LAST]
    (line,) = facts(rows, rich)
    assert line == f"warning: rijk: De sleutel '{LAST}' staat niet in het bestand. Daar blijft onze tekst staan."
    wording = take_in(rows, [rich], None, None, NOW).wording
    assert wording is not None
    assert next(with_texts(rich, wording.plain(), "w").scales()).label == "Thuis"


def test_many_missing_keys_are_counted(rich: Instrument) -> None:
    told = facts([Row("rij 2", QUESTION, "", "Anders?")], rich)
    assert len(told) == 21
    assert f"Nog {len(texts_of(rich)) - 21} andere sleutels" in told[-1]


def test_our_text_that_changed_since_is_told(rich: Instrument) -> None:
    rows = [
        Row("rij 5", row.key, "Stond er vroeger" if row.key == QUESTION else row.ours, row.own)
        for row in rows_of(rich, {QUESTION: "Anders?"})
    ]
    assert facts(rows, rich) == ["warning: rij 5: Onze tekst is intussen veranderd. Kijk of de eigen tekst nog past."]


def test_a_change_of_blanks_in_our_text_is_no_change(rich: Instrument) -> None:
    rows = [
        Row(row.place, row.key, row.ours.replace(" ", "\n ") + " ", row.own) for row in rows_of(rich, {QUESTION: "Anders?"})
    ]
    assert facts(rows, rich) == []


def test_a_retired_question_is_skipped(rich: Instrument) -> None:
    rows = [*rows_of(rich, {QUESTION: "Anders?"}), Row("rij 9", "rijk.kern.gesprek.oude-vraag:vraag", "", "Oud?")]
    assert facts(rows, rich) == [
        "warning: rij 9: De vraag 'rijk.kern.gesprek.oude-vraag:vraag' is vervallen. Deze rij telt niet mee."
    ]


def test_our_text_that_changed_after_reading_in_is_marked_when_written_out(rich: Instrument) -> None:
    wording = make_wording("CLB", {QUESTION: OwnText("Anders?", "Stond er vroeger")}, NOW)
    told = yaml.safe_load(wording_file([rich], wording, ".yaml"))["teksten"]
    assert {item["sleutel"] for item in told if "let_op" in item} == {QUESTION}


# -- kept and laid over -----------------------------------------------------------------------------------------------------


def test_a_wording_that_is_kept_is_loaded_and_named_in_the_edition(make_rich: MakeContent, tmp_path: pathlib.Path) -> None:
    folder = make_rich()
    rich = content.load_instrument("rijk", folder)
    wording = taken(rich, {QUESTION: "Anders gevraagd?"})
    assert keep_wording(tmp_path, wording, NOW) is None
    loaded = content.load_wording(tmp_path)
    assert loaded == wording
    changed = content.load_instrument("rijk", folder, wording=loaded)
    assert next(changed.questions()).text == "Anders gevraagd?"
    assert changed.edition == f"rijk@2026-11+clb-noord-{wording.digest}"
    assert content.load_instrument("rijk", folder, wording=loaded) is changed
    assert content.load_instrument("rijk", folder).edition == "rijk@2026-11"


def test_an_instrument_without_own_texts_keeps_its_edition(rich: Instrument) -> None:
    wording = taken(rich, {QUESTION: "Anders?"})
    assert {one.edition for one in content.load_instruments(wording=wording)} == {
        one.edition for one in content.load_instruments()
    }


def test_the_digest_follows_the_texts_and_not_their_order(rich: Instrument) -> None:
    first, second = taken(rich, {QUESTION: "A?", LAST: "B"}), taken(rich, {LAST: "B", QUESTION: "A?"})
    assert first.digest == second.digest
    assert taken(rich, {QUESTION: "A!"}).digest != first.digest


def test_a_file_on_one_instrument_leaves_the_others_alone(
    rich: Instrument, make_content: MakeContent, tmp_path: pathlib.Path
) -> None:
    other = content.load_instrument("preventieplan")
    key = "preventieplan:titel"
    both = make_wording("CLB", {key: OwnText("Ons plan", "x"), LAST: OwnText("Bij jullie", "Thuis")}, NOW)
    result = take_in(rows_of(rich, {QUESTION: "Anders?"}), [other, rich], both, None, NOW)
    assert result.wording is not None
    assert result.wording.plain() == {key: "Ons plan", QUESTION: "Anders?"}
    assert result.wording.name == "CLB"


def test_an_earlier_wording_stays_as_a_dated_copy(rich: Instrument, tmp_path: pathlib.Path) -> None:
    first, second = taken(rich, {QUESTION: "Eerst?"}), taken(rich, {QUESTION: "Daarna?"})
    keep_wording(tmp_path, first, NOW)
    copies = [keep_wording(tmp_path, second, NOW), keep_wording(tmp_path, first, NOW), keep_wording(tmp_path, None, NOW)]
    assert [copy.name for copy in copies if copy] == [
        "wording-20261103-140312.json",
        "wording-20261103-140312-2.json",
        "wording-20261103-140312-3.json",
    ]
    assert content.load_wording(tmp_path) is None
    assert content.wording_problem(tmp_path) is None
    assert len(list(tmp_path.glob("wording*"))) == 3


def damage(text: str) -> dict[str, str]:
    told = json.loads(text)
    own = {**told["texts"][QUESTION], "own": "Veranderd?"}
    return {
        "empty": "",
        "cut": text[: len(text) // 2],
        "a text changed": json.dumps({**told, "texts": {**told["texts"], QUESTION: own}}),
        "another form": json.dumps({**told, "format": 2}),
        "no texts": json.dumps({**told, "texts": None}),
        "texts that are numbers": json.dumps({**told, "texts": {QUESTION: {"own": 1, "ours": 2}}}),
        "a name that is a list": json.dumps({**told, "name": []}),
        "a list": "[]",
        "brackets": "[" * 100_000,
        "bytes": "\x00\x01",
    }


@pytest.mark.parametrize("how", damage('{"texts": {"' + QUESTION + '": {}}}'))
def test_a_damaged_wording_shows_our_texts_and_is_told(rich: Instrument, tmp_path: pathlib.Path, how: str) -> None:
    keep_wording(tmp_path, taken(rich, {QUESTION: "Anders?"}), NOW)
    path = tmp_path / FILE
    path.write_text(damage(path.read_text("utf-8"))[how], "utf-8")
    assert content.load_wording(tmp_path) is None
    problem = content.wording_problem(tmp_path)
    assert problem is not None
    assert problem.level is Level.ERROR
    assert "beschadigd of met de hand veranderd" in problem.fact
    assert "Anders" not in str(problem)


def test_a_wording_that_comes_later_is_seen(rich: Instrument, tmp_path: pathlib.Path) -> None:
    assert content.load_wording(tmp_path) is None
    for text in ("Eerst?", "Later?"):
        keep_wording(tmp_path, taken(rich, {QUESTION: text}), NOW)
        loaded = content.load_wording(tmp_path)
        assert loaded is not None
        assert loaded.plain() == {QUESTION: text}


def test_a_folder_that_cannot_be_written_is_told_and_keeps_what_was(
    rich: Instrument, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = taken(rich, {QUESTION: "Eerst?"})
    keep_wording(tmp_path, first, NOW)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StsError, match="er is niets veranderd"):
        keep_wording(tmp_path, taken(rich, {QUESTION: "Daarna?"}), NOW)
    assert content.load_wording(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [FILE]


# -- the command ------------------------------------------------------------------------------------------------------------


def test_the_whole_way_by_command(make_rich: MakeContent, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, data, file = make_rich(), tmp_path / "data", tmp_path / "teksten.xlsx"
    where = ["--content", str(folder), "--data", str(data)]
    assert main(["content", "wording-out", str(file), *where]) == 0
    assert main(["content", "wording-out", str(file), *where]) == 1
    assert "Dit bestand bestaat al." in capsys.readouterr().err

    assert main(["content", "wording-in", str(file), *where]) == 1
    assert "geen enkele eigen tekst" in capsys.readouterr().err

    book = openpyxl.load_workbook(file)
    (row,) = [row for row in book["rijk"].iter_rows() if row[0].value == QUESTION]
    row[2].value = "Wat als het lukt?"
    book.save(file)
    assert main(["content", "wording-in", str(file), "--name", "CLB Noord", *where]) == 0
    printed = capsys.readouterr().out
    assert "1 eigen teksten" in printed
    assert "De pagina's tonen nu 'CLB Noord'" in printed
    wording = content.load_wording(data)
    assert next(content.load_instrument("rijk", folder, wording=wording).questions()).text == "Wat als het lukt?"

    assert main(["content", "wording-in", str(file), *where]) == 0
    assert "er is niets veranderd" in capsys.readouterr().out

    row[0].value = "rijk.kern.gesprek.begn:vraag"
    book.save(file)
    assert main(["content", "wording-in", str(file), *where]) == 1
    told = capsys.readouterr().err
    assert f"Bedoelde je '{QUESTION}'?" in told
    assert "Er is niets veranderd" in told
    assert content.load_wording(data) == wording

    again = tmp_path / "opnieuw.yaml"
    assert main(["content", "wording-out", str(again), "--instrument", "rijk", *where]) == 0
    assert "eigen: Wat als het lukt?" in again.read_text("utf-8")

    assert main(["content", "wording-in", "--remove", *where]) == 0
    assert content.load_wording(data) is None
    assert main(["content", "wording-in", "--remove", *where]) == 0
    assert "Er was geen eigen bewoording." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wording-in"], "Geef een bestand, of --remove."),
        (["wording-in", "x.xlsx", "--remove"], "Geef een bestand, of --remove."),
        (["wording-in", "/bestaat/niet.xlsx"], "niet.xlsx: Dit bestand kan niet geopend worden"),
        (["wording-out", "teksten.docx"], "Kies een naam die eindigt op .xlsx of .yaml."),
        (["wording-out", "/bestaat/niet/teksten.yaml"], "Dit bestand kon niet geschreven worden"),
        (["wording-out", "teksten.yaml", "--instrument", "scholen"], "Bedoelde je 'school'?"),
    ],
)
def test_a_wrong_call_is_told_in_dutch(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["content", *arguments, "--data", str(tmp_path)]) == 1
    assert message in capsys.readouterr().err


FILES = {
    "no list": ("naam: x\n", "De sleutel 'teksten' ontbreekt."),
    "a key with a slip": ("teksten:\n  - {sleutel: a, eige: b}\n", "regel 2: Onbekende sleutel 'eige'. Bedoelde je 'eigen'?"),
    "no key": ("teksten:\n  - {eigen: b}\n", "De sleutel 'sleutel' ontbreekt."),
    "no YAML": ("teksten: [", "Hier klopt de opmaak (YAML) niet."),
    "nothing": ("", "Dit bestand is leeg."),
}


@pytest.mark.parametrize(("text", "message"), FILES.values(), ids=FILES)
def test_a_yaml_file_with_a_slip_is_named_with_its_line(tmp_path: pathlib.Path, text: str, message: str) -> None:
    path = tmp_path / "teksten.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        read_wording_file(path)
    assert any(message in str(finding) for finding in caught.value.findings)


def test_a_workbook_without_the_titles_is_told_by_sheet(rich: Instrument, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "teksten.xlsx"
    path.write_bytes(wording_file([rich], None, ".xlsx"))
    book = openpyxl.load_workbook(path)
    book["rijk"]["C1"] = "Nieuw"
    book.save(path)
    with pytest.raises(ContentError, match=r"teksten\.xlsx, blad 'rijk': Hier staat geen rij met de titels"):
        read_wording_file(path)
    del book["rijk"]
    book.save(path)
    with pytest.raises(ContentError, match="Er staan geen teksten in dit bestand"):
        read_wording_file(path)
