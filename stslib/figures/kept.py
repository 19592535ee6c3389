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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stslib
from stslib.absences.stored.places import school_folder
from stslib.absences.stored.profiles import own_code_table
from stslib.absences.stored.versions import stored_versions
from stslib.content import calendars, load_codes, load_thresholds
from stslib.errors import DatasetError
from stslib.model.base import Frozen
from stslib.model.figure import FigureCard

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

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
    key = kept_key(data, school, *ids, today.isoformat())
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
        keep(place, {"key": key, "cards": [card.model_dump(mode="json") for card in cards]})


def kept_key(data: Path, school: str, *asked: str) -> str:
    """Changes when the half days, the tables they are counted with, the program or what is *asked* change."""
    tables = (*own_code_table(data, school, load_codes()), *load_thresholds(), *calendars())
    parts = [
        *(version.content_hash for version in stored_versions(data, school)),
        *(table.model_dump_json() for table in tables),
        *(f"{path.name} {path.stat().st_mtime_ns}" for room in ("absences", "charts", "figures") for path in _sources(room)),
        stslib.__version__,
        *asked,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _sources(room: str) -> list[Path]:
    return sorted((_PACKAGE / room).rglob("*.py"))


def keep(place: Path, content: dict[str, Any]) -> None:
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
    asked = {"ids": list(ids), "policy": policy, "today": today.isoformat(), "status": status}
    for told in ask_beside(data, school, asked):
        yield FigureCard.model_validate(told)


def ask_beside(data: Path, school: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers of a process of its own on what is *asked* of the half days of *school*, one by one.

    Raises:
        DatasetError: nothing is stored, it is damaged, or that process failed.
    """
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
        process.stdin.write(json.dumps({**asked, "data": str(data), "school": school}))
        process.stdin.close()
        for line in process.stdout:
            told = json.loads(line)
            if "fact" in told:
                raise DatasetError(told["place"], told["fact"], told["remedy"])
            yield told
    if process.returncode:
        raise _failed()


def _failed() -> DatasetError:
    return DatasetError("cijfers", "De figuren konden niet getekend worden.", "Laad de pagina opnieuw.")


def answer() -> int:
    """Answer one request on standard input: an answer per line, or the reason why there is none.

    A request names the school and its data folder and holds ``ids`` (cards of a page), ``definitions`` (cards that were asked
    or pinned) or neither (the groups to choose from).
    """
    from stslib.figures.library import load_absences

    asked = json.loads(sys.stdin.read())
    try:
        for told in _answers(load_absences(asked["school"], asked["data"]), asked):
            sys.stdout.write(f"{told.model_dump_json()}\n")
            sys.stdout.flush()
    except DatasetError as error:
        sys.stdout.write(json.dumps({"place": error.place, "fact": error.fact, "remedy": error.remedy}) + "\n")
    return 0


def _answers(absences: Absences, asked: Mapping[str, Any]) -> Iterator[Frozen]:
    if "ids" in asked:
        from stslib.figures import figure_cards

        today = date.fromisoformat(asked["today"])
        yield from figure_cards(absences, asked["ids"], policy=asked["policy"], today=today, status=asked["status"])
    elif "definitions" in asked:
        from stslib.figures.asked import card_or_reason

        today = date.fromisoformat(asked["today"])
        for definition in asked["definitions"]:
            yield card_or_reason(absences, definition, policy=asked["policy"], today=today)
    else:
        from stslib.figures.groups import group_choices

        yield from group_choices(absences)


if __name__ == "__main__":
    raise SystemExit(answer())
