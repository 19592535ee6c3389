"""Bringing in an export as a widget: files come over in pieces, land in a private folder, and go when they were read."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from stslib.forms.widgets.assemble import module, style
from stslib.model.figure import FigureCard
from stslib.text import slug

ROLES = ("export", "enrolment", "classes")

LEFTOVER_AGE = 15 * 60
"""Seconds after which files that came over belong to a page that is gone: they hold names, so they do not stay."""


def sweep(inbox: Path, *, older_than: float = LEFTOVER_AGE) -> None:
    """Remove what pages that were killed left in *inbox*."""
    for folder in inbox.glob("sts-*"):
        if time.time() - folder.stat().st_mtime > older_than:
            shutil.rmtree(folder, ignore_errors=True)


class Intake(anywidget.AnyWidget):  # type: ignore[misc]
    """The step "Cijfers": choose files, read, look at the report, keep or drop; and every figure card there is.

    Args:
        school_years: the years whose calendar is known, newest first; *school_year* is the proposed one.
        limit: the largest file in bytes.
        inbox: the folder of this user in which files wait until they were read; what is left of earlier pages goes.
        on_read: called with the files by role (``export``, ``enrolment``, ``classes``) and the school year; answers with
            ``show_progress``, ``show_report`` or ``refuse``, from any thread.
        on_decide: called with True to keep what was read, with False to drop it.
        on_stop: called when a person stops the reading.
        on_status: called with ``unlawful``, ``lawful`` or ``open`` when a person asks for that part of the figures, with an
            empty text for all of them.
    """

    _esm = module("intake.js")
    _css = style("form.css")

    school_years = traitlets.List().tag(sync=True)
    school_year = traitlets.Unicode().tag(sync=True)
    limit = traitlets.Int().tag(sync=True)
    stored = traitlets.Unicode().tag(sync=True)
    cards = traitlets.List().tag(sync=True)

    def __init__(
        self,
        school_years: Sequence[str],
        school_year: str,
        *,
        limit: int,
        inbox: Path,
        on_read: Callable[[dict[str, Path], str], None],
        on_decide: Callable[[bool], None],
        on_stop: Callable[[], None],
        on_status: Callable[[str], None],
    ) -> None:
        super().__init__(school_years=list(school_years), school_year=school_year, limit=limit)
        self._on_read, self._on_decide, self._on_stop, self._on_status = on_read, on_decide, on_stop, on_status
        self._inbox = inbox
        self._folder: Path | None = None
        self._files: dict[str, Path] = {}
        self._expected: dict[str, int] = {}
        self.on_msg(self._receive)
        sweep(inbox)
        atexit.register(self.forget_files)

    def show_figures(self, cards: Sequence[FigureCard]) -> None:
        """Show *cards* under the form."""
        self.cards = [card.model_dump(mode="json") for card in cards]

    def show_progress(self, label: str, fraction: float) -> None:
        """What is being done, and how far from 0 to 1."""
        self.send({"kind": "progress", "label": label, "fraction": fraction})

    def tell(self, kind: str, **content: Any) -> None:
        """Send ``report``, ``refused``, ``stopped``, ``kept`` or ``dropped`` to the page."""
        self.send({"kind": kind, **content})

    def forget_files(self) -> None:
        """Remove what came over; called as soon as the files were read or refused."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder, self._files, self._expected = None, {}, {}

    def _receive(self, _: object, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        match content.get("kind"):
            case "file-begin":
                self._begin(str(content.get("role")), str(content.get("name")), int(content.get("size") or 0))
            case "file-chunk":
                self._take(str(content.get("role")), content.get("index"), buffers)
            case "read" if self._complete():
                self._on_read(dict(self._files), str(content.get("school_year")))
            case "read":
                self.forget_files()
                self.tell(
                    "refused",
                    place="Overbrengen",
                    fact="Een bestand kwam niet volledig aan.",
                    remedy="Kies de bestanden opnieuw.",
                )
            case "keep" | "drop" as decision:
                self._on_decide(decision == "keep")
            case "status":
                self._on_status(str(content.get("status") or ""))
            case "stop":
                self._on_stop()
                self.forget_files()

    def _begin(self, role: str, name: str, size: int) -> None:
        if role not in ROLES or size > self.limit:
            return
        if role == "export":
            self.forget_files()
        if self._folder is None:
            self._inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix="sts-", dir=self._inbox))
        # Only the ending of the given name is used as it is; the rest cannot be a path.
        given = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
        ending = "." + slug(given.suffix) if given.suffix else ""
        target = self._folder / role / (slug(given.stem) + ending)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(b"")
        self._files[role], self._expected[role] = target, size

    def _take(self, role: str, index: object, buffers: Sequence[memoryview]) -> None:
        target = self._files.get(role)
        if target is None or not buffers:
            return
        if target.stat().st_size + len(buffers[0]) <= self._expected[role]:
            with target.open("ab") as file:
                file.write(buffers[0])
        self.tell("chunk-ok", role=role, index=index)

    def _complete(self) -> bool:
        return "export" in self._files and all(
            path.stat().st_size == self._expected[role] for role, path in self._files.items()
        )
