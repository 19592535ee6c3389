"""Text for people in Flanders: escaping, dates, numbers. The one place where markup characters are made harmless."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

_TYPED_DATE = re.compile(r"^\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\s*$")
_ISO_DATE = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})\s*$")


def escape(text: object) -> str:
    """*text* as HTML text or attribute value: nothing in it can become markup."""
    return html.escape(str(text), quote=True)


def format_date(day: date) -> str:
    """``03/11/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_long_date(day: date) -> str:
    """``dinsdag 3 november 2026``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def parse_typed_date(text: str) -> date | None:
    """The day that somebody typed as ``3/11/2026``, ``3-11-2026``, ``3.11.2026`` or ISO; None when it reads as no date."""
    match = _TYPED_DATE.match(text)
    parts = (match[3], match[2], match[1]) if match else (iso.groups() if (iso := _ISO_DATE.match(text)) else None)
    if parts is None:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def local_time(moment: datetime) -> datetime:
    """*moment* (aware) in Brussels time, or in this machine's zone where the time zone data are missing."""
    try:
        return moment.astimezone(ZoneInfo("Europe/Brussels"))
    except ZoneInfoNotFoundError:
        return moment.astimezone()


def format_moment(moment: datetime) -> str:
    """``03/11/2026 14:03`` in local time."""
    local = local_time(moment)
    return f"{format_date(local.date())} {local:%H:%M}"


def format_number(value: float, decimals: int = 0) -> str:
    """``1.234,5``: points between thousands, a comma before decimals."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def format_percent(rate: float, decimals: int = 1) -> str:
    """A rate from 0 to 1 as ``4,2 %`` (with a space that does not break)."""
    return f"{format_number(rate * 100, decimals)}\u00a0%"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; never empty, never longer than 60 characters, safe as a file name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "naamloos"
