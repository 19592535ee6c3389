"""Counts per segment: a group of pupils (grade, year of study, stream), a kind of absence and a pattern in time.

Counted in whichever engine the half days are in; only sums per segment come out, never a row about a pupil.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import narwhals as nw

from stslib.absences import engine
from stslib.absences.indicators.dimensions import SCHOOL, keep_expression
from stslib.absences.indicators.spells import spells
from stslib.absences.signals.patterns import Scope
from stslib.absences.tables import Table
from stslib.model.absence import AbsenceCode, Status

GROUPS = ("grade", "year", "stream")
"""What a group of pupils is set apart by; "" in a segment: every value."""

ABSENT = "absent"
"""The kind of every absence together. The other kinds are statuses."""

KINDS = (ABSENT, Status.UNLAWFUL.value, Status.LAWFUL.value, Status.OPEN.value, Status.LATE.value)

ALL, SHORT = "all", "short-spells"

SHORT_DAYS = 2
"""School days of a short spell at most."""


def _is(name: str, value: object) -> nw.Expr:
    return nw.when(nw.col(name) == value).then(nw.lit(1)).otherwise(nw.lit(0))


def pattern_expressions() -> dict[str, nw.Expr]:
    """Pattern -> 1 where a half day of the calendar is in it, else 0. ``SHORT`` is no part of the calendar."""
    return {
        ALL: nw.lit(1),
        **{f"weekday-{day}": _is("weekday", day) for day in range(1, 6)},
        "morning": _is("half", "VM"),
        "afternoon": _is("half", "NM"),
        "before-weekend": _is("before", "weekend"),
        "after-weekend": _is("after", "weekend"),
        "before-holiday": _is("before", "holiday"),
        "after-holiday": _is("after", "holiday"),
    }


PATTERNS = (*pattern_expressions(), SHORT)


class Segment(NamedTuple):
    """Which part it is."""

    school: str
    grade: str
    year: str
    stream: str
    kind: str
    pattern: str

    @property
    def group(self) -> tuple[str, str, str, str]:
        """School and group of pupils."""
        return self[:4]


class Counts(NamedTuple):
    """Sums over the pupils of a segment; n is a pupil's half days in it, r those in the last weeks."""

    pupils: int
    """With at least one half day in it."""
    half_days: int
    heavy: int
    """Half days of the heaviest tenth of its pupils, rounded up."""
    single: int
    """Half days of pupils with only one, as far as they are not in the heaviest tenth."""
    recent: int
    recent_squares: int
    before_squares: int
    recent_before: int
    total: int
    """Half days of the same group and kind, in the pattern or not."""
    squares: int
    other_squares: int
    squares_other: int


class Possible(NamedTuple):
    """Denominators of a group: pupils who were enrolled, and possible half days per pattern, all and in the last weeks."""

    pupils: int
    half_days: Mapping[str, int]
    recent: Mapping[str, int]


class Atom(NamedTuple):
    """Half days that are alike in everything that segments are set apart by: what two segments share is a sum of these."""

    school: str
    grade: str
    year: str
    stream: str
    status: str
    patterns: frozenset[str]
    half_days: int


def _marks(scope: Scope, codes: Sequence[AbsenceCode]) -> Table:
    """Absences and late arrivals, with ``short`` (1 in a short spell, else 0)."""
    facts, absent = scope.tables.facts, keep_expression(codes, None)
    columns = [*scope.who, *GROUPS, "status", "weekday", "half", "before", "after", "recent"]
    runs = spells(scope.tables, absent).select(*scope.who, "first_slot", "last_slot", "school_days")
    placed = (
        facts.filter(absent)
        .select(*columns, "slot")
        .join(runs, on=scope.who, how="inner")
        .filter(nw.col("slot") >= nw.col("first_slot"), nw.col("slot") <= nw.col("last_slot"))
        .with_columns(nw.when(nw.col("school_days") <= SHORT_DAYS).then(nw.lit(1)).otherwise(nw.lit(0)).alias("short"))
        .select(*columns, "short")
    )
    late = facts.filter(keep_expression(codes, Status.LATE)).select(*columns, nw.lit(0).alias("short"))
    return scope.tables.engine.keep(engine.stack([placed, late]))


def _every_group(frame: Table) -> Table:
    """*frame* once for every choice of ``GROUPS``, with "" for those that are left open."""
    opened = [left for size in range(1, len(GROUPS) + 1) for left in combinations(GROUPS, size)]
    return engine.stack([frame, *(frame.with_columns(*(nw.lit("").alias(name) for name in left)) for left in opened)])


