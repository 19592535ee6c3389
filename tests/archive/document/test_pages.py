"""What the cells of the archive notebook put out, without a kernel."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from stslib.archive.document.pages import Pages
from stslib.archive.document.plain import shown
from stslib.archive.making import rendered as sealed_page
from stslib.charts.style import new_figure, to_png
from stslib.content import load_instrument
from stslib.errors import DatasetError
from stslib.forms.state import FormState
from stslib.model.figure import Explanation, FigureCard
from stslib.model.instrument import Instrument, SchoolLevel
from stslib.model.session import Change
from stslib.store import SqlJournal, open_journal


@pytest.fixture
def instrument() -> Instrument:
    return load_instrument("preventieplan")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with open_journal(tmp_path) as opened:
        yield opened


def a_session(journal: SqlJournal, *, demo: bool = False) -> str:
    """A session on the prevention plan, with one score."""
    trajectory = journal.create_trajectory("Sint-Voorbeeld", [SchoolLevel.SECONDARY], None, "2025-2026", demo=demo)
    session = journal.create_session(trajectory.id).id
    first = Change(item="preventieplan.f0.registratie.schaal", field="score", value=6, edit_id="eerste")
    journal.append(session, [first], writer="w")
    return session


def pages_of(journal: SqlJournal, session_id: str, instrument: Instrument, data: Path) -> Pages:
    return Pages(FormState(journal, session_id, instrument), data)


def rendered(pages: Pages) -> str:
    """The page, made the way an archive is made, but for the kernel."""
    parts = [pages.cover(), pages.instruments(), pages.overview(), pages.account()]
    cells = []
    for part in parts:
        data = json.loads(json.dumps(part._repr_mimebundle_()))
        output = nbformat.v4.new_output("execute_result", data=data, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))
    notebook = nbformat.v4.new_notebook(cells=cells)
    manifest = {**parts[-1].facts["manifest"], "version": 1, "earlier_versions": []}
    return sealed_page(notebook, "index.html.j2", manifest).decode()


def a_card(identity: str) -> FigureCard:
    return FigureCard(
        id=identity,
        title=f"Titel van {identity} <script>alert(1)</script>",
        alt=f"Wat {identity} toont",
        columns=("Groep", "Aandeel"),
        rows=(("1ste graad", "4,2\u00a0%"), ("<b>klas</b>", "–")),
        why=(Explanation(label="Periode", text="september tot juni"),),
        policy="record",
        counted_on=date(2026, 11, 3),
        png=b64encode(to_png(new_figure(1, 1))),
    )


@pytest.fixture
def with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """A school with stored figures, as far as the archive can see; the list gets what was asked."""
    (tmp_path / "absences").mkdir()
    asked: list[dict[str, object]] = []

    def cards(_absences: object, ids: list[str], *, policy: str, today: date) -> Iterator[FigureCard]:
        asked.append({"ids": ids, "policy": policy, "today": today})
        return (a_card(identity) for identity in ids)

    monkeypatch.setattr("stslib.absences.has_absences", lambda _data, _school: True, raising=False)
    monkeypatch.setattr("stslib.figures.library.load_absences", lambda _school, _data: SimpleNamespace(hidden_for=set()))
    monkeypatch.setattr("stslib.figures.cards.announced", lambda absences, _definitions: absences, raising=False)
    monkeypatch.setattr("stslib.figures.figure_cards", cards, raising=False)
    return asked


def test_a_demo_is_marked_on_its_cover(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    assert "deze school bestaat niet" in rendered(pages_of(journal, a_session(journal, demo=True), instrument, tmp_path))
    assert "deze school bestaat niet" not in rendered(pages_of(journal, a_session(journal), instrument, tmp_path))


def test_an_instrument_with_one_score_is_shown_whole(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    document = rendered(pages_of(journal, a_session(journal), instrument, tmp_path))
    assert document.count("Geen antwoord genoteerd.") > 90
    assert "geen actie gepland" in document
    assert document.count("niet besproken") >= 25


def test_an_empty_session_can_be_archived(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    trajectory = journal.create_trajectory("Sint-Voorbeeld", [SchoolLevel.SECONDARY], None, "2025-2026")
    pages = pages_of(journal, journal.create_session(trajectory.id).id, instrument, tmp_path)
    assert "in geen enkel instrument iets ingevuld" in rendered(pages)
    assert pages.account().facts["manifest"]["instruments"] == {}


def test_what_does_not_apply_to_the_school_is_left_out_and_named(
    journal: SqlJournal, instrument: Instrument, tmp_path: Path
) -> None:
    session_id = a_session(journal)
    objective = instrument.phases[1].objectives[0]
    journal.append(session_id, [Change(item=objective.id, field="applicable", value=False, edit_id="1")], writer="w")
    (shown_instrument,) = pages_of(journal, session_id, instrument, tmp_path).instruments().facts["instruments"]
    phase = shown_instrument["phases"][1]
    assert phase["left_out"] == [objective.title]
    shown_titles = [one["title"] for kind in phase["kinds"] for one in kind["objectives"]]
    assert objective.title not in shown_titles
    assert len(phase["pictures"]["table"]["rows"]) == len(list(instrument.phases[1].sections())) - len(objective.sections)


def test_a_typed_day_is_used_for_name_and_cover(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    session_id = a_session(journal)
    journal.append(session_id, [Change(item="sessie", field="date", value="3/11/2026", edit_id="1")], writer="w")
    pages = pages_of(journal, session_id, instrument, tmp_path)
    assert pages.cover().facts["day"] == "dinsdag 3 november 2026"
    assert pages.account().facts["file_stem"] == f"2026-11-03_sint-voorbeeld_{session_id}"


def test_an_action_without_owner_or_day_is_shown_as_unfinished(
    journal: SqlJournal, instrument: Instrument, tmp_path: Path
) -> None:
    session_id = a_session(journal)
    origin = next(instrument.objectives()).id
    values = {"origin": origin, "what": "Overleg", "when": "na de vakantie"}
    changes = [Change(item="actie.00000001", field=field, value=value, edit_id=field) for field, value in values.items()]
    journal.append(session_id, changes, writer="w")
    document = rendered(pages_of(journal, session_id, instrument, tmp_path))
    assert document.count("nog in te vullen: wie, wanneer") == 2  # in its phase and in the overview
    assert '<li><span dir="auto">Overleg</span>: <strong>wie, wanneer</strong></li>' in document


def test_both_texts_of_a_conflict_are_kept(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    session_id = a_session(journal)
    question = next(instrument.questions())
    for writer in ("een", "twee"):
        one = Change(item=question.id, field="answer", value=f"tekst van {writer}", edit_id=writer)
        journal.append(session_id, [one], writer=writer)
    pages = pages_of(journal, session_id, instrument, tmp_path)
    assert pages.overview().facts["conflicts"] == [{"what": question.text, "one": "tekst van een", "other": "tekst van twee"}]
    assert "Nog te beslissen" in rendered(pages)


def test_figures_stand_beside_the_first_section_they_bear_on(
    journal: SqlJournal, instrument: Instrument, tmp_path: Path, with_figures: list[dict[str, object]]
) -> None:
    pages = pages_of(journal, a_session(journal), instrument, tmp_path)
    wanted = list(dict.fromkeys(identity for section in instrument.sections() for identity in section.figures))
    document = rendered(pages)
    assert [call["policy"] for call in with_figures] == ["record"]
    assert with_figures[0]["ids"] == wanted
    document = document.split("<!--sts:deel gegevens-->")[0]
    for identity in wanted:
        assert document.count(f"Titel van {identity} &lt;script&gt;") == 4  # heading, figure, table, row of the account
        assert document.count(f'alt="Wat {identity} toont"') == 1
    assert "&lt;b&gt;klas&lt;/b&gt;" in document
    assert "Waarom dit getal?" in document
    assert "<script" not in document


def test_without_stored_figures_the_archive_says_so(journal: SqlJournal, instrument: Instrument, tmp_path: Path) -> None:
    assert "geen afwezigheidscijfers ingelezen" in rendered(pages_of(journal, a_session(journal), instrument, tmp_path))


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (DatasetError("cijfers", "Het bestand is beschadigd.", ""), "Het bestand is beschadigd."),
        (KeyError("Jan Janssens, 12 halve dagen"), "(KeyError)"),
    ],
)
def test_figures_that_fail_do_not_stop_the_archive_and_tell_nothing_of_a_pupil(
    journal: SqlJournal,
    instrument: Instrument,
    tmp_path: Path,
    with_figures: list[dict[str, object]],
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    told: str,
) -> None:
    def failing(*_: object, **__: object) -> object:
        raise problem

    monkeypatch.setattr("stslib.figures.figure_cards", failing, raising=False)
    document = rendered(pages_of(journal, a_session(journal), instrument, tmp_path))
    assert told in document
    assert "Janssens" not in document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("nul \x00 bel \x07 halve \ud83d", "nul \ufffd bel \ufffd halve \ufffd"),
        ("tab\tblijft \U0001f600", "tab\tblijft \U0001f600"),
    ],
)
def test_only_what_a_page_cannot_hold_is_replaced(text: str, expected: str) -> None:
    assert shown(text) == expected
