"""Faults in the halves and codes of a row per half day, or of a row per day."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from absences.reading.corpus.broken_export import Export, Fault, Line, each, some
from absences.reading.corpus.brought_school import DAYS, PUPILS, Pupil, counted
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT


def shape_of(text: str) -> str:
    """What may be told of a value: digits as 9, letters as a, and not much of it."""
    pattern = re.sub(r"[a-zA-ZÀ-ÿ]", "a", re.sub(r"[0-9]", "9", text))
    return pattern if len(pattern) <= 16 else pattern[:15] + "…"


# -- halves ------------------------------------------------------------------------------------------------------------


def half_text(*texts: str, reason: str = "half_unknown") -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place, column = export.roles["half"], export.head("half")
        return each(export, rng, texts, lambda line, text: line.set(place, text).rejected(reason, column=column))

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

    def line(pupil: Pupil, morning: str, afternoon: str) -> Line:
        return Line((pupil.number, pupil.name, pupil.class_, f"{wednesday:%d/%m/%Y}", morning, afternoon))

    both, alone, there = line(PUPILS[0], "Z", "Z"), line(PUPILS[1], "", "B"), line(PUPILS[2], "|", "|")
    return export.insert(
        len(export.lines),
        replace(both, counts=(counted(PUPILS[0].number, wednesday, "VM", "Z"),)).repaired(),
        alone.rejected("no_lesson", column="NM"),
        replace(there, counts=(counted(PUPILS[2].number, wednesday, "VM", "|"),)),
    )


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
