"""Figures of one part of the school, of some days and of late arrivals; and the pictures of results as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from figures.stored_school import StoredSchool
from matplotlib.figure import Figure

from stslib.absences.analysis import Absences
from stslib.errors import DatasetError
from stslib.figures import FIGURE_IDS, card_for, figure_cards
from stslib.figures.frames import Filters
from stslib.figures.pins import BY_GROUP, BY_KIND, BY_PERIOD, WITH_MARKS, define, read_definition
from stslib.figures.plots import plot_of
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 1)
FIRST, LAST = date(2025, 10, 1), date(2026, 2, 27)
START = (date(2025, 11, 10), "start van het plan")


@pytest.fixture(scope="module")
def absences(school: StoredSchool) -> Absences:
    return school.absences()


def card_of(absences: Absences, definition: dict, policy: str = "room") -> FigureCard:
    return card_for(absences, json.loads(json.dumps(definition)), policy=policy, today=TODAY)


def number(cell: str) -> int:
    return int(cell.replace(".", ""))


@pytest.mark.parametrize("figure", sorted(BY_GROUP & BY_PERIOD))
def test_a_figure_of_one_group_and_some_days_says_so_and_keeps_it(absences: Absences, figure: str) -> None:
    definition = define(figure, school_year="2025-2026", dimension="grade", value="1", first=FIRST, last="27/2/2026")
    card = card_of(absences, definition)
    assert card.title.startswith("Alleen de 1e graad, van 01/10/2025 tot en met 27/02/2026. ")
    assert card.definition == definition
    assert card_of(absences, card.definition) == card


def test_what_is_counted_is_the_group_in_those_days(absences: Absences, school: StoredSchool) -> None:
    card = card_of(absences, define("rate_by_class", dimension="grade", value="1", first=FIRST, last=LAST))
    mine = [slot for slot in school.slots if slot.class_name == "1A" and FIRST <= slot.day <= LAST]
    row = next(row for row in card.rows if row[0] == "1A")
    assert (number(row[1]), number(row[2])) == (sum(slot.code[:1] not in ("", "L") for slot in mine), len(mine))
    assert card.rows[-1][0] == "Hele groep"


@pytest.mark.parametrize("figure", sorted(BY_KIND))
def test_late_arrivals_can_be_counted_instead(absences: Absences, figure: str) -> None:
    definition = define(figure, school_year="2025-2026", kind="late")
    card = card_of(absences, definition)
    assert card.title.startswith("Alleen te laat, wel aanwezig. ")
    assert card.definition == definition
    assert card_of(absences, define(figure)).rows != card.rows


@pytest.mark.parametrize("figure", sorted(WITH_MARKS))
def test_marks_are_drawn_and_kept_and_change_no_number(absences: Absences, figure: str) -> None:
    marked = card_of(absences, define(figure, school_year="2025-2026", marks=[START]))
    plain = card_of(absences, define(figure, school_year="2025-2026"))
    assert marked.definition["marks"] == [["2025-11-10", "start van het plan"]]
    assert marked.rows == plain.rows
    assert marked.png != plain.png


def test_a_definition_without_filters_is_written_as_before() -> None:
    assert define("rate_by_week", school_year="2025-2026") == {
        "definition": 1, "figure": "rate_by_week", "policy": "room", "status": None, "school_year": "2025-2026",
    }  # fmt: skip
    old = read_definition({"definition": 1, "figure": "rate_by_week", "status": None, "school_year": None, "policy": "room"})
    assert (old.dimension, old.value, old.first, old.last, old.kind, old.marks) == ("school", "", None, None, "absent", ())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"figure": "thresholds", "first": "01/09/2025"}, "kent dit onderdeel niet"),
        ({"figure": "bands", "first": "2025-10-01"}, "kent dit onderdeel niet"),
        ({"figure": "rate_by_code", "kind": "late"}, "kent dit onderdeel niet"),
        ({"figure": "rate_by_week", "dimension": "grade"}, "niet volledig"),
        ({"figure": "rate_by_week", "value": "1"}, "niet volledig"),
        ({"figure": "rate_by_week", "dimension": "teacher", "value": "x"}, "Onbekende indeling"),
        ({"figure": "rate_by_week", "first": "vorige week"}, "geen leesbare datum"),
        ({"figure": "rate_by_week", "first": "2026-02-01", "last": "2026-01-01"}, "eindigt voor ze begint"),
        ({"figure": "calendar", "kind": "vroeg"}, "Onbekende telling"),
        ({"figure": "calendar", "kind": "late", "status": "lawful"}, "heeft geen soort"),
        ({"figure": "calendar", "marks": "start"}, "merktekens"),
        ({"figure": "calendar", "marks": [["2025-11-10"]]}, "merkteken"),
        ({"figure": "calendar", "marks": [["gisteren", "x"]]}, "geen leesbare datum"),
        ({"figure": "calendar", "marks": [["2025-11-10", "x"]] * 13}, "hoogstens 12"),
    ],
)
def test_a_filter_that_is_not_understood_is_refused_in_dutch(part: dict, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read_definition({"definition": 1, **part})
    assert said in str(caught.value)


def test_figures_that_cannot_be_limited_so_are_left_out(absences: Absences) -> None:
    filters = Filters("grade", "1", late=True)
    cards = list(figure_cards(absences, FIGURE_IDS, policy="room", today=TODAY, filters=filters))
    assert [card.id for card in cards] == [identity for identity in FIGURE_IDS if identity in BY_KIND]


def test_a_class_too_small_to_keep_has_no_card_that_leaves_the_room(absences: Absences) -> None:
    for figure in ("rate_by_week", "distribution", "calendar"):
        card = card_of(absences, define(figure, dimension="class", value="5A"), "record")
        assert card.rows == ()
        assert card.png is None
        assert "geen cijfer" in card.title


def test_a_class_beside_which_a_small_one_would_follow_has_none_either(absences: Absences) -> None:
    grade = card_of(absences, define("rate_by_week", dimension="grade", value="3"), "record")
    sibling = card_of(absences, define("rate_by_week", dimension="class", value="5D"), "record")
    assert not (grade.rows and sibling.rows)


def test_the_class_of_a_pupil_is_not_followed_into_another_year(absences: Absences) -> None:
    card = card_of(absences, define("years_compared", dimension="class", value="1A"))
    assert "geen eerder schooljaar" in card.title


def test_years_are_set_side_by_side_up_to_the_same_class_day(absences: Absences, school: StoredSchool) -> None:
    card = card_of(absences, define("years_compared"))
    days = {
        year: sorted({slot.day for slot in school.slots if slot.school_year == year}) for year in ("2024-2025", "2025-2026")
    }
    until = len(days["2025-2026"])
    for year, row in zip(("2025-2026", "2024-2025"), card.rows, strict=True):
        mine = [slot for slot in school.slots if slot.school_year == year and slot.day <= days[year][until - 1]]
        assert row[0] == year
        assert (number(row[1]), number(row[2])) == (sum(slot.code[:1] not in ("", "L") for slot in mine), len(mine))


def test_an_earlier_year_is_compared_with_the_years_before_it_only(absences: Absences) -> None:
    card = card_of(absences, define("years_compared", school_year="2024-2025"))
    assert "2025-2026" not in card.title
    assert [row[0] for row in card.rows] == ["2024-2025"]


RESULTS: dict[str, Callable[[Absences], object]] = {
    "nothing asked apart": lambda a: a.rate(),
    "groups": lambda a: a.rate(["grade", "stream"], disclosure="room"),
    "codes": lambda a: a.rate(["code"]),
    "months of two years": lambda a: a.rate(["school_year", "month"]),
    "moments": lambda a: a.late(["weekday", "half"]),
    "weeks": lambda a: a.rate(["week"], school_years=["2025-2026"]),
    "weeks of two years": lambda a: a.rate(["school_year", "week"], disclosure="record"),
    "days": lambda a: a.rate(["week", "weekday"], school_years=["2025-2026"]),
    "thresholds": lambda a: a.thresholds(disclosure="room"),
    "distribution": lambda a: a.distribution(school_years=["2025-2026"]),
    "bands": lambda a: a.bands(disclosure="room"),
    "spells": lambda a: a.spells(disclosure="record"),
    "compare": lambda a: a.compare(),
    "run chart": lambda a: a.run_chart(school_years=["2025-2026"], marks=[START]),
    "funnel": lambda a: a.funnel(["class"], disclosure="room", school_years=["2025-2026"]),
    "no rows": lambda a: a.rate(["class"], where={"class": "9Z"}),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_has_a_picture(absences: Absences, name: str) -> None:
    figure = plot_of(RESULTS[name](absences))
    assert isinstance(figure, Figure)
    assert figure.axes


def test_a_result_that_no_picture_fits_says_what_to_ask_instead(absences: Absences) -> None:
    with pytest.raises(DatasetError, match="te veel"):
        plot_of(absences.rate(["class", "month", "weekday"]))
    with pytest.raises(DatasetError, match="school_year"):
        plot_of(absences.rate(["week"]))
    with pytest.raises(DatasetError, match="één groep"):
        plot_of(absences.distribution(["grade"]))


def test_thresholds_of_a_group_count_its_pupils_and_name_the_rules_that_cannot_be_told(absences: Absences) -> None:
    (card,) = figure_cards(absences, ["thresholds"], policy="room", today=TODAY, filters=Filters(dimension="grade", value="1"))
    whole = absences.thresholds("room", school_years=absences.school_years[-1:], where={"grade": "1"})
    assert card.rows[0][3] == str(whole["pupils"].iloc[0])
    untold = [line.text for line in card.why if line.label == "Niet te bepalen"]
    assert any("geboortedatums" in text for text in untold)
