"""A dialogue instrument as data: phases, objectives, sections, scales, questions.

Terms follow the glossary of the instruments: a *section* is a theme with its questions and one scale; most objectives have one.
Full ids are permanent and composed of slugs: ``preventieplan.f0.registratie.schaal``.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field

from stslib.model.base import Frozen
from stslib.model.blocks import Block
from stslib.model.source import Source


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
    method: str = ""
    """The conversation method it leans on, where the instrument names methods: waarderend doorvragen, "stel dat", ..."""
    own: bool = False
    """Whether it is a proposal of our own: the source gives the frame, not the question."""
    source: Source


class Scale(Frozen):
    """A self-score from 0 to 10, or no number; ``label`` is short and unique within its instrument and aspect (radar axis)."""

    id: str
    label: str = Field(max_length=24)
    prompt: str
    aspect: str = ""
    """Which of the instrument's ``aspects`` it measures, where a section has more than one scale."""
    source: Source


class Section(Frozen):
    """A theme: background, questions, scales, small forms, and the figures that bear on it (ids)."""

    id: str
    title: str
    background: str = ""
    questions: tuple[Question, ...] = ()
    scales: tuple[Scale, ...] = ()
    blocks: tuple[Block, ...] = ()
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


class RoleGroup(Frozen):
    """Part of what the CLB does in a phase: a title (or a sentence) and the lines below it."""

    title: str
    lines: tuple[str, ...] = ()


class Method(Frozen):
    """A way to hold the conversation of a phase, for the facilitator."""

    title: str
    text: str


class Result(Frozen):
    """One line of the checklist that closes a phase; ticked as ``done`` on its id."""

    id: str
    text: str


class Frame(Frozen):
    """What comes back in each phase: aims, the CLB's role, conditions, results; and methods and minutes for the facilitator."""

    aims: tuple[str, ...] = ()
    clb_role: tuple[RoleGroup, ...] = ()
    conditions: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    methods: tuple[Method, ...] = ()
    minutes: int | None = None
    """Suggested length; nothing ever advances by it."""


class Phase(Frozen):
    """One step of an instrument, in fixed order: objectives with their sections, or sections of its own."""

    id: str
    number: int
    name: str
    """What it is called in short: "Fase 1", "Vooraf"."""
    title: str
    intro: str
    frame: Frame = Frame()
    objectives: tuple[Objective, ...] = ()
    themes: tuple[Section, ...] = ()
    source: Source

    def sections(self) -> Iterator[Section]:
        """Every section of the phase, in order: those of the objectives, then the phase's own."""
        for objective in self.objectives:
            yield from objective.sections
        yield from self.themes

    def scales(self) -> Iterator[Scale]:
        """Every scale of the phase, in order."""
        for section in self.sections():
            yield from section.scales


class Layout(StrEnum):
    """How the phases of an instrument are laid out: one at a time, or all on one page."""

    STEPS = "stappen"
    PAGE = "blad"


class Instrument(Frozen):
    """One dialogue instrument or map: the unit that a notebook serves."""

    id: str
    title: str
    short: str
    """A name of one or two words, for the way between instruments."""
    intro: str
    version: str
    phases: tuple[Phase, ...] = Field(min_length=1)
    layout: Layout = Layout.STEPS
    separate: bool = False
    """Whether each session is about somebody else (one pupil, one family): nothing of another session is laid beside it."""
    kinds: dict[AbsenceKind, str] = Field(default={})
    """A title per kind of absence, shown above the objectives of that kind."""
    aspects: dict[str, str] = Field(default={})
    """What the scales of one section measure, by slug: a radar draws one line for each."""
    retired: tuple[Question, ...] = ()
    """Questions of earlier versions, so that what was answered to them can still be read with the question beside it."""
    wording: str = ""
    """Name of the centre's own wording that was laid over these texts; empty for ours."""
    source: Source

    @property
    def edition(self) -> str:
        """What an answer keeps of the content it answered: version, and the wording where a centre has its own."""
        return f"{self.id}@{self.version}" + (f"+{self.wording}" if self.wording else "")

    @property
    def uses_figures(self) -> bool:
        """Whether the school's own figures have a place in it."""
        return any(section.figures for section in self.sections()) or any(
            block.kind in ("focus", "indicator") for block in self.blocks()
        )

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
            yield from section.scales

    def questions(self) -> Iterator[Question]:
        """Every question, in order."""
        for section in self.sections():
            yield from section.questions

    def blocks(self) -> Iterator[Block]:
        """Every block, in order."""
        for section in self.sections():
            yield from section.blocks
