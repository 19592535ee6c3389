"""What pydantic found, said in Dutch to somebody who edits a form: the value, what is wrong with it, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stslib.content import shapes
from stslib.content.yaml_nodes import Document, Loc, quoted
from stslib.model.finding import Finding

FormT = TypeVar("FormT", bound=BaseModel)

_BLOCKS, _TAG = "blokken", "soort"
"""Where one of several forms can stand, and the key that says which."""

_PATTERNS = {
    shapes.PERCENT: ("is geen percentage", "Schrijf het zoals 3,6."),
    shapes.SLUG: (
        "is geen goede id",
        "Gebruik kleine letters zonder accent, cijfers en koppeltekens, zoals 'warme-overdracht'.",
    ),
    shapes.RELEASED: ("is geen goede id", "Dit bestand wordt geschreven door: sts content register"),
    shapes.PATH: (
        "is geen goede id",
        "Schrijf de oude id zonder de naam van het instrument, met punten ertussen, zoals 'f1.registratie.oude-vraag'.",
    ),
    shapes.PHASE_FILE: ("is geen goede bestandsnaam", "Schrijf de naam van een bestand in deze map, zoals 'fase0.yaml'."),
    shapes.SCHOOL_YEAR: ("is geen schooljaar", "Schrijf het als '2025-2026'."),
    shapes.MONTH: ("is geen maand", "Schrijf jaar en maand als '2026-11'."),
    r"^([A-Z]|[-|])$": ("is geen code", 'Schrijf één hoofdletter, of - of | tussen "aanhalingstekens".'),
    r"^https?://\S+$": ("is geen webadres", "Begin met https:// en laat spaties weg."),
}


def suggestion(value: str, known: Iterable[str]) -> str:
    """``Bedoelde je 'x'? Kies uit: ...``, without the first part when nothing comes near."""
    names = list(known)
    near = get_close_matches(value.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    meant = next((name for name in names if near and name.lower() == near[0]), None)
    start = f"Bedoelde je '{meant}'? " if meant else ""
    return f"{start}Kies uit: {', '.join(names)}."


def parse(document: Document, form: type[FormT]) -> tuple[FormT | None, tuple[Finding, ...]]:
    """Fill *form* from a document; every fault that stands in the way, or none and the filled form."""
    if document.root is None:
        return None, document.findings
    try:
        filled = form.model_validate(document.data)
    except ValidationError as error:
        known = {(finding.place, finding.fact) for finding in document.findings}
        told = [_finding(document, form, details) for details in error.errors(include_url=False) if not _echo(details)]
        return None, (*document.findings, *(finding for finding in told if (finding.place, finding.fact) not in known))
    return (None if document.findings else filled), document.findings


def _echo(details: ErrorDetails) -> bool:
    """Whether a list is only called short because its items, each with a finding of its own, were left out of the count."""
    return details["type"] == "too_short" and bool(details["input"])


def _finding(document: Document, form: type[BaseModel], details: ErrorDetails) -> Finding:
    loc = _written(details["loc"])
    if details["type"] == "union_tag_invalid":
        loc = (*loc, _TAG)
    key = next((part for part in reversed(loc) if isinstance(part, str)), "")
    fact, remedy = _say(details, key, form)
    return document.fault(loc, fact, remedy)


def _written(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """*loc* as it stands in the file: pydantic puts the kind of a block behind its number."""
    return tuple(part for index, part in enumerate(loc) if not (index > 1 and loc[index - 2] == _BLOCKS))


def _say(details: ErrorDetails, key: str, form: type[BaseModel]) -> tuple[str, str]:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    here = f"bij '{key}'" if key else "bovenaan"
    if kind == "missing":
        return f"De sleutel '{key}' ontbreekt.", f"Voeg een regel '{key}: …' toe."
    if kind == "union_tag_not_found":
        return f"De sleutel '{_TAG}' ontbreekt.", f"Voeg een regel '{_TAG}: …' toe. {suggestion('', _kinds())}"
    if kind == "union_tag_invalid":
        tag = context.get("tag", "")
        return f"{quoted(tag)} is geen gekende waarde bij '{_TAG}'.", suggestion(str(tag), _kinds())
    if kind == "extra_forbidden":
        return f"Onbekende sleutel '{key}'.", suggestion(key, _keys(form, details["loc"][:-1]))
    if value is None or kind == "string_too_short":
        return f"De waarde {here} is leeg.", "Vul ze in, of haal de regel weg als hij niet moet."
    if kind == "too_short":
        return f"De lijst {here} is leeg.", "Zet er minstens één item in, of haal de sleutel weg als hij niet moet."
    if isinstance(value, dict | list) or kind in _GROUPS:
        return _shape(kind, value, here)
    if kind in ("enum", "literal_error"):
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{quoted(value)} is geen gekende waarde {here}.", suggestion(str(value), choices)
    if kind == "string_too_long":
        limit = context.get("max_length")
        return f"{quoted(value)} telt {len(str(value).strip())} tekens; {here} passen er {limit}.", "Maak het korter."
    if kind == "string_pattern_mismatch":
        wrong, remedy = _PATTERNS.get(
            str(context.get("pattern")), ("heeft een verkeerde vorm", "Kijk hoe de andere items het doen.")
        )
        return f"{quoted(value)} {here} {wrong}.", remedy
    if kind.startswith("date"):
        return f"{quoted(value)} {here} is geen datum.", "Schrijf een bestaande dag als jjjj-mm-dd, zoals 2025-09-01."
    if kind == "school_year":
        return f"{quoted(value)} {here} is geen schooljaar.", "Schrijf twee jaren na elkaar, zoals '2025-2026'."
    if kind.startswith("int"):
        return f"{quoted(value)} {here} is geen geheel getal.", "Schrijf alleen cijfers."
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = f"minstens {context['ge']}" if "ge" in context else f"hoogstens {context.get('le')}"
        return f"{quoted(value)} {here} valt buiten wat kan.", f"Schrijf een getal van {bound}."
    return f"De waarde {quoted(value)} {here} klopt niet.", "Kijk hoe de andere items het doen."


_GROUPS = ("model_type", "model_attributes_type", "tuple_type")
_SHAPES = {
    "model_type": "een groep met 'sleutel: waarde' op elke regel",
    "model_attributes_type": "een groep met 'sleutel: waarde' op elke regel",
    "tuple_type": "een lijst, met een streepje voor elk item",
    "string_type": "gewone tekst",
    "enum": "één woord",
    "literal_error": "één woord",
}


def _shape(kind: str, value: object, here: str) -> tuple[str, str]:
    found = (
        "een lijst"
        if isinstance(value, list)
        else "een groep met sleutels"
        if isinstance(value, dict)
        else f"tekst ({quoted(value)})"
    )
    expected = _SHAPES.get(kind, "één waarde")
    remedy = "Schrijf het zoals bij de andere items."
    if kind == "string_type" and isinstance(value, dict):
        remedy = 'Staat er een dubbelpunt in de zin? Zet de zin dan tussen "aanhalingstekens".'
    return f"Er staat {here} {found}; hier hoort {expected}.", remedy


def _keys(form: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the form at *loc* knows; behind a number may follow which of several forms it is."""
    several: dict[str, type[BaseModel]] = {}
    for part in loc:
        if isinstance(part, int):
            continue
        if part in several:
            form, several = several[part], {}
            continue
        field = next((field for name, field in form.model_fields.items() if (field.alias or name) == part), None)
        inner = list(_inner(field.annotation)) if field else []
        several = {tag: one for one in inner for tag in _tags(one)} if len(inner) > 1 else {}
        form = inner[0] if inner else form
    return [field.alias or name for name, field in form.model_fields.items()]


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:
    """The forms inside an annotation such as ``tuple[QuestionForm, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    else:
        for argument in get_args(annotation):
            yield from _inner(argument)


def _tags(form: type[BaseModel]) -> tuple[str, ...]:
    field = form.model_fields.get("kind")
    return tuple(str(value) for value in get_args(field.annotation)) if field else ()


def _kinds() -> list[str]:
    return [tag for one in _inner(shapes.AnyBlockForm) for tag in _tags(one)]
