from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.factories import change, make_instrument, make_objective, make_section, make_session

from stslib.forms.fields import TEXT_LIMIT
from stslib.forms.state import FormState, conflict_in
from stslib.model.instrument import Applicability, Province, SchoolLevel


@pytest.fixture
def state(tmp_path: Path) -> FormState:
    journal, session = make_session(tmp_path)
    return FormState(journal, session.id, make_instrument())


def phase_of(state: FormState):
    return state.instrument.phases[0]


def test_an_answer_is_there_for_who_opens_the_session_later(state: FormState) -> None:
    state.apply([change("proef.a.een.vraag-1", "answer", "Elke ochtend aan de poort")], writer="een")
    later = FormState(state.journal, state.session.id, state.instrument)
    assert later.value("proef.a.een.vraag-1", "answer") == "Elke ochtend aan de poort"


@pytest.mark.parametrize("value", [0, 10, "unknown", "not_applicable", None])
def test_every_way_to_score_is_kept_as_it_is(state: FormState, value: object) -> None:
    outcome = state.apply([change("proef.a.een.schaal", "score", value)], writer="een")[0]
    assert outcome.entry is not None
    assert state.score("proef.a.een.schaal") == value


@pytest.mark.parametrize("value", [-1, 11, 5.5, True, "7", [7], {"score": 7}])
def test_what_is_no_score_is_refused_and_changes_nothing(state: FormState, value: object) -> None:
    state.apply([change("proef.a.een.schaal", "score", 4)], writer="een")
    outcome = state.apply([change("proef.a.een.schaal", "score", value)], writer="een")[0]
    assert outcome.entry is None
    assert "0 tot 10" in outcome.refused
    assert state.score("proef.a.een.schaal") == 4


def test_one_refused_change_does_not_hold_up_the_others(state: FormState) -> None:
    outcomes = state.apply(
        [change("bestaat.niet", "answer", "x"), change("proef.a.een.vraag-1", "answer", "bewaard")], writer="een"
    )
    assert "bestaat niet" in outcomes[0].refused
    assert outcomes[1].entry is not None
    assert state.text("proef.a.een.vraag-1", "answer") == "bewaard"


def test_a_text_over_the_limit_is_refused_with_both_numbers(state: FormState) -> None:
    outcome = state.apply([change("proef.a.een.vraag-1", "answer", "x" * (TEXT_LIMIT + 1))], writer="een")[0]
    assert str(TEXT_LIMIT + 1) in outcome.refused
    assert str(TEXT_LIMIT) in outcome.refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("half \ud83d paar", "half \ufffd paar"), ("nul\0teken", "nul\ufffdteken"), ("👩‍🏫 مرحبا", "👩‍🏫 مرحبا")],
)
def test_text_that_no_file_can_hold_becomes_text_that_a_file_can(state: FormState, typed: str, kept: str) -> None:
    state.apply([change("proef.a.een.vraag-1", "answer", typed)], writer="een")
    assert FormState(state.journal, state.session.id, state.instrument).text("proef.a.een.vraag-1", "answer") == kept


def test_weet_niet_and_niet_van_toepassing_change_no_mean_and_leave_a_gap(state: FormState) -> None:
    state.apply([change("proef.a.een.schaal", "score", 4)], writer="een")
    before = state.radar(phase_of(state)).mean()
    state.apply(
        [change("proef.b.een.schaal", "score", "unknown"), change("proef.c.een.schaal", "score", "not_applicable")],
        writer="een",
    )
    radar = state.radar(phase_of(state))
    assert radar.mean() == before == 4
    assert radar.current.values() == (4, None, None)


def test_a_theme_for_toddlers_has_no_axis_in_a_secondary_school_until_the_team_wants_it(tmp_path: Path) -> None:
    toddlers = make_section("proef.a.kleuters", applies=Applicability(levels=(SchoolLevel.NURSERY,)))
    instrument = make_instrument(make_objective("proef.a", make_section("proef.a.klimaat"), toddlers))
    journal, session = make_session(tmp_path)
    state = FormState(journal, session.id, instrument)
    assert state.radar(phase_of(state)).axes == ("proef.a.klimaat",)
    state.apply([change("proef.a.kleuters", "applicable", True)], writer="een")
    assert state.radar(phase_of(state)).axes == ("proef.a.klimaat", "proef.a.kleuters")


def test_an_objective_that_the_team_sets_aside_counts_in_no_progress(state: FormState) -> None:
    assert state.progress(phase_of(state)).scales == 3
    state.apply([change("proef.b", "applicable", False)], writer="een")
    assert state.progress(phase_of(state)).scales == 2
    assert state.progress(phase_of(state)).questions == 4


def test_applicability_by_province_follows_the_trajectory(tmp_path: Path) -> None:
    section = make_section("proef.a.spijbelplan", applies=Applicability(provinces=(Province.ANTWERP,)))
    instrument = make_instrument(make_objective("proef.a", section))
    for province, expected in ((Province.ANTWERP, True), (Province.LIMBURG, False)):
        journal, session = make_session(tmp_path, province=province)
        assert FormState(journal, session.id, instrument).applies(section) is expected


