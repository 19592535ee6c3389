"""The process that parses one job of files and nothing else. Standard library only, apart from the workbook parser.

It runs as ``python -I -S child.py`` because a fresh interpreter without ``site`` starts in a few hundredths of a
second, and because the workbook parser ends the whole process on some files: here that is harmless. It reads a job as
JSON from standard input and writes a header as JSON and then one block of text per column to standard output. It never
prints a value of a cell anywhere else.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import struct
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from stslib.absences.reading import headers, limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED_LETTERS = ("Ã", "â€", "Â")
_CHUNK = 1 << 18


class RefusedError(Exception):
    """This file is not parsed; the parent turns *reason* into a sentence."""

    def __init__(self, reason: str, **facts: int | str | list[str]) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(reason)


def limit_this_process(memory: int, cpu_seconds: int) -> None:
    """Bound memory and processor time where the system can, and leave no core file (it would hold pupil data)."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds)):
            with contextlib.suppress(OSError, ValueError):
                hard = resource.getrlimit(kind)[1]
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(kind, (value, value))


# -- text ----------------------------------------------------------------------------------------------------------


def repair_letters(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 and saved again; *text* as it was when that is not what happened."""
    for encoding in ("cp1252", "latin-1"):
        with contextlib.suppress(UnicodeError):
            return text.encode(encoding).decode("utf-8")
    return text


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of what was done to get it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "utf-16"
    if b"\x00" in content:
        raise RefusedError("binary")
    try:
        text, name = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        try:
            text, name = content.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            text, name = content.decode("latin-1"), "latin-1"
    if any(mark in text for mark in _DAMAGED_LETTERS):
        whole = repair_letters(text)
        if whole != text:
            return whole.removeprefix("\ufeff"), "repaired"
        lines = [repair_letters(line) if any(mark in line for mark in _DAMAGED_LETTERS) else line for line in text.split("\n")]
        repaired = "\n".join(lines)
        if repaired != text:
            return repaired.removeprefix("\ufeff"), "repaired"
    return text, name


def _split(text: str, separator: str, quoting: int) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting))  # type: ignore[arg-type]


def read_text(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[list[list[str]], list[int] | None, list[str]]:
    """Rows, the line each starts on (None: row i is line i + 1) and what was noticed."""
    start = content[:2048].lstrip().lower()
    if start.startswith(
        (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf", b"<?xml", b"<!doctype", b"<html", b"<table")
    ):
        raise RefusedError("web_page" if start[:1] == b"<" else "binary")
    text, encoding = decode(content)
    notes = [f"encoding:{encoding}"]
    if not text.strip():
        raise RefusedError("empty")
    head = text[:65536].splitlines()[: limits.HEADER_SEARCH_ROWS + 1]
    scores: list[tuple[int, int, str]] = []
    for separator in ";,\t|":
        first_rows = _split("\n".join(head), separator, csv.QUOTE_MINIMAL)
        found = headers.find_columns(first_rows, kind, mapping)
        scores.append((len(found.positions) if found else 0, max(map(len, first_rows), default=0), separator))
    if max(scores)[0] == 0:
        raise RefusedError("no_headers")
    separator = max(scores, key=lambda score: score[:2])[2]
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    try:
        rows = _split(text, separator, csv.QUOTE_MINIMAL)
        if len(rows) == lines:
            return rows, None, notes
        if _quote_swallowed_lines(rows):
            notes.append("stray_quote")
            return _split(text, separator, csv.QUOTE_NONE), None, notes
    except csv.Error:
        notes.append("stray_quote")
        return _split(text, separator, csv.QUOTE_NONE), None, notes
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    numbers, previous = [], 0
    for _ in reader:
        numbers.append(previous + 1)
        previous = reader.line_num
    return rows, numbers, notes


def _quote_swallowed_lines(rows: Sequence[Sequence[str]]) -> bool:
    """Whether an opening quote that was never meant as one ate the lines after it."""
    widths = [len(row) for row in rows if row]
    usual = max(set(widths), key=widths.count) if widths else 0
    for row in rows:
        breaks = sum(cell.count("\n") for cell in row)
        if breaks and (len(row) != usual or breaks > 30):
            return True
    return False


# -- workbooks -----------------------------------------------------------------------------------------------------

_CELL = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,4})([0-9]{1,8})\s*[\"']")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _blocks(part: Any, budget: int) -> Iterator[bytes]:
    """The unpacked bytes of one part, each block with the tail of the one before, so that nothing hides on an edge."""
    tail, total = b"", 0
    while block := part.read(_CHUNK):
        total += len(block)
        if total > budget:
            raise RefusedError("bomb")
        yield tail + block
        tail = block[-64:]


def check_workbook(file: BinaryIO) -> None:
    """Refuse bombs, nested packages, entity declarations and far cells, in bounded memory, before any parser starts.

    Raises:
        RefusedError: with the reason.
    """
    try:
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, RecursionError) as error:
        raise RefusedError("damaged_workbook") from error
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise RefusedError("other_workbook")
    if "xl/workbook.xml" not in names:
        raise RefusedError("not_a_workbook")
    if len(parts) > limits.MAX_WORKBOOK_PARTS or len(names) != len(parts):
        raise RefusedError("bomb")
    budget = limits.MAX_UNPACKED_BYTES
    for part in parts:
        name = part.filename.lower()
        if part.flag_bits & 0x1:
            raise RefusedError("password")
        if name.endswith((".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".gz", ".7z", ".rar", ".jar")):
            raise RefusedError("nested")
        if part.file_size > 1_000_000 and part.file_size > limits.MAX_PACKING_RATIO * max(part.compress_size, 1):
            raise RefusedError("bomb")
        budget -= part.file_size
        if budget < 0:
            raise RefusedError("bomb")
    try:
        budget = limits.MAX_UNPACKED_BYTES
        for part in parts:
            with archive.open(part) as stream:
                budget -= _check_part(stream, part.filename, budget)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, struct.error) as error:
        raise RefusedError("damaged_workbook") from error
    except Exception as error:
        if type(error).__name__ == "error":  # zlib.error
            raise RefusedError("damaged_workbook") from error
        raise


def _check_part(stream: Any, name: str, budget: int) -> int:
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = "worksheets/" in name.lower()
    columns: set[bytes] = set()
    last_row, size, first = 0, 0, True
    for block in _blocks(stream, budget):
        size += len(block)
        if first and block[:4] == b"PK\x03\x04":
            raise RefusedError("nested")
        first = False
        if is_xml and (b"<!DOCTYPE" in block or b"<!ENTITY" in block or b"\x00" in block):
            raise RefusedError("entities")
        if is_sheet:
            found = _CELL.findall(block)
            if found:
                letters, rows = zip(*found, strict=True)
                columns.update(letters)
                last_row = max(last_row, max(map(int, rows)))
    if columns:
        last_column = max(map(_column_number, columns))
        if last_column > limits.MAX_COLUMNS or last_row > limits.MAX_ROWS or last_column * last_row > limits.MAX_SHEET_CELLS:
            raise RefusedError("far_cell", rows=last_row, columns=last_column)
    return size


def cell_text(value: object) -> str:
    """One cell of a workbook as text: whole numbers without a decimal point, days as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if (value.hour, value.minute, value.second) == (0, 0, 0)
            else value.isoformat(" ", "seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def read_workbook(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[list[list[Any]], list[str]]:
    """The rows of the first sheet that has the headers of *kind*, from the sheet's first row on."""
    check_workbook(io.BytesIO(content))
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
    except Exception as error:  # the parser has its own errors; none may carry a value out
        raise RefusedError("damaged_workbook") from error
    filled = False
    for name in names:
        try:
            raw = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except Exception:  # noqa: S112  a chart sheet or a broken sheet; another one may be fine
            continue
        filled = filled or any(cell not in ("", None) for row in raw for cell in row)
        top = [[cell_text(cell) for cell in row] for row in raw[: limits.HEADER_SEARCH_ROWS + 1]]
        if headers.find_columns(top, kind, mapping) is not None:
            notes = ["sheet"] if len(names) > 1 else []
            return raw, notes
    raise RefusedError("no_headers" if filled else "empty")


# -- a job ---------------------------------------------------------------------------------------------------------


def parse(content: bytes, kind: str, mapping: dict[str, str] | None) -> tuple[dict[str, Any], list[bytes]]:
    """One file as a description and a block of text per needed column.

    Returns:
        The description (``headers``, ``columns``, ``rows``: the numbers, ``ragged``, ``notes``) and the blocks in the
        order of ``columns``; the values of a block stand one a line.

    Raises:
        RefusedError: when the file cannot be used.
    """
    if not content.strip():
        raise RefusedError("empty")
    if content.startswith(_OLE):
        raise RefusedError("old_workbook")
    is_workbook = content.startswith(b"PK")
    numbers: list[int] | None = None
    rows: list[list[Any]]
    if is_workbook:
        rows, notes = read_workbook(content, kind, mapping)
        top = [[cell_text(cell) for cell in row] for row in rows[: limits.HEADER_SEARCH_ROWS + 1]]
    else:
        rows, numbers, notes = read_text(content, kind, mapping)
        top = rows[: limits.HEADER_SEARCH_ROWS + 1]
    found = headers.find_columns(top, kind, mapping)
    if found is None:
        raise RefusedError("no_headers")
    if found.header_row:
        notes.append(f"title_lines:{found.header_row}")
    width = len(found.headers)
    body = rows[found.header_row + 1 :]
    first_number = found.header_row + 2
    if len(body) > limits.MAX_ROWS:
        raise RefusedError("too_many_rows", rows=len(body))
    kept = [i for i, row in enumerate(body) if any(row)]
    if len(kept) != len(body):
        body = [body[i] for i in kept]
    row_numbers: list[int] | None = None
    if numbers is not None:
        row_numbers = [numbers[i + found.header_row + 1] for i in kept]
    elif len(kept) and kept[-1] != len(kept) - 1:
        row_numbers = [i + first_number for i in kept]
    ragged = [i for i, row in enumerate(body) if len(row) > width and any(row[width:])]
    if any(len(row) < width for row in body):
        body = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in body]
    blocks = []
    for position in found.positions.values():
        cells = [row[position] for row in body]
        if is_workbook:
            cells = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        block = "\n".join(cells)
        if block.count("\n") != len(cells) - 1 or "\r" in block:
            block = "\n".join(" ".join(cell.split()) for cell in cells)
        blocks.append(block.encode("utf-8", errors="replace"))
    description = {
        "headers": [" ".join(header.split())[:80] for header in found.headers],
        "positions": found.positions,
        "count": len(body),
        "first_number": first_number,
        "row_numbers": row_numbers,
        "ragged": ragged,
        "notes": notes,
        "lengths": [len(block) for block in blocks],
    }
    return description, blocks


def main() -> int:
    """Do the job on standard input; the exit status is 0 also for a refused file, because refusing is an answer."""
    job = json.loads(sys.stdin.buffer.readline())
    sys.path.extend(path for path in job["path"] if path not in sys.path)
    limit_this_process(job["memory"], job["cpu_seconds"])
    content = sys.stdin.buffer.read()
    try:
        description, blocks = parse(content, job["kind"], job["mapping"])
    except RefusedError as refused:
        description, blocks = {"refused": refused.reason, "facts": refused.facts}, []
    except MemoryError:
        description, blocks = {"refused": "memory", "facts": {}}, []
    out = sys.stdout.buffer
    head = json.dumps(description).encode("ascii")
    out.write(struct.pack(">Q", len(head)))
    out.write(head)
    for block in blocks:
        out.write(block)
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
