"""The session on one A4 page: what stands on it, what is left for later pages, and that it never becomes two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2
import pytest

from stslib.archive import making
from stslib.archive.document.agreed import DECIDED
from stslib.archive.document.counted import Counted
from stslib.archive.document.measure import lines_of
from stslib.archive.document.pages import Pages, all_instruments
from stslib.archive.document.plain import css_text
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument, SchoolLevel
from stslib.model.session import Change
from stslib.store import SqlJournal, open_journal

LONG = "We bellen elke ouder dezelfde voormiddag nog op en noteren wat die vertelt in het leerlingendossier, " * 4
WIDE = "WWWWMMMM" * 60
FOCUS = "school.f2.kiezen.focus.00000001"
View = dict[str, Any]
Values = dict[tuple[str, str], object]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> list[Instrument]:
    return all_instruments(tmp_path_factory.mktemp("leeg"), set())


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with open_journal(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the school's figures: a pinned one tells what its definition says."""

    def again(_: Counted, definition: Mapping[str, Any]) -> View:
        return {
            "title": definition["figure"],
            "columns": ["a"],
            "rows": [["1"]],
            "counted_on": "03/03/2026",
            "why": [],
            "png": "",
            "alt": "x",
        }

    monkeypatch.setattr(Counted, "again", again)


@pytest.fixture
def pages(journal: SqlJournal, tmp_path: Path, every: list[Instrument]) -> Callable[..., Pages]:
    """Makes the pages of a session that holds *values*; of the next one each time."""
    trajectory = journal.create_trajectory("Sint-Voorbeeld", [SchoolLevel.SECONDARY], None, "2025-2026")

    def made(values: Values) -> Pages:
        session = journal.create_session(trajectory.id).id
        first, *others = every
        changes = [
            Change(item=item, field=field, value=value, edit_id=f"{session} {item} {field}")
            for (item, field), value in {("sessie", "date"): "3/3/2026", **values}.items()
        ]
        journal.append(session, changes, writer="test")
        return Pages(FormState(journal, session, first, others=others), tmp_path)

    return made


def summary_of(pages: Pages) -> View:
    view: View = pages.overview().facts["summary"]
    return view


def action(number: int, **texts: str) -> Values:
    return {(f"actie.{number:08x}", field): text for field, text in {"origin": "school.f3.wat", **texts}.items()}


def stuffed(every: list[Instrument], text: str = LONG, actions: int = 60) -> Values:
    """Everything that can stand on the first page, with *text* in each field."""
    values: Values = {("sessie", "title"): text, ("sessie", "participants"): text}
    values |= {(scale.id, "score"): 6 for one in every for scale in one.scales()}
    values |= {(scale.id, "target"): 8 for one in every for scale in one.scales()}
    values |= {(FOCUS, name): text for name in ("group", "problem", "impact")} | {(FOCUS, "chosen"): True}
    values |= {("school.f3.wat.doel", "hoofddoel"): text}
    values |= {(f"school.f3.wat.tussendoelen.{number:08x}", "tekst"): text for number in range(12)}
    for number in range(actions):
        values |= action(number, what=text, who=text, when=f"{number % 27 + 1}/4/2026")
    for number in range(5):
        pin = f"cijfer.{number:08x}"
        values |= {(pin, "origin"): FOCUS, (pin, "definition"): {"figure": text}, (pin, "shown"): {"counted_on": "2026-03-03"}}
    return values


# -- what stands on it ---------------------------------------------------------------------------------------------------------


def test_the_most_urgent_actions_come_first_and_the_rest_is_counted(pages) -> None:
    values: Values = {}
    for number in range(40):
        values |= action(number, what=f"nr {number}", who="directie", when=f"{number % 27 + 1}/4/2026")
    values |= action(90, what="zonder dag", who="directie")
    values |= action(91, what="al laat", who="directie", when="1/3/2026")
    values |= action(92, what="voorbij", who="directie", when="1/2/2026", state="done")
    view = summary_of(pages(values))
    assert view["actions"][0]["what"] == "al laat"
    assert view["actions"][0]["late"]
    assert [row["when"] for row in view["actions"][1:5]] == ["1/4/2026", "1/4/2026", "2/4/2026", "2/4/2026"]
    assert len(view["actions"]) + view["more_actions"] == 42
    assert view["more_unfinished"] == 1
    assert view["ended"] == [{"state": "gedaan", "count": 1}]


def test_an_unfinished_action_says_what_it_lacks(pages) -> None:
    (row,) = summary_of(pages(action(1, what="Overleg", when="na de vakantie")))["actions"]
    assert row["state"] == "niet af: wie, wanneer"
    assert (row["who"], row["when"]) == ("–", "na de vakantie")


def test_every_block_that_counts_as_an_agreement_is_in_the_content(every) -> None:
    blocks = {block.id for one in every for block in one.blocks()}
    assert set(DECIDED) <= blocks


def test_moments_that_are_past_are_no_agreement_any_more(pages) -> None:
    moments = "school.f3.evalueren.evaluatiemomenten"
    values = {(f"{moments}.0000000{place}", "dag"): day for place, day in enumerate(("2/3/2026", "3/3/2026", "voor Pasen"))}
    values |= {(f"{moments}.0000000{place}", "wie"): "werkgroep" for place in range(3)}
    told = [row["text"] for row in summary_of(pages(values))["decisions"]]
    assert told == ["03/03/2026 (werkgroep)", "voor Pasen (werkgroep)"]


