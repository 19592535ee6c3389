from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import running
from support.serving import Server, start_server, stop_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for every test that does not stop it."""
    started = start_server(tmp_path_factory.mktemp("data"))
    yield started
    stop_server(started)


@pytest.fixture
def free_port() -> int:
    return running.free_port()
