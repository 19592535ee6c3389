"""What every question of a school's half days needs: what is asked, of which part, in which tables, under which policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stslib.absences.batches import add_up, batches_of
from stslib.absences.calendar import day_number
from stslib.absences.counted import Asked, Counted
from stslib.absences.disclosure import Policy, Why, check_policy, why_hidden
from stslib.absences.indicators.dimensions import (
    DIMENSIONS,
    GROUP_COLUMNS,
    KIND_DIMENSIONS,
    PUPIL_DIMENSIONS,
    SCHOOL,
    counted_codes,
    keep_expression,
)
from stslib.absences.ordering import in_order
from stslib.absences.protecting import Protection
from stslib.absences.tables import SchoolYearFacts, Tables, open_tables
from stslib.errors import DatasetError, UnknownDimensionError
from stslib.model.absence import AbsenceCode, Status, Threshold
from stslib.model.figure import Explanation

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.reading.report import ReadingReport

PROVISIONAL_DAYS = 14
"""B and ``-`` of the last so many days before the last day of the export may still change."""

STATUSES = (Status.UNLAWFUL, Status.LAWFUL, Status.OPEN, Status.LATE)
"""What can be asked for by name; neutral absence (toddlers) is shown apart when there is any."""

_MOST_NAMED = 8
"""So many schools are named in a message."""

Where = Mapping[str, Any]
"""Dimension -> the value, or the values, that are counted: ``{"grade": "2", "weekday": [1, 5]}``."""


class Asking:
    """Half days of some school years, with the questions checked, the tables open and the answers protected."""

    def __init__(
        self,
        school: str,
        years: Sequence[SchoolYearFacts],
        *,
        codes: Sequence[AbsenceCode],
        thresholds: Sequence[Threshold] = (),
        disclosure: Policy = "none",
        provisional_from: date | None = None,
        periods: Sequence[tuple[date, date]] | None = None,
    ) -> None:
        self.school = school
        self.facts: tuple[SchoolYearFacts, ...] = tuple(sorted(years, key=lambda year: (year.school_year, year.school)))
        """The stored school years, oldest first; of several schools each school's."""
        self.school_years: tuple[str, ...] = tuple(dict.fromkeys(year.school_year for year in self.facts))
        """Oldest first, as ``2025-2026``."""
        self.schools: tuple[str, ...] = tuple(dict.fromkeys(year.school for year in self.facts))
        newest = self.facts[-1]
        self.provisional_from: date = provisional_from or newest.last_day - timedelta(days=PROVISIONAL_DAYS)
        """From this day on, B and ``-`` may still change (the last fourteen days of the newest export)."""
        self.report: ReadingReport | None = newest.report
        """What reading said about the newest export."""
        self.codes = _valid_codes(codes, newest.calendar.last_day)
        """The code table that is counted with, one entry per code."""
        self._all_codes = tuple(codes)
        self._thresholds = tuple(thresholds)
        self._disclosure: Policy = check_policy(disclosure, schools=len(self.schools))
        self._tables: Tables | None = None
        self._parts: dict[Asked, Tables] = {}
        self._batches: list[Tables] | None = None
        self._codes_found: frozenset[str] | None = None
        self._of_record: dict[tuple[Any, ...], tuple[Counted, frozenset[Why]]] = {}
        self._denominators: dict[tuple[tuple[str, ...], Asked], dict[str, list[Any]]] = {}
        self.periods: tuple[tuple[date, date], ...] | None = None if periods is None else tuple(periods)
        """What was announced of the periods that a record will be asked for; None: nobody announced any."""
        self.protection = Protection(self._count, self.facts, self.periods or ())
        """What the policies hide in the answers."""
        self.hidden_for: set[Why] = set()
        """Why a record hid numbers, since somebody emptied this; never for a reader of what it hid."""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """level, grade, year, stream, class, school_year, month, week, weekday, half, status, code; school where several.

        weekday: 1 (Monday) to 5; month: 1 to 12; week: ISO week number; half: VM or NM. What the class file does not
        say is "onbekend". Rows come in order: time in the order of the school year, classes by name, codes as in the
        code table.
        """
        return DIMENSIONS if len(self.schools) == 1 else (SCHOOL, *DIMENSIONS)

    def _explain(self, asked: Asked, policy: Policy) -> tuple[Explanation, ...]:
        from stslib.absences import explain
        from stslib.absences.indicators.thresholds import rules_of

        years = [year for year in self.facts if year.school_year in asked.school_years]
        spans = {year.start_year: (year.calendar.first_day, year.calendar.last_day) for year in years}
        rule_codes = sorted({code for _, rule in rules_of(self._thresholds, spans) for code in rule.codes})
        total = self._groups((), asked)
        lines = [
            *explain.code_lines(asked, self.codes, rule_codes),
            *explain.period_lines(asked, years),
            *explain.denominator_lines(sum(total["half_days_possible"]), sum(total["pupils"])),
            *explain.excluded_lines(years),
        ]
        counted = Status.LATE if asked.measure == "late" else self._status(asked.status)
        may_change = asked.period is None or asked.period[1] >= self.provisional_from
        if may_change and counted in (None, Status.UNLAWFUL, Status.OPEN) and self.school_years[-1] in asked.school_years:
            lines += explain.provisional_lines(self.provisional_from, self._count_provisional(asked))
        return explain.as_explanations([*lines, *explain.closing_lines(asked, policy)])

    def _count_provisional(self, asked: Asked) -> int:
        import narwhals as nw

        start = max(self.provisional_from, asked.period[0]) if asked.period else self.provisional_from
        end = asked.period[1] if asked.period else max(year.last for year in self.facts)
        codes = [code.code for code in self.codes if code.absent and code.status in (Status.UNLAWFUL, Status.OPEN)]
        tables = self.part_of(replace(asked, period=(start, end)))
        return int(tables.collect(tables.facts.filter(nw.col("code").is_in(codes)).select(nw.len().alias("n")))["n"][0])

    @property
    def group_columns(self) -> tuple[str, ...]:
        """What sets groups of pupils apart: level, grade, year, stream, class; school where several."""
        return GROUP_COLUMNS if len(self.schools) > 1 else PUPIL_DIMENSIONS

    # -- what is asked ---------------------------------------------------------------------------------------------

    def _asked(
        self,
        measure: str,
        by: Sequence[str] = (),
        status: str | None = None,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
        known: Sequence[str] | None = None,
        **options: Any,
    ) -> Asked:
        """The question, checked."""
        self._status(status)
        return Asked(
            measure=measure,
            by=_names(by, self.dimensions if known is None else known),
            status=status,
            school_years=self.check_years(school_years),
            where=self._where(where),
            period=_span(period),
            options=tuple(options.items()),
        )

    def _policy(self, disclosure: str | None) -> Policy:
        return self._disclosure if disclosure is None else check_policy(disclosure, schools=len(self.schools))

    @staticmethod
    def _status(status: str | None) -> Status | None:
        if status is None:
            return None
        if status not in [known.value for known in STATUSES]:
            raise DatasetError(
                "status", "Deze status bestaat niet.", f"Kies uit: {', '.join(known.value for known in STATUSES)}."
            )
        return Status(status)

    def check_years(self, school_years: Sequence[str] | None) -> tuple[str, ...]:
        """The school years that are meant, oldest first; None is all.

        Raises:
            DatasetError: none, or one that is not stored.
        """
        if school_years is None:
            return self.school_years
        chosen = (school_years,) if isinstance(school_years, str) else tuple(school_years)
        unknown = [year for year in chosen if year not in self.school_years]
        if unknown or not chosen:
            raise DatasetError(
                "schooljaar",
                f"Van {', '.join(unknown) or 'geen enkel jaar'} zijn geen cijfers bewaard.",
                f"Kies uit: {', '.join(self.school_years)}.",
            )
        return tuple(sorted(set(chosen)))

    def _where(self, where: Where | None) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        if not where:
            return ()
        known = tuple(name for name in self.dimensions if name not in KIND_DIMENSIONS)
        _names(list(where), known)
        chosen = {name: (value,) if isinstance(value, (str, int)) else tuple(value) for name, value in where.items()}
        for name, values in chosen.items():
            if not values:
                raise DatasetError("deel", f"Er is geen waarde gekozen voor {name}.", "Kies minstens één waarde, of geen deel.")
        unknown = [str(school) for school in chosen.get(SCHOOL, ()) if school not in self.schools]
        if unknown:
            named = ", ".join(self.schools[:_MOST_NAMED])
            more = len(self.schools) - _MOST_NAMED
            raise DatasetError(
                "school",
                f"Deze school hoort niet bij de {len(self.schools)} die geteld worden: {', '.join(unknown)}.",
                f"Kies uit: {named}{f' en nog {more} andere' if more > 0 else ''}.",
            )
        return tuple((name, chosen[name]) for name in known if name in chosen)

    # -- counting --------------------------------------------------------------------------------------------------

    def open(self) -> Tables:
        """The tables of all school years and schools, opened once."""
        if self._tables is None:
            self._tables = open_tables(self.facts, self.codes, self._numbers())
        return self._tables

    def part_of(self, asked: Asked) -> Tables:
        """The tables of the school years, groups, times and days that *asked* is about."""
        key = asked.part()
        if key not in self._parts:
            self._parts[key] = self._narrowed(self.open(), asked)
        return self._parts[key]

    def _in_batches(self, asked: Asked) -> Iterator[Tables]:
        """``part_of`` where there is one school; of many schools a few at a time, whose numbers add up."""
        if self._batches is None:
            batches = batches_of(self.facts) if len(self.schools) > 1 else ()
            self._batches = [
                open_tables(batch, self.codes, self._numbers(), keep=False) for batch in batches if len(batches) > 1
            ]
        yield from [self._narrowed(batch, asked) for batch in self._batches] or [self.part_of(asked)]

    def _narrowed(self, tables: Tables, asked: Asked) -> Tables:
        import narwhals as nw

        groups: list[nw.Expr] = []
        times: list[nw.Expr] = []
        for name, values in asked.where:
            chosen = [self.schools.index(value) for value in values] if name == SCHOOL else list(values)
            (groups if name in GROUP_COLUMNS else times).append(nw.col(name).is_in(chosen))
        if asked.school_years != self.school_years:
            of_years = nw.col("start_year").is_in([int(year[:4]) for year in asked.school_years])
            groups.append(of_years)
            times.append(of_years)
        if asked.period:
            first, last = (day_number(day) for day in asked.period)
            times += [nw.col("day_number") >= first, nw.col("day_number") <= last]
        return tables.narrow(groups, times)

    def _numbers(self) -> dict[str, int] | None:
        return {school: number for number, school in enumerate(self.schools)} if len(self.schools) > 1 else None

    def _groups(self, by: tuple[str, ...], asked: Asked) -> dict[str, list[Any]]:
        """Denominators of *by*, remembered: most figures of a page share them."""
        from stslib.absences.indicators.rate import possible

        key = (by, asked.part())
        if key not in self._denominators:
            found = [
                tables.collect(possible(tables.enrolled, tables.calendar, self._apart(by)))
                for tables in self._in_batches(asked)
            ]
            self._denominators[key] = add_up(found, by, ("half_days_possible", "pupils"), ("first_week",))
        return self._denominators[key]

    def _apart(self, by: tuple[str, ...]) -> tuple[str, ...]:
        """*by*, and each school apart where there are several: distinct pupils are those of one school."""
        return by if len(self.schools) == 1 else tuple(dict.fromkeys((*by, SCHOOL)))

    def _count(self, asked: Asked, status: Status | None) -> dict[str, list[Any]]:
        """Numerators and denominators of every group, in order."""
        from stslib.absences.indicators.rate import missed, with_rate

        by = asked.by
        groups = tuple(name for name in by if name not in KIND_DIMENSIONS)
        keep = keep_expression(self.codes, status)
        if status is None and "status" in by:
            keep = keep | keep_expression(self.codes, Status.LATE)
        parts = [tables.collect(missed(tables.facts, self._apart(by), keep)) for tables in self._in_batches(asked)]
        counted = add_up(parts, by, ("half_days_missed", "missing_pupils"))
        kinds = self._kinds(by, status) if groups != by else [()]
        columns = _side_by_side(self._groups(groups, asked), counted, by, kinds)
        named = self._named(with_rate(columns, "half_days_missed", "half_days_possible"), by)
        names = (*by, "half_days_missed", "half_days_possible", "rate", "rate_low", "rate_high", "pupils", "missing_pupils")
        return {name: list(named[name]) for name in names}

    def _kinds(self, by: tuple[str, ...], status: Status | None) -> list[tuple[Any, ...]]:
        """The kinds of absence that every group gets a row for, in the order of *by*."""
        occurring = self._occurring()
        codes = [code for code in counted_codes(self.codes, status) if code.code in occurring]
        if status is None and "status" in by:
            codes += [code for code in counted_codes(self.codes, Status.LATE) if code.code in occurring]
        if not codes and status is not None:
            codes = list(counted_codes(self.codes, status))[:1]
        if "code" not in by:
            found = {code.status for code in codes}
            wanted = [status] if status is not None else [s for s in (*STATUSES, Status.NEUTRAL) if s in STATUSES or s in found]
            return [(s.value,) for s in wanted]
        told = {"code": lambda code: code.code, "status": lambda code: code.status.value}
        return [tuple(told[name](code) for name in by if name in KIND_DIMENSIONS) for code in codes]

    def _occurring(self) -> frozenset[str]:
        """The codes that occur in any school year."""
        if self._codes_found is None:
            everything = Asked("", school_years=self.school_years)
            found = [tables.codes for tables in self._in_batches(everything)]
            self._codes_found = frozenset().union(*found)
        return self._codes_found

    def _linked_years(self) -> tuple[int, ...]:
        """Start years in which a pupil has the same pseudonym as the year before, in every school."""
        links = {(year.school, year.start_year): year.link for year in self.facts}
        years = {year.start_year for year in self.facts}
        return tuple(
            year
            for year in sorted(years)
            if all(links.get((school, year - 1)) == link for (school, start), link in links.items() if start == year)
        )

    # -- answering -------------------------------------------------------------------------------------------------

    def _answer(
        self,
        asked: Asked,
        columns: Mapping[str, Sequence[Any]],
        disclosure: Policy | None,
        protect: Callable[[pd.DataFrame, Asked, Policy], pd.DataFrame],
        *,
        always: bool = False,
    ) -> Counted:
        """*columns* as a frame, after *protect* under the policy of the moment (*always*: also when there is none)."""
        from stslib.absences.engine import to_pandas

        policy = self._policy(disclosure)
        self.protection.check(asked, policy)
        frame = to_pandas(columns)
        if policy != "none" or always:
            counted, frame = frame, protect(frame, asked, policy)
            if policy == "record":
                self.hidden_for |= why_hidden(counted, frame)
        return Counted.made(frame, asked, policy=policy, school=self.school, explain=lambda: self._explain(asked, policy))

    def _named(self, columns: Mapping[str, Sequence[Any]], by: Sequence[str]) -> dict[str, Sequence[Any]]:
        """*columns* with the names of schools instead of their numbers, groups in the order that people expect."""
        named = {name: values for name, values in columns.items() if name != "first_week"}
        if SCHOOL in named:
            named[SCHOOL] = [self.schools[number] for number in named[SCHOOL]]
        if not by:
            return named
        order = in_order(by, {**columns, **named}, self.codes)
        return {name: [values[row] for row in order] for name, values in named.items()}


