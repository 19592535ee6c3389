"""A school's absence exports -> stored half days -> indicators."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Absences": "stslib.absences.analysis",
    "StoredVersion": "stslib.absences.dataset",
    "store_reading": "stslib.absences.dataset",
    "load_absences": "stslib.absences.dataset",
    "has_absences": "stslib.absences.dataset",
    "stored_versions": "stslib.absences.dataset",
    "drop_link": "stslib.absences.dataset",
    "Reading": "stslib.absences.reading.report",
    "ReadingReport": "stslib.absences.reading.report",
    "read_export": "stslib.absences.reading.export",
}
"""Public name -> module that defines it; resolved on first use, for a page kernel imports this package early."""

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'stslib.absences' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
