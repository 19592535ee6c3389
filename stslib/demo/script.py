"""What a meeting of the demo is made of: who said what, which rows and actions were written, which figure was pinned.

Data only. Everything is named by the slugs of the content; ``trajectory`` finds the ids and refuses what does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from stslib.model.session import Score

Value = str | int | bool


@dataclass(frozen=True)
class Said:
    """What was said about one section; ``answers`` by question slug, ``aspects`` a score per aspect of the instrument."""

    score: Score = None
    evidence: str = ""
    ambition: str = ""
    target: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    aspects: Mapping[str, Score] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row, action or candidate. ``key`` is the word that other places mean it by; ``again``: an earlier meeting wrote it.

    A value ``#key`` after an id points at another row: ``actie#startblok``.
    """

    key: str
    fields: Mapping[str, Value]
    again: bool = False


@dataclass(frozen=True)
class Talk:
    """What was written under one phase.

    ``said`` by section slug, ``forms`` by ``section.block`` (or ``section.block.partner``) and field slug, ``rows`` by
    ``section.block``; ``results`` are the result lines that were ticked, ``note`` is the facilitator's own.
    """

    phase: str
    said: Mapping[str, Said] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    results: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Actions:
    """Actions that were agreed or followed up; ``origin`` in their fields is an id, or ``id#key`` of a row."""

    rows: Sequence[Row]


@dataclass(frozen=True)
class Pinned:
    """A figure as it stood on the days up to ``until``; ``definition`` is what ``stslib.figures.pins.define`` takes."""

    key: str
    origin: str
    until: date
    definition: Mapping[str, str]


Part = Talk | Actions | Pinned


@dataclass(frozen=True)
class Sitting:
    """One stretch of a meeting: its start in UTC, how long it took, and what was written, in order."""

    at: time
    minutes: int
    parts: Sequence[Part]


@dataclass(frozen=True)
class Meeting:
    """One session of the demo trajectory."""

    day: date
    title: str
    participants: str
    notes: str
    closed: bool
    sittings: Sequence[Sitting]
