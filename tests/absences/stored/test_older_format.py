"""Folders of earlier versions of the program: they load, go on being added to, and are removed like any other.

``format1.json`` holds a data folder of format 1 as it was written then: two school years, one with two versions, their link and
key. The school is made up.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from absences.stored.stored_factories import MORE, load, missed, pupils_of, store

from stslib.absences import drop_link, drop_versions, stored_versions
from stslib.absences.stored.link import link_state
from stslib.absences.stored.load import load_years
from stslib.absences.stored.overview import stored_schools
from stslib.absences.stored.removal import plan_removal, remove
from stslib.errors import DatasetError

KEPT = json.loads(Path(__file__).with_name("format1.json").read_text(encoding="utf-8"))


@pytest.fixture
def old(data):
    for name, content in KEPT.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))
    return data


def test_a_folder_of_format_1_loads_with_its_counts(old):
    absences = load(old)
    assert absences.school_years == ("2024-2025", "2025-2026")
    assert missed(old) == 4
    assert absences.rate(["grade"], school_years=["2025-2026"])["half_days_missed"].sum() == 3
    assert [(one.school_year, one.version, one.rows) for one in stored_versions(old)] == [
        ("2024-2025", 1, 1), ("2025-2026", 1, 2), ("2025-2026", 2, 3),
    ]  # fmt: skip


def test_what_format_1_did_not_hold_is_empty(old):
    from absences.stored.stored_factories import CALENDARS

    for year in load_years(old, "School", {calendar.school_year: calendar for calendar in CALENDARS}):
        assert year.brought.columns == ["pupil", "half_days"]
        assert year.totals.columns == ["pupil", "code", "half_days"]
        assert year.brought["pupil"].dtype == year.totals["pupil"].dtype == year.half_days["pupil"].dtype
        assert (len(year.brought), len(year.totals), year.shape, year.school) == (0, 0, "long", "School")


def test_a_newer_export_finds_the_same_pupils_by_the_old_link(old):
    assert link_state(old, "School") == "there"
    before = pupils_of(old)
    newer = store(old, [*MORE, ("9", "1A", "04/09/2025", "VM", "B")])
    assert newer.version == 3
    assert json.loads((newer.folder / "meta.json").read_text(encoding="utf-8"))["format"] == 2
    assert before < pupils_of(old)
    assert missed(old) == 5


def test_one_can_go_back_to_a_version_of_format_1_and_remove_it(old):
    drop_versions(old, "School", "2025-2026", version=2)
    assert missed(old) == 3
    assert drop_link(old, "School")
    assert missed(old) == 3
    remove(old, plan_removal(old, "School"))
    assert stored_schools(old) == ()


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_file_of_format_1_that_was_cut_is_told(old, name):
    path = old / name
    path.write_bytes(path.read_bytes()[:-20])
    if "/v0001/" in name and "2025-2026" in name:
        assert missed(old) == 4
    elif "/v0" in name:
        with pytest.raises(DatasetError, match="beschadigd"):
            load(old)
    else:
        assert link_state(old, "School") == "damaged"
        with pytest.raises(DatasetError, match="beschadigd"):
            store(old, [*MORE, ("9", "1A", "04/09/2025", "VM", "B")])
        assert missed(old) == 4
