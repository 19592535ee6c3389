"""Indicators against a count of their own, on a generated school where everything goes wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from statistics import NormalDist

import pandas as pd
import pytest
from absences.absence_factories import CODES, LONG, THRESHOLDS, make_calendar, write_csv
from absences.nasty_school import ABSENT, STATUS, count, count_over, make_year, write_year

from stslib.absences import Absences, load_absences, read_export, store_reading
from stslib.errors import DatasetError, UnknownDimensionError
from stslib.model.absence import Half, Threshold, WeeklyGrid

TODAY = date(2026, 11, 22)
YEARS = [make_year("2024-2025", 7), make_year("2025-2026", 11)]
CALENDARS = [make_calendar("2024-2025"), make_calendar("2025-2026")]


@pytest.fixture(scope="module")
def absences(tmp_path_factory) -> Absences:
    folder = tmp_path_factory.mktemp("nasty")
    for year, calendar in zip(YEARS, CALENDARS, strict=True):
        export, enrolment, classes = write_year(year, folder, workbook=year is YEARS[1])
        reading = read_export(
            export,
            school_year=year.school_year,
            codes=CODES,
            calendar=calendar,
            enrolment=enrolment,
            classes=classes,
            today=TODAY,
        )
        assert (reading.report.rows, reading.report.rejected) == (len(year.rows), year.rejected)
        store_reading(folder / "data", "Nasty", reading)
    return load_absences(folder / "data", "Nasty", codes=CODES, thresholds=THRESHOLDS, calendars=CALENDARS)


def as_counts(frame: pd.DataFrame, by, missed="half_days_missed"):
    return {
        tuple(row[name] for name in by): (row[missed], row["half_days_possible"], row["pupils"])
        for row in frame.to_dict("records")
    }


GROUPS = [
    (),
    ("school_year",),
    ("class",),
    ("grade", "weekday"),
    ("stream", "half"),
    ("week",),
    ("month", "level"),
    ("year", "school_year", "week"),
    ("class", "weekday", "half"),
]


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("status", [None, "unlawful", "lawful", "open", "late"])
def test_rates_are_those_of_an_independent_count(absences, by, status):
    codes = ABSENT if status is None else {code for code, name in STATUS.items() if name == status}
    assert as_counts(absences.rate(by, status), by) == count(YEARS, by, codes)


@pytest.mark.parametrize("by", GROUPS)
def test_late_arrivals_are_those_of_an_independent_count(absences, by):
    assert as_counts(absences.late(by), by, "late_half_days") == count(YEARS, by, {"L"})


def test_one_school_year_counts_as_if_the_other_were_not_there(absences):
    by = ("class", "week")
    assert as_counts(absences.rate(by, school_years=["2025-2026"]), by) == count(YEARS[1:], by, ABSENT)


@pytest.mark.parametrize("by", [("status",), ("status", "grade"), ("weekday", "status")])
def test_by_status_each_status_has_the_possible_half_days_of_the_other_groups(absences, by):
    rest = tuple(name for name in by if name != "status")
    expected = {}
    for status in ("unlawful", "lawful", "open", "late", "neutral"):
        codes = {code for code, name in STATUS.items() if name == status}
        for group, numbers in count(YEARS, rest, codes).items():
            parts = dict(zip(rest, group, strict=True)) | {"status": status}
            expected[tuple(parts[name] for name in by)] = numbers
    assert as_counts(absences.rate(by), by) == expected


def test_by_code_subcodes_count_under_their_letter(absences):
    frame = absences.rate(["code"])
    expected = {code: count(YEARS, (), {code})[()][0] for code in "BZDPRA-"}
    assert dict(zip(frame["code"], frame["half_days_missed"], strict=True)) == {c: n for c, n in expected.items() if n}
    assert frame["code"].tolist() == [code.code for code in CODES if code.code in set(frame["code"])]


def test_thresholds_are_those_of_an_independent_count(absences):
    frame = absences.thresholds().set_index(["school_year", "threshold"])
    for year in YEARS:
        for rule in THRESHOLDS:
            row = frame.loc[(year.school_year, rule.id)]
            assert row["pupils_over"] == count_over(year, rule.value, {"B"})
            near_from = next(n for n in range(rule.value + 1) if n >= 0.8 * rule.value)
            assert row["pupils_near"] == count_over(year, near_from, {"B"}) - row["pupils_over"]
            assert row["pupils"] == len({pupil for pupil, *_ in year.enrolled})


def test_rates_and_their_wilson_interval_agree_with_the_formula(absences):
    z = NormalDist().inv_cdf(0.975)
    for row in absences.rate(["class", "month"], "open").to_dict("records"):
        k, n = row["half_days_missed"], row["half_days_possible"]
        p = k / n
        middle, spread = (
            (p + z * z / 2 / n) / (1 + z * z / n),
            z / (1 + z * z / n) * (p * (1 - p) / n + z * z / 4 / n / n) ** 0.5,
        )
        assert row["rate"] == pytest.approx(p)
        assert row["rate_low"] == pytest.approx(max(middle - spread, 0), abs=1e-12)
        assert row["rate_high"] == pytest.approx(middle + spread)
        assert 0 <= row["rate_low"] <= row["rate"] <= row["rate_high"] <= 1


def test_time_comes_in_the_order_of_the_school_year_and_classes_by_name(absences):
    assert absences.rate(["month"])["month"].tolist() == [9, 10, 11, 12, 1, 2, 3, 4, 5, 6]
    weeks = absences.rate(["week"], school_years=["2025-2026"])["week"].tolist()
    assert weeks[0] == 36
    assert weeks[-1] == 27
    assert absences.rate(["half"])["half"].tolist() == ["VM", "NM"]
    assert absences.rate(["grade"])["grade"].tolist() == ["1", "2", "onbekend"]


def test_a_school_without_rows_of_a_status_has_rate_zero(tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "01/09/2025", "VM", "Z")])
    reading = read_export(path, school_year="2025-2026", codes=CODES, calendar=CALENDARS[1], today=TODAY)
    store_reading(tmp_path, "Klein", reading)
    absences = load_absences(tmp_path, "Klein", codes=CODES, thresholds=THRESHOLDS, calendars=CALENDARS)
    for by in ([], ["weekday"], ["status"], ["code"], ["code", "status"]):
        frame = absences.rate(by, "unlawful")
        assert len(frame) >= 1
        assert frame["half_days_missed"].tolist() == [0] * len(frame)
        assert frame["rate"].tolist() == [0.0] * len(frame)
    assert absences.rate()["half_days_possible"].tolist() == [327]
    assert absences.rate(["status"])["status"].tolist() == ["unlawful", "lawful", "open", "late"]
    assert absences.thresholds()["pupils_over"].tolist() == [0] * len(THRESHOLDS)


def test_the_schools_own_week_changes_what_is_possible(tmp_path):
    path = write_csv(tmp_path / "x.csv", LONG, [("1", "1A", "03/09/2025", "NM", "Z"), ("1", "1A", "05/09/2025", "NM", "Z")])
    week = WeeklyGrid(wednesday=(Half.MORNING, Half.AFTERNOON), friday=(Half.MORNING,))
    reading = read_export(path, school_year="2025-2026", codes=CODES, calendar=CALENDARS[1], today=TODAY, grid=week)
    assert (reading.report.used, reading.report.rejected) == (1, 1)
    store_reading(tmp_path, "Week", reading)
    absences = load_absences(tmp_path, "Week", codes=CODES, thresholds=(), calendars=CALENDARS)
    rows = absences.rate(["weekday", "half"]).to_dict("records")
    assert {(row["weekday"], row["half"]) for row in rows if row["weekday"] in (3, 5)} == {(3, "VM"), (3, "NM"), (5, "VM")}


def test_unknown_dimensions_are_all_named(absences):
    with pytest.raises(UnknownDimensionError) as refused:
        absences.rate(["grade", "shoe", "mood"])
    assert refused.value.unknown == ("shoe", "mood")
    assert "weekday" in refused.value.known
    with pytest.raises(UnknownDimensionError):
        absences.late(["status"])


def test_unknown_status_policy_and_year_are_refused(absences):
    for call in (
        lambda: absences.rate([], "present"),
        lambda: absences.rate([], disclosure="public"),
        lambda: absences.rate([], school_years=["2019-2020"]),
        lambda: absences.rate([], school_years=[]),
    ):
        with pytest.raises(DatasetError, match="Kies uit"):
            call()


def test_two_school_years_in_a_row_need_the_same_pupil_in_both(absences, tmp_path):
    rule = Threshold(
        id="toeslag",
        rule="x",
        value=3,
        unit="halve dagen per schooljaar, twee schooljaren na elkaar",
        codes=("B",),
        source="test",
    )
    share = Threshold(id="tien", rule="x", value=10, unit="procent van de mogelijke halve dagen", source="test")
    other = Threshold(id="brief", rule="x", value=4, unit="briefjes per schooljaar", codes=("Z",), source="test")
    past = Threshold(
        id="oud", rule="x", value=1, unit="halve dagen per schooljaar", codes=("B",), source="test", valid_to=date(2016, 8, 31)
    )
    unknown = Threshold(id="leeg", rule="x", value=None, unit="halve dagen per schooljaar", codes=("Z",), source="test")
    asked = Absences("Nasty", list(absences.facts), codes=CODES, thresholds=(rule, share, other, past, unknown))
    frame = asked.thresholds().set_index(["school_year", "threshold"])
    assert sorted(frame.index) == [("2024-2025", "tien"), ("2025-2026", "tien"), ("2025-2026", "toeslag")]
    both = set.intersection(
        *({p for p, *_ in year.enrolled if sum(k[0] == p and c == "B" for k, c in year.marks.items()) >= 3} for year in YEARS)
    )
    assert frame.loc[("2025-2026", "toeslag"), "pupils_over"] == len(both) > 0
    for year in YEARS:
        shares = []
        for pupil in {p for p, *_ in year.enrolled}:
            alone = [entry for entry in year.enrolled if entry[0] == pupil]
            only = type(year)(year.school_year, alone, {k: c for k, c in year.marks.items() if k[0] == pupil})
            missed, possible, _ = count([only], (), ABSENT)[()]
            shares.append(100 * missed / possible)
        assert frame.loc[(year.school_year, "tien"), "pupils_over"] == sum(s >= 10 for s in shares)


def test_why_this_number_names_codes_period_denominator_exclusions_and_pupils(absences):
    lines = {line.label: line.text for line in absences.explain(["weekday"], "unlawful", "room", school_years=["2025-2026"])}
    assert lines["Codes"] == "ongewettigd: B"
    assert lines["Periode"] == "2025-2026: 01/09/2025 tot en met 30/06/2026"
    possible, pupils = count(YEARS[1:], (), ABSENT)[()][1:]
    assert f"{possible:,}".replace(",", ".") in lines["Mogelijke halve dagen"]
    assert str(pupils) in lines["Leerlingen"]
    assert f"{YEARS[1].rejected} van {len(YEARS[1].rows)} rijen" in lines["Niet meegeteld"]
    assert "onbekende code: Q (" in lines["Niet meegeteld"]
    assert "kunnen nog veranderen" in lines["Voorlopig"]
    assert "5 leerlingen" in lines["Afscherming"]
    assert absences.explain(measure="thresholds")
    assert absences.explain(measure="late")[0].text == "te laat: L"
    assert absences.bands().explain()[0].text == absences.explain(measure="bands")[0].text == "ongewettigd: B"


def test_the_last_fourteen_days_are_provisional(absences):
    last = max(day for _, day, _ in YEARS[1].marks)
    assert (last - absences.provisional_from).days == 14


def test_nothing_shows_a_pupil(absences):
    text = f"{absences!r} {absences} {list(absences.facts)!r} {absences.open()!r}"
    assert "000001" not in text
    assert not any(str(pupil) in text for pupil in absences.facts[-1].enrolment["pupil"].to_list())


def test_the_package_is_light_until_it_is_asked_something():
    heavy = "polars", "pandas", "narwhals", "numpy", "cryptography", "python_calamine"
    code = f"import sys, stslib.absences; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
