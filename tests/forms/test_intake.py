from __future__ import annotations

import os
from pathlib import Path

import pytest

from stslib.forms.widgets.intake import LEFTOVER_AGE, Inbox, sweep


def bring(inbox: Inbox, name: str, *pieces: bytes, size: int | None = None, role: str = "export") -> Inbox:
    """Bring a file over as the page does, in pieces."""
    inbox.begin(role, name, sum(map(len, pieces)) if size is None else size)
    for piece in pieces:
        inbox.take(role, [memoryview(piece)])
    return inbox


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "incoming", limit=1000)


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_that_comes_in_pieces_is_whole(inbox: Inbox) -> None:
    files = bring(inbox, "export.csv", b"leerling;", b"datum\n").files()
    assert files is not None
    assert files["export"].read_bytes() == b"leerling;datum\n"


@pytest.mark.parametrize(
    "name", ["../../weg.csv", "/etc/passwd", "..\\..\\weg.csv", "con.csv\0.exe", "a" * 400 + ".csv", "..", ""]
)
def test_no_file_name_leads_out_of_the_inbox(inbox: Inbox, tmp_path: Path, name: str) -> None:
    bring(inbox, name, b"x")
    (file,) = left(tmp_path)
    assert file.is_relative_to(tmp_path / "incoming")


def test_a_file_that_did_not_arrive_whole_is_no_file_yet(inbox: Inbox) -> None:
    assert bring(inbox, "export.csv", b"half", size=9).files() is None


def test_a_companion_without_an_export_is_nothing_to_read(inbox: Inbox) -> None:
    assert bring(inbox, "klassen.csv", b"klas", role="classes").files() is None


def test_a_page_that_lies_about_the_size_cannot_write_more_than_it_said(inbox: Inbox) -> None:
    files = bring(inbox, "export.csv", b"1234", b"5678", size=4).files()
    assert files is not None
    assert files["export"].read_bytes() == b"1234"


@pytest.mark.parametrize("size", [0, -1, 1001])
def test_a_file_of_no_size_or_over_the_limit_is_not_taken_in(inbox: Inbox, tmp_path: Path, size: int) -> None:
    bring(inbox, "export.csv", b"x" * 11, size=size)
    assert left(tmp_path) == []


def test_another_file_of_the_same_role_takes_the_place_of_the_first(inbox: Inbox, tmp_path: Path) -> None:
    bring(inbox, "eerste.csv", b"1")
    files = bring(inbox, "tweede.csv", b"2").files()
    assert files is not None
    assert left(tmp_path) == [files["export"]]


def test_what_is_forgotten_leaves_nothing_behind_and_the_next_file_is_taken_in(inbox: Inbox, tmp_path: Path) -> None:
    bring(inbox, "export.csv", b"1")
    bring(inbox, "klassen.csv", b"2", role="classes")
    inbox.forget("classes")
    assert [path.name for path in left(tmp_path)] == ["export.csv"]
    inbox.forget()
    assert list((tmp_path / "incoming").iterdir()) == []
    assert bring(inbox, "export.csv", b"3").files() is not None


def test_a_folder_that_was_removed_from_under_the_page_is_told_as_no_files(inbox: Inbox) -> None:
    bring(inbox, "export.csv", b"1")
    place = inbox.place
    assert place is not None
    for path in left(place):
        path.unlink()
    assert inbox.files() is None


def test_what_a_killed_page_left_behind_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    old, fresh = tmp_path / "sts-oud", tmp_path / "sts-nu"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "export.csv").write_text("Naam")
    past = old.stat().st_mtime - LEFTOVER_AGE - 1
    os.utime(old, (past, past))
    sweep(tmp_path)
    assert (old.exists(), fresh.exists()) == (False, True)