def count_segments(scope: Scope, codes: Sequence[AbsenceCode]) -> tuple[dict[Segment, Counts], list[Atom]]:
    """Every segment with at least one half day, and the atoms that they are sums of."""
    marks = _marks(scope, codes)
    within = {**pattern_expressions(), SHORT: nw.col("short")}
    flagged = marks.select(
        *scope.who, *GROUPS, "status", *(value.alias(name) for name, value in within.items()),
        *((value * nw.col("recent")).alias(f"{name} recent") for name, value in within.items()),
    )  # fmt: skip
    names = [*within, *(f"{name} recent" for name in within)]
    sums = [nw.col(name).sum() for name in names]
    per_pupil = scope.tables.engine.keep(flagged.group_by(*scope.who, *GROUPS, "status").agg(*sums))
    columns = [*scope.who, *GROUPS, "kind", *names]
    kinds = engine.stack(
        [
            per_pupil.filter(nw.col("status").is_in(KINDS)).with_columns(nw.col("status").alias("kind")).select(*columns),
            per_pupil.filter(nw.col("status") != Status.LATE.value).with_columns(nw.lit(ABSENT).alias("kind")).select(*columns),
        ]
    )
    wide = scope.tables.engine.keep(_every_group(kinds).group_by(*scope.who, *GROUPS, "kind").agg(*sums))
    keys = [*scope.tables.keys, *GROUPS, "kind"]
    found = scope.collect(engine.stack([_per_segment(wide, keys, pattern) for pattern in within]))
    rows = zip(found[SCHOOL], *(found[name] for name in (*Segment._fields[1:], *Counts._fields)), strict=True)
    size = len(Segment._fields)
    return {Segment(*row[:size]): Counts(*(int(n) for n in row[size:])) for row in rows}, _atoms(scope, marks)


def _per_segment(wide: Table, keys: Sequence[str], pattern: str) -> Table:
    n, recent, other = nw.col("n"), nw.col("r"), nw.col("o")
    before = n - recent
    rows = wide.select(
        *keys, nw.col(pattern).alias("n"), nw.col(f"{pattern} recent").alias("r"), (nw.col(ALL) - nw.col(pattern)).alias("o")
    )
    counted = rows.with_columns(nw.when(n > 0).then(nw.lit(1)).otherwise(nw.lit(0)).alias("has"))
    placed = counted.with_columns(
        nw.col("has").sum().over(*keys).alias("size"), n.rank("ordinal", descending=True).over(*keys).alias("place")
    )
    is_heavy = nw.col("place") * 10 <= nw.col("size") + 9
    sorted_out = placed.with_columns(
        nw.when(is_heavy).then(n).otherwise(nw.lit(0)).alias("heavy"),
        nw.when(~is_heavy & (n == 1)).then(nw.lit(1)).otherwise(nw.lit(0)).alias("single"),
        (recent * recent).alias("rr"), (before * before).alias("bb"), (recent * before).alias("rb"),
        (n * n).alias("nn"), (other * other).alias("oo"), (n * other).alias("no"), (n + other).alias("t"),
    )  # fmt: skip
    measures = dict(
        zip(Counts._fields, ("has", "n", "heavy", "single", "r", "rr", "bb", "rb", "t", "nn", "oo", "no"), strict=True)
    )
    return (
        sorted_out.group_by(*keys)
        .agg(*(nw.col(source).sum().alias(f"_{name}") for name, source in measures.items()))
        .filter(nw.col("_half_days") > 0)
        .select(*keys, nw.lit(pattern).alias("pattern"), *(nw.col(f"_{name}").cast(nw.Int64).alias(name) for name in measures))
    )


def _atoms(scope: Scope, marks: Table) -> list[Atom]:
    names = [*GROUPS, "status", "weekday", "half", "before", "after", "short"]
    found = scope.collect(marks.group_by(*scope.tables.keys, *names).agg(nw.len().alias("half_days")))
    result = []
    for school, grade, year, stream, status, weekday, half, before, after, short, count in zip(
        found[SCHOOL], *(found[name] for name in (*names, "half_days")), strict=True
    ):
        free = {f"{side}-{name}" for side, name in (("before", before), ("after", after)) if name}
        patterns = {ALL, f"weekday-{weekday}", "morning" if half == "VM" else "afternoon", *free, *([SHORT] if short else [])}
        result.append(Atom(school, grade, year, stream, status, frozenset(patterns), count))
    return sorted(result, key=lambda atom: (*atom[:5], sorted(atom.patterns), atom.half_days))


def count_possible(scope: Scope) -> dict[tuple[str, str, str, str], Possible]:
    """School and group -> its denominators."""
    within = pattern_expressions()
    stay = [*scope.tables.keys, "start_year", "first", "last"]
    flags = scope.tables.calendar.select(
        *stay[:-2], "date", *(value.alias(name) for name, value in within.items()),
        *((value * nw.col("recent")).alias(f"{name} recent") for name, value in within.items()),
    )  # fmt: skip
    names = [*within, *(f"{name} recent" for name in within)]
    sums = [nw.col(name).sum() for name in names]
    spans = (
        scope.tables.enrolled.select(*stay)
        .unique()
        .join(flags, on=stay[:-2], how="inner")
        .filter(nw.col("date") >= nw.col("first"), nw.col("date") <= nw.col("last"))
        .group_by(*stay)
        .agg(*sums)
    )
    pupils = scope.tables.enrolled.select(*stay, "pupil", *GROUPS).join(spans, on=stay, how="inner").select(
        *scope.who, *GROUPS, *names
    )  # fmt: skip
    keys = [*scope.tables.keys, *GROUPS]
    found = scope.collect(_every_group(pupils).group_by(*keys).agg(nw.col("pupil").n_unique().alias("pupils"), *sums))
    result: dict[tuple[str, str, str, str], Possible] = {}
    for row, group in enumerate(zip(found[SCHOOL], *(found[name] for name in GROUPS), strict=True)):
        values: dict[str, Any] = {name: int(found[name][row]) for name in names}
        values[SHORT], values[f"{SHORT} recent"] = values[ALL], values[f"{ALL} recent"]
        result[group] = Possible(
            int(found["pupils"][row]),
            {name: values[name] for name in PATTERNS},
            {name: values[f"{name} recent"] for name in PATTERNS},
        )
    return result
