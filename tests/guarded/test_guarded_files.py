"""Workbooks and texts from outside: what is refused before a parser starts, and what a cell or a text says."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from stslib.guarded.answer import RefusedError
from stslib.guarded.limits import WorkbookLimits
from stslib.guarded.text import decode, is_workbook
from stslib.guarded.workbook import cell_text, check_workbook, open_workbook, readable_sheets

LIMITS = WorkbookLimits(unpacked_bytes=3_000_000, parts=20, columns=50, rows=1_000, cells=10_000)
SHEET = "xl/worksheets/sheet1.xml"


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": b"<x/>", **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(*rows: str, before: int = 0) -> bytes:
    return packed({SHEET: b" " * before + "".join(rows).encode()})


def refused(content: bytes, limits: WorkbookLimits = LIMITS) -> tuple[str, dict[str, int | str]]:
    with pytest.raises(RefusedError) as caught:
        check_workbook(content, limits)
    return caught.value.reason, caught.value.facts


def test_a_cell_that_tells_no_place_stands_in_its_row() -> None:
    assert refused(sheet('<row r="5"><c r="B5"/></row>', '<row r="1001"><c><v>1</v></c></row>')) == (
        "far_cell",
        {"rows": 1001, "columns": 2},
    )


@pytest.mark.parametrize("row", ["<x:row ht='1' r = '1001'><x:c t='n'>", '<row\n spans="1:2" r="1001"><c>'])
def test_a_far_row_is_seen_however_it_is_written(row: str) -> None:
    assert refused(sheet(row))[0] == "far_cell"


@pytest.mark.parametrize("cell", ["<c t='n' r = 'A1001'/>", '<x:c r="AY1"/>', '<c r="XFD999999999"/>', '<c r="T999"/>'])
def test_a_far_cell_is_seen_however_it_is_written(cell: str) -> None:
    assert refused(sheet(cell))[0] == "far_cell"


@pytest.mark.parametrize("row", ['<row r="1048576"/>', '<row r="1048576" ht="12"></row>', '<rows r="1001"><c/></rows>'])
def test_a_far_row_without_cells_is_harmless(row: str) -> None:
    check_workbook(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', row), LIMITS)


def test_a_text_that_reads_like_a_cell_is_no_cell() -> None:
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>punt a:c en d > e, row r="9"</t></is></c></row>'
    check_workbook(sheet(text, '<row r="1048576"/>'), LIMITS)


@pytest.mark.parametrize("edge", range((1 << 18) - 60, (1 << 18) + 10, 7))
def test_a_far_cell_on_the_edge_of_a_block_is_seen(edge: int) -> None:
    assert refused(sheet('<c s="1" r="A1001"><v>1</v></c>', before=edge))[0] == "far_cell"
    assert refused(sheet('<row r="1001"><c><v>1</v></c></row>', before=edge))[0] == "far_cell"


def test_the_caller_says_how_much_is_too_much() -> None:
    content = sheet('<row r="900"><c r="B900"/></row>', before=20_000)
    check_workbook(content, LIMITS)
    for smaller in ({"rows": 899}, {"columns": 1}, {"cells": 1_799}):
        assert refused(content, LIMITS._replace(**smaller))[0] == "far_cell"
    for smaller in ({"unpacked_bytes": 19_000}, {"parts": 1}):
        assert refused(content, LIMITS._replace(**smaller))[0] == "bomb"


def test_a_part_that_packs_too_well_is_a_bomb() -> None:
    content = sheet(before=2_000_000)
    assert refused(content)[0] == "bomb"
    check_workbook(content, LIMITS._replace(packing_ratio=2_000))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04" + bytes(100), "damaged_workbook"),
        (packed({"xl/workbook.bin": b"x"}), "other_workbook"),
        (packed({"content.xml": b"x"}), "other_workbook"),
        (packed({"xl/a.XLSX": b"x"}), "nested"),
        (packed({"xl/media/a.png": b"PK\x03\x04"}), "nested"),
        (packed({"xl/a.vml": b"<!ENTITY a 'b'>"}), "entities"),
        (packed({"_rels/.rels": "<?xml?>".encode("utf-16-le")}), "entities"),
    ],
)
def test_a_package_that_is_no_plain_workbook_is_refused(content: bytes, reason: str) -> None:
    assert refused(content)[0] == reason


def test_a_workbook_is_checked_before_it_is_opened() -> None:
    with pytest.raises(RefusedError, match="far_cell"):
        open_workbook(sheet('<c r="XFD1048576"/>'), LIMITS)


def test_sheets_come_in_order_and_start_at_the_first_row() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("een").write(1, 1, "a")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=een!$B$2:$B$2"})
        book.add_chartsheet("grafiek").set_chart(chart)
        book.add_worksheet("twee").write(0, 0, 2)
    sheets = [rows for rows in readable_sheets(open_workbook(out.getvalue(), LIMITS)) if rows]
    assert sheets == [[["", ""], ["", "a"]], [[2.0]]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007", "007"),
        (7.0, "7"),
        (7.25, "7.25"),
        (1e20, "1e+20"),
        (datetime(2025, 9, 1), "2025-09-01"),
        (datetime(2025, 9, 1, 8, 30), "2025-09-01 08:30:00"),
        (date(2025, 9, 1), "2025-09-01"),
        (None, ""),
    ],
)
def test_a_cell_is_written_as_people_read_it(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_what_a_file_is_shows_in_how_it_starts() -> None:
    assert is_workbook(b"PK\x03\x04")
    assert not is_workbook(b"a;b")
    for content, reason in ((b" \r\n", "empty"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9), "old_workbook")):
        with pytest.raises(RefusedError, match=reason):
            is_workbook(content)


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")]
)
def test_text_comes_back_in_every_usual_encoding(encoding: str, name: str) -> None:
    assert decode("Zoë;€ 1".encode(encoding)) == ("Zoë;€ 1", name)


def test_a_sign_that_windows_does_not_know_is_no_reason_to_refuse() -> None:
    assert decode(b"a\x81\xeb") == ("a\x81ë", "latin-1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"a\x00b", "binary"), (b"\n%PDF-1.7", "binary"), (b"  <HTML>", "web_page"), (b"<?xml version='1.0'?>", "web_page")],
)
def test_what_is_no_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RefusedError) as caught:
        decode(content)
    assert caught.value.reason == reason
