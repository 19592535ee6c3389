"""The cards of a page: asked for by id or by definition, made one by one, so that a page can show each as it comes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pydantic import JsonValue

from stslib.errors import DatasetError
from stslib.figures import FIGURE_IDS
from stslib.figures.definitions import (
    STATUS_NAMES,
    Drawn,
    by_class,
    by_code,
    by_grade,
    by_status,
    by_week,
    by_weekday_half,
    late_by_week,
    thresholds,
)
from stslib.figures.frames import Frames, Policy
from stslib.figures.pins import BY_STATUS, PART_STATUSES, REACH, SINCE, define, read_definition
from stslib.figures.wording import HIDDEN, hidden_note
from stslib.model.figure import FigureCard

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

CARD_DPI = 120
"""Pixels per inch of a card's picture, about 1,100 wide: sharp beside a question on a beamer and on A4, and a third cheaper."""

_DEFINITIONS: dict[str, Callable[[Frames], Drawn]] = {
    "rate_by_status": by_status,
    "rate_by_code": by_code,
    "rate_by_weekday_half": by_weekday_half,
    "rate_by_week": by_week,
    "rate_by_grade": by_grade,
    "rate_by_class": by_class,
    "thresholds": thresholds,
    "late_by_week": late_by_week,
}


def figure_cards(
    absences: Absences,
    ids: Sequence[str] = FIGURE_IDS,
    *,
    policy: Policy = "room",
    today: date,
    status: str | None = None,
    school_year: str | None = None,
) -> Iterator[FigureCard]:
    """One card per id, in the order asked, each made when it is asked for.

    Args:
        absences: one school's stored half days.
        ids: any of ``FIGURE_IDS``.
        policy: disclosure policy of every number in title, picture, table and alternative text: ``room`` for a live page,
            ``record`` for an archive or anything else that leaves the room.
        today: the day that stands on the card as ``counted_on``.
        status: count only ``unlawful``, ``lawful`` or ``open`` half days; the card says so. Figures that count pupils or late
            arrivals, and the one that sets the statuses side by side, have no such part and are left out. None counts all.
        school_year: the year that the figures are about; None is the newest.

    Yields:
        Cards of groups only, never of a pupil. A cell that may not be shown is a dash, and the card says why.

    Raises:
        DatasetError: at the call, naming every unknown id, status or school year and the known ones.
    """
    unknown = [identity for identity in ids if identity not in _DEFINITIONS]
    if unknown:
        raise DatasetError("cijfers", f"Onbekende figuur: {', '.join(unknown)}.", f"Kies uit: {', '.join(FIGURE_IDS)}.")
    if status is not None and status not in PART_STATUSES:
        raise DatasetError("cijfers", f"Onbekende soort: {status}.", f"Kies uit: {', '.join(PART_STATUSES)}.")
    check_stored(absences, school_year)
    asked = [identity for identity in ids if status is None or identity in BY_STATUS]
    return _cards(Frames(absences, policy, status, school_year=school_year), asked, policy, today)


def _cards(frames: Frames, ids: Sequence[str], policy: Policy, today: date) -> Iterator[FigureCard]:
    for identity in ids:
        definition = define(identity, status=frames.status, policy=policy, school_year=frames.school_year)
        part = f"Alleen {STATUS_NAMES[frames.status]}. " if frames.status else ""
        yield finish(_DEFINITIONS[identity](frames), definition, policy=policy, today=today, part=part)


def card_for(absences: Absences, definition: Mapping[str, JsonValue], *, policy: Policy, today: date) -> FigureCard:
    """The figure that *definition* describes, counted now.

    Args:
        absences: one school's stored half days.
        definition: as a card carries it, or from ``define``.
        policy: the policy of this moment; the one in the definition is what it was shown under, and changes nothing.
        today: the day on the card.

    Raises:
        DatasetError: the definition is not understood, or its school year is not stored any more.
    """
    asked = read_definition(definition)
    if asked.figure == REACH:
        from stslib.figures.reach import reach

        return reach(
            absences, asked.dimension, asked.value, asked.status or "all", policy=policy, today=today,
            school_year=asked.school_year,
        )  # fmt: skip
    if asked.figure == SINCE and asked.start is not None:
        from stslib.figures.since import since

        return since(absences, asked.measure, asked.dimension, asked.value, asked.start, policy=policy, today=today)
    cards = figure_cards(
        absences, [asked.figure], policy=policy, today=today, status=asked.status, school_year=asked.school_year
    )
    return next(cards)


def check_stored(absences: Absences, school_year: str | None) -> str:
    """*school_year*, or the newest one when it is None.

    Raises:
        DatasetError: it is not stored, or not any more.
    """
    if school_year is not None and school_year not in absences.school_years:
        raise DatasetError(
            "cijfers",
            f"Van schooljaar {school_year} zijn geen cijfers bewaard.",
            f"Breng de export van dat jaar opnieuw in, of kies uit: {', '.join(absences.school_years)}.",
        )
    return school_year or absences.school_years[-1]


def finish(drawn: Drawn, definition: Mapping[str, JsonValue], *, policy: Policy, today: date, part: str = "") -> FigureCard:
    """*drawn* as a card: the picture as bytes, the note on hidden cells, and the *definition* that counts it again."""
    from stslib.charts.style import to_png

    why = (*drawn.why, hidden_note(policy)) if any(HIDDEN in row for row in drawn.rows) else drawn.why
    return FigureCard(
        id=str(definition["figure"]),
        title=part + drawn.title,
        alt=part + drawn.alt,
        columns=drawn.columns,
        rows=drawn.rows,
        why=why,
        policy=policy,
        counted_on=today,
        png=None if drawn.figure is None else base64.b64encode(to_png(drawn.figure, CARD_DPI)),
        definition=dict(definition),
    )
