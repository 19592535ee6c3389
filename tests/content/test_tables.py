"""Codes, thresholds and the calendar as they ship."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from stslib import content
from stslib.errors import ContentError
from stslib.model.absence import AbsenceCode, SchoolYearCalendar, Status, WeeklyGrid

MakeContent = Callable[..., pathlib.Path]

CLASS_DAYS = {
    "2022-2023": (182, 327),
    "2023-2024": (182, 328),
    "2024-2025": (180, 323),
    "2025-2026": (182, 327),
    "2026-2027": (183, 329),
    "2027-2028": (182, 326),
}

BREAKS = {
    "2022-2023": ("31/10-6/11", "26/12-8/1", "20/2-26/2", "3/4-16/4"),
    "2023-2024": ("30/10-5/11", "25/12-7/1", "12/2-18/2", "1/4-14/4"),
    "2024-2025": ("28/10-3/11", "23/12-5/1", "3/3-9/3", "7/4-21/4"),
    "2025-2026": ("27/10-2/11", "22/12-4/1", "16/2-22/2", "6/4-19/4"),
    "2026-2027": ("2/11-8/11", "21/12-3/1", "8/2-14/2", "29/3-11/4"),
    "2027-2028": ("1/11-7/11", "27/12-9/1", "28/2-5/3", "3/4-17/4"),
}

LOOSE = {
    "2022-2023": {"11/11", "1/5", "18/5", "19/5", "29/5"},
    "2023-2024": {"1/5", "9/5", "10/5", "20/5"},
    "2024-2025": {"11/11", "1/5", "29/5", "30/5", "9/6"},
    "2025-2026": {"11/11", "1/5", "14/5", "15/5", "25/5"},
    "2026-2027": {"11/11", "6/5", "7/5", "17/5"},
    "2027-2028": {"11/11", "1/5", "25/5", "26/5", "5/6"},
}

STATUSES = {
    "B": (Status.UNLAWFUL, True),
    **dict.fromkeys("ZDPRHMCJTUY", (Status.LAWFUL, True)),
    "A": (Status.NEUTRAL, True),
    **dict.fromkeys("WGNX", (Status.NEUTRAL, False)),
    "L": (Status.LATE, False),
    "-": (Status.OPEN, True),
    **dict.fromkeys("|I", (Status.PRESENT, False)),
}


def short(day: date) -> str:
    return f"{day.day}/{day.month}"


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def class_days(calendar: SchoolYearCalendar) -> list[date]:
    free = {day for holiday in calendar.holidays for day in every_day(holiday.first, holiday.last)}
    return [day for day in every_day(calendar.first_day, calendar.last_day) if day.weekday() < 5 and day not in free]


@pytest.mark.parametrize("school_year", CLASS_DAYS)
def test_a_school_year_has_the_class_days_and_half_days_of_the_table(school_year: str) -> None:
    days = class_days(content.load_calendar(school_year))
    grid = WeeklyGrid().days()
    assert (len(days), sum(len(grid[day.weekday()]) for day in days)) == CLASS_DAYS[school_year]


@pytest.mark.parametrize("school_year", BREAKS)
def test_the_four_breaks_and_the_loose_days_are_those_of_the_table(school_year: str) -> None:
    calendar = content.load_calendar(school_year)
    long = [holiday for holiday in calendar.holidays if (holiday.last - holiday.first).days >= 6]
    loose = [holiday for holiday in calendar.holidays if holiday not in long]
    assert tuple(f"{short(holiday.first)}-{short(holiday.last)}" for holiday in long) == BREAKS[school_year]
    assert {short(day) for holiday in loose for day in every_day(holiday.first, holiday.last)} == LOOSE[school_year]


def easter(year: int) -> date:
    """The Gregorian computus."""
    century, rest = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    epact -= (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - year % 19) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    assert rest == year % 100
    return date(year, month, offset + 28 - 31 * (month // 4))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@pytest.mark.parametrize("school_year", BREAKS)
def test_the_breaks_follow_the_rules_by_which_they_are_set(school_year: str) -> None:
    calendar = content.load_calendar(school_year)
    start = int(school_year[:4])
    first = {holiday.name: holiday.first for holiday in calendar.holidays}
    all_saints, christmas, paschal = date(start, 11, 1), date(start, 12, 25), easter(start + 1)
    assert first["Herfstvakantie"] == (date(start, 11, 2) if all_saints.weekday() == 6 else monday_of(all_saints))
    assert first["Kerstvakantie"] == monday_of(christmas + timedelta(days=2 if christmas.weekday() >= 5 else 0))
    assert first["Krokusvakantie"] == paschal - timedelta(days=48)
    if paschal.month == 3:
        expected = paschal + timedelta(days=1)
    elif paschal > date(start + 1, 4, 15):
        expected = paschal - timedelta(days=13)
    else:
        expected = next(day for day in every_day(date(start + 1, 4, 1), date(start + 1, 4, 7)) if day.weekday() == 0)
    assert first["Paasvakantie"] == expected
    assert first["Hemelvaart en brugdag"] == paschal + timedelta(days=39)
    assert first["Pinkstermaandag"] == paschal + timedelta(days=50)
    assert date(start + 1, paschal.month, paschal.day) + timedelta(days=1) not in class_days(calendar)


def test_the_six_school_years_are_known_oldest_first() -> None:
    assert [calendar.school_year for calendar in content.calendars()] == list(CLASS_DAYS)
    assert all(calendar.source for calendar in content.calendars())


def test_an_unknown_school_year_is_told_with_the_known_ones() -> None:
    with pytest.raises(ContentError, match=r"'2019-2020' staat er niet in\. Gekende schooljaren: 2022-2023"):
        content.load_calendar("2019-2020")


def codes() -> dict[str, AbsenceCode]:
    return {entry.code: entry for entry in content.load_codes()}


def test_every_code_has_the_status_of_the_table() -> None:
    assert {code: (entry.status, entry.absent) for code, entry in codes().items()} == STATUSES
    assert len(content.load_codes()) == len(STATUSES) == 21


def test_older_codes_say_which_official_code_they_fall_under_today() -> None:
    official = {code: entry.official for code, entry in codes().items() if entry.official}
    assert official == {"D": "Z", **dict.fromkeys("CJTUY", "R")}
    assert {code for code, entry in codes().items() if entry.valid_to == date(2019, 8, 31)} == set("DCJTUYWG")
    assert {code for code, entry in codes().items() if entry.valid_from} == {"N", "X"}


def test_toddlers_and_unknown_reasons_are_shown_apart() -> None:
    assert {code for code, entry in codes().items() if entry.shown_apart} == {"A", "-"}


def test_every_code_and_threshold_has_a_source_with_a_part() -> None:
    for entry in (*content.load_codes(), *content.load_thresholds()):
        assert len(entry.source.split(": ")) >= 2


def test_every_threshold_has_the_number_of_the_table() -> None:
    assert {entry.id: entry.value for entry in content.load_thresholds()} == {
        "clb-melding": 5,
        "clb-melding-tot-2016": 10,
        "band-5": 5,
        "band-10": 10,
        "band-15": 15,
        "band-30": 30,
        "schooltoeslag": 30,
        "ouderbriefjes-aantal": 4,
        "ouderbriefjes-duur": 3,
        "toah-langdurig": 22,
        "toah-chronisch": 9,
        "clb-opdracht-z-codes": None,
        "kleuter-onder-3": 100,
        "kleuter-3": 150,
        "kleuter-4": 185,
        "kleuter-5": 290,
        "chronisch-10": 10,
        "chronisch-20": 20,
        "chronisch-50": 50,
    }


def test_the_old_and_the_new_rule_on_reporting_meet_without_a_gap() -> None:
    by_id = {entry.id: entry for entry in content.load_thresholds()}
    old, new, announced = by_id["clb-melding-tot-2016"], by_id["clb-melding"], by_id["clb-opdracht-z-codes"]
    assert old.valid_to == date(2016, 8, 31)
    assert new.valid_from == date(2016, 9, 1)
    assert announced.valid_from == date(2027, 9, 1)


def test_a_code_may_stand_twice_for_periods_that_do_not_meet(make_content: MakeContent) -> None:
    folder = make_content(
        "codes.yaml",
        "codes:\n",
        "codes:\n  - {code: B, betekenis: Vroeger, status: ongewettigd, telt_als_afwezig: ja, geldig_tot: 2019-08-31,\n"
        "     bron: {document: plan, onderdeel: x}}\n",
    )
    path = folder / "codes.yaml"
    path.write_text(
        path.read_text("utf-8").replace("betekenis: Zonder", "geldig_van: 2019-09-01\n    betekenis: Zonder"), "utf-8"
    )
    assert [entry.code for entry in content.load_codes(folder)] == ["B", "B", "-"]


@pytest.mark.parametrize("load", [content.load_codes, content.load_thresholds, content.calendars])
def test_a_table_with_a_fault_is_not_used_at_all(make_content: MakeContent, load: Callable[[pathlib.Path], object]) -> None:
    folder = make_content()
    for name in ("codes", "drempels", "kalender"):
        path = folder / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("bron:", "bronn:", 1), "utf-8")
    with pytest.raises(ContentError, match="Bedoelde je 'bron'"):
        load(folder)
