"""Have a script parse a file in a process of its own: it may run out of memory or time, or die; this process lives on."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from typing import Any

from stslib.guarded.answer import Answer, RefusedError, read_answer
from stslib.guarded.limits import ProcessLimits

_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""How the files start that need the workbook parser, which stands among the packages."""
_TIME_SIGNALS = (24, 9)
"""SIGXCPU, or SIGKILL at the hard limit of processor time."""
_MEMORY_SIGNAL = 6
"""SIGABRT: the parser could not get the memory it asked for."""


def run_child(
    script: Path,
    job: Mapping[str, Any],
    content: bytes,
    limits: ProcessLimits,
    *,
    waiting: Callable[[float], None] | None = None,
) -> Answer:
    """What *script* makes of *content*.

    Args:
        script: ends with ``child.work``.
        job: what its parsing must know besides the file; goes as JSON.
        content: the file's bytes; go through a pipe.
        limits: what the process may use.
        waiting: called a few times a second with the seconds so far; what it raises ends the process and passes on.

    Raises:
        RefusedError: the script refused the file, or it ran out of ``time`` or ``memory``, or died (``crash``).
    """
    order = {
        "job": job,
        "path": [entry for entry in sys.path if entry] if content.startswith(_WORKBOOKS) else [],
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.cpu_seconds,
    }
    seconds = limits.wall_seconds if sys.platform == "win32" else limits.wall_seconds_with_cpu_limit
    return read_answer(_run(script, json.dumps(order).encode("ascii") + b"\n" + content, seconds, waiting))


def _run(script: Path, order: bytes, seconds: float, waiting: Callable[[float], None] | None) -> bytes:
    try:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and our own script; the file goes in through a pipe
            [sys.executable, "-I", "-S", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a parser that gives up may print what it was reading
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise RefusedError("crash") from error
    started = time.monotonic()
    # One call of communicate, in a thread: called again after a timeout it forgets the input that it had not yet written.
    talk: Future[tuple[bytes, bytes]] = Future()
    thread = threading.Thread(target=_talk, args=(process, order, seconds, talk), daemon=True)
    thread.start()
    try:
        while not wait([talk], timeout=0.2 if waiting else None).done:
            if waiting:
                waiting(time.monotonic() - started)
    finally:
        if process.poll() is None:
            process.kill()
        thread.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
    try:
        output, _ = talk.result()
    except subprocess.TimeoutExpired as error:
        raise RefusedError("time") from error
    except OSError as error:
        raise RefusedError("crash") from error
    if process.returncode:
        raise RefusedError(_reason_of(process.returncode))
    return output


def _reason_of(status: int) -> str:
    """Why a process ended with *status*, which is not 0."""
    if -status in _TIME_SIGNALS:
        return "time"
    return "memory" if -status == _MEMORY_SIGNAL else "crash"


def _talk(process: subprocess.Popen[bytes], order: bytes, seconds: float, talk: Future[tuple[bytes, bytes]]) -> None:
    try:
        talk.set_result(process.communicate(order, timeout=seconds))
    except BaseException as error:  # told to who waits
        process.kill()
        process.communicate()
        talk.set_exception(error)
