"""The process that parses one table and nothing else. Standard library only, apart from the workbook parser.

It runs as ``python -I -S table_child.py``, imports nothing of stslib, and may die: the workbook parser ends the whole process
on some files. It reads a job as one line of JSON from standard input, followed by the file, and writes its answer as JSON to
standard output: ``{"rows": [[number, cell, …], …], "loose_quotes": row}``, the titles first, or ``{"refused": reason,
"facts": {…}}``. A cell that is much too long stands there as its length. It never prints a value of a cell anywhere else.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

Job = Mapping[str, Any]
"""``titles``: the known titles (lower case) and their fields; ``limits``: the numbers of ``limits.py`` by name; ``path``."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")
_WEB_PAGES = (b"<?xml", b"<!doctype", b"<html", b"<table")
_PACKED = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".gz", ".7z", ".rar", ".jar")
_PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]{1,4})([0-9]{1,9})\s*[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"']\s*([0-9]{1,9})")
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*)?>")
_CHUNK = 1 << 18


class RefusedError(Exception):
    """This file is not parsed; the parent turns *reason* into a sentence."""

    def __init__(self, reason: str, **facts: int) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(reason)


def limit_this_process(memory: int, cpu_seconds: int) -> None:
    """Bound memory and processor time where the system can, and leave no core file."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_seconds)):
            with contextlib.suppress(OSError, ValueError):
                hard = resource.getrlimit(kind)[1]
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(kind, (value, value))


# -- titles --------------------------------------------------------------------------------------------------------


def find_titles(rows: Sequence[Sequence[str]], titles: Mapping[str, str], within: int) -> tuple[int, int]:
    """How many different fields the best row of titles among the first *within* rows names, and which row that is."""
    best, place = 0, 0
    for index, row in enumerate(rows[:within]):
        fields = {titles.get(" ".join(cell.casefold().split())) for cell in row} - {None}
        if len(fields) > best:
            best, place = len(fields), index
    return best, place


# -- text ----------------------------------------------------------------------------------------------------------


def decode(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what Windows writes in Western Europe."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise RefusedError("binary")
    for encoding in ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def _split(text: str, separator: str, *, strict: bool) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict))


def read_text(content: bytes, job: Job) -> tuple[list[list[str]], int, int]:
    """The rows, the place of the titles, and the row from which quotes do not match (0: they do)."""
    start = content[:2048].lstrip().lower()
    if start.startswith(_NO_TABLES):
        raise RefusedError("binary")
    if start.startswith(_WEB_PAGES):
        raise RefusedError("web_page")
    text = decode(content)
    if not text.strip():
        raise RefusedError("empty")
    csv.field_size_limit(len(text) + 1)
    within = job["limits"]["HEADER_SEARCH_ROWS"]
    head = "".join(text[:100_000].splitlines(keepends=True)[: within + 1])
    separator, most = ";", 0
    for candidate in ";,\t":
        found = find_titles(_split(head, candidate, strict=False), job["titles"], within)[0]
        if found > most:
            separator, most = candidate, found
    if not most:
        raise RefusedError("no_titles")
    loose = 0
    try:
        rows = _split(text, separator, strict=True)
    except csv.Error:
        rows = _split(text, separator, strict=False)
        loose = _loose_from(text, separator)
    return rows, find_titles(rows, job["titles"], within)[1], loose


def _loose_from(text: str, separator: str) -> int:
    """The first row that a strict reading cannot make out."""
    number = 1
    with contextlib.suppress(csv.Error):
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            number += 1
    return number


# -- workbooks -----------------------------------------------------------------------------------------------------


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _blocks(part: Any, budget: int) -> Iterator[tuple[bytes, int]]:
    """The unpacked bytes of a part and how many came, each block with the tail of the one before: nothing hides on an edge."""
    tail, total = b"", 0
    while block := part.read(_CHUNK):
        total += len(block)
        if total > budget:
            raise RefusedError("bomb")
        yield tail + block, total
        tail = block[-64:]


def check_workbook(content: bytes, limits: Mapping[str, int]) -> None:
    """Refuse bombs, nested packages, entity declarations and far cells, in bounded memory, before any parser starts.

    Raises:
        RefusedError: with the reason.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise RefusedError("damaged_workbook") from error
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise RefusedError("other_workbook")
    if "xl/workbook.xml" not in names:
        raise RefusedError("not_a_workbook")
    if len(parts) > limits["MAX_WORKBOOK_PARTS"] or len(names) != len(parts):
        raise RefusedError("bomb")
    for part in parts:
        if part.flag_bits & 0x1:
            raise RefusedError("password")
        if part.filename.lower().endswith(_PACKED):
            raise RefusedError("nested")
        if part.file_size > 1_000_000 and part.file_size > limits["MAX_PACKING_RATIO"] * max(part.compress_size, 1):
            raise RefusedError("bomb")
    budget = limits["MAX_UNPACKED_BYTES"]
    if sum(part.file_size for part in parts) > budget:
        raise RefusedError("bomb")
    try:
        for part in parts:
            with archive.open(part) as stream:
                budget -= _check_part(stream, part.filename.lower(), budget, limits)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, struct.error, zlib.error) as error:
        raise RefusedError("damaged_workbook") from error


