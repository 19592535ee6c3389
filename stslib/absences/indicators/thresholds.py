"""Pupils over each rule with a number, and near it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from stslib.absences.engine import stack
from stslib.model.absence import AbsenceCode, Threshold

if TYPE_CHECKING:
    from stslib.absences.tables import Tables

NEAR_SHARE = 0.8
"""Near a threshold: from this share of it on, and not there yet."""

COLUMNS = ("school_year", "threshold", "rule", "value", "unit", "pupils_over", "pupils_near", "pupils", "_family")


def count_thresholds(
    tables: Tables,
    rules: Sequence[tuple[int, Threshold]],
    codes: Sequence[AbsenceCode],
    linked_years: Sequence[int],
) -> dict[str, list[Any]]:
    """How many pupils are at or over each rule, and near it.

    Args:
        tables: the school's.
        rules: start year and a rule that holds in it, with a number, of a ``family`` that half days can tell.
        codes: the code table; a rule without codes counts all that are absent.
        linked_years: start years in which a pupil has the same pseudonym as in the year before.

    Returns:
        ``COLUMNS``, one row per rule and year in the order given; a rule over two years in a row has none where the year
        before is not there.
    """
    absent = tuple(code.code for code in codes if code.absent)
    sets = list(dict.fromkeys(rule.codes or absent for _, rule in rules))
    per_pupil = per_pupil_counts(tables, sets)
    keys = [*tables.keys, "pupil"]
    names = [f"n{number}" for number in range(len(sets))]
    before = per_pupil.select(
        *keys,
        (nw.col("start_year") + 1).cast(nw.Int32).alias("start_year"),
        *(nw.col(name).alias(f"before_{name}") for name in names),
    )
    joined = per_pupil.join(before, on=[*keys, "start_year"], how="left")
    measures: dict[str, nw.Expr] = {}
    for number, (year, rule) in enumerate(rules):
        over, near = _conditions(rule, names[sets.index(rule.codes or absent)])
        here = nw.col("start_year") == year
        measures[f"over{number}"] = (here & over).cast(nw.Int64)
        measures[f"near{number}"] = (here & near & ~over).cast(nw.Int64)
    for year in sorted({year for year, _ in rules}):
        measures[f"pupils{year}"] = (nw.col("start_year") == year).cast(nw.Int64)
    if not measures:
        return {name: [] for name in COLUMNS}
    flags = joined.with_columns(*(nw.col(f"before_{name}").fill_null(0) for name in names)).select(
        *(flag.alias(name) for name, flag in measures.items())
    )
    sums = {
        name: int(values[0] or 0) for name, values in tables.collect(flags.select(*(nw.col(n).sum() for n in measures))).items()
    }
    result: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for number, (year, rule) in enumerate(rules):
        if family(rule) == "two years" and year not in linked_years:
            continue
        row = (
            f"{year}-{year + 1}", rule.id, rule.rule, rule.value, rule.unit,
            sums[f"over{number}"], sums[f"near{number}"], sums[f"pupils{year}"], f"{family(rule)} {rule.codes or absent}",
        )  # fmt: skip
        for name, cell in zip(COLUMNS, row, strict=True):
            result[name].append(cell)
    return result


def _conditions(rule: Threshold, count: str) -> tuple[nw.Expr, nw.Expr]:
    """Over, and over the near edge (so also over)."""
    value = rule.value or 0
    kind = family(rule)
    if kind == "percent":
        share = nw.col(count) * 100
        return (
            (share >= nw.col("half_days_possible") * value) & (nw.col(count) > 0),
            (share >= nw.col("half_days_possible") * (value * NEAR_SHARE)) & (nw.col(count) > 0),
        )
    over, near = nw.col(count) >= value, nw.col(count) >= value * NEAR_SHARE
    if kind == "two years":
        return over & (nw.col(f"before_{count}") >= value), near & (nw.col(f"before_{count}") >= value * NEAR_SHARE)
    return over, near


def per_pupil_counts(tables: Tables, sets: Sequence[tuple[str, ...]]) -> nw.LazyFrame[Any]:
    """Half days per pupil and school year: ``n0``, ``n1``, ... for each set of codes, zero where there is none.

    Half days B that a pupil brought along from another school count in the set that is only B; totals of an export
    without days count in every set.

    Returns:
        (school,) pupil, start_year, half_days_possible and the counts; a row per enrolled pupil and school year.
    """
    keys = [*tables.keys, "pupil", "start_year"]
    names = [f"n{number}" for number in range(len(sets))]

    def counted(frame: nw.LazyFrame[Any], weight: nw.Expr) -> nw.LazyFrame[Any]:
        columns = [
            nw.when(nw.col("code").is_in(list(chosen))).then(weight).otherwise(nw.lit(0)).cast(nw.Int64).alias(name)
            for name, chosen in zip(names, sets, strict=True)
        ]
        return frame.select(*keys, *columns)

    parts = [counted(tables.facts.select(*keys, "code"), nw.lit(1))]
    if tables.totals is not None:
        parts.append(counted(tables.totals, nw.col("half_days")))
    if tables.brought is not None:
        only_b = [
            (nw.col("half_days") if chosen == ("B",) else nw.lit(0)).cast(nw.Int64).alias(name)
            for name, chosen in zip(names, sets, strict=True)
        ]
        parts.append(tables.brought.select(*keys, *only_b))
    sums = stack([part.group_by(*keys).agg(*(nw.col(name).sum() for name in names)) for part in parts])
    if len(parts) > 1:
        sums = sums.group_by(*keys).agg(*(nw.col(name).sum() for name in names))
    everybody = possible_per_pupil(tables.enrolled, tables.calendar, tables.keys)
    return everybody.join(sums, on=keys, how="left").with_columns(*(nw.col(name).fill_null(0) for name in names))


def possible_per_pupil(enrolled: nw.LazyFrame[Any], calendar: nw.LazyFrame[Any], keys: Sequence[str] = ()) -> nw.LazyFrame[Any]:
    """Possible half days per pupil and school year: (school,) pupil, start_year, half_days_possible."""
    stay = [*keys, "start_year", "first", "last"]
    days = calendar.group_by(*keys, "start_year", "date").agg(nw.len().alias("halves"))
    spans = (
        enrolled.select(*stay)
        .unique()
        .join(days, on=stay[:-2], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by(*stay)
        .agg(nw.col("halves").sum())
    )
    return (
        enrolled.select(*stay, "pupil")
        .join(spans, on=stay, how="inner")
        .group_by(*keys, "pupil", "start_year")
        .agg(nw.col("halves").sum().alias("half_days_possible"))
    )


def rules_of(thresholds: Sequence[Threshold], years: Mapping[int, tuple[Any, Any]]) -> list[tuple[int, Threshold]]:
    """The rules that hold in each year, have a number, and that half days can tell.

    Args:
        thresholds: the table.
        years: start year -> first and last day of the school year.
    """
    return [
        (year, rule)
        for year, (first, last) in years.items()
        for rule in thresholds
        if (rule.valid_from is None or rule.valid_from <= last)
        and (rule.valid_to is None or rule.valid_to >= first)
        and rule.value is not None
        and family(rule) is not None
    ]


def family(rule: Threshold) -> str | None:
    """How the rule is counted: ``year``, ``two years``, ``percent``; None when half days cannot tell."""
    unit = rule.unit.casefold().replace("_", " ")
    if unit.startswith(("procent", "percent", "%")):
        return "percent"
    if not unit.startswith(("halve dag", "half day")) or not rule.codes:
        return None
    if "twee schooljaren" in unit or "two" in unit:
        return "two years"
    return "year" if unit in ("half days", "halve dagen") or "schooljaar" in unit or "year" in unit else None
