"""Which browser prints, on machines that are described and not there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stslib.archive.carriers.browser import browser_places, find_browser, needed_browser
from stslib.errors import ArchiveError

WINDOWS = {
    "ProgramFiles": r"C:\Program Files",
    "ProgramFiles(x86)": r"C:\Program Files (x86)",
    "ProgramW6432": r"C:\Program Files",
    "LOCALAPPDATA": r"D:\Thuis\één gebruiker\AppData\Local",
}


def nothing(_: str) -> None:
    return None


def program(path: Path, *, runs: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755 if runs else 0o644)
    return path


def test_windows_is_searched_for_edge_first_and_in_the_users_own_folder_too() -> None:
    places = list(browser_places("win32", WINDOWS, which=nothing, registered=nothing))
    assert places[0] == r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe"
    assert r"D:\Thuis\één gebruiker\AppData\Local\Google\Chrome\Application\chrome.exe" in places
    edge, chrome = (next(i for i, one in enumerate(places) if name in one) for name in ("msedge", "Google"))
    assert edge < chrome


def test_windows_is_asked_where_a_browser_was_installed_elsewhere() -> None:
    elsewhere = {"chrome.exe": r"D:\Programma's\chrome.exe"}
    places = list(browser_places("win32", {}, which=nothing, registered=elsewhere.get))
    assert places == [r"D:\Programma's\chrome.exe"] * 2, "for Chrome and for Chromium, which share a name"


def test_macos_is_searched_for_all_users_and_for_this_one() -> None:
    places = list(browser_places("darwin", {"HOME": "/Thuis/één"}, which=nothing, registered=nothing))
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in places
    assert "/Thuis/één/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge" in places


def test_linux_is_searched_by_name() -> None:
    path = {"chromium": "/usr/bin/chromium", "google-chrome": "/opt/chrome"}
    assert list(browser_places("linux", {}, which=path.get, registered=nothing)) == ["/opt/chrome", "/usr/bin/chromium"]


@pytest.mark.skipif(sys.platform == "win32", reason="makes a program as POSIX knows one")
class TestOnThisMachine:
    @pytest.fixture(autouse=True)
    def _bare(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.delenv("STS_BROWSER", raising=False)

    def test_a_browser_on_the_path_is_found(self, tmp_path: Path) -> None:
        assert find_browser() is None
        placed = program(tmp_path / "bin" / "microsoft-edge")
        assert find_browser() == placed
        assert needed_browser() == placed

    def test_the_one_that_the_user_names_goes_before_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program(tmp_path / "bin" / "chromium")
        own = program(tmp_path / "mijn programma's" / "Édge")
        monkeypatch.setenv("STS_BROWSER", str(own))
        assert find_browser() == own
        monkeypatch.setenv("STS_BROWSER", "~/mijn programma's/Édge")
        assert find_browser() == own
        program(tmp_path / "bin" / "brave")
        monkeypatch.setenv("STS_BROWSER", "brave")
        assert find_browser() == tmp_path / "bin" / "brave"

    @pytest.mark.parametrize("wanted", ["nergens", "/bestaat/niet", "~/geen-programma", "."])
    def test_a_wrong_name_gives_no_other_browser_but_says_so(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
    ) -> None:
        program(tmp_path / "bin" / "chromium")
        program(tmp_path / "geen-programma", runs=False)
        monkeypatch.setenv("STS_BROWSER", wanted)
        assert find_browser() is None
        with pytest.raises(ArchiveError, match="geen programma dat hier gestart kan worden") as told:
            needed_browser()
        assert told.value.place == "STS_BROWSER"
        assert wanted in told.value.fact
        assert "Opslaan als PDF" in told.value.remedy

    def test_without_any_browser_it_is_said_what_to_install(self) -> None:
        with pytest.raises(ArchiveError, match="geen Edge, Chrome of Chromium gevonden") as told:
            needed_browser()
        assert "Installeer een van de drie" in told.value.remedy
        assert "Opslaan als PDF" in told.value.remedy
