"""The blocks of a section as the archive shows them: forms, rows, focus, plan, indicator, poster, directory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stslib.archive.document.agreed import Pins, action_view, focus_of, focus_texts, own_actions
from stslib.archive.document.counted import Counted, group_label
from stslib.archive.document.plain import filled_in, taken_over, typed, typed_day
from stslib.forms.state import Candidate, FormState
from stslib.model.blocks import (
    PARTNER_FIELDS,
    ActionsBlock,
    Block,
    DirectoryBlock,
    Field,
    FieldsBlock,
    FocusBlock,
    IndicatorBlock,
    Partner,
    PosterBlock,
    RowsBlock,
)

View = dict[str, Any]

WEIGHTS = {"yes": "ja", "partly": "deels", "no": "nee", "unknown": "weten we niet"}
STATUSES = {"unlawful": "ongewettigde afwezigheid", "lawful": "gewettigde afwezigheid", "late": "te laat komen"}
MEASURES = {
    "rate": "alle afwezigheid",
    "rate_unlawful": "ongewettigde afwezigheid",
    "rate_lawful": "gewettigde afwezigheid",
    "late": "te laat komen",
}


class Blocks:
    """Makes the view of any block from what a session holds."""

    def __init__(self, state: FormState, counted: Counted, pins: Pins) -> None:
        self._state = state
        self._counted = counted
        self._pins = pins

    def view(self, block: Block) -> View:
        """One block as plain data; ``kind`` tells the template how to show it."""
        match block:
            case FieldsBlock():
                special = self._fields(block.id, block.fields)
            case PosterBlock():
                special = {**self._fields(block.id, block.fields), "focus": self.focus()}
            case RowsBlock():
                special = self._rows(block)
            case FocusBlock():
                special = self._focus(block)
            case ActionsBlock():
                special = self._actions(block)
            case IndicatorBlock():
                special = self._indicator(block)
            case DirectoryBlock():
                special = self._directory(block)
        pinned = self._pins.take([block.id])
        return {"kind": block.kind, "title": block.title, "taken_over": "", "pins": pinned, **special}

    def focus(self) -> View | None:
        """The focus that the trajectory has chosen, in one sentence."""
        return focus_of(self._state)

    # -- one kind each -----------------------------------------------------------------------------------------------------

    def _fields(self, item: str, fields: Sequence[Field]) -> View:
        values = [{"label": field.label, "text": filled_in(field, self._state.value(item, field.id))} for field in fields]
        return {"fields": values, "taken_over": taken_over(self._state, [(item, field.id) for field in fields])}

    def _rows(self, block: RowsBlock) -> View:
        items = self._state.rows(block.id)
        cells = [[filled_in(column, self._state.value(item, column.id)) for column in block.columns] for item in items]
        keys = [(item, column.id) for item in items for column in block.columns]
        return {
            "columns": [column.label for column in block.columns],
            "rows": [row for row in cells if any(row)],
            "pins": self._pins.take([block.id, *items]),
            "taken_over": taken_over(self._state, keys),
        }

    def _focus(self, block: FocusBlock) -> View:
        candidates = self._state.candidates(block)
        names = ("group", "problem", "impact", "reason", *(guideline.id for guideline in block.guidelines))
        keys = [(candidate.id, name) for candidate in candidates for name in names]
        agreement = self._fields(block.id, block.agreement)
        keys += [(block.id, field.id) for field in block.agreement]
        return {
            "guidelines": [{"title": guideline.title, "text": guideline.text} for guideline in block.guidelines],
            "candidates": [self._candidate(candidate, block, place) for place, candidate in enumerate(candidates, 1)],
            "chosen": [focus_texts(self._state, candidate) for candidate in candidates if candidate.chosen],
            "agreement": agreement["fields"],
            "taken_over": taken_over(self._state, keys),
        }

    def _candidate(self, candidate: Candidate, block: FocusBlock, place: int) -> View:
        asked = {"dimension": candidate.dimension, "value": candidate.value, "status": candidate.status}
        return {
            "name": f"Kandidaat {place}",
            **focus_texts(self._state, candidate),
            "chosen": candidate.chosen,
            "weights": [WEIGHTS.get(candidate.weights.get(guideline.id, ""), "–") for guideline in block.guidelines],
            "card": self._counted.asked("reach", **asked) if candidate.dimension else None,
            "pins": self._pins.take([candidate.id]),
        }

    def _actions(self, block: ActionsBlock) -> View:
        actions = own_actions(self._state)
        return {
            "view": block.view,
            "actions": [action_view(self._state, action) for action in actions],
            "pins": self._pins.take([block.id, *(action.id for action in actions)]),
        }

    def _indicator(self, block: IndicatorBlock) -> View:
        state = self._state
        measure, dimension, value = (state.text(block.id, name) for name in ("measure", "dimension", "value"))
        since = typed_day(state.text(block.id, "since"))
        fields = [
            {"label": "Het cijfer dat gevolgd wordt", "text": MEASURES.get(measure, measure)},
            {"label": "Van welke groep", "text": group_label(dimension, value) if measure else ""},
            {"label": "Het plan loopt sinds", "text": since},
        ]
        keys = [(block.id, name) for name in ("measure", "dimension", "value", "since")]
        asked = {"measure": measure, "dimension": dimension, "value": value, "start": since}
        card = self._counted.asked("since", **asked) if measure and since else None
        return {"fields": fields, "card": card, "taken_over": taken_over(state, keys)}

    def _directory(self, block: DirectoryBlock) -> View:
        groups = [(group.title, [one for one in block.partners if one.group == group.id]) for group in block.groups]
        known = {group.id for group in block.groups}
        groups.append(("Lokale partners", [one for one in block.partners if one.group not in known]))
        views = [self._group(title, partners) for title, partners in groups if partners]
        keys = [(partner.id, name) for partner in block.partners for name in PARTNER_FIELDS]
        return {
            "groups": views,
            "filled": sum(len(view["rows"]) for view in views),
            "of": len(block.partners),
            "pins": self._pins.take([block.id, *(partner.id for partner in block.partners)]),
            "taken_over": taken_over(self._state, keys),
        }

    def _group(self, title: str, partners: Sequence[Partner]) -> View:
        filled = [partner for partner in partners if self._has_contact(partner)]
        return {
            "title": title,
            "rows": [self._partner(partner) for partner in filled],
            "missing": [partner.name for partner in partners if partner not in filled],
        }

    def _has_contact(self, partner: Partner) -> bool:
        return any(self._state.value(partner.id, name) not in (None, "") for name in PARTNER_FIELDS)

    def _partner(self, partner: Partner) -> View:
        together = self._state.value(partner.id, "together")
        return {
            "name": partner.name,
            **{name: typed(self._state, partner.id, name) for name in ("service", "phone", "mail", "site", "note")},
            "together": {True: "ja", False: "nog niet"}.get(together, "–") if isinstance(together, bool) else "–",
            "both": partner.partner and partner.help_line,
        }
