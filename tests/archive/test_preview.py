"""The preview before closing: just what the archive will hide, why, and which notes stay out."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest
from figures.stored_school import SCHOOL, StoredSchool, usual

from stslib.archive import archive_session
from stslib.archive.preview import STOPPED, Preview, preview_of
from stslib.errors import UnknownSessionError
from stslib.figures.wording import HIDDEN
from stslib.model.instrument import SchoolLevel
from stslib.model.session import Change
from stslib.store import open_journal

SMALL_GROUP, FOLLOWS = "kleine groep", "zou uit een ander getal volgen"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A school with a class of three, and a session with figures, candidates, an indicator and notes."""
    stored = StoredSchool(tmp_path_factory.mktemp("school"))
    stored.bring_in("2024-2025", usual(1))
    stored.bring_in("2025-2026", usual(2))
    said = {
        ("school.f1.registratie", "score"): 6,
        ("school.f1", "note"): "nog bellen",
        ("school.f1", "note_archived"): True,
        ("school.f2", "note"): "voorzichtig zijn",
        ("school.f2.kiezen.focus.00000001", "group"): "de kleine klas",
        ("school.f2.kiezen.focus.00000001", "dimension"): "class",
        ("school.f2.kiezen.focus.00000001", "value"): "5A",
        ("school.f2.kiezen.focus.00000001", "status"): "all",
    }
    with open_journal(stored.data) as journal:
        trajectory = journal.create_trajectory(SCHOOL, [SchoolLevel.SECONDARY], None, "2025-2026")
        session = journal.create_session(trajectory.id)
        changes = [Change(item=item, field=name, value=value, edit_id=f"{item} {name}") for (item, name), value in said.items()]
        journal.append(session.id, changes, writer="test")
    return stored.data, session.id


@pytest.fixture(scope="module")
def preview(school: tuple[Path, str]) -> Preview:
    return preview_of(*school)


@pytest.fixture(scope="module")
def document(school: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return archive_session(*school, tmp_path_factory.mktemp("archief")).path.read_text("utf-8")


def dashes_of(document: str) -> dict[str, int]:
    """Title of every card in an archive -> the dashes in its table."""
    found = {}
    for card in re.findall(r'<figure class="card".*?</figure>', document, re.DOTALL):
        title = re.search(r'aria-label="([^"]*)"', card)
        assert title
        found[html.unescape(title[1])] = len(re.findall(rf"<td[^>]*>\s*{HIDDEN}\s*</td>", card))
    return found


def test_the_preview_lists_exactly_the_cells_that_the_archive_hides(preview: Preview, document: str) -> None:
    assert preview.problem == ""
    shown = {title: number for title, number in dashes_of(document).items() if number}
    assert shown
    assert {one.title: one.hidden for one in preview.figures if one.hidden} == shown
    assert all(one.hidden <= one.cells for one in preview.figures)


def test_a_small_class_is_told_as_the_reason_and_a_larger_one_as_what_it_would_follow_from(preview: Preview) -> None:
    by_class = next(one for one in preview.figures if one.hidden and SMALL_GROUP in one.reasons)
    assert FOLLOWS in by_class.reasons
    assert by_class.place.startswith("Aanwezig op school")


def test_a_figure_without_any_number_is_listed_with_the_sentence_in_its_place(preview: Preview) -> None:
    closed = [one for one in preview.figures if not one.cells]
    assert [one.reasons for one in closed] == [(one.title,) for one in closed]
    assert any("5A" in one.title for one in closed)


def test_no_reason_stands_in_the_archive(document: str) -> None:
    assert "hidden_why" not in document
    assert FOLLOWS not in document


def test_only_a_ticked_note_goes_along(preview: Preview, document: str) -> None:
    assert [name.split(":")[0] for name in preview.notes_out] == ["Fiche school, Fase 2"]
    assert [name.split(":")[0] for name in preview.notes_in] == ["Fiche school, Fase 1"]
    assert ("nog bellen" in document, "voorzichtig zijn" in document) == (True, False)


def test_a_page_that_asks_for_a_preview_loads_no_data_engine(school: tuple[Path, str]) -> None:
    heavy = ("pandas", "polars", "duckdb", "matplotlib", "numpy", "nbconvert")
    program = (
        "import sys; from pathlib import Path; from stslib.archive.preview import preview_of; "
        f"preview_of(Path({str(school[0])!r}), {school[1]!r}); print([m for m in {heavy!r} if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_stopping_ends_the_counting_and_says_so(school: tuple[Path, str]) -> None:
    stop = Event()
    stop.set()
    assert preview_of(*school, stop=stop) == Preview(problem=STOPPED)


def test_an_unknown_session_is_told(school: tuple[Path, str]) -> None:
    with pytest.raises(UnknownSessionError):
        preview_of(school[0], "bestaatniet")


def test_a_school_without_figures_says_so_and_hides_nothing(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        trajectory = journal.create_trajectory("Elders", [SchoolLevel.SECONDARY], None, "2025-2026")
        session = journal.create_session(trajectory.id)
        change = Change(item="school.f1.registratie", field="score", value=6, edit_id="een")
        journal.append(session.id, [change], writer="test")
    preview = preview_of(tmp_path, session.id)
    assert preview.figures == ()
    assert "geen afwezigheidscijfers" in preview.problem
