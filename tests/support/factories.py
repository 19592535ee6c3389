"""Small instruments and journals for tests: what fits on the screen is given, the rest is filled in."""

from __future__ import annotations

from pathlib import Path

from stslib.model.blocks import (
    ActionsBlock,
    DirectoryBlock,
    Field,
    FieldKind,
    FieldsBlock,
    FocusBlock,
    Guideline,
    Option,
    Partner,
    RowsBlock,
)
from stslib.model.instrument import (
    AbsenceKind,
    Applicability,
    Frame,
    Instrument,
    Objective,
    Phase,
    Province,
    Question,
    Result,
    Scale,
    SchoolLevel,
    Section,
)
from stslib.model.session import Change, Journal, Session
from stslib.model.source import Source
from stslib.store import open_journal

SOURCE = Source(document="proef", part="proef")


def make_section(slug: str, *, applies: Applicability | None = None, questions: int = 2) -> Section:
    return Section(
        id=slug,
        title=f"Thema {slug}",
        background="Waarom dit telt.",
        questions=tuple(
            Question(id=f"{slug}.vraag-{number}", text=f"Vraag {number} over {slug}?", source=SOURCE)
            for number in range(1, questions + 1)
        ),
        scales=(Scale(id=f"{slug}.schaal", label=slug[-24:], prompt=f"Hoe sterk staan jullie in {slug}?", source=SOURCE),),
        applies=applies or Applicability(),
        source=SOURCE,
    )


def make_objective(slug: str, *sections: Section, kind: AbsenceKind = AbsenceKind.GENERAL) -> Objective:
    return Objective(
        id=slug, title=f"Doelstelling {slug}", kind=kind, sections=sections or (make_section(f"{slug}.een"),), source=SOURCE
    )


def make_instrument(*objectives: Objective) -> Instrument:
    phase = Phase(
        id="proef.f0",
        number=0,
        name="Fase 0",
        title="Basis",
        intro="Begin hier.",
        objectives=objectives or (make_objective("proef.a"), make_objective("proef.b"), make_objective("proef.c")),
        source=SOURCE,
    )
    kinds = {kind: kind.value for kind in AbsenceKind}
    return Instrument(
        id="proef", title="Proef", short="Proef", intro="Proef.", version="1", phases=(phase,), kinds=kinds, source=SOURCE
    )


def make_plan(slug: str = "fiche") -> Instrument:
    """An instrument with a frame and a block of most kinds, in one phase with one section of its own."""
    phase, section = f"{slug}.f1", f"{slug}.f1.plan"
    line = Field(id="tekst", label="Tekst", kind=FieldKind.LINE)
    scope = Field(id="bereik", label="Bereik", kind=FieldKind.CHOICE, options=(Option(id="klas", label="Klas"),))
    fits = Guideline(id="klein", title="Begin klein", text="Liever één groep dan iedereen.")
    blocks = (
        FieldsBlock(id=f"{section}.doel", title="Doel", fields=(line, scope), source=SOURCE),
        FieldsBlock(id=f"{section}.vandaag", title="Vandaag", fields=(line,), carried=False, source=SOURCE),
        RowsBlock(id=f"{section}.sterktes", title="Sterktes", columns=(line,), add="Sterkte toevoegen", source=SOURCE),
        FocusBlock(id=f"{section}.focus", title="Focus", guidelines=(fits,), agreement=(line,), source=SOURCE),
        ActionsBlock(id=f"{section}.acties", title="Acties", source=SOURCE),
        DirectoryBlock(
            id=f"{section}.adressen",
            title="Adressen",
            groups=(),
            partners=(
                Partner(
                    id=f"{section}.adressen.clb", name="CLB", purpose="Hulp", reach="de school", partner=True, sources=(SOURCE,)
                ),
            ),
            source=SOURCE,
        ),
    )
    return Instrument(
        id=slug,
        title=f"Fiche {slug}",
        short="Fiche",
        intro="Proef.",
        version="2",
        phases=(
            Phase(
                id=phase,
                number=1,
                name="Fase 1",
                title="Plannen",
                intro="Begin hier.",
                frame=Frame(results=(Result(id=f"{phase}.gedragen", text="Het plan is gedragen."),)),
                themes=(
                    Section(
                        id=section,
                        title="Het plan",
                        questions=(Question(id=f"{section}.wat", text="Wat willen we?", source=SOURCE),),
                        blocks=blocks,
                        source=SOURCE,
                    ),
                ),
                source=SOURCE,
            ),
        ),
        retired=(Question(id=f"{section}.vroeger", text="Wat vroegen we vroeger?", source=SOURCE),),
        source=SOURCE,
    )


def make_session(
    data: Path, *, levels: tuple[SchoolLevel, ...] = (SchoolLevel.SECONDARY,), province: Province = Province.LIMBURG
) -> tuple[Journal, Session]:
    journal = open_journal(data)
    trajectory = journal.create_trajectory("Campus Proef", levels, province, "2025-2026")
    return journal, journal.create_session(trajectory.id)


_edits = 0


def change(item: str, field: str, value: object, *, seen: int = 0, edit_id: str = "") -> Change:
    global _edits
    _edits += 1
    return Change(item=item, field=field, value=value, seen=seen, edit_id=edit_id or f"proef-{_edits}")
