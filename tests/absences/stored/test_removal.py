"""Taking stored figures away: what goes is said first, noted, gone at once, and nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from absences.stored.stored_factories import EARLIER, MORE, ROWS, files_of, load, missed, store

from stslib.absences import (
    Profile,
    drop_versions,
    has_absences,
    load_profile,
    overdue,
    save_profile,
    set_keep_until,
    stored_versions,
)
from stslib.absences.stored import removal, settling
from stslib.absences.stored.overview import stored_schools
from stslib.absences.stored.places import figures_root, school_folder
from stslib.absences.stored.record import note, read_record, record_path, unfinished
from stslib.absences.stored.removal import plan_link, plan_overdue, plan_removal, remove
from stslib.absences.stored.settling import settle, tidy
from stslib.errors import DatasetError

YEAR = "2025-2026"


@pytest.fixture
def three(data):
    """Three versions of one school year, and one of the year before."""
    store(data, EARLIER, "2024-2025")
    for rows in (ROWS, MORE, [*MORE, ("9", "1A", "04/09/2025", "VM", "B")]):
        store(data, rows)
    (school_folder(data, "School") / "cards-room-all.json").write_text("{}")
    (data / "sts.sqlite").write_bytes(b"sessions")
    return data


def numbers(data: Path, school_year: str = YEAR) -> list[int]:
    return [version.version for version in stored_versions(data, "School") if version.school_year == school_year]


def test_dropping_the_older_versions_leaves_the_newest(three):
    drop_versions(three, "School", YEAR, older=True)
    assert numbers(three) == [3]
    assert missed(three) == 5
    assert drop_versions(three, "School", YEAR, older=True) == ()


def test_dropping_the_newest_version_goes_back_to_the_one_before(three):
    drop_versions(three, "School", YEAR, version=3)
    assert numbers(three) == [1, 2]
    assert missed(three) == 4
    drop_versions(three, "School", YEAR, version=1)
    assert numbers(three) == [2]


def test_versions_that_are_not_there_and_the_only_one_are_not_dropped(three):
    with pytest.raises(DatasetError, match=r"geen versie 7 .*Bewaard zijn: versie 1 van .*; versie 2 van"):
        drop_versions(three, "School", YEAR, version=7)
    with pytest.raises(DatasetError, match="Versie 1 is de enige van schooljaar 2024-2025"):
        drop_versions(three, "School", "2024-2025", version=1)
    for wrong in ({}, {"older": True, "version": 2}):
        with pytest.raises(DatasetError, match="niet duidelijk"):
            drop_versions(three, "School", YEAR, **wrong)
    with pytest.raises(DatasetError, match="Noem ook het schooljaar"):
        plan_removal(three, "School", version=2)
    assert numbers(three) == [1, 2, 3]


def test_a_school_year_goes_with_its_versions_and_with_the_cards_that_were_counted_from_it(three):
    (planned,) = plan_removal(three, "School", school_year=YEAR)
    assert planned.what == "school year"
    assert [line.split(" van ")[0] for line in planned.lines[:3]] == [f"schooljaar {YEAR}, versie {n}" for n in (1, 2, 3)]
    remove(three, [planned])
    assert load(three).school_years == ("2024-2025",)
    assert not list(three.rglob("cards-*"))
    assert not list(three.rglob(".gone-*"))


def test_with_its_last_year_the_school_goes_link_profile_key_and_all(three):
    save_profile(three, "School", Profile(saved_on=date(2026, 11, 22)))
    store(three, school="Andere school")
    remove(three, plan_removal(three, "School", school_year=YEAR))
    (planned,) = plan_removal(three, "School", school_year="2024-2025")
    assert planned.what == "school"
    assert "koppeling" in " ".join(planned.lines)
    assert "profiel" in " ".join(planned.lines)
    remove(three, [planned])
    assert not has_absences(three, "School")
    assert load_profile(three, "School") is None
    assert not school_folder(three, "School").exists()
    assert len(list((three / "keys").iterdir())) == 1
    assert missed(three, "Andere school") == 2
    assert (three / "sts.sqlite").read_bytes() == b"sessions"


def test_the_record_tells_what_went_and_when_without_anything_of_a_pupil(three):
    digests = {version.content_hash for version in stored_versions(three)}
    remove(three, plan_removal(three, "School"), reason="asked")
    begun, done = read_record(three)
    assert (begun["step"], done["step"], begun["id"]) == ("begins", "done", done["id"])
    assert (begun["school"], begun["what"], begun["reason"]) == ("School", "school", "asked")
    versions = [one for year in begun["years"] for one in year["versions"]]
    assert [(one["version"], one["rows"], one["half_days"], one["pupils"]) for one in versions] == [
        (1, 1, 1, 1), (1, 2, 2, 2), (2, 3, 3, 3), (3, 4, 4, 4),
    ]  # fmt: skip
    assert {one["sha256"] for one in versions} == digests
    assert begun["at"] <= done["at"]
    assert "000123" not in record_path(three).read_text(encoding="utf-8")


def test_what_changed_since_it_was_planned_is_not_removed(three):
    planned = plan_removal(three, "School")
    older = plan_removal(three, "School", older=True)
    late = plan_overdue(three, date(2026, 12, 1))
    set_keep_until(three, "School", "2024-2025", date(2030, 1, 1))
    store(three, ROWS[:1])
    for plan in (planned, late):
        with pytest.raises(DatasetError, match="intussen veranderd; er is niets verwijderd"):
            remove(three, plan)
    assert numbers(three) == [1, 2, 3, 4]
    remove(three, older)
    assert numbers(three) == [3, 4]
    with pytest.raises(DatasetError, match="intussen veranderd"):
        remove(three, older)
    assert [line["step"] for line in read_record(three)] == ["begins", "done"] * 2


def test_what_is_overdue_is_known_the_day_after_and_can_be_removed_at_once(three):
    store(three, school="Andere school", keep_until=date(2026, 1, 1))
    assert [(year.school, year.school_year) for year in overdue(three, date(2026, 8, 31))] == [("Andere school", YEAR)]
    late = [("Andere school", YEAR), ("School", "2024-2025")]
    assert [(year.school, year.school_year) for year in overdue(three, date(2026, 9, 1))] == late
    assert [one.school for one in plan_overdue(three, date(2026, 9, 1), "School")] == ["School"]
    remove(three, plan_overdue(three, date(2026, 9, 1)), reason="overdue")
    assert overdue(three, date(2026, 9, 1)) == ()
    assert [school.name for school in stored_schools(three)] == ["School"]
    assert {line["reason"] for line in read_record(three) if line["step"] == "begins"} == {"overdue"}
    (everything,) = plan_overdue(three, date(2040, 1, 1))
    assert everything.what == "school"


def test_a_damaged_version_can_be_removed_and_the_one_before_counts_again(three):
    newest = stored_versions(three, "School")[-1]
    (newest.folder / "meta.json").write_bytes(b"{")
    with pytest.raises(DatasetError, match="beschadigd"):
        load(three)
    assert [one.name for one in stored_schools(three)[0].years[-1].versions][-1] == "versie 3 (beschadigd)"
    assert "beschadigd" in stored_schools(three)[0].years[-1].trouble
    drop_versions(three, "School", YEAR, version=3)
    assert missed(three) == 4


def test_a_school_whose_name_cannot_be_read_any_more_is_called_by_its_folder(data):
    stored = store(data)
    (stored.folder / "meta.json").unlink()
    (school,) = stored_schools(data)
    assert school.name == school.folder == school_folder(data, "School").name
    remove(data, plan_removal(data, school.name))
    assert stored_schools(data) == ()


# -- crashes and disks ---------------------------------------------------------------------------------------------------------


def broken_off_at(monkeypatch, place: str, data: Path, planned) -> None:
    """Remove, and stop dead where *place* is called."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(removal, place, die)
        with pytest.raises(KeyboardInterrupt):
            remove(data, planned)


