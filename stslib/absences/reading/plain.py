"""Text that needs splitting and no parsing: the way in for the plainest and most common exports.

A text with the same number of separators in every line, and with quotes only at the edges of values if at all, holds
nothing a parser could be fooled with: cutting it at line ends and separators is all there is to it. It is read here, in
this process, in a few milliseconds. Everything else goes to the guarded process of ``guard``, and a test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from stslib.absences.reading import limits
from stslib.absences.reading.headers import Columns, find_columns

_DAMAGED = (b"\xc3\x83", b"\xc3\x82", b"\xc3\xa2")
"""First bytes of letters that were damaged by a wrong reading."""

_OTHER_TYPES = (b"PK", b"\xd0\xcf", b"\xff\xfe", b"\xfe\xff", b"%PDF", b"<", b"{")


class PlainTable(NamedTuple):
    """The needed columns of a plain text."""

    columns: Columns
    cells: dict[str, pl.Series]
    rows: int


def read_plain(content: bytes, kind: str, mapping: Mapping[str, str] | None = None) -> PlainTable | None:
    """The needed columns of *content*; None when it is not plain enough to be split without a parser."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if content.startswith(_OTHER_TYPES) or b"\x00" in content:
        return None
    if not content.isascii():
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return None
        if any(mark in content for mark in _DAMAGED):
            return None
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return None
    quotes = content.count(b'"')
    if quotes:
        if b'""' in content:
            return None
        bare = content.replace(b'"', b"")
    else:
        bare = content
    head = [line.decode("utf-8", errors="replace") for line in bare[:65536].split(b"\n", limits.HEADER_SEARCH_ROWS + 1)]
    head = [line.rstrip("\r") for line in head[: limits.HEADER_SEARCH_ROWS + 1]]
    scores = []
    for separator in ";,\t|":
        rows = [line.split(separator) for line in head]
        found = find_columns(rows, kind, mapping)
        scores.append((len(found.positions) if found else 0, max(map(len, rows)), separator, found))
    _, _, separator, columns = max(scores, key=lambda score: score[:2])
    if columns is None or not 2 <= len(columns.headers) <= limits.MAX_COLUMNS:
        return None
    mark = separator.encode()
    if quotes:
        edges = (b"\n", b"\r", mark)
        opening = sum(content.count(edge + b'"') for edge in edges) + content.startswith(b'"')
        closing = sum(content.count(b'"' + edge) for edge in edges) + content.endswith(b'"')
        if not opening == closing == quotes / 2:
            return None
    body = bare
    for _ in range(columns.header_row + 1):
        body = body.partition(b"\n")[2]
    body = body.rstrip(b"\r\n")
    lines = body.count(b"\n") + 1
    if not body or lines > limits.MAX_ROWS or body.count(mark) != lines * (len(columns.headers) - 1):
        return None
    wanted = sorted(set(columns.positions.values()))
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            separator=separator,
            quote_char=None,
            infer_schema=False,
            columns=wanted,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines:
        return None
    frame = frame.fill_null("")
    if frame.filter(pl.all_horizontal(pl.all() == "")).height:
        return None  # perhaps an empty row, which is no row of data
    names = dict(zip(wanted, frame.columns, strict=True))
    return PlainTable(columns, {role: frame[names[position]] for role, position in columns.positions.items()}, lines)
