"""How the figures were counted: told once for what they share, beside each figure for what is its own."""

from __future__ import annotations

from typing import Any

from stslib.archive.document.accounted import Accounted


def a_card(title: str, rows: list[list[str]] | None = None, **why: str) -> dict[str, Any]:
    lines = [{"label": label.replace("_", " "), "text": text} for label, text in why.items()]
    return {"title": title, "columns": ["a", "b"], "rows": rows or [["x", "1"]], "why": lines, "counted_on": "03/11/2026"}


def accounted(*cards: dict[str, Any]) -> Accounted:
    made = Accounted()
    for card in cards:
        made.add({"figures": [card]}, f"plek van {card['title']}")
    made.share()
    return made


def test_a_line_that_most_figures_share_is_told_once_and_the_rest_beside_each() -> None:
    cards = [a_card(str(number), Codes="B", Periode=f"jaar {number}") for number in range(3)]
    other = a_card("anders", Codes="L", Periode="jaar 3")
    made = accounted(*cards, other)
    assert made.common == [{"label": "Codes", "text": "B", "for": 3}]
    assert made.figures == 4
    assert [line["text"] for line in cards[0]["own"]] == ["jaar 0"]
    assert [line["text"] for line in other["own"]] == ["L", "jaar 3"]


def test_two_figures_alone_keep_what_they_share_beside_them() -> None:
    cards = [a_card(str(number), Codes="B") for number in range(2)]
    assert accounted(*cards).common == []
    assert [line["text"] for card in cards for line in card["own"]] == ["B", "B"]


def test_every_figure_has_a_row_with_how_its_counting_differs() -> None:
    cards = [a_card(str(number), Codes="B", Niet_meegeteld="1 rij") for number in range(3)]
    rows = accounted(*cards, a_card("anders", Codes="L", Grenzen="staat bij het cijfer zelf")).rows()
    assert [row["lines"] for row in rows] == [[], [], [], [{"label": "Codes", "text": "L"}]]
    assert [row["place"] for row in rows][2:] == ["plek van 2", "plek van anders"]


def test_the_cells_that_are_not_shown_are_counted_without_the_name_of_the_group() -> None:
    (row,) = accounted(a_card("x", rows=[["–", "–", "4,2 %"], ["1A", "–", "3"]], Codes="B")).rows()
    assert row["hidden"] == 2


def test_a_figure_that_says_nothing_about_its_counting_has_no_row() -> None:
    assert accounted({"title": "x", "columns": ["a"], "rows": [["1"]], "counted_on": "", "withheld": False}).rows() == []
