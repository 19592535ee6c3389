"""What one cell says: days, halves, codes, pupil numbers. Each value is looked at once, however many rows hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from stslib.model.absence import AbsenceCode
from stslib.text import parse_typed_date

_SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
_WITH_TIME = re.compile(r"^(\S+)[ T]+\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?Z?$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_WHOLE_FLOAT = re.compile(r"^(\d+)[.,]0+$")
_SUBCODE = re.compile(r"^([A-Z])[ \-.]?(\d{1,3})$")
_NUMBER = re.compile(r"^\d{3,}$")
_EXCEL_EPOCH = date(1899, 12, 30)

_MORNING = {"vm", "v", "voormiddag", "ochtend", "am", "1", "morning", "vrm"}
_AFTERNOON = {"nm", "n", "namiddag", "middag", "pm", "2", "afternoon", "nam"}
_NOBODY = {"totaal", "totalen", "subtotaal", "algemeentotaal", "eindtotaal", "som", "gemiddelde", "gemiddeld", "aantal"}
_CODE_LOOKALIKES = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "¦": "|", "∣": "|"})


class ReadDay(NamedTuple):
    """A day as an ordinal (0: none), and how it was repaired, if it was."""

    ordinal: int
    repair: str | None = None


class ReadCode(NamedTuple):
    """A code, its subcode as written, how it was repaired, and whether the code table has it."""

    code: str
    subcode: str | None = None
    repair: str | None = None
    known: bool = True


class ReadPupil(NamedTuple):
    """What a pupil number is compared by, and what is wrong with it (``missing``, ``rounded``), if anything.

    A row that sums up others has no pupil: ``Totaal`` is nobody's number.
    """

    key: str
    text: str
    problem: str | None = None


def shape_of_value(text: str) -> str:
    """*text* with digits as 9 and letters as a, at most 16 characters: enough to find the cell, too little to know a pupil."""
    pattern = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", " ".join(text.split())))
    return pattern if len(pattern) <= 16 else pattern[:15] + "…"


def read_day(text: str) -> ReadDay:
    """The day that *text* says; ordinal 0 when it says none."""
    text = text.strip()
    day = parse_typed_date(text)
    if day is not None:
        return ReadDay(day.toordinal())
    with_time = _WITH_TIME.match(text)
    if with_time and (day := parse_typed_date(with_time[1])) is not None:
        return ReadDay(day.toordinal(), "datum zonder het uur genomen")
    if _SERIAL.match(text):
        serial = int(float(text))
        if 36526 <= serial <= 73415:  # 2000 to 2100
            return ReadDay((_EXCEL_EPOCH + timedelta(days=serial)).toordinal(), "datum uit een Excel-getal gemaakt")
    parts = _YEAR_FIRST.match(text) or _COMPACT.match(text)
    if parts:
        try:
            return ReadDay(date(int(parts[1]), int(parts[2]), int(parts[3])).toordinal())
        except ValueError:
            return ReadDay(0)
    return ReadDay(0)


def read_half(text: str) -> int:
    """0 for the morning, 1 for the afternoon, -1 for anything else."""
    word = re.sub(r"[\s.\-]+", "", text).casefold()
    return 0 if word in _MORNING else 1 if word in _AFTERNOON else -1


def read_code(text: str, codes: Mapping[str, AbsenceCode]) -> ReadCode | None:
    """The code that *text* says; None when the cell is empty. An unknown code comes back as written, marked as unknown."""
    text = " ".join(text.split())
    if not text:
        return None
    if text in codes:
        return ReadCode(text)
    plain = text.translate(_CODE_LOOKALIKES).upper()
    repair = None if plain == text else "code anders geschreven"
    if plain in codes:
        return ReadCode(plain, None, repair)
    sub = _SUBCODE.match(plain)
    if sub and sub[1] in codes:
        return ReadCode(sub[1], sub[1] + sub[2], repair)
    may_be_told = len(plain) <= 6 and " " not in plain and not _NUMBER.match(plain)  # a number may be that of a pupil
    return ReadCode(plain if may_be_told else shape_of_value(text), None, None, known=False)


def read_pupil(text: str) -> ReadPupil:
    """What *text* says about who it is; a number without its leading zeros compares equal to the whole one."""
    text = " ".join(text.split())
    if not text or re.sub(r"[\s.:]+", "", text).casefold() in _NOBODY:
        return ReadPupil("", "", "missing")
    whole = _WHOLE_FLOAT.match(text)
    if whole:
        text = whole[1]
    if _SCIENTIFIC.match(text):
        return ReadPupil("", text, "rounded")
    if text.isdecimal():
        return ReadPupil(text.lstrip("0") or "0", text)
    return ReadPupil(text.casefold(), text)


def class_key(text: str) -> str:
    """What a class name is compared by: ``1 a`` and ``1A`` are one class."""
    return re.sub(r"\s+", "", text).casefold()


def is_national_number(text: str) -> bool:
    """Whether *text* passes the check digits of a Belgian national number (also one with punctuation)."""
    if len(text) < 11:
        return False
    digits = re.sub(r"[\s.\-/]", "", text)
    if len(digits) != 11 or not digits.isdecimal():
        return False
    body, check = int(digits[:9]), int(digits[9:])
    return check in (97 - body % 97, 97 - (2_000_000_000 + body) % 97)
