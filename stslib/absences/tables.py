"""The open tables that every indicator is counted from: possible half days, who was enrolled, and what was noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from stslib.absences import engine
from stslib.absences.calendar import CALENDAR_COLUMNS, slots
from stslib.absences.indicators.dimensions import PUPIL_DIMENSIONS, SCHOOL, UNKNOWN
from stslib.absences.reading.report import ReadingReport
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, Status, WeeklyGrid

Table = nw.LazyFrame[Any]


@dataclass(frozen=True, repr=False)
class SchoolYearFacts:
    """One school year of one school: tables with pseudonyms, and what they were read with.

    The tables are frames of any one engine (pandas, Polars, also lazy, PySpark).
    """

    school_year: str
    half_days: Any
    """pupil, date, half, code, subcode."""
    enrolment: Any
    """pupil, class, first, last (both inclusive)."""
    classes: Any
    """class, grade, year, stream, level."""
    calendar: SchoolYearCalendar
    grid: WeeklyGrid
    free_days: tuple[Period, ...]
    period: tuple[date, date] | None
    last_day: date
    """Last day with a row in the export."""
    enrolment_known: bool
    report: ReadingReport | None
    link: str
    """Years with the same link have the same pseudonym for the same pupil."""
    school: str = ""
    shape: str = "long"
    """``totals``: only numbers per pupil and code are known, no days."""
    brought: Any = None
    """pupil, half_days: B half days that a pupil brought along from another school in this school year."""
    totals: Any = None
    """pupil, code, half_days: all that an export of totals tells."""

    @property
    def first(self) -> date:
        """First day that possible half days are counted for."""
        return self.period[0] if self.period else self.calendar.first_day

    @property
    def last(self) -> date:
        """Last day that possible half days are counted for."""
        return self.period[1] if self.period else self.calendar.last_day

    @property
    def start_year(self) -> int:
        """``2025`` for 2025-2026."""
        return int(self.school_year[:4])


class Tables:
    """``calendar``, ``enrolled`` and ``facts``, open in one engine; see ``stslib.absences.indicators`` for their columns."""

    def __init__(
        self,
        engine: engine.Engine,
        calendar: Table,
        enrolled: Table,
        facts: Table,
        brought: Table | None = None,
        totals: Table | None = None,
    ) -> None:
        self.engine = engine
        self.calendar = calendar
        self.enrolled = enrolled
        self.facts = facts
        self.brought = brought
        """(school,) pupil, start_year, half_days: B half days brought along from another school; None: nobody brought any."""
        self.totals = totals
        """(school,) pupil, start_year, code, half_days: of exports without days; None: there is none."""
        self._codes: frozenset[str] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """``("school",)`` where several schools are counted together, else nothing."""
        return (SCHOOL,) if SCHOOL in self.calendar.collect_schema().names() else ()

    @property
    def codes(self) -> frozenset[str]:
        """The codes that occur."""
        if self._codes is None:
            self._codes = frozenset(self.collect(self.facts.select("code").unique())["code"])
        return self._codes

    def collect(self, frame: Table) -> dict[str, list[Any]]:
        """The values of *frame* as plain Python columns."""
        return self.engine.collect(frame)

    def here(self) -> Tables:
        """The same tables in this process, where they are in a cluster: for questions about the pupils of one school."""
        if self.engine.in_batches:
            return self
        local = engine.Embedded()
        tables = (self.calendar, self.enrolled, self.facts)
        return Tables(local, *(local.table(self.collect(table)) for table in tables))

    def only(self, groups: Mapping[str, Sequence[object]], times: Mapping[str, Sequence[object]] | None = None) -> Tables:
        """Some groups of pupils, some times or both: numerators and denominators over the same part.

        Args:
            groups: any of ``GROUP_COLUMNS`` -> the values that stay.
            times: any of ``TIME_COLUMNS`` or ``start_year`` -> the values that stay.
        """
        return self.narrow(
            [nw.col(name).is_in(list(values)) for name, values in groups.items()],
            [nw.col(name).is_in(list(values)) for name, values in (times or {}).items()],
        )

    def narrow(self, groups: Sequence[nw.Expr], times: Sequence[nw.Expr]) -> Tables:
        """The part for which all *groups* (over ``enrolled``) and *times* (over ``calendar``) hold."""
        part = Tables(
            self.engine,
            self.calendar.filter(*times) if times else self.calendar,
            self.enrolled.filter(*groups) if groups else self.enrolled,
            self.facts.filter(*groups, *times) if groups or times else self.facts,
            self.brought,
            self.totals,
        )
        part._codes = self._codes
        return part


def open_tables(
    years: Sequence[SchoolYearFacts],
    codes: Sequence[AbsenceCode],
    numbers: Mapping[str, int] | None = None,
    *,
    keep: bool = True,
) -> Tables:
    """The tables of some school years, of one school or of several.

    A half day outside the calendar, outside the pupil's enrolment or with an unknown code has no place in any rate and
    is left out.

    Args:
        years: at least one; all tables of one engine.
        codes: one entry per code.
        numbers: school -> its number, which the column ``school`` holds; None: one school, and no such column.
        keep: hold the placed half days for later questions, where they are few enough.
    """
    where = engine.like(years[0].half_days)
    several = numbers is not None
    keys = [SCHOOL] if several else []
    calendar = where.table(calendar_columns(years, numbers))
    enrolled = engine.stack([_with_school(_enrolled(year), year, numbers) for year in years])
    known = [code.code for code in codes]
    half_days = engine.stack([_with_school(_half_days(year), year, numbers) for year in years]).filter(
        nw.col("code").is_in(known)
    )
    enrolled = where.keep(enrolled) if keep else enrolled
    facts = (
        half_days.join(calendar, on=[*keys, "date", "half"], how="inner")
        .join(enrolled, on=[*keys, "start_year", "pupil"], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .drop("first", "last")
        .with_columns(_status(codes))
    )
    return Tables(
        where,
        calendar,
        enrolled,
        where.keep(facts) if keep and _fits(years) else facts,
        _beside(years, "brought", ("half_days",), numbers),
        _beside(years, "totals", ("code", "half_days"), numbers),
    )


def _with_school(table: Table, year: SchoolYearFacts, numbers: Mapping[str, int] | None) -> Table:
    return table if numbers is None else table.with_columns(nw.lit(numbers[year.school]).cast(nw.Int32).alias(SCHOOL))


def _beside(
    years: Sequence[SchoolYearFacts], name: str, columns: Sequence[str], numbers: Mapping[str, int] | None
) -> Table | None:
    """The small tables of all years that have one."""
    found = [(year, getattr(year, name)) for year in years if not _is_empty(getattr(year, name))]
    if not found:
        return None
    parts = []
    for year, native in found:
        start = nw.lit(year.start_year).cast(nw.Int32).alias("start_year")
        parts.append(_with_school(engine.lazy(native).select("pupil", *columns).with_columns(start), year, numbers))
    return engine.stack(parts)


def _fits(years: Sequence[SchoolYearFacts]) -> bool:
    """Whether the half days are few enough to keep placed in memory; of a lazy table nobody knows how many there are."""
    try:
        return sum(len(year.half_days) for year in years) <= engine.IN_MEMORY_ROWS
    except TypeError:
        return False


def _is_empty(native: Any) -> bool:
    return native is None or (hasattr(native, "__len__") and len(native) == 0)


def _status(codes: Sequence[AbsenceCode]) -> nw.Expr:
    """The status of each code, as an expression and not as a join: what does not ask for it pays nothing."""
    of: dict[str, list[str]] = {}
    for code in codes:
        of.setdefault(code.status.value, []).append(code.code)
    told = nw.lit(Status.PRESENT.value)
    for status, known in of.items():
        told = nw.when(nw.col("code").is_in(known)).then(nw.lit(status)).otherwise(told)
    return told.alias("status")


def _enrolled(year: SchoolYearFacts) -> Table:
    classes = engine.lazy(year.classes).select("class", *(nw.col(name).cast(nw.String) for name in PUPIL_DIMENSIONS[:-1]))
    joined = engine.lazy(year.enrolment).select("pupil", "class", "first", "last").join(classes, on="class", how="left")
    named = joined.with_columns(
        nw.lit(year.start_year).cast(nw.Int32).alias("start_year"),
        *(nw.col(name).fill_null(UNKNOWN) for name in PUPIL_DIMENSIONS),
    )
    return named.select("pupil", "start_year", "first", "last", *reversed(PUPIL_DIMENSIONS))


def _half_days(year: SchoolYearFacts) -> Table:
    return engine.lazy(year.half_days).select("pupil", "date", "half", "code", "subcode")


def calendar_columns(years: Sequence[SchoolYearFacts], numbers: Mapping[str, int] | None = None) -> dict[str, list[Any]]:
    """The possible half days of the days that each export covers."""
    rows = [
        (year.school, year.start_year, slot)
        for year in years
        for slot in slots(year.calendar, year.grid, year.free_days)
        if slot.possible and year.first <= slot.date <= year.last
    ]
    columns: dict[str, list[Any]] = {name: [getattr(slot, name) for _, _, slot in rows] for name in CALENDAR_COLUMNS}
    columns["start_year"] = [start for _, start, _ in rows]
    return columns if numbers is None else {SCHOOL: [numbers[school] for school, _, _ in rows], **columns}
