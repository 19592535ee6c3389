"""Every figure of the page under one choice of filters: counted beside the page, shown one by one as they come."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from stslib.apps.school_figures import beside
from stslib.errors import StsError
from stslib.forms.widgets.figures_page import FiguresPage


class FiguresShown:
    """Answers ``figures``; a later choice of filters takes the place of an earlier one.

    Args:
        data: the data folder.
        school: whose figures they are.
        parts: the figures of each part of the page, in order.
    """

    def __init__(self, data: Path, school: str, parts: Mapping[str, Sequence[str]]) -> None:
        self._data = data
        self._school = school
        self._parts = parts
        self._round: object = None
        self._work = threading.Lock()
        self.form: FiguresPage | None = None

    def ask(self, content: dict[str, Any], _: str) -> None:
        """Count the figures for the filters that the page has now, those of the open part first."""
        asked = content.get("filter")
        self._round = number = content.get("round")
        beside(self._count, number, dict(asked) if isinstance(asked, dict) else {}, str(content.get("first")))

    def _count(self, number: object, asked: dict[str, Any], first: str) -> None:
        from stslib.figures import asked_cards

        refused = ""
        with self._work:
            if number != self._round or self.form is None:
                return
            names = list(
                dict.fromkeys([*self._parts.get(first, ()), *(name for part in self._parts.values() for name in part)])
            )
            try:
                definitions = [defined(name, asked) for name in names]
                cards = asked_cards(self._data, self._school, definitions, policy="room", today=date.today())
                for place, (name, card) in enumerate(zip(names, cards, strict=False), 1):
                    if number != self._round:
                        cards.close()  # type: ignore[attr-defined]
                        return
                    told = card.model_dump(mode="json")
                    self.form.tell("card", round=number, figure=name, card=told, share=place / len(names))
            except StsError as error:
                refused = error.told
        self.form.tell("figures-done", round=number, refused=refused)


def defined(figure: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of *figure* under the filters of the page.

    Raises:
        DatasetError: a filter that cannot be read.
    """
    from stslib.figures.pins import BY_STATUS, define

    status = str(asked.get("status") or "") or None
    return define(
        figure, status=status if figure in BY_STATUS else None, school_year=str(asked.get("school_year") or "") or None
    )
