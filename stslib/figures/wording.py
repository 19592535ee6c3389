"""The Dutch words around the numbers: labels, formatted cells, and sentences that claim no more than the numbers do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from stslib.figures.frames import Rate
from stslib.model.figure import Explanation
from stslib.text import MONTHS, WEEKDAYS, format_number, format_percent

HIDDEN = "–"
HIDDEN_NOTE = {
    "room": "Een groep van minder dan 5 leerlingen, die niet getoond wordt.",
    "record": "Niet getoond: de groep is te klein, of het getal van een kleine groep zou eruit af te leiden zijn.",
}
HALVES = {"VM": "voormiddag", "NM": "namiddag"}
UNKNOWN = "onbekend"

RATE_COLUMNS = ("Gemiste halve dagen", "Mogelijke halve dagen", "Percentage", "95 %-interval")
LATE_COLUMNS = ("Keer te laat", "Mogelijke halve dagen", "Percentage", "95 %-interval")


def whole(number: int | None) -> str:
    """A count for a table; hidden is a dash."""
    return HIDDEN if number is None else format_number(number)


def percent(rate: float | None) -> str:
    """``5,2 %``; a rate under 0,1 % keeps a digit that says something; hidden is a dash."""
    if rate is None:
        return HIDDEN
    return format_percent(rate, 2 if 0 < rate < 0.001 else 1)


def interval(rate: Rate) -> str:
    """``4,9 – 5,6 %``; hidden is a dash."""
    if rate.low is None or rate.high is None:
        return HIDDEN
    return f"{format_number(rate.low * 100, 1)} – {percent(rate.high)}"


def cells(rate: Rate) -> tuple[str, str, str, str]:
    """The four cells of ``RATE_COLUMNS``."""
    return (whole(rate.missed), whole(rate.possible), percent(rate.rate), interval(rate))


def ordinal(number: str) -> str:
    """``1`` as ``1e``; words stay what they are."""
    return f"{number}e" if number.isdigit() else number


def grade_name(grade: str) -> str:
    """``2`` as ``2e graad``."""
    return f"{ordinal(grade)} graad" if grade.isdigit() else f"graad {grade}"


def weekday_name(weekday: str) -> str:
    """``1`` (as the indicator has it) as ``maandag``."""
    return WEEKDAYS[int(weekday) - 1] if weekday.isdigit() else weekday


def week_monday(school_year: str, week: str) -> date:
    """The Monday of an ISO week of a school year: from week 31 on it lies in the first calendar year."""
    number = int(week)
    return date.fromisocalendar(int(school_year[:4]) + (number < 31), number, 1)


def week_name(monday: date) -> str:
    """``26 januari 2026``."""
    return f"{monday.day} {MONTHS[monday.month - 1]} {monday.year}"


def week_span(monday: date) -> str:
    """``26/01 – 30/01/2026`` for a table."""
    friday = monday + timedelta(days=4)
    return f"{monday:%d/%m} – {friday:%d/%m/%Y}"


def listing(parts: Sequence[str]) -> str:
    """``a, b en c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def sentence(text: str) -> str:
    """With a capital first and a full stop last."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def stands_out_note(reference: str) -> Explanation:
    """When a sentence says that something is higher or lower."""
    return Explanation(
        label="Wanneer noemen we een verschil?",
        text=f"Pas als het interval niet overlapt met dat van {reference} en het percentage er minstens een tiende van "
        "afwijkt. Een verschil zegt niet waardoor het komt.",
    )


def hidden_note(policy: str) -> Explanation:
    """What the dash in a table stands for."""
    return Explanation(label=f"Wat is '{HIDDEN}'?", text=HIDDEN_NOTE.get(policy, HIDDEN_NOTE["record"]))
