"""A figure as something to keep: what counts it again, what it showed on its day, and what became of the number since.

Light on purpose: a page reads and writes these without the data engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from pydantic import JsonValue

from stslib.content import FIGURE_IDS
from stslib.errors import DatasetError
from stslib.figures.frames import Policy
from stslib.model.figure import FigureCard
from stslib.text import format_date, parse_typed_date

VERSION = 1
"""Of a definition. What an older one meant stays readable; a newer one is refused."""

SCHOOL = "school"
REACH, SINCE = "reach", "since"
"""The figures that are asked about one group: its reach, and its course since the plan began."""

PART_STATUSES = ("unlawful", "lawful", "open")
"""What the figures on rates can be limited to."""

_RATES = frozenset({"rate_by_code", "rate_by_weekday_half", "rate_by_week", "rate_by_grade", "rate_by_class"})

BY_KIND = frozenset(
    {
        "rate_by_stream", "rate_by_year", "rate_by_weekday_week", "calendar", "distribution", "years_compared",
        "run_chart", "funnel_by_class", "funnel_by_year",
    }
)  # fmt: skip
"""The figures that can count late arrivals instead of half days missed."""

BY_STATUS = _RATES | BY_KIND | {"spells"}
"""The figures that can be limited to a status."""

BY_GROUP = frozenset(FIGURE_IDS)
"""The figures that can be asked of one group of the school."""

BY_PERIOD = BY_GROUP - {"bands", "thresholds", "years_compared"}
"""The figures that can be asked of some days; the others are about whole school years."""

WITH_MARKS = frozenset({"rate_by_week", "late_by_week", "calendar", "run_chart"})
"""The figures in which the start of the plan and of actions can be drawn."""

KINDS = ("absent", "late")
"""What a figure of ``BY_KIND`` counts; nothing said is ``absent``."""

REACH_STATUSES = ("all", "unlawful", "lawful", "late")
"""What a reach can be counted of."""

MEASURES: Mapping[str, str | None] = {"rate": None, "rate_unlawful": "unlawful", "rate_lawful": "lawful", "late": "late"}
"""What can be followed since the plan began, and the status that it counts."""

_DIMENSIONS = ("", "school", "level", "grade", "year", "stream", "class")
_KEYS = {
    REACH: ("status", "school_year", "dimension", "value"),
    SINCE: ("measure", "dimension", "value", "start"),
}
MOST_MARKS = 12
"""More marks than this hide the lines under them."""

_ALWAYS = ("definition", "figure", "policy")
_FILTERS = ("dimension", "value", "first", "last", "kind", "marks")
"""Parts of a definition of one of ``FIGURE_IDS`` that are only written when they limit something."""
_SCHOOL_YEAR = re.compile(r"\d{4}-\d{4}")


@dataclass(frozen=True)
class Asked:
    """A definition that was read: one figure, and what it is counted of. What a figure does not use is empty."""

    figure: str
    status: str | None = None
    school_year: str | None = None
    """None: the newest."""
    dimension: str = "school"
    value: str = ""
    measure: str = "rate"
    start: date | None = None
    first: date | None = None
    last: date | None = None
    kind: str = "absent"
    marks: tuple[tuple[date, str], ...] = ()


def define(
    figure: str,
    *,
    status: str | None = None,
    policy: str = "room",
    school_year: str | None = None,
    dimension: str = "school",
    value: str = "",
    measure: str = "rate",
    start: date | str | None = None,
    first: date | str | None = None,
    last: date | str | None = None,
    kind: str = "absent",
    marks: Sequence[tuple[date, str]] = (),
) -> dict[str, JsonValue]:
    """What counts *figure* again, for the journal and for ``card_for``.

    Args:
        figure: any of ``FIGURE_IDS``, ``reach`` or ``since``.
        status: of ``PART_STATUSES`` or None; for ``reach`` of ``REACH_STATUSES``, where nothing means all.
        policy: the one it was shown under; who counts it again chooses the policy of that moment.
        school_year: as ``2025-2026``; None is the newest at the moment of counting. ``since`` has a start instead.
        dimension: ``school``, ``level``, ``grade``, ``year``, ``stream`` or ``class``; for the figures of ``BY_GROUP`` too.
        value: the group within it.
        measure: for ``since``: of ``MEASURES``.
        start: for ``since``: the first day of the plan, as a date or as typed.
        first: for the figures of ``BY_PERIOD``: count from this day on, as a date or as typed; None is from the start.
        last: count up to and including this day.
        kind: for the figures of ``BY_KIND``: ``absent`` or ``late``.
        marks: for the figures of ``WITH_MARKS``: days that something began, with its name.

    Raises:
        DatasetError: a part that does not exist or cannot be read.
    """
    given: dict[str, JsonValue] = {
        "status": (status or "all") if figure == REACH else status,
        "school_year": school_year,
        "dimension": dimension or "school",
        "value": value,
        "measure": measure,
        "start": start.isoformat() if isinstance(start, date) else start,
        "first": first.isoformat() if isinstance(first, date) else first or None,
        "last": last.isoformat() if isinstance(last, date) else last or None,
        "kind": kind,
        "marks": [[day.isoformat(), label] for day, label in marks],
    }
    kept: dict[str, JsonValue] = {"definition": VERSION, "figure": figure, "policy": policy}
    kept.update({key: given[key] for key in _keys(figure)})
    if figure not in _KEYS:
        limits = {
            "dimension": dimension not in ("", SCHOOL),
            "value": bool(value),
            "first": bool(first),
            "last": bool(last),
            "marks": bool(marks),
        }
        kept.update({key: given[key] for key in _FILTERS if limits.get(key, kind != KINDS[0])})
    asked = read_definition(kept)
    for key, day in (("start", asked.start), ("first", asked.first), ("last", asked.last)):
        if day is not None:
            kept[key] = day.isoformat()
    return kept


def _keys(figure: str) -> tuple[str, ...]:
    return _KEYS.get(figure, ("status", "school_year"))


def _may_hold(figure: str) -> tuple[str, ...]:
    """Every part that a definition of *figure* may have."""
    if figure in _KEYS:
        return _KEYS[figure]
    filters = [("dimension", BY_GROUP), ("value", BY_GROUP), ("first", BY_PERIOD), ("last", BY_PERIOD), ("kind", BY_KIND)]
    filters.append(("marks", WITH_MARKS))
    return (*_keys(figure), *(key for key, figures in filters if figure in figures))


def read_definition(definition: object) -> Asked:
    """*definition*, checked: version, figure, and every part that the figure uses.

    Raises:
        DatasetError: names what is not understood, and what would be.
    """
    if not isinstance(definition, Mapping):
        raise _refused("Dit is geen omschrijving van een figuur.", "Maak de figuur opnieuw vast.")
    version = definition.get("definition")
    if version != VERSION or isinstance(version, bool):
        raise _refused(
            "Deze figuur is vastgelegd op een manier die dit programma niet kent.",
            "Werk het programma bij, of maak de figuur opnieuw vast.",
        )
    figure = definition.get("figure")
    if not isinstance(figure, str) or figure not in (*FIGURE_IDS, REACH, SINCE):
        raise _refused(f"Onbekende figuur: {_told(figure)}.", f"Kies uit: {', '.join((*FIGURE_IDS, REACH, SINCE))}.")
    keys = _may_hold(figure)
    unknown = sorted(str(key) for key in definition if key not in (*_ALWAYS, *keys))
    if unknown:
        raise _refused(
            f"De figuur '{figure}' kent dit onderdeel niet: {', '.join(_told(key) for key in unknown)}.",
            f"Ze kent: {', '.join(keys)}.",
        )
    _one_of(definition.get("policy", "room"), get_args(Policy), "afscherming")
    used: dict[str, Any] = {key: definition.get(key) for key in keys}
    if figure == REACH:
        used["status"] = _one_of(used["status"] or "all", REACH_STATUSES, "soort")
    elif used.get("status") is not None:
        _one_of(used["status"], PART_STATUSES if figure in BY_STATUS else (), "soort")
    if figure == SINCE:
        used["measure"] = _one_of(used["measure"], tuple(MEASURES), "maat")
        used["start"] = _day(used["start"], "start van het plan")
    for key in ("first", "last"):
        used[key] = _day(used[key], "dag") if used.get(key) is not None else None
    if used["first"] and used["last"] and used["first"] > used["last"]:
        raise _refused("De periode eindigt voor ze begint.", "Geef eerst de eerste dag, dan de laatste.")
    if used.get("kind") is not None:
        _one_of(used["kind"], KINDS, "telling")
    if used.setdefault("kind", None) == "late" and used.get("status") is not None:
        raise _refused("Te laat komen heeft geen soort.", "Laat de soort weg, of tel de afwezigheid.")
    used["kind"] = used["kind"] or KINDS[0]
    used["marks"] = _marks(used.get("marks") or [])
    if "dimension" in keys:
        used["dimension"] = _one_of(used["dimension"] or "school", _DIMENSIONS, "indeling")
        used["value"] = used["value"] or ""
        if not isinstance(used["value"], str):
            raise _refused("De groep is geen tekst.", "Kies een groep uit de lijst.")
        if figure not in _KEYS and bool(used["value"]) != (used["dimension"] != SCHOOL):
            raise _refused("De groep is niet volledig.", "Kies een indeling en een groep daarin, of geen van beide.")
    year = used.get("school_year")
    if year is not None and not (isinstance(year, str) and _SCHOOL_YEAR.fullmatch(year)):
        raise _refused("Het schooljaar is niet leesbaar.", "Schrijf het als 2025-2026.")
    return Asked(figure=figure, **used)


def _one_of(value: object, known: Sequence[str], name: str) -> str:
    if not isinstance(value, str) or value not in known:
        remedy = f"Kies uit: {', '.join(filter(None, known))}." if known else "Laat ze weg: deze figuur telt alles."
        raise _refused(f"Onbekende {name}: {_told(value)}.", remedy)
    return value


def _day(value: object, name: str) -> date:
    day = parse_typed_date(value) if isinstance(value, str) else None
    if day is None:
        raise _refused(f"De {name} is geen leesbare datum.", "Schrijf de dag als 10/11/2025.")
    return day


def _marks(value: object) -> tuple[tuple[date, str], ...]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_MARKS:
        raise _refused("De merktekens zijn niet leesbaar.", f"Geef hoogstens {MOST_MARKS} keer een dag en een naam.")
    marks = []
    for mark in value:
        if not isinstance(mark, (list, tuple)) or len(mark) != 2 or not isinstance(mark[1], str):
            raise _refused("Een merkteken is niet leesbaar.", "Geef een dag en een naam.")
        marks.append((_day(mark[0], "dag van een merkteken"), mark[1]))
    return tuple(marks)


def _told(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _refused(fact: str, remedy: str) -> DatasetError:
    return DatasetError("cijfer", fact, remedy)


def pin_definition(card: FigureCard) -> dict[str, JsonValue]:
    """What counts *card* again.

    Raises:
        DatasetError: the card says why there is no figure, so there is nothing to count again.
    """
    read_definition(card.definition)
    return dict(card.definition)


def latest(definition: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The same question of the newest school year: what a pinned figure is *now*, after a summer too."""
    kept = dict(definition)
    return {**kept, "school_year": None} if "school_year" in kept else kept


