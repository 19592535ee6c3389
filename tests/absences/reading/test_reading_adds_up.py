"""Whatever stands in the cells: used, repaired and rejected add up in every shape, and no value of a pupil is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from absences.absence_factories import LONG, write_csv
from absences.reading.files_of_schools import LETTERS, adds_up, as_rows, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.absences.reading.layout import find_layout
from stslib.absences.reading.preview import preview_export
from stslib.absences.reading.report import REASONS

VALUES = [
    "1", "02", "", " ", "B", "b01", "Q", "|", "-", "VM", "NM", "2", "x", "01/09/2025", "3/9/2025", "45901", "31/2/2025",
    "28/10/2025", "30/06/2026", "heden", "7,0", "401", "é", "B/Z", "010925T1", "0000000001", "1,2E+09",
]  # fmt: skip
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=6)
cell = st.one_of(st.sampled_from(VALUES), texts)

SHAPES = {
    "periods": (
        ("Leerlingnummer", "Van", "Vandagdeel", "Tot", "Totdagdeel", "Code"),
        ("9", "01/09/2025", "1", "01/09/2025", "2", "B"),
    ),
    "matrix": (
        ("Leerlingnummer", "01/09/2025 VM", "01/09/2025 NM", "3/9 NM", "28/10/2025", "02/09"),
        ("9", "B", "", "", "", ""),
    ),
    "totals": (("Leerlingnummer", "B", "Z", "aantal D"), ("9", "5", "", "")),
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_row_lands_in_exactly_one_place(tmp_path: Path, shape: str, data: st.DataObject) -> None:
    header, good = SHAPES[shape]
    rows = data.draw(st.lists(st.tuples(*[cell] * len(header)), max_size=15))
    enrolment = write_csv(tmp_path / "e.csv", ("Leerlingnummer", "Van"), [("9", ""), ("1", "2/9/2025"), ("2", "")])
    path = write_csv(tmp_path / "x.csv", header, [good, *rows])
    reading = read(path, enrolment=data.draw(st.sampled_from([None, enrolment])))
    assert reading.report.shape == shape
    assert adds_up(reading)
    assert reading.report.rows == 1 + sum(any(row) for row in rows)
    assert set(reading.report.reasons) <= set(REASONS)
    assert reading.half_days.select("pupil", "date", "half").is_unique().all()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(cell, max_size=25))
def test_every_line_of_a_block_lands_in_exactly_one_place(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "x.txt"
    path.write_text("\n".join(["010925T1", "B", "0000000009", *lines]) + "\n", encoding="utf-8")
    reading = read(path)
    assert reading.report.shape == "blocks"
    assert adds_up(reading)


def test_the_reasons_keep_their_keys() -> None:
    assert list(REASONS) == [
        "ragged", "line_unreadable", "pupil_missing", "pupil_rounded", "date_missing", "date_unreadable", "outside_year",
        "weekend", "holiday", "no_lesson", "period_reversed", "period_too_long", "period_empty", "half_missing",
        "half_unknown", "code_missing", "count_unreadable", "not_enrolled", "outside_enrolment", "duplicate", "conflict",
    ]  # fmt: skip
    assert all(reason.fact.endswith(".") and reason.remedy.endswith(".") for reason in REASONS.values())


def test_the_first_row_of_a_file_without_headers_is_never_shown_as_one(tmp_path: Path) -> None:
    rows = [("0001", "GEHEIM", "01/09/2025", "VM", "B"), ("0002", "GEHEIM", "01/09/2025", "VM", "B")]
    path = write_csv(tmp_path / "x.csv", rows[0], rows[1:])
    mapping = {"pupil": 1, "date": 3, "half": 4, "code": 5}
    reading = read(path, mapping=mapping)
    assert (reading.report.rows, reading.report.used) == (2, 2)
    assert "GEHEIM" not in reading.report.model_dump_json()
    preview = preview_export(path, mapping=mapping)
    assert (preview.header_row, preview.headers, preview.row_count) == (0, ("",) * 5, 2)
    assert "GEHEIM" not in " ".join(map(str, preview_export(path).problems))


def test_a_column_of_names_taken_for_codes_is_told_by_its_shape(tmp_path: Path) -> None:
    names = [f"naam{chr(97 + n)}" for n in range(25)]
    rows = [("1", "1A", f"{n + 1:02d}/09/2025", "VM", name) for n, name in enumerate(names)] + [
        ("2", "1A", "01/09/2025", "VM", "B")
    ]
    reading = read(write_csv(tmp_path / "x.csv", LONG, rows))
    assert set(reading.report.unknown_codes) == {"aaaaa"}
    assert {code for *_, code, _ in as_rows(reading)} == {"aaaaa", "B"}
    assert any("kolom met codes" in finding.remedy for finding in reading.report.findings)


def test_a_row_of_thousands_of_columns_is_no_row_of_headers() -> None:
    assert find_layout([["Leerlingnummer", "Datum", "Dagdeel", "Code", *["x"] * 5000]], "export", None, LETTERS) is None
