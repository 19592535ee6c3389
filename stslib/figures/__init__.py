"""An indicator -> a figure card: sentence, picture, table, explanation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stslib.content import FIGURE_IDS

if TYPE_CHECKING:
    from stslib.figures.cards import figure_cards as figure_cards
    from stslib.figures.library import load_absences as load_absences
    from stslib.figures.library import read_absences as read_absences

_LAZY = {"figure_cards": "cards", "read_absences": "library", "load_absences": "library"}

__all__ = ["FIGURE_IDS", "figure_cards", "load_absences", "read_absences"]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'stslib.figures' has no attribute {name!r}")
    return getattr(import_module(f"stslib.figures.{_LAZY[name]}"), name)
