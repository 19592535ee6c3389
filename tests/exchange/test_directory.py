"""The directory as a table, out and back in: what comes back, what is refused, what is said about it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stslib.errors import ExchangeError
from stslib.exchange import Contact, ContactsRead, contacts_to_csv, contacts_to_xlsx, guard, limits, read_contacts, table_child
from stslib.exchange.plain import plain_text
from stslib.guarded.answer import Answer
from stslib.guarded.limits import ProcessLimits

KNOWN = {"w.clb": "CLB", "w.vdab": "VDAB", "w.naft": "NAFT: naadloos flexibel traject", "w.caw": "CAW en JAC"}
TITLES = ["Code", "Hulplijn of partner", "Dienst", "Telefoon", "E-mail", "Website", "Opmerking", "Werken we al samen?"]
MAKERS = pytest.mark.parametrize(("make", "filename"), [(contacts_to_csv, "w.csv"), (contacts_to_xlsx, "w.xlsx")])


def contact(partner_id: str = "w.clb", **more: object) -> Contact:
    return Contact(partner_id=partner_id, name=KNOWN[partner_id], **more)


def text_file(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(rows).encode(encoding)


def workbook(*rows: list[Any], sheet: str = "Blad1", before: int = 0) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number in range(before):
            book.add_worksheet(f"Uitleg {number}").write(0, 0, "Lees dit eerst")
        made = book.add_worksheet(sheet)
        for place, row in enumerate(rows):
            made.write_row(place, 0, row)
    return out.getvalue()


def told(read: ContactsRead) -> list[tuple[str, str]]:
    return [(finding.level.value, finding.place) for finding in read.findings]


def parsed_here(script: Path, job: dict[str, Any], content: bytes, bounds: ProcessLimits) -> Answer:
    """What the child answers, without a process: for many examples of files that harm none."""
    return Answer(table_child.parse(content, json.loads(json.dumps(job))), [])


@contextmanager
def parsing_here() -> Iterator[None]:
    before = csv.field_size_limit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "run_child", parsed_here)
        yield
    csv.field_size_limit(before)


@pytest.fixture
def in_this_process() -> Iterator[None]:
    with parsing_here():
        yield


# -- there and back ------------------------------------------------------------------------------------------------


@MAKERS
def test_contacts_come_back_as_they_went(make: Any, filename: str) -> None:
    contacts = (
        contact(service="CLB Noord", phone="+32 3 123 45 67", mail="info@voorbeeld.be", site="voorbeeld.be", together=True),
        contact("w.vdab", phone="0800 12 345", note='- eerst bellen\n- dan; "mailen", of langsgaan', together=False),
        contact("w.naft"),
    )
    read = read_contacts(make(contacts), filename, KNOWN)
    assert read.contacts == contacts
    assert read.findings == ()
    assert read.fields == ("partner_id", "name", "service", "phone", "mail", "site", "note", "together")


NASTY = [
    "=1+1",
    "+32 3 123 45 67",
    "-5",
    "@naam",
    "'=al gemerkt",
    "''=twee",
    "' =met spatie",
    '"=aanhaling',
    "＝1",
    "eerst,=cmd|' /C calc'!A0,dan",
    "a;b,c\td|e",
    "een\n- twee\n'- drie",
    'zegt "ja"',
    '"',
    "'",
    " spaties ",
    "0475 12 34 56",
    "00123",
    "1e5",
    "TRUE",
    "_x0041_ en _x000D_",
    "https://voorbeeld.be/?a=1&b=2#c",
    "mailto:info@voorbeeld.be",
    "<b>&amp;</b>",
    "\U0001f469\u200d\U0001f3eb \U0001f1e7\U0001f1ea",
    "\u202eomgekeerd \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "tab\taan het eind\t",
    "\n\n",
    "nan",
    "x" * 20_000,
    "-" * 20_000,
    ",=" * 10_000,
]


@MAKERS
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_nasty_text_comes_back_as_it_went(in_this_process: None, make: Any, filename: str, text: str) -> None:
    contacts = (contact(service=text, phone=text, mail=text, site=text, note=text),)
    assert read_contacts(make(contacts), filename, KNOWN).contacts == contacts


_TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["=", "+", "-", "@", "'", '"', ";", ",", "\t", "\n", "|", " ", "\r\n", "_x000D_"]), st.text(max_size=4)
    ),
    max_size=8,
).map("".join)
_CONTACTS = st.lists(st.sampled_from(sorted(KNOWN)), unique=True).flatmap(
    lambda ids: st.tuples(
        *(
            st.builds(
                Contact,
                partner_id=st.just(one),
                name=st.just(KNOWN[one]),
                service=_TEXTS,
                phone=_TEXTS,
                mail=_TEXTS,
                site=_TEXTS,
                note=_TEXTS,
                together=st.sampled_from([True, False, None]),
            )
            for one in ids
        )
    )
)


def plainly(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    texts = ("service", "phone", "mail", "site", "note")
    return tuple(one.model_copy(update={name: plain_text(getattr(one, name)) for name in texts}) for one in contacts)


@MAKERS
@settings(max_examples=150, deadline=None)
@given(contacts=_CONTACTS)
@example(contacts=())
@example(contacts=(contact(note="\x00\x07\ud800\uffff\r\x85"),))
def test_any_contacts_come_back_as_plain_text(make: Any, filename: str, contacts: tuple[Contact, ...]) -> None:
    with parsing_here():
        read = read_contacts(make(contacts), filename, KNOWN)
    assert read.contacts == plainly(contacts)
    assert {finding.level for finding in read.findings} <= {"note"}


# -- what goes out -------------------------------------------------------------------------------------------------


def test_the_csv_opens_in_excel_as_a_table() -> None:
    content = contacts_to_csv([contact(phone="0475 12 34 56")])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n")[0] == ";".join(f'"{title}"' for title in TITLES)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("text", NASTY[:-3], ids=range(len(NASTY) - 3))
def test_no_cell_of_the_csv_is_a_formula_however_it_is_split(separator: str, text: str) -> None:
    content = contacts_to_csv([contact(service=text, note=text)]).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell)]


def test_every_cell_of_the_workbook_is_a_text() -> None:
    contacts = [contact(service=text, note=text) for text in NASTY]
    content = contacts_to_xlsx(contacts)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "hyperlink" in name or "external" in name]
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "f"}  # openpyxl calls any text that starts with = a formula
    assert {cell.number_format for cell in cells} == {"@"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_the_workbook_shows_the_titles_and_hides_the_codes() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(contacts_to_xlsx([contact()]))).active
    assert [cell.value for cell in sheet[1]] == TITLES
    assert [cell.value for cell in sheet[2]][:2] == ["w.clb", "CLB"]
    assert sheet.freeze_panes == "C2"
    assert sheet.column_dimensions["A"].hidden
    assert all(sheet.column_dimensions[letter].width > 10 for letter in "BCDEFG")


def test_a_text_that_no_cell_of_a_workbook_holds_is_named() -> None:
    with pytest.raises(ExchangeError) as caught:
        contacts_to_xlsx([contact(note="\U0001f600" * 20_000)])
    assert "CLB, Opmerking" in caught.value.place
    assert "CSV" in caught.value.remedy


# -- what others write ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_plain_table_is_read_however_it_was_saved(separator: str, encoding: str) -> None:
    rows = [["Naam", "Tel.", "Nota"], ["VDAB", "03 123", "één café"], ["clb", "", "x"]]
    content = text_file(*(separator.join(row) for row in rows), encoding=encoding)
    read = read_contacts(content, "w.csv", KNOWN)
    assert read.contacts == (contact("w.vdab", phone="03 123", note="één café"), contact("w.clb", note="x"))
    assert read.fields == ("name", "phone", "note")
    assert read.findings == ()


def test_a_workbook_that_was_typed_by_hand_is_read() -> None:
    content = workbook(
        ["Onze wegwijzer"], [], ["Partner", "GSM", "Samen"], ["Vdab ", 80012345, "X"], ["CAW  en JAC", "", True], before=2
    )
    read = read_contacts(content, "w.xlsx", KNOWN)
    assert read.contacts == (contact("w.vdab", phone="80012345", together=True), contact("w.caw", together=True))
    assert told(read) == [("note", "rij 4, kolom 'Telefoon'")]
    assert "0 vooraan" in read.findings[0].fact


def test_a_row_finds_its_partner_by_code_before_name(in_this_process: None) -> None:
    read = read_contacts(
        text_file("Code;Naam;Tel", "w.clb;VDAB;1", "onbekend;NAFT: Naadloos flexibel traject;2"), "w.csv", KNOWN
    )
    assert [one.partner_id for one in read.contacts] == ["w.clb", "w.naft"]
    assert [one.name for one in read.contacts] == ["CLB", "NAFT: naadloos flexibel traject"]
    assert told(read) == [("warning", "rij 2")]
    assert "'CLB'" in read.findings[0].fact


def test_rows_of_nobody_and_rows_that_come_twice_are_named_by_their_number(in_this_process: None) -> None:
    content = text_file("Naam;Tel", "CLB;1", "", "Geheime naam;2", "clb;3", ";", ";4")
    read = read_contacts(content, "w.csv", KNOWN)
    assert read.contacts == (contact(phone="1"),)
    assert told(read) == [
        ("warning", "rij 4, kolom 'Hulplijn of partner'"),
        ("warning", "rij 5"),
        ("warning", "rij 7, kolom 'Hulplijn of partner'"),
    ]
    assert "rij 2" in read.findings[1].fact
    assert not [finding for finding in read.findings if "Geheime" in str(finding)]


def test_a_name_that_two_partners_share_needs_a_code(in_this_process: None) -> None:
    read = read_contacts(text_file("Naam;Tel", "dienst;1"), "w.csv", {"a": "Dienst", "b": "dienst"})
    assert read.contacts == ()
    assert "meer dan eens" in read.findings[0].fact


@pytest.mark.parametrize("length", [20_001, 300_000])
def test_a_text_that_is_too_long_is_named_and_its_row_left_out(length: int) -> None:
    read = read_contacts(text_file("Naam;Opmerking", f"CLB;{'x' * length}", "VDAB;kort"), "w.csv", KNOWN)
    assert [one.partner_id for one in read.contacts] == ["w.vdab"]
    assert told(read) == [("error", "rij 2, kolom 'Opmerking'")]
    assert f"{length:,}".replace(",", ".") in read.findings[0].fact


@pytest.mark.parametrize(
    ("answer", "together"),
    [("ja", True), ("JA ", True), ("x", True), ("nee", False), ("Neen", False), ("", None), ("onwaar", False)],
)
def test_yes_and_no_are_read_in_their_spellings(in_this_process: None, answer: str, together: bool | None) -> None:
    read = read_contacts(text_file("Naam;Samen;Tel", f"CLB;{answer};1"), "w.csv", KNOWN)
    assert read.contacts == (contact(phone="1", together=together),)
    assert read.findings == ()


def test_an_answer_that_is_neither_is_named(in_this_process: None) -> None:
    read = read_contacts(text_file("Naam;Samen;Tel", "CLB;misschien;1"), "w.csv", KNOWN)
    assert read.contacts[0].together is None
    assert told(read) == [("warning", "rij 2, kolom 'Werken we al samen?'")]


def test_a_number_that_a_spreadsheet_rounded_is_not_taken(in_this_process: None) -> None:
    read = read_contacts(text_file("Naam;Tel", "CLB;3,24752E+10"), "w.csv", KNOWN)
    assert read.contacts == ()
    assert told(read) == [("error", "rij 2, kolom 'Telefoon'")]


def test_columns_that_are_strange_or_come_twice_are_named(in_this_process: None) -> None:
    read = read_contacts(text_file("Naam;Tel;Leerling;GSM", "CLB;1;x;2"), "w.csv", KNOWN)
    assert read.contacts == (contact(phone="1"),)
    assert told(read) == [("note", "rij 1, kolom 3"), ("warning", "rij 1, kolom 4")]


@pytest.mark.parametrize("row", ['"VDAB;2', '"VD"AB;2'])
def test_quotes_that_do_not_match_are_named(in_this_process: None, row: str) -> None:
    read = read_contacts(text_file("Naam;Tel", "CLB;1", row), "w.csv", KNOWN)
    assert read.contacts[0] == contact(phone="1")
    assert told(read)[0] == ("warning", "rij 3")


# -- what is refused -----------------------------------------------------------------------------------------------


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def changed(part: str, old: bytes, new: bytes) -> bytes:
    """A good workbook of which one part is changed."""
    with zipfile.ZipFile(io.BytesIO(workbook(["Naam", "Tel"], ["CLB", "1"]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    assert old in parts[part]
    return packed({**parts, part: parts[part].replace(old, new)})


SHEET = "xl/worksheets/sheet1.xml"
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "leeg"),
    "blanks": (b" \r\n \r\n", "leeg"),
    "blank workbook": (workbook([]), "leeg"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "geen tekstbestand"),
    "bytes": (bytes(range(256)) * 9, "geen tekstbestand"),
    "a web page": (b"<!DOCTYPE html><table><tr><td>Naam", "webpagina"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls"),
    "a zip": (packed({"a.txt": b"a"}), "geen Excel-bestand"),
    "an ods": (packed({"content.xml": b"<x/>"}), "ander type"),
    "half a workbook": (workbook(["Naam", "Tel"])[:3000], "beschadigd"),
    "other titles": (text_file("Leerling;Klas", "Geheim;1A"), "kolomtitels"),
    "a workbook with other titles": (workbook(["Leerling", "Klas"], ["Geheim", "1A"]), "kolomtitels"),
    "names only": (text_file("Naam", "CLB"), "elke andere kolom"),
    "no names": (text_file("Tel;Nota", "1;2"), "ontbreekt"),
    "too many rows": (text_file("Naam;Tel", *["CLB;1"] * 2_001), "2.001 rijen"),
    "too wide": (text_file("Naam;Tel" + ";" * 300, "CLB;1"), "302 kolommen"),
    "too large": (b"Naam;Tel\r\n" + b"x" * 5_000_000, "5,0 MB"),
    "a nested package": (packed({"xl/workbook.xml": b"<x/>", "xl/a.xlsx": b"PK"}), "ander bestand ingepakt"),
    "a bomb": (packed({"xl/workbook.xml": b"<x/>", SHEET: b" " * 40_000_000}), "veel te groot"),
    "entities": (changed(SHEET, b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), "verwijzingen"),
    "a far cell": (changed(SHEET, b'r="B2"', b'r="XFD1048576"'), "ver van de tabel"),
    "a far row": (changed(SHEET, b'<row r="2" spans="1:2"><c r="A2"', b'<row r="1048576"><c'), "ver van de tabel"),
    "a sheet that is no XML": (changed(SHEET, b"</c>", b"</d>"), "beschadigd"),
}


@pytest.mark.parametrize(("content", "fact"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(content: bytes, fact: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(fact)) as caught:
        read_contacts(content, "mijn\r\nbestand.xlsx", KNOWN)
    assert caught.value.place == "mijn bestand.xlsx"
    assert caught.value.remedy
    assert "Geheim" not in str(caught.value)


def test_a_far_row_without_cells_is_what_some_programs_write() -> None:
    content = changed(SHEET, b"</sheetData>", b'<row r="1048576" ht="12.8" customFormat="false"></row></sheetData>')
    assert read_contacts(content, "w.xlsx", KNOWN).contacts == (contact(phone="1"),)


def test_a_shared_text_that_many_cells_repeat_does_not_fill_the_memory() -> None:
    cells = b"".join(b'<row r="%d">' % row + b'<c r="B%d" t="s"><v>0</v></c>' % row + b"</row>" for row in range(3, 99_000))
    with zipfile.ZipFile(io.BytesIO(workbook(["Naam", "Tel"], ["CLB", "x" * 30_000]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    shared = parts["xl/sharedStrings.xml"].replace(b"Naam", b"y" * 30_000)
    content = packed(
        {**parts, "xl/sharedStrings.xml": shared, SHEET: parts[SHEET].replace(b"</sheetData>", cells + b"</sheetData>")}
    )
    assert len(content) < limits.MAX_FILE_BYTES
    with pytest.raises(ExchangeError):
        read_contacts(content, "w.xlsx", KNOWN)


def test_a_parser_that_dies_or_hangs_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    child = tmp_path / "child.py"
    monkeypatch.setattr(guard, "_CHILD", child)
    monkeypatch.setattr(limits, "CHILD", limits.CHILD._replace(wall_seconds_with_cpu_limit=0.3))
    for program, fact in (
        ("import os; os.abort()", "geheugen"),
        ("import os; os._exit(3)", "onverwacht"),
        ("print('geen antwoord')", "onverwacht"),
        ("import time; time.sleep(60)", "te lang"),
    ):
        child.write_text(program)
        with pytest.raises(ExchangeError, match=fact):
            read_contacts(b"Naam;Tel", "w.csv", KNOWN)


@settings(max_examples=300, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"Naam;Tel\n{text}".encode("utf-8", "replace"))
    )
)
def test_any_bytes_give_contacts_or_a_refusal(content: bytes) -> None:
    with parsing_here(), suppress(ExchangeError):
        assert len(read_contacts(content, "w.csv", KNOWN).contacts) <= len(KNOWN)
