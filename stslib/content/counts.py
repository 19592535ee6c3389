"""How much stands in an instrument's files, as far as they can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stslib.content.outline import Group, Mark, items, sections, word
from stslib.content.yaml_nodes import Document


@dataclass(frozen=True)
class GroupCounts:
    """The help lines of one group: all, those a school reaches itself, and those it reaches through the CLB."""

    help_lines: int
    own: int
    through_clb: int


@dataclass(frozen=True)
class Counts:
    """What stands in an instrument's files; everything *per* something is in order of the files."""

    phases: int
    objectives: int
    scales: int
    questions: int
    per_scale: tuple[int, ...]
    """Questions of every section that has a scale, once per section."""
    questions_per_phase: tuple[int, ...]
    questions_per_section: tuple[tuple[int, ...], ...]
    """Per phase, the questions of every section that has any."""
    aims: int
    role_groups_per_phase: tuple[int, ...]
    role_lines_per_phase: tuple[int, ...]
    conditions_per_phase: tuple[int, ...]
    methods: int
    results: int
    results_per_phase: tuple[int, ...]
    advice: int
    blocks: int
    guidelines: int
    own_proposals: int
    """Questions that are a proposal of our own."""
    questions_with_method: int
    help_lines: int
    help_lines_per_group: dict[str, GroupCounts]
    partners: int
    """Local partners of base care."""
    records: int
    """Help lines and partners together, one for each kind: who is both counts once."""
    retired: int

    def lines(self) -> Iterator[str]:
        """The counts as Dutch lines: what every instrument has first, then only what this one has."""
        split = f" ({' + '.join(map(str, self.questions_per_phase))})" if self.questions and self.phases > 1 else ""
        first = (
            (self.phases, "fase", "fasen"),
            (self.objectives, "doelstelling", "doelstellingen"),
            (self.scales, "schaal", "schalen"),
            (self.questions, "vraag", "vragen"),
        )
        yield next(_line(first), "geen fasen") + split
        frame = (
            (self.aims, "doel", "doelen"),
            (sum(self.role_groups_per_phase), "deel van de CLB-rol", "delen van de CLB-rol"),
            (sum(self.conditions_per_phase), "voorwaarde", "voorwaarden"),
            (self.methods, "methodiek", "methodieken"),
            (self.results, "resultaat", "resultaten"),
        )
        yield from _line(frame)
        inside = (
            (self.blocks, "blok", "blokken"),
            (self.guidelines, "richtlijn", "richtlijnen"),
            (self.own_proposals, "eigen voorstel", "eigen voorstellen"),
            (self.retired, "vervallen vraag", "vervallen vragen"),
        )
        yield from _line(inside)
        if self.records:
            groups = ", ".join(
                f"{name} {group.help_lines} ({group.own} zelf, {group.through_clb} via het CLB)"
                for name, group in self.help_lines_per_group.items()
            )
            yield (
                f"{count(self.help_lines, 'hulplijn', 'hulplijnen')}: {groups}; {count(self.partners, 'partner', 'partners')}; "
                f"samen {count(self.records, 'fiche', 'fiches')}"
            )


def count(number: int, one: str, more: str) -> str:
    """``1 fase``, ``4 fasen``."""
    return f"{number} {one if number == 1 else more}"


def _line(parts: Sequence[tuple[int, str, str]]) -> Iterator[str]:
    told = [count(number, one, more) for number, one, more in parts if number]
    if told:
        yield ", ".join(told)


def count_instrument(head: Document, documents: list[Document], marks: list[Mark]) -> Counts:
    """Count an instrument from its raw data.

    Args:
        head: ``instrument.yaml``.
        documents: the phase files, in order.
        marks: everything in them that has an id.
    """
    kinds = [mark.kind for mark in marks]
    inside = [[section for _, section in sections(document)] for document in documents]
    everything = [section for found in inside for section in found]
    blocks = [block for section in everything for _, block in items(section, "blokken")]
    questions = [question for section in everything for _, question in items(section, "vragen")]
    partners = [partner for block in blocks for _, partner in items(block, "partners")]
    roles = [[group for _, group in items(document.data, "rol_clb")] for document in documents]
    results = _each(documents, lambda data: _length(data, "resultaat"))
    return Counts(
        phases=kinds.count("fase"),
        objectives=kinds.count("doelstelling"),
        scales=kinds.count("schaal"),
        questions=len(questions),
        per_scale=tuple(_length(section, "vragen") for section in everything if "schaal" in section or "schalen" in section),
        questions_per_phase=tuple(sum(_length(section, "vragen") for section in found) for found in inside),
        questions_per_section=tuple(
            tuple(number for section in found if (number := _length(section, "vragen"))) for found in inside
        ),
        aims=sum(_each(documents, lambda data: _length(data, "doel"))),
        role_groups_per_phase=tuple(len(groups) for groups in roles),
        role_lines_per_phase=tuple(sum(_length(group, "lijnen") for group in groups) for groups in roles),
        conditions_per_phase=_each(documents, lambda data: _length(data, "voorwaarden")),
        methods=sum(_each(documents, lambda data: _length(data, "methodieken"))),
        results=sum(results),
        results_per_phase=results,
        advice=sum(_length(section, "advies") for section in everything),
        blocks=len(blocks),
        guidelines=sum(_length(block, "richtlijnen") for block in blocks),
        own_proposals=sum(word(question, "voorstel") == "ja" for question in questions),
        questions_with_method=sum(bool(word(question, "methode")) for question in questions),
        help_lines=sum(_help_line(partner) for partner in partners),
        help_lines_per_group=_groups(blocks),
        partners=sum(word(partner, "partner") == "ja" for partner in partners),
        records=len({mark.name for mark in marks if mark.kind == "partner"}),
        retired=_length(head.data, "vervallen"),
    )


def _groups(blocks: list[Group]) -> dict[str, GroupCounts]:
    found: dict[str, GroupCounts] = {}
    for block in blocks:
        for _, group in items(block, "groepen"):
            name = word(group, "id")
            members = [
                partner for _, partner in items(block, "partners") if _help_line(partner) and word(partner, "groep") == name
            ]
            through = sum(word(partner, "via_clb") == "ja" for partner in members)
            found[name] = GroupCounts(len(members), len(members) - through, through)
    return found


def _help_line(partner: Group) -> bool:
    return word(partner, "hulplijn") == "ja"


def _length(data: Any, key: str) -> int:
    value = data.get(key) if isinstance(data, dict) else None
    return len(value) if isinstance(value, list) else 0


def _each(documents: list[Document], size: Callable[[Any], int]) -> tuple[int, ...]:
    return tuple(size(document.data) for document in documents)
