"""Journals as released versions left them, in ``released/``: each opens, migrates and says what it said.

``journal-<schema>.db`` was written by the code of that schema, ``journal-<schema>.json`` is what that code read back from it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url

import stslib
from stslib.errors import StoreError
from stslib.model.session import Change
from stslib.store import DATABASE_NAME, SqlJournal, open_journal, opening
from stslib.store.opening import SCHEMA

RELEASED = Path(__file__).with_name("released")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
OLDER = sorted(path.stem.removeprefix("journal-") for path in RELEASED.glob("*.db"))


@pytest.fixture(params=OLDER)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What that version read back; its file is in the data folder ``tmp_path``."""
    shutil.copyfile(RELEASED / f"journal-{request.param}.db", tmp_path / DATABASE_NAME)
    return json.loads((RELEASED / f"journal-{request.param}.json").read_text(encoding="ascii"))


def told(journal: SqlJournal, released: dict[str, Any]) -> dict[str, Any]:
    """What *journal* says, in the shape of *released*: columns that came later are left out."""
    trajectories = journal.trajectories()
    sessions = [session for trajectory in trajectories for session in journal.sessions(trajectory.id)]
    known = released["entries"][0].keys()
    return {
        "schema": released["schema"],
        "trajectories": [trajectory.model_dump(mode="json") for trajectory in trajectories],
        "sessions": [session.model_dump(mode="json") for session in sessions],
        "entries": [
            {
                name: value.isoformat() if name == "recorded_at" else value
                for name, value in entry.model_dump().items()
                if name in known
            }
            for session in sessions
            for entry in journal.entries(session.id)
        ],
    }


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_every_older_schema_has_a_released_file() -> None:
    assert tuple(OLDER) == SCHEMA.revisions[:-1]


def test_a_released_file_opens_with_everything_in_it(tmp_path: Path, released: dict[str, Any]) -> None:
    with open_journal(tmp_path) as journal:
        assert told(journal, released) == released
        entries = [entry for row in released["sessions"] for entry in journal.entries(row["id"])]
        assert len(entries) > 40
        assert {entry.content for entry in entries} == {""}
    assert version(tmp_path / DATABASE_NAME) == SCHEMA.head


def test_the_copy_beside_it_is_the_older_file(tmp_path: Path, released: dict[str, Any]) -> None:
    open_journal(tmp_path).close()
    copy = tmp_path / f"sts.voor-{SCHEMA.head}.sqlite"
    assert version(copy) == released["schema"]
    with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(RELEASED / f"journal-{released['schema']}.db")) as old:
        assert list(kept.iterdump()) == list(old.iterdump())
    assert sorted(path.name for path in tmp_path.glob("*.sqlite")) == sorted([DATABASE_NAME, copy.name])


def test_a_migrated_file_is_written_on_like_any_other(tmp_path: Path, released: dict[str, Any]) -> None:
    session, first = released["sessions"][0]["id"], released["entries"][0]
    with open_journal(tmp_path) as journal:
        one = Change(
            item=first["item"], field=first["field"], value=8, seen=2, edit_id="nieuw", content="preventieplan@2026-11"
        )
        made = journal.append(session, [one], writer="venster-9")[0]
        assert made.seq == released["entries"][-1]["seq"] + 1
        again = Change(item=first["item"], field=first["field"], value=0, edit_id=first["edit_id"])
        assert journal.append(session, [again], writer="venster-9")[0].seq == first["seq"]
    with open_journal(tmp_path) as journal:
        assert journal.entries(session, after=released["entries"][-1]["seq"]) == [made]
        assert journal.current(session)[first["item"], first["field"]] == made


