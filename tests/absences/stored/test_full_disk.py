"""A disk that takes no more, a folder that cannot be written: a Dutch message, and what was there is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from absences.stored.stored_factories import CALENDARS, MORE, ROWS, files_of, missed, reading_of, store

from stslib.absences import Profile, Reading, drop_link, has_absences, save_profile, set_keep_until, store_reading
from stslib.absences.stored.copying import copy_school
from stslib.absences.stored.removal import plan_removal, remove
from stslib.errors import DatasetError

resource = pytest.importorskip("resource", reason="no limits here")

LIMITS = [0, 20, 60, 150, 300, 600, 900, 1500]
"""Bytes that a file can grow to before the disk takes no more."""


@contextmanager
def room_for(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def whole(data: Path) -> dict[str, bytes]:
    """Every file but the record of removals, in which a refused removal may have left a line."""
    return {name: content for name, content in files_of(data).items() if name != "removals.jsonl"}


@pytest.mark.parametrize("size", LIMITS)
def test_storing_on_a_full_disk_changes_nothing_and_goes_on_once_there_is_room(data, size):
    store(data)
    newer = reading_of(data.parent, MORE)
    before = whole(data)
    with room_for(size), pytest.raises(DatasetError, match=r"wat er al stond, is ongewijzigd.*schijf vol"):
        store_reading(data, "School", newer)
    assert {name for name in whole(data) if "link.bin" not in name} == {name for name in before if "link.bin" not in name}
    assert all(whole(data)[name] == content for name, content in before.items() if "link.bin" not in name)
    assert missed(data) == 2
    assert store_reading(data, "School", newer).version == 2
    assert missed(data) == 3


@pytest.mark.parametrize("size", LIMITS)
def test_a_first_export_on_a_full_disk_leaves_no_figures(data, size):
    reading = reading_of(data.parent, ROWS)
    with room_for(size), pytest.raises(DatasetError, match="schijf vol"):
        store_reading(data, "School", reading)
    assert not has_absences(data, "School")
    assert not [name for name in files_of(data) if name.endswith(".parquet") or "/." in name]
    assert store_reading(data, "School", reading).version == 1
    assert missed(data) == 2


@pytest.mark.parametrize("size", [0, 20, 60, 150])
def test_nothing_else_is_changed_by_half_on_a_full_disk(data, size, tmp_path):
    store(data)
    store(data, MORE)
    save_profile(data, "School", Profile(saved_on=date(2026, 1, 1)))
    before = whole(data)
    planned = plan_removal(data, "School", older=True)
    with room_for(min(size, 40)):
        for change in (
            lambda: remove(data, planned),
            lambda: drop_link(data, "School"),
        ):
            with pytest.raises(DatasetError, match="wat er nog staat, is heel"):
                change()
    with room_for(size // 10), pytest.raises(DatasetError, match="de vorige blijft gelden"):
        set_keep_until(data, "School", "2025-2026", date(2030, 1, 1))
    with room_for(size), pytest.raises(DatasetError, match="het vorige blijft gelden"):
        save_profile(data, "School", Profile(saved_on=date(2027, 1, 1)))
    with room_for(size), pytest.raises(DatasetError, match="kopie kon niet geschreven worden"):
        copy_school(data, "School", tmp_path / "kopie", codes=(), calendars=CALENDARS, today=date(2026, 1, 1))
    assert whole(data) == before
    assert not (tmp_path / "kopie").exists()
    remove(data, planned)
    assert missed(data) == 3


def refused_everywhere(data: Path, reading: Reading) -> None:
    for change, told in (
        (lambda: store_reading(data, "School", reading), "ongewijzigd"),
        (lambda: save_profile(data, "School", Profile(saved_on=date(2027, 1, 1))), "het vorige blijft gelden"),
    ):
        with pytest.raises(DatasetError, match=told) as refused:
            change()
        assert "beschrijfbaar" in str(refused.value)
        assert "000123" not in str(refused.value)


@contextmanager
def as_nobody_special() -> Iterator[None]:
    """Without the rights of root, who may write everywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_may_not_be_written_is_told(data):
    store(data)
    reading = reading_of(data.parent, MORE)
    inside = [data, *data.rglob("*")]
    for path in inside:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with as_nobody_special():
            refused_everywhere(data, reading)
    finally:
        for path in inside:
            path.chmod(0o755 if path.is_dir() else 0o600)
    assert missed(data) == 2
    assert store(data, MORE).version == 2


def test_a_data_folder_that_cannot_hold_figures_is_told(data):
    (data / "absences").write_text("in the way")
    refused_everywhere(data, reading_of(data.parent, MORE))
    assert (data / "absences").read_text() == "in the way"
