"""Text that needs splitting and no parsing: the way in for the plainest and most common exports.

A text with the same number of separators in every line, and with quotes only at the edges of values if at all, holds
nothing a parser could be fooled with: cutting it at line ends and separators is all there is to it. It is read here, in
this process, in a few milliseconds. Everything else goes to the guarded process of ``guard``, and a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import polars as pl

from stslib.absences.reading import limits
from stslib.absences.reading.headers import HEADER_ROW, ColumnMapping
from stslib.absences.reading.layout import Layout, find_layout

_DAMAGED = ("Ã", "â€", "Â")
"""Letters that stand for UTF-8 that was read as Latin-1: the guarded process repairs them."""

_OTHER_TYPES = (b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff", b"%PDF", b"<", b"{")

_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'


class PlainTable(NamedTuple):
    """The needed columns of a plain text."""

    layout: Layout
    cells: dict[str, pl.Series]
    rows: int
    encoding: str


def read_plain(
    content: bytes, kind: str, mapping: ColumnMapping | None = None, codes: Collection[str] = ()
) -> PlainTable | None:
    """The needed columns of *content*; None when it is not plain enough to be split without a parser."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith(_OTHER_TYPES) or b"\x00" in content:
        return None
    encoding = "utf-8"
    if not content.isascii():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            try:
                text, encoding = content.decode("cp1252"), "cp1252"
            except UnicodeDecodeError:
                return None
            content = text.encode("utf-8")
        if any(mark in text for mark in _DAMAGED):
            return None
    found = _find_headers(content, kind, mapping, codes)
    if found is None:
        return None
    separator, layout = found
    body = _body(content, layout.body)
    plain = _without_quotes(body, separator, len(layout.headers))
    if plain is None:
        return None
    signs = np.frombuffer(plain, np.uint8)
    lines = int(np.count_nonzero(signs == _LINE_FEED)) + 1
    gaps = int(np.count_nonzero(signs == ord(separator)))
    if not len(signs) or lines > limits.MAX_ROWS or gaps != lines * (len(layout.headers) - 1):
        return None
    wanted = sorted(set(layout.positions.values()))
    try:
        frame = pl.read_csv(plain, has_header=False, separator=separator, quote_char=None, infer_schema=False, columns=wanted)
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines:
        return None
    frame = frame.fill_null("")
    if frame.filter(pl.all_horizontal(pl.all() == "")).height:
        return None  # perhaps an empty row, which is no row of data
    names = dict(zip(wanted, frame.columns, strict=True))
    cells = {role: frame[names[position]] for role, position in layout.positions.items()}
    return PlainTable(layout, cells, lines, encoding)


def _find_headers(
    content: bytes, kind: str, mapping: ColumnMapping | None, codes: Collection[str]
) -> tuple[str, Layout] | None:
    """The separator and the layout; None when the table is not one of a column per role."""
    most = limits.HEADER_SEARCH_ROWS + 2
    lines = content[:262144].split(b"\n", most)[:most]
    head = [line.decode("utf-8", errors="replace").replace('"', "").rstrip("\r") for line in lines]
    best: tuple[tuple[bool, int], int] = ((False, 0), 0)
    result: tuple[str, Layout] | None = None
    for separator in ";,\t|":
        rows = [line.split(separator) for line in head]
        found = find_layout(rows, kind, mapping, codes)
        score = (found.score if found else (False, 0), max(map(len, rows)))
        if score > best:
            best, result = score, (separator, found) if found else None
    if result is None or HEADER_ROW in (mapping or {}):
        return None
    layout = result[1]
    if layout.across or not 2 <= len(layout.headers) <= limits.MAX_COLUMNS:
        return None
    return result


def _body(content: bytes, header_lines: int) -> bytes:
    """What stands under the headers, without the line ends at the very end."""
    start = 0
    for _ in range(header_lines):
        start = content.find(b"\n", start) + 1
        if not start:
            return b""
    end = len(content)
    while end > start and content[end - 1] in b"\r\n":
        end -= 1
    return content[start:end]


def _without_quotes(body: bytes, separator: str, columns: int) -> bytes | None:
    """*body* without the quotes around its values; None when there are quotes or line ends of another kind."""
    returns = body.count(b"\r")
    if returns and not _end_lines(body, returns):
        return None
    quotes = body.count(b'"')
    if not quotes:
        return body
    all_quoted = _is_all_quoted(body, separator, columns, quotes, 2 if returns else 1)
    return body.translate(None, b'"') if all_quoted or _is_quoted_at_edges(body, separator) else None


def _end_lines(body: bytes, returns: int) -> bool:
    """Whether each of the *returns* stands before a line feed."""
    signs = np.frombuffer(b" " + body, np.uint8)
    return int(np.count_nonzero(signs[np.flatnonzero(signs == _LINE_FEED) - 1] == _RETURN)) == returns


def _is_all_quoted(body: bytes, separator: str, columns: int, quotes: int, line_end: int) -> bool:
    """Whether every value is quoted, with *line_end* signs between lines: all quotes stand beside a separator or an edge."""
    lines = body.count(b"\n") + 1
    if quotes != 2 * lines * columns or not body.startswith(b'"') or not body.endswith(b'"'):
        return False
    signs = np.frombuffer(body + b"  ", np.uint8)
    marks, ends = np.flatnonzero(signs == ord(separator)), np.flatnonzero(signs == _LINE_FEED)
    if len(marks) != lines * (columns - 1) or (len(ends) and ends[0] <= line_end):
        return False
    # Each separator and line end has a closing quote before it and an opening one after it. No quote is both: after an
    # opening one comes no separator or line end. So these are 2 * lines * columns different quotes, and there are no others.
    second = np.concatenate([signs[marks + 2], signs[ends + 2], signs[1:2]])
    return bool(
        (signs[marks - 1] == _QUOTE).all()
        and (signs[marks + 1] == _QUOTE).all()
        and (signs[ends - line_end] == _QUOTE).all()
        and (signs[ends + 1] == _QUOTE).all()
        and not np.isin(second, (ord(separator), _LINE_FEED, _RETURN)).any()
    )


def _is_quoted_at_edges(body: bytes, separator: str) -> bool:
    """Whether every pair of quotes stands right at the edges of one value, where only some values are quoted."""
    signs = np.frombuffer(b"\n" + body + b"\n", np.uint8)
    mark = ord(separator)
    special = np.flatnonzero((signs == _QUOTE) | (signs == mark) | (signs == _LINE_FEED))
    quotes = np.flatnonzero(signs[special] == _QUOTE)
    if len(quotes) % 2 or (quotes[1::2] - quotes[::2] != 1).any():
        return False  # a separator or a line end inside quotes
    before, after = signs[special[quotes[::2]] - 1], signs[special[quotes[1::2]] + 1]
    opens = (before == mark) | (before == _LINE_FEED)
    closes = (after == mark) | (after == _LINE_FEED) | (after == _RETURN)
    return bool(opens.all() and closes.all())
