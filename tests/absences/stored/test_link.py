"""The link between pupil numbers and pseudonyms: thrown away at will, never lost unseen."""

from __future__ import annotations

import os

import pytest
from absences.stored.stored_factories import EARLIER, MORE, files_of, load, missed, pupils_of, store

from stslib.absences import drop_link, stored_versions
from stslib.absences.stored.link import Link, link_state
from stslib.absences.stored.places import key_path, link_path, school_folder
from stslib.absences.stored.record import read_record
from stslib.errors import DatasetError


@pytest.fixture
def folder(data):
    store(data)
    return school_folder(data, "School")


def test_the_link_can_be_thrown_away_and_the_figures_stay(data, folder):
    before, pupils = load(data).rate(["class"]), pupils_of(data)
    assert link_state(data, "School") == "there"
    assert drop_link(data, "School")
    assert link_state(data, "School") == "none"
    assert not drop_link(data, "School")
    assert load(data).rate(["class"]).equals(before)
    assert not [path for path in (data / "keys").iterdir() if path.name != ".lock"]
    assert [(line["step"], line.get("what")) for line in read_record(data)] == [("begins", "link"), ("done", None)]
    store(data, MORE)
    assert missed(data) == 3
    assert not pupils_of(data) & pupils


def test_without_the_link_pupils_are_not_followed_over_the_years(data, folder):
    drop_link(data, "School")
    store(data, EARLIER, "2024-2025")
    assert not pupils_of(data, "2024-2025") & pupils_of(data, "2025-2026")


def test_a_lost_key_is_named_and_nothing_is_lost(data, folder):
    key = key_path(data, folder)
    content = key.read_bytes()
    key.unlink()
    before = files_of(data)
    assert link_state(data, "School") == "no key"
    with pytest.raises(DatasetError, match=r"De sleutel .* is weg \(keys/school-.*\.key\)\. .*reservekopie.*--link") as refused:
        store(data, MORE)
    assert "000123" not in str(refused.value)
    assert files_of(data) == before
    assert missed(data) == 2
    key.write_bytes(content)
    pupils = pupils_of(data)
    assert store(data, MORE).version == 2
    assert pupils < pupils_of(data)


@pytest.mark.parametrize("which", ["link", "key", "another key", "an empty link"])
def test_a_damaged_link_or_key_is_named_and_nothing_is_lost(data, folder, which):
    path = link_path(folder) if which.endswith("link") else key_path(data, folder)
    whole = path.read_bytes()
    if which == "another key":
        store(data, school="Andere school")
        broken = key_path(data, school_folder(data, "Andere school")).read_bytes()
    else:
        broken = b"" if which == "an empty link" else whole[: len(whole) // 2]
    path.write_bytes(broken)
    before = files_of(data)
    assert link_state(data, "School") == "damaged"
    with pytest.raises(DatasetError, match=r"beschadigd.*Er is niets gewijzigd.*reservekopie"):
        store(data, MORE)
    assert files_of(data) == before
    assert missed(data) == 2
    path.write_bytes(whole)
    assert store(data, MORE).changed


def test_a_lost_link_is_named_and_nothing_is_lost(data, folder):
    whole = link_path(folder).read_bytes()
    link_path(folder).unlink()
    before = files_of(data)
    assert link_state(data, "School") == "no link"
    with pytest.raises(DatasetError, match=r"alleen haar sleutel is er nog .*Er is niets gewijzigd.*--link"):
        store(data, MORE)
    assert files_of(data) == before
    link_path(folder).write_bytes(whole)
    assert store(data, MORE).changed


def test_a_key_alone_is_replaced_where_no_figures_are(data):
    key = key_path(data, school_folder(data, "School"))
    key.parent.mkdir()
    key.write_bytes(b"left by an interrupted first storing")
    assert store(data).changed
    assert link_state(data, "School") == "there"


def test_after_a_lost_key_the_link_can_be_thrown_away_and_storing_goes_on(data, folder):
    key_path(data, folder).unlink()
    assert drop_link(data, "School")
    assert store(data, MORE).version == 2
    assert missed(data) == 3
    assert len(stored_versions(data, "School")) == 2


def test_every_school_has_a_key_of_its_own(data, folder):
    store(data, school="Andere school")
    keys = {path.name: path.read_bytes() for path in (data / "keys").iterdir()}
    assert len(keys) == len(set(keys.values())) == 2
    assert not pupils_of(data) & pupils_of(data, school="Andere school")


def test_the_link_gives_back_the_numbers_to_who_holds_the_key(data, folder):
    assert sorted(number for _, number in Link.read(data, folder).pairs()) == ["000123", "000456"]
    assert {pseudonym for pseudonym, _ in Link.read(data, folder).pairs()} == pupils_of(data)
    assert b"000123" not in b"".join(files_of(data).values())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such mode")
def test_link_and_key_are_readable_by_their_owner_only(data, folder):
    assert [path.stat().st_mode & 0o077 for path in (key_path(data, folder), link_path(folder))] == [0, 0]
