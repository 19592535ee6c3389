"""Totals per pupil and code, and blocks of text lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from absences.absence_factories import write_csv, write_xlsx
from absences.reading.files_of_schools import adds_up, as_rows, read

from stslib.absences.reading.blocks import looks_like_blocks
from stslib.absences.reading.totals import read_count

WIDE = ("Leerlingnummer", "Klas", "B", "Z", "aantal D", "Totaal")


def totals_of(reading) -> list[tuple[str, str, int]]:
    return sorted((reading.numbers[pupil], code, count) for pupil, code, count in reading.totals.iter_rows())


# -- totals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_codes_as_columns_are_totals_and_no_half_days(tmp_path: Path, write) -> None:
    path = tmp_path / ("x.csv" if write is write_csv else "x.xlsx")
    reading = read(write(path, WIDE, [("0001", "1A", 12, 3, "", 15), ("0002", "1B", 0, "4,0", 2, 6)]))
    assert reading.report.shape == "totals"
    assert len(reading.half_days) == 0
    assert totals_of(reading) == [("0001", "B", 12), ("0001", "Z", 3), ("0002", "B", 0), ("0002", "D", 2), ("0002", "Z", 4)]
    assert (reading.report.used, reading.report.half_days, reading.report.pupils) == (2, 21, 2)
    assert reading.report.ignored_columns == ("Totaal",)
    assert any("niet te bepalen" in finding.fact for finding in reading.report.findings)


def test_a_row_per_pupil_and_code_is_totals_too(tmp_path: Path) -> None:
    rows = [("1", "B", "5"), ("1", "Z", "2"), ("2", "b01", "3"), ("2", "Q", "1")]
    reading = read(write_csv(tmp_path / "x.csv", ("Leerlingnummer", "Code", "Aantal halve dagen"), rows))
    assert totals_of(reading) == [("1", "B", 5), ("1", "Z", 2), ("2", "B", 3), ("2", "Q", 1)]
    assert reading.report.unknown_codes == {"Q": 1}
    assert (reading.report.used, reading.report.repaired) == (3, 1)


def test_subcodes_as_columns_add_up_under_their_letter(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", ("Leerlingnummer", "B01", "B02", "R3"), [("1", 2, 3, 4)]))
    assert totals_of(reading) == [("1", "B", 5), ("1", "R", 4)]


def test_a_number_that_is_none_is_left_out_and_a_row_of_those_rejected(tmp_path: Path) -> None:
    rows = [
        ("1", "1A", 5, "veel", "", ""),
        ("2", "1A", "-3", 2.5, "", ""),
        ("", "1A", 1, 1, "", ""),
        ("3", "1A", 401, "", "", ""),
    ]
    reading = read(write_csv(tmp_path / "x.csv", WIDE, rows))
    report = reading.report
    assert (report.used, report.repaired, report.rejected) == (0, 1, 3)
    assert report.reasons == {"count_unreadable": 2, "pupil_missing": 1}
    assert reading.rejected[["row", "column"]].values.tolist() == [[3, "B"], [4, "Leerlingnummer"], [5, "B"]]
    assert adds_up(reading)


def test_the_first_of_two_totals_for_one_pupil_and_code_counts(tmp_path: Path) -> None:
    rows = [("1", "B", "5"), ("01", "B", "5"), ("1", "B", "6")]
    reading = read(write_csv(tmp_path / "x.csv", ("Leerlingnummer", "Code", "Aantal"), rows))
    assert reading.report.reasons == {"duplicate": 1, "conflict": 1}
    assert reading.left_out == {("duplicate", "B"): 5, ("conflict", "B"): 6}
    assert reading.totals["half_days"].to_list() == [5]


def test_totals_of_somebody_who_is_not_enrolled_are_rejected(tmp_path: Path) -> None:
    enrolment = write_csv(tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("1", "1A", "", "")])
    rows = [("1", "B", "5"), ("2", "B", "5")]
    reading = read(write_csv(tmp_path / "x.csv", ("Leerlingnummer", "Code", "Aantal"), rows), enrolment=enrolment)
    assert reading.report.reasons == {"not_enrolled": 1}


@pytest.mark.parametrize(
    ("text", "count"), [("7", 7), (" 7,0 ", 7), ("400", 400), ("401", -1), ("2,5", -1), ("", -1), ("x", -1)]
)
def test_a_number_of_half_days_is_a_whole_one_that_can_be(text: str, count: int) -> None:
    assert read_count(text) == count


# -- blocks -----------------------------------------------------------------------------------------------------------

BLOCKS = "010925T1\nB\n0000000001\n0000000002\n010925T6\n0000000001\n020925T1\nz\n0000000002\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_blocks_hold_for_the_numbers_below_them(tmp_path: Path, ends: str, encoding: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(BLOCKS.replace("\n", ends).encode(encoding))
    reading = read(path)
    assert as_rows(reading) == [
        ("0000000001", "2025-09-01", "NM", "-", None),
        ("0000000001", "2025-09-01", "VM", "B", None),
        ("0000000002", "2025-09-01", "VM", "B", None),
        ("0000000002", "2025-09-02", "VM", "Z", None),
    ]
    report = reading.report
    assert (report.shape, report.rows, report.used, report.repaired) == ("blocks", 4, 2, 2)
    assert any("reden nog niet gekend" in how for how in report.repairs)


def test_lost_leading_zeros_and_other_ways_to_write_a_block_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("01/09/2025 T1\nB01\n1\n\n02-09-25t2\n|\n 0000000001 \n", encoding="utf-8")
    assert [row[1:] for row in as_rows(read(path))] == [
        ("2025-09-01", "VM", "B", "B01"),
        ("2025-09-02", "NM", "|", None),
    ]


def test_a_second_lesson_hour_is_no_afternoon(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("010925T1\nB\n1\n010925T2\nB\n2\n010925T6\nB\n3\n", encoding="utf-8")
    reading = read(path)
    assert [row[2] for row in as_rows(reading)] == ["VM", "NM"]
    assert reading.report.reasons == {"half_unknown": 1}


def test_a_line_that_is_nothing_and_a_day_that_is_none_are_rejected_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("010925T1\nB\n0000000001\nJan Peeters\n310925T1\nB\n0000000001\n12345678901\n", encoding="utf-8")
    reading = read(path)
    assert (reading.report.rows, reading.report.used) == (4, 1)
    assert dict(zip(reading.rejected["row"], reading.rejected["key"], strict=True)) == {
        4: "line_unreadable",
        7: "date_unreadable",
        8: "line_unreadable",
    }
    assert "Peeters" not in reading.rejected.to_string()


def test_a_table_does_not_look_like_blocks() -> None:
    assert not looks_like_blocks(["Leerlingnummer;Datum", "0000000001;010925T1"])
    assert not looks_like_blocks(["0000000001"])
