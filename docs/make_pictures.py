"""Takes the pictures of the README and the docs from the running pages, on the generated example: so they stay true.

    python docs/make_pictures.py [FOLDER]

Needs Chromium and the test requirements. Each picture is what somebody sees at 1280 x 800, or one part of it.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from PIL import Image  # noqa: E402
from support.running import CHROMIUM_FLAGS, RunningServer, chromium_path  # noqa: E402

from stslib.store import open_journal  # noqa: E402

COLOURS = 96
"""Colours of a picture: enough for pages that have few, and a third of the bytes."""


@dataclass(frozen=True)
class Picture:
    """One picture: which page of which session of the example, which step, what is chosen there, and from which part down."""

    name: str
    page: str
    session: int
    step: str = ""
    part: str = ""
    ready: str = ".sts h2"
    chosen: tuple[tuple[str, str], ...] = ()
    """Label of a list and what is taken from it."""
    then: str = ""
    """What shows that the choice is there."""


PICTURES = (
    Picture("portaal", "start", 0, ready=".sts-trajectory"),
    Picture("breed-kijken", "school", 4, "fase-1", ready=".sts-step:not([hidden]) figure.sts-card img"),
    Picture(
        "focus-kiezen",
        "school",
        2,
        "fase-2",
        part=".sts-candidates > article > :nth-child(4)",
        ready=".sts-asked figure.sts-card img",
    ),
    Picture("affiche", "school", 4, "fase-5", part="[data-block$='.affiche']"),
    Picture("ouders", "ouders", 3),
    Picture("opvolging", "opvolging", 4),
    Picture(
        "cijfers",
        "cijfers",
        4,
        "verandering",
        part="figure.sts-card",
        ready=".sts-step:not([hidden]) figure.sts-card img",
        chosen=(("Welke leerlingen?", "arbeidsmarktgerichte finaliteit"), ("Welke afwezigheid?", "te laat")),
        then=".sts-step:not([hidden]) figure[data-figure='run_chart']:has-text('te laat') img",
    ),
    Picture("preventieplan", "preventieplan", 4, "fase-0", ready=".sts-step:not([hidden]) figure.sts-card img"),
)


def take_pictures(folder: Path, data: Path, browser: Any) -> list[Path]:
    """Write every picture into *folder*, from a server on *data* that holds the example.

    Returns:
        The files, in the order of ``PICTURES``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server = RunningServer(data).start("--demo")
    try:
        journal = open_journal(data)
        (trajectory,) = journal.trajectories()
        sessions = [session.id for session in journal.sessions(trajectory.id)]
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="nl-BE", color_scheme="light")
        page.goto(server.url)
        return [_take(page, server, picture, sessions, folder) for picture in PICTURES]
    finally:
        server.stop()


def _take(page: Any, server: RunningServer, picture: Picture, sessions: list[str], folder: Path) -> Path:
    query = f"?sessie={sessions[picture.session - 1]}" if picture.session else ""
    page.goto(server.page(f"{picture.page}{query}") + (f"#{picture.step}" if picture.step else ""))
    page.reload()
    page.locator(picture.ready).first.wait_for(timeout=60_000)
    for label, choice in picture.chosen:
        page.get_by_label(label).select_option(label=choice)
    if picture.then:
        page.locator(picture.then).first.wait_for(timeout=60_000)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    if picture.part:
        part = page.locator(f".sts-step:not([hidden]) {picture.part}").first
        # Below the bar that stays on top.
        part.evaluate("part => { part.style.scrollMarginTop = 'calc(var(--sts-bar) + 1rem)'; part.scrollIntoView(); }")
    path = folder / f"{picture.name}.png"
    page.screenshot(path=path)
    with Image.open(path) as taken:
        taken.quantize(COLOURS).save(path, optimize=True)
    return path


def main() -> None:
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "beelden"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        for path in take_pictures(folder, Path(data) / "gegevens", browser):
            print(path)


if __name__ == "__main__":
    main()
