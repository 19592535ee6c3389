"""The process behind a ``Desk``: a line of JSON in is a command, a line of JSON out an answer."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from stslib.errors import StsError

Tell = Callable[..., None]
"""Writes an answer: its kind, and what it says."""


class Worker(Protocol):
    """Does one command after the other."""

    def do(self, command: Mapping[str, Any]) -> None: ...


def refuse(tell: Tell, error: Exception, *, place: str, fact: str, remedy: str) -> None:
    """Tell what went wrong: an error of ours in its own words, of any other only the type, for its text may hold a row."""
    if isinstance(error, StsError):
        tell("refused", place=error.place, fact=error.fact, remedy=error.remedy)
    else:
        tell("refused", place=place, fact=f"{fact} ({type(error).__name__}).", remedy=remedy)


def serve(make: Callable[[Path, str, Tell], Worker]) -> int:
    """Do the commands of standard input, one by one, until it ends.

    A folder that a command names as its ``place`` holds files of the page: it goes when the page is gone, for then nobody else
    removes it.
    """
    where = json.loads(sys.stdin.readline())
    commands: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def listen() -> None:
        place = ""
        for line in sys.stdin:
            command = json.loads(line)
            place = str(command.get("place") or place)
            commands.put(command)
        if place:
            shutil.rmtree(place, ignore_errors=True)
        os._exit(0)

    def tell(kind: str, **content: Any) -> None:
        with suppress(OSError):
            sys.stdout.write(json.dumps({"kind": kind, **content}) + "\n")
            sys.stdout.flush()

    threading.Thread(target=listen, daemon=True).start()
    worker = make(Path(where["data"]), where["school"], tell)
    while True:
        worker.do(commands.get())
