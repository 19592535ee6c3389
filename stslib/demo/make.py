"""The whole demo: files as a school would export them, brought in the ordinary way, and a trajectory."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from stslib.demo.absence import mark_year
from stslib.demo.files import (
    FOLDER,
    README,
    YearFiles,
    write_classes,
    write_day_rows,
    write_enrolment,
    write_half_days,
    year_files,
)
from stslib.demo.other_shapes import shape_files, write_shapes
from stslib.demo.planted import brought_along
from stslib.demo.school import DEMO_SCHOOL, make_school
from stslib.model.session import Journal

if TYPE_CHECKING:
    from stslib.demo.script import Pinned
    from stslib.demo.trajectory import Show

SEED = 20252026
SCHOOL_YEARS = ("2024-2025", "2025-2026")
EXPORTED_ON = {"2024-2025": date(2025, 7, 1), "2025-2026": date(2026, 5, 8)}
"""The day of each export: after the first year, and two weeks before the last meeting."""

KEEP_UNTIL = date(2036, 8, 31)
"""These figures are about nobody, so there is no hurry to remove them."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class DemoSummary:
    """What the demo made, or found made already (``made`` False: nothing was changed)."""

    made: bool
    school: str
    folder: Path
    files: tuple[Path, ...]
    other_shapes: tuple[Path, ...]
    """The same half days as other packages export them, to try; not brought in."""
    trajectory_id: str
    session_ids: tuple[str, ...]
    """Oldest first; the last one is open."""
    rows: dict[str, tuple[int, int, int, int]]
    """School year -> rows of its export, used, repaired, rejected; empty when nothing was read."""


def make_demo(data: Path, *, seed: int = SEED, progress: Progress | None = None) -> DemoSummary:
    """Put the made-up school in the data folder *data*: files, stored figures, three closed sessions and one open.

    Done again it changes nothing; after an interruption it makes what is missing. A folder with the demo of an earlier version
    keeps it as it is, and *progress* is told so.

    Args:
        data: the data folder, made when missing.
        seed: another seed gives another school of the same kind.
        progress: called with a Dutch line and the part that is done (0 to 1).

    Raises:
        StsError: the folder cannot be written, or a file cannot be read back.
    """
    from stslib.store import open_journal

    tell = progress or (lambda _line, _part: None)
    folder = data / FOLDER
    files = [year_files(folder, school_year, workbook=place == 1) for place, school_year in enumerate(SCHOOL_YEARS)]
    with open_journal(data) as journal:
        found = _found(journal, data, files, tell)
        if found is not None:
            return found
        tell("De voorbeeldschool wordt bedacht", 0.0)
        if not all(path.exists() for path in (*_all(files), *shape_files(folder))):
            _write_files(files, seed, tell)
        rows = {}
        for place, one in enumerate(files):
            tell(f"De export van {one.school_year} wordt ingelezen", 0.35 + 0.25 * place)
            rows[one.school_year] = _bring_in(data, one)
        tell("Het traject wordt geschreven", 0.9)
        from stslib.content import INSTRUMENT_ORDER, load_instrument
        from stslib.demo.trajectory import write_trajectory

        instruments = [load_instrument(name) for name in INSTRUMENT_ORDER]
        trajectory, sessions = write_trajectory(journal, instruments, _shower(data), SCHOOL_YEARS[0])
    tell("Klaar", 1.0)
    ids = tuple(session.id for session in sessions)
    return DemoSummary(True, DEMO_SCHOOL, folder, _all(files), shape_files(folder), trajectory.id, ids, rows)


def _all(files: list[YearFiles]) -> tuple[Path, ...]:
    return tuple(path for one in files for path in one.all())


def _found(journal: Journal, data: Path, files: list[YearFiles], tell: Progress) -> DemoSummary | None:
    """What stands there already, when nothing is missing or when an earlier version made it."""
    from stslib.absences import has_absences
    from stslib.demo.trajectory import find_trajectory, is_older, is_whole

    trajectory = find_trajectory(journal)
    if trajectory is None:
        return None
    if is_older(journal, trajectory):
        tell("Hier staat het voorbeeld van een vorige versie. Dat blijft zoals het is; het nieuwe komt in een lege map", 1.0)
    else:
        brought_in = all(path.exists() for path in _all(files)) and has_absences(data, DEMO_SCHOOL)
        if not brought_in or not is_whole(journal, trajectory):
            return None
    there = tuple(path for path in _all(files) if path.exists())
    ids = tuple(session.id for session in journal.sessions(trajectory.id))
    shapes = tuple(path for path in shape_files(data / FOLDER) if path.exists())
    return DemoSummary(False, DEMO_SCHOOL, data / FOLDER, there, shapes, trajectory.id, ids, {})


def _shower(data: Path) -> Show:
    """Counts a pinned figure with the days that were known then, by the rule for records, as the page pins it."""
    from stslib.figures import load_absences
    from stslib.figures.cards import card_for
    from stslib.figures.groups import Part
    from stslib.figures.pins import define, pin_definition, shown_of

    absences = load_absences(DEMO_SCHOOL, data)

    def show(pinned: Pinned, day: date) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
        known = Part.of_days(absences, date.min, pinned.until) or absences
        card = card_for(known, define(**dict[str, Any](pinned.definition)), policy="record", today=day)
        return pin_definition(card), shown_of(card)

    return show


def _write_files(files: list[YearFiles], seed: int, tell: Progress) -> None:
    from stslib.content import load_calendar

    # A made-up school, not a secret; what happens besides chance has a source of its own.
    rng, besides = random.Random(seed), random.Random(seed + 1)  # noqa: S311
    calendars = [load_calendar(one.school_year) for one in files]
    school = make_school(rng, calendars)
    for place, (one, calendar) in enumerate(zip(files, calendars, strict=True)):
        tell(f"De bestanden van {one.school_year} worden geschreven", 0.1 + 0.1 * place)
        exported = EXPORTED_ON[one.school_year]
        marks = mark_year(rng, school, calendar, until=exported, besides=besides)
        if one.absences.suffix == ".xlsx":
            own = write_day_rows(one.absences, marks, rng)
            write_shapes(one.absences.parent, marks, own, calendar)
        else:
            write_half_days(one.absences, marks, rng)
        brought = brought_along(besides, school, calendar)
        write_enrolment(one.enrolment, school, calendar, running=exported < calendar.last_day, brought=brought)
        write_classes(one.classes, school, one.school_year)
    (files[0].absences.parent / "LEESMIJ.txt").write_text(README, encoding="utf-8")


def _bring_in(data: Path, one: YearFiles) -> tuple[int, int, int, int]:
    """The ordinary way: read with every check, store."""
    from stslib.absences import read_export, store_reading
    from stslib.content import load_calendar, load_codes

    reading = read_export(
        one.absences,
        school_year=one.school_year,
        codes=load_codes(),
        calendar=load_calendar(one.school_year),
        enrolment=one.enrolment,
        classes=one.classes,
        today=EXPORTED_ON[one.school_year],
    )
    store_reading(data, DEMO_SCHOOL, reading, keep_until=KEEP_UNTIL)
    report = reading.report
    return (report.rows, report.used, report.repaired, report.rejected)
