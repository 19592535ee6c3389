"""Closing a session: its archive is written beside the page, and the journal notes that it was closed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from stslib.errors import StoreError, StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.session_form import SessionForm
from stslib.model.session import SESSION_ITEM, Change
from stslib.paths import exports_folder
from stslib.text import local_time


class Closing:
    """Writes the archive of a session beside the page, and tells the page how it goes."""

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._data = data
        self._busy = threading.Lock()
        self.form: SessionForm | None = None

    def start(self, _: dict[str, Any], writer: str) -> None:
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
