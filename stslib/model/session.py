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
phase id                               ``note``            text: the facilitator's own, not archived
phase id                               ``note_archived``   true when the note may be archived all the same
result id                              ``done``            true or null
id of a block of fields, poster        the field's slug    text, id of an option, true or null
``<rows block>.<8 hex>``               the column's slug   same; ``removed`` true or null
``<focus block>.<8 hex>``              ``FOCUS_FIELDS``    texts; ``chosen`` true or null; ``removed``
``<focus block>.<8 hex>``              a guideline's slug  id of ``WEIGHTS`` or null
id of a focus block                    the field's slug    as a block of fields
id of an indicator block               ``INDICATOR_FIELDS``  text
partner id                             ``PARTNER_FIELDS``  text; ``together`` true, false or null
``actie.<8 hex>``                      ``origin``          id of what it belongs to, or empty text
``actie.<8 hex>``                      ``ACTION_TEXTS``    text (``when`` as typed)
``actie.<8 hex>``                      ``state``           a value of ``ActionState``
``actie.<8 hex>``                      ``removed``         true or null
``cijfer.<8 hex>``                     ``origin``          id of what the figure was pinned to
``cijfer.<8 hex>``                     ``definition``      object: figure id, status and the rest that counts it again
``cijfer.<8 hex>``                     ``shown``           object: title, columns, rows, counted_on, policy of that day
``cijfer.<8 hex>``                     ``removed``         true or null
``sessie``                             ``title`` ``date`` ``participants`` ``notes``   text as typed
``sessie``                             ``closed_by``       text: who closes it, by function
``sessie``                             ``closed``          object: archive file name, sha256, seq; or null
=====================================  ==================  ===================================================

Actions, pinned figures, partners and the blocks that say so are *carried*: a later session of the trajectory starts from what
the earlier ones left, and writes its own entries over it. Each session so keeps what was said in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
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

PIN_PREFIX = "cijfer."
"""Pinned figures start with this."""

ACTION_TEXTS = (
    "what",
    "who",
    "when",
    "check",
    "effect",
    "indicator",
    "baseline",
    "target",
    "works",
    "hinders",
    "adjustment",
)
"""What is done, by whom, by when, how it is secured; the aimed effect, its indicator with a baseline and a target; and, once it
runs, what works, what gets in the way, and the adjustment."""


class ActionState(StrEnum):
    """How far an action is: nothing filled in counts as planned."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


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

    ``seen`` is the revision of the field the writer had before it (0: none); ``edit_id`` makes a second delivery harmless;
    ``content`` is the edition of the content that asked for it (``school@2026-11``), empty for what no content asks.
    """

    item: str
    field: str
    value: JsonValue
    seen: int = 0
    edit_id: str
    content: str = ""


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
    content: str = ""


class Action(Frozen):
    """A planned action; ``due`` is ``when`` as a date where it reads as one. ``session`` is the one that first wrote it."""

    id: str
    origin: str = ""
    what: str = ""
    who: str = ""
    when: str = ""
    due: date | None = None
    check: str = ""
    effect: str = ""
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    works: str = ""
    hinders: str = ""
    adjustment: str = ""
    state: ActionState = ActionState.PLANNED
    session: str = ""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What an action needs before it can be followed up, as far as it is missing: what, who, when, origin."""
        missing = [name for name, value in (("what", self.what), ("who", self.who)) if not value.strip()]
        return (*missing, *(() if self.due else ("when",)), *(() if self.origin else ("origin",)))

    @property
    def ended(self) -> bool:
        """Whether nothing more has to happen: done or stopped."""
        return self.state in (ActionState.DONE, ActionState.STOPPED)

    def overdue(self, today: date) -> bool:
        """Whether its day has passed while it has not ended."""
        return self.due is not None and self.due < today and not self.ended


class Pin(Frozen):
    """A figure that was pinned to a question, a focus or an action: its definition, and its value of that day."""

    id: str
    origin: str
    definition: dict[str, JsonValue]
    shown: dict[str, JsonValue]
    session: str = ""


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
