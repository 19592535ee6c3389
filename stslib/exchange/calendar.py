"""Agreed dates as an iCalendar file, for the agenda that people already use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stslib.exchange.plain import one_line, plain_text
from stslib.model.base import Frozen

if TYPE_CHECKING:
    from icalendar import Alarm, Event

_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,199}")
_ADDRESS = re.compile(r"""[!#-;=?-Z\[\]_a-z~%]+""")
_REMIND_AT = timedelta(hours=9)
_FIRST_EDITION = datetime(2026, 1, 1, tzinfo=UTC)


class AgreedDate(Frozen):
    """One day that was agreed on: of an action, an evaluation, the next session.

    ``uid`` stays the same whenever the same thing is written again (``<trajectory>.<action>``): letters, digits and ``._:@-``.
    ``title`` becomes one line. ``url`` is kept when it is a plain web address; never give one that opens a page by itself.
    """

    uid: str
    day: date
    title: str
    description: str = ""
    url: str = ""


def to_ics(events: Sequence[AgreedDate], *, name: str, stamp: datetime, remind_days: int | None = None) -> bytes:
    """The *events* as one iCalendar file of all-day events (RFC 5545).

    An agenda that takes in a later file finds the same ``uid`` with a later *stamp*, and updates what it has. The events take
    no time (they do not make anybody busy), invite nobody and name nobody as organizer.

    Args:
        events: what to write, in any order; none gives an empty calendar.
        name: what the agenda calls the whole.
        stamp: the moment this was made (aware); the same input and stamp give the same bytes.
        remind_days: when given, a reminder at nine in the morning so many days before.

    Returns:
        UTF-8 with CRLF, lines of 75 bytes at most. Texts come back from a parser as they were, less what
        ``stslib.exchange.plain`` takes out.

    Raises:
        ValueError: a *stamp* without time zone, or a ``uid`` that is malformed or given twice.
    """
    from icalendar import Calendar
    from icalendar.prop import vText

    class Text(vText):
        """Text escaped as RFC 5545, 3.3.11 says; the library takes a backslash before a capital N for a line end."""

        def to_ical(self) -> bytes:
            escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
            return escaped.encode("utf-8")

    if stamp.tzinfo is None:
        raise ValueError("the stamp of a calendar must be aware of its time zone")
    _check_uids(events)
    moment = stamp.astimezone(UTC).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", "-//stslib//Samen tegen Schooluitval//NL")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # NAME is the standard's (RFC 7986), the other is what most programs read.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, Text(one_line(name) or "Afspraken"))
    for agreed in events:
        calendar.add_component(_event(agreed, moment, Text, remind_days))
    return bytes(calendar.to_ical())


def _event(agreed: AgreedDate, moment: datetime, text: type[str], remind_days: int | None) -> Event:
    from icalendar import Event

    event = Event()
    title = text(one_line(agreed.title) or "Afspraak")
    event.add("uid", text(agreed.uid if "@" in agreed.uid else f"{agreed.uid}@stslib"))
    event.add("dtstamp", moment)
    event.add("last-modified", moment)
    event.add("sequence", max(0, (moment - _FIRST_EDITION) // timedelta(minutes=1)))  # 32 bits hold 4,000 years
    event.add("dtstart", agreed.day)
    if agreed.day < date.max:
        event.add("dtend", agreed.day + timedelta(days=1))
    event.add("summary", title)
    if description := plain_text(agreed.description).strip("\n"):
        event.add("description", text(description))
    if _is_web_address(agreed.url):
        event.add("url", agreed.url)
    event.add("transp", "TRANSPARENT")
    if remind_days is not None:
        event.add_component(_alarm(title, remind_days))
    return event


def _alarm(title: str, days: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _REMIND_AT - timedelta(days=days))
    return alarm


def _check_uids(events: Sequence[AgreedDate]) -> None:
    counts = Counter(agreed.uid for agreed in events)
    if malformed := [uid for uid in counts if not _UID.fullmatch(uid)]:
        raise ValueError(f"malformed uid: {malformed[0]!r}")
    if twice := [uid for uid, count in counts.items() if count > 1]:
        raise ValueError(f"uid given twice: {twice[0]}")


def _is_web_address(url: str) -> bool:
    """Whether *url* can stand in the file as it is, where nothing escapes it, and opens nothing but a web page."""
    if len(url) > 2000 or not _ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
