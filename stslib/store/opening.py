"""Opening a journal: find it, see which schema it has, migrate an older one with a copy beside it, refuse a newer one."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from stslib.errors import StoreError
from stslib.paths import data_folder
from stslib.store.journal import SqlJournal
from stslib.store.trouble import DAMAGED, told_in_dutch

DATABASE_NAME = "sts.sqlite"
"""The journal's file in the data folder."""

_WAIT_MS = 5000
_CHECKED_BYTES = 32 * 1024 * 1024
_LOCK_NUMBER = 7_377_001
"""PostgreSQL's advisory lock for "somebody is migrating"; any number that nobody else uses."""


@dataclass(frozen=True)
class Schema:
    """Where the migrations are and which revisions they make, oldest first; the last is today's."""

    folder: Path
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The revision that this version of stslib works with."""
        return self.revisions[-1]


SCHEMA = Schema(Path(__file__).parent / "migrations", ("0001", "0002"))
"""Named here as well as in the migrations, so that opening an up-to-date journal needs no Alembic."""


def open_journal(data: Path | None = None, *, url: str | None = None) -> SqlJournal:
    """Open the journal, make it when there is none, and bring an older one up to date.

    Args:
        data: the data folder; ``stslib.paths.data_folder()`` when neither is given. The journal is ``sts.sqlite`` in it.
        url: address of a database instead: ``postgresql://user@host/name`` or ``sqlite:////path/file.sqlite``; the environment
            variable ``STS_JOURNAL`` when not given.

    Raises:
        StoreError: locked, read-only or damaged, made by a newer version, not a journal, or the server does not answer.
    """
    url = url or os.environ.get("STS_JOURNAL")
    if not url:
        return open_file(data_folder(data) / DATABASE_NAME)
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise _unknown_address() from error
    backend = address.get_backend_name() if address.drivername != "postgres" else "postgresql"
    if backend == "sqlite" and address.database:
        return open_file(Path(address.database))
    if backend == "postgresql":
        return _open_server(address.set(drivername="postgresql+psycopg"))
    raise _unknown_address()


def _unknown_address() -> StoreError:
    return StoreError(
        "adres van de databank",
        "Dit is geen adres van een databank die stslib kent.",
        "Gebruik postgresql://gebruiker@server/naam, of laat het adres weg voor een bestand in de gegevensmap.",
    )


# SQLite


def open_file(path: Path, schema: Schema = SCHEMA) -> SqlJournal:
    """The journal in the SQLite file at *path*; *schema* differs from today's in tests only."""
    place = str(path)
    with told_in_dutch(place):
        if not path.exists():
            _make_file(path, schema)
        elif path.stat().st_size == 0:
            raise StoreError(
                place,
                "Dit gegevensbestand is leeg; stslib maakt nooit een leeg bestand, dus hier is iets verloren gegaan.",
                "Zet een reservekopie terug. Was er nog niets bewaard, verwijder dan het lege bestand en open opnieuw.",
            )
        engine = _file_engine(path)
        try:
            _check_whole(engine, path)
            version = _version(engine)
            if version != schema.head:
                _check_known(place, version, schema)
                _copy_beside(path, schema)
                _migrate(engine, schema)
        except BaseException:
            engine.dispose()
            raise
    return SqlJournal(engine, place)


