"""Agreed dates in a calendar file, read back by a parser and by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stslib.exchange import AgreedDate, to_ics
from stslib.exchange.plain import one_line, plain_text

STAMP = datetime(2026, 11, 3, 14, 3, 7, tzinfo=UTC)


def agreed(title: str = "Lijst overlopen", *, uid: str = "k7x2m9p.actie.0a1b2c3d", **more: object) -> AgreedDate:
    return AgreedDate(uid=uid, **{"day": date(2026, 12, 18), "title": title, **more})


def lines(content: bytes) -> list[str]:
    """The content lines, unfolded by hand."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def values(content: bytes, name: str) -> list[str]:
    """The values of a text property, unescaped by hand in one pass."""
    found = [line.split(":", 1)[1] for line in lines(content) if re.match(rf"{name}[;:]", line)]
    signs = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    return [re.sub(r"\\[nN,;\\]", lambda match: signs[match[0]], value) for value in found]


def only_event(content: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def test_a_date_becomes_a_whole_day_that_ends_the_next() -> None:
    content = to_ics([agreed()], name="Campus Proef", stamp=STAMP)
    assert "DTSTART;VALUE=DATE:20261218" in lines(content)
    assert "DTEND;VALUE=DATE:20261219" in lines(content)
    event = only_event(content)
    assert event["DTSTART"].dt == date(2026, 12, 18)
    assert event["SUMMARY"] == "Lijst overlopen"


def test_a_whole_file_reads_as_it_should() -> None:
    content = to_ics([agreed(description="Wie: zorgteam", url="https://voorbeeld.be/a?b=1")], name="Campus Proef", stamp=STAMP)
    assert sorted(lines(content)) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//stslib//Samen tegen Schooluitval//NL",
            "CALSCALE:GREGORIAN",
            "NAME:Campus Proef",
            "X-WR-CALNAME:Campus Proef",
            "BEGIN:VEVENT",
            "UID:k7x2m9p.actie.0a1b2c3d@stslib",
            "DTSTAMP:20261103T140307Z",
            "LAST-MODIFIED:20261103T140307Z",
            "SEQUENCE:441483",
            "DTSTART;VALUE=DATE:20261218",
            "DTEND;VALUE=DATE:20261219",
            "SUMMARY:Lijst overlopen",
            "DESCRIPTION:Wie: zorgteam",
            "URL:https://voorbeeld.be/a?b=1",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )


