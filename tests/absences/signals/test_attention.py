"""The order of attention against points that are added up by hand."""

from __future__ import annotations

from datetime import date

import pytest
from absences.absence_factories import CODES
from absences.nasty_school import ABSENT, CLASSES, make_year, open_halves
from absences.open_tables import ENGINES, make_facts, open_in
from pydantic import ValidationError

from stslib.absences.signals.attention import NOTES, PARTS, Weights, rank_attention, told_points
from stslib.errors import DatasetError

YEAR = "2025-2026"
DAYS = open_halves(YEAR)
ALL_DAYS = list(DAYS)
END = date(2026, 6, 30)
RECENT = [day for day in ALL_DAYS if day >= date(2026, 6, 8)]


def absent(pupil: str, days) -> dict[tuple[str, date, str], str]:
    return {(pupil, day, "VM"): "Z" for day in days}


def rank(marks, stays, engine="polars", **more):
    return rank_attention(open_in(engine, [make_facts(YEAR, marks, stays)]), CODES, until=END, **more)


def stay(pupil: str, class_: str):
    return (pupil, class_, ALL_DAYS[0], ALL_DAYS[-1])


STAYS = [stay("1", "1A"), stay("2", "2A"), stay("3", "3DO"), stay("4", "OKAN")]
MARKS = {mark: code for pupil in "1234" for mark, code in absent(pupil, ALL_DAYS[10:16]).items()}


@pytest.mark.parametrize("engine", ENGINES)
def test_points_are_those_of_a_plain_count(engine):
    year = make_year(YEAR, 11, pupils=40)
    hard, risk = set(range(0, 40, 3)), set(range(0, 40, 4))
    weights = Weights(younger=2, hard_to_reach=0.5, speed=3, risk=1)
    order = rank_attention(open_in(engine, [year]), CODES, hard_to_reach=hard, risk=risk, weights=weights, until=END)
    expected = {}
    for pupil in {pupil for pupil, *_ in year.enrolled}:
        slots = [(day, half) for day in ALL_DAYS for half in DAYS[day] if year.class_of(pupil, day)]
        missed = [slot for slot in slots if year.marks.get((pupil, *slot)) in ABSENT]
        recent = [slot for slot in slots if slot[0] >= RECENT[0]]
        if len(missed) < 5 or not recent:
            continue
        number = CLASSES[max((first, c) for p, c, first, _ in year.enrolled if p == pupil)[1]][1]
        share = sum(slot in missed for slot in recent) / len(recent)
        expected[int(pupil)] = (
            2 * {"1": 1, "2": 0.5, "3": 0, "onbekend": 0}[number],
            0.5 * (int(pupil) in hard),
            3 * min(1, share / 0.25),
            float(int(pupil) in risk),
        )
    found = {row.pupil: tuple(part.points for part in row.parts) for row in order.rows()}
    assert set(found) == set(expected)
    for pupil, points in expected.items():
        assert found[pupil] == pytest.approx(points)
    totals = [round(row.points, 9) for row in order.rows()]
    assert totals == sorted(totals, reverse=True)
    assert [row.rank for row in order.rows()] == [1 + sum(other > total for other in totals) for total in totals]
    assert order.most == 6.5


def test_younger_comes_first_when_all_else_is_equal_and_an_unknown_year_is_not_guessed():
    rows = rank(MARKS, STAYS).rows()
    assert [row.pupil for row in rows] == [1, 2, 3, 4]
    assert [row.parts[0].share for row in rows] == [1, 0.5, 0, 0]
    assert rows[3].parts[0].seen == "leerjaar niet te bepalen"


def test_a_tick_of_the_school_puts_a_pupil_first():
    for ticks in ({"hard_to_reach": {3}, "risk": {3}}, {"hard_to_reach": [3], "risk": (3,)}):
        assert rank(MARKS, STAYS, **ticks).rows()[0].pupil == 3


def test_what_piles_up_now_weighs_and_what_was_long_ago_does_not():
    marks = MARKS | absent("3", RECENT[:12]) | absent("2", ALL_DAYS[40:80])
    row = rank(marks, STAYS, weights=Weights(younger=0)).rows()[0]
    assert row.pupil == 3
    assert row.parts[2].seen.startswith("12 van de ")


def test_a_weight_of_nothing_takes_a_reason_out_and_all_of_them_out_is_refused():
    only_speed = Weights(younger=0, hard_to_reach=0, risk=0)
    rows = rank(MARKS | absent("4", RECENT[:3]), STAYS, weights=only_speed, risk={1}).rows()
    assert rows[0].pupil == 4
    assert rows[1].points == 0
    with pytest.raises(DatasetError, match="Geef minstens één onderdeel gewicht"):
        rank(MARKS, STAYS, weights=Weights(younger=0, hard_to_reach=0, risk=0, speed=0))


def test_weights_are_frozen_and_refuse_what_is_no_weight():
    with pytest.raises(ValidationError):
        Weights(younger=-1)
    with pytest.raises(ValidationError):
        Weights(yonger=1)
    with pytest.raises(ValidationError):
        Weights().risk = 2


def test_too_few_absences_give_no_place_and_neither_does_having_left():
    few = {mark: code for mark, code in MARKS.items() if mark[0] != "1" or mark[1] in ALL_DAYS[10:14]}
    gone = [("2", "2A", ALL_DAYS[0], date(2026, 3, 1)), *(one for one in STAYS if one[0] != "2")]
    order = rank(few, gone)
    assert [row.pupil for row in order.rows()] == [3, 4]
    assert order.examined == 4


def test_late_arrivals_and_presence_are_no_absence():
    assert not rank(dict.fromkeys(MARKS, "L"), STAYS)
    assert not rank(dict.fromkeys(MARKS, "I"), STAYS)


def test_a_tick_for_somebody_who_is_not_there_is_counted_and_not_named():
    order = rank(MARKS, STAYS, risk={1, 987654})
    assert order.unknown_ticks == 1
    assert "1 aangevinkte leerling is" in order.notes[-1]
    assert not any("987654" in note for note in order.notes)
    assert rank(MARKS, STAYS, risk={1}).notes == NOTES


def test_the_notes_say_what_younger_rests_on():
    assert "lager leerjaar volgens het klassenbestand" in NOTES[0]


def test_every_part_is_shown_with_what_was_seen_and_adds_up():
    for row in rank(MARKS, STAYS, hard_to_reach={2}).rows():
        assert [part.part for part in row.parts] == list(PARTS)
        assert all(part.seen for part in row.parts)
        assert row.points == sum(part.share * part.weight for part in row.parts)
    frame = rank(MARKS, STAYS).to_frame()
    assert frame["points"].tolist() == frame[list(PARTS)].sum(axis=1).tolist()


def test_a_school_with_one_year_of_study_gives_nobody_points_for_being_younger():
    rows = rank(MARKS, [stay(pupil, "1A") for pupil in "1234"]).rows()
    assert {row.parts[0].share for row in rows} == {0.0}
    assert "de school heeft er maar één" in rows[0].parts[0].seen


def test_points_are_told_with_the_most_there_is():
    assert told_points(2.25, 4.0) == "2,25 van 4 punten"
