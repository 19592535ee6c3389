from __future__ import annotations

from pathlib import Path

import pytest

from stslib.model.instrument import Province, SchoolLevel
from stslib.store import open_journal


def test_the_environment_names_another_place_for_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "gedeeld" / "dagboek.sqlite"
    elsewhere.parent.mkdir()
    monkeypatch.setenv("STS_JOURNAL", f"sqlite:///{elsewhere}")
    with open_journal(tmp_path) as journal:
        journal.create_trajectory("Campus Proef", [SchoolLevel.SECONDARY], Province.LIMBURG, "2025-2026")
    assert elsewhere.exists()
    assert not (tmp_path / "sts.sqlite").exists()
    monkeypatch.delenv("STS_JOURNAL")
    with open_journal(url=f"sqlite:///{elsewhere}") as journal:
        assert [trajectory.school for trajectory in journal.trajectories()] == ["Campus Proef"]