def _file_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        hide_parameters=True,
        connect_args={"timeout": _WAIT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Python's own transaction handling starts no transaction for reads or schema changes: BEGIN is ours to say.
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=TRUNCATE", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("sts_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _check_whole(engine: Engine, path: Path) -> None:
    """Refuse a file whose pages or indexes contradict each other: a row could be missing without anybody noticing.

    A millisecond per 400 kB; a file too large for that is checked row by row only, by the checksums.
    """
    if path.stat().st_size > _CHECKED_BYTES:
        return
    with engine.connect() as connection:
        answer = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if answer != "ok":
        raise StoreError(str(path), *DAMAGED)


def _make_file(path: Path, schema: Schema) -> None:
    """A new journal appears under its name only when it is whole, so an empty file is always a sign of damage.

    When another process was first, its file stays and this one goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.nieuw")
    try:
        engine = _file_engine(draft)
        try:
            _migrate(engine, schema)
        finally:
            engine.dispose()
        _publish(draft, path)
    finally:
        for leftover in (draft, draft.with_name(draft.name + "-journal")):
            leftover.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _publish(draft: Path, path: Path) -> None:
    """Give *draft* its name without ever replacing a file that is there."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links, such as that of most sticks
        if not path.exists():
            draft.rename(path)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _copy_beside(path: Path, schema: Schema) -> None:
    """A whole copy of the older file, made by SQLite itself, next to it: ``sts.voor-0002.sqlite``.

    None is kept when another process migrated the file in the meantime: that one made the copy.
    """
    number = 1
    while (target := _copy_name(path, schema, number)).exists():
        number += 1
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.deel")
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_MS / 1000)) as source, closing(sqlite3.connect(draft)) as copy:
            source.backup(copy)
            version = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        if version == (schema.head,):
            return
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _copy_name(path: Path, schema: Schema, number: int) -> Path:
    counted = "" if number == 1 else f"-{number}"
    return path.with_name(f"{path.stem}.voor-{schema.head}{counted}{path.suffix}")


# PostgreSQL


def _open_server(address: URL) -> SqlJournal:
    place = address.render_as_string(hide_password=True)
    options = f"-c lock_timeout={_WAIT_MS} -c synchronous_commit=on -c client_min_messages=warning"
    try:
        engine = create_engine(
            address, hide_parameters=True, pool_pre_ping=True, connect_args={"options": options, "connect_timeout": 10}
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            place,
            "Voor PostgreSQL ontbreekt het onderdeel psycopg.",
            "Installeer stslib met het extra onderdeel 'postgresql'.",
        ) from error
    try:
        with told_in_dutch(place):
            version = _version(engine)
            if version != SCHEMA.head:
                if version is not None or _has_tables(engine):
                    _check_known(place, version, SCHEMA)
                _migrate(engine, SCHEMA)
    except BaseException:
        engine.dispose()
        raise
    return SqlJournal(engine, place)


def _has_tables(engine: Engine) -> bool:
    with engine.connect() as connection:
        return {"trajectory", "session", "entry"} & set(inspect(connection).get_table_names()) != set()


# Both


def _version(engine: Engine) -> str | None:
    """The schema's revision; None when the table that tells is missing."""
    with engine.connect() as connection:
        try:
            version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except DBAPIError as error:
            if _table_is_missing(error):
                return None
            raise
        return version


def _table_is_missing(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode == sqlite3.SQLITE_ERROR and "no such table" in str(cause)
    return getattr(cause, "sqlstate", None) == "42P01"


def _check_known(place: str, version: str | None, schema: Schema) -> None:
    if version is None:
        raise StoreError(
            place,
            "Deze databank is niet door stslib gemaakt, of is beschadigd; er is niets aan veranderd.",
            "Kies een andere gegevensmap of een andere databank, of zet een reservekopie terug.",
        )
    if version not in schema.revisions:
        raise StoreError(
            place,
            f"Deze gegevens zijn gemaakt met een nieuwere versie van stslib (schema {version}; bekend is {schema.head}).",
            "Werk stslib bij en open ze dan opnieuw; er is niets aan veranderd.",
        )


def _migrate(engine: Engine, schema: Schema) -> None:
    """Bring the schema to its head in one transaction: all of it, or nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    with engine.execution_options(sts_write=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})")
        # Alembic reads the version inside this transaction: when another process migrated while this one waited for the
        # lock, nothing is left to do.
        config.attributes["connection"] = connection
        command.upgrade(config, schema.head)
