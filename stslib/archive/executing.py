"""Running the archive notebook in a kernel of its own, which ends with it: done, failed, timed out or stopped."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, Any

from stslib.errors import ArchiveError, ArchiveStopped, UnknownSessionError

if TYPE_CHECKING:
    from nbformat import NotebookNode

PART_TYPE = "application/vnd.stslib.part+json"
"""The type of a cell's output that holds a part of an archive."""

_HERE = Path(__file__).resolve().parent
_TIME_LIMIT = 300
_LOOK_FOR_STOP = 0.05
"""Seconds between two looks at whether to stop: too short to notice, too long to cost anything."""

CellDone = Callable[[int, int], None]
"""Is told how many code cells are done, and of how many."""


def executed(
    path: Path,
    place: str,
    environment: dict[str, str],
    *,
    cell_done: CellDone,
    started: Callable[[], None] = lambda: None,
    stop: Event | None = None,
) -> NotebookNode:
    """The notebook at *path* with its outputs.

    Args:
        path: the notebook.
        place: what an error is about, as ``sessie 3f2a``.
        environment: variables for the kernel, over those of this process.
        cell_done: is told how far it is.
        started: called when the kernel is on its way.
        stop: ends the work when it is set; the kernel is gone before this raises.

    Raises:
        ArchiveStopped: *stop* was set.
        UnknownSessionError: the notebook said so.
        ArchiveError: a cell failed, the kernel died or took too long.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import read

    class OwnKernel(AsyncKernelManager):
        """This Python, whatever kernels the user has installed; no history, no start-up files of theirs."""

        @property
        def kernel_spec(self) -> KernelSpec:
            options = ["--HistoryManager.enabled=False", "--IPKernelApp.auto_create=False", "--Application.log_level=ERROR"]
            return KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *options],
                display_name="stslib",
                language="python",
            )

    notebook = read(path, as_version=4)
    made = [cell["id"] for cell in notebook.cells if cell.cell_type == "code"]
    stopping = stop or Event()

    def on_cell_executed(cell: NotebookNode, **_: object) -> None:
        cell_done(made.index(cell["id"]) + 1, len(made))

    with TemporaryDirectory(prefix=f"sts-archief-{os.getpid()}-") as folder:

        async def run() -> None:
            manager = OwnKernel(connection_file=str(Path(folder) / "kernel.json"))
            if os.name == "posix":  # sockets in a folder of our own instead of ports that others on this machine can reach
                manager.transport, manager.ip = "ipc", str(Path(folder) / "kernel")
            client = NotebookClient(
                notebook,
                km=manager,
                timeout=_TIME_LIMIT,
                startup_timeout=60,
                record_timing=False,
                shutdown_kernel="immediate",
                store_widget_state=False,
                resources={"metadata": {"path": folder}},
                on_cell_executed=on_cell_executed,
            )
            try:
                # A manager that is handed in is not cleaned up unless asked: the kernel would stay.
                await client.async_execute(env=_kernel_environment(environment, Path(folder)), cleanup_kc=True)
            finally:
                # A kernel that was stopped while it started is in nobody's hands yet.
                if manager.has_kernel:
                    await manager.shutdown_kernel(now=True)

        started()
        try:
            if not _ran_to_its_end(run, stopping):
                raise ArchiveStopped(place)
        except CellExecutionError as error:
            # The text of this exception holds a traceback with whatever the session holds: it goes no further.
            raise _problem(place, error.ename, error.evalue) from None
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise ArchiveError(
                place,
                f"Het maken van het archief brak af ({type(error).__name__}).",
                "Probeer het opnieuw; wat ingevuld is, is bewaard.",
            ) from None
    return notebook


def _ran_to_its_end(work: Callable[[], Coroutine[Any, Any, None]], stop: Event) -> bool:
    """Do *work* in an event loop of its own, wherever this is called from; False when it was stopped.

    An interrupt of the program stops it too, and goes on once the work is cleaned up.
    """
    interrupted = Event()

    async def watched() -> bool:
        task = asyncio.ensure_future(work())
        while not (task.done() or stop.is_set() or interrupted.is_set()):
            await asyncio.wait({task}, timeout=_LOOK_FOR_STOP)
        if task.done():
            task.result()
            return True
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)  # whatever it says about its kernel being gone is no news
        return False

    with ThreadPoolExecutor(1, thread_name_prefix="archief") as pool:
        future = pool.submit(asyncio.run, watched())
        try:
            return future.result()
        finally:
            interrupted.set()


def _kernel_environment(own: dict[str, str], folder: Path) -> dict[str, str]:
    """What the kernel gets: what it works on, this very package, and no settings of the user's own IPython."""
    paths = [str(_HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **own,
    }


def _problem(place: str, kind: str, text: str) -> ArchiveError | UnknownSessionError:
    """An error in the kernel as an error here. Only errors of our own carry their text along: it is written for readers."""
    import stslib.errors

    if kind == "UnknownSessionError":
        return UnknownSessionError(place.rpartition(" ")[2])
    own = getattr(stslib.errors, kind, None)
    if isinstance(own, type) and issubclass(own, stslib.errors.StsError):
        return ArchiveError(place, text, "")
    return ArchiveError(
        place, f"Het archief kon niet gemaakt worden ({kind}).", "Probeer het opnieuw; wat ingevuld is, is bewaard."
    )


def parts_of(notebook: NotebookNode) -> dict[str, Any]:
    """The parts that the cells gave, by kind."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    found = (output.data[PART_TYPE] for output in outputs if PART_TYPE in output.get("data", {}))
    return {part["kind"]: part for part in found}
