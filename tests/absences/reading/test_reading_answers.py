"""What a school gets back: its own total explained, its rejected rows, years to confirm, half days from elsewhere."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
import python_calamine
from absences.absence_factories import LONG, write_csv, write_xlsx
from absences.reading.files_of_schools import LETTERS, read, write_ods, write_xls

from stslib.absences.reading.give_back import BESIDE, write_rejected
from stslib.absences.reading.reconcile import reconcile
from stslib.absences.reading.report import REASONS, UnusableExportError
from stslib.absences.reading.years import propose_years
from stslib.errors import ReadingError

# -- reconciliation ---------------------------------------------------------------------------------------------------

TYPES = [(write_csv, "x.csv"), (write_xlsx, "x.xlsx"), (write_xls, "x.xls"), (write_ods, "x.ods")]
ROWS = [
    ("1", "1A", "01/09/2025", "VM", "B"),
    ("1", "1A", "01/09/2025", "NM", "B01"),
    ("2", "1A", "01/09/2025", "VM", "B"),
    ("1", "1A", "01/09/2025", "VM", "B"),  # again
    ("1", "1A", "03/09/2025", "NM", "B"),  # Wednesday afternoon
    ("1", "1A", "28/10/2025", "VM", "B"),  # autumn break
    ("1", "1A", "29/10/2025", "VM", "B"),
    ("2", "1A", "01/09/2025", "VM", "Z"),  # another code
    ("1", "1A", "xx", "VM", "Z"),
]


def test_a_difference_is_explained_by_what_was_left_out(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", LONG, ROWS))
    found = reconcile(reading, {"B": 7, "z": 2, "P": 0})
    b, z, p = found.codes
    assert (b.own, b.counted, b.difference, b.unexplained) == (7, 3, 4, 0)
    assert {part.reason: part.half_days for part in b.parts if part.explains} == {"duplicate": 1, "no_lesson": 1, "holiday": 2}
    assert (z.code, z.counted, z.unexplained) == ("Z", 0, 0)
    assert {part.reason for part in z.parts} == {"conflict", "date_unreadable"}
    assert (p.difference, p.parts) == (0, ())
    assert found.agrees
    assert str(b).startswith("B: jullie pakket zegt 7, wij tellen 3. Daarom: ")
    assert str(p).endswith("Dat klopt.")


def test_only_the_reasons_that_fit_explain_and_the_rest_stays_open(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", LONG, ROWS))
    five, one, three = (reconcile(reading, {"B": own}).codes[0] for own in (5, 4, 9))
    assert sum(part.half_days for part in five.parts if part.explains) == 2
    assert five.unexplained == one.unexplained == 0
    assert three.unexplained == 2
    assert "Niet verklaard: 2 halve dagen." in str(three)
    fewer = reconcile(reading, {"B": 1}).codes[0]
    assert fewer.unexplained == -2
    assert "wij tellen er meer" in str(fewer)


def test_half_days_of_periods_over_holidays_may_be_what_a_package_counts(tmp_path: Path) -> None:
    header = ("Leerlingnummer", "Van", "Tot", "Code")
    rows = [("1", "23/10/2025", "05/11/2025", "Z"), ("2", "x", "01/09/2025", "Z")]
    reading = read(write_csv(tmp_path / "x.csv", header, rows))
    counted = len(reading.half_days)
    assert reading.quiet == {("holiday", "Z"): 10, ("no_lesson", "Z"): 1}
    code = reconcile(reading, {"Z": counted + 10}).codes[0]
    assert [(part.reason, part.in_file, part.explains) for part in code.parts] == [
        ("holiday", False, True),
        ("no_lesson", False, False),
    ]
    assert code.uncounted_rows == 1
    assert "misschien" in str(code)
    assert "niet te bepalen" in str(reconcile(reading, {"Z": counted + 50}).codes[0])


def test_totals_reconcile_by_their_numbers(tmp_path: Path) -> None:
    reading = read(write_csv(tmp_path / "x.csv", ("Leerlingnummer", "B"), [("1", 5), ("2", 3), ("", 4)]))
    code = reconcile(reading, {"B": 12}).codes[0]
    assert (code.counted, code.unexplained, code.parts[0].reason) == (8, 0, "pupil_missing")


def test_a_total_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="onder nul"):
        reconcile(read(write_csv(tmp_path / "x.csv", LONG, ROWS)), {"B": -1})


def test_what_is_counted_and_left_out_is_all_that_the_file_has(tmp_path: Path) -> None:
    rng = random.Random(3)
    days = ["01/09/2025", "2/9/2025", "03/09/2025", "06/09/2025", "28/10/2025", "xx", "", "01/07/2026"]
    rows = [
        (
            rng.choice(["1", "2", "03", ""]),
            "1A",
            rng.choice(days),
            rng.choice(["VM", "NM", "?", ""]),
            rng.choice(["B", "Z", "b", ""]),
        )
        for _ in range(400)
    ]
    enrolment = write_csv(
        tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot"), [("1", "1A", "", ""), ("2", "1A", "2/9/2025", "")]
    )
    reading = read(write_csv(tmp_path / "x.csv", LONG, rows), enrolment=enrolment)
    in_file = Counter(row[4].upper() for row in rows)
    kept = Counter(reading.half_days["code"].to_list())
    left_out: Counter[str] = Counter()
    for (_, code), count in reading.left_out.items():
        left_out[code] += count
    assert kept + left_out == in_file


# -- rejected rows ----------------------------------------------------------------------------------------------------


def cells_of(path: Path) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(("write", "name"), TYPES)
def test_rejected_rows_come_back_whole_with_their_reason(tmp_path: Path, write, name: str) -> None:
    formula = "=1+1" if write is write_csv else "+1+1"
    rows = [(p, formula, *rest) for p, _, *rest in ROWS]
    source = write(tmp_path / name, ("Leerlingnummer", "Naam", *LONG[2:]), rows)
    reading = read(source)
    target = tmp_path / "terug.xlsx"
    assert write_rejected(reading, source, target, codes=LETTERS) == 6
    head, *body = cells_of(target)
    assert head == [*BESIDE, "Leerlingnummer", "Naam", *LONG[2:]]
    assert [int(row[0]) for row in body] == [5, 6, 7, 8, 9, 10]
    assert body[0][2:4] == [REASONS["duplicate"].fact, REASONS["duplicate"].remedy]
    assert body[-1][4:] == ["1", formula, "xx", "VM", "Z"]
    assert b"<f>" not in target.read_bytes()


def test_a_file_of_which_nothing_is_usable_comes_back_too(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "28/10/2025", "VM", "B")])
    with pytest.raises(UnusableExportError) as refused:
        read(source)
    assert write_rejected(refused.value, source, tmp_path / "terug.xlsx") == 1
    assert cells_of(tmp_path / "terug.xlsx")[1][4:] == ["1", "1A", "28/10/2025", "VM", "B"]


def test_lines_of_blocks_and_rows_of_a_matrix_come_back(tmp_path: Path) -> None:
    blocks = tmp_path / "x.txt"
    blocks.write_text("010925T1\nB\n0000000001\nwie is dit\n", encoding="utf-8")
    write_rejected(read(blocks), blocks, tmp_path / "b.xlsx")
    assert cells_of(tmp_path / "b.xlsx")[1][0:1] + cells_of(tmp_path / "b.xlsx")[1][4:] == [4.0, "wie is dit"]
    matrix = write_csv(
        tmp_path / "m.csv", ("Leerlingnummer", "01/09/2025", ""), [("", "VM", "NM"), ("1", "B", ""), ("", "B", "Z")]
    )
    write_rejected(read(matrix), matrix, tmp_path / "m.xlsx")
    assert cells_of(tmp_path / "m.xlsx")[1][4:] == ["", "B", "Z"]


def test_without_rejected_rows_no_file_is_written(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "x.csv", LONG, ROWS[:3])
    assert write_rejected(read(source), source, tmp_path / "terug.xlsx") == 0
    assert not (tmp_path / "terug.xlsx").exists()


def test_a_file_that_changed_or_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "x.csv", LONG, ROWS)
    reading = read(source)
    with pytest.raises(ReadingError, match="konden niet bewaard worden"):
        write_rejected(reading, source, tmp_path / "weg" / "terug.xlsx")
    write_csv(source, LONG, ROWS[1:])
    with pytest.raises(ReadingError, match="niet meer hetzelfde"):
        write_rejected(reading, source, tmp_path / "terug.xlsx")
    assert not (tmp_path / "terug.xlsx").exists()


def test_a_reading_keeps_no_values_of_rejected_rows(tmp_path: Path) -> None:
    rows = [*ROWS, ("GEHEIM1", "1A", "GEHEIM2", "VM", "GEHEIM3")]
    reading = read(write_csv(tmp_path / "x.csv", LONG, rows))
    kept = (reading.rejected_rows, dict(reading.left_out), dict(reading.quiet), reading.report, repr(reading))
    assert "GEHEIM" not in repr(kept)


# -- years ------------------------------------------------------------------------------------------------------------


def test_a_year_is_proposed_from_a_single_first_digit_only() -> None:
    assert propose_years(["1A", " 5 LWI", "7B", "OKAN", "K2", "10B", "8C", ""]) == {"1A": "1", " 5 LWI": "5", "7B": "7"}


def test_a_proposed_year_is_used_only_once_confirmed_and_never_over_a_class_file(tmp_path: Path) -> None:
    rows = [("1", "1A", "01/09/2025", "VM", "B"), ("2", "2 B", "01/09/2025", "VM", "B"), ("3", "OKAN", "01/09/2025", "VM", "B")]
    export = write_csv(tmp_path / "x.csv", LONG, rows)
    classes = write_csv(tmp_path / "c.csv", ("Klas", "Leerjaar", "Stroom"), [("1A", "eerste", "A-stroom")])
    plain = read(export)
    assert plain.classes["year"].to_list() == [None, None, None]
    years = propose_years(plain.classes["class"].to_list())
    assert years == {"1A": "1", "2 B": "2"}
    confirmed = read(export, classes=classes, confirmed_years={"1a": "1", "2B": "2"})
    assert confirmed.classes.select("class", "year", "stream", "grade").rows() == [
        ("1A", "eerste", "A-stroom", None),
        ("2 B", "2", None, None),
        ("OKAN", None, None, None),
    ]
    assert confirmed.content_hash != read(export, classes=classes).content_hash


# -- half days from elsewhere -----------------------------------------------------------------------------------------


def brought_of(reading) -> dict[str, int]:
    return {reading.numbers[pupil]: count for pupil, count in reading.brought.iter_rows()}


@pytest.mark.parametrize(
    "header", ["extern B", "B vorige school", "codes B andere school", "Extern: B-codes", "B (vorige school)"]
)
def test_half_days_from_another_school_are_read_from_either_file(tmp_path: Path, header: str) -> None:
    rows = [("0001", "1A", "", "", "7"), ("0002", "1A", "", "", ""), ("0003", "1A", "", "", "-")]
    enrolment = write_csv(tmp_path / "e.csv", ("Leerlingnummer", "Klas", "Van", "Tot", header), rows)
    export = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "01/09/2025", "VM", "B")])
    assert brought_of(read(export, enrolment=enrolment)) == {"0001": 7}
    both = write_csv(
        tmp_path / "y.csv",
        (*LONG, header),
        [("1", "1A", "01/09/2025", "VM", "B", "4"), ("1", "1A", "02/09/2025", "VM", "B", 4)],
    )
    assert brought_of(read(both)) == {"1": 4}


def test_two_numbers_for_one_pupil_and_one_that_is_none_are_told(tmp_path: Path) -> None:
    rows = [("1", "1A", f"0{n}/09/2025", "VM", "B", value) for n, value in ((1, "4"), (2, "5"), (4, "veel"), (5, ""))]
    reading = read(write_csv(tmp_path / "x.csv", (*LONG, "extern B"), rows))
    assert brought_of(reading) == {"1": 5}
    assert reading.report.used == 4
    facts = " ".join(finding.fact for finding in reading.report.findings)
    assert "verschillende aantallen" in facts
    assert "niet leesbaar" in facts
    assert reading.report.ignored_columns == ()
