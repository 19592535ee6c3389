"""The documents stay true: what they refer to is there, and their pictures are taken from the running pages."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "exports" / "README.md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_links_to_is_there(document: Path) -> None:
    linked = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in linked if not (document.parent / link).exists()] == []


@pytest.mark.browser
def test_the_pictures_can_be_taken_again_from_the_example(browser, tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "docs" / "make_pictures.py"))
    taken = script["take_pictures"](tmp_path / "beelden", tmp_path / "gegevens", browser)
    assert {path.name for path in taken} == {path.name for path in (ROOT / "docs" / "beelden").glob("*.png")}
    assert all(path.stat().st_size > 10_000 for path in taken)
