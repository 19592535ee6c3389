"""Which notebooks are pages: the ones that say so in their own metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.errors import ServerError

_ROUTE = re.compile(r"[a-z][a-z0-9_-]{0,40}")


@dataclass(frozen=True)
class App:
    """One notebook that is served as a page.

    ``name`` is the file name without its ending and the route; ``title`` and ``intro`` stand on the page before a kernel
    answers; ``pool`` is how many kernels wait for a visitor, and ``turn`` which page's kernels are started first.
    """

    name: str
    notebook: Path
    title: str
    intro: str
    pool: int
    turn: int = 0


def list_apps(notebooks: Path) -> tuple[App, ...]:
    """Every ``*.ipynb`` directly in *notebooks* whose metadata hold ``"sts": {"app": true, "title": ..., "intro": ...}``.

    Args:
        notebooks: a folder; subfolders are not looked into.

    Returns:
        The apps in their turn, then by name. A notebook without the mark (one for JupyterLab only) is left out.

    Raises:
        ServerError: a notebook cannot be read, carries the mark without a title, or has a name that cannot be a route.
    """
    found = []
    for path in sorted(notebooks.glob("*.ipynb")):
        try:
            metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
        except (OSError, ValueError, AttributeError):
            raise ServerError(path.name, "Dit notebook is niet leesbaar.", "Zet het oorspronkelijke bestand terug.") from None
        mark = metadata.get("sts")
        if isinstance(mark, Mapping) and mark.get("app") is True:
            found.append(_app(path, mark))
    return tuple(sorted(found, key=lambda app: app.turn))


def _app(path: Path, mark: Mapping[str, Any]) -> App:
    if not _ROUTE.fullmatch(path.stem):
        raise ServerError(
            path.name,
            "Deze naam kan geen adres van een pagina zijn.",
            "Gebruik kleine letters, cijfers, '-' en '_', te beginnen met een letter.",
        )
    title = mark.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ServerError(path.name, "De pagina heeft geen titel.", "Zet 'title' onder 'sts' in de metadata van het notebook.")
    pool = mark.get("pool", 1)
    turn = mark.get("turn", 0)
    return App(
        path.stem,
        path,
        title,
        str(mark.get("intro", "")),
        pool if isinstance(pool, int) and pool >= 0 else 1,
        turn if isinstance(turn, int) else 0,
    )
