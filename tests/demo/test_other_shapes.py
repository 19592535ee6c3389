"""Every shape of the example reads back to the half days that the ordinary export has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stslib.absences import read_export
from stslib.absences.reading.reconcile import reconcile
from stslib.absences.reading.report import Reading
from stslib.content import load_calendar, load_codes
from stslib.demo.files import year_files
from stslib.demo.make import EXPORTED_ON, SCHOOL_YEARS, SEED, _write_files
from stslib.demo.other_shapes import MONTH, SCHOOL_YEAR, shape_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vormen")
    files = [year_files(folder, year, workbook=place == 1) for place, year in enumerate(SCHOOL_YEARS)]
    _write_files(files, SEED, lambda _line, _part: None)
    return folder


@pytest.fixture(scope="module")
def ordinary(folder: Path) -> Reading:
    return read(folder, folder / f"afwezigheden-{SCHOOL_YEAR}.xlsx")


def read(folder: Path, path: Path) -> Reading:
    return read_export(
        path,
        school_year=SCHOOL_YEAR,
        codes=load_codes(),
        calendar=load_calendar(SCHOOL_YEAR),
        enrolment=folder / f"inschrijvingen-{SCHOOL_YEAR}.csv",
        classes=folder / f"klassen-{SCHOOL_YEAR}.csv",
        today=EXPORTED_ON[SCHOOL_YEAR],
    )


def half_days(reading: Reading, month: tuple[int, int] | None = None) -> list[tuple[str, str, str, str, str | None]]:
    """What is not present, by number of the pupil."""
    return sorted(
        (reading.numbers[pupil], str(day), half, code, subcode or "")
        for pupil, day, half, code, subcode in reading.half_days.iter_rows()
        if code != "|" and (month is None or (day.year, day.month) == month)
    )


@pytest.mark.parametrize(
    ("name", "shape"),
    [("perioden-januari.xlsx", "periods"), ("rooster-januari.csv", "matrix"), ("blokken-januari.txt", "blocks")],
)
def test_a_month_reads_back_to_the_same_half_days_in_every_shape(
    folder: Path, ordinary: Reading, name: str, shape: str
) -> None:
    reading = read(folder, folder / "andere-vormen" / name)
    report = reading.report
    assert report.shape == shape
    assert (report.used, report.repaired, report.rejected) == (report.rows, 0, 0)
    expected = [one for one in half_days(ordinary, MONTH) if one[3] != "Q"]
    found = half_days(reading)
    assert len(expected) > 1000
    lost_in_the_other = Counter(found) - Counter(expected)
    assert sum(lost_in_the_other.values()) <= 3  # the flaws of the ordinary export stand on half days of their own
    assert not Counter(expected) - Counter(found)
    assert report.period is not None
    assert {(day.year, day.month) for day in report.period} == {MONTH}


def test_the_totals_are_those_of_the_ordinary_export(folder: Path, ordinary: Reading) -> None:
    reading = read(folder, folder / "andere-vormen" / f"totalen-{SCHOOL_YEAR}.csv")
    assert reading.report.shape == "totals"
    assert (reading.report.used, reading.report.rejected) == (reading.report.rows, 0)
    counted = Counter(code for *_, code, _ in half_days(ordinary))
    totals = Counter(dict(reading.totals.group_by("code").sum().select("code", "half_days").iter_rows()))
    for code in "BZDPRL":
        assert abs(totals[code] - counted[code]) <= 3, code


def test_every_difference_with_the_own_total_is_explained(folder: Path, ordinary: Reading) -> None:
    lines = (folder / "andere-vormen" / f"eigen-totaal-{SCHOOL_YEAR}.txt").read_text("utf-8").splitlines()
    own = {code: int(count) for code, _, count in (line.partition("=") for line in lines if "=" in line)}
    reconciled = reconcile(ordinary, own)
    assert {"B", "Z", "L"} <= own.keys()
    assert reconciled.agrees
    assert any(code.difference for code in reconciled.codes)


def test_every_file_is_named_in_the_file_to_read_first_and_is_small(folder: Path) -> None:
    *files, readme = shape_files(folder)
    told = readme.read_text("utf-8")
    for path in files:
        assert path.name in told
        assert path.stat().st_size < 60_000
    assert "andere-vormen/" in (folder / "LEESMIJ.txt").read_text("utf-8")
