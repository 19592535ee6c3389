"""Tables of web pages, and what a file is by how it starts."""

from __future__ import annotations

import random

import pytest

from stslib.guarded.answer import RefusedError
from stslib.guarded.markup import tables_in
from stslib.guarded.text import MARKUP, OLD_WORKBOOK, PACKAGE, TEXT, decode, type_of


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04", PACKAGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9), OLD_WORKBOOK),
        (b"a;b", TEXT),
        (b"ID;Naam\n1;x", TEXT),
        (b"\xef\xbb\xbf  <HTML>", MARKUP),
        ("<table>".encode("utf-16"), MARKUP),
        (b"<meta charset=utf-8><table>", MARKUP),
        (b"<3 = 2", TEXT),
    ],
)
def test_what_a_file_is_shows_in_how_it_starts(content: bytes, kind: str) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize(("content", "reason"), [(b" \n", "empty"), (b"ID;PWXL\nB;X2\nC;X1;Y1;K1\nE\n", "sylk")])
def test_a_file_without_content_or_as_lines_of_a_sheet_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        type_of(content)


def test_a_page_is_text_for_who_asks_for_markup() -> None:
    assert decode("<table>é".encode(), markup=True) == ("<table>é", "utf-8")
    with pytest.raises(RefusedError, match="web_page"):
        decode(b"<table>")


@pytest.mark.parametrize(
    ("page", "tables"),
    [
        ("<table><tr><td>a</td><td>b</td></tr></table>", [[["a", "b"]]]),
        ("<table><tr><td>a<td>b<tr><td>c", [[["a", "b"], ["c"]]]),
        ("<table><td colspan=3>a<td>b</table>", [[["a", "", "", "b"]]]),
        ("<table><td colspan=99999999>a<td colspan=x>b</table>", [[["a", "b"]]]),
        ("<table><tr><td>a &amp; &lt;b&gt; &eacute;<br>c</table>", [[["a & <b> é c"]]]),
        ("<table><tr><td>a<script>x()</script><style>y</style>b</table>", [[["ab"]]]),
        ("<table><tr><td>a<table><tr><td>in</table><td>b</table>", [[["a", "b"]], [["in"]]]),
        ("x<td>nergens</td><table><tr><td>a</table><table></table>", [[["a"]]]),
    ],
)
def test_the_text_of_every_table_is_kept_and_nothing_else(page: str, tables: list[list[list[str]]]) -> None:
    assert tables_in(page, 1_000) == tables


def test_a_page_without_a_table_and_one_with_too_many_cells_are_refused() -> None:
    with pytest.raises(RefusedError, match="web_page"):
        tables_in("<p>a</p><table><tr><td> </table>", 1_000)
    with pytest.raises(RefusedError, match="bomb"):
        tables_in("<table><tr>" + "<td colspan=1000>a" * 20, 10_000)


def test_broken_markup_gives_a_table_or_a_refusal_and_nothing_else() -> None:
    rng = random.Random(11)
    pieces = ["<table", "<tr>", "<td", ">", "</td>", "</table>", "<!", "<!--", "<![CDATA[", "&", "&#x", ";", "<?", "/>"]
    pieces += ["a", '"', "<script>"]
    read = 0
    for _ in range(3_000):
        page = "<table><tr><td>a" + "".join(rng.choice(pieces) for _ in range(rng.randrange(30)))
        try:
            read += bool(tables_in(page, 10_000))
        except RefusedError as refused:
            assert refused.reason in ("web_page", "bomb")  # noqa: PT017
    assert read > 1_000
