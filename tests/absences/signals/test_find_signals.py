"""Signals against counts of their own, patterns that were put there, and schools where all is chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import pytest
from absences.absence_factories import CODES, make_calendar
from absences.nasty_school import ABSENT, STATUS, NastyYear, make_year, open_halves
from absences.open_tables import ENGINES, make_facts, open_in

from stslib.absences.signals import questions
from stslib.absences.signals.find import SignalRules, find_signals
from stslib.absences.signals.pupils import PupilList, Signal
from stslib.errors import DatasetError

YEAR = "2025-2026"
DAYS = open_halves(YEAR)
SLOTS = [(day, half) for day, halves in DAYS.items() for half in halves]
ALL_DAYS = list(DAYS)
Marks = dict[tuple[str, date, str], str]


def find(marks: Mapping[tuple[str, date, str], str], engine: str = "polars", enrolled=(), **more) -> PupilList:
    return find_signals(open_in(engine, [make_facts(YEAR, marks, enrolled)]), CODES, **{"until": date(2026, 6, 30), **more})


def of(found: PupilList, signal: str) -> dict[int, Signal]:
    return {int(row.pupil): row for row in found.rows() if row.signal == signal}


def days(pupil: str, chosen, code: str = "Z") -> Marks:
    return {(pupil, day, half): code for day in chosen for half in DAYS[day]}


def background(pupils: int = 120, seed: int = 1, slots=SLOTS) -> Marks:
    """A school in which every half day of every pupil is chance, some pupils more often absent than others."""
    rng = random.Random(seed)
    marks: Marks = {}
    for number in range(pupils):
        rate = rng.betavariate(1.2, 18)
        for day, half in slots:
            if rng.random() < rate:
                marks[str(1000 + number), day, half] = rng.choice("BZZ-")
            elif rng.random() < rate / 2:
                marks[str(1000 + number), day, half] = "L"
    return marks


class Plain:
    """One pupil's year, counted half day by half day, for what ``find_signals`` says of it."""

    def __init__(self, year: NastyYear, pupil: str) -> None:
        self.slots = [s for s in SLOTS if year.class_of(pupil, s[0])]
        self.code = {s: year.marks.get((pupil, *s), "") for s in self.slots}
        self.absent = [s for s in self.slots if self.code[s] in ABSENT]
        self.lawful = [s for s in self.absent if STATUS[self.code[s]] == "lawful"]
        self.spells: list[list[tuple[date, str]]] = []
        for place, slot in enumerate(SLOTS):
            if slot in self.absent:
                if place and SLOTS[place - 1] in self.absent:
                    self.spells[-1].append(slot)
                else:
                    self.spells.append([slot])

    def lengths(self) -> list[int]:
        return [len({day for day, _ in spell}) for spell in self.spells]

    def again(self) -> int:
        times = 0
        for spell, following in pairwise(self.spells):
            apart = ALL_DAYS.index(following[0][0]) - ALL_DAYS.index(spell[-1][0])
            times += len({day for day, _ in spell}) >= 3 and apart <= 5
        return times


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", [3, 11])
def test_the_rules_find_whom_a_plain_count_finds(engine, seed):
    year = make_year(YEAR, seed, pupils=24)
    rng = random.Random(seed)
    for number in range(8):  # the generated marks lie loose: some longer absences, and some that come back
        pupil = f"{number:06d}"
        start = rng.randrange(20, 100)
        for place in (*range(start, start + 4), start + 6):
            for half in DAYS[ALL_DAYS[place]]:
                if year.class_of(pupil, ALL_DAYS[place]):
                    year.marks[pupil, ALL_DAYS[place], half] = "Z"
    found = find_signals(open_in(engine, [year]), CODES, until=date(2026, 6, 30))
    last_weeks = [day for day in ALL_DAYS if day >= date(2026, 6, 8)]
    pupils = {pupil for pupil, _, _, last in year.enrolled if last >= last_weeks[0]}
    plain = {int(pupil): Plain(year, pupil) for pupil in pupils}
    assert found.examined == len(pupils)
    short = {n: count for n, p in plain.items() if (count := sum(length <= 2 for length in p.lengths())) >= 5}
    assert {n: row.measure["short_spells"] for n, row in of(found, questions.SHORT_SPELLS).items()} == short
    again = {n: count for n, p in plain.items() if (count := p.again())}
    assert again
    assert {n: row.measure["times"] for n, row in of(found, questions.AGAIN).items()} == again
    lawful = {
        n: (len(p.absent), len(p.slots), len(p.lawful))
        for n, p in plain.items()
        if len(p.slots) >= 36 and len(p.absent) > 0.1 * len(p.slots) and len(p.lawful) > len(p.absent) / 2
    }
    rows = of(found, questions.MOSTLY_LAWFUL)
    assert {n: tuple(rows[n].measure[name] for name in ("missed", "possible", "lawful")) for n in rows} == lawful


