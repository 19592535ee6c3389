"""Signals, focus candidates and the live list of pupils: asked of a process beside the page, passed on and kept nowhere."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from stslib.apps.desk import Desk
from stslib.forms.widgets.figures_page import FiguresPage

IDLE = 10 * 60
"""Seconds without a question after which the process goes, and with it every row about a pupil."""

GONE = {"kind": "pupils-refused", "place": "Cijfers", "fact": "Het tellen stopte onverwacht.", "remedy": "Probeer opnieuw."}

_PARTS = {
    "signals": ("round", "school_year"),
    "focus": ("round", "school_year"),
    "list": ("round", "school_year", "hard_to_reach", "risk", "weights"),
}
"""What each question takes over from the page's message."""


class PupilsShown:
    """Passes on what the page asks about pupils and what the process answers; ``form`` is the page, once it is there."""

    def __init__(self, data: Path, school: str) -> None:
        self.form: FiguresPage | None = None
        self._desk = Desk("stslib.apps.pupils_child", data, school, self._answered, lost=GONE)
        self._idle: threading.Timer | None = None

    def ask(self, content: dict[str, Any], _: str) -> None:
        """``signals``, ``focus`` or ``list``."""
        kind = str(content.get("kind"))
        self._wait_anew()
        self._desk.ask({"kind": kind, **{name: content.get(name) for name in _PARTS[kind]}})

    def hide(self, content: dict[str, Any], _: str) -> None:
        """Nobody looks at pupils any more."""
        self.forget()

    def forget(self) -> None:
        """End the process: what it knew is gone."""
        if self._idle:
            self._idle.cancel()
        self._desk.stop()

    def _answered(self, answer: dict[str, Any]) -> None:
        if self.form is not None:
            self.form.tell(answer.pop("kind"), **answer)

    def _wait_anew(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = threading.Timer(IDLE, self._desk.stop)
        self._idle.daemon = True
        self._idle.start()
