"""The radar of the page and the radar of the archive are drawn from the same values, on the whole demo trajectory."""

from __future__ import annotations

import pytest
from support.pages import newest_session, open_session_page, open_step
from support.running import RunningServer

from stslib.apps.sessions import open_session
from stslib.charts.radar import draw_radar, drawn_data

pytestmark = pytest.mark.browser

SHOWN = """() => {
  const radar = document.querySelector(".sts-step:not([hidden]) .sts-radar");
  const points = (marks, name) =>
    Object.fromEntries([...marks].map(({ dataset }) => [dataset.axis, Number(dataset[name])]));
  return {
    axes: [...radar.querySelectorAll(".sts-axis")].map((text) => [...text.children].map((line) => line.textContent).join(" ")),
    series: [...radar.querySelectorAll("g[data-series]")].map((group) => ({
      points: points(group.querySelectorAll("circle"), "value"),
    })),
    targets: points(radar.querySelectorAll("[data-target]"), "target"),
  };
}"""


def test_page_and_archive_draw_the_same_values_for_every_session(page, demo: RunningServer) -> None:
    session = newest_session(demo.data)
    state = open_session(session, data=demo.data)
    open_session_page(page, demo, session)
    for phase in state.instrument.phases:
        open_step(page, f"Fase {phase.number}")
        drawn = drawn_data(draw_radar(state.radar(phase)))
        shown = page.evaluate(SHOWN)
        assert [series["points"] for series in shown["series"]] == [series.points for series in drawn.series]
        assert shown["targets"] == drawn.targets
        assert tuple(shown["axes"]) == drawn.axes
