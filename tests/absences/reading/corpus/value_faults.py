"""Faults in the days, halves and codes of rows that say them: a row per half day, or a row per day."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from absences.reading.corpus.broken_export import NO_ROW, USED, Export, Fault, Line, some
from absences.reading.corpus.brought_school import DAYS, FIRST, LAST, LATE, LEAVER, OPEN, PUPILS, counted
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT

PUPIL_OF = {pupil.number: pupil for pupil in PUPILS}


def shape_of(text: str) -> str:
    """What may be told of a value: digits as 9, letters as a, and not much of it."""
    pattern = re.sub(r"[a-zA-ZÀ-ÿ]", "a", re.sub(r"[0-9]", "9", text))
    return pattern if len(pattern) <= 16 else pattern[:15] + "…"


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
        for place, text in zip(some(export, rng, len(texts)), texts, strict=True):
            export = export.change(
                [place],
                lambda line, text=text: line.set(export.roles["date"], text).rejected(reason, column=export.head("date")),
            )
        return export

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


# -- halves ------------------------------------------------------------------------------------------------------------


def half_text(*texts: str, reason: str = "half_unknown") -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        for place, text in zip(some(export, rng, len(texts)), texts, strict=True):
            export = export.change(
                [place],
                lambda line, text=text: line.set(export.roles["half"], text).rejected(reason, column=export.head("half")),
            )
        return export

    return fault


def half_written(words: Mapping[str, str]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place = export.roles["half"]
        return replace(export, lines=tuple(line.set(place, words[line.cells[place]]) for line in export.lines))

    return fault


def half_and_code_swapped(export: Export, rng: random.Random) -> Export:
    half, code = export.roles["half"], export.roles["code"]

    def swap(line: Line) -> Line:
        return line.set(half, line.cells[code]).set(code, line.cells[half]).rejected("half_unknown", column=export.head("half"))

    letters = [n for n in some(export, rng, 99) if export.lines[n].cells[code].isalpha()]
    return export.change(letters[:3], swap)


# -- codes -------------------------------------------------------------------------------------------------------------


def _code_place(export: Export, line: Line) -> tuple[int, str]:
    """A column with a code in this row, and its half."""
    if export.shape == "days":
        role = "morning" if line.cells[export.roles["morning"]] else "afternoon"
        return export.roles[role], "VM" if role == "morning" else "NM"
    return export.roles["code"], line.cells[export.roles["half"]]


def code_text(text: str, code: str, subcode: str | None = None, *, repaired: bool = False, known: bool = True) -> Fault:
    """Three rows with a code written as *text*, which says *code*."""

    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            place, half = _code_place(export, line)
            counts = tuple((*cell[:3], code, subcode) if cell[2] == half else cell for cell in line.counts)
            written = replace(line.set(place, text), counts=counts)
            return written.repaired() if repaired else written

        places = some(export, rng)
        changed = export.change(places, write)
        if known:
            return changed
        return replace(changed, unknown={**export.unknown, code: len(places)}).tell(f"Onbekende code ‘{code}’: 3 halve dagen")

    return fault


def code_is_a_value(text: str) -> Fault:
    """What stands where a code should is no code: it is kept as unknown and told by its shape only."""
    plain = code_text(text, shape_of(text), known=False)
    return lambda export, rng: replace(plain(export, rng), secrets=(*export.secrets, text))


def code_is_the_name(export: Export, rng: random.Random) -> Export:
    place = some(export, rng, 1)[0]
    name = export.lines[place].cells[export.roles["name"]]

    def write(line: Line) -> Line:
        column, half = _code_place(export, line)
        counts = tuple((*cell[:3], shape_of(name), None) if cell[2] == half else cell for cell in line.counts)
        return replace(line.set(column, name), counts=counts)

    return replace(export.change([place], write), unknown={shape_of(name): 1})


def codes_missing(export: Export, rng: random.Random) -> Export:
    if export.shape == "days":  # a day without any code says that there was nothing
        blank = export.roles["morning"], export.roles["afternoon"]
        return export.change(some(export, rng), lambda line: replace(line.set(blank[0], "").set(blank[1], ""), counts=()))
    place = export.roles["code"]
    return export.change(
        some(export, rng), lambda line: line.set(place, "").rejected("code_missing", column=export.head("code"))
    )


def same_half_day_with_another_code(export: Export, rng: random.Random) -> Export:
    """The first row counts; the later one contradicts it."""

    def contradict(line: Line) -> Line:
        for place in _code_places(export):
            if line.cells[place]:
                line = line.set(place, "M")
        return line.rejected("conflict")

    copies = [contradict(export.lines[n]) for n in some(export, rng)]
    return export.insert(len(export.lines), *copies)


def _code_places(export: Export) -> Sequence[int]:
    return [export.roles[role] for role in ("morning", "afternoon", "code") if role in export.roles]


def same_half_day_without_zeros(export: Export, rng: random.Random) -> Export:
    copies = [
        export.lines[n]
        .set(export.roles["pupil"], export.lines[n].cells[export.roles["pupil"]].lstrip("0"))
        .rejected("duplicate")
        for n in some(export, rng)
    ]
    return export.insert(len(export.lines), *copies)


# -- a row per day only ------------------------------------------------------------------------------------------------


def wednesday_with_an_afternoon(export: Export, rng: random.Random) -> Export:
    """The morning counts and the afternoon is left out; an afternoon alone is sent back; present there means nothing."""
    wednesday = next(day for day in DAYS if day.weekday() == 2)
    pupil = PUPILS[0]
    text = f"{wednesday:%d/%m/%Y}"
    both = Line(
        (pupil.number, pupil.name, pupil.class_, text, "Z", "Z"), (counted(pupil.number, wednesday, "VM", "Z"),), ("repaired",)
    )
    alone = Line((PUPILS[1].number, PUPILS[1].name, PUPILS[1].class_, text, "", "B")).rejected("no_lesson", column="NM")
    there = Line(
        (PUPILS[2].number, PUPILS[2].name, PUPILS[2].class_, text, "|", "|"), (counted(PUPILS[2].number, wednesday, "VM", "|"),)
    )
    return export.insert(len(export.lines), both, alone, there)


def a_day_in_two_rows(export: Export, rng: random.Random) -> Export:
    """The morning in one row and the afternoon in another: nothing is wrong."""
    place = next(n for n, line in enumerate(export.lines) if len(line.counts) == 2)
    line = export.lines[place]
    morning = replace(line.set(export.roles["afternoon"], ""), counts=line.counts[:1])
    afternoon = replace(line.set(export.roles["morning"], ""), counts=line.counts[1:])
    return export.change([place], lambda _: morning).insert(len(export.lines), afternoon)


def a_half_again_beside_a_new_one(export: Export, rng: random.Random) -> Export:
    """A second row of the day repeats the morning and brings the afternoon: only that is new."""
    place = next(n for n, line in enumerate(export.lines) if len(line.counts) == 2)
    line = export.lines[place]
    first = replace(line.set(export.roles["afternoon"], ""), counts=line.counts[:1])
    again = replace(line, counts=line.counts[1:], fates=("repaired",))
    return export.change([place], lambda _: first).insert(len(export.lines), again)


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

CODE_FAULTS: Mapping[str, Fault] = {
    "code-unknown": code_text("Q", "Q", known=False),
    "code-unknown-with-number": code_text("V12", "V12", known=False),
    "code-lower-case": code_text("z", "Z", repaired=True),
    "code-subcode": code_text("R03", "R", "R03"),
    "code-subcode-with-a-dash": code_text("B-2", "B", "B2"),
    "code-subcode-lower-case": code_text("b01", "B", "B01", repaired=True),
    "code-long-dash": code_text("–", "-", repaired=True),
    "code-broken-bar": code_text("¦", "|", repaired=True),
    "code-bar": code_text("|", "|"),
    "code-with-spaces": code_text(" P ", "P"),
    "code-a-remark": code_is_a_value("mama belde"),
    "code-a-formula": code_is_a_value(FORMULA),
    "code-a-script": code_is_a_value(SCRIPT),
    "code-a-short-number": code_is_a_value("411702"),
    "code-a-long-number": code_is_a_value("0004117023"),
    "code-the-name": code_is_the_name,
    "code-missing": codes_missing,
    "conflict": same_half_day_with_another_code,
    "duplicate-without-zeros": same_half_day_without_zeros,
}

LONG_FAULTS: Mapping[str, Fault] = {
    "half-missing": half_text("", " ", reason="half_missing"),
    "half-unknown": half_text("avond", "hele dag", "3", "8u25", "VM/NM"),
    "half-a-script": half_text(SCRIPT),
    "half-in-words": half_written({"VM": "Voormiddag", "NM": "namiddag"}),
    "half-in-numbers": half_written({"VM": "1", "NM": "2"}),
    "half-with-dots": half_written({"VM": "v.m.", "NM": "nm."}),
    "half-and-code-swapped": half_and_code_swapped,
}

DAYS_FAULTS: Mapping[str, Fault] = {
    "wednesday-with-an-afternoon": wednesday_with_an_afternoon,
    "a-day-in-two-rows": a_day_in_two_rows,
    "a-half-again": a_half_again_beside_a_new_one,
}

__all__ = ["CODE_FAULTS", "DATE_FAULTS", "DAYS_FAULTS", "LONG_FAULTS", "NO_ROW", "shape_of"]
