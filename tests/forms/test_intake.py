from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stslib.forms.widgets.intake import LEFTOVER_AGE, Intake, sweep


@pytest.fixture
def read_files() -> list[dict[str, bytes]]:
    return []


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = []
    monkeypatch.setattr(Intake, "send", lambda self, content, buffers=None: messages.append(content))
    return messages


@pytest.fixture
def bring(tmp_path: Path, read_files: list[dict[str, bytes]], told: list[dict[str, object]]) -> Callable[..., Intake]:
    """Brings files over as the page does, in pieces, and asks to read them."""

    def on_read(files: dict[str, Path], school_year: str) -> None:
        read_files.append({role: path.read_bytes() for role, path in files.items()})

    def run(name: str, *pieces: bytes, size: int | None = None, limit: int = 1000) -> Intake:
        intake = Intake(
            ["2025-2026"],
            "2025-2026",
            limit=limit,
            inbox=tmp_path / "incoming",
            on_read=on_read,
            on_decide=lambda keep: None,
            on_stop=lambda: None,
            on_status=lambda status: None,
        )
        total = sum(map(len, pieces)) if size is None else size
        intake._receive(None, {"kind": "file-begin", "role": "export", "name": name, "size": total}, [])
        for index, piece in enumerate(pieces):
            intake._receive(None, {"kind": "file-chunk", "role": "export", "index": index}, [memoryview(piece)])
        intake._receive(None, {"kind": "read", "school_year": "2025-2026"}, [])
        return intake

    return run


def test_a_file_that_comes_in_pieces_is_whole(bring: Callable[..., Intake], read_files: list[dict[str, bytes]]) -> None:
    bring("export.csv", b"leerling;", b"datum\n")
    assert read_files == [{"export": b"leerling;datum\n"}]


@pytest.mark.parametrize(
    "name", ["../../weg.csv", "/etc/passwd", "..\\..\\weg.csv", "con.csv\0.exe", "a" * 400 + ".csv", "..", ""]
)
def test_no_file_name_leads_out_of_the_inbox(bring: Callable[..., Intake], tmp_path: Path, name: str) -> None:
    bring(name, b"x")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert files[0].is_relative_to(tmp_path / "incoming")


def test_a_file_that_did_not_arrive_whole_is_told_and_removed(
    bring: Callable[..., Intake], told: list[dict[str, object]], read_files: list[dict[str, bytes]], tmp_path: Path
) -> None:
    bring("export.csv", b"half", size=9)
    assert read_files == []
    assert "niet volledig" in str(told[-1]["fact"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_page_that_lies_about_the_size_cannot_write_more_than_it_said(
    bring: Callable[..., Intake], read_files: list[dict[str, bytes]]
) -> None:
    bring("export.csv", b"1234", b"5678", size=4)
    assert read_files == [{"export": b"1234"}]


def test_a_file_over_the_limit_is_not_taken_in(
    bring: Callable[..., Intake], read_files: list[dict[str, bytes]], tmp_path: Path
) -> None:
    bring("export.csv", b"x" * 11, limit=10)
    assert read_files == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_page_left_behind_goes_and_what_is_in_use_stays(tmp_path: Path) -> None:
    old, fresh = tmp_path / "sts-oud", tmp_path / "sts-nu"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "export.csv").write_text("Naam")
    past = old.stat().st_mtime - LEFTOVER_AGE - 1
    os.utime(old, (past, past))
    sweep(tmp_path)
    assert (old.exists(), fresh.exists()) == (False, True)
