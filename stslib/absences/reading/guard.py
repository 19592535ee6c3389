"""Between a file of unknown origin and this process: size first, then a parser in a process of its own with limits."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.absences.reading import limits
from stslib.absences.reading.headers import ROLE_NAMES
from stslib.errors import ReadingError
from stslib.text import format_number

if TYPE_CHECKING:
    import polars as pl

_CHILD = Path(__file__).with_name("child.py")

_MEGABYTE = 1_000_000

FILE_KINDS = {
    "export": "de export van de afwezigheden",
    "enrolment": "het inschrijvingsbestand",
    "classes": "het klassenbestand",
}

_NEEDED = {
    "export": "leerlingnummer, datum, en dagdeel met code (of VM en NM)",
    "enrolment": "leerlingnummer en klas, van of tot",
    "classes": "klas en graad, leerjaar, stroom, finaliteit of niveau",
}

_SAVE_AS = "Bewaar het opnieuw vanuit het schoolpakket of Excel als .xlsx of .csv en probeer nog eens."

_REFUSALS: Mapping[str, tuple[str, str]] = {
    "empty": ("Het bestand is leeg.", "Maak de export opnieuw en kijk na of er rijen in staan."),
    "binary": ("Dit is geen tekstbestand en geen Excel-bestand.", "Kies een .csv- of .xlsx-bestand uit het schoolpakket."),
    "web_page": ("Dit is een webpagina of XML, geen tabel.", _SAVE_AS),
    "old_workbook": (
        "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord.",
        "Open het in Excel, haal het wachtwoord weg en bewaar het als .xlsx.",
    ),
    "other_workbook": (
        "Dit is een rekenblad van een ander type (.ods of .xlsb).",
        "Bewaar het als .xlsx of .csv en probeer nog eens.",
    ),
    "not_a_workbook": (
        "Dit bestand is ingepakt maar is geen Excel-bestand.",
        "Kies een .csv- of .xlsx-bestand; pak een .zip eerst uit.",
    ),
    "damaged_workbook": ("Dit Excel-bestand is beschadigd.", _SAVE_AS),
    "password": ("Dit Excel-bestand heeft een wachtwoord.", "Bewaar het zonder wachtwoord en probeer nog eens."),
    "nested": (
        "In dit Excel-bestand zit een ander bestand ingepakt.",
        "Kopieer de tabel naar een nieuw rekenblad en bewaar dat als .xlsx.",
    ),
    "bomb": (
        "Dit Excel-bestand wordt uitgepakt veel te groot.",
        "Kopieer alleen de tabel naar een nieuw rekenblad en bewaar dat als .xlsx.",
    ),
    "entities": ("Dit Excel-bestand bevat verwijzingen die er niet in horen.", _SAVE_AS),
    "memory": (
        "Dit bestand vraagt te veel geheugen om te lezen.",
        "Maak de export per trimester of per graad en lees die apart in.",
    ),
    "time": ("Het lezen van dit bestand duurt te lang.", "Maak de export per trimester of per graad en lees die apart in."),
    "crash": ("Dit bestand kon niet gelezen worden: het lezen stopte onverwacht.", _SAVE_AS),
}


@dataclass(frozen=True, repr=False)
class ParsedFile:
    """The needed columns of one file, every cell as text. Holds pupil data: it has no repr and is never kept."""

    name: str
    kind: str
    headers: tuple[str, ...]
    positions: dict[str, int]
    """Role -> place of its column in the file, from 0."""
    cells: dict[str, pl.Series]
    """Role -> the values of its column as text, one for every data row."""
    count: int
    ragged: frozenset[int]
    """Data rows (from 0) with more values than there are headers."""
    notes: tuple[str, ...]
    _first_number: int
    _row_numbers: list[int] | None

    def row_number(self, index: int) -> int:
        """The row of the file, as a person counts them, that data row *index* is."""
        return self._row_numbers[index] if self._row_numbers is not None else index + self._first_number

    def header(self, role: str) -> str:
        """What the file itself calls the column of *role*."""
        return self.headers[self.positions[role]] if role in self.positions else ROLE_NAMES[role]


def read_bytes(path: Path, kind: str) -> bytes:
    """The content of *path*, refused before reading when it is too large.

    Raises:
        ReadingError: no such file, no file, or too large.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ReadingError(path.name, "Dit is geen bestand.", f"Kies het bestand met {FILE_KINDS[kind]}.")
        if size > limits.MAX_FILE_BYTES:
            raise too_large(path.name, size)
        with path.open("rb") as file:
            content = file.read(limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ReadingError(
            path.name,
            "Het bestand kan niet geopend worden.",
            "Kijk na of het bestaat en of het niet in een ander programma openstaat, en probeer nog eens.",
        ) from error
    if len(content) > limits.MAX_FILE_BYTES:
        raise too_large(path.name, len(content))
    return content


def too_large(name: str, size: int) -> ReadingError:
    """The refusal of a file of *size* bytes; a page can use it before it takes an upload in."""
    return ReadingError(
        name,
        f"Het bestand is {format_number(size / _MEGABYTE)} MB groot; hier kan hoogstens "
        f"{format_number(limits.MAX_FILE_BYTES / _MEGABYTE)} MB gelezen worden.",
        "Neem alleen de kolommen leerlingnummer, klas, datum, dagdeel en code in de export, van één schooljaar.",
    )


def _refusal(name: str, kind: str, reason: str, facts: Mapping[str, Any]) -> ReadingError:
    if reason == "no_headers":
        return ReadingError(
            name,
            f"Er is geen rij met kolomtitels gevonden; voor {FILE_KINDS[kind]} zijn nodig: {_NEEDED[kind]}.",
            "Zet de titels in de eerste rij van het bestand, of kies het juiste bestand.",
        )
    if reason == "far_cell":
        return ReadingError(
            name,
            f"Er staat een waarde heel ver van de tabel: kolom {format_number(facts['columns'])}, "
            f"rij {format_number(facts['rows'])}.",
            "Verwijder alles naast en onder de tabel, of kopieer de tabel naar een nieuw rekenblad.",
        )
    if reason == "too_many_rows":
        return ReadingError(
            name,
            f"Het bestand telt {format_number(facts['rows'])} rijen; "
            f"hier kunnen er hoogstens {format_number(limits.MAX_ROWS)} gelezen worden.",
            "Maak de export per trimester of per graad en lees die apart in.",
        )
    fact, remedy = _REFUSALS.get(reason, _REFUSALS["crash"])
    return ReadingError(name, fact, remedy)


def parse_file(
    name: str,
    content: bytes,
    kind: str,
    mapping: Mapping[str, str] | None = None,
    *,
    waiting: Callable[[float], None] | None = None,
    memory: int = limits.CHILD_MEMORY_BYTES,
    seconds: float | None = None,
) -> ParsedFile:
    """The needed columns of *content*: a plain text is split here, anything else is parsed in a process of its own.

    Args:
        name: the file's name, for messages.
        content: its bytes.
        kind: ``export``, ``enrolment`` or ``classes``.
        mapping: role -> header where the synonyms do not suffice.
        waiting: called a few times a second with the seconds so far; what it raises ends the process and passes on.
        memory: bytes the process may use, where the system can limit it.
        seconds: time on the wall; None follows ``limits``.

    Raises:
        ReadingError: when the file is refused, or the process died or took too long. This process lives on.
    """
    import polars as pl

    from stslib.absences.reading.plain import read_plain

    plain = read_plain(content, kind, mapping)
    if plain is not None:
        columns = plain.columns
        return ParsedFile(
            name=name,
            kind=kind,
            headers=tuple(" ".join(header.split())[:80] for header in columns.headers),
            positions=columns.positions,
            cells=plain.cells,
            count=plain.rows,
            ragged=frozenset(),
            notes=(f"title_lines:{columns.header_row}",) if columns.header_row else (),
            _first_number=columns.header_row + 2,
            _row_numbers=None,
        )
    job = {
        "kind": kind,
        "mapping": dict(mapping) if mapping else None,
        "path": [entry for entry in sys.path if entry] if content.startswith(b"PK") else [],
        "memory": memory,
        "cpu_seconds": limits.CHILD_CPU_SECONDS,
    }
    if seconds is None:
        limited = sys.platform != "win32"
        seconds = limits.CHILD_WALL_SECONDS_WITH_CPU_LIMIT if limited else limits.CHILD_WALL_SECONDS
    answer = _run(json.dumps(job).encode("ascii") + b"\n" + content, seconds, waiting)
    if isinstance(answer, str):
        raise _refusal(name, kind, answer, {})
    try:
        (size,) = struct.unpack_from(">Q", answer)
        description = json.loads(answer[8 : 8 + size])
    except (struct.error, ValueError) as error:
        raise _refusal(name, kind, "crash", {}) from error
    if not isinstance(description, dict):
        raise _refusal(name, kind, "crash", {})
    if "refused" in description:
        raise _refusal(name, kind, description["refused"], description["facts"])
    count: int = description["count"]
    cells: dict[str, pl.Series] = {}
    start = 8 + size
    for role, length in zip(description["positions"], description["lengths"], strict=True):
        values = answer[start : start + length].decode("utf-8", errors="replace").split("\n") if count else []
        cells[role] = pl.Series(role, values, pl.String)
        start += length
    return ParsedFile(
        name=name,
        kind=kind,
        headers=tuple(description["headers"]),
        positions=description["positions"],
        cells=cells,
        count=count,
        ragged=frozenset(description["ragged"]),
        notes=tuple(description["notes"]),
        _first_number=description["first_number"],
        _row_numbers=description["row_numbers"],
    )


def _run(job: bytes, seconds: float, waiting: Callable[[float], None] | None) -> bytes | str:
    """What the parsing process wrote, or the reason why there is nothing."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    process = subprocess.Popen(  # noqa: S603  our own interpreter and our own script; the file goes in through a pipe
        [sys.executable, "-I", "-S", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser that gives up may print what it was reading
        creationflags=flags,
    )
    started = time.monotonic()
    # One call of communicate, in a thread: called again after a timeout it forgets the input that it had not yet written.
    talk: Future[tuple[bytes, bytes]] = Future()
    thread = threading.Thread(target=_talk, args=(process, job, seconds, talk), daemon=True)
    thread.start()
    try:
        while not wait([talk], timeout=0.2 if waiting else None).done:
            if waiting:
                waiting(time.monotonic() - started)
    finally:
        if process.poll() is None:
            process.kill()
        thread.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
    try:
        output, _ = talk.result()
    except subprocess.TimeoutExpired:
        return "time"
    except OSError:
        return "crash"
    if process.returncode == 0:
        return output
    signal_number = -process.returncode
    if signal_number in (24, 9):  # SIGXCPU, or SIGKILL at the hard limit of processor time
        return "time"
    return "memory" if signal_number == 6 else "crash"  # SIGABRT: the parser could not get the memory it asked for


def _talk(process: subprocess.Popen[bytes], job: bytes, seconds: float, talk: Future[tuple[bytes, bytes]]) -> None:
    try:
        talk.set_result(process.communicate(job, timeout=seconds))
    except BaseException as error:  # told to who waits
        process.kill()
        process.communicate()
        talk.set_exception(error)
