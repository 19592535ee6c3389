"""What may stand together in one file: a trajectory without the conversations about somebody else, and each figure once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from stslib.archive.document.agreed import Pins
from stslib.archive.document.counted import Counted
from stslib.archive.keeping.record import recordable
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument
from stslib.model.session import Entry, Session, Trajectory
from stslib.store import SqlJournal

Key = tuple[str, str]
View = dict[str, Any]


class TogetherJournal:
    """A trajectory in a journal, as it stood when this was made, and as it may stand in one file.

    Conversations about one pupil or family are left out, with the actions and figures that came of them: beside one another
    they would tell of several families at once. Of a pinned figure the numbers of its day are left out: those of two days could
    be subtracted from each other.

    Args:
        journal: where it is kept.
        trajectory_id: which one.
        instruments: everything that can be filled in.
    """

    def __init__(self, journal: SqlJournal, trajectory_id: str, instruments: Sequence[Instrument]) -> None:
        self._trajectory = journal.trajectory(trajectory_id)
        self._sessions = journal.sessions(trajectory_id)
        held = {session.id: journal.entries(session.id) for session in self._sessions}
        self.seq = max((entry.seq for entries in held.values() for entry in entries), default=0)
        apart = {one.id for one in instruments if one.separate}
        every = [entry for entries in held.values() for entry in entries]
        left_out = {entry.item for entry in every if entry.field == "origin" and str(entry.value).split(".")[0] in apart}
        left_out |= {entry.item for entry in every if entry.item.split(".")[0] in apart}
        self.conversations = {
            name: tuple(one.id for one in self._sessions if any(entry.item.split(".")[0] == name for entry in held[one.id]))
            for name in sorted(apart)
        }
        """Per instrument about somebody else, the sessions that held such a conversation."""
        self._entries = {
            session: [
                entry.model_copy(update={"value": recordable(entry.field, entry.value)})
                for entry in entries
                if entry.item not in left_out
            ]
            for session, entries in held.items()
        }

    def trajectory(self, trajectory_id: str) -> Trajectory:
        """The trajectory."""
        return self._trajectory

    def sessions(self, trajectory_id: str) -> list[Session]:
        """Its sessions, by number."""
        return list(self._sessions)

    def session(self, session_id: str) -> Session:
        """One of its sessions."""
        return next(session for session in self._sessions if session.id == session_id)

    def entries(self, session_id: str, *, after: int = 0) -> list[Entry]:
        """All entries of a session with ``seq`` above *after*, in order."""
        return [entry for entry in self._entries[session_id] if entry.seq > after]

    def current(self, session_id: str) -> dict[Key, Entry]:
        """The last entry of every field, in the order in which the fields were first written."""
        last: dict[Key, Entry] = {}
        for entry in self._entries[session_id]:
            known = last.setdefault((entry.item, entry.field), entry)
            if known.revision < entry.revision:
                last[entry.item, entry.field] = entry
        return last


class CountedOnce(Counted):
    """The figures of one file that holds several sessions: what was counted for one of them is not shown again at another."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._shown_before: set[str] = set()

    def again(self, definition: Mapping[str, JsonValue]) -> View | None:
        """As in ``Counted``, the first time."""
        asked = json.dumps(definition, sort_keys=True)
        if asked in self._shown_before:
            return None
        self._shown_before.add(asked)
        return super().again(definition)


class OwnPins(Pins):
    """The figures that were pinned in one session of several."""

    def __init__(self, state: FormState, counted: Counted) -> None:
        super().__init__(state, counted)
        own = {pin.id for pin in state.pins() if pin.session == state.session.id}
        self._left = {origin: [pin for pin in pins if pin.id in own] for origin, pins in self._left.items()}
