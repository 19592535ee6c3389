"""Rules that hold for the repository as a whole."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

KNOWN_HOLES = {
    "voila": "0.5.13",
    "nbconvert": "7.17.2",
    "jupyter-server": "2.21.0",
    "jupyterlab": "4.6.2",
    "mistune": "3.3.4",
    "tornado": "6.5.8",
    "jupyter-core": "5.8.1",
    "pillow": "12.3.0",
    "cryptography": "46.0.7",
    "duckdb": "1.4.2",
}
"""Package -> the first version without a hole that is known."""

# Spelled in parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "conda" + ".anaconda",
    "index" + "-url",
    "find" + "-links",
]
MACHINE_PATHS = ["/" + "work/", "/" + "root/", "/" + "opt/wheels", "/" + "home/", "C:" + "\\Users"]


@cache
def tracked_texts() -> dict[str, str]:
    """Every text file that is, or is about to be, committed."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        skipped = {".venv", ".git", "node_modules"}
        listed = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts)]
    texts = {}
    for name in listed:
        try:
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return texts


def lines_with(words: list[str], texts: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if any(word.lower() in line.lower() for word in words)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert lines_with(REGISTRIES, tracked_texts()) == []


def test_no_file_holds_a_path_of_somebody_s_machine() -> None:
    assert lines_with(MACHINE_PATHS, tracked_texts()) == []


def test_no_file_holds_a_secret_or_what_a_school_brought() -> None:
    names = tracked_texts().keys()
    assert not [name for name in names if name.endswith(("server.secret", ".sqlite", ".parquet", ".xlsx", ".env"))]
    assert [name for name in names if name.startswith("exports/")] in ([], ["exports/README.md"])


def requirement_blocks(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    blocks = requirement_blocks(path)
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+( ;[^\\]*)?\s+--hash=sha256:[0-9a-f]{64}", block), block.split()[0]
    assert "://" not in path.read_text(encoding="utf-8")


def pins(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for block in requirement_blocks(path):
        name, _, rest = block.partition("==")
        found.setdefault(name, set()).add(rest.split()[0])
    return found


def test_the_test_requirements_contain_the_others_unchanged() -> None:
    test = pins(ROOT / "requirements-test.txt")
    assert {name: test.get(name) for name in pins(ROOT / "requirements.txt")} == pins(ROOT / "requirements.txt")


@pytest.mark.parametrize("package", KNOWN_HOLES)
def test_no_pinned_or_installed_package_has_a_known_hole(package: str) -> None:
    first_whole = Version(KNOWN_HOLES[package])
    for path in REQUIREMENTS:
        for pinned in pins(path).get(package, set()):
            assert Version(pinned) >= first_whole, path.name
    try:
        installed = version(package)
    except PackageNotFoundError:
        return
    assert Version(installed) >= first_whole


def test_every_direct_dependency_is_pinned() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.match(r"[A-Za-z0-9._-]+", each)[0].lower() for each in project["dependencies"]}  # type: ignore[index]
    assert named - pins(ROOT / "requirements.txt").keys() == set()
    tested = {re.match(r"[A-Za-z0-9._-]+", each)[0].lower() for each in project["optional-dependencies"]["test"]}  # type: ignore[index]
    assert tested - pins(ROOT / "requirements-test.txt").keys() == set()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    assert "widgets" not in notebook["metadata"]


@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path.stem != "verkennen"], ids=lambda path: path.name)
def test_a_notebook_only_calls(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert 1 <= len(sources) <= 7
    for source in sources:
        assert not re.search(r"^\s*(async\s+)?(def|class|for|while|with|try)\b", source, re.MULTILINE), source
        assert len(source.splitlines()) <= 12


def test_every_app_has_a_title_and_an_intro() -> None:
    from stslib.server.apps import list_apps

    apps = list_apps(ROOT / "notebooks")
    assert {"start", "preventieplan"} <= {app.name for app in apps}
    assert all(app.intro for app in apps)
