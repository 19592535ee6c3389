"""Every text of an instrument by key, and an instrument with other texts in their place.

A key is the id of an item and the name of the part, as ``school.f1.registratie.codes:vraag``. Lines of a list are numbered from
1 (``school.f1:doel.2``); fields, guidelines and groups go by their slug (``school.f3.wat.doel:veld.hoofddoel.naam``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stslib.content.shapes import LABEL_LIMIT
from stslib.model.blocks import (
    Block,
    DirectoryBlock,
    Field,
    FieldsBlock,
    FocusBlock,
    Guideline,
    Option,
    Partner,
    PartnerGroup,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import Frame, Instrument, Phase, Section

MAX_TEXT = 5_000
"""Characters of one text; more nobody reads aloud."""


@dataclass(frozen=True)
class Words:
    """One text of an instrument: its key, what stands there, and how long it may be.

    ``radar`` is the aspect of a scale whose label this is: labels of one aspect must differ.
    """

    key: str
    text: str
    limit: int = MAX_TEXT
    radar: str | None = None


def texts_of(instrument: Instrument) -> tuple[Words, ...]:
    """Every text, in the order of the pages; texts that are left out are not among them."""
    found: list[Words] = []

    def note(words: Words) -> str:
        found.append(words)
        return words.text

    _Walk(note).instrument(instrument)
    return tuple(found)


def with_texts(instrument: Instrument, texts: Mapping[str, str], wording: str) -> Instrument:
    """*instrument* with the *texts* that it has a key for, named after *wording*; itself when there is none among them."""
    used = False

    def replace(words: Words) -> str:
        nonlocal used
        used = used or words.key in texts
        return texts.get(words.key, words.text)

    changed = _Walk(replace).instrument(instrument)
    return changed.model_copy(update={"wording": wording}) if used else instrument


class _Walk:
    """Goes over all texts in order and puts in their place what *take* answers."""

    def __init__(self, take: Callable[[Words], str]) -> None:
        self._take = take

    def _text(self, identity: str, part: str, text: str, limit: int = MAX_TEXT, radar: str | None = None) -> str:
        return self._take(Words(f"{identity}:{part}", text, limit, radar)) if text else text

    def _lines(self, identity: str, part: str, lines: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._text(identity, f"{part}.{number}", line) for number, line in enumerate(lines, 1))

    def instrument(self, item: Instrument) -> Instrument:
        head: dict[str, Any] = {
            "title": self._text(item.id, "titel", item.title),
            "short": self._text(item.id, "kort", item.short, LABEL_LIMIT),
            "intro": self._text(item.id, "inleiding", item.intro),
            "kinds": {kind: self._text(item.id, f"soort.{kind.value}", title) for kind, title in item.kinds.items()},
            "aspects": {slug: self._text(item.id, f"aspect.{slug}", label) for slug, label in item.aspects.items()},
        }
        return item.model_copy(update={**head, "phases": tuple(self._phase(phase) for phase in item.phases)})

    def _phase(self, item: Phase) -> Phase:
        head: dict[str, Any] = {
            "name": self._text(item.id, "naam", item.name, LABEL_LIMIT),
            "title": self._text(item.id, "titel", item.title),
            "intro": self._text(item.id, "inleiding", item.intro),
            "frame": self._frame(item.id, item.frame),
        }
        objectives = tuple(
            item.model_copy(
                update={
                    "title": self._text(item.id, "titel", item.title),
                    "sections": tuple(self._section(section) for section in item.sections),
                }
            )
            for item in item.objectives
        )
        themes = tuple(self._section(section) for section in item.themes)
        return item.model_copy(update={**head, "objectives": objectives, "themes": themes})

    def _frame(self, phase: str, frame: Frame) -> Frame:
        return frame.model_copy(
            update={
                "aims": self._lines(phase, "doel", frame.aims),
                "clb_role": tuple(
                    group.model_copy(
                        update={
                            "title": self._text(phase, f"rol.{number}.titel", group.title),
                            "lines": self._lines(phase, f"rol.{number}.lijn", group.lines),
                        }
                    )
                    for number, group in enumerate(frame.clb_role, 1)
                ),
                "conditions": self._lines(phase, "voorwaarde", frame.conditions),
                "methods": tuple(
                    method.model_copy(
                        update={
                            "title": self._text(phase, f"methodiek.{number}.titel", method.title),
                            "text": self._text(phase, f"methodiek.{number}.tekst", method.text),
                        }
                    )
                    for number, method in enumerate(frame.methods, 1)
                ),
                "results": tuple(
                    result.model_copy(update={"text": self._text(result.id, "tekst", result.text)}) for result in frame.results
                ),
            }
        )

    def _section(self, item: Section) -> Section:
        return item.model_copy(
            update={
                "title": self._text(item.id, "titel", item.title),
                "background": self._text(item.id, "achtergrond", item.background),
                "questions": tuple(
                    question.model_copy(
                        update={
                            "text": self._text(question.id, "vraag", question.text),
                            "method": self._text(question.id, "methode", question.method),
                        }
                    )
                    for question in item.questions
                ),
                "advice": self._lines(item.id, "advies", item.advice),
                "scales": tuple(
                    scale.model_copy(
                        update={
                            "label": self._text(scale.id, "naam", scale.label, LABEL_LIMIT, scale.aspect),
                            "prompt": self._text(scale.id, "vraag", scale.prompt),
                        }
                    )
                    for scale in item.scales
                ),
                "blocks": tuple(self._block(block) for block in item.blocks),
            }
        )

    def _block(self, item: Block) -> Block:
        update: dict[str, Any] = {
            "title": self._text(item.id, "titel", item.title),
            "intro": self._text(item.id, "inleiding", item.intro),
        }
        match item:
            case RowsBlock():
                update["columns"] = self._fields(item.id, item.columns)
                update["add"] = self._text(item.id, "knop", item.add)
            case FieldsBlock() | PosterBlock():
                update["fields"] = self._fields(item.id, item.fields)
            case FocusBlock():
                update["guidelines"] = tuple(self._guideline(item.id, line) for line in item.guidelines)
                update["agreement"] = self._fields(item.id, item.agreement)
            case DirectoryBlock():
                update["groups"] = tuple(self._group(item.id, group) for group in item.groups)
                update["partners"] = tuple(self._partner(partner) for partner in item.partners)
        return item.model_copy(update=update)

    def _fields(self, block: str, fields: Sequence[Field]) -> tuple[Field, ...]:
        return tuple(
            field.model_copy(
                update={
                    "label": self._text(block, f"veld.{field.id}.naam", field.label),
                    "hint": self._text(block, f"veld.{field.id}.uitleg", field.hint),
                    "options": tuple(self._option(block, field.id, option) for option in field.options),
                }
            )
            for field in fields
        )

    def _option(self, block: str, field: str, option: Option) -> Option:
        return option.model_copy(update={"label": self._text(block, f"veld.{field}.keuze.{option.id}", option.label)})

    def _guideline(self, block: str, line: Guideline) -> Guideline:
        title = self._text(block, f"richtlijn.{line.id}.titel", line.title)
        return line.model_copy(update={"title": title, "text": self._text(block, f"richtlijn.{line.id}.tekst", line.text)})

    def _group(self, block: str, group: PartnerGroup) -> PartnerGroup:
        title = self._text(block, f"groep.{group.id}.titel", group.title)
        return group.model_copy(update={"title": title, "intro": self._text(block, f"groep.{group.id}.inleiding", group.intro)})

    def _partner(self, item: Partner) -> Partner:
        return item.model_copy(
            update={
                "name": self._text(item.id, "naam", item.name),
                "purpose": self._text(item.id, "waarvoor", item.purpose),
                "reach": self._text(item.id, "bereik", item.reach),
            }
        )
