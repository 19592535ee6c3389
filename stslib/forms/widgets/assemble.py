"""One ES module out of several: what anywidget wants, without a build step.

Each ``.js`` file here is a true ES module that an editor and a type checker understand. A widget takes one text, and a module
that was loaded as text cannot import its neighbours, so they are joined: imports of neighbours go, ``export`` goes, and
the order follows need.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z_]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) )", re.MULTILINE)


@cache
def module(entry: str) -> str:
    """The text of *entry* with every neighbour it needs, as one module; only *entry* keeps its ``export default``."""
    texts: dict[str, str] = {}
    _collect(entry, texts)
    return "\n".join(texts.values())


def _collect(name: str, texts: dict[str, str]) -> None:
    if name in texts:
        return
    source = (_HERE / name).read_text(encoding="utf-8")
    for needed in _IMPORT.findall(source):
        _collect(needed, texts)
    texts[name] = _EXPORT.sub("", _IMPORT.sub("", source))


@cache
def style(*names: str) -> str:
    """Style sheets joined, the shared tokens first."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("tokens.css", *names))
