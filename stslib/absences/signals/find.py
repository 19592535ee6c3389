"""From counts per pupil to signals: what stands out, how surely, and the question to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import exp
from statistics import median
from typing import Any

from stslib.absences.signals import chance, patterns, questions
from stslib.absences.signals.chance import Moment, Surprise
from stslib.absences.signals.counts import Found, Pupil, SignalRules
from stslib.absences.signals.pupils import PupilList, Signal
from stslib.absences.tables import Tables
from stslib.model.absence import AbsenceCode

__all__ = ["SignalRules", "find_signals"]


def find_signals(
    tables: Tables,
    codes: Sequence[AbsenceCode],
    *,
    provisional_from: date | None = None,
    school_year: str | None = None,
    until: date | None = None,
    schools: Sequence[str] = (),
    rules: SignalRules | None = None,
) -> PupilList:
    """The signals of one school year, each as a question about one pupil.

    A pupil is only compared with that pupil. Chances are exact and hold given how often the pupil was absent at all;
    per kind of signal and school, false discoveries are held down (``chance.adjusted``).

    Args:
        tables: the open tables.
        codes: one entry per code; all that count as absent are looked at together, whatever their status.
        provisional_from: from this day on, unlawful and unknown codes may still change; they count, and are marked.
        school_year: ``2025-2026``; None is the newest.
        until: the last day that the export covers; None is the last day with a row. Later days are not possible ones.
        schools: of several schools, the name of each number in the column ``school``.
        rules: from when on something is a signal.

    Returns:
        Signals in order of kind, strength and pseudonym, about pupils who were still enrolled in the last weeks; none for a
        school without placed half days.

    Raises:
        DatasetError: no such school year.

    Source: the early signs in the prevention plan (phase 1, objective 7).
    """
    rules = rules or SignalRules()
    scope = patterns.open_scope(tables, school_year, until, rules.recent_weeks, provisional_from, schools)
    found = Found(scope, codes, rules)
    rows: list[Signal] = []
    for school in found.schools():
        pupils = found.of_school(school)
        fixed = _striking(found, pupils, questions.FIXED_MOMENT, _moments)
        edges = _striking(found, pupils, questions.FREE_DAYS, _edges)
        rows += [*fixed, *_marked(edges, fixed)]
        rows += _growing(found, school, pupils)
        rows += _again(found, pupils)
        rows += _short(found, pupils)
        rows += _growing_late(found, school, pupils)
        rows += _lawful(found, pupils)
    order = list(questions.LABELS)
    rows.sort(key=lambda row: (order.index(row.signal), row.school, 2.0 if row.p is None else row.p, row.pupil))
    return PupilList(rows, examined=len(found.halves), school_year=scope.school_year)


def _moments(found: Found, pupil: Pupil) -> list[Moment]:
    """Weekdays (in class days), halves and half days of the week; a whole absent day counts once for its weekday."""
    halves, days = found.halves[pupil], found.days[pupil]
    return [
        *_marginals(lambda key: (str(key[0]),), days, sort=3),
        *_marginals(lambda key: (f"{key[0]} {key[1]}", str(key[1])), halves),
    ]


def _edges(found: Found, pupil: Pupil) -> list[Moment]:
    """The class days before and after weekends and holidays."""

    def names(key: tuple[Any, ...]) -> tuple[str, ...]:
        return tuple(f"{side} {free}" for side, free in zip(("before", "after"), key[1:3], strict=True) if free)

    return _marginals(names, found.days[pupil], sort=3)


def _marginals(
    names: Callable[[tuple[Any, ...]], tuple[str, ...]],
    times: Mapping[tuple[Any, ...], tuple[int, int]],
    *,
    sort: int | None = None,
) -> list[Moment]:
    """The kinds of time that *names* tells; times with another value at place *sort* of their key are strata of their own."""
    every: dict[Any, tuple[int, int]] = {}
    parts: dict[str, dict[Any, tuple[int, int]]] = {}
    for key, (possible, missed) in times.items():
        stratum = None if sort is None else key[sort]
        for counts in (every, *(parts.setdefault(name, {}) for name in names(key))):
            before = counts.get(stratum, (0, 0))
            counts[stratum] = (before[0] + possible, before[1] + missed)
    totals = [sum(pair[place] for pair in every.values()) for place in (0, 1)]
    return [
        Moment(
            name,
            sum(possible for possible, _ in part.values()),
            sum(missed for _, missed in part.values()),
            totals[0],
            totals[1],
            tuple((every[stratum][0], possible, every[stratum][1]) for stratum, (possible, _) in part.items()),
        )
        for name, part in sorted(parts.items())
    ]


def _striking(
    found: Found, pupils: Sequence[Pupil], kind: str, moments_of: Callable[[Found, Pupil], list[Moment]]
) -> list[Signal]:
    rules = found.rules
    enough = [pupil for pupil in pupils if found.missed[pupil] >= rules.least_absences]
    moments = {pupil: moments_of(found, pupil) for pupil in enough}
    prior = chance.prior_weight([moment for many in moments.values() for moment in many])
    best = {pupil: chance.most_striking(many, rules.moment_ratio, prior) for pupil, many in moments.items()}
    result = []
    surprises = [best[pupil][1] for pupil in enough]
    for pupil, surprise, q in zip(enough, surprises, chance.adjusted(surprises, rules.false_discovery), strict=True):
        moment, p = best[pupil][0], surprise.within(surprise.chance)
        if moment is None or q > rules.false_discovery:
            continue
        first, _, second = moment.name.partition(" ")
        whole_days = kind == questions.FREE_DAYS or (first.isdigit() and not second)
        count = moment.all_missed
        unit = "schooldagen met afwezigheid" if whole_days else "afwezige halve dagen"
        result.append(
            found.signal(
                kind,
                pupil,
                {
                    "moment": moment.name,
                    "missed": moment.missed,
                    "possible": moment.possible,
                    "unit": "school_days" if whole_days else "half_days",
                    "rate": moment.rate,
                    "other_rate": moment.other_rate,
                    "ratio_shrunk": moment.shrunk_ratio(prior),
                },
                questions.by_chance(f"de {count} {unit}", p, rules.false_discovery),
                questions.ask_edge(first, second, moment.missed, moment.possible, moment.other_rate)
                if kind == questions.FREE_DAYS
                else questions.ask_moment(moment.name, moment.missed, moment.possible, moment.other_rate),
                p=p,
                q=q,
            )
        )
    return result


def _marked(edges: Sequence[Signal], fixed: Sequence[Signal]) -> list[Signal]:
    """Monday is the day after the weekend: who has both signals is asked once."""
    same = {"before weekend": "5", "after weekend": "1"}
    days = {(row.school, row.pupil): str(row.measure["moment"])[:1] for row in fixed}
    return [
        Signal(**{name: getattr(row, name) for name in row.__slots__} | {"overlaps": questions.FIXED_MOMENT})
        if days.get((row.school, row.pupil)) == same.get(str(row.measure["moment"]), "-")
        else row
        for row in edges
    ]


def _recent(found: Found, pupil: Pupil) -> tuple[int, int, int, int]:
    """Possible and missed half days in the last weeks, then those of before."""
    times = found.halves[pupil]
    recent = [pair for key, pair in times.items() if key[2] == 1]
    before = [pair for key, pair in times.items() if key[2] == 0]
    return (sum(n for n, _ in recent), sum(n for _, n in recent), sum(n for n, _ in before), sum(n for _, n in before))


def _comparable(found: Found, school: str, pupil: Pupil) -> bool:
    """Whether the pupil was enrolled long enough before, and still is."""
    possible, _, possible_before, _ = _recent(found, pupil)
    long_enough = found.scope.weeks_before[school] >= found.rules.recent_weeks
    return long_enough and possible > 0 and possible_before >= found.rules.least_possible


def _growing(found: Found, school: str, pupils: Sequence[Pupil]) -> list[Signal]:
    rules = found.rules
    enough = [p for p in pupils if found.missed[p] >= rules.least_absences and _comparable(found, school, p)]
    surprises = []
    for pupil in enough:
        possible, missed, possible_before, missed_before = _recent(found, pupil)
        spells = found.spells[pupil]
        tail = chance.late_sizes_tail(sorted(spell.half_days for spell in spells), possible / (possible + possible_before))
        grows = missed / possible >= rules.growth_ratio * missed_before / possible_before and missed > 0
        began = sum(spell.half_days for spell in spells if spell.recent)
        surprises.append(Surprise(tail[began] if grows else 1.0, (tail,)))
    result = []
    for pupil, (p, _), q in zip(enough, surprises, chance.adjusted(surprises, rules.false_discovery), strict=True):
        if q > rules.false_discovery:
            continue
        possible, missed, possible_before, missed_before = _recent(found, pupil)
        before = missed_before / possible_before
        result.append(
            found.signal(
                questions.GROWING,
                pupil,
                {
                    "missed": missed,
                    "possible": possible,
                    "rate": missed / possible,
                    "missed_before": missed_before,
                    "possible_before": possible_before,
                    "rate_before": before,
                    "spells": len(found.spells[pupil]),
                    "spells_recent": sum(spell.recent for spell in found.spells[pupil]),
                },
                questions.growth_by_chance("afwezigheid", p, rules.false_discovery),
                questions.ask_growth(found.scope.weeks_recent[school], missed, possible, before),
                p=p,
                q=q,
            )
        )
    return result


def _growing_late(found: Found, school: str, pupils: Sequence[Pupil]) -> list[Signal]:
    rules = found.rules
    counts = {pupil: (found.late.get(pupil, {}).get((1,), 0), found.late.get(pupil, {}).get((0,), 0)) for pupil in pupils}
    enough = [p for p in pupils if sum(counts[p]) >= rules.least_absences and _comparable(found, school, p)]
    surprises = []
    for pupil in enough:
        possible, _, possible_before, _ = _recent(found, pupil)
        late, before = counts[pupil]
        tail = chance.late_sizes_tail([1] * (late + before), possible / (possible + possible_before))
        grows = late / possible >= rules.growth_ratio * before / possible_before and late > 0
        surprises.append(Surprise(tail[late] if grows else 1.0, (tail,)))
    weeks, weeks_before = found.scope.weeks_recent[school], found.scope.weeks_before[school]
    return [
        found.signal(
            questions.GROWING_LATE,
            pupil,
            {"late_days": counts[pupil][0], "late_days_before": counts[pupil][1], "weeks": weeks, "weeks_before": weeks_before},
            questions.growth_by_chance("dag met een late aankomst", p, rules.false_discovery),
            questions.ask_late(weeks, *counts[pupil], weeks_before),
            p=p,
            q=q,
        )
        for pupil, (p, _), q in zip(enough, surprises, chance.adjusted(surprises, rules.false_discovery), strict=True)
        if q <= rules.false_discovery
    ]


def _again(found: Found, pupils: Sequence[Pupil]) -> list[Signal]:
    rules = found.rules
    result = []
    for pupil in pupils:
        spells = found.spells.get(pupil, [])
        long = [place for place, spell in enumerate(spells) if spell.school_days >= rules.spell_days]
        again = [
            place
            for place in long
            if place + 1 < len(spells) and spells[place + 1].school_day - spells[place].last_school_day <= rules.again_within
        ]
        if not again:
            continue
        days = sum(count for count, _ in found.days[pupil].values())
        absent_days = sum(count for _, count in found.days[pupil].values())
        share = 1 - exp(-rules.again_within * len(spells) / max(1, days - absent_days))
        result.append(
            found.signal(
                questions.AGAIN,
                pupil,
                {"times": len(again), "long_spells": len(long), "spells": len(spells)},
                questions.again_rule(share, rules.again_within),
                questions.ask_again(len(again), len(long), rules.spell_days, rules.again_within),
            )
        )
    return result


def _short(found: Found, pupils: Sequence[Pupil]) -> list[Signal]:
    rules = found.rules
    counts = {pupil: sum(spell.school_days <= rules.short_days for spell in found.spells.get(pupil, [])) for pupil in pupils}
    usual = median(counts.values()) if counts else 0
    return [
        found.signal(
            questions.SHORT_SPELLS,
            pupil,
            {"short_spells": count, "median_of_school": usual},
            questions.short_rule(rules.short_spells, usual),
            questions.ask_short(count, rules.short_days),
        )
        for pupil, count in counts.items()
        if count >= rules.short_spells
    ]


def _lawful(found: Found, pupils: Sequence[Pupil]) -> list[Signal]:
    rules = found.rules
    school_possible, school_missed = (sum(of[pupil] for pupil in pupils) for of in (found.possible, found.missed))
    result = []
    for pupil in pupils:
        possible, missed = found.possible[pupil], found.missed[pupil]
        lawful = found.lawful.get(pupil, {}).get((), 0)
        if possible < rules.least_possible or missed <= rules.chronic_rate * possible or 2 * lawful <= missed:
            continue
        result.append(
            found.signal(
                questions.MOSTLY_LAWFUL,
                pupil,
                {"missed": missed, "possible": possible, "lawful": lawful, "rate": missed / possible},
                questions.lawful_rule(rules.chronic_rate, school_missed / school_possible),
                questions.ask_lawful(missed / possible, lawful / missed),
            )
        )
    return result
