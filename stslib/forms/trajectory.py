"""The trajectory up to one session: meetings, scores over time, actions and agreed dates. Knows no widget and no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol

from pydantic import JsonValue

from stslib.forms.fields import ROW, as_score
from stslib.model.blocks import FieldKind, FocusBlock, RowsBlock
from stslib.model.instrument import Applicability, Instrument, Objective, Phase, Section
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import (
    ACTION_PREFIX,
    ACTION_TEXTS,
    SESSION_ITEM,
    Action,
    ActionState,
    Entry,
    Score,
    Session,
    Trajectory,
)
from stslib.text import format_date, local_time, parse_typed_date

Key = tuple[str, str]

MISSING = {"what": "wat", "who": "wie", "when": "wanneer", "origin": "herkomst"}
"""What an action can lack, in words."""

_WORDS = {"unknown": "weet niet", "not_applicable": "niet van toepassing"}
_SHORT = 140


@dataclass(frozen=True)
class Moment:
    """One session of the trajectory.

    ``archive`` is the file name of its archive, empty without one; ``instruments`` are the ids of those that hold something.
    ``scores`` counts scales that were discussed, ``answers`` answered questions, ``actions`` those first written here.
    """

    session: str
    number: int
    day: date
    label: str
    title: str
    closed: bool
    archive: str
    instruments: tuple[str, ...]
    scores: int
    answers: int
    actions: int


@dataclass(frozen=True)
class Place:
    """Where something stands: its name in Dutch, and the instrument and phase that show it (empty for what is in none)."""

    id: str
    name: str
    instrument: str = ""
    instrument_name: str = ""
    phase: str = ""
    phase_name: str = ""
    phase_number: int | None = None


@dataclass(frozen=True)
class FollowedAction:
    """An action with where it comes from and what became of it.

    ``agreed`` is the session that first wrote it, ``changed`` the last one that did. ``missing`` says in words what it lacks
    before it can be followed up; an action that has ended lacks nothing.
    """

    action: Action
    origin: Place | None
    agreed: Moment
    changed: Moment
    overdue: bool
    missing: tuple[str, ...]


@dataclass(frozen=True)
class ActionsSoFar:
    """The actions of a trajectory, each in one group; ``unfinished`` lists again those that lack something."""

    overdue: tuple[FollowedAction, ...]
    open: tuple[FollowedAction, ...]
    done: tuple[FollowedAction, ...]
    stopped: tuple[FollowedAction, ...]
    unfinished: tuple[FollowedAction, ...]

    def all(self) -> tuple[FollowedAction, ...]:
        """Every action once: what is overdue first, what has ended last."""
        return (*self.overdue, *self.open, *self.done, *self.stopped)


@dataclass(frozen=True)
class Agreement:
    """Something that was agreed for a day. ``kind`` is ``action`` or ``moment``; ``uid`` stays the same in later sessions."""

    uid: str
    day: date
    title: str
    description: str
    kind: str
    overdue: bool = False
    url: str = ""


@dataclass(frozen=True)
class Difference:
    """What happened on one scale, as a sentence; ``size`` is None where there are no two numbers to hold against each other."""

    scale: str
    name: str
    size: int | None
    sentence: str


@dataclass(frozen=True)
class ScaleOverTime:
    """One scale: its score at every moment of its phase (None: not discussed) and its target now."""

    scale: str
    label: str
    aspect: str
    scores: tuple[Score, ...]
    target: int | None

    @property
    def name(self) -> str:
        """The label, with what is measured where that differs within a section."""
        return f"{self.label}, {self.aspect}" if self.aspect else self.label


@dataclass(frozen=True)
class PhaseScores:
    """The scores of one phase: the moments that discussed one of its scales, oldest first, and its scales in order.

    Scales of what does not apply to the school are left out; ``left_out`` names those that hold a number all the same.
    """

    instrument: str
    instrument_name: str
    phase: str
    name: str
    title: str
    moments: tuple[Moment, ...]
    labels: tuple[str, ...]
    scales: tuple[ScaleOverTime, ...]
    left_out: tuple[str, ...]

    def radar(self) -> Radar:
        """All moments as series, a series per aspect inside each; the last moment is the current one."""
        aspects = list(dict.fromkeys(scale.aspect for scale in self.scales))
        of_aspect = {aspect: [scale for scale in self.scales if scale.aspect == aspect] for aspect in aspects}
        series = [
            ScoreSeries(
                label=label,
                scores=tuple(scale.scores[place] for scale in scales),
                current=place == len(self.moments) - 1,
                aspect=aspect,
            )
            for place, label in enumerate(self.labels)
            for aspect, scales in of_aspect.items()
        ]
        first = of_aspect[aspects[0]] if aspects else []
        return Radar(
            title=f"{self.name}: {self.title}",
            axes=tuple(scale.label for scale in first),
            series=tuple(series),
            targets=tuple(scale.target for scale in (of_aspect[aspects[-1]] if aspects else [])),
        )

    def differences(self) -> list[Difference]:
        """A sentence per scale with two numbers, or with a number that came or went: the largest difference first."""
        found = [difference for scale in self.scales if (difference := self._difference(scale))]
        return sorted(found, key=lambda one: (one.size is None, -abs(one.size or 0)))

    def _difference(self, scale: ScaleOverTime) -> Difference | None:
        given = [(label, score) for label, score in zip(self.labels, scale.scores, strict=True) if score is not None]
        numbers = [(label, score) for label, score in given if isinstance(score, int)]
        if len(given) < 2 or not numbers:
            return None
        (day, now) = given[-1]
        away = scale.scores[-1] is None
        if not isinstance(now, int):
            since, last = numbers[-1]
            sentence = (
                f"{scale.name}: op {day} was het ‘{_WORDS[now]}’; op {since} stond er {last}, "
                "dus valt er geen verschil te geven."
            )
            return Difference(scale.scale, scale.name, None, sentence)
        if len(numbers) == 1:
            (earlier, word) = given[-2]
            sentence = (
                f"{scale.name}: {now} op {day}; op {earlier} was het ‘{_WORDS[str(word)]}’, dus valt er geen verschil te geven."
            )
            return Difference(scale.scale, scale.name, None, sentence)
        since, before = numbers[-2]
        size = now - before
        when = f"tussen {since} en {day}, daarna niet meer besproken" if away else f"sinds {since}"
        fact = f"van {before} naar {now}, een verschil van {signed(size)} {when}" if size else f"onveranderd op {now} {when}"
        target = "" if scale.target is None else f" (streefscore {scale.target})"
        words = [f" Op {label} was het ‘{_WORDS[str(score)]}’." for label, score in _between(given, since, day)]
        first, start = numbers[0]
        over_all = signed(now - start) if now != start else "geen verschil"
        whole = f" Over {len(numbers)} inschalingen sinds {first}: {over_all}." if len(numbers) > 2 else ""
        return Difference(scale.scale, scale.name, size, f"{scale.name}: {fact}{target}.{''.join(words)}{whole}")


def signed(size: int) -> str:
    """A difference with its sign: ``+2``, ``−1``, ``0``."""
    return f"+{size}" if size > 0 else f"\N{MINUS SIGN}{-size}" if size else "0"


def _between(given: Sequence[tuple[str, Score]], since: str, until: str) -> Iterator[tuple[str, Score]]:
    labels = [label for label, _ in given]
    for label, score in given[labels.index(since) + 1 : labels.index(until)]:
        if not isinstance(score, int):
            yield label, score


class Readable(Protocol):
    """As much of a journal as reading one trajectory takes."""

    def session(self, session_id: str) -> Session: ...

    def trajectory(self, trajectory_id: str) -> Trajectory: ...

    def sessions(self, trajectory_id: str) -> list[Session]: ...

    def current(self, session_id: str) -> dict[Key, Entry]: ...


class TrajectoryState:
    """One trajectory as it stands at one of its sessions.

    Args:
        journal: where entries are kept; read once, when this is made.
        session_id: the session to look from: it and those before it are read, later ones are not.
        instruments: everything that can be filled in on the trajectory, in the order in which it is shown.
        today: the day that tells what is overdue and what is still to come.

    Raises:
        UnknownSessionError: the journal does not hold the session.
    """

    def __init__(self, journal: Readable, session_id: str, instruments: Sequence[Instrument], *, today: date) -> None:
        self.instruments = tuple(instruments)
        self.today = today
        self.session: Session = journal.session(session_id)
        self.trajectory: Trajectory = journal.trajectory(self.session.trajectory_id)
        sessions = [one for one in journal.sessions(self.trajectory.id) if one.number <= self.session.number]
        self._current = {session.id: journal.current(session.id) for session in sessions}
        self._last: dict[Key, Entry] = {key: entry for current in self._current.values() for key, entry in current.items()}
        self._order = {session.id: place for place, session in enumerate(sessions)}
        self._writers = self._find_writers()
        self._places = {place.id: place for place in _places(self.instruments)}
        self.moments: tuple[Moment, ...] = tuple(self._moment(session) for session in sessions)

    # -- sessions --------------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> Moment:
        """The session that is looked from."""
        return self.moments[-1]

    @property
    def before(self) -> Moment | None:
        """The session before it; None for the first."""
        return self.moments[-2] if len(self.moments) > 1 else None

    def _moment(self, session: Session) -> Moment:
        current = self._current[session.id]
        filled = {key: entry.value for key, entry in current.items() if entry.value not in (None, "")}
        used = {item.split(".")[0] for item, _ in filled}
        closed = filled.get((SESSION_ITEM, "closed"))
        day = session_day(session, filled.get((SESSION_ITEM, "date")))
        return Moment(
            session=session.id,
            number=session.number,
            day=day,
            label=format_date(day),
            title=" ".join(str(filled.get((SESSION_ITEM, "title"), "")).split()),
            closed=bool(closed),
            archive=str(closed.get("archive") or "") if isinstance(closed, dict) else "",
            instruments=tuple(one.id for one in self.instruments if one.id in used),
            scores=sum(field == "score" and as_score(value) is not None for (_, field), value in filled.items()),
            answers=sum(field == "answer" and bool(str(value).strip()) for (_, field), value in filled.items()),
            actions=sum(
                writers[0] == session.id and self._value(item, "removed") is not True for item, writers in self._writers.items()
            ),
        )

    def instruments_before(self) -> set[str]:
        """Ids of the instruments that an earlier session holds something of."""
        return {name for moment in self.moments[:-1] for name in moment.instruments}

    def _find_writers(self) -> dict[str, list[str]]:
        """The sessions that wrote each action, oldest first."""
        writers: dict[str, list[str]] = {}
        for session, current in self._current.items():
            for item, _ in current:
                if item.startswith(ACTION_PREFIX):
                    known = writers.setdefault(item, [])
                    if session not in known[-1:]:
                        known.append(session)
        return writers

    # -- values ----------------------------------------------------------------------------------------------------------------

    def _value(self, item: str, field: str) -> JsonValue:
        entry = self._last.get((item, field))
        return entry.value if entry else None

    def _text(self, item: str, field: str) -> str:
        value = self._value(item, field)
        return value if isinstance(value, str) else ""

    def _rows(self, above: str) -> list[str]:
        items = dict.fromkeys(item for item, _ in self._last if (row := ROW.match(item)) and row["above"] == above)
        return [item for item in items if self._value(item, "removed") is not True]

    # -- where things stand ----------------------------------------------------------------------------------------------------

    def place_of(self, item: str) -> Place | None:
        """Where an id points at; None for what no instrument knows (any longer)."""
        known = self._places.get(item)
        if known:
            return known
        row = ROW.match(item)
        if row is None:
            return None
        if item.startswith(ACTION_PREFIX):
            what = " ".join(self._text(item, "what").split())
            return Place(item, f"actie: {shortened(what) or 'zonder omschrijving'}")
        block = self._places.get(row["above"])
        said = ": ".join(filter(None, (" ".join(self._text(item, name).split()) for name in ("group", "problem"))))
        return replace(block, id=item, name=f"focus: {shortened(said)}" if said else block.name) if block else None

    def focus(self) -> Place | None:
        """The focus that was chosen, in words and with its place; None before one is."""
        blocks = (block for one in self.instruments for block in one.blocks() if isinstance(block, FocusBlock))
        items = (item for block in blocks for item in self._rows(block.id) if self._value(item, "chosen") is True)
        return next((place for item in items if (place := self.place_of(item))), None)

    def possible_origins(self) -> list[Place]:
        """What an action can be given as its origin: the chosen focus, then what the trajectory has worked on, in order.

        Objectives of the instruments that have them, else the sections, as far as something was written under them.
        """
        worked_on = {item for (item, _), entry in self._last.items() if entry.value not in (None, "")}
        worked_on |= {row["above"] for item in worked_on if (row := ROW.match(item))}
        focus = self.focus()
        phases = [phase for instrument in self.instruments for phase in instrument.phases]
        groups: list[Objective | Section] = []
        for phase in phases:
            groups += [*phase.objectives]
            groups += [*phase.themes]
        found = [self._places[group.id] for group in groups if _ids(group) & worked_on]
        return [focus, *found] if focus else found

    # -- actions ---------------------------------------------------------------------------------------------------------------

    def actions(self) -> ActionsSoFar:
        """The actions of the trajectory: by day where they are open (undated last), by last change where they have ended."""
        return self._actions

    @cached_property
    def _actions(self) -> ActionsSoFar:
        followed = [self._followed(item) for item in self._writers if self._value(item, "removed") is not True]
        by_day = sorted(followed, key=lambda one: (one.action.due is None, one.action.due or date.max))
        by_change = sorted(followed, key=lambda one: -one.changed.number)
        return ActionsSoFar(
            overdue=tuple(one for one in by_day if one.overdue),
            open=tuple(one for one in by_day if not one.overdue and not one.action.ended),
            done=tuple(one for one in by_change if one.action.state is ActionState.DONE),
            stopped=tuple(one for one in by_change if one.action.state is ActionState.STOPPED),
            unfinished=tuple(one for one in by_day if one.missing),
        )

    def _followed(self, item: str) -> FollowedAction:
        texts = {name: self._text(item, name) for name in ACTION_TEXTS}
        state = self._value(item, "state")
        writers = self._writers[item]
        action = Action(
            id=item,
            origin=self._text(item, "origin"),
            due=parse_typed_date(texts["when"]),
            state=ActionState(state) if state in list(ActionState) else ActionState.PLANNED,
            session=writers[0],
            **texts,
        )
        return FollowedAction(
            action=action,
            origin=self.place_of(action.origin) if action.origin else None,
            agreed=self.moments[self._order[writers[0]]],
            changed=self.moments[self._order[writers[-1]]],
            overdue=action.overdue(self.today),
            missing=() if action.ended else tuple(MISSING[name] for name in action.unfinished),
        )

    # -- agreed dates ----------------------------------------------------------------------------------------------------------

    def dates(self) -> list[Agreement]:
        """Every day that was agreed and is not behind us, and the days of actions that are overdue; the first day first."""
        found = [*self._action_dates(), *self._row_dates()]
        return sorted((one for one in found if one.overdue or one.day >= self.today), key=lambda one: (one.day, one.title))

    def agreed_dates(self) -> list[Agreement]:
        """The days to come, for a calendar."""
        return [one for one in self.dates() if one.day >= self.today]

    def _action_dates(self) -> Iterator[Agreement]:
        for followed in (*self.actions().overdue, *self.actions().open):
            action = followed.action
            if action.due is None:
                continue
            lines = [
                action.who and f"Wie: {action.who}",
                action.check and f"Check: {action.check}",
                followed.origin and f"Hoort bij: {followed.origin.name}",
                f"School: {self.trajectory.school}",
            ]
            yield Agreement(
                uid=self._uid(action.id),
                day=action.due,
                title=shortened(action.what) or "Actie zonder omschrijving",
                description="\n".join(str(line) for line in lines if line),
                kind="action",
                overdue=followed.overdue,
            )

    def _row_dates(self) -> Iterator[Agreement]:
        """Rows of any block with a column that is a day: moments of evaluation, messages, whatever the content asks."""
        for instrument, block in dated_blocks(self.instruments):
            yield from self._dates_of_rows(instrument, block)

    def _dates_of_rows(self, instrument: Instrument, block: RowsBlock) -> Iterator[Agreement]:
        days = [column.id for column in block.columns if column.kind is FieldKind.DATE]
        texts = [column for column in block.columns if column.kind in (FieldKind.LINE, FieldKind.TEXT)]
        for item in self._rows(block.id):
            day = next((read for name in days if (read := parse_typed_date(self._text(item, name)))), None)
            if day is None:
                continue
            said = [(column.label.rstrip("?: "), " ".join(self._text(item, column.id).split())) for column in texts]
            said = [(label, text) for label, text in said if text]
            title = f"{block.title}: {said[0][1]}" if said else block.title
            lines = [*(f"{label}: {text}" for label, text in said[1:]), instrument.short, f"School: {self.trajectory.school}"]
            yield Agreement(self._uid(item), day, shortened(title), "\n".join(lines), "moment")

    def _uid(self, item: str) -> str:
        return f"{self.trajectory.id}.{item}"

    # -- scores ----------------------------------------------------------------------------------------------------------------

    def scores(self) -> list[PhaseScores]:
        """Every phase that holds a score, in order of the instruments; of any number of moments."""
        found = (self._phase_scores(instrument, phase) for instrument in self.instruments for phase in instrument.phases)
        return [one for one in found if one is not None]

    def _phase_scores(self, instrument: Instrument, phase: Phase) -> PhaseScores | None:
        scales = [scale for section in phase.sections() for scale in section.scales]
        moments = [moment for moment in self.moments if any(self._score(moment, scale.id) is not None for scale in scales)]
        if not moments:
            return None
        shown: list[ScaleOverTime] = []
        left_out: list[str] = []
        for objective, section in _sections(phase):
            applies = self._applies(section, objective)
            for scale in section.scales:
                scores = tuple(self._score(moment, scale.id) for moment in moments)
                aspect = instrument.aspects.get(scale.aspect, scale.aspect)
                over_time = ScaleOverTime(scale.id, scale.label, aspect, scores, self._target(scale.id))
                if applies:
                    shown.append(over_time)
                elif any(isinstance(score, int) for score in scores):
                    left_out.append(over_time.name)
        return PhaseScores(
            instrument=instrument.id,
            instrument_name=instrument.short,
            phase=phase.id,
            name=phase.name,
            title=phase.title,
            moments=tuple(moments),
            labels=tuple(_unlike(moments)),
            scales=tuple(shown),
            left_out=tuple(left_out),
        )

    def _score(self, moment: Moment, scale: str) -> Score:
        entry = self._current[moment.session].get((scale, "score"))
        return as_score(entry.value) if entry else None

    def _target(self, scale: str) -> int | None:
        score = as_score(self._value(scale, "target"))
        return score if isinstance(score, int) else None

    def _applies(self, section: Section, objective: Objective | None) -> bool:
        parts: list[tuple[str, Applicability]] = [(section.id, section.applies)]
        if objective:
            parts.append((objective.id, objective.applies))
        for item, applicability in parts:
            ticked = self._value(item, "applicable")
            if ticked is False:
                return False
            if ticked is None and not applicability.covers(self.trajectory.levels, self.trajectory.province):
                return False
        return True


def dated_blocks(instruments: Iterable[Instrument]) -> Iterator[tuple[Instrument, RowsBlock]]:
    """The blocks whose rows can agree on a day, with their instrument."""
    for instrument in instruments:
        for block in instrument.blocks():
            if isinstance(block, RowsBlock) and any(column.kind is FieldKind.DATE for column in block.columns):
                yield instrument, block


def session_day(session: Session, typed: JsonValue) -> date:
    """The day of a session: the one that was filled in, else the one on which it was made."""
    day = parse_typed_date(typed) if isinstance(typed, str) else None
    return day or local_time(session.created_at).date()


def shortened(text: str) -> str:
    """*text* on one line, cut at a word where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[:_SHORT].rsplit(' ', 1)[0]}…"


