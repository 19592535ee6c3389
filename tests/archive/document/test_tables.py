"""The tables inside an archive: what the page shows, nothing more, and numbers as numbers."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from stslib.archive.document.plain import json_lines


def tables_in(document: str) -> dict[str, Any]:
    found = re.search(r'<pre hidden id="sts-tables">([^<]*)</pre>', document)
    assert found
    tables: dict[str, Any] = json.loads(html.unescape(found[1]))
    return tables


def visible(document: str) -> str:
    shown = document.split("<body>")[1].split("<!--sts:deel gegevens-->")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def every_text(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in every_text(one)]
    if isinstance(value, list):
        return [text for one in value for text in every_text(one)]
    return [value] if isinstance(value, str) else []


def test_the_tables_hold_every_score_action_and_figure_that_the_page_shows(archived) -> None:
    state = archived.state()
    tables = tables_in(archived.result.path.read_text(encoding="utf-8"))
    scales = [scale for one in state.instruments for scale in one.scales()]
    assert len(tables["scores"]) == len(scales)
    assert {row["score"] for row in tables["scores"]} == {0, 5, 10, "weet niet", "niet van toepassing", "niet besproken"}
    assert {row["target"] for row in tables["scores"]} == {8, ""}
    assert len(tables["actions"]) == len(state.actions())
    assert tables["figures"] == []  # of this school no half days are kept
    assert tables["focus"] is not None
    assert {row["what"] for row in tables["decisions"]} >= {"Ons hoofddoel", "Tussendoel", "Met welk mandaat?"}


def test_an_earlier_score_stands_with_its_day_but_for_what_is_about_somebody_else(archived) -> None:
    tables = tables_in(archived.result.path.read_text(encoding="utf-8"))
    with_earlier = {row["instrument"]: row["earlier"] for row in tables["scores"]}
    assert [one["score"] for one in with_earlier["Preventieplan afwezigheden"]] == [4]
    assert with_earlier["In gesprek met ouders"] == []


def test_the_tables_hold_no_text_that_the_page_does_not_show(archived) -> None:
    document = archived.result.path.read_text(encoding="utf-8")
    tables, page = tables_in(document), visible(document)
    for figure in tables["figures"]:
        figure.pop("policy")
    for action in tables["actions"]:
        action.pop("due")
    for row in tables["decisions"]:  # a row of several cells is one sentence here
        row.pop("text")
    missing = [text for text in every_text(tables) if " ".join(text.split()) not in page and ", " not in text]
    assert missing == []


def test_json_lines_reads_back_as_what_it_was_made_of() -> None:
    whole = {"rows": [{"a": "één\n\ud83d </pre>"}, {"a": None}], "none": [], "one": {"b": [1, 2]}, "text": "x"}
    written = json_lines(whole)
    assert json.loads(written) == whole
    assert written.isascii()
    assert len(written.splitlines()) == 9
