"""Opening what a page shows: the journal of this machine's data folder, and one session on one instrument."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stslib.content import load_instrument
from stslib.forms.state import FormState
from stslib.model.session import Journal
from stslib.paths import data_folder
from stslib.store import open_journal


@cache
def journal_of(data: Path) -> Journal:
    """The journal of a data folder; opened once in a process."""
    return open_journal(data)


def latest_session(journal: Journal) -> str | None:
    """Id of the session that was made last, of whatever school; None in an empty journal."""
    sessions = [session for trajectory in journal.trajectories() for session in journal.sessions(trajectory.id)]
    return max(sessions, key=lambda session: session.created_at).id if sessions else None


def open_session(session_id: str, *, instrument: str = "preventieplan", data: Path | str | None = None) -> FormState:
    """One session as a form state, without widgets: answers, scores, actions.

    Args:
        session_id: as the portal shows it.
        instrument: id of the instrument to look at.
        data: the data folder; as ``data_folder`` finds it when left out.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        StoreError: the journal cannot be opened.
    """
    return FormState(journal_of(data_folder(data)), session_id, load_instrument(instrument))
