"""Forms without a fault, as model objects with full ids."""

from __future__ import annotations

from stslib.content.outline import SCALE
from stslib.content.shapes import (
    ActionsForm,
    AnyBlockForm,
    AppliesForm,
    DirectoryForm,
    FieldForm,
    FieldsForm,
    FocusForm,
    IndicatorForm,
    InstrumentForm,
    KindsForm,
    ObjectiveForm,
    PartnerForm,
    PhaseForm,
    PosterForm,
    QuestionForm,
    RowsForm,
    ScaleForm,
    SectionForm,
)
from stslib.content.sources import Sources
from stslib.model.blocks import (
    ActionsBlock,
    Block,
    DirectoryBlock,
    Field,
    FieldsBlock,
    FocusBlock,
    Guideline,
    IndicatorBlock,
    Option,
    Partner,
    PartnerGroup,
    PosterBlock,
    RowsBlock,
)
from stslib.model.instrument import (
    AbsenceKind,
    Applicability,
    Frame,
    Instrument,
    Method,
    Objective,
    Phase,
    Question,
    Result,
    RoleGroup,
    Scale,
    Section,
)


class Builder:
    """Builds with the titles of the documents at hand."""

    def __init__(self, sources: Sources) -> None:
        self._source = sources.model

    def instrument(self, form: InstrumentForm, phases: list[PhaseForm]) -> Instrument:
        """The whole instrument; *phases* in order."""
        return Instrument(
            id=form.id,
            title=form.title,
            short=form.short,
            intro=form.intro,
            version=form.version,
            phases=tuple(self._phase(phase, form.id) for phase in phases),
            layout=form.layout,
            separate=form.separate == "ja",
            kinds=_kinds(form.kinds),
            aspects=dict(form.aspects),
            retired=tuple(
                Question(id=f"{form.id}.{question.id}", text=question.text, source=self._source(question.source))
                for question in form.retired
            ),
            source=self._source(form.source),
        )

    def _phase(self, form: PhaseForm, above: str) -> Phase:
        identity = f"{above}.{form.id}"
        return Phase(
            id=identity,
            number=form.number,
            name=form.name,
            title=form.title,
            intro=form.intro,
            frame=_frame(form, identity),
            objectives=tuple(self._objective(objective, identity) for objective in form.objectives),
            themes=tuple(self._section(section, identity) for section in form.themes),
            source=self._source(form.source),
        )

    def _objective(self, form: ObjectiveForm, phase: str) -> Objective:
        return Objective(
            id=f"{phase}.{form.id}",
            title=form.title,
            kind=form.kind,
            sections=tuple(self._section(section, phase) for section in form.sections),
            applies=_applicability(form.applies),
            source=self._source(form.source),
        )

    def _section(self, form: SectionForm, phase: str) -> Section:
        identity = f"{phase}.{form.id}"
        one = () if form.scale is None else (self._scale(form.scale, identity),)
        return Section(
            id=identity,
            title=form.title,
            background=form.background,
            questions=tuple(self._question(question, identity) for question in form.questions),
            scales=(*one, *(self._scale(scale, identity, scale.aspect) for scale in form.scales)),
            blocks=tuple(self._block(block, identity) for block in form.blocks),
            applies=_applicability(form.applies),
            figures=form.figures,
            advice=form.advice,
            source=self._source(form.source),
        )

    def _question(self, form: QuestionForm, section: str) -> Question:
        return Question(
            id=f"{section}.{form.id}",
            text=form.text,
            method=form.method,
            own=form.own == "ja",
            source=self._source(form.source),
        )

    def _scale(self, form: ScaleForm, section: str, aspect: str = "") -> Scale:
        return Scale(
            id=f"{section}.{SCALE}" + (f"-{aspect}" if aspect else ""),
            label=form.label,
            prompt=form.prompt,
            aspect=aspect,
            source=self._source(form.source),
        )

    def _block(self, form: AnyBlockForm, section: str) -> Block:
        identity, title, intro, source = f"{section}.{form.id}", form.title, form.intro, self._source(form.source)
        match form:
            case RowsForm():
                return RowsBlock(
                    id=identity,
                    title=title,
                    intro=intro,
                    source=source,
                    columns=_fields(form.columns),
                    add=form.add,
                    carried=form.carried == "ja",
                )
            case FieldsForm():
                fields, carried = _fields(form.fields_), form.carried == "ja"
                return FieldsBlock(id=identity, title=title, intro=intro, source=source, fields=fields, carried=carried)
            case FocusForm():
                return FocusBlock(
                    id=identity,
                    title=title,
                    intro=intro,
                    source=source,
                    guidelines=tuple(Guideline(id=line.id, title=line.title, text=line.text) for line in form.guidelines),
                    agreement=_fields(form.agreement),
                )
            case ActionsForm():
                view = "follow-up" if form.view == "opvolging" else "plan"
                return ActionsBlock(id=identity, title=title, intro=intro, source=source, view=view)
            case IndicatorForm():
                return IndicatorBlock(id=identity, title=title, intro=intro, source=source)
            case PosterForm():
                return PosterBlock(id=identity, title=title, intro=intro, source=source, fields=_fields(form.fields_))
            case DirectoryForm():
                return DirectoryBlock(
                    id=identity,
                    title=title,
                    intro=intro,
                    source=source,
                    groups=tuple(PartnerGroup(id=group.id, title=group.title, intro=group.intro) for group in form.groups),
                    partners=tuple(self._partner(partner, identity) for partner in form.partners),
                )

    def _partner(self, form: PartnerForm, block: str) -> Partner:
        return Partner(
            id=f"{block}.{form.id}",
            name=form.name,
            purpose=form.purpose,
            reach=form.reach,
            group=form.group,
            through_clb=form.through_clb == "ja",
            help_line=form.help_line == "ja",
            partner=form.partner == "ja",
            sources=tuple(self._source(source) for source in form.sources),
        )


def _frame(form: PhaseForm, phase: str) -> Frame:
    return Frame(
        aims=form.aims,
        clb_role=tuple(RoleGroup(title=group.title, lines=group.lines) for group in form.clb_role),
        conditions=form.conditions,
        results=tuple(Result(id=f"{phase}.{line.id}", text=line.text) for line in form.results),
        methods=tuple(Method(title=method.title, text=method.text) for method in form.methods),
        minutes=form.minutes,
    )


def _fields(forms: tuple[FieldForm, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(
            id=form.id,
            label=form.label,
            hint=form.hint,
            kind=form.kind,
            options=tuple(Option(id=option.id, label=option.label) for option in form.options),
        )
        for form in forms
    )


def _kinds(form: KindsForm | None) -> dict[AbsenceKind, str]:
    if form is None:
        return {}
    return {
        AbsenceKind.GENERAL: form.general,
        AbsenceKind.UNLAWFUL: form.unlawful,
        AbsenceKind.LAWFUL: form.lawful,
        AbsenceKind.REFUSAL: form.refusal,
    }


def _applicability(form: AppliesForm) -> Applicability:
    return Applicability(levels=form.levels, provinces=form.provinces)
