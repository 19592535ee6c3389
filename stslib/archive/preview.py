"""What a closing will leave out, told before it: cells that the rule for records hides, and why; notes that stay out.

It makes the very parts that the archive is made of, in the order of the archive notebook, and reads what they show. So it
cannot promise anything else than the archive holds. That takes the data engine and the drawing, so it runs in a process of its
own, and a page stays as small as its form.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event
from typing import IO, Any

from stslib.archive.document.counted import Counted, View, is_card
from stslib.archive.document.plain import shown, typed
from stslib.archive.keeping.record import NOTE, NOTE_MAY_GO
from stslib.errors import StsError, UnknownSessionError
from stslib.figures.wording import HIDDEN

_HERE = Path(__file__).resolve().parent
_NOTEBOOK = _HERE / "archive.ipynb"
STOPPED = "Gestopt: er is niet nagekeken wat verborgen wordt."
FAILED = "Wat verborgen wordt, kon niet nagekeken worden. Het archief kan wel gemaakt worden."
_TIME_LIMIT = 300.0
_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class PreviewFigure:
    """One figure of the archive that does not show everything."""

    title: str
    place: str
    """Where it stands: instrument and section."""
    hidden: int
    """Cells that will be a dash."""
    cells: int
    """All cells with a number; 0 where the figure has no numbers at all."""
    reasons: tuple[str, ...]
    """Short Dutch reasons; of a figure without numbers the sentence that stands in its place."""


@dataclass(frozen=True)
class Preview:
    """What the archive of a session will leave out."""

    figures: tuple[PreviewFigure, ...] = ()
    """In the order of the archive; figures that hide nothing are not listed."""
    notes_out: tuple[str, ...] = ()
    """Phases with a facilitator's note that stays out."""
    notes_in: tuple[str, ...] = ()
    """Phases with one that was ticked to go along."""
    problem: str = ""
    """Why figures are missing from the archive, or why there is no preview; empty when all is well."""


def preview_of(data: Path, session_id: str, *, stop: Event | None = None) -> Preview:
    """What closing the session now would leave out, and why; counted in a process of its own.

    Args:
        data: the data folder.
        session_id: the session.
        stop: ends the counting once it is set.

    Returns:
        What stays out. After *stop*, or when the counting failed, a preview that says so in ``problem``.

    Raises:
        UnknownSessionError: the journal does not hold the session.
    """
    with TemporaryFile() as told:  # a pipe that nobody reads while waiting would fill up
        process = _started(Path(data), session_id, told)
        try:
            waited = 0.0
            while process.poll() is None:
                if stop is not None and stop.is_set():
                    return Preview(problem=STOPPED)
                if waited > _TIME_LIMIT:
                    return Preview(problem=FAILED)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_BETWEEN_LOOKS)
                waited += _BETWEEN_LOOKS
        finally:
            process.kill()
            process.wait()
        told.seek(0)
        return _understood(told.read(), session_id)


def _started(data: Path, session_id: str, told: IO[bytes]) -> subprocess.Popen[bytes]:
    paths = [str(_HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "stslib.archive.preview"],
        stdin=subprocess.DEVNULL,
        stdout=told,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "STS_DATA": str(data.resolve()),
            "STS_ARCHIVE_SESSION": session_id,
            "PYTHONPATH": os.pathsep.join(paths),
        },
    )


def _understood(told: bytes, session_id: str) -> Preview:
    try:
        found = json.loads(told)
    except ValueError:
        return Preview(problem=FAILED)
    if found.get("unknown"):
        raise UnknownSessionError(session_id)
    figures = tuple(PreviewFigure(**{**one, "reasons": tuple(one["reasons"])}) for one in found["figures"])
    return Preview(figures, tuple(found["notes_out"]), tuple(found["notes_in"]), found["problem"])


# -- in that process -----------------------------------------------------------------------------------------------------------


def answer() -> int:
    """Write the preview of the session that the environment names to standard output, as JSON."""
    try:
        found = asdict(_made())
    except UnknownSessionError:
        found = {"unknown": True}
    except StsError as error:
        found = asdict(Preview(problem=error.told))
    except Exception as error:  # the text may hold what a person typed, or a row: it goes no further
        found = asdict(Preview(problem=f"{FAILED} ({type(error).__name__})"))
    sys.stdout.write(json.dumps(found))
    return 0


def _made() -> Preview:
    from stslib.archive.document.pages import open_pages

    Counted.tells_why = True
    pages = open_pages()
    parts = [getattr(pages, name)().facts for name in _parts_of_the_notebook()]
    problem = next((str(facts["without_figures"]) for facts in parts if facts.get("without_figures")), "")
    notes = list(_notes())
    return Preview(
        tuple(_figures(parts)),
        tuple(name for name, goes in notes if not goes),
        tuple(name for name, goes in notes if goes),
        problem,
    )


def _parts_of_the_notebook() -> Sequence[str]:
    """The methods of ``Pages`` that the archive notebook calls, in its order."""
    cells = json.loads(_NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return re.findall(r"^pages\.(\w+)\(\)", code, re.MULTILINE)


def _figures(parts: Sequence[Any]) -> Iterator[PreviewFigure]:
    seen: set[str] = set()
    for facts in parts:
        for card, place in _cards(facts, []):
            found = _figure(card, place)
            key = f"{found.title} {card['rows']}"
            if (found.hidden or not found.cells) and key not in seen:
                seen.add(key)
                yield found


def _cards(value: Any, path: list[str]) -> Iterator[tuple[View, list[str]]]:
    """Every card in a part of the archive, with the titles of what it stands in."""
    if isinstance(value, dict):
        if is_card(value):
            yield value, path
            return
        title = value.get("title") or value.get("name")
        inside = [*path, title] if isinstance(title, str) else path
        for one in value.values():
            yield from _cards(one, inside)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _cards(one, path)


def _figure(card: View, path: Sequence[str]) -> PreviewFigure:
    cells = [cell for row in card["rows"] for cell in row[1:] if cell]
    hidden = cells.count(HIDDEN)
    reasons = tuple(card["hidden_why"]) if hidden else (card["title"],)
    named = [path[0], path[-1]] if len(path) > 1 else list(path)
    return PreviewFigure(card["title"], ", ".join(named), hidden, len(cells), reasons)


def _notes() -> Iterator[tuple[str, bool]]:
    """Every phase with a facilitator's note, and whether that goes along."""
    from stslib.archive.document.pages import all_instruments
    from stslib.forms.state import FormState
    from stslib.store import open_journal

    data, session_id = Path(os.environ["STS_DATA"]), os.environ["STS_ARCHIVE_SESSION"]
    journal = open_journal(data)
    first, *others = all_instruments(data, set())
    state = FormState(journal, session_id, first, others=others)
    for instrument in state.instruments:
        if instrument.id in state.instruments_used():
            for phase in instrument.phases:
                if typed(state, phase.id, NOTE):
                    name = f"{instrument.short}, {phase.name}: {phase.title}"
                    yield shown(name), state.value(phase.id, NOTE_MAY_GO) is True


if __name__ == "__main__":
    raise SystemExit(answer())
