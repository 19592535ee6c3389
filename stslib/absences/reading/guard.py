"""Between a file of unknown origin and this process: size first, then a parser in a process of its own with limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stslib.absences.reading import limits
from stslib.absences.reading.headers import ROLE_NAMES
from stslib.errors import ReadingError
from stslib.guarded import sentences
from stslib.guarded.answer import RefusedError
from stslib.guarded.parent import run_child

if TYPE_CHECKING:
    import polars as pl

_CHILD = Path(__file__).with_name("child.py")

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
_IN_PIECES = "Maak de export per trimester of per graad en lees die apart in."

_REFUSALS = sentences.of_reader(
    {
        "empty": "Maak de export opnieuw en kijk na of er rijen in staan.",
        "binary": "Kies een .csv- of .xlsx-bestand uit het schoolpakket.",
        "web_page": _SAVE_AS,
        "other_workbook": "Bewaar het als .xlsx of .csv en probeer nog eens.",
        "damaged_workbook": _SAVE_AS,
        "nested": "Kopieer de tabel naar een nieuw rekenblad en bewaar dat als .xlsx.",
        "bomb": "Kopieer alleen de tabel naar een nieuw rekenblad en bewaar dat als .xlsx.",
        "entities": _SAVE_AS,
        "memory": _IN_PIECES,
        "time": _IN_PIECES,
        "crash": _SAVE_AS,
        "too_large": "Neem alleen de kolommen leerlingnummer, klas, datum, dagdeel en code in de export, van één schooljaar.",
        "too_many_rows": _IN_PIECES,
        "no_headers": "Zet de titels in de eerste rij van het bestand, of kies het juiste bestand.",
    },
    {
        "far_cell": "Er staat een waarde heel ver van de tabel: kolom {columns}, rij {rows}.",
        "no_headers": "Er is geen rij met kolomtitels gevonden; voor {file} zijn nodig: {needed}.",
    },
)


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
    return ReadingError(name, *sentences.told(sentences.too_large(size, limits.MAX_FILE_BYTES), _REFUSALS))


def parse_file(
    name: str,
    content: bytes,
    kind: str,
    mapping: Mapping[str, str] | None = None,
    *,
    waiting: Callable[[float], None] | None = None,
    memory: int = limits.CHILD.memory_bytes,
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
    bounds = limits.CHILD._replace(memory_bytes=memory)
    if seconds is not None:
        bounds = bounds._replace(wall_seconds=seconds, wall_seconds_with_cpu_limit=seconds)
    job = {"kind": kind, "mapping": dict(mapping) if mapping else None}
    try:
        description, blocks = run_child(_CHILD, job, content, bounds, waiting=waiting)
    except RefusedError as refused:
        sentence = sentences.told(refused, _REFUSALS, file=FILE_KINDS[kind], needed=_NEEDED[kind], most=limits.MAX_ROWS)
        raise ReadingError(name, *sentence) from None
    count: int = description["count"]
    cells: dict[str, pl.Series] = {}
    for role, block in zip(description["positions"], blocks, strict=True):
        values = str(block, "utf-8", "replace").split("\n") if count else []
        cells[role] = pl.Series(role, values, pl.String)
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
