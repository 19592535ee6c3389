"""Pupils over each rule with a number, and near it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from stslib.absences.engine import stack
from stslib.absences.indicators.dimensions import GROUP_COLUMNS
from stslib.absences.indicators.parts import each
from stslib.absences.indicators.per_pupil import Table, last_groups, pupil_key, stays
from stslib.absences.indicators.rules import (
    COUNTED,
    DOCTOR,
    NO_AGE,
    NO_DAYS,
    NO_DOCTOR,
    NO_NUMBER,
    NO_POSSIBLE,
    NO_UNIT,
    NO_YEAR_BEFORE,
    Family,
    family_of,
    first_over,
    of_parents,
    rules_in_force,
)
from stslib.absences.indicators.spells import spells
from stslib.errors import UnknownDimensionError
from stslib.model.absence import AbsenceCode, Threshold

if TYPE_CHECKING:
    from stslib.absences.indicators.bands import Only
    from stslib.absences.indicators.parts import Parts
    from stslib.absences.tables import Tables

NEAR_SHARE = 0.8
"""Near a threshold: from this share of it on, and not there yet."""

_NEAR = (round(NEAR_SHARE * 10), 10)
"""The same in whole numbers, for 0.8 × 15 is not quite 12 everywhere."""

RULE_COLUMNS = (
    "school_year", "threshold", "rule", "value", "unit", "pupils_over", "pupils_near", "pupils", "determinable", "why_not",
    "counted", "_family",
)  # fmt: skip
"""Of ``count_rules``."""


class _Found(NamedTuple):
    """What the tables hold, from which follows what rules can be counted."""

    without_doctor: frozenset[int]
    """Start years in which a school has no D."""
    without_days: frozenset[int]
    """Start years of which an export tells only totals."""


def count_rules(
    parts: Parts,
    rules: Sequence[tuple[int, Threshold]],
    codes: Sequence[AbsenceCode],
    linked_years: Collection[int],
    by: Sequence[str] = (),
    *,
    only: Only | None = None,
) -> dict[str, list[Any]]:
    """How many pupils are at or over each rule, and near it; also a row for each rule that half days cannot tell.

    Half days B that a pupil brought along from another school count where a rule counts only B. Rules on calendar days
    are counted in spells: the longest of each pupil, over weekends and holidays, within the school year. The number of
    parents' notes is counted in spells as well, each of which needed at least one note, so there may be more pupils over it.

    Args:
        parts: open tables of whole school years; not narrowed to groups, for the half days of a pupil that changed class
            belong together (*only* chooses groups).
        rules: start year and a rule that holds in it (``rules_in_force``).
        codes: the code table; a rule without codes counts all that are absent.
        linked_years: start years in which a pupil has the same pseudonym as in the year before.
        by: any of ``GROUP_COLUMNS``; a pupil is in the group of its last stay of the school year.
        only: count only pupils of these groups.

    Returns:
        For every group a row per rule and year, in the order given: the *by* columns, ``school_year``, ``threshold`` (id of
        the rule), ``rule`` and ``unit`` (Dutch), ``value`` (None: not known yet), ``pupils_over``, ``pupils_near`` (from
        80 % on, not over), ``pupils`` (enrolled in that year; in that group), ``determinable``, ``why_not`` (Dutch; empty
        when determinable), ``counted`` (Dutch: what was counted) and ``_family`` (rows with the same one count the same
        half days against another number). Where a rule is not determinable, over and near are None.

    Raises:
        UnknownDimensionError: names every unknown column and the known ones.
    """
    by, only = list(dict.fromkeys(by)), only or {}
    if unknown := [name for name in (*by, *only) if name not in GROUP_COLUMNS]:
        raise UnknownDimensionError(unknown, GROUP_COLUMNS)
    if not rules:
        return {name: [] for name in (*by, *RULE_COLUMNS)}
    absent = tuple(code.code for code in codes if code.absent)
    years = list(dict.fromkeys(year for year, _ in rules))
    wanted = [number for number, (year, rule) in enumerate(rules) if not _never(year, rule, linked_years)]
    found = _Found(frozenset(), frozenset())
    sums: dict[tuple[Any, ...], Counter[str]] = {} if by else {(): Counter()}
    for tables in each(parts):
        here = _look(tables, [rules[number][1] for number in wanted])
        found = _Found(found.without_doctor | here.without_doctor, found.without_days | here.without_days)
        columns = tables.collect(_flags(tables, [(number, *rules[number]) for number in wanted], years, absent, by, only))
        for row in range(len(next(iter(columns.values()), ()))):
            numbers = {name: int(values[row] or 0) for name, values in columns.items() if name not in by}
            sums.setdefault(tuple(columns[name][row] for name in by), Counter()).update(numbers)
    result: dict[str, list[Any]] = {name: [] for name in (*by, *RULE_COLUMNS)}
    for group, counts in sums.items():
        for number, (year, rule) in enumerate(rules):
            why = _never(year, rule, linked_years) or _not_here(year, rule, found)
            over, near = (None, None) if why else (counts[f"over{number}"], counts[f"near{number}"])
            kind = family_of(rule)
            cells = (
                *group, f"{year}-{year + 1}", rule.id, rule.rule, rule.value, rule.unit, over, near, counts[f"pupils{year}"],
                not why, why, "" if why else COUNTED[kind], f"{kind} {rule.codes or absent}",
            )  # fmt: skip
            for name, cell in zip(result, cells, strict=True):
                result[name].append(cell)
    return result


def first_near(rule: Threshold) -> int:
    """The first number of half days that is near the rule: ``NEAR_SHARE`` of the first one that is over it."""
    part, whole = _NEAR
    return -(-first_over(rule) * part // whole)


def rules_of(thresholds: Sequence[Threshold], years: Mapping[int, tuple[Any, Any]]) -> list[tuple[int, Threshold]]:
    """``rules_in_force`` that have a number and count half days: in a year, in two years, or as a percentage."""
    told = (Family.YEAR, Family.TWO_YEARS, Family.PERCENT)
    return [
        (year, rule) for year, rule in rules_in_force(thresholds, years) if rule.value is not None and family_of(rule) in told
    ]


def _never(year: int, rule: Threshold, linked_years: Collection[int]) -> str:
    """Why the rule cannot be counted, whatever the tables hold; else empty."""
    kind = family_of(rule)
    if kind is Family.PRESENT:
        return NO_AGE
    if rule.value is None:
        return NO_NUMBER
    if kind is Family.OTHER:
        return NO_UNIT
    return NO_YEAR_BEFORE if kind is Family.TWO_YEARS and year not in linked_years else ""


def _not_here(year: int, rule: Threshold, found: _Found) -> str:
    """Why the rule cannot be counted in these tables; else empty."""
    if family_of(rule) is Family.PERCENT and year in found.without_days:
        return NO_POSSIBLE
    if family_of(rule) not in (Family.SPELL, Family.SPELLS):
        return ""
    if year in found.without_days:
        return NO_DAYS
    return NO_DOCTOR if of_parents(rule) and year in found.without_doctor else ""


def _look(tables: Tables, rules: Sequence[Threshold]) -> _Found:
    key = [*tables.keys, "start_year"]
    totals: set[int] = set()
    if tables.totals is not None:
        totals = set(tables.collect(tables.totals.select("start_year").unique())["start_year"])
    if not any(of_parents(rule) for rule in rules):
        return _Found(frozenset(), frozenset(totals))
    sets = []
    for frame in (tables.calendar, tables.facts.filter(nw.col("code") == DOCTOR)):
        columns = tables.collect(frame.select(*key).unique())
        sets.append(set(zip(*(columns[name] for name in key), strict=True)))
    return _Found(frozenset(found[-1] for found in sets[0] - sets[1]), frozenset(totals))


def _flags(
    tables: Tables,
    rules: Sequence[tuple[int, int, Threshold]],
    years: Sequence[int],
    absent: tuple[str, ...],
    by: Sequence[str],
    only: Mapping[str, Sequence[object]],
) -> Table:
    """Per group of *by* the pupils over and near each rule (number, start year, rule), and those of each year."""
    sets = list(dict.fromkeys(rule.codes or absent for _, _, rule in rules))
    in_spells = [
        chosen
        for chosen in sets
        if any(family_of(rule) in (Family.SPELL, Family.SPELLS) and rule.codes == chosen for _, _, rule in rules)
    ]
    pupils = per_pupil_counts(tables, sets)
    names = [f"n{number}" for number in range(len(sets))]
    key = pupil_key(tables)
    before = pupils.select(
        *(name for name in key if name != "start_year"),
        (nw.col("start_year") + 1).cast(nw.Int32).alias("start_year"),
        *(nw.col(name).alias(f"before_{name}") for name in names),
    )
    wide = pupils
    if any(family_of(rule) is Family.TWO_YEARS for _, _, rule in rules):
        wide = wide.join(before, on=key, how="left").with_columns(*(nw.col(f"before_{name}").fill_null(0) for name in names))
    for chosen in in_spells:
        number = sets.index(chosen)
        own = (
            spells(tables, nw.col("code").is_in(list(chosen)))
            .group_by(*key)
            .agg(nw.col("calendar_days").max().alias(f"longest{number}"), nw.len().alias(f"spells{number}"))
        )
        wide = wide.join(own, on=key, how="left").with_columns(
            nw.col(f"longest{number}").fill_null(0), nw.col(f"spells{number}").fill_null(0)
        )
    groups = [name for name in dict.fromkeys((*by, *only)) if name not in tables.keys]
    if groups:
        wide = wide.join(last_groups(tables, groups), on=key, how="inner")
    wide = wide.filter(*(nw.col(name).is_in(list(values)) for name, values in only.items())) if only else wide
    measures: dict[str, nw.Expr] = {}
    for number, year, rule in rules:
        over, at_least_near = _conditions(rule, sets.index(rule.codes or absent))
        here = nw.col("start_year") == year
        measures[f"over{number}"] = (here & over).cast(nw.Int64)
        measures[f"near{number}"] = (here & at_least_near & ~over).cast(nw.Int64)
    for year in years:
        measures[f"pupils{year}"] = (nw.col("start_year") == year).cast(nw.Int64)
    flags = wide.select(*by, *(flag.alias(name) for name, flag in measures.items()))
    total = [nw.col(name).sum() for name in measures]
    return flags.group_by(*by).agg(*total) if by else flags.select(*total)


def _conditions(rule: Threshold, number: int) -> tuple[nw.Expr, nw.Expr]:
    """Over, and over the near edge (so also over)."""
    value, (part, whole) = first_over(rule), _NEAR
    count = nw.col(f"n{number}")
    match family_of(rule):
        case Family.PERCENT:
            limit = nw.col("half_days_possible") * value
            return (count * 100 >= limit) & (count > 0), (count * (100 * whole) >= limit * part) & (count > 0)
        case Family.TWO_YEARS:
            earlier = nw.col(f"before_n{number}")
            near = (count * whole >= value * part) & (earlier * whole >= value * part)
            return (count >= value) & (earlier >= value), near
        case Family.SPELL:
            count = nw.col(f"longest{number}")
        case Family.SPELLS:
            count = nw.col(f"spells{number}")
    return count >= value, count * whole >= value * part


def per_pupil_counts(tables: Tables, sets: Sequence[tuple[str, ...]]) -> Table:
    """Half days per pupil and school year: ``n0``, ``n1``, ... for each set of codes, zero where there is none.

    Half days B that a pupil brought along from another school count in the set that is only B; totals of an export
    without days count in every set.

    Returns:
        (school,) start_year, pupil, half_days_possible and the counts; a row per enrolled pupil and school year.
    """
    key = pupil_key(tables)
    names = [f"n{number}" for number in range(len(sets))]
    everybody = stays(tables).group_by(*key).agg(nw.col("half_days_possible").sum())
    if not names:
        return everybody

    def counted(frame: Table, weight: nw.Expr) -> Table:
        columns = [
            nw.when(nw.col("code").is_in(list(chosen))).then(weight).otherwise(nw.lit(0)).cast(nw.Int64).alias(name)
            for name, chosen in zip(names, sets, strict=True)
        ]
        return frame.select(*key, *columns)

    parts = [counted(tables.facts.select(*key, "code"), nw.lit(1))]
    if tables.totals is not None:
        parts.append(counted(tables.totals, nw.col("half_days")))
    if tables.brought is not None:
        only_b = [
            (nw.col("half_days") if chosen == ("B",) else nw.lit(0)).cast(nw.Int64).alias(name)
            for name, chosen in zip(names, sets, strict=True)
        ]
        parts.append(tables.brought.select(*key, *only_b))
    sums = stack([part.group_by(*key).agg(*(nw.col(name).sum() for name in names)) for part in parts])
    if len(parts) > 1:
        sums = sums.group_by(*key).agg(*(nw.col(name).sum() for name in names))
    return everybody.join(sums, on=key, how="left").with_columns(*(nw.col(name).fill_null(0) for name in names))