def test_a_removal_that_was_broken_off_out_of_sight_is_finished_by_the_next_run(three, monkeypatch):
    broken_off_at(monkeypatch, "finish", three, plan_removal(three, "School"))
    assert not has_absences(three, "School")
    assert list(three.rglob(".gone-*"))
    assert list((three / "keys").iterdir())
    tidy(three)
    assert not list(three.rglob(".gone-*"))
    assert not list((three / "keys").iterdir())
    assert [(line["step"], line.get("settled_later")) for line in read_record(three)] == [("begins", None), ("done", True)]
    assert unfinished(three) == ()


def test_a_removal_that_was_broken_off_before_anything_went_is_written_off(three, monkeypatch):
    broken_off_at(monkeypatch, "gone_path", three, plan_removal(three, "School"))
    assert missed(three) == 5
    store(three, ROWS)
    assert [line["step"] for line in read_record(three)] == ["begins", "broken-off"]
    assert numbers(three) == [1, 2, 3, 4]


def test_a_key_that_went_before_its_link_takes_the_link_along_at_the_next_run(three, monkeypatch):
    broken_off_at(monkeypatch, "finish", three, plan_link(three, "School"))
    assert (school_folder(three, "School") / "link.bin").exists()
    tidy(three)
    assert not (school_folder(three, "School") / "link.bin").exists()
    assert missed(three) == 5


