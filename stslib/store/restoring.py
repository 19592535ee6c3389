"""Putting sessions from elsewhere into a journal: all of what was asked or nothing, and never over what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, text

from stslib.errors import StoreError
from stslib.model.session import Entry, Session, Trajectory
from stslib.store import tables
from stslib.store.journal import SqlJournal
from stslib.store.rows import (
    entry_columns,
    entry_of,
    session_columns,
    session_of,
    trajectory_columns,
    trajectory_of,
)

_LOCK_NUMBER = 7_377_002
"""PostgreSQL's advisory lock for "somebody is restoring"; any number that nobody else uses."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Given:
    """One session as it comes from elsewhere.

    Args:
        session: the session.
        entries: what is known of it, in the order in which its fields were first written, and per field by revision. Revision 0
            is an empty place: it keeps the order of a field whose value is not known.
        knew: whether the journal it comes from held the edit with this id; then what it gives for that field is what came of
            it.
        alike: whether an entry here says what the given one says, for what is not given in full.
    """

    session: Session
    entries: tuple[Entry, ...]
    knew: Callable[[str], bool]
    alike: Callable[[Entry, Entry], bool]


@dataclass(frozen=True)
class Taken:
    """What became of one given session: whether it is new here, and how many fields were added, known, or later here."""

    session: Session
    new: bool
    added: int = 0
    known: int = 0
    later: int = 0


@dataclass
class _Plan:
    """What is to be written of one session."""

    rows: list[Entry] = field(default_factory=list)
    added: int = 0
    known: int = 0
    later: int = 0
    undecided: int = 0


def restore(journal: SqlJournal, trajectory: Trajectory, given: Sequence[Given]) -> list[Taken]:
    """Add what is new of these sessions of one trajectory, in one transaction.

    A field that this journal does not hold is added. One that it holds as given is left. Where it holds an older entry that the
    other journal knew, the later one is added; where it holds a later entry, that one stays. Where both went on by themselves,
    nothing at all is written. So reading twice is harmless, and no entry is ever changed.

    Returns:
        What became of each session, in the order given.

    Raises:
        StoreError: the trajectory or a session here is another one under the same id or number; a field went on in both; an
            entry here differs from the one that was given as the same; the database cannot. Nothing was written.
    """
    with journal._writes() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_NUMBER})"))
        _take_trajectory(connection, journal.place, trajectory)
        return [_take(connection, journal.place, one) for one in given]


def _take_trajectory(connection: Connection, place: str, trajectory: Trajectory) -> None:
    table = tables.trajectory
    row = connection.execute(select(table).where(table.c.id == trajectory.id).with_for_update()).one_or_none()
    if row is None:
        connection.execute(insert(table).values(trajectory_columns(trajectory)))
    elif trajectory_of(row, place) != trajectory:
        raise StoreError(
            f"traject {trajectory.id}",
            "In deze gegevensmap staat onder deze id een ander traject (andere school, ander schooljaar of andere datum).",
            "Lees het archief in een andere gegevensmap (--data); er is niets veranderd.",
        )


def _take(connection: Connection, place: str, given: Given) -> Taken:
    session = given.session
    new = _take_session(connection, place, session)
    here: dict[Key, list[Entry]] = {}
    edits: dict[str, Entry] = {}
    if not new:
        table = tables.entry
        asked = select(table).where(table.c.session_id == session.id).order_by(table.c.revision)
        for entry in (entry_of(row, place) for row in connection.execute(asked)):
            here.setdefault((entry.item, entry.field), []).append(entry)
            edits[entry.edit_id] = entry
    plan = _Plan()
    for key, entries in _by_field(given.entries).items():
        _decide(plan, given, entries, here.get(key, []), edits)
    if plan.undecided:
        raise StoreError(
            f"sessie {session.id}",
            f"Aan deze sessie is hier verder gewerkt, en in het archief ook: {_fields(plan.undecided)} hier een andere waarde, "
            "die het archief niet kent.",
            "Er is niets veranderd. Lees het archief in een andere gegevensmap (--data) en leg beide naast elkaar.",
        )
    if plan.rows:
        connection.execute(insert(tables.entry), [entry_columns(entry) for entry in plan.rows])
    return Taken(session, new, plan.added, plan.known, plan.later)


def _fields(number: int) -> str:
    return "1 veld heeft" if number == 1 else f"{number} velden hebben"


def _by_field(entries: Iterable[Entry]) -> dict[Key, list[Entry]]:
    fields: dict[Key, list[Entry]] = {}
    for entry in entries:
        fields.setdefault((entry.item, entry.field), []).append(entry)
    return fields


def _take_session(connection: Connection, place: str, session: Session) -> bool:
    """Whether it is new here, after which it is there."""
    table = tables.session
    row = connection.execute(select(table).where(table.c.id == session.id).with_for_update()).one_or_none()
    if row is not None:
        if session_of(row, place) == session:
            return False
        raise StoreError(
            f"sessie {session.id}",
            "In deze gegevensmap staat onder deze id een andere sessie (ander traject, ander nummer of andere datum).",
            "Lees het archief in een andere gegevensmap (--data); er is niets veranderd.",
        )
    taken = select(table.c.id).where(table.c.trajectory_id == session.trajectory_id, table.c.number == session.number)
    if connection.execute(taken).one_or_none() is not None:
        raise StoreError(
            f"sessie {session.id}",
            f"Dit traject heeft hier al een andere sessie {session.number}.",
            "Lees het archief in een andere gegevensmap (--data); er is niets veranderd.",
        )
    connection.execute(insert(table).values(session_columns(session)))
    return True


def _decide(plan: _Plan, given: Given, entries: list[Entry], here: list[Entry], edits: dict[str, Entry]) -> None:
    """Add to *plan* what is to be written of one field.

    Args:
        plan: of the session.
        given: the session.
        entries: what is given of the field, by revision.
        here: what this journal holds of it, by revision.
        edits: every entry of the session here, by the id of its edit.
    """
    for entry in entries:
        known = edits.get(entry.edit_id)
        if known is not None and not given.alike(known, entry):
            raise StoreError(
                f"sessie {given.session.id}",
                "Een wijziging in dit archief is hier onder dezelfde naam als een andere bewaard.",
                "Er is niets ingelezen. Gebruik een ander exemplaar van het archief, of een andere gegevensmap (--data).",
            )
    last = entries[-1]
    if not last.revision:
        plan.rows += [] if here else entries
        return
    written = [entry for entry in here if entry.revision]
    if not written:
        plan.rows += entries
        plan.added += 1
    elif last.edit_id in edits:
        # Of an earlier session only the last entry may have been known: the other side of an open conflict comes with its own.
        revisions = {entry.revision for entry in written}
        sides = [entry for entry in entries if entry.edit_id not in edits and entry.revision not in revisions]
        plan.rows += sides
        plan.added += bool(sides)
        plan.known += not sides
    elif any(entry.revision == last.revision for entry in written):
        plan.undecided += 1
    elif written[-1].revision > last.revision:
        plan.later += 1
    elif given.knew(written[-1].edit_id):
        plan.rows += [entry for entry in entries if entry.revision > written[-1].revision]
        plan.added += 1
    else:
        plan.undecided += 1