def test_earlier_sessions_stand_on_the_radar_before_this_one(tmp_path: Path) -> None:
    journal, first = make_session(tmp_path)
    instrument = make_instrument()
    early = FormState(journal, first.id, instrument)
    early.apply([change("proef.a.een.schaal", "score", 3), change("sessie", "date", "03/11/2025")], writer="een")
    second = journal.create_session(first.trajectory_id)
    now = FormState(journal, second.id, instrument)
    now.apply([change("proef.a.een.schaal", "score", 6)], writer="een")
    series = now.radar(phase_of(now)).series
    assert [(one.label, one.scores[0], one.current) for one in series[:1]] == [("03/11/2025", 3, False)]
    assert series[-1].scores[0] == 6
    assert series[-1].current


def test_an_action_is_one_thing_seen_from_its_objective_and_from_the_whole(state: FormState) -> None:
    item = "actie.0a1b2c3d"
    texts = {
        "origin": "proef.b",
        "what": "Bel op de eerste dag",
        "who": "secretariaat",
        "when": "15/1/2027",
        "check": "in maart",
    }
    state.apply([change(item, field, value) for field, value in texts.items()], writer="een")
    (action,) = state.actions("proef.b")
    assert state.actions() == [action]
    assert state.actions("proef.a") == []
    assert (action.what, action.due and action.due.isoformat()) == ("Bel op de eerste dag", "2027-01-15")
    assert action.unfinished == ()
    state.apply([change(item, "when", "na de vakantie")], writer="een")
    assert state.actions()[0].unfinished == ("when",)
    state.apply([change(item, "removed", True)], writer="een")
    assert state.actions() == []


def test_an_action_of_an_objective_that_does_not_exist_is_refused(state: FormState) -> None:
    assert "bestaat niet" in state.apply([change("actie.0a1b2c3d", "origin", "proef.z")], writer="een")[0].refused


def test_two_windows_on_one_field_keep_both_values_until_a_person_picks(state: FormState) -> None:
    other = FormState(state.journal, state.session.id, state.instrument)
    item = "proef.a.een.vraag-1"
    state.apply([change(item, "answer", "van mij")], writer="een")
    outcome = other.apply([change(item, "answer", "van hen", seen=0)], writer="twee")[0]
    assert outcome.other is not None
    assert outcome.other.value == "van mij"
    (conflict,) = other.conflicts()
    assert (conflict.theirs.value, conflict.mine.value) == ("van mij", "van hen")
    other.apply([change(item, "answer", "van mij", seen=2)], writer="twee")
    assert other.conflicts() == []


def test_one_writer_who_types_on_before_an_answer_came_is_no_conflict(state: FormState) -> None:
    item = "proef.a.een.vraag-1"
    for text in ("h", "ha", "hallo"):
        state.apply([change(item, "answer", text, seen=0)], writer="een")
    assert state.conflicts() == []
    assert state.text(item, "answer") == "hallo"


def test_looking_back_shows_the_session_as_it_was(state: FormState) -> None:
    state.apply([change("proef.a.een.vraag-1", "answer", "vóór")], writer="een")
    closing = state.seq
    state.apply([change("proef.a.een.vraag-1", "answer", "erna")], writer="een")
    assert (
        FormState(state.journal, state.session.id, state.instrument, upto=closing).text("proef.a.een.vraag-1", "answer")
        == "vóór"
    )


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["een", "twee"]), st.sampled_from(["a", "b", "c"]), st.booleans()), min_size=1, max_size=12
    )
)
def test_no_step_of_two_writers_is_lost_or_hidden(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, bool]]
) -> None:
    journal, session = make_session(tmp_path_factory.mktemp("twee"))
    instrument = make_instrument()
    states = {writer: FormState(journal, session.id, instrument) for writer in ("een", "twee")}
    item, unseen_overwrite = "proef.a.een.vraag-1", False
    last: tuple[str, str] | None = None
    for writer, value, looks in steps:
        state = states[writer]
        if looks:
            state.refresh()
        known = state.entry(item, "answer")
        seen = known.revision if known else 0
        total = len(journal.entries(session.id))
        unseen_overwrite = bool(last and last[0] != writer and last[1] != value and seen < total)
        state.apply([change(item, "answer", value, seen=seen)], writer=writer)
        last = (writer, value)
    history = journal.entries(session.id)
    assert [entry.value for entry in history] == [value for _, value, _ in steps]
    assert not unseen_overwrite or conflict_in(history) is not None


def test_who_closes_a_session_is_kept_with_the_rest_of_it(state: FormState) -> None:
    assert state.meta().closed_by == ""
    state.apply([change("sessie", "closed_by", "CLB-medewerker, directie")], writer="een")
    assert state.meta().closed_by == "CLB-medewerker, directie"


def test_the_history_of_a_field_holds_every_entry_oldest_first(state: FormState) -> None:
    for place, text in enumerate(("directie", "CLB", "CLB en directie")):
        state.apply([change("sessie", "closed_by", text, seen=place)], writer="een")
    assert [entry.value for entry in state.history("sessie", "closed_by")] == ["directie", "CLB", "CLB en directie"]
    assert state.history("sessie", "title") == ()
