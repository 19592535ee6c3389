"""Whatever happens to the real files: a list of faults or a sound instrument, never another error."""

from __future__ import annotations

import copy as copying
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
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


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        loaded = read_instrument(copy, name.split("/")[0] if "/" in name else "school", read_sources(copy))
    finally:
        path.write_bytes(original)
    assert all(finding.place.startswith("content/") and finding.fact and finding.remedy for finding in report.findings)
    if report.sound:
        assert loaded.instrument is not None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


ODD = st.sampled_from(
    [None, "", "x", "ja", "keuze", "focus", "rijen", [], {}, ["x"], [[]], [None], {"id": "x"}, {"soort": "focus"}, "removed"]
)
"""What may stand where a form asks for something else."""


def places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in *data*."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield (*above, key)
        yield from places(child, (*above, key))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_that_becomes_something_else_is_read_or_explained(make_rich: Callable[..., Path], data: st.DataObject) -> None:
    folder = make_rich()
    name = data.draw(st.sampled_from(["rijk/instrument.yaml", "rijk/vooraf.yaml", "rijk/kern.yaml", "bronnen.yaml"]))
    whole = copying.deepcopy(yaml.load((folder / name).read_text("utf-8"), Loader=yaml.BaseLoader))
    for _ in range(data.draw(st.integers(1, 3))):
        everywhere = list(places(whole))
        if not everywhere:
            break
        *above, last = data.draw(st.sampled_from(everywhere))
        group = whole
        for key in above:
            group = group[key]
        task = data.draw(st.sampled_from(("replace", "lose", "double")))
        if task == "replace":
            group[last] = copying.deepcopy(data.draw(ODD))
        elif task == "lose":
            del group[last]
        elif isinstance(group, list):
            group.append(copying.deepcopy(group[last]))
    (folder / name).write_text(yaml.safe_dump(whole, allow_unicode=True), "utf-8")
    report = check_content(folder)
    loaded = read_instrument(folder, "rijk", read_sources(folder))
    assert all(finding.place.startswith("content/") and finding.fact and finding.remedy for finding in report.findings)
    assert (loaded.instrument is None) == (not report.sound)
