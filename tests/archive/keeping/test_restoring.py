"""An archive read back gives the session that it was made of; and a file that anybody could have made changes nothing."""

from __future__ import annotations

import copy
import html
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.factories import change, make_instrument, make_plan, make_session

from stslib.archive import archive_session, read_archive
from stslib.archive.document.agreed import separate_instruments
from stslib.archive.keeping.incoming import incoming
from stslib.archive.keeping.record import public_record
from stslib.archive.keeping.restoring import _given, _together, restore_archive
from stslib.archive.keeping.seal import MANIFEST_SLOT, SEAL_SLOT, seal
from stslib.archive.making import ArchiveResult
from stslib.cli import main
from stslib.errors import ArchiveError, StoreError
from stslib.forms.record import comparable, mark
from stslib.forms.state import FormState
from stslib.model.session import Change, Entry, Session
from stslib.store import DATABASE_NAME, SqlJournal, open_journal
from stslib.store.restoring import Taken, restore

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where journals of generated sessions go: whether a disk keeps them is for other tests to see."""

FICHE, PROEF = make_plan(), make_instrument()
TALK = make_plan("gesprek").model_copy(update={"separate": True})
INSTRUMENTS = [FICHE, PROEF, TALK]
PLAN = "fiche.f1.plan"

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)  # what a form lets through
SCORE = st.sampled_from([0, 4, 10, "unknown", "not_applicable", None])
TICK = st.sampled_from([True, False, None])
SHOWN = st.fixed_dictionaries(
    {"title": TEXT, "policy": st.sampled_from(["record", "room"]), "rows": st.just([["1A", "12,5 %"]])}
)
ROWS = ("0a0a0a0a", "0b0b0b0b", "0c0c0c0c")

FIELDS: list[tuple[str, str, st.SearchStrategy[Any]]] = [
    ("proef.a.een.vraag-1", "answer", TEXT),
    ("proef.a.een.schaal", "score", SCORE),
    ("proef.b.een.schaal", "score", SCORE),
    ("proef.b.een.schaal", "target", st.sampled_from([None, 7])),
    ("proef.a", "applicable", TICK),
    ("proef.f0", "note", TEXT),
    ("fiche.f1", "note", TEXT),
    ("fiche.f1", "note_archived", TICK),
    (f"{PLAN}.doel", "tekst", TEXT),
    (f"{PLAN}.vandaag", "tekst", TEXT),
    (f"{PLAN}.adressen.clb", "phone", TEXT),
    ("gesprek.f1.plan.wat", "answer", TEXT),
    ("gesprek.f1.plan.doel", "tekst", TEXT),
    ("sessie", "date", st.sampled_from(["", "3/11/2026", "morgen"])),
    ("sessie", "participants", TEXT),
    ("sessie", "closed", st.sampled_from([None, {"archive": "a.html", "sha256": "0" * 64, "seq": 3, "version": 1}])),
    *((f"{PLAN}.sterktes.{row}", name, kind) for row in ROWS for name, kind in (("tekst", TEXT), ("removed", TICK))),
    *((f"{PLAN}.focus.{row}", name, kind) for row in ROWS[:2] for name, kind in (("group", TEXT), ("chosen", TICK))),
    *(
        (f"actie.{row}", name, kind)
        for row in ROWS
        for name, kind in (("what", TEXT), ("origin", st.sampled_from(["", "proef.a", "gesprek.f1.plan"])), ("removed", TICK))
    ),
    *(
        (f"cijfer.{row}", name, kind)
        for row in ROWS[:2]
        for name, kind in (("shown", SHOWN), ("definition", st.just({"figure": "x"})))
    ),
]

Step = tuple[int, tuple[str, str], Any, str, int]

STEP = st.sampled_from(FIELDS).flatmap(
    lambda known: st.tuples(
        st.integers(0, 2), st.just(known[:2]), known[2], st.sampled_from(["een", "twee"]), st.integers(0, 3)
    )
)
"""Which session, what, with which value, by whom, and how many revisions of it the writer had missed."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty journal, to copy: making one takes longer than filling it."""
    folder = tmp_path_factory.mktemp("leeg")
    open_journal(folder).close()
    return folder / DATABASE_NAME


