"""A workbook from outside: what it unpacks to is looked at before any parser starts, then its cells.

A reader that says nothing else gets workbooks of Excel (.xlsx); one that asks for all types also gets .xls and .ods.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from stslib.guarded.answer import RefusedError
from stslib.guarded.limits import WorkbookLimits

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_PACKED = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".gz", ".7z", ".rar", ".jar")
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError, RecursionError)
_CHUNK = 1 << 18

# These run over every cell of a large sheet. What starts with a plain letter is found several times as fast; what must stand
# before it is looked at afterwards. A cell without a place is looked for in two steps: the first knows how cells are usually
# written and may take a text for a cell, the second settles it.
_NAMED = rb"\br\s*=\s*[\"']\s*[A-Za-z]{1,4}[0-9]{1,9}\s*[\"']"
_PLACE = re.compile(rb"r(?<!\wr)\s*=\s*[\"']\s*([A-Za-z]{1,4})([0-9]{1,9})\s*[\"']")
_ROW = re.compile(rb"row(?<=[<:]row)\s[^>]*?\br\s*=\s*[\"']\s*([0-9]{1,9})")
_PERHAPS_WITHOUT_PLACE = re.compile(rb'c(?<=[<:]c)(?! r="[A-Z]{1,3}[0-9]{1,9}")(?=[\s>])(?![^>]*?' + _NAMED + rb")[^>]*>")
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^>]*?" + _NAMED + rb")[^>]*>")
_OPEN_DOCUMENT = re.compile(rb"<table:(table-cell|covered-table-cell|table-row|table)(?=[\s/>])([^>]*)>")
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated\s*=\s*[\"']\s*([0-9]{1,18})")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LETTERS, _NUMBER = itemgetter(0), itemgetter(1)


def open_workbook(content: bytes, limits: WorkbookLimits, *, all_types: bool = False) -> CalamineWorkbook:
    """The workbook in *content*, once it has passed ``check_workbook``.

    Args:
        content: the file.
        limits: how large it may turn out to be.
        all_types: also take the binary type of before (.xls) and that of LibreOffice (.ods).

    Raises:
        RefusedError: with the reason.
    """
    if not (all_types and content.startswith(_OLE)):
        check_workbook(content, limits, open_document=all_types)
    elif _ENCRYPTED in content:
        raise RefusedError("password")
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as error:
        raise RefusedError("password") from error
    except Exception as error:  # the parser has its own errors; none may carry a value out
        raise RefusedError("damaged_workbook") from error


def readable_sheets(workbook: CalamineWorkbook) -> Iterator[list[list[Any]]]:
    """The rows of every sheet that can be read, each from the sheet's first row on."""
    for _, rows in named_sheets(workbook):
        yield rows


def named_sheets(workbook: CalamineWorkbook, limits: WorkbookLimits | None = None) -> Iterator[tuple[str, list[list[Any]]]]:
    """The same with the name of each sheet; with *limits* also for types that tell their size only once they are open.

    Raises:
        RefusedError: ``far_cell`` when a sheet is larger than *limits*.
    """
    for name in workbook.sheet_names:
        try:
            sheet = workbook.get_sheet_by_name(name)
            rows, columns = sheet.total_height, sheet.total_width
        except Exception:  # noqa: S112  a chart sheet or a broken sheet; another one may be fine
            continue
        if limits is not None and (rows > limits.rows or columns > limits.columns or rows * columns > limits.cells):
            raise RefusedError("far_cell", rows=rows, columns=columns)
        try:
            cells = sheet.to_python(skip_empty_area=False)
        except Exception:  # noqa: S112
            continue
        yield name, cells


def cell_text(value: object) -> str:
    """One cell of a workbook as text: whole numbers without a decimal point, days as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


# -- before any parser starts --------------------------------------------------------------------------------------


def check_workbook(content: bytes, limits: WorkbookLimits, *, open_document: bool = False) -> None:
    """Refuse bombs, nested packages, entity declarations and far cells, in bounded memory.

    Raises:
        RefusedError: with the reason; ``far_cell`` counts ``rows`` and ``columns``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except _UNREADABLE as error:
        raise RefusedError("damaged_workbook") from error
    _check_list(parts, limits, open_document)
    budget = limits.unpacked_bytes
    try:
        for part in parts:
            with archive.open(part) as stream:
                if open_document and part.filename == "content.xml":
                    budget -= _check_open_document(stream, budget, limits)
                else:
                    budget -= _check_part(stream, part.filename.lower(), budget, limits)
    except _UNREADABLE as error:
        raise RefusedError("damaged_workbook") from error


