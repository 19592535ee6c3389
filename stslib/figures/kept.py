"""Figure cards for a page: counted and drawn in a process of their own, kept beside the school's half days, and read back.

A page kernel stays as small as its form that way (the data engine and the drawing take some 150 MB), and a page that is opened
again shows its figures at once. What is kept is what the page may show: no group below the size that its policy allows.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import stslib
from stslib.absences.dataset import school_folder, stored_versions
from stslib.content import calendars, load_codes, load_thresholds
from stslib.errors import DatasetError
from stslib.model.figure import FigureCard

_PACKAGE = Path(stslib.__file__).resolve().parent


def kept_cards(
    data: Path, school: str, ids: Sequence[str], *, policy: str, today: date, status: str | None = None
) -> Iterator[FigureCard]:
    """The cards of *school*, one by one: from what was kept when nothing changed since, else as they are drawn.

    Args:
        data: the data folder.
        school: the name it was stored under.
        ids: which figures, of ``FIGURE_IDS``.
        policy: ``room`` for a page.
        today: the day on the cards.
        status: as for ``figure_cards``.

    Raises:
        DatasetError: nothing is stored, it is damaged, or the drawing process failed.
    """
    folder = school_folder(data, school)
    place = folder / f"cards-{policy}-{status or 'all'}.json"
    key = _key(data, school, ids, today)
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["key"] == key:
            yield from [FigureCard.model_validate(card) for card in kept["cards"]]
            return
    cards = []
    for card in _draw_beside(data, school, ids, policy, today, status):
        cards.append(card)
        yield card
    if folder.is_dir():
        _keep(place, {"key": key, "cards": [card.model_dump(mode="json") for card in cards]})


def _key(data: Path, school: str, ids: Sequence[str], today: date) -> str:
    """Changes when the half days, the tables they are counted with, the program or the day change."""
    tables = (*load_codes(), *load_thresholds(), *calendars())
    parts = [
        *(version.content_hash for version in stored_versions(data, school)),
        *(table.model_dump_json() for table in tables),
        *(f"{path.name} {path.stat().st_mtime_ns}" for room in ("absences", "charts", "figures") for path in _sources(room)),
        stslib.__version__,
        *ids,
        today.isoformat(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sources(room: str) -> list[Path]:
    return sorted((_PACKAGE / room).rglob("*.py"))


def _keep(place: Path, content: dict[str, Any]) -> None:
    """Write all of it or nothing; a full disk costs a second drawing, nothing else."""
    unfinished = place.with_suffix(f".{os.getpid()}.tmp")
    try:
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(place)
    except OSError:
        unfinished.unlink(missing_ok=True)


def _draw_beside(
    data: Path, school: str, ids: Sequence[str], policy: str, today: date, status: str | None
) -> Iterator[FigureCard]:
    asked = {
        "data": str(data),
        "school": school,
        "ids": list(ids),
        "policy": policy,
        "today": today.isoformat(),
        "status": status,
    }
    paths = [str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(
        [sys.executable, "-m", "stslib.figures.kept"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"},
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise _failed()
        process.stdin.write(json.dumps(asked))
        process.stdin.close()
        for line in process.stdout:
            told = json.loads(line)
            if "fact" in told:
                raise DatasetError(told["place"], told["fact"], told["remedy"])
            yield FigureCard.model_validate(told)
    if process.returncode:
        raise _failed()


def _failed() -> DatasetError:
    return DatasetError("cijfers", "De figuren konden niet getekend worden.", "Laad de pagina opnieuw.")


def draw_asked() -> int:
    """Answer one request on standard input: a card per line, or the reason why there is none."""
    from stslib.figures import figure_cards
    from stslib.figures.library import load_absences

    asked = json.loads(sys.stdin.read())
    try:
        absences = load_absences(asked["school"], asked["data"])
        today = date.fromisoformat(asked["today"])
        for card in figure_cards(absences, asked["ids"], policy=asked["policy"], today=today, status=asked["status"]):
            sys.stdout.write(f"{card.model_dump_json()}\n")
            sys.stdout.flush()
    except DatasetError as error:
        sys.stdout.write(json.dumps({"place": error.place, "fact": error.fact, "remedy": error.remedy}) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(draw_asked())