@pytest.fixture
def opened(empty: Path) -> Callable[[], Any]:
    """Gives empty journals."""

    @contextmanager
    def give() -> Iterator[SqlJournal]:
        with TemporaryDirectory(dir=IN_MEMORY) as folder:
            shutil.copyfile(empty, Path(folder) / DATABASE_NAME)
            with open_journal(Path(folder)) as journal:
                yield journal

    return give


def write(journal: SqlJournal, steps: list[Step]) -> list[Session]:
    """A trajectory of three sessions in which these steps were taken."""
    first = journal.create_session(journal.create_trajectory("Campus Proef", [], None, "2025-2026").id)
    sessions = [first, journal.create_session(first.trajectory_id), journal.create_session(first.trajectory_id)]
    go_on(journal, sessions, steps, "stap")
    return sessions


def go_on(journal: SqlJournal, sessions: list[Session], steps: list[Step], name: str) -> None:
    """Take more steps. Those of one writer in one session that follow each other go in one delivery."""
    revisions: dict[tuple[int, tuple[str, str]], int] = {}
    for session_place in {step[0] for step in steps}:
        for (item, field), entry in journal.current(sessions[session_place].id).items():
            revisions[session_place, (item, field)] = entry.revision
    for (place, writer), together in groupby(enumerate(steps), key=lambda step: (step[1][0], step[1][3])):
        changes = []
        for number, (_, key, value, _, missed) in together:
            seen = max(0, revisions.get((place, key), 0) - missed)
            revisions[place, key] = revisions.get((place, key), 0) + 1
            content = next((one.edition for one in INSTRUMENTS if key[0].startswith(f"{one.id}.")), "")
            edit = f"{name} {number}"
            changes.append(Change(item=key[0], field=key[1], value=value, seen=seen, edit_id=edit, content=content))
        journal.append(sessions[place].id, changes, writer=writer)


def record_in(journal: SqlJournal, session_id: str) -> dict[str, Any]:
    """What an archive of the session would hold."""
    state = FormState(journal, session_id, FICHE, others=INSTRUMENTS)
    return json.loads(json.dumps(public_record(state.to_record(), separate=separate_instruments(state))))


def take(journal: SqlJournal, record: dict[str, Any]) -> list[Taken]:
    """Read a record into a journal."""
    trajectory, known = _together("proef", [incoming("proef", record, INSTRUMENTS)])
    return restore(journal, trajectory, [_given(one) for one in known])


def rows_in(journal: SqlJournal) -> list[Entry]:
    """Every entry of a journal."""
    sessions = [one for trajectory in journal.trajectories() for one in journal.sessions(trajectory.id)]
    return [entry for session in sessions for entry in journal.entries(session.id)]


