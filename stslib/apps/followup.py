"""The app ``opvolging``: the trajectory over time, and the page that a later session opens with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from stslib.apps.opening import open_asked
from stslib.apps.sessions import every_instrument, journal_of
from stslib.exchange.calendar import AgreedDate, to_ics
from stslib.forms.state import FormState
from stslib.forms.trajectory import TrajectoryState
from stslib.forms.widgets.followup import FollowUp
from stslib.forms.widgets.notice import Notice


def open_page(session: str | None = None) -> FollowUp | Notice:
    """The trajectory as it stands at the session that is asked for: ``?sessie=ID`` of the request, else *session*.

    In JupyterLab, where no request comes, the session that was made last opens when none is named. A missing or unknown id
    gives a notice that says what to do.
    """
    return open_asked(session, follow_up)


def follow_up(session: str, data: Path) -> FollowUp:
    """The follow-up page of a session.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        StoreError: the journal cannot be opened.
        ContentError: the content has faults.
    """
    journal = journal_of(data)
    instruments = every_instrument(data)
    return FollowUp(
        FormState(journal, session, instruments[0], others=instruments[1:]),
        lambda: TrajectoryState(journal, session, instruments, today=date.today()),
        calendar=calendar_of,
    )


def calendar_of(found: TrajectoryState) -> bytes:
    """The days to come of a trajectory as an iCalendar file."""
    events = [
        AgreedDate(uid=one.uid, day=one.day, title=one.title, description=one.description, url=one.url)
        for one in found.agreed_dates()
    ]
    return to_ics(events, name=f"Samen tegen Schooluitval: {found.trajectory.school}", stamp=datetime.now(UTC))
