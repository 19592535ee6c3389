"""The closing step of a page: what goes along and what not, the closing itself, and the versions it left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stslib.apps.closing_child import CARRIERS, close_session
from stslib.apps.closing_run import ClosingRun
from stslib.apps.closing_told import about_closing
from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.session_form import SessionForm

__all__ = ["CARRIERS", "Closing", "close_session"]

_WAITS = "Er wordt nu een archief gemaakt. Nakijken kan daarna."

Answer = Callable[[dict[str, Any], str], None]


class Closing:
    """Answers the closing step, and follows a closing wherever it was started.

    Messages from the page: ``closing-look`` (the step is shown), ``close``, ``closing-stop``, ``closing-make`` (what belongs
    to an ``archive``), ``preview`` and ``preview-stop``. Messages to the page: ``closing-about`` (see ``about_closing``),
    ``closing-run`` (see ``closing_child``, with ``running``) and ``closing-preview`` (``state`` busy, done or failed, with the
    figures of a ``Preview``).
    """

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._data = data
        self._disk = ClosingRun(data, state.session.id)
        self._following = threading.Lock()
        self._started = ""
        self._previewing = threading.Lock()
        self._preview_stop = threading.Event()
        self._previewed: tuple[int, dict[str, Any]] | None = None
        self.form: SessionForm | None = None

    def answers(self) -> dict[str, Answer]:
        """What is done at which message."""
        return {
            "closing-look": self.look,
            "close": self.start,
            "closing-stop": self.stop,
            "closing-make": self.make,
            "preview": self.preview,
            "preview-stop": self.stop_preview,
        }

    def look(self, _: dict[str, Any], writer: str) -> None:
        """Tell how things are, and follow a closing that another window or an earlier page started."""
        self._tell_about()
        if self._disk.is_running():
            self._in_background(self._follow, "")
        elif self._disk.read():
            self._tell_run(self._disk.settled(), running=False)

    def start(self, _: dict[str, Any], writer: str) -> None:
        """Close the session for *writer*; while a closing is under way, wherever, follow that one."""
        self._preview_stop.set()  # the archive counts the same: let it have the machine
        self._in_background(self._begin, writer, "")

    def make(self, content: dict[str, Any], writer: str) -> None:
        """Make PDF, workbook and poster of an archive of this session once more."""
        archive = str(content.get("archive") or "")
        if archive in {one["archive"] for one in about_closing(self._state, self._data)["versions"][:1]}:
            self._in_background(self._begin, writer, archive)

    def stop(self, _: dict[str, Any], writer: str) -> None:
        """Stop the closing that is under way, whichever window started it."""
        self._disk.ask_to_stop(self._started if self._following.locked() else "")

    # -- the closing -------------------------------------------------------------------------------------------------------

    def _begin(self, writer: str, make: str) -> None:
        what = "make" if make else "close"
        self._started = "" if self._disk.is_running() else self._disk.launch(writer, what=what, archive=make)
        self._follow(self._started)

    def _follow(self, run: str) -> None:
        """Tell the page each step until it is over. *run* was just started; empty for one that runs already."""
        if not self._following.acquire(blocking=False):
            return
        try:
            self._watch(run)
        finally:
            self._following.release()
        with suppress(StsError):
            self._state.refresh()
        self._tell_about()

    def _watch(self, run: str) -> None:
        for found, running in self._disk.steps(run):
            self._tell_run(found, running=running)
            if running and found.get("phase") == "carriers":  # the archive is there: show it while the rest is made
                with suppress(StsError):
                    self._state.refresh()
                self._tell_about()

    # -- what goes along -----------------------------------------------------------------------------------------------------

    def preview(self, content: dict[str, Any], writer: str) -> None:
        """Count in the background what the archive will hide; what was counted of the same state is told at once."""
        if self._previewed and self._previewed[0] == self._state.seq and content.get("again") is not True:
            self._tell("closing-preview", **self._previewed[1])
        elif self._disk.is_running():
            self._tell("closing-preview", state="failed", problem=_WAITS, figures=[])
        else:
            self._in_background(self._count)

    def stop_preview(self, _: dict[str, Any], writer: str) -> None:
        """Stop counting."""
        self._preview_stop.set()

    def _count(self) -> None:
        if not self._previewing.acquire(blocking=False):
            return
        try:
            self._preview_stop.clear()
            self._tell("closing-preview", state="busy")
            seq = self._state.seq
            told = self._counted()
            if told["state"] == "done":
                self._previewed = (seq, told)
            self._tell("closing-preview", **told)
        finally:
            self._previewing.release()

    def _counted(self) -> dict[str, Any]:
        from stslib.archive.preview import FAILED, STOPPED, preview_of

        try:
            found = preview_of(self._data, self._state.session.id, stop=self._preview_stop)
        except StsError as error:
            return {"state": "failed", "problem": error.told, "figures": []}
        except OSError:
            return {"state": "failed", "problem": FAILED, "figures": []}
        failed = found.problem == STOPPED or found.problem.startswith(FAILED)
        if found.problem == STOPPED and self._following.locked():
            return {"state": "failed", "problem": _WAITS, "figures": []}
        figures = [asdict(figure) for figure in found.figures]
        return {"state": "failed" if failed else "done", "problem": found.problem, "figures": figures}

    # -- telling -------------------------------------------------------------------------------------------------------------

    @staticmethod
    def _in_background(work: Callable[..., None], *args: Any) -> None:
        threading.Thread(target=work, args=args, daemon=True).start()

    def _tell_about(self) -> None:
        self._tell("closing-about", **about_closing(self._state, self._data))

    def _tell_run(self, found: dict[str, Any], *, running: bool) -> None:
        self._tell("closing-run", **found, running=running)

    def _tell(self, kind: str, **content: Any) -> None:
        if self.form:
            self.form.tell(kind, **content)
