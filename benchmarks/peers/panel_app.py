"""The prevention plan in Panel, as its documentation would have it: widgets in columns, a bound picture, dynamic tabs.

No template: those bring fonts and themes of their own and were slower to the last field.
"""

from __future__ import annotations

import panel as pn
from matplotlib.figure import Figure
from plan_parts import PLAN, SCORES, START, draw_radar

from stslib.model.instrument import Phase, Section

pn.extension()


def section_part(section: Section) -> tuple[pn.Column, pn.widgets.Widget, pn.widgets.Widget]:
    """One theme: background, its questions, and its scale; the score and the target come back for the radar."""
    score = pn.widgets.RadioButtonGroup(options=list(SCORES), value=START)
    target = pn.widgets.Select(name="Streefscore", options={"–": None, **{str(value): value for value in SCORES}}, width=120)
    part = pn.Column(
        pn.pane.Markdown(f"#### {section.title}\n\n{section.background}"),
        *(
            pn.widgets.TextAreaInput(name=question.text, rows=2, sizing_mode="stretch_width", max_length=20_000)
            for question in section.questions
        ),
        pn.pane.Markdown(f"**{section.scales[0].prompt}**"),
        score,
        pn.widgets.TextAreaInput(name="Waarom deze score?", rows=2, sizing_mode="stretch_width", max_length=20_000),
        pn.widgets.TextAreaInput(
            name="Waar willen jullie op inzetten om hoger te komen?", rows=2, sizing_mode="stretch_width", max_length=20_000
        ),
        target,
        sizing_mode="stretch_width",
    )
    return part, score, target


def phase_part(phase: Phase) -> pn.Row:
    """One phase: its objectives on the left, its radar on the right."""
    column = pn.Column(pn.pane.Markdown(f"## Fase {phase.number}: {phase.title}\n\n{phase.intro}"), sizing_mode="stretch_width")
    scores, targets = [], []
    for objective in phase.objectives:
        column.append(pn.pane.Markdown(f"### {objective.title}"))
        for section in objective.sections:
            part, score, target = section_part(section)
            column.append(part)
            scores.append(score)
            targets.append(target)
    labels = [section.scales[0].label for section in phase.sections()]

    def draw(*values: int | None) -> Figure:
        return draw_radar(labels, values[: len(labels)], values[len(labels) :])  # type: ignore[arg-type]

    return pn.Row(column, pn.pane.Matplotlib(pn.bind(draw, *scores, *targets), dpi=100), sizing_mode="stretch_width")


pn.Column(
    pn.pane.Markdown(f"# {PLAN.title}\n\n{PLAN.intro}"),
    pn.Tabs(*((f"Fase {phase.number}", phase_part(phase)) for phase in PLAN.phases), dynamic=True, sizing_mode="stretch_width"),
    sizing_mode="stretch_width",
).servable(title=PLAN.title)
