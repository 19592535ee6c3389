"""Policies only hide, hide more where more people look, and decide the same whatever is asked first."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from absences.disclosure.random_schools import PUPIL, School, Slot, random_school
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.disclosure import Record, protect_room

YEAR = "2025-2026"
COLUMNS = [
    (),
    ("class",),
    ("grade",),
    ("year", "stream"),
    ("half",),
    ("class", "half"),
    ("status",),
    ("class", "status"),
    ("weekday",),
]
NUMBERS = ("half_days_missed", "late_half_days", "half_days_possible", "pupils", "rate", "rate_low", "rate_high", "late_pupils")


def protect(record: Record, school: School, by, status=None, where=()):
    return record.protect(school.frame(by, status), by, status=status, school_years=[YEAR], where=where)


def numbers(frame: pd.DataFrame) -> list[str]:
    return [name for name in NUMBERS if name in frame.columns]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(COLUMNS), st.sampled_from([None, "unlawful", "late"]))
def test_a_record_and_the_room_only_hide_and_a_record_hides_what_the_room_does(seed, by, status):
    if status == "late" and "status" in by:
        return
    school = random_school(seed)
    frame = school.frame(by, status)
    before = frame.copy()
    room, record = protect_room(frame), protect(Record(school.ask), school, by, status)
    pd.testing.assert_frame_equal(frame, before)
    for name in numbers(frame):
        for protected in (room, record):
            kept = protected[name].notna().tolist()
            assert protected[name][kept].tolist() == frame[name][kept].tolist()
        assert not (room[name].isna() & record[name].notna()).any(), name
    assert (record["rate"].isna() == record["suppressed"]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.permutations(COLUMNS))
def test_what_a_table_hides_does_not_depend_on_what_was_asked_before(seed, order):
    school = random_school(seed)
    together = Record(school.ask)
    for by in order:
        pd.testing.assert_frame_equal(protect(together, school, by), protect(Record(school.ask), school, by))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([("half",), ("weekday",), ("status",)]))
def test_a_finer_table_shows_no_group_that_the_coarser_one_hides(seed, extra):
    school = random_school(seed)
    record = Record(school.ask)
    coarse, fine = protect(record, school, ("class",)), protect(record, school, ("class", *extra))
    fine = fine[fine["status"] != "late"] if "status" in extra else fine
    hidden = set(coarse["class"][coarse["suppressed"]])
    assert fine["suppressed"][fine["class"].isin(hidden)].all()


def test_the_part_of_one_grade_hides_what_the_table_of_all_grades_does():
    for seed in range(40):
        school = random_school(seed)
        record = Record(school.ask)
        every = protect(record, school, ("grade", "class"))
        part = School([slot for slot in school.slots if slot.group[1] == "1"])
        of_part = record.protect(part.frame(("class",)), ("class",), status=None, school_years=[YEAR], where=[("grade", ["1"])])
        expected = every[every["grade"] == "1"]
        assert of_part["suppressed"].tolist() == expected["suppressed"].tolist()


def test_a_status_by_itself_hides_what_the_table_by_status_does():
    for seed in range(40):
        school = random_school(seed)
        record = Record(school.ask)
        every = protect(record, school, ("class", "status"))
        for status in ("unlawful", "lawful", "open", "late"):
            alone = protect(record, school, ("class",), status)
            rows = every[every["status"] == status]
            assert alone["suppressed"].tolist() == rows["suppressed"].tolist(), (seed, status)


def a_school(classes: dict[str, tuple[str, str, int, int]]) -> School:
    """Class -> year, stream, pupils, half days missed; ten half days for everybody."""
    slots, pupil = [], 0
    for name, (year, stream, size, missed) in classes.items():
        left = missed
        for _ in range(size):
            pupil += 1
            for day in range(10):
                slots.append(
                    Slot(pupil, ("s", "1", year, stream, name), 9, 36 + day // 5, day % 5, "VM", "Z" if left > 0 else "")
                )
                left -= 1
    return School(slots)


def shown(school: School, by, **more) -> dict[object, bool]:
    frame = protect(Record(school.ask), school, by, **more)
    return dict(zip(frame[by[0]], ~frame["suppressed"], strict=True)) if by else {"": not frame["suppressed"][0]}


def test_a_class_that_is_the_only_one_of_its_year_does_not_follow_from_the_total():
    """Every class is a year of its own: the year next to a small one hides with it, in both tables."""
    school = a_school({"1A": ("1", "A", 20, 3), "2A": ("2", "A", 20, 40), "3A": ("3", "A", 20, 60)})
    assert not shown(school, ("class",))["1A"]
    assert list(shown(school, ("class",)).values()) == list(shown(school, ("year",)).values())
    assert sum(shown(school, ("class",)).values()) == 1
    assert shown(school, ())[""]


def test_the_large_groups_are_shown_and_the_smallest_that_will_do_is_hidden_beside():
    school = a_school({"1A": ("1", "A", 20, 3), "1B": ("1", "A", 22, 40), "1C": ("1", "A", 18, 60), "2A": ("2", "A", 25, 60)})
    assert shown(school, ("class",)) == {"1A": False, "1B": True, "1C": False, "2A": True}
    assert all(shown(school, ("year",)).values())


@pytest.mark.parametrize("missed", [0, 90])
def test_neither_nothing_nor_everything_of_a_small_group_is_shown(missed):
    school = a_school({"1A": ("1", "A", 9, missed), "1B": ("1", "A", 20, 40), "1C": ("1", "A", 20, 50)})
    assert not shown(school, ("class",))["1A"]
    assert sum(shown(school, ("class",)).values()) == 1


def test_a_total_of_zero_that_holds_a_small_group_is_not_shown():
    school = a_school({"1A": ("1", "A", 9, 0), "1B": ("1", "A", 20, 0), "2A": ("2", "B", 20, 50), "2B": ("2", "B", 20, 50)})
    assert not shown(school, ("year",))["1"]


def test_pupils_of_a_group_under_five_do_not_follow_from_their_year():
    school = a_school({"1A": ("1", "A", 3, 6), "1B": ("1", "A", 20, 40), "1C": ("1", "A", 24, 50)})
    frame = protect(Record(school.ask), school, ("class",))
    assert frame["pupils"].isna().tolist() == [True, True, False]
    assert protect(Record(school.ask), school, ("year",))["pupils"].tolist() == [47]


def test_late_arrivals_of_a_few_pupils_are_hidden_though_they_are_many():
    slots = a_school({"1A": ("1", "A", 20, 0), "1B": ("1", "A", 20, 0), "1C": ("1", "A", 20, 0)}).slots
    late = [
        Slot(s.pupil, s.group, s.month, s.week, s.weekday, s.half, "L" if s.pupil <= 2 or s.pupil > 20 else "") for s in slots
    ]
    frame = protect(Record(School(late).ask), School(late), ("class",), "late")
    assert frame["late_half_days"].isna().tolist() == [True, False, True]


def test_a_number_over_two_years_is_hidden_where_it_is_in_one_of_them():
    large = a_school({"1A": ("1", "A", 20, 30), "1B": ("1", "A", 20, 40), "1C": ("1", "A", 20, 50)})
    small = a_school({"1A": ("1", "A", 20, 3), "1B": ("1", "A", 20, 40), "1C": ("1", "A", 20, 50)})
    years = {"2024-2025": small, "2025-2026": large}
    record = Record(lambda by, measure, year: years[year].ask(by, measure, year))
    both = School(small.slots + large.slots)
    frame = record.protect(both.frame(("class",)), ("class",), status=None, school_years=list(years))
    assert frame["suppressed"].tolist() == [True, False, True]
    per_year = pd.concat([one.frame(("class",)).assign(school_year=year) for year, one in years.items()], ignore_index=True)
    frame = record.protect(per_year, ("school_year", "class"), status=None, school_years=list(years))
    assert frame["suppressed"].tolist() == [True, False, True, False, False, False]


def test_nobody_enrolled_is_an_empty_table():
    school = School([])
    frame = pd.DataFrame({"class": [], "half_days_missed": [], "half_days_possible": [], "pupils": [], "rate": []})
    assert Record(school.ask).protect(frame, ("class",), status=None, school_years=[YEAR]).empty


def test_tables_say_what_the_family_decided_for_every_grouping():
    chance = random.Random(3)
    for seed in range(15):
        school = random_school(seed)
        record = Record(school.ask)
        for by in [tuple(chance.sample(PUPIL, chance.randint(0, 5))) for _ in range(4)]:
            frame, sized = protect(record, school, by), school.frame(by)
            small = (sized["pupils"] < 10) | sized["half_days_missed"].between(1, 4)
            assert frame["suppressed"][small].all()
            assert frame["pupils"].isna()[sized["pupils"] < 5].all()