@pytest.mark.parametrize("engine", ENGINES)
def test_a_monday_morning_that_was_put_there_is_found_and_asked_about(engine):
    marks = background()
    mondays = [day for day in ALL_DAYS if day.weekday() == 0]
    marks |= {("7", day, "VM"): "B" for day in mondays[5:17]} | {("7", ALL_DAYS[3], "NM"): "Z"}
    row = of(find(marks, engine), questions.FIXED_MOMENT)[7]
    possible = len(mondays)
    assert row.measure["moment"] == "1 VM"
    assert (row.measure["missed"], row.measure["possible"]) == (12, possible)
    assert row.measure["other_rate"] == pytest.approx(1 / (len(SLOTS) - possible))
    assert row.question == (
        f"Op maandagvoormiddag is deze leerling 12 van de {possible} keer afwezig; op andere momenten 0\u00a0%. "
        "Weten jullie wat er dan speelt?"
    )
    assert row.p < 1e-6
    assert row.q <= 0.1
    assert "Vergeleken met deze leerling zelf" in row.comparison


def test_whole_mondays_are_the_day_and_overlap_with_the_weekend_before():
    marks = background() | days("7", [day for day in ALL_DAYS if day.weekday() == 0][4:18], "B")
    found = find(marks)
    row, edge = of(found, questions.FIXED_MOMENT)[7], of(found, questions.FREE_DAYS)[7]
    assert row.measure["moment"] == "1"
    assert row.overlaps is None
    assert edge.measure["moment"] == "after weekend"
    assert edge.overlaps == questions.FIXED_MOMENT


@pytest.mark.parametrize("engine", ENGINES)
def test_afternoons_are_compared_with_mornings(engine):
    marks = background() | {("7", day, "NM"): "B" for day in ALL_DAYS if "NM" in DAYS[day] and day.day % 5 == 0}
    row = of(find(marks, engine), questions.FIXED_MOMENT)[7]
    assert row.measure["moment"] == "NM"
    assert "in de andere helft van de dag 0\u00a0%" in row.question


@pytest.mark.parametrize("engine", ENGINES)
def test_absence_on_the_last_day_before_holidays_is_found(engine):
    last_days = [d for d, after in pairwise(ALL_DAYS) if not (d.weekday() == 4 and after - d <= timedelta(3))]
    before = [d for d in last_days if ALL_DAYS[ALL_DAYS.index(d) + 1] - d > timedelta(1)]
    assert len(before) >= 6
    row = of(find(background() | days("7", before), engine), questions.FREE_DAYS)[7]
    assert row.measure["moment"] == "before holiday"
    assert row.measure["missed"] == len(before)
    assert row.measure["possible"] == len(before) + 1  # and the last day before the summer
    assert row.question.startswith("Op de laatste schooldag voor een vakantie of vrije dag is deze leerling")


@pytest.mark.parametrize("engine", ENGINES)
def test_growth_of_the_last_four_school_weeks_is_found(engine):
    recent = [day for day in ALL_DAYS if day >= date(2026, 6, 8)]
    marks = background() | days("7", [ALL_DAYS[20], *recent[::2]], "B")
    found = find(marks, engine, provisional_from=date(2026, 6, 16))
    row = of(found, questions.GROWING)[7]
    absent = [s for s in SLOTS if ("7", *s) in marks]
    late = [s for s in absent if s[0] >= date(2026, 6, 8)]
    weeks = sorted({(d - timedelta(days=d.weekday())) for d in ALL_DAYS})[-4:]
    last = [s for s in SLOTS if s[0] >= weeks[0]]
    assert (row.measure["missed"], row.measure["possible"]) == (len(late), len(last))
    assert row.measure["missed_before"] == len(absent) - len(late)
    assert row.measure["possible_before"] == len(SLOTS) - len(last)
    provisional = sum(s[0] >= date(2026, 6, 16) for s in late)
    assert row.provisional == provisional
    assert (
        f"De code van {provisional} halve dagen uit de laatste veertien dagen kan nog veranderen."
        in questions.provisional_note(row.provisional)
    )
    assert "veranderen." not in row.question


