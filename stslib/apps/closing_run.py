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
"""Phases in which nothing is going on; the others are ``archive`` and ``carriers``."""


class ClosingRun:
    """The closing of one session as it stands on disk, seen from any process.

    Args:
        data: the data folder.
        session_id: the session.
    """

    def __init__(self, data: Path, session_id: str) -> None:
        folder = data / "closing"
        folder.mkdir(exist_ok=True)
        self._data, self._session = data, session_id
        self._state, self._lock, self._stop = (folder / f"{session_id}.{kind}" for kind in ("json", "lock", "stop"))

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
        """Whether a process is closing this session now."""
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

    def launch(self, writer: str, *, make: str = "") -> str:
        """Start closing the session in a process that outlives this one; returns the name of the run.

        Args:
            writer: the window that asks.
            make: only make PDF, workbook and poster of this archive (relative to the exports), without closing again.
        """
        run = secrets.token_hex(8)
        root = Path(__file__).resolve().parents[2]
        paths = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
        command = [sys.executable, "-m", "stslib.apps.closing_child", str(self._data), self._session, run, writer, make]
        # Through a process in between: a kernel that ends takes along what it started itself.
        subprocess.run(  # noqa: S603 - our own program, and no shell
            [sys.executable, "-c", _LAUNCH, *command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        return run
