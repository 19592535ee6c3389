from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.running import RunningServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on an empty data folder."""
    running = RunningServer(tmp_path_factory.mktemp("gegevens")).start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on a data folder with the generated school and its trajectory; one for all who only look at it."""
    running = RunningServer(tmp_path_factory.mktemp("voorbeeld")).start("--demo")
    yield running
    running.stop()


@pytest.fixture
def context(browser):
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE", timezone_id="Europe/Brussels")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context):
    return context.new_page()