def _side_by_side(
    groups: Mapping[str, Sequence[Any]],
    counted: Mapping[str, Sequence[Any]],
    by: Sequence[str],
    kinds: Sequence[tuple[Any, ...]],
) -> dict[str, list[Any]]:
    """What was possible of each group beside what was missed of it, for every kind; zero where nothing was counted."""
    numbers = ("half_days_missed", "missing_pupils")
    keys = zip(*(counted[name] for name in by), strict=True) if by else [()] * len(counted["missing_pupils"])
    found = dict(zip(keys, zip(*(counted[name] for name in numbers), strict=True), strict=True))
    rest = [name for name in groups if name not in by]
    plain = [name for name in by if name in groups]
    of_kind = [name for name in by if name not in groups]
    columns: dict[str, list[Any]] = {name: [] for name in (*by, *rest, *numbers)}
    for row in range(len(groups["pupils"])):
        for kind in kinds:
            values = {**{name: groups[name][row] for name in plain}, **dict(zip(of_kind, kind, strict=True))}
            counts = found.get(tuple(values[name] for name in by), (0, 0))
            for name, value in (
                *values.items(),
                *((name, groups[name][row]) for name in rest),
                *zip(numbers, counts, strict=True),
            ):
                columns[name].append(value)
    return columns


def _names(by: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownDimensionError(unknown, known)
    return names


def _span(period: tuple[date, date] | None) -> tuple[date, date] | None:
    if period is not None and period[0] > period[1]:
        raise DatasetError("periode", "De periode eindigt voor ze begint.", "Geef eerst de eerste dag, dan de laatste.")
    return period


def _valid_codes(codes: Sequence[AbsenceCode], day: date) -> tuple[AbsenceCode, ...]:
    """One entry per code: the one that holds on *day*, else the last one of the table."""
    chosen: dict[str, AbsenceCode] = {}
    for code in codes:
        holds = (code.valid_from is None or code.valid_from <= day) and (code.valid_to is None or code.valid_to >= day)
        if holds or code.code not in chosen:
            chosen[code.code] = code
    return tuple(chosen.values())
