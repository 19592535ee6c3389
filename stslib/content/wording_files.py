"""A file in which a centre writes its own texts: written out with ours beside, read back and checked as a whole."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import yaml
from pydantic import Field

from stslib.content.shapes import LABEL_LIMIT, Form
from stslib.content.telling import parse
from stslib.content.texts import Words, texts_of
from stslib.content.wording import MAX_NAME, OwnText, Wording, make_wording
from stslib.content.workbook import MAX_FILE_BYTES, WorkbookError, read_sheets
from stslib.content.yaml_nodes import fault, quoted, read_document
from stslib.errors import ContentError, StsError
from stslib.model.finding import Finding, Level
from stslib.model.instrument import Instrument

KEY, OURS, OWN, NOTICE = "Sleutel", "Onze tekst", "Eigen tekst", "Let op"
HELP_SHEET = "Uitleg"
DEFAULT_NAME = "eigen bewoording"

_CHANGED = "Onze tekst is veranderd sinds jullie deze eigen tekst inlazen."
_HELP = (
    "Hier schrijf je de teksten van de instrumenten in jullie eigen woorden.",
    "Vul alleen de kolom 'Eigen tekst' in. Waar ze leeg blijft, tonen de pagina's onze tekst.",
    "Verander nooit een sleutel: daaraan herkent het programma welke tekst je bedoelt.",
    "Een naam op het spinnenweb (sleutels die eindigen op schaal:naam) telt hoogstens 24 tekens.",
    "Bewaar het bestand en lees het in met: sts content wording-in BESTAND",
    "Zit er een fout in, dan verandert er niets en zegt het programma waar de fout staat.",
)
_HEADER_ROWS = 10
_TOLD = 20
"""Findings of one kind that are told one by one."""


class _TextForm(Form):
    key: str = Field(alias="sleutel")
    ours: str | None = Field(default=None, alias="onze")
    own: str | None = Field(default=None, alias="eigen")
    notice: str | None = Field(default=None, alias="let_op")


class _TextsForm(Form):
    texts: tuple[_TextForm, ...] = Field(alias="teksten", min_length=1)


@dataclass(frozen=True)
class Row:
    """One line of such a file and where it stands."""

    place: str
    key: str
    ours: str
    own: str


@dataclass(frozen=True)
class TakenIn:
    """What came of a file: the wording to keep, or None when an error stands in the way; and every finding.

    ``own`` counts the texts that are the centre's own, ``left`` those of the file where ours stays.
    """

    wording: Wording | None
    own: int
    left: int
    findings: tuple[Finding, ...]


# -- out --------------------------------------------------------------------------------------------------------------------


def wording_file(instruments: Sequence[Instrument], wording: Wording | None, kind: str) -> bytes:
    """A file with every text of *instruments*, ours and the centre's.

    Args:
        instruments: as we ship them, without a wording.
        wording: the centre's texts so far.
        kind: ``.xlsx``, ``.yaml`` or ``.yml``.

    Raises:
        StsError: another kind of file.
    """
    if kind == ".xlsx":
        return _as_workbook(instruments, wording)
    if kind in (".yaml", ".yml"):
        return _as_yaml(instruments, wording)
    raise StsError(kind or "bestand", "Dit soort bestand kan niet.", "Kies een naam die eindigt op .xlsx of .yaml.")


def _lines(instrument: Instrument, wording: Wording | None) -> Iterator[tuple[Words, str, str]]:
    texts: Mapping[str, OwnText] = wording.texts if wording else {}
    for words in texts_of(instrument):
        own = texts.get(words.key)
        changed = own is not None and _folded(own.ours) != _folded(words.text)
        yield words, own.text if own else "", _CHANGED if changed else ""


def _as_workbook(instruments: Sequence[Instrument], wording: Wording | None) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        # A text format, so that a sentence that is typed with a '=' in front stays a sentence.
        plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        quiet = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "font_color": "#555555"})
        guide = book.add_worksheet(HELP_SHEET)
        guide.set_column(0, 0, 100)
        for row, line in enumerate(_HELP):
            guide.write_string(row, 0, line)
        for instrument in instruments:
            sheet = book.add_worksheet(instrument.id[:31])
            for column, (title, width) in enumerate(((KEY, 44), (OURS, 70), (OWN, 70), (NOTICE, 24))):
                sheet.set_column(column, column, width, plain)
                sheet.write_string(0, column, title, head)
            sheet.freeze_panes(1, 1)
            for row, (words, own, notice) in enumerate(_lines(instrument, wording), 1):
                sheet.write_string(row, 0, words.key, quiet)
                sheet.write_string(row, 1, words.text, quiet)
                sheet.write_string(row, 2, own, plain)
                sheet.write_string(row, 3, notice, quiet)
    return target.getvalue()


def _as_yaml(instruments: Sequence[Instrument], wording: Wording | None) -> bytes:
    items = [
        {"sleutel": words.key, "onze": words.text, "eigen": own, **({"let_op": notice} if notice else {})}
        for instrument in instruments
        for words, own, notice in _lines(instrument, wording)
    ]
    text = yaml.safe_dump({"teksten": items}, allow_unicode=True, sort_keys=False, width=110)
    said = [line.replace("de kolom 'Eigen tekst'", "de tekst na 'eigen'") for line in _HELP]
    return ("".join(f"# {line}\n" for line in said) + "\n" + text).encode()


# -- in ---------------------------------------------------------------------------------------------------------------------


def read_wording_file(path: Path) -> tuple[Row, ...]:
    """The lines of a file that was written out before; a workbook is told by its content, whatever its name.

    Raises:
        ContentError: it cannot be opened or is no such file; lists every fault in its form.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refused(path.name, f"Dit bestand kan niet geopend worden ({reason}).", "Kijk of de naam klopt.") from error
    if size > MAX_FILE_BYTES:
        raise _refused(path.name, f"Dit bestand is te groot ({size // 1_000_000} MB).", "Hou alleen de teksten over.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or path.suffix.lower() == ".xlsx":
        return _from_workbook(path.name, content)
    return _from_yaml(path)


def _from_workbook(name: str, content: bytes) -> tuple[Row, ...]:
    try:
        sheets = read_sheets(content)
    except WorkbookError as error:
        raise _refused(name, error.fact, error.remedy) from error
    rows: list[Row] = []
    lost = []
    for title, table in sheets.items():
        found = _header(table)
        if found is None:
            if title.casefold() != HELP_SHEET.casefold() and any(any(line) for line in table):
                lost.append(
                    fault(
                        f"{name}, blad {quoted(title, 31)}",
                        f"Hier staat geen rij met de titels {KEY}, {OURS} en {OWN}.",
                        "Zet de titels terug zoals ze waren, of verwijder dit blad.",
                    )
                )
            continue
        start, columns = found
        for number, line in enumerate(table[start + 1 :], start + 2):
            key, ours, own = (line[column] if column is not None else "" for column in columns)
            if key.strip() or own.strip():
                rows.append(Row(f"{name}, blad {quoted(title, 31)}, rij {number}", key.strip(), ours, own))
    if lost:
        raise ContentError(lost)
    if not rows:
        raise _refused(name, "Er staan geen teksten in dit bestand.", "Begin met: sts content wording-out BESTAND.xlsx")
    return tuple(rows)


def _header(table: list[list[str]]) -> tuple[int, tuple[int, int | None, int]] | None:
    for number, line in enumerate(table[:_HEADER_ROWS]):
        titles = [cell.strip().casefold() for cell in line]
        if KEY.casefold() in titles and OWN.casefold() in titles:
            ours = titles.index(OURS.casefold()) if OURS.casefold() in titles else None
            return number, (titles.index(KEY.casefold()), ours, titles.index(OWN.casefold()))
    return None


def _from_yaml(path: Path) -> tuple[Row, ...]:
    document = read_document(path, path.name, MAX_FILE_BYTES)
    form, findings = parse(document, _TextsForm)
    if form is None:
        raise ContentError(findings)
    return tuple(
        Row(
            f"{path.name}, regel {document.line(('teksten', number))}",
            line.key.strip(),
            line.ours or "",
            line.own or "",
        )
        for number, line in enumerate(form.texts)
    )


def take_in(
    rows: Sequence[Row], instruments: Sequence[Instrument], current: Wording | None, name: str | None, now: datetime
) -> TakenIn:
    """Check all rows and make one wording of them; what the centre wrote for instruments that are not in the file stays.

    Args:
        rows: of one file.
        instruments: all, as we ship them.
        current: the wording that counts now.
        name: what the wording is called; None keeps the current name.
        now: local time.
    """
    known = {words.key: words for instrument in instruments for words in texts_of(instrument)}
    retired = {question.id for instrument in instruments for question in instrument.retired}
    findings = [*_name_faults(name)]
    taken: dict[str, Row] = {}
    unknown: list[Row] = []
    for row in rows:
        if not row.key:
            findings.append(fault(row.place, "Deze tekst heeft geen sleutel.", "Zet de sleutel terug, of wis de rij."))
        elif row.key in taken:
            fact = f"De sleutel {quoted(row.key, 120)} staat er al: {taken[row.key].place}."
            findings.append(fault(row.place, fact, "Hou één van de twee over."))
        elif row.key in known:
            taken[row.key] = row
        elif row.key.split(":")[0] in retired:
            findings.append(_warning(row.place, f"De vraag {quoted(row.key, 120)} is vervallen.", "Deze rij telt niet mee."))
        else:
            unknown.append(row)
    findings += _unknown(unknown, known)
    touched = [instrument for instrument in instruments if any(_instrument_of(key) == instrument.id for key in taken)]
    texts = {key: own for key, own in _kept(current, touched).items() if key in known}
    own_count = 0
    for key, row in taken.items():
        words = known[key]
        own = _folded(row.own) if words.limit == LABEL_LIMIT else _tidy(row.own)
        findings += _text_faults(row, words, own)
        if own and _folded(own) != _folded(words.text):
            texts[key] = OwnText(own, words.text)
            own_count += 1
            if row.ours.strip() and _folded(row.ours) != _folded(words.text):
                findings.append(_warning(row.place, "Onze tekst is intussen veranderd.", "Kijk of de eigen tekst nog past."))
    for instrument in touched:
        findings += _missing(instrument, taken)
        findings += _same_labels(instrument, texts, taken)
    if not texts and not any(_is_error(finding) for finding in findings):
        findings.append(
            fault(
                "eigen bewoording",
                "Er staat geen enkele eigen tekst in dit bestand.",
                f"Vul de kolom {quoted(OWN)} in. Terug naar onze teksten gaat met: sts content wording-in --remove",
            )
        )
    sound = not any(_is_error(finding) for finding in findings)
    called = " ".join((name or (current.name if current else DEFAULT_NAME)).split())
    wording = make_wording(called, texts, now) if sound else None
    return TakenIn(wording, own_count, len(taken) - own_count, tuple(findings))


def _name_faults(name: str | None) -> Iterator[Finding]:
    if name is not None and not 1 <= len(" ".join(name.split())) <= MAX_NAME:
        yield fault("--name", f"De naam moet 1 tot {MAX_NAME} tekens tellen.", "Kies een korte naam, zoals 'CLB Noord'.")
    elif name is not None and _strange(name):
        yield fault("--name", "In de naam staan tekens die niet gedrukt kunnen worden.", "Typ de naam opnieuw.")


def _unknown(rows: Iterable[Row], known: Mapping[str, Words]) -> Iterator[Finding]:
    for number, row in enumerate(rows):
        # Looking for what comes near costs a comparison with every key.
        near = get_close_matches(row.key[:200], known, n=1, cutoff=0.75) if number < _TOLD else []
        meant = f"Bedoelde je '{near[0]}'? " if near else ""
        remedy = f"{meant}Neem de sleutels over uit een nieuw bestand (sts content wording-out)."
        yield fault(row.place, f"De sleutel {quoted(row.key, 120)} bestaat niet.", remedy)


def _text_faults(row: Row, words: Words, own: str) -> Iterator[Finding]:
    if len(own) > words.limit:
        yield fault(row.place, f"De eigen tekst telt {len(own)} tekens; hier passen er {words.limit}.", "Maak hem korter.")
    if _strange(own):
        yield fault(row.place, "In de eigen tekst staan tekens die niet gedrukt kunnen worden.", "Typ de tekst opnieuw.")


def _missing(instrument: Instrument, taken: Mapping[str, Row]) -> Iterator[Finding]:
    lost = [words.key for words in texts_of(instrument) if words.key not in taken]
    for key in lost[:_TOLD]:
        yield _warning(
            instrument.id, f"De sleutel {quoted(key, 120)} staat niet in het bestand.", "Daar blijft onze tekst staan."
        )
    if len(lost) > _TOLD:
        fact = f"Nog {len(lost) - _TOLD} andere sleutels staan niet in het bestand."
        yield _warning(instrument.id, fact, "Daar blijft onze tekst staan.")


def _same_labels(instrument: Instrument, texts: Mapping[str, OwnText], taken: Mapping[str, Row]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for words in texts_of(instrument):
        if words.radar is None:
            continue
        label = texts[words.key].text if words.key in texts else words.text
        first = seen.setdefault((words.radar, _folded(label).casefold()), words.key)
        if first != words.key:
            row = taken.get(words.key) or taken.get(first)
            yield fault(
                row.place if row else instrument.id,
                f"De naam {quoted(label)} staat ook bij {quoted(first, 120)}.",
                "Kies een andere korte naam, zodat de assen van het spinnenweb te onderscheiden zijn.",
            )


def _kept(current: Wording | None, touched: Sequence[Instrument]) -> dict[str, OwnText]:
    names = {instrument.id for instrument in touched}
    return {key: own for key, own in current.texts.items() if _instrument_of(key) not in names} if current else {}


def _instrument_of(key: str) -> str:
    return key.split(":")[0].split(".")[0]


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _folded(text: str) -> str:
    """Without what a spreadsheet or an editor does to the blanks in a text."""
    return " ".join(text.split())


def _strange(text: str) -> bool:
    """Whether *text* holds something that a page, a workbook or XML cannot."""
    return any(
        (unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t") or letter in "\ufffe\uffff" for letter in text
    )


def _is_error(finding: Finding) -> bool:
    return finding.level is Level.ERROR


def _warning(place: str, fact: str, remedy: str) -> Finding:
    return Finding(level=Level.WARNING, place=place, fact=fact, remedy=remedy)


def _refused(place: str, fact: str, remedy: str) -> ContentError:
    return ContentError([fault(place, fact, remedy)])
