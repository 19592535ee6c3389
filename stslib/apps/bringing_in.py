"""Bringing in an export on the page: files land in the inbox, the desk looks at them, reads and keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stslib.apps.desk import Desk
from stslib.forms.widgets.figures_page import FiguresPage
from stslib.forms.widgets.intake import LEFTOVER_AGE, Inbox

GONE = {
    "kind": "refused",
    "place": "Lezen",
    "fact": "Het lezen stopte onverwacht. Er is niets bewaard.",
    "remedy": "Probeer opnieuw, of bewaar het bestand eerst als CSV.",
}

LOST = {
    "place": "Overbrengen",
    "fact": "Een bestand kwam niet volledig aan, of staat er niet meer.",
    "remedy": "Klik nog eens op 'Bestanden bekijken'.",
    "lost": True,
}

_PARTS = {
    "look": ("school_year", "mapping"),
    "read": ("school_year", "mapping", "years", "codes", "grid", "free_days"),
    "keep": ("profile",),
    "drop": (),
    "rejected": (),
    "compare": ("totals",),
}
"""What each command takes over from the page's message."""


class BringingIn:
    """Passes on what the page asks and what the desk answers; ``form`` is the page, once it is there.

    Args:
        data: the data folder.
        school: whose figures they are.
        inbox: where the files of this page land.
        changed: called when something was kept.
    """

    def __init__(self, data: Path, school: str, inbox: Inbox, *, changed: Callable[[], None]) -> None:
        self.form: FiguresPage | None = None
        self.inbox = inbox
        self._changed = changed
        self._desk = Desk("stslib.apps.reading_child", data, school, self._answered, lost=GONE)
        self._idle: threading.Timer | None = None

    def ask(self, content: dict[str, Any], _: str) -> None:
        """Do what the page asks of files: ``look``, ``read``, ``keep``, ``drop``, ``rejected`` or ``compare``."""
        kind = str(content.get("kind"))
        command = {"kind": kind, **{name: content.get(name) for name in _PARTS[kind]}}
        if kind in ("look", "read"):
            files = self.inbox.files()
            if files is None:
                self._tell("refused", **LOST)
                return
            command |= {"files": {role: str(path) for role, path in files.items()}, "place": str(self.inbox.place)}
        self._wait_anew()
        self._desk.ask(command)

    def stop(self, content: dict[str, Any], _: str) -> None:
        """End whatever is going on; nothing was kept, and nothing of a file stays."""
        self._forget()

    def _answered(self, answer: dict[str, Any]) -> None:
        kind = answer.pop("kind")
        if kind in ("kept", "dropped"):
            self._forget()
        self._tell(kind, **answer)
        if kind == "kept":
            self._changed()

    def _tell(self, kind: str, **content: Any) -> None:
        if self.form is not None:
            self.form.tell(kind, **content)

    def _forget(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._desk.stop()
        self.inbox.forget()

    def _wait_anew(self) -> None:
        """Files and rows that nobody looks at any more go after a while."""
        if self._idle:
            self._idle.cancel()
        self._idle = threading.Timer(LEFTOVER_AGE, self._forget)
        self._idle.daemon = True
        self._idle.start()
