from __future__ import annotations

import pytest
from figures.stored_school import StoredSchool, usual


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> StoredSchool:
    """Two years of a small school; tests only read it."""
    found = StoredSchool(tmp_path_factory.mktemp("school"))
    found.bring_in("2024-2025", usual(1, often=0.04))
    found.bring_in("2025-2026", usual(2))
    return found
