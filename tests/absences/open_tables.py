"""Open tables in any engine, from a generated school or from half days that fit on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from absences.absence_factories import CODES, make_calendar
from absences.nasty_school import CLASSES, NastyYear

from stslib.absences.tables import SchoolYearFacts, Tables, open_tables
from stslib.model.absence import AbsenceCode, WeeklyGrid

ENGINES = ("polars", "pandas")
"""What every indicator is tested on; ``pyspark`` works as well, where a session may take its time to start."""

Stay = tuple[str, str, date, date]
"""Pupil, class, first, last."""


def make_facts(
    school_year: str = "2025-2026",
    marks: Mapping[tuple[str, date, str], str] | None = None,
    enrolled: Iterable[Stay] = (),
    *,
    school: str = "",
    link: str = "link",
    period: tuple[date, date] | None = None,
    brought: Mapping[str, int] | None = None,
    totals: Mapping[tuple[str, str], int] | None = None,
) -> SchoolYearFacts:
    """One school year as plain columns; ``open_in`` puts them in an engine.

    Args:
        school_year: one of ``absence_factories.TABLE``.
        marks: (pupil, day, half) -> code.
        enrolled: pupils with their stays; a pupil of *marks* that is not there goes to 1A the whole year.
        school: of several schools, which one.
        link: years with the same link have the same pupils.
        period: the days that the export covers; None is the whole year.
        brought: pupil -> B half days of another school.
        totals: (pupil, code) -> half days, for an export without days.
    """
    calendar, marks = make_calendar(school_year), marks or {}
    stays = list(enrolled)
    known = {pupil for pupil, *_ in stays}
    named = dict.fromkeys(pupil for pupil, *_ in (*marks, *(totals or {})))
    stays += [(pupil, "1A", calendar.first_day, calendar.last_day) for pupil in named if pupil not in known]
    rows = [(int(pupil), day, half, code, "") for (pupil, day, half), code in marks.items()]
    return SchoolYearFacts(
        school_year=school_year,
        half_days=_columns(("pupil", "date", "half", "code", "subcode"), rows),
        enrolment=_columns(("pupil", "class", "first", "last"), [(int(pupil), *rest) for pupil, *rest in stays]),
        classes=_columns(
            ("class", "grade", "year", "stream", "level"), [(name, *of) for name, of in CLASSES.items() if name != "OKAN"]
        ),
        calendar=calendar,
        grid=WeeklyGrid(),
        free_days=(),
        period=period,
        last_day=max((day for _, day, _ in marks), default=calendar.last_day),
        enrolment_known=True,
        report=None,
        link=link,
        school=school,
        shape="long" if totals is None else "totals",
        brought=None if brought is None else _columns(("pupil", "half_days"), [(int(p), n) for p, n in brought.items()]),
        totals=None
        if totals is None
        else _columns(("pupil", "code", "half_days"), [(int(p), code, n) for (p, code), n in totals.items()]),
    )


def of_year(year: NastyYear, **more: Any) -> SchoolYearFacts:
    """A generated school year, as far as reading keeps its rows."""
    return make_facts(year.school_year, year.marks, year.enrolled, **more)


def open_in(engine: str, years: Sequence[NastyYear | SchoolYearFacts], codes: Sequence[AbsenceCode] = CODES) -> Tables:
    """The tables of *years* in *engine*: one of ``ENGINES`` or ``pyspark``. Of several schools, 0 is the first by name."""
    facts = [facts_in(engine, year) for year in years]
    return open_tables(facts, codes, _numbers(facts))


def open_apart(engine: str, years: Sequence[NastyYear | SchoolYearFacts], codes: Sequence[AbsenceCode] = CODES) -> list[Tables]:
    """As ``open_in``, each school in tables of its own."""
    facts = [facts_in(engine, year) for year in years]
    schools = dict.fromkeys(year.school for year in facts)
    return [open_tables([year for year in facts if year.school == school], codes, _numbers(facts)) for school in schools]


def _numbers(facts: Sequence[SchoolYearFacts]) -> dict[str, int] | None:
    schools = sorted({year.school for year in facts})
    return {school: number for number, school in enumerate(schools)} if len(schools) > 1 else None


def facts_in(engine: str, year: NastyYear | SchoolYearFacts) -> SchoolYearFacts:
    """*year* with its tables as frames of *engine*."""
    from dataclasses import replace

    facts = of_year(year) if isinstance(year, NastyYear) else year
    tables = {name: getattr(facts, name) for name in ("half_days", "enrolment", "classes", "brought", "totals")}
    return replace(facts, **{name: None if columns is None else frame_in(engine, columns) for name, columns in tables.items()})


def frame_in(engine: str, columns: Mapping[str, Sequence[Any]]) -> Any:
    """Plain columns as a frame of *engine*, typed as stored tables are, also without any row."""
    if engine == "polars":
        import polars as pl

        types = {int: pl.Int64, date: pl.Date, str: pl.String}
        return pl.DataFrame(dict(columns), schema={name: types[_TYPES[name]] for name in columns})
    if engine == "pandas":
        import pandas as pd

        kinds = {int: "int64", date: "datetime64[us]", str: "str"}
        return pd.DataFrame({name: pd.Series(list(of), dtype=kinds[_TYPES[name]]) for name, of in columns.items()})
    kinds = {int: "bigint", date: "date", str: "string"}
    schema = ", ".join(f"`{name}` {kinds[_TYPES[name]]}" for name in columns)
    return spark_session().createDataFrame(list(zip(*columns.values(), strict=True)), schema)


@lru_cache(maxsize=1)
def spark_session() -> Any:
    """One session for all tests, on two cores; takes seconds to start."""
    from pyspark.sql import SparkSession

    quiet = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in quiet.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("pupil", "half_days"), int),
    **dict.fromkeys(("date", "first", "last"), date),
    **dict.fromkeys(("half", "code", "subcode", "class", "grade", "year", "stream", "level"), str),
}


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
