"""Which segments are worth choosing from, in what order, and why. Everything here may be shown under the policy asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import exp, log, log2
from typing import NamedTuple

from stslib.absences.disclosure.policies import ROOM_MINIMUM
from stslib.absences.focus import told
from stslib.absences.focus.model import Focus, FocusCandidate, FocusRules
from stslib.absences.focus.segments import ABSENT, ALL, SHORT, Counts, Possible, Segment, count_possible, count_segments
from stslib.absences.focus.shown import LEAST, Shown
from stslib.absences.indicators.dimensions import UNKNOWN
from stslib.absences.indicators.rate import Z_95
from stslib.absences.signals.patterns import Scope, open_scope
from stslib.absences.tables import Tables
from stslib.errors import DatasetError
from stslib.model.absence import AbsenceCode, Status
from stslib.text import slug

_Z_PATTERN = 3.09
"""99.9 % one-sided: hundreds of patterns are looked at, so each must be surer than one alone."""

_STEADY = 5
"""Half days on each side that a change over time needs at least, in every policy."""


class _Eligible(NamedTuple):
    segment: Segment
    counts: Counts
    possible: Possible
    pattern_ratio: float | None
    room: str
    room_share: float
    trend: tuple[float, float, float] | None

    @property
    def telling(self) -> tuple[int, bool, bool, int]:
        """Lower for what says more about the same half days: a smaller group, a kind, a pattern; then in fewer words."""
        group = sum(map(bool, self.segment[1:4]))
        return (self.possible.pupils, self.segment.kind == ABSENT, self.segment.pattern == ALL, group)


def find_focus(
    tables: Tables,
    codes: Sequence[AbsenceCode],
    *,
    policy: str = "record",
    provisional_from: date | None = None,
    school_year: str | None = None,
    until: date | None = None,
    schools: Sequence[str] = (),
    rules: FocusRules | None = None,
) -> Focus:
    """Segments that a team could choose as its focus, best first, the same every time for the same half days.

    A candidate is set apart by at least two of: a group of pupils (grade, year of study, stream), a kind of absence, a
    pattern in time. A pattern takes part only where it is one (``FocusRules.pattern_ratio``).

    Args:
        tables: the open tables.
        codes: one entry per code.
        policy: ``room`` (no segment under 5 pupils) or ``record`` (none under 10 pupils or 5 half days); under both, no
            segment of which so few pupils or half days would be left over in a coarser one, or beside other candidates.
            ``none`` hides nothing.
        provisional_from: from this day on codes may still change; a trend that rests on them says so.
        school_year: ``2025-2026``; None is the newest.
        until: the last day that the export covers; None is the last day with a row.
        schools: of several schools, the name of each number in the column ``school``.
        rules: weights and limits.

    Returns:
        At most ``rules.most`` candidates per school; fewer, or none, in a small school.

    Raises:
        DatasetError: no such school year, a policy that this is not made for, or all weights are 0.

    Source:
        The dialogue fiche for the school, phase 2: reach, room for impact, start small and keep it demarcated.
    """
    rules = rules or FocusRules()
    if policy not in LEAST:
        raise DatasetError("focus", "Deze afscherming bestaat niet voor focuskandidaten.", f"Kies uit: {', '.join(LEAST)}.")
    weights = {name: float(getattr(rules, name)) for name in ("reach", "volume", "room", "trend")}
    if not any(weights.values()):
        raise DatasetError("focus", "Alle gewichten zijn 0, dus is er geen volgorde.", "Geef minstens één reden gewicht.")
    scope = open_scope(tables, school_year, until, rules.recent_weeks, provisional_from, schools)
    counts, atoms = count_segments(scope, codes)
    possible = count_possible(scope)
    candidates: list[FocusCandidate] = []
    for school in sorted({segment.school for segment in counts}):
        here = {segment: value for segment, value in counts.items() if segment.school == school}
        shown = Shown([atom for atom in atoms if atom.school == school], here, possible, policy)
        eligible = [one for segment in sorted(here) if (one := _eligible(segment, shown, rules)) is not None]
        candidates += _chosen(eligible, shown, rules, weights, scope)
    candidates.sort(key=lambda one: (-one.score, one.school, one.id))
    return Focus(tuple(candidates), rules, policy, scope.school_year)


def _ratio(
    one: int, one_of: int, other: int, other_of: int, squares: tuple[int, int, int], z: float = Z_95
) -> tuple[float, float, float]:
    """A ratio of two rates and its interval on the log scale (95 %), with the pupil as the unit that varies.

    Source: linearised variance of a ratio of totals of clusters, the sum over pupils of (a/A - b/B) squared.
    """
    ratio = (one / one_of) / (other / other_of)
    variance = squares[0] / one**2 + squares[1] / other**2 - 2 * squares[2] / (one * other)
    spread = z * max(0.0, variance) ** 0.5
    return ratio, exp(log(ratio) - spread), exp(log(ratio) + spread)


def _eligible(segment: Segment, shown: Shown, rules: FocusRules) -> _Eligible | None:
    apart = (any(segment[1:4]), segment.kind != ABSENT, segment.pattern != ALL)
    if sum(apart) < 2 or UNKNOWN in segment[1:4] or not shown.allows(segment):
        return None
    if segment.kind == Status.LATE.value and segment.pattern in ("morning", "afternoon"):
        return None  # a day begins in the morning: late is late then
    counts, possible = shown.counts[segment], shown.possible[segment.group]
    pattern_ratio = None
    if segment.pattern == SHORT:
        if counts.half_days < rules.short_share * counts.total:
            return None
    elif segment.pattern != ALL:
        others = counts.total - counts.half_days
        within, without = possible.half_days[segment.pattern], possible.half_days[ALL] - possible.half_days[segment.pattern]
        if not (within and without):
            return None
        if others:
            squares = (counts.squares, counts.other_squares, counts.squares_other)
            pattern_ratio, low, _ = _ratio(counts.half_days, within, others, without, squares, _Z_PATTERN)
            if pattern_ratio < rules.pattern_ratio or low <= 1:
                return None
    share = (counts.half_days - counts.heavy - counts.single) / counts.half_days
    room = told.ROOM_WORDS[min(2, int(3 * share))]
    return _Eligible(segment, counts, possible, pattern_ratio, room, share, _trend(segment, counts, possible))


def _trend(segment: Segment, counts: Counts, possible: Possible) -> tuple[float, float, float] | None:
    before = counts.half_days - counts.recent
    recent_of = possible.recent[segment.pattern]
    before_of = possible.half_days[segment.pattern] - recent_of
    if segment.kind == Status.OPEN.value or min(counts.recent, before) < _STEADY or not (recent_of and before_of):
        return None
    squares = (counts.recent_squares, counts.before_squares, counts.recent_before)
    return _ratio(counts.recent, recent_of, before, before_of, squares)


def _room_share(one: _Eligible, policy: str) -> float | None:
    """The exact share, where the heaviest tenth that it leaves out is no small group itself."""
    heaviest = -(-one.counts.pupils // 10)
    return one.room_share if policy == "none" or (policy == "room" and heaviest >= ROOM_MINIMUM) else None


def _parts(one: _Eligible, most_pupils: int, most_half_days: int, policy: str) -> dict[str, float]:
    growth = 0.0 if one.trend is None or one.trend[1] <= 1 else min(1.0, log2(one.trend[0]))
    shown = _room_share(one, policy)
    room = (told.ROOM_WORDS.index(one.room) + 0.5) / 3 if shown is None else shown
    return {
        "reach": one.counts.pupils / most_pupils,
        "volume": one.counts.half_days / most_half_days,
        "room": room,
        "trend": growth,
    }


def _chosen(
    eligible: Sequence[_Eligible], shown: Shown, rules: FocusRules, weights: Mapping[str, float], scope: Scope
) -> list[FocusCandidate]:
    if not eligible:
        return []
    most_pupils = max(one.counts.pupils for one in eligible)
    most_half_days = max(one.counts.half_days for one in eligible)
    parts = {one.segment: _parts(one, most_pupils, most_half_days, shown.policy) for one in eligible}
    scores = {
        segment: sum(weights[name] * part for name, part in of.items()) / sum(weights.values()) for segment, of in parts.items()
    }
    ranked = sorted(eligible, key=lambda one: (-round(scores[one.segment], 9), one.telling, one.segment))
    kept = _picked(ranked, shown, rules)
    return [_told(one, parts[one.segment], scores[one.segment], shown.policy, scope) for one in kept]


def _varied(one: _Eligible, kept: Sequence[_Eligible], rules: FocusRules) -> bool:
    """Whether there is still a place for a candidate of this kind."""
    everybody = sum(not any(other.segment[1:4]) for other in kept)
    same = sum(other.segment.pattern == one.segment.pattern != ALL for other in kept)
    fits = any(one.segment[1:4]) or everybody < rules.most_of_all_pupils
    return len(kept) < rules.most and fits and same < rules.most_of_a_pattern


def _picked(ranked: Sequence[_Eligible], shown: Shown, rules: FocusRules) -> list[_Eligible]:
    """The best of *ranked*: none that says the same as another, none too many of a sort, none that reveals a rest."""
    kept: list[_Eligible] = []
    for one in ranked:
        rivals = [other for other in kept if _alike(one, other, shown) >= rules.alike]
        others = [other for other in kept if other not in rivals]
        if not all(_wins(one, other, shown, rules) for other in rivals) or not _varied(one, others, rules):
            continue
        if not shown.reveals(one.segment, [other.segment for other in others]):
            kept = [*others, one]
    order = {one.segment: place for place, one in enumerate(ranked)}
    return sorted(kept, key=lambda one: order[one.segment])


def _alike(one: _Eligible, other: _Eligible, shown: Shown) -> float:
    both = shown.shared(one.segment, other.segment)
    return both / (one.counts.half_days + other.counts.half_days - both)


def _wins(one: _Eligible, other: _Eligible, shown: Shown, rules: FocusRules) -> bool:
    """Whether *one*, with the lower score, takes the place of *other*, which says the same."""
    inner, outer = shown.members(one.segment), shown.members(other.segment)
    if inner == outer:
        return one.telling < other.telling
    if inner < outer:
        return one.counts.half_days >= rules.holds_most * other.counts.half_days
    if outer < inner:
        return other.counts.half_days < rules.holds_most * one.counts.half_days
    return False


def _told(one: _Eligible, parts: Mapping[str, float], score: float, policy: str, scope: Scope) -> FocusCandidate:
    segment, counts, possible = one.segment, one.counts, one.possible
    room_share = _room_share(one, policy)
    ratio, low, high = one.trend or (None, None, None)
    return FocusCandidate(
        id=slug("-".join(part for part in (segment.school, *_named(segment), segment.kind, segment.pattern) if part)),
        title=told.title(segment),
        why=told.why(
            segment,
            pupils=counts.pupils,
            pupils_in_group=possible.pupils,
            half_days=counts.half_days,
            pattern_ratio=one.pattern_ratio,
            short_share=counts.half_days / counts.total if segment.pattern == SHORT else None,
            room_word=one.room,
            room_share=room_share,
            trend=one.trend,
            weeks=scope.weeks_recent[segment.school],
            provisional=scope.provisional,
        ),
        **segment._asdict(),
        pupils=counts.pupils,
        pupils_in_group=possible.pupils,
        half_days=counts.half_days,
        half_days_possible=possible.half_days[segment.pattern],
        rate=counts.half_days / possible.half_days[segment.pattern],
        room=one.room,
        room_share=room_share,
        trend=ratio,
        trend_low=low,
        trend_high=high,
        parts=dict(parts),
        score=score,
    )


def _named(segment: Segment) -> list[str]:
    return [f"{name}-{getattr(segment, name)}" for name in ("grade", "year", "stream") if getattr(segment, name)]
