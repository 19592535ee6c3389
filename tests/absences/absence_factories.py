"""Calendars, codes and files for the tests; the calendar facts are those of the published table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, Status, Threshold

TABLE = {
    "2022-2023": ("31/10-6/11", "26/12-8/1", "20/2-26/2", "3/4-16/4", ["11/11", "1/5", "18/5", "19/5", "29/5"], 182, 327),
    "2023-2024": ("30/10-5/11", "25/12-7/1", "12/2-18/2", "1/4-14/4", ["1/5", "9/5", "10/5", "20/5"], 182, 328),
    "2024-2025": ("28/10-3/11", "23/12-5/1", "3/3-9/3", "7/4-21/4", ["11/11", "1/5", "29/5", "30/5", "9/6"], 180, 323),
    "2025-2026": ("27/10-2/11", "22/12-4/1", "16/2-22/2", "6/4-19/4", ["11/11", "1/5", "14/5", "15/5", "25/5"], 182, 327),
    "2026-2027": ("2/11-8/11", "21/12-3/1", "8/2-14/2", "29/3-11/4", ["11/11", "6/5", "7/5", "17/5"], 183, 329),
    "2027-2028": ("1/11-7/11", "27/12-9/1", "28/2-5/3", "3/4-17/4", ["11/11", "1/5", "25/5", "26/5", "5/6"], 182, 326),
}
"""School year -> autumn, Christmas, Carnival, Easter, loose days, class days, half days."""


def _day(text: str, start: int) -> date:
    day, month = map(int, text.split("/"))
    return date(start if month >= 8 else start + 1, month, day)


def make_calendar(school_year: str = "2025-2026") -> SchoolYearCalendar:
    start = int(school_year[:4])
    *holidays, loose, _, _ = TABLE[school_year]
    first = date(start, 9, 1)
    while first.weekday() > 4:
        first += timedelta(days=1)
    periods = [
        Period(name=name, first=_day(text.split("-")[0], start), last=_day(text.split("-")[1], start))
        for name, text in zip(("herfstvakantie", "kerstvakantie", "krokusvakantie", "paasvakantie"), holidays, strict=True)
    ]
    periods += [Period(name="vrije dag", first=_day(text, start), last=_day(text, start)) for text in loose]
    return SchoolYearCalendar(
        school_year=school_year, first_day=first, last_day=date(start + 1, 6, 30), holidays=tuple(periods), source="test"
    )


_STATUS = {
    **dict.fromkeys("B", Status.UNLAWFUL),
    **dict.fromkeys("ZDPRHMCJTUY", Status.LAWFUL),
    **dict.fromkeys("AWGNX", Status.NEUTRAL),
    "L": Status.LATE,
    "-": Status.OPEN,
    "|": Status.PRESENT,
    "I": Status.PRESENT,
}

CODES = tuple(
    AbsenceCode(
        code=code,
        meaning=f"betekenis van {code}",
        status=status,
        absent=status in (Status.UNLAWFUL, Status.LAWFUL, Status.OPEN) or code == "A",
        shown_apart=code in "A-",
        source="test",
    )
    for code, status in _STATUS.items()
)

THRESHOLDS = tuple(
    Threshold(
        id=f"b-{value}", rule=f"{value} of meer halve dagen B", value=value, unit="half_days", codes=("B",), source="test"
    )
    for value in (5, 10, 15, 30)
)

LONG = ("Leerlingnummer", "Klas", "Datum", "Dagdeel", "Code")
DAYS = ("Leerlingnummer", "Klas", "Datum", "VM", "NM")


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ";", encoding: str = "utf-8"
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    workbook = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy", "in_memory": True})
    sheet = workbook.add_worksheet("Export")
    sheet.write_row(0, 0, header)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value)
            else:
                sheet.write(number, column, value)
    workbook.close()
    return path
