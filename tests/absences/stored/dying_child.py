"""A process that changes stored figures and kills itself with SIGKILL just before its n-th touch of the disk.

    python dying_child.py FOLDER

``FOLDER/data`` is the data folder, ``FOLDER/reading.pickle`` the reading to store. Each line of standard input is
``TASK N``; the answer is ``killed``, or ``whole`` when there were fewer than N touches. The work is done in a fork, so that the
imports are paid once.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cryptography.fernet
import polars  # noqa: F401 - paid once

import stslib.absences.reading.values
from stslib.absences import Profile, drop_link, drop_versions, save_profile, set_keep_until, store_reading
from stslib.absences.stored.removal import plan_removal, remove

TOUCHES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "fcntl.flock", "shutil.rmtree")
IMPORTED = (cryptography.fernet, stslib.absences.reading.values)


def tasks(folder: Path) -> dict[str, Callable[[], object]]:
    data = folder / "data"
    return {
        "store": lambda: store_reading(data, "School", pickle.loads((folder / "reading.pickle").read_bytes())),
        "first": lambda: store_reading(data, "Nieuw", pickle.loads((folder / "reading.pickle").read_bytes())),
        "delete": lambda: remove(data, plan_removal(data, "School")),
        "year": lambda: remove(data, plan_removal(data, "School", school_year="2025-2026")),
        "older": lambda: drop_versions(data, "School", "2025-2026", older=True),
        "newest": lambda: drop_versions(data, "School", "2025-2026", version=2),
        "link": lambda: drop_link(data, "School"),
        "keep": lambda: set_keep_until(data, "School", "2025-2026", date(2030, 1, 1)),
        "profile": lambda: save_profile(data, "School", Profile(saved_on=date(2030, 1, 1))),
    }


def die_at(number: int, data: Path) -> None:
    """End this process at its *number*-th touch of *data* or of a file that is open."""
    left = number

    def touch() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in TOUCHES and (event == "fcntl.flock" or str(arguments[0]).startswith(str(data))):
            touch()

    sync = os.fsync

    def fsync(descriptor: int) -> None:
        touch()
        sync(descriptor)

    os.fsync = fsync
    sys.addaudithook(audit)


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        task, number = line.split()
        child = os.fork()
        if child == 0:
            die_at(int(number), folder / "data")
            try:
                tasks(folder)[task]()
            except BaseException as error:
                print(f"failed {type(error).__name__} {error}", flush=True)
                os._exit(1)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if killed else "whole" if status == 0 else "failed", flush=True)


if __name__ == "__main__":
    main()
