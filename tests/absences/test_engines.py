"""Every question gets the same answer whichever engine the half days are in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

import pandas as pd
import pytest
from absences.absence_factories import CODES
from absences.nasty_school import make_year
from absences.open_tables import facts_in, of_year, spark_session

from stslib.absences import Absences
from stslib.content import load_thresholds
from stslib.errors import DatasetError

YEARS = [make_year("2024-2025", 7), make_year("2025-2026", 11)]
PERIOD = (date(2025, 10, 6), date(2026, 3, 27))

QUESTIONS = {
    "rate of the whole school": lambda a: a.rate(),
    "rate by class and week": lambda a: a.rate(["class", "week"]),
    "rate by status": lambda a: a.rate(["status", "grade"]),
    "rate by code of unlawful absence": lambda a: a.rate(["code", "school_year"], "unlawful"),
    "rate by day": lambda a: a.rate(["date"], school_years=["2025-2026"]),
    "rate of a part": lambda a: a.rate(["weekday", "half"], where={"grade": "1", "weekday": [1, 5]}, period=PERIOD),
    "late arrivals": lambda a: a.late(["month"]),
    "thresholds": lambda a: a.thresholds(),
    "bands": lambda a: a.bands(["school_year"]),
    "bands of chronic absence": lambda a: a.bands(["grade"], of="chronic"),
    "spells": lambda a: a.spells(["school_year"]),
    "distribution": lambda a: a.distribution(["school_year"], "unlawful"),
    "this year beside the other": lambda a: a.compare(["grade"]),
    "run chart": lambda a: a.run_chart(marks=[(date(2025, 11, 12), "plan")]),
    "funnel": lambda a: a.funnel(["class"]),
    "signals": lambda a: a.signals().to_frame(),
    "order of attention": lambda a: a.attention().to_frame(),
    "focus": lambda a: a.focus("none").to_frame(),
    "why": lambda a: pd.DataFrame([line.model_dump() for line in a.explain(["week"], where={"class": "1A"}, period=PERIOD)]),
}


@lru_cache(maxsize=4)
def asked(engine: str) -> Absences:
    brought = {min(pupil for pupil, *_ in YEARS[1].enrolled): 7}
    years = [facts_in(engine, of_year(YEARS[0])), facts_in(engine, of_year(YEARS[1], brought=brought))]
    return Absences("Nasty", years, codes=CODES, thresholds=load_thresholds())


@pytest.mark.parametrize("question", QUESTIONS)
def test_pandas_counts_as_the_embedded_engine_does(question: str) -> None:
    ask = QUESTIONS[question]
    expected = ask(asked("polars"))
    assert len(expected)
    pd.testing.assert_frame_equal(pd.DataFrame(ask(asked("pandas"))), pd.DataFrame(expected))


@pytest.mark.spark
@pytest.mark.parametrize("question", QUESTIONS)
def test_spark_counts_as_the_embedded_engine_does(question: str) -> None:
    ask = QUESTIONS[question]
    pd.testing.assert_frame_equal(pd.DataFrame(ask(asked("pyspark"))), pd.DataFrame(ask(asked("polars"))))


@lru_cache(maxsize=4)
def several(engine: str) -> Absences:
    years = [facts_in(engine, of_year(make_year("2025-2026", seed), school=f"School {seed}")) for seed in range(1, 7)]
    return Absences("Provincie", years, codes=CODES, thresholds=load_thresholds())


MANY = {
    "by school": lambda a: a.rate(["school", "status"]),
    "by grade": lambda a: a.rate(["grade"]),
    "some schools": lambda a: a.late(["week"], where={"school": ["School 2", "School 5"]}),
    "thresholds": lambda a: a.thresholds(),
    "bands": lambda a: a.bands(["grade"]),
    "spells": lambda a: a.spells(["school"]),
}


@pytest.mark.parametrize("question", MANY)
def test_schools_that_are_counted_a_few_at_a_time_add_up_to_all_of_them(question: str, monkeypatch) -> None:
    from stslib.absences import batches

    ask = MANY[question]
    expected = ask(several("pandas"))
    monkeypatch.setattr(batches, "BATCH_ROWS", 2 * len(several("polars").facts[0].half_days))
    apart = several("polars").with_facts(several("polars").facts)
    pd.testing.assert_frame_equal(pd.DataFrame(ask(apart)), pd.DataFrame(expected))
    assert len(apart._batches or ()) > 2


def test_a_part_of_a_school_that_is_not_counted_is_refused_with_those_that_are() -> None:
    with pytest.raises(DatasetError) as refused:
        several("polars").rate(where={"school": ["School 2", "School 9"]})
    assert "School 9" in refused.value.fact
    assert "School 2" not in refused.value.fact
    assert "School 1, School 2" in refused.value.remedy


@pytest.mark.spark
@pytest.mark.parametrize("question", ["by school", "some schools", "thresholds"])
def test_spark_counts_several_schools_at_once(question: str) -> None:
    ask = MANY[question]
    pd.testing.assert_frame_equal(pd.DataFrame(ask(several("pyspark"))), pd.DataFrame(ask(several("polars"))))


def test_each_school_counts_what_it_counts_alone() -> None:
    together = several("polars").rate(["school", "class"]).set_index("school")
    for facts in several("polars").facts:
        alone = several("polars").with_facts([facts]).rate(["class"])
        pd.testing.assert_frame_equal(pd.DataFrame(together.loc[facts.school].reset_index(drop=True)), pd.DataFrame(alone))


def test_bands_say_whether_they_count_b_or_whatever_the_code() -> None:
    assert asked("polars").bands().explain()[0].text == "ongewettigd: B"
    assert asked("polars").bands(of="chronic").explain()[0].text.startswith("alle codes die als afwezig tellen")


def test_a_frame_of_another_engine_is_refused() -> None:
    facts = several("polars").facts[0]
    with pytest.raises(DatasetError, match=r"Met een tabel van dict .* pandas, Polars of PySpark"):
        several("polars").with_facts([replace(facts, half_days={"pupil": [1]})]).rate()


@pytest.mark.spark
def test_spark_is_asked_and_never_started() -> None:
    session = spark_session()
    asked("pyspark").rate(["grade"])
    assert session.getActiveSession() is session
