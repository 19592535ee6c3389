"""XLS, ODS and web pages that are called .xls: read when they are what they should be, refused when they are not."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from absences.absence_factories import DAYS, LONG, write_csv
from absences.reading.files_of_schools import (
    as_rows,
    compound_file,
    ods_cell,
    ods_of,
    read,
    web_page,
    write_ods,
    write_xls,
    xls_of,
)

from stslib.absences.reading import child, guard
from stslib.absences.reading.report import UnusableExportError
from stslib.errors import ReadingError
from stslib.guarded.answer import RefusedError

ROWS = [("0001", "1A", "01/09/2025", "VM", "B"), ("0002", "Café", "02/09/2025", "NM", "Z")]
EXPECTED = [("0001", "2025-09-01", "VM", "B", None), ("0002", "2025-09-02", "NM", "Z", None)]


def write_page(path: Path, header, rows) -> Path:
    path.write_bytes(web_page(header, rows))
    return path


@pytest.mark.parametrize("write", [write_xls, write_ods, write_page])
@pytest.mark.parametrize("name", ["x.xls", "x.csv"])
def test_every_type_reads_as_the_text_does_whatever_its_name(tmp_path: Path, write, name: str) -> None:
    reading = read(write(tmp_path / name, LONG, ROWS))
    assert as_rows(reading) == EXPECTED
    assert sorted(reading.enrolment["class"]) == ["1A", "Café"]


def test_dates_and_numbers_of_cells_are_read(tmp_path: Path) -> None:
    ods = read(write_ods(tmp_path / "x.ods", DAYS, [(12, "1A", date(2025, 9, 1), "B", "")]))
    xls = read(write_xls(tmp_path / "x.xls", DAYS, [(12, "1A", 45901, "B", "")]))
    assert as_rows(ods) == as_rows(xls) == [("12", "2025-09-01", "VM", "B", None)]


@pytest.mark.parametrize("write", [write_xls, write_ods, write_page])
def test_companion_files_can_be_of_every_type_too(tmp_path: Path, write) -> None:
    export = write_csv(tmp_path / "x.csv", LONG, ROWS)
    enrolment = write(
        tmp_path / "e.bin", ("Leerlingnummer", "Klas", "Van", "Tot"), [("1", "1A", "1/9/2025", ""), ("2", "1B", "", "")]
    )
    classes = write(tmp_path / "c.bin", ("Klas", "Graad", "Leerjaar"), [("1A", "1", "1"), ("1B", "1", "1")])
    reading = read(export, enrolment=enrolment, classes=classes)
    assert (reading.report.repaired, reading.report.pupils) == (0, 2)
    assert reading.classes["grade"].to_list() == ["1", "1"]
    assert reading.enrolment_known


def test_a_web_page_with_other_tables_and_loose_markup_gives_its_table(tmp_path: Path) -> None:
    page = (
        "<!-- lijst --><style>td{color:red}</style><table><tr><td>Schoolnaam<td>x</table>"
        "<TABLE border=1><tr><td colspan=5>Afwezigheden &amp; meer</td></tr><tr><th>Leerlingnummer<th>Klas<th>Datum<th>Dagdeel"
        "<th>Code<tr><td>0001<td>1A<td>01/09/2025<td>VM<td><b>B</b></tr><tr><td>0002</td><td>Caf&eacute;</td><td>02/09/2025"
        "</td><td>NM</td><td>Z<script>alert('x')</script></td></tr></TABLE>"
    )
    path = tmp_path / "x.xls"
    path.write_text(page, encoding="cp1252")
    reading = read(path)
    assert as_rows(reading) == EXPECTED
    assert any("webpagina" in finding.fact for finding in reading.report.findings)


def ods_table(cells: str) -> bytes:
    head = "<table:table-row>" + "".join(map(ods_cell, LONG)) + "</table:table-row>"
    return ods_of(head + "<table:table-row>" + "".join(map(ods_cell, ROWS[0])) + "</table:table-row>" + cells)


REFUSED = {
    "ods met verre cel": (
        ods_table(
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
            f"<table:table-row>{ods_cell('x')}</table:table-row>"
        ),
        "heel ver van de tabel",
    ),
    "ods met herhaalde cel": (
        ods_table(
            "<table:table-row>"
            + ods_cell("x").replace("table:table-cell ", 'table:table-cell table:number-columns-repeated="16000" ')
            + "</table:table-row>"
        ),
        "heel ver van de tabel",
    ),
    "ods met herhaalde rij": (
        ods_table(f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x")}</table:table-row>'),
        "heel ver van de tabel",
    ),
    "ods met entiteiten": (ods_of("<!ENTITY a 'b'>"), "verwijzingen"),
    "kapotte ods": (ods_of("<table:table-row"), "beschadigd"),
    "xls met verre cel": (
        xls_of([*((0, n, name) for n, name in enumerate(LONG)), (65535, 255, "x")]),
        "heel ver van de tabel|geheugen",
    ),
    "xls zonder inhoud": (xls_of([]), "leeg|beschadigd"),
    "xls met wachtwoord": (
        compound_file(b"x" * 5000, "EncryptedPackage"),
        "wachtwoord",
    ),
    "afgeknipte xls": (xls_of([(0, 0, "x")])[:1500], "beschadigd|onverwacht"),
    "pagina met te brede cel": (
        b"<table>" + b"<tr>" + b"<td colspan=1000>x</td>" * 7000 + b"</table>",
        "veel te groot",
    ),
    "sylk": (b'ID;PWXL;N;E\nC;X1;Y1;K"Leerlingnummer"\nE\n', "SYLK"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_of_another_type_is_refused_by_what_is_wrong(tmp_path: Path, name: str) -> None:
    content, message = REFUSED[name]
    path = tmp_path / "x.xls"
    path.write_bytes(content)
    with pytest.raises(ReadingError, match=message) as refused:
        read(path)
    assert refused.value.remedy


def test_a_fuzzed_workbook_is_read_or_refused_and_nothing_else(tmp_path: Path) -> None:
    """Each runs in the guarded process, which may die of it; this one must not."""
    rng = random.Random(20260901)
    path = tmp_path / "x.bin"
    seeds = [write_xls(path, LONG, ROWS).read_bytes(), write_ods(path, LONG, ROWS).read_bytes()]
    for seed in seeds:
        for _ in range(6):
            content = bytearray(seed)
            for _ in range(rng.choice([1, 8, 64])):
                content[rng.randrange(8, len(content))] = rng.randrange(256)
            path.write_bytes(content[: rng.choice([len(content), rng.randrange(600, len(content))])])
            try:
                reading = read(path)
            except UnusableExportError as error:
                assert error.report.rejected == error.report.rows  # noqa: PT017
            except ReadingError as error:
                assert error.remedy  # noqa: PT017
            else:
                assert reading.report.used + reading.report.repaired > 0


def mutated(rng: random.Random, seed: bytes) -> bytes:
    pieces = [
        b";",
        b"\n",
        b'"',
        b"<td>",
        b"</table>",
        b"<table",
        b"T1",
        b"01/09/2025",
        b"VM",
        b"\xff",
        b"\x00",
        b"colspan=99",
        b"B",
    ]
    content = seed
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(len(content) + 1)
        cut = rng.randrange(0, 30)
        content = (
            content[:place] + rng.choice([b"", rng.choice(pieces), content[:cut]]) + content[place + rng.choice([0, cut]) :]
        )
    return content


@pytest.mark.parametrize("kind", ["export", "enrolment", "classes"])
def test_mutated_texts_pages_and_blocks_are_parsed_or_refused_and_nothing_else(kind: str) -> None:
    rng = random.Random(7)
    long = "\n".join(";".join(row) for row in (LONG, *ROWS)).encode()
    matrix = b"Leerlingnummer;01/09/2025;;02/09/2025\n;VM;NM;VM\n1;B;;Z\n"
    seeds = [long, matrix, b"010925T1\nB\n0000000001\n", web_page(LONG, ROWS), b"Leerlingnummer;B;Z\n1;2;3\n"]
    seeds += [b"Klas;Graad;Leerjaar\n1A;1;1\n1B;1;1\n"]
    wanted = child.Wanted(kind, {}, frozenset("BZ"))
    parsed = 0
    for number in range(400):
        content = mutated(rng, seeds[number % len(seeds)])
        try:
            description, blocks = child.parse(content, kind, None, "BZ")
            columns = blocks[: len(description["positions"])]
            assert {block.count(b"\n") for block in columns} == {max(description["count"] - 1, 0)}
            child.preview(content, wanted, 5)
            parsed += 1
        except RefusedError as refused:
            assert refused.reason in guard._REFUSALS or refused.reason in ("far_cell", "too_many_rows")  # noqa: PT017
    assert parsed > 20
