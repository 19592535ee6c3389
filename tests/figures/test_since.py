"""A measure before and since the start of the plan, beside a count in plain Python; and a plain no where data cannot tell."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from figures.counted_absences import Slot
from figures.stored_school import StoredSchool, dutch, dutch_percent, missed, number, school_days, usual
from PIL import Image

from stslib.errors import DatasetError
from stslib.figures.since import since
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 1)
STATUS = {"rate": "all", "rate_unlawful": "unlawful", "rate_lawful": "lawful", "late": "late"}


def asked(school: StoredSchool, measure: str, dimension: str, value: str, start: date, policy: str = "room") -> FigureCard:
    return since(school.absences(), measure, dimension, value, start, policy=policy, today=TODAY)


def row(card: FigureCard, name: str) -> tuple[str, ...]:
    return next(line for line in card.rows if line[0] == name)


def days_of(text: str) -> tuple[date, date, int]:
    """``20/11/2025 – 31/03/2026, 79 lesdagen``."""
    first, last, count = re.fullmatch(r"(\S+) – (\S+), (\d+) lesdagen", text).groups()
    return (*(datetime.strptime(day, "%d/%m/%Y").date() for day in (first, last)), int(count))  # type: ignore[return-value]


def within(slots: Sequence[Slot], days: Sequence[date]) -> list[Slot]:
    chosen = set(days)
    return [slot for slot in slots if slot.day in chosen]


def check(card: FigureCard, name: str, slots: Sequence[Slot], days: Sequence[date], status: str) -> float:
    """The row has numerator and denominator of exactly these days; gives the rate."""
    found = row(card, name)
    assert days_of(found[1]) == (days[0], days[-1], len(days))
    inside = within(slots, days)
    assert number(found[2]) == missed(inside, status)
    assert number(found[3]) == len(inside)
    assert found[4] == dutch_percent(missed(inside, status), len(inside))
    return missed(inside, status) / len(inside)


@pytest.mark.parametrize("measure", list(STATUS))
@pytest.mark.parametrize(("dimension", "value"), [("school", ""), ("grade", "2"), ("class", "1A")])
@pytest.mark.parametrize("start", [date(2025, 12, 3), date(2025, 10, 30)], ids=["a Wednesday", "in a holiday"])
def test_before_and_since_are_what_plain_python_counts(
    school: StoredSchool, measure: str, dimension: str, value: str, start: date
) -> None:
    card = asked(school, measure, dimension, value, start)
    slots, status = school.of(dimension, value), STATUS[measure]
    days = school_days("2025-2026", date(2026, 3, 31))
    after = [day for day in days if day >= start]
    before = [day for day in days if day < start][-len(after) :]
    rates = [
        check(card, "Sinds de start", slots, after, status),
        check(card, "Voor de start", slots, before, status),
    ]
    points = abs(rates[0] - rates[1]) * 100
    assert dutch(points) in row(card, "Verschil")[4]
    assert row(card, "Verschil")[4].startswith("−" if rates[0] < rates[1] else "+")
    assert dutch_percent(missed(within(slots, after), status), len(within(slots, after))) in card.title
    assert f"in de {len(before)} lesdagen ervoor" in card.title
    assert f"{start:%d/%m/%Y}" in card.title
    assert "verschil" in card.title
    assert "effect" not in card.model_dump_json(exclude={"png"}).lower()


def test_before_is_as_long_as_since_and_no_longer(school: StoredSchool) -> None:
    start = date(2026, 3, 2)
    days = school_days("2025-2026", date(2026, 3, 31))
    after = [day for day in days if day >= start]
    card = asked(school, "rate", "school", "", start)
    check(card, "Voor de start", school.slots, [day for day in days if day < start][-len(after) :], "all")


def test_a_start_in_the_year_before_counts_on_over_the_summer(school: StoredSchool) -> None:
    start = date(2025, 3, 24)
    days = [*school_days("2024-2025"), *school_days("2025-2026", date(2026, 3, 31))]
    after = [day for day in days if day >= start]
    card = asked(school, "rate", "grade", "1", start)
    check(card, "Sinds de start", school.of("grade", "1"), after, "all")
    check(card, "Voor de start", school.of("grade", "1"), [day for day in days if day < start], "all")
    assert not any(line[0] == "Een jaar eerder" for line in card.rows)
    assert "2024-2025: " in next(line.text for line in card.why if line.label == "Periode")


@pytest.mark.parametrize("start", [date(2025, 9, 1), date(2025, 7, 15)])
def test_a_start_with_the_school_year_is_set_beside_the_same_weeks_a_year_earlier(school: StoredSchool, start: date) -> None:
    card = asked(school, "rate", "grade", "1", start)
    after = school_days("2025-2026", date(2026, 3, 31))
    first, last = after[0] - timedelta(days=364), after[-1] - timedelta(days=364)
    earlier = [day for day in school_days("2024-2025") if first <= day <= last]
    check(card, "Sinds de start", school.of("grade", "1"), after, "all")
    check(card, "Een jaar eerder", school.of("grade", "1"), earlier, "all")
    assert "een jaar eerder was dat in dezelfde weken" in card.title
    assert not any(line[0] == "Voor de start" for line in card.rows)


def test_a_class_is_followed_within_one_school_year(school: StoredSchool) -> None:
    card = asked(school, "rate", "class", "3D", date(2025, 3, 24))
    after = [day for day in school_days("2024-2025") if day >= date(2025, 3, 24)]
    check(card, "Sinds de start", school.of("class", "3D"), after, "all")
    assert asked(school, "rate", "class", "3D", date(2025, 9, 1)).title.startswith("Niet te bepalen")


def test_every_week_of_the_table_is_what_plain_python_counts(school: StoredSchool) -> None:
    card = asked(school, "rate", "grade", "1", date(2025, 12, 3))
    weeks: dict[date, list[Slot]] = {}
    for slot in school.of("grade", "1", school_year="2025-2026"):
        weeks.setdefault(slot.day - timedelta(days=slot.day.weekday()), []).append(slot)
    shown = {line[0]: line for line in card.rows if line[1] == "" and line[0] != "Verschil"}
    assert len(shown) == len(weeks)
    for monday, slots in weeks.items():
        line = shown[f"{monday:%d/%m} – {monday + timedelta(days=4):%d/%m/%Y}"]
        assert (number(line[2]), number(line[3])) == (missed(slots, "all"), len(slots))


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (date(2026, 4, 1), "de cijfers gaan tot 31/03/2026"),
        (date(2026, 3, 25), "5 lesdagen"),
        (date(2026, 3, 31), "één lesdag"),
        (date(2024, 9, 4), "te weinig cijfers"),
        (date(2019, 9, 2), "te weinig cijfers"),
    ],
)
def test_where_the_half_days_cannot_tell_the_card_says_so_without_a_number(
    school: StoredSchool, start: date, said: str
) -> None:
    card = asked(school, "rate", "school", "", start)
    assert card.title.startswith("Niet te bepalen")
    assert said in card.title
    assert card.rows == ()
    assert card.png is None
    assert "%" not in card.title


@pytest.mark.parametrize("policy", ["room", "record"])
def test_a_small_or_unknown_group_is_not_told(school: StoredSchool, policy: str) -> None:
    for value in ("5A", "9Z"):
        card = asked(school, "rate", "class", value, date(2025, 12, 3), policy)
        assert card.title.startswith("Niet te bepalen")
        assert card.rows == ()
        told = card.title.replace(value, "")
        assert not re.search(r"\d", told)


@pytest.mark.parametrize("measure", list(STATUS))
@pytest.mark.parametrize(("dimension", "value"), [("school", ""), ("grade", "1"), ("stream", "doorstroom"), ("class", "1A")])
def test_in_a_record_no_hidden_week_follows_from_the_stretches(
    school: StoredSchool, measure: str, dimension: str, value: str
) -> None:
    """Of every stretch the hidden weeks are none, or several that add up to five half days or more."""
    card = asked(school, measure, dimension, value, date(2025, 12, 3), "record")
    weeks = [line for line in card.rows if re.match(r"\d\d/\d\d – ", line[0])]
    for line in card.rows:
        assert line[2] not in ("1", "2", "3", "4")
    for name in ("Sinds de start", "Voor de start") if weeks else ():
        first, last, _ = days_of(row(card, name)[1])
        hidden = []
        for line in weeks:
            friday = datetime.strptime(line[0][-10:], "%d/%m/%Y").date()
            if line[2] == "–" and friday - timedelta(days=4) <= last and friday >= first:
                days = [max(first, friday - timedelta(days=4)), min(last, friday)]
                slots = [slot for slot in school.of(dimension, value) if days[0] <= slot.day <= days[1]]
                hidden.append(missed(slots, STATUS[measure]))
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= 5)


def test_without_weeks_to_show_the_stretches_are_drawn_as_bars(tmp_path: Path) -> None:
    school = StoredSchool(tmp_path)
    classes = {"1A": ("1", "1", "A-stroom", 20), "1B": ("1", "1", "A-stroom", 20)}
    school.bring_in("2025-2026", usual(5, often=0.01), classes=classes)
    card = asked(school, "rate", "class", "1A", date(2025, 12, 3), "record")
    assert [line[0] for line in card.rows] == ["Sinds de start", "Voor de start", "Verschil"]
    assert card.alt.startswith("Staafdiagram")
    assert any(line.label == "Geen weken" for line in card.why)
    assert card.png


def test_recent_days_are_named_provisional_as_on_other_cards(school: StoredSchool) -> None:
    card = asked(school, "rate_unlawful", "school", "", date(2025, 12, 3))
    assert "17/03/2026" in next(line.text for line in card.why if line.label == "Voorlopig")
    late = asked(school, "late", "school", "", date(2025, 12, 3))
    assert not any(line.label == "Voorlopig" for line in late.why)


def test_the_picture_has_the_weeks_and_the_alternative_text_says_what_it_shows(school: StoredSchool) -> None:
    card = asked(school, "rate", "grade", "2", date(2025, 12, 3))
    assert Image.open(io.BytesIO(card.png)).width > 900
    assert card.alt.startswith("Lijn per week met de start van het plan op 03/12/2025")
    assert "verschil" in card.alt


def test_an_unknown_measure_is_refused_by_name(school: StoredSchool) -> None:
    with pytest.raises(DatasetError, match="Onbekende maat: mood"):
        asked(school, "mood", "school", "", date(2025, 12, 3))
