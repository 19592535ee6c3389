"""The figures of one school, or of several together: what a page, a notebook and a colleague at the prompt all ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from stslib.absences.asking import Asking, Where
from stslib.absences.counted import Asked, Counted
from stslib.absences.disclosure import Policy, Why
from stslib.absences.indicators.dimensions import (
    DAY_DIMENSIONS,
    KIND_DIMENSIONS,
    PUPIL_DIMENSIONS,
    counted_codes,
    keep_expression,
)
from stslib.absences.tables import SchoolYearFacts, Tables
from stslib.errors import DatasetError
from stslib.model.absence import Status
from stslib.model.figure import Explanation

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.focus import Focus, FocusRules
    from stslib.absences.signals.attention import AttentionList, Weights
    from stslib.absences.signals.find import SignalRules
    from stslib.absences.signals.pupils import PupilList


class Absences(Asking):
    """Stored half days, with calendar and enrolment. Shows no pupil row, not even in its repr.

    Made by ``load_absences`` and ``read_absences``, or from frames of one's own (pandas, Polars, PySpark) as
    ``SchoolYearFacts``. Every indicator answers with a tidy ``Counted`` frame: groups as columns, numerator, denominator,
    rate and its interval; ``.explain()`` says why the numbers are what they are and ``.plot()`` draws them.
    """

    def __repr__(self) -> str:
        schools = f"{self.school!r}" if len(self.schools) == 1 else f"{self.school!r}, {len(self.schools)} scholen"
        return f"<Absences {schools}: schooljaren {', '.join(self.school_years)}>"

    def with_facts(self, years: Sequence[SchoolYearFacts]) -> Absences:
        """The same questions of other half days, such as those of a part of the pupils; provisional from the same day."""
        return self._made(years, self.periods)

    def with_periods(self, periods: Sequence[tuple[date, date]]) -> Absences:
        """The same half days, of which a record will be asked about these *periods* too (first and last day, inclusive).

        What a record shows of one period is decided together with all the others, so it must know them beforehand. Of a period
        that was not announced it shows only what all its days may show.
        """
        return self._made(self.facts, tuple(dict.fromkeys((*(self.periods or ()), *periods))))

    def _made(self, years: Sequence[SchoolYearFacts], periods: Sequence[tuple[date, date]] | None) -> Absences:
        made = Absences(
            self.school,
            years,
            codes=self._all_codes,
            thresholds=self._thresholds,
            disclosure=self._disclosure,
            provisional_from=self.provisional_from,
            periods=periods,
        )
        made.hidden_for = self.hidden_for
        return made

    # -- indicators ------------------------------------------------------------------------------------------------

    def rate(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """Share of possible half days that were missed, per group.

        Args:
            by: group columns, any of ``dimensions``; for pictures by day also ``date``, ``school_week`` (1 is the first week
                of the school year) and ``school_day``.
            status: ``unlawful``, ``lawful``, ``open`` or ``late``; None counts every code that counts as absent.
            disclosure: ``none``, ``room``, ``record`` or ``shared``; None is the policy that this object was made with.
            school_years: only these; None takes all that are stored.
            where: only these groups or times, numerator and denominator alike: ``{"grade": "2"}``.
            period: only from the first to the second day, both inclusive.

        Returns:
            One row per group: the *by* columns, ``half_days_missed``, ``half_days_possible`` (above 0), ``rate`` (0–1),
            ``rate_low`` and ``rate_high`` (95 % Wilson), ``pupils``. With a policy also ``suppressed``, and the numbers
            are nullable (``Int64``, ``Float64``): a hidden one is ``pd.NA``. A group that nobody was enrolled in is left
            out. With ``status`` or ``code`` in *by* the possible half days are those of the other groups, and a kind
            without rows has rate zero.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: an unknown status, policy, school year or value.
        """
        known = (*self.dimensions, *DAY_DIMENSIONS)
        asked = self._asked("rate", by, status, school_years, where, period, known)
        columns = self._count(asked, self._status(status))
        columns.pop("missing_pupils")
        return self._answer(asked, columns, disclosure, self.protection.rates)

    def late(
        self,
        by: Sequence[str] = (),
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """Late arrivals per group; at most two a pupil a day.

        Returns:
            The *by* columns (not ``status`` or ``code``), ``late_half_days``, ``late_pupils`` (who were late at least
            once), ``half_days_possible``, ``rate``, ``rate_low``, ``rate_high``, ``pupils``; for the rest as ``rate``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        known = tuple(name for name in (*self.dimensions, *DAY_DIMENSIONS) if name not in KIND_DIMENSIONS)
        asked = self._asked("late", by, None, school_years, where, period, known)
        columns = self._count(asked, Status.LATE)
        renamed = {"late_half_days": columns["half_days_missed"], "late_pupils": columns["missing_pupils"], **columns}
        names = ("late_half_days", "late_pupils", "half_days_possible", "rate", "rate_low", "rate_high", "pupils")
        chosen = {name: renamed[name] for name in (*asked.by, *names)}
        return self._answer(asked, chosen, disclosure, partial(self.protection.rates, count="late_half_days"))

    def thresholds(
        self,
        disclosure: Policy | None = None,
        *,
        by: Sequence[str] = (),
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        every_rule: bool = False,
    ) -> Counted:
        """Pupils at or over each threshold, per school year, and pupils near it (from 80 % of it on).

        B half days that a pupil brought along from another school count where a rule counts only B.

        Args:
            disclosure: as for ``rate``.
            by: group columns; a pupil is in the group of its last stay of the school year.
            school_years: only these; None takes all that are stored.
            where: only pupils of these groups, with all their half days.
            every_rule: also the rules that half days cannot tell, each with the reason.

        Returns:
            The *by* columns, school_year, threshold (its id), rule, value, unit, pupils_over, pupils_near, pupils
            (enrolled in that year), determinable, why_not and counted (Dutch): see
            ``stslib.absences.indicators.thresholds.count_rules``. Numbers of a rule that is not determinable are NA.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.indicators.rules import rules_in_force
        from stslib.absences.indicators.thresholds import count_rules, rules_of

        asked = self._asked("thresholds", by, None, school_years, where, None, self.group_columns, every_rule=every_rule)
        if self._is_part_of_record(asked, disclosure):
            return self._part_of_record(asked, partial(self.thresholds, school_years=school_years, every_rule=every_rule))
        whole = self._asked("thresholds")
        spans = {
            year.start_year: (year.calendar.first_day, year.calendar.last_day)
            for year in self.facts
            if year.school_year in asked.school_years
        }
        rules = rules_in_force(self._thresholds, spans) if every_rule else rules_of(self._thresholds, spans)
        only = {name: list(values) for name, values in asked.where}
        parts = list(self._in_batches(whole))
        columns = count_rules(parts, rules, self.codes, self._linked_years(), asked.by, only=only)
        if not every_rule:
            kept = [row for row, told in enumerate(columns["determinable"]) if told]
            columns = {name: [values[row] for row in kept] for name, values in columns.items()}
        return self._answer(asked, self._named(columns, asked.by), disclosure, self._protect_thresholds, always=True)

    def _protect_thresholds(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Thresholds under a policy; in a record they tell no more than the bands of the same half days do."""
        import pandas as pd

        from stslib.absences.disclosure.nested import Band, Rule, hide_beside_bands
        from stslib.absences.indicators.bands import UNLAWFUL_ONLY
        from stslib.absences.indicators.rules import Family, family_of, first_over
        from stslib.absences.indicators.thresholds import first_near

        protected = self.protection.thresholds(frame, asked, policy)
        if policy != "record" or not len(protected):
            return protected
        years = {Family.YEAR: 1, Family.TWO_YEARS: 2}
        rules = {
            rule.id: Rule(first_over(rule), first_near(rule), years[family_of(rule)])
            for rule in self._thresholds
            if rule.value is not None and rule.codes == UNLAWFUL_ONLY and family_of(rule) in years
        }
        found: dict[tuple[Any, ...], list[Band]] = {}
        for year in asked.school_years:
            count = partial(self.bands, asked.by, policy, school_years=[year])
            bands, _ = self._remembered(("bands", asked.by, year), count)
            for *group, first, last, pupils in bands[[*asked.by, "from", "to", "pupils_in_band"]].itertuples(index=False):
                upper, shown = (None if pd.isna(one) else int(one) for one in (last, pupils))
                found.setdefault((*group, year), []).append(Band(int(first), upper, shown))
        hide_beside_bands(protected, asked.by, rules, found)
        return protected

    def bands(
        self,
        by: Sequence[str] = (),
        disclosure: Policy | None = None,
        *,
        of: Literal["B", "chronic"] = "B",
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
    ) -> Counted:
        """Pupils per band: of B half days as in the official statistics, or of the share of the year that they missed.

        Args:
            by: group columns and ``school_year``; a pupil counts once in each school year.
            disclosure: as for ``rate``.
            of: ``B``, those brought along from another school included, or ``chronic``: whatever the code.
            school_years: only these; None takes all that are stored.
            where: only pupils of these groups, with all their half days.

        Returns:
            As ``stslib.absences.indicators.bands.count_bands``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.indicators import bands

        known = (*self.group_columns, "school_year")
        asked = self._asked("bands", by, None, school_years, where, None, known, of=of)
        if self._is_part_of_record(asked, disclosure):
            return self._part_of_record(asked, partial(self.bands, school_years=school_years, of=of))
        whole = self._asked("bands", (), None, school_years)
        only = {name: list(values) for name, values in asked.where}
        parts = list(self._in_batches(whole))
        if of == "B":
            codes = [code.code for code in counted_codes(self.codes, Status.UNLAWFUL)]
            columns = bands.count_bands(parts, codes, bands.band_limits(self._thresholds), asked.by, only=only)
        else:
            if not bands.percent_limits(self._thresholds):
                raise DatasetError(
                    "grenzen",
                    "In de tabel met grenzen staat geen enkele grens in procent; zonder die zijn er geen banden.",
                    "Voeg een grens toe met de eenheid 'procent van de mogelijke halve dagen', of tel de banden van B.",
                )
            codes = [code.code for code in counted_codes(self.codes, None)]
            columns = bands.count_chronic_bands(parts, codes, bands.percent_limits(self._thresholds), asked.by, only=only)
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.bands)

    def spells(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """How many unbroken spells of absence there were, by their length.

        Returns:
            As ``stslib.absences.indicators.spells.count_spells``; spells of more calendar days than the rule on lessons at
            home asks stand apart as well.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.indicators.rules import long_days
        from stslib.absences.indicators.spells import count_spells

        known = tuple(name for name in self.dimensions if name not in KIND_DIMENSIONS)
        asked = self._asked("spells", by, status, school_years, where, period, known)
        if self._is_part_of_record(asked, disclosure):
            return self._part_of_record(asked, partial(self.spells, status=status, school_years=school_years))
        keep = keep_expression(self.codes, self._status(status))
        columns = count_spells(self._in_batches(asked), keep, asked.by, long_days=long_days(self._thresholds))
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.spells)

    def distribution(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """Who carries how much: the share of the half days on the pupils with the most, and how many carry half.

        Returns:
            As ``stslib.absences.indicators.distribution.count_distribution``: never a row about one pupil.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.indicators.distribution import count_distribution

        asked = self._asked("distribution", by, status, school_years, where, period, (*self.group_columns, "school_year"))
        if self._is_part_of_record(asked, disclosure):
            return self._part_of_record(asked, partial(self.distribution, status=status, school_years=school_years))
        keep = keep_expression(self.codes, self._status(status))
        columns = count_distribution(self._in_batches(asked), keep, asked.by)
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.distribution)

    def compare(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        where: Where | None = None,
        every: Literal["day", "week", "same day"] = "week",
    ) -> Counted:
        """This school year beside the earlier ones, up to the same class day of the year.

        Returns:
            As ``stslib.absences.indicators.comparison.compare_years``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.calendar import class_days
        from stslib.absences.indicators.comparison import compare_years

        asked = self._asked("compare", by, status, None, where, None, self.group_columns, every=every)
        lengths = {year.school_year: len(class_days(year.calendar, year.grid, year.free_days)) for year in self.facts}
        keep = keep_expression(self.codes, self._status(status))
        columns = compare_years(
            self._in_batches(asked), keep, asked.by, provisional_from=self._may_change(status), lengths=lengths, every=every
        )
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.years)

    def run_chart(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        baseline: tuple[date, date] | int = 8,
        marks: Sequence[tuple[date, str]] = (),
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """The rate of each school week, within limits that follow from a baseline period.

        Args:
            by: group columns.
            status: as for ``rate``; ``late`` too.
            disclosure: as for ``rate``.
            baseline: first and last day of the period to compare with, or so many first weeks.
            marks: a day and what began on it, such as the plan or an action.
            school_years: only these; None takes all that are stored.
            where: only these groups.
            period: only from the first to the second day, both inclusive.

        Returns:
            As ``stslib.absences.indicators.run_chart.run_chart``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``; or a baseline of fewer than eight weeks.
        """
        from stslib.absences.indicators.run_chart import run_chart

        asked = self._asked("run_chart", by, status, school_years, where, period, self.group_columns)
        columns = run_chart(
            self._in_batches(asked), keep_expression(self.codes, self._status(status)), asked.by,
            baseline=baseline, marks=marks, provisional_from=self._may_change(status),
        )  # fmt: skip
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.weeks)

    def funnel(
        self,
        by: Sequence[str] = ("class",),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> Counted:
        """Classes or years beside the whole, within limits that are wide for the small ones.

        Returns:
            As ``stslib.absences.indicators.funnel.funnel``.

        Raises:
            UnknownDimensionError: names every unknown column and the known ones.
            DatasetError: as for ``rate``.
        """
        from stslib.absences.indicators.funnel import funnel

        asked = self._asked("funnel", by, status, school_years, where, period, (*self.group_columns, "school_year"))
        columns = funnel(self._in_batches(asked), keep_expression(self.codes, self._status(status)), asked.by)
        return self._answer(asked, self._named(columns, asked.by), disclosure, self.protection.funnel)

    # -- one group in a record ---------------------------------------------------------------------------------------

    def _is_part_of_record(self, asked: Asked, disclosure: Policy | None) -> bool:
        """Whether a measure that counts pupils is asked of some of them, or of some days, under the rule for records."""
        return self._policy(disclosure) == "record" and bool(asked.where or asked.period)

    def _part_of_record(self, asked: Asked, ask: Callable[..., Counted]) -> Counted:
        """What a record shows of one group: its rows of the table of all groups of its kind.

        Those tables are decided beside one another and beside that of the whole school; a group that was counted by itself
        could be subtracted from them. Of more groups at once, or of some days, no number is shown.

        Args:
            asked: what was asked.
            ask: the measure, still to be told *by* and *disclosure*.
        """
        name, values = asked.where[0] if asked.where else ("", ())
        policy: Policy = "record"
        if not asked.by and asked.period is None and len(asked.where) == len(values) == 1 and name in PUPIL_DIMENSIONS:
            key = (asked.measure, name, asked.status, asked.school_years, asked.options)
            table, why = self._remembered(key, partial(ask, by=(name,), disclosure=policy))
            self.hidden_for |= why
            frame = table[table[name] == values[0]].drop(columns=name).reset_index(drop=True)
        else:
            frame = self.protection.hide_all(ask(by=asked.by, disclosure="none", **_limits_of(asked)))
        return Counted.made(frame, asked, policy=policy, school=self.school, explain=lambda: self._explain(asked, policy))

    def _remembered(self, key: tuple[Any, ...], count: Callable[[], Counted]) -> tuple[Counted, frozenset[Why]]:
        """A table of a record and why it hides what it hides, counted once: one group is mostly asked after another."""
        if key not in self._of_record:
            before = set(self.hidden_for)
            self.hidden_for.clear()
            self._of_record[key] = (count(), frozenset(self.hidden_for))
            self.hidden_for.clear()
            self.hidden_for |= before
        return self._of_record[key]

    # -- pupils and parts to talk about ----------------------------------------------------------------------------

    def signals(self, *, school_year: str | None = None, rules: SignalRules | None = None) -> PupilList:
        """Early signs, as questions about pupils: a list that shows no pupil unless its rows are asked for.

        Raises:
            DatasetError: no such school year.
        """
        from stslib.absences.signals.find import find_signals

        year = self._one_year(school_year)
        return find_signals(
            self._of_one_school(), self.codes, provisional_from=self.provisional_from, school_year=year,
            until=self._last_day(year), rules=rules,
        )  # fmt: skip

    def attention(
        self,
        *,
        hard_to_reach: Collection[int | str] = (),
        risk: Collection[int | str] = (),
        weights: Weights | None = None,
        school_year: str | None = None,
    ) -> AttentionList:
        """Pupils in an order of attention, in points that can be seen and weighed; for a live page alone.

        Args:
            hard_to_reach: pseudonyms of pupils whose parents the school ticked as hard to reach.
            risk: pseudonyms of pupils for whom the school ticked known risk factors.
            weights: how heavily each part weighs.
            school_year: None is the newest.

        Raises:
            DatasetError: no such school year, or all weights are 0.
        """
        from stslib.absences.signals.attention import rank_attention

        year = self._one_year(school_year)
        return rank_attention(
            self._of_one_school(), self.codes, hard_to_reach=hard_to_reach, risk=risk, weights=weights, school_year=year,
            until=self._last_day(year),
        )  # fmt: skip

    def focus(self, disclosure: Policy = "record", *, school_year: str | None = None, rules: FocusRules | None = None) -> Focus:
        """Parts of the absence that a team could choose as its focus, best first.

        Raises:
            DatasetError: no such school year, or a policy that this is not made for.
        """
        from stslib.absences.focus import find_focus

        year = self._one_year(school_year)
        return find_focus(
            self._of_one_school(), self.codes, policy=disclosure, provisional_from=self.provisional_from, school_year=year,
            until=self._last_day(year), rules=rules,
        )  # fmt: skip

    def _of_one_school(self) -> Tables:
        """The tables of the only school, in this process: pupils and focus are a school's own matter.

        Raises:
            DatasetError: there are several schools.
        """
        if len(self.schools) > 1:
            raise DatasetError(
                "school",
                "Signalen, volgorde van aandacht en focus zijn er per school.",
                "Vraag ze van de cijfers van één school.",
            )
        return self.open().here()

    def _one_year(self, school_year: str | None) -> str:
        return self.check_years([school_year])[0] if school_year else self.school_years[-1]

    def _last_day(self, school_year: str) -> date:
        return max(min(year.last, year.last_day) for year in self.facts if year.school_year == school_year)

    def _may_change(self, status: str | None) -> date | None:
        """From which day on half days of *status* are provisional."""
        return self.provisional_from if status in (None, Status.UNLAWFUL.value, Status.OPEN.value) else None

    # -- why this number -------------------------------------------------------------------------------------------

    def explain(
        self,
        by: Sequence[str] = (),
        status: str | None = None,
        disclosure: Policy | None = None,
        *,
        measure: str = "rate",
        school_years: Sequence[str] | None = None,
        where: Where | None = None,
        period: tuple[date, date] | None = None,
    ) -> tuple[Explanation, ...]:
        """The lines of "waarom dit getal?": what was counted, over which days, out of what, and what was left out."""
        return self._explain(self._asked(measure, by, status, school_years, where, period), self._policy(disclosure))

    def half_days_per_pupil(self, status: str | None, school_year: str) -> list[int]:
        """How many half days each pupil who missed any has, most first; only the numbers, never of whom."""
        from stslib.absences.indicators.thresholds import per_pupil_counts

        codes = tuple(code.code for code in counted_codes(self.codes, self._status(status)))
        tables = self.part_of(self._asked("rate", school_years=[school_year]))
        counts = tables.collect(per_pupil_counts(tables, [codes]).select("n0"))["n0"]
        return sorted((int(count) for count in counts if count), reverse=True)


def _limits_of(asked: Asked) -> dict[str, Any]:
    """The part that *asked* is about, as arguments."""
    limits: dict[str, Any] = {"where": dict(asked.where)} if asked.where else {}
    return limits | ({"period": asked.period} if asked.period else {})
