"""A school's route and what was said on it: trajectories, sessions, and the entries that a journal keeps.

The journal is append-only. A field is a pair (``item``, ``field``); its state is the entry with the highest
revision. Fields in use:

=====================================  ==================  ===================================================
item                                   field               value (JSON)
=====================================  ==================  ===================================================
question id                            ``answer``          text
scale id                               ``score``           0–10, ``"unknown"``, ``"not_applicable"`` or null
scale id                               ``evidence``        text (why this score)
scale id                               ``ambition``        text (what would raise it)
scale id                               ``target``          0–10 or null
objective or section id                ``applicable``      true, false, or null for what the content says
``actie.<8 hex>``                      ``origin``          id of the objective it belongs to
``actie.<8 hex>``                      ``what`` ``who`` ``when`` ``check``   text
``actie.<8 hex>``                      ``removed``         true or null
``sessie``                             ``title`` ``date`` ``participants`` ``notes``   text (date as ISO)
``sessie``                             ``closed``          object: archive file name, sha256, seq; or null
=====================================  ==================  ===================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from pydantic import JsonValue

from stslib.model.base import Frozen
from stslib.model.instrument import Province, SchoolLevel

Score = int | Literal["unknown", "not_applicable"] | None
"""A self-score: 0–10, "weet niet", "niet van toepassing", or not discussed. Only the first is a number."""

SESSION_ITEM = "sessie"
"""The item that carries what belongs to the session as a whole."""

ACTION_PREFIX = "actie."
"""Action items start with this; a random part follows, so two windows never name one action alike."""


class Trajectory(Frozen):
    """One school's whole route: several sessions over one or more school years."""

    id: str
    school: str
    levels: tuple[SchoolLevel, ...]
    province: Province | None
    school_year: str
    """The year it starts in, as ``2025-2026``."""
    created_at: datetime
    demo: bool = False


class Session(Frozen):
    """One meeting of a trajectory; the unit that is archived. ``number`` counts from 1 inside its trajectory."""

    id: str
    trajectory_id: str
    number: int
    created_at: datetime


class Change(Frozen):
    """What a writer wants to append.

    ``seen`` is the revision of the field the writer had before it (0: none); ``edit_id`` makes a second delivery harmless.
    """

    item: str
    field: str
    value: JsonValue
    seen: int = 0
    edit_id: str


class Entry(Frozen):
    """One appended change, numbered by the journal: ``seq`` over all, ``revision`` from 1 per field of a session."""

    seq: int
    session_id: str
    item: str
    field: str
    value: JsonValue
    revision: int
    seen: int
    writer: str
    edit_id: str
    recorded_at: datetime


class Action(Frozen):
    """A planned action: what, who, when (as typed, and as a date where it reads as one), and how it is checked."""

    id: str
    origin: str
    what: str = ""
    who: str = ""
    when: str = ""
    due: date | None = None
    check: str = ""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The fields an action needs before it can be followed up, as far as they are missing."""
        missing = [name for name, value in (("what", self.what), ("who", self.who)) if not value.strip()]
        return (*missing, *(() if self.due else ("when",)))


class Journal(Protocol):
    """Where trajectories, sessions and entries are kept. Every write is on disk when the method returns."""

    def create_trajectory(
        self, school: str, levels: Sequence[SchoolLevel], province: Province | None, school_year: str, *, demo: bool = False
    ) -> Trajectory: ...

    def trajectories(self) -> list[Trajectory]: ...

    def trajectory(self, trajectory_id: str) -> Trajectory: ...

    def create_session(self, trajectory_id: str, *, created_at: datetime | None = None) -> Session: ...

    def sessions(self, trajectory_id: str) -> list[Session]: ...

    def session(self, session_id: str) -> Session: ...

    def append(
        self, session_id: str, changes: Sequence[Change], *, writer: str, recorded_at: datetime | None = None
    ) -> list[Entry]:
        """Append all *changes* or none; returns one entry per change, the earlier one where its ``edit_id`` was known."""
        ...

    def entries(self, session_id: str, *, after: int = 0) -> list[Entry]:
        """All entries of a session with ``seq`` above *after*, in order."""
        ...

    def current(self, session_id: str) -> dict[tuple[str, str], Entry]:
        """The last entry of every field."""
        ...
