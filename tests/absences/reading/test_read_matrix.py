"""Pupils down, half days across: rows of the file are pupils, and each filled cell is a half day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from absences.absence_factories import write_csv, write_xlsx
from absences.nasty_school import open_halves
from absences.reading.files_of_schools import adds_up, as_rows, read, web_page, write_ods, write_xls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.absences.reading.layout import find_layout
from stslib.absences.reading.matrix import read_header_day

WEEK = [("01/09/2025", "VM"), ("01/09/2025", "NM"), ("02/09/2025", "VM"), ("02/09/2025", "NM"), ("03/09/2025", "VM")]
ROWS = [("0001", "1A", "B", "", "Z", "Z", ""), ("0002", "1A", "", "|", "", "", "B01")]
EXPECTED = [
    ("0001", "2025-09-01", "VM", "B", None),
    ("0001", "2025-09-02", "NM", "Z", None),
    ("0001", "2025-09-02", "VM", "Z", None),
    ("0002", "2025-09-01", "NM", "|", None),
    ("0002", "2025-09-03", "VM", "B", "B01"),
]


def one_row(form: str) -> tuple[str, ...]:
    return ("Leerlingnummer", "Klas", *(form.format(day=day, half=half, d=day[:5], iso=iso(day)) for day, half in WEEK))


def iso(day: str) -> str:
    return f"{day[6:]}-{day[3:5]}-{day[:2]}"


@pytest.mark.parametrize(
    "form", ["{day} {half}", "{half} {day}", "{day}-{half}", "{day} ({half})", "ma {day} {half}", "{iso} {half}", "{d} {half}"]
)
def test_a_header_can_say_day_and_half_in_many_ways(tmp_path: Path, form: str) -> None:
    reading = read(write_csv(tmp_path / "x.csv", one_row(form), ROWS))
    assert reading.report.shape == "matrix"
    assert as_rows(reading) == EXPECTED
    assert (reading.report.rows, reading.report.used) == (2, 2)
    assert reading.report.ignored_columns == ()


TOP = ("Leerlingnummer", "Klas", "01/09/2025", "", "02/09/2025", "", "03/09/2025")
BELOW = ("", "", "VM", "NM", "VM", "NM", "VM")


@pytest.mark.parametrize("pupil_below", [False, True])
def test_days_can_stand_above_their_halves(tmp_path: Path, pupil_below: bool) -> None:
    top, below = (TOP, BELOW) if not pupil_below else (("", "", *TOP[2:]), (*TOP[:2], *BELOW[2:]))
    for write, name in ((write_csv, "x.csv"), (write_xlsx, "x.xlsx"), (write_xls, "x.xls"), (write_ods, "x.ods")):
        reading = read(write(tmp_path / name, top, [below, *ROWS]))
        assert as_rows(reading) == EXPECTED, name
    (tmp_path / "page.xls").write_bytes(web_page(top, [below, *ROWS]))
    assert as_rows(read(tmp_path / "page.xls")) == EXPECTED


def test_merged_days_of_a_workbook_and_title_lines_above(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "Aanwezigheden september")
    sheet.write(2, 0, "Leerlingnummer")
    shape = workbook.add_format({"num_format": "dd/mm/yyyy"})
    sheet.merge_range(2, 1, 2, 2, "", shape)
    sheet.write_datetime(2, 1, date(2025, 9, 1), shape)
    sheet.merge_range(2, 3, 2, 4, "", shape)
    sheet.write_datetime(2, 3, date(2025, 9, 2), shape)
    sheet.write_row(3, 1, ("1", "2", "1", "2"))
    sheet.write_row(4, 0, ("0001", "B", "B", "", "Z"))
    workbook.close()
    reading = read(path)
    assert [row[1:4] for row in as_rows(reading)] == [
        ("2025-09-01", "NM", "B"),
        ("2025-09-01", "VM", "B"),
        ("2025-09-02", "NM", "Z"),
    ]
    assert reading.report.rows == 1


def test_two_columns_of_one_day_are_its_two_halves(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "01/09/2025", "01/09/2025", "02/09/2025", "02/09/2025")
    reading = read(write_csv(tmp_path / "x.csv", header, [("1", "B", "", "", "Z")]))
    assert [row[1:4] for row in as_rows(reading)] == [("2025-09-01", "VM", "B"), ("2025-09-02", "NM", "Z")]


def test_one_column_a_day_is_the_whole_day_or_two_codes(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "01/09/2025", "02/09/2025", "03/09/2025")
    reading = read(write_csv(tmp_path / "x.csv", header, [("1", "B", "B/Z", "Z"), ("2", "|B", "", "")]))
    assert as_rows(reading) == [
        ("1", "2025-09-01", "NM", "B", None),
        ("1", "2025-09-01", "VM", "B", None),
        ("1", "2025-09-02", "NM", "Z", None),
        ("1", "2025-09-02", "VM", "B", None),
        ("1", "2025-09-03", "VM", "Z", None),
        ("2", "2025-09-01", "NM", "B", None),
        ("2", "2025-09-01", "VM", "|", None),
    ]
    assert any("kolom per dag" in finding.fact for finding in reading.report.findings)


def test_present_where_there_is_no_lesson_means_nothing_and_absent_there_is_left_out(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "02/09/2025 VM", "03/09/2025 NM", "06/09/2025 VM", "28/10/2025 VM")
    rows = [("1", "B", "|", "|", "|"), ("2", "B", "B", "Z", "B"), ("3", "", "B", "", ""), ("4", "", "", "", "")]
    reading = read(write_csv(tmp_path / "x.csv", header, rows))
    report = reading.report
    assert (report.used, report.repaired, report.rejected) == (2, 1, 1)
    assert report.reasons == {"no_lesson": 1}
    assert reading.left_out == {("no_lesson", "B"): 2, ("weekend", "Z"): 1, ("holiday", "B"): 1}
    assert reading.rejected[["row", "column", "shape"]].values.tolist() == [[4, "03/09/2025 NM", "a"]]
    assert adds_up(reading)


def test_a_pupil_without_a_mark_was_there(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", one_row("{day} {half}"), [*ROWS, ("0003", "1A", "", "", "", "", "")]))
    assert (reading.report.used, reading.report.pupils) == (3, 3)


def test_a_row_without_a_pupil_is_rejected_whole(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", one_row("{day} {half}"), [*ROWS, ("", "1A", "B", "B", "", "", "")]))
    assert reading.report.reasons == {"pupil_missing": 1}
    assert reading.left_out == {("pupil_missing", "B"): 2}


def test_a_leaver_keeps_the_half_days_of_the_enrolment(tmp_path: Path) -> None:
    enrolment = write_csv(
        tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("0001", "1A", "", "01/09/2025"), ("0002", "1A", "", "")]
    )
    reading = read(write_csv(tmp_path / "x.csv", one_row("{day} {half}"), ROWS), enrolment=enrolment)
    assert as_rows(reading) == [EXPECTED[0], *EXPECTED[3:]]
    assert reading.left_out == {("outside_enrolment", "Z"): 2}


def test_the_same_half_day_in_two_columns_or_two_rows_counts_once(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "01/09/2025 VM", "01/09/2025 VM", "02/09/2025 VM")
    reading = read(write_csv(tmp_path / "x.csv", header, [("1", "B", "Z", "Z"), ("01", "", "", "Z")]))
    assert reading.left_out == {("conflict", "Z"): 1, ("duplicate", "Z"): 1}
    assert len(reading.half_days) == 2


def test_names_beside_the_marks_are_dropped(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "Naam", *one_row("{day} {half}")[2:], "Opmerking")
    reading = read(write_csv(tmp_path / "x.csv", header, [("1", "Jan", "B", "", "", "", "", "ziek")]))
    assert reading.report.dropped_columns == ("Naam", "Opmerking")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/9", date(2025, 9, 1)),
        ("31-1", date(2026, 1, 31)),
        ("01/09/25", date(2025, 9, 1)),
        ("1 sep", date(2025, 9, 1)),
        ("3 maart", date(2026, 3, 3)),
        ("3 mrt", date(2026, 3, 3)),
        ("3 september 2024", date(2024, 9, 3)),
        ("45901", date(2025, 9, 1)),
    ],
)
def test_a_day_without_a_year_is_the_one_of_the_school_year(text: str, day: date) -> None:
    assert read_header_day(text, 2025) == day.toordinal()
    assert find_layout([["Leerlingnummer", text, "2/12"]], "export").shape == "matrix"


@pytest.mark.parametrize("text", ["31/2", "1 foo", "", "week 3", "99/99"])
def test_a_header_that_is_no_day_is_not_guessed(text: str) -> None:
    assert read_header_day(text, 2025) == 0


# -- properties -------------------------------------------------------------------------------------------------------

OPEN = [(day, half) for day, halves in open_halves("2025-2026").items() for half in halves]
marks = st.dictionaries(
    st.tuples(st.integers(1, 4), st.sampled_from(OPEN[:60])), st.sampled_from(["B", "Z", "R03", "|", "-"]), max_size=40
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=marks, two_rows=st.booleans())
def test_a_matrix_holds_the_marks_that_were_put_in(tmp_path, marks, two_rows) -> None:
    days = OPEN[:60]
    body = [(str(pupil), *(marks.get((pupil, slot), "") for slot in days)) for pupil in range(1, 5)]
    if two_rows:
        seen: set[date] = set()
        top = ["Leerlingnummer"]
        for day, _ in days:
            top.append("" if day in seen else f"{day:%d/%m/%Y}")
            seen.add(day)
        path = write_csv(tmp_path / "x.csv", top, [("", *(half for _, half in days)), *body])
    else:
        path = write_csv(tmp_path / "x.csv", ("Leerlingnummer", *(f"{day:%d/%m/%Y} {half}" for day, half in days)), body)
    reading = read(path)
    assert {(p, d, h): sub or c for p, d, h, c, sub in as_rows(reading)} == {
        (str(pupil), str(day), half): code for (pupil, (day, half)), code in marks.items()
    }
    assert (reading.report.rows, reading.report.used) == (4, 4)
