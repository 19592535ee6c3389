"""The directory of help lines and partners as a table, out and back in: CSV and XLSX.

Rows find their partner by the code in the first column, or by the name where somebody made the table by hand. Nothing in a text
becomes a formula or a link, and a text comes back as it went out, less what ``stslib.exchange.plain`` takes out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from stslib.errors import ExchangeError
from stslib.exchange import limits
from stslib.exchange.guard import Row, read_table
from stslib.exchange.plain import one_line, plain_text, same_words
from stslib.model.base import Frozen
from stslib.model.finding import Finding, Level
from stslib.text import format_number


class Contact(Frozen):
    """The region's own contact for one kind of help line or partner; ``together`` is None when nobody filled it in."""

    partner_id: str
    name: str
    service: str = ""
    phone: str = ""
    mail: str = ""
    site: str = ""
    note: str = ""
    together: bool | None = None


class ContactsRead(Frozen):
    """What a file says, at most one contact per partner, and what was noticed.

    ``fields`` are the fields that the file has a column for: the others of a contact are empty because the file is silent on
    them, not because somebody emptied them.
    """

    contacts: tuple[Contact, ...]
    fields: tuple[str, ...]
    findings: tuple[Finding, ...]


class _Column(NamedTuple):
    field: str
    title: str
    width: int
    also: tuple[str, ...] = ()


_COLUMNS = (
    _Column("partner_id", "Code", 14, ("id", "sleutel")),
    _Column("name", "Hulplijn of partner", 34, ("hulplijn", "partner", "naam", "soort")),
    _Column("service", "Dienst", 30, ("dienst in de regio", "naam van de dienst", "organisatie")),
    _Column("phone", "Telefoon", 18, ("tel", "tel.", "telefoonnummer", "gsm")),
    _Column("mail", "E-mail", 30, ("mail", "email", "e-mailadres", "mailadres")),
    _Column("site", "Website", 30, ("site", "webadres", "webstek", "url")),
    _Column("note", "Opmerking", 50, ("opmerkingen", "nota", "notitie", "toelichting")),
    _Column("together", "Werken we al samen?", 14, ("samenwerking", "we werken al samen", "werken we al samen", "samen")),
)
_TITLES = {column.field: column.title for column in _COLUMNS}
_KNOWN_TITLES = {spelling.casefold(): column.field for column in _COLUMNS for spelling in (column.title, *column.also)}
_TEXTS = ("service", "phone", "mail", "site", "note")

_YES = frozenset({"ja", "j", "yes", "y", "x", "waar", "true", "1"})
_NO = frozenset({"nee", "neen", "n", "no", "onwaar", "false", "0"})

_EXCEL_UNITS = 32_767
"""What one cell of a workbook holds, in units of UTF-16."""

# -- writing -------------------------------------------------------------------------------------------------------

# A program takes a cell for a formula when it starts with one of these signs, also after blanks and quotes. Where a program
# splits a line in other places than we meant, a cell starts after any separator, so the start of every piece is made safe.
_PIECE = r"(^|[;,|\t\n])"
_FORMULA = r"(?=(?:[^\S\t\n]|[\"'])*[=+\-@＝＋－＠])"
_DANGER = re.compile(_PIECE + _FORMULA)
_SAFE = re.compile(_PIECE + "'" + _FORMULA)


def _neutralised(text: str) -> str:
    """*text* with an apostrophe before every piece that could be taken for a formula; ``_as_meant`` undoes it."""
    return _DANGER.sub(r"\1'", text)


def _as_meant(text: str) -> str:
    return _SAFE.sub(r"\1", text)


def _marked(text: str) -> str:
    """*text* for a place where no text becomes a formula, written so that ``_as_meant`` leaves its own apostrophes alone."""
    return _SAFE.sub(r"\1''", text)


def _cells(contact: Contact) -> list[str]:
    together = {True: "ja", False: "nee", None: ""}[contact.together]
    return [
        one_line(contact.partner_id),
        one_line(contact.name),
        *(plain_text(getattr(contact, name)) for name in _TEXTS),
        together,
    ]


