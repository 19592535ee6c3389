"""Files that are refused: each beside the message it gives. This process lives on, and nothing is stored."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from absences.absence_factories import CODES, LONG, make_calendar, write_csv, write_xlsx

from stslib.absences import read_export
from stslib.absences.reading import guard, limits
from stslib.absences.reading.report import UnusableExportError
from stslib.errors import DatasetError, ReadingError

HEAD = ";".join(LONG) + "\n"

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SPREADSHEET}.worksheet+xml"/></Types>'
)
ROOT = (
    f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)


def make_workbook(sheet: bytes, **more: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def sheet_with(cells: str) -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


ROW = ("1", "1A", "01/09/2025", "VM", "B")
HEADER_ROW = (
    '<row r="1">' + "".join(text_cell(f"{letter}1", name) for letter, name in zip("ABCDE", LONG, strict=True)) + "</row>"
)
FAR_CELL = make_workbook(sheet_with(HEADER_ROW + f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'))
FAR_CELL_QUOTED = make_workbook(
    sheet_with(HEADER_ROW + "<row r='1048576'><c r = 'XFD1048576' t='inlineStr'><is><t>x</t></is></c></row>")
)
FAR_ROW = make_workbook(sheet_with(HEADER_ROW + '<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>'))
BOMB = make_workbook(sheet_with(" " * 60_000_000))
ENTITIES = make_workbook(
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
)

REFUSED = {
    "leeg bestand": (b"", "leeg"),
    "alleen spaties": (b" \r\n \n", "leeg"),
    "alleen titels": (HEAD.encode(), "geen rijen"),
    "geen titels": (b"1;1A;01/09/2025;VM;B\n", "geen rij met kolomtitels"),
    "iets anders": (b"Beste ouders,\n\ntot morgen.\n", "geen rij met kolomtitels"),
    "geen code": (b"Leerlingnummer;Klas;Datum;Dagdeel\n1;1A;01/09/2025;VM\n", "ontbreekt een kolom: code"),
    "geen namiddag": (b"Leerlingnummer;Datum;VM\n1;01/09/2025;B\n", "ontbreekt een kolom: NM"),
    "geen nummer": (b"Naam;Datum;Dagdeel;Code\nJan;01/09/2025;VM;B\n", "ontbreekt een kolom: leerlingnummer"),
    "pdf": (b"%PDF-1.7\n1 0 obj\n", "geen tekstbestand"),
    "foto": (b"\x89PNG\r\n\x1a\n\x00\x00", "geen tekstbestand"),
    "nullen": (b"a;b\x00\x00", "geen tekstbestand"),
    "webpagina": (b"<html><p>Leerlingnummer</p></html>", "webpagina"),
    "oud Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "beschadigd"),
    "kapot Excel": (b"PK\x03\x04" + bytes(200), "beschadigd"),
    "gewone zip": (b"", "geen Excel-bestand"),
    "verre cel": (FAR_CELL, "heel ver van de tabel: kolom 16.384, rij 1.048.576"),
    "verre cel, anders geschreven": (FAR_CELL_QUOTED, "heel ver van de tabel"),
    "verre rij, cel zonder plaats": (FAR_ROW, "heel ver van de tabel: kolom 5, rij 1.048.576"),
    "bom": (BOMB, "veel te groot"),
    "entiteiten": (ENTITIES, "verwijzingen"),
    "ingepakt": (make_workbook(sheet_with(HEADER_ROW), xl__embeddings__a_dot_xlsx=b"PK"), "ander bestand ingepakt"),
    "ingepakt, vermomd": (
        make_workbook(sheet_with(HEADER_ROW), xl__media__a_dot_png=b"PK\x03\x04abcd"),
        "ander bestand ingepakt",
    ),
    "alleen vakantie": ((HEAD + "1;1A;28/10/2025;VM;B\n" * 3).encode(), "Geen enkele van de 3 rijen is bruikbaar"),
}
_plain_zip = io.BytesIO()
with zipfile.ZipFile(_plain_zip, "w") as _archive:
    _archive.writestr("lees.txt", "hallo")
REFUSED["gewone zip"] = (_plain_zip.getvalue(), "geen Excel-bestand")


def read(path: Path, **more):
    return read_export(path, school_year="2025-2026", codes=CODES, calendar=make_calendar(), today=date(2026, 11, 22), **more)


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_what_is_wrong_and_what_to_do(tmp_path, name):
    content, message = REFUSED[name]
    path = tmp_path / "export.bin"
    path.write_bytes(content)
    with pytest.raises(ReadingError) as refused:
        read(path)
    assert message in refused.value.fact
    assert refused.value.remedy
    assert refused.value.place == "export.bin"
    assert [entry.name for entry in tmp_path.iterdir()] == ["export.bin"]


def test_the_far_cell_workbook_is_tiny():
    assert len(FAR_CELL) < 2000


def test_a_far_row_without_cells_is_what_some_programs_write(tmp_path):
    cells = "".join(text_cell(f"{letter}2", value) for letter, value in zip("ABCDE", ROW, strict=True))
    path = tmp_path / "x.xlsx"
    path.write_bytes(make_workbook(sheet_with(f'{HEADER_ROW}<row r="2">{cells}</row><row r="1048576" ht="12.8"/>')))
    assert read(path).report.used == 1


def test_a_parser_that_ends_its_process_ends_only_that(monkeypatch, tmp_path):
    """The scan before the parser is taken out, so the parser itself meets the far cell."""
    script = tmp_path / "child.py"
    script.write_text(
        "import runpy, sys\n"
        f"sys.path.insert(0, {str(guard._CHILD.parents[3])!r})\n"
        "from stslib.guarded import workbook\n"
        "workbook.check_workbook = lambda content, limits: None\n"
        f"runpy.run_path({str(guard._CHILD)!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(guard, "_CHILD", script)
    with pytest.raises(ReadingError, match=r"geheugen|onverwacht|te lang"):
        guard.parse_file("x.xlsx", FAR_CELL, "export")


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("import sys, threading\nsys.stdin.buffer.read()\nthreading.Event().wait()\n", encoding="utf-8")
    monkeypatch.setattr(guard, "_CHILD", script)
    with pytest.raises(ReadingError, match="duurt te lang"):
        guard.parse_file("x.xlsx", FAR_CELL, "export", seconds=0.5)


def test_a_parser_that_never_reads_its_input_is_stopped_too(monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("import threading\nthreading.Event().wait()\n", encoding="utf-8")
    monkeypatch.setattr(guard, "_CHILD", script)
    told = []
    with pytest.raises(ReadingError, match="duurt te lang"):
        guard.parse_file("x.xlsx", b"PK" + bytes(3_000_000), "export", seconds=0.7, waiting=told.append)
    assert told


def test_an_answer_that_makes_no_sense_is_no_answer(monkeypatch, tmp_path):
    script = tmp_path / "child.py"
    script.write_text("import sys\nsys.stdin.buffer.read()\nprint('geheim 123')\n", encoding="utf-8")
    monkeypatch.setattr(guard, "_CHILD", script)
    with pytest.raises(ReadingError, match="stopte onverwacht") as refused:
        guard.parse_file("x.xlsx", FAR_CELL, "export")
    assert "geheim" not in str(refused.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no memory per process this way")
def test_memory_is_limited():
    big = "\n".join(["Leerlingnummer;Datum;Dagdeel;Code", *[f'{n};"01/09/2025";VM;"B;x"' for n in range(300_000)]])
    with pytest.raises(ReadingError, match="geheugen"):
        guard.parse_file("x.csv", big.encode(), "export", memory=60_000_000)


def test_a_file_of_100_mb_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "groot.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "open", lambda *a, **k: pytest.fail("opened"))
    with pytest.raises(ReadingError, match="100 MB groot; hier kan hoogstens 20 MB") as refused:
        read(path)
    assert refused.value.remedy
    assert limits.MAX_FILE_BYTES == 20_000_000


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReadingError, match="kan niet geopend worden"):
        read(tmp_path / "weg.csv")
    with pytest.raises(ReadingError, match="geen bestand"):
        read(tmp_path)


def test_a_file_of_which_nothing_is_usable_says_why_per_reason(tmp_path):
    rows = [("1", "1A", "28/10/2025", "VM", "B"), ("1", "1A", "28/10/2025", "NM", "B"), ("1", "1A", "xx", "NM", "B")]
    with pytest.raises(UnusableExportError) as refused:
        read(write_csv(tmp_path / "x.csv", LONG, rows))
    report = refused.value.report
    assert (report.rows, report.used, report.repaired, report.rejected) == (3, 0, 0, 3)
    assert "bij de meeste" in refused.value.fact
    assert "niets bewaard" in refused.value.remedy


def test_a_bad_companion_file_is_refused_by_its_own_name(tmp_path):
    export = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "01/09/2025", "VM", "B")])
    no_pupil = write_csv(tmp_path / "e.csv", ("Klas", "Van", "Tot"), [("1A", "1/9/2025", "")])
    other_year = write_csv(tmp_path / "o.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("1", "1A", "1/9/2020", "30/6/2021")])
    no_class = write_csv(tmp_path / "c.csv", ("Graad", "Leerjaar"), [("1", "1")])
    with pytest.raises(ReadingError, match=r"e\.csv: Er ontbreekt een kolom: leerlingnummer"):
        read(export, enrolment=no_pupil)
    with pytest.raises(ReadingError, match=r"o\.csv: Geen enkele inschrijving"):
        read(export, enrolment=other_year)
    with pytest.raises(ReadingError, match=r"c\.csv: Er ontbreekt een kolom: klas"):
        read(export, classes=no_class)


def test_no_message_holds_a_value_of_a_pupil_row(tmp_path):
    rows = [("GEHEIM1", "KLASGEHEIM", "99/99/GEHEIM", "GEHEIM2", "GEHEIM3 xyz")]
    with pytest.raises(ReadingError) as refused:
        read(write_csv(tmp_path / "x.csv", LONG, rows))
    error = refused.value
    text = f"{error} {error!r} {error.report.model_dump_json()}"
    assert "GEHEIM" not in text
    headless = write_csv(tmp_path / "y.csv", ("GEHEIM", "4A", "1/9/2025", "VM", "B"), [])
    with pytest.raises(ReadingError) as refused:
        read(headless)
    assert "GEHEIM" not in str(refused.value)


def test_the_calendar_must_be_that_of_the_school_year(tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "01/09/2025", "VM", "B")])
    with pytest.raises(ReadingError, match="kalender van 2024-2025"):
        read_export(path, school_year="2025-2026", codes=CODES, calendar=make_calendar("2024-2025"))
    with pytest.raises(DatasetError, match="opeenvolgende jaren"):
        read_export(path, school_year="2025", codes=CODES, calendar=make_calendar())


def test_a_usual_workbook_passes_all_guards(tmp_path):
    rows = [(f"{n:05d}", "1A", date(2025, 9, 1 + n % 5), "VM", "Z") for n in range(3000)]
    assert read(write_xlsx(tmp_path / "x.xlsx", LONG, rows)).report.used == 3000
