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
from typing import Any, ClassVar, Protocol

from stslib.errors import StsError

Tell = Callable[..., None]
"""Writes an answer: its kind, and what it says."""


class Worker(Protocol):
    """Does one command after the other."""

    def do(self, command: Mapping[str, Any]) -> None: ...


class Work:
    """What a process knows between two commands; a command ``keep`` is a method ``_keep``, where ``commands`` names it.

    Args:
        data: the data folder.
        school: whose figures they are.
        tell: writes an answer.
    """

    commands: ClassVar[frozenset[str]]
    failure: ClassVar[tuple[str, str, str]]
    """Place, fact and remedy that are told of an error that has no words of its own."""

    def __init__(self, data: Path, school: str, tell: Tell) -> None:
        self.data = data
        self.school = school
        self.tell = tell

    def do(self, command: Mapping[str, Any]) -> None:
        """Answer one command; whatever goes wrong, there is an answer, and it holds no value of a row."""
        kind = str(command.get("kind"))
        try:
            if kind in self.commands:
                getattr(self, f"_{kind}")(command)
        except StsError as error:
            self.refuse(command, place=error.place, fact=error.fact, remedy=error.remedy)
        except Exception as error:  # its text may hold a row
            place, fact, remedy = self.failure
            self.refuse(command, place=place, fact=f"{fact} ({type(error).__name__}).", remedy=remedy)

    def refuse(self, command: Mapping[str, Any], **told: str) -> None:
        """Tell that *command* could not be done, and why."""
        self.tell("refused", **told)


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
