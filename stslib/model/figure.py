"""A figure as people meet it: a sentence, a picture, a table, and why the number is what it is."""

from __future__ import annotations

from datetime import date

from pydantic import Base64Bytes, Field, JsonValue

from stslib.model.base import Frozen


class Explanation(Frozen):
    """One line of "waarom dit getal?": a label (codes, periode, mogelijke halve dagen, ...) and its text."""

    label: str
    text: str


class FigureCard(Frozen):
    """One figure, ready to show beside a question. All texts Dutch, all numbers formatted for Flanders."""

    id: str
    title: str
    """The finding in a sentence; for the eyes at the back of the room."""
    alt: str
    """What the picture shows, for who cannot see it."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: tuple[Explanation, ...]
    policy: str
    """Name of the disclosure policy that was applied: room, record or shared."""
    counted_on: date
    png: Base64Bytes | None = None
    definition: dict[str, JsonValue] = Field(default={})
    """What counts this figure again, later or under another policy; ``stslib.figures.pins`` reads it. Empty: it cannot be."""
