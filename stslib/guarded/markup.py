"""The tables of a web page: many programs write one and call it .xls. Nothing of it runs or is fetched; only text is kept."""

from __future__ import annotations

from html.parser import HTMLParser

from stslib.guarded.answer import RefusedError

_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_WIDEST_SPAN = 1000


class _Tables(HTMLParser):
    def __init__(self, most_cells: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._left = most_cells
        self._open: list[int] = []
        self._unseen: list[str] = []
        self._text: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "table":
            self._end_cell()
            self.tables.append([])
            self._open.append(len(self.tables) - 1)
        elif tag == "tr" and self._open:
            self._end_cell()
            self._row()
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            if not self.tables[self._open[-1]]:
                self._row()
            span = next((value or "" for name, value in attrs if name == "colspan"), "")
            self._span = min(int(span), _WIDEST_SPAN) if span.isdecimal() and len(span) < 6 and int(span) else 1
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            del self._unseen[self._unseen.index(tag) :]
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _row(self) -> None:
        self._spend(1)
        self.tables[self._open[-1]].append([])

    def _end_cell(self) -> None:
        """Keep the cell that is open; one that spans columns stands in the first of them."""
        if self._text is None or not self._open:
            self._text = None
            return
        self._spend(self._span)
        self.tables[self._open[-1]][-1] += [" ".join("".join(self._text).split()), *[""] * (self._span - 1)]
        self._text, self._span = None, 1

    def _spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise RefusedError("bomb")


def tables_in(text: str, most_cells: int) -> list[list[list[str]]]:
    """The tables of a page, each as rows of texts, in the order in which they start.

    Raises:
        RefusedError: ``web_page`` without any table, ``bomb`` with more than *most_cells* cells.
    """
    reader = _Tables(most_cells)
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError) as error:  # what the parser of the standard library may raise on broken markup
        raise RefusedError("web_page") from error
    tables = [table for table in reader.tables if any(any(row) for row in table)]
    if not tables:
        raise RefusedError("web_page")
    return tables