def contacts_to_csv(contacts: Iterable[Contact]) -> bytes:
    """The *contacts* as Excel in Flanders opens it: UTF-8 with its mark, semicolons, every cell in quotes.

    A text that a program would take for a formula gets an apostrophe before it; ``read_contacts`` takes that away again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.title for column in _COLUMNS])
    writer.writerows([_neutralised(cell) for cell in _cells(contact)] for contact in contacts)
    return out.getvalue().encode("utf-8-sig")


def contacts_to_xlsx(contacts: Iterable[Contact]) -> bytes:
    """The *contacts* as a workbook: every cell a text (so a 0 in front of a number stays), the titles frozen, the codes hidden.

    Raises:
        ExchangeError: a text is longer than a cell of a workbook holds.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"title": "Wegwijzer: hulplijnen en partners"})
    sheet = workbook.add_worksheet("Wegwijzer")
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    titles = workbook.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, column in enumerate(_COLUMNS):
        sheet.set_column(place, place, column.width, text, {"hidden": column.field == "partner_id"})
        sheet.write_string(0, place, column.title, titles)
    last = 0
    for last, contact in enumerate(contacts, 1):
        for place, cell in enumerate(map(_marked, _cells(contact))):
            if len(cell.encode("utf-16-le")) // 2 > _EXCEL_UNITS:
                raise ExchangeError(
                    f"{one_line(contact.name)}, {_COLUMNS[place].title}",
                    "Deze tekst is te lang voor een cel van Excel.",
                    "Kort de tekst in, of bewaar de wegwijzer als CSV.",
                )
            sheet.write_string(last, place, cell, text)
    answer = len(_COLUMNS) - 1
    sheet.data_validation(
        1, answer, max(last, 1), answer, {"validate": "list", "source": ["ja", "nee"], "error_type": "warning"}
    )
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    workbook.close()
    return out.getvalue()


# -- reading -------------------------------------------------------------------------------------------------------

_BARE_NUMBER = re.compile(r"[1-9][0-9]{7,8}")
_POWER = re.compile(r"[0-9][.,][0-9]+E\+[0-9]{2}")


def read_contacts(content: bytes, filename: str, known: Mapping[str, str]) -> ContactsRead:
    """The contacts in a CSV or XLSX file.

    Args:
        content: the file's bytes; CSV with ``;``, ``,`` or tab, in UTF-8, UTF-16 or cp1252.
        filename: for messages.
        known: the partners there are, id -> name. A contact takes its name from here.

    Returns:
        One contact per partner that the file names, in the file's order. A row of an unknown or of an earlier partner, and
        a row with a cell that cannot be kept, are left out with a finding that names the row (never its texts).

    Raises:
        ExchangeError: the file cannot be read at all.
    """
    needed = ", ".join(_TITLES[name] for name in ("name", *_TEXTS, "together"))
    table = read_table(content, filename, _KNOWN_TITLES, needed)
    places, findings = _places(table.titles)
    if not {"partner_id", "name"} & places.keys() or not (set(places) - {"partner_id", "name"}):
        raise ExchangeError(
            one_line(filename)[:80] or "bestand",
            f"In de rij met titels (rij {table.titles.number}) ontbreekt de kolom '{_TITLES['name']}', of elke andere kolom.",
            f"De titels van de wegwijzer zijn: {needed}.",
        )
    if table.loose_quotes:
        findings.append(
            Finding(
                level=Level.WARNING,
                place=f"rij {table.loose_quotes}",
                fact="Vanaf hier kloppen de aanhalingstekens niet: er is er een te veel of te weinig.",
                remedy="Kijk deze rij en de volgende goed na, of bewaar het bestand als .xlsx.",
            )
        )
    reading = _Reading(known, places, findings)
    for row in table.rows:
        reading.take(row)
    fields = tuple(column.field for column in _COLUMNS if column.field in places)
    return ContactsRead(contacts=tuple(reading.contacts.values()), fields=fields, findings=tuple(findings))


def _places(titles: Row) -> tuple[dict[str, int], list[Finding]]:
    """Field -> place of its column, and what there is to say about the titles."""
    places: dict[str, int] = {}
    findings: list[Finding] = []
    for place, cell in enumerate(titles.cells):
        name = _KNOWN_TITLES.get(" ".join(str(cell).casefold().split()))
        where = f"rij {titles.number}, kolom {place + 1}"
        if name is None:
            if str(cell).strip():
                findings.append(
                    Finding(level=Level.NOTE, place=where, fact="Deze titel kent de wegwijzer niet; de kolom is niet gelezen.")
                )
        elif name in places:
            findings.append(
                Finding(
                    level=Level.WARNING,
                    place=where,
                    fact=f"De kolom '{_TITLES[name]}' staat er al (kolom {places[name] + 1}); deze tweede is niet gelezen.",
                    remedy="Voeg de twee kolommen samen of verwijder er een.",
                )
            )
        else:
            places[name] = place
    return places, findings


