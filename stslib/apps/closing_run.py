"""One closing at a time, told on disk: what a page that is reloaded, or a second window, finds of a closing under way.

A page's kernel ends when the page is closed or reloaded, so a closing has a process of its own (``closing_child``). In
``closing/`` of the data folder stand, per session: how far it is (JSON, replaced whole), a lock that goes with the process
that holds it, and a file that asks to stop.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

_LAUNCH = (
    "import subprocess, sys\n"
    "quiet = subprocess.DEVNULL\n"
    "subprocess.Popen(sys.argv[1:], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True,"
    " creationflags=getattr(subprocess, 'CREATE_NO_WINDOW', 0))\n"
)
_WAIT_FOR_A_LOOK = 2.0
"""Seconds that a closing waits for the lock: who looks whether one is under way has it for a moment."""

OVER = ("done", "stopped", "failed")
"""Phases in which nothing is going on; the others are ``archive``, ``carriers`` and ``demo``."""

BROKEN_OFF = "Dit werk is onderbroken. Wat ingevuld is, is bewaard; begin opnieuw."
_BETWEEN_LOOKS = 0.15
_START_LOOKS = 200
"""Looks at the disk after which a process that was started and says nothing counts as gone."""


class ClosingRun:
    """The closing of one session, or the archive of one trajectory, as it stands on disk, seen from any process.

    Args:
        data: the data folder.
        identity: the session or trajectory.
    """

    def __init__(self, data: Path, identity: str) -> None:
        folder = data / "closing"
        folder.mkdir(exist_ok=True)
        self._data, self._identity = data, identity
        self._state, self._lock, self._stop = (folder / f"{identity}.{kind}" for kind in ("json", "lock", "stop"))

    def read(self) -> dict[str, Any]:
        """How far it is; empty when there was none."""
        with suppress(OSError, ValueError):
            state = json.loads(self._state.read_text(encoding="utf-8"))
            return state if isinstance(state, dict) else {}
        return {}

    def write(self, state: dict[str, Any]) -> None:
        """Tell how far it is; a reader finds the old state or the new one."""
        draft = self._state.with_name(f".{self._state.name}.{secrets.token_hex(4)}")
        try:
            draft.write_text(json.dumps(state), encoding="utf-8")
            draft.replace(self._state)
        except OSError:  # the disk is full, or somebody reads on Windows: the next step tells it again
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether a process is at it now."""
        if not self._lock.exists():
            return False
        with self.alone(wait=0) as mine:
            return not mine

    @contextmanager
    def alone(self, *, wait: float = _WAIT_FOR_A_LOOK) -> Iterator[bool]:
        """Hold the lock; gives False when another process holds it. It is let go when the process ends, however it ends."""
        with closing(sqlite3.connect(self._lock, timeout=wait, isolation_level=None, check_same_thread=False)) as held:
            try:
                held.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
            else:
                yield True

    def ask_to_stop(self, run: str = "") -> None:
        """Have *run* stop; the one that is under way when none is named."""
        with suppress(OSError):
            self._stop.write_text(run or str(self.read().get("run", "")), encoding="utf-8")

    def is_to_stop(self, run: str) -> bool:
        """Whether somebody asked this very *run* to stop."""
        with suppress(OSError):
            return self._stop.read_text(encoding="utf-8") == run
        return False

    def forget_stop(self) -> None:
        """Take away what asked to stop."""
        with suppress(OSError):
            self._stop.unlink(missing_ok=True)

    def steps(self, run: str = "") -> Iterator[tuple[dict[str, Any], bool]]:
        """How far it is, at each change, with whether it goes on; the last is what became of it.

        Args:
            run: the run that was just started; empty to follow whatever is under way.
        """
        turn = Event()
        told: dict[str, Any] = {}
        waited = 0
        while True:
            running = self.is_running()
            found = self.read()  # after the look at the lock, so that a run that is over has told its end
            if run and found.get("run") != run and not running and waited < _START_LOOKS:
                waited += 1
            elif found.get("phase") in OVER or not running:
                yield self.settled(), False
                return
            elif found and found != told:
                told = found
                yield found, True
            turn.wait(_BETWEEN_LOOKS)

    def settled(self) -> dict[str, Any]:
        """What became of the last run; one whose process went away in the middle was broken off."""
        found = self.read()
        return found if found.get("phase") in OVER else found | {"phase": "failed", "text": BROKEN_OFF}

    def launch(self, writer: str, *, what: str = "close", archive: str = "") -> str:
        """Start the work in a process that outlives this one; returns the name of the run.

        Args:
            writer: the window that asks.
            what: ``close`` a session, ``make`` what belongs to *archive*, archive a ``trajectory``, or make the ``demo``.
            archive: path relative to the exports.
        """
        run = secrets.token_hex(8)
        root = Path(__file__).resolve().parents[2]
        paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        asked = [str(self._data), self._identity, run, writer, what, archive]
        # Through a process in between: a kernel that ends takes along what it started itself.
        subprocess.run(  # noqa: S603 - our own program, and no shell
            [sys.executable, "-c", _LAUNCH, sys.executable, "-m", "stslib.apps.closing_child", *asked],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        return run
