"""A process beside a page that holds rows of pupils for as long as they are needed: what was read, or a list on the screen.

The page kernel stays as small as its form that way and never holds a row, "stoppen" stops at once, and whatever a file does to
the reader, the page lives on. The process ends with the page, however that ends.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import stslib

_PACKAGE = Path(stslib.__file__).resolve().parent


class Desk:
    """The page's end of the process: commands go in, what it answers is told.

    Args:
        module: what the process runs; it answers through ``stslib.apps.desk_child.serve``.
        data: the data folder.
        school: whose figures they are.
        tell: called with each answer, from a thread of its own. One that has ``kind`` ``progress`` is followed by others.
        lost: what is told when the process ends before it answered.
    """

    def __init__(
        self, module: str, data: Path, school: str, tell: Callable[[dict[str, Any]], None], *, lost: Mapping[str, Any]
    ) -> None:
        self._module = module
        self._where = {"data": str(data), "school": school}
        self._tell = tell
        self._lost = dict(lost)
        self._process: subprocess.Popen[str] | None = None
        self._waiting = False
        self._lock = threading.Lock()
        atexit.register(self.stop)

    def ask(self, command: Mapping[str, Any]) -> None:
        """Have the process do *command*; its answer is told later."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._start()
            self._waiting = True
            process = self._process
            assert process.stdin is not None
            with suppress(OSError):  # a process that just ended is told of by its listener
                process.stdin.write(json.dumps(command) + "\n")
                process.stdin.flush()

    def stop(self) -> None:
        """End the process at once, and with it what it read."""
        with self._lock:
            process, self._process, self._waiting = self._process, None, False
        if process is not None:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        paths = [str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it prints may hold a row
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"},
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(self._where) + "\n")
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()
        return process

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stdin is not None
        with process.stdout, suppress(ValueError):
            for line in process.stdout:
                answer = json.loads(line)
                with self._lock:
                    if self._process is not process:
                        break  # stopped: what was on its way is not told any more
                    if answer["kind"] != "progress":
                        self._waiting = False
                self._tell(answer)
        process.wait()
        with suppress(OSError):
            process.stdin.close()
        with self._lock:
            lost = self._waiting and self._process is process
            if self._process is process:
                self._process, self._waiting = None, False
        if lost:
            self._tell(dict(self._lost))
