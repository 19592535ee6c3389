"""The documents stay true: what they refer to is there, what they quote stands on the pages, their pictures can be taken."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shlex
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from stslib.cli import COMMANDS, main
from stslib.server.markdown import anchor_of

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDE = sorted((DOCS / "gids").glob("*.md"))
CHAPTERS = [path for path in GUIDE if path.name != "README.md"]
DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.glob("*.md")), *GUIDE, ROOT / "exports" / "README.md"]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,4} (.+)$", re.MULTILINE)
LABEL = re.compile(r"\*\*([^*]+)\*\*")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`)[ ]*((?:sts|python3 run\.py|py run\.py) [^`\n]*)", re.MULTILINE)
WIDEST, ALL_BYTES, LEAST_BYTES = 1280, 2_500_000, 8_000
TAKEN_AGAIN = ("portaal", "breed-kijken", "waarom-dit-getal", "presentatie")
"""Pictures that the test takes: a whole page, a step, a part after a click, and presentation; all take a minute and more."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(anchor_of(heading) for heading in HEADING.findall(FENCE.sub("", text_of(path))))


# -- links and pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_link_of_a_document_leads_to_a_file_and_a_heading_that_are_there(document: Path) -> None:
    broken = []
    for _, _, link in LINK.findall(FENCE.sub("", text_of(document))):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_picture_says_in_words_what_it_shows(document: Path) -> None:
    told = [text for sign, text, _ in LINK.findall(text_of(document)) if sign]
    assert [text for text in told if len(text.split()) < 4] == []


def test_every_picture_is_used_and_can_be_taken() -> None:
    script = runpy.run_path(str(DOCS / "make_pictures.py"))
    shown = {Path(link).name for path in DOCUMENTS for sign, _, link in LINK.findall(text_of(path)) if sign}
    assert {path.name for path in (DOCS / "beelden").glob("*")} == shown
    assert {f"{picture.name}.png" for picture in script["PICTURES"]} == shown


def test_the_pictures_are_light_and_no_wider_than_a_page() -> None:
    image = pytest.importorskip("PIL.Image")
    pictures = sorted((DOCS / "beelden").glob("*.png"))
    assert sum(path.stat().st_size for path in pictures) < ALL_BYTES
    for path in pictures:
        with image.open(path) as opened:
            assert (path.name, opened.mode) == (path.name, "P")
            assert opened.width <= WIDEST, path.name


@pytest.mark.browser
def test_the_pictures_can_be_taken_again_from_the_example(browser, tmp_path: Path) -> None:
    script = runpy.run_path(str(DOCS / "make_pictures.py"))
    some = [picture for picture in script["PICTURES"] if picture.name in TAKEN_AGAIN]
    taken = script["take_pictures"](tmp_path / "beelden", tmp_path / "gegevens", browser, some)
    assert [path.stem for path in taken] == [picture.name for picture in some]
    assert [path.name for path in taken if path.stat().st_size < LEAST_BYTES] == []


# -- the guide -----------------------------------------------------------------------------------------------------------------


def test_the_contents_of_the_guide_name_every_chapter_in_its_order() -> None:
    listed = [link for _, _, link in LINK.findall(text_of(DOCS / "gids" / "README.md")) if re.match(r"\d\d-", link)]
    assert listed == [path.name for path in CHAPTERS]


def test_every_heading_of_the_guide_has_an_anchor_of_its_own() -> None:
    found = Counter(anchor_of(heading) for path in CHAPTERS for heading in HEADING.findall(FENCE.sub("", text_of(path))))
    assert [anchor for anchor, times in found.items() if times > 1] == []


def test_every_chapter_opens_with_its_title_and_has_no_other() -> None:
    for path in CHAPTERS:
        text = FENCE.sub("", text_of(path))
        assert text.startswith("# "), path.name
        assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1, path.name


# -- what the guide quotes -----------------------------------------------------------------------------------------------------


def strings_of_script(text: str) -> Iterator[str]:
    """The texts in a script; what a template fills in becomes a blank that anything fits."""
    for found in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', text):
        yield re.sub(r"\$\{[^}]*\}", "\0", next(part for part in found.groups() if part is not None))


def strings_of_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.JoinedStr):
            parts = (str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def strings_of_markup(text: str) -> Iterator[str]:
    yield from re.findall(r">([^<>{}]+)<", text)


def strings_within(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_within(inner)


@cache
def interface() -> tuple[frozenset[str], tuple[tuple[int, re.Pattern[str]], ...]]:
    """Every text that the pages can show: whole ones, and those with blanks with how much of them is written."""
    texts: set[str] = set()
    for path in sorted((ROOT / "stslib").rglob("*")):
        if path.suffix == ".js":
            texts |= set(strings_of_script(text_of(path)))
        elif path.suffix == ".py":
            texts |= set(strings_of_python(text_of(path)))
        elif path.suffix in (".html", ".j2"):
            texts |= set(strings_of_markup(text_of(path)))
    for path in sorted((ROOT / "content").rglob("*.yaml")):
        texts |= set(strings_within(yaml.safe_load(text_of(path))))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        texts |= set(strings_within(json.loads(text_of(path))["metadata"]))
    texts = {text.strip() for text in texts}
    blanks = [text.split("\0") for text in texts if "\0" in text]
    texts |= {parts[0].rstrip(": ") for parts in blanks if parts[0].rstrip().endswith(":")}
    patterns = ((sum(map(len, parts)), re.compile(".+".join(map(re.escape, parts)))) for parts in blanks)
    return frozenset(texts), tuple(patterns)


def stands_on_a_page(label: str) -> bool:
    """Whether a page shows *label*: as a text of its own, or as one with blanks of which most is written."""
    whole, patterns = interface()
    return label in whole or any(written > 0.6 * len(label) and one.fullmatch(label) for written, one in patterns)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
def test_what_stands_in_bold_in_the_guide_stands_on_the_pages(chapter: Path) -> None:
    quoted = {" ".join(label.split()) for label in LABEL.findall(FENCE.sub("", text_of(chapter)))}
    assert sorted(label for label in quoted if not stands_on_a_page(label)) == []


@pytest.mark.parametrize("label", ["Sessie archiveren en verzenden", "Alles wissen", "bewaard door de begeleider"])
def test_a_label_that_no_page_shows_is_noticed(label: str) -> None:
    assert not stands_on_a_page(label)


# -- commands ------------------------------------------------------------------------------------------------------------------


def commands_of(document: Path) -> list[str]:
    """Every command that a document names, as words for ``sts``, without what may be left out; no list of several."""
    found = []
    for written in COMMAND.findall(text_of(document)):
        words = re.sub(r"^(?:sts|python3 run\.py|py run\.py) ", "", written.split("  #")[0].strip())
        words = re.sub(r"\s*\[[^\]]*\]", "", words)
        if words.split()[0] in COMMANDS and not re.search("[…|]", words):
            found.append(words)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_that_a_document_names_is_understood(
    document: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    misunderstood = []
    for words in commands_of(document):
        name, *rest = shlex.split(words)
        monkeypatch.setattr(import_module("stslib.cli." + ("import_" if name == "import" else name)), "run", lambda _: 0)
        try:
            main([name, *rest])
        except SystemExit:
            told = capsys.readouterr().err
            # The name of a command in a sentence stands without what it takes.
            if any(word.startswith("-") for word in rest) or "arguments are required" not in told:
                misunderstood.append((words, told.splitlines()[-1]))
    assert misunderstood == []


def test_the_documents_name_commands_at_all() -> None:
    assert sum(len(commands_of(path)) for path in DOCUMENTS) > 20
