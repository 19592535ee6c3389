"""Where an item of the content comes from."""

from __future__ import annotations

from stslib.model.base import Frozen


class Source(Frozen):
    """Which source document, and where in it, an item goes back to (``bron`` in YAML)."""

    document: str
    part: str
