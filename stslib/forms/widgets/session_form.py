"""The form of one session as a widget: a view of a ``FormState`` that saves each edit and says when it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import traitlets

from stslib.forms.state import FormState
from stslib.forms.widgets.assemble import module, style
from stslib.forms.widgets.session_link import SessionWidget
from stslib.model.figure import FigureCard
from stslib.model.instrument import Instrument, Objective, Section
from stslib.text import format_date, local_time


class SessionForm(SessionWidget):
    """Every phase of an instrument, its overview and the closing of the session.

    Messages from the page besides those of ``SessionWidget``: ``close`` (handed to *on_close*). Messages to the page besides
    those: ``closing``, ``closed`` and ``close-failed``.

    Args:
        state: the session that is shown.
        about: what stands above the form: school, number, date, created, school_year, demo, archive.
        on_close: called with the writer when a person closes the session.
        on_shown: called once, when a page shows the form and its fields can be typed in.
    """

    _esm = module("session_form.js")
    _css = style("form.css")

    plan = traitlets.Dict().tag(sync=True)
    about = traitlets.Dict().tag(sync=True)
    figures = traitlets.List().tag(sync=True)

    def __init__(
        self,
        state: FormState,
        about: dict[str, Any],
        *,
        on_close: Callable[[str], None] | None = None,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        earlier = [{"label": before.label, "scores": before.scores} for before in state.earlier()]
        super().__init__(
            state,
            on_shown=on_shown,
            plan=plan_data(state.instrument, state),
            about=about | {"earlier": earlier},
        )
        self._on_close = on_close

    def show_figures(self, cards: Sequence[FigureCard]) -> None:
        """Put figure cards beside the questions they bear on."""
        self.figures = [card.model_dump(mode="json") for card in cards]

    def answer(self, kind: str, content: dict[str, Any], writer: str) -> None:
        """Close the session when a person asks for it."""
        if kind == "close" and self._on_close:
            self._on_close(writer)


def plan_data(instrument: Instrument, state: FormState) -> dict[str, Any]:
    """An instrument as the page needs it; ``applies`` is what the content says for this school, before anyone ticks."""
    levels, province = state.trajectory.levels, state.trajectory.province

    def of_section(section: Section) -> dict[str, Any]:
        return {
            "id": section.id,
            "title": section.title,
            "background": section.background,
            "advice": list(section.advice),
            "questions": [{"id": question.id, "text": question.text} for question in section.questions],
            "scale": {"id": section.scale.id, "label": section.scale.label, "prompt": section.scale.prompt},
            "applies": section.applies.covers(levels, province),
            "figures": list(section.figures),
        }

    def of_objective(objective: Objective) -> dict[str, Any]:
        return {
            "id": objective.id,
            "title": objective.title,
            "kind": objective.kind.value,
            "applies": objective.applies.covers(levels, province),
            "sections": [of_section(section) for section in objective.sections],
        }

    return {
        "id": instrument.id,
        "title": instrument.title,
        "kinds": {kind.value: title for kind, title in instrument.kinds.items()},
        "phases": [
            {
                "id": phase.id,
                "number": phase.number,
                "title": phase.title,
                "intro": phase.intro,
                "objectives": [of_objective(objective) for objective in phase.objectives],
            }
            for phase in instrument.phases
        ],
    }


def about_session(state: FormState) -> dict[str, Any]:
    """What stands above the form."""
    closed = state.meta().closed
    return {
        "school": state.trajectory.school,
        "number": state.session.number,
        "date": state.label,
        "created": format_date(local_time(state.session.created_at).date()),
        "school_year": state.trajectory.school_year,
        "demo": state.trajectory.demo,
        "archive": closed if closed and closed.get("archive") else None,
    }
