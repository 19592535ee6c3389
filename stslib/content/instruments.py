"""An instrument's folder of YAML as one ``Instrument``, or every reason why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stslib.content import outline, rules
from stslib.content.building import Builder
from stslib.content.counts import Counts, count_instrument
from stslib.content.shapes import InstrumentForm, PhaseForm
from stslib.content.sources import Sources
from stslib.content.telling import parse
from stslib.content.yaml_nodes import Document, fault, quoted, read_document
from stslib.model.finding import Finding
from stslib.model.instrument import Instrument

FILE = "instrument.yaml"

ORDER = ("school", "preventieplan", "leerkracht", "ouders", "netwerk")
"""The instruments in the order in which a trajectory meets them; one that is not named here comes after."""


@dataclass(frozen=True)
class LoadedInstrument:
    """The instrument, or None and the findings that stand in the way."""

    instrument: Instrument | None
    counts: Counts
    findings: tuple[Finding, ...]
    ids: frozenset[str]
    """Every id that something kept can hang on, without the instrument in front."""

    @property
    def retired(self) -> frozenset[str]:
        """The ids of the questions that are not asked any more, likewise."""
        questions = self.instrument.retired if self.instrument else ()
        return frozenset(question.id.partition(".")[2] for question in questions)


def instrument_ids(folder: Path) -> tuple[str, ...]:
    """Every folder that holds an ``instrument.yaml``: those of ``ORDER`` first, then the rest by name."""
    names = sorted(path.parent.name for path in folder.glob(f"*/{FILE}"))
    return (*(name for name in ORDER if name in names), *(name for name in names if name not in ORDER))


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
        findings += rules.phase_rules(document)
    marks = [mark for document in documents for mark in outline.marks(document, instrument_id)]
    findings += [*outline.double_ids(marks), *rules.head_rules(head, documents, marks), *_numbers(documents)]
    phases = [phase for phase, _ in parsed if phase is not None]
    whole = form is not None and not findings and not sources.findings and len(phases) == len(documents)
    instrument = Builder(sources).instrument(form, phases) if form is not None and whole else None
    ids = outline.every_id(documents, marks, instrument_id)
    return LoadedInstrument(instrument, count_instrument(head, documents, marks), tuple(findings), ids)


# -- checks across files ----------------------------------------------------------------------------------------------------


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
