from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import running
from support.running import TEST_PAGES, RunningServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for every test that does not stop it."""
    started = RunningServer(tmp_path_factory.mktemp("data"), environment=TEST_PAGES).start()
    yield started
    started.stop()


@pytest.fixture
def free_port() -> int:
    return running.free_port()
