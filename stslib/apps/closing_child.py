"""The process that closes a session or archives a trajectory: the archive first, then what is made of it.

It outlives the page that asked for it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from stslib.apps.closing_run import ClosingRun
from stslib.errors import ArchiveStopped, StoreError, StsError
from stslib.forms.state import FormState
from stslib.model.session import SESSION_ITEM, Change
from stslib.paths import exports_folder
from stslib.text import local_time

_BETWEEN_LOOKS = 0.1
CARRIERS = (("xlsx", "Excel"), ("pdf", "PDF"), ("affiche", "Affiche A3"))
"""What is made of an archive, in this order: id and name."""

Progress = Callable[[str, float], None]


def close_session(
    state: FormState, data: Path, *, writer: str, progress: Progress | None = None, stop: Event | None = None
) -> dict[str, Any]:
    """Archive a session, note in the journal that it was closed, and list the archive on the shelf.

    Returns:
        ``archive`` (path relative to the exports), ``sha256``, ``version`` and ``at`` (the time of day).

    Raises:
        ArchiveStopped: *stop* was set; the session stays open and nothing is left behind.
        ArchiveError: the archive could not be made; the session stays open.
        StoreError: the journal cannot be written; the archive stands, the session stays open.
    """
    from stslib.archive import archive_session
    from stslib.archive.keeping.shelf import write_index

    exports = exports_folder(data)
    result = archive_session(data, state.session.id, exports, progress=progress, stop=stop)
    archive = result.path.relative_to(exports).as_posix()
    seen = state.entry(SESSION_ITEM, "closed")
    change = Change(
        item=SESSION_ITEM,
        field="closed",
        value={"archive": archive, "sha256": result.sha256, "seq": result.seq, "version": result.version},
        seen=seen.revision if seen else 0,
        edit_id=f"closed-{result.sha256[:24]}",
    )
    outcome = state.apply([change], writer=writer)[0]
    if outcome.entry is None:
        raise StoreError("sessie", outcome.refused, "Het archief staat er; de sessie blijft open.")
    with suppress(StsError):  # the list is made again at every look on the server, and at the next closing
        write_index(exports)
    at = f"{local_time(outcome.entry.recorded_at):%H:%M}"
    return {"archive": archive, "sha256": result.sha256, "version": result.version, "at": at}


class ClosingWork:
    """One run of closing, told on disk step by step.

    Args:
        data: the data folder.
        identity: the session or trajectory.
        run: the name of this run.
        writer: the window that asked.
    """

    def __init__(self, data: Path, identity: str, run: str, writer: str) -> None:
        self._data, self._identity, self._writer = data, identity, writer
        self._disk = ClosingRun(data, identity)
        self._stop = Event()
        self._over = Event()
        self._told: dict[str, Any] = {"run": run, "phase": "archive", "stage": "archief voorbereiden", "share": 0.0, "text": ""}

    def work(self, what: str, archive: str = "") -> None:
        """Do *what* ``ClosingRun.launch`` was asked; nothing while another run is at it."""
        with self._disk.alone() as mine:
            if not mine:
                return
            self._tell()
            looking = Thread(target=self._look_for_stop, daemon=True)
            looking.start()
            try:
                if what == "demo":
                    self._make_demo()
                else:
                    made = archive if what == "make" else self._archived(what)
                    if made:
                        self._make(made, CARRIERS[:2] if what == "trajectory" else CARRIERS)
            except Exception as error:  # a page waits for an end; the text may hold what a person typed
                self._tell(phase="failed", text=f"Er ging iets mis ({type(error).__name__}). Wat ingevuld is, is bewaard.")
            finally:
                self._over.set()
                looking.join()
                self._disk.forget_stop()

    def _tell(self, **changed: Any) -> None:
        self._told |= changed
        self._disk.write(self._told)

    def _look_for_stop(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS):
            if self._disk.is_to_stop(self._told["run"]):
                self._stop.set()
                return

    def _archived(self, what: str) -> str:
        """Path of the archive, relative to the exports; empty when it was not made."""
        stays = "De sessie blijft open." if what == "close" else ""
        try:
            closed = self._close() if what == "close" else self._archive_trajectory()
        except ArchiveStopped:
            self._tell(phase="stopped", text=f"Gestopt. Er is niets geschreven. {stays}".strip())
        except StsError as error:
            self._tell(phase="failed", text=error.told)
        except OSError as error:
            self._tell(phase="failed", text=f"Het archief kon niet geschreven worden ({error.strerror}). {stays}".strip())
        else:
            self._tell(closed=closed)
            return str(closed["archive"])
        return ""

    def _close(self) -> dict[str, Any]:
        from stslib.apps.sessions import open_session

        state = open_session(self._identity, data=self._data)
        return close_session(state, self._data, writer=self._writer, progress=self._tell_stage, stop=self._stop)

    def _archive_trajectory(self) -> dict[str, Any]:
        from stslib.archive import archive_trajectory

        exports = exports_folder(self._data)
        made = archive_trajectory(self._data, self._identity, exports, progress=self._tell_stage, stop=self._stop)
        return {"archive": made.path.relative_to(exports).as_posix(), "version": made.version, "sha256": made.sha256}

    def _make_demo(self) -> None:
        self._tell(phase="demo", stage="de voorbeeldschool klaarzetten")
        command = [sys.executable, "-m", "stslib", "demo", "--data", str(self._data)]
        quiet = subprocess.DEVNULL
        done = subprocess.run(command, check=False, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603 - our own program
        if done.returncode == 0:
            self._tell(phase="done", text="De voorbeeldschool staat klaar.")
        else:
            self._tell(phase="failed", text="De voorbeeldschool kon niet klaargezet worden. Is er nog plaats op de schijf?")

    def _tell_stage(self, stage: str, share: float) -> None:
        self._tell(stage=stage, share=round(share, 3))

    def _make(self, archive: str, carriers: Sequence[tuple[str, str]]) -> None:
        from stslib.archive.keeping.shelf import write_index

        path = exports_folder(self._data) / archive
        made = [{"kind": kind, "name": name, "state": "waiting", "text": ""} for kind, name in carriers]
        for one in made:
            self._tell(phase="carriers", stage=one["name"], archive=archive, made=made)
            one["state"] = "busy"
            self._tell(made=made)
            try:
                if self._stop.is_set():
                    raise ArchiveStopped(one["name"])
                self._carry(one["kind"], path)
            except ArchiveStopped:
                one |= {"state": "stopped", "text": "Gestopt."}
            except StsError as error:
                one |= {"state": "failed", "text": error.told}
            except Exception as error:  # the archive stands; only this one is missing
                one |= {"state": "failed", "text": f"Dit lukte niet ({type(error).__name__}). Het archief zelf is heel."}
            else:
                one["state"] = "done"
            self._tell(made=made)
        with suppress(StsError):
            write_index(exports_folder(self._data))
        self._tell(phase="done", stage="", share=1.0)

    def _carry(self, kind: str, archive: Path) -> None:
        match kind:
            case "xlsx":
                from stslib.archive.carriers.workbook import workbook_of

                workbook_of(archive)
            case "pdf":
                from stslib.archive.carriers.pdf import pdf_of

                pdf_of(archive, stop=self._stop)
            case "affiche":
                from stslib.archive.carriers.poster import poster_of

                poster_of(self._data, self._identity, exports_folder(self._data), size="a3", stop=self._stop)


if __name__ == "__main__":
    data, identity, run, writer, what, archive = sys.argv[1:7]
    ClosingWork(Path(data), identity, run, writer).work(what, archive)
