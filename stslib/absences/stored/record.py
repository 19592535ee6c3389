"""The record of what was removed: a line when it begins and one when it is done, without anything of a pupil."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Step = Literal["begins", "done", "broken-off"]


def record_path(data: Path) -> Path:
    """Where the record is: beside the figures, so that it stays when they go."""
    return data / "removals.jsonl"


def note(data: Path, identity: str, step: Step, **content: Any) -> None:
    """Append a line, on the disk before this returns.

    Raises:
        OSError: it cannot be written.
    """
    line = json.dumps({"id": identity, "step": step, "at": datetime.now(UTC).isoformat(), **content}, ensure_ascii=False)
    with record_path(data).open("ab+") as file:
        cut_off = file.seek(0, os.SEEK_END) > 0 and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n"
        file.write((b"\n" if cut_off else b"") + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_record(data: Path) -> tuple[dict[str, Any], ...]:
    """Every line that can be read, oldest first; a line that a crash cut off says nothing."""
    try:
        lines = record_path(data).read_bytes().splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict) and isinstance(content.get("id"), str):
            found.append(content)
    return tuple(found)


def unfinished(data: Path) -> tuple[dict[str, Any], ...]:
    """The removals that began and of which nobody noted how they ended."""
    lines = read_record(data)
    ended = {line["id"] for line in lines if line.get("step") in ("done", "broken-off")}
    return tuple(line for line in lines if line.get("step") == "begins" and line["id"] not in ended)
