"""The blocks of a section as lines of label and text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stslib.forms.state import FormState
from stslib.model.blocks import (
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
from stslib.model.instrument import Section
from stslib.server.saved.plain import action_lines, filled_in, shown, typed

View = dict[str, Any]

_WEIGHTS = {"yes": "ja", "partly": "deels", "no": "nee", "unknown": "weten we niet"}
_MEASURES = {
    "rate": "alle afwezigheid",
    "rate_unlawful": "ongewettigde afwezigheid",
    "rate_lawful": "gewettigde afwezigheid",
    "late": "te laat komen",
}
_CONTACT = (("service", "Dienst"), ("phone", "Telefoon"), ("mail", "E-mail"), ("site", "Website"), ("note", "Opmerking"))


def block_view(state: FormState, block: Block, section: Section) -> View:
    """One block: ``fields`` that are always shown, ``groups`` of lines for rows, and what to say when nothing stands in it."""
    view: View = {
        "title": block.title,
        "unseen": block.title == section.title,
        "intro": block.intro,
        "kind": block.kind,
        "fields": [],
        "groups": [],
        "empty": "",
    }
    match block:
        case FieldsBlock() | PosterBlock():
            view["fields"] = _fields(state, block.id, block.fields)
        case RowsBlock():
            view["groups"] = [_row(state, item, block.columns) for item in state.rows(block.id)]
            view["empty"] = "Hier staat nog niets."
        case FocusBlock():
            view["groups"] = list(_candidates(state, block))
            view["fields"] = _fields(state, block.id, block.agreement)
            view["empty"] = "Er staat nog geen kandidaat."
        case ActionsBlock():
            view["groups"] = [
                {"name": f"Actie {number}", "lines": action_lines(state, action)}
                for number, action in enumerate(state.actions(), 1)
            ]
            view["empty"] = "Nog geen actie."
        case IndicatorBlock():
            view["groups"] = [{"name": "", "lines": lines}] if (lines := _indicator(state, block)) else []
            view["empty"] = "Er is nog geen cijfer gekozen om te volgen."
        case DirectoryBlock():
            view["groups"] = [one for partner in block.partners if (one := _partner(state, partner))["lines"]]
            view["empty"] = "Van geen enkele dienst zijn de gegevens al ingevuld."
    return view


def _fields(state: FormState, item: str, fields: Iterable[Field]) -> list[View]:
    return [
        {"label": field.label, "hint": field.hint, "text": filled_in(field, state.value(item, field.id))} for field in fields
    ]


def _row(state: FormState, item: str, columns: Iterable[Field]) -> View:
    lines = [(column.label, filled_in(column, state.value(item, column.id))) for column in columns]
    return {"name": "", "lines": [(label, text) for label, text in lines if text]}


def _candidates(state: FormState, block: FocusBlock) -> Iterable[View]:
    for number, candidate in enumerate(state.candidates(block), 1):
        texts = [
            ("Doelgroep", candidate.group),
            ("Probleem", candidate.problem),
            ("Ruimte voor impact", candidate.impact),
            *((one.title, _WEIGHTS.get(candidate.weights.get(one.id, ""), "")) for one in block.guidelines),
            ("Waarom wel of niet?", candidate.reason),
        ]
        name = f"Kandidaat {number}" + (", onze focus" if candidate.chosen else "")
        yield {"name": name, "lines": [(label, shown(text)) for label, text in texts if text.strip()]}


def _indicator(state: FormState, block: IndicatorBlock) -> list[tuple[str, str]]:
    measure = typed(state, block.id, "measure")
    lines = [
        ("Het cijfer dat gevolgd wordt", _MEASURES.get(measure, measure)),
        ("Van welke groep", typed(state, block.id, "value")),
        ("Het plan loopt sinds", typed(state, block.id, "since")),
    ]
    return [(label, text) for label, text in lines if text]


def _partner(state: FormState, partner: Partner) -> View:
    lines = [(label, typed(state, partner.id, name)) for name, label in _CONTACT]
    together = state.value(partner.id, "together")
    if isinstance(together, bool):
        lines.append(("We werken al samen", "ja" if together else "nee"))
    return {"name": partner.name, "lines": [(label, text) for label, text in lines if text.strip()]}
