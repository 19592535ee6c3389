"""Which fields exist under an instrument, and what may stand in each: the gate in front of the journal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator

from pydantic import JsonValue

from stslib.errors import FormError
from stslib.model.blocks import (
    FOCUS_FIELDS,
    INDICATOR_FIELDS,
    PARTNER_FIELDS,
    WEIGHTS,
    Block,
    DirectoryBlock,
    Field,
    FieldKind,
    FieldsBlock,
    FocusBlock,
    IndicatorBlock,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import Instrument
from stslib.model.session import ACTION_PREFIX, ACTION_TEXTS, PIN_PREFIX, SESSION_ITEM, ActionState, Score

TEXT_LIMIT = 100_000
"""Characters that one field takes; far above what a meeting types, low enough that one paste cannot choke the journal."""

OBJECT_LIMIT = 200_000
"""Characters that a pinned figure takes as JSON."""

SESSION_TEXTS = ("title", "date", "participants", "notes", "closed_by")
ROW = re.compile(r"(?P<above>.+)\.[0-9a-f]{8}\Z")
"""An item that a person added: a row of a block, an action, a pin."""

Check = Callable[[JsonValue], JsonValue]
"""Returns the value as it may be kept. Raises FormError, with the reason in Dutch, when it may not."""


class KnownFields:
    """The fields of some instruments: fixed ones, and those of the rows that people add.

    Args:
        instrument: the one that is filled in; its fields, the actions, the pins and the session's own fields can be written.
        all_instruments: those of the trajectory; of the others only what is carried along is known.
        known_origin: whether an id can be what an action or a pin belongs to.
    """

    def __init__(
        self, instrument: Instrument, all_instruments: Iterable[Instrument], known_origin: Callable[[str], bool]
    ) -> None:
        self._fixed: dict[tuple[str, str], Check] = {(SESSION_ITEM, name): text for name in SESSION_TEXTS}
        self._fixed[SESSION_ITEM, "closed"] = _closed
        self._rows: dict[str, dict[str, Check]] = {}
        self._carried: set[str] = set()
        self._carried_rows = {ACTION_PREFIX.rstrip("."), PIN_PREFIX.rstrip(".")}
        origin = _origin(known_origin)
        self._rows[ACTION_PREFIX.rstrip(".")] = {
            **dict.fromkeys(ACTION_TEXTS, text),
            "origin": origin,
            "state": _one_of([state.value for state in ActionState]),
            "removed": tick,
        }
        self._rows[PIN_PREFIX.rstrip(".")] = {"origin": origin, "definition": _object, "shown": _object, "removed": tick}
        self._add(instrument)
        for block in (block for one in all_instruments if not one.separate for block in one.blocks()):
            self._carry(block)

    def check(self, item: str, field: str) -> Check | None:
        """What may stand in a field; None when there is no such field."""
        fixed = self._fixed.get((item, field))
        if fixed:
            return fixed
        row = ROW.match(item)
        return self._rows.get(row["above"], {}).get(field) if row else None

    def carries(self, item: str) -> bool:
        """Whether a later session starts from what an earlier one left in this item."""
        if item in self._carried:
            return True
        row = ROW.match(item)
        return row is not None and row["above"] in self._carried_rows

    def _add(self, instrument: Instrument) -> None:
        for phase in instrument.phases:
            self._fixed[phase.id, "note"] = text
            self._fixed[phase.id, "note_archived"] = tick
            for result in phase.frame.results:
                self._fixed[result.id, "done"] = tick
            for objective in phase.objectives:
                self._fixed[objective.id, "applicable"] = tick
        for section in instrument.sections():
            self._fixed[section.id, "applicable"] = tick
            for question in section.questions:
                self._fixed[question.id, "answer"] = text
            for scale in section.scales:
                checks = {"score": _score, "target": _target, "evidence": text, "ambition": text}
                self._fixed |= {(scale.id, name): check for name, check in checks.items()}
            for block in section.blocks:
                self._add_block(block)

    def _add_block(self, block: Block) -> None:
        match block:
            case FieldsBlock() | PosterBlock():
                self._fixed |= {(block.id, name): check for name, check in _checks(block.fields)}
            case RowsBlock():
                self._rows[block.id] = {**dict(_checks(block.columns)), "removed": tick}
            case FocusBlock():
                self._fixed |= {(block.id, name): check for name, check in _checks(block.agreement)}
                weights = {guideline.id: _one_of(WEIGHTS) for guideline in block.guidelines}
                own = {**dict.fromkeys(FOCUS_FIELDS, text), "chosen": tick, "removed": tick}
                self._rows[block.id] = {**weights, **own}
            case IndicatorBlock():
                self._fixed |= {(block.id, name): text for name in INDICATOR_FIELDS}
            case DirectoryBlock():
                for partner in block.partners:
                    self._fixed |= {(partner.id, name): text for name in PARTNER_FIELDS}
                    self._fixed[partner.id, "together"] = tick

    def _carry(self, block: Block) -> None:
        match block:
            case FieldsBlock(carried=True) | PosterBlock() | IndicatorBlock():
                self._carried.add(block.id)
            case RowsBlock(carried=True):
                self._carried_rows.add(block.id)
            case FocusBlock():
                self._carried.add(block.id)
                self._carried_rows.add(block.id)
            case DirectoryBlock():
                self._carried |= {partner.id for partner in block.partners}


def as_score(value: object) -> Score:
    """A stored value as a self-score; anything that is none counts as not discussed."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value <= 10 else None
    if value == "unknown":
        return "unknown"
    return "not_applicable" if value == "not_applicable" else None