def _check_part(stream: Any, name: str, budget: int, limits: Mapping[str, int]) -> int:
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
                letters, rows = zip(*found, strict=True)
                columns.update(letters)
                last_row = max(last_row, max(map(int, rows)))
            last_row_element = max(last_row_element, *map(int, _ROW.findall(block)), 0)
            placed = placed and all(_PLACE.search(cell) for cell in _CELL.findall(block))
    if not placed:  # a cell that does not tell its place stands in the row around it; a far row without cells is harmless
        last_row = max(last_row, last_row_element)
    last_column = max(map(_column_number, columns))
    if (
        last_column > limits["MAX_COLUMNS"]
        or last_row > limits["MAX_SHEET_ROWS"]
        or last_column * last_row > limits["MAX_SHEET_CELLS"]
    ):
        raise RefusedError("far_cell", rows=last_row, columns=last_column)
    return size


def cell_text(value: object) -> str:
    """One cell of a workbook as text: whole numbers without a decimal point, days as ISO, true and false in Dutch."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def read_workbook(content: bytes, job: Job) -> tuple[list[list[str]], int]:
    """The rows of the sheet that names most of the known titles, and the place of its titles."""
    check_workbook(content, job["limits"])
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
    except Exception as error:  # the parser has its own errors; none may carry a value out
        raise RefusedError("damaged_workbook") from error
    within = job["limits"]["HEADER_SEARCH_ROWS"]
    best: tuple[int, int, list[list[str]]] = (0, 0, [])
    filled = readable = False
    for name in names:
        try:
            raw = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except Exception:  # noqa: S112  a chart sheet or a broken sheet; another one may be fine
            continue
        readable = True
        rows = [[cell_text(cell) for cell in row] for row in raw]
        filled = filled or any(any(row) for row in rows)
        found, place = find_titles(rows, job["titles"], within)
        if found > best[0]:
            best = (found, place, rows)
    if not best[0]:
        raise RefusedError(("no_titles" if filled else "empty") if readable else "damaged_workbook")
    return best[2], best[1]


# -- a job ---------------------------------------------------------------------------------------------------------


def _bounded(cell: str, longest: int) -> str | int:
    text = cell.replace("\r\n", "\n")
    return text if len(text) <= longest else len(text)


def parse(content: bytes, job: Job) -> dict[str, Any]:
    """One file as its titles and the rows below them that hold something, each after its number in the file (from 1).

    Raises:
        RefusedError: when the file cannot be used.
    """
    limits = job["limits"]
    if not content.strip():
        raise RefusedError("empty")
    if content.startswith(_OLE):
        raise RefusedError("old_workbook")
    loose = 0
    if content.startswith(b"PK"):
        rows, place = read_workbook(content, job)
    else:
        rows, place, loose = read_text(content, job)
    kept = [(number, row) for number, row in enumerate(rows[place:], place + 1) if any(cell.strip() for cell in row)]
    if len(kept) - 1 > limits["MAX_ROWS"]:
        raise RefusedError("too_many_rows", rows=len(kept) - 1)
    width = max(len(row) for _, row in kept)
    if width > limits["MAX_COLUMNS"]:
        raise RefusedError("too_wide", columns=width)
    # Twice the longest text: a file of ours holds signs that keep a program from taking a text for a formula.
    bounded = [[number, *(_bounded(cell, 2 * limits["MAX_CELL_CHARACTERS"]) for cell in row)] for number, row in kept]
    if sum(len(cell) for row in bounded for cell in row if isinstance(cell, str)) > limits["MAX_TOTAL_CHARACTERS"]:
        raise RefusedError("bomb")
    return {"rows": bounded, "loose_quotes": loose}


def main() -> int:
    """Do the job on standard input; the exit status is 0 also for a refused file, because refusing is an answer."""
    job = json.loads(sys.stdin.buffer.readline())
    sys.path.extend(path for path in job["path"] if path not in sys.path)
    limit_this_process(job["limits"]["CHILD_MEMORY_BYTES"], job["limits"]["CHILD_CPU_SECONDS"])
    content = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        answer = parse(content, job)
    except RefusedError as refused:
        answer = {"refused": refused.reason, "facts": refused.facts}
    except MemoryError:
        answer = {"refused": "memory", "facts": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
