"""What every change of stored figures begins with: one at a time, and first what a crash left is brought to an end."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from stslib.absences.stored.disk import only_one, sync_folder
from stslib.absences.stored.places import LASTING, figures_root, key_path, link_path
from stslib.absences.stored.record import note, unfinished
from stslib.errors import DatasetError

_TARGET = re.compile(r"[a-z0-9-]+(/\d{4}-\d{4}(/v\d{4,})?)?")
_IDENTITY = re.compile(r"[0-9a-f]{8,32}")


@contextmanager
def changing(data: Path, fact: str) -> Iterator[None]:
    """Hold the figures of *data* while they change; an error of the disk is told as *fact*, with what to do.

    Raises:
        DatasetError: another process holds them, or the folder cannot be read or written.
    """
    try:
        with only_one(data):
            settle(data)
            yield
    except OSError as error:
        raise DatasetError(
            "gegevensmap", fact, "Kijk na of de schijf vol is en of de map beschrijfbaar is, en probeer nog eens."
        ) from error


def tidy(data: Path) -> None:
    """Bring to an end what a crash left, where nobody is at work and the folder can be written; else a later run does."""
    if figures_root(data).is_dir():
        with suppress(OSError, DatasetError), only_one(data, seconds=0.0):
            settle(data)


def settle(data: Path) -> None:
    """Finish or write off the removals that a crash broke off, and sweep what unfinished work left behind.

    To be called by who holds ``only_one``: nobody else is at work, so what looks unfinished was left.
    """
    root = figures_root(data)
    for begun in unfinished(data):
        identity, target = begun["id"], str(begun.get("target"))
        if not _TARGET.fullmatch(target) or not _IDENTITY.fullmatch(identity):
            continue
        if begun.get("what") == "link":
            went = not key_path(data, root / target).exists()
        else:
            went = gone_path(data, identity).exists() or not (root / target).exists()
        if went:
            finish(data, begun)
        note(data, identity, "done" if went else "broken-off", settled_later=True)
    for left in (*root.glob(".gone-*"), *root.glob("*/????-????/.new-*")):
        shutil.rmtree(left, ignore_errors=True)
    for left in (*root.glob("*/.*-*"), *root.glob("*/????-????/.*-*"), *(data / "keys").glob(".*-*")):
        if left.is_file():
            with suppress(OSError):
                left.unlink()


def gone_path(data: Path, identity: str) -> Path:
    """Where something is between its last moment in sight and its last byte on the disk."""
    return figures_root(data) / f".gone-{identity}"


def finish(data: Path, removal: dict[str, Any]) -> None:
    """Wipe what is out of sight already, and what was counted from it.

    Raises:
        OSError: something cannot be wiped; it stays out of sight, and a later run tries again.
    """
    folder = figures_root(data) / str(removal["target"]).partition("/")[0]
    if removal["what"] in ("school", "link"):
        key_path(data, folder).unlink(missing_ok=True)
        sync_folder(data / "keys")
    if removal["what"] == "link":
        link_path(folder).unlink(missing_ok=True)
        sync_folder(folder)
        return
    if folder.is_dir():
        for counted in folder.iterdir():
            if counted.is_file() and counted.name not in LASTING:
                counted.unlink(missing_ok=True)
    gone = gone_path(data, removal["id"])
    if gone.exists():
        shutil.rmtree(gone)
    sync_folder(figures_root(data))
