"""Faults in the days of rows that say them: a row per half day, or a row per day."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from absences.reading.corpus.broken_export import USED, Export, Fault, Line, each, some
from absences.reading.corpus.brought_school import FIRST, LAST, LATE, LEAVER, OPEN, PUPILS, counted
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT

PUPIL_OF = {pupil.number: pupil for pupil in PUPILS}


def why_not(number: str, day: date, half: str) -> str | None:
    """Why a pupil cannot be absent then, by walking over the printed calendar; None when it can be."""
    if not FIRST <= day <= LAST:
        return "outside_year"
    if day.weekday() > 4:
        return "weekend"
    if day not in OPEN:
        return "holiday"
    if half not in OPEN[day]:
        return "no_lesson"
    return None if PUPIL_OF[number].is_there(day) else "outside_enrolment"


def codes_of(export: Export, line: Line) -> dict[str, str]:
    """Half -> code of a row."""
    if export.shape == "days":
        both = {half: line.cells[export.roles[role]] for half, role in (("VM", "morning"), ("NM", "afternoon"))}
        return {half: code for half, code in both.items() if code}
    return {line.cells[export.roles["half"]]: line.cells[export.roles["code"]]}


def moved(export: Export, line: Line, day: date, text: str | None = None) -> Line:
    """The row on another *day*, with what must come of it."""
    number = line.cells[export.roles["pupil"]]
    codes = codes_of(export, line)
    reasons = {half: why_not(number, day, half) for half in codes}
    there = line.set(export.roles["date"], text or f"{day:%d/%m/%Y}")
    kept = tuple(counted(number, day, half, code) for half, code in codes.items() if reasons[half] is None)
    if not kept:
        return there.rejected(*{reason for reason in reasons.values() if reason})
    return replace(there, counts=kept, fates=(USED,) if len(kept) == len(codes) else ("repaired",))


def _day_of(export: Export, line: Line) -> date:
    day, month, year = map(int, line.cells[export.roles["date"]].split("/"))
    return date(year, month, day)


def to_day(find: Callable[[date], date]) -> Fault:
    """Three rows, each on the day that *find* makes of its own; every one of another pupil, so none meets another."""

    def fault(export: Export, rng: random.Random) -> Export:
        places: dict[str, int] = {}
        for n in some(export, rng, 99):
            number = export.lines[n].cells[export.roles["pupil"]]
            if PUPIL_OF[number] not in (LEAVER, LATE):
                places.setdefault(number, n)
        chosen = rng.sample(sorted(places.values()), 3)
        return export.change(chosen, lambda line: moved(export, line, find(_day_of(export, line))))

    return fault


def date_text(*texts: str, reason: str = "date_unreadable") -> Fault:
    """A row for each of *texts*, which say no day."""

    def fault(export: Export, rng: random.Random) -> Export:
        place, column = export.roles["date"], export.head("date")
        return each(export, rng, texts, lambda line, text: line.set(place, text).rejected(reason, column=column))

    return fault


def date_written(how: Callable[[date], str], *, repaired: bool = False, everywhere: bool = True) -> Fault:
    """The same days in another writing."""

    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            written = line.set(export.roles["date"], how(_day_of(export, line)))
            return written.repaired() if repaired else written

        return export.change(some(export, rng, 999 if everywhere else 4), write)

    return fault


def mixed_dates(export: Export, rng: random.Random) -> Export:
    forms = (lambda d: f"{d.day}/{d.month}/{d.year}", lambda d: f"{d:%d-%m-%Y}", lambda d: f"{d:%d.%m.%Y}", date.isoformat)
    place = export.roles["date"]
    return replace(
        export,
        lines=tuple(line.set(place, forms[n % 4](_day_of(export, line))) for n, line in enumerate(export.lines)),
    )


def american_dates(export: Export, rng: random.Random) -> Export:
    """Month first: a day over twelve is no date, any other is another day, and nothing in the row can tell."""
    seen: set[tuple[Any, ...]] = {cell[:3] for line in export.lines for cell in line.counts}
    lines = []
    for line in export.lines:
        day = _day_of(export, line)
        text = f"{day:%m/%d/%Y}"
        if day.day > 12:
            lines.append(line.set(export.roles["date"], text).rejected("date_unreadable", column=export.head("date")))
            continue
        other = moved(export, line, date(day.year, day.day, day.month), text)
        clash = {cell[:3] for cell in other.counts} & (seen - {cell[:3] for cell in line.counts})
        seen |= {cell[:3] for cell in other.counts}
        lines.append(line if clash else other)
    return replace(export, lines=tuple(lines))


def all_of_another_year(export: Export, rng: random.Random) -> Export:
    place = export.roles["date"]
    lines = [
        line.set(place, f"{_day_of(export, line).replace(year=_day_of(export, line).year - 1):%d/%m/%Y}").rejected(
            "outside_year"
        )
        for line in export.lines
    ]
    return replace(export, lines=tuple(lines)).refuse(f"Geen enkele van de {len(lines)} rijen is bruikbaar; bij alle")


def after_leaving(export: Export, rng: random.Random) -> Export:
    return _of_pupil(export, LEAVER.number, date(2026, 1, 20))


def before_coming(export: Export, rng: random.Random) -> Export:
    return _of_pupil(export, LATE.number, date(2025, 10, 7))


def _of_pupil(export: Export, number: str, day: date) -> Export:
    place = next(n for n, line in enumerate(export.lines) if line.cells[export.roles["pupil"]] == number)
    return export.change([place], lambda line: moved(export, line, day))


def another_school_year_in_the_enrolment(export: Export, rng: random.Random) -> Export:
    """Who is enrolled in another year only is not enrolled here."""
    gone = PUPILS[2].number
    enrolment = tuple(
        (n, c, "01/09/2024", "30/06/2025") if n == gone else (n, c, a, b) for n, c, a, b in export.enrolment or ()
    )
    theirs = [n for n, line in enumerate(export.lines) if line.cells[export.roles["pupil"]] == gone]
    kept = export.change(theirs, lambda line: line.rejected("not_enrolled", "outside_enrolment"))
    return replace(kept, enrolment=enrolment).tell("1 inschrijvingen van een ander schooljaar")


def enrolment_with_bad_rows(export: Export, rng: random.Random) -> Export:
    strange = (
        ("", "1A", "01/09/2025", ""),
        ("0009999999", "1A", "31/02/2026", ""),
        ("0009999998", "1A", "01/05/2026", "01/02/2026"),
    )
    return replace(export, enrolment=(*(export.enrolment or ()), *strange)).tell(
        "1 inschrijvingen zonder bruikbaar leerlingnummer", "2 inschrijvingen met een datum van of tot"
    )


def enrolment_without_zeros(export: Export, rng: random.Random) -> Export:
    """The zeros were lost in the other file: these rows are whole."""
    return replace(export, enrolment=tuple((n.lstrip("0"), *rest) for n, *rest in export.enrolment or ()))


def _next_saturday(day: date) -> date:
    return day + timedelta(days=5 - day.weekday())


DATE_FAULTS: Mapping[str, Fault] = {
    "dates-short": date_written(lambda d: f"{d.day}/{d.month}/{d.year}"),
    "dates-dashes": date_written(lambda d: f"{d:%d-%m-%Y}"),
    "dates-dots": date_written(lambda d: f"{d:%d.%m.%Y}"),
    "dates-iso": date_written(date.isoformat),
    "dates-with-spaces": date_written(lambda d: f" {d:%d/%m/%Y}\u00a0"),
    "dates-serial": date_written(lambda d: str((d - date(1899, 12, 30)).days), repaired=True),
    "dates-serial-on-some": date_written(lambda d: f"{(d - date(1899, 12, 30)).days}.0", repaired=True, everywhere=False),
    "dates-with-time": date_written(lambda d: f"{d:%d/%m/%Y} 08:25", repaired=True, everywhere=False),
    "dates-mixed": mixed_dates,
    "dates-american": american_dates,
    "dates-two-digit-years": date_text("15/09/25", "1/10/25", "03-11-25"),
    "dates-that-do-not-exist": date_text("31/02/2026", "31/09/2025", "00/10/2025", "15/13/2025", "29/02/2026"),
    "dates-in-words": date_text("gisteren", "15 september 2025", "ma 15/09/2025"),
    "dates-cut-off": date_text("15/09", "2025", "15/09/202", "/"),
    "dates-no-serial": date_text("80000", "12345", "-1"),
    "dates-a-formula": date_text(FORMULA, "=VANDAAG()", "#VERW!"),
    "dates-a-script": date_text(SCRIPT),
    "dates-missing": date_text("", " ", "\u00a0", reason="date_missing"),
    "dates-of-last-year": to_day(lambda d: date(2024, 9, 16)),
    "dates-in-july": to_day(lambda d: date(2026, 7, 6)),
    "dates-in-august": to_day(lambda d: date(2025, 8, 29)),
    "dates-in-another-century": to_day(lambda d: date(1925, 9, 15)),
    "dates-on-saturday": to_day(_next_saturday),
    "dates-in-autumn-break": to_day(lambda d: date(2025, 10, 28)),
    "dates-in-christmas-break": to_day(lambda d: date(2025, 12, 24)),
    "dates-on-armistice-day": to_day(lambda d: date(2025, 11, 11)),
    "dates-on-easter-monday": to_day(lambda d: date(2026, 4, 6)),
    "dates-on-the-first-day": to_day(lambda d: FIRST),
    "dates-on-the-last-day": to_day(lambda d: LAST),
    "dates-on-wednesday": to_day(lambda d: date(2025, 9, 3)),
    "dates-all-of-another-year": all_of_another_year,
    "after-leaving": after_leaving,
    "before-coming": before_coming,
    "enrolled-in-another-year": another_school_year_in_the_enrolment,
    "enrolment-with-bad-rows": enrolment_with_bad_rows,
    "enrolment-without-zeros": enrolment_without_zeros,
}
