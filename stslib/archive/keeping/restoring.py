"""Reading an archive back: its sessions go into a journal, on this machine or another one, as they were when it was made.

What an archive holds is what the session said (``stslib.forms.record``), not how each text came to be; so the restored journal
has one entry per field where the first one has the whole way there, and answers the same questions with the same answers. The
facilitator's private notes are not in it, and of a figure that was counted for the room no numbers.

Of the sessions before the archived one an archive holds what that one took over: actions and what else is carried, scores, the
day. Those sessions are made as far as that goes, so that carried items and earlier lines of a radar are there; their own
archives fill in the rest later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.archive.keeping.incoming import Incoming, Known, incoming
from stslib.archive.keeping.placing import place_of, written_as_new
from stslib.archive.keeping.record import recordable
from stslib.archive.keeping.seal import read_sealed
from stslib.content import instrument_ids, load_instrument
from stslib.errors import ArchiveError, ContentError
from stslib.forms.record import mark
from stslib.model.instrument import Instrument
from stslib.model.session import Entry, Trajectory
from stslib.store import open_journal
from stslib.store.restoring import Given, Taken, restore

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_HIGHEST_VERSION = 100_000


@dataclass(frozen=True)
class Restored:
    """What reading an archive back did, per session in order of number."""

    trajectory: Trajectory
    sessions: tuple[Taken, ...]
    partial: tuple[str, ...]
    """Ids of the sessions of which the archive holds only what later ones took over."""
    replaced: int
    """Texts with signs that no database keeps; each sign became a replacement sign."""
    copy: Path | None
    """Where the archive stands among the archives of the data folder; None when it could not be put there."""

    @property
    def changed(self) -> bool:
        """Whether anything was written; False when all of it was here already."""
        return any(one.new or one.added for one in self.sessions)


def restore_archive(path: Path, data: Path, out: Path | None = None) -> Restored:
    """Put what an archive holds into the journal of a data folder, all of it or nothing.

    Args:
        path: the archive of a session or of a trajectory.
        data: the data folder of the journal.
        out: the folder of its archives, where the file gets a place too, so that a next version gets the next number; None to
            leave that.

    Raises:
        ArchiveError: the file is damaged, no archive, of another format, or holds what no session holds.
        StoreError: the journal cannot be opened or written, holds another session under the same id, or went on by itself in
            a field in which the archive did too. Nothing was written.
    """
    content, manifest, records = read_sealed(Path(path))
    instruments = list(_instruments())
    checked = [incoming(str(path), record, instruments) for record in records]
    trajectory, sessions = _together(str(path), checked)
    with open_journal(Path(data)) as journal:
        taken = restore(journal, trajectory, [_given(one) for one in sessions])
    return Restored(
        trajectory=trajectory,
        sessions=tuple(taken),
        partial=tuple(one.session.id for one in sessions if not one.whole),
        replaced=max(one.replaced for one in checked),
        copy=_placed(out, content, manifest, trajectory, sessions) if out else None,
    )


def _instruments() -> Iterator[Instrument]:
    for identity in instrument_ids():
        with suppress(ContentError):  # its entries are checked as those of an edition that is not known here
            yield load_instrument(identity)


def _together(place: str, checked: list[Incoming]) -> tuple[Trajectory, list[Known]]:
    """The sessions of all records, each once: the record of a session itself says more than what a later one took over."""
    trajectory = checked[0].trajectory
    found: dict[str, Known] = {}
    for one in (known for read in checked for known in read.sessions):
        before = found.setdefault(one.session.id, one)
        if one.whole and not before.whole:
            found[one.session.id] = one
        elif before.session != one.session or (one.whole and before is not one):
            raise _contradicts(place)
    sessions = sorted(found.values(), key=lambda one: one.session.number)
    numbers = {one.session.number for one in sessions}
    if any(read.trajectory != trajectory for read in checked) or len(numbers) != len(sessions):
        raise _contradicts(place)
    return trajectory, sessions


def _contradicts(place: str) -> ArchiveError:
    return ArchiveError(
        place,
        "De sessies in dit archief spreken elkaar tegen.",
        "Er is niets ingelezen. Gebruik een ander exemplaar van dit archief.",
    )


def _given(known: Known) -> Given:
    return Given(known.session, known.entries, lambda edit_id: mark(edit_id) in known.edits, _alike)


def _alike(here: Entry, given: Entry) -> bool:
    """Whether two entries are the same one. Its number is the journal's; a pinned figure goes without its numbers."""
    if here.model_copy(update={"seq": 0, "value": None}) != given.model_copy(update={"seq": 0, "value": None}):
        return False
    return bool(recordable(here.field, here.value) == recordable(given.field, given.value))


def _placed(
    out: Path, content: bytes, manifest: dict[str, Any], trajectory: Trajectory, sessions: Iterable[Known]
) -> Path | None:
    """Put the archive where this program would have written it; only checked facts go into the name."""
    last = list(sessions)[-1].session
    day, version = manifest.get("day"), manifest.get("version")
    if not (isinstance(day, str) and _DAY.match(day) and isinstance(version, int) and 1 <= version <= _HIGHEST_VERSION):
        return None
    kind = "trajectory" if manifest.get("kind") == "trajectory" else "session"
    facts = {"kind": kind, "school": trajectory.school, "day": day, "version": version}
    path = place_of(out, {**facts, "trajectory": trajectory.id, "session": last.id, "number": last.number})
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if written_as_new(path, content) or path.read_bytes() == content:
            return path
    return None
