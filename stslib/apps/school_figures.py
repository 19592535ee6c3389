"""A school's figures on a page: the cards beside the questions, the ones that a person asks for, and pinning them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.figures_page import FiguresPage
from stslib.forms.widgets.session_form import SessionForm
from stslib.model.figure import FigureCard
from stslib.model.session import PIN_PREFIX, Change

if TYPE_CHECKING:
    from stslib.figures.frames import Policy


def beside(work: Callable[..., None], *arguments: object) -> None:
    """Do long work in a thread, so that the page stays awake; it ends with the page."""
    threading.Thread(target=work, args=arguments, daemon=True).start()


class SchoolFigures:
    """Shows and pins one school's figures on one page; ``form`` is that page, once it is there."""

    def __init__(self, state: FormState, data: Path) -> None:
        self._state = state
        self._school = state.trajectory.school
        self._data = data
        self._asked: dict[str, dict[str, Any]] = {}
        self._work = threading.Lock()
        self.form: SessionForm | FiguresPage | None = None

    def start(self) -> None:
        """Begin to draw what is stored already, beside the questions it bears on."""
        beside(self._show)

    def _show(self) -> None:
        from stslib.absences import has_absences
        from stslib.figures import choices_of
        from stslib.figures.kept import kept_cards

        form = self.form
        if not isinstance(form, SessionForm):
            return
        with self._work:
            form.stored = has_absences(self._data, self._school)
            if not form.stored:
                return
            ids = list(dict.fromkeys(name for section in self._state.instrument.sections() for name in section.figures))
            cards: list[FigureCard] = []
            try:
                form.groups = [choice.model_dump(mode="json") for choice in choices_of(self._data, self._school)]
                for card in kept_cards(self._data, self._school, ids, policy="room", today=date.today()):
                    cards.append(card)
                    form.show_figures(cards)
            except StsError as error:
                form.tell("figures-refused", text=error.told)

    def ask(self, content: dict[str, Any], _: str) -> None:
        """Count the figure that a page asks for at an item; only the last one asked at that item is shown."""
        item, definition = content.get("item"), content.get("definition")
        if isinstance(item, str) and isinstance(definition, dict):
            self._asked[item] = definition
            beside(self._count, item, definition)

    def _count(self, item: str, definition: dict[str, Any]) -> None:
        with self._work:
            if self._asked.get(item) is not definition or self.form is None:
                return
            try:
                self.form.show_asked(item, self._card(definition, "room"))
            except StsError as error:
                self.form.tell("ask-refused", item=item, text=error.told)

    def _card(self, definition: dict[str, Any], policy: Policy) -> FigureCard:
        """The figure of a definition as the page asks it or as the journal keeps it.

        Raises:
            DatasetError: the definition is not understood, or nothing is stored.
        """
        from stslib.figures import asked_cards
        from stslib.figures.pins import define

        known = dict(definition)
        whole = known if "definition" in known else define(str(known.pop("figure", "")), **known)
        return next(asked_cards(self._data, self._school, [whole], policy=policy, today=date.today()))

    def pin(self, content: dict[str, Any], _: str) -> None:
        """Keep a figure with an item: what counts it, and what it says today."""
        origin, definition = content.get("origin"), content.get("definition")
        if isinstance(origin, str) and isinstance(definition, dict):
            beside(self._pin, origin, definition)

    def _pin(self, origin: str, definition: dict[str, Any]) -> None:
        from stslib.figures.pins import pin_definition, shown_of

        if self.form is None:
            return
        with self._work:
            try:
                # Counted by the rule for records: what is pinned goes along into every archive.
                card = self._card(definition, "record")
                fields = {"origin": origin, "definition": pin_definition(card), "shown": shown_of(card)}
                item = f"{PIN_PREFIX}{uuid4().hex[:8]}"
                changes = [Change(item=item, field=name, value=value, edit_id=uuid4().hex) for name, value in fields.items()]
                outcomes = self._state.apply(changes, writer="cijfers")
            except StsError as error:
                self.form.tell("pin-refused", origin=origin, text=error.told)
                return
        refused = next((outcome.refused for outcome in outcomes if outcome.refused), "")
        if refused:
            self.form.tell("pin-refused", origin=origin, text=refused)
        else:
            self.form.tell("pinned", origin=origin, item=item)
            self.form.pass_on("")