def test_one_long_illness_in_the_last_weeks_is_no_growth():
    assert 7 not in of(find(background() | days("7", [ALL_DAYS[20], *ALL_DAYS[-18:-6]])), questions.GROWING)


@pytest.mark.parametrize("engine", ENGINES)
def test_growing_lateness_is_found_and_is_no_absence(engine):
    marks = background() | {("7", day, "VM"): "L" for day in [ALL_DAYS[9], *ALL_DAYS[-12:-2]]}
    found = find(marks, engine)
    row = of(found, questions.GROWING_LATE)[7]
    assert (row.measure["late_days"], row.measure["late_days_before"]) == (10, 1)
    assert [other.signal for other in found.rows() if other.pupil == 7] == [questions.GROWING_LATE]


CHANCE = (questions.FIXED_MOMENT, questions.FREE_DAYS, questions.GROWING, questions.GROWING_LATE)


def _whole_days(seed: int) -> Marks:
    """Chance in periods of whole days, as illness is."""
    rng = random.Random(seed)
    marks: Marks = {}
    for number in range(120):
        rate, place = rng.betavariate(1.2, 40), 0
        while place < len(ALL_DAYS):
            length = rng.choice([1, 1, 2, 3, 5, 8]) if rng.random() < rate else 0
            marks |= days(str(1000 + number), ALL_DAYS[place : place + length], rng.choice("BZ"))
            place += max(1, length)
    return marks


@pytest.mark.parametrize("make", [lambda seed: background(seed=seed), _whole_days], ids=["half days", "whole periods"])
def test_where_all_is_chance_hardly_any_school_gets_a_signal(make):
    schools: Counter[str] = Counter()
    for seed in range(20):
        schools.update({row.signal for row in find(make(seed)).rows() if row.signal in CHANCE})
    # 10 % of 20 schools is 2 per kind; more than 5 would happen by chance in 1 of 90 such tests, and these seeds are fixed.
    assert all(count <= 5 for count in schools.values()), schools


def test_without_the_control_chance_alone_makes_signals():
    loose = [find(background(seed=seed), rules=SignalRules(false_discovery=0.99)) for seed in range(6)]
    strict = [find(background(seed=seed)) for seed in range(6)]
    counts = [sum(row.signal in CHANCE for found in lists for row in found.rows()) for lists in (loose, strict)]
    assert counts[0] > counts[1]


def test_a_day_with_two_halves_is_no_pattern_because_it_is_easier_to_miss():
    # Loose half days touch a Wednesday, which has one half, less often than any other day.
    alone = {mark: code for mark, code in background(seed=9).items() if code != "L"}
    rules = SignalRules(moment_ratio=1.0)
    moments = [row.measure["moment"] for row in find(alone, rules=rules).rows() if row.signal == questions.FIXED_MOMENT]
    assert len(moments) <= 1


def test_fewer_than_six_absences_are_compared_with_nothing():
    mondays = [day for day in ALL_DAYS if day.weekday() == 0]
    few = {("7", day, "VM"): "B" for day in mondays[:5]}
    assert not of(find(background() | few), questions.FIXED_MOMENT).get(7)
    assert of(find(background() | few | {("7", mondays[9], "VM"): "B"}), questions.FIXED_MOMENT).get(7)


def test_a_pupil_who_left_before_the_last_weeks_is_in_no_list():
    mondays = [day for day in ALL_DAYS if day.weekday() == 0]
    marks = background() | {("7", day, "VM"): "B" for day in mondays[:14]}
    stays = [("7", "1A", ALL_DAYS[0], date(2026, 2, 13))]
    assert not find(marks, enrolled=stays).only([7])
    assert (
        of(find(marks, enrolled=[*stays, ("7", "1B", date(2026, 2, 14), date(2026, 6, 30))]), questions.FIXED_MOMENT)[
            7
        ].class_name
        == "1B"
    )


