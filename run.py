"""Start or test the program from a fresh checkout: ``python3 run.py start`` and ``python3 run.py test``.

Needs Python 3.11 or newer and nothing else. A private environment is made in ``.venv`` from the pinned requirements, and
brought up to date when they change. Any other word is passed to the ``sts`` command: ``python3 run.py verify FILE``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "requirements.stamp"
RUNTIME, TEST = "requirements.txt", "requirements-test.txt"

OLD_PYTHON = """Dit programma heeft Python 3.11 of nieuwer nodig; dit is Python {found}.
(This program needs Python 3.11 or newer; this is Python {found}.)"""
NO_VENV = """Python mist hier het onderdeel om een eigen omgeving te maken. (This Python cannot make a virtual environment.)
  Debian, Ubuntu:  sudo apt-get install python3-venv
  Fedora:          sudo dnf install python3-pip
Probeer daarna opnieuw. (Then try again.)"""
NO_INSTALL = """Het installeren van de onderdelen is mislukt; hierboven staat waarom. De eerste start heeft internet nodig:
controleer de verbinding en probeer opnieuw. (Installing failed, see above; the first start needs an internet connection.)"""
NO_CHROMIUM = """Chromium ontbreekt: de proeven in de browser worden overgeslagen. (No Chromium: browser tests are skipped.)
  Debian, Ubuntu:  sudo apt-get install chromium
  macOS:           brew install --cask chromium
  Windows:         winget install Hibbiki.Chromium"""


def main(arguments: list[str]) -> int:
    """Prepare the environment, then do what was asked; the exit status of that."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older Python should read why it stops
        print(OLD_PYTHON.format(found=".".join(map(str, sys.version_info[:3]))), file=sys.stderr)
        return 1
    word, *rest = arguments or ["start"]
    status = prepare(TEST if word == "test" else RUNTIME)
    if status:
        return status
    if word == "test":
        return test(rest)
    if word == "start":
        rest = ["--demo", *rest]
    command = [str(PYTHON), "-m", "stslib", word, *rest]
    if os.name != "nt":
        os.execv(command[0], command)  # signals then reach the program itself
    return run(*command, cwd=None)


def prepare(wanted: str) -> int:
    """Make ``.venv`` hold *wanted* (the test requirements contain the others); 0 when it does."""
    python = f"python {sys.version}"
    names = [RUNTIME, TEST] if wanted == TEST else [RUNTIME]
    stamps = {name: f"{name} {hashlib.sha256((HERE / name).read_bytes()).hexdigest()}" for name in names}
    held = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.exists() and PYTHON.exists() else []
    if python not in held or stamps[wanted] not in held:
        print(f"De omgeving wordt klaargezet; dat duurt enkele minuten. (Installing {wanted}.)", file=sys.stderr, flush=True)
        # Without a stamp an earlier try was cut off: begin anew.
        if python not in held:
            shutil.rmtree(VENV, ignore_errors=True)
            if not (works(sys.executable, "-m", "venv", VENV) and works(PYTHON, "-m", "pip", "--version")):
                shutil.rmtree(VENV, ignore_errors=True)
                print(NO_VENV, file=sys.stderr)
                return 1
        STAMP.unlink(missing_ok=True)
        # PySpark (for the tests) comes as source alone, of Python and of Java that is compiled already.
        kinds = ("--only-binary", ":all:", "--no-binary", "pyspark")
        install = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", *kinds)
        if run(PYTHON, "-m", "pip", *install, "--requirement", HERE / wanted):
            print(NO_INSTALL, file=sys.stderr)
            return 1
        STAMP.write_text("\n".join([python, *stamps.values()]), encoding="utf-8")
    # A path file is all the installation that a checkout needs; it follows when the folder moves.
    packages = next(VENV.glob("Lib/site-packages" if os.name == "nt" else "lib/python3*/site-packages"))
    link = packages / "stslib-checkout.pth"
    if not link.exists() or link.read_text(encoding="utf-8") != f"{HERE}\n":
        link.write_text(f"{HERE}\n", encoding="utf-8")
    write_command()
    return 0


def write_command() -> None:
    """Put the ``sts`` command beside the environment's Python."""
    if os.name == "nt":
        command, text = PYTHON.with_name("sts.cmd"), '@"%~dp0python.exe" -m stslib %*\r\n'
    else:
        command, text = PYTHON.with_name("sts"), '#!/bin/sh\nexec "$(dirname "$0")/python" -m stslib "$@"\n'
    if not command.exists():
        command.write_text(text, encoding="utf-8", newline="")
        command.chmod(0o755)


def test(arguments: list[str]) -> int:
    """Run every check, or pytest alone with *arguments*; 0 when all passed."""
    install_chromium()
    if arguments:
        return run(PYTHON, "-m", "pytest", *arguments)
    with tempfile.TemporaryDirectory(prefix="sts_test_") as data:
        python: tuple[object, ...] = (PYTHON, "-m")
        # The notebooks are executed by kernels whose own warnings are no failures of ours.
        notebooks = (*python, "pytest", "--nbval-lax", "-o", "filterwarnings=default", "notebooks")
        checks: dict[str, tuple[object, ...]] = {
            "ruff check": (*python, "ruff", "check", "."),
            "ruff format": (*python, "ruff", "format", "--check", "."),
            "mypy": (*python, "mypy"),
            "lint-imports": (PYTHON.parent / "lint-imports",),
            # A file at a time per core: what the tests of one file share is made once.
            "pytest": (*python, "pytest", "-n", "auto", "--dist", "loadfile"),
            "notebooks": notebooks,
        }
        failed = [name for name, command in checks.items() if run(*command, STS_DATA=data)]
    print(f"Mislukt (failed): {', '.join(failed)}" if failed else "Alles geslaagd. (All checks passed.)", file=sys.stderr)
    return 1 if failed else 0


def install_chromium() -> None:
    """Install Chromium where it is missing and apt may do it; else say how to get it."""
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))):
        return
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    become = [] if is_root else ["sudo", "-n"]
    if shutil.which("apt-get") and (is_root or (shutil.which("sudo") and works("sudo", "-n", "true"))):
        run(*become, "apt-get", "update", "-qq")
        if run(*become, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core") == 0:
            return
    print(NO_CHROMIUM, file=sys.stderr)


def run(*command: object, cwd: Path | None = HERE, **environment: str) -> int:
    """Run (in the checkout) and wait; Ctrl-C reaches the program too, which ends in its own time."""
    process = subprocess.Popen([str(part) for part in command], cwd=cwd, env={**os.environ, **environment})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def works(*command: object) -> bool:
    """Whether a command exists and succeeds; what it prints is not shown."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
