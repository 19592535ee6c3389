"""The prevention plan in Streamlit: lazy tabs, and a fragment per phase, so a score runs its own phase again and no more."""

from __future__ import annotations

import streamlit as st
from plan_parts import PLAN, SCORES, START, draw_radar

from stslib.model.instrument import Phase, Section


def section_part(section: Section) -> tuple[int, int | None]:
    """One theme; its score and target."""
    st.markdown(f"#### {section.title}\n\n{section.background}")
    for question in section.questions:
        st.text_area(question.text, key=question.id, height=68)
    score = st.radio(section.scales[0].prompt, SCORES, index=START, horizontal=True, key=section.scales[0].id)
    st.text_area("Waarom deze score?", key=f"{section.scales[0].id}.evidence", height=68)
    st.text_area("Waar willen jullie op inzetten om hoger te komen?", key=f"{section.scales[0].id}.ambition", height=68)
    target = st.selectbox("Streefscore", SCORES, index=None, placeholder="–", key=f"{section.scales[0].id}.target")
    return score, target


@st.fragment
def phase_part(phase: Phase) -> None:
    """One phase: its objectives on the left, its radar on the right."""
    left, right = st.columns([2, 1])
    values = []
    with left:
        st.markdown(f"## Fase {phase.number}: {phase.title}\n\n{phase.intro}")
        for objective in phase.objectives:
            st.markdown(f"### {objective.title}")
            values += [section_part(section) for section in objective.sections]
    scores, targets = zip(*values, strict=True)
    labels = [section.scales[0].label for section in phase.sections()]
    with right:
        st.pyplot(draw_radar(labels, scores, targets), dpi=100)


st.set_page_config(page_title=PLAN.title, layout="wide")
st.title(PLAN.title)
st.markdown(PLAN.intro)
tabs = st.tabs([f"Fase {phase.number}" for phase in PLAN.phases], on_change="rerun", key="fase")
for tab, phase in zip(tabs, PLAN.phases, strict=True):
    if tab.open:
        with tab:
            phase_part(phase)
