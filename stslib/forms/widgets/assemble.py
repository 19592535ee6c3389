"""One ES module out of several: what anywidget wants, without a build step.

Each ``.js`` file here and in the folders below is a true ES module that an editor and a type checker understand. A widget takes
one text, and a module that was loaded as text cannot import its neighbours, so they are joined: imports of neighbours go,
``export`` goes, and the order follows need.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[a-z_./]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) )", re.MULTILINE)


@cache
def module(entry: str) -> str:
    """The text of *entry* with every neighbour it needs, as one module; only *entry* keeps its ``export default``."""
    texts: dict[Path, str] = {}
    _collect(_HERE / entry, texts)
    return "\n".join(texts.values())


def _collect(path: Path, texts: dict[Path, str]) -> None:
    if path in texts:
        return
    source = path.read_text(encoding="utf-8")
    for needed in _IMPORT.findall(source):
        _collect((path.parent / needed).resolve(), texts)
    texts[path] = _EXPORT.sub("", _IMPORT.sub("", source))


@cache
def style(*names: str) -> str:
    """Style sheets joined, the shared tokens first."""
    return "\n".join((_HERE / "styles" / name).read_text(encoding="utf-8") for name in ("tokens.css", *names))
