"""A page through a headless browser: a new profile, no network, a time limit, and nothing left running or lying about."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Event
from typing import Final

from stslib.archive.carriers.browser import BROWSER_VARIABLE
from stslib.errors import ArchiveError, ArchiveStopped

TIME_LIMIT = 120.0
"""Seconds that a browser gets for one page; the largest archive takes some five."""

_TURN = 0.05  # seconds between two looks
_SHORT, _LONGEST = Path("/tmp"), 40  # noqa: S108 - Chromium breaks where the name of its socket passes 107 characters
_TO_END_BY_ITSELF = 3.0
_TO_GO_ON_ALONE = 10.0  # on Windows, Edge hands over to a second process and its first one ends

_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--mute-audio",
    # Letters as wide on the screen as on paper, so that a line breaks at the same word in both.
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    # A profile that is new each time asks nothing, knows nobody and reports nothing.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--password-store=basic",
    "--use-mock-keychain",
    "--do-not-de-elevate",
    # No network: no name is found, not that of the proxy either, and everything must go through the proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://geen.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--no-pings",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication,NetworkTimeServiceQuerying",
    # The shared memory of a container is too small for a long page.
    "--disable-dev-shm-usage",
)
_PRINT: Final = (
    "--no-pdf-header-footer",
    "--print-to-pdf-no-header",  # the same, in versions before 118
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
_BY_HAND = (
    "Probeer het opnieuw, of open het archief in een browser en kies 'Afdrukken' en dan 'Opslaan als PDF'. "
    f"Met {BROWSER_VARIABLE} wijs je een andere browser aan."
)


@dataclass(frozen=True)
class _Output:
    name: str
    begin: bytes
    end: bytes
    """How a file ends that was written to its end."""


_PDF = _Output("uit.pdf", b"%PDF-", b"%%EOF")
_PNG = _Output("uit.png", b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82")
_LOOKED_AT = 64
_PAGE_OBJECT = re.compile(rb"/Type\s*/Page\b")


def print_page(browser: Path, page: bytes, *, stop: Event | None = None) -> bytes:
    """*page* (HTML that needs nothing else) as a PDF, on the paper that its style asks for.

    Args:
        browser: of ``find_browser``.
        page: UTF-8.
        stop: set it to give up.

    Raises:
        ArchiveStopped: *stop* was set.
        ArchiveError: the browser did not start, broke, took longer than ``TIME_LIMIT`` or wrote nothing.
    """
    return _through(browser, page, _PDF, lambda out: (*_PRINT, f"--print-to-pdf={out}"), stop)


def picture_page(browser: Path, page: bytes, *, width: int, height: int, scale: float, stop: Event | None = None) -> bytes:
    """What a window on *page* shows, as a PNG.

    Args:
        browser: of ``find_browser``.
        page: HTML that needs nothing else, UTF-8.
        width: of the window, in CSS pixels; some versions show less of the height than they were asked for.
        height: of the window.
        scale: pixels of the picture per CSS pixel.
        stop: set it to give up.

    Raises:
        ArchiveStopped: *stop* was set.
        ArchiveError: as for ``print_page``.
    """
    look = (f"--window-size={width},{height}", f"--force-device-scale-factor={scale}")
    return _through(browser, page, _PNG, lambda out: (*look, f"--screenshot={out}"), stop)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of ``print_page`` has; these write every page as an object that can be read as it is."""
    return len(_PAGE_OBJECT.findall(pdf))


# -- one run -----------------------------------------------------------------------------------------------------------------


def _through(browser: Path, page: bytes, output: _Output, asked: Callable[[Path], Sequence[str]], stop: Event | None) -> bytes:
    with TemporaryDirectory(prefix="sts-druk-", dir=_place_for(browser), ignore_cleanup_errors=True) as made:
        folder = Path(made)
        source, out = folder / "pagina.html", folder / output.name
        source.write_bytes(page)
        started = _started([str(browser), *_flags(folder), *asked(out), source.as_uri()], browser, folder)
        try:
            return _awaited(started, browser, out, output, stop)
        finally:
            _end(started)


