"""Stored values as a reader sees them: text, to be escaped by the template."""

from __future__ import annotations

import re

from pydantic import JsonValue

from stslib.forms.state import FormState
from stslib.model.blocks import Field, FieldKind
from stslib.model.session import Action, ActionState, Score

# What HTML cannot hold: control characters and lone halves of signs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

STATES = {
    ActionState.PLANNED: "gepland",
    ActionState.RUNNING: "bezig",
    ActionState.DONE: "gedaan",
    ActionState.STOPPED: "gestopt",
}


def shown(text: str) -> str:
    """*text* with a replacement sign for what a page cannot show."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed(state: FormState, item: str, field: str) -> str:
    """What somebody typed in a field."""
    return shown(state.text(item, field))


def filled_in(field: Field, value: JsonValue) -> str:
    """The value of a field of a block in words; empty when nobody filled it in."""
    if field.kind is FieldKind.TICK:
        return "ja" if value is True else ""
    if not isinstance(value, str):
        return ""
    if field.kind is FieldKind.CHOICE:
        return next((option.label for option in field.options if option.id == value), shown(value))
    return shown(value)


def score_words(score: Score) -> str:
    """``7 op 10``, or the way in which no number was given."""
    if isinstance(score, int):
        return f"{score} op 10"
    return {"unknown": "weet niet", "not_applicable": "niet van toepassing"}.get(score or "", "niet besproken")


def action_lines(state: FormState, action: Action) -> list[tuple[str, str]]:
    """What was filled in of an action, label and text; always what it is, even when that is still empty."""
    origin = shown(" ".join(state.name_of(action.origin).split())) if action.origin else ""
    lines = [
        ("Wat", action.what),
        ("Wie", action.who),
        ("Wanneer", action.when),
        ("Check", action.check),
        ("Effect", action.effect),
        ("Waaraan merken we dat", action.indicator),
        ("Nu", action.baseline),
        ("Streven", action.target),
        ("Wat werkt", action.works),
        ("Wat zit in de weg", action.hinders),
        ("Bijsturing", action.adjustment),
        ("Hoort bij", origin),
        ("Hoe ver", STATES[action.state]),
    ]
    return [(label, shown(text)) for label, text in lines if text.strip() or label == "Wat"]
