"""Between a table of unknown origin and this process: size first, then a parser in a process of its own with limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stslib.errors import ExchangeError
from stslib.exchange import limits
from stslib.exchange.plain import one_line
from stslib.guarded import sentences
from stslib.guarded.answer import RefusedError
from stslib.guarded.parent import run_child

_CHILD = Path(__file__).with_name("table_child.py")
_LIMITS = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}

_SAVE_AS = "Bewaar het opnieuw als .xlsx of .csv en probeer nog eens."
_COPY = "Kopieer alleen de tabel naar een nieuw rekenblad en bewaar dat als .xlsx."

_REFUSALS = sentences.of_reader(
    {
        "empty": "Kies een bestand met rijen erin.",
        "binary": "Kies een .csv- of .xlsx-bestand.",
        "web_page": _SAVE_AS,
        "other_workbook": _SAVE_AS,
        "damaged_workbook": _SAVE_AS,
        "nested": _COPY,
        "bomb": _COPY,
        "entities": _SAVE_AS,
        "memory": _COPY,
        "time": _COPY,
        "crash": _SAVE_AS,
        "too_large": _COPY,
        "too_many_rows": "Kijk na of dit het juiste bestand is en verwijder de rijen die er niet in horen.",
        "too_wide": _COPY,
        "no_titles": "Begin van een bestand dat deze pagina zelf maakte, of zet die titels in de eerste rij.",
    },
    {
        "bomb": "Dit bestand wordt bij het lezen veel te groot.",
        "too_wide": "Het bestand telt {columns} kolommen; hier kunnen er hoogstens {widest} gelezen worden.",
        "no_titles": "Er is geen rij met de kolomtitels van de wegwijzer gevonden; dat zijn: {needed}.",
    },
)


@dataclass(frozen=True)
class Row:
    """One row of a file by its number there, from 1. A cell that is much too long stands as its length."""

    number: int
    cells: tuple[str | int, ...]


@dataclass(frozen=True)
class Table:
    """The row of titles, the filled rows below it, and the row from which quotes do not match (0: they do)."""

    titles: Row
    rows: tuple[Row, ...]
    loose_quotes: int


def read_table(content: bytes, filename: str, titles: Mapping[str, str], needed: str) -> Table:
    """The table in a CSV or XLSX file.

    Args:
        content: the file's bytes.
        filename: for messages.
        titles: known titles in lower case, and the field that each one names.
        needed: the titles that a reader can put there, for the message when there are none.

    Raises:
        ExchangeError: refused, or the process that parsed it died or took too long. This process lives on.
    """
    place = one_line(filename)[:80] or "bestand"
    job = {"titles": dict(titles), "limits": _LIMITS, "workbook": limits.WORKBOOK._asdict()}
    try:
        if len(content) > limits.MAX_FILE_BYTES:
            raise sentences.too_large(len(content), limits.MAX_FILE_BYTES, decimals=1)
        description, _ = run_child(_CHILD, job, content, limits.CHILD)
    except RefusedError as refused:
        sentence = sentences.told(refused, _REFUSALS, needed=needed, most=limits.MAX_ROWS, widest=limits.MAX_COLUMNS)
        raise ExchangeError(place, *sentence) from None
    first, *others = (Row(number, tuple(cells)) for number, *cells in description["rows"])
    return Table(first, tuple(others), description["loose_quotes"])
