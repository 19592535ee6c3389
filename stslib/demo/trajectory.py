"""The script of the demo as entries in a journal: ids looked up, every field checked, and nothing written twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from pydantic import JsonValue

from stslib.demo.meetings import MEETINGS
from stslib.demo.school import DEMO_SCHOOL
from stslib.demo.script import Actions, Meeting, Pinned, Row, Said, Sitting, Talk
from stslib.errors import FormError, StsError
from stslib.forms.fields import KnownFields
from stslib.model.instrument import Instrument, Province, SchoolLevel
from stslib.model.session import ACTION_PREFIX, PIN_PREFIX, SESSION_ITEM, Change, Journal, Session, Trajectory
from stslib.text import format_date

WRITER = "voorbeeld"

STORY = "verhaal-3"
"""Stands in the edit id of everything that this script writes; a demo without it was made by an earlier version."""

Show = Callable[[Pinned, date], tuple[dict[str, JsonValue], dict[str, JsonValue]]]
"""A pinned figure and the day it was pinned -> its definition, and what it showed."""

_Field = tuple[str, str, JsonValue]


@dataclass(frozen=True)
class _Chunk:
    """Fields that were written at one moment of a meeting."""

    name: str
    moment: datetime
    fields: tuple[_Field, ...]


def find_trajectory(journal: Journal) -> Trajectory | None:
    """The demo trajectory, when the journal holds one."""
    return next((one for one in journal.trajectories() if one.demo and one.school == DEMO_SCHOOL), None)


def is_older(journal: Journal, trajectory: Trajectory) -> bool:
    """Whether an earlier version of this program wrote the trajectory, or began to: it is then left as it is."""
    sessions = journal.sessions(trajectory.id)
    written = [entry for entry in journal.entries(sessions[0].id) if entry.writer == WRITER] if sessions else []
    return bool(written) and not any(STORY in entry.edit_id for entry in written)


def is_whole(journal: Journal, trajectory: Trajectory) -> bool:
    """Whether every meeting was written to its end; a closed one may have been worked on since."""
    sessions = journal.sessions(trajectory.id)
    if len(sessions) < len(MEETINGS):
        return False
    return all((SESSION_ITEM, "title") in journal.current(session.id) for session in sessions[: len(MEETINGS)])


def write_trajectory(
    journal: Journal, instruments: Sequence[Instrument], show: Show, school_year: str
) -> tuple[Trajectory, list[Session]]:
    """Write what is missing of the demo trajectory; what stands there already is not written again.

    Args:
        journal: where it is written.
        instruments: all that the script fills in.
        show: counts a pinned figure as it stood on its day.
        school_year: the year the trajectory starts in.

    Raises:
        StsError: before anything is written, naming everything in the script that the content does not know.
    """
    check_script(MEETINGS, instruments)
    editions = {instrument.id: instrument.edition for instrument in instruments}
    trajectory = find_trajectory(journal) or journal.create_trajectory(
        DEMO_SCHOOL, [SchoolLevel.SECONDARY], Province.ANTWERP, school_year, demo=True
    )
    sessions = journal.sessions(trajectory.id)
    for place, meeting in enumerate(MEETINGS):
        if place == len(sessions):
            began = datetime.combine(meeting.day, meeting.sittings[0].at, UTC)
            sessions.append(journal.create_session(trajectory.id, created_at=began))
        session = sessions[place]
        if (SESSION_ITEM, "title") in journal.current(session.id):
            continue
        ended = datetime.min.replace(tzinfo=UTC)
        for chunk in _chunks(meeting, show):
            _append(journal, session, chunk, editions)
            ended = chunk.moment
        # The title comes last: it is the mark that the whole meeting is there.
        _append(journal, session, _Chunk("sessie", ended + timedelta(minutes=3), tuple(_about(meeting))), editions)
        if meeting.closed:
            seq = max(entry.seq for entry in journal.current(session.id).values())
            closed: JsonValue = {"archive": None, "sha256": None, "seq": seq}
            slot = _Chunk("slot", ended + timedelta(minutes=5), ((SESSION_ITEM, "closed", closed),))
            _append(journal, session, slot, editions)
    return trajectory, sessions


def _append(journal: Journal, session: Session, chunk: _Chunk, editions: Mapping[str, str]) -> None:
    changes = [
        Change(
            item=item,
            field=field,
            value=value,
            edit_id=f"{session.id}-{STORY}-{chunk.name}-{number}",
            content=editions.get(item.split(".")[0], ""),
        )
        for number, (item, field, value) in enumerate(chunk.fields)
    ]
    journal.append(session.id, changes, writer=WRITER, recorded_at=chunk.moment)


# -- is everything in the script known? --------------------------------------------------------------------------------------


def check_script(meetings: Sequence[Meeting], instruments: Sequence[Instrument]) -> None:
    """Hold every field and value of the script against the content, and every later row against the earlier ones.

    Raises:
        StsError: names all that is wrong, so that one reading is enough.
    """
    rows: set[str] = set()
    ids = _ids(instruments)
    known = {one.id: KnownFields(one, instruments, lambda item: item in ids or item in rows) for one in instruments}
    anywhere = next(iter(known.values()))
    wrong: list[str] = []
    for meeting in meetings:
        told = [(row, item) for part in _parts(meeting) for row, item in _rows_of(part)]
        for row, item in told:
            if row.again != (item in rows):
                wrong.append(f"{item} ({row.key})")
            rows.add(item)
        for chunk in _chunks(meeting, lambda _pin, _day: ({}, {})):
            for item, field, value in chunk.fields:
                check = known.get(item.split(".")[0], anywhere).check(item, field)
                if check is None or not _allowed(check, value):
                    wrong.append(f"{item} › {field}")
    if wrong:
        raise StsError(
            "voorbeeldtraject",
            f"Het voorbeeld vult iets in wat de inhoud niet kent: {', '.join(dict.fromkeys(wrong))}.",
            "Zet die id's terug in content/, of pas de teksten in stslib/demo/meetings aan.",
        )


def _allowed(check: Callable[[JsonValue], JsonValue], value: JsonValue) -> bool:
    try:
        check(value)
    except FormError:
        return False
    return True


def _ids(instruments: Iterable[Instrument]) -> set[str]:
    """What an action or a figure can belong to."""
    ids: set[str] = set()
    for one in instruments:
        ids |= {phase.id for phase in one.phases} | {objective.id for objective in one.objectives()}
        ids |= {section.id for section in one.sections()} | {question.id for question in one.questions()}
        ids |= {scale.id for scale in one.scales()} | {block.id for block in one.blocks()}
    return ids


# -- from slugs to fields ------------------------------------------------------------------------------------------------------


def _parts(meeting: Meeting) -> Iterator[Talk | Actions | Pinned]:
    for sitting in meeting.sittings:
        yield from sitting.parts


def item_of(name: str) -> str:
    """The id that *name* stands for: itself, or of the row ``above#key``."""
    above, _, key = name.partition("#")
    return f"{above}.{sha256(name.encode()).hexdigest()[:8]}" if key else name


