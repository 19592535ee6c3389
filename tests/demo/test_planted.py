"""What happens in the made-up school besides chance is found by the figures, and the rest stays ordinary."""

from __future__ import annotations

import random
from datetime import date

import pytest

from stslib.content import load_calendar
from stslib.demo import DEMO_SCHOOL, make_demo
from stslib.demo.absence import mark_year
from stslib.demo.make import EXPORTED_ON, SCHOOL_YEARS
from stslib.demo.planted import OFTEN_ILL, PLAN_FROM
from stslib.demo.school import make_school
from stslib.figures.library import load_absences

STREAM = "arbeidsmarktgerichte finaliteit"


@pytest.fixture(scope="module")
def absences(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("patronen")
    make_demo(data)
    return load_absences(DEMO_SCHOOL, data)


def test_every_kind_of_signal_is_about_a_handful_of_pupils_or_about_a_plain_rule(absences) -> None:
    found = absences.signals().summary().set_index("signal")["pupils_with"]
    by_chance = found[["fixed-moment", "free-days", "growing", "growing-late"]]
    assert (by_chance >= 3).all()
    assert (by_chance <= 12).all()
    assert (found > 0).all()


def test_the_fixed_moments_are_monday_mornings_and_friday_afternoons(absences) -> None:
    moments = [row.measure["moment"] for row in absences.signals().rows() if row.signal == "fixed-moment"]
    assert set(moments) == {"1 VM", "5 NM"}
    assert all(moments.count(moment) >= 2 for moment in set(moments))


def test_somebody_is_away_before_holidays_and_somebody_after(absences) -> None:
    edges = [row for row in absences.signals().rows() if row.signal == "free-days" and row.overlaps is None]
    assert {"before holiday", "after holiday"} <= {row.measure["moment"] for row in edges}


def test_the_year_before_has_no_pattern_beyond_chance(absences) -> None:
    found = absences.signals(school_year="2024-2025").summary().set_index("signal")["pupils_with"]
    assert found[["fixed-moment", "free-days", "growing", "growing-late"]].sum() <= 3


def test_one_class_lies_further_out_than_chance_goes(absences) -> None:
    funnel = absences.funnel(["class"], school_years=["2025-2026"])
    assert funnel[funnel["outside"] == "99.8"]["class"].tolist() == [OFTEN_ILL]
    before = absences.funnel(["class"], school_years=["2024-2025"])
    assert (before["outside"] != "99.8").all()


def test_coming_late_falls_where_the_plan_runs_and_nowhere_else(absences) -> None:
    weeks = absences.run_chart(["stream"], status="late", school_years=["2025-2026"])
    lower = weeks[weeks["run_of_eight"] & (weeks["rate"] < weeks["centre"])]
    assert set(lower["stream"]) == {STREAM}
    assert lower["monday"].min() > PLAN_FROM


def test_some_pupils_brought_b_codes_along_from_another_school(absences) -> None:
    (year,) = (year for year in absences.facts if year.school_year == "2025-2026")
    assert year.brought is not None
    counts = year.brought["half_days"].to_list()
    assert 5 <= len(counts) <= 30
    assert all(1 <= count <= 14 for count in counts)


def test_whatever_is_planted_the_ordinary_half_days_stay_the_same() -> None:
    def marks(besides: int) -> tuple[set[tuple[str, date, str, str]], ...]:
        rng = random.Random(3)
        years = [load_calendar(school_year) for school_year in SCHOOL_YEARS]
        school = make_school(rng, years, size=0.3)
        return tuple(
            {
                (mark.pupil.number, mark.day, mark.half.value, mark.code)
                for mark in mark_year(rng, school, year, until=EXPORTED_ON[year.school_year], besides=random.Random(besides))
            }
            for year in years
        )

    (before, now), (before_other, now_other) = marks(1), marks(2)
    assert before == before_other
    assert now != now_other
    until = date(2026, 4, 20)
    alike = {mark for mark in now & now_other if mark[1] < until}
    assert len(alike) > 0.8 * sum(mark[1] < until for mark in now)
