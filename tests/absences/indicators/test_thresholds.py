"""Every rule of the shipped table against pupils counted one by one, and the reasons where half days cannot tell."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from absences.absence_factories import CODES, make_calendar
from absences.nasty_school import ABSENT, NastyYear, open_halves
from absences.open_tables import make_facts, open_apart, open_in
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.indicators.rules import long_days, rules_in_force
from stslib.absences.indicators.thresholds import count_rules, rules_of
from stslib.content import load_thresholds
from stslib.errors import UnknownDimensionError
from stslib.model.absence import Threshold

SHIPPED = load_thresholds(Path(__file__).parents[3] / "content")
SPANS = {start: (date(start, 9, 1), date(start + 1, 6, 30)) for start in (2024, 2025)}
RULES = rules_in_force(SHIPPED, SPANS)
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)
LINE = [(day, half) for day, halves in open_halves("2025-2026").items() for half in halves]


def rows_of(columns, *key):
    names = [name for name in columns if name not in key]
    return {
        tuple(columns[name][row] for name in key): {name: columns[name][row] for name in names}
        for row in range(len(columns["threshold"]))
    }


def numbers(row):
    return row["pupils_over"], row["pupils_near"], row["pupils"]


def halves_of(pupil: str, codes: dict[str, int], skip: int = 0) -> dict[tuple[str, date, str], str]:
    """So many half days of each code, one after the other; *skip* keeps places free between codes."""
    marks, place = {}, 0
    for code, count in codes.items():
        for day, half in LINE[place : place + count]:
            marks[pupil, day, half] = code
        place += count + skip
    return marks


def one_rule(**values) -> Threshold:
    return Threshold(**{"id": "regel", "rule": "x", "codes": ("B",), "source": "test", **values})


# -- against an independent count ------------------------------------------------------------------------------------


def per_pupil(year: NastyYear, codes: set[str]) -> Counter:
    """Pupils with school time -> half days."""
    days = open_halves(year.school_year)
    found: Counter = Counter()
    for pupil, _, first, last in year.enrolled:
        if any(first <= day <= last for day in days):
            found[pupil] += 0
    for (pupil, _, _), code in year.marks.items():
        found[pupil] += code in codes
    return found


def possible_of(year: NastyYear) -> Counter:
    days = open_halves(year.school_year)
    found: Counter = Counter()
    for pupil, _, first, last in year.enrolled:
        found[pupil] += sum(len(halves) for day, halves in days.items() if first <= day <= last)
    return found


def spells_of(year: NastyYear, codes: set[str]) -> dict[str, list[int]]:
    """Pupil -> calendar days of each spell."""
    line = [(day, half) for day, halves in open_halves(year.school_year).items() for half in halves]
    found: dict[str, list[int]] = {}
    for pupil in {pupil for pupil, _, _ in year.marks}:
        run: list[date] = []
        for day, half in [*line, (date.max, "")]:
            if year.marks.get((pupil, day, half)) in codes:
                run.append(day)
            elif run:
                found.setdefault(pupil, []).append((run[-1] - run[0]).days + 1)
                run = []
    return found


def over_and_near(values, limit: int) -> tuple[int, int]:
    near_from = next(n for n in range(limit + 1) if 10 * n >= 8 * limit)
    return sum(n >= limit for n in values), sum(near_from <= n < limit for n in values)


@pytest.mark.parametrize("start", [2024, 2025])
def test_every_rule_of_the_table_counts_what_a_count_by_hand_finds(nasty, nasty_years, start):
    rows = rows_of(count_rules(nasty, RULES, CODES, [2025]), "school_year", "threshold")
    year = nasty_years[start - 2024]
    b, ill = per_pupil(year, {"B"}), per_pupil(year, {"Z", "D"})
    longest = {pupil: max(days) for pupil, days in spells_of(year, {"Z", "D"}).items()}
    by_parents = spells_of(year, {"Z"})
    expected = {
        "clb-melding": over_and_near(b.values(), 5),
        **{f"band-{limit}": over_and_near(b.values(), limit) for limit in (5, 10, 15, 30)},
        "toah-chronisch": over_and_near(ill.values(), 9),
        "toah-langdurig": over_and_near(longest.values(), 22),
        "ouderbriefjes-aantal": over_and_near([len(days) for days in by_parents.values()], 5),
        "ouderbriefjes-duur": over_and_near([max(days) for days in by_parents.values()], 4),
    }
    missed, possible = per_pupil(year, ABSENT), possible_of(year)
    for limit in (10, 20, 50):
        shares = [1000 * missed[pupil] / of for pupil, of in possible.items() if of]
        expected[f"chronisch-{limit}"] = (
            sum(n >= 10 * limit for n in shares),
            sum(8 * limit <= n < 10 * limit for n in shares),
        )
    if start == 2025:
        before = per_pupil(nasty_years[0], {"B"})
        over = sum(n >= 30 and before[pupil] >= 30 for pupil, n in b.items())
        expected["schooltoeslag"] = (over, sum(n >= 24 and before[pupil] >= 24 for pupil, n in b.items()) - over)
    school_year = f"{start}-{start + 1}"
    found = {name: row for (at, name), row in rows.items() if at == school_year}
    assert {name: numbers(row)[:2] for name, row in found.items() if row["determinable"]} == expected
    assert {row["pupils"] for row in found.values()} == {len(b)}
    assert all(row["counted"] for row in found.values() if row["determinable"])


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from("123456"),
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 40), st.integers(0, 9)),
        min_size=1,
    )
)
def test_any_pupils_are_over_the_rules_as_counted_by_hand(pupils):
    marks, brought = {}, {}
    for pupil, (b, ill, more_ill, from_elsewhere) in pupils.items():
        marks |= halves_of(pupil, {"B": b, "Z": ill, "D": more_ill}, skip=2)
        brought[pupil] = from_elsewhere
    enrolled = [(pupil, "1A", FIRST, LAST) for pupil in pupils]
    for engine in ("polars", "pandas"):
        tables = open_in(engine, [make_facts(marks=marks, enrolled=enrolled, brought=brought)])
        found = rows_of(count_rules(tables, rules_in_force(SHIPPED, {2025: SPANS[2025]}), CODES, []), "threshold")
        for name, limit in (("clb-melding", 5), ("band-30", 30)):
            values = [b + extra for b, _, _, extra in pupils.values()]
            assert numbers(found[name,])[:2] == over_and_near(values, limit)
        ill = [z + d for _, z, d, _ in pupils.values()]
        assert numbers(found["toah-chronisch",])[:2] == over_and_near(ill, 9)


# -- single rules ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("brought", "over", "near"), [(0, 0, 0), (1, 0, 1), (2, 1, 0)])
def test_half_days_brought_along_count_with_b(engine, brought, over, near):
    facts = make_facts(marks=halves_of("1", {"B": 3}), brought={"1": brought})
    columns = count_rules(open_in(engine, [facts]), [(2025, one_rule(value=5, unit="halve dagen per schooljaar"))], CODES, [])
    assert (columns["pupils_over"], columns["pupils_near"]) == ([over], [near])


def test_half_days_brought_along_do_not_count_where_more_than_b_counts(engine):
    facts = make_facts(marks=halves_of("1", {"B": 3}), brought={"1": 9})
    rule = one_rule(value=5, unit="halve dagen per schooljaar", codes=("B", "Z"))
    assert count_rules(open_in(engine, [facts]), [(2025, rule)], CODES, [])["pupils_over"] == [0]


@pytest.mark.parametrize(
    ("before", "now", "over", "near"), [(30, 30, 1, 0), (29, 30, 0, 1), (30, 24, 0, 1), (30, 23, 0, 0), (23, 60, 0, 0)]
)
def test_two_school_years_in_a_row_need_enough_in_each(engine, before, now, over, near):
    earlier = {("1", day, half): "B" for day, half in _line("2024-2025")[:before]}
    years = [make_facts("2024-2025", earlier), make_facts("2025-2026", halves_of("1", {"B": now}))]
    columns = count_rules(open_in(engine, years), [(2025, _rule("schooltoeslag"))], CODES, [2025])
    assert (columns["pupils_over"], columns["pupils_near"]) == ([over], [near])


def test_a_pupil_of_last_year_alone_is_not_over_a_rule_of_two_years(engine):
    years = [make_facts("2024-2025", {("1", day, half): "B" for day, half in _line("2024-2025")[:40]}),
             make_facts("2025-2026", halves_of("2", {"B": 40}))]  # fmt: skip
    columns = count_rules(open_in(engine, years), [(2025, _rule("schooltoeslag"))], CODES, [2025])
    assert (columns["pupils_over"], columns["pupils"]) == ([0], [1])


@pytest.mark.parametrize(("days", "over", "near"), [(21, 0, 1), (22, 1, 0), (17, 0, 0), (20, 0, 1)])
def test_long_illness_is_counted_in_calendar_days_over_weekends(engine, days, over, near):
    """From Wednesday 3 September 2025, a spell of so many calendar days; its last day is a school day."""
    last = date(2025, 9, 3) + timedelta(days=days - 1)
    assert last.weekday() < 5
    marks = {("1", day, half): "Z" for day, half in LINE if date(2025, 9, 3) <= day <= last}
    columns = count_rules(open_in(engine, [make_facts(marks=marks)]), [(2025, _rule("toah-langdurig"))], CODES, [])
    assert (columns["pupils_over"], columns["pupils_near"]) == ([over], [near])


def test_the_length_of_a_long_spell_comes_from_the_rule_on_lessons_at_home():
    assert long_days(SHIPPED) == 22
    assert long_days([]) is None


# -- not determinable ------------------------------------------------------------------------------------------------


def _rule(name: str) -> Threshold:
    return next(rule for rule in SHIPPED if rule.id == name)


def _line(school_year: str):
    return [(day, half) for day, halves in open_halves(school_year).items() for half in halves]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("kleuter-3", "geboortedatums worden bij het inlezen weggelaten"),
        ("clb-opdracht-z-codes", "nog niet bekend"),
        ("ouderbriefjes-aantal", "geen code D"),
        ("ouderbriefjes-duur", "geen code D"),
        ("schooltoeslag", "Van het schooljaar ervoor"),
    ],
)
def test_a_rule_that_half_days_cannot_tell_has_a_row_with_the_reason(engine, rule, why):
    tables = open_in(engine, [make_facts(marks=halves_of("1", {"Z": 12, "B": 40}))])
    columns = count_rules(tables, [(2025, _rule(rule))], CODES, [])
    assert (columns["pupils_over"], columns["pupils_near"], columns["pupils"]) == ([None], [None], [1])
    assert (columns["determinable"], columns["counted"]) == ([False], [""])
    assert why in columns["why_not"][0]


def test_a_rule_in_a_strange_unit_is_not_determinable(engine):
    tables = open_in(engine, [make_facts(marks=halves_of("1", {"B": 1}))])
    columns = count_rules(tables, [(2025, one_rule(value=3, unit="gesprekken per trimester"))], CODES, [])
    assert (columns["determinable"], columns["pupils_over"]) == ([False], [None])


def test_parents_notes_are_told_where_doctors_have_a_code_of_their_own(engine):
    four = {("1", day, "VM"): "Z" for day in [date(2025, 9, n) for n in (2, 4, 8, 10)]}
    marks = (
        four
        | {("1", date(2025, 9, 12), "VM"): "D"}
        | {("2", *key[1:]): "Z" for key in four}
        | {("2", date(2025, 9, 16), "VM"): "Z"}
    )
    columns = count_rules(open_in(engine, [make_facts(marks=marks)]), [(2025, _rule("ouderbriefjes-aantal"))], CODES, [])
    assert (columns["determinable"], columns["pupils_over"], columns["pupils_near"]) == ([True], [1], [1])


def test_in_many_schools_one_without_doctors_code_makes_parents_notes_untold(engine):
    years = [
        make_facts(marks=halves_of("1", {"Z": 9, "D": 2}, skip=1), school="Noord"),
        make_facts(marks=halves_of("2", {"Z": 9}), school="Zuid"),
    ]
    for tables in (open_in(engine, years), open_apart(engine, years)):
        columns = count_rules(tables, [(2025, _rule("ouderbriefjes-duur")), (2025, _rule("toah-chronisch"))], CODES, [])
        assert columns["determinable"] == [False, True]
        assert columns["pupils_over"] == [None, 2]


def test_totals_without_days_tell_half_days_but_no_spells_and_no_percentages(engine):
    tables = open_in(engine, [make_facts(totals={("1", "B"): 12, ("1", "Z"): 40, ("2", "B"): 4, ("2", "D"): 1})])
    found = rows_of(count_rules(tables, rules_in_force(SHIPPED, {2025: SPANS[2025]}), CODES, []), "threshold")
    assert numbers(found["clb-melding",]) == (1, 1, 2)
    assert numbers(found["toah-chronisch",]) == (1, 0, 2)
    assert "alleen totalen" in found["chronisch-10",]["why_not"]
    assert "alleen totalen" in found["toah-langdurig",]["why_not"]
    assert "alleen totalen" in found["ouderbriefjes-duur",]["why_not"]


# -- groups and years ------------------------------------------------------------------------------------------------


def test_a_pupil_that_changed_class_counts_with_all_its_half_days_where_it_ended(engine):
    enrolled = [("1", "1A", FIRST, LINE[4][0]), ("1", "2A", LINE[4][0] + timedelta(days=1), LAST), ("2", "1A", FIRST, LAST)]
    tables = open_in(engine, [make_facts(marks=halves_of("1", {"B": 8}), enrolled=enrolled)])
    rules = [(2025, _rule("clb-melding"))]
    rows = rows_of(count_rules(tables, rules, CODES, [], ["class"]), "class")
    assert {key: numbers(row) for key, row in rows.items()} == {("1A",): (0, 0, 1), ("2A",): (1, 0, 1)}
    assert count_rules(tables, rules, CODES, [], only={"class": ["1A"]})["pupils_over"] == [0]
    assert count_rules(tables, rules, CODES, [], only={"class": ["2A"]})["pupils_over"] == [1]


def test_rules_hold_from_and_until_their_day():
    past = {2015: (date(2015, 9, 1), date(2016, 6, 30))}
    assert {rule.id for _, rule in rules_in_force(SHIPPED, past)} >= {"clb-melding-tot-2016"}
    assert "clb-melding" not in {rule.id for _, rule in rules_in_force(SHIPPED, past)}
    assert "clb-opdracht-z-codes" not in {rule.id for _, rule in RULES}
    later = {2027: (make_calendar("2027-2028").first_day, make_calendar("2027-2028").last_day)}
    assert "clb-opdracht-z-codes" in {rule.id for _, rule in rules_in_force(SHIPPED, later)}


def test_numbers_of_schools_counted_apart_add_up(engine):
    years = [
        make_facts(marks=halves_of("1", {"B": 6}), school="Noord"),
        make_facts(marks=halves_of("2", {"B": 9}), school="Zuid"),
    ]
    rules = rules_in_force(SHIPPED, {2025: SPANS[2025]})
    together, apart = (count_rules(tables, rules, CODES, []) for tables in (open_in(engine, years), open_apart(engine, years)))
    assert together == apart
    assert rows_of(together, "threshold")["clb-melding",]["pupils_over"] == 2


def test_the_short_table_has_only_rules_on_half_days(nasty):
    columns = count_rules(nasty, rules_of(SHIPPED, SPANS), CODES, [])
    told = {identity for identity, known in zip(columns["threshold"], columns["determinable"], strict=True) if known}
    assert told == {
        "clb-melding", "band-5", "band-10", "band-15", "band-30", "chronisch-10", "chronisch-20", "chronisch-50"
    }  # fmt: skip


def test_without_rules_there_are_no_rows(nasty):
    assert set(map(len, count_rules(nasty, [], CODES, []).values())) == {0}


def test_thresholds_by_month_are_refused(nasty):
    with pytest.raises(UnknownDimensionError, match="month"):
        count_rules(nasty, RULES, CODES, [2025], ["month"])
