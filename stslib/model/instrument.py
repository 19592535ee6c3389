"""A dialogue instrument as data: phases, objectives, sections, scales, questions.

Terms follow the glossary of the instruments: a *section* is a theme with its questions and one scale; most objectives have one.
Full ids are permanent and composed of slugs: ``preventieplan.f0.registratie.schaal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field

from stslib.model.base import Frozen


class SchoolLevel(StrEnum):
    """Levels of education that a trajectory can be about (Dutch words are their names)."""

    NURSERY = "kleuter"
    PRIMARY = "lager"
    SECONDARY = "secundair"
    SPECIAL_PRIMARY = "buitengewoon-basis"
    SPECIAL_SECONDARY = "buitengewoon-secundair"


class Province(StrEnum):
    """The Flemish provinces and Brussels."""

    ANTWERP = "antwerpen"
    LIMBURG = "limburg"
    EAST_FLANDERS = "oost-vlaanderen"
    FLEMISH_BRABANT = "vlaams-brabant"
    WEST_FLANDERS = "west-vlaanderen"
    BRUSSELS = "brussel"


class AbsenceKind(StrEnum):
    """The kind of absence an objective is about; ``GENERAL`` bears on all."""

    GENERAL = "algemeen"
    UNLAWFUL = "ongeoorloofd"
    LAWFUL = "geoorloofd"
    REFUSAL = "schoolweigering"


class Source(Frozen):
    """Which source document, and where in it, an item goes back to (``bron`` in YAML)."""

    document: str
    part: str


class Applicability(Frozen):
    """For which schools something is meant; an empty tuple means for all."""

    levels: tuple[SchoolLevel, ...] = ()
    provinces: tuple[Province, ...] = ()

    def covers(self, levels: tuple[SchoolLevel, ...], province: Province | None) -> bool:
        """Whether a school with these *levels* in this *province* is meant."""
        level_fits = not self.levels or any(level in self.levels for level in levels)
        province_fits = not self.provinces or province in self.provinces
        return level_fits and province_fits


class Question(Frozen):
    """One question the team talks about; its answer is free text."""

    id: str
    text: str
    source: Source


class Scale(Frozen):
    """A self-score from 0 to 10, or no number; ``label`` is short and unique within its instrument (radar axis)."""

    id: str
    label: str = Field(max_length=24)
    prompt: str
    source: Source


class Section(Frozen):
    """A theme of an objective: background, questions, one scale, and the figures that bear on it (ids)."""

    id: str
    title: str
    background: str
    questions: tuple[Question, ...] = Field(min_length=1)
    scale: Scale
    applies: Applicability = Applicability()
    figures: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    source: Source


class Objective(Frozen):
    """What a school wants to reach; carries one or more sections."""

    id: str
    title: str
    kind: AbsenceKind
    sections: tuple[Section, ...] = Field(min_length=1)
    applies: Applicability = Applicability()
    source: Source


class Phase(Frozen):
    """One step of an instrument, in fixed order."""

    id: str
    number: int
    title: str
    intro: str
    objectives: tuple[Objective, ...] = Field(min_length=1)
    source: Source

    def sections(self) -> Iterator[Section]:
        """Every section of the phase, in order."""
        for objective in self.objectives:
            yield from objective.sections


class Instrument(Frozen):
    """One dialogue fiche, plan or map: the unit that a notebook serves."""

    id: str
    title: str
    intro: str
    version: str
    phases: tuple[Phase, ...] = Field(min_length=1)
    kinds: dict[AbsenceKind, str]
    """A title per kind of absence, shown above the objectives of that kind."""
    source: Source

    def objectives(self) -> Iterator[Objective]:
        """Every objective, in order."""
        for phase in self.phases:
            yield from phase.objectives

    def sections(self) -> Iterator[Section]:
        """Every section, in order."""
        for phase in self.phases:
            yield from phase.sections()

    def scales(self) -> Iterator[Scale]:
        """Every scale, in order."""
        for section in self.sections():
            yield section.scale

    def questions(self) -> Iterator[Question]:
        """Every question, in order."""
        for section in self.sections():
            yield from section.questions
