"""Files in every type that a school can bring, written by hand where no library of the project does."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from absences.absence_factories import CODES, make_calendar

from stslib.absences import read_export
from stslib.absences.reading.report import Reading

TODAY = date(2026, 11, 22)
LETTERS = [code.code for code in CODES]

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
ODS_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/></manifest:manifest>'
)


def read(path: Path, **more: object) -> Reading:
    more.setdefault("today", TODAY)
    return read_export(path, school_year="2025-2026", codes=CODES, calendar=make_calendar(), **more)  # type: ignore[arg-type]


def as_rows(reading: Reading) -> list[tuple[str, str, str, str, str | None]]:
    return sorted(
        (reading.numbers[pupil], str(day), half, code, sub) for pupil, day, half, code, sub in reading.half_days.iter_rows()
    )


def adds_up(reading: Reading) -> bool:
    report = reading.report
    counted = report.used + report.repaired + report.rejected == report.rows
    return counted and len(reading.rejected) == report.rejected == sum(report.reasons.values())


# -- .ods ------------------------------------------------------------------------------------------------------------


def ods_cell(value: object) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def ods_of(body: str) -> bytes:
    """A package with *body* as the rows of its one sheet."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" '
        f'xmlns:text="{TEXT}"><office:body><office:spreadsheet><table:table table:name="Blad1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
    return out.getvalue()


def write_ods(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    lines = ("<table:table-row>" + "".join(map(ods_cell, row)) + "</table:table-row>" for row in (header, *rows))
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>'
    path.write_bytes(ods_of("".join(lines) + empty + "</table:table-row>"))
    return path


# -- .xls ------------------------------------------------------------------------------------------------------------


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _label(row: int, column: int, text: str) -> bytes:
    packed = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + packed)


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls_of(cells: Iterable[tuple[int, int, object]], sheet: str = "Blad1") -> bytes:
    """A binary workbook (BIFF8 in a compound file) with *cells* (row, column, value)."""
    found = [_label(r, c, v) if isinstance(v, str) else _number(r, c, float(v)) for r, c, v in cells]  # type: ignore[arg-type]
    body = _beginning(0x10) + b"".join(found) + _record(0x0A, b"")
    name = sheet.encode("utf-16-le")
    globals_size = len(_beginning(5)) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IBBBB", globals_size, 0, 0, len(sheet), 1) + name)
    return compound_file(_beginning(5) + bound + _record(0x0A, b"") + body)


def write_xls(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    table = [header, *rows]
    path.write_bytes(xls_of((r, c, value) for r, row in enumerate(table) for c, value in enumerate(row) if value != ""))
    return path


def compound_file(stream: bytes, name: str = "Workbook") -> bytes:
    """The smallest container around one stream: header, one or more tables of sectors, a directory, the stream."""
    size = 512
    stream = stream.ljust(max(4096, -(-len(stream) // size) * size), b"\0")
    sectors = len(stream) // size
    tables = 1
    while tables * (size // 4) < sectors + tables + 1:
        tables += 1
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table] * tables + [end] + [tables + 2 + n for n in range(sectors)]
    chain[-1] = end
    chain += [free] * (tables * (size // 4) - len(chain))

    def entry(title: str, kind: int, child: int, start: int, length: int) -> bytes:
        packed = (title + "\0").encode("utf-16-le") if title else b""
        head = packed.ljust(64, b"\0") + struct.pack("<HBBIII", len(packed), kind, 1, free, free, child)
        return head + bytes(16 + 4 + 16) + struct.pack("<IQ", start, length)

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, tables + 1, len(stream)) + entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(tables), *[free] * (109 - tables))
    return header + struct.pack(f"<{len(chain)}I", *chain) + directory + stream


# -- web pages --------------------------------------------------------------------------------------------------------


def web_page(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    def line(cells: Sequence[object], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"

    table = line(header, "th") + "".join(line(row, "td") for row in rows)
    head = '<html><head><meta charset="utf-8"><title>Afwezigheden</title></head>'
    return f"{head}<body><table>{table}</table></body></html>".encode()
