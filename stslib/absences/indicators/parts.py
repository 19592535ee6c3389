"""An indicator over one set of tables, or over several that each hold whole schools and whose numbers add up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stslib.absences.tables import Tables

    Parts = Tables | Iterable[Tables]


def each(parts: Parts) -> Iterable[Tables]:
    """The tables of *parts* one after the other; each is met once."""
    return parts if isinstance(parts, Iterable) else (parts,)
