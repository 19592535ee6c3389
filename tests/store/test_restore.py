"""Sessions from elsewhere in a journal: on SQLite and PostgreSQL alike, all of it or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import stslib
from stslib.errors import StoreError
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Entry, Session, Trajectory
from stslib.store import SqlJournal, open_journal
from stslib.store.restoring import Given, restore

MOMENT = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)
ROUTE = Trajectory(
    id="bcdfghj",
    school="Campus 'Elders' & Co",
    levels=(SchoolLevel.PRIMARY,),
    province=Province.BRUSSELS,
    school_year="2025-2026",
    created_at=MOMENT,
    demo=True,
)
FIRST = Session(id="2222222", trajectory_id=ROUTE.id, number=1, created_at=MOMENT)
THIRD = Session(id="3333333", trajectory_id=ROUTE.id, number=3, created_at=MOMENT)


def an_entry(item: str, value: object, *, session: Session = THIRD, revision: int = 1, edit: str = "") -> Entry:
    return Entry(
        seq=0,
        session_id=session.id,
        item=item,
        field="answer",
        value=value,
        revision=revision,
        seen=0,
        writer="elders",
        edit_id=edit or f"{item} {revision}",
        recorded_at=MOMENT,
        content="school@2026-11",
    )


def given(*entries: Entry, session: Session = THIRD, knew: frozenset[str] = frozenset()) -> Given:
    def alike(here: Entry, there: Entry) -> bool:
        return here.model_copy(update={"seq": 0}) == there.model_copy(update={"seq": 0})

    return Given(session, entries, lambda edit: edit in knew, alike)


def values(journal: SqlJournal, session: Session = THIRD) -> dict[str, object]:
    return {item: entry.value for (item, _), entry in journal.current(session.id).items()}


def test_what_was_restored_is_read_as_it_was_given(journal: SqlJournal) -> None:
    texts = ("é\u202e\U0001f600", {"a": [1, None, "\ud83d\0"]}, "", None, True, 7)
    entries = [an_entry(f"vraag-{place}", value, revision=place + 3) for place, value in enumerate(texts)]
    early = [an_entry("vraag", "eerst", session=FIRST)]
    taken = restore(journal, ROUTE, [given(*early, session=FIRST), given(*entries)])
    assert [(one.new, one.added, one.known) for one in taken] == [(True, 1, 0), (True, 6, 0)]
    assert journal.trajectory(ROUTE.id) == ROUTE
    assert journal.sessions(ROUTE.id) == [FIRST, THIRD]
    assert [entry.model_copy(update={"seq": 0}) for entry in journal.entries(THIRD.id)] == entries
    assert journal.create_session(ROUTE.id).number == 4


def test_restoring_twice_writes_nothing(journal: SqlJournal) -> None:
    everything = [given(an_entry("een", "x"), an_entry("twee", "y"))]
    restore(journal, ROUTE, everything)
    held = journal.entries(THIRD.id)
    (taken,) = restore(journal, ROUTE, everything)
    assert (taken.new, taken.added, taken.known) == (False, 0, 2)
    assert journal.entries(THIRD.id) == held


def test_a_later_entry_that_knew_the_one_here_is_added_and_an_earlier_one_is_not(journal: SqlJournal) -> None:
    restore(journal, ROUTE, [given(an_entry("een", "oud"))])
    (taken,) = restore(journal, ROUTE, [given(an_entry("een", "nieuw", revision=4), knew=frozenset({"een 1"}))])
    assert (taken.added, values(journal)) == (1, {"een": "nieuw"})
    (taken,) = restore(journal, ROUTE, [given(an_entry("een", "ertussen", revision=2))])
    assert (taken.later, values(journal)) == (1, {"een": "nieuw"})


def test_one_field_that_went_on_in_both_places_keeps_out_all_the_rest(journal: SqlJournal) -> None:
    restore(journal, ROUTE, [given(an_entry("een", "hier"))])
    other = given(an_entry("een", "elders", revision=2), an_entry("twee", "nieuw"))
    with pytest.raises(StoreError, match="1 veld heeft hier een andere waarde"):
        restore(journal, ROUTE, [given(an_entry("vraag", "eerst", session=FIRST), session=FIRST), other])
    assert values(journal) == {"een": "hier"}
    assert journal.sessions(ROUTE.id) == [THIRD]


def test_an_empty_place_keeps_the_order_and_gives_way_to_what_is_known_later(journal: SqlJournal) -> None:
    place = an_entry("een", None, revision=0)
    restore(journal, ROUTE, [given(place, an_entry("twee", "y"))])
    (taken,) = restore(journal, ROUTE, [given(an_entry("twee", "y"), an_entry("een", "x"))])
    assert (taken.added, taken.known) == (1, 1)
    assert list(values(journal).items()) == [("een", "x"), ("twee", "y")]
    restore(journal, ROUTE, [given(place, an_entry("twee", "y"))])
    assert values(journal)["een"] == "x"


def test_the_other_side_of_a_conflict_can_come_after_the_last_entry(journal: SqlJournal) -> None:
    theirs, mine = an_entry("een", "hun", revision=1), an_entry("een", "mijn", revision=2)
    restore(journal, ROUTE, [given(mine)])
    restore(journal, ROUTE, [given(theirs, mine)])
    assert values(journal) == {"een": "mijn"}
    assert sorted(entry.revision for entry in journal.entries(THIRD.id)) == [1, 2]


CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from stslib.store import open_journal
from stslib.store.restoring import restore
sys.path.insert(0, sys.argv[3])
from test_restore import ROUTE, FIRST, THIRD, an_entry, given

last, seen = int(sys.argv[2]), 0
journal = open_journal(Path(sys.argv[1]))

def count(*_):
    global seen
    seen += 1
    if seen == last:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "commit", count)
entries = [an_entry(f"vraag-{number}", "x" * 2000) for number in range(300)]
restore(journal, ROUTE, [given(an_entry("vraag", "eerst", session=FIRST), session=FIRST), given(*entries)])
print("done", seen)
"""


def _restored_until(data: Path, last: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
    command = [sys.executable, "-c", CHILD, str(data), str(last), str(Path(__file__).parent)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")
def test_a_kill_at_any_statement_leaves_all_of_it_or_nothing(tmp_path: Path) -> None:
    whole = _restored_until(tmp_path / "heel", 0)
    assert whole.returncode == 0, whole.stderr
    statements = int(whole.stdout.split()[1])
    assert statements >= 8
    for last in range(1, statements + 1):
        data = tmp_path / str(last)
        killed = _restored_until(data, last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        with open_journal(data) as journal:
            assert journal.trajectories() == []
            restore(journal, ROUTE, [given(an_entry("een", "x"))])
            assert values(journal) == {"een": "x"}
