from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from support.exports import write_school

from stslib.absences import read_export, store_reading
from stslib.absences.stored.places import school_folder
from stslib.content import load_calendar, load_codes
from stslib.errors import DatasetError
from stslib.figures import figure_cards, kept
from stslib.figures.kept import kept_cards
from stslib.figures.library import load_absences

SCHOOL = "Campus Proef"
IDS = ("rate_by_code", "thresholds")
TODAY = date(2026, 4, 1)


def bring_in(data: Path, *, seed: int) -> None:
    files = write_school(data / f"export-{seed}", pupils=30, seed=seed)
    reading = read_export(
        files.export,
        school_year="2025-2026",
        codes=load_codes(),
        calendar=load_calendar("2025-2026"),
        enrolment=files.enrolment,
        classes=files.classes,
    )
    store_reading(data, SCHOOL, reading)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gegevens")
    bring_in(folder, seed=1)
    return folder


def cards(data: Path, today: date = TODAY):
    return list(kept_cards(data, SCHOOL, IDS, policy="room", today=today))


def test_cards_from_the_other_process_are_the_cards_themselves(data: Path) -> None:
    direct = list(figure_cards(load_absences(SCHOOL, data), IDS, policy="room", today=TODAY))
    assert cards(data) == direct
    assert cards(data) == direct


def test_what_was_kept_is_read_back_without_drawing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cards(data)
    monkeypatch.setattr(kept, "_draw_beside", lambda *_: pytest.fail("drawn again"))
    assert cards(data) == first


def test_a_newer_export_and_another_day_are_drawn_anew(tmp_path: Path) -> None:
    bring_in(tmp_path, seed=1)
    first = cards(tmp_path)
    assert cards(tmp_path, date(2026, 4, 2))[0].counted_on == date(2026, 4, 2)
    bring_in(tmp_path, seed=2)
    assert cards(tmp_path)[0].rows != first[0].rows


@pytest.mark.parametrize("damage", ["", "{", '{"key": 1}', "[]", "null"])
def test_a_damaged_copy_is_drawn_anew(data: Path, damage: str) -> None:
    first = cards(data)
    (school_folder(data, SCHOOL) / "cards-room-all.json").write_text(damage, encoding="utf-8")
    assert cards(data) == first


def test_nothing_is_kept_that_a_page_may_not_show(data: Path) -> None:
    cards(data)
    text = (school_folder(data, SCHOOL) / "cards-room-all.json").read_text(encoding="utf-8")
    assert "Naam1000" not in text
    assert "100000" not in json.dumps([card["rows"] for card in json.loads(text)["cards"]])


def test_a_school_without_figures_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nog geen cijfers"):
        cards(tmp_path)
    assert not list(tmp_path.rglob("cards-*"))


def test_one_status_is_counted_and_said_on_every_card(data: Path) -> None:
    every = ("rate_by_status", "rate_by_code", "rate_by_week", "thresholds")
    part = list(kept_cards(data, SCHOOL, every, policy="room", today=TODAY, status="unlawful"))
    assert [card.id for card in part] == ["rate_by_code", "rate_by_week"]
    assert all(card.title.startswith("Alleen ongewettigd. ") and card.alt.startswith("Alleen ongewettigd. ") for card in part)
    assert [row[0][0] for row in part[0].rows] == ["B", "A"]  # the one code, and all of them together
    whole = {card.id: card for card in kept_cards(data, SCHOOL, every, policy="room", today=TODAY)}
    assert part[0].rows[0][1] in {row[1] for row in whole["rate_by_code"].rows}
    assert part[0].rows[0][1] == next(row[1] for row in whole["rate_by_status"].rows if row[0] == "Ongewettigd")


def test_an_unknown_status_is_refused_by_name(data: Path) -> None:
    with pytest.raises(DatasetError, match="Onbekende soort: boos"):
        list(figure_cards(load_absences(SCHOOL, data), IDS, policy="room", today=TODAY, status="boos"))
