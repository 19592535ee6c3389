"""Every trajectory at a glance, in a fixed number of queries however many sessions there are: what a list of them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from stslib.errors import UnknownSessionError
from stslib.model.session import Entry, Session, Trajectory
from stslib.store import tables
from stslib.store.journal import SqlJournal
from stslib.store.rows import entry_of, session_of

_EMPTY = ("null", '""')  # as JSON: a field that was emptied


@dataclass(frozen=True)
class Glance:
    """One trajectory as far as a list needs it; read like a journal by what only reads.

    ``fields`` holds the last entry of every field of the items that were asked for, by session; ``used`` the prefixes below
    which a session holds something.
    """

    route: Trajectory
    held: tuple[Session, ...]
    fields: dict[str, dict[tuple[str, str], Entry]]
    used: dict[str, frozenset[str]]

    def session(self, session_id: str) -> Session:
        """The session with this id."""
        for session in self.held:
            if session.id == session_id:
                return session
        raise UnknownSessionError(session_id)

    def sessions(self, trajectory_id: str) -> list[Session]:
        """The sessions, by number."""
        return list(self.held)

    def trajectory(self, trajectory_id: str) -> Trajectory:
        """The trajectory."""
        return self.route

    def current(self, session_id: str) -> dict[tuple[str, str], Entry]:
        """The last entry of every field that was asked for."""
        return self.fields.get(session_id, {})


def glances(journal: SqlJournal, *, items: Sequence[str], prefixes: Sequence[str]) -> list[Glance]:
    """Every trajectory in the order in which they were made.

    Args:
        journal: the journal in SQL.
        items: what to read of each session: an item (``sessie``), or all below one when it ends in a dot (``actie.``).
        prefixes: what to look for only, each with a dot at its end (``school.``): whether a session holds any of it.

    Raises:
        StoreError: the database cannot be read, or what was read is damaged.
    """
    collation = "C" if journal._engine.dialect.name == "postgresql" else "BINARY"
    held: dict[str, list[Session]] = {}
    fields: dict[str, dict[tuple[str, str], Entry]] = {}
    used: dict[str, set[str]] = {}
    routes = journal.trajectories()
    with journal._reads() as connection:
        for row in connection.execute(select(tables.session).order_by(tables.session.c.number)):
            session = session_of(row, journal.place)
            held.setdefault(session.trajectory_id, []).append(session)
        for item in items:
            for entry in _last_entries(connection, journal, item, collation):
                fields.setdefault(entry.session_id, {})[entry.item, entry.field] = entry
        for prefix in prefixes:
            for session_id in _holders(connection, prefix, collation):
                used.setdefault(session_id, set()).add(prefix)
    return [
        Glance(
            route=route,
            held=(sessions := tuple(held.get(route.id, ()))),
            fields={one.id: fields.get(one.id, {}) for one in sessions},
            used={one.id: frozenset(used.get(one.id, ())) for one in sessions},
        )
        for route in routes
    ]


def _is_item(item: str, collation: str) -> ColumnElement[bool]:
    """Written as a range, in the order of the index: a pattern would be held against every entry there is."""
    column = tables.entry.c.item
    if not item.endswith("."):
        return column == item
    ordered = column.collate(collation)
    return and_(ordered >= item, ordered < f"{item[:-1]}/")


def _last_entries(connection: Connection, journal: SqlJournal, item: str, collation: str) -> list[Entry]:
    entry, later = tables.entry, tables.entry.alias()
    same = and_(
        later.c.session_id == entry.c.session_id,
        later.c.item == entry.c.item,
        later.c.field == entry.c.field,
        later.c.revision > entry.c.revision,
    )
    own = and_(entry.c.session_id == tables.session.c.id, _is_item(item, collation))
    asked = select(entry).join(tables.session, own).where(~exists().where(same)).order_by(entry.c.seq)
    return [entry_of(row, journal.place) for row in connection.execute(asked)]


def _holders(connection: Connection, prefix: str, collation: str) -> list[str]:
    entry, session = tables.entry, tables.session
    found = exists().where(entry.c.session_id == session.c.id, _is_item(prefix, collation), entry.c.value.not_in(_EMPTY))
    return list(connection.execute(select(session.c.id).where(found)).scalars())
