"""One session being filled in: answers, scores, actions, progress, conflicts. Knows no widget and no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from stslib.errors import FormError
from stslib.model.instrument import Instrument, Objective, Phase, Section
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import ACTION_PREFIX, SESSION_ITEM, Action, Change, Entry, Journal, Score, Session, Trajectory
from stslib.text import format_date, local_time, parse_typed_date

Key = tuple[str, str]

TEXT_LIMIT = 100_000
"""Characters that one field takes; far above what a meeting types, low enough that one paste cannot choke the journal."""

_ACTION_ITEM = re.compile(r"actie\.[0-9a-f]{8}\Z")
_ACTION_TEXTS = ("what", "who", "when", "check")
_SESSION_TEXTS = ("title", "date", "participants", "notes")
_NO_NUMBER = ("unknown", "not_applicable")


@dataclass(frozen=True)
class Outcome:
    """What became of one change: recorded with its revision and time, or refused with the reason in Dutch."""

    edit_id: str
    item: str
    field: str
    entry: Entry | None
    other: Entry | None = None
    """The entry of somebody else that this one was written across; both are kept until a person picks."""
    refused: str = ""


@dataclass(frozen=True)
class Conflict:
    """Two entries for one field, written without knowledge of each other."""

    key: Key
    theirs: Entry
    mine: Entry


@dataclass(frozen=True)
class Progress:
    """How far a phase is; sections that do not apply are not counted."""

    scored: int
    scales: int
    answered: int
    questions: int


@dataclass(frozen=True)
class Meta:
    """What belongs to the session as a whole; texts as typed."""

    title: str
    date: str
    participants: str
    notes: str
    closed: dict[str, Any] | None


@dataclass(frozen=True)
class Earlier:
    """An earlier session of the same trajectory: its day as ``dd/mm/yyyy`` and its scores by scale id."""

    session: Session
    label: str
    scores: dict[str, Score]


def conflict_in(history: Sequence[Entry]) -> Conflict | None:
    """The open conflict in the entries of one field (in order of revision), if there is one.

    An entry conflicts with the one before it when another writer made that one, unseen, and the values differ. A later entry
    that has seen both settles it.
    """
    opened: Conflict | None = None
    for before, entry in pairwise(history):
        if opened and entry.seen >= opened.mine.revision:
            opened = None
        if entry.seen < before.revision and entry.writer != before.writer and entry.value != before.value:
            opened = Conflict((entry.item, entry.field), theirs=before, mine=entry)
    return opened


def session_label(session: Session, typed_date: object) -> str:
    """The day of a session as ``dd/mm/yyyy``: the day that was filled in, else the day it was made."""
    typed = parse_typed_date(typed_date) if isinstance(typed_date, str) else None
    return format_date(typed or local_time(session.created_at).date())


class FormState:
    """The state of one session on one instrument, kept in step with a journal.

    Args:
        journal: where entries are kept; every accepted change is on disk when ``apply`` returns.
        session_id: the session to open.
        instrument: what is asked.
        upto: look at the journal as it was at this ``seq`` (for an archive); None for everything.

    Raises:
        UnknownSessionError: the journal does not hold the session.
    """

    def __init__(self, journal: Journal, session_id: str, instrument: Instrument, *, upto: int | None = None) -> None:
        self.journal = journal
        self.instrument = instrument
        self.session: Session = journal.session(session_id)
        self.trajectory: Trajectory = journal.trajectory(self.session.trajectory_id)
        self._upto = upto
        self._history: dict[Key, list[Entry]] = {}
        self._seq = 0
        self._known = _known_fields(instrument)
        self._objective_of = {section.id: objective for objective in instrument.objectives() for section in objective.sections}
        self._earlier: tuple[Earlier, ...] | None = None
        self.refresh()

    # -- reading ---------------------------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """The last journal number this state has seen."""
        return self._seq

    def entries(self) -> list[Entry]:
        """The last entry of every field, in the order in which the fields were first written."""
        return [history[-1] for history in self._history.values()]

    def entry(self, item: str, field: str) -> Entry | None:
        """The last entry of a field."""
        history = self._history.get((item, field))
        return history[-1] if history else None

    def value(self, item: str, field: str) -> JsonValue:
        """The current value of a field; None when nobody wrote it."""
        entry = self.entry(item, field)
        return entry.value if entry else None

    def text(self, item: str, field: str) -> str:
        """The current value of a text field; empty when nobody wrote it."""
        value = self.value(item, field)
        return value if isinstance(value, str) else ""

    def score(self, scale_id: str) -> Score:
        """The current self-score of a scale."""
        return as_score(self.value(scale_id, "score"))

    def scores(self) -> dict[str, Score]:
        """The self-score of every scale that applies, by scale id, in order."""
        return {
            section.scale.id: self.score(section.scale.id) for section in self.instrument.sections() if self.applies(section)
        }

    def target(self, scale_id: str) -> int | None:
        """What the team aims for on a scale; never filled in from today's score."""
        value = self.value(scale_id, "target")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def applies(self, section: Section) -> bool:
        """Whether a section is for this school: what the team ticked, else what the content says of its level and province."""
        objective = self._objective_of[section.id]
        for item, applicability in ((section.id, section.applies), (objective.id, objective.applies)):
            ticked = self.value(item, "applicable")
            if ticked is False:
                return False
            if ticked is None and not applicability.covers(self.trajectory.levels, self.trajectory.province):
                return False
        return True

    def objective_applies(self, objective: Objective) -> bool:
        """Whether any section of an objective is for this school."""
        return any(self.applies(section) for section in objective.sections)

    def phase_sections(self, phase: Phase) -> list[Section]:
        """The sections of a phase that apply, in order: the axes of its radar."""
        return [section for section in phase.sections() if self.applies(section)]

    def progress(self, phase: Phase) -> Progress:
        """How many scales were discussed and questions answered."""
        sections = self.phase_sections(phase)
        questions = [question for section in sections for question in section.questions]
        return Progress(
            scored=sum(self.score(section.scale.id) is not None for section in sections),
            scales=len(sections),
            answered=sum(bool(self.text(question.id, "answer").strip()) for question in questions),
            questions=len(questions),
        )

    def earlier(self) -> tuple[Earlier, ...]:
        """The sessions of the trajectory before this one that hold a score, oldest first."""
        if self._earlier is None:
            self._earlier = tuple(self._read_earlier())
        return self._earlier

    def _read_earlier(self) -> Iterable[Earlier]:
        for session in self.journal.sessions(self.trajectory.id):
            if session.number >= self.session.number:
                continue
            current = self.journal.current(session.id)
            scores = {item: as_score(entry.value) for (item, field), entry in current.items() if field == "score"}
            if any(score is not None for score in scores.values()):
                dated = current.get((SESSION_ITEM, "date"))
                yield Earlier(session, session_label(session, dated.value if dated else None), scores)

    def radar(self, phase: Phase) -> Radar:
        """The scores of a phase, earlier sessions first and this one last."""
        sections = self.phase_sections(phase)
        ids = tuple(section.scale.id for section in sections)
        earlier = (
            ScoreSeries(label=before.label, scores=tuple(before.scores.get(scale_id) for scale_id in ids))
            for before in self.earlier()
        )
        now = ScoreSeries(label=self.label, scores=tuple(self.score(scale_id) for scale_id in ids), current=True)
        return Radar(
            title=f"Fase {phase.number}: {phase.title}",
            axes=tuple(section.scale.label for section in sections),
            scale_ids=ids,
            series=(*earlier, now),
            targets=tuple(self.target(scale_id) for scale_id in ids),
        )

    @property
    def label(self) -> str:
        """The day of this session, ``dd/mm/yyyy``."""
        return session_label(self.session, self.value(SESSION_ITEM, "date"))

    def actions(self, origin: str | None = None) -> list[Action]:
        """Planned actions in the order in which they were first written; of one objective when *origin* is given."""
        ids = dict.fromkeys(item for item, _ in self._history if item.startswith(ACTION_PREFIX))
        actions = (self._action(item) for item in ids if self.value(item, "removed") is not True)
        return [action for action in actions if action.origin and (origin is None or action.origin == origin)]

    def _action(self, item: str) -> Action:
        texts = {name: self.text(item, name) for name in _ACTION_TEXTS}
        return Action(id=item, origin=self.text(item, "origin"), due=parse_typed_date(texts["when"]), **texts)

    def meta(self) -> Meta:
        """Title, day, who was there (by function), notes, and what closing left."""
        closed = self.value(SESSION_ITEM, "closed")
        texts = {name: self.text(SESSION_ITEM, name) for name in _SESSION_TEXTS}
        return Meta(**texts, closed=closed if isinstance(closed, dict) else None)

    def conflicts(self) -> list[Conflict]:
        """Every field on which two writers differ and nobody has picked yet."""
        found = (conflict_in(history) for history in self._history.values())
        return [conflict for conflict in found if conflict]

    def to_record(self) -> dict[str, Any]:
        """The whole session as plain data, in a fixed order: what an archive carries inside."""
        return {
            "trajectory": self.trajectory.model_dump(mode="json"),
            "session": self.session.model_dump(mode="json"),
            "instrument": {"id": self.instrument.id, "version": self.instrument.version},
            "seq": self._seq,
            "entries": [entry.model_dump(mode="json") for entry in sorted(self.entries(), key=lambda entry: entry.seq)],
            "earlier": [
                {"session": before.session.id, "date": before.label, "scores": before.scores} for before in self.earlier()
            ],
        }

    # -- writing ---------------------------------------------------------------------------------------------------------------

    def apply(self, changes: Sequence[Change], *, writer: str, recorded_at: datetime | None = None) -> list[Outcome]:
        """Record what can be recorded, in one step; the rest comes back refused and stays with whoever typed it.

        Raises:
            StoreError: the journal cannot be written now; nothing of *changes* was recorded.
        """
        checked: list[tuple[Change, str]] = [self._check(change) for change in changes]
        good = [change for change, problem in checked if not problem]
        recorded = self.journal.append(self.session.id, good, writer=writer, recorded_at=recorded_at) if good else []
        self.refresh()
        by_edit = {entry.edit_id: entry for entry in recorded}
        return [
            self._outcome(change, by_edit[change.edit_id])
            if not problem
            else Outcome(change.edit_id, change.item, change.field, entry=None, refused=problem)
            for change, problem in checked
        ]

    def _outcome(self, change: Change, entry: Entry) -> Outcome:
        conflict = conflict_in(self._history.get((entry.item, entry.field), []))
        other = conflict.theirs if conflict and conflict.mine.revision == entry.revision else None
        return Outcome(change.edit_id, change.item, change.field, entry=entry, other=other)

    def since(self, seq: int) -> list[Entry]:
        """Every entry this state took in with a journal number above *seq*, in order."""
        fresh = (entry for history in self._history.values() for entry in history if entry.seq > seq)
        return sorted(fresh, key=lambda entry: entry.seq) if self._seq > seq else []

    def refresh(self) -> list[Entry]:
        """Take in what was written since, by anyone; returns those entries."""
        fresh = [
            entry
            for entry in self.journal.entries(self.session.id, after=self._seq)
            if self._upto is None or entry.seq <= self._upto
        ]
        for entry in fresh:
            self._history.setdefault((entry.item, entry.field), []).append(entry)
            self._seq = max(self._seq, entry.seq)
        return fresh

    def _check(self, change: Change) -> tuple[Change, str]:
        """The change with its text made storable, and why it cannot be recorded (empty when it can)."""
        try:
            kind = self._kind(change)
            value = _CHECKS[kind](change.value)
        except FormError as error:
            return change, error.told
        if kind == "origin" and value not in {objective.id for objective in self.instrument.objectives()}:
            return change, "De doelstelling van deze actie bestaat niet in dit instrument."
        return (change if value == change.value else change.model_copy(update={"value": value})), ""

    def _kind(self, change: Change) -> str:
        kind = self._known.get((change.item, change.field))
        if kind is None and _ACTION_ITEM.match(change.item):
            kind = _ACTION_KINDS.get(change.field)
        if kind is None:
            raise FormError(change.item[:80], "Dit veld bestaat niet in dit instrument.", "Herlaad de pagina.")
        return kind


