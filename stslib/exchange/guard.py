"""Between a table of unknown origin and this process: size first, then a parser in a process of its own with limits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.errors import ExchangeError
from stslib.exchange import limits
from stslib.exchange.plain import one_line
from stslib.text import format_number

_CHILD = Path(__file__).with_name("table_child.py")
_LIMITS = {name: value for name, value in vars(limits).items() if name.isupper()}

_SAVE_AS = "Bewaar het opnieuw als .xlsx of .csv en probeer nog eens."
_COPY = "Kopieer alleen de tabel naar een nieuw rekenblad en bewaar dat als .xlsx."

_REFUSALS: Mapping[str, tuple[str, str]] = {
    "empty": ("Het bestand is leeg.", "Kies een bestand met rijen erin."),
    "binary": ("Dit is geen tekstbestand en geen Excel-bestand.", "Kies een .csv- of .xlsx-bestand."),
    "web_page": ("Dit is een webpagina of XML, geen tabel.", _SAVE_AS),
    "old_workbook": (
        "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord.",
        "Open het in Excel, haal het wachtwoord weg en bewaar het als .xlsx.",
    ),
    "other_workbook": ("Dit is een rekenblad van een ander type (.ods of .xlsb).", _SAVE_AS),
    "not_a_workbook": (
        "Dit bestand is ingepakt maar is geen Excel-bestand.",
        "Kies een .csv- of .xlsx-bestand; pak een .zip eerst uit.",
    ),
    "damaged_workbook": ("Dit Excel-bestand is beschadigd.", _SAVE_AS),
    "password": ("Dit Excel-bestand heeft een wachtwoord.", "Bewaar het zonder wachtwoord en probeer nog eens."),
    "nested": ("In dit Excel-bestand zit een ander bestand ingepakt.", _COPY),
    "bomb": ("Dit bestand wordt bij het lezen veel te groot.", _COPY),
    "entities": ("Dit Excel-bestand bevat verwijzingen die er niet in horen.", _SAVE_AS),
    "memory": ("Dit bestand vraagt te veel geheugen om te lezen.", _COPY),
    "time": ("Het lezen van dit bestand duurt te lang.", _COPY),
    "crash": ("Dit bestand kon niet gelezen worden: het lezen stopte onverwacht.", _SAVE_AS),
}


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
    if len(content) > limits.MAX_FILE_BYTES:
        raise ExchangeError(
            place,
            f"Het bestand is {format_number(len(content) / 1_000_000, 1)} MB groot; hier kan hoogstens "
            f"{format_number(limits.MAX_FILE_BYTES / 1_000_000)} MB gelezen worden.",
            _COPY,
        )
    job = {
        "titles": dict(titles),
        "limits": _LIMITS,
        "path": [entry for entry in sys.path if entry] if content.startswith(b"PK") else [],
    }
    answer = _run(json.dumps(job).encode("ascii") + b"\n" + content)
    if "refused" in answer:
        raise _refusal(place, str(answer["refused"]), answer.get("facts", {}), needed)
    first, *others = (Row(number, tuple(cells)) for number, *cells in answer["rows"])
    return Table(first, tuple(others), answer["loose_quotes"])


def _refusal(place: str, reason: str, facts: Mapping[str, Any], needed: str) -> ExchangeError:
    if reason == "no_titles":
        return ExchangeError(
            place,
            f"Er is geen rij met de kolomtitels van de wegwijzer gevonden; dat zijn: {needed}.",
            "Begin van een bestand dat deze pagina zelf maakte, of zet die titels in de eerste rij.",
        )
    if reason == "too_many_rows":
        return ExchangeError(
            place,
            f"Het bestand telt {format_number(facts['rows'])} rijen; hier kunnen er hoogstens "
            f"{format_number(limits.MAX_ROWS)} gelezen worden.",
            "Kijk na of dit het juiste bestand is en verwijder de rijen die er niet in horen.",
        )
    if reason == "too_wide":
        return ExchangeError(
            place,
            f"Het bestand telt {format_number(facts['columns'])} kolommen; hier kunnen er hoogstens "
            f"{format_number(limits.MAX_COLUMNS)} gelezen worden.",
            _COPY,
        )
    if reason == "far_cell":
        return ExchangeError(
            place,
            f"Er staat iets ver van de tabel: kolom {format_number(facts['columns'])}, rij {format_number(facts['rows'])}.",
            "Verwijder alles naast en onder de tabel, of kopieer de tabel naar een nieuw rekenblad.",
        )
    return ExchangeError(place, *_REFUSALS.get(reason, _REFUSALS["crash"]))


def _run(job: bytes) -> dict[str, Any]:
    """The answer of the parsing process, or the reason why there is none in the same shape."""
    limited = sys.platform != "win32"
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and our own script; the file goes in through a pipe
            [sys.executable, "-I", "-S", str(_CHILD)],
            input=job,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a parser that gives up may print what it was reading
            timeout=limits.CHILD_WALL_SECONDS_WITH_CPU_LIMIT if limited else limits.CHILD_WALL_SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "time"}
    except OSError:
        return {"refused": "crash"}
    if done.returncode == 0:
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            return {"refused": "crash"}
        return answer if isinstance(answer, dict) else {"refused": "crash"}
    if -done.returncode in (24, 9):  # SIGXCPU, or SIGKILL at the hard limit of processor time
        return {"refused": "time"}
    return {"refused": "memory" if -done.returncode == 6 else "crash"}  # SIGABRT: the parser could not get its memory
