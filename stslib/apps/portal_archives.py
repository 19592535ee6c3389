"""Archives on the portal: one of a whole trajectory, one that comes from another machine; and the example for a first look."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.apps.closing_run import ClosingRun
from stslib.errors import ArchiveError, StsError
from stslib.paths import exports_folder

if TYPE_CHECKING:
    from stslib.archive.keeping.restoring import Restored

EXAMPLE = "voorbeeld"
"""What the making of the example is called where a trajectory has its id; no id has vowels."""

LARGEST = 60 * 1024 * 1024
"""Bytes of an archive that comes over in one message; the server takes messages of 64 MiB."""

Tell = Callable[..., None]


class PortalArchives:
    """Follows work that takes a while, and reads archives in; ``tell`` sends a message to the page, once it is there.

    Messages to the page: ``work`` (``about`` a trajectory or the example, ``running``, and how far: see ``closing_child``),
    ``read`` and ``read-failed`` (with ``text``).

    Args:
        data: the data folder.
        known: whether an id is that of a trajectory.
        changed: called when the trajectories changed.
    """

    def __init__(self, data: Path, *, known: Callable[[str], bool], changed: Callable[[], None]) -> None:
        self._data = data
        self._known = known
        self._changed = changed
        self._followed: set[str] = set()
        self._lock = threading.Lock()
        self.tell: Tell = lambda *_, **__: None

    def look(self, trajectories: list[str]) -> None:
        """Follow what is under way already: a page was reloaded, or another window asked for it."""
        for about in (*trajectories, EXAMPLE):
            if ClosingRun(self._data, about).is_running():
                self._in_background(self._follow, about, "")

    def begin(self, about: str) -> None:
        """Archive a trajectory, or make the example; while that is under way, follow it."""
        if about == EXAMPLE or self._known(about):
            self._in_background(self._start, about)

    def stop(self, about: str) -> None:
        """Stop what is under way."""
        if self._known(about):
            ClosingRun(self._data, about).ask_to_stop()

    def read(self, content: bytes) -> None:
        """Read an archive in, in the background."""
        self._in_background(self._read, content)

    # -- work beside the page --------------------------------------------------------------------------------------------------

    def _start(self, about: str) -> None:
        disk = ClosingRun(self._data, about)
        what = "demo" if about == EXAMPLE else "trajectory"
        self._follow(about, "" if disk.is_running() else disk.launch("portaal", what=what))

    def _follow(self, about: str, run: str) -> None:
        with self._lock:
            if about in self._followed:
                return
            self._followed.add(about)
        try:
            for found, running in ClosingRun(self._data, about).steps(run):
                self.tell("work", **found, about=about, running=running)
        finally:
            with self._lock:
                self._followed.discard(about)
        if about == EXAMPLE:
            self._changed()

    # -- an archive from elsewhere ---------------------------------------------------------------------------------------------

    def _read(self, content: bytes) -> None:
        try:
            restored = self._restored(content)
        except StsError as error:
            self.tell("read-failed", text=error.told)
        except OSError as error:
            self.tell(
                "read-failed", text=f"Het archief kon niet ingelezen worden ({error.strerror}). Is er nog plaats op de schijf?"
            )
        except Exception as error:  # what a file holds goes no further
            self.tell(
                "read-failed", text=f"Dit archief kon niet ingelezen worden ({type(error).__name__}). Er is niets veranderd."
            )
        else:
            self._changed()
            self.tell("read", text=" ".join(told_of(restored)))

    def _restored(self, content: bytes) -> Restored:
        from stslib.archive.keeping.restoring import restore_archive
        from stslib.archive.keeping.shelf import write_index

        if len(content) > LARGEST:
            raise ArchiveError(
                "archief inlezen",
                f"Dit bestand is met {len(content) // 1_000_000} MB te groot voor een archief.",
                "Kies een bestand dat 'Sessie afsluiten' gemaakt heeft.",
            )
        exports = exports_folder(self._data)
        handle, name = tempfile.mkstemp(prefix="sts-", suffix=".html")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            restored = restore_archive(Path(name), self._data, exports)
        finally:
            Path(name).unlink(missing_ok=True)
        if restored.copy:
            write_index(exports)
        return restored

    @staticmethod
    def _in_background(work: Callable[..., None], *args: Any) -> None:
        threading.Thread(target=work, args=args, daemon=True).start()


def told_of(restored: Restored) -> Iterator[str]:
    """What reading an archive did, in Dutch sentences."""
    school = restored.trajectory.school
    if not restored.changed:
        yield f"Alles in dit archief van {school} stond hier al; er is niets veranderd."
        return
    new = [str(one.session.number) for one in restored.sessions if one.new]
    added = [str(one.session.number) for one in restored.sessions if one.added and not one.new]
    later = sum(one.later for one in restored.sessions)
    yield f"Ingelezen: {school}."
    if new:
        yield f"{'Sessie' if len(new) == 1 else 'Sessies'} {', '.join(new)} {'staat' if len(new) == 1 else 'staan'} er nu bij."
    if added:
        yield f"Aangevuld: {'sessie' if len(added) == 1 else 'sessies'} {', '.join(added)}."
    if later:
        yield f"Bij {'1 veld' if later == 1 else f'{later} velden'} stond hier een latere waarde; die is gebleven."
    if any(one.new and one.session.id in restored.partial for one in restored.sessions):
        yield "Van een eerdere sessie staat er maar een deel in: lees ook haar eigen archief in, dan komt de rest erbij."
    if restored.replaced:
        yield "Een paar tekens konden niet bewaard worden; daar staat nu \ufffd."
    yield "Eigen notities die niet aangevinkt waren en de afwezigheden van de school zitten niet in een archief."
