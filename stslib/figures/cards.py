"""The cards of a page: asked for by id or by definition, made one by one, so that a page can show each as it comes."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from pydantic import JsonValue

from stslib.errors import DatasetError
from stslib.figures import FIGURE_IDS
from stslib.figures.definitions import DEFINITIONS, STATUS_NAMES, Drawn
from stslib.figures.definitions.drawn import too_small, untold
from stslib.figures.frames import Filters, Frames, Policy
from stslib.figures.pins import (
    BY_GROUP,
    BY_KIND,
    BY_PERIOD,
    BY_STATUS,
    KINDS,
    PART_STATUSES,
    REACH,
    SCHOOL,
    SINCE,
    WITH_MARKS,
    define,
    read_definition,
)
from stslib.figures.wording import HIDDEN, hidden_note
from stslib.model.figure import FigureCard
from stslib.text import format_date

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

CARD_DPI = 120
"""Pixels per inch of a card's picture, about 1,100 wide: sharp beside a question on a beamer and on A4, and a third cheaper."""


def figure_cards(
    absences: Absences,
    ids: Sequence[str] = FIGURE_IDS,
    *,
    policy: Policy = "room",
    today: date,
    status: str | None = None,
    school_year: str | None = None,
    filters: Filters | None = None,
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
        filters: one group, some days, or late arrivals; the card says so. Figures that cannot be limited so are left out.

    Yields:
        Cards of groups only, never of a pupil. A cell that may not be shown is a dash, and the card says why.

    Raises:
        DatasetError: at the call, naming every unknown id, status or school year and the known ones.
    """
    unknown = [identity for identity in ids if identity not in DEFINITIONS]
    if unknown:
        raise DatasetError("cijfers", f"Onbekende figuur: {', '.join(unknown)}.", f"Kies uit: {', '.join(FIGURE_IDS)}.")
    if status is not None and status not in PART_STATUSES:
        raise DatasetError("cijfers", f"Onbekende soort: {status}.", f"Kies uit: {', '.join(PART_STATUSES)}.")
    check_stored(absences, school_year)
    asked = [identity for identity in ids if _can_be(identity, status, filters or Filters())]
    period = (filters or Filters()).asked(school_year or absences.school_years[-1]).get("period")
    if policy == "record" and period and absences.periods is None:
        absences = absences.with_periods([period])
    return _cards(Frames(absences, policy, status, school_year=school_year, filters=filters), asked, policy, today)


def _can_be(identity: str, status: str | None, filters: Filters) -> bool:
    """Whether the figure can be limited so."""
    limits = [(status is not None, BY_STATUS), (bool(filters.dimension), BY_GROUP), (filters.late, BY_KIND)]
    limits.append((filters.first is not None or filters.last is not None, BY_PERIOD))
    return all(identity in figures for limited, figures in limits if limited)


def _cards(frames: Frames, ids: Sequence[str], policy: Policy, today: date) -> Iterator[FigureCard]:
    filters = frames.filters
    limited = {"dimension": filters.dimension, "value": filters.value, "first": filters.first, "last": filters.last}
    closed = _closed(frames)
    for identity in ids:
        definition = define(
            identity, status=frames.status, policy=policy, school_year=frames.school_year,
            kind=KINDS[filters.late],
            marks=filters.marks if identity in WITH_MARKS else (), **limited,  # type: ignore[arg-type]
        )  # fmt: skip
        drawn = untold(closed) if closed else DEFINITIONS[identity](frames)
        yield finish(drawn, definition, policy=policy, today=today, part=part_of(frames))


def part_of(frames: Frames) -> str:
    """Before the sentence of a card: what it is limited to; nothing where it is about everything."""
    from stslib.figures.groups import Group

    filters = frames.filters
    parts = [Group(filters.dimension, filters.value).named] if filters.dimension else []
    parts += [STATUS_NAMES[frames.status]] if frames.status else []
    parts += [STATUS_NAMES["late"]] if filters.late else []
    days = [("van" if filters.last else "vanaf", filters.first), ("tot en met", filters.last)]
    parts += [" ".join(f"{word} {format_date(day)}" for word, day in days if day)] if filters.first or filters.last else []
    return f"Alleen {', '.join(parts)}. " if parts else ""


def _closed(frames: Frames) -> str:
    """Why no figure of the group may be kept: beside the figures of the whole school, a small group would follow from it."""
    from stslib.figures.groups import Group

    filters = frames.filters
    if not filters.dimension or frames.policy != "record":
        return ""
    from stslib.figures.siblings import groups_in_record

    status = "late" if filters.late else frames.status
    shown = groups_in_record(frames.absences, status, [frames.school_year])
    return "" if (filters.dimension, filters.value) in shown else too_small(Group(filters.dimension, filters.value))


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
    filters = Filters(
        "" if asked.dimension == SCHOOL else asked.dimension,
        asked.value,
        asked.first,
        asked.last,
        asked.kind == "late",
        asked.marks,
    )
    cards = figure_cards(
        absences, [asked.figure], policy=policy, today=today, status=asked.status, school_year=asked.school_year,
        filters=filters,
    )  # fmt: skip
    return next(cards)


def announced(absences: Absences, definitions: Iterable[Mapping[str, JsonValue]]) -> Absences:
    """*absences*, told of every period that figures of *definitions* count: a record decides all of those together.

    A definition that is not understood counts nothing.
    """
    from stslib.figures.since import periods_of

    periods: list[tuple[date, date]] = []
    for definition in definitions:
        with suppress(DatasetError):
            asked = read_definition(definition)
            if asked.figure == SINCE and asked.start is not None:
                periods += periods_of(absences, asked.measure, asked.dimension, asked.value, asked.start)
            elif asked.first or asked.last:
                limited = Filters(first=asked.first, last=asked.last)
                years = (asked.school_year, absences.school_years[-1])
                periods += [limited.asked(year)["period"] for year in years if year]
    return absences.with_periods(periods)


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
