"""What a database says when it cannot, told to a facilitator: one Dutch sentence per kind of trouble."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from stslib.errors import StoreError

_BACKUP = "Zet een reservekopie van dit bestand terug, of geef het bestand aan wie jullie computers beheert; gooi het niet weg."

DAMAGED = ("Dit gegevensbestand is beschadigd; er is niets aan veranderd.", _BACKUP)

_SQLITE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "Een ander programma houdt dit bestand langer dan vijf seconden vast.",
        "Sluit andere vensters of programma's die het gebruiken en probeer het opnieuw; wat al bewaard was, staat er nog.",
    ),
    sqlite3.SQLITE_READONLY: (
        "In dit bestand of in zijn map kan niet geschreven worden.",
        "Geef jezelf schrijfrechten op de map, of kies een andere gegevensmap; wat al bewaard was, staat er nog.",
    ),
    sqlite3.SQLITE_FULL: (
        "De schijf is vol: deze wijziging kon er niet meer bij.",
        "Maak plaats vrij en bewaar opnieuw; wat al bewaard was, staat er nog.",
    ),
    sqlite3.SQLITE_IOERR: (
        "De schijf weigert te lezen of te schrijven.",
        "Kijk of er nog plaats is en of de schijf of stick nog vastzit; probeer het dan opnieuw.",
    ),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    # Our statements never change, so one that SQLite does not understand tells that the file's schema is not ours any more.
    sqlite3.SQLITE_ERROR: DAMAGED,
    sqlite3.SQLITE_NOTADB: ("Dit bestand is beschadigd of is geen gegevensbestand; er is niets aan veranderd.", _BACKUP),
    sqlite3.SQLITE_CANTOPEN: (
        "Dit bestand kan niet geopend worden.",
        "Kijk of de map bestaat en of je erin mag lezen en schrijven.",
    ),
    sqlite3.SQLITE_PERM: (
        "Dit bestand mag niet geopend worden.",
        "Kijk of je in deze map mag lezen en schrijven.",
    ),
}
_SQLITE[sqlite3.SQLITE_LOCKED] = _SQLITE[sqlite3.SQLITE_BUSY]
_SQLITE[sqlite3.SQLITE_PROTOCOL] = _SQLITE[sqlite3.SQLITE_BUSY]
_SQLITE[sqlite3.SQLITE_AUTH] = _SQLITE[sqlite3.SQLITE_PERM]

_UNKNOWN = ("De gegevens konden niet gelezen of bewaard worden.", "Probeer het opnieuw; wat al bewaard was, staat er nog.")

# PostgreSQL's classes of SQLSTATE, most specific first.
_POSTGRESQL: tuple[tuple[str, tuple[str, str]], ...] = (
    (
        "25006",
        (
            "De databank laat nu geen wijzigingen toe.",
            "Vraag de beheerder om schrijftoegang; wat al bewaard was, staat er nog.",
        ),
    ),
    ("42501", ("Deze gebruiker mag dit niet in de databank.", "Vraag de beheerder om lees- en schrijfrechten.")),
    (
        "53100",
        ("De schijf van de databank is vol.", "Vraag de beheerder om plaats vrij te maken; wat al bewaard was, staat er nog."),
    ),
    ("55P03", _SQLITE[sqlite3.SQLITE_BUSY]),
    ("57014", _SQLITE[sqlite3.SQLITE_BUSY]),
    ("40", _SQLITE[sqlite3.SQLITE_BUSY]),
    (
        "28",
        ("De databank weigert deze gebruiker.", "Kijk de gebruikersnaam en het wachtwoord in het adres van de databank na."),
    ),
    ("3D", ("Deze databank bestaat niet op de server.", "Kijk de naam in het adres van de databank na.")),
    ("XX", ("De databank meldt beschadigde gegevens; er is niets aan veranderd.", "Verwittig de beheerder van de databank.")),
)
_NO_SERVER = (
    "De databankserver antwoordt niet.",
    "Kijk of de server aanstaat en of het netwerk werkt, en probeer het opnieuw.",
)


def _sentences(error: BaseException) -> tuple[str, str]:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        # Without a code it is Python's own complaint: stored bytes that are no text.
        return DAMAGED if code is None else _SQLITE.get(code & 0xFF, _UNKNOWN)
    state = getattr(error, "sqlstate", None)
    if state:
        return next((told for prefix, told in _POSTGRESQL if state.startswith(prefix)), _UNKNOWN)
    return _NO_SERVER if type(error).__module__.startswith("psycopg") else _UNKNOWN


@contextmanager
def told_in_dutch(place: str) -> Iterator[None]:
    """Turn an error of the database or of the file system into a ``StoreError`` about *place*.

    The cause stays attached for who debugs; engines are made with ``hide_parameters``, so it shows no value.
    """
    try:
        yield
    except DBAPIError as error:
        raise StoreError(place, *_sentences(error.orig or error)) from error
    except sqlite3.Error as error:
        raise StoreError(place, *_sentences(error)) from error
    except (SQLAlchemyError, OSError, UnicodeError) as error:
        raise StoreError(place, *_UNKNOWN) from error
