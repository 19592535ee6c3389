"""Faults in periods: their two ends, their order, what they cover, and one over another."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from absences.reading.corpus.broken_export import Export, Fault, Line, each, some
from absences.reading.corpus.brought_school import LATE, LEAVER, PUPILS, counted, halves_between, period_line
from absences.reading.corpus.layout_faults import FORMULA, SCRIPT

FREE = PUPILS[1]
"""Every period added here is of this pupil in a month without others, or of one who left or came."""


def added(make: Callable[[], Line]) -> Fault:
    """One more period."""
    return lambda export, rng: export.insert(len(export.lines), make())


def rejected(first: date, half: str, last: date, last_half: str, *reasons: str, column: str | None = None) -> Fault:
    return added(lambda: period_line(FREE, first, half, last, last_half, "Z").rejected(*reasons, column=column))


def _dates(role: str, *texts: str, reason: str = "date_unreadable") -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        place, column = export.roles[role], export.head(role)
        return each(export, rng, texts, lambda line, text: line.set(place, text).rejected(reason, column=column))

    return fault


def _ends_written(how: Callable[[date], str], *, repaired: bool = False) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            for role in ("from", "to"):
                day, month, year = map(int, line.cells[export.roles[role]].split("/"))
                line = line.set(export.roles[role], how(date(year, month, day)))
            return line.repaired() if repaired else line

        return replace(export, lines=tuple(map(write, export.lines)))

    return fault


def _halves_written(words: Mapping[str, str]) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            for role in ("from_half", "to_half"):
                line = line.set(export.roles[role], words[line.cells[export.roles[role]]])
            return line

        return replace(export, lines=tuple(map(write, export.lines)))

    return fault


def _bounds(line: Line) -> tuple[date, date]:
    first, last = (date(int(t[6:]), int(t[3:5]), int(t[:2])) for t in (line.cells[3], line.cells[5]))
    return first, last


def halves_empty(export: Export, rng: random.Random) -> Export:
    """Without a part of the day at the ends, whole days count."""

    def empty(line: Line) -> Line:
        first, last = _bounds(line)
        pupil = next(p for p in PUPILS if p.number == line.cells[0])
        whole = period_line(pupil, first, "VM", last, "NM", line.cells[7])
        return whole.set(export.roles["from_half"], "").set(export.roles["to_half"], "").repaired()

    return export.change(some(export, rng, 4), empty)


def no_columns_of_halves(export: Export, rng: random.Random) -> Export:
    def whole(line: Line) -> Line:
        first, last = _bounds(line)
        pupil = next(p for p in PUPILS if p.number == line.cells[0])
        full = period_line(pupil, first, "VM", last, "NM", line.cells[7])
        return replace(full, cells=tuple(cell for n, cell in enumerate(full.cells) if n not in (4, 6)))

    header = tuple(title for n, title in enumerate(export.header) if n not in (4, 6))
    roles = {"pupil": 0, "name": 1, "class": 2, "from": 3, "to": 4, "code": 5}
    return replace(export, header=header, roles=roles, lines=tuple(map(whole, export.lines)))


def without_an_end(export: Export, rng: random.Random) -> Export:
    """A period that goes on ends with the last day that the export speaks of."""
    newest = max(_bounds(line)[1] for line in export.lines)
    start = newest - timedelta(days=3)
    while not halves_between(start, "VM", start, "NM"):
        start -= timedelta(days=1)
    busy = {line.cells[0] for line in export.lines if _bounds(line)[1] >= start}
    pupil = next(p for p in PUPILS[:10] if p.number not in busy)
    line = period_line(pupil, start, "VM", newest, "NM", "Z")
    return export.insert(len(export.lines), line.set(5, "").set(6, "").repaired())


def _over(code: str, parts: tuple[tuple[date, str, date, str, str, str], ...]) -> Fault:
    """A first period with *code*, and periods of the same pupil over it with what they are."""
    base = (date(2026, 6, 8), "VM", date(2026, 6, 12), "VM")

    def fault(export: Export, rng: random.Random) -> Export:
        taken = set(halves_between(*base))
        lines = [period_line(FREE, *base, code)]
        for first, half, last, last_half, other, fate in parts:
            line = period_line(FREE, first, half, last, last_half, other)
            fresh = [slot for slot in halves_between(first, half, last, last_half) if slot not in taken]
            taken |= set(fresh)
            counts = tuple(counted(FREE.number, *slot, other) for slot in fresh)
            lines.append(replace(line, counts=counts, fates=(fate,)))
        return export.insert(len(export.lines), *lines)

    return fault


def codes_missing(export: Export, rng: random.Random) -> Export:
    return export.change(some(export, rng), lambda line: line.set(7, "").rejected("code_missing", column="AF_CODE"))


def code_written(text: str, code: str, subcode: str | None = None, *, repaired: bool = False, known: bool = True) -> Fault:
    def fault(export: Export, rng: random.Random) -> Export:
        def write(line: Line) -> Line:
            written = replace(line.set(7, text), counts=tuple((*cell[:3], code, subcode) for cell in line.counts))
            return written.repaired() if repaired else written

        changed = export.change(some(export, rng, 2), write)
        if known:
            return changed
        return replace(changed, unknown={code: sum(cell[3] == code for line in changed.lines for cell in line.counts)})

    return fault


JUNE = (date(2026, 6, 8), "VM", date(2026, 6, 10), "VM")

PERIOD_FAULTS: Mapping[str, Fault] = {
    "reversed": rejected(date(2026, 6, 10), "VM", date(2026, 6, 8), "NM", "period_reversed", column="AF_TOT"),
    "reversed-on-one-day": rejected(date(2026, 6, 9), "NM", date(2026, 6, 9), "VM", "period_reversed", column="AF_TOT"),
    "year-typed-wrong": rejected(date(2026, 6, 8), "VM", date(2028, 6, 10), "NM", "period_too_long", column="AF_TOT"),
    "start-in-another-century": rejected(date(1926, 6, 8), "VM", date(2026, 6, 10), "NM", "period_too_long"),
    "over-a-year": rejected(date(2025, 6, 8), "VM", date(2026, 6, 9), "NM", "period_too_long"),
    "of-last-year": rejected(date(2025, 5, 5), "VM", date(2025, 5, 9), "NM", "outside_year"),
    "of-next-year": rejected(date(2026, 9, 7), "VM", date(2026, 9, 9), "NM", "outside_year"),
    "in-summer": rejected(date(2026, 7, 6), "VM", date(2026, 7, 10), "NM", "outside_year"),
    "in-autumn-break": rejected(date(2025, 10, 27), "VM", date(2025, 10, 31), "NM", "period_empty"),
    "in-a-weekend": rejected(date(2026, 6, 13), "VM", date(2026, 6, 14), "NM", "period_empty"),
    "on-a-loose-free-day": rejected(date(2026, 5, 25), "VM", date(2026, 5, 25), "NM", "period_empty"),
    "on-a-wednesday-afternoon": rejected(date(2026, 6, 10), "NM", date(2026, 6, 10), "NM", "period_empty", "no_lesson"),
    "over-a-wednesday": added(lambda: period_line(FREE, date(2026, 6, 9), "NM", date(2026, 6, 11), "VM", "Z")),
    "over-a-weekend": added(lambda: period_line(FREE, date(2026, 6, 12), "NM", date(2026, 6, 15), "VM", "Z")),
    "over-the-end-of-the-year": added(lambda: period_line(FREE, date(2026, 6, 29), "VM", date(2026, 7, 10), "NM", "Z")),
    "over-the-leaving": added(lambda: period_line(LEAVER, date(2025, 12, 17), "VM", date(2026, 1, 16), "NM", "Z")),
    "over-the-coming": added(lambda: period_line(LATE, date(2026, 1, 5), "VM", date(2026, 1, 12), "VM", "Z")),
    "after-leaving": added(
        lambda: period_line(LEAVER, date(2026, 1, 20), "VM", date(2026, 1, 22), "NM", "Z").rejected("outside_enrolment")
    ),
    "before-coming": added(
        lambda: period_line(LATE, date(2025, 10, 6), "VM", date(2025, 10, 8), "VM", "Z").rejected("outside_enrolment")
    ),
    "from-missing": _dates("from", "", " ", reason="date_missing"),
    "from-unreadable": _dates("from", "31/02/2026", "vorige week", "15/09/25", FORMULA, SCRIPT),
    "to-unreadable": _dates("to", "31/06/2026", "volgende week", "15/09/25", "88/88/8888"),
    "without-an-end": without_an_end,
    "ends-iso": _ends_written(date.isoformat),
    "ends-dots": _ends_written(lambda d: f"{d.day}.{d.month}.{d.year}"),
    "ends-serial": _ends_written(lambda d: str((d - date(1899, 12, 30)).days), repaired=True),
    "ends-with-time": _ends_written(lambda d: f"{d:%Y-%m-%d} 00:00:00", repaired=True),
    "halves-in-words": _halves_written({"1": "VM", "2": "NM"}),
    "halves-empty": halves_empty,
    "no-columns-of-halves": no_columns_of_halves,
    "half-unknown-at-the-start": _dates("from_half", "3", "8:25", "x", reason="half_unknown"),
    "half-unknown-at-the-end": _dates("to_half", "0", "heel", SCRIPT, reason="half_unknown"),
    "one-within-another": _over("Z", ((date(2026, 6, 9), "VM", date(2026, 6, 11), "VM", "Z", "duplicate"),)),
    "one-within-another-with-another-code": _over("Z", ((date(2026, 6, 9), "VM", date(2026, 6, 11), "VM", "B", "conflict"),)),
    "one-goes-on-after-another": _over("Z", ((date(2026, 6, 11), "VM", date(2026, 6, 16), "VM", "Z", "repaired"),)),
    "one-goes-on-with-another-code": _over("Z", ((date(2026, 6, 11), "VM", date(2026, 6, 16), "VM", "B", "repaired"),)),
    "three-over-one-another": _over(
        "Z",
        (
            (date(2026, 6, 5), "NM", date(2026, 6, 15), "VM", "P", "repaired"),
            (date(2026, 6, 5), "NM", date(2026, 6, 5), "NM", "P", "duplicate"),
            (date(2026, 6, 15), "NM", date(2026, 6, 16), "VM", "P", "used"),
        ),
    ),
    "code-missing": codes_missing,
    "code-lower-case": code_written("z", "Z", repaired=True),
    "code-subcode": code_written("R12", "R", "R12"),
    "code-unknown": code_written("Q", "Q", known=False),
    "code-is-the-half": code_written("VM", "VM", known=False),
}
