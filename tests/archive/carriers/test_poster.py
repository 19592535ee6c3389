"""The poster of a session: what it says, that it holds all of it, and that a text on it stays text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from threading import Event

import pypdfium2
import pytest
from PIL import Image
from support.running import chromium_path

from stslib.archive.carriers import poster_of
from stslib.archive.carriers.poster import FITS, fitted, newest_archive, pictured, poster_page, told_by
from stslib.archive.carriers.poster_content import (
    Change,
    PinnedSentence,
    Planned,
    PosterContent,
    figure_places,
    poster_content,
    poster_state,
)
from stslib.archive.carriers.printing import page_count
from stslib.errors import ArchiveError, ArchiveStopped
from stslib.model.instrument import SchoolLevel
from stslib.model.session import Change as Edit
from stslib.store import open_journal

A3, A4 = (841.92, 1191.12), (594.96, 841.92)
POSTER, FOCUS, INDICATOR = "school.f5.terugblik.affiche", "school.f2.kiezen.focus", "school.f3.op-koers.indicator"

BARE = PosterContent(
    school="Basisschool De Linde",
    day="dinsdag 3 november 2026",
    since="2025-2026",
    title="Samen op tijd",
    group="",
    problem="",
    impact="",
    goal="",
    planned=(),
    more_planned=0,
    done=(),
    more_done=0,
    changes=(),
    texts=(),
    lines=(),
    demo=False,
)

needs_chromium = pytest.mark.skipif(chromium_path() is None, reason="Chromium is not installed")


def browser() -> Path:
    return Path(chromium_path() or "")


def words(characters: int, mark: str = "w") -> str:
    """A text of about that many characters in which each word is another one."""
    return " ".join(f"{mark}{number:04d}" for number in range(characters // 6 + 1))


@pytest.fixture
def session(tmp_path: Path):
    """A data folder and an empty session in it; writes fields into it."""
    data = tmp_path / "gegevens"
    with open_journal(data) as journal:
        made = journal.create_session(
            journal.create_trajectory("Sint-Jozef & Co", [SchoolLevel.SECONDARY], None, "2025-2026").id
        )

    def write(*fields: tuple[str, str, object]) -> None:
        with open_journal(data) as journal:
            edits = [Edit(item=item, field=field, value=value, edit_id=f"{item} {field}") for item, field, value in fields]
            journal.append(made.id, edits, writer="test")

    return data, made.id, write


def content_of(data: Path, session_id: str) -> PosterContent:
    return poster_content(*poster_state(data, session_id))


def action(number: int, what: str, **fields: object) -> list[tuple[str, str, object]]:
    return [(f"actie.{number:08x}", name, value) for name, value in {"what": what, **fields}.items()]


# -- what it says ------------------------------------------------------------------------------------------------------------


def test_it_says_what_the_school_chose_plans_did_and_thinks(session) -> None:
    data, identity, write = session
    focus = f"{FOCUS}.0000000a"
    write(
        ("sessie", "date", "3/11/2026"),
        *((focus, name, name) for name in ("group", "problem", "impact")),
        (focus, "chosen", True),
        ("school.f3.wat.doel", "hoofddoel", "Minder te laat"),
        *action(1, "Bellen", who="secretariaat", when="16/5/2027", origin=focus),
        *action(2, "Onthaal", state="done", origin=focus),
        *action(3, "Nablijven", state="stopped", origin=focus),
        (POSTER, "titel", "Samen op tijd"),
        (POSTER, "trots", "De maandag"),
        (POSTER, "dank", "het secretariaat"),
    )
    made = content_of(data, identity)
    assert (made.school, made.day, made.title) == ("Sint-Jozef & Co", "dinsdag 3 november 2026", "Samen op tijd")
    assert (made.group, made.problem, made.impact, made.goal) == ("group", "problem", "impact", "Minder te laat")
    assert made.planned == (Planned("Bellen", "secretariaat", "16/05/2027"),)
    assert made.done == ("Onthaal",)
    assert made.texts == (("Hier zijn we trots op", "De maandag"),)
    assert made.lines == (("Dank aan", "het secretariaat"),)


def test_actions_from_a_conversation_about_somebody_never_hang_on_the_wall(session) -> None:
    data, identity, write = session
    write(
        *action(1, "Iedereen", origin="school.f3.wat"),
        *action(2, "Over deze leerkracht", origin="leerkracht.verduurzamen"),
        *action(3, "Over dit gezin", origin="ouders.focus", state="done"),
    )
    made = content_of(data, identity)
    assert [one.what for one in made.planned] == ["Iedereen"]
    assert made.done == ()


def test_many_actions_are_counted_but_one_more_is_named(session) -> None:
    data, identity, write = session
    write(*(field for number in range(13) for field in action(number, f"actie {number}")))
    assert (len(content_of(data, identity).planned), content_of(data, identity).more_planned) == (13, 0)
    write(*action(13, "nog een"))
    assert (len(content_of(data, identity).planned), content_of(data, identity).more_planned) == (12, 2)


def test_scores_that_moved_are_told_and_what_is_no_number_is_not(session) -> None:
    data, first, write = session
    scale = "school.f1.registratie.schaal"
    write((scale, "score", 4), ("school.f1.beleid.schaal", "score", "unknown"))
    with open_journal(data) as journal:
        second = journal.create_session(journal.session(first).trajectory_id).id
        edits = [(scale, "score", 7), ("school.f1.beleid.schaal", "score", 5), (POSTER, "titel", "x")]
        journal.append(second, [Edit(item=a, field=b, value=c, edit_id=f"{a} {b}") for a, b, c in edits], writer="test")
    assert content_of(data, second).changes == (Change("Registratie", 4, 7),)


def test_an_empty_poster_is_not_made_and_says_where_to_begin(session, tmp_path: Path) -> None:
    data, identity, write = session
    write(("school.f1.registratie.schaal", "score", 4), (POSTER, "titel", "   "))
    with pytest.raises(ArchiveError, match="nog niets om op te hangen") as told:
        poster_of(data, identity, tmp_path / "uit")
    assert "Affiche voor de lerarenkamer" in told.value.remedy
    assert not (tmp_path / "uit").exists()


def test_the_poster_tells_the_figure_that_the_archive_tells_first_that_of_the_poster_itself(session) -> None:
    data, identity, write = session
    focus = f"{FOCUS}.0000000a"
    write((focus, "group", "x"), (focus, "chosen", True))
    places = figure_places(*poster_state(data, identity))
    assert places[:3] == [POSTER, INDICATOR, focus]
    of_focus, of_indicator = (
        {"title": title, "pinned_to": place, "rows": [["1"]], "counted_on": "03/11/2026"}
        for title, place in (("focus", focus), ("indicator", INDICATOR))
    )
    elsewhere = {**of_focus, "title": "elders", "pinned_to": "school.f1"}
    hidden = {**of_indicator, "title": "te klein", "rows": []}
    told = [
        told_by({"figures": figures}, places)
        for figures in ([elsewhere], [of_focus, elsewhere], [of_focus, of_indicator], [of_focus, hidden])
    ]
    assert told == [None, *(PinnedSentence(one, "03/11/2026") for one in ("focus", "indicator", "focus"))]


# -- a text stays text -------------------------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """Every tag and attribute that a page really has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


