"""An instrument's folder of YAML as one ``Instrument``, or every reason why it cannot be.

The checks across files look at an outline drawn from the raw data, so a fault in one question hides no double id in another.
Full ids are composed here: phase and section slugs with the instrument in front, questions and ``schaal`` below their section.
Objectives and sections share one row of slugs per phase, so that a section can move to another objective and keep its id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stslib.content.shapes import (
    AppliesForm,
    InstrumentForm,
    ObjectiveForm,
    PhaseForm,
    SectionForm,
)
from stslib.content.sources import Sources
from stslib.content.wording import parse
from stslib.content.yaml_nodes import Document, Loc, fault, quoted, read_document
from stslib.model.finding import Finding
from stslib.model.instrument import (
    AbsenceKind,
    Applicability,
    Instrument,
    Objective,
    Phase,
    Question,
    Scale,
    Section,
)

FILE = "instrument.yaml"
SCALE = "schaal"
"""The last part of the id of a section's scale."""


@dataclass(frozen=True)
class Counts:
    """What stands in an instrument's files, as far as they can be read; ``per_scale`` is in order of the files."""

    phases: int
    objectives: int
    scales: int
    questions: int
    per_scale: tuple[int, ...]


@dataclass(frozen=True)
class LoadedInstrument:
    """The instrument, or None and the findings that stand in the way."""

    instrument: Instrument | None
    counts: Counts
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Mark:
    """One named thing in a file: an id or a label, and where it stands."""

    kind: str
    name: str
    document: Document
    loc: Loc

    @property
    def place(self) -> str:
        return f"{self.document.place}, regel {self.document.line(self.loc)}"


def instrument_ids(folder: Path) -> tuple[str, ...]:
    """The instruments of a content folder: every folder that holds an ``instrument.yaml``, in order of name."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{FILE}")))


def read_instrument(folder: Path, instrument_id: str, sources: Sources) -> LoadedInstrument:
    """Read one instrument with all its phases; all faults of all its files come back together."""
    home = folder / instrument_id
    place = f"{folder.name}/{instrument_id}"
    head = read_document(home / FILE, f"{place}/{FILE}")
    form, found = parse(head, InstrumentForm)
    names = _phase_files(head)
    documents = [read_document(home / name, f"{place}/{name}") for name in names]
    parsed = [parse(document, PhaseForm) for document in documents]
    findings = [
        *found,
        *sources.unknown(head),
        *_head_faults(head, instrument_id),
        *_stray_files(home, place, names),
    ]
    for document, (_, phase_findings) in zip(documents, parsed, strict=True):
        findings += [*phase_findings, *sources.unknown(document)]
    marks = [mark for document in documents for mark in _marks(document, instrument_id)]
    findings += [*_double_ids(marks), *_double_labels(marks), *_numbers(documents)]
    phases = [phase for phase, _ in parsed if phase is not None]
    whole = form is not None and not findings and not sources.findings and len(phases) == len(documents)
    instrument = _Builder(sources).instrument(form, phases) if form is not None and whole else None
    return LoadedInstrument(instrument, _counts(documents, marks), tuple(findings))


# -- checks across files ----------------------------------------------------------------------------------------------------


def _items(data: Any, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The groups in the list at *key*; anything else there has a finding of its own already."""
    children = data.get(key) if isinstance(data, dict) else None
    for index, child in enumerate(children if isinstance(children, list) else ()):
        if isinstance(child, dict):
            yield index, child


def _phase_files(head: Document) -> list[str]:
    """The usable file names in ``fasen``, each once: a name from outside the folder is never opened."""
    listed = head.data.get("fasen") if isinstance(head.data, dict) else None
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return list(dict.fromkeys(name for name in names if name.endswith(".yaml") and "/" not in name and "\\" not in name))


def _head_faults(head: Document, instrument_id: str) -> Iterator[Finding]:
    if not isinstance(head.data, dict):
        return
    written = head.data.get("id")
    if isinstance(written, str) and written != instrument_id:
        yield head.fault(
            ("id",),
            f"De id {quoted(written)} is niet de naam van de map.",
            f"Schrijf hier '{instrument_id}', of geef de map haar oude naam terug.",
        )
    listed = head.data.get("fasen")
    seen = set()
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(name, str) and name in seen:
            yield head.fault(
                ("fasen", index), f"Het bestand {quoted(name)} staat er twee keer.", "Haal één van de twee regels weg."
            )
        elif isinstance(name, str):
            seen.add(name)


def _stray_files(home: Path, place: str, names: list[str]) -> Iterator[Finding]:
    known = {FILE, *names}
    for path in sorted(home.glob("*.y*ml")):
        if path.name not in known and not path.name.startswith("."):
            yield fault(
                f"{place}/{path.name}",
                "Dit bestand hoort bij geen enkele fase, dus niemand leest het.",
                f"Zet de naam in {place}/{FILE} onder 'fasen' (met .yaml op het einde), of haal het bestand weg.",
            )


