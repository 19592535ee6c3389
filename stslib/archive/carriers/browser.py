"""The user's own browser: where it stands on this machine. Edge, Chrome and Chromium all print with the same engine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from stslib.errors import ArchiveError

BROWSER_VARIABLE = "STS_BROWSER"
"""Environment variable: the program to use in place of what is found, as a path or as a name on the search path."""

_ON_LINUX = (
    "microsoft-edge",
    "microsoft-edge-stable",
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
)
_ON_MAC = ("Microsoft Edge", "Google Chrome", "Chromium")
_ON_WINDOWS = (
    "Microsoft/Edge/Application/msedge.exe",
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
)
_FOLDERS_ON_WINDOWS = ("ProgramFiles(x86)", "ProgramFiles", "ProgramW6432", "LOCALAPPDATA")
_BY_HAND = "Elk archief is een webpagina: open ze in een browser en kies 'Afdrukken' en dan 'Opslaan als PDF'."


def find_browser() -> Path | None:
    """The browser that prints: the one that ``STS_BROWSER`` names, else Edge, Chrome or Chromium; None when there is none.

    A name in ``STS_BROWSER`` that is no program means None too: nobody wants another browser than the one they chose.
    """
    environment = os.environ
    wanted = environment.get(BROWSER_VARIABLE, "").strip()
    if wanted:
        found = shutil.which(str(Path(wanted).expanduser()))
        return Path(found) if found else None
    places = browser_places(sys.platform, environment, which=shutil.which, registered=_registered_on_windows)
    return next((place for text in places if _is_program(place := Path(text))), None)


def needed_browser() -> Path:
    """The browser that prints.

    Raises:
        ArchiveError: there is none; says what to install, or what is wrong with ``STS_BROWSER``.
    """
    found = find_browser()
    if found is not None:
        return found
    wanted = os.environ.get(BROWSER_VARIABLE, "").strip()
    if wanted:
        raise ArchiveError(
            BROWSER_VARIABLE,
            f"'{wanted}' is geen programma dat hier gestart kan worden.",
            f"Zet er het volledige pad van Edge, Chrome of Chromium in, of haal de variabele weg. {_BY_HAND}",
        )
    raise ArchiveError(
        "PDF en affiche",
        "Op deze computer is geen Edge, Chrome of Chromium gevonden.",
        f"Installeer een van de drie, of wijs er een aan met {BROWSER_VARIABLE}. {_BY_HAND}",
    )


def browser_places(
    platform: str,
    environment: Mapping[str, str],
    *,
    which: Callable[[str], str | None],
    registered: Callable[[str], str | None],
) -> Iterator[str]:
    """Where a browser may stand, best first.

    Args:
        platform: as ``sys.platform``.
        environment: as ``os.environ``.
        which: a name on the search path -> the program, or None.
        registered: the name of a program that Windows registered -> where it stands, or None.
    """
    if platform == "win32":
        for place in map(PureWindowsPath, _ON_WINDOWS):
            for folder in filter(None, map(environment.get, _FOLDERS_ON_WINDOWS)):
                yield str(PureWindowsPath(folder) / place)
            if known := registered(place.name):
                yield known
    elif platform == "darwin":
        for name in _ON_MAC:
            for folder in filter(None, ("/", environment.get("HOME"))):
                yield str(PurePosixPath(folder) / f"Applications/{name}.app/Contents/MacOS/{name}")
    else:
        yield from filter(None, map(which, _ON_LINUX))


def _is_program(place: Path) -> bool:
    return place.is_file() and os.access(place, os.X_OK)


def _registered_on_windows(name: str) -> str | None:
    if sys.platform != "win32":
        return None
    import winreg

    key = rf"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\{name}"
    for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
        with suppress(OSError):
            return str(winreg.QueryValue(root, key)).strip('"')
    return None
