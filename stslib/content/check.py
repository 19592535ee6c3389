"""Everything in a content folder looked at once: what there is, and what has to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stslib.content import instruments, register, sources, tables
from stslib.content.counts import Counts
from stslib.content.yaml_nodes import fault
from stslib.errors import ContentError
from stslib.model.finding import Finding

_SCHEMAS = "schema"
_FILES = (sources.FILE, tables.CODES, tables.THRESHOLDS, tables.CALENDAR, tables.REFERENCES, register.FILE)


@dataclass(frozen=True)
class ContentReport:
    """Counts per instrument (by id) and rows per table (by file name), beside every finding."""

    instruments: dict[str, Counts]
    tables: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.findings

    def to_json(self) -> dict[str, Any]:
        """As plain data for ``--json``."""
        return {
            "instruments": {identity: asdict(counts) for identity, counts in self.instruments.items()},
            "tables": self.tables,
            "findings": [{**finding.model_dump(mode="json"), "text": str(finding)} for finding in self.findings],
        }


def check_folder(folder: Path) -> ContentReport:
    """Read all of *folder* and list every fault; nothing is cached, so a check right after an edit sees the edit."""
    if not folder.is_dir():
        missing = fault(str(folder), "Deze map bestaat niet.", "Geef met --content de map waarin de inhoud staat.")
        return ContentReport({}, {}, (missing,))
    known = sources.read_sources(folder)
    findings = [*known.findings]
    loaded = {identity: instruments.read_instrument(folder, identity, known) for identity in instruments.instrument_ids(folder)}
    for result in loaded.values():
        findings += result.findings
    read: dict[str, tables.Table[Any]] = {
        tables.CODES: tables.read_codes(folder, known),
        tables.THRESHOLDS: tables.read_thresholds(folder, known),
        tables.CALENDAR: tables.read_calendars(folder, known),
    }
    if (folder / tables.REFERENCES).exists():
        rules = [rule.id for rule in read[tables.THRESHOLDS].rows]
        read[tables.REFERENCES] = tables.read_references(folder, known, rules)
    for table in read.values():
        findings += table.findings
    findings += _lost(folder, loaded)
    findings += _unread(folder, set(loaded))
    if not loaded:
        findings.append(fault(folder.name, "Er is geen enkel instrument.", f"Maak een map met een {instruments.FILE} erin."))
    return ContentReport(
        {identity: result.counts for identity, result in loaded.items()},
        {name: len(table.rows) for name, table in read.items()},
        tuple(findings),
    )


def _lost(folder: Path, loaded: dict[str, instruments.LoadedInstrument]) -> Iterator[Finding]:
    """Released ids that are gone; of an instrument with faults nothing is told, for its ids may only be unreadable."""
    released, faults = register.read_register(folder)
    yield from faults
    for identity, ids in released.items():
        place = f"{folder.name}/{identity}/{instruments.FILE}"
        if identity not in loaded:
            yield fault(place, "Dit instrument was uitgegeven en is verdwenen.", "Zet de map terug.")
        elif loaded[identity].instrument is not None:
            yield from register.lost_ids(place, ids, loaded[identity].ids, loaded[identity].retired)


def register_ids(folder: Path) -> int:
    """Write all ids of a folder into its register; returns how many were new.

    Raises:
        ContentError: an instrument or the register has faults.
        StsError: the register cannot be written.
    """
    known = sources.read_sources(folder)
    loaded = {identity: instruments.read_instrument(folder, identity, known) for identity in instruments.instrument_ids(folder)}
    findings = [*known.findings, *(finding for result in loaded.values() for finding in result.findings)]
    if findings:
        raise ContentError(findings)
    return register.write_register(folder, {identity: result.ids | result.retired for identity, result in loaded.items()})


def _unread(folder: Path, known: set[str]) -> Iterator[Finding]:
    """Files and folders that nothing reads: most often a slip in a name."""
    for path in sorted(folder.iterdir()):
        place = f"{folder.name}/{path.name}"
        if path.name.startswith(".") or path.name == _SCHEMAS:
            continue
        if path.is_dir():
            if path.name not in known and any(path.glob("*.y*ml")):
                yield fault(place, f"In deze map ontbreekt {instruments.FILE}.", "Voeg het toe, of haal de map weg.")
        elif path.suffix in (".yaml", ".yml") and path.name not in _FILES:
            yield fault(place, "Niemand leest dit bestand.", f"Gekende bestanden hier: {', '.join(_FILES)}.")
