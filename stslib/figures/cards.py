"""The cards of a page: asked for by id, made one by one, so that a page can show each as it comes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

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
from stslib.figures.wording import hidden_note
from stslib.model.figure import FigureCard

if TYPE_CHECKING:
    from stslib.absences.dataset import Absences

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


PART_STATUSES = ("unlawful", "lawful", "open")
"""What the figures on rates can be limited to."""

_BY_STATUS = frozenset({"rate_by_code", "rate_by_weekday_half", "rate_by_week", "rate_by_grade", "rate_by_class"})


def figure_cards(
    absences: Absences, ids: Sequence[str] = FIGURE_IDS, *, policy: Policy = "room", today: date, status: str | None = None
) -> Iterator[FigureCard]:
    """One card per id, in the order asked, each made when it is asked for.

    Args:
        absences: one school's stored half days. The figures are about its newest school year.
        ids: any of ``FIGURE_IDS``.
        policy: disclosure policy of every number in title, picture, table and alternative text: ``room`` for a live page,
            ``record`` for an archive or anything else that leaves the room.
        today: the day that stands on the card as ``counted_on``.
        status: count only ``unlawful``, ``lawful`` or ``open`` half days; the card says so. Figures that count pupils or late
            arrivals, and the one that sets the statuses side by side, have no such part and are left out. None counts all.

    Yields:
        Cards of groups only, never of a pupil. A cell that may not be shown is a dash, and the card says why.

    Raises:
        DatasetError: at the call, naming every unknown id or status and the known ones.
    """
    unknown = [identity for identity in ids if identity not in _DEFINITIONS]
    if unknown:
        raise DatasetError("cijfers", f"Onbekende figuur: {', '.join(unknown)}.", f"Kies uit: {', '.join(FIGURE_IDS)}.")
    if status is not None and status not in PART_STATUSES:
        raise DatasetError("cijfers", f"Onbekende soort: {status}.", f"Kies uit: {', '.join(PART_STATUSES)}.")
    asked = [identity for identity in ids if status is None or identity in _BY_STATUS]
    return _cards(Frames(absences, policy, status), asked, policy, today)


def _cards(frames: Frames, ids: Sequence[str], policy: Policy, today: date) -> Iterator[FigureCard]:
    from stslib.charts.style import to_png

    for identity in ids:
        drawn = _DEFINITIONS[identity](frames)
        part = f"Alleen {STATUS_NAMES[frames.status]}. " if frames.status else ""
        why = (*drawn.why, hidden_note(policy)) if any("–" in row for row in drawn.rows) else drawn.why
        yield FigureCard(
            id=identity,
            title=part + drawn.title,
            alt=part + drawn.alt,
            columns=drawn.columns,
            rows=drawn.rows,
            why=why,
            policy=policy,
            counted_on=today,
            png=None if drawn.figure is None else base64.b64encode(to_png(drawn.figure, CARD_DPI)),
        )
