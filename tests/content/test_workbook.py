"""Reading a workbook of unknown origin: what it holds, or a Dutch reason; never more memory or another error."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.content.workbook import MAX_FILE_BYTES, WorkbookError, read_sheets

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Blad")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """*content* with one part of the package replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for known in old.namelist():
            new.writestr(known, part if known == name else old.read(known))
        if name not in old.namelist():
            new.writestr(name, part)
    return target.getvalue()


def with_cells(cells: str, start: str = "") -> bytes:
    text = f'{start}<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'
    return with_part(book([["x"]]), "xl/worksheets/sheet1.xml", text.encode())


def refusal(content: bytes) -> str:
    with pytest.raises(WorkbookError) as caught:
        read_sheets(content)
    assert caught.value.remedy
    return caught.value.fact


def read_or_refused(content: bytes) -> bool:
    """Whether there is an answer: the sheets, or a reason with a way out."""
    try:
        sheets = read_sheets(content)
    except WorkbookError as error:
        return bool(error.fact and error.remedy)
    return isinstance(sheets, dict)


def test_texts_numbers_and_gaps_stand_where_they_were() -> None:
    assert read_sheets(book([["a", "", "c"], [], ["", 4, True]])) == {
        "Blad": [["a", "", "c"], ["", "", ""], ["", "4", "1"]],
    }


def test_runs_and_characters_that_xml_cannot_hold_are_read() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>Een </t></r><r><t>zin_x000A_</t></r><rPh><t>stil</t></rPh></is></c>'
        '<c r="B1" t="str"><f>A1</f><v>uitkomst</v></c></row><row><c t="inlineStr"><is><t>zonder plaats</t></is></c></row>'
    )
    assert read_sheets(with_cells(cells)) == {"Blad": [["Een zin\n", "uitkomst"], ["zonder plaats", ""]]}


def test_a_workbook_of_openpyxl_is_read() -> None:
    made = openpyxl.Workbook()
    made.active.title = "Één"
    made.active.append(["a", "emoji 🎉", "=1+1"])
    made.create_sheet("Leeg")
    target = io.BytesIO()
    made.save(target)
    assert read_sheets(target.getvalue()) == {"Één": [["a", "emoji 🎉"]], "Leeg": []}


def test_a_cell_that_points_at_no_text_is_empty() -> None:
    assert read_sheets(with_cells('<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>1</v></c></row>')) == {
        "Blad": [["", "1"]]
    }


def test_a_cell_far_away_is_refused() -> None:
    assert "heel ver van de tabel" in refusal(with_cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def test_a_text_longer_than_a_cell_can_hold_is_refused() -> None:
    text = "x" * 32_768
    assert "meer dan 32767 tekens" in refusal(
        with_cells(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>')
    )


def test_entities_are_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    assert "verwijzingen" in refusal(with_cells("<row><c><v>&b;</v></c></row>", laughs))


@pytest.mark.parametrize("encoding", ["utf-16", "bestaat-niet", "rot13", "latin-1"])
def test_a_part_that_calls_itself_something_else_is_read_as_utf_8(encoding: str) -> None:
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>één</t></is></c></row>'
    assert read_sheets(with_cells(cells, f'<?xml version="1.0" encoding="{encoding}"?>')) == {"Blad": [["één"]]}


def test_a_part_that_unpacks_very_large_is_refused() -> None:
    content = with_cells(" " * 60_000_000)
    assert len(content) < 200_000
    assert "veel te groot" in refusal(content)


def test_deep_nesting_is_read_or_refused_without_falling_over() -> None:
    assert read_sheets(with_cells("<a>" * 200_000 + "</a>" * 200_000)) == {"Blad": []}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "geen Excel-bestand"),
        (b"PK\x03\x04 en niets meer", "geen Excel-bestand"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "oud Excel-bestand"),
        (b"x" * (MAX_FILE_BYTES + 1), "te groot"),
        (with_part(book([["x"]]), "xl/worksheets/sheet1.xml", b"<worksheet>"), "beschadigd"),
        (with_part(book([["x"]]), "xl/sharedStrings.xml", b"\xff\xfe\x00"), "beschadigd"),
    ],
)
def test_what_is_no_workbook_is_told(content: bytes, message: str) -> None:
    assert message in refusal(content)


def test_another_package_is_no_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "geen Excel-bestand" in refusal(target.getvalue())


def test_many_parts_or_one_name_twice_are_refused() -> None:
    many, twice = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(600):
            archive.writestr(f"xl/{number}.xml", "")
    assert "vreemd ingepakt" in refusal(many.getvalue())
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("xl/workbook.xml", "<x/>")
    assert "vreemd ingepakt" in refusal(twice.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_way_of_packing_is_refused(method: int) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "vreemd ingepakt" in refusal(target.getvalue())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(where=st.floats(0, 1), piece=st.binary(max_size=12), length=st.integers(0, 200))
def test_a_damaged_workbook_is_read_or_refused(where: float, piece: bytes, length: int) -> None:
    content = book([["Sleutel", "Onze tekst"], ["a", "b"]])
    start = int(where * len(content))
    assert read_or_refused(content[:start] + piece + content[start + length :])


@settings(max_examples=300, deadline=None)
@given(
    where=st.floats(0, 1),
    piece=st.binary(max_size=12) | st.sampled_from([b"<c>", b"</v>", b'r="ZZZ9999999"', b't="s"', b"&lt;"]),
    part=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]),
)
def test_a_part_with_something_else_in_it_is_read_or_refused(where: float, piece: bytes, part: str) -> None:
    content = book([["Sleutel", "Onze tekst"], ["a", "b"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        old = archive.read(part)
    start = int(where * len(old))
    assert read_or_refused(with_part(content, part, old[:start] + piece + old[start:]))