def test_an_agreement_of_an_earlier_session_says_since_when(pages) -> None:
    pages({("school.f3.wat.doel", "hoofddoel"): "Iedereen op tijd"})
    (decision,) = summary_of(pages({("school.f1.registratie.schaal", "score"): 4}))["decisions"]
    assert (decision["what"], decision["text"], decision["from"]) == ("Ons hoofddoel", "Iedereen op tijd", "03/03/2026")


def test_only_phases_with_a_number_have_a_radar_and_each_axis_its_score_and_how_it_moved(pages) -> None:
    pages({("school.f1.registratie.schaal", "score"): 4})
    view = summary_of(
        pages({("school.f1.registratie.schaal", "score"): 6, ("preventieplan.f0.registratie.schaal", "score"): "unknown"})
    )
    (phase,) = view["phases"]
    assert phase["name"] == "Fase 1 · Fiche school"
    assert phase["png"]
    assert [(row["label"], row["scores"], row["change"]) for row in phase["rows"][:2]] == [
        ("Registratie", "6", "+2"),
        ("Beleid en aanpak", "–", ""),
    ]


def test_where_much_was_agreed_the_phases_with_the_most_numbers_stay_and_the_others_are_named(pages, every) -> None:
    view = summary_of(pages(stuffed(every)))
    assert len(view["actions"]) >= 6
    assert [phase["name"] for phase in view["phases"]] == [
        "Fase 0 · Preventieplan",
        "Fase 1 · Preventieplan",
        "Breed kijken · Fiche ouders",
    ]
    assert view["more_phases"] == ["Fase 1 · Fiche school", "Fase 2 · Preventieplan", "Fase 3 · Preventieplan"]
    assert view["more_pins"] == 2
    assert view["more_decisions"] == 13 - len(view["decisions"])


def test_with_few_actions_every_phase_has_its_radar(pages, every) -> None:
    view = summary_of(pages(stuffed(every, "kort", actions=3)))
    assert (len(view["phases"]), view["more_phases"], len(view["actions"])) == (6, [], 3)


def test_a_nearly_empty_session_has_a_summary_without_fuss(pages) -> None:
    view = summary_of(pages({}))
    assert not any(view[name] for name in ("focus", "decisions", "actions", "phases", "pins", "more_actions", "ended"))


# -- that it is one page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("een", 1), ("woord " * 10, 2), ("x" * 200, 5)])
def test_lines_are_reckoned_by_whole_words(text: str, lines: int) -> None:
    assert lines_of(text, width=85, points=9) == lines


def test_a_text_for_the_foot_cannot_leave_its_quotes() -> None:
    written = css_text('a"; } </style><script>\\ \u202eb\n\x00 é')
    assert not set('";{}<>\\\n') & set(written.replace("\\", "")) - {";"}
    assert "</" not in written
    assert css_text("x" * 200).endswith("x\\002026 ")


def printed(chromium: Any, pages: Pages, folder: Path) -> list[str]:
    """The text of every sheet, as Chromium prints the archive."""
    parts = [pages.cover(), pages.instruments(), pages.overview(), pages.account()]
    outputs = [
        nbformat.v4.new_output("execute_result", data=json.loads(json.dumps(part._repr_mimebundle_())), execution_count=1)
        for part in parts
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[one]) for one in outputs])
    manifest = {**parts[-1].facts["manifest"], "version": 1, "earlier_versions": []}
    path = folder / "archief.html"
    path.write_bytes(making.rendered(notebook, "index.html.j2", manifest))
    page = chromium.new_page()
    try:
        page.goto(path.as_uri())
        content = page.pdf(prefer_css_page_size=True)
    finally:
        page.close()
    document = pypdfium2.PdfDocument(content)
    try:
        return [sheet.get_textpage().get_text_range() for sheet in document]
    finally:
        document.close()


def assert_one_sheet(sheets: list[str]) -> str:
    """The summary, after checking that it is the second sheet and that the contents follow on the third."""
    assert "In één bladzijde" in sheets[1]
    assert "Waar de school staat" in sheets[1]
    assert sheets[2].splitlines()[1] == "Inhoud"  # after the foot
    return sheets[1]


@pytest.mark.browser
@pytest.mark.parametrize("text", [LONG, WIDE, "kort"], ids=["long", "wide", "short"])
def test_a_stuffed_session_has_its_summary_on_one_sheet(chromium, pages, every, tmp_path, text: str) -> None:
    values = {**stuffed(every, text), ("sessie", "participants"): "directie"}
    sheet = assert_one_sheet(printed(chromium, pages(values), tmp_path))
    assert "En nog " in sheet
    assert "Vastgezette cijfers" in sheet


@pytest.mark.browser
def test_an_empty_session_has_its_summary_on_one_sheet_too(chromium, pages, tmp_path) -> None:
    sheet = assert_one_sheet(printed(chromium, pages({}), tmp_path))
    assert "Er is nog geen focus gekozen." in sheet
    assert "Er zijn geen lopende acties." in sheet
    assert "In dit overleg werd geen schaal ingevuld." in sheet
