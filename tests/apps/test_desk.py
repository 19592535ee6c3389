from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from support.running import is_running, until

from stslib.apps.desk import Desk

LOST = {"kind": "refused", "fact": "weg"}

CHILD = """
import sys, time
sys.path.insert(0, {root!r})
from stslib.apps.desk_child import serve

class Worker:
    def __init__(self, data, school, tell):
        self.tell, self.school = tell, school
    def do(self, command):
        if command["kind"] == "die":
            import os
            os._exit(3)
        if command["kind"] == "wait":
            self.tell("progress", share=0.1)
            time.sleep(600)
        self.tell("done", school=self.school, said=command.get("said"))

raise SystemExit(serve(Worker))
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import stslib

    root = Path(stslib.__file__).resolve().parent.parent
    (tmp_path / "proefwerker.py").write_text(CHILD.format(root=str(root)), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    answers: Queue[dict[str, Any]] = Queue()
    made = Desk("proefwerker", tmp_path, "Campus Proef", answers.put, lost=LOST)
    yield made, answers
    made.stop()


def test_each_command_is_answered_by_one_process_that_knows_the_school(desk) -> None:
    made, answers = desk
    made.ask({"kind": "say", "said": "één"})
    first = made._process.pid
    assert answers.get(timeout=30) == {"kind": "done", "school": "Campus Proef", "said": "één"}
    made.ask({"kind": "say"})
    assert answers.get(timeout=30)["kind"] == "done"
    assert made._process.pid == first


def test_a_process_that_dies_over_a_command_is_told_and_the_next_command_gets_a_new_one(desk) -> None:
    made, answers = desk
    made.ask({"kind": "die"})
    assert answers.get(timeout=30) == LOST
    made.ask({"kind": "say"})
    assert answers.get(timeout=30)["kind"] == "done"


def test_stopping_ends_the_process_at_once_and_tells_nothing_more(desk) -> None:
    made, answers = desk
    made.ask({"kind": "wait"})
    assert answers.get(timeout=30)["kind"] == "progress"
    process = made._process
    made.stop()
    assert process.poll() is not None
    made.ask({"kind": "say"})
    assert answers.get(timeout=30)["kind"] == "done"
    assert answers.empty()


def test_a_page_that_is_gone_takes_the_process_and_its_files_along(desk, tmp_path: Path) -> None:
    made, answers = desk
    place = tmp_path / "sts-bestanden"
    place.mkdir()
    (place / "export.csv").write_text("Naam", encoding="utf-8")
    made.ask({"kind": "say", "place": str(place)})
    answers.get(timeout=30)
    process = made._process
    process.stdin.close()  # what the system does when the kernel is killed
    until(lambda: not is_running(process.pid))
    assert not place.exists()


def test_the_processes_of_the_page_start_as_modules() -> None:
    for module in ("stslib.apps.reading_child", "stslib.apps.pupils_child"):
        code = f"import importlib; importlib.import_module({module!r})"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
