"""Files that cannot be used: each gets a clear message in Dutch, nothing is stored, and the page goes on."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from support.exports import write_school
from support.pages import look_at, new_session, open_figures, open_session_page, read_files, wait_saved
from support.running import RunningServer

pytestmark = pytest.mark.browser

HEADER = "Leerlingnummer;Datum;Dagdeel;Code\n"


def text_file(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return write


def picture(folder: Path) -> Path:
    (folder / "foto.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    return folder / "foto.csv"


def far_cell(folder: Path) -> Path:
    """A workbook of hardly a kilobyte whose one cell lies in the last corner of the sheet."""
    path = folder / "ver.xlsx"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relation = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/%s" Target="%s"/></Relationships>'
    )
    override = f'<Override PartName="/xl/%s.xml" ContentType="{sheet_type}.%s+xml"/>'
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
        + '<Default Extension="xml" ContentType="application/xml"/>'
        + override % ("workbook", "sheet.main")
        + override % ("worksheets/sheet1", "worksheet")
        + "</Types>",
        "_rels/.rels": relation % ("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relation % ("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as workbook:
        for name, text in parts.items():
            workbook.writestr(name, text)
    return path


def hundred_megabytes(folder: Path) -> Path:
    path = folder / "groot.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    return path


REFUSED = {
    "a picture named as a table": (picture, r"geen|niet"),
    "an empty file": (text_file("leeg.csv", ""), r"leeg"),
    "only headers": (text_file("koppen.csv", HEADER), r"geen (enkele )?rij|geen rijen|leeg"),
    "a column that is missing": (text_file("zonder.csv", "Leerlingnummer;Dagdeel;Code\n1;VM;B\n"), r"[Dd]atum"),
    "dates of another year": (text_file("jaar.csv", HEADER + "1;03/11/2019;VM;B\n2;04/11/2019;VM;B\n"), r"schooljaar"),
    "a cell in the last corner of a sheet": (far_cell, r"heel ver van de tabel"),
    "a hundred megabytes": (hundred_megabytes, r"100 MB; de grens is"),
    "a document": (text_file("brief.docx", "Beste ouders"), r"kolomtitels"),
}


@pytest.fixture(scope="module")
def figures_page(browser, server: RunningServer):
    context = browser.new_context(locale="nl-BE")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.session = new_session(server.data, "Campus Slechte Invoer")
    open_figures(page, server, page.session, "Inbrengen")
    yield page
    context.close()


def refusal(page, path: Path):
    """The message that says why a file cannot be used: when it is looked at, or when it is read after all."""
    look_at(page, path)
    page.get_by_role("button", name="Bestanden bekijken", disabled=False).wait_for()
    message = page.locator(".sts-message[data-level='error']:visible")
    button = page.get_by_role("button", name="Lezen en verslag maken", disabled=False)
    message.or_(button).first.wait_for()
    if not message.count():
        button.click()
    message.first.wait_for()
    return message.first


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    figures_page, server: RunningServer, tmp_path: Path, case: str
) -> None:
    write, expected = REFUSED[case]
    message = refusal(figures_page, write(tmp_path))
    text = message.inner_text()
    assert re.search(expected, text), text
    assert not re.search(r"Traceback|Error\b|Exception", text)
    assert len(text) > 40
    assert not list(server.data.rglob("*.parquet"))


def test_rows_that_cannot_be_used_are_counted_and_told_and_the_rest_is_kept_apart(
    figures_page, server: RunningServer, tmp_path: Path
) -> None:
    files = write_school(tmp_path, pupils=20)
    lines = files.export.read_text(encoding="utf-8").splitlines()
    bad = [
        "100000;Naam;31/12/2031;VM;B",
        "100001;Naam;geen datum;VM;B",
        lines[1],
        ";Naam;03/09/2025;VM;B",
        "100002;Naam;03/09/2025;NM;Z",
        "999999;Naam;04/09/2025;VM;Q9",
    ]
    files.export.write_text("\n".join([*lines, *bad]) + "\n", encoding="utf-8")
    read_files(figures_page, files.export)
    message = figures_page.locator(".sts-report")
    rows, used, repaired, rejected = (int(text) for text in message.locator(".sts-counts strong").all_text_contents())
    assert rows == files.rows + len(bad) == used + repaired + rejected
    assert rejected == 5
    assert "Q9" in message.inner_text()
    figures_page.get_by_role("button", name="Niet bewaren").click()
    figures_page.get_by_text("De gelezen bestanden zijn weer weg.").wait_for()
    assert not list(server.data.rglob("*.parquet"))


def test_the_session_still_saves_after_all_of_that(figures_page, server: RunningServer) -> None:
    open_session_page(figures_page, server, figures_page.session)
    figures_page.get_by_role("radio", name="6", exact=True).first.check()
    wait_saved(figures_page)
    assert figures_page.locator(".sts-radar .sts-now circle[data-value='6']").count() == 1