def test_a_later_file_updates_the_same_event() -> None:
    first = only_event(to_ics([agreed()], name="n", stamp=STAMP))
    later = only_event(to_ics([agreed(day=date(2027, 1, 8))], name="n", stamp=STAMP + timedelta(days=1)))
    assert later["UID"] == first["UID"]
    assert later["SEQUENCE"] > first["SEQUENCE"]
    assert later["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_the_same_input_gives_the_same_bytes_in_any_zone() -> None:
    elsewhere = STAMP.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert to_ics([agreed()], name="n", stamp=elsewhere) == to_ics([agreed()], name="n", stamp=STAMP)


def test_nobody_is_invited_and_nothing_rings_unless_asked() -> None:
    text = "\n".join(lines(to_ics([agreed()], name="n", stamp=STAMP)))
    assert not re.search("ORGANIZER|ATTENDEE|VALARM|METHOD", text)


@pytest.mark.parametrize(("days", "trigger"), [(0, "PT9H"), (1, "-PT15H"), (7, "-P6DT15H")])
def test_a_reminder_that_was_asked_rings_in_the_morning(days: int, trigger: str) -> None:
    content = to_ics([agreed()], name="n", stamp=STAMP, remind_days=days)
    assert f"TRIGGER:{trigger}" in lines(content)
    assert lines(content).count("ACTION:DISPLAY") == 1


def test_no_dates_give_an_empty_calendar() -> None:
    assert icalendar.Calendar.from_ical(to_ics([], name="", stamp=STAMP)).walk("VEVENT") == []


def test_a_title_that_is_empty_still_says_something() -> None:
    assert only_event(to_ics([agreed(" \n ")], name="n", stamp=STAMP))["SUMMARY"] == "Afspraak"


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT",
        "a\nEND:VEVENT\nEND:VCALENDAR",
        "a\rATTENDEE:mailto:x@voorbeeld.be",
        "a\u2028ATTENDEE:x\u2029\x85\x0b\x0cORGANIZER:x",
        "\x00\x07\x1b[31m\x7f\x9f\ufeff\ufffe",
        "S:\\Netwerk\\nieuw; komma, punt \\, \\; \\\\n",
        "\ud800 alleen",
        "\U0001f469\u200d\U0001f3eb " * 200,
        "\u202eomgekeerd\u202c \u0645\u0631\u062d\u0628\u0627",
        "x" * 20_000,
        "é" * 20_000,
        "<script>alert(1)</script>",
    ],
)
def test_a_text_stays_one_text(text: str) -> None:
    content = to_ics([agreed(text, description=text)], name=text, stamp=STAMP)
    assert [line for line in lines(content) if line.startswith(("BEGIN:VEVENT", "END:VCAL", "ATTENDEE", "ORGANIZER"))] == [
        "BEGIN:VEVENT",
        "END:VCALENDAR",
    ]
    assert values(content, "SUMMARY") == [one_line(text) or "Afspraak"]
    assert values(content, "DESCRIPTION") == ([plain_text(text).strip("\n")] if plain_text(text).strip("\n") else [])
    assert values(content, "X-WR-CALNAME") == [one_line(text) or "Afspraken"]
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]", content.decode())
    only_event(content)


_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC))


@given(title=st.text(), description=st.text(), day=st.dates(), moment=_MOMENTS)
def test_any_text_and_any_day_come_back(title: str, description: str, day: date, moment: datetime) -> None:
    one = agreed(title, description=description, day=day)
    content = to_ics([one, agreed(uid="andere", day=day)], name=title, stamp=moment)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert values(content, "SUMMARY") == [one_line(title) or "Afspraak", "Lijst overlopen"]
    assert values(content, "DESCRIPTION") == [text for text in [plain_text(description).strip("\n")] if text]
    first, second = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert first["DTSTART"].dt == day
    assert second["UID"] == "andere@stslib"
    if "\\" not in title + description:  # icalendar's own reading takes an escaped backslash before an n for a line end
        assert first["SUMMARY"] == (one_line(title) or "Afspraak")
        assert first.get("DESCRIPTION", "") == plain_text(description).strip("\n")


@given(text=st.text(alphabet=st.characters(codec=None)))
def test_plain_text_is_plain_already(text: str) -> None:
    assert plain_text(plain_text(text)) == plain_text(text)
    plain_text(text).encode("utf-8")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/hosts",
        "https://voorbeeld.be/\r\nATTENDEE:x",
        "https://",
        "//voorbeeld.be",
        "https://naam:geheim@voorbeeld.be/",
        "https://voorbeeld.be/met spatie",
        "https://[::1",
        "https://voorbeeld.be/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_web_address_is_left_out(url: str) -> None:
    assert not [line for line in lines(to_ics([agreed(url=url)], name="n", stamp=STAMP)) if line.startswith(("URL", "ATTEN"))]


@pytest.mark.parametrize("uid", ["", "met spatie", "a\r\nb", "é", "x" * 300])
def test_a_malformed_uid_is_refused(uid: str) -> None:
    with pytest.raises(ValueError, match="malformed uid"):
        to_ics([agreed(uid=uid)], name="n", stamp=STAMP)


def test_a_uid_that_stands_for_two_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="given twice"):
        to_ics([agreed("een"), agreed("twee")], name="n", stamp=STAMP)


def test_a_stamp_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_ics([], name="n", stamp=datetime(2026, 11, 3))
