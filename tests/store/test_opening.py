"""Opening what is there: older, newer, damaged, locked, full, or somebody else's."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import stslib
from stslib.errors import StoreError
from stslib.model.session import Change, Session
from stslib.store import DATABASE_NAME, SqlJournal, open_journal, tables
from stslib.store.opening import SCHEMA, Schema, open_file


def fill(journal: SqlJournal, session: Session, count: int = 60) -> None:
    for number in range(count):
        one = Change(
            item=f"vraag{number % 9}",
            field="answer",
            value="antwoord " * (number % 30),
            edit_id=f"bewerking-{number}",
            content="school@2026-11" if number % 2 else "",
        )
        journal.append(session.id, [one], writer="venster")


def run_sql(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def pragma(journal: SqlJournal, text: str) -> None:
    """Set a limit on the one pooled connection."""
    with journal._engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA {text}")


def test_the_migrations_make_the_tables_that_the_journal_uses(journal: SqlJournal) -> None:
    with journal._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
        assert context.get_current_revision() == SCHEMA.head


def test_an_up_to_date_journal_opens_without_alembic(tmp_path: Path) -> None:
    open_journal(tmp_path).close()
    program = (
        "import sys, pathlib; from stslib.store import open_journal; "
        "open_journal(pathlib.Path(sys.argv[1])).trajectories(); "
        "assert not [name for name in sys.modules if name.startswith(('alembic', 'sqlalchemy.orm', 'psycopg'))]"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60, env=environment)


def test_the_file_is_written_safely(file_journal: SqlJournal) -> None:
    with file_journal._engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "truncate", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.fixture
def newer_schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    """Today's migrations and one more, ``9999``."""
    folder = tmp_path_factory.mktemp("schema") / "migrations"
    shutil.copytree(SCHEMA.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "m9999_test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{SCHEMA.head}'\nbranch_labels = None\ndepends_on = None\n"
        "def upgrade():\n"
        "    op.create_table('extra', sa.Column('id', sa.Integer, primary_key=True))\n"
        '    op.execute("INSERT INTO extra SELECT seq FROM entry")\n'
    )
    return Schema(folder, (*SCHEMA.revisions, "9999"))


def test_an_older_file_is_copied_beside_itself_and_then_migrated(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session, newer_schema: Schema
) -> None:
    fill(file_journal, file_session, 5)
    entries = file_journal.entries(file_session.id)
    with open_file(tmp_path / DATABASE_NAME, newer_schema) as migrated:
        assert migrated.entries(file_session.id) == entries
    backup = tmp_path / "sts.voor-9999.sqlite"
    with open_file(backup) as old:
        assert old.entries(file_session.id) == entries
    names = {path.name for path in tmp_path.iterdir()}
    assert {name for name in names if "journal" not in name} == {"sts.sqlite", "sts.voor-9999.sqlite"}


def test_a_second_copy_does_not_replace_the_first(tmp_path: Path, newer_schema: Schema) -> None:
    for _ in range(2):
        (tmp_path / DATABASE_NAME).unlink(missing_ok=True)
        open_journal(tmp_path).close()
        open_file(tmp_path / DATABASE_NAME, newer_schema).close()
    assert {path.name for path in tmp_path.glob("*voor*.sqlite")} == {"sts.voor-9999.sqlite", "sts.voor-9999-2.sqlite"}


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session, newer_schema: Schema
) -> None:
    fill(file_journal, file_session, 5)
    step = newer_schema.folder / "versions" / "m9999_test.py"
    step.write_text(step.read_text() + "    raise OSError('midden in de stap')\n")
    with pytest.raises(StoreError):
        open_file(tmp_path / DATABASE_NAME, newer_schema)
    with open_journal(tmp_path) as journal, journal._engine.connect() as connection:
        assert len(journal.entries(file_session.id)) == 5
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'extra'").scalar() == 0


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path, newer_schema: Schema) -> None:
    open_file(tmp_path / DATABASE_NAME, newer_schema).close()
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with pytest.raises(StoreError, match="nieuwere versie van stslib") as caught:
        open_journal(tmp_path)
    assert "9999" in caught.value.fact
    assert "Werk stslib bij" in caught.value.remedy
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


