"""All trajectories at a glance say what the journal says session by session."""

from __future__ import annotations

from support.factories import change

from stslib.model.instrument import Province, SchoolLevel
from stslib.store import SqlJournal
from stslib.store.overview import Glance, glances

ITEMS = ("sessie", "actie.", "school.f3.momenten.")
PREFIXES = ("school.", "preventieplan.")


def look(journal: SqlJournal, school: str) -> Glance:
    """The last trajectory of *school*: a journal can hold those of other tests."""
    return [glance for glance in glances(journal, items=ITEMS, prefixes=PREFIXES) if glance.route.school == school][-1]


def test_a_glance_holds_the_last_entry_of_what_was_asked_for_and_nothing_else(journal: SqlJournal) -> None:
    route = journal.create_trajectory("Glans 1", [SchoolLevel.PRIMARY], Province.LIMBURG, "2025-2026")
    first, second = journal.create_session(route.id), journal.create_session(route.id)
    journal.append(
        first.id,
        [
            change("sessie", "title", "Eerste"),
            change("sessie", "title", "Eerste overleg"),
            change("sessies", "title", "lijkt erop"),
            change("actie.00000001", "what", "iets"),
            change("actiex", "what", "lijkt erop"),
            change("school.f3.momenten.0000000a", "dag", "01/02/2027"),
            change("school.f3.wat.doel", "answer", "niet gevraagd"),
        ],
        writer="proef",
    )
    glance = look(journal, "Glans 1")
    assert glance.held == (first, second)
    assert glance.session(second.id) == second
    assert glance.sessions(route.id) == [first, second]
    assert glance.trajectory(route.id) == route
    whole = journal.current(first.id)
    asked = {("sessie", "title"), ("actie.00000001", "what"), ("school.f3.momenten.0000000a", "dag")}
    assert glance.current(first.id) == {key: whole[key] for key in asked}
    assert glance.current(second.id) == {}
    assert glance.current(first.id)["sessie", "title"].value == "Eerste overleg"


def test_a_session_holds_an_instrument_when_something_below_it_was_filled_in(journal: SqlJournal) -> None:
    route = journal.create_trajectory("Glans 2", [SchoolLevel.PRIMARY], None, "2025-2026")
    first, second = journal.create_session(route.id), journal.create_session(route.id)
    journal.append(
        first.id, [change("school.f1.vraag", "answer", "ja"), change("preventieplan.f0.x", "score", None)], writer="p"
    )
    journal.append(second.id, [change("schoolreis.f1", "answer", "ja"), change("preventieplan.f0.x", "score", 0)], writer="p")
    used = look(journal, "Glans 2").used
    assert used[first.id] == {"school."}
    assert used[second.id] == {"preventieplan."}


def test_a_trajectory_without_sessions_is_there_too(journal: SqlJournal) -> None:
    route = journal.create_trajectory("Glans 3", [SchoolLevel.PRIMARY], None, "2025-2026")
    glance = look(journal, "Glans 3")
    assert (glance.route, glance.held, glance.fields) == (route, (), {})