def _check_list(parts: list[zipfile.ZipInfo], limits: WorkbookLimits, open_document: bool) -> None:
    """What the package says of its parts, before any is unpacked."""
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or ("content.xml" in names and not open_document):
        raise RefusedError("other_workbook")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise RefusedError("not_a_workbook")
    if len(parts) > limits.parts or len(names) != len(parts):
        raise RefusedError("bomb")
    for part in parts:
        if part.flag_bits & 0x1:
            raise RefusedError("password")
        if part.filename.lower().endswith(_PACKED):
            raise RefusedError("nested")
        if part.file_size > 1_000_000 and part.file_size > limits.packing_ratio * max(part.compress_size, 1):
            raise RefusedError("bomb")
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise RefusedError("bomb")


def _check_part(stream: IO[bytes], name: str, budget: int, limits: WorkbookLimits) -> int:
    """The unpacked size of one part, after a look at all of it."""
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    is_sheet = "worksheets/" in name
    columns, last_row, last_row_element, placed, size = {b""}, 0, 0, True, 0
    for block, size in _blocks(stream, budget):
        if size == len(block) and block.startswith(b"PK\x03\x04"):
            raise RefusedError("nested")
        if is_xml and (b"<!DOCTYPE" in block or b"<!ENTITY" in block or b"\x00" in block):
            raise RefusedError("entities")
        if is_sheet:
            if found := _PLACE.findall(block):
                columns.update(map(_LETTERS, found))
                last_row = max(last_row, *map(int, set(map(_NUMBER, found))))
            last_row_element = max(last_row_element, *map(int, _ROW.findall(block)), 0)
            placed = placed and not (_PERHAPS_WITHOUT_PLACE.search(block) and _CELL_WITHOUT_PLACE.search(block))
    if not placed:  # a cell that does not tell its place stands in the row around it; a far row without cells is harmless
        last_row = max(last_row, last_row_element)
    last_column = max(map(_column_number, columns))
    if last_column > limits.columns or last_row > limits.rows or last_column * last_row > limits.cells:
        raise RefusedError("far_cell", rows=last_row, columns=last_column)
    return size


def _check_open_document(stream: IO[bytes], budget: int, limits: WorkbookLimits) -> int:
    """The same for the sheets of an .ods: a few bytes can repeat a cell or a row a million times.

    Repeated rows and cells without anything in them count only when something stands after them.
    """
    row = column = repeated_rows = last_row = last_column = size = 0
    left_over = b""
    parser = ParserCreate()  # the parser of workbooks reads on for ever where a sheet is cut off
    for block, size in _blocks(stream, budget, overlap=0):
        if size == len(block) and block.startswith(b"PK\x03\x04"):
            raise RefusedError("nested")
        whole = left_over + block
        if b"<!DOCTYPE" in whole or b"<!ENTITY" in whole or b"\x00" in whole:
            raise RefusedError("entities")
        _parse_on(parser, block)
        block = whole
        cut = block.rfind(b"<")
        block, left_over = (block[:cut], block[cut:]) if cut >= 0 and len(block) - cut < _CHUNK else (block, b"")
        for match in _OPEN_DOCUMENT.finditer(block):
            kind, attributes = match.groups()
            if kind == b"table":
                row = column = repeated_rows = 0
                continue
            repeat = _REPEATED.search(attributes)
            times = min(int(repeat[1]), 1 << 40) if repeat else 1
            if kind == b"table-row":
                row, column, repeated_rows = row + repeated_rows, 0, times
                continue
            column += times
            if b"value-type" in attributes or not attributes.rstrip().endswith(b"/"):
                last_row, last_column = max(last_row, row + repeated_rows), max(last_column, column)
        if last_column > limits.columns or last_row > limits.rows or last_column * last_row > limits.cells:
            raise RefusedError("far_cell", rows=last_row, columns=last_column)
    _parse_on(parser, b"", last=True)
    return size


def _parse_on(parser: XMLParserType, block: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(block, last)
    except ExpatError as error:
        raise RefusedError("damaged_workbook") from error


def _blocks(stream: IO[bytes], budget: int, overlap: int = 64) -> Iterator[tuple[bytes, int]]:
    """The unpacked bytes of a part and how many came, each block with the tail of the one before: nothing hides on an edge."""
    tail, total = b"", 0
    while block := stream.read(_CHUNK):
        total += len(block)
        if total > budget:
            raise RefusedError("bomb")
        yield tail + block, total
        tail = block[-overlap:] if overlap else b""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
