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
import numpy.typing as npt
import polars as pl

from stslib.absences.reading import limits
from stslib.absences.reading.headers import HEADER_ROW, ColumnMapping
from stslib.absences.reading.layout import Layout, find_layout

_DAMAGED = ("Ã", "â€", "Â")
"""Letters that stand for UTF-8 that was read as Latin-1: the guarded process repairs them."""

_OTHER_TYPES = (b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff", b"%PDF", b"<", b"{")

_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'

_BLOCK = 1 << 17
"""Signs that are looked at at once."""


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
    start, end = _edges_of_body(content, layout.body)
    if start >= end:
        return None
    cut = _cut_of(np.frombuffer(content, np.uint8)[start:end], separator)
    if cut is None or cut.lines > limits.MAX_ROWS or cut.gaps != cut.lines * (len(layout.headers) - 1):
        return None
    lines = cut.lines
    # Nothing of the size of the file is copied where that can be helped: fresh memory costs more than looking at it.
    skip = layout.body
    if content.find(b'"', start, end) >= 0:
        bare = _without_quotes(content[start:end], separator, len(layout.headers), cut)
        if bare is None:
            return None
        content, skip = bare, 0
    elif len(content) - end > 2:
        content, skip = content[start:end], 0
    wanted = sorted(set(layout.positions.values()))
    try:
        frame = pl.read_csv(
            content, has_header=False, skip_rows=skip, separator=separator, quote_char=None, infer_schema=False, columns=wanted
        )
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


def _edges_of_body(content: bytes, header_lines: int) -> tuple[int, int]:
    """Where what stands under the headers starts and ends, without the line ends at the very end."""
    start = 0
    for _ in range(header_lines):
        start = content.find(b"\n", start) + 1
        if not start:
            return 0, 0
    end = len(content)
    while end > start and content[end - 1] in b"\r\n":
        end -= 1
    return start, end


class _Cut(NamedTuple):
    """How a text is cut: at ``ends``, by line ends of ``line_end`` signs, and by ``gaps`` separators in all."""

    signs: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.intp]
    gaps: int
    line_end: int

    @property
    def lines(self) -> int:
        return len(self.ends) + 1


def _cut_of(signs: npt.NDArray[np.uint8], separator: str) -> _Cut | None:
    """How *signs* are cut; None when lines end in more than one way."""
    found, returns, gaps = [], 0, 0
    for place in range(0, len(signs), _BLOCK):
        block = signs[place : place + _BLOCK]
        found.append(np.flatnonzero(block == _LINE_FEED) + place)
        returns += int(np.count_nonzero(block == _RETURN))
        gaps += int(np.count_nonzero(block == ord(separator)))
    ends = np.concatenate(found)
    if returns and (returns != len(ends) or not ends[0] or not (signs[ends - 1] == _RETURN).all()):
        return None
    return _Cut(signs, ends, gaps, 2 if returns else 1)


def _without_quotes(body: bytes, separator: str, columns: int, cut: _Cut) -> bytes | None:
    """*body* without the quotes around its values; None when a quote stands anywhere else."""
    plain = _is_all_quoted(body, separator, columns, cut) or _is_quoted_at_edges(body, separator)
    return body.translate(None, b'"') if plain else None


def _is_all_quoted(body: bytes, separator: str, columns: int, cut: _Cut) -> bool:
    """Whether every value is quoted: all quotes stand beside a separator, a line end or an edge."""
    signs, ends = cut.signs, cut.ends
    quotes = int(np.count_nonzero(signs == _QUOTE))
    if quotes != 2 * cut.lines * columns or not body.startswith(b'"') or not body.endswith(b'"'):
        return False
    marks = np.flatnonzero(signs == ord(separator))
    places = np.concatenate([marks, ends])
    if len(places) and (places.max() + 2 >= len(signs) or (len(ends) and ends[0] < cut.line_end)):
        return False
    # Each separator and line end has a closing quote before it and an opening one after it. No quote is both: after an
    # opening one comes no separator or line end. So these are 2 * lines * columns different quotes, and there are no others.
    second = np.concatenate([signs[places + 2], signs[1:2]])
    return bool(
        (signs[marks - 1] == _QUOTE).all()
        and (signs[marks + 1] == _QUOTE).all()
        and (signs[ends - cut.line_end] == _QUOTE).all()
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
