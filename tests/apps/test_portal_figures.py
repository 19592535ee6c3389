"""What the portal tells of stored figures, and what it does with them, without a browser."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from absences.stored.stored_factories import EARLIER, MORE, ROWS, store

from stslib.absences.stored.places import figures_root, key_path
from stslib.apps.stored_figures import StoredFigures
from stslib.errors import DatasetError
from stslib.text import format_date

YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def test_nothing_stored_is_nothing_shown(data):
    assert StoredFigures(data).shown() == []
    assert not list(data.iterdir())


def test_schools_with_something_overdue_come_first_and_newer_years_before_older(data):
    store(data, school="Anemoon")
    store(data, EARLIER, "2024-2025", school="Berk", keep_until=YESTERDAY)
    store(data, MORE, school="Berk")
    shown = StoredFigures(data).shown()
    assert [(one["school"], one["school_year"], one["overdue"]) for one in shown] == [
        ("Berk", "2025-2026", False), ("Berk", "2024-2025", True), ("Anemoon", "2025-2026", False),
    ]  # fmt: skip
    assert shown[1]["counts"] == "1 halve dag van 1 leerling"
    assert shown[1]["kept"] == f"De bewaartermijn liep tot en met {format_date(YESTERDAY)}."


@pytest.mark.parametrize("kept", [YESTERDAY, date(2031, 8, 30), date(2031, 8, 31), date(2031, 12, 31)])
def test_the_proposed_day_is_the_next_end_of_august_after_the_day_and_after_today(data, kept):
    store(data, keep_until=kept)
    (shown,) = StoredFigures(data).shown()
    day, month, year = map(int, shown["proposed"].split("/"))
    proposed, after = date(year, month, day), max(kept, date.today())
    assert (month, day) == (8, 31)
    assert after < proposed <= after + timedelta(days=366)


def test_a_lost_key_is_told_beside_the_figures(data):
    store(data)
    figures = StoredFigures(data)
    (shown,) = figures.shown()
    assert shown["trouble"] == ""
    key_path(data, figures_root(data) / shown["folder"]).unlink()
    assert "sleutel is weg" in figures.shown()[0]["trouble"]


def test_only_what_was_shown_as_going_is_removed(data):
    store(data, ROWS)
    figures = StoredFigures(data)
    (before,) = figures.shown()
    store(data, MORE)
    with pytest.raises(DatasetError, match="intussen iets veranderd"):
        figures.remove(before["folder"], "2025-2026", before["seal"])
    (now,) = figures.shown()
    left, told = figures.remove(now["folder"], "2025-2026", now["seal"])
    assert (left, "zijn verwijderd" in told) == ([], True)
    for folder in ("../..", "", "school-0"):
        with pytest.raises(DatasetError):
            figures.remove(folder, "2025-2026", now["seal"])
        with pytest.raises(DatasetError):
            figures.keep_longer(folder, "2025-2026", "31/08/2035")
