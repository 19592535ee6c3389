"""Other processes write at the same time, or die while writing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import stslib
from stslib.model.session import Change, Session
from stslib.store import SqlJournal, open_journal

# The package under test, whether it is installed or lies beside the tests.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
CHILD = Path(__file__).with_name("writing_child.py")


def start_child(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=ENVIRONMENT,
    )


def test_two_processes_that_write_at_once_lose_nothing(journal: SqlJournal, session: Session, place: dict[str, object]) -> None:
    where = str(place.get("url") or place["data"])
    count = 100
    children = [start_child("append", where, session.id, str(count), name) for name in ("een", "twee")]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    entries = journal.entries(session.id)
    assert [entry.revision for entry in entries] == list(range(1, 2 * count + 1))
    for name in ("een", "twee"):
        assert [entry.value for entry in entries if entry.writer == name] == list(range(count))


def test_threads_of_one_process_may_share_a_journal(journal: SqlJournal, session: Session) -> None:
    def write(thread: int) -> None:
        for number in range(20):
            one = Change(item="gedeeld", field="answer", value=number, edit_id=f"{thread}-{number}")
            journal.append(session.id, [one], writer=str(thread))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert [entry.revision for entry in journal.entries(session.id)] == list(range(1, 81))


def test_two_processes_that_make_the_same_journal_share_it(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from stslib.store import open_journal; print('ready', flush=True); sys.stdin.readline(); "
        "open_journal(pathlib.Path(sys.argv[1])).create_trajectory(sys.argv[2], [], None, '2025-2026')"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        for name in ("een", "twee", "drie")
    ]
    for child in children:
        child.stdout.readline()
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=60)
        assert child.returncode == 0
    with open_journal(tmp_path) as journal:
        assert {trajectory.school for trajectory in journal.trajectories()} == {"een", "twee", "drie"}
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".nieuw")] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_what_was_acknowledged_survives_a_hundred_kills(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session
) -> None:
    """Kill -9 at a random moment; every acknowledged append is there, and no append is there by half."""
    chance = random.Random(7377)
    acknowledged: set[str] = set()
    with start_child("fork", str(tmp_path), file_session.id) as parent:
        for name in (f"schrijver{number}" for number in range(100)):
            parent.stdin.write(f"{name}\n")
            parent.stdin.flush()
            pid = 0
            acks, wanted = 0, chance.randrange(12)
            while True:
                word, of, *rest = parent.stdout.readline().split()
                assert of == name
                if word == "pid":
                    pid = int(rest[0])
                elif word == "ack":
                    acknowledged.update(rest)
                    acks += 1
                else:
                    break
                if pid and acks >= wanted:
                    wanted = sys.maxsize
                    time.sleep(chance.random() * 0.004)  # the moment of death falls anywhere within an append
                    os.kill(pid, signal.SIGKILL)
            with open_journal(tmp_path) as reopened:
                stored = {entry.edit_id for entry in reopened.entries(file_session.id)}
            assert acknowledged <= stored
            groups: dict[str, list[str]] = {}
            for edit in stored:
                groups.setdefault(edit.rsplit("-", 2)[0], []).append(edit)
            assert all(len(edits) == int(edits[0].rsplit("-", 1)[1]) for edits in groups.values())
        parent.stdin.close()
        parent.wait(timeout=10)
    assert acknowledged