def shown_of(card: FigureCard) -> dict[str, JsonValue]:
    """What *card* shows on its day, for the journal: words and numbers, no picture."""
    return {
        "title": card.title,
        "columns": list(card.columns),
        "rows": [list(row) for row in card.rows],
        "counted_on": card.counted_on.isoformat(),
        "policy": card.policy,
    }


def then_and_now(shown: Mapping[str, JsonValue], card: FigureCard) -> str:
    """One sentence that sets a pinned figure beside the same figure of today.

    It names the number that the figure is about if that can be read on both days, else the first number that differs. A share
    is looked for before a count: a count grows with the days that it is counted over. A hidden number is compared with nothing.

    Args:
        shown: as ``shown_of`` gave it.
        card: the same definition, counted again.
    """
    day = _shown_day(shown)
    then = f"Toen ({day})" if day else "Toen"
    before, after = _numbers(shown.get("columns"), shown.get("rows")), _numbers(card.columns, card.rows)
    common = [place for place in before if place in after]
    if not common:
        return f"{then} en nu zijn niet te vergelijken: er is geen getal dat op beide dagen getoond wordt."
    differ = [place for place in common if before[place] != after[place]]
    if not differ:
        place = _first(common, before)
        return f"{then} en nu hetzelfde: {_place(place)} {before[place]}."
    place = _first(differ, before)
    return f"{then}: {_place(place)} {before[place]}; nu: {after[place]}."


