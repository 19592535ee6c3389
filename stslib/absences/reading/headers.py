"""Which column is what: Dutch headers, their many names, and the personal ones that are never kept. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

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
        "afvan",
        "afdatumvan",
        "afwezigvan",
        "afwezigvanaf",
        "afwezigheidvan",
        "eerstedag",
        "eerstedagafwezig",
        "datumbegin",
        "datumvanaf",
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
        "aftot",
        "aftm",
        "afdatumtot",
        "afwezigtot",
        "afwezigtotenmet",
        "afwezigheidtot",
        "laatstedag",
        "laatstedagafwezig",
        "datumeinde",
        "datumtotenmet",
        "datumtm",
        "uitschrijvingsdatum",
        "datumuitschrijving",
        "inschrijvingtot",
        "ingeschreventot",
        "ingeschreventotenmet",
        "stopdatum",
        "eindelesbijwoning",
        "to",
    ),
    "from_half": (
        "afvanuur",
        "afvandagdeel",
        "vanuur",
        "uurvan",
        "vandagdeel",
        "dagdeelvan",
        "dagdeelbegin",
        "begindagdeel",
        "startdagdeel",
        "vandeel",
        "vanvmnm",
        "vmnmvan",
        "vanhalvedag",
        "halvedagvan",
        "beginuur",
        "fromhalf",
    ),
    "to_half": (
        "aftotuur",
        "aftotdagdeel",
        "totuur",
        "uurtot",
        "totdagdeel",
        "dagdeeltot",
        "dagdeeleinde",
        "einddagdeel",
        "totenmetdagdeel",
        "totdeel",
        "totvmnm",
        "vmnmtot",
        "tothalvedag",
        "halvedagtot",
        "einduur",
        "tohalf",
    ),
    "count": (
        "aantalhalvedagen",
        "aantalhalvedag",
        "halvedagen",
        "aantalhd",
        "aantalafwezigheden",
        "aantal",
        "totaal",
        "som",
        "count",
    ),
    "brought": (
        "externb",
        "bextern",
        "externeb",
        "bexterne",
        "externbcodes",
        "externebcodes",
        "bcodesextern",
        "bcodeextern",
        "bvorigeschool",
        "vorigeschoolb",
        "bcodesvorigeschool",
        "codesbvorigeschool",
        "bandereschool",
        "bcodesandereschool",
        "codesbandereschool",
        "bvanandereschool",
        "aantalbvorigeschool",
        "aantalbandereschool",
        "bmeegebracht",
        "meegebrachteb",
        "meegebrachtebcodes",
        "overgedragenb",
        "bovergedragen",
        "problematischvorigeschool",
        "problematischandereschool",
    ),
    "grade": ("graad", "grade"),
    "year": ("leerjaar", "studiejaar", "jaar", "year"),
    "stream": ("stroom", "stream"),
    "finality": ("finaliteit", "finality"),
    "level": ("niveau", "onderwijsniveau", "level"),
}
"""What a column is -> how packages call it, compared without case, accents, spaces and punctuation; the first of a row wins."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "export": (
        "pupil", "class", "date", "half", "code", "morning", "afternoon",
        "from", "from_half", "to", "to_half", "count", "brought",
    ),
    "enrolment": ("pupil", "class", "from", "to", "brought"),
    "classes": ("class", "grade", "year", "stream", "finality", "level"),
}  # fmt: skip
"""File -> the columns that are looked for in it."""

IGNORE, SHEET, HEADER_ROW = "ignore", "sheet", "header_row"
"""What a mapping can say besides which column is what: the columns to leave alone, the sheet to take, and the row of the
headers as a person counts rows (0: there are none)."""

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
    "from_half": "dagdeel van",
    "to_half": "dagdeel tot",
    "count": "aantal",
    "brought": "halve dagen B van een vorige school",
    "half_day": "een halve dag",
    "code_total": "totaal van een code",
    "grade": "graad",
    "year": "leerjaar",
    "stream": "stroom",
    "finality": "finaliteit",
    "level": "niveau",
}
"""What a column is -> what people here call it."""

COLUMNS_OF_SHAPE: Mapping[str, tuple[str, ...]] = {
    "long": ("pupil", "date", "half", "code"),
    "days": ("pupil", "date", "morning", "afternoon"),
    "periods": ("pupil", "from", "to", "code"),
    "totals": ("pupil", "code", "count"),
}
"""Shape -> the columns it cannot do without; the first that a file has is taken."""

