"""Journals to test on: an SQLite file, and a PostgreSQL server that lives as long as the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Session
from stslib.store import SqlJournal, open_journal


def _postgresql_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_postgres(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The socket folder of a server of our own."""
    binaries = _postgresql_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed on this machine: no initdb in /usr/lib/postgresql/*/bin or on the path")
    # Not pytest's own folder: its parents are closed to the user that the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="stspg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    _as_postgres(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    _as_postgres(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", settings, "start")
    try:
        yield folder
    finally:
        _as_postgres(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgresql_server: Path) -> str:
    """The address of an empty database."""
    import psycopg

    name = f"sts_{os.urandom(4).hex()}"
    with psycopg.connect(f"host={postgresql_server} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={postgresql_server}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, object]:
    """What ``open_journal`` is called with: once a folder, once a server."""
    if request.param == "sqlite":
        return {"data": tmp_path}
    return {"url": request.getfixturevalue("postgresql_url")}


@pytest.fixture
def journal(place: dict[str, object]) -> Iterator[SqlJournal]:
    with open_journal(**place) as opened:
        yield opened


def a_session(journal: SqlJournal) -> Session:
    trajectory = journal.create_trajectory("Sint-Voorbeeld", [SchoolLevel.SECONDARY], Province.ANTWERP, "2025-2026")
    return journal.create_session(trajectory.id)


@pytest.fixture
def session(journal: SqlJournal) -> Session:
    return a_session(journal)


@pytest.fixture
def file_journal(tmp_path: Path) -> Iterator[SqlJournal]:
    with open_journal(tmp_path) as opened:
        yield opened


@pytest.fixture
def file_session(file_journal: SqlJournal) -> Session:
    return a_session(file_journal)
