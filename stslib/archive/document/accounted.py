"""How the figures of an archive were counted, told once: what most of them share in one place, the rest beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from stslib.figures.wording import HIDDEN

View = dict[str, Any]

ASKED = ("Codes", "Periode", "Mogelijke halve dagen", "Leerlingen", "Niet meegeteld")
"""The labels of ``FigureCard.why`` that the account of an archive gives for every figure."""

_FEWEST = 3


def cards_in(view: Any) -> Iterator[View]:
    """Every figure with numbers inside *view*, pinned or counted, in the order in which the page shows them."""
    if isinstance(view, list):
        for one in view:
            yield from cards_in(one)
    elif isinstance(view, dict):
        if view.get("columns") and "counted_on" in view:
            yield view
        for one in view.values():
            yield from cards_in(one)


class Accounted:
    """What the figures of one archive have in common. Each card gets ``own``: the lines of its ``why`` that are not common."""

    def __init__(self) -> None:
        self._cards: list[tuple[str, View]] = []
        self.common: list[View] = []
        """``label``, ``text`` and ``for`` (at how many figures that line stands), in the order of the first figure."""

    def add(self, view: Any, place: str = "") -> None:
        """Take in the figures of a part of the archive."""
        self._cards += [(place, card) for card in cards_in(view) if card.get("why")]

    def share(self) -> None:
        """Tell apart what is common; once every part is in."""
        lines = [(line["label"], line["text"]) for _, card in self._cards for line in card["why"]]
        counts = Counter(lines)
        first = dict.fromkeys(label for label, _ in lines)
        most = (_most_told(label, counts) for label in first)
        common = {line: count for line, count in most if count >= _FEWEST}
        self.common = [{"label": label, "text": text, "for": count} for (label, text), count in common.items()]
        for _, card in self._cards:
            card["own"] = [line for line in card["why"] if (line["label"], line["text"]) not in common]

    @property
    def figures(self) -> int:
        """How many figures say how they were counted."""
        return len(self._cards)

    def rows(self) -> list[View]:
        """One row per figure: ``title``, ``place``, the ``lines`` of ``ASKED`` that are its own, and ``hidden``.

        The last one counts the cells that are not shown.
        """
        return [
            {
                "title": card["title"],
                "place": place,
                "lines": [line for line in card["own"] if line["label"] in ASKED],
                "hidden": _hidden(card["rows"]),
            }
            for place, card in self._cards
        ]


def _most_told(label: str, counts: Counter[tuple[str, str]]) -> tuple[tuple[str, str], int]:
    return max(((line, count) for line, count in counts.items() if line[0] == label), key=lambda one: one[1])


def _hidden(rows: Iterable[Sequence[str]]) -> int:
    return sum(cell == HIDDEN for row in rows for cell in row[1:])
