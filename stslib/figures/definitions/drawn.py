"""What every figure has: a sentence, a picture, a table, why; and the words for what may not or cannot be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from stslib.charts.school_year import Holiday, Mark
from stslib.figures.frames import Frames, Rate
from stslib.figures.wording import LATE_COLUMNS, RATE_COLUMNS, sentence
from stslib.model.figure import Explanation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from stslib.figures.groups import Group

OF_POSSIBLE = "deel van de mogelijke halve dagen"

STATUS_NAMES = {
    "unlawful": "ongewettigd",
    "lawful": "gewettigd",
    "open": "met een reden die nog niet gekend is",
    "late": "te laat, wel aanwezig",
}
"""How a status is called on a card, in the order of the bars."""


@dataclass(frozen=True)
class Drawn:
    """A card before it has a policy, a day and a picture in bytes; ``figure`` is None where there is nothing to draw."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: tuple[Explanation, ...]
    figure: Figure | None = None


def what_is_counted(text: str) -> Explanation:
    return Explanation(label="Wat wordt geteld?", text=text)


def nothing(group: str, columns: tuple[str, ...], why: tuple[Explanation, ...], reason: str = "") -> Drawn:
    title = reason or f"Er zijn geen cijfers per {group} om te tonen."
    return Drawn(title, title, columns, (), why)


def none_missed(frames: Frames) -> str:
    return f"In {frames.school_year} is geen enkele halve dag gemist."


def alt_text(kind: str, measure: str, parts: Sequence[str]) -> str:
    return sentence(f"{kind}, {measure}: {'; '.join(parts)}")


def by_rate(rate: Rate) -> float:
    return rate.rate or 0.0


def guarded(frames: Frames, parts: list[Rate], wholes: list[Rate]) -> list[Rate]:
    """*parts* with a second one hidden wherever exactly one part of a shown whole is hidden: it would follow by subtraction.

    For what leaves the room, where another card of the same archive shows the whole. The first key of a part names its
    whole; the second one hidden is the smallest that is shown.
    """
    if frames.policy != "record":
        return parts
    for one in wholes:
        inside = [part for part in parts if part.key[0] == one.key[0]]
        hidden = [part for part in inside if part.rate is None]
        if one.rate is None or len(hidden) != 1 or len(inside) < 2:
            continue
        smallest = min((part for part in inside if part.rate is not None), key=lambda part: part.possible or 0)
        blank = replace(smallest, missed=None, possible=None, rate=None, low=None, high=None, pupils=None)
        parts = [blank if part is smallest else part for part in parts]
    return parts


@cache
def holidays_of(school_year: str) -> tuple[Holiday, ...]:
    from stslib.content import load_calendar

    return tuple(Holiday(period.name, period.first, period.last) for period in load_calendar(school_year).holidays)


@dataclass(frozen=True)
class Words:
    """How half days missed, or late arrivals, are called on a card."""

    noun: str
    axis: str
    happened: str
    """After a percentage: ``is 5 % van de mogelijke halve dagen ...``."""
    columns: tuple[str, str, str, str]
    none: str
    counted: str


def words_of(frames: Frames) -> Words:
    """The words for what *frames* count."""
    if frames.filters.late:
        return Words(
            "het te laat komen", "te laat", "kwam iemand te laat", LATE_COLUMNS,
            f"In {frames.school_year} is geen enkele keer code L genoteerd.",
            "de keren dat iemand te laat kwam (code L; te laat is aanwezig)",
        )  # fmt: skip
    return Words("de afwezigheid", "gemiste halve dagen", "gemist", RATE_COLUMNS, none_missed(frames), "de gemiste halve dagen")


def too_small(group: Group) -> str:
    """Why there is no number of *group*, without saying which of the two is small."""
    if group.dimension == "school":
        return "Deze school is te klein om dit cijfer te tonen."
    return (
        f"Over {group.named} tonen we geen cijfer: de groep, of wat er van de school naast staat, is te klein, of een getal "
        "van enkelen zou eruit volgen."
    )


def untold(title: str, why: tuple[Explanation, ...] = ()) -> Drawn:
    """A card without a number, whose sentence says why; of *why* stays what counts nobody."""
    return Drawn(title, title, (), (), tuple(line for line in why if line.label in ("Codes", "Periode", "Afscherming")))


def marks_of(frames: Frames) -> tuple[Mark, ...]:
    """The days that something began, for a picture."""
    return tuple(Mark(day, label) for day, label in frames.filters.marks)
