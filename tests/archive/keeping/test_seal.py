"""A changed byte is found, and what can be told about it is told."""

from __future__ import annotations

import html
import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.archive import read_archive, verify_archive
from stslib.archive.keeping.seal import MANIFEST_SLOT, SEAL_SLOT, ZEROS, _difference, read_manifest, read_tables, seal
from stslib.cli import main
from stslib.errors import ArchiveError

SMALL = (
    "<!DOCTYPE html><html><body><!--sts:deel omslag--><h1>School</h1><!--sts:deel fase-0--><p>tekst</p>"
    '<pre hidden id="sts-session">{&quot;a&quot;: 1}</pre>'
    f"<!--sts:deel zegel--><footer>{MANIFEST_SLOT}<p>{SEAL_SLOT}</p></footer></body></html>\n"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "klein.html"
    path.write_bytes(seal(SMALL, {"session": "abc", "version": 1}))
    return path


def test_a_sealed_document_verifies(small: Path) -> None:
    checked = verify_archive(small)
    assert checked.ok
    assert checked.problem == ""
    assert checked.manifest["session"] == "abc"
    assert set(checked.manifest["parts"]) == {"begin", "omslag", "fase-0"}
    assert read_archive(small) == {"a": 1}


def test_the_tables_and_the_manifest_are_read_from_a_whole_file_only(tmp_path: Path) -> None:
    path = tmp_path / "tabellen.html"
    with_tables = SMALL.replace(
        "<!--sts:deel zegel-->", '<pre hidden id="sts-tables">{"scores": []}</pre><!--sts:deel zegel-->'
    )
    path.write_bytes(seal(with_tables, {"session": "abc"}))
    assert read_tables(path) == {"scores": []}
    assert read_manifest(path)["session"] == "abc"
    path.write_bytes(path.read_bytes().replace(b"scores", b"scorez"))
    for read in (read_tables, read_manifest):
        with pytest.raises(ArchiveError, match="niet meer wat het"):
            read(path)


def test_an_archive_from_before_the_tables_has_none(small: Path) -> None:
    assert read_tables(small) is None


@pytest.mark.parametrize("text", ["{&quot;a&quot;: NaN}", "[" * 100_000, "1" * 5_000, "null"])
def test_what_is_no_json_object_is_no_session(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vreemd.html"
    path.write_bytes(seal(SMALL.replace("{&quot;a&quot;: 1}", text), {}))
    assert verify_archive(path).ok
    with pytest.raises(ArchiveError, match="geen gegevens van een sessie"):
        read_archive(path)


def test_every_flipped_bit_of_a_document_is_found(small: Path) -> None:
    content = small.read_bytes()
    for place in range(len(content)):
        for bit in range(8):
            changed = bytearray(content)
            changed[place] ^= 1 << bit
            assert _difference(bytes(changed))[0], (place, bit)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 900), length=st.integers(0, 40), filler=st.binary(max_size=40))
def test_any_other_content_is_found(small: Path, start: int, length: int, filler: bytes) -> None:
    content = small.read_bytes()
    changed = content[:start] + filler + content[start + length :]
    assert bool(_difference(changed)[0]) == (changed != content)


def test_random_flips_in_a_real_archive_are_found(archived) -> None:
    content = archived.result.path.read_bytes()
    assert _difference(content) == ("", "", ())
    chance = random.Random(20261103)
    for _ in range(60):
        changed = bytearray(content)
        changed[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        assert _difference(bytes(changed))[0]


def test_the_part_that_was_changed_is_named(archived, tmp_path: Path) -> None:
    path = tmp_path / "gewijzigd.html"
    content = archived.result.path.read_bytes()
    before, after = content.split(b"<!--sts:deel preventieplan-f0-->")
    path.write_bytes(before + b"<!--sts:deel preventieplan-f0-->" + after.replace(b"niet besproken", b"wel besproken ", 1))
    checked = verify_archive(path)
    assert checked.changed == ("preventieplan-f0",)
    assert "niet meer wat het bij het afsluiten was. Dat is gebeurd in: preventieplan-f0." in checked.problem


def test_a_forged_seal_slot_in_a_text_changes_nothing(archived, instruments) -> None:
    checked = verify_archive(archived.result.path)
    assert checked.ok
    phases = [phase.id.replace(".", "-") for instrument in instruments for phase in instrument.phases]
    assert list(checked.manifest["parts"]) == [
        "begin",
        "omslag",
        *phases,
        "overzicht",
        "verantwoording",
        "gegevens",
        "tabellen",
    ]
    assert checked.manifest["policy"] == "record"
    assert checked.manifest["instruments"] == {instrument.id: instrument.edition for instrument in instruments}


def test_an_archive_of_the_first_version_verifies_and_is_read_back(tmp_path: Path) -> None:
    record = {
        "trajectory": {"id": "t1", "school": "Sint-Voorbeeld", "levels": ["lager"], "province": None},
        "session": {"id": "s1", "trajectory_id": "t1", "number": 1, "created_at": "2026-11-03T13:00:00Z"},
        "instrument": {"id": "preventieplan", "version": "2026-11"},
        "seq": 2,
        "entries": [{"seq": 2, "session_id": "s1", "item": "preventieplan.f0.a.vraag", "field": "answer", "value": "<b>"}],
        "earlier": [],
    }
    manifest = {"stslib": "0.1.0", "instrument": "preventieplan", "content": "2026-11", "session": "s1", "seq": 2, "version": 1}
    path = tmp_path / "eerste.html"
    path.write_bytes(seal(SMALL.replace("{&quot;a&quot;: 1}", html.escape(json.dumps(record, indent=1))), manifest))
    checked = verify_archive(path)
    assert checked.ok
    assert checked.manifest["instrument"] == "preventieplan"
    assert read_archive(path) == record


@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_a_cut_file_is_called_cut(archived, tmp_path: Path, share: float) -> None:
    path = tmp_path / "kort.html"
    content = archived.result.path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    checked = verify_archive(path)
    assert not checked.ok
    assert "afgebroken" in checked.problem


@pytest.mark.parametrize("content", [b"", b"<html><body>een andere pagina</body></html>\n", bytes(range(256)) * 50])
def test_something_else_is_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "iets.html"
    path.write_bytes(content)
    assert verify_archive(path).problem == "Dit is geen archief van stslib."


def test_a_missing_seal_is_told(small: Path) -> None:
    small.write_bytes(small.read_bytes().replace(b"sts-seal", b"sts-zege"))
    assert "zegel van dit archief ontbreekt" in verify_archive(small).problem


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert verify_archive(tmp_path / "niets.html").problem == "Dit bestand bestaat niet."
    assert verify_archive(tmp_path).problem == "Dit bestand kan niet gelezen worden."
    assert verify_archive(tmp_path).sha256 == ZEROS


def test_a_damaged_archive_is_not_read_back(small: Path) -> None:
    small.write_bytes(small.read_bytes().replace(b"tekst", b"test."))
    with pytest.raises(ArchiveError, match="niet meer wat het"):
        read_archive(small)


def test_a_template_without_a_place_for_the_seal_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="one place"):
        seal("<html></html>", {})


def test_the_command_says_yes_or_no(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(small)]) == 0
    assert "ongeschonden" in capsys.readouterr().out
    assert main(["verify", str(small), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["manifest"]) == (True, {"session": "abc", "version": 1})
    small.write_bytes(small.read_bytes()[:-30])
    assert main(["verify", str(small)]) == 1
    assert "archief" in capsys.readouterr().err
    assert main(["verify", str(small), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False