_PERSONAL = re.compile(
    "naam|name|rijksregister|insz|nationaalnummer|nationaalnr|rrn|bisnummer|geboorte|geboren|birth|adres|straat|gemeente|postcode|woonplaats"
    "|telefoon|gsm|mail|opmerking|commentaar|nota|toelichting|memo|remark|geslacht|nationaliteit|ouder|moeder|vader|contact|leerling|foto|iban"
)


def normalise(header: str) -> str:
    """*header* without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", header[:200]).casefold()
    return re.sub(r"[^a-z0-9]+", "", plain)


_ROLE_RANK = {role: {name: rank for rank, name in enumerate(names)} for role, names in SYNONYMS.items()}

ColumnName = str | int
"""A header as the file has it, or the number of a column from 1 (``3`` or ``"#3"``): headers can be empty or double."""

ColumnMapping = Mapping[str, ColumnName | Sequence[ColumnName]]


_COLUMN_NUMBER = re.compile(r"^#(\d{1,4})$")


def as_lines(mapping: ColumnMapping) -> dict[str, str]:
    """*mapping* with every value as one line of text, as a profile keeps it; it means the same."""

    def line(name: ColumnName) -> str:
        return f"#{name}" if isinstance(name, int) else name

    return {
        role: line(wanted) if isinstance(wanted, str | int) else " | ".join(map(line, wanted))
        for role, wanted in mapping.items()
        if wanted not in ((), [], "")
    }


def number_in(wanted: object) -> int | None:
    """The number that *wanted* says, as a number or as ``#3``; None when it is a name."""
    if isinstance(wanted, bool):
        return None
    if isinstance(wanted, int):
        return wanted
    match = _COLUMN_NUMBER.match(wanted.strip()) if isinstance(wanted, str) else None
    return int(match[1]) if match else None


def place_of(wanted: object, names: Sequence[str]) -> int | None:
    """The column (from 0) that *wanted* names among normalised headers; None when there is none."""
    number = number_in(wanted)
    if number is not None:
        return number - 1 if 1 <= number <= len(names) else None
    name = normalise(wanted) if isinstance(wanted, str) else ""
    return names.index(name) if name and name in names else None


def match_headers(headers: Sequence[str], kind: str, mapping: ColumnMapping | None = None) -> dict[str, int]:
    """Role -> column for one row of possible headers; what *mapping* says goes before the synonyms.

    A column that the mapping gives a role, or says to ignore, is given no other by its name.
    """
    mapping = mapping or {}
    names = [normalise(header) for header in headers]
    given = {role: place_of(mapping[role], names) for role in KINDS[kind] if role in mapping}
    taken = {place for place in given.values() if place is not None} | ignored_columns(names, mapping)
    free = [(i, name) for i, name in enumerate(names) if name and i not in taken]
    found: dict[str, int] = {}
    for role in KINDS[kind]:
        if role in given:
            place = given[role]
            if place is not None:
                found[role] = place
            continue
        ranks = _ROLE_RANK[role]
        candidates = [(ranks[name], i) for i, name in free if name in ranks]
        if candidates:
            found[role] = min(candidates)[1]
    return found


def ignored_columns(names: Sequence[str], mapping: ColumnMapping) -> set[int]:
    """The columns (from 0) that *mapping* says to leave alone."""
    wanted = mapping.get(IGNORE, ())
    listed: list[ColumnName] = [wanted] if isinstance(wanted, int) else []
    if isinstance(wanted, str):
        listed = [wanted] if place_of(wanted, names) is not None else [part.strip() for part in wanted.split("|")]
    elif not isinstance(wanted, int):
        listed = list(wanted)
    places: set[int] = set()
    for entry in listed:
        if isinstance(entry, str) and number_in(entry) is None and normalise(entry):
            places.update(i for i, name in enumerate(names) if name == normalise(entry))
        elif (place := place_of(entry, names)) is not None:
            places.add(place)
    return places


def is_personal(header: str) -> bool:
    """Whether a column of this name holds names, national numbers, birth dates, addresses or remarks."""
    return bool(_PERSONAL.search(normalise(header)))


def shape_of(positions: Mapping[str, int]) -> str | None:
    """The shape of an export by its columns: ``long``, ``days``, ``periods``, ``totals`` or None."""
    if "pupil" not in positions:
        return None
    for shape, roles in COLUMNS_OF_SHAPE.items():
        if all(role in positions for role in roles):
            return shape
    return None
