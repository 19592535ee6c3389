"""Opening what a page shows: the journal of this machine's data folder, and one session on one instrument."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stslib.content import load_instrument, load_instruments, load_wording
from stslib.forms.state import FormState
from stslib.model.instrument import Instrument
from stslib.model.session import Journal
from stslib.paths import data_folder
from stslib.store import SqlJournal, open_journal


@cache
def journal_of(data: Path) -> SqlJournal:
    """The journal of a data folder; opened once in a process."""
    return open_journal(data)


def latest_session(journal: Journal) -> str | None:
    """Id of the session that was made last, of whatever school; None in an empty journal."""
    sessions = [session for trajectory in journal.trajectories() for session in journal.sessions(trajectory.id)]
    return max(sessions, key=lambda session: session.created_at).id if sessions else None


def every_instrument(data: Path) -> tuple[Instrument, ...]:
    """The instruments in the order of the toolkit, in a centre's own wording where the data folder holds one.

    Raises:
        ContentError: lists every fault in the content.
    """
    return load_instruments(wording=load_wording(data))


def open_session(session_id: str, *, instrument: str = "preventieplan", data: Path | str | None = None) -> FormState:
    """One session as a form state, without widgets: answers, scores, actions.

    Args:
        session_id: as the portal shows it.
        instrument: id of the instrument to look at.
        data: the data folder; as ``data_folder`` finds it when left out.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        StoreError: the journal cannot be opened.
        ContentError: there is no such instrument, or the content has faults.
    """
    folder = data_folder(data)
    instruments = every_instrument(folder)
    chosen = next((one for one in instruments if one.id == instrument), None) or load_instrument(instrument)
    return FormState(journal_of(folder), session_id, chosen, others=instruments)
