"""A program that writes to a journal and says so; the tests run it as another process, and kill it.

``append SESSION COUNT NAME``  append COUNT changes, then stop.
``fork SESSION``               for every line on stdin fork a writer that appends without end and acknowledges each append.
``migrate -``                  for every line on stdin, a folder and perhaps a number of seconds, fork a process that opens the
                               journal in that folder, kill it after so long, and say how it ended and how long it took.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from stslib.model.session import Change
from stslib.store import open_journal


def changes(name: str, group: int) -> list[Change]:
    """One to four changes that belong together."""
    size = group % 4 + 1
    return [
        Change(item=f"vraag{number}", field="answer", value="tekst " * (group % 50), edit_id=f"{name}-{group}-{number}-{size}")
        for number in range(size)
    ]


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def write_without_end(data: Path, session_id: str, name: str) -> None:
    journal = open_journal(data)
    group = 0
    while True:
        entries = journal.append(session_id, changes(name, group), writer=name)
        say(f"ack {name} {' '.join(entry.edit_id for entry in entries)}")
        group += 1


def migrate_on_demand(folder: Path) -> None:
    import alembic.command
    import alembic.config  # noqa: F401  so that a forked process spends its life on migrating, not on importing

    for line in sys.stdin:
        name, *wait = line.split()
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                open_journal(folder / name).close()
                os._exit(0)
            except BaseException:
                os._exit(1)
        if wait:
            time.sleep(float(wait[0]))  # the moment of death falls anywhere within an opening
            os.kill(child, signal.SIGKILL)  # a process that has ended keeps its number until it is waited for
        status = os.waitpid(child, 0)[1]
        ended = "killed" if os.WIFSIGNALED(status) else "whole" if status == 0 else "failed"
        say(f"{ended} {time.monotonic() - started}")


def main() -> None:
    task, where, session_id, *rest = sys.argv[1:]
    if task == "append":
        with open_journal(**({"url": where} if "://" in where else {"data": Path(where)})) as journal:
            say("ready")
            sys.stdin.readline()
            for number in range(int(rest[0])):
                journal.append(
                    session_id,
                    [Change(item="gedeeld", field="answer", value=number, edit_id=f"{rest[1]}-{number}")],
                    writer=rest[1],
                )
        return
    if task == "migrate":
        migrate_on_demand(Path(where))
        return
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write_without_end(Path(where), session_id, line.strip())
        say(f"pid {line.strip()} {child}")
        os.waitpid(child, 0)
        say(f"gone {line.strip()}")


if __name__ == "__main__":
    main()
