"""A copy that is readable elsewhere: all that is kept, and the link only when it is asked twice."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from absences.absence_factories import CODES, write_csv
from absences.stored.stored_factories import CALENDARS, EARLIER, MORE, ROWS, files_of, pupils_of, read, store

from stslib.absences import set_keep_until, store_reading, stored_versions
from stslib.absences.stored.copying import copy_school
from stslib.absences.stored.places import key_path, school_folder
from stslib.errors import DatasetError


def copy(data: Path, to: Path, school: str = "School", **more):
    return copy_school(data, school, to, codes=CODES, calendars=CALENDARS, today=date(2026, 11, 22), **more)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture
def stored(data):
    store(data, EARLIER, "2024-2025")
    store(data, ROWS)
    store(data, MORE)
    return data


@pytest.fixture
def to(tmp_path) -> Path:
    return tmp_path / "stick" / "kopie"


def test_every_half_day_that_counts_is_in_the_copy(stored, to):
    copied = copy(stored, to)
    assert (copied.half_days, copied.with_link) == (4, False)
    rows = rows_of(to / "2025-2026" / "halve-dagen.csv")
    assert [(row["datum"], row["dagdeel"], row["code"]) for row in rows] == [
        ("2025-09-01", "VM", "B"), ("2025-09-02", "NM", "Z"), ("2025-09-03", "VM", "B"),
    ]  # fmt: skip
    assert {row["pseudoniem"] for row in rows} == {f"p{pupil}" for pupil in pupils_of(stored)}
    assert {row["pseudoniem"] for row in rows_of(to / "2025-2026" / "inschrijvingen.csv")} == {
        row["pseudoniem"] for row in rows
    }
    assert len(rows_of(to / "2025-2026" / "kalender.csv")) == 327
    assert len(rows_of(to / "2024-2025" / "kalender.csv")) == 323
    assert [row["status"] for row in rows_of(to / "codes.csv") if row["code"] in "BL"] == ["ongewettigd", "te laat"]
    assert not (to / "2025-2026" / "totalen.csv").exists()


def test_the_copy_says_what_it_is_and_every_file_is_listed_with_its_digest(stored, to):
    set_keep_until(stored, "School", "2025-2026", date(2028, 3, 1))
    copied = copy(stored, to)
    assert sorted(copied.files) == sorted(str(path.relative_to(to)) for path in to.rglob("*") if path.is_file())
    listed = json.loads((to / "inhoud.json").read_text(encoding="utf-8"))["bestanden"]
    assert listed.keys() == set(copied.files) - {"LEESMIJ.txt", "inhoud.json"}
    for name, told in listed.items():
        assert hashlib.sha256((to / name).read_bytes()).hexdigest() == told["sha256"]
        assert len(rows_of(to / name)) == told["rijen"]
    text = (to / "LEESMIJ.txt").read_text(encoding="utf-8")
    for part in (
        "School",
        "22/11/2026",
        "3 halve dagen van 3 leerlingen",
        "tot en met 01/03/2028",
        "versie 1 van",
        "zit niet in",
    ):
        assert part in text
    assert all(Path(name).name in text for name in listed)


def test_one_school_year_or_the_older_versions_too(stored, tmp_path):
    copy(stored, tmp_path / "a", school_year="2024-2025")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["2024-2025", "LEESMIJ.txt", "codes.csv", "inhoud.json"]
    copied = copy(stored, tmp_path / "b", older=True)
    assert copied.half_days == 6
    assert len(rows_of(tmp_path / "b" / "2025-2026" / "versie-1" / "halve-dagen.csv")) == 2


def test_parquet_holds_the_same(stored, tmp_path):
    copy(stored, tmp_path / "a")
    copy(stored, tmp_path / "b", form="parquet")
    frame = pl.read_parquet(tmp_path / "b" / "2025-2026" / "halve-dagen.parquet")
    assert [{name: str(value or "") for name, value in row.items()} for row in frame.to_dicts()] == rows_of(
        tmp_path / "a" / "2025-2026" / "halve-dagen.csv"
    )


def test_brought_half_days_and_totals_are_stored_and_copied(tmp_path, data, to):
    header = ("Leerlingnummer", "Klas", "B", "Z")
    totals = write_csv(tmp_path / "totalen.csv", header, [("11", "1A", "12", "3"), ("12", "1A", "1", "4")])
    reading = read(totals)
    assert reading.report.shape == "totals"
    brought = pl.DataFrame({"pupil": [1], "half_days": [7]}, schema=reading.brought.schema)
    object.__setattr__(reading, "brought", brought)
    store_reading(data, "School", reading)
    copy(data, to, with_link=True)
    number = {row["leerlingnummer"]: row["pseudoniem"] for row in rows_of(to / "koppeling.csv")}
    counted = {(row["pseudoniem"], row["code"]): row["halve_dagen"] for row in rows_of(to / "2025-2026" / "totalen.csv")}
    assert counted == {(number["11"], "B"): "12", (number["11"], "Z"): "3", (number["12"], "B"): "1", (number["12"], "Z"): "4"}
    assert rows_of(to / "2025-2026" / "meegebracht.csv") == [{"pseudoniem": number["12"], "halve_dagen": "7"}]


def test_the_link_goes_along_only_when_it_is_asked(stored, tmp_path):
    copy(stored, tmp_path / "a")
    assert not (tmp_path / "a" / "koppeling.csv").exists()
    assert b"000123" not in b"".join(files_of(tmp_path / "a").values())
    copy(stored, tmp_path / "b", with_link=True, school_year="2024-2025")
    assert [row["leerlingnummer"] for row in rows_of(tmp_path / "b" / "koppeling.csv")] == ["000123"]
    assert "MET DE KOPPELING" in (tmp_path / "b" / "LEESMIJ.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode")
def test_the_link_in_a_copy_is_readable_by_its_owner_only(stored, to):
    copy(stored, to, with_link=True, form="parquet")
    assert (to / "koppeling.csv").stat().st_mode & 0o077 == 0


def test_a_text_that_a_spreadsheet_would_run_has_a_mark_before_it(tmp_path, data, to):
    rows = [("1", "=1+1", "01/09/2025", "VM", "-"), ("2", "@SUM(A1)", "01/09/2025", "VM", "B")]
    store(data, rows)
    copy(data, to)
    assert {row["klas"] for row in rows_of(to / "2025-2026" / "klassen.csv")} == {"'=1+1", "'@SUM(A1)"}
    assert [row["code"] for row in rows_of(to / "2025-2026" / "halve-dagen.csv") if row["code"] != "B"] == ["-"]


def test_nothing_is_overwritten_and_nothing_lands_in_the_data_folder(stored, to):
    to.mkdir(parents=True)
    copy(stored, to)
    before = files_of(to)
    with pytest.raises(DatasetError, match="overschrijft niets"):
        copy(stored, to)
    with pytest.raises(DatasetError, match="overschrijft niets"):
        copy(stored, to / "LEESMIJ.txt")
    with pytest.raises(DatasetError, match="niet in de gegevensmap"):
        copy(stored, stored / "kopie")
    assert files_of(to) == before
    assert sorted(path.name for path in to.parent.iterdir()) == ["kopie"]


def test_of_what_is_damaged_or_missing_no_half_copy_is_made(stored, to):
    with pytest.raises(DatasetError, match="is niets bewaard"):
        copy(stored, to, school="Andere school")
    with pytest.raises(DatasetError, match="geen cijfers over schooljaar 2023-2024"):
        copy(stored, to, school_year="2023-2024")
    key_path(stored, school_folder(stored, "School")).unlink()
    with pytest.raises(DatasetError, match="De sleutel"):
        copy(stored, to, with_link=True)
    (stored_versions(stored)[-1].folder / "classes.parquet").write_bytes(b"")
    with pytest.raises(DatasetError, match="beschadigd"):
        copy(stored, to)
    assert not to.exists()
    assert not to.parent.exists() or not list(to.parent.iterdir())