def test_a_record_that_names_other_places_removes_nothing_there(three, tmp_path):
    (three / "keep").mkdir()
    for number, target in enumerate(("../keep", "..", "/", "school/../../keep", "", None)):
        note(three, f"0123456789abcde{number}", "begins", what="school", target=target)
    with record_path(three).open("ab") as file:
        file.write(b'[1]\n{"id": 3}\nhalf a li')
    before = files_of(three)
    settle(three)
    assert files_of(three) == before
    assert (three / "keep").is_dir()
    note(three, "aa", "done")
    assert read_record(three)[-1]["id"] == "aa"


def test_when_nothing_can_be_noted_nothing_is_removed(three, monkeypatch):
    planned = plan_removal(three, "School")
    before = files_of(three)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(removal, "note", full)
    with pytest.raises(DatasetError, match=r"wat er nog staat, is heel.*schijf vol"):
        remove(three, planned)
    assert files_of(three) == before


def test_a_folder_that_cannot_be_moved_stays_whole_and_that_is_noted(three, monkeypatch):
    planned = plan_removal(three, "School")

    def held(self: Path, target: object) -> None:
        raise PermissionError(13, "held by another program")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", held)
        with pytest.raises(DatasetError, match="wat er nog staat, is heel"):
            remove(three, planned)
    assert missed(three) == 5
    assert [line["step"] for line in read_record(three)] == ["begins", "broken-off"]


def test_what_cannot_be_wiped_is_out_of_sight_and_wiped_later(three, monkeypatch):
    planned = plan_removal(three, "School")

    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "held by another program")

    with monkeypatch.context() as patch:
        patch.setattr(settling.shutil, "rmtree", held)
        with pytest.raises(DatasetError, match="niet alles"):
            remove(three, planned)
    assert not has_absences(three, "School")
    tidy(three)
    assert not [path for path in figures_root(three).iterdir() if path.name != ".lock"]


def test_tidying_leaves_a_folder_alone_in_which_somebody_is_at_work(three):
    from stslib.absences.stored.disk import only_one

    left = figures_root(three) / ".gone-0123456789abcdef"
    left.mkdir()
    with only_one(three):
        tidy(three)
        assert left.exists()
    tidy(three)
    assert not left.exists()
    shutil.rmtree(three / "absences")
    tidy(three)
    assert not (three / "absences").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode")
def test_the_record_can_be_read_by_a_person(three):
    remove(three, plan_removal(three, "School", older=True))
    lines = record_path(three).read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["at"] for line in lines)
    assert len(lines) == 4
