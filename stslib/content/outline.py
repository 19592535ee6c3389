"""What stands in an instrument's files by name.

Drawn from the raw data, so that a fault in one question hides no double id in another.

Full ids are composed here as in the model: phase and section slugs with the instrument in front, questions, blocks and scales
below their section. Objectives, sections and results share one row of slugs per phase, so that a section can move to another
objective and keep its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stslib.content.yaml_nodes import Document, Loc, fault, quoted
from stslib.model.finding import Finding

SCALE = "schaal"
"""The last part of the id of a section's scale; with an aspect, that follows after a hyphen."""

Group = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One named thing in a file: what it is, its full id, and where it stands."""

    kind: str
    name: str
    document: Document
    loc: Loc

    @property
    def place(self) -> str:
        """File and line, as messages name it."""
        return f"{self.document.place}, regel {self.document.line(self.loc)}"

    def fault(self, fact: str, remedy: str) -> Finding:
        """A finding about this thing."""
        return fault(self.place, fact, remedy)


def items(data: Any, key: str) -> Iterator[tuple[int, Group]]:
    """The groups in the list at *key*; anything else there has a finding of its own already."""
    children = data.get(key) if isinstance(data, dict) else None
    for index, child in enumerate(children if isinstance(children, list) else ()):
        if isinstance(child, dict):
            yield index, child


def sections(document: Document) -> Iterator[tuple[tuple[int | str, ...], Group]]:
    """Every section of a phase file: those of its objectives, then the phase's own."""
    for number, objective in items(document.data, "doelstellingen"):
        for order, section in items(objective, "onderdelen"):
            yield ("doelstellingen", number, "onderdelen", order), section
    for order, section in items(document.data, "onderdelen"):
        yield ("onderdelen", order), section


def scales(section: Group) -> Iterator[tuple[tuple[int | str, ...], Group]]:
    """The scales of a section, its one scale first."""
    if isinstance(scale := section.get("schaal"), dict):
        yield ("schaal",), scale
    for index, scale in items(section, "schalen"):
        yield ("schalen", index), scale


def word(group: Group, key: str) -> str:
    """The text at *key*, empty when there is none."""
    value = group.get(key)
    return value.strip() if isinstance(value, str) else ""


def marks(document: Document, instrument_id: str) -> list[Mark]:
    """Every id of a phase file, composed; in the order of the file."""
    return list(_marks(document, instrument_id))


def _marks(document: Document, instrument_id: str) -> Iterator[Mark]:
    data = document.data
    if not isinstance(data, dict):
        return
    phase = f"{instrument_id}.{data.get('id')}"
    yield Mark("fase", phase, document, ("id",))
    for index, result in items(data, "resultaat"):
        yield Mark("resultaat", f"{phase}.{result.get('id')}", document, ("resultaat", index, "id"))
    for number, objective in items(data, "doelstellingen"):
        yield Mark("doelstelling", f"{phase}.{objective.get('id')}", document, ("doelstellingen", number, "id"))
    for loc, section in sections(document):
        name = f"{phase}.{section.get('id')}"
        yield Mark("onderdeel", name, document, (*loc, "id"))
        for inside, scale in scales(section):
            aspect = f"-{scale.get('aspect')}" if inside[0] == "schalen" else ""
            yield Mark("schaal", f"{name}.{SCALE}{aspect}", document, (*loc, *inside))
        for index, question in items(section, "vragen"):
            yield Mark("vraag", f"{name}.{question.get('id')}", document, (*loc, "vragen", index, "id"))
        for index, block in items(section, "blokken"):
            yield Mark("blok", f"{name}.{block.get('id')}", document, (*loc, "blokken", index, "id"))
            for number, partner in items(block, "partners"):
                where = (*loc, "blokken", index, "partners", number, "id")
                yield Mark("partner", f"{name}.{block.get('id')}.{partner.get('id')}", document, where)


def every_id(documents: list[Document], found: list[Mark], instrument_id: str) -> frozenset[str]:
    """Every id that something kept can hang on, without the instrument in front; fields stand below their block."""
    names = {mark.name for mark in found}
    for document in documents:
        for _, section in sections(document):
            above = f"{instrument_id}.{word(document.data, 'id')}.{word(section, 'id')}"
            for _, block in items(section, "blokken"):
                for key in ("velden", "kolommen", "akkoord", "richtlijnen"):
                    names |= {f"{above}.{word(block, 'id')}.{word(field, 'id')}" for _, field in items(block, key)}
    return frozenset(name.removeprefix(f"{instrument_id}.") for name in names)


def double_ids(found: list[Mark]) -> Iterator[Finding]:
    """A finding for every id that an earlier thing has already."""
    seen: dict[str, Mark] = {}
    for mark in found:
        if "None" in mark.name:
            continue
        first = seen.setdefault(mark.name, mark)
        if first is not mark:
            yield mark.fault(
                f"De id {quoted(mark.name.rsplit('.', 1)[1])} ({mark.kind}) bestaat al: {first.kind} in {first.place}.",
                "Geef een van de twee een andere id; laat die staan waar al antwoorden aan hangen.",
            )
