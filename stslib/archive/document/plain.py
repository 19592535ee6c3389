"""Values as a page can show them. Texts stay texts: only the template makes markup, and it escapes all of them."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from PIL import Image
from pydantic import JsonValue

from stslib.forms.state import FormState
from stslib.model.blocks import Field, FieldKind
from stslib.text import format_date, parse_typed_date

# What HTML cannot hold: control characters and lone halves of signs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FOOT = 90

_ID_OF_A_ROW = re.compile(r"(.+)\.[0-9a-f]{8}\Z")


def shown(text: str) -> str:
    """*text* with one kind of line break, and a replacement sign for what a page cannot show."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed(state: FormState, item: str, field: str) -> str:
    """What somebody typed in a field, without empty lines around it."""
    return shown(state.text(item, field)).strip("\n")


def plain(value: JsonValue) -> str:
    """Any stored value as text."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return "leeg" if value is None else json.dumps(value, ensure_ascii=False)


def filled_in(field: Field, value: JsonValue) -> str:
    """The value of a field of a block, in words; empty when nobody filled it in."""
    if field.kind is FieldKind.TICK:
        return "ja" if value is True else ""
    if not isinstance(value, str):
        return ""
    if field.kind is FieldKind.CHOICE:
        return next((option.label for option in field.options if option.id == value), shown(value))
    if field.kind is FieldKind.DATE:
        return typed_day(value)
    return shown(value).strip("\n")


def typed_day(text: str) -> str:
    """``03/11/2026`` where *text* reads as a day, else *text*."""
    day = parse_typed_date(text)
    return format_date(day) if day else shown(text).strip("\n")


def taken_over(state: FormState, keys: Iterable[tuple[str, str]]) -> str:
    """Whether these fields come from earlier sessions, as a sentence; empty when all was written in this one."""
    days: dict[str, None] = {}
    own = False
    for item, field in keys:
        before = state.carried_entry(item, field)
        if before and before.value not in (None, ""):
            days[state.day_of(before.session_id)] = None
        elif state.value(item, field) not in (None, ""):
            own = True
    if not days:
        return ""
    return f"{'Deels overgenomen' if own else 'Overgenomen'} uit een eerder overleg ({', '.join(filter(None, days))})."


def named(state: FormState, item: str) -> str:
    """What an id points at, in words; for a row without words of its own, what it stands in."""
    name = state.name_of(item)
    row = _ID_OF_A_ROW.match(item)
    if not name and row:
        name = state.name_of(row[1])
    return shown(" ".join(name.split()))


def png(content: bytes) -> str:
    """A picture for a ``data:`` address: the same pixels, packed once more as tightly as PNG allows."""
    packed = BytesIO()
    with Image.open(BytesIO(content)) as picture:
        picture.save(packed, format="PNG", optimize=True)
    return b64encode(min(content, packed.getvalue(), key=len)).decode("ascii")


def css_text(text: str) -> str:
    """*text* for between quotes in a style sheet, on one line and not longer than a foot is wide.

    Every sign but letters, digits and spaces of ASCII is written as its number, so that nothing in it can end the text, the
    rule or the sheet. Marks that turn the direction of writing are left out.
    """
    line = " ".join(_TURNS.sub("", shown(text)).split())
    line = line if len(line) <= _FOOT else f"{line[: _FOOT - 1]}…"
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign == " ") else f"\\{ord(sign):06x} " for sign in line)


def json_lines(whole: dict[str, Any]) -> str:
    """*whole* as JSON in ASCII, a line per row of each list in it: small, and still something to read and compare by line."""
    parts = []
    for name, value in whole.items():
        if isinstance(value, list) and value:
            written = "[\n" + ",\n".join(_compact(row) for row in value) + "\n]"
        else:
            written = _compact(value)
        parts.append(f"{json.dumps(name)}:{written}")
    return "{\n" + ",\n".join(parts) + "\n}"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def texts(value: Any) -> list[str]:
    """A list of texts out of a JSON value that should be one."""
    return [plain(one) for one in value] if isinstance(value, list) else []
