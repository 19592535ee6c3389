"""Between a file of unknown origin and this process: size first, then a parser in a process of its own with limits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from stslib.absences.reading import limits
from stslib.absences.reading.headers import ROLE_NAMES, ColumnMapping
from stslib.absences.reading.layout import Across
from stslib.errors import ReadingError
from stslib.guarded import sentences
from stslib.guarded.answer import Answer, RefusedError
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
    "export": "leerlingnummer, datum, en dagdeel met code (of VM en NM, of van en tot met code)",
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
        "too_many_marks": _IN_PIECES,
        "no_headers": "Zet de titels in de eerste rij van het bestand, of kies het juiste bestand.",
    },
    {
        "web_page": "Dit is een webpagina of XML zonder tabel erin.",
        "old_workbook": "Dit is een oud Excel-bestand dat niet gelezen kan worden.",
        "too_many_marks": "De rijen staan samen voor meer halve dagen dan een school kan hebben.",
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
    faults: Mapping[str, frozenset[int]]
    """Reason -> data rows (from 0) that cannot be read at all."""
    notes: tuple[str, ...]
    shape: str | None
    """Of an export; None as long as a column is missing."""
    _first_number: int
    _row_numbers: list[int] | None
    across: tuple[Across, ...] = ()
    """Columns whose header is a day, or a code."""
    marks: Mapping[str, pl.Series] = field(default_factory=dict)
    """``row`` (from 0), ``across`` (which of those columns) and ``text`` of every filled cell in them."""

    def row_number(self, index: int) -> int:
        """The row of the file, as a person counts them, that data row *index* is."""
        return self._row_numbers[index] if self._row_numbers is not None else index + self._first_number

    def header(self, role: str) -> str:
        """What the file itself calls the column of *role*."""
        place = self.positions.get(role, -1)
        return (self.headers[place] if place >= 0 else "") or ROLE_NAMES[role]


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
            content = file.read(size + 1)
            if len(content) > size:  # it grew since
                content += file.read(limits.MAX_FILE_BYTES)
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


def too_many_half_days(name: str) -> ReadingError:
    """The refusal of an export whose rows stand for more half days than a school can have."""
    return ReadingError(name, *_REFUSALS["too_many_marks"])


def run_job(
    name: str,
    content: bytes,
    kind: str,
    job: Mapping[str, object],
    *,
    waiting: Callable[[float], None] | None = None,
    memory: int = limits.CHILD.memory_bytes,
    seconds: float | None = None,
) -> Answer:
    """What the guarded process answers to *job* on *content*.

    Raises:
        ReadingError: when the file is refused, or the process died or took too long. This process lives on.
    """
    bounds = limits.CHILD._replace(memory_bytes=memory)
    if seconds is not None:
        bounds = bounds._replace(wall_seconds=seconds, wall_seconds_with_cpu_limit=seconds)
    try:
        return run_child(_CHILD, {"kind": kind, **job}, content, bounds, waiting=waiting)
    except RefusedError as refused:
        sentence = sentences.told(refused, _REFUSALS, file=FILE_KINDS[kind], needed=_NEEDED[kind], most=limits.MAX_ROWS)
        raise ReadingError(name, *sentence) from None


def parse_file(
    name: str,
    content: bytes,
    kind: str,
    mapping: ColumnMapping | None = None,
    codes: Collection[str] = (),
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
        mapping: role -> header or number of the column where the synonyms do not suffice.
        codes: the letters of the code table, by which a table of totals is recognised.
        waiting: called a few times a second with the seconds so far; what it raises ends the process and passes on.
        memory: bytes the process may use, where the system can limit it.
        seconds: time on the wall; None follows ``limits``.

    Raises:
        ReadingError: when the file is refused, or the process died or took too long. This process lives on.
    """
    import polars as pl

    from stslib.absences.reading.plain import read_plain

    plain = read_plain(content, kind, mapping, codes)
    if plain is not None:
        layout = plain.layout
        return ParsedFile(
            name=name,
            kind=kind,
            headers=tuple(" ".join(header.split())[:80] for header in layout.headers),
            positions=layout.positions,
            cells=plain.cells,
            count=plain.rows,
            faults={},
            notes=(f"title_lines:{layout.header_row}",) if layout.header_row > 0 else (),
            shape=layout.shape,
            _first_number=layout.body + 1,
            _row_numbers=None,
        )
    job = {"task": "parse", "mapping": dict(mapping) if mapping else None, "codes": sorted(codes)}
    description, blocks = run_job(name, content, kind, job, waiting=waiting, memory=memory, seconds=seconds)
    count: int = description["count"]
    columns = [_lines(block) if count else [] for block in blocks]
    cells = {role: pl.Series(role, values, pl.String) for role, values in zip(description["positions"], columns, strict=False)}
    across = tuple(Across(*entry) for entry in description["across"])
    marks: dict[str, pl.Series] = {}
    if across:
        rows, places, texts = columns[-3:]
        filled = bool(rows and rows[0])
        marks = {
            "row": pl.Series(rows if filled else [], dtype=pl.String).cast(pl.Int32),
            "across": pl.Series(places if filled else [], dtype=pl.String).cast(pl.Int32),
            "text": pl.Series(texts if filled else [], dtype=pl.String),
        }
    return ParsedFile(
        name=name,
        kind=kind,
        headers=tuple(description["headers"]),
        positions=description["positions"],
        cells=cells,
        count=count,
        faults={reason: frozenset(rows) for reason, rows in description["faults"].items()},
        notes=tuple(description["notes"]),
        shape=description["shape"],
        _first_number=description["first_number"],
        _row_numbers=description["row_numbers"],
        across=across,
        marks=marks,
    )


def _lines(block: memoryview) -> Sequence[str]:
    return str(block, "utf-8", "replace").split("\n")
