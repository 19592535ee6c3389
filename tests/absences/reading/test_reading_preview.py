"""What a page can show before a file is read, and how a person corrects it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from absences.absence_factories import LONG, write_csv, write_xlsx
from absences.reading.files_of_schools import LETTERS, as_rows, read, write_ods, write_xls

from stslib.absences.reading.headers import as_lines, match_headers
from stslib.absences.reading.preview import preview_export
from stslib.errors import ReadingError
from stslib.model.finding import Level

TYPES = [(write_csv, "x.csv"), (write_xlsx, "x.xlsx"), (write_xls, "x.xls"), (write_ods, "x.ods")]
ROWS = [("0001", "Jan", "01/09/2025", "VM", "B"), ("0002", "Piet", "02/09/2025", "NM", "Z")]
HEADER = ("Leerlingnummer", "Naam", "Datum", "Dagdeel", "Code")


@pytest.mark.parametrize(("write", "name"), TYPES)
def test_a_preview_tells_columns_rows_and_shape(tmp_path: Path, write, name: str) -> None:
    preview = preview_export(write(tmp_path / name, HEADER, ROWS))
    assert [column.role for column in preview.columns] == ["pupil", None, "date", "half", "code"]
    assert [column.is_personal for column in preview.columns][1]
    assert preview.headers == HEADER
    assert preview.rows == tuple(ROWS)
    assert (preview.row_count, preview.header_row, preview.shape, preview.missing) == (2, 1, "long", ())
    assert preview.usable
    assert any("Naam" in problem.fact for problem in preview.problems)
    assert preview.columns[2].role_name == "datum"


def test_it_shows_no_more_rows_than_were_asked_and_no_repr_shows_any(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", HEADER, ROWS * 100)
    preview = preview_export(path, rows=3)
    assert (len(preview.rows), preview.row_count) == (3, 200)
    assert len(preview_export(path, rows=10_000).rows) == 50
    assert repr(preview) == "<Preview export: 200 rijen, 5 kolommen>"


def test_a_mapping_by_header_or_number_corrects_it_and_reads_the_same(tmp_path: Path) -> None:
    header = ("Wie", "", "Wanneer", "X", "X")
    path = write_csv(tmp_path / "x.csv", header, ROWS)
    first = preview_export(path)
    assert not first.usable
    assert first.problems[0].level is Level.ERROR
    mapping = {"pupil": "Wie", "date": 3, "half": 4, "code": "#5"}
    corrected = preview_export(path, mapping=mapping)
    assert (corrected.shape, corrected.missing) == ("long", ())
    assert corrected.mapping() == {"pupil": 1, "date": 3, "half": 4, "code": 5}
    assert any("meer dan één keer: X" in problem.fact for problem in corrected.problems)
    expected = [("0001", "2025-09-01", "VM", "B", None), ("0002", "2025-09-02", "NM", "Z", None)]
    assert as_rows(read(path, mapping=mapping)) == expected
    assert as_rows(read(path, mapping=corrected.mapping())) == expected
    assert as_rows(read(path, mapping=as_lines(corrected.mapping()))) == expected


def test_a_file_without_headers_can_be_read_by_numbers(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ROWS[0], ROWS[1:])
    mapping = {"pupil": 1, "date": 3, "half": 4, "code": 5, "header_row": 0}
    preview = preview_export(path, mapping=mapping)
    assert (preview.row_count, preview.header_row, preview.usable) == (2, 0, True)
    assert preview.rows == tuple(ROWS)
    reading = read(path, mapping=mapping)
    assert reading.report.rows == 2
    assert reading.report.dropped_columns == reading.report.ignored_columns == ()
    assert as_rows(read(path, mapping=as_lines(mapping))) == as_rows(reading)


def test_a_column_can_be_ignored(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "Van", "Tot", "Datum", "Dagdeel", "Code")
    path = write_csv(tmp_path / "x.csv", header, [("1", "x", "x", "01/09/2025", "VM", "B")])
    for ignored in (["Van", "Tot"], [2, 3], "Van | #3"):
        preview = preview_export(path, mapping={"ignore": ignored})
        assert [column.role for column in preview.columns] == ["pupil", None, None, "date", "half", "code"]


def test_a_role_that_a_person_gave_is_not_guessed_for_another_column(tmp_path: Path) -> None:
    found = match_headers(["Code", "Afwezigheidscode", "Leerling"], "export", {"code": "Code", "class": "Afwezigheidscode"})
    assert found == {"pupil": 2, "code": 0, "class": 1}


def test_the_sheet_with_the_headers_is_taken_unless_somebody_chose_one(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    workbook.add_worksheet("Uitleg").write_row(0, 0, ("Dit", "is", "uitleg"))
    for name, code in (("September", "B"), ("Oktober", "Z")):
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate((LONG, ("1", "1A", "01/09/2025", "VM", code))):
            sheet.write_row(number, 0, row)
    workbook.close()
    preview = preview_export(path)
    assert (preview.sheets, preview.sheet) == (("Uitleg", "September", "Oktober"), "September")
    chosen = preview_export(path, mapping={"sheet": "Oktober"})
    assert (chosen.sheet, chosen.rows[0][-1]) == ("Oktober", "Z")
    reading = read(path, mapping={"sheet": "Oktober"})
    assert as_rows(reading)[0][3] == "Z"
    assert any("3 bladen met gegevens; alleen blad 3 is gelezen" in finding.fact for finding in reading.report.findings)


def test_totals_are_recognised_with_the_codes_at_hand(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ("Leerlingnummer", "B", "Z"), [("1", 2, 3)])
    preview = preview_export(path, codes=LETTERS)
    assert (preview.shape, [column.role for column in preview.columns]) == ("totals", ["pupil", "code_total", "code_total"])
    assert any("enkel drempels" in problem.fact for problem in preview.problems)


def test_companion_files_have_a_preview_too(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "e.xlsx", ("Stamnr", "Klasnaam", "Ingeschreven vanaf"), [("1", "1A", date(2025, 9, 1))])
    preview = preview_export(path, kind="enrolment")
    assert [column.role for column in preview.columns] == ["pupil", "class", "from"]
    assert (preview.shape, preview.missing, preview.rows) == (None, (), (("1", "1A", "2025-09-01"),))
    assert preview_export(path, kind="classes").missing == ()
    nameless = write_csv(tmp_path / "n.csv", ("A", "Van"), [("1", "x")])
    assert preview_export(nameless, kind="enrolment").missing == ("pupil",)


def test_companion_files_are_read_by_a_mapping_of_their_own(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "x.csv", HEADER, ROWS)
    enrolment = write_csv(tmp_path / "e.csv", ("A", "B", "C"), [("1", "1A", ""), ("2", "1A", "")])
    classes = write_csv(tmp_path / "c.csv", ("P", "Q"), [("1A", "1")])
    reading = read(
        export,
        enrolment=enrolment,
        classes=classes,
        enrolment_mapping={"pupil": 1, "class": 2},
        class_mapping={"class": "P", "grade": "Q"},
    )
    assert reading.report.pupils == 2
    assert reading.classes["grade"].to_list() == ["1"]


def test_a_file_that_cannot_be_read_has_no_preview(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(ReadingError, match="geen tekstbestand"):
        preview_export(path)


def test_headers_without_rows_are_told(tmp_path: Path) -> None:
    preview = preview_export(write_csv(tmp_path / "x.csv", HEADER, []))
    assert any("geen rijen" in problem.fact for problem in preview.problems)
