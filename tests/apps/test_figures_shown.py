from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from support.pages import new_session

from stslib.apps.figures_page import PARTS
from stslib.apps.figures_shown import PLAN, STRETCHES, defined, plan_marks, stretch_of
from stslib.apps.sessions import every_instrument, journal_of
from stslib.content import FIGURE_IDS, calendars
from stslib.figures.pins import read_definition
from stslib.forms.state import FormState
from stslib.model.blocks import IndicatorBlock
from stslib.model.session import Change


def test_every_figure_there_is_has_one_place_on_the_page() -> None:
    placed = [name for part in PARTS for name in part["figures"]]
    assert sorted(placed) == sorted(FIGURE_IDS)


@pytest.mark.parametrize("figure", FIGURE_IDS)
@pytest.mark.parametrize("status", ["", "unlawful", "lawful", "open", "late"])
def test_every_figure_can_be_asked_under_every_choice_and_says_what_it_does_not_follow(figure: str, status: str) -> None:
    asked = {
        "school_year": "2025-2026", "status": status, "dimension": "grade", "value": "2", "stretch": "before-christmas",
    }  # fmt: skip
    definition, ignores = defined(figure, asked, [(date(2025, 11, 10), PLAN)])
    read = read_definition(definition)
    assert (read.dimension == "grade") is ("de groep" not in ignores)
    assert (read.last == date(2025, 12, 21)) is ("de periode" not in ignores)
    followed = read.kind == "late" if status == "late" else read.status == (status or None)
    assert followed is ("de soort afwezigheid" not in ignores)


def test_nothing_chosen_limits_nothing() -> None:
    definition, ignores = defined("rate_by_week", {})
    assert ignores == ()
    assert definition == {
        "definition": 1, "figure": "rate_by_week", "policy": "room", "status": None, "school_year": None,
    }  # fmt: skip


@pytest.mark.parametrize("calendar", calendars(), ids=lambda calendar: calendar.school_year)
def test_the_stretches_of_a_year_follow_each_other_around_two_holidays_of_two_weeks(calendar) -> None:
    stretches = [stretch_of(calendar, name) for name, _ in STRETCHES]
    assert stretches[0][0] == calendar.first_day
    assert stretches[-1][1] == calendar.last_day
    for (_, last), (first, _) in pairwise(stretches):
        assert 14 <= (first - last).days - 1 <= 17
    assert (stretches[0][1].month, stretches[1][0].month) == (12, 1)


def test_only_marks_of_the_school_year_that_is_looked_at_are_drawn() -> None:
    marks = [(date(2024, 10, 1), "vroeger"), (date(2025, 11, 10), PLAN), (date(2026, 9, 1), "later")]
    definition, _ = defined("run_chart", {"school_year": "2025-2026"}, marks)
    assert definition["marks"] == [["2025-11-10", PLAN]]
    assert "marks" not in defined("thresholds", {"school_year": "2025-2026"}, marks)[0]


def test_the_plan_and_the_agreed_days_of_actions_that_are_past_are_marks(tmp_path) -> None:
    session = new_session(tmp_path)
    instruments = every_instrument(tmp_path)
    state = FormState(journal_of(tmp_path), session, instruments[0], others=instruments[1:])
    block = next(block.id for one in instruments for block in one.blocks() if isinstance(block, IndicatorBlock))
    fields = {
        block: {"since": "10/11/2025"},
        "actie.00000001": {"what": "De poort om acht uur open, elke dag van de week", "when": "01/12/2025"},
        "actie.00000002": {"what": "Later", "when": "01/12/2027"},
        "actie.00000003": {"what": "Toch niet", "when": "02/12/2025", "state": "stopped"},
        "actie.00000004": {"what": "Ooit", "when": "na de vakantie"},
    }
    changes = [
        Change(item=item, field=field, value=value, edit_id=f"{item}{field}")
        for item, values in fields.items()
        for field, value in values.items()
    ]
    assert [outcome.refused for outcome in state.apply(changes, writer="proef")] == [""] * len(changes)
    assert plan_marks(state, today=date(2026, 5, 1)) == [
        (date(2025, 11, 10), PLAN),
        (date(2025, 12, 1), "De poort om acht uur open,…"),
    ]