def without_numbers(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what belongs to a journal: the numbers of its rows and the marks of the edits it saw."""
    told = copy.deepcopy(record)
    for holder in (told, *told["before"]):
        holder.pop("seq", None)
        holder.pop("edits")
    for entries in (told["entries"], told["unsettled"], told["carried"], *(before["entries"] for before in told["before"])):
        for entry in entries:
            entry.pop("seq")
    return told


MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(steps=st.lists(STEP, max_size=40), place=st.integers(0, 2))
def test_a_session_read_back_in_an_empty_journal_is_the_one_that_was_archived(opened, steps, place) -> None:
    with opened() as here, opened() as there:
        session = write(here, steps)[place]
        record = record_in(here, session.id)
        take(there, record)
        assert there.session(session.id) == session
        assert there.trajectory(session.trajectory_id) == here.trajectory(session.trajectory_id)
        again = record_in(there, session.id)
        assert without_numbers(again) == without_numbers(record)
        assert comparable(again) == comparable(record)


@MANY
@given(steps=st.lists(STEP, max_size=40), order=st.permutations([0, 1, 2]), twice=st.booleans())
def test_archives_of_one_trajectory_read_in_any_order_give_every_session_of_it(opened, steps, order, twice) -> None:
    with opened() as here, opened() as there:
        sessions = write(here, steps)
        records = [record_in(here, session.id) for session in sessions]
        for place in order:
            take(there, records[place])
        if twice:
            held = rows_in(there)
            assert not any(one.new or one.added for place in order for one in take(there, records[place]))
            assert rows_in(there) == held
        for session, record in zip(sessions, records, strict=True):
            assert comparable(record_in(there, session.id)) == comparable(record)


@MANY
@given(steps=st.lists(STEP, min_size=1, max_size=40), cut=st.integers(0, 40))
def test_a_later_archive_adds_to_an_earlier_one_and_an_earlier_one_changes_nothing(opened, steps, cut) -> None:
    with opened() as here, opened() as there:
        sessions = write(here, steps[:cut])
        early = record_in(here, sessions[2].id)
        go_on(here, sessions, steps[cut:], "later")
        late = record_in(here, sessions[2].id)
        take(there, early)
        take(there, late)
        assert comparable(record_in(there, sessions[2].id)) == comparable(late)
        held = rows_in(there)
        take(there, early)
        assert rows_in(there) == held


@MANY
@given(steps=st.lists(STEP, max_size=30))
def test_reading_on_the_machine_it_was_made_on_changes_nothing(opened, steps) -> None:
    with opened() as here:
        sessions = write(here, steps)
        held = rows_in(here)
        for session in sessions:
            assert not any(one.new or one.added for one in take(here, record_in(here, session.id)))
        assert rows_in(here) == held


# -- what an archive does not hold ---------------------------------------------------------------------------------------------


def test_a_name_that_was_removed_again_is_in_no_archive(opened) -> None:
    with opened() as here:
        (session, *_, last) = write(here, [])
        state = FormState(here, session.id, FICHE, others=INSTRUMENTS)
        question, action = f"{PLAN}.wat", "actie.0a0a0a0a"
        state.apply([change(question, "answer", "gesprek met Ann V."), change(action, "what", "Ann V. bellen")], writer="een")
        state.apply([change(question, "answer", "gesprek met de leerling", seen=1)], writer="een")
        later = FormState(here, last.id, FICHE, others=INSTRUMENTS)
        later.apply([change(action, "what", "de leerling bellen")], writer="een")
        assert "Ann" not in json.dumps([record_in(here, last.id)])
        entries = json.dumps(record_in(here, session.id)["entries"])
        assert "gesprek met Ann" not in entries


def test_both_sides_of_an_open_conflict_come_back_and_can_be_settled(opened) -> None:
    with opened() as here, opened() as there:
        session = write(here, [])[0]
        key = (f"{PLAN}.wat", "answer")
        for writer, text in (("een", "elke ochtend"), ("twee", "elke week")):
            FormState(here, session.id, FICHE).apply([change(*key, text, seen=0)], writer=writer)
        take(there, record_in(here, session.id))
        state = FormState(there, session.id, FICHE, others=INSTRUMENTS)
        (conflict,) = state.conflicts()
        assert (conflict.theirs.value, conflict.mine.value) == ("elke ochtend", "elke week")
        state.apply([change(*key, "elke ochtend", seen=2)], writer="drie")
        assert state.conflicts() == []


# -- what went on by itself ----------------------------------------------------------------------------------------------------


def test_a_field_that_went_on_in_both_places_is_told_and_nothing_is_written(opened) -> None:
    with opened() as here, opened() as there:
        session = write(here, [(0, (f"{PLAN}.wat", "answer"), "samen", "een", 0)])[0]
        take(there, record_in(here, session.id))
        for journal, text in ((here, "hier"), (there, "ginder")):
            FormState(journal, session.id, FICHE).apply([change(f"{PLAN}.wat", "answer", text, seen=1)], writer="een")
        FormState(here, session.id, FICHE).apply([change("sessie", "title", "nieuw")], writer="een")
        held = rows_in(there)
        with pytest.raises(
            StoreError, match="is hier verder gewerkt, en in het archief ook: 1 veld heeft hier een andere waarde"
        ):
            take(there, record_in(here, session.id))
        assert rows_in(there) == held


def test_different_fields_that_went_on_in_two_places_come_together(opened) -> None:
    with opened() as here, opened() as there:
        session = write(here, [])[0]
        take(there, record_in(here, session.id))
        FormState(here, session.id, FICHE).apply([change(f"{PLAN}.wat", "answer", "hier")], writer="een")
        FormState(there, session.id, FICHE).apply([change(f"{PLAN}.doel", "tekst", "ginder")], writer="een")
        take(there, record_in(here, session.id))
        state = FormState(there, session.id, FICHE)
        assert (state.text(f"{PLAN}.wat", "answer"), state.text(f"{PLAN}.doel", "tekst")) == ("hier", "ginder")


def test_what_went_on_elsewhere_comes_back_to_where_it_began(opened) -> None:
    with opened() as here, opened() as there:
        session = write(
            here,
            [
                (
                    0,
                    (
                        "fiche.f1",
                        "note",
                    ),
                    "alleen voor mij",
                    "een",
                    0,
                ),
                (0, (f"{PLAN}.wat", "answer"), "een", "een", 0),
            ],
        )[0]
        take(there, record_in(here, session.id))
        FormState(there, session.id, FICHE).apply([change(f"{PLAN}.wat", "answer", "twee", seen=1)], writer="ginder")
        take(here, record_in(there, session.id))
        state = FormState(here, session.id, FICHE)
        assert state.text(f"{PLAN}.wat", "answer") == "twee"
        assert state.text("fiche.f1", "note") == "alleen voor mij"


@pytest.mark.parametrize("other", ["school", "created_at"])
def test_another_trajectory_under_the_same_id_is_left_alone(opened, other: str) -> None:
    with opened() as here, opened() as there:
        record = record_in(here, write(here, [])[0].id)
        take(there, record)
        record["trajectory"][other] = "2020-01-01T00:00:00Z" if other == "created_at" else "Een andere school"
        with pytest.raises(StoreError, match="onder deze id een ander traject"):
            take(there, record)


def test_another_session_under_the_same_id_or_number_is_left_alone(opened) -> None:
    with opened() as here, opened() as there:
        record = record_in(here, write(here, [])[0].id)
        take(there, record)
        moved = copy.deepcopy(record)
        moved["session"]["number"] = 7
        with pytest.raises(StoreError, match="onder deze id een andere sessie"):
            take(there, moved)
        other = copy.deepcopy(record)
        other["session"]["id"] = "zzzzzzz"
        with pytest.raises(StoreError, match="al een andere sessie 1"):
            take(there, other)
        assert len(there.sessions(record["trajectory"]["id"])) == 1


def test_an_edit_that_says_something_else_here_is_told(opened) -> None:
    with opened() as here, opened() as there:
        record = record_in(here, write(here, [(0, (f"{PLAN}.wat", "answer"), "zo", "een", 0)])[0].id)
        take(there, record)
        record["entries"][0]["value"] = "anders"
        with pytest.raises(StoreError, match="onder dezelfde naam als een andere bewaard"):
            take(there, record)


# -- what anybody could have put in a file -------------------------------------------------------------------------------------


def a_record(opened: Callable[[], Any]) -> dict[str, Any]:
    with opened() as here:
        steps = [
            (0, ("actie.0a0a0a0a", "what"), "bellen", "een", 0),
            (0, ("proef.a.een.schaal", "score"), 4, "een", 0),
            (1, (f"{PLAN}.wat", "answer"), "zo", "een", 0),
            (1, ("proef.a.een.schaal", "score"), 5, "een", 0),
            (1, ("cijfer.0a0a0a0a", "shown"), {"title": "x", "policy": "record"}, "een", 0),
        ]
        return record_in(here, write(here, steps)[1].id)


def _at(record: dict[str, Any], path: str) -> tuple[Any, Any]:
    *above, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    holder: Any = record
    for part in above:
        holder = holder[part]
    return holder, last


def _nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("entries/0/value", "x" * 100_001),
        ("entries/0/value", ["lijst"]),
        ("entries/0/value", 7),
        ("entries/1/value", 11),
        ("entries/1/value", 10**400),
        ("entries/1/value", 4.5),
        ("entries/1/value", float("nan")),
        ("entries/2/value", float("inf")),
        ("entries/2/value", _nested(30)),
        ("entries/2/value", _nested(400)),
        ("entries/2/value", {"a": "x" * 300_000}),
        ("entries/0/item", "../../etc/passwd"),
        ("entries/0/item", "a" * 201),
        ("entries/0/item", "fiche.f1.plan.wat\n"),
        ("entries/0/field", "answer; drop table entry"),
        ("entries/0/field", ""),
        ("entries/0/revision", 0),
        ("entries/0/revision", -1),
        ("entries/0/revision", 2**31),
        ("entries/0/revision", True),
        ("entries/0/revision", "1"),
        ("entries/0/seen", 10**30),
        ("entries/0/seq", "x"),
        ("entries/0/writer", "x" * 501),
        ("entries/0/writer", "een\0"),
        ("entries/0/edit_id", "half \ud83d"),
        ("entries/0/edit_id", ""),
        ("entries/0/recorded_at", "2026-11-03T13:00:00"),
        ("entries/0/recorded_at", 1_700_000_000),
        ("entries/0/recorded_at", "0001-01-01T00:00:00+14:00"),
        ("entries/0/recorded_at", "gisteren"),
        ("entries/0/session_id", "elders"),
        ("entries/0/session_id", "../x"),
        ("entries/0/onbekend", 1),
        ("entries/0", "tekst"),
        ("entries", {"0": {}}),
        ("session/id", "../../boos"),
        ("session/id", "a" * 17),
        ("session/id", ""),
        ("session/number", 0),
        ("session/number", 10**9),
        ("session/trajectory_id", "anders"),
        ("session/onbekend", 1),
        ("trajectory/school", ""),
        ("trajectory/school", "naam\nop twee regels"),
        ("trajectory/school", "x" * 501),
        ("trajectory/levels", ["universiteit"]),
        ("trajectory/province", "zeeland"),
        ("trajectory/demo", "ja"),
        ("trajectory/school_year", "2025-2026-2027"),
        ("trajectory/created_at", None),
        ("onbekend", 1),
        ("edits", "kort"),
        ("edits", "<script>"),
        ("carried/0/session_id", "elders"),
        ("carried/0/item", "actie.0b0b0b0b"),
        ("before/0/session/number", 2),
        ("before/0/session/trajectory_id", "anders"),
        ("before/0/order", [["actie.0a0a0a0a", "what"]] * 2),
        ("before/0/order/0/0", "../x"),
        ("before", []),
        ("before", "x"),
        ("unsettled", [{}]),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else type(value).__name__,
)
def test_what_no_session_holds_is_refused_in_dutch_and_nothing_changes(opened, path: str, value: object) -> None:
    record = a_record(opened)
    holder, last = _at(record, path)
    holder[last] = value
    with opened() as there:
        with pytest.raises(ArchiveError, match="Er is niets ingelezen") as caught:
            take(there, record)
        assert "iets wat daar niet kan staan" in caught.value.fact
        assert len(str(caught.value)) < 400
        assert there.trajectories() == []


def test_the_same_field_or_edit_twice_is_refused(opened) -> None:
    for twice in ({}, {"field": "tekst", "item": f"{PLAN}.doel"}, {"edit_id": "anders"}, {"edit_id": "anders", "revision": 2}):
        record = a_record(opened)
        record["entries"].append({**record["entries"][0], **twice})
        if twice == {"edit_id": "anders", "revision": 2}:
            continue  # a field with two revisions in order is what an open conflict looks like
        with opened() as there, pytest.raises(ArchiveError):
            take(there, record)


@MANY
@given(text=st.text(alphabet=st.characters(categories=["Cs", "Cc", "Lu", "So"]), max_size=20))
def test_any_text_can_be_read_and_what_no_database_keeps_becomes_a_replacement_sign(opened, text: str) -> None:
    with opened() as here, opened() as there:
        session = write(here, [(0, (f"{PLAN}.wat", "answer"), "zo", "een", 0)])[0]
        record = record_in(here, session.id)
        record["entries"][0]["value"] = text
        take(there, json.loads(json.dumps(record)))
        (entry,) = there.entries(session.id)
        assert isinstance(entry.value, str)
        assert "\0" not in entry.value
        entry.value.encode("utf-8")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_anywhere_in_a_record_is_read_or_told(opened, one_record, data) -> None:
    record = copy.deepcopy(one_record)
    holder: Any = record
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(holder[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            break
        holder = holder[key]
    if isinstance(holder, dict) and data.draw(st.booleans()):
        holder.pop(key)
    else:
        holder[key] = data.draw(JSON)
    with suppress(ArchiveError):  # anything else than being told is a failure
        incoming("proef", record, INSTRUMENTS)


@pytest.fixture(scope="module")
def one_record(empty: Path) -> dict[str, Any]:
    @contextmanager
    def give() -> Iterator[SqlJournal]:
        with TemporaryDirectory(dir=IN_MEMORY) as folder:
            shutil.copyfile(empty, Path(folder) / DATABASE_NAME)
            with open_journal(Path(folder)) as journal:
                yield journal

    return a_record(give)


@pytest.mark.parametrize(("number", "told"), [(1, "oudere versie"), (3, "nieuwere versie"), ("twee", "oudere versie")])
def test_another_format_is_told(opened, number: object, told: str) -> None:
    record = {**a_record(opened), "format": number}
    with opened() as there, pytest.raises(ArchiveError, match=told):
        take(there, record)


def test_what_another_edition_asked_is_kept(opened) -> None:
    """What this version does not ask any more stays; what it does ask is held to its checks."""
    record = a_record(opened)
    record["entries"][0] |= {"item": "fiche.f1.plan.vervallen", "field": "keuze", "value": "oude-optie", "content": "fiche@1"}
    with opened() as there:
        take(there, record)
        kept = there.entries(record["session"]["id"])[0]
        assert (kept.item, kept.value, kept.content) == ("fiche.f1.plan.vervallen", "oude-optie", "fiche@1")


def test_a_mark_tells_nothing_of_the_edit_and_is_always_as_long() -> None:
    assert {len(mark(text)) for text in ("", "a", "x" * 500, "\ud83d")} == {8}


# -- files ---------------------------------------------------------------------------------------------------------------------


def a_file(path: Path, record: object, **manifest: object) -> Path:
    document = (
        "<!DOCTYPE html><html><body><!--sts:deel gegevens-->"
        f'<pre hidden id="sts-session">{html.escape(json.dumps(record), quote=False)}</pre>'
        f"<!--sts:deel zegel--><footer>{MANIFEST_SLOT}<p>{SEAL_SLOT}</p></footer></body></html>\n"
    )
    path.write_bytes(seal(document, {"version": 1, "day": "2026-11-03", **manifest}))
    return path


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Session], list[ArchiveResult]]:
    """Two sessions on the real instruments, each archived by its own, the second twice."""
    data = tmp_path_factory.mktemp("gegevens")
    journal, first = make_session(data)
    second = journal.create_session(first.trajectory_id)
    scale = "preventieplan.f0.registratie.schaal"
    question = "school.f1.beeld.vraag"
    for session, score in ((first, 4), (second, 6)):
        changes = [
            change(scale, "score", score),
            change(scale, "evidence", f"Stand {score}"),
            change("actie.0a0a0a0a", "what", f"Bellen {score}"),
            change("sessie", "date", f"0{score}/11/2026"),
            change(question, "answer", "Een antwoord"),
            change("preventieplan.f0", "note", "alleen voor de begeleider"),
        ]
        journal.append(session.id, changes, writer="test")
    out = data / "exports"
    results = [archive_session(data, session.id, out) for session in (first, second)]
    journal.append(second.id, [change(scale, "evidence", "Na het sluiten", seen=1)], writer="test")
    results.append(archive_session(data, second.id, out))
    return data, [first, second], results


def test_the_command_reads_an_archive_back_on_another_machine(real, tmp_path: Path, capsys) -> None:
    _, (first, second), (_, one, two) = real
    assert main(["archive", "read", str(one.path), "--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert f"sessie 2 ({second.id}): teruggezet" in told
    assert f"sessie 1 ({first.id}) (alleen wat latere sessies overnamen): teruggezet" in told
    assert "Niet in een archief: notities van de begeleider" in told
    assert one.path.name in (tmp_path / "exports" / "index.html").read_text(encoding="utf-8")
    with open_journal(tmp_path) as journal:
        texts = json.dumps([entry.value for entry in rows_in(journal)])
        assert "alleen voor de begeleider" not in texts
        assert "Na het sluiten" not in texts

    assert main(["archive", "read", str(one.path), "--data", str(tmp_path)]) == 0
    assert "Alles in dit archief staat al in deze gegevensmap; er is niets veranderd." in capsys.readouterr().out

    assert main(["archive", "read", str(two.path), "--data", str(tmp_path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["changed"] is True
    assert [one["added"] for one in facts["sessions"]] == [0, 1]
    assert Path(facts["copy"]).read_bytes() == two.path.read_bytes()
    again = archive_session(tmp_path, second.id, tmp_path / "exports")
    assert again.version == 3
    assert comparable(read_archive(again.path)) == comparable(read_archive(two.path))


def test_both_versions_of_a_session_verify_after_a_change(real, capsys) -> None:
    _, _, (_, one, two) = real
    assert (one.version, two.version) == (1, 2)
    for made in (one, two):
        assert main(["verify", str(made.path)]) == 0
        assert "ongeschonden" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "empty", "folder", "missing", "too large", "no session"])
def test_a_file_that_is_no_whole_archive_is_told_and_nothing_is_made(real, tmp_path: Path, capsys, damage: str) -> None:
    path, data = tmp_path / "archief.html", tmp_path / "gegevens"
    content = real[2][0].path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "flipped":
            path.write_bytes(content.replace(b"Stand 4", b"Stand 5"))
        case "foreign":
            path.write_bytes(b"<!DOCTYPE html><html><body>iets anders</body></html>\n")
        case "empty":
            path.touch()
        case "folder":
            path.mkdir()
        case "too large":
            with path.open("wb") as file:
                file.truncate(65 * 1024 * 1024)
        case "no session":
            a_file(path, ["geen sessie"])
    assert main(["archive", "read", str(path), "--data", str(data)]) == 1
    told = capsys.readouterr().err
    assert "archief.html" in told
    assert "Traceback" not in told
    assert not (data / DATABASE_NAME).exists()


def test_a_name_in_a_manifest_leads_nowhere(opened, tmp_path: Path) -> None:
    """The copy of an archive gets a name out of checked facts only."""
    tricks = {"school": "../../weg", "session": "../x", "number": "../1", "kind": "../y"}
    path = a_file(tmp_path / "a.html", a_record(opened), **tricks)
    restored = restore_archive(path, tmp_path / "gegevens", tmp_path / "uit")
    assert (
        restored.copy == tmp_path / "uit" / "campus-proef" / f"2026-11-03_sessie-2_{restored.sessions[-1].session.id}_v1.html"
    )
    path = a_file(tmp_path / "b.html", a_record(opened), day="../../2026-11-03")
    assert restore_archive(path, tmp_path / "gegevens", tmp_path / "uit").copy is None
