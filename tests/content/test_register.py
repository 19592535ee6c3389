"""Ids that were released: none goes without a word, and content is read again when it changes."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from stslib import content
from stslib.cli import main
from stslib.content.check import register_ids
from stslib.content.register import FILE, read_register
from stslib.errors import ContentError

MakeContent = Callable[..., pathlib.Path]

CONTENT = pathlib.Path(__file__).parents[2] / "content"
RETIRED = "vervallen:\n  - {{id: {}, vraag: Wat was het?, bron: {{document: plan, onderdeel: Oud}}}}\nfasen:"


def edit(folder: pathlib.Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def told(folder: pathlib.Path) -> list[str]:
    return [str(finding) for finding in content.check_content(folder).findings]


def test_the_register_lists_everything_that_something_kept_can_hang_on(make_rich: MakeContent) -> None:
    folder = make_rich()
    assert register_ids(folder) == 28
    released, findings = read_register(folder)
    assert findings == ()
    assert {
        "vooraf",
        "vooraf.afspraak",
        "vooraf.start.paren.zorg",
        "vooraf.start.venster.waar",
        "kern.gesprek",
        "kern.gesprek.begin",
        "kern.gesprek.schaal-last",
        "kern.gesprek.oude-vraag",
        "kern.gesprek.kiezen.klein",
        "kern.gesprek.kiezen.wie",
        "kern.gesprek.affiche.kop",
        "kern.wie.wijzer.huisarts",
    } <= set(released["rijk"])
    assert told(folder) == []
    assert register_ids(folder) == 0


def test_a_released_question_that_vanishes_is_found(make_content: MakeContent) -> None:
    folder = make_content()
    register_ids(folder)
    edit(folder, "proef/fase0.yaml", "id: pesten", "id: plagen")
    assert told(folder) == [
        "content/proef/instrument.yaml: De id 'f0.binding.pesten' was uitgegeven en is verdwenen: wat daarbij bewaard is, "
        "raakt zijn vraag kwijt. Zet ze terug, of zet ze bij 'vervallen' met de tekst zoals die het laatst was."
    ]


def test_a_released_question_that_is_retired_is_no_fault(make_content: MakeContent) -> None:
    folder = make_content()
    register_ids(folder)
    edit(folder, "proef/fase0.yaml", "id: pesten", "id: plagen")
    edit(folder, "proef/instrument.yaml", "fasen:", RETIRED.format("f0.binding.pesten"))
    assert told(folder) == []
    (question,) = content.load_instrument("proef", folder).retired
    assert question.id == "proef.f0.binding.pesten"


def test_what_stands_in_a_block_goes_with_its_block(make_rich: MakeContent) -> None:
    folder = make_rich()
    register_ids(folder)
    edit(folder, "rijk/vooraf.yaml", "id: venster", "id: raam")
    (line,) = told(folder)
    assert "'vooraf.start.venster'" in line
    edit(
        folder,
        "rijk/instrument.yaml",
        "vervallen:\n",
        "vervallen:\n  - {id: vooraf.start.venster, vraag: V, bron: {document: plan, onderdeel: O}}\n",
    )
    assert told(folder) == []


def test_a_field_that_vanishes_from_its_block_is_found(make_rich: MakeContent) -> None:
    folder = make_rich()
    register_ids(folder)
    edit(folder, "rijk/vooraf.yaml", "{id: zorg,", "{id: bezorgdheid,")
    (line,) = told(folder)
    assert "'vooraf.start.paren.zorg'" in line


def test_an_instrument_with_a_fault_loses_no_ids(make_content: MakeContent) -> None:
    folder = make_content()
    register_ids(folder)
    edit(folder, "proef/fase0.yaml", "doelstellingen:", "doelstellingen: [")
    assert not any("uitgegeven" in line for line in told(folder))


def test_an_instrument_that_vanishes_is_found(make_content: MakeContent, make_rich: MakeContent) -> None:
    folder = make_content()
    make_rich()
    register_ids(folder)
    (folder / "rijk" / "instrument.yaml").unlink()
    assert any("content/rijk/instrument.yaml: Dit instrument was uitgegeven en is verdwenen." in line for line in told(folder))


def test_a_new_id_is_no_fault_and_is_added(make_content: MakeContent, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_content()
    assert main(["content", "register", "--content", str(folder)]) == 0
    assert "6 id's bijgeschreven" in capsys.readouterr().out
    edit(
        folder,
        "proef/fase0.yaml",
        "          - id: pesten",
        "          - {id: nieuw, vraag: Wat?, bron: {document: plan, onderdeel: N}}\n          - id: pesten",
    )
    assert told(folder) == []
    assert main(["content", "register", "--content", str(folder)]) == 0
    assert "1 id's bijgeschreven" in capsys.readouterr().out
    assert main(["content", "register", "--content", str(folder)]) == 0
    assert "was al bij" in capsys.readouterr().out


def test_nothing_is_registered_while_something_is_wrong(make_content: MakeContent, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_content("proef/fase0.yaml", "soort: algemeen", "soort: overal")
    assert main(["content", "register", "--content", str(folder)]) == 1
    assert "'overal'" in capsys.readouterr().err
    assert not (folder / FILE).exists()


def test_a_register_with_a_fault_is_told_and_never_written_over(make_content: MakeContent) -> None:
    folder = make_content()
    (folder / FILE).write_text("instrumenten:\n  - {id: proef, uitgegeven: [F0]}\n", "utf-8")
    (line,) = told(folder)
    assert line.startswith("content/register.yaml, regel 2: 'F0'")
    with pytest.raises(ContentError):
        register_ids(folder)
    assert "F0" in (folder / FILE).read_text("utf-8")


def test_every_shipped_id_is_registered() -> None:
    released, findings = read_register(CONTENT)
    assert findings == ()
    assert set(released) == set(content.instrument_ids())
    for instrument in content.load_instruments():
        below = {question.id.removeprefix(f"{instrument.id}.") for question in instrument.questions()}
        assert below <= set(released[instrument.id]), "run: sts content register"


# -- read again when it changed ---------------------------------------------------------------------------------------------


def test_an_instrument_is_read_again_when_a_file_of_it_changed(make_content: MakeContent) -> None:
    folder = make_content()
    before = content.load_instrument("proef", folder)
    assert content.load_instrument("proef", folder) is before
    edit(folder, "proef/fase0.yaml", "Wat doen jullie in de pauze?", "Hoe verlopen de pauzes?")
    after = content.load_instrument("proef", folder)
    assert next(after.questions()).text == "Hoe verlopen de pauzes?"
    edit(folder, "bronnen.yaml", "titel: Een plan", "titel: Het plan")
    assert content.load_instrument("proef", folder).source.document == "Het plan"


def test_a_fault_that_is_mended_is_forgotten(make_content: MakeContent) -> None:
    folder = make_content("proef/fase0.yaml", "soort: algemeen", "soort: overal")
    with pytest.raises(ContentError):
        content.load_instrument("proef", folder)
    edit(folder, "proef/fase0.yaml", "soort: overal", "soort: algemeen")
    assert content.load_instrument("proef", folder).title == "Proef"


def test_the_tables_are_read_again_when_they_changed(make_content: MakeContent) -> None:
    folder = make_content()
    assert content.load_codes(folder) is content.load_codes(folder)
    edit(folder, "codes.yaml", "Zonder reden", "Niemand weet waarom")
    assert content.load_codes(folder)[0].meaning == "Niemand weet waarom"
    edit(folder, "drempels.yaml", "waarde: 5", "waarde: 6")
    assert content.load_thresholds(folder)[0].value == 6
    edit(folder, "kalender.yaml", "naam: Herfstvakantie", "naam: Herfst")
    assert content.load_calendar("2025-2026", folder).holidays[0].name == "Herfst"