def as_score(value: object) -> Score:
    """A stored value as a self-score; anything that is none counts as not discussed."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value <= 10 else None
    if value == "unknown":
        return "unknown"
    return "not_applicable" if value == "not_applicable" else None


_ACTION_KINDS = {**dict.fromkeys(_ACTION_TEXTS, "text"), "origin": "origin", "removed": "tick"}


def _known_fields(instrument: Instrument) -> dict[Key, str]:
    known: dict[Key, str] = {(SESSION_ITEM, name): "text" for name in _SESSION_TEXTS}
    known[(SESSION_ITEM, "closed")] = "closed"
    for objective in instrument.objectives():
        known[(objective.id, "applicable")] = "tick"
        for section in objective.sections:
            known[(section.id, "applicable")] = "tick"
            known |= {(question.id, "answer"): "text" for question in section.questions}
            scale = section.scale.id
            known |= {
                (scale, "score"): "score",
                (scale, "target"): "target",
                (scale, "evidence"): "text",
                (scale, "ambition"): "text",
            }
    return known


def _text(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        raise FormError("veld", "Hier hoort tekst.", "")
    if len(value) > TEXT_LIMIT:
        raise FormError(
            "veld",
            f"Deze tekst telt {len(value)} tekens; een veld bewaart er {TEXT_LIMIT}.",
            "Kort de tekst in of verdeel hem over meer velden.",
        )
    # A browser can send half a surrogate pair or a NUL; neither survives UTF-8 files, so both become the replacement character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _score(value: JsonValue) -> JsonValue:
    if value is None or value in _NO_NUMBER or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10):
        return value
    raise FormError("schaal", "Een score is een geheel getal van 0 tot 10, 'weet niet', 'niet van toepassing' of leeg.", "")


def _target(value: JsonValue) -> JsonValue:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10):
        return value
    raise FormError("schaal", "Een streefscore is een geheel getal van 0 tot 10, of leeg.", "")


def _tick(value: JsonValue) -> JsonValue:
    if value is None or isinstance(value, bool):
        return value
    raise FormError("veld", "Hier hoort een vinkje.", "")


def _closed(value: JsonValue) -> JsonValue:
    if value is None or isinstance(value, dict):
        return value
    raise FormError("sessie", "Afsluiten laat een verwijzing naar het archief na.", "")


_CHECKS = {"text": _text, "origin": _text, "score": _score, "target": _target, "tick": _tick, "closed": _closed}
