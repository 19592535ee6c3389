"""A program that writes to a journal and says so; the tests run it as another process, and kill it.

``append SESSION COUNT NAME``  append COUNT changes, then stop.
``fork SESSION``               for every line on stdin fork a writer that appends without end and acknowledges each append.
"""

from __future__ import annotations

import os
import sys
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
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            write_without_end(Path(where), session_id, line.strip())
        say(f"pid {line.strip()} {child}")
        os.waitpid(child, 0)
        say(f"gone {line.strip()}")


if __name__ == "__main__":
    main()
