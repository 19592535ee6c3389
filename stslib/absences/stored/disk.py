"""Changes on disk that are whole or not there, and one writer at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from stslib.absences.stored.places import figures_root
from stslib.errors import DatasetError

if TYPE_CHECKING:
    import polars as pl

LOCK_SECONDS = 20.0
"""How long a writer waits for another."""


def seal(path: Path) -> str:
    """Make sure that *path* is on the disk; its SHA-256."""
    with path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make sure that names that came or went in *folder* are on the disk; nothing where folders cannot be asked that."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_parquet(table: pl.DataFrame, path: Path) -> None:
    """Write *table*; what the disk refuses is an error of the disk, whatever the engine calls it."""
    import polars as pl

    try:
        table.write_parquet(path, compression="zstd")
    except pl.exceptions.PolarsError as error:
        raise OSError(f"{path.name}: {type(error).__name__}") from error


def write_whole(path: Path, content: bytes) -> None:
    """Replace *path* in one step, readable by its owner only; the old content stays when anything goes wrong."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


@contextmanager
def only_one(data: Path, seconds: float | None = None) -> Iterator[None]:
    """One writer of figures per data folder at a time, also across processes; the lock of a process that died is gone with it.

    Args:
        data: the data folder.
        seconds: how long to wait for another; None waits ``LOCK_SECONDS``.

    Raises:
        DatasetError: another process kept it all that time.
        OSError: the folder cannot be written.
    """
    root = figures_root(data)
    root.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + (LOCK_SECONDS if seconds is None else seconds)
    turn = threading.Event()
    with (root / ".lock").open("ab") as file:
        while not _take(file.fileno()):
            if time.monotonic() >= deadline:
                raise DatasetError(
                    "gegevensmap",
                    "Een ander venster is bezig met bewaarde cijfers.",
                    "Wacht tot dat klaar is en probeer nog eens.",
                )
            turn.wait(0.05)
        try:
            yield
        finally:
            _give_back(file.fileno())


_HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            return error.errno not in _HELD  # a disk that knows no locks: go on without
        return True

    def _give_back(descriptor: int) -> None:
        with suppress(OSError):
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in _HELD  # a disk that knows no locks: go on without
        return True

    def _give_back(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
