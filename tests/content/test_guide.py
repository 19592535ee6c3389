"""The guide for who edits the content: what it tells to type is typed into a copy, checked, and loaded."""

from __future__ import annotations

import json
import pathlib
import re
import shutil

import pytest

from stslib import content
from stslib.cli import main
from stslib.model.blocks import RowsBlock
from stslib.model.instrument import Layout

ROOT = pathlib.Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "inhoud-aanpassen.md").read_text("utf-8")


def example(title: str) -> str:
    """The block of YAML in the guide that starts with this comment."""
    found = re.search(rf"```yaml\n# {re.escape(title)}\n(.*?)```", GUIDE, re.DOTALL)
    assert found, title
    return found[1]


def put_in(path: pathlib.Path, after: str, text: str, indent: int = 0) -> None:
    """Put *text* below the first line that reads *after*, so many spaces in."""
    lines = path.read_text("utf-8").splitlines()
    assert after in lines, after
    place = lines.index(after) + 1
    lines[place:place] = [" " * indent + line if line else line for line in text.splitlines()]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def findings(folder: pathlib.Path) -> list[str]:
    return [str(finding) for finding in content.check_content(folder).findings]


def test_a_question_added_as_the_guide_says_is_asked(copy: pathlib.Path) -> None:
    phase = copy / "preventieplan" / "fase0.yaml"
    text = phase.read_text("utf-8")
    head, rest = text.split("      - id: verbindend-klimaat\n", 1)
    before, after = rest.split("        vragen:\n", 1)
    question = "".join(
        f"          {line}\n"
        for line in example("vraag in preventieplan/fase0.yaml, onderdeel verbindend-klimaat").splitlines()
    )
    phase.write_text(f"{head}      - id: verbindend-klimaat\n{before}        vragen:\n{question}{after}", "utf-8")
    assert findings(copy) == []
    plan = content.load_instrument("preventieplan", copy)
    assert "preventieplan.f0.verbindend-klimaat.onthaal-ouders" in {one.id for one in plan.questions()}
    assert content.check_content(copy).instruments["preventieplan"].questions == 108


def test_an_objective_with_a_scale_added_as_the_guide_says_is_there(copy: pathlib.Path) -> None:
    phase = copy / "preventieplan" / "fase3.yaml"
    objective = example("doelstelling in preventieplan/fase3.yaml") + "".join(
        f"      {line}\n" for line in example("schaal bij dat onderdeel").splitlines()
    )
    put_in(phase, "doelstellingen:", objective, 2)
    assert findings(copy) == []
    plan = content.load_instrument("preventieplan", copy)
    assert "preventieplan.f3.vervoer" in {one.id for one in plan.objectives()}
    assert "preventieplan.f3.weg-naar-school.schaal" in {one.id for one in plan.scales()}


def test_a_section_with_a_block_added_as_the_guide_says_is_there(copy: pathlib.Path) -> None:
    put_in(copy / "school" / "fase1.yaml", "onderdelen:", example("onderdeel in school/fase1.yaml"), 2)
    assert findings(copy) == []
    block = next(one for one in content.load_instrument("school", copy).blocks() if one.id == "school.f1.buurt.plekken")
    assert isinstance(block, RowsBlock)
    assert [column.id for column in block.columns] == ["plek", "weten", "band"]


def test_an_instrument_added_as_the_guide_says_is_served_like_the_others(copy: pathlib.Path) -> None:
    (copy / "klasraad").mkdir()
    for name in ("instrument.yaml", "rondje.yaml"):
        (copy / "klasraad" / name).write_text(example(f"bestand klasraad/{name}"), "utf-8")
    assert findings(copy) == []
    assert content.instrument_ids(copy)[-1] == "klasraad"
    added = content.load_instrument("klasraad", copy)
    assert (added.layout, added.phases[0].frame.minutes) == (Layout.PAGE, 15)
    assert [line.id for line in added.phases[0].frame.results] == ["klasraad.rondje.een-ding"]


def test_the_notebook_of_a_page_names_its_instrument_where_the_guide_says() -> None:
    text = (ROOT / "notebooks" / "leerkracht.ipynb").read_text("utf-8")
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    assert any('open_page("leerkracht")' in source for source in sources)
    mark = json.loads(text)["metadata"]["sts"]
    assert {"title", "intro", "turn"} <= set(mark)
    changed = text.replace("leerkracht", "klasraad").replace(mark["title"], "Klassenraad")
    assert 'open_page(\\"klasraad\\")' in changed


def test_a_question_retired_as_the_guide_says_keeps_its_text(copy: pathlib.Path) -> None:
    phase = copy / "preventieplan" / "fase0.yaml"
    text = phase.read_text("utf-8")
    without = re.sub(r"          - id: pauzes\n(            .*\n)+", "", text, count=1)
    assert without != text
    phase.write_text(without, "utf-8")
    assert any("'f0.verbindend-klimaat.pauzes' was uitgegeven en is verdwenen" in line for line in findings(copy))
    head = copy / "preventieplan" / "instrument.yaml"
    head.write_text(head.read_text("utf-8") + "\n" + example("vervallen in preventieplan/instrument.yaml"), "utf-8")
    assert findings(copy) == []
    (retired,) = content.load_instrument("preventieplan", copy).retired
    assert retired.id == "preventieplan.f0.verbindend-klimaat.pauzes"
    assert retired.text.endswith("tijdens de pauzes?")


def test_every_command_in_the_guide_exists(capsys: pytest.CaptureFixture[str]) -> None:
    tasks = set(re.findall(r"sts content ([a-z-]+)", GUIDE))
    assert tasks == {"check", "schema", "register", "wording-out", "wording-in"}
    for task in sorted(tasks):
        with pytest.raises(SystemExit) as ended:
            main(["content", task, "--help"])
        assert ended.value.code == 0
    help_text = capsys.readouterr().out
    for option in set(re.findall(r"(?<=[` ])(--[a-z]+)", GUIDE)):
        assert option in help_text


def test_every_kind_of_block_and_field_is_in_the_guide() -> None:
    schema = json.loads((ROOT / "content" / "schema" / "fase.json").read_text("utf-8"))
    kinds = {
        form["properties"]["soort"]["const"]
        for form in schema["$defs"].values()
        if "const" in form.get("properties", {}).get("soort", {})
    }
    assert kinds == {"velden", "rijen", "focus", "acties", "indicator", "affiche", "wegwijzer"}
    for word in {*kinds, *schema["$defs"]["FieldKind"]["enum"]}:
        assert f"`{word}`" in GUIDE, word


def test_links_inside_the_guide_lead_somewhere() -> None:
    heads = {
        re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.*)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", GUIDE)) <= heads
