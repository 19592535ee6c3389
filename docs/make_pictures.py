"""Takes the pictures of the README and the guide from the running pages, on the generated example: so they stay true.

    python docs/make_pictures.py [FOLDER]

Needs Chromium and the test requirements (from a checkout: ``.venv/bin/python docs/make_pictures.py``); takes about a minute.
Each picture is what somebody sees at 1280 x 800, or one part of it, in few colours. ``tests/test_docs.py`` holds that each
is used, has an alternative text, and can be taken again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
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

WIDTH = 1280
PATIENCE = 240_000
"""Milliseconds to wait for something on a page: a busy machine takes minutes for what a quiet one does in seconds."""

FIELDS = ".sts:not(#sts-saved)"
FIGURE = ".sts-step:not([hidden]) figure.sts-card img"


# -- what a person does before the picture -------------------------------------------------------------------------------------


def choose(page: Any, _: Path) -> None:
    """Late arrivals of one group, over time."""
    page.get_by_label("Welke leerlingen?").select_option(label="arbeidsmarktgerichte finaliteit")
    page.get_by_label("Welke afwezigheid?").select_option(label="te laat")
    page.locator(".sts-step:not([hidden]) figure[data-figure='run_chart']:has-text('te laat') img").first.wait_for()


def bring_in(page: Any, data: Path) -> None:
    """The export of the example, up to its columns."""
    page.get_by_label("Schooljaar van de export").select_option("2025-2026")
    page.get_by_label("Export van afwezigheden").set_input_files(data / "voorbeeld" / "afwezigheden-2025-2026.xlsx")
    page.get_by_role("button", name="Bestanden bekijken").click()
    page.get_by_role("button", name="Lezen en verslag maken").wait_for()


def read(page: Any, _: Path) -> None:
    """The report of the export that ``bring_in`` brought."""
    page.get_by_role("button", name="Lezen en verslag maken").click()
    page.locator(".sts-report").wait_for()


def explain(page: Any, _: Path) -> None:
    """Why a number is what it is."""
    page.locator(".sts-step:not([hidden]) figure.sts-card").first.get_by_text("Waarom dit getal?").click()


def enlarge(page: Any, _: Path) -> None:
    """Presentation mode, by its key."""
    page.keyboard.press("p")


def close_and_open(page: Any, _: Path) -> None:
    """The session is closed, what comes with its archive is made, and the archive opens."""
    page.get_by_label("Wie sluit af?").fill("CLB-medewerker")
    page.get_by_role("button", name="Sessie afsluiten").click()
    page.get_by_role("link", name="Affiche A3 (beeld)").first.wait_for()
    page.goto(page.get_by_role("link", name="Open het archief").evaluate("link => link.href"))


def open_shelf(page: Any, _: Path) -> None:
    """The list of archives."""
    page.goto(page.url.split("archief/")[0] + "archief/")


def shrink(page: Any) -> None:
    """Ordinary size again, for the pictures that follow."""
    page.evaluate("() => localStorage.setItem('sts-large', '0')")


# -- the pictures --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """One picture: which page of which session of the example, which step, what is done there, and which part is taken."""

    name: str
    page: str
    """The page; empty to go on from the picture before."""
    session: int = 0
    step: str = ""
    part: str = ""
    """What stands at the top of the picture."""
    ready: str = ".sts h2"
    act: Callable[[Any, Path], None] | None = None
    only: bool = False
    """Whether the part alone is taken, as far as it is seen."""
    height: int = 800
    """Of the window, in pixels."""


PICTURES = (
    Picture("portaal", "start", ready=".sts-trajectory button"),
    Picture("breed-kijken", "school", 4, "fase-1", ready=FIGURE),
    Picture("waarom-dit-getal", "", part="figure.sts-card", act=explain, only=True, height=1200),
    Picture("scores", "", part="fieldset.sts-score"),
    Picture("presentatie", "", part="fieldset.sts-score", act=enlarge),
    Picture(
        "focus-kiezen",
        "school",
        2,
        "fase-2",
        part=".sts-candidates > article > :nth-child(4)",
        ready=".sts-asked figure.sts-card img",
    ),
    Picture("acties", "school", 4, "fase-3", part=".sts-action-card", only=True, height=1100),
    Picture("affiche", "school", 4, "fase-5", part="[data-block$='.affiche']"),
    Picture(
        "afsluiten",
        "school",
        4,
        "afsluiten",
        part="[aria-label='Wat gaat mee, wat niet']",
        ready="button:text-is('Opnieuw nakijken')",
    ),
    Picture("archief", "", act=close_and_open),
    Picture("archieven", "", act=open_shelf, height=520),
    Picture("kolommen", "cijfers", 4, "inbrengen", part=".sts-preview-file", act=bring_in, only=True, height=700),
    Picture("verslag", "", part=".sts-report", act=read, only=True, height=1000),
    Picture("cijfers", "cijfers", 4, "verandering", part="figure.sts-card", ready=FIGURE, act=choose),
    Picture("preventieplan", "preventieplan", 4, "fase-0", ready=FIGURE),
    Picture("ouders", "ouders", 3),
    Picture("opvolging", "opvolging", 4),
)


def take_pictures(folder: Path, data: Path, browser: Any, pictures: Sequence[Picture] = PICTURES) -> list[Path]:
    """Write *pictures* into *folder*, from a server on *data*, which gets the example.

    Returns:
        The files, in the order of *pictures*.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server = RunningServer(data).start("--demo")
    try:
        journal = open_journal(data)
        (trajectory,) = journal.trajectories()
        sessions = [session.id for session in journal.sessions(trajectory.id)]
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, locale="nl-BE", color_scheme="light")
        page.set_default_timeout(PATIENCE)
        page.goto(server.url)
        return [_take(page, server, picture, sessions, folder) for picture in pictures]
    finally:
        server.stop()


def _take(page: Any, server: RunningServer, picture: Picture, sessions: list[str], folder: Path) -> Path:
    if picture.page:
        shrink(page)
        query = f"?sessie={sessions[picture.session - 1]}" if picture.session else ""
        page.goto(server.page(f"{picture.page}{query}") + (f"#{picture.step}" if picture.step else ""))
        page.locator(FIELDS).first.wait_for()  # the text that is sent before them is gone then
        page.locator(picture.ready).first.wait_for()
    if picture.act:
        picture.act(page, server.data)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    clip = None
    if picture.part:
        part = page.locator(f".sts-step:not([hidden]) {picture.part}").first
        # Below the bar that stays on top.
        part.evaluate("part => { part.style.scrollMarginTop = 'calc(var(--sts-bar) + 1rem)'; part.scrollIntoView(); }")
        if picture.only:
            box = part.bounding_box()
            clip = {**box, "height": min(box["height"], picture.height - box["y"])}
    path = folder / f"{picture.name}.png"
    page.screenshot(path=path, clip=clip, animations="disabled")
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
