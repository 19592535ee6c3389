"""Which column is what: Dutch headers, their many names, and the personal ones that are never kept. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "pupil": (
        "leerlingnummer",
        "leerlingnr",
        "leerlingennummer",
        "nummerleerling",
        "nrleerling",
        "llnummer",
        "llnr",
        "leerlingid",
        "idleerling",
        "leerlingcode",
        "leerlingsleutel",
        "stamboeknummer",
        "stamboeknr",
        "stamboek",
        "stamnummer",
        "stamnr",
        "internnummer",
        "internid",
        "interneid",
        "pointer",
        "studentnummer",
        "pupilid",
        "pupil",
        "leerling",
        "student",
    ),
    "class": (
        "klas",
        "klascode",
        "klasgroep",
        "klasnaam",
        "naamklas",
        "administratieveklas",
        "officieleklas",
        "klasafkorting",
        "leerlingengroep",
        "class",
    ),
    "date": (
        "datum",
        "afwezigheidsdatum",
        "datumafwezigheid",
        "datumafwezig",
        "registratiedatum",
        "datumregistratie",
        "afdatum",
        "lesdatum",
        "date",
        "dag",
    ),
    "half": (
        "dagdeel",
        "halvedag",
        "halfdag",
        "halvedagdeel",
        "deelvandedag",
        "deelvandag",
        "dagdeelcode",
        "vmnm",
        "voormiddagnamiddag",
        "voorofnamiddag",
        "afdagdeel",
        "half",
        "moment",
    ),
    "code": (
        "afwezigheidscode",
        "codeafwezigheid",
        "afwezigheidcode",
        "code",
        "afwcode",
        "afcode",
        "codeafw",
        "aanwezigheidscode",
        "registratiecode",
        "afwezigheid",
        "registratie",
    ),
    "morning": (
        "vm",
        "voormiddag",
        "codevm",
        "vmcode",
        "codevoormiddag",
        "voormiddagcode",
        "afwezigheidvm",
        "afwezigheidscodevm",
        "afwezigheidvoormiddag",
        "vmafwezigheid",
        "ochtend",
    ),
    "afternoon": (
        "nm",
        "namiddag",
        "codenm",
        "nmcode",
        "codenamiddag",
        "namiddagcode",
        "afwezigheidnm",
        "afwezigheidscodenm",
        "afwezigheidnamiddag",
        "nmafwezigheid",
        "middag",
    ),
    "from": (
        "van",
        "vanaf",
        "begin",
        "begindatum",
        "start",
        "startdatum",
        "datumvan",
        "vandatum",
        "inschrijvingsdatum",
        "datuminschrijving",
        "inschrijvingvan",
        "inschrijvingvanaf",
        "ingeschrevenvanaf",
        "ingeschrevenvan",
        "instapdatum",
        "beginlesbijwoning",
        "from",
    ),
    "to": (
        "tot",
        "totenmet",
        "tm",
        "totmet",
        "einde",
        "eind",
        "einddatum",
        "datumtot",
        "totdatum",
        "uitschrijvingsdatum",
        "datumuitschrijving",
        "inschrijvingtot",
        "ingeschreventot",
        "ingeschreventotenmet",
        "stopdatum",
        "eindelesbijwoning",
        "to",
    ),
    "grade": ("graad", "grade"),
    "year": ("leerjaar", "studiejaar", "jaar", "year"),
    "stream": ("stroom", "stream"),
    "finality": ("finaliteit", "finality"),
    "level": ("niveau", "onderwijsniveau", "level"),
}
"""What a column is -> how packages call it, compared without case, accents, spaces and punctuation; the first of a row wins."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "export": ("pupil", "class", "date", "half", "code", "morning", "afternoon"),
    "enrolment": ("pupil", "class", "from", "to"),
    "classes": ("class", "grade", "year", "stream", "finality", "level"),
}
"""File -> the columns that are looked for in it."""

ROLE_NAMES: Mapping[str, str] = {
    "pupil": "leerlingnummer",
    "class": "klas",
    "date": "datum",
    "half": "dagdeel",
    "code": "code",
    "morning": "VM",
    "afternoon": "NM",
    "from": "van",
    "to": "tot",
    "grade": "graad",
    "year": "leerjaar",
    "stream": "stroom",
    "finality": "finaliteit",
    "level": "niveau",
}
"""What a column is -> what people here call it."""

_PERSONAL = re.compile(
    "naam|name|rijksregister|insz|nationaalnummer|nationaalnr|rrn|bisnummer|geboorte|geboren|birth|adres|straat|gemeente|postcode|woonplaats"
    "|telefoon|gsm|mail|opmerking|commentaar|nota|toelichting|memo|remark|geslacht|nationaliteit|ouder|moeder|vader|contact|leerling|foto|iban"
)


class Columns(NamedTuple):
    """Where the header row is and which column is what (all counted from 0)."""

    header_row: int
    headers: tuple[str, ...]
    positions: dict[str, int]


def normalise(header: str) -> str:
    """*header* without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", header).casefold()
    return re.sub(r"[^a-z0-9]+", "", plain)


_ROLE_RANK = {role: {name: rank for rank, name in enumerate(names)} for role, names in SYNONYMS.items()}


def match_headers(headers: Sequence[str], kind: str, mapping: Mapping[str, str] | None = None) -> dict[str, int]:
    """Role -> column for one row of possible headers; *mapping* (role -> header) goes before the synonyms."""
    names = [normalise(header) for header in headers]
    found: dict[str, int] = {}
    for role in KINDS[kind]:
        wanted = (mapping or {}).get(role)
        if wanted is not None:
            exact = [i for i, name in enumerate(names) if name == normalise(wanted)]
            if exact:
                found[role] = exact[0]
            continue
        ranks = _ROLE_RANK[role]
        candidates = [(ranks[name], i) for i, name in enumerate(names) if name in ranks]
        if candidates:
            found[role] = min(candidates)[1]
    return found


def find_columns(rows: Sequence[Sequence[str]], kind: str, mapping: Mapping[str, str] | None = None) -> Columns | None:
    """The row that looks most like headers; None when no row names two of the columns of *kind*."""
    best: Columns | None = None
    for index, row in enumerate(rows):
        positions = match_headers(row, kind, mapping) if len(row) > 1 else {}
        if len(positions) >= 2 and (best is None or len(positions) > len(best.positions)):
            best = Columns(index, tuple(row), positions)
            if shape_of(positions):
                break
    return best


def is_personal(header: str) -> bool:
    """Whether a column of this name holds names, national numbers, birth dates, addresses or remarks."""
    return bool(_PERSONAL.search(normalise(header)))


def shape_of(positions: Mapping[str, int]) -> str | None:
    """``long`` (pupil, date, half, code), ``days`` (pupil, date, VM, NM) or None."""
    if "pupil" not in positions or "date" not in positions:
        return None
    if "half" in positions and "code" in positions:
        return "long"
    if "morning" in positions and "afternoon" in positions:
        return "days"
    return None
