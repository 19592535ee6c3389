"""What one session leaves to the next: actions, the focus, contacts and plans; and what stays in its own meeting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.factories import change, make_instrument, make_plan, make_session

from stslib.forms.state import FormState
from stslib.model.session import ActionState, Change, Journal, Session

PLAN = "fiche.f1.plan"


class Route:
    """A trajectory whose sessions are opened one after the other."""

    def __init__(self, journal: Journal, first: Session) -> None:
        self.journal = journal
        self.sessions = [first]

    def next(self) -> FormState:
        self.sessions.append(self.journal.create_session(self.sessions[0].trajectory_id))
        return self.at(-1)

    def at(self, place: int, **options) -> FormState:
        return FormState(self.journal, self.sessions[place].id, make_plan(), others=(make_instrument(),), **options)


@pytest.fixture
def route(tmp_path: Path) -> Route:
    return Route(*make_session(tmp_path))


def write(state: FormState, item: str, /, **fields: object) -> None:
    outcomes = state.apply([change(item, field, value) for field, value in fields.items()], writer="een")
    assert [outcome.refused for outcome in outcomes if outcome.entry is None] == []


def test_an_action_goes_on_in_the_next_session_and_the_first_keeps_what_it_said(route: Route) -> None:
    first = route.at(0)
    write(first, "actie.0a0a0a0a", origin="proef.a", what="Elke ochtend bellen", who="secretariaat", when="15/01/2026")
    second = route.next()
    write(second, "actie.0a0a0a0a", state="done", works="De lijst van kwart voor negen")
    (later,), (earlier,) = second.actions(), route.at(0).actions()
    assert (later.what, later.state, later.works) == ("Elke ochtend bellen", ActionState.DONE, "De lijst van kwart voor negen")
    assert (earlier.state, earlier.works) == (ActionState.PLANNED, "")
    assert later.session == first.session.id


def test_what_was_removed_in_a_later_session_still_stands_in_the_earlier_one(route: Route) -> None:
    write(route.at(0), "actie.0a0a0a0a", origin="", what="Te veel tegelijk")
    second = route.next()
    write(second, "actie.0a0a0a0a", removed=True)
    assert second.actions() == []
    assert route.next().actions() == []
    assert [action.what for action in route.at(0).actions()] == ["Te veel tegelijk"]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({}, ("who", "when", "origin")),
        ({"who": "zorgteam", "when": "ooit", "origin": "proef.a"}, ("when",)),
        ({"who": " ", "when": "2026-01-15", "origin": "proef.a"}, ("who",)),
        ({"who": "zorgteam", "when": "15-1-2026", "origin": "proef.a"}, ()),
    ],
)
def test_an_action_says_what_it_still_needs(route: Route, fields: dict[str, str], missing: tuple[str, ...]) -> None:
    state = route.at(0)
    write(state, "actie.0a0a0a0a", what="Bellen", **fields)
    assert state.actions()[0].unfinished == missing


def test_an_action_is_overdue_the_day_after_its_day_until_it_ended(route: Route) -> None:
    state = route.at(0)
    write(state, "actie.0a0a0a0a", what="Bellen", when="15/01/2026")
    assert not state.actions()[0].overdue(date(2026, 1, 15))
    assert state.actions()[0].overdue(date(2026, 1, 16))
    write(state, "actie.0a0a0a0a", state="stopped")
    assert not state.actions()[0].overdue(date(2026, 1, 16))


def test_contacts_and_plans_are_typed_once_and_notes_of_the_day_stay_with_the_day(route: Route) -> None:
    write(route.at(0), f"{PLAN}.adressen.clb", phone="011 00 00 00", together=True)
    write(route.at(0), f"{PLAN}.doel", tekst="Minder te laat")
    write(route.at(0), f"{PLAN}.vandaag", tekst="Met drie")
    write(route.at(0), f"{PLAN}.wat", answer="Rust")
    second = route.next()
    assert second.text(f"{PLAN}.adressen.clb", "phone") == "011 00 00 00"
    assert second.text(f"{PLAN}.doel", "tekst") == "Minder te laat"
    assert second.text(f"{PLAN}.vandaag", "tekst") == ""
    assert second.text(f"{PLAN}.wat", "answer") == ""
    assert second.earlier()[0].answers == {f"{PLAN}.wat": "Rust"}


def test_emptying_what_was_carried_over_empties_it_from_then_on(route: Route) -> None:
    write(route.at(0), f"{PLAN}.doel", tekst="Minder te laat")
    second = route.next()
    write(second, f"{PLAN}.doel", tekst="")
    assert route.next().text(f"{PLAN}.doel", "tekst") == ""
    assert route.at(0).text(f"{PLAN}.doel", "tekst") == "Minder te laat"


def test_the_chosen_focus_is_found_from_another_instrument(route: Route) -> None:
    write(route.at(0), f"{PLAN}.focus.0b0b0b0b", group="Tweede graad", problem="vaak te laat", klein="yes")
    write(route.at(0), f"{PLAN}.focus.0c0c0c0c", group="Iedereen", problem="alles", klein="no")
    assert route.at(0).focus() is None
    write(route.at(0), f"{PLAN}.focus.0b0b0b0b", chosen=True)
    session = route.next().session
    other = FormState(route.journal, session.id, make_instrument(), others=(make_plan(),))
    focus = other.focus()
    assert focus is not None
    assert (focus.group, focus.weights) == ("Tweede graad", {"klein": "yes"})
    write(other, "actie.0a0a0a0a", what="Poort open om acht uur", origin=focus.id)
    assert other.name_of(other.actions()[0].origin) == "Tweede graad: vaak te laat"


def test_fields_of_another_instrument_cannot_be_written_through_this_one(route: Route) -> None:
    outcome = route.at(0).apply([change("proef.a.een.vraag-1", "answer", "x")], writer="een")[0]
    assert outcome.entry is None


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        (f"{PLAN}.sterktes.0a0a0a0a", "kolom-die-niet-bestaat", "x"),
        (f"{PLAN}.sterktes.geenhexa", "tekst", "x"),
        (f"{PLAN}.sterktes.0a0a0a0a", "removed", "ja"),
        (f"{PLAN}.doel", "bereik", "gemeente"),
        (f"{PLAN}.focus.0a0a0a0a", "klein", "heel erg"),
        (f"{PLAN}.adressen.onbekend", "phone", "1"),
        ("actie.0a0a0a0a", "state", "bijna"),
        ("actie.0a0a0a0a", "origin", "nergens"),
        ("fiche.f1.gedragen", "done", "ja"),
        ("cijfer.0a0a0a0a", "shown", "tekst"),
        ("cijfer.0a0a0a0a", "shown", {"rows": "x" * 300_000}),
    ],
)
def test_what_fits_no_field_is_refused_in_dutch_and_changes_nothing(route: Route, item: str, field: str, value: object) -> None:
    state = route.at(0)
    outcome = state.apply([change(item, field, value)], writer="een")[0]
    assert outcome.entry is None
    assert outcome.refused.endswith(".")
    assert state.entries() == []


def test_an_answer_keeps_the_edition_of_the_content_that_asked(route: Route) -> None:
    state = route.at(0)
    write(state, f"{PLAN}.wat", answer="Rust")
    write(state, "actie.0a0a0a0a", what="Bellen")
    assert {entry.item: entry.content for entry in state.entries()} == {f"{PLAN}.wat": "fiche@2", "actie.0a0a0a0a": ""}


def test_an_answer_to_a_question_that_is_no_longer_asked_is_not_lost(route: Route) -> None:
    session = route.sessions[0]
    old = [("vroeger", "Nog wat anders"), ("lang-weg", "En dit")]
    changes = [Change(item=f"{PLAN}.{slug}", field="answer", value=text, edit_id=slug, content="fiche@1") for slug, text in old]
    route.journal.append(session.id, changes, writer="een")
    assert [(orphan.question, orphan.value, orphan.edition) for orphan in route.at(0).orphans()] == [
        ("Wat vroegen we vroeger?", "Nog wat anders", "fiche@1"),
        ("", "En dit", "fiche@1"),
    ]


def test_a_session_says_which_instruments_it_holds(route: Route) -> None:
    write(route.at(0), f"{PLAN}.wat", answer="Rust")
    assert route.at(0).instruments_used() == ("fiche",)
    plan = FormState(route.journal, route.sessions[0].id, make_instrument(), others=(make_instrument(), make_plan()))
    write(plan, "proef.a.een.schaal", score=4)
    assert plan.instruments_used() == ("proef", "fiche")
    assert route.next().instruments_used() == ()


def test_a_pin_keeps_the_value_of_its_day(route: Route) -> None:
    state = route.at(0)
    shown = {"title": "Graad 2 mist 6,1 %", "columns": ["graad", "%"], "rows": [["2", "6,1 %"]], "counted_on": "2026-01-15"}
    write(state, "cijfer.0a0a0a0a", origin=f"{PLAN}.wat", definition={"figure": "rate_by_grade"}, shown=shown)
    (pin,) = route.next().pins(f"{PLAN}.wat")
    assert pin.shown == shown
    assert state.name_of(pin.origin) == "Wat willen we?"


def test_a_conversation_about_one_family_is_never_laid_beside_that_with_another(route: Route) -> None:
    write(route.at(0), f"{PLAN}.doel", tekst="Eerst de ochtend")
    write(route.at(0), f"{PLAN}.wat", answer="Rust")
    session = route.next().session
    apart = make_plan().model_copy(update={"separate": True})
    state = FormState(route.journal, session.id, apart)
    assert state.text(f"{PLAN}.doel", "tekst") == ""
    assert state.earlier() == ()
    assert state.carried_entries() == []


def test_an_action_out_of_such_a_conversation_stays_in_its_own_session(route: Route) -> None:
    apart = make_plan().model_copy(update={"separate": True})
    first = FormState(route.journal, route.sessions[0].id, apart, others=(make_instrument(),))
    write(first, "actie.0a0a0a0a", what="Dinsdag opnieuw bellen", origin=PLAN)
    write(first, "actie.0b0b0b0b", what="Lijst bijhouden", origin="proef.a")
    session = route.next().session
    later = FormState(route.journal, session.id, make_instrument(), others=(apart,))
    assert [action.what for action in first.actions()] == ["Dinsdag opnieuw bellen", "Lijst bijhouden"]
    assert [action.what for action in later.actions()] == ["Lijst bijhouden"]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["what", "who", "state", "removed"]),
        st.sampled_from(["actie.0a0a0a0a", "actie.0b0b0b0b"]),
        st.integers(0, 2),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_every_session_sees_the_last_that_was_written_up_to_it(tmp_path_factory, steps) -> None:
    route = Route(*make_session(tmp_path_factory.mktemp("route")))
    for _ in range(3):
        route.next()
    values = {
        "what": ["een", "twee", ""],
        "who": ["ik", "jij", "wij"],
        "state": ["done", None, "running"],
        "removed": [True, None, True],
    }
    said: dict[tuple[int, str, str], object] = {}
    for place, field, item, choice in steps:
        value = values[field][choice]
        write(route.at(place), item, **{field: value})
        said[place, item, field] = value
    for place in range(4):
        state = route.at(place)
        for item in ("actie.0a0a0a0a", "actie.0b0b0b0b"):
            for field in values:
                up_to = [said[before, item, field] for before in range(place + 1) if (before, item, field) in said]
                assert state.value(item, field) == (up_to[-1] if up_to else None)
