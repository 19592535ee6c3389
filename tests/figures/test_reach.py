"""The reach of a group, beside a count in plain Python; and nothing of a group that is too small."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from figures.stored_school import (
    CLASSES,
    Stay,
    StoredSchool,
    dutch_percent,
    missed,
    number,
    pupils,
    usual,
)
from PIL import Image

from stslib.errors import DatasetError, UnknownDimensionError
from stslib.figures.groups import group_choices
from stslib.figures.reach import reach
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 1)
YEAR = "2025-2026"
GROUPS = [("grade", "1"), ("grade", "2"), ("year", "5"), ("stream", "doorstroom"), ("class", "1A"), ("class", "3D")]


def cell(card: FigureCard, row: str, column: int = 1) -> str:
    return next(line for line in card.rows if line[0].startswith(row))[column]


def asked(school: StoredSchool, dimension: str, value: str, status: str, policy: str = "room", **more) -> FigureCard:
    return reach(school.absences(), dimension, value, status, policy=policy, today=TODAY, **more)


@pytest.mark.parametrize("status", ["all", "unlawful", "lawful", "late"])
@pytest.mark.parametrize(("dimension", "value"), GROUPS)
def test_group_rest_and_school_are_what_plain_python_counts(
    school: StoredSchool, dimension: str, value: str, status: str
) -> None:
    card = asked(school, dimension, value, status)
    everybody, inside = school.of(school_year=YEAR), school.of(dimension, value, school_year=YEAR)
    members = set(inside)
    rest = [slot for slot in everybody if slot not in members]
    total = missed(everybody, status)
    for column, slots in ((1, inside), (2, rest), (3, everybody)):
        hits = missed(slots, status)
        assert number(card.rows[1][column]) == hits
        assert number(cell(card, "Mogelijke halve dagen", column)) == len(slots)
        assert cell(card, "Percentage", column) == dutch_percent(hits, len(slots))
        assert cell(card, "Deel van het geheel", column) == f"{hits / total * 100:.0f}\u00a0%"
    assert number(cell(card, "Leerlingen")) == len(pupils(inside))
    assert number(cell(card, "Leerlingen", 2)) == len(pupils(everybody)) - len(pupils(inside))
    assert f"telt {len(pupils(inside))} van de {len(pupils(everybody))} leerlingen" in card.title
    assert f"{missed(inside, status) / total * 100:.0f}\u00a0%" in card.title


def test_pupils_over_a_threshold_count_with_all_their_half_days_of_the_year(school: StoredSchool) -> None:
    card = asked(school, "grade", "2", "unlawful", "none")
    members = pupils(school.of("grade", "2", school_year=YEAR))
    unlawful = Counter(slot.pupil for slot in school.of(school_year=YEAR) if slot.code == "B")
    for limit in (5, 10, 15, 30):
        row = f"Leerlingen met {limit} of meer halve dagen B"
        assert number(cell(card, row)) == sum(unlawful[pupil] >= limit for pupil in members)
        assert number(cell(card, row, 3)) == sum(count >= limit for count in unlawful.values())
    assert number(cell(card, "Leerlingen dicht bij 5")) == sum(4 <= unlawful[pupil] < 5 for pupil in members)
    assert not any("dicht bij" in row[0] or "of meer" in row[0] for row in asked(school, "grade", "2", "lawful").rows)


@pytest.mark.parametrize("policy", ["room", "record"])
def test_one_to_four_pupils_over_a_threshold_are_hidden_in_group_and_rest_alike(school: StoredSchool, policy: str) -> None:
    found = 0
    for dimension, value in GROUPS:
        for status in ("all", "unlawful"):
            for row in asked(school, dimension, value, status, policy).rows:
                if not row[0].startswith("Leerlingen met"):
                    continue
                group, rest = row[1], row[2]
                assert (group == "–") == (rest == "–")
                assert all(cell not in ("1", "2", "3", "4") for cell in row[1:])
                found += group == "–"
    assert found


def test_half_is_carried_by_the_fewest_pupils_that_can(school: StoredSchool) -> None:
    card = asked(school, "grade", "1", "all", "none")
    per_pupil = Counter(slot.pupil for slot in school.of("grade", "1", school_year=YEAR) if missed([slot], "all"))
    half, carriers = sum(per_pupil.values()) / 2, 0
    carried = 0
    for _, count in per_pupil.most_common():
        carriers += 1
        carried += count
        if carried >= half:
            break
    assert number(cell(card, "Leerlingen die samen de helft dragen")) == carriers


def test_the_whole_school_has_no_rest(school: StoredSchool) -> None:
    card = asked(school, "school", "", "all")
    everybody = school.of(school_year=YEAR)
    assert card.columns == ("Cijfer", "Hele school")
    assert number(card.rows[1][1]) == missed(everybody, "all")
    assert card.title.startswith(f"De hele school telt {len(pupils(everybody))} leerlingen; samen hebben ze")
    assert dutch_percent(missed(everybody, "all"), len(everybody)) in card.title
    assert asked(school, "", "", "all") == card


def test_an_earlier_year_can_be_asked(school: StoredSchool) -> None:
    card = asked(school, "class", "1A", "all", school_year="2024-2025")
    assert number(card.rows[1][1]) == missed(school.of("class", "1A", school_year="2024-2025"), "all")
    assert card.definition["school_year"] == "2024-2025"


@pytest.mark.parametrize("policy", ["room", "record"])
@pytest.mark.parametrize("status", ["all", "unlawful", "lawful", "late"])
def test_a_group_that_is_too_small_has_a_card_without_a_number(school: StoredSchool, status: str, policy: str) -> None:
    card = asked(school, "class", "5A", status, policy)
    assert card.title.startswith("Over klas 5A tonen we geen cijfer")
    assert card.rows == ()
    assert card.png is None
    told = " ".join([card.title, card.alt, *(line.text for line in card.why if line.label not in ("Periode", "Afscherming"))])
    assert not re.search(r"\d", told.replace("5A", ""))


def a_school(folder: Path, classes: dict[str, tuple[str, str, str, int]], code: Callable[[Stay, date, str], str]):
    found = StoredSchool(folder)
    found.bring_in(YEAR, code, classes=classes, last=date(2025, 12, 19))
    return found


@pytest.mark.parametrize(("policy", "rest"), [("room", 4), ("record", 9)])
def test_a_group_with_a_small_rest_is_hidden_too(tmp_path: Path, policy: str, rest: int) -> None:
    small = {"1A": ("1", "1", "A-stroom", 30), "3D": ("2", "3", "doorstroom", rest)}
    hidden = asked(a_school(tmp_path / "small", small, usual(3)), "class", "1A", "all", policy)
    assert hidden.rows == ()
    larger = {**small, "3D": ("2", "3", "doorstroom", rest + 3)}
    assert asked(a_school(tmp_path / "larger", larger, usual(3)), "class", "1A", "all", policy).rows


@pytest.mark.parametrize("status", ["all", "unlawful", "lawful", "late"])
def test_in_a_record_no_hidden_class_follows_from_the_cards_of_the_others(school: StoredSchool, status: str) -> None:
    """Wherever the total of a larger group is shown, none or at least two of its classes are hidden."""
    shown = {name: bool(asked(school, "class", name, status, "record").rows) for name in CLASSES}
    assert not shown["5A"]
    larger = {("school", ""): list(CLASSES)}
    for place, dimension in enumerate(("grade", "year", "stream")):
        for name, parts in CLASSES.items():
            larger.setdefault((dimension, parts[place]), []).append(name)
    for (dimension, value), names in larger.items():
        if len(names) > 1 and asked(school, dimension, value, status, "record").rows:
            assert sum(not shown[name] for name in names) != 1, (dimension, value)


def test_no_two_numbers_of_a_card_give_one_of_fewer_than_five_pupils(school: StoredSchool) -> None:
    small = pupils(school.of("class", "5A", school_year=YEAR))
    for policy in ("room", "record"):
        for dimension, value in [*GROUPS, ("grade", "3"), ("stream", "arbeidsmarkt")]:
            card = asked(school, dimension, value, "all", policy)
            if not card.rows:
                continue
            sizes = [number(text) for text in card.rows[0][1:]]
            assert len(small) not in {abs(one - other) for one, other in combinations(sizes, 2)}


def test_nobody_in_the_group_and_nothing_missed_are_said(school: StoredSchool, tmp_path: Path) -> None:
    assert asked(school, "class", "9Z", "all").title == "In 2025-2026 zit niemand in klas 9Z, dus er valt niets te tellen."
    never = a_school(
        tmp_path, {"1A": ("1", "1", "A", 12), "1B": ("1", "1", "B", 12)}, lambda stay, day, half: "L" if day.day == 1 else ""
    )
    assert asked(never, "class", "1A", "unlawful").title == "In 2025-2026 telt de school geen ongewettigde halve dagen."
    assert asked(never, "class", "1A", "late").rows


def test_what_cannot_be_asked_is_refused_by_name(school: StoredSchool) -> None:
    with pytest.raises(UnknownDimensionError, match="teacher"):
        asked(school, "teacher", "x", "all")
    with pytest.raises(DatasetError, match="Onbekende soort: boos"):
        asked(school, "grade", "1", "boos")
    with pytest.raises(DatasetError, match="geen klas gekozen"):
        asked(school, "class", " ", "all")
    with pytest.raises(DatasetError, match="2020-2021"):
        asked(school, "grade", "1", "all", school_year="2020-2021")


def test_the_choices_are_the_groups_of_the_newest_year_from_large_to_small(school: StoredSchool) -> None:
    choices = group_choices(school.absences())
    assert [choice.label for choice in choices] == [
        "Hele school", "1e graad", "2e graad", "3e graad", "1e jaar", "3e jaar", "4e jaar", "5e jaar",
        "A-stroom", "B-stroom", "arbeidsmarkt", "doorstroom", "Klas 1A", "Klas 1B", "Klas 3D", "Klas 4A", "Klas 5A", "Klas 5D",
    ]  # fmt: skip
    assert [choice.dimension_label for choice in choices if choice.value == "A-stroom"] == ["Stroom of finaliteit"]


def test_without_a_class_file_only_the_school_and_its_classes_can_be_chosen(tmp_path: Path) -> None:
    import stslib as sts

    (tmp_path / "export.csv").write_text("Leerlingnummer;Klas;Datum;Dagdeel;Code\n1;1A;01/10/2025;VM;Z\n", encoding="utf-8")
    absences = sts.read_absences(tmp_path / "export.csv", school_year=YEAR)
    assert {choice.dimension for choice in group_choices(absences)} <= {"school", "class"}


def test_the_picture_sets_the_group_beside_the_rest(school: StoredSchool) -> None:
    card = asked(school, "grade", "2", "unlawful")
    assert Image.open(io.BytesIO(card.png)).width > 700
    assert "2e graad" in card.alt
    assert "rest van de school" in card.alt


def test_in_a_record_the_largest_groups_that_can_stand_together_are_shown(school: StoredSchool) -> None:
    """5A has three pupils: grades and streams are shown before classes, so those that would give them away stay out."""
    shown = {name for name in CLASSES if asked(school, "class", name, "all", "record").rows}
    assert shown == {"1A", "1B"}
    assert all(asked(school, "grade", value, "all", "record").rows for value in "123")
    assert asked(school, "stream", "arbeidsmarkt", "all", "record").rows


def test_a_record_shows_no_lawful_share_where_the_rest_of_the_codes_would_be_a_few(tmp_path: Path) -> None:
    def code(stay: Stay, day: date, half: str) -> str:
        if stay.pupil.endswith("03") and day == date(2025, 10, 6):
            return "-"
        return "Z" if day.day == 7 else "B" if day.day == 9 and half == "VM" else ""

    found = a_school(tmp_path, {"1A": ("1", "1", "A", 20), "3D": ("2", "3", "D", 20)}, code)
    shown = {status: bool(asked(found, "class", "1A", status, "record").rows) for status in ("all", "unlawful", "lawful")}
    assert shown == {"all": True, "unlawful": True, "lawful": False}
    assert asked(found, "class", "1A", "lawful", "room").rows
