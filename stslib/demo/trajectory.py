"""The trajectory of the made-up school in the journal: two closed meetings and one that is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from pydantic import JsonValue

from stslib.demo.school import DEMO_SCHOOL
from stslib.demo.texts import MEETINGS, Meeting, Said
from stslib.model.instrument import Instrument, Province, SchoolLevel, Section
from stslib.model.session import ACTION_PREFIX, SESSION_ITEM, Change, Journal, Session, Trajectory

WRITER = "voorbeeld"


def find_trajectory(journal: Journal) -> Trajectory | None:
    """The demo trajectory, when the journal holds one."""
    return next((one for one in journal.trajectories() if one.demo and one.school == DEMO_SCHOOL), None)


def is_whole(journal: Journal, trajectory: Trajectory) -> bool:
    """Whether every meeting was written to its end; a closed one may have been worked on since."""
    sessions = journal.sessions(trajectory.id)
    if len(sessions) < len(MEETINGS):
        return False
    return all((SESSION_ITEM, "title") in journal.current(session.id) for session in sessions[: len(MEETINGS)])


def write_trajectory(journal: Journal, instrument: Instrument, school_year: str) -> tuple[Trajectory, list[Session]]:
    """Write what is missing of the demo trajectory; what stands there already is not written again."""
    trajectory = find_trajectory(journal) or journal.create_trajectory(
        DEMO_SCHOOL, [SchoolLevel.SECONDARY], Province.ANTWERP, school_year, demo=True
    )
    sessions = journal.sessions(trajectory.id)
    for place, meeting in enumerate(MEETINGS):
        began = datetime.combine(meeting.day, time(13, 30), UTC)
        if place == len(sessions):
            sessions.append(journal.create_session(trajectory.id, created_at=began))
        session = sessions[place]
        if (SESSION_ITEM, "title") in journal.current(session.id):
            continue
        parts = [*_discussed(instrument, meeting), list(_planned(instrument, meeting))]
        for number, part in enumerate(parts):
            if part:
                _append(journal, session, part, f"{number}", began + timedelta(minutes=4 * number + 4))
        # The title comes last: it is the mark that the whole meeting is there.
        ended = began + timedelta(minutes=4 * len(parts) + 10)
        _append(journal, session, list(_about(meeting)), "sessie", ended)
        if meeting.closed:
            seq = max(entry.seq for entry in journal.current(session.id).values())
            closed: JsonValue = {"archive": None, "sha256": None, "seq": seq}
            _append(journal, session, [(SESSION_ITEM, "closed", closed)], "slot", ended + timedelta(minutes=1))
    return trajectory, sessions


_Field = tuple[str, str, JsonValue]


def _append(journal: Journal, session: Session, fields: list[_Field], part: str, moment: datetime) -> None:
    changes = [
        Change(item=item, field=field, value=value, edit_id=f"{session.id}-{part}-{number}")
        for number, (item, field, value) in enumerate(fields)
    ]
    journal.append(session.id, changes, writer=WRITER, recorded_at=moment)


def _slug(identity: str) -> str:
    return identity.rsplit(".", 1)[-1]


def _discussed(instrument: Instrument, meeting: Meeting) -> Iterator[list[_Field]]:
    """What was said, section by section."""
    for phase in instrument.phases:
        for section in phase.sections():
            said = meeting.said.get(_slug(section.id))
            if said is None and phase.number == 0 and section.applies.covers((SchoolLevel.SECONDARY,), Province.ANTWERP):
                said = meeting.usual
            if said is not None:
                yield list(_fields(section, said))


def _fields(section: Section, said: Said) -> Iterator[_Field]:
    for question in section.questions:
        answer = said.answers.get(_slug(question.id))
        if answer:
            yield (question.id, "answer", answer)
    yield (section.scale.id, "score", said.score)
    for field, value in (("evidence", said.evidence), ("ambition", said.ambition), ("target", said.target)):
        if value not in ("", None):
            yield (section.scale.id, field, value)


def _planned(instrument: Instrument, meeting: Meeting) -> Iterator[_Field]:
    """The actions, each under the objective that its section belongs to."""
    origins = {_slug(section.id): objective.id for objective in instrument.objectives() for section in objective.sections}
    fallback = next(instrument.objectives()).id
    for number, action in enumerate(meeting.planned):
        item = f"{ACTION_PREFIX}{meeting.day:%y%m%d}{number:02x}"
        yield (item, "origin", origins.get(action.section, fallback))
        for field, text in (("what", action.what), ("who", action.who), ("when", action.when), ("check", action.check)):
            if text:
                yield (item, field, text)


def _about(meeting: Meeting) -> Iterator[_Field]:
    yield (SESSION_ITEM, "date", meeting.day.isoformat())
    yield (SESSION_ITEM, "participants", meeting.participants)
    if meeting.notes:
        yield (SESSION_ITEM, "notes", meeting.notes)
    yield (SESSION_ITEM, "title", meeting.title)
