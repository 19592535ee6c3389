"""Dialogue instruments on school absence, with the school's own figures beside the questions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "read_absences": "stslib.figures.library",
    "load_absences": "stslib.figures.library",
    "stored_schools": "stslib.figures.library",
    "Absences": "stslib.absences",
    "load_instrument": "stslib.content",
    "open_session": "stslib.apps.sessions",
    "StsError": "stslib.errors",
}
"""Public name -> module that defines it; resolved on first use, so that ``import stslib`` stays light."""

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'stslib' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
