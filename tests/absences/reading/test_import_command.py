"""What ``sts import`` does besides reading and storing: report only, give rows back, explain totals, use a profile."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import python_calamine
from absences.absence_factories import LONG, write_csv
from absences.reading.files_of_schools import write_xls

from stslib.absences.stored.profiles import OwnCode, Profile, load_profile, save_profile
from stslib.cli import main
from stslib.model.absence import Period, Status

ROWS = [
    ("0001", "1A", "01/09/2025", "VM", "B"),
    ("0001", "1A", "01/09/2025", "NM", "B"),
    ("0001", "1A", "03/09/2025", "NM", "B"),
    ("0002", "5LWI", "02/09/2025", "VM", "Q"),
    ("0002", "5LWI", "99/09/2025", "VM", "B"),
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "export.csv", LONG, ROWS)


def run(capsys, tmp_path: Path, export: Path, *more: object) -> tuple[int, str, str]:
    arguments = ["import", export, "--school", "De School", "--school-year", "2025-2026", "--data", tmp_path / "data", *more]
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_dry_run_reports_and_stores_nothing(capsys, tmp_path: Path, export: Path) -> None:
    status, out, _ = run(capsys, tmp_path, export, "--dry-run")
    assert status == 0
    assert "5 rijen: 3 gebruikt" in out
    assert "Er is niets bewaard" in out
    assert not (tmp_path / "data" / "absences").exists()
    answer = json.loads(run(capsys, tmp_path, export, "--dry-run", "--json")[1])
    assert (answer["stored"], answer["reasons"]) == (False, {"no_lesson": 1, "date_unreadable": 1})
    assert "version" not in answer


def test_rejected_rows_are_written_where_they_were_asked_for(capsys, tmp_path: Path, export: Path) -> None:
    target = tmp_path / "geweigerd.xlsx"
    status, out, _ = run(capsys, tmp_path, export, "--dry-run", "--rejected", target)
    rows = python_calamine.CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
    assert (status, len(rows)) == (0, 3)
    assert "2 geweigerde rijen staan in geweigerd.xlsx" in out


def test_rows_of_a_file_that_is_refused_are_written_too(capsys, tmp_path: Path) -> None:
    export = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "28/10/2025", "VM", "B")])
    target = tmp_path / "geweigerd.xlsx"
    status, _, err = run(capsys, tmp_path, export, "--rejected", target)
    assert (status, target.exists()) == (1, True)
    assert "Geen enkele van de 1 rij" in err


def test_an_own_total_is_explained(capsys, tmp_path: Path, export: Path) -> None:
    _, out, _ = run(capsys, tmp_path, export, "--dry-run", "--own-total", "B=3", "--own-total", "Q=1")
    assert "B: jullie pakket zegt 3, wij tellen 2. Daarom: 1 halve dag: " in out
    assert "Q: jullie pakket zegt 1, wij tellen 1. Dat klopt." in out
    answer = json.loads(run(capsys, tmp_path, export, "--dry-run", "--json", "--own-total", "B=9")[1])
    found = answer["reconciliation"][0]
    assert (found["own"], found["counted"], found["difference"], found["unexplained"]) == (9, 2, 7, 5)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--own-total", "B"), "CODE=AANTAL"),
        (("--own-total", "B=veel"), "CODE=AANTAL"),
        (("--class-year", "5LWI"), "KLAS=JAAR"),
        (("--rejected", "lijst.csv"), "eindigt op .xlsx"),
    ],
)
def test_an_option_that_cannot_be_read_is_named(capsys, tmp_path: Path, export: Path, option, message: str) -> None:
    status, _, err = run(capsys, tmp_path, export, *option)
    assert status == 1
    assert message in err
    assert not (tmp_path / "data" / "absences").exists()


def test_the_rejected_rows_never_replace_the_export(capsys, tmp_path: Path) -> None:
    export = write_xls(tmp_path / "x.xlsx", LONG, ROWS)
    before = export.read_bytes()
    assert run(capsys, tmp_path, export, "--rejected", export)[0] == 1
    assert export.read_bytes() == before


def test_the_year_of_a_class_can_be_given(capsys, tmp_path: Path, export: Path) -> None:
    assert run(capsys, tmp_path, export, "--class-year", "5LWI=5")[0] == 0
    main(["figures", "--school", "De School", "--by", "year", "--data", str(tmp_path / "data"), "--json"])
    assert {row["year"] for row in json.loads(capsys.readouterr().out)} == {"5", "onbekend"}


def test_a_saved_profile_explains_the_next_export(capsys, tmp_path: Path) -> None:
    export = write_csv(tmp_path / "x.csv", ("Wie", "Klas", "Wanneer", "Wat", "Wat"), ROWS)
    columns = ("--column", "pupil=Wie", "--column", "date=Wanneer", "--column", "half=#4", "--column", "code=#5")
    assert run(capsys, tmp_path, export, "--dry-run")[0] == 1
    assert run(capsys, tmp_path, export, *columns, "--free", "02/09/2025", "--save-profile", "--dry-run")[0] == 0
    kept = load_profile(tmp_path / "data", "De School")
    assert kept is not None
    assert kept.columns == {"pupil": "Wie", "date": "Wanneer", "half": "#4", "code": "#5"}
    answer = json.loads(run(capsys, tmp_path, export, "--dry-run", "--json")[1])
    assert (answer["used"], answer["reasons"]["holiday"]) == (2, 1)
    assert run(capsys, tmp_path, export, "--dry-run", "--no-profile")[0] == 1


def test_own_codes_and_free_days_of_a_profile_count_and_stay_when_saved_again(capsys, tmp_path: Path, export: Path) -> None:
    free = Period(name="studiedag", first=date(2025, 9, 1), last=date(2025, 9, 1))
    own = OwnCode(code="Q", meaning="project buiten de school", status=Status.PRESENT)
    save_profile(tmp_path / "data", "De School", Profile(codes=(own,), free_days=(free,), saved_on=date(2025, 9, 1)))
    answer = json.loads(run(capsys, tmp_path, export, "--json", "--free", "05/09/2025", "--save-profile")[1])
    assert (answer["unknown_codes"], answer["reasons"]["holiday"]) == ({}, 2)
    kept = load_profile(tmp_path / "data", "De School")
    assert kept is not None
    assert kept.codes == (own,)
    assert [day.first for day in kept.free_days] == [date(2025, 9, 1), date(2025, 9, 5)]