_Place = tuple[str, str]
_NUMBER = re.compile(r"[+−-]?[\d.]+(,\d+)?(\u00a0%| procentpunt)?")
_FIRST_ROWS = ("Sinds de start", "Deel van het geheel", "Hele school", "Alle ", "Hele week")
"""What a card of many rows is about, by the start of the row's name."""


def _numbers(columns: object, rows: object) -> dict[_Place, str]:
    """Every number of a table by its row and column, in reading order; of a table that is no table, none."""
    found: dict[_Place, str] = {}
    if not isinstance(columns, (list, tuple)) or not isinstance(rows, (list, tuple)):
        return found
    for row in rows:
        if not isinstance(row, (list, tuple)) or not row:
            continue
        for column, cell in zip(columns[1:], row[1:], strict=False):
            if isinstance(cell, str) and _NUMBER.fullmatch(cell):
                found.setdefault((str(row[0]), str(column)), cell)
    return found


def _first(places: Sequence[_Place], cells: Mapping[_Place, str]) -> _Place:
    def order(place: _Place) -> tuple[bool, int]:
        rank = next((rank for rank, start in enumerate(_FIRST_ROWS) if place[0].startswith(start)), len(_FIRST_ROWS))
        return ("%" not in cells[place], rank)

    return min(places, key=order)


def _place(place: _Place) -> str:
    row, column = place
    return f"{row}, {column[:1].lower()}{column[1:]}"


def _shown_day(shown: Mapping[str, JsonValue]) -> str:
    day = parse_typed_date(text) if isinstance(text := shown.get("counted_on"), str) else None
    return format_date(day) if day else ""