@pytest.mark.postgresql
def test_a_newer_server_schema_is_refused(postgresql_url: str) -> None:
    with open_journal(url=postgresql_url) as journal, journal._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="nieuwere versie van stslib"):
        open_journal(url=postgresql_url)


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    run_sql(tmp_path / DATABASE_NAME, "CREATE TABLE kippen (naam TEXT)")
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with pytest.raises(StoreError, match="niet door stslib gemaakt"):
        open_journal(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


def cut_to(share: float, content: bytes) -> bytes:
    return content[: int(len(content) * share)]


@pytest.mark.parametrize(
    ("damage", "fact"),
    [
        (lambda content: b"", "leeg"),
        (lambda content: b"geen databank, maar een gewone tekst " * 400, "beschadigd"),
        (lambda content: cut_to(0.5, content), "beschadigd"),
        (lambda content: content[:-100], "beschadigd"),
        (lambda content: content[:40], "beschadigd"),
        (lambda content: content[:4096] + bytes(4096) + content[8192:], "beschadigd"),
    ],
    ids=["empty", "a text", "half", "the end missing", "forty bytes", "a page of zeros"],
)
def test_a_damaged_file_is_named_and_never_made_anew(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session, damage: object, fact: str
) -> None:
    fill(file_journal, file_session)
    file_journal.close()
    path = tmp_path / DATABASE_NAME
    broken = damage(path.read_bytes())
    path.write_bytes(broken)
    with pytest.raises(StoreError, match=fact) as caught:
        open_journal(tmp_path)
    assert "eservekopie" in caught.value.remedy
    assert path.read_bytes() == broken


def test_a_flipped_bit_never_gives_another_answer(tmp_path: Path, file_journal: SqlJournal, file_session: Session) -> None:
    fill(file_journal, file_session)
    trajectories, sessions = file_journal.trajectories(), file_journal.sessions(file_session.trajectory_id)
    entries, current = file_journal.entries(file_session.id), file_journal.current(file_session.id)
    file_journal.close()
    whole = (tmp_path / DATABASE_NAME).read_bytes()
    path = tmp_path / "geraakt" / DATABASE_NAME
    path.parent.mkdir()
    chance = random.Random(20261103)
    named = 0
    for _ in range(300):
        hit = bytearray(whole)
        hit[chance.randrange(len(hit))] ^= 1 << chance.randrange(8)
        path.write_bytes(hit)
        try:
            with open_journal(path.parent) as journal:
                assert journal.trajectories() == trajectories
                assert journal.sessions(file_session.trajectory_id) == sessions
                assert journal.entries(file_session.id) == entries
                assert journal.current(file_session.id) == current
        except StoreError:
            named += 1
    assert named > 50


def test_a_changed_value_is_named_as_damage(tmp_path: Path, file_journal: SqlJournal, file_session: Session) -> None:
    fill(file_journal, file_session, 3)
    run_sql(tmp_path / DATABASE_NAME, "UPDATE entry SET value = '\"vervalst\"' WHERE seq = 2")
    with pytest.raises(StoreError, match="op de schijf beschadigd") as caught:
        file_journal.entries(file_session.id)
    assert "vervalst" not in str(caught.value)


@pytest.mark.parametrize("edition", ["", "school@2026-11"])
@pytest.mark.parametrize("other", ["", "school@2027-01", "0", "NULL, kortom niets"])
def test_a_changed_edition_is_named_as_damage(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session, edition: str, other: str
) -> None:
    one = Change(item="v", field="answer", value="tekst", edit_id="1", content=edition)
    made = file_journal.append(file_session.id, [one], writer="w")
    run_sql(tmp_path / DATABASE_NAME, f"UPDATE entry SET content = '{other}'")
    if other == edition:
        assert file_journal.entries(file_session.id) == made
        return
    with pytest.raises(StoreError, match="op de schijf beschadigd"):
        file_journal.entries(file_session.id)


def test_a_locked_file_is_named_and_can_be_used_afterwards(
    tmp_path: Path, file_journal: SqlJournal, file_session: Session
) -> None:
    pragma(file_journal, "busy_timeout=20")
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="Een ander programma houdt dit bestand"):
            fill(file_journal, file_session, 1)
        with pytest.raises(StoreError, match="Een ander programma houdt dit bestand"):
            file_journal.entries(file_session.id)
        other.execute("ROLLBACK")
    fill(file_journal, file_session, 1)
    assert len(file_journal.entries(file_session.id)) == 1


def test_a_full_disk_is_named_and_the_old_state_is_whole(file_journal: SqlJournal, file_session: Session) -> None:
    fill(file_journal, file_session, 3)
    before = file_journal.entries(file_session.id)
    pragma(file_journal, "max_page_count=1")  # SQLite takes the number of pages that are there already
    with pytest.raises(StoreError, match="schijf is vol") as caught:
        file_journal.append(
            file_session.id, [Change(item="v", field="answer", value="te groot " * 5000, edit_id="groot")], writer="w"
        )
    assert "te groot" not in str(caught.value)
    assert "te groot" not in str(caught.value.__cause__)
    assert file_journal.entries(file_session.id) == before
    pragma(file_journal, "max_page_count=100000")
    file_journal.append(file_session.id, [Change(item="v", field="answer", value="past nu", edit_id="groot")], writer="w")
    assert len(file_journal.entries(file_session.id)) == 4


def test_a_read_only_file_can_be_read_and_says_so_when_written(file_journal: SqlJournal, file_session: Session) -> None:
    fill(file_journal, file_session, 2)
    pragma(file_journal, "query_only=ON")
    with pytest.raises(StoreError, match="kan niet geschreven worden"):
        fill(file_journal, file_session, 3)
    assert len(file_journal.entries(file_session.id)) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions work otherwise on this system")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "map").write_text("een bestand waar een map zou staan")
    with pytest.raises(StoreError):
        open_file(tmp_path / "map" / DATABASE_NAME)


def test_a_directory_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(StoreError, match="kan niet geopend worden"):
        open_journal(tmp_path)
