"""A school's absence exports -> stored half days -> indicators."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Absences": "stslib.absences.analysis",
    "StoredVersion": "stslib.absences.stored.versions",
    "store_reading": "stslib.absences.stored.storing",
    "load_absences": "stslib.absences.stored.load",
    "has_absences": "stslib.absences.stored.versions",
    "stored_versions": "stslib.absences.stored.versions",
    "drop_link": "stslib.absences.stored.removal",
    "drop_versions": "stslib.absences.stored.removal",
    "set_keep_until": "stslib.absences.stored.overview",
    "overdue": "stslib.absences.stored.overview",
    "Profile": "stslib.absences.stored.profiles",
    "save_profile": "stslib.absences.stored.profiles",
    "load_profile": "stslib.absences.stored.profiles",
    "Reading": "stslib.absences.reading.report",
    "ReadingReport": "stslib.absences.reading.report",
    "read_export": "stslib.absences.reading.export",
    "preview_export": "stslib.absences.reading.preview",
    "propose_years": "stslib.absences.reading.years",
    "reconcile": "stslib.absences.reading.reconcile",
    "write_rejected": "stslib.absences.reading.give_back",
    "SchoolYearFacts": "stslib.absences.tables",
}
"""Public name -> module that defines it; resolved on first use, for a page kernel imports this package early."""

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'stslib.absences' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)
