"""The figures of a school as a widget: bringing in an export, every figure with filters, and what was pinned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from stslib.forms.state import FormState
from stslib.forms.widgets.assemble import module, style
from stslib.forms.widgets.intake import Inbox
from stslib.forms.widgets.session_form import ways
from stslib.forms.widgets.session_link import SessionWidget
from stslib.model.blocks import FocusBlock
from stslib.model.figure import FigureCard
from stslib.model.instrument import Instrument, Layout, Section

Answer = Callable[[dict[str, Any], str], None]
"""Takes a message of the page and the writer; answers through ``FiguresPage.tell``."""


class FiguresPage(SessionWidget):
    """Every step of the figures of one school in one session.

    Figures, previews of files and lists of pupils go to the page as messages and stand in no trait: a notebook that is saved
    with its widgets keeps none of them. Messages from the page besides those of ``SessionWidget``: ``file-begin``,
    ``file-chunk`` and ``file-away`` (a file comes over, or is taken back); any other is handed to *answers* by its kind.

    Args:
        state: the session; figures are pinned in it.
        about: what stands around the figures, see ``about_figures``.
        answers: what is done at a message, by its kind.
        inbox: where files land.
        on_shown: called once, when a page shows the widget.
    """

    _esm = module("figures_page.js")
    _css = style("form.css", "figures.css")

    about = traitlets.Dict().tag(sync=True)
    stored = traitlets.List(None, allow_none=True).tag(sync=True)
    """The school years that are kept, with version and keep-until; None while nobody looked yet."""
    groups = traitlets.List().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        state: FormState,
        about: dict[str, Any],
        *,
        answers: Mapping[str, Answer],
        inbox: Inbox,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(state, on_shown=on_shown, about=about | {"limit": inbox.limit})
        self.answers = dict(answers)
        self._inbox = inbox

    def show_asked(self, item: str, card: FigureCard) -> None:
        """What a pinned figure says when it is counted again."""
        self.asked = {**self.asked, item: card.model_dump(mode="json")}

    def answer(self, kind: str, content: dict[str, Any], writer: str) -> None:
        """Do what a person asks for besides saving."""
        if kind in self.answers:
            self.answers[kind](content, writer)

    def _receive(self, sender: object, content: dict[str, Any], buffers: object) -> None:
        role = str(content.get("role"))
        match content.get("kind"):
            case "file-begin":
                size = content.get("size")
                self._inbox.begin(role, str(content.get("name")), size if isinstance(size, int) else 0)
            case "file-chunk":
                self._inbox.take(role, buffers if isinstance(buffers, list) else [])
                self.tell("chunk-ok", role=role, index=content.get("index"))
            case "file-away":
                self._inbox.forget(role)
            case _:
                super()._receive(sender, content, buffers)


def about_figures(state: FormState, parts: Sequence[Mapping[str, Any]], choices: Mapping[str, Any]) -> dict[str, Any]:
    """What stands around the figures.

    School, number, day; the ``ways`` to the pages of the session; the ``parts`` with the figures of each; what a figure can be
    pinned to (``places``), ``names`` of what is pinned already, ``focuses`` (ids of focus blocks), and the *choices* of the
    forms (school years, kinds of absence, ...).
    """
    return {
        "school": state.trajectory.school,
        "number": state.session.number,
        "date": state.label,
        "school_year": state.trajectory.school_year,
        "demo": state.trajectory.demo,
        "ways": ways(state),
        "parts": [dict(part) for part in parts],
        "places": [place for one in state.instruments for place in _places(one)],
        "names": {pin.origin: state.name_of(pin.origin) for pin in state.pins()},
        "focuses": [block.id for one in state.instruments for block in one.blocks() if isinstance(block, FocusBlock)],
        **choices,
    }


def _places(instrument: Instrument) -> list[dict[str, Any]]:
    """The phases of an instrument with the parts and the questions that a figure can be pinned to."""
    several = instrument.layout is Layout.STEPS and len(instrument.phases) > 1
    found = []
    for phase in instrument.phases:
        items = [item for section in phase.sections() for item in _items(section)]
        if items:
            found.append({"name": f"{instrument.short} · {phase.name}" if several else instrument.short, "items": items})
    return found


def _items(section: Section) -> list[dict[str, str]]:
    questions = [{"id": question.id, "name": question.text} for question in section.questions]
    return [{"id": section.id, "name": section.title}, *questions]
