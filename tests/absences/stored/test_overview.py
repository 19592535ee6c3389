"""What is stored of every school and until when."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from absences.stored.stored_factories import EARLIER, MORE, missed, store

import stslib
from stslib.absences import Profile, overdue, save_profile, set_keep_until, stored_versions
from stslib.absences.stored.overview import find_school, find_year, size_of, stored_schools
from stslib.absences.stored.places import school_folder
from stslib.errors import DatasetError


def test_schools_are_listed_by_name_with_years_and_versions(data):
    store(data, school="Zonnebloem")
    store(data, EARLIER, "2024-2025", school="Zonnebloem")
    store(data, MORE, school="Zonnebloem")
    store(data, school="anemoon")
    save_profile(data, "Berk", Profile(saved_on=date(2026, 1, 1)))
    schools = stored_schools(data)
    assert [school.name for school in schools] == ["anemoon", "Berk", "Zonnebloem"]
    assert [(year.school_year, [one.number for one in year.versions]) for year in schools[2].years] == [
        ("2024-2025", [1]),
        ("2025-2026", [1, 2]),
    ]
    assert (schools[1].years, schools[1].has_profile) == ((), True)
    newest = schools[2].years[1].versions[-1]
    assert (newest.rows, newest.half_days, newest.pupils, newest.damaged) == (3, 3, 3, False)
    assert size_of(data, schools[2]) > size_of(data, schools[1]) > 0
    assert stored_schools(data / "elsewhere") == ()


def test_the_day_that_is_chosen_holds_for_the_school_year_and_survives(data):
    store(data)
    assert set_keep_until(data, " school ", "2025-2026", date(2029, 6, 30)) == date(2027, 8, 31)
    assert set_keep_until(data, "School", "2025-2026", date(2028, 6, 30)) == date(2029, 6, 30)
    assert [version.keep_until for version in stored_versions(data)] == [date(2028, 6, 30)]
    assert overdue(data, date(2028, 6, 30)) == ()
    assert [year.school_year for year in overdue(data, date(2028, 7, 1))] == ["2025-2026"]
    assert missed(data) == 2


@pytest.mark.parametrize(
    ("school", "year", "day", "told"),
    [
        (
            "Schol",
            "2025-2026",
            date(2028, 1, 1),
            "Van ‘Schol’ is niets bewaard. Schrijf de naam zoals hij bewaard is: ‘School’",
        ),
        ("School", "2024-2025", date(2028, 1, 1), "geen cijfers over schooljaar 2024-2025 bewaard. Bewaard zijn: 2025-2026"),
        ("School", "2025-2027", date(2028, 1, 1), "opeenvolgende jaren"),
        ("School", "2025-2026", date(2207, 1, 1), "past niet bij schooljaar"),
        (" ", "2025-2026", date(2028, 1, 1), "naam van de school is leeg"),
    ],
)
def test_what_cannot_be_kept_longer_is_told(data, school, year, day, told):
    store(data)
    with pytest.raises(DatasetError) as refused:
        set_keep_until(data, school, year, day)
    assert told in str(refused.value)
    assert stored_versions(data)[0].keep_until == date(2027, 8, 31)


def test_a_damaged_day_is_told_and_the_day_of_storing_holds(data):
    store(data)
    set_keep_until(data, "School", "2025-2026", date(2030, 1, 1))
    (school_folder(data, "School") / "2025-2026" / "keep.json").write_bytes(b"\xff{")
    year = find_year(find_school(data, "School"), "2025-2026")
    assert year.keep_until == date(2027, 8, 31)
    assert "bewaardatum is onleesbaar" in year.trouble
    set_keep_until(data, "School", "2025-2026", date(2030, 1, 1))
    assert find_year(find_school(data, "School"), "2025-2026").trouble == ""


def test_a_folder_that_cannot_be_written_keeps_the_day_before(data, monkeypatch):
    from stslib.absences.stored import overview

    store(data)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(overview, "write_day", full)
    with pytest.raises(DatasetError, match="de vorige blijft gelden"):
        set_keep_until(data, "School", "2025-2026", date(2030, 1, 1))
    assert stored_versions(data)[0].keep_until == date(2027, 8, 31)


def test_the_portal_tells_what_is_stored_without_a_data_engine():
    code = "import sys, stslib.apps.portal; print([name for name in ('polars', 'pandas', 'narwhals') if name in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "[]\n"
