"""The school's own figures in an archive: all counted under the rule for records, each shown once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import JsonValue

from stslib.archive.document.plain import png, shown
from stslib.errors import DatasetError, StsError
from stslib.model.figure import FigureCard
from stslib.text import format_date

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences
    from stslib.absences.disclosure import Why

POLICY: Final = "record"
"""The disclosure policy of every figure that goes into an archive."""

_NONE_STORED = "Voor deze school zijn geen afwezigheidscijfers ingelezen; daarom staan er geen cijfers in dit archief."

View = dict[str, Any]

_NO_CARD: View = {"id": "", "alt": "", "png": "", "columns": [], "rows": [], "why": [], "counted_on": ""}


def is_card(value: View) -> bool:
    """Whether part of an archive is a figure that was counted for it."""
    return _NO_CARD.keys() <= value.keys()


class Counted:
    """The figures of one school for one archive. Whatever is wrong with them, the archive is made, and says what is missing.

    Args:
        data: the data folder.
        school: the name its half days were stored under.
        today: the day that stands on each card.
    """

    tells_why = False
    """Whether a card says why it hides what it hides (``hidden_why``): for a preview alone, as readers could reckon with it."""

    def __init__(self, data: Path, school: str, today: date) -> None:
        self._data = data
        self._school = school
        self._today = today
        self._cards: dict[str, View] = {}
        self._loaded: Absences | None = None
        self.used = 0
        """How many figures were counted."""
        self.problem = ""
        """What the archive says about figures that are not in it; empty when nothing is missing."""

    def count(self, wanted: Sequence[str]) -> None:
        """Count the figures that stand beside sections, all in one go, so that no table gives away what another hides."""
        if not wanted or not self._stored():
            self.problem = _NONE_STORED
            return
        try:
            from stslib.figures import figure_cards

            cards = figure_cards(self._absences(), wanted, policy=POLICY, today=self._today)
            while card := self._told(lambda: next(cards, None)):
                self._cards[card["id"]] = card
        except Exception as error:  # the meeting's answers matter more than a figure; a pupil's data may be in the text
            self._missed(error)
        self.used += len(self._cards)

    def beside(self, ids: Iterable[str]) -> list[View]:
        """The figures of a section, but for those that stood beside an earlier one."""
        return [self._cards.pop(identity) for identity in ids if identity in self._cards]

    def asked(self, figure: str, **parts: str) -> View | None:
        """A figure about one group: the reach of a focus, the indicator since the plan began. Parts as for ``pins.define``.

        Returns:
            The card; with no columns, and with the reason as its title, where it cannot be counted; None without figures.
        """
        if not self._stored():
            return None
        try:
            from stslib.figures.pins import define

            definition = define(figure, policy=POLICY, **dict[str, Any](parts))
        except DatasetError as error:
            return {**_NO_CARD, "title": shown(error.fact)}
        return self.again(definition)

    def again(self, definition: Mapping[str, JsonValue]) -> View | None:
        """A figure that was pinned, counted again under the rule for records; None when that cannot be done."""
        if not self._stored():
            return None
        try:
            from stslib.figures import card_for

            card = self._told(lambda: card_for(self._absences(), definition, policy=POLICY, today=self._today))
        except Exception as error:
            self._missed(error)
            return None
        self.used += 1
        return card

    def _told(self, count: Callable[[], FigureCard | None]) -> View | None:
        """What *count* gives as plain data, with why it hides what it hides where that is asked; None when it gives nothing."""
        absences = self._absences()
        absences.hidden_for.clear()
        card = count()
        if card is None:
            return None
        told = {"hidden_why": _reasons(absences.hidden_for)} if self.tells_why else {}
        return {**card_view(card), **told}

    def _absences(self) -> Absences:
        if self._loaded is None:
            from stslib.figures.cards import announced
            from stslib.figures.library import load_absences

            self._loaded = announced(load_absences(self._school, self._data), self._definitions())
        return self._loaded

    def _definitions(self) -> Iterator[Mapping[str, JsonValue]]:
        """What was ever pinned or followed at this school: the periods of it must be known before anything is counted.

        Of all its trajectories, so that two archives of the same half days cut the year alike.
        """
        from stslib.figures.pins import SINCE, define
        from stslib.store import open_journal
        from stslib.text import parse_typed_date

        with open_journal(self._data) as journal:
            sessions = [
                journal.current(session.id)
                for trajectory in journal.trajectories()
                if trajectory.school == self._school
                for session in journal.sessions(trajectory.id)
            ]
        for current in sessions:
            for (item, field), entry in current.items():
                if field == "definition" and isinstance(entry.value, dict):
                    yield entry.value
                elif field == "since" and isinstance(entry.value, str) and parse_typed_date(entry.value):
                    names = ("measure", "dimension", "value")
                    parts = {name: str(current[item, name].value or "") for name in names if (item, name) in current}
                    with suppress(DatasetError):
                        yield define(SINCE, start=entry.value, policy=POLICY, **dict[str, Any](parts))

    def _stored(self) -> bool:
        if not (self._data / "absences").is_dir():
            return False
        try:
            from stslib.absences import has_absences

            return bool(has_absences(self._data, self._school))
        except Exception as error:
            self._missed(error)
            return False

    def _missed(self, error: Exception) -> None:
        told = error.fact if isinstance(error, StsError) else f"({type(error).__name__})."
        self.problem = f"De cijfers van de school konden niet (allemaal) geteld worden. {told}"


def group_label(dimension: str, value: str) -> str:
    """A group of pupils in words, as ``2e graad``."""
    try:
        from stslib.figures.groups import Group

        return shown(Group(dimension or "school", value).label)
    except Exception:  # a label may never stop an archive
        return shown(value)


def _reasons(found: Collection[Why]) -> list[str]:
    """Why numbers are hidden, in short Dutch words; a dash that no rule set stands for a number that cannot be told."""
    from stslib.absences.disclosure import Why

    words = {
        Why.SMALL_GROUP: "kleine groep",
        Why.SMALL_NUMBER: "een getal van 1 tot 4",
        Why.FOLLOWS: "zou uit een ander getal volgen",
    }
    return [words[why] for why in Why if why in found] or ["niet te bepalen"]


def card_view(card: FigureCard) -> View:
    """A card as plain data for the template."""
    return {
        "id": card.id,
        "title": card.title,
        "alt": card.alt,
        "png": png(card.png) if card.png else "",
        "columns": list(card.columns),
        "rows": [list(row) for row in card.rows],
        "why": [{"label": line.label, "text": line.text} for line in card.why],
        "counted_on": format_date(card.counted_on),
    }