def _rows_of(part: Talk | Actions | Pinned) -> Iterator[tuple[Row, str]]:
    """The rows of a part with their ids."""
    match part:
        case Talk():
            for block, rows in part.rows.items():
                yield from ((row, item_of(f"{part.phase}.{block}#{row.key}")) for row in rows)
        case Actions():
            yield from ((row, item_of(f"{ACTION_PREFIX.rstrip('.')}#{row.key}")) for row in part.rows)


def _chunks(meeting: Meeting, show: Show) -> Iterator[_Chunk]:
    """What was written in a meeting, spread evenly over each of its sittings."""
    for place, sitting in enumerate(meeting.sittings):
        written = [fields for fields in _written(sitting, meeting.day, show) if fields]
        began = datetime.combine(meeting.day, sitting.at, UTC)
        step = timedelta(minutes=sitting.minutes) / (len(written) + 1)
        for number, fields in enumerate(written):
            moment = (began + (number + 1) * step).replace(microsecond=0)
            yield _Chunk(f"{place}-{number}", moment, tuple(fields))


def _written(sitting: Sitting, day: date, show: Show) -> Iterator[list[_Field]]:
    for part in sitting.parts:
        match part:
            case Talk():
                yield from _talk(part)
            case Actions():
                for row, item in _rows_of(part):
                    yield list(_row(row, item))
            case Pinned():
                item = item_of(f"{PIN_PREFIX.rstrip('.')}#{part.key}")
                definition, shown = show(part, day)
                yield [(item, "origin", item_of(part.origin)), (item, "definition", definition), (item, "shown", shown)]


def _talk(talk: Talk) -> Iterator[list[_Field]]:
    for slug, said in talk.said.items():
        yield list(_said(f"{talk.phase}.{slug}", said))
    for slug, form in talk.forms.items():
        yield [(f"{talk.phase}.{slug}", field, value) for field, value in form.items()]
    for row, item in _rows_of(talk):
        yield list(_row(row, item))
    yield [(f"{talk.phase}.{slug}", "done", True) for slug in talk.results]
    yield [(talk.phase, "note", talk.note)] if talk.note else []


def _said(section: str, said: Said) -> Iterator[_Field]:
    for slug, answer in said.answers.items():
        yield (f"{section}.{slug}", "answer", answer)
    scale = f"{section}.schaal"
    for field, value in (
        ("score", said.score), ("evidence", said.evidence), ("ambition", said.ambition), ("target", said.target),
    ):  # fmt: skip
        if value not in ("", None):
            yield (scale, field, value)
    for aspect, score in said.aspects.items():
        yield (f"{scale}-{aspect}", "score", score)


def _row(row: Row, item: str) -> Iterator[_Field]:
    for field, value in row.fields.items():
        yield (item, field, item_of(value) if field == "origin" and isinstance(value, str) else value)


def _about(meeting: Meeting) -> Iterator[_Field]:
    yield (SESSION_ITEM, "date", format_date(meeting.day))
    yield (SESSION_ITEM, "participants", meeting.participants)
    if meeting.notes:
        yield (SESSION_ITEM, "notes", meeting.notes)
    yield (SESSION_ITEM, "title", meeting.title)