def test_days_after_the_export_are_not_possible_days():
    until = date(2025, 12, 19)
    marks = {mark: code for mark, code in background().items() if mark[1] <= until}
    mondays = [day for day in ALL_DAYS if day.weekday() == 0 and day <= until]
    marks |= {("7", day, "VM"): "B" for day in mondays[-9:]}
    assert of(find(marks, until=until), questions.FIXED_MOMENT)[7].measure["possible"] == len(mondays)
    assert of(find(marks, until=None), questions.FIXED_MOMENT)[7].measure["possible"] == len(mondays)


def test_two_schools_with_the_same_pseudonyms_are_two_schools():
    mondays = [day for day in ALL_DAYS if day.weekday() == 0]
    north = make_facts(YEAR, background(60) | {("7", day, "VM"): "B" for day in mondays[:14]}, school="Noord")
    south = make_facts(YEAR, background(60, seed=2), [("7", "1A", ALL_DAYS[0], ALL_DAYS[-1])], school="Zuid")
    found = find_signals(open_in("polars", [north, south]), CODES, until=date(2026, 6, 30), schools=("Noord", "Zuid"))
    fixed = [(row.school, row.pupil) for row in found.rows() if row.signal == questions.FIXED_MOMENT]
    assert ("Noord", 7) in fixed
    assert ("Zuid", 7) not in fixed
    names = [{pupil for pupil, _, _ in marks} for marks in (background(60), background(60, seed=2))]
    assert found.examined == sum(len(pupils | {"7"}) for pupils in names)


def test_the_newest_year_is_looked_at_unless_another_is_asked():
    tables = open_in("polars", [make_year("2024-2025", 7), make_year(YEAR, 11)])
    assert find_signals(tables, CODES).school_year == YEAR
    assert find_signals(tables, CODES, school_year="2024-2025").school_year == "2024-2025"
    with pytest.raises(DatasetError, match="Kies uit: 2024-2025, 2025-2026"):
        find_signals(tables, CODES, school_year="2023-2024")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_school_without_a_single_mark_has_an_empty_list(engine):
    found = find({}, engine, [("7", "1A", ALL_DAYS[0], ALL_DAYS[-1])], until=None)
    assert not found
    assert found.summary()["pupils_with"].sum() == 0


def test_both_engines_say_the_same():
    tables = {engine: find(background(seed=5), engine, provisional_from=date(2026, 6, 16)) for engine in ENGINES}
    assert tables["polars"].to_frame().equals(tables["pandas"].to_frame())
    assert len(tables["polars"])


def test_every_signal_asks_a_question_and_names_no_pupil():
    mondays = [day for day in ALL_DAYS if day.weekday() == 0]
    marks = background() | {("7654321", day, "VM"): "B" for day in mondays[:14]}
    rows = find(marks).rows()
    assert {row.signal for row in rows} >= {questions.FIXED_MOMENT, questions.SHORT_SPELLS}
    for row in rows:
        assert "?" in row.question
        assert str(row.pupil) not in row.question + row.comparison
        assert row.comparison
        assert row.signal in questions.LABELS


def test_what_half_days_cannot_show_is_said_with_its_source():
    sources = {one.source.document for one in questions.NOT_IN_DATA}
    assert sources == {"preventieplan-afwezigheden"}
    assert len({one.text for one in questions.NOT_IN_DATA}) == len(questions.NOT_IN_DATA) == 7
    assert all(one.text.endswith(".") for one in questions.NOT_IN_DATA)


@pytest.mark.parametrize(
    ("chance", "text"),
    [(0.2, "ongeveer 1 keer op 5"), (1 / 4321, "ongeveer 1 keer op 4.000"), (1e-9, "minder dan 1 keer op 1.000.000")],
)
def test_a_chance_is_told_as_people_say_it(chance, text):
    assert questions.told_chance(chance) == text


def test_the_calendar_of_the_tests_is_that_of_the_tables():
    assert make_calendar(YEAR).last_day == ALL_DAYS[-1]
