"""Possible half days against the published table of school years."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from absences.absence_factories import TABLE, make_calendar
from hypothesis import given
from hypothesis import strategies as st

from stslib import content
from stslib.absences.calendar import check_school_year, class_days, count_possible, default_keep_until, next_school_year, slots
from stslib.errors import DatasetError
from stslib.model.absence import Half, Period, WeeklyGrid

YEARS = sorted(TABLE)


@pytest.mark.parametrize("school_year", YEARS)
def test_class_days_and_half_days_are_those_of_the_table(school_year):
    calendar = make_calendar(school_year)
    assert (len(class_days(calendar)), count_possible(calendar)) == TABLE[school_year][-2:]


@pytest.mark.parametrize("school_year", YEARS)
def test_the_calendar_in_content_gives_the_same_days(school_year):
    assert class_days(content.load_calendar(school_year)) == class_days(make_calendar(school_year))
    assert count_possible(content.load_calendar(school_year)) == TABLE[school_year][-1]


@pytest.mark.parametrize("school_year", YEARS)
def test_every_number_of_a_slot_is_that_of_its_date(school_year):
    rows = slots(make_calendar(school_year))
    start = int(school_year[:4])
    assert rows[0].date == min(date(start, 9, day) for day in range(1, 4) if date(start, 9, day).weekday() < 5)
    assert rows[-1].date == date(start + 1, 6, 30)
    assert len(rows) == 2 * ((rows[-1].date - rows[0].date).days + 1)
    for row in rows:
        assert (row.week, row.weekday, row.month) == (row.date.isocalendar().week, row.date.isoweekday(), row.date.month)
        assert row.possible == (row.why_not is None)
        assert row.school_week == (row.date - (rows[0].date - timedelta(days=rows[0].date.weekday()))).days // 7 + 1
    numbers = [row.school_day for row in rows if row.school_day]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1))


def test_wednesday_afternoon_is_no_school_time_unless_the_grid_says_so():
    calendar = make_calendar()
    wednesdays = [slot for slot in slots(calendar) if slot.weekday == 3 and slot.half == "NM"]
    assert not any(slot.possible for slot in wednesdays)
    assert count_possible(calendar, grid=WeeklyGrid(wednesday=(Half.MORNING, Half.AFTERNOON))) == 2 * len(class_days(calendar))


@given(st.data())
def test_a_period_split_in_two_has_the_same_possible_half_days(data):
    calendar = make_calendar(data.draw(st.sampled_from(YEARS)))
    days = st.dates(calendar.first_day - timedelta(days=40), calendar.last_day + timedelta(days=40))
    first, middle, last = sorted(data.draw(st.tuples(days, days, days)))
    whole = count_possible(calendar, first, last)
    assert whole == count_possible(calendar, first, middle) + count_possible(calendar, middle + timedelta(days=1), last)


@given(st.data())
def test_a_free_day_takes_away_exactly_its_own_half_days(data):
    calendar = make_calendar(data.draw(st.sampled_from(YEARS)))
    day = data.draw(st.dates(calendar.first_day, calendar.last_day))
    free = (Period(name="studiedag", first=day, last=day),)
    assert count_possible(calendar, free_days=free) == count_possible(calendar) - count_possible(calendar, day, day)


def test_school_years_follow_each_other_and_figures_are_kept_until_the_end_of_the_next():
    assert next_school_year("2025-2026") == "2026-2027"
    assert default_keep_until("2025-2026") == date(2027, 8, 31)


@pytest.mark.parametrize("text", ["2025", "2025-2027", "2025/2026", "25-26", "", "1999-2000", "2025-2026 "])
def test_a_school_year_that_reads_otherwise_is_refused(text):
    with pytest.raises(DatasetError, match="opeenvolgende jaren"):
        check_school_year(text)


def test_class_days_beside_a_weekend_or_a_holiday_say_so():
    by_day = {slot.date: (slot.before, slot.after) for slot in slots(make_calendar("2025-2026")) if slot.possible}
    assert by_day[date(2025, 9, 1)] == ("", "holiday")  # the summer
    assert by_day[date(2025, 9, 5)] == ("weekend", "")
    assert by_day[date(2025, 9, 8)] == ("", "weekend")
    assert by_day[date(2025, 9, 3)] == ("", "")
    assert by_day[date(2025, 10, 24)] == ("holiday", "")  # the Friday before the autumn break
    assert by_day[date(2025, 11, 10)] == ("holiday", "weekend")  # a Monday before 11 November
    assert by_day[date(2026, 5, 13)] == ("holiday", "")  # the day before Ascension
    assert by_day[date(2026, 6, 30)] == ("holiday", "")


@given(st.data())
def test_possible_half_days_are_numbered_without_a_gap(data):
    calendar = make_calendar(data.draw(st.sampled_from(sorted(TABLE))))
    day = data.draw(st.dates(calendar.first_day, calendar.last_day))
    free = (Period(name="eigen vrije dag", first=day, last=day + timedelta(days=data.draw(st.integers(0, 9)))),)
    found = [slot for slot in slots(calendar, None, free) if slot.possible]
    assert [slot.slot for slot in found] == list(range(1, len(found) + 1))
    assert all(later.day_number - earlier.day_number == (later.date - earlier.date).days for earlier, later in pairwise(found))
    days = sorted({slot.date for slot in found})
    edges = {slot.date: slot for slot in found}
    for one, following in pairwise(days):
        assert bool(edges[one].before) == bool(edges[following].after) == ((following - one).days > 1)
        assert edges[one].before == edges[following].after
