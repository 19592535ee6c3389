"""Making an archive: run the archive notebook in a kernel of its own, render it, seal it, and write it at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from stslib.archive.executing import PART_TYPE, executed, parts_of
from stslib.archive.keeping.placing import next_version, place_of, told_of_the_disk, written_as_new
from stslib.archive.keeping.seal import seal
from stslib.archive.keeping.versions import earlier_versions
from stslib.errors import ArchiveStopped

if TYPE_CHECKING:
    from nbformat import NotebookNode

_HERE = Path(__file__).resolve().parent
_NOTEBOOK = _HERE / "archive.ipynb"
_STAGES = (
    "sessie openen",
    "omslag",
    "fasen, grafieken en cijfers",
    "overzicht",
    "verantwoording",
)

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class ArchiveResult:
    """One archive on disk. ``sha256`` is that of the whole file, ``seq`` the journal number it was made at."""

    path: Path
    sha256: str
    size: int
    version: int
    seq: int


def archive_session(
    data: Path, session_id: str, out: Path, *, progress: Progress | None = None, stop: Event | None = None
) -> ArchiveResult:
    """Write the archive of a session as it is now.

    Args:
        data: the data folder, with the journal and the figures.
        session_id: the session; it need not be closed.
        out: the folder of the archives; made when missing. The file is
            ``<school>/<day>_sessie-<number>_<session>_v<N>.html`` in it; an earlier version of the same session stays, and this
            one gets the next number.
        progress: is told what is being made (Dutch) and how far it is (0 to 1).
        stop: set it from any thread to end the work.

    Returns:
        Where the archive is. The file is there whole or not at all.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        ArchiveStopped: *stop* was set before the file was written; nothing of it is left behind.
        ArchiveError: the archive could not be made or written; nothing of it is left behind.
    """
    environment = {"STS_DATA": str(Path(data).resolve()), "STS_ARCHIVE_SESSION": session_id}
    making = Making(f"sessie {session_id}", Path(out), progress, stop)
    notebook = making.execute(_NOTEBOOK, environment, _STAGES)
    manifest = parts_of(notebook)["account"]["manifest"]
    earlier = earlier_versions(Path(data), session_id, upto=manifest["seq"])
    return making.write(notebook, "index.html.j2", {**manifest, "earlier_versions": earlier}, session_id)


class Making:
    """The way of one archive from a notebook to a file.

    Args:
        place: what errors are about, as ``sessie 3f2a``.
        out: the folder of the archives.
        progress: is told what is being made and how far it is (0 to 1).
        stop: ends the work when it is set.
    """

    def __init__(self, place: str, out: Path, progress: Progress | None, stop: Event | None) -> None:
        self._place = place
        self._out = out
        self._tell = progress or (lambda _stage, _share: None)
        self._stop = stop or Event()

    def execute(self, notebook: Path, environment: dict[str, str], stages: tuple[str, ...]) -> NotebookNode:
        """The executed notebook; *stages* says in Dutch what each of its code cells does."""
        self._tell("archief voorbereiden", 0.0)
        with told_of_the_disk(self._out):  # before the long work, so that a wrong folder is told at once
            self._out.mkdir(parents=True, exist_ok=True)
        # Rendering needs imports that take as long as the kernel needs to start: do both at once.
        importing = Thread(target=_import_exporter, daemon=True)

        def cell_done(number: int, of: int) -> None:
            self._tell(stages[min(number, of - 1)], 0.2 + 0.7 * number / of)

        made = executed(notebook, self._place, environment, cell_done=cell_done, started=importing.start, stop=self._stop)
        importing.join()
        self._stop_here()
        return made

    def write(self, notebook: NotebookNode, template: str, manifest: dict[str, Any], identity: str) -> ArchiveResult:
        """Render, seal and write it under the next version of *identity*."""
        self._tell("archief schrijven", 0.92)
        while True:
            with told_of_the_disk(self._out):
                numbered = {**manifest, "version": next_version(self._out, identity, manifest["earlier_versions"])}
                content = rendered(notebook, template, numbered)
                self._stop_here()
                path = place_of(self._out, numbered)
                path.parent.mkdir(exist_ok=True)
                if written_as_new(path, content):
                    break
        self._tell("archief klaar", 1.0)
        return ArchiveResult(path, sha256(content).hexdigest(), len(content), numbered["version"], manifest["seq"])

    def _stop_here(self) -> None:
        if self._stop.is_set():
            raise ArchiveStopped(self._place)


# -- rendering ---------------------------------------------------------------------------------------------------------------


def _import_exporter() -> None:
    from nbconvert.exporters import html  # noqa: F401


def rendered(notebook: NotebookNode, template: str, manifest: dict[str, Any]) -> bytes:
    """An executed notebook as a sealed page, by one of the templates in ``template/``."""
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
            written: tuple[str, dict[str, Any]] = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
            return written

    exporter = ArchiveExporter(template_name="template", template_file=template, extra_template_basedirs=[str(_HERE)])
    style = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (_HERE.parent / "forms" / "widgets" / "styles" / "tokens.css", _HERE / "template" / "archive.css")
    )
    facts = {"style": style, "version": manifest["version"], "part_type": PART_TYPE, "manifest": manifest}
    document, _ = exporter.from_notebook_node(notebook, {"sts": facts})
    return seal(document.rstrip("\n") + "\n", manifest)