@dataclass
class _Reading:
    """The rows so far."""

    known: Mapping[str, str]
    places: Mapping[str, int]
    findings: list[Finding]
    contacts: dict[str, Contact] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)
    _named: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for partner_id, name in self.known.items():
            self._named.setdefault(same_words(name), []).append(partner_id)

    def take(self, row: Row) -> None:
        """Add the contact of *row*, or say why not."""
        cells: dict[str, str] = {}
        for name, place in self.places.items():
            cell = row.cells[place] if place < len(row.cells) else ""
            text = plain_text(_as_meant(cell)) if isinstance(cell, str) else ""
            length = len(text) if isinstance(cell, str) else cell
            if length > limits.MAX_CELL_CHARACTERS:
                self._say(
                    row,
                    Level.ERROR,
                    f"Deze tekst telt {format_number(length)} tekens en er passen er "
                    f"{format_number(limits.MAX_CELL_CHARACTERS)}; de rij is niet overgenomen.",
                    "Kort de tekst in en lees het bestand opnieuw in.",
                    name,
                )
                return
            cells[name] = text
        partner_id = self._partner(row, cells)
        if partner_id is None:
            return
        if partner_id in self._rows:
            self._say(
                row,
                Level.WARNING,
                f"Deze hulplijn of partner staat al in rij {self._rows[partner_id]}; alleen die eerste rij is overgenomen.",
                "Voeg de twee rijen samen en lees het bestand opnieuw in.",
            )
            return
        if not self._phone_is_whole(row, cells.get("phone", "")):
            return
        self._rows[partner_id] = row.number
        texts = {name: cells.get(name, "") for name in _TEXTS}
        together = self._together(row, cells.get("together", ""))
        self.contacts[partner_id] = Contact(partner_id=partner_id, name=self.known[partner_id], together=together, **texts)

    def _partner(self, row: Row, cells: Mapping[str, str]) -> str | None:
        code, name = one_line(cells.get("partner_id", "")), same_words(cells.get("name", ""))
        named = self._named.get(name, [])
        if code in self.known:
            if name and code not in named:
                self._say(
                    row,
                    Level.WARNING,
                    f"De code hoort bij '{self.known[code]}', maar de rij heeft een andere naam; de code is gevolgd.",
                    "Kijk na of de rij bij de juiste hulplijn of partner staat.",
                )
            return code
        if len(named) == 1:
            return named[0]
        self._say(
            row,
            Level.WARNING,
            "Deze naam staat meer dan eens in de wegwijzer; de rij is niet overgenomen."
            if named
            else "Deze rij hoort bij geen hulplijn of partner van de wegwijzer; ze is niet overgenomen.",
            "Zet de code erbij zoals in een bestand dat deze pagina zelf maakte."
            if named
            else f"Neem in de kolom '{_TITLES['name']}' de naam over zoals hij in de wegwijzer staat.",
            "name",
        )
        return None

    def _phone_is_whole(self, row: Row, phone: str) -> bool:
        """Whether a rekenblad left the number as it was typed; a note when a 0 seems to have gone."""
        if _POWER.fullmatch(phone.strip()):
            self._say(
                row,
                Level.ERROR,
                "Dit nummer is door een rekenblad afgerond tot een macht van tien; de rij is niet overgenomen.",
                "Maak de cel op als tekst, typ het nummer opnieuw en lees het bestand opnieuw in.",
                "phone",
            )
            return False
        if _BARE_NUMBER.fullmatch(phone.strip()):
            self._say(
                row,
                Level.NOTE,
                "Dit nummer begint niet met een 0 of een +; een rekenblad laat een 0 vooraan soms weg.",
                "Kijk het nummer na.",
                "phone",
            )
        return True

    def _together(self, row: Row, cell: str) -> bool | None:
        answer = same_words(cell)
        if answer in _YES:
            return True
        if answer and answer not in _NO:
            self._say(
                row, Level.WARNING, "Dit is geen ja of nee; het is als niet ingevuld gelezen.", "Vul ja of nee in.", "together"
            )
            return None
        return False if answer else None

    def _say(self, row: Row, level: Level, fact: str, remedy: str, name: str = "") -> None:
        place = f"rij {row.number}" + (f", kolom '{_TITLES[name]}'" if name else "")
        self.findings.append(Finding(level=level, place=place, fact=fact, remedy=remedy))
