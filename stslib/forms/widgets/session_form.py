"""An instrument in one session as a widget: a view of a ``FormState``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from stslib.forms.state import FormState
from stslib.forms.widgets.assemble import module, style
from stslib.forms.widgets.session_link import SessionWidget
from stslib.model.blocks import FocusBlock
from stslib.model.figure import FigureCard
from stslib.model.instrument import Instrument, Layout, Objective, Phase, Section
from stslib.text import format_date, local_time

Answer = Callable[[dict[str, Any], str], None]
"""Takes a message of the page and the writer; answers through ``SessionForm.tell``."""


class SessionForm(SessionWidget):
    """Every phase of an instrument, its overview and the closing of the session.

    Messages from the page besides those of ``SessionWidget`` are handed to *answers* by their kind: ``close``, ``ask`` (a
    figure by its definition), ``pin`` (a figure, to an item), ``export`` and ``import``. Messages to the page besides those:
    ``closing``, ``closed``, ``close-failed``, ``pinned``, ``pin-refused``, ``file``, ``imported`` and ``import-refused``.

    Args:
        state: the session that is shown.
        about: what stands around the form, see ``about_session``.
        answers: what is done at a message, by its kind.
        on_shown: called once, when a page shows the form and its fields can be typed in.
    """

    _esm = module("session_form.js")
    _css = style("form.css", "blocks.css", "closing.css")

    instrument = traitlets.Dict().tag(sync=True)
    about = traitlets.Dict().tag(sync=True)
    figures = traitlets.List().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)
    groups = traitlets.List().tag(sync=True)
    stored = traitlets.Bool(None, allow_none=True).tag(sync=True)
    """Whether the school's figures are there; None while nobody looked yet."""

    def __init__(
        self,
        state: FormState,
        about: dict[str, Any],
        *,
        answers: Mapping[str, Answer] | None = None,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(state, on_shown=on_shown, instrument=instrument_data(state.instrument, state), about=about)
        self.answers = dict(answers or {})

    def show_figures(self, cards: Sequence[FigureCard]) -> None:
        """Put figure cards beside the questions they bear on."""
        self.figures = [card.model_dump(mode="json") for card in cards]

    def show_asked(self, item: str, card: FigureCard) -> None:
        """Put the figure that was asked for at an item beside it."""
        self.asked = {**self.asked, item: card.model_dump(mode="json")}

    def answer(self, kind: str, content: dict[str, Any], writer: str) -> None:
        """Do what a person asks for besides saving."""
        if kind in self.answers:
            self.answers[kind](content, writer)


def instrument_data(instrument: Instrument, state: FormState) -> dict[str, Any]:
    """An instrument as the page needs it; ``applies`` is what the content says for this school, before anyone ticks."""
    levels, province = state.trajectory.levels, state.trajectory.province

    def of_section(section: Section) -> dict[str, Any]:
        return {
            "id": section.id,
            "title": section.title,
            "background": section.background,
            "advice": list(section.advice),
            "questions": [question.model_dump(mode="json", exclude={"source"}) for question in section.questions],
            "scales": [scale.model_dump(mode="json", exclude={"source"}) for scale in section.scales],
            "blocks": [block.model_dump(mode="json", exclude={"source"}) for block in section.blocks],
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

    def of_phase(phase: Phase) -> dict[str, Any]:
        return {
            "id": phase.id,
            "number": phase.number,
            "name": phase.name,
            "title": phase.title,
            "intro": phase.intro,
            "frame": phase.frame.model_dump(mode="json"),
            "objectives": [of_objective(objective) for objective in phase.objectives],
            "themes": [of_section(section) for section in phase.themes],
        }

    return {
        "id": instrument.id,
        "title": instrument.title,
        "short": instrument.short,
        "intro": instrument.intro,
        "layout": instrument.layout.value,
        "kinds": {kind.value: title for kind, title in instrument.kinds.items()},
        "aspects": instrument.aspects,
        "phases": [of_phase(phase) for phase in instrument.phases],
    }


def about_session(state: FormState) -> dict[str, Any]:
    """What stands around the form.

    School, number, day, school year; the archive of a session that was closed; ``earlier`` scores and answers; the ``ways`` to
    the instruments of the session; what an action can belong to (``origins``, per instrument) and ``names`` of what actions and
    pins belong to already; the ``focuses`` (ids of focus blocks); ``orphans``; whether any figure bears on the instrument;
    and the centre's own ``wording`` of it, if there is one.
    """
    closed = state.meta().closed
    return {
        "school": state.trajectory.school,
        "number": state.session.number,
        "date": state.label,
        "created": format_date(local_time(state.session.created_at).date()),
        "school_year": state.trajectory.school_year,
        "demo": state.trajectory.demo,
        "archive": closed if closed and closed.get("archive") else None,
        "earlier": [{"label": before.label, "scores": before.scores, "answers": before.answers} for before in state.earlier()],
        "ways": ways(state),
        "origins": [{"name": one.title, "items": _origins(one)} for one in state.instruments],
        "names": {origin: state.name_of(origin) for origin in _used_origins(state)},
        "focuses": [block.id for one in state.instruments for block in one.blocks() if isinstance(block, FocusBlock)],
        "orphans": [
            {"question": orphan.question, "item": orphan.item, "value": str(orphan.value), "edition": orphan.edition}
            for orphan in state.orphans()
        ],
        "figures": state.instrument.uses_figures,
        "wording": state.instrument.wording,
    }


AROUND = (("opvolging", "Opvolging"), ("cijfers", "Cijfers"))
"""The pages of a session that are no instrument: the trajectory over time, and the school's figures."""


def ways(state: FormState) -> list[dict[str, Any]]:
    """The pages of a session: its instruments, marked where the session holds something of them, then those around them."""
    used = state.instruments_used()
    pages = [{"id": one.id, "short": one.short, "used": one.id in used} for one in state.instruments]
    around = [{"id": name, "short": short, "used": False} for name, short in AROUND]
    return [{**page, "address": f"{page['id']}?sessie={state.session.id}"} for page in (*pages, *around)]


def _used_origins(state: FormState) -> set[str]:
    """What actions and pinned figures belong to already."""
    return {action.origin for action in state.actions() if action.origin} | {pin.origin for pin in state.pins()}


def _origins(instrument: Instrument) -> list[dict[str, str]]:
    """What an action can belong to: the objectives of an instrument, or the sections where it has none."""
    if any(instrument.objectives()):
        return [{"id": objective.id, "name": objective.title} for objective in instrument.objectives()]
    several = instrument.layout is Layout.STEPS
    return [
        {"id": section.id, "name": f"{phase.name}: {section.title}" if several else section.title}
        for phase in instrument.phases
        for section in phase.sections()
    ]
