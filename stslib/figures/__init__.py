"""An indicator -> a figure card: sentence, picture, table, explanation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stslib.content import FIGURE_IDS

if TYPE_CHECKING:
    from stslib.figures.asked import asked_cards as asked_cards
    from stslib.figures.asked import choices_of as choices_of
    from stslib.figures.cards import card_for as card_for
    from stslib.figures.cards import figure_cards as figure_cards
    from stslib.figures.groups import group_choices as group_choices
    from stslib.figures.library import load_absences as load_absences
    from stslib.figures.library import read_absences as read_absences

_LAZY = {
    "asked_cards": "asked",
    "card_for": "cards",
    "choices_of": "asked",
    "figure_cards": "cards",
    "group_choices": "groups",
    "load_absences": "library",
    "read_absences": "library",
}

__all__ = ["FIGURE_IDS", *_LAZY]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'stslib.figures' has no attribute {name!r}")
    return getattr(import_module(f"stslib.figures.{_LAZY[name]}"), name)
