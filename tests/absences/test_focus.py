"""Focus candidates against a count of their own, and against what may not be shown."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date
from functools import lru_cache
from itertools import combinations
from math import ceil, exp, log

import pytest
from absences.absence_factories import CODES
from absences.nasty_school import ABSENT, CLASSES, STATUS, NastyYear, make_year, open_halves
from absences.open_tables import ENGINES, make_facts, of_year, open_in

from stslib.absences.focus import Focus, FocusCandidate, FocusRules, find_focus
from stslib.absences.focus.segments import count_possible, count_segments
from stslib.absences.signals.patterns import open_scope
from stslib.errors import DatasetError

YEAR = "2025-2026"
DAYS = open_halves(YEAR)
ALL_DAYS = list(DAYS)
SLOTS = [(day, half) for day, halves in DAYS.items() for half in halves]
PLACE = {slot: place for place, slot in enumerate(SLOTS)}
END = date(2026, 6, 30)
WEEKS = sorted({day.toordinal() - day.weekday() for day in ALL_DAYS})


def kinds_of(code: str) -> set[str]:
    if code in ABSENT:
        return {"absent", STATUS[code]} - {"neutral"}
    return {"late"} if code == "L" else set()


def patterns_of(slot: tuple[date, str]) -> set[str]:
    day, half = slot
    place = ALL_DAYS.index(day)
    found = {"all", f"weekday-{day.isoweekday()}", "morning" if half == "VM" else "afternoon"}
    for side, other in (("before", place + 1), ("after", place - 1)):
        if not 0 <= other < len(ALL_DAYS):
            found.add(f"{side}-holiday")
            continue
        first, last = sorted((day, ALL_DAYS[other]))
        between = [date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal())]
        if between:
            found.add(f"{side}-weekend" if all(one.weekday() > 4 for one in between) else f"{side}-holiday")
    return found


PATTERNS_OF = {slot: patterns_of(slot) for slot in SLOTS}


def groups_of(class_: str):
    grade, year, stream, _ = CLASSES[class_]
    for chosen in range(8):
        yield tuple(value if chosen >> place & 1 else "" for place, value in enumerate((grade, year, stream)))


def is_recent(day: date, weeks: int = 8) -> bool:
    return day.toordinal() - day.weekday() >= WEEKS[-weeks]


class Plain:
    """Every segment of a year, counted half day by half day: segment -> pupil -> (all, in the last weeks)."""

    def __init__(self, year: NastyYear) -> None:
        self.counts: dict[tuple, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        self.possible: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        self.enrolled: dict[tuple, set[str]] = defaultdict(set)
        short = self.short_slots(year)
        for pupil, class_, first, last in year.enrolled:
            for slot in SLOTS:
                if not first <= slot[0] <= last:
                    continue
                recent = is_recent(slot[0])
                code = year.marks.get((pupil, *slot), "")
                for group in groups_of(class_):
                    self.enrolled[group].add(pupil)
                    for pattern in (*PATTERNS_OF[slot], "short-spells"):
                        self.possible[*group, pattern][0] += 1
                        self.possible[*group, pattern][1] += recent
                    for kind in kinds_of(code):
                        for pattern in (
                            *PATTERNS_OF[slot],
                            *(["short-spells"] if (pupil, slot) in short and kind != "late" else []),
                        ):
                            self.counts[*group, kind, pattern][pupil][0] += 1
                            self.counts[*group, kind, pattern][pupil][1] += recent

    @staticmethod
    def short_slots(year: NastyYear) -> set[tuple[str, tuple[date, str]]]:
        result = set()
        for pupil in {pupil for pupil, *_ in year.enrolled}:
            absent = [s for s in SLOTS if year.marks.get((pupil, *s)) in ABSENT and year.class_of(pupil, s[0])]
            spells: list[list[tuple[date, str]]] = []
            for slot in absent:
                if spells and PLACE[slot] == PLACE[spells[-1][-1]] + 1:
                    spells[-1].append(slot)
                else:
                    spells.append([slot])
            result |= {(pupil, slot) for spell in spells if len({day for day, _ in spell}) <= 2 for slot in spell}
        return result


def nasty(seed: int = 11, pupils: int = 40) -> NastyYear:
    year = make_year(YEAR, seed, pupils=pupils)
    rng = random.Random(seed)
    for number in range(0, pupils, 4):  # some longer absences as well
        start = rng.randrange(20, 150)
        for day in ALL_DAYS[start : start + 5]:
            for half in DAYS[day]:
                if year.class_of(f"{number:06d}", day):
                    year.marks[f"{number:06d}", day, half] = "Z"
    return year


@pytest.mark.parametrize("engine", ENGINES)
def test_every_segment_is_that_of_a_plain_count(engine):
    year = nasty()
    plain = Plain(year)
    scope = open_scope(open_in(engine, [year]), None, END, 8)
    counted, _ = count_segments(scope, CODES)
    found = {segment[1:]: counts for segment, counts in counted.items()}
    assert set(found) == set(plain.counts)
    for segment, per_pupil in plain.counts.items():
        ordered = sorted((n for n, _ in per_pupil.values()), reverse=True)
        heavy = ceil(len(ordered) / 10)
        totals = {pupil: plain.counts[*segment[:4], "all"][pupil][0] for pupil in plain.counts[*segment[:4], "all"]}
        counts = found[segment]
        assert counts.pupils == len(ordered)
        assert counts.half_days == sum(ordered)
        assert counts.heavy == sum(ordered[:heavy])
        assert counts.single == sum(n == 1 for n in ordered[heavy:])
        assert counts.recent == sum(recent for _, recent in per_pupil.values())
        assert counts.recent_before == sum(recent * (n - recent) for n, recent in per_pupil.values())
        assert counts.total == sum(totals.values())
        assert counts.other_squares == sum((of - per_pupil.get(pupil, [0])[0]) ** 2 for pupil, of in totals.items())


@pytest.mark.parametrize("engine", ENGINES)
def test_every_denominator_is_that_of_a_plain_count(engine):
    year = nasty()
    plain = Plain(year)
    found = count_possible(open_scope(open_in(engine, [year]), None, END, 8))
    assert {group[1:] for group in found} == set(plain.enrolled)
    for group, possible in found.items():
        assert possible.pupils == len(plain.enrolled[group[1:]])
        for pattern, half_days in possible.half_days.items():
            assert [half_days, possible.recent[pattern]] == plain.possible.get((*group[1:], pattern), [0, 0])


def school(seed: int = 1, pupils: int = 240, classes=("1A", "1B", "2A", "3DO", "3AB"), code: str = "BZZZ") -> NastyYear:
    """Chance, in periods of one to six days."""
    rng = random.Random(seed)
    year = NastyYear(YEAR)
    for number in range(pupils):
        pupil, place = f"{number + 1:06d}", 0
        year.enrolled.append((pupil, classes[number % len(classes)], ALL_DAYS[0], ALL_DAYS[-1]))
        rate = rng.betavariate(1.5, 40)
        while place < len(ALL_DAYS):
            length = rng.choice([1, 1, 2, 4, 6]) if rng.random() < rate else 0
            kind = rng.choice(code)
            for day in ALL_DAYS[place : place + length]:
                for half in DAYS[day]:
                    year.marks[pupil, day, half] = kind
            place += max(1, length)
    return year


def focus(year: NastyYear, engine: str = "polars", policy: str = "room", **more) -> Focus:
    return find_focus(open_in(engine, [year]), CODES, policy=policy, until=END, **more)


def key(one: FocusCandidate) -> tuple[str, ...]:
    return (one.grade, one.year, one.stream, one.kind, one.pattern)


@pytest.mark.parametrize("policy", ["room", "record", "none"])
def test_what_a_candidate_says_is_a_plain_count(policy):
    year = school()
    plain, found = Plain(year), focus(year, policy=policy)
    assert len(found.candidates) >= 4
    for one in found.candidates:
        per_pupil = plain.counts[key(one)]
        possible, possible_recent = plain.possible[one.grade, one.year, one.stream, one.pattern]
        half_days = sum(n for n, _ in per_pupil.values())
        recent = sum(r for _, r in per_pupil.values())
        assert (one.pupils, one.half_days, one.half_days_possible) == (len(per_pupil), half_days, possible)
        assert one.rate == half_days / possible
        assert one.pupils_in_group == len(plain.enrolled[one.grade, one.year, one.stream])
        assert f"{one.pupils}" in one.why
        ordered = sorted((n for n, _ in per_pupil.values()), reverse=True)
        middle = sum(n for n in ordered[ceil(len(ordered) / 10) :] if n > 1) / half_days
        assert one.room == ("weinig" if middle < 1 / 3 else "een deel" if middle < 2 / 3 else "veel")
        told = policy == "none" or (policy == "room" and one.pupils > 40)
        assert one.room_share == (pytest.approx(middle) if told else None)
        before = half_days - recent
        if one.trend is None:
            assert min(recent, before) < 5
            continue
        ratio = (recent / possible_recent) / (before / (possible - possible_recent))
        spread = 1.959964 * sum((r / recent - (n - r) / before) ** 2 for n, r in per_pupil.values()) ** 0.5
        assert (one.trend, one.trend_low, one.trend_high) == pytest.approx(
            (ratio, exp(log(ratio) - spread), exp(log(ratio) + spread)), rel=1e-5
        )


@pytest.mark.parametrize("policy", ["room", "record"])
def test_both_engines_and_any_order_of_rows_give_the_same(policy):
    year = school(seed=2)
    first = focus(year, policy=policy)
    assert first.candidates
    assert focus(year, "pandas", policy).candidates == first.candidates
    rows = list(year.marks.items())
    random.Random(5).shuffle(rows)
    year.marks = dict(rows)
    random.Random(6).shuffle(year.enrolled)
    assert focus(year, policy=policy).candidates == first.candidates


def test_lateness_on_mondays_that_was_put_in_one_class_is_a_candidate():
    year = school(seed=3)
    rng = random.Random(3)
    for pupil, class_, _, _ in year.enrolled:
        for day in ALL_DAYS:
            if (
                class_ == "3AB"
                and (pupil, day, "VM") not in year.marks
                and rng.random() < (0.3 if day.weekday() == 0 else 0.01)
            ):
                year.marks[pupil, day, "VM"] = "L"
    found = [one for one in focus(year).candidates if one.kind == "late"]
    assert any(one.stream == "arbeidsmarkt" and one.pattern in ("weekday-1", "after-weekend") for one in found)
    assert "te laat" in found[0].title
    assert "halve dagen met een late aankomst" in found[0].why


def test_a_weekday_that_is_no_more_than_a_fifth_is_no_pattern():
    for seed in range(4):
        found = focus(school(seed=seed), rules=FocusRules(most=25, most_of_a_pattern=25)).candidates
        assert not [one.title for one in found if one.pattern.startswith("weekday")]


def test_growth_counts_only_when_it_is_beyond_doubt():
    year = school(seed=4)
    for pupil, class_, _, _ in year.enrolled:
        if class_ == "2A":
            for day in ALL_DAYS[-20:-4:4]:
                year.marks[pupil, day, "VM"] = "B"
    found = focus(year).candidates
    growing = [one for one in found if one.year == "2" and one.kind == "unlawful"]
    assert growing
    assert growing[0].trend_low > 1
    assert growing[0].parts["trend"] == 1
    assert "Het neemt toe" in growing[0].why
    for one in found:
        if one.trend is None or one.trend_low <= 1:
            assert one.parts["trend"] == 0


def test_provisional_codes_are_told_beside_a_trend():
    year = school(seed=4)
    assert not any("kunnen nog veranderen" in one.why for one in focus(year).candidates)
    told = [one for one in focus(year, provisional_from=date(2026, 6, 16)).candidates if one.kind in ("lawful", "unlawful")]
    assert any("kunnen nog veranderen" in one.why for one in told)


def test_reasons_not_known_yet_have_no_trend():
    found = focus(school(seed=5, code="-"), rules=FocusRules(most=25)).candidates
    of = [one for one in found if one.kind == "open"]
    assert of
    assert all(one.trend is None and "hoort bij de laatste weken" in one.why for one in of)


def test_the_few_heaviest_leave_little_room():
    year = school(seed=6, pupils=200, code="Z")
    inside = [pupil for pupil, class_, _, _ in year.enrolled if class_ == "1B"]
    for pupil in inside[:2]:
        year.marks |= {(pupil, *slot): "B" for slot in SLOTS[::2]}
    for pupil in inside[2:20]:
        year.marks |= {(pupil, *slot): "B" for slot in SLOTS[100:103]}
    rows = focus(year, rules=FocusRules(most=25, room=0)).candidates
    one = next(one for one in rows if one.stream == "B-stroom" and one.kind == "unlawful")
    assert one.room == "weinig"
    assert "De ruimte voor impact is klein" in one.why


def test_two_names_for_the_same_half_days_are_one_candidate():
    # In these classes grade 2 is year 3.
    year = school(seed=7, classes=("1A", "3DO"))
    keys = [key(one) for one in focus(year, rules=FocusRules(most=25)).candidates]
    assert not any(grade == "2" and study == "3" for grade, study, *_ in keys)
    assert not any(("2", "", stream, *rest) in keys and ("", "3", stream, *rest) in keys for _, _, stream, *rest in keys)


def shared(plain_year: NastyYear, one: FocusCandidate) -> set[tuple[str, tuple[date, str]]]:
    short = Plain.short_slots(plain_year)
    result = set()
    for (pupil, day, half), code in plain_year.marks.items():
        class_ = plain_year.class_of(pupil, day)
        patterns = PATTERNS_OF[day, half] | ({"short-spells"} if (pupil, (day, half)) in short else set())
        if (
            class_
            and one.kind in kinds_of(code)
            and one.pattern in patterns
            and (one.grade, one.year, one.stream) in groups_of(class_)
        ):
            result.add((pupil, (day, half)))
    return result


def test_no_two_candidates_share_half_of_their_half_days():
    year = school(seed=8, pupils=150)
    found = focus(year).candidates
    members = [shared(year, one) for one in found]
    assert [len(own) for own in members] == [one.half_days for one in found]
    for one, other in combinations(members, 2):
        assert len(one & other) / len(one | other) < 0.5


@lru_cache(maxsize=1)
def small_schools() -> list[tuple[NastyYear, Plain]]:
    made = [school(seed=size, pupils=size, classes=tuple(CLASSES)[: 2 + size % 4]) for size in (19, 34, 48, 63, 78)]
    made += [nasty(3, 30), nasty(4, 70)]
    return [(year, Plain(year)) for year in made]


@pytest.mark.parametrize(("policy", "pupils", "half_days"), [("room", 5, 1), ("record", 10, 5)])
def test_nothing_too_small_is_shown_or_left_over(policy, pupils, half_days):
    shown = 0
    for year, plain in small_schools():
        found = focus(year, policy=policy, rules=FocusRules(most=12)).candidates
        shown += len(found)
        members = {one.id: shared(year, one) for one in found}
        for one in found:
            assert one.pupils >= pupils
            assert one.half_days >= half_days
            group = plain.enrolled[one.grade, one.year, one.stream]
            assert not 0 < len(group) - one.pupils < pupils
            assert not 0 < len(plain.enrolled["", "", ""]) - len(group) < pupils
            for coarser in (("", one.year, one.stream), (one.grade, "", one.stream), (one.grade, one.year, "")):
                total = plain.counts[*coarser, one.kind, one.pattern]
                assert not 0 < sum(n for n, _ in total.values()) - one.half_days < half_days
                assert not 0 < len(total) - one.pupils < pupils
        for whole in found:
            for part in (one for one in found if one is not whole and members[one.id] <= members[whole.id]):
                assert not 0 < whole.half_days - part.half_days < half_days
                assert not 0 < whole.pupils - part.pupils < pupils
    assert shown >= 10


def test_the_share_of_a_few_heaviest_is_not_told_of_a_small_segment_even_live():
    shares = {one.pupils: one.room_share for one in focus(school(), rules=FocusRules(most=25)).candidates}
    assert {share is None for pupils, share in shares.items() if pupils <= 40} == {True}
    assert {share is None for pupils, share in shares.items() if pupils > 40} == {False}


def test_record_tells_no_share_of_the_heaviest_and_no_exact_score_of_it():
    for one in focus(school(), policy="record").candidates:
        assert one.room_share is None
        assert one.parts["room"] in (1 / 6, 1 / 2, 5 / 6)


def test_the_order_follows_the_weights_and_every_part_is_shown():
    year = school(seed=9)
    for name in ("reach", "volume", "room"):
        rules = FocusRules(**{**dict.fromkeys(("reach", "volume", "room", "trend"), 0), name: 2})
        found = focus(year, rules=rules).candidates
        parts = [one.parts[name] for one in found]
        assert parts == sorted(parts, reverse=True)
        assert [one.score for one in found] == pytest.approx(parts)
    weighed = FocusRules(reach=1, volume=2, room=3, trend=4)
    for one in focus(year, rules=weighed).candidates:
        assert one.score == pytest.approx(sum(getattr(weighed, name) * part for name, part in one.parts.items()) / 10)
        assert set(one.parts) == {"reach", "volume", "room", "trend"}
        assert all(0 <= part <= 1 for part in one.parts.values())


def test_a_candidate_is_set_apart_by_two_things_and_few_are_about_everybody():
    found = focus(school(seed=10)).candidates
    for one in found:
        assert (any(key(one)[:3])) + (one.kind != "absent") + (one.pattern != "all") >= 2
    assert sum(not any(key(one)[:3]) for one in found) <= 2
    assert max(Counter(one.pattern for one in found if one.pattern != "all").values(), default=0) <= 3


def test_a_group_that_the_class_file_does_not_know_is_no_focus():
    found = focus(school(seed=11, classes=("1A", "OKAN")), policy="none", rules=FocusRules(most=25)).candidates
    assert found
    assert not any("onbekend" in value for one in found for value in key(one)[:3])


def test_the_frame_has_a_row_per_candidate_and_nothing_of_pupils():
    found = focus(school())
    frame = found.to_frame()
    assert len(frame) == len(found.candidates)
    assert frame["id"].tolist() == [one.id for one in found.candidates]
    assert frame["id"].is_unique
    assert {"score", "part_reach", "part_trend", "trend_low", "why"} <= set(frame.columns)
    assert not focus(NastyYear(YEAR, [("000001", "1A", ALL_DAYS[0], ALL_DAYS[-1])])).to_frame().shape[0]


def test_schools_do_not_mix():
    north, south = (of_year(school(seed=seed), school=name) for seed, name in ((1, "Noord"), (2, "Zuid")))
    found = find_focus(open_in("polars", [north, south]), CODES, policy="room", until=END, schools=("Noord", "Zuid")).candidates
    alone = focus(school(seed=2)).candidates

    def without_school(one):
        return one.model_dump(exclude={"school", "id"})

    assert [without_school(one) for one in found if one.school == "Zuid"] == [without_school(one) for one in alone]


def test_a_policy_that_it_is_not_made_for_and_no_weights_are_refused():
    year = school(pupils=20)
    with pytest.raises(DatasetError, match="Kies uit: none, room, record"):
        focus(year, policy="shared")
    with pytest.raises(DatasetError, match="Alle gewichten zijn 0"):
        focus(year, rules=FocusRules(reach=0, volume=0, room=0, trend=0))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_school_without_a_mark_has_no_candidate(engine):
    facts = make_facts(YEAR, {}, [("1", "1A", ALL_DAYS[0], ALL_DAYS[-1])])
    assert find_focus(open_in(engine, [facts]), CODES).candidates == ()
