from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from support.running import CHROMIUM_FLAGS, chromium_path


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Spark needs Java; the rest of the suite does not."""
    if item.get_closest_marker("spark") and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for the whole run: Playwright allows a single one per thread."""
    playwright_api = pytest.importorskip("playwright.sync_api")
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed")
    with playwright_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()