def _unlike(moments: Sequence[Moment]) -> Iterator[str]:
    """The day of each moment; sessions of one day are told apart by their number."""
    labels = [moment.label for moment in moments]
    for moment in moments:
        yield moment.label if labels.count(moment.label) == 1 else f"{moment.label} (sessie {moment.number})"


def _sections(phase: Phase) -> Iterator[tuple[Objective | None, Section]]:
    for objective in phase.objectives:
        for section in objective.sections:
            yield objective, section
    for section in phase.themes:
        yield None, section


def _ids(group: Objective | Section) -> set[str]:
    """The ids of the questions, scales and blocks under an objective or a section."""
    sections = group.sections if isinstance(group, Objective) else (group,)
    return {part.id for section in sections for part in (*section.questions, *section.scales, *section.blocks)}


def _places(instruments: Iterable[Instrument]) -> Iterator[Place]:
    for instrument in instruments:
        for phase in instrument.phases:
            for item, name in _named(phase):
                yield Place(item, name, instrument.id, instrument.short, phase.id, phase.name, phase.number)


def _named(phase: Phase) -> Iterator[tuple[str, str]]:
    yield phase.id, phase.title
    for result in phase.frame.results:
        yield result.id, result.text
    for objective in phase.objectives:
        yield objective.id, objective.title
    for section in phase.sections():
        yield section.id, section.title
        for part in section.questions:
            yield part.id, part.text
        for scale in section.scales:
            yield scale.id, f"{section.title}: {scale.label}"
        for block in section.blocks:
            yield block.id, block.title
