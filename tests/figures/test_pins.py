"""A figure as a definition: it counts the same card again, refuses what it does not know, and says then beside now."""

from __future__ import annotations

import json
import sys
from datetime import date
from subprocess import run

import pytest
from figures.stored_school import StoredSchool

from stslib.errors import DatasetError
from stslib.figures import FIGURE_IDS, card_for, figure_cards
from stslib.figures.pins import define, latest, pin_definition, read_definition, shown_of, then_and_now
from stslib.figures.reach import reach
from stslib.figures.since import since
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 1)


def through_json(definition):
    return json.loads(json.dumps(definition))


@pytest.mark.parametrize("policy", ["room", "record"])
def test_every_figure_of_a_page_is_counted_again_from_what_its_card_carries(school: StoredSchool, policy: str) -> None:
    absences = school.absences()
    cards = list(figure_cards(absences, policy=policy, today=TODAY))
    assert [card.id for card in cards] == list(FIGURE_IDS)
    for card in cards:
        assert card_for(absences, through_json(pin_definition(card)), policy=policy, today=TODAY) == card


def test_a_figure_of_one_status_and_of_an_earlier_year_too(school: StoredSchool) -> None:
    absences = school.absences()
    for year in ("2024-2025", "2025-2026"):
        (card,) = figure_cards(absences, ["rate_by_week"], policy="room", today=TODAY, status="unlawful", school_year=year)
        assert year[:4] in card.rows[0][0]
        assert card_for(absences, through_json(card.definition), policy="room", today=TODAY) == card


def test_the_figures_of_a_group_too(school: StoredSchool) -> None:
    absences = school.absences()
    for card in (
        reach(absences, "grade", "2", "unlawful", policy="room", today=TODAY),
        reach(absences, "school", "", "late", policy="room", today=TODAY, school_year="2024-2025"),
        since(absences, "rate_lawful", "class", "1A", date(2025, 12, 3), policy="room", today=TODAY),
    ):
        assert card_for(absences, through_json(card.definition), policy="room", today=TODAY) == card


def test_who_counts_again_chooses_the_policy(school: StoredSchool) -> None:
    absences = school.absences()
    loose = define("reach", policy="none", dimension="class", value="5A")
    assert card_for(absences, loose, policy="none", today=TODAY).rows
    assert card_for(absences, loose, policy="record", today=TODAY).rows == ()


def test_the_latest_of_a_pinned_figure_is_about_the_newest_year(school: StoredSchool) -> None:
    absences = school.absences()
    pinned = define("rate_by_code", school_year="2024-2025")
    assert "2024-2025" in card_for(absences, pinned, policy="room", today=TODAY).title
    assert "2025-2026" in card_for(absences, latest(pinned), policy="room", today=TODAY).title
    started = define("since", measure="late", start="2025-11-10")
    assert latest(started) == started