def _marks(document: Document, instrument_id: str) -> Iterator[_Mark]:
    """Every id (composed) and every radar label of a phase file."""
    if not isinstance(document.data, dict):
        return
    phase = f"{instrument_id}.{document.data.get('id')}"
    yield _Mark("fase", phase, document, ("id",))
    for number, objective in _items(document.data, "doelstellingen"):
        loc: Loc = ("doelstellingen", number)
        yield _Mark("doelstelling", f"{phase}.{objective.get('id')}", document, (*loc, "id"))
        for order, section in _items(objective, "onderdelen"):
            inside = (*loc, "onderdelen", order)
            name = f"{phase}.{section.get('id')}"
            yield _Mark("onderdeel", name, document, (*inside, "id"))
            if isinstance(scale := section.get("schaal"), dict):
                yield _Mark("schaal", f"{name}.{SCALE}", document, (*inside, "schaal"))
                if isinstance(label := scale.get("naam"), str):
                    yield _Mark("naam", " ".join(label.split()), document, (*inside, "schaal", "naam"))
            for index, question in _items(section, "vragen"):
                yield _Mark("vraag", f"{name}.{question.get('id')}", document, (*inside, "vragen", index, "id"))


def _double_ids(marks: list[_Mark]) -> Iterator[Finding]:
    seen: dict[str, _Mark] = {}
    for mark in marks:
        if mark.kind == "naam" or mark.name.endswith(".None"):
            continue
        first = seen.setdefault(mark.name, mark)
        if first is not mark:
            yield fault(
                mark.place,
                f"De id {quoted(mark.name.rsplit('.', 1)[1])} ({mark.kind}) bestaat al: {first.kind} in {first.place}.",
                "Geef een van de twee een andere id; laat die staan waar al antwoorden aan hangen.",
            )


def _double_labels(marks: list[_Mark]) -> Iterator[Finding]:
    seen: dict[str, _Mark] = {}
    for mark in marks:
        if mark.kind != "naam":
            continue
        first = seen.setdefault(mark.name.casefold(), mark)
        if first is not mark:
            yield fault(
                mark.place,
                f"De naam {quoted(mark.name)} van deze schaal bestaat al: {first.place}.",
                "Kies een andere korte naam, zodat de assen van het spinnenweb te onderscheiden zijn.",
            )


def _numbers(documents: list[Document]) -> Iterator[Finding]:
    """Phases count up in the order in which they are listed."""
    before: tuple[int, Document] | None = None
    for document in documents:
        written = document.data.get("nummer") if isinstance(document.data, dict) else None
        if not isinstance(written, str) or not written.isdecimal():
            continue
        number = int(written[:9])
        if before and number <= before[0]:
            yield document.fault(
                ("nummer",),
                f"Fase {number} komt na fase {before[0]} ({before[1].place}).",
                "Nummer de fasen oplopend, in de volgorde van 'fasen'.",
            )
        before = (number, document)


def _counts(documents: list[Document], marks: list[_Mark]) -> Counts:
    kinds = [mark.kind for mark in marks]
    per_scale = tuple(
        sum(1 for _ in _items(section, "vragen"))
        for document in documents
        for _, objective in _items(document.data, "doelstellingen")
        for _, section in _items(objective, "onderdelen")
    )
    return Counts(
        phases=kinds.count("fase"),
        objectives=kinds.count("doelstelling"),
        scales=kinds.count("schaal"),
        questions=kinds.count("vraag"),
        per_scale=per_scale,
    )


# -- model objects ----------------------------------------------------------------------------------------------------------


class _Builder:
    """Forms without a fault, as model objects with full ids."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def instrument(self, form: InstrumentForm, phases: list[PhaseForm]) -> Instrument:
        return Instrument(
            id=form.id,
            title=form.title,
            short=form.title.split()[0],
            intro=form.intro,
            version=form.version,
            phases=tuple(self._phase(phase, form.id) for phase in phases),
            kinds={
                AbsenceKind.GENERAL: form.kinds.general,
                AbsenceKind.UNLAWFUL: form.kinds.unlawful,
                AbsenceKind.LAWFUL: form.kinds.lawful,
                AbsenceKind.REFUSAL: form.kinds.refusal,
            },
            source=self._sources.model(form.source),
        )

    def _phase(self, form: PhaseForm, above: str) -> Phase:
        identity = f"{above}.{form.id}"
        return Phase(
            id=identity,
            number=form.number,
            name=f"Fase {form.number}",
            title=form.title,
            intro=form.intro,
            objectives=tuple(self._objective(objective, identity) for objective in form.objectives),
            source=self._sources.model(form.source),
        )

    def _objective(self, form: ObjectiveForm, phase: str) -> Objective:
        return Objective(
            id=f"{phase}.{form.id}",
            title=form.title,
            kind=form.kind,
            sections=tuple(self._section(section, phase) for section in form.sections),
            applies=_applicability(form.applies),
            source=self._sources.model(form.source),
        )

    def _section(self, form: SectionForm, phase: str) -> Section:
        identity = f"{phase}.{form.id}"
        model = self._sources.model
        scale = form.scale
        return Section(
            id=identity,
            title=form.title,
            background=form.background,
            questions=tuple(
                Question(id=f"{identity}.{question.id}", text=question.text, source=model(question.source))
                for question in form.questions
            ),
            scales=(Scale(id=f"{identity}.{SCALE}", label=scale.label, prompt=scale.prompt, source=model(scale.source)),),
            applies=_applicability(form.applies),
            figures=form.figures,
            advice=form.advice,
            source=model(form.source),
        )


def _applicability(form: AppliesForm) -> Applicability:
    return Applicability(levels=form.levels, provinces=form.provinces)
