"""The journal in SQL: every change is a row that is appended and never touched again."""

from __future__ import annotations

import secrets
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, and_, func, insert, select

from stslib.errors import StoreError, UnknownSessionError
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import Change, Entry, Session, Trajectory
from stslib.store import tables
from stslib.store.rows import (
    entry_columns,
    entry_of,
    plain_name,
    session_columns,
    session_of,
    stored_moment,
    trajectory_columns,
    trajectory_of,
)
from stslib.store.trouble import told_in_dutch

ID_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
"""No vowels (no words, no exponents), and nothing that is read as another sign: 0/o, 1/i/l."""

_ID_LENGTH = 7
_BATCH = 500


def new_id() -> str:
    """A short random id that can be read aloud: 7 of 27 signs, so ten thousand million of them."""
    return "".join(secrets.choice(ID_LETTERS) for _ in range(_ID_LENGTH))


class SqlJournal:
    """``stslib.model.session.Journal`` over one database. Make it with ``open_journal``.

    Methods raise ``StoreError`` in Dutch when the database cannot, and ``UnknownSessionError`` for an id it does not hold.
    Safe to use from several threads; other processes may write at the same time.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self.place = place
        self._engine = engine
        self._writing = engine.execution_options(sts_write=True)
        self._finalizer = weakref.finalize(self, engine.dispose)

    def close(self) -> None:
        """Let go of the database; harmless when done twice."""
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _reads(self) -> Iterator[Connection]:
        with told_in_dutch(self.place), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        with told_in_dutch(self.place), self._writing.begin() as connection:
            yield connection

    # Trajectories and sessions

    def create_trajectory(
        self, school: str, levels: Sequence[SchoolLevel], province: Province | None, school_year: str, *, demo: bool = False
    ) -> Trajectory:
        """A new trajectory; the school's name is kept on one line, without control characters."""
        name = plain_name(school)
        if not name:
            raise StoreError("traject", "De naam van de school ontbreekt.", "Vul de naam van de school in.")
        with self._writes() as connection:
            made = Trajectory(
                id=_free_id(connection, tables.trajectory.c.id),
                school=name,
                levels=tuple(SchoolLevel(level) for level in levels),
                province=Province(province) if province else None,
                school_year=school_year,
                created_at=datetime.now(UTC),
                demo=demo,
            )
            connection.execute(insert(tables.trajectory).values(trajectory_columns(made)))
        return made

    def trajectories(self) -> list[Trajectory]:
        """All trajectories, in the order they were made."""
        with self._reads() as connection:
            rows = connection.execute(select(tables.trajectory).order_by(tables.trajectory.c.seq)).all()
        return [trajectory_of(row, self.place) for row in rows]

    def trajectory(self, trajectory_id: str) -> Trajectory:
        """The trajectory with this id."""
        with self._reads() as connection:
            row = connection.execute(select(tables.trajectory).where(tables.trajectory.c.id == trajectory_id)).one_or_none()
        if row is None:
            raise UnknownSessionError(trajectory_id)
        return trajectory_of(row, self.place)

    def create_session(self, trajectory_id: str, *, created_at: datetime | None = None) -> Session:
        """The next session of a trajectory; *created_at* (aware) is now unless given."""
        moment = stored_moment(created_at)
        with self._writes() as connection:
            held = select(tables.trajectory.c.id).where(tables.trajectory.c.id == trajectory_id).with_for_update()
            if connection.execute(held).one_or_none() is None:
                raise UnknownSessionError(trajectory_id)
            highest = select(func.max(tables.session.c.number)).where(tables.session.c.trajectory_id == trajectory_id)
            made = Session(
                id=_free_id(connection, tables.session.c.id),
                trajectory_id=trajectory_id,
                number=(connection.execute(highest).scalar_one() or 0) + 1,
                created_at=datetime.fromisoformat(moment),
            )
            connection.execute(insert(tables.session).values(session_columns(made)))
        return made

    def sessions(self, trajectory_id: str) -> list[Session]:
        """The sessions of a trajectory, by number."""
        table = tables.session
        with self._reads() as connection:
            rows = connection.execute(
                select(table).where(table.c.trajectory_id == trajectory_id).order_by(table.c.number)
            ).all()
        if not rows:
            self.trajectory(trajectory_id)
        return [session_of(row, self.place) for row in rows]

    def session(self, session_id: str) -> Session:
        """The session with this id."""
        with self._reads() as connection:
            row = connection.execute(select(tables.session).where(tables.session.c.id == session_id)).one_or_none()
        if row is None:
            raise UnknownSessionError(session_id)
        return session_of(row, self.place)

    # Entries

    def append(
        self, session_id: str, changes: Sequence[Change], *, writer: str, recorded_at: datetime | None = None
    ) -> list[Entry]:
        """Append all *changes* or none, in one transaction that is on disk when this returns.

        Args:
            session_id: the session they belong to.
            changes: in the order they were made.
            writer: which window or program writes; free text without names.
            recorded_at: aware moment; now unless given.

        Returns:
            One entry per change, in the same order. A change whose ``edit_id`` this session knows already is not appended
            again: its earlier entry is returned, so a second delivery is harmless.
        """
        moment = stored_moment(recorded_at)
        with self._writes() as connection:
            # The lock on the session's row makes revisions and the order of seq within a session safe on PostgreSQL;
            # on SQLite the transaction holds the whole file already.
            held = select(tables.session.c.id).where(tables.session.c.id == session_id).with_for_update()
            if connection.execute(held).one_or_none() is None:
                raise UnknownSessionError(session_id)
            known = self._known_edits(connection, session_id, [change.edit_id for change in changes])
            revisions: dict[tuple[str, str], int] = {}
            for change in changes:
                if change.edit_id in known:
                    continue
                key = (change.item, change.field)
                if key not in revisions:
                    revisions[key] = _highest_revision(connection, session_id, key)
                revisions[key] += 1
                known[change.edit_id] = _insert(connection, session_id, change, revisions[key], writer, moment)
        return [known[change.edit_id] for change in changes]

    def entries(self, session_id: str, *, after: int = 0) -> list[Entry]:
        """All entries of a session with ``seq`` above *after*, in order."""
        table = tables.entry
        with self._reads() as connection:
            asked = select(table).where(table.c.session_id == session_id, table.c.seq > after).order_by(table.c.seq)
            rows = connection.execute(asked).all()
        if not rows and after == 0:
            self.session(session_id)
        return [entry_of(row, self.place) for row in rows]

    def current(self, session_id: str) -> dict[tuple[str, str], Entry]:
        """The last entry of every field (by revision), in the order in which the fields were first written."""
        table = tables.entry
        last = (
            select(
                table.c.item,
                table.c.field,
                func.max(table.c.revision).label("revision"),
                func.min(table.c.seq).label("first"),
            )
            .where(table.c.session_id == session_id)
            .group_by(table.c.item, table.c.field)
            .subquery()
        )
        same = and_(table.c.item == last.c.item, table.c.field == last.c.field, table.c.revision == last.c.revision)
        asked = select(table).join(last, same).where(table.c.session_id == session_id).order_by(last.c.first)
        with self._reads() as connection:
            rows = connection.execute(asked).all()
        if not rows:
            self.session(session_id)
        return {(row.item, row.field): entry_of(row, self.place) for row in rows}

    def _known_edits(self, connection: Connection, session_id: str, edit_ids: Sequence[str]) -> dict[str, Entry]:
        table = tables.entry
        known: dict[str, Entry] = {}
        for start in range(0, len(edit_ids), _BATCH):
            batch = edit_ids[start : start + _BATCH]
            rows = connection.execute(select(table).where(table.c.session_id == session_id, table.c.edit_id.in_(batch)))
            known.update((row.edit_id, entry_of(row, self.place)) for row in rows)
        return known


def _free_id(connection: Connection, column: Any) -> str:
    while True:
        candidate = new_id()
        if connection.execute(select(column).where(column == candidate)).one_or_none() is None:
            return candidate


def _highest_revision(connection: Connection, session_id: str, key: tuple[str, str]) -> int:
    table = tables.entry
    asked = select(func.max(table.c.revision)).where(
        table.c.session_id == session_id, table.c.item == key[0], table.c.field == key[1]
    )
    return connection.execute(asked).scalar_one() or 0


def _insert(connection: Connection, session_id: str, change: Change, revision: int, writer: str, moment: str) -> Entry:
    made = Entry(
        seq=0,
        session_id=session_id,
        item=change.item,
        field=change.field,
        value=change.value,
        revision=revision,
        seen=change.seen,
        writer=writer,
        edit_id=change.edit_id,
        recorded_at=datetime.fromisoformat(moment),
        content=change.content,
    )
    key = connection.execute(insert(tables.entry).values(entry_columns(made))).inserted_primary_key
    if key is None:  # pragma: no cover - both databases return the key
        raise StoreError("gegevens", "De databank gaf geen volgnummer terug.", "Probeer het opnieuw.")
    return made.model_copy(update={"seq": key[0]})
