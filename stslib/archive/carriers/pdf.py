"""An archive on A4: the same page, printed by the user's own browser."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from stslib.archive.carriers.browser import needed_browser
from stslib.archive.carriers.files import put
from stslib.archive.carriers.printing import print_page
from stslib.archive.keeping.seal import verify_archive
from stslib.errors import ArchiveError


def pdf_of(archive: Path, *, stop: Event | None = None) -> Path:
    """The PDF of an archive, tagged and with an outline, beside it under the same name.

    Page numbers come from the archive's own style; browsers before version 131 print none.

    Args:
        archive: of a session or a trajectory; only one that is what was written is opened in a browser.
        stop: set it to give up; nothing is left behind then.

    Returns:
        Where the PDF is, whole. One that stood there was replaced: the same archive gives the same pages.

    Raises:
        ArchiveStopped: *stop* was set.
        ArchiveError: this is no whole archive, there is no browser, the browser failed, or the folder takes no files.
    """
    archive = Path(archive)
    browser = needed_browser()
    return put(archive.with_suffix(".pdf"), print_page(browser, whole_archive(archive), stop=stop))


def whole_archive(archive: Path) -> bytes:
    """The bytes of an archive that is what was written.

    Raises:
        ArchiveError: as ``verify_archive`` tells it.
    """
    checked = verify_archive(archive)
    if not checked.ok:
        raise ArchiveError(str(archive), checked.problem, checked.remedy)
    return archive.read_bytes()