def test_nothing_that_was_typed_becomes_markup(payloads: tuple[str, ...]) -> None:
    plain, hostile = Tags(), Tags()
    text = "\n".join(one for one in payloads if len(one) < 1_000).encode("utf-8", "replace").decode()

    def filled(text: str) -> PosterContent:
        four = dict.fromkeys(("school", "day", "since", "title", "group", "problem", "impact", "goal"), text)
        lists = {"planned": (Planned(text, text, text),), "done": (text,), "changes": (Change(text, 1, 2),)}
        own = {"texts": ((text, text),), "lines": ((text, text),), "pinned": PinnedSentence(text, text)}
        return PosterContent(**four, **lists, **own, more_planned=2, more_done=2, demo=True)

    harmless, page = (poster_page(filled(one), "a3", fits=[1.0]).decode() for one in ("tekst", text))
    plain.feed(harmless)
    hostile.feed(page)
    assert hostile.found == plain.found
    assert not {"script", "img", "link", "iframe", "a", "svg"} & hostile.found
    assert "default-src 'none'" in page
    assert page.split("<style>")[1].split("</style>")[0] == harmless.split("<style>")[1].split("</style>")[0]


# -- on paper ----------------------------------------------------------------------------------------------------------------


def seen(pdf: bytes) -> tuple[str, bool]:
    """All text of a PDF, and whether each character of it lies on its page."""
    texts, inside = [], True
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            texts.append(text.get_text_range())
            boxes = [text.get_charbox(number) for number in range(text.count_chars())]
            inside &= all(
                left > -1 and bottom > -1 and right < width + 1 and top < height + 1 for left, bottom, right, top in boxes
            )
    return " ".join(" ".join(texts).split()), inside


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize(("characters", "sheets"), [(20, 1), (600, 1), (6_000, 2)])
def test_every_word_of_a_text_of_any_length_is_on_the_paper_and_in_the_picture(characters: int, sheets: int) -> None:
    whole = words(characters)
    content = replace(
        BARE, group=words(60, "g"), texts=(("Wat werkte", whole), ("Hier zijn we trots op", words(characters // 2, "t")))
    )
    pdf, page = fitted(browser(), content, "a3")
    text, inside = seen(pdf)
    assert page_count(pdf) == sheets
    assert inside
    assert set(whole.split()) | set(words(characters // 2, "t").split()) <= set(text.split())
    assert ("blad 2 van 2" in text) == (sheets == 2)
    picture = Image.open(io.BytesIO(pictured(browser(), page, "a3", sheets=sheets))).convert("RGB")
    assert picture.width == 1754
    assert picture.height == 2480 if sheets == 1 else picture.height > 2480
    assert picture.getcolors(1 << 20) is not None
    assert (255, 0, 254) not in {color for _, color in picture.getcolors(1 << 20)}


@pytest.mark.browser
@needs_chromium
def test_little_text_is_large_and_much_text_is_small() -> None:
    sizes = []
    for characters in (20, 1_500):
        _, page = fitted(browser(), replace(BARE, texts=(("Wat werkte", words(characters)),)), "a4")
        sizes.append(float(re.search(rb"--fit: ([0-9.]+)", page)[1]))
    assert sizes[0] == FITS[0] > 2 * sizes[1] > 2 * FITS[-1]


@pytest.mark.browser
@needs_chromium
def test_the_poster_stands_beside_the_newest_archive_and_tells_only_figures_that_it_tells(archived, tmp_path: Path) -> None:
    pdf, picture = poster_of(archived.data, archived.session_id, archived.out, size="a4")
    stem = archived.result.path.stem
    assert (pdf.name, picture.name) == (f"{stem}_affiche-a4.pdf", f"{stem}_affiche-a4.png")
    assert pdf.parent == picture.parent == archived.result.path.parent
    with pypdfium2.PdfDocument(pdf) as document:
        assert {tuple(round(side, 2) for side in page.get_size()) for page in document} == {A4}
    text, inside = seen(pdf.read_bytes())
    assert inside
    assert "<script>alert(1)</script>" in text
    assert "Onze focus" in text
    assert '<img src=x onerror=alert("school")> & Co' in text
    for path in (pdf, picture):
        path.unlink()


@pytest.mark.browser
@needs_chromium
def test_without_an_archive_it_stands_where_that_would_be_and_tells_no_figure(session, tmp_path: Path) -> None:
    data, identity, write = session
    shown = {
        "title": "Een cijfer uit de kamer",
        "policy": "record",
        "counted_on": "2026-11-03",
        "columns": ["a"],
        "rows": [["1"]],
    }
    pin = "cijfer.00000001"
    write(
        (POSTER, "titel", "Wij"),
        ("sessie", "date", "3/11/2026"),
        (pin, "origin", POSTER),
        (pin, "shown", shown),
        (pin, "definition", {"figure": "reach"}),
    )
    pdf, picture = poster_of(data, identity, tmp_path / "uit map")
    assert pdf == tmp_path / "uit map" / "sint-jozef-co" / f"2026-11-03_sessie-1_{identity}_affiche-a3.pdf"
    assert sorted(pdf.parent.iterdir()) == [pdf, picture]
    with pypdfium2.PdfDocument(pdf) as document:
        assert tuple(round(side, 2) for side in document[0].get_size()) == A3
    assert "cijfer" not in seen(pdf.read_bytes())[0]


@pytest.mark.browser
@needs_chromium
def test_stopping_leaves_nothing(session, tmp_path: Path) -> None:
    data, identity, write = session
    write((POSTER, "titel", "Wij"))
    stop = Event()
    stop.set()
    with pytest.raises(ArchiveStopped):
        poster_of(data, identity, tmp_path / "uit", stop=stop)
    assert not (tmp_path / "uit").exists()


def test_the_newest_archive_is_the_one_with_the_highest_version_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    for name in ("a_3f2a_v9.html", "school/b_3f2a_v10.html", "school/b_3f2ab_v11.html", "school/b_3f2a_v12.pdf"):
        (tmp_path / name).touch()
    assert newest_archive(tmp_path, "3f2a") == tmp_path / "school" / "b_3f2a_v10.html"
    assert newest_archive(tmp_path, "3f") is None
    assert newest_archive(tmp_path / "nergens", "3f2a") is None
