"""Whatever happens to the real files: a list of faults or a sound instrument, never another error."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.content import check_content
from stslib.content.instruments import read_instrument
from stslib.content.sources import read_sources

CONTENT = Path(__file__).parents[2] / "content"
NAMES = sorted(path.relative_to(CONTENT).as_posix() for path in CONTENT.rglob("*.yaml"))
PIECES = [
    "",
    ":",
    ": ",
    "- ",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "!x ",
    "'",
    '"',
    ">-",
    "#",
    "null",
    "\x00",
    "é",
    "\x85",
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutations") / "content"
    shutil.copytree(CONTENT, folder)
    return folder


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(NAMES),
    where=st.floats(0, 1),
    length=st.integers(0, 80),
    piece=st.sampled_from(PIECES) | st.text(max_size=8) | st.binary(max_size=8),
)
def test_a_file_with_a_piece_replaced_is_read_or_explained(
    copy: Path, name: str, where: float, length: int, piece: str | bytes
) -> None:
    path = copy / name
    original = (CONTENT / name).read_bytes()
    start = int(where * len(original))
    new = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
    path.write_bytes(original[:start] + new + original[start + length :])
    try:
        report = check_content(copy)
        loaded = read_instrument(copy, "preventieplan", read_sources(copy))
    finally:
        path.write_bytes(original)
    assert all(finding.place.startswith("content/") and finding.fact and finding.remedy for finding in report.findings)
    if report.sound:
        assert loaded.instrument is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), lines=st.lists(st.floats(0, 1), min_size=1, max_size=6), data=st.data())
def test_a_file_with_lines_lost_doubled_or_moved_is_read_or_explained(
    copy: Path, name: str, lines: list[float], data: st.DataObject
) -> None:
    path = copy / name
    original = (CONTENT / name).read_text("utf-8")
    text = original.splitlines()
    for where in lines:
        index = int(where * (len(text) - 1))
        task = data.draw(st.sampled_from(("lose", "double", "indent", "swap")))
        if task == "lose" and len(text) > 1:
            del text[index]
        elif task == "double":
            text.insert(index, text[index])
        elif task == "indent":
            text[index] = "  " + text[index]
        elif index:
            text[index - 1], text[index] = text[index], text[index - 1]
    path.write_text("\n".join(text), "utf-8")
    try:
        report = check_content(copy)
    finally:
        path.write_text(original, "utf-8")
    assert all(finding.place.startswith("content/") for finding in report.findings)