def test_a_start_is_read_as_typed() -> None:
    assert define("since", start="10/11/2025")["start"] == "2025-11-10"
    assert define("since", start=date(2025, 11, 10)) == define("since", start="10-11-2025")


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ("rate_by_week", "geen omschrijving"),
        (None, "geen omschrijving"),
        ({}, "niet kent"),
        ({"definition": 2, "figure": "rate_by_week"}, "Werk het programma bij"),
        ({"definition": True, "figure": "rate_by_week"}, "Werk het programma bij"),
        ({"definition": 1, "figure": "rate_by_teacher"}, "Onbekende figuur: rate_by_teacher"),
        ({"definition": 1, "figure": ["reach"]}, "Onbekende figuur"),
        ({"definition": 1, "figure": "rate_by_week", "colour": "red"}, "colour"),
        ({"definition": 1, "figure": "rate_by_week", "status": "boos"}, "Onbekende soort: boos"),
        ({"definition": 1, "figure": "thresholds", "status": "unlawful"}, "deze figuur telt alles"),
        ({"definition": 1, "figure": "rate_by_week", "school_year": "vorig jaar"}, "Schrijf het als 2025-2026"),
        ({"definition": 1, "figure": "rate_by_week", "policy": "alles"}, "Onbekende afscherming"),
        ({"definition": 1, "figure": "reach", "dimension": "teacher"}, "Onbekende indeling: teacher"),
        ({"definition": 1, "figure": "reach", "dimension": "class", "value": 3}, "geen tekst"),
        ({"definition": 1, "figure": "since", "measure": "mood", "start": "2025-11-10"}, "Onbekende maat: mood"),
        ({"definition": 1, "figure": "since", "measure": "rate", "start": "na de herfst"}, "geen leesbare datum"),
        ({"definition": 1, "figure": "since", "measure": "rate"}, "geen leesbare datum"),
    ],
)
def test_an_unknown_definition_is_refused_in_dutch(definition: object, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_definition(definition)
    assert said in str(caught.value)


def test_a_card_without_a_figure_cannot_be_pinned(school: StoredSchool) -> None:
    (card,) = figure_cards(school.absences(), ["rate_by_code"], policy="room", today=TODAY)
    with pytest.raises(DatasetError):
        pin_definition(card.model_copy(update={"definition": {}}))


def test_a_year_that_is_not_stored_any_more_is_named(school: StoredSchool) -> None:
    with pytest.raises(DatasetError, match="2019-2020"):
        card_for(school.absences(), define("thresholds", school_year="2019-2020"), policy="room", today=TODAY)


def test_what_is_kept_for_the_journal_has_words_and_numbers_and_no_picture(school: StoredSchool) -> None:
    (card,) = figure_cards(school.absences(), ["rate_by_code"], policy="room", today=TODAY)
    shown = shown_of(card)
    assert set(shown) == {"title", "columns", "rows", "counted_on", "policy"}
    assert shown["counted_on"] == "2026-04-01"
    assert through_json(shown) == shown


def a_card(
    rows: list[tuple[str, ...]], columns: tuple[str, ...] = ("Groep", "Gemiste halve dagen", "Percentage")
) -> FigureCard:
    return FigureCard(
        id="rate_by_grade", title="Proef.", alt="", columns=columns, rows=tuple(rows), why=(), policy="room", counted_on=TODAY
    )


PINNED = {
    "title": "Proef.",
    "columns": ["Groep", "Gemiste halve dagen", "Percentage"],
    "rows": [["1e graad", "90", "4,0\u00a0%"], ["2e graad", "–", "–"], ["Hele school", "200", "5,2\u00a0%"]],
    "counted_on": "2025-03-20",
    "policy": "room",
}


def test_then_and_now_names_the_share_of_the_whole_before_any_count() -> None:
    now = a_card([("1e graad", "120", "4,4\u00a0%"), ("2e graad", "80", "6,0\u00a0%"), ("Hele school", "260", "4,9\u00a0%")])
    assert then_and_now(PINNED, now) == "Toen (20/03/2025): Hele school, percentage 5,2\u00a0%; nu: 4,9\u00a0%."


def test_then_and_now_goes_on_to_the_first_number_that_differs() -> None:
    now = a_card([("1e graad", "120", "4,4\u00a0%"), ("Hele school", "260", "5,2\u00a0%")])
    assert then_and_now(PINNED, now) == "Toen (20/03/2025): 1e graad, percentage 4,0\u00a0%; nu: 4,4\u00a0%."
    hidden = a_card([("1e graad", "120", "–"), ("Hele school", "–", "–")])
    assert then_and_now(PINNED, hidden) == "Toen (20/03/2025): 1e graad, gemiste halve dagen 90; nu: 120."


def test_then_and_now_says_when_nothing_changed_or_nothing_compares() -> None:
    same = a_card([tuple(row) for row in PINNED["rows"]])
    assert then_and_now(PINNED, same) == "Toen (20/03/2025) en nu hetzelfde: Hele school, percentage 5,2\u00a0%."
    for card in (a_card([]), a_card([("2e graad", "80", "6,0\u00a0%")])):
        assert "niet te vergelijken" in then_and_now(PINNED, card)
    assert "niet te vergelijken" in then_and_now({"rows": "stuk", "columns": 3}, same)


def test_then_and_now_of_the_course_since_the_start_names_the_stretch_since(school: StoredSchool) -> None:
    later = since(school.absences(), "rate", "grade", "1", date(2025, 12, 3), policy="room", today=TODAY)
    shown = {**shown_of(later), "rows": [["Sinds de start", "", "1", "2", "9,9\u00a0%", ""]], "counted_on": "2026-02-02"}
    now = next(line for line in later.rows if line[0] == "Sinds de start")[4]
    assert then_and_now(shown, later) == f"Toen (02/02/2026): Sinds de start, percentage 9,9\u00a0%; nu: {now}."


def test_definitions_need_neither_the_data_engine_nor_the_drawing() -> None:
    code = "import stslib.figures.pins, stslib.figures.asked, sys; "
    code += "print([m for m in ('pandas', 'matplotlib', 'polars') if m in sys.modules])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
