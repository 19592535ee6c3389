"""Periods become the possible half days that they cover; the counts here are made by walking over days one by one."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from absences.absence_factories import make_calendar, write_csv, write_xlsx
from absences.nasty_school import open_halves
from absences.reading.files_of_schools import adds_up, as_rows, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stslib.absences.reading import limits
from stslib.errors import ReadingError

HEADER = ("LLNR", "KLAS", "AF_VAN", "AF_VANUUR", "AF_TOT", "AF_TOTUUR", "AF_CODE")
OPEN = open_halves("2025-2026")
FIRST, LAST = date(2025, 9, 1), date(2026, 6, 30)


def halves(first: date, first_half: int, last: date, last_half: int) -> list[tuple[str, str]]:
    """The possible half days from one end to the other, both inclusive."""
    found = []
    day = first
    while day <= last:
        for half in OPEN.get(day, ()):
            place = 0 if half == "VM" else 1
            if (day, place) >= (first, first_half) and (day, place) <= (last, last_half):
                found.append((str(day), half))
        day += timedelta(days=1)
    return found


def row(pupil: str, first: date, first_half: int, last: date | None, last_half: int, code: str) -> tuple[str, ...]:
    end = f"{last:%d/%m/%Y}" if last else ""
    return (pupil, "1A", f"{first:%d/%m/%Y}", str(first_half + 1), end, str(last_half + 1), code)


def test_a_period_is_its_possible_half_days_without_a_complaint(tmp_path: Path) -> None:
    # Thursday afternoon before the autumn break to the Wednesday after it: a weekend, a week off, a Wednesday afternoon.
    first, last = date(2025, 10, 23), date(2025, 11, 5)
    reading = read(write_csv(tmp_path / "x.csv", HEADER, [row("0001", first, 1, last, 1, "Z")]))
    assert (reading.report.shape, reading.report.used, reading.report.repaired) == ("periods", 1, 0)
    assert [(day, half) for _, day, half, _, _ in as_rows(reading)] == sorted(halves(first, 1, last, 1))
    assert len(reading.half_days) == 1 + 2 + 2 + 2 + 1
    assert all("weiger" not in finding.fact for finding in reading.report.findings)


def test_a_workbook_with_dates_and_numbers_reads_alike(tmp_path: Path) -> None:
    rows = [("0001", "1A", date(2025, 9, 1), 2, date(2025, 9, 3), 1, "B01")]
    reading = read(write_xlsx(tmp_path / "x.xlsx", HEADER, rows))
    assert [(d, h, c, s) for _, d, h, c, s in as_rows(reading)] == [
        ("2025-09-01", "NM", "B", "B01"),
        ("2025-09-02", "NM", "B", "B01"),
        ("2025-09-02", "VM", "B", "B01"),
        ("2025-09-03", "VM", "B", "B01"),
    ]


@pytest.mark.parametrize(
    ("header", "ends"),
    [
        (("Leerlingnummer", "Van", "Tot", "Code"), ("01/09/2025", "02/09/2025")),
        (("Leerlingnummer", "Begindatum", "Einddatum", "Afwezigheidscode"), ("2025-09-01", "2025-09-02")),
        (("Stamnr", "Datum vanaf", "Datum t.e.m.", "Code"), ("1.9.2025", "2.9.2025")),
    ],
)
def test_without_parts_of_a_day_whole_days_count(tmp_path: Path, header: tuple[str, ...], ends: tuple[str, str]) -> None:
    mapping = {"to": "Datum t.e.m."} if header[0] == "Stamnr" else None
    reading = read(write_csv(tmp_path / "x.csv", header, [("1", *ends, "Z")]), mapping=mapping)
    assert (reading.report.used, len(reading.half_days)) == (1, 4)


def test_an_empty_part_of_a_day_is_the_whole_day_and_is_told(tmp_path: Path) -> None:
    rows = [("1", "1A", "01/09/2025", "", "01/09/2025", "", "Z")]
    report = read(write_csv(tmp_path / "x.csv", HEADER, rows)).report
    assert (report.used, report.repaired, report.half_days) == (0, 1, 2)
    assert "hele dagen" in next(iter(report.repairs))


def test_a_period_without_an_end_lasts_to_the_end_of_the_export(tmp_path: Path) -> None:
    rows = [
        row("1", date(2025, 9, 1), 0, None, 0, "Z"),
        row("2", date(2025, 9, 8), 0, date(2025, 9, 9), 1, "B"),
    ]
    path = write_csv(tmp_path / "x.csv", HEADER, rows)
    reading = read(path)
    mine = [(d, h) for pupil, d, h, _, _ in as_rows(reading) if pupil == "1"]
    assert mine == sorted(halves(FIRST, 0, date(2025, 9, 9), 0))
    assert (reading.report.used, reading.report.repaired) == (1, 1)
    until = read(path, period=(FIRST, date(2025, 9, 3)))
    assert len([1 for pupil, *_ in as_rows(until) if pupil == "1"]) == len(halves(FIRST, 0, date(2025, 9, 3), 0))


REJECTED = {
    "period_reversed": row("1", date(2025, 9, 3), 0, date(2025, 9, 1), 1, "Z"),
    "period_too_long": row("1", date(2025, 9, 1), 0, date(2027, 9, 1), 1, "Z"),
    "period_empty": row("1", date(2025, 10, 25), 0, date(2025, 11, 2), 1, "Z"),
    "outside_year": row("1", date(2024, 9, 2), 0, date(2024, 9, 3), 1, "Z"),
    "date_missing": ("1", "1A", "", "1", "01/09/2025", "2", "Z"),
    "date_unreadable": ("1", "1A", "01/09/2025", "1", "31/09/2025", "2", "Z"),
    "half_unknown": ("1", "1A", "01/09/2025", "1", "01/09/2025", "8:25", "Z"),
    "code_missing": ("1", "1A", "01/09/2025", "1", "01/09/2025", "2", ""),
    "pupil_missing": ("", "1A", "01/09/2025", "1", "01/09/2025", "2", "Z"),
}
COLUMN = {
    "period_reversed": "AF_TOT",
    "period_too_long": "AF_TOT",
    "date_missing": "AF_VAN",
    "date_unreadable": "AF_TOT",
    "half_unknown": "AF_TOTUUR",
    "code_missing": "AF_CODE",
    "pupil_missing": "LLNR",
}


@pytest.mark.parametrize("reason", REJECTED)
def test_a_period_that_cannot_be_is_rejected_by_its_reason(tmp_path: Path, reason: str) -> None:
    good = row("2", date(2025, 9, 1), 0, date(2025, 9, 1), 1, "B")
    reading = read(write_csv(tmp_path / "x.csv", HEADER, [good, REJECTED[reason]]))
    assert reading.report.reasons == {reason: 1}
    assert (reading.report.used, reading.rejected["row"].tolist()) == (1, [3])
    assert reading.rejected["column"].tolist() == [COLUMN.get(reason, "AF_VAN")]


def test_the_same_day_with_the_afternoon_before_the_morning_is_reversed(tmp_path: Path) -> None:
    rows = [row("2", FIRST, 0, FIRST, 1, "B"), row("1", date(2025, 9, 2), 1, date(2025, 9, 2), 0, "Z")]
    assert read(write_csv(tmp_path / "x.csv", HEADER, rows)).report.reasons == {"period_reversed": 1}


def test_a_period_over_an_edge_of_the_school_year_counts_inside_it(tmp_path: Path) -> None:
    rows = [
        row("1", date(2025, 8, 25), 0, date(2025, 9, 1), 1, "Z"),
        row("2", date(2026, 6, 30), 0, date(2026, 7, 5), 1, "Z"),
    ]
    report = read(write_csv(tmp_path / "x.csv", HEADER, rows)).report
    assert (report.used, report.half_days) == (2, 4)


def test_a_period_of_a_whole_school_year_is_one_and_a_day_more_is_not(tmp_path: Path) -> None:
    rows = [
        row("1", date(2025, 9, 1), 0, date(2026, 8, 31), 1, "Z"),
        row("2", date(2025, 8, 31), 0, date(2026, 9, 1), 1, "Z"),
    ]
    report = read(write_csv(tmp_path / "x.csv", HEADER, rows)).report
    assert (report.half_days, report.reasons) == (327, {"period_too_long": 1})


def test_overlapping_periods_count_each_half_day_once_and_the_first_code_wins(tmp_path: Path) -> None:
    rows = [
        row("1", date(2025, 9, 1), 0, date(2025, 9, 2), 1, "Z"),
        row("1", date(2025, 9, 2), 0, date(2025, 9, 4), 0, "Z"),
        row("1", date(2025, 9, 4), 0, date(2025, 9, 5), 1, "B"),
        row("1", date(2025, 9, 1), 0, date(2025, 9, 1), 1, "Z"),
        row("1", date(2025, 9, 5), 0, date(2025, 9, 5), 1, "P"),
    ]
    reading = read(write_csv(tmp_path / "x.csv", HEADER, rows))
    report = reading.report
    assert (report.used, report.repaired, report.rejected) == (1, 2, 2)
    assert report.reasons == {"duplicate": 1, "conflict": 1}
    assert reading.left_out == {("duplicate", "Z"): 4, ("conflict", "B"): 1, ("conflict", "P"): 2}
    codes = {(d, h): c for _, d, h, c, _ in as_rows(reading)}
    assert codes["2025-09-04", "VM"] == "Z"
    assert codes["2025-09-04", "NM"] == codes["2025-09-05", "VM"] == "B"
    assert len(codes) == len(reading.half_days)


def test_a_period_counts_only_while_the_pupil_is_enrolled(tmp_path: Path) -> None:
    rows = [
        row("1", date(2025, 9, 1), 0, date(2025, 9, 12), 1, "Z"),
        row("2", date(2025, 9, 1), 0, date(2025, 9, 5), 1, "B"),
        row("3", date(2025, 9, 1), 0, date(2025, 9, 5), 1, "B"),
    ]
    enrolment = write_csv(
        tmp_path / "e.csv",
        ("Leerlingnummer", "Klas", "Van", "Tot"),
        [("1", "1A", "01/09/2025", "03/09/2025"), ("1", "1B", "10/09/2025", ""), ("2", "1A", "15/09/2025", "")],
    )
    reading = read(write_csv(tmp_path / "x.csv", HEADER, rows), enrolment=enrolment)
    expected = halves(FIRST, 0, date(2025, 9, 3), 1) + halves(date(2025, 9, 10), 0, date(2025, 9, 12), 1)
    assert sorted((d, h) for _, d, h, _, _ in as_rows(reading)) == sorted(expected)
    assert reading.report.used == 1
    assert reading.report.reasons == {"outside_enrolment": 1, "not_enrolled": 1}
    assert reading.quiet["outside_enrolment", "Z"] == len(halves(FIRST, 0, date(2025, 9, 12), 1)) - len(expected)


def test_periods_that_stand_for_more_than_a_school_can_have_are_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(limits, "MAX_HALF_DAYS", 1000)
    rows = [row(str(n), FIRST, 0, LAST, 1, "Z") for n in range(5)]
    with pytest.raises(ReadingError, match="meer halve dagen dan een school kan hebben"):
        read(write_csv(tmp_path / "x.csv", HEADER, rows))


# -- properties --------------------------------------------------------------------------------------------------------

days = st.dates(date(2025, 8, 20), date(2026, 7, 10))
periods = st.tuples(
    st.sampled_from(["1", "2", "3"]), days, st.integers(0, 1), days, st.integers(0, 1), st.sampled_from(["B", "Z", "B01", "Q"])
)
edges = st.lists(days, max_size=4, unique=True).map(lambda found: sorted(found)[: len(found) // 2 * 2])
stays = st.fixed_dictionaries({"1": edges, "2": edges})
"""Pupil -> the first and last day of one stay after another."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(periods, min_size=1, max_size=12), stays=st.none() | stays)
def test_periods_agree_with_walking_over_the_days(tmp_path, drawn, stays) -> None:
    sure = ("9", FIRST, 0, FIRST, 1, "B")
    drawn = [sure, *drawn]
    enrolled: dict[str, list[tuple[date, date]]] | None = None
    enrolment = None
    if stays is not None:
        lines = [("9", FIRST, LAST)]
        lines += [(p, a, b) for p, found in stays.items() for a, b in zip(found[::2], found[1::2], strict=True)]
        lines = [(p, a, b) for p, a, b in lines if b >= FIRST and a <= LAST]
        enrolment = write_csv(
            tmp_path / "e.csv",
            ("Leerlingnummer", "Klas", "Van", "Tot"),
            [(p, "1A", f"{a:%d/%m/%Y}", f"{b:%d/%m/%Y}") for p, a, b in lines],
        )
        enrolled = {}
        for p, a, b in lines:
            enrolled.setdefault(p, []).append((a, b))
    reading = read(write_csv(tmp_path / "x.csv", HEADER, [row(*period) for period in drawn]), enrolment=enrolment)

    expected: dict[tuple[str, str, str], str] = {}
    rejected = 0
    for pupil, first, first_half, last, last_half, code in drawn:
        found = halves(first, first_half, last, last_half)
        if enrolled is not None:
            mine = enrolled.get(pupil, [])
            found = [(d, h) for d, h in found if any(a <= date.fromisoformat(d) <= b for a, b in mine)]
        fresh = [(d, h) for d, h in found if (pupil, d, h) not in expected]
        for d, h in fresh:
            expected[pupil, d, h] = code
        rejected += not fresh
    assert {(p, d, h): sub or c for p, d, h, c, sub in as_rows(reading)} == expected
    assert adds_up(reading)
    assert reading.report.rejected == rejected


def test_the_calendar_of_the_walk_is_that_of_the_reading() -> None:
    assert make_calendar().first_day == FIRST
    assert sum(map(len, OPEN.values())) == 327
