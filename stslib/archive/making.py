"""Making an archive: run the archive notebook in a kernel of its own, render it, seal it, and write it at once."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

from stslib.archive.seal import seal
from stslib.errors import ArchiveError, UnknownSessionError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_HERE = Path(__file__).resolve().parent
_NOTEBOOK = _HERE / "archive.ipynb"
_PART_TYPE = "application/vnd.stslib.part+json"
_TIME_LIMIT = 300
_STAGES = {
    "openen": "sessie openen",
    "omslag": "omslag",
    "fasen": "fasen, grafieken en cijfers",
    "overzicht": "overzicht",
    "verantwoording": "verantwoording",
}

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class ArchiveResult:
    """One archive on disk. ``sha256`` is that of the whole file, ``seq`` the journal number it was made at."""

    path: Path
    sha256: str
    size: int
    version: int
    seq: int


def archive_session(data: Path, session_id: str, out: Path, *, progress: Progress | None = None) -> ArchiveResult:
    """Write the archive of a session as it is now.

    Args:
        data: the data folder, with the journal and the figures.
        session_id: the session; it need not be closed.
        out: where the file goes; made when missing. Its name is ``<day>_<school>_<session>_v<N>.html``; an earlier version
            of the same session stays, and this one gets the next number.
        progress: is told what is being made (Dutch) and how far it is (0 to 1).

    Returns:
        Where the archive is. The file is there whole or not at all.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        ArchiveError: the archive could not be made or written; nothing of it is left behind.
    """
    tell = progress or (lambda _stage, _share: None)
    tell("archief voorbereiden", 0.0)
    with _told_of_the_disk(out):  # before the long work, so that a wrong folder is told at once
        out.mkdir(parents=True, exist_ok=True)
    # Rendering needs imports that take as long as the kernel needs to start: do both at once.
    importing = Thread(target=_import_exporter, daemon=True)
    notebook = _executed(Path(data).resolve(), session_id, tell, importing)
    importing.join()
    tell("archief schrijven", 0.92)
    account = _parts(notebook)["account"]
    while True:
        with _told_of_the_disk(out):
            version = _next_version(out, session_id)
            content = _rendered(notebook, account["manifest"], version)
            path = out / f"{account['file_stem']}_v{version}.html"
            if _written_as_new(path, content):
                break
    tell("archief klaar", 1.0)
    return ArchiveResult(path, sha256(content).hexdigest(), len(content), version, account["manifest"]["seq"])


@contextmanager
def _told_of_the_disk(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(
            str(out),
            "Het archief kan hier niet geschreven worden.",
            "Kijk of de map bestaat, of je erin mag schrijven en of er nog plaats is; de sessie zelf is bewaard.",
        ) from error


# -- executing ---------------------------------------------------------------------------------------------------------------


def _executed(data: Path, session_id: str, tell: Progress, importing: Thread) -> NotebookNode:
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

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

    notebook = nbformat.read(_NOTEBOOK, as_version=4)
    made = [cell["id"] for cell in notebook.cells if cell.cell_type == "code"]

    def cell_done(cell: NotebookNode, **_: object) -> None:
        place = made.index(cell["id"]) + 1
        following = made[place] if place < len(made) else "verantwoording"
        tell(_STAGES[following], 0.2 + 0.7 * place / len(made))

    with TemporaryDirectory(prefix="sts-archief-") as folder:
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
            on_cell_executed=cell_done,
        )
        importing.start()
        try:
            # A manager that is handed in is not cleaned up unless asked: the kernel would stay.
            client.execute(env=_environment(data, session_id, Path(folder)), cleanup_kc=True)
        except CellExecutionError as error:
            # The text of this exception holds a traceback with whatever the session holds: it goes no further.
            raise _problem(session_id, error.ename, error.evalue) from None
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise ArchiveError(
                f"sessie {session_id}",
                f"Het maken van het archief brak af ({type(error).__name__}).",
                "Probeer het opnieuw; de sessie zelf is bewaard.",
            ) from None
    return notebook


def _environment(data: Path, session_id: str, folder: Path) -> dict[str, str]:
    """What the kernel gets: the session, the data, this very package, and no settings of the user's own IPython."""
    paths = [str(_HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "STS_DATA": str(data),
        "STS_ARCHIVE_SESSION": session_id,
        "PYTHONPATH": os.pathsep.join(paths),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _problem(session_id: str, kind: str, text: str) -> ArchiveError | UnknownSessionError:
    """An error in the kernel as an error here. Only errors of our own carry their text along: it is written for readers."""
    import stslib.errors

    if kind == "UnknownSessionError":
        return UnknownSessionError(session_id)
    place = f"sessie {session_id}"
    own = getattr(stslib.errors, kind, None)
    if isinstance(own, type) and issubclass(own, stslib.errors.StsError):
        return ArchiveError(place, text, "")
    return ArchiveError(
        place, f"Het archief kon niet gemaakt worden ({kind}).", "Probeer het opnieuw; de sessie zelf is bewaard."
    )


def _parts(notebook: NotebookNode) -> dict[str, Any]:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    found = (output.data[_PART_TYPE] for output in outputs if _PART_TYPE in output.get("data", {}))
    return {part["kind"]: part for part in found}


# -- rendering ---------------------------------------------------------------------------------------------------------------


def _import_exporter() -> None:
    from nbconvert.exporters import html  # noqa: F401


def _rendered(notebook: NotebookNode, manifest: dict[str, Any], version: int) -> bytes:
    from jinja2 import Environment, StrictUndefined
    from nbconvert.exporters.html import HTMLExporter

    class ArchiveExporter(HTMLExporter):  # type: ignore[misc]
        """Our template as it is. HTMLExporter would parse and write the page once more, and append to what it finds."""

        def _create_environment(self) -> Environment:
            environment: Environment = super()._create_environment()
            # Also in what is included and imported, which an autoescape block in a template does not reach.
            environment.autoescape = True
            environment.undefined = StrictUndefined
            return environment

        def from_notebook_node(
            self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
        ) -> tuple[str, dict[str, Any]]:
            rendered: tuple[str, dict[str, Any]] = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
            return rendered

    exporter = ArchiveExporter(template_name="template", extra_template_basedirs=[str(_HERE)])
    style = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (_HERE.parent / "forms" / "widgets" / "styles" / "tokens.css", _HERE / "template" / "archive.css")
    )
    resources = {"sts": {"style": style, "version": version, "part_type": _PART_TYPE}}
    document, _ = exporter.from_notebook_node(notebook, resources)
    return seal(document.rstrip("\n") + "\n", {**manifest, "version": version})


# -- writing -----------------------------------------------------------------------------------------------------------------


def _next_version(out: Path, session_id: str) -> int:
    """One more than the highest version of this session in *out*, whatever day or school stands in the names."""
    pattern = re.compile(rf"_{re.escape(session_id)}_v(\d+)\.html\Z")
    versions = [int(found[1]) for path in out.iterdir() if (found := pattern.search(path.name))]
    return max(versions, default=0) + 1


def _written_as_new(path: Path, content: bytes) -> bool:
    """Put *content* at *path*, whole and on disk; False when something else took the name meanwhile."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.deel")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without links, such as that of most sticks
            if path.exists():
                return False
            draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # Windows opens no folders
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return True