# -- what may stand in a field -----------------------------------------------------------------------------------------------


def _checks(fields: Iterable[Field]) -> Iterator[tuple[str, Check]]:
    for field in fields:
        if field.kind is FieldKind.TICK:
            yield field.id, tick
        elif field.kind is FieldKind.CHOICE:
            yield field.id, _one_of([option.id for option in field.options])
        else:
            yield field.id, text


def text(value: JsonValue) -> JsonValue:
    """Text as it can be kept in UTF-8."""
    if not isinstance(value, str):
        raise FormError("veld", "Hier hoort tekst.", "")
    if len(value) > TEXT_LIMIT:
        raise FormError(
            "veld",
            f"Deze tekst telt {len(value)} tekens; een veld bewaart er {TEXT_LIMIT}.",
            "Kort de tekst in of verdeel hem over meer velden.",
        )
    # A browser can send half a surrogate pair or a NUL; neither survives UTF-8 files, so both become the replacement character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def tick(value: JsonValue) -> JsonValue:
    """True, false, or nothing."""
    if value is None or isinstance(value, bool):
        return value
    raise FormError("veld", "Hier hoort een vinkje.", "")


def _whole(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10


def _score(value: JsonValue) -> JsonValue:
    if value is None or value in ("unknown", "not_applicable") or _whole(value):
        return value
    raise FormError("schaal", "Een score is een geheel getal van 0 tot 10, 'weet niet', 'niet van toepassing' of leeg.", "")


def _target(value: JsonValue) -> JsonValue:
    if value is None or _whole(value):
        return value
    raise FormError("schaal", "Een streefscore is een geheel getal van 0 tot 10, of leeg.", "")


def _one_of(allowed: Iterable[str]) -> Check:
    known = tuple(allowed)

    def check(value: JsonValue) -> JsonValue:
        if value is None or value in known:
            return value
        raise FormError("veld", "Deze keuze staat niet in de lijst.", "Herlaad de pagina en kies opnieuw.")

    return check


def _origin(known: Callable[[str], bool]) -> Check:
    def check(value: JsonValue) -> JsonValue:
        if value == "" or (isinstance(value, str) and known(value)):
            return value
        raise FormError("herkomst", "De herkomst van deze actie bestaat niet in deze instrumenten.", "Kies een andere.")

    return check


def _object(value: JsonValue) -> JsonValue:
    if value is None or (isinstance(value, dict) and len(json.dumps(value)) <= OBJECT_LIMIT):
        return value
    raise FormError("cijfer", "Dit cijfer kan zo niet vastgezet worden.", "Herlaad de pagina en probeer opnieuw.")


def _closed(value: JsonValue) -> JsonValue:
    if value is None or isinstance(value, dict):
        return value
    raise FormError("sessie", "Afsluiten laat een verwijzing naar het archief na.", "")
