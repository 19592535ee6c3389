"""Files that a page brings over: they come in pieces, land in a private folder, and go when they were read."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from stslib.text import slug

ROLES = ("export", "enrolment", "classes")

LEFTOVER_AGE = 15 * 60
"""Seconds after which files that came over belong to a page that is gone: they hold names, so they do not stay."""


def sweep(folder: Path, *, older_than: float = LEFTOVER_AGE) -> None:
    """Remove what pages that were killed left in *folder*."""
    for left in folder.glob("sts-*"):
        if time.time() - left.stat().st_mtime > older_than:
            shutil.rmtree(left, ignore_errors=True)


class Inbox:
    """The files of one page by role (``export``, ``enrolment``, ``classes``).

    Args:
        folder: the folder of this user in which files wait until they were read; what is left of earlier pages goes.
        limit: the largest file in bytes.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.limit = limit
        self._folder = folder
        self._own: Path | None = None
        self._files: dict[str, Path] = {}
        self._expected: dict[str, int] = {}
        sweep(folder)
        atexit.register(self.forget)

    @property
    def place(self) -> Path | None:
        """The private folder of this page, while it holds files."""
        return self._own

    def begin(self, role: str, name: str, size: int) -> None:
        """Take in a file of *size* bytes; one of another role, or too large, is not taken in."""
        if role not in ROLES or not 0 < size <= self.limit:
            return
        if self._own is None or not self._own.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._own, self._files, self._expected = Path(tempfile.mkdtemp(prefix="sts-", dir=self._folder)), {}, {}
        # Only the ending of the given name is used as it is; the rest cannot be a path.
        given = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
        ending = "." + slug(given.suffix) if given.suffix else ""
        target = self._own / role / (slug(given.stem) + ending)
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir()
        target.write_bytes(b"")
        self._files[role], self._expected[role] = target, size

    def take(self, role: str, buffers: Sequence[memoryview]) -> bool:
        """Take in the next piece of a file; False where no such file was begun."""
        target = self._files.get(role)
        if target is None or not buffers or not target.exists():
            return False
        if target.stat().st_size + len(buffers[0]) <= self._expected[role]:
            with target.open("ab") as file:
                file.write(buffers[0])
        return True

    def files(self) -> dict[str, Path] | None:
        """The files by role; None when the export is missing or a file did not arrive whole."""
        whole = all(path.exists() and path.stat().st_size == self._expected[role] for role, path in self._files.items())
        return dict(self._files) if whole and "export" in self._files else None

    def forget(self, role: str | None = None) -> None:
        """Remove what came over: one file, or all of them."""
        if role is not None:
            if path := self._files.pop(role, None):
                shutil.rmtree(path.parent, ignore_errors=True)
            return
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)
        self._own, self._files, self._expected = None, {}, {}
