"""The figures of one school, asked in Python: what a page, a notebook and a colleague at the prompt all use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from stslib.absences.calendar import slots
from stslib.absences.disclosure import Parents, Policy, check_policy, protect_record, protect_room, protect_thresholds
from stslib.absences.indicators import DIMENSIONS, KIND_DIMENSIONS, PUPIL_DIMENSIONS, UNKNOWN, counted_codes
from stslib.absences.reading.report import ReadingReport
from stslib.errors import DatasetError, UnknownDimensionError
from stslib.model.absence import AbsenceCode, Half, Period, SchoolYearCalendar, Status, Threshold, WeeklyGrid
from stslib.model.figure import Explanation
from stslib.text import format_date, format_number

if TYPE_CHECKING:
    import pandas as pd

PROVISIONAL_DAYS = 14
"""B and ``-`` of the last so many days before the last day of the export may still change."""

NEAR_SHARE = 0.8
"""Near a threshold: from this share of it on, and not there yet."""

STATUSES = (Status.UNLAWFUL, Status.LAWFUL, Status.OPEN, Status.LATE)
"""What can be asked for by name; neutral absence (toddlers) is shown apart when there is any."""

_STATUS_WORDS = {
    None: "alle codes die als afwezig tellen",
    Status.UNLAWFUL: "ongewettigd",
    Status.LAWFUL: "gewettigd",
    Status.OPEN: "reden nog onbekend",
    Status.LATE: "te laat",
    Status.NEUTRAL: "neutraal",
}

_POLICY_WORDS = {
    "room": "Groepen van minder dan 5 leerlingen zijn niet getoond.",
    "record": (
        "Aantallen van 1 tot 4 en percentages van minder dan 10 leerlingen zijn niet getoond, "
        "en ook niet wat daaruit zou volgen."
    ),
}

Measure = Literal["rate", "late", "thresholds"]


@dataclass(frozen=True, repr=False)
class SchoolYearFacts:
    """One school year as stored: tables with pseudonyms, and what they were read with."""

    school_year: str
    half_days: Any
    """pupil, date, half, code, subcode."""
    enrolment: Any
    """pupil, class, first, last."""
    classes: Any
    """class, grade, year, stream, level."""
    calendar: SchoolYearCalendar
    grid: WeeklyGrid
    free_days: tuple[Period, ...]
    period: tuple[date, date] | None
    last_day: date
    enrolment_known: bool
    report: ReadingReport
    link: str
    """Years with the same link have the same pseudonym for the same pupil."""

    @property
    def first(self) -> date:
        """First day that possible half days are counted for."""
        return self.period[0] if self.period else self.calendar.first_day

    @property
    def last(self) -> date:
        """Last day that possible half days are counted for."""
        return self.period[1] if self.period else self.calendar.last_day


class Absences:
    """One school's stored half days, with calendar and enrolment. Shows no pupil row, not even in its repr.

    Made by ``load_absences``. All results are tidy pandas frames.
    """

    def __init__(
        self,
        school: str,
        years: Sequence[SchoolYearFacts],
        *,
        codes: Sequence[AbsenceCode],
        thresholds: Sequence[Threshold] = (),
        disclosure: Policy = "none",
    ) -> None:
        self.school = school
        self.school_years: tuple[str, ...] = tuple(sorted(year.school_year for year in years))
        """Oldest first, as ``2025-2026``."""
        self._years = {year.school_year: year for year in sorted(years, key=lambda year: year.school_year)}
        newest = self._years[self.school_years[-1]]
        self.provisional_from: date | None = newest.last_day - timedelta(days=PROVISIONAL_DAYS)
        """From this day on, B and ``-`` may still change (the last fourteen days of the newest export)."""
        self.report: ReadingReport | None = newest.report
        """What reading said about the newest export."""
        self._codes = _valid_codes(codes, newest.calendar.last_day)
        self._thresholds = tuple(thresholds)
        self._disclosure: Policy = check_policy(disclosure)
        self._tables: _Tables | None = None
        self._denominators: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, list[Any]]] = {}

    def __repr__(self) -> str:
        return f"<Absences {self.school!r}: schooljaren {', '.join(self.school_years)}>"

    @property
    def dimensions(self) -> tuple[str, ...]:
        """level, grade, year, stream, class, school_year, month, week, weekday, half, status, code.

        weekday: 1 (Monday) to 5; month: 1 to 12; week: ISO week number; half: VM or NM. What the class file does not
        say is "onbekend". Rows come in order: time in the order of the school year, classes by name, codes as in the
        code table.
        """
        return DIMENSIONS

    # -- indicators ------------------------------------------------------------------------------------------------

    def rate(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Share of possible half days that were missed, per group.

        Args:
            by: group columns, any of ``dimensions``.
            status: ``unlawful``, ``lawful``, ``open`` or ``late``; None counts every code that counts as absent.
            disclosure: ``none``, ``room`` or ``record``; None is the policy that this object was made with.
            school_years: only these; None takes all that are stored.

        Returns:
            One row per group: the *by* columns, ``half_days_missed``, ``half_days_possible`` (above 0), ``rate`` (0–1),
            ``rate_low`` and ``rate_high`` (95 % Wilson), ``pupils``. With a policy also ``suppressed``, and the numbers
            are nullable (``Int64``,
            ``Float64``): a hidden one is ``pd.NA``. A group that nobody was enrolled in is left out. With ``status`` or
            ``code`` in *by* the possible half days are those of the other groups, and a kind without rows has rate
            zero.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: an unknown status, policy or school year.
        """
        from stslib.absences import engine

        by, chosen, policy = self._check(by), self._check_status(status), self._policy(disclosure)
        columns = self._count(by, chosen, self._check_years(school_years))
        columns.pop("missing_pupils")
        return self._protect(engine.to_pandas(columns), by, policy, "half_days_missed")

    def late(
        self, by: Sequence[str] = (), disclosure: Policy | None = None, *, school_years: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Late arrivals per group; at most two a pupil a day.

        Returns:
            The *by* columns (not ``status`` or ``code``), ``late_half_days``, ``late_pupils`` (who were late at least
            once), ``half_days_possible``, ``rate``, ``rate_low``, ``rate_high``, ``pupils``; for the rest as ``rate``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
        """
        from stslib.absences import engine

        known = tuple(name for name in DIMENSIONS if name not in KIND_DIMENSIONS)
        by, policy = self._check(by, known), self._policy(disclosure)
        columns = self._count(by, Status.LATE, self._check_years(school_years))
        names = (*by, "late_half_days", "late_pupils", "half_days_possible", "rate", "rate_low", "rate_high", "pupils")
        renamed = {"late_half_days": columns["half_days_missed"], "late_pupils": columns["missing_pupils"], **columns}
        return self._protect(engine.to_pandas({name: renamed[name] for name in names}), by, policy, "late_half_days")

    def thresholds(self, disclosure: Policy | None = None) -> pd.DataFrame:
        """Pupils at or over each threshold on half days, per school year, and pupils near it (from 80 % of it on).

        Only rules that hold in that school year, that have a number, and that half days can tell: half days in a school
        year, in each of two school years in a row, or a percentage of the pupil's possible half days.

        Returns:
            school_year, threshold (its id), rule, value, unit, pupils_over, pupils_near, pupils (enrolled in that
            year).
        """
        from stslib.absences import engine

        policy = self._policy(disclosure)
        frame = engine.to_pandas(self._count_thresholds())
        frame = protect_thresholds(frame, policy) if len(frame) else frame
        return frame.drop(columns="_family")

    # -- why this number -------------------------------------------------------------------------------------------

    def explain(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        measure: Measure = "rate",
        school_years: Sequence[str] | None = None,
    ) -> tuple[Explanation, ...]:
        """The lines of "waarom dit getal?": what was counted, over which days, out of what, and what was left out."""
        by, policy = self._check(by), self._policy(disclosure)
        years = self._check_years(school_years)
        chosen = Status.LATE if measure == "late" else self._check_status(status)
        lines: list[tuple[str, str]] = []
        if measure == "thresholds":
            used = sorted({code for _, rule in self._rules(years) for code in rule.codes})
            lines.append(
                (
                    "Codes",
                    f"per drempel de codes van de regel: {', '.join(used) or 'geen'}; bij een percentage alle afwezigheid",
                )
            )
        else:
            lines.append(("Codes", self._describe_codes(chosen)))
        periods = []
        for year in years:
            facts = self._years[year]
            periods.append(f"{year}: {format_date(facts.first)} tot en met {format_date(facts.last)}")
        lines.append(("Periode", "; ".join(periods)))
        total = self._groups((), years)
        possible = total["half_days_possible"][0] if total["half_days_possible"] else 0
        pupils = total["pupils"][0] if total["pupils"] else 0
        lines.append(
            (
                "Mogelijke halve dagen",
                f"{format_number(possible)} in het geheel: lestijd van elke leerling terwijl die ingeschreven was, "
                "zonder vakanties en vrije dagen",
            )
        )
        lines.append(("Leerlingen", f"{format_number(pupils)} ingeschreven in deze periode"))
        lines.append(("Niet meegeteld", self._describe_excluded(years)))
        if any(not self._years[year].enrolment_known for year in years):
            lines.append(
                (
                    "Inschrijvingen",
                    "geen inschrijvingsbestand: elke leerling van de export telt het hele jaar mee, en wie nooit afwezig was "
                    "ontbreekt; het percentage valt daardoor te hoog uit",
                )
            )
        if chosen in (None, Status.UNLAWFUL, Status.OPEN) and self.school_years[-1] in years and self.provisional_from:
            lines.append(
                (
                    "Voorlopig",
                    f"B en - vanaf {format_date(self.provisional_from)} kunnen nog veranderen "
                    f"({format_number(self._count_provisional())} halve dagen)",
                )
            )
        if measure != "thresholds":
            lines.append(
                ("Interval", "95 % volgens Wilson; halve dagen van één leerling hangen samen, dus de onzekerheid is groter")
            )
        if policy in _POLICY_WORDS:
            lines.append(("Afscherming", _POLICY_WORDS[policy]))
        return tuple(Explanation(label=label, text=text) for label, text in lines)

    def _describe_codes(self, status: Status | None) -> str:
        codes = [code.code for code in counted_codes(self._codes, status)]
        apart = [code.code for code in counted_codes(self._codes, status) if code.shown_apart]
        text = f"{_STATUS_WORDS[status]}: {', '.join(codes) or 'geen'}"
        return f"{text}; ook apart te zien: {', '.join(apart)}" if apart and status is None else text

    def _describe_excluded(self, years: Sequence[str]) -> str:
        reports = [self._years[year].report for year in years]
        rejected, rows = sum(report.rejected for report in reports), sum(report.rows for report in reports)
        parts = [f"{format_number(rejected)} van {format_number(rows)} rijen geweigerd bij het inlezen"]
        reasons: dict[str, int] = {}
        unknown: dict[str, int] = {}
        for report in reports:
            for reason, count in report.rejections.items():
                reasons[reason] = reasons.get(reason, 0) + count
            for code, count in report.unknown_codes.items():
                unknown[code] = unknown.get(code, 0) + count
        parts.extend(f"{format_number(count)}: {reason.rstrip('.').lower()}" for reason, count in list(reasons.items())[:3])
        if unknown:
            named = ", ".join(f"{code} ({format_number(count)})" for code, count in list(unknown.items())[:8])
            parts.append(f"halve dagen met een onbekende code: {named}")
        return "; ".join(parts)

    def _count_provisional(self) -> int:
        import narwhals as nw

        codes = [code.code for code in self._codes if code.absent and code.status in (Status.UNLAWFUL, Status.OPEN)]
        facts = self._open().facts
        kept = facts.filter(nw.col("date") >= nw.lit(self.provisional_from), nw.col("code").is_in(codes))
        return int(kept.select(nw.len().alias("n")).collect()["n"].to_list()[0])

    # -- inside ----------------------------------------------------------------------------------------------------

    def _policy(self, disclosure: str | None) -> Policy:
        return self._disclosure if disclosure is None else check_policy(disclosure)

    @staticmethod
    def _check(by: Sequence[str], known: Sequence[str] = DIMENSIONS) -> tuple[str, ...]:
        names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise UnknownDimensionError(unknown, known)
        return names

    @staticmethod
    def _check_status(status: str | None) -> Status | None:
        if status is None:
            return None
        if status not in [known.value for known in STATUSES]:
            raise DatasetError(
                "status", "Deze status bestaat niet.", f"Kies uit: {', '.join(known.value for known in STATUSES)}."
            )
        return Status(status)

    def _check_years(self, school_years: Sequence[str] | None) -> tuple[str, ...]:
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
        return tuple(sorted(chosen))

    def _open(self) -> _Tables:
        if self._tables is None:
            self._tables = _Tables(tuple(self._years.values()), self._codes)
        return self._tables

    def _groups(self, by: tuple[str, ...], years: tuple[str, ...]) -> dict[str, list[Any]]:
        """Denominators of *by*, remembered: most figures of a page share them."""
        from stslib.absences import engine, indicators

        key = (by, years)
        if key not in self._denominators:
            tables = self._open().of(years, self.school_years)
            self._denominators[key] = engine.collect(indicators.possible(tables.enrolled, tables.calendar, by))
        return self._denominators[key]

    def _count(self, by: tuple[str, ...], status: Status | None, years: tuple[str, ...]) -> dict[str, list[Any]]:
        """Numerators and denominators of every group, in order."""
        from stslib.absences import engine, indicators

        groups = tuple(name for name in by if name not in KIND_DIMENSIONS)
        all_tables = self._open()
        tables = all_tables.of(years, self.school_years)
        denominators = engine.make_lazy(self._groups(groups, years))
        late_too = status is None and "status" in by
        keep = indicators.keep_expression(self._codes, status)
        if late_too:
            keep = keep | indicators.keep_expression(self._codes, Status.LATE)
        kinds = self._kinds(by, status, all_tables) if groups != by else None
        if kinds is not None and not next(iter(kinds.values())):
            kinds = None
        lazy_kinds = engine.make_lazy(kinds) if kinds is not None else None
        columns = engine.collect(indicators.rate(tables.facts, denominators, by, keep, lazy_kinds))
        names = (*by, "half_days_missed", "half_days_possible", "rate", "rate_low", "rate_high", "pupils", "missing_pupils")
        order = self._order(by, columns)
        return {name: [columns[name][row] for row in order] for name in names}

    def _kinds(self, by: tuple[str, ...], status: Status | None, tables: _Tables) -> dict[str, list[Any]]:
        """The kinds of absence that every group gets a row for."""
        occurring = tables.codes
        codes = [code for code in counted_codes(self._codes, status) if code.code in occurring]
        if status is None and "status" in by:
            codes += [code for code in counted_codes(self._codes, Status.LATE) if code.code in occurring]
        if not codes and status is not None:
            codes = list(counted_codes(self._codes, status))[:1]
        if "code" not in by:
            found = {code.status for code in codes}
            wanted = [status] if status is not None else [s for s in (*STATUSES, Status.NEUTRAL) if s in STATUSES or s in found]
            return {"status": [s.value for s in wanted]}
        kinds: dict[str, list[Any]] = {"code": [code.code for code in codes]}
        if "status" in by:
            kinds["status"] = [code.status.value for code in codes]
        return kinds

    def _order(self, by: tuple[str, ...], columns: Mapping[str, list[Any]]) -> list[int]:
        ranks: dict[str, Mapping[Any, int]] = {
            "half": {half.value: rank for rank, half in enumerate(Half)},
            "status": {status.value: rank for rank, status in enumerate((*STATUSES, Status.NEUTRAL, Status.PRESENT))},
            "code": {code.code: rank for rank, code in enumerate(self._codes)},
        }
        if "week" in by:
            first: dict[Any, int] = {}
            for week, school_week in zip(columns["week"], columns["first_week"], strict=True):
                first[week] = min(school_week, first.get(week, school_week))
            ranks["week"] = first

        def key(row: int) -> tuple[Any, ...]:
            parts: list[Any] = []
            for name in by:
                value = columns[name][row]
                if name in ranks:
                    parts.append(ranks[name].get(value, 999))
                elif name == "month":
                    parts.append((value - 9) % 12)
                elif name in PUPIL_DIMENSIONS:
                    parts.append(_natural(value))
                else:
                    parts.append(value)
            return tuple(parts)

        return sorted(range(len(columns["half_days_possible"])), key=key)

    def _protect(self, frame: pd.DataFrame, by: tuple[str, ...], policy: Policy, count: str) -> pd.DataFrame:
        if policy == "room":
            return protect_room(frame)
        if policy == "record":
            return protect_record(frame, by, count=count, parents=self._open().parents(by))
        return frame

    # -- thresholds ------------------------------------------------------------------------------------------------

    def _rules(self, years: Sequence[str]) -> list[tuple[str, Threshold]]:
        result = []
        for year in years:
            calendar = self._years[year].calendar
            for rule in self._thresholds:
                holds = (rule.valid_from is None or rule.valid_from <= calendar.last_day) and (
                    rule.valid_to is None or rule.valid_to >= calendar.first_day
                )
                if holds and rule.value is not None and _family(rule) is not None:
                    result.append((year, rule))
        return result

    def _count_thresholds(self) -> dict[str, list[Any]]:
        names = ("school_year", "threshold", "rule", "value", "unit", "pupils_over", "pupils_near", "pupils", "_family")
        result: dict[str, list[Any]] = {name: [] for name in names}
        per_pupil: dict[tuple[str, ...], dict[str, dict[int, int]]] = {}
        possible = self._possible_per_pupil()
        absent = tuple(code.code for code in self._codes if code.absent)
        for year, rule in self._rules(self.school_years):
            codes = rule.codes or absent
            if codes not in per_pupil:
                per_pupil[codes] = self._per_pupil(codes)
            counts = per_pupil[codes]
            now = counts.get(year, {})
            family = _family(rule)
            value = rule.value or 0
            near_from = value * NEAR_SHARE
            if family == "percent":
                shares = [100 * n / possible[year][pupil] for pupil, n in now.items() if possible[year].get(pupil)]
                over = sum(share >= value for share in shares)
                near = sum(near_from <= share < value for share in shares)
            elif family == "two years":
                before = self._year_before(year)
                if before is None:
                    continue
                earlier = counts.get(before, {})
                over = sum(n >= value and earlier.get(pupil, 0) >= value for pupil, n in now.items())
                near = sum(n >= near_from and earlier.get(pupil, 0) >= near_from for pupil, n in now.items()) - over
            else:
                over = sum(n >= value for n in now.values())
                near = sum(near_from <= n < value for n in now.values())
            row = (year, rule.id, rule.rule, value, rule.unit, over, near, len(possible[year]), f"{family} {codes}")
            for name, cell in zip(names, row, strict=True):
                result[name].append(cell)
        return result

    def _year_before(self, year: str) -> str | None:
        start = int(year[:4])
        before = f"{start - 1}-{start}"
        return before if before in self._years and self._years[before].link == self._years[year].link else None

    def _per_pupil(self, codes: Sequence[str]) -> dict[str, dict[int, int]]:
        import narwhals as nw

        from stslib.absences import engine, indicators

        columns = engine.collect(indicators.per_pupil(self._open().facts, nw.col("code").is_in(list(codes))))
        result: dict[str, dict[int, int]] = {}
        for pupil, year, count in zip(columns["pupil"], columns["school_year"], columns["half_days"], strict=True):
            result.setdefault(year, {})[pupil] = count
        return result

    def _possible_per_pupil(self) -> dict[str, dict[int, int]]:
        from stslib.absences import engine, indicators

        tables = self._open()
        columns = engine.collect(indicators.possible_per_pupil(tables.enrolled, tables.calendar))
        result: dict[str, dict[int, int]] = {year: {} for year in self.school_years}
        for pupil, year, count in zip(columns["pupil"], columns["school_year"], columns["half_days_possible"], strict=True):
            result[year][pupil] = count
        return result


class _Tables:
    """The three tables of ``indicators``, open in the embedded engine."""

    def __init__(self, years: Sequence[SchoolYearFacts], codes: Sequence[AbsenceCode]) -> None:
        from stslib.absences import engine, indicators

        calendar = engine.make_lazy(calendar_columns(years))
        enrolled = engine.label_classes([(int(year.school_year[:4]), year.enrolment, year.classes) for year in years], UNKNOWN)
        half_days = engine.stack([year.half_days for year in years])
        statuses = engine.make_lazy({"code": [c.code for c in codes], "status": [c.status.value for c in codes]})
        self.calendar = calendar
        self.enrolled = enrolled
        self.facts = engine.keep(indicators.place_facts(half_days, enrolled, calendar, statuses))
        self.codes: frozenset[str] = frozenset(engine.distinct(self.facts, "code"))
        self._parents: Parents | None = None

    def of(self, years: Sequence[str], all_years: Sequence[str]) -> _Tables | _SomeYears:
        """The tables of some of the years."""
        return self if tuple(years) == tuple(all_years) else _SomeYears(self, years)

    def parents(self, by: Sequence[str]) -> Parents:
        """The coarser groups that each class belongs to, where they are the same in all years."""
        if "class" not in by:
            return {}
        if self._parents is None:
            from stslib.absences import engine

            coarser = [name for name in PUPIL_DIMENSIONS if name != "class"]
            columns = engine.collect(self.enrolled.select("class", *coarser).unique())
            found: dict[object, dict[str, object]] = {}
            for row, name in enumerate(columns["class"]):
                values = {key: columns[key][row] for key in coarser}
                known = found.setdefault(name, dict(values))
                for key in coarser:
                    if known.get(key) != values[key]:
                        known[key] = None
            self._parents = {"class": found}
        return self._parents


class _SomeYears:
    def __init__(self, tables: _Tables, years: Sequence[str]) -> None:
        import narwhals as nw

        chosen = nw.col("start_year").is_in([int(year[:4]) for year in years])
        self.calendar = tables.calendar.filter(chosen)
        self.enrolled = tables.enrolled.filter(chosen)
        self.facts = tables.facts.filter(chosen)


def calendar_columns(years: Sequence[SchoolYearFacts]) -> dict[str, list[Any]]:
    """The possible half days of the days that each export covers."""
    names = ("school_year", "date", "half", "weekday", "week", "month", "school_week", "school_day")
    rows = [
        slot
        for year in years
        for slot in slots(year.calendar, year.grid, year.free_days)
        if slot.possible and year.first <= slot.date <= year.last
    ]
    columns: dict[str, list[Any]] = {name: [getattr(slot, name) for slot in rows] for name in names}
    return {**columns, "start_year": [int(slot.school_year[:4]) for slot in rows]}


def _valid_codes(codes: Sequence[AbsenceCode], day: date) -> tuple[AbsenceCode, ...]:
    """One entry per code: the one that holds on *day*, else the last one of the table."""
    chosen: dict[str, AbsenceCode] = {}
    for code in codes:
        holds = (code.valid_from is None or code.valid_from <= day) and (code.valid_to is None or code.valid_to >= day)
        if holds or code.code not in chosen:
            chosen[code.code] = code
    return tuple(chosen.values())


def _family(rule: Threshold) -> str | None:
    """How the rule is counted: ``year``, ``two years``, ``percent``; None when half days cannot tell."""
    unit = rule.unit.casefold().replace("_", " ")
    if unit.startswith(("procent", "percent", "%")):
        return "percent"
    if not unit.startswith(("halve dag", "half day")) or not rule.codes:
        return None
    if "twee schooljaren" in unit or "two" in unit:
        return "two years"
    return "year" if unit in ("half days", "halve dagen") or "schooljaar" in unit or "year" in unit else None


def _natural(value: object) -> tuple[Any, ...]:
    """A key that sorts 2A before 10A, and the unknown last."""
    if value in (None, UNKNOWN):
        return (1,)
    return (0, *((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", str(value)) if part))
