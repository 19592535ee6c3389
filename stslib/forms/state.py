"""One session being filled in: answers, scores, actions, progress, conflicts. Knows no widget and no database."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from threading import RLock
from typing import Any

from pydantic import JsonValue

from stslib.errors import FormError
from stslib.forms.fields import ROW, SESSION_TEXTS, KnownFields, as_score
from stslib.forms.record import record_of
from stslib.model.blocks import FocusBlock
from stslib.model.instrument import Instrument, Objective, Phase, Scale, Section
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import (
    ACTION_PREFIX,
    ACTION_TEXTS,
    PIN_PREFIX,
    SESSION_ITEM,
    Action,
    ActionState,
    Change,
    Entry,
    Journal,
    Pin,
    Score,
    Session,
    Trajectory,
)
from stslib.text import format_date, local_time, parse_typed_date

Key = tuple[str, str]


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
    """What belongs to the session as a whole; texts as typed. ``closed_by`` is who closes it, by function."""

    title: str
    date: str
    participants: str
    notes: str
    closed_by: str
    closed: dict[str, Any] | None


@dataclass(frozen=True)
class Earlier:
    """An earlier session of the same trajectory: its day as ``dd/mm/yyyy``, scores by scale id, answers by question id."""

    session: Session
    label: str
    scores: dict[str, Score]
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """One candidate for the focus; ``weights`` by guideline id, as far as they were given."""

    id: str
    group: str
    problem: str
    impact: str
    reason: str
    chosen: bool
    weights: dict[str, str]
    dimension: str = ""
    value: str = ""
    status: str = ""


@dataclass(frozen=True)
class Orphan:
    """What was filled in for something that the content no longer asks; ``question`` is its text where that is still known."""

    item: str
    field: str
    value: JsonValue
    question: str
    edition: str


@dataclass(frozen=True)
class Before:
    """An earlier session, its day as ``dd/mm/yyyy``, and the last entry of each of its fields."""

    session: Session
    label: str
    current: dict[Key, Entry]


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
        others: the instruments of the trajectory (itself may be among them), so that what was agreed under them can be named
            and carried.
        upto: look at the journal as it was at this ``seq`` (for an archive); None for everything.

    Raises:
        UnknownSessionError: the journal does not hold the session.
    """

    def __init__(
        self,
        journal: Journal,
        session_id: str,
        instrument: Instrument,
        *,
        others: Sequence[Instrument] = (),
        upto: int | None = None,
    ) -> None:
        self.journal = journal
        self.instrument = instrument
        # In the order of *others* where they include the instrument itself.
        listed = any(other.id == instrument.id for other in others)
        self.instruments = tuple(others) if listed else (instrument, *others)
        self.session: Session = journal.session(session_id)
        self.trajectory: Trajectory = journal.trajectory(self.session.trajectory_id)
        self._upto = upto
        self._lock = RLock()  # long work beside a page records what came of it in the same state
        self._history: dict[Key, list[Entry]] = {}
        self._seq = 0
        self._titles = _titles(self.instruments)
        self._known = KnownFields(instrument, self.instruments, self._can_be_origin)
        self._objective_of = {section.id: objective for objective in instrument.objectives() for section in objective.sections}
        self._before = [self._read(session) for session in journal.sessions(self.trajectory.id) if self._precedes(session)]
        self._carried = self._find_carried()
        self._earlier = tuple(self._find_earlier())
        self.refresh()

    def _find_carried(self) -> dict[Key, Entry]:
        """What earlier sessions left; not what came out of a conversation about one pupil or family."""
        entries = {
            key: entry for before in self._before for key, entry in before.current.items() if self._known.carries(key[0])
        }
        apart = {one.id for one in self.instruments if one.separate}
        origins = {item: str(entry.value).split(".")[0] for (item, field), entry in entries.items() if field == "origin"}
        return {key: entry for key, entry in entries.items() if origins.get(key[0]) not in apart}

    def _precedes(self, session: Session) -> bool:
        return session.number < self.session.number

    def _read(self, session: Session) -> Before:
        current = self.journal.current(session.id)
        dated = current.get((SESSION_ITEM, "date"))
        return Before(session, session_label(session, dated.value if dated else None), current)

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

    def history(self, item: str, field: str) -> tuple[Entry, ...]:
        """Every entry of a field of this session, by revision."""
        return tuple(self._history.get((item, field), ()))

    def carried_entry(self, item: str, field: str) -> Entry | None:
        """What an earlier session left in a carried field that this session has not written."""
        return None if (item, field) in self._history else self._carried.get((item, field))

    def shown_entries(self) -> list[Entry]:
        """What stands in every field now, carried or written, in the order in which the fields were first written."""
        keys = dict.fromkeys((*self._carried, *self._history))
        return [self._history[key][-1] if key in self._history else self._carried[key] for key in keys]

    def carries(self) -> frozenset[Key]:
        """Every field that earlier sessions left, also those that this session wrote over."""
        return frozenset(self._carried)

    def sessions_before(self) -> tuple[Before, ...]:
        """The earlier sessions of the trajectory, oldest first."""
        return tuple(self._before)

    def carried_entries(self) -> list[Entry]:
        """Every carried entry that this session has not written over, in the order of the journal."""
        return [entry for key, entry in self._carried.items() if key not in self._history]

    def day_of(self, session_id: str) -> str:
        """The day of this session or of an earlier one, as ``dd/mm/yyyy``; empty for any other."""
        days = {before.session.id: before.label for before in self._before} | {self.session.id: self.label}
        return days.get(session_id, "")

    def value(self, item: str, field: str) -> JsonValue:
        """The current value of a field, carried over where it is of that kind; None when nobody wrote it."""
        entry = self.entry(item, field) or self.carried_entry(item, field)
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
        sections = (section for section in self.instrument.sections() if self.applies(section))
        return {scale.id: self.score(scale.id) for section in sections for scale in section.scales}

    def target(self, scale_id: str) -> int | None:
        """What the team aims for on a scale; never filled in from today's score."""
        value = self.value(scale_id, "target")
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def applies(self, section: Section) -> bool:
        """Whether a section is for this school: what the team ticked, else what the content says of its level and province."""
        objective = self._objective_of.get(section.id)
        parts = [(section.id, section.applies), *([(objective.id, objective.applies)] if objective else [])]
        for item, applicability in parts:
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
        """The sections of a phase that apply, in order."""
        return [section for section in phase.sections() if self.applies(section)]

    def progress(self, phase: Phase) -> Progress:
        """How many scales were discussed and questions answered."""
        sections = self.phase_sections(phase)
        scales = [scale for section in sections for scale in section.scales]
        questions = [question for section in sections for question in section.questions]
        return Progress(
            scored=sum(self.score(scale.id) is not None for scale in scales),
            scales=len(scales),
            answered=sum(bool(self.text(question.id, "answer").strip()) for question in questions),
            questions=len(questions),
        )

    def earlier(self) -> tuple[Earlier, ...]:
        """The sessions of the trajectory before this one that hold a score or an answer, oldest first.

        None for an instrument that is about somebody else each time.
        """
        return self._earlier

    def _find_earlier(self) -> Iterable[Earlier]:
        if self.instrument.separate:
            return
        for before in self._before:
            entries = [(key, entry) for key, entry in before.current.items() if key[0].startswith(f"{self.instrument.id}.")]
            scores = {item: as_score(entry.value) for (item, field), entry in entries if field == "score"}
            answers = {item: str(entry.value) for (item, field), entry in entries if field == "answer" and entry.value}
            if answers or any(score is not None for score in scores.values()):
                yield Earlier(before.session, before.label, scores, answers)

    def radar(self, phase: Phase) -> Radar:
        """The scores of a phase: earlier sessions that gave a number first and this one last, a series per aspect."""
        sections = [section for section in self.phase_sections(phase) if section.scales]
        aspects = self.instrument.aspects or {"": ""}
        ids = {aspect: tuple(_scale_of(section, aspect) for section in sections) for aspect in aspects}
        series = []
        for before in self._earlier:
            scores = {aspect: tuple(before.scores.get(scale) for scale in scales) for aspect, scales in ids.items()}
            if any(isinstance(score, int) for one in scores.values() for score in one):
                series += [ScoreSeries(label=before.label, scores=one, aspect=aspects[name]) for name, one in scores.items()]
        for aspect, scales in ids.items():
            now = tuple(self.score(scale) if scale else None for scale in scales)
            series.append(ScoreSeries(label=self.label, scores=now, current=True, aspect=aspects[aspect]))
        last = list(ids.values())[-1]
        return Radar(
            title=f"{phase.name}: {phase.title}",
            axes=tuple(section.scales[0].label for section in sections),
            series=tuple(series),
            targets=tuple(self.target(scale) if scale else None for scale in last),
        )

    @property
    def label(self) -> str:
        """The day of this session, ``dd/mm/yyyy``."""
        return session_label(self.session, self.value(SESSION_ITEM, "date"))

    def rows(self, block_id: str) -> list[str]:
        """The rows that people added to a block and did not remove, in the order in which they were first written."""
        return self._added(f"{block_id}.")

    def _added(self, prefix: str) -> list[str]:
        keys = (*self._carried, *self._history)
        items = dict.fromkeys(item for item, _ in keys if (row := ROW.match(item)) and f"{row['above']}." == prefix)
        return [item for item in items if self.value(item, "removed") is not True]

    def actions(self, origin: str | None = None) -> list[Action]:
        """The actions of the trajectory up to this session, in the order in which they were first written.

        Args:
            origin: only those that belong to this item; empty text for those without an origin.
        """
        actions = (self._action(item) for item in self._added(ACTION_PREFIX))
        return [action for action in actions if origin is None or action.origin == origin]

    def _action(self, item: str) -> Action:
        texts = {name: self.text(item, name) for name in ACTION_TEXTS}
        state = self.value(item, "state")
        return Action(
            id=item,
            origin=self.text(item, "origin"),
            due=parse_typed_date(texts["when"]),
            state=ActionState(state) if state in list(ActionState) else ActionState.PLANNED,
            session=self._first_session(item),
            **texts,
        )

    def _first_session(self, item: str) -> str:
        """The session that first wrote an item."""
        for before in self._before:
            if any(key[0] == item for key in before.current):
                return before.session.id
        return self.session.id

    def pins(self, origin: str | None = None) -> list[Pin]:
        """The figures that were pinned on the trajectory up to this session; of one item when *origin* is given."""
        pins = []
        for item in self._added(PIN_PREFIX):
            definition, shown = self.value(item, "definition"), self.value(item, "shown")
            if isinstance(definition, dict) and isinstance(shown, dict):
                belongs = self.text(item, "origin")
                pins.append(Pin(id=item, origin=belongs, definition=definition, shown=shown, session=self._first_session(item)))
        return [pin for pin in pins if origin is None or pin.origin == origin]

    def candidates(self, block: FocusBlock) -> list[Candidate]:
        """The candidates for the focus, in the order in which they were first written."""
        return [self._candidate(item, block) for item in self.rows(block.id)]

    def _candidate(self, item: str, block: FocusBlock) -> Candidate:
        weights = {guideline.id: self.text(item, guideline.id) for guideline in block.guidelines}
        names = ("group", "problem", "impact", "reason", "dimension", "value", "status")
        return Candidate(
            id=item,
            chosen=self.value(item, "chosen") is True,
            weights={name: weight for name, weight in weights.items() if weight},
            **{name: self.text(item, name) for name in names},
        )

    def focus(self) -> Candidate | None:
        """The candidate that was chosen, whichever instrument it stands in."""
        blocks = (block for one in self.instruments for block in one.blocks() if isinstance(block, FocusBlock))
        found = (candidate for block in blocks for candidate in self.candidates(block))
        return next((candidate for candidate in found if candidate.chosen), None)

    def name_of(self, item: str) -> str:
        """What an id points at, in words: a question, an objective, a focus, an action; empty for what is not known."""
        if item in self._titles:
            return self._titles[item]
        if item.startswith(ACTION_PREFIX):
            return self.text(item, "what")
        return ": ".join(filter(None, (self.text(item, "group"), self.text(item, "problem"))))

    def _can_be_origin(self, item: str) -> bool:
        row = ROW.match(item)
        if row is None:
            return item in self._titles
        return row["above"] in self._titles or row["above"] == ACTION_PREFIX.rstrip(".")

    def instruments_used(self) -> tuple[str, ...]:
        """Ids of the instruments that this session holds something of, in the order in which they were given."""
        used = {item.split(".")[0] for (item, _), history in self._history.items() if history[-1].value not in (None, "")}
        return tuple(one.id for one in self.instruments if one.id in used)

    def orphans(self) -> list[Orphan]:
        """What this session holds for questions that this version of the instrument no longer asks, in order of writing."""
        retired = {question.id: question.text for question in self.instrument.retired}
        ours = (entry for entry in self.entries() if entry.item.startswith(f"{self.instrument.id}."))
        return [
            Orphan(entry.item, entry.field, entry.value, retired.get(entry.item, ""), entry.content)
            for entry in ours
            if entry.value not in (None, "") and self._known.check(entry.item, entry.field) is None
        ]

    def meta(self) -> Meta:
        """Title, day, who was there and who closes (by function), notes, and what closing left."""
        closed = self.value(SESSION_ITEM, "closed")
        texts = {name: self.text(SESSION_ITEM, name) for name in SESSION_TEXTS}
        return Meta(**texts, closed=closed if isinstance(closed, dict) else None)

    def conflicts(self) -> list[Conflict]:
        """Every field on which two writers differ and nobody has picked yet."""
        found = (conflict_in(history) for history in self._history.values())
        return [conflict for conflict in found if conflict]

    def to_record(self) -> dict[str, Any]:
        """The whole session as plain data, in a fixed order: what an archive carries inside."""
        return record_of(self)

    # -- writing ---------------------------------------------------------------------------------------------------------------

    def apply(self, changes: Sequence[Change], *, writer: str, recorded_at: datetime | None = None) -> list[Outcome]:
        """Record what can be recorded, in one step; the rest comes back refused and stays with whoever typed it.

        Raises:
            StoreError: the journal cannot be written now; nothing of *changes* was recorded.
        """
        with self._lock:
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
        with self._lock:
            fresh = [
                entry
                for entry in self.journal.entries(self.session.id, after=self._seq)
                if self._upto is None or entry.seq <= self._upto
            ]
            for entry in fresh:
                insort(self._history.setdefault((entry.item, entry.field), []), entry, key=_revision)
                self._seq = max(self._seq, entry.seq)
            return fresh

    def _check(self, change: Change) -> tuple[Change, str]:
        """The change as it can be kept, and why it cannot be recorded (empty when it can)."""
        check = self._known.check(change.item, change.field)
        if check is None:
            return change, "Dit veld bestaat niet in dit instrument. Herlaad de pagina."
        try:
            value = check(change.value)
        except FormError as error:
            return change, error.told
        ours = change.item.startswith(f"{self.instrument.id}.")
        kept = {"value": value, "content": self.instrument.edition if ours else ""}
        return change.model_copy(update=kept), ""


def _revision(entry: Entry) -> int:
    return entry.revision


def _scale_of(section: Section, aspect: str) -> str:
    """The id of a section's scale of an aspect; empty when it has none."""
    scales: Iterable[Scale] = section.scales
    return next((scale.id for scale in scales if scale.aspect == aspect), "")


def _titles(instruments: Sequence[Instrument]) -> dict[str, str]:
    """What every id of the content is called, questions and partners too."""
    titles: dict[str, str] = {}
    for instrument in instruments:
        titles[instrument.id] = instrument.title
        titles |= {phase.id: f"{phase.name}: {phase.title}" for phase in instrument.phases}
        titles |= {result.id: result.text for phase in instrument.phases for result in phase.frame.results}
        titles |= {section.id: section.title for section in instrument.sections()}
        titles |= {objective.id: objective.title for objective in instrument.objectives()}
        titles |= {question.id: question.text for question in instrument.questions()}
        titles |= {scale.id: scale.label for scale in instrument.scales()}
        for block in instrument.blocks():
            titles[block.id] = block.title
            if block.kind == "wegwijzer":
                titles |= {partner.id: partner.name for partner in block.partners}
    return titles
