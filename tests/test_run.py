"""The two commands of a fresh checkout, as far as they can be tried without installing anything."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="stands in for an environment as it looks on Linux and macOS")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py on a checkout that holds nothing but requirements."""
    specification = importlib.util.spec_from_file_location("run_under_test", ROOT / "run.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    for name in (module.RUNTIME, module.TEST):
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "requirements.stamp")
    return module


class Machine:
    """Stands in for the commands that run.py gives: remembers them, and makes an environment of empty files."""

    def __init__(self, run: ModuleType, *, venv: bool = True, pip: int = 0) -> None:
        self.run_module, self.venv, self.pip = run, venv, pip
        self.made = self.installed = 0

    def works(self, *command: object) -> bool:
        if "venv" in command and self.venv:
            self.made += 1
            for folder in ("bin", "lib/python3.11/site-packages"):
                (self.run_module.VENV / folder).mkdir(parents=True)
            self.run_module.PYTHON.touch()
        return self.venv

    def run(self, *command: object, **_: object) -> int:
        self.installed += "install" in command
        return self.pip


def on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(machine.run_module, "works", machine.works)
    monkeypatch.setattr(machine.run_module, "run", machine.run)
    return machine


def test_an_old_python_is_told_what_it_needs(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert run.main(["start"]) == 1
    told = capsys.readouterr().err
    assert "Python 3.11 of nieuwer" in told
    assert "3.10.4" in told


def test_without_venv_the_line_to_install_it_is_told_and_nothing_is_left(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on(Machine(run, venv=False), monkeypatch)
    assert run.prepare(run.RUNTIME) == 1
    assert "apt-get install python3-venv" in capsys.readouterr().err
    assert not run.VENV.exists()


def test_the_second_time_nothing_is_installed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = on(Machine(run), monkeypatch)
    assert run.prepare(run.RUNTIME) == 0
    assert run.prepare(run.RUNTIME) == 0
    assert (machine.made, machine.installed) == (1, 1)


def test_the_test_environment_serves_to_start_too(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = on(Machine(run), monkeypatch)
    run.prepare(run.TEST)
    run.prepare(run.RUNTIME)
    assert machine.installed == 1


def test_changed_requirements_are_installed_into_the_same_environment(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = on(Machine(run), monkeypatch)
    run.prepare(run.RUNTIME)
    (run.HERE / run.RUNTIME).write_text("changed", encoding="utf-8")
    run.prepare(run.RUNTIME)
    assert (machine.made, machine.installed) == (1, 2)


def test_an_environment_that_was_cut_off_is_made_anew(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = on(Machine(run, pip=1), monkeypatch)
    assert run.prepare(run.RUNTIME) == 1
    half = run.VENV / "half"
    half.touch()
    machine.pip = 0
    assert run.prepare(run.RUNTIME) == 0
    assert machine.made == 2
    assert not half.exists()


def test_a_folder_that_moved_is_found_again(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    on(Machine(run), monkeypatch)
    run.prepare(run.RUNTIME)
    link = next(run.VENV.rglob("*.pth"))
    link.write_text("elsewhere\n", encoding="utf-8")
    run.prepare(run.RUNTIME)
    assert link.read_text(encoding="utf-8") == f"{run.HERE}\n"
