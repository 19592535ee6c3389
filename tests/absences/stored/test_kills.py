"""kill -9 before every touch of the disk while figures are stored, kept, dropped or removed: whole or gone, never half."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from absences.stored.stored_factories import EARLIER, MORE, ROWS, missed, reading_of, store

import stslib
from stslib.absences import Profile, has_absences, load_profile, save_profile, store_reading, stored_versions
from stslib.absences.stored.link import link_state
from stslib.absences.stored.overview import stored_schools
from stslib.absences.stored.places import figures_root, key_path, school_folder
from stslib.absences.stored.record import read_record, unfinished
from stslib.absences.stored.settling import tidy

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
YEAR = "2025-2026"


class Victims:
    """Runs a task on a fresh copy of the figures, killed before its n-th touch of the disk."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.again = reading_of(folder, ROWS)
        self._whole = folder / "whole"
        self._folder = folder
        command = [sys.executable, str(Path(__file__).with_name("dying_child.py")), str(folder)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=ENVIRONMENT
        )

    def kill(self, task: str, number: int) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        shutil.rmtree(self.data)
        shutil.copytree(self._whole, self.data)
        self.process.stdin.write(f"{task} {number}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def at_every_moment(self, task: str, check: Callable[[], None]) -> int:
        """How many times *task* was killed before it could end; *check* holds after each, and once more when it ended."""
        for number in range(1000):
            ended = self.kill(task, number)
            assert ended in ("killed", "whole"), ended
            check()
            if ended == "whole":
                return number
        raise AssertionError("it never ends")


@pytest.fixture(scope="module")
def victims(tmp_path_factory) -> Iterator[Victims]:
    folder = tmp_path_factory.mktemp("kills")
    data = folder / "whole"
    data.mkdir()
    store(data, EARLIER, "2024-2025")
    store(data, ROWS)
    store(data, MORE)
    save_profile(data, "School", Profile(saved_on=date(2026, 1, 1)))
    (school_folder(data, "School") / "cards-room-all.json").write_text("{}")
    reading = reading_of(folder, [*MORE, ("9", "1A", "04/09/2025", "VM", "B")])
    (folder / "reading.pickle").write_bytes(pickle.dumps(reading))
    shutil.copytree(data, folder / "data")
    running = Victims(folder)
    yield running
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert running.process.wait(10) == 0
    assert running.process.stdout is not None
    running.process.stdout.close()


def left_behind(data: Path) -> list[str]:
    """What no finished work leaves: files and folders out of sight."""
    return [path.name for path in data.rglob(".*") if path.name != ".lock"]


def settled(data: Path) -> None:
    """The next run finds nothing half done."""
    tidy(data)
    assert left_behind(data) == []
    assert unfinished(data) == ()


def numbers(data: Path, school: str = "School") -> list[int]:
    return [version.version for version in stored_versions(data, school) if version.school_year == YEAR]


def test_storing_a_newer_export(victims):
    data = victims.data

    def check() -> None:
        assert (numbers(data), missed(data)) in (([1, 2], 4), ([1, 2, 3], 5))
        assert link_state(data, "School") == "there"
        settled(data)
        assert store_reading(data, "School", victims.again).changed
        assert missed(data) == 3

    assert victims.at_every_moment("store", check) >= 25


def test_storing_the_first_export_of_a_school(victims):
    data = victims.data

    def check() -> None:
        assert not has_absences(data, "Nieuw") or missed(data, "Nieuw") == 4
        assert (missed(data), numbers(data)) == (4, [1, 2])
        settled(data)
        store_reading(data, "Nieuw", victims.again)
        assert missed(data, "Nieuw") == 2
        assert link_state(data, "Nieuw") == "there"

    assert victims.at_every_moment("first", check) >= 25


def test_removing_a_school(victims):
    data = victims.data

    def check() -> None:
        whole = has_absences(data, "School")
        if whole:
            assert (numbers(data), missed(data), link_state(data, "School")) == ([1, 2], 4, "there")
            assert load_profile(data, "School") is not None
        else:
            assert stored_schools(data) == ()
        settled(data)
        assert has_absences(data, "School") == whole
        if not whole:
            assert [path.name for path in figures_root(data).iterdir()] == [".lock"]
            assert not key_path(data, school_folder(data, "School")).exists()
            assert [line["step"] for line in read_record(data)] == ["begins", "done"]
        store_reading(data, "School", victims.again)
        assert missed(data) == (3 if whole else 2)

    assert victims.at_every_moment("delete", check) >= 15


def test_removing_a_school_year(victims):
    data = victims.data

    def check() -> None:
        whole = numbers(data) == [1, 2]
        assert (numbers(data), missed(data)) in (([1, 2], 4), ([], 1))
        settled(data)
        assert (school_folder(data, "School") / "cards-room-all.json").exists() == whole
        assert link_state(data, "School") == "there"

    assert victims.at_every_moment("year", check) >= 10


@pytest.mark.parametrize(("task", "after", "count"), [("older", [2], 4), ("newest", [1], 3)])
def test_dropping_versions(victims, task, after, count):
    data = victims.data

    def check() -> None:
        assert (numbers(data), missed(data)) in (([1, 2], 4), (after, count))
        settled(data)
        assert (numbers(data), missed(data)) in (([1, 2], 4), (after, count))

    assert victims.at_every_moment(task, check) >= 10


def test_throwing_away_the_link(victims):
    data = victims.data

    def check() -> None:
        assert missed(data) == 4
        settled(data)
        assert link_state(data, "School") in ("there", "none")
        assert store_reading(data, "School", victims.again).changed

    assert victims.at_every_moment("link", check) >= 8


def test_choosing_a_day_and_saving_a_profile(victims):
    data = victims.data

    def check() -> None:
        assert {version.keep_until.year for version in stored_versions(data) if version.school_year == YEAR} <= {2027, 2030}
        profile = load_profile(data, "School")
        assert profile is not None
        assert profile.saved_on.year in (2026, 2030)
        settled(data)
        assert missed(data) == 4

    assert victims.at_every_moment("keep", check) >= 4
    assert victims.at_every_moment("profile", check) >= 4
