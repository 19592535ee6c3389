"""What a journal promises, on every database it runs on."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.errors import StoreError, UnknownSessionError
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Change, Session
from stslib.store import SqlJournal, open_journal
from stslib.store.journal import ID_LETTERS


def change(value: object = "tekst", *, item: str = "vraag", field: str = "answer", edit: str = "1", seen: int = 0) -> Change:
    return Change(item=item, field=field, value=value, seen=seen, edit_id=edit)


def test_a_trajectory_comes_back_as_it_was_made(journal: SqlJournal) -> None:
    levels = [SchoolLevel.PRIMARY, SchoolLevel.SECONDARY]
    made = journal.create_trajectory("Basisschool 't Hof", levels, None, "2025-2026", demo=True)
    assert journal.trajectory(made.id) == made
    assert journal.trajectories() == [made]
    assert made.levels == tuple(levels)
    assert made.demo


def test_trajectories_come_in_the_order_they_were_made(journal: SqlJournal) -> None:
    names = [f"School {number}" for number in (3, 1, 2)]
    for name in names:
        journal.create_trajectory(name, [], Province.LIMBURG, "2025-2026")
    assert [trajectory.school for trajectory in journal.trajectories()] == names


def test_a_school_needs_a_name(journal: SqlJournal) -> None:
    with pytest.raises(StoreError, match="naam van de school ontbreekt"):
        journal.create_trajectory(" \n\x00 ", [], None, "2025-2026")


def test_a_school_name_is_kept_on_one_line_without_control_characters(journal: SqlJournal) -> None:
    made = journal.create_trajectory("  Sint\x00-Jan\r\nte  Brugge\ud800 ", [], None, "2025-2026")
    assert journal.trajectory(made.id).school == "Sint -Jan te Brugge"


def test_sessions_are_numbered_within_their_trajectory(journal: SqlJournal) -> None:
    first = journal.create_trajectory("Een", [], None, "2025-2026")
    second = journal.create_trajectory("Twee", [], None, "2025-2026")
    made = [journal.create_session(first.id), journal.create_session(second.id), journal.create_session(first.id)]
    assert [session.number for session in made] == [1, 1, 2]
    assert journal.sessions(first.id) == [made[0], made[2]]
    assert journal.session(made[1].id) == made[1]


def test_a_session_can_be_made_as_of_an_earlier_moment(journal: SqlJournal) -> None:
    trajectory = journal.create_trajectory("Een", [], None, "2025-2026")
    moment = datetime(2025, 10, 2, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    made = journal.create_session(trajectory.id, created_at=moment)
    assert journal.session(made.id).created_at == moment


def test_a_trajectory_without_sessions_has_none(journal: SqlJournal) -> None:
    assert journal.sessions(journal.create_trajectory("Een", [], None, "2025-2026").id) == []


def test_ids_can_be_read_aloud(journal: SqlJournal, session: Session) -> None:
    assert len(session.id) == 7
    assert set(session.id) <= set(ID_LETTERS)
    assert not set("0o1il") & set(ID_LETTERS)


@pytest.mark.parametrize("ask", ["trajectory", "session", "sessions", "entries", "current", "create_session"])
def test_an_unknown_id_is_named(journal: SqlJournal, ask: str) -> None:
    with pytest.raises(UnknownSessionError) as caught:
        getattr(journal, ask)("bestaatniet")
    assert caught.value.identity == "bestaatniet"


def test_nothing_is_appended_to_an_unknown_session(journal: SqlJournal) -> None:
    with pytest.raises(UnknownSessionError):
        journal.append("bestaatniet", [change()], writer="w")


def test_a_session_without_entries_has_none(journal: SqlJournal, session: Session) -> None:
    assert journal.entries(session.id) == []
    assert journal.current(session.id) == {}
    assert journal.append(session.id, [], writer="w") == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        10,
        "unknown",
        "",
        "é ﷽ \U0001f600 \u202eomgekeerd",
        "met \x00 en \ud800",
        "x" * 20_000,
        {"a": [1, 2.5, None, {"b": "c"}]},
        "'; DROP TABLE entry; --",
        10**30,
    ],
)
def test_a_value_comes_back_as_it_was_written(journal: SqlJournal, session: Session, value: object) -> None:
    made = journal.append(session.id, [change(value)], writer="w")
    assert made[0].value == value
    assert journal.entries(session.id) == made
    assert journal.current(session.id) == {("vraag", "answer"): made[0]}


def test_an_entry_holds_who_wrote_what_and_which_revision_was_seen(journal: SqlJournal, session: Session) -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    (made,) = journal.append(session.id, [change("x", seen=4, edit="e")], writer="venster-1", recorded_at=moment)
    assert (made.writer, made.seen, made.edit_id, made.recorded_at) == ("venster-1", 4, "e", moment)
    assert journal.entries(session.id) == [made]


def test_an_entry_names_the_edition_of_the_content_that_it_answers(journal: SqlJournal, session: Session) -> None:
    asked = Change(item="vraag", field="answer", value="tekst", edit_id="1", content="school@2026-11")
    made = journal.append(session.id, [asked, change(edit="2", item="sessie", field="title")], writer="w")
    assert [entry.content for entry in made] == ["school@2026-11", ""]
    assert journal.entries(session.id) == made
    assert journal.current(session.id)["vraag", "answer"].content == "school@2026-11"
    assert journal.append(session.id, [asked], writer="w") == made[:1]


def test_a_moment_without_a_time_zone_is_refused(journal: SqlJournal, session: Session) -> None:
    with pytest.raises(ValueError, match="time zone"):
        journal.append(session.id, [change()], writer="w", recorded_at=datetime(2026, 1, 1))
    assert journal.entries(session.id) == []


def test_a_clock_set_back_does_not_change_the_order(journal: SqlJournal, session: Session) -> None:
    now = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    journal.append(session.id, [change("eerst", edit="1")], writer="w", recorded_at=now)
    journal.append(session.id, [change("later", edit="2")], writer="w", recorded_at=now - timedelta(days=400))
    assert [entry.value for entry in journal.entries(session.id)] == ["eerst", "later"]
    assert journal.current(session.id)["vraag", "answer"].value == "later"


def test_a_second_delivery_returns_the_earlier_entries(journal: SqlJournal, session: Session) -> None:
    changes = [change("a", edit="1"), change("b", item="andere", edit="2")]
    first = journal.append(session.id, changes, writer="w")
    again = journal.append(session.id, [*changes, change("c", edit="3")], writer="w")
    assert again[:2] == first
    assert again[2].revision == 2
    assert len(journal.entries(session.id)) == 3


def test_one_delivery_that_holds_an_edit_twice_appends_it_once(journal: SqlJournal, session: Session) -> None:
    made = journal.append(session.id, [change("a"), change("a")], writer="w")
    assert made[0] == made[1]
    assert len(journal.entries(session.id)) == 1


def test_two_sessions_may_use_the_same_edit_id(journal: SqlJournal, session: Session) -> None:
    other = journal.create_session(session.trajectory_id)
    for one in (session, other):
        (made,) = journal.append(one.id, [change(one.id)], writer="w")
        assert made.revision == 1
    assert journal.current(session.id)["vraag", "answer"].value == session.id


def test_entries_after_a_seq_are_the_later_ones(journal: SqlJournal, session: Session) -> None:
    made = [journal.append(session.id, [change(number, edit=str(number))], writer="w")[0] for number in range(5)]
    assert journal.entries(session.id, after=made[2].seq) == made[3:]
    assert journal.entries(session.id, after=made[4].seq) == []


def test_changes_of_one_append_are_kept_together_or_not_at_all(journal: SqlJournal, session: Session) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        journal.append(session.id, [change("goed", edit="1"), change(float("nan"), edit="2")], writer="w")
    assert journal.entries(session.id) == []


def test_a_thousand_changes_in_one_append_keep_their_order(journal: SqlJournal, session: Session) -> None:
    changes = [change(number, item=f"v{number % 7}", edit=f"e{number}") for number in range(1000)]
    made = journal.append(session.id, changes, writer="w")
    assert [entry.value for entry in made] == list(range(1000))
    assert journal.append(session.id, changes, writer="w") == made


def test_a_journal_that_is_opened_again_holds_what_was_written(place: dict[str, object]) -> None:
    with open_journal(**place) as journal:
        trajectory = journal.create_trajectory("Een", [SchoolLevel.NURSERY], Province.BRUSSELS, "2025-2026")
        session = journal.create_session(trajectory.id)
        made = journal.append(session.id, [change()], writer="w")
    with open_journal(**place) as journal:
        assert journal.trajectories() == [trajectory]
        assert journal.sessions(trajectory.id) == [session]
        assert journal.entries(session.id) == made


_FIELDS = st.sampled_from([("vraag", "answer"), ("schaal", "score"), ("schaal", "evidence")])
_DELIVERIES = st.lists(
    st.lists(st.tuples(_FIELDS, st.integers(0, 11), st.integers(0, 25)), min_size=1, max_size=5), min_size=1, max_size=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=_DELIVERIES)
def test_revisions_count_from_one_per_field_whatever_is_delivered(
    file_journal: SqlJournal, file_session: Session, deliveries: list[list[tuple[tuple[str, str], int, int]]]
) -> None:
    session = file_journal.create_session(file_session.trajectory_id)
    expected: dict[tuple[str, str], list[object]] = {}
    known: dict[str, tuple[int, object]] = {}
    for delivery in deliveries:
        changes = [Change(item=key[0], field=key[1], value=value, edit_id=str(edit)) for key, value, edit in delivery]
        for one in changes:
            if one.edit_id not in known:
                values = expected.setdefault((one.item, one.field), [])
                values.append(one.value)
                known[one.edit_id] = (len(values), one.value)
        made = file_journal.append(session.id, changes, writer="w")
        assert [(entry.revision, entry.value) for entry in made] == [known[one.edit_id] for one in changes]
    entries = file_journal.entries(session.id)
    assert [entry.seq for entry in entries] == sorted({entry.seq for entry in entries})
    for key, values in expected.items():
        mine = [entry for entry in entries if (entry.item, entry.field) == key]
        assert [entry.value for entry in mine] == values
        assert [entry.revision for entry in mine] == list(range(1, len(values) + 1))
    assert {key: entry.value for key, entry in file_journal.current(session.id).items()} == {
        key: values[-1] for key, values in expected.items()
    }


def test_the_file_lives_in_the_data_folder(tmp_path: Path) -> None:
    open_journal(tmp_path / "nieuw").close()
    assert [path.name for path in (tmp_path / "nieuw").iterdir() if path.suffix == ".sqlite"] == ["sts.sqlite"]


def test_an_sqlite_address_opens_that_file(tmp_path: Path) -> None:
    with open_journal(url=f"sqlite:///{tmp_path}/ander.sqlite") as journal:
        journal.create_trajectory("Een", [], None, "2025-2026")
    assert (tmp_path / "ander.sqlite").exists()


@pytest.mark.parametrize("url", ["mysql://ergens/iets", "geen adres", "sqlite://"])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="geen adres van een databank"):
        open_journal(url=url)


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_named_without_its_password(postgresql_server: Path) -> None:
    url = f"postgresql://iemand:geheim@/niets?host={postgresql_server}/nergens"
    with pytest.raises(StoreError, match="antwoordt niet") as caught:
        open_journal(url=url)
    assert "geheim" not in str(caught.value)


def test_the_current_fields_stand_in_the_order_in_which_they_were_first_written(journal: SqlJournal, session: Session) -> None:
    for item in ("een", "twee", "een"):
        journal.append(session.id, [Change(item=item, field="answer", value=item, edit_id=os.urandom(4).hex())], writer="test")
    assert [item for item, _ in journal.current(session.id)] == ["een", "twee"]
