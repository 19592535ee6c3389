"""The app ``preventieplan``: the prevention plan of one session, with the school's own figures beside the questions."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.apps.request import wait_for_request
from stslib.apps.school_figures import SchoolFigures
from stslib.apps.sessions import journal_of, latest_session, open_session
from stslib.content import calendars, load_instrument
from stslib.errors import StoreError, StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.intake import Intake
from stslib.forms.widgets.notice import Notice
from stslib.forms.widgets.session_form import SessionForm, about_session
from stslib.model.session import SESSION_ITEM, Change
from stslib.paths import data_folder, exports_folder
from stslib.text import local_time

SERVED = "VOILA_KERNEL_ID" in os.environ
"""Whether this is a page of the server, whose kernels are started before anyone asks; False in JupyterLab and in tests."""


@dataclass(frozen=True)
class Page:
    """What the notebook shows: the form, and the school's figures with the way to bring them in."""

    form: SessionForm | Notice
    figures: Intake | None


def open_page(session: str | None = None) -> Page:
    """The page of the session that is asked for: ``?sessie=ID`` of the request, else *session*.

    In JupyterLab, where no request comes, the session that was made last opens when none is named. A missing or unknown id
    gives a page with a notice that says what to do.
    """
    if SERVED:
        warm_up()
    asked = wait_for_request().get("sessie") or session
    try:
        data = data_folder()
        if not asked and not SERVED:
            asked = latest_session(journal_of(data))
        if not asked:
            return Page(
                Notice(title="Nog geen sessie gekozen.", text="Kies een sessie in het portaal, of begin er een nieuwe."), None
            )
        state = open_session(asked, data=data)
    except StsError as error:
        return Page(Notice(title=error.fact, text=error.remedy), None)
    closing = Closing(state, data)
    figures = SchoolFigures(state, data)
    # Figures wait until the form can be typed in: drawing them at the same time would slow both.
    form = SessionForm(state, about_session(state), on_close=closing.start, on_shown=figures.start)
    closing.form = figures.form = form
    return Page(form, figures.intake)


def warm_up() -> None:
    """Read what the page will need, so that a kernel that waits for its request has it at hand."""
    load_instrument("preventieplan")
    calendars()
    with suppress(StsError):
        journal_of(data_folder())


class Closing:
    """Writes the archive of a session beside the page, and tells the page how it goes."""

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._data = data
        self._busy = threading.Lock()
        self.form: SessionForm | None = None

    def start(self, writer: str) -> None:
        """Close the session for *writer*; a second call while one is under way does nothing."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._run, args=(writer,), daemon=True).start()

    def _run(self, writer: str) -> None:
        try:
            closed = close_session(self._state, self._data, writer=writer)
        except StsError as error:
            self._tell("close-failed", text=error.told)
        except OSError as error:
            self._tell(
                "close-failed", text=f"Het archief kon niet geschreven worden ({error.strerror}). De sessie blijft open."
            )
        else:
            self._tell("closed", archive=closed)
        finally:
            self._busy.release()

    def _tell(self, kind: str, **content: Any) -> None:
        if self.form:
            self.form.tell(kind, **content)


def close_session(state: FormState, data: Path, *, writer: str) -> dict[str, Any]:
    """Archive a session and note in the journal that it was closed; returns what was noted.

    Raises:
        ArchiveError: the archive could not be made; the session stays open.
        StoreError: the journal cannot be written; the archive stands, the session stays open.
    """
    from stslib.archive import archive_session

    result = archive_session(data, state.session.id, exports_folder(data))
    seen = state.entry(SESSION_ITEM, "closed")
    change = Change(
        item=SESSION_ITEM,
        field="closed",
        value={"archive": result.path.name, "sha256": result.sha256, "seq": result.seq, "version": result.version},
        seen=seen.revision if seen else 0,
        edit_id=f"closed-{result.sha256[:24]}",
    )
    outcome = state.apply([change], writer=writer)[0]
    if outcome.entry is None:
        raise StoreError("sessie", outcome.refused, "Het archief staat er; de sessie blijft open.")
    return {"archive": result.path.name, "sha256": result.sha256, "at": f"{local_time(outcome.entry.recorded_at):%H:%M}"}
