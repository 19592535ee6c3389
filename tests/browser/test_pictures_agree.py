"""The radar of the page and the radar of the archive are drawn from the same values, on the whole demo trajectory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pages import open_session_page, open_step
from support.running import RunningServer

from stslib.apps.sessions import open_session
from stslib.charts.radar import draw_radar, drawn_data
from stslib.store import open_journal

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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    running = RunningServer(tmp_path_factory.mktemp("voorbeeld")).start("--demo")
    yield running
    running.stop()


def newest_session(data: Path) -> str:
    journal = open_journal(data)
    (trajectory,) = journal.trajectories()
    return journal.sessions(trajectory.id)[-1].id


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
