"""A script that parses in a process of its own: its answer, and every way in which there is none."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import pytest

from stslib.guarded import sentences
from stslib.guarded.answer import RefusedError, read_answer
from stslib.guarded.limits import ProcessLimits
from stslib.guarded.parent import run_child

LIMITS = ProcessLimits(memory_bytes=1 << 29, cpu_seconds=5, wall_seconds_with_cpu_limit=20.0, wall_seconds=20.0)
ROOT = str(Path(sentences.__file__).resolve().parents[2])
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows limits no process this way")


def script(folder: Path, *body: str) -> Path:
    """A script whose parsing is *body*; ``content`` and ``job`` are what it gets."""
    lines = "\n".join(f"    {line}" for line in body)
    path = folder / "script.py"
    path.write_text(
        f"import sys\nsys.path.insert(0, {ROOT!r})\nfrom stslib.guarded.answer import RefusedError\n"
        f"from stslib.guarded.child import work\ndef parse(content, job):\n{lines}\nsys.exit(work(parse))\n",
        encoding="utf-8",
    )
    return path


def reason(path: Path, content: bytes = b"x", limits: ProcessLimits = LIMITS) -> str:
    with pytest.raises(RefusedError) as refused:
        run_child(path, {}, content, limits)
    return refused.value.reason


def test_a_job_comes_back_as_a_description_and_blocks(tmp_path: Path) -> None:
    parse = script(tmp_path, "return {'size': len(content), 'job': job}, [content[:3], b'', 'ë\\n'.encode()]")
    answer = run_child(parse, {"kind": "é"}, b"\x00\n\xffrest", LIMITS)
    assert answer.description == {"size": 7, "job": {"kind": "é"}}
    assert [bytes(block) for block in answer.blocks] == [b"\x00\n\xff", b"", "ë\n".encode()]


def test_a_refusal_comes_back_with_its_facts(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        run_child(script(tmp_path, "raise RefusedError('far_cell', rows=9, columns=2)"), {}, b"x", LIMITS)
    assert (refused.value.reason, refused.value.facts) == ("far_cell", {"rows": 9, "columns": 2})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise MemoryError", "memory"),
        ("raise ValueError('geheim')", "crash"),
        ("import os; os._exit(3)", "crash"),
        ("print('geheim'); sys.stdout.flush(); import os; os._exit(0)", "crash"),
        ("import os; os._exit(0)", "crash"),
        pytest.param("import os; os.abort()", "memory", marks=POSIX),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "time", marks=POSIX),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crash", marks=POSIX),
        pytest.param("return {'size': len(bytearray(1 << 30))}, []", "memory", marks=POSIX),
    ],
)
def test_a_process_without_an_answer_is_told_by_its_reason(tmp_path: Path, body: str, expected: str) -> None:
    assert reason(script(tmp_path, body)) == expected


@POSIX
def test_processor_time_is_limited(tmp_path: Path) -> None:
    assert reason(script(tmp_path, "while True: pass"), limits=LIMITS._replace(cpu_seconds=1)) == "time"


def test_time_on_the_wall_is_limited(tmp_path: Path) -> None:
    short = LIMITS._replace(wall_seconds_with_cpu_limit=0.4, wall_seconds=0.4)
    assert reason(script(tmp_path, "import threading; threading.Event().wait()"), limits=short) == "time"


def test_a_python_that_cannot_start_is_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert reason(script(tmp_path, "return {}, []")) == "crash"


def test_who_waits_can_stop_the_process(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(seconds: float) -> None:
        raise StoppedError(seconds)

    before = threading.active_count()
    with pytest.raises(StoppedError):
        run_child(script(tmp_path, "import threading; threading.Event().wait()"), {}, b"x", LIMITS, waiting=stop)
    assert threading.active_count() == before


def test_the_parser_of_workbooks_is_found_for_a_workbook_only(tmp_path: Path) -> None:
    parse = script(tmp_path, f"return {{'path': [p for p in sys.path if p != {ROOT!r}]}}, []")
    plain = set(run_child(parse, {}, b"a;b", LIMITS).description["path"])
    packed = set(run_child(parse, {}, b"PK", LIMITS).description["path"])
    assert packed - plain
    assert not any("site-packages" in entry for entry in plain)


CUT_SHORT = (31).to_bytes(8, "big") + b'{"description":0,"lengths":[9]}' + b"12345678"


@pytest.mark.parametrize(
    "written", [b"", b"short", bytes(8), b"\x00" * 7 + b"\x02[]", b"\xff" * 8 + b"{}", b"\x00" * 7 + b"\x01{", CUT_SHORT]
)
def test_what_is_no_answer_is_refused(written: bytes) -> None:
    with pytest.raises(RefusedError) as refused:
        read_answer(written)
    assert refused.value.reason == "crash"


# -- sentences -----------------------------------------------------------------------------------------------------

LEFT_TO_READER = {name: "Doe iets." for name in sentences.FACTS if name not in sentences.REMEDIES}


def test_every_kind_of_refusal_has_a_sentence_of_its_own() -> None:
    known = sentences.of_reader(LEFT_TO_READER)
    assert set(known) == set(sentences.FACTS)
    assert len({fact for fact, _ in known.values()}) == len(known)


def test_a_reader_must_say_what_to_do_about_every_kind() -> None:
    with pytest.raises(KeyError, match="own"):
        sentences.of_reader(LEFT_TO_READER, {"own": "Iets van deze lezer."})


def test_numbers_in_a_sentence_are_written_as_people_here_do() -> None:
    known = sentences.of_reader({**LEFT_TO_READER, "far_cell": "Weg ermee."}, {"far_cell": "Ver: {rows} in {where}."})
    refused = RefusedError("far_cell", rows=1_048_576, columns=2)
    assert sentences.told(refused, known, where="{blad}") == ("Ver: 1.048.576 in {blad}.", "Weg ermee.")


def test_a_kind_that_nobody_knows_is_told_as_a_crash() -> None:
    known = sentences.of_reader(LEFT_TO_READER)
    assert sentences.told(RefusedError("raar"), known) == known["crash"]


def test_a_file_that_is_too_large_is_told_with_both_sizes() -> None:
    known = sentences.of_reader(LEFT_TO_READER)
    fact, _ = sentences.told(sentences.too_large(5_240_000, 5_000_000, decimals=1), known)
    assert fact == "Het bestand is 5,2 MB groot; hier kan hoogstens 5 MB gelezen worden."


def test_what_the_process_imports_needs_no_packages() -> None:
    """The process runs without ``site``: only the parent's side may reach beyond the standard library and this room."""
    import subprocess

    program = (
        f"import sys; sys.path.insert(0, {ROOT!r})\n"
        "import stslib.guarded.child, stslib.guarded.text, stslib.guarded.workbook, json\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('stslib'))))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, check=True)
    assert set(json.loads(done.stdout)) == {
        "stslib",
        "stslib.guarded",
        *(f"stslib.guarded.{name}" for name in ("answer", "child", "limits", "text", "workbook")),
    }
