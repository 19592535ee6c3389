"""The archive of a whole trajectory: its sessions over time, what became of what was agreed, then each session in full.

The conversations about one pupil or family are not in it: each stays in the archive of its own session. Figures are counted
once for the whole file, under the rule for records, and none keeps the numbers of an earlier day, so that nothing in it can be
subtracted from something else.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event

from stslib.archive.executing import parts_of
from stslib.archive.making import ArchiveResult, Making, Progress
from stslib.errors import UnknownSessionError
from stslib.store import open_journal

_HERE = Path(__file__).resolve().parent
_NOTEBOOK = _HERE / "trajectory.ipynb"
_STAGES = ("traject openen", "omslag", "elke sessie, met haar cijfers", "scores en acties over de sessies", "verantwoording")

TRAJECTORY_VARIABLE = "STS_ARCHIVE_TRAJECTORY"
"""What tells the kernel which trajectory."""


def archive_trajectory(
    data: Path, trajectory_id: str, out: Path, *, progress: Progress | None = None, stop: Event | None = None
) -> ArchiveResult:
    """Write the archive of a whole trajectory as it is now.

    Args:
        data: the data folder, with the journal and the figures.
        trajectory_id: the trajectory, or one of its sessions.
        out: the folder of the archives; made when missing. The file is ``<school>/<day>_traject_<trajectory>_v<N>.html`` in it,
            with the day of the last session.
        progress: is told what is being made (Dutch) and how far it is (0 to 1).
        stop: set it from any thread to end the work.

    Raises:
        UnknownSessionError: the journal does not hold it.
        ArchiveStopped: *stop* was set before the file was written; nothing of it is left behind.
        ArchiveError: the trajectory has no session, or the archive could not be made or written; nothing is left behind.
    """
    identity = _trajectory_of(Path(data), trajectory_id)
    environment = {"STS_DATA": str(Path(data).resolve()), TRAJECTORY_VARIABLE: identity}
    making = Making(f"traject {identity}", Path(out), progress, stop)
    notebook = making.execute(_NOTEBOOK, environment, _STAGES)
    manifest = parts_of(notebook)["account"]["manifest"]
    return making.write(notebook, "trajectory.html.j2", {**manifest, "earlier_versions": []}, identity)


def _trajectory_of(data: Path, identity: str) -> str:
    """The id of the trajectory that *identity* names, or that the session with that id is of."""
    with open_journal(data) as journal:
        try:
            return journal.session(identity).trajectory_id
        except UnknownSessionError:
            return journal.trajectory(identity).id
