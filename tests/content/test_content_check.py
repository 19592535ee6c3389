"""``sts content``: what it prints, how it ends, and the schemas that editors use."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema
import pytest
import yaml

from stslib import content
from stslib.cli import main
from stslib.content.schema import FORMS, schemas, write_schemas

MakeContent = Callable[..., pathlib.Path]

CONTENT = pathlib.Path(__file__).parents[2] / "content"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = main(["content", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_the_shipped_content_has_no_finding(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = run(capsys, "check", "--json")
    told = json.loads(printed)
    assert status == 0
    assert told["findings"] == []
    plan = told["instruments"]["preventieplan"]
    assert (plan["phases"], plan["objectives"], plan["scales"], plan["questions"]) == (4, 24, 26, 107)
    assert plan["per_scale"] == [10, 4, 10, 6, 5, 2, 4, 11, 4, 5, 3, 2, 3, 7, 3, 4, 3, 2, 4, 3, 4, 2, 1, 2, 2, 1]


def test_without_json_the_check_reads_as_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = run(capsys, "check")
    assert status == 0
    assert "preventieplan: 4 fasen, 24 doelstellingen, 26 schalen, 107 vragen (41 + 35 + 23 + 8)" in printed
    assert "school: 6 fasen, 4 schalen, 36 vragen (0 + 12 + 4 + 13 + 2 + 5)" in printed
    assert "Geen fouten gevonden." in printed


def test_a_finding_ends_the_check_with_one(make_content: MakeContent, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_content("proef/fase0.yaml", "soort: algemeen", "soort: overal")
    status, printed = run(capsys, "check", "--json", "--content", folder)
    told = json.loads(printed)
    assert status == 1
    (finding,) = told["findings"]
    assert finding["place"] == "content/proef/fase0.yaml, regel 10"
    assert finding["level"] == "error"
    assert told["instruments"]["proef"]["questions"] == 2
    status, printed = run(capsys, "check", "--content", folder)
    assert status == 1
    assert "1 fout(en) gevonden." in printed


def test_a_check_sees_an_edit_made_after_loading(make_content: MakeContent) -> None:
    folder = make_content()
    content.load_instrument("proef", folder)
    (folder / "proef" / "fase0.yaml").write_text("id: f0\n", "utf-8")
    assert not content.check_content(folder).sound


def test_a_folder_that_does_not_exist_is_a_finding(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = run(capsys, "check", "--content", tmp_path / "weg")
    assert status == 1
    assert "Deze map bestaat niet." in printed


def test_an_empty_folder_lists_everything_that_is_missing(tmp_path: pathlib.Path) -> None:
    facts = [str(finding) for finding in content.check_content(tmp_path).findings]
    for name in ("bronnen.yaml", "codes.yaml", "drempels.yaml", "kalender.yaml"):
        assert any(f"{name}: Dit bestand bestaat niet." in fact for fact in facts)
    assert any("Er is geen enkel instrument." in fact for fact in facts)


def test_files_and_folders_that_nobody_reads_are_findings(make_content: MakeContent) -> None:
    folder = make_content()
    (folder / "code.yaml").write_text("x: y\n", "utf-8")
    (folder / "proef" / "fase1.yml").write_text("x: y\n", "utf-8")
    (folder / "half").mkdir()
    (folder / "half" / "fase0.yaml").write_text("x: y\n", "utf-8")
    (folder / "LEESMIJ.txt").write_text("x", "utf-8")
    places = [finding.place for finding in content.check_content(folder).findings]
    assert places == ["content/proef/fase1.yml", "content/code.yaml", "content/half"]


def test_the_content_folder_can_be_set_in_the_environment(make_content: MakeContent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STS_CONTENT", str(make_content()))
    assert content.instrument_ids() == ("proef",)


@pytest.mark.parametrize("name", FORMS)
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    assert (CONTENT / "schema" / name).read_text("utf-8") == schemas()[name]


def test_no_schema_is_left_over() -> None:
    assert {path.name for path in (CONTENT / "schema").iterdir()} == set(FORMS)


def test_writing_the_schemas_a_second_time_changes_nothing(
    make_content: MakeContent, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_content()
    status, printed = run(capsys, "schema", "--content", folder)
    assert status == 0
    assert printed.count("geschreven") == len(FORMS)
    assert write_schemas(folder) == ()
    assert "waren al bij" in run(capsys, "schema", "--content", folder)[1]


def test_schemas_for_a_folder_that_is_not_there_are_told_in_a_sentence(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["content", "schema", "--content", str(tmp_path / "weg")]) == 1
    assert "konden niet geschreven worden" in capsys.readouterr().err


def as_an_editor_sees_it(path: pathlib.Path) -> Any:
    """Numbers as numbers, days as text: the way of YAML 1.2, which editors follow."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(child) for key, child in value.items()}
        if isinstance(value, list):
            return [plain(child) for child in value]
        return value.isoformat() if isinstance(value, date) else value

    return plain(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.yaml")), ids=lambda path: path.name)
def test_every_file_agrees_with_the_schema_it_names(path: pathlib.Path) -> None:
    reference = path.read_text("utf-8").splitlines()[0].split("$schema=")[1]
    schema = json.loads((path.parent / reference).read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_an_editor_sees_it(path), schema)


@pytest.mark.parametrize("name", FORMS)
def test_descriptions_in_a_schema_are_dutch_ones_only(name: str) -> None:
    schema = json.loads(schemas()[name])
    assert "description" not in schema
    assert all("description" not in part for part in schema.get("$defs", {}).values())
