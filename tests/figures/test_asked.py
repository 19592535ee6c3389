"""Figures by definition, drawn beside the page: as they are, kept, and one that is wrong takes no other along."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from figures.stored_school import SCHOOL, StoredSchool, usual

from stslib.absences.stored.places import school_folder
from stslib.errors import DatasetError
from stslib.figures import asked, asked_cards, card_for, choices_of, group_choices
from stslib.figures.pins import define
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 1)
REACH = define("reach", status="unlawful", dimension="grade", value="2")
SINCE = define("since", measure="rate", dimension="class", value="1A", start=date(2025, 12, 3))
WEEKS = define("rate_by_week", status="lawful", school_year="2024-2025")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> StoredSchool:
    found = StoredSchool(tmp_path_factory.mktemp("gevraagd"))
    found.bring_in("2024-2025", usual(1))
    found.bring_in("2025-2026", usual(2))
    return found


def cards(stored: StoredSchool, *definitions, today: date = TODAY, policy: str = "room") -> list[FigureCard]:
    return list(asked_cards(stored.data, SCHOOL, definitions, policy=policy, today=today))


def no_process(*_: object) -> None:
    pytest.fail("asked beside again")


def test_cards_from_the_other_process_are_the_cards_themselves_and_are_kept(
    stored: StoredSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    absences = stored.absences()
    wanted = [card_for(absences, one, policy="room", today=TODAY) for one in (SINCE, REACH, WEEKS, REACH)]
    assert cards(stored, SINCE, REACH, WEEKS, REACH) == wanted
    monkeypatch.setattr(asked, "ask_beside", no_process)
    assert cards(stored, SINCE, REACH, WEEKS, REACH) == wanted
    assert cards(stored, dict(reversed(REACH.items()))) == [wanted[1]]


def test_a_wrong_definition_gives_a_card_that_says_so_among_the_others(stored: StoredSchool) -> None:
    wrong = [{"definition": 9}, "stuk", define("thresholds", school_year="2019-2020"), define("reach", dimension="class")]
    found = cards(stored, wrong[0], REACH, *wrong[1:], SINCE)
    assert [card.id for card in found] == ["geen-figuur", "reach", "geen-figuur", "thresholds", "reach", "since"]
    assert [bool(card.rows) for card in found] == [False, True, False, False, False, True]
    assert "Werk het programma bij" in found[0].title
    assert "2019-2020" in found[3].title
    assert "Er is geen klas gekozen" in found[4].title
    assert all(card.png is None and not card.definition for card in found if not card.rows)


def test_a_fault_in_counting_is_told_by_its_kind_only(stored: StoredSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("241000 was absent")

    monkeypatch.setattr("stslib.figures.cards.card_for", fail)
    card = asked.card_or_reason(stored.absences(), REACH, policy="room", today=TODAY)
    assert "ValueError" in card.title
    assert "241000" not in card.model_dump_json()


def test_another_day_policy_or_export_is_counted_anew(tmp_path: Path) -> None:
    stored = StoredSchool(tmp_path)
    stored.bring_in("2025-2026", usual(2))
    first = cards(stored, REACH)[0]
    assert cards(stored, REACH, today=date(2026, 4, 2))[0].counted_on == date(2026, 4, 2)
    assert cards(stored, REACH, policy="record")[0].policy == "record"
    choices = choices_of(stored.data, SCHOOL)
    stored.bring_in("2025-2026", usual(7), classes={"1C": ("1", "1", "A-stroom", 30), "3C": ("2", "3", "doorstroom", 30)})
    assert cards(stored, REACH)[0].rows != first.rows
    assert choices_of(stored.data, SCHOOL) != choices


@pytest.mark.parametrize("damage", ["{", '{"key": 1}', "null"])
def test_a_damaged_copy_is_counted_anew(stored: StoredSchool, damage: str) -> None:
    first, choices = cards(stored, REACH), choices_of(stored.data, SCHOOL)
    for name in ("asked-room.json", "choices.json"):
        (school_folder(stored.data, SCHOOL) / name).write_text(damage, encoding="utf-8")
    assert cards(stored, REACH) == first
    assert choices_of(stored.data, SCHOOL) == choices


def test_the_cards_asked_longest_ago_give_way(stored: StoredSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST_KEPT", 2)
    place = school_folder(stored.data, SCHOOL) / "asked-room.json"
    place.unlink(missing_ok=True)
    for definition in (REACH, SINCE, WEEKS):
        cards(stored, definition)
    kept = json.loads(place.read_text(encoding="utf-8"))["cards"].values()
    assert [card["id"] for card in kept] == ["since", "rate_by_week"]


def test_the_choices_are_those_of_the_groups_and_are_kept(stored: StoredSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert choices_of(stored.data, SCHOOL) == group_choices(stored.absences())
    monkeypatch.setattr(asked, "ask_beside", no_process)
    assert choices_of(stored.data, SCHOOL)


def test_nothing_is_kept_of_a_pupil(stored: StoredSchool) -> None:
    cards(stored, REACH, SINCE)
    choices_of(stored.data, SCHOOL)
    kept = [path.read_text(encoding="utf-8") for path in school_folder(stored.data, SCHOOL).glob("*.json")]
    assert len(kept) >= 2
    numbers = {slot.pupil for slot in stored.slots}
    told = " ".join(json.dumps([card["rows"] for card in json.loads(text).get("cards", {}).values()]) for text in kept)
    assert not any(number in told for number in numbers)


def test_a_school_without_figures_says_so_and_no_definitions_ask_nothing(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nog geen cijfers"):
        list(asked_cards(tmp_path, SCHOOL, [REACH], policy="room", today=TODAY))
    with pytest.raises(DatasetError, match="nog geen cijfers"):
        choices_of(tmp_path, SCHOOL)
    assert list(asked_cards(tmp_path, SCHOOL, [], policy="room", today=TODAY)) == []
    assert not list(tmp_path.rglob("*.json"))