def _place_for(browser: Path) -> Path | None:
    """The folder in which this browser can read and write; None for the system's own one for temporary files."""
    if sys.platform != "linux":
        return None
    if "snap" in {*browser.parts, *browser.resolve().parts}:
        # A browser out of a snap has a /tmp of its own, and sees nothing that is hidden in the home folder.
        place = Path.home() / "snap" / "chromium" / "common"
        place.mkdir(parents=True, exist_ok=True)
        return place
    return _SHORT if len(gettempdir()) > _LONGEST and os.access(_SHORT, os.W_OK) else None


def _environment(folder: Path) -> dict[str, str]:
    """Our own environment; on Linux, with what Chromium leaves behind when it is ended sent to *folder*, not to the home."""
    if sys.platform != "linux":
        return dict(os.environ)
    short = {"TMPDIR": str(folder)} if len(str(folder)) <= 1.5 * _LONGEST else {}
    return {**os.environ, **short, "CHROME_CONFIG_HOME": str(folder)}


def _flags(folder: Path) -> list[str]:
    flags = [*_FLAGS, f"--user-data-dir={folder / 'profiel'}"]
    if sys.platform == "linux" and os.geteuid() == 0:
        # Chromium refuses to sandbox what root runs, as in most containers; nothing but our own page is opened, without script.
        flags.append("--no-sandbox")
    return flags


def _started(command: Sequence[str], browser: Path, folder: Path) -> subprocess.Popen[bytes]:
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows: no black window
    nothing = subprocess.DEVNULL
    try:
        return subprocess.Popen(  # noqa: S603 - the browser that the user installed or named; no shell
            command,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,
            creationflags=hidden,
            env=_environment(folder),
        )
    except OSError as error:
        raise ArchiveError(str(browser), "Deze browser kan niet gestart worden.", _BY_HAND) from error


def _awaited(started: subprocess.Popen[bytes], browser: Path, out: Path, output: _Output, stop: Event | None) -> bytes:
    """What the browser wrote, as soon as it is whole; the browser may still be there then."""
    turn = stop or Event()
    begun, ended = time.monotonic(), 0.0
    while True:
        gone = not _alive(started)  # before looking at the file: who is gone writes nothing after
        content = _whole(out, output)
        now = time.monotonic()
        ended = ended or (now if started.poll() is not None else 0.0)
        if content:
            _let_end(started)
            return content
        if stop and stop.is_set():
            raise ArchiveStopped("afdrukken")
        if gone and (sys.platform != "win32" or started.returncode or now - ended > _TO_GO_ON_ALONE):
            told = f" (met code {started.returncode})" if started.returncode else ""
            raise ArchiveError(str(browser), f"Deze browser hield op{told} zonder iets te schrijven.", _BY_HAND)
        if now - begun > TIME_LIMIT:
            raise ArchiveError(str(browser), f"Deze browser was na {TIME_LIMIT:.0f} seconden nog niet klaar.", _BY_HAND)
        turn.wait(_TURN)


def _whole(out: Path, output: _Output) -> bytes:
    """The content of a file that was written to its end, else nothing."""
    try:
        with out.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LOOKED_AT))
            if not file.read().rstrip().endswith(output.end):
                return b""
            file.seek(0)
            content = file.read()
    except OSError:  # not there yet, or, on Windows, still locked
        return b""
    return content if content.startswith(output.begin) else b""


def _alive(started: subprocess.Popen[bytes]) -> bool:
    """Whether the browser, or anything that it started, is still there."""
    if started.poll() is None:
        return True
    if sys.platform == "win32":
        return False
    try:
        os.killpg(started.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return sys.platform != "linux" or _has_members(started.pid)


def _has_members(group: int) -> bool:
    """Whether a process of this group still runs: one that ended counts for the system until somebody collects it."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of_group, *_ = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if state != "Z" and of_group == str(group):
                return True
    return False


def _let_end(started: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        started.wait(_TO_END_BY_ITSELF)


def _end(started: subprocess.Popen[bytes]) -> None:
    """End the browser and all that it started, and wait until they are gone."""
    if sys.platform == "win32":
        tree = [str(Path(os.environ["SYSTEMROOT"]) / "System32" / "taskkill.exe"), "/PID", str(started.pid), "/T", "/F"]
        if started.poll() is None:
            subprocess.run(tree, capture_output=True, check=False, creationflags=subprocess.CREATE_NO_WINDOW)  # noqa: S603
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    last = time.monotonic() + _TO_END_BY_ITSELF
    while _alive(started) and time.monotonic() < last:
        time.sleep(_TURN)