def test_damage_in_a_row_of_before_is_still_named(tmp_path: Path, released: dict[str, Any]) -> None:
    open_journal(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection, connection:
        connection.execute("UPDATE entry SET content = 'school@2026-11' WHERE seq = 3")
    with open_journal(tmp_path) as journal, pytest.raises(StoreError, match="op de schijf beschadigd"):
        told(journal, released)


def test_processes_that_open_it_at_once_migrate_it_once(tmp_path: Path, released: dict[str, Any]) -> None:
    program = (
        "import sys, pathlib; from stslib.store import open_journal; import alembic.command; print('ready', flush=True); "
        "sys.stdin.readline(); open_journal(pathlib.Path(sys.argv[1])).trajectories()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        for _ in range(4)
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
        assert told(journal, released) == released
    copies = list(tmp_path.glob("sts.voor-*.sqlite"))
    assert copies
    assert {version(copy) for copy in copies} == {released["schema"]}


def test_no_copy_is_kept_when_another_process_migrated_just_before(
    tmp_path: Path, released: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_journal(tmp_path).close()
    names = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(opening, "_version", lambda engine: released["schema"])  # what was read before the other came
    with open_journal(tmp_path) as journal:
        assert told(journal, released) == released
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.postgresql
def test_a_server_of_before_is_brought_up_to_date(postgresql_url: str, tmp_path: Path, released: dict[str, Any]) -> None:
    engine = create_engine(make_url(postgresql_url).set(drivername="postgresql+psycopg"))
    config = Config()
    config.set_main_option("script_location", str(SCHEMA.folder))
    config.set_main_option("path_separator", "newline")
    with engine.begin() as connection, closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as file:
        config.attributes["connection"] = connection
        command.upgrade(config, released["schema"])
        file.row_factory = sqlite3.Row
        for table in ("trajectory", "session", "entry"):
            for row in file.execute(f"SELECT * FROM {table}"):
                values = {name: bool(value) if name == "demo" else value for name, value in dict(row).items()}
                names, marks = ", ".join(values), ", ".join(f"%({name})s" for name in values)
                connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
        for table in ("trajectory", "entry"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'seq'), (SELECT max(seq) FROM {table}))"
            )
    engine.dispose()
    session = released["sessions"][0]["id"]
    with open_journal(url=postgresql_url) as journal:
        assert told(journal, released) == released
        one = Change(item="vraag", field="answer", value="nieuw", edit_id="nieuw", content="school@2026-11")
        made = journal.append(session, [one], writer="w")
        assert journal.entries(session, after=released["entries"][-1]["seq"]) == made


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_journal_survives_two_hundred_kills_in_the_middle_of_its_migration(tmp_path: Path) -> None:
    """Kill -9 between the start of opening and its end; the next opening finds everything, and so does every copy."""
    oldest = OLDER[0]
    released = json.loads((RELEASED / f"journal-{oldest}.json").read_text(encoding="ascii"))
    chance = random.Random(20261122)
    died_in_between = halfway = 0
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writing_child.py")), "migrate", str(tmp_path), "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=ENVIRONMENT,
    ) as parent:

        def attempt(name: str, wait: float | None) -> tuple[bool, float]:
            """Open the journal in a process that is killed after *wait* seconds: whether it died of that, how long it took."""
            folder = tmp_path / name
            folder.mkdir()
            shutil.copyfile(RELEASED / f"journal-{oldest}.db", folder / DATABASE_NAME)
            parent.stdin.write(f"{name} {wait or ''}\n")
            parent.stdin.flush()
            ended, seconds = parent.stdout.readline().split()
            assert ended != "failed"
            return ended == "killed", float(seconds)

        usual = sorted(attempt(f"heel{number}", None)[1] for number in range(5))[2]
        for number in range(200):
            name = f"keer{number}"
            killed, seconds = attempt(name, chance.random() * usual)
            if not killed:  # on a machine that others use as well, the usual time changes while this runs
                usual = (usual + seconds) / 2
            died_in_between += killed
            folder = tmp_path / name
            undo = folder / f"{DATABASE_NAME}-journal"
            halfway += undo.exists() and undo.stat().st_size > 0  # what SQLite must roll back
            with open_journal(folder) as journal:
                assert told(journal, released) == released
            assert version(folder / DATABASE_NAME) == SCHEMA.head
            copies = list(folder.glob("sts.voor-*.sqlite"))
            assert copies
            for copy in copies:
                assert version(copy) == oldest
                with closing(sqlite3.connect(copy)) as connection:
                    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    assert connection.execute("SELECT count(*) FROM entry").fetchone() == (len(released["entries"]),)
            shutil.rmtree(folder)
        parent.stdin.close()
        parent.wait(timeout=10)
    assert died_in_between > 100
    assert halfway > 0
