"""The instruments, codes, thresholds and calendars: YAML in, model objects out, every fault told at once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from stslib.content import instruments, sources, tables
from stslib.content.check import ContentReport, check_folder
from stslib.content.counts import Counts
from stslib.content.shapes import FIGURE_IDS
from stslib.content.telling import suggestion
from stslib.content.texts import with_texts
from stslib.content.wording import Wording, load_wording, wording_problem
from stslib.content.yaml_nodes import fault, quoted
from stslib.errors import ContentError
from stslib.model.absence import AbsenceCode, ReferenceFigure, SchoolYearCalendar, Threshold
from stslib.model.instrument import Instrument
from stslib.paths import content_folder

__all__ = [
    "FIGURE_IDS",
    "INSTRUMENT_ORDER",
    "ContentReport",
    "Counts",
    "Wording",
    "calendars",
    "check_content",
    "instrument_ids",
    "load_calendar",
    "load_codes",
    "load_instrument",
    "load_instruments",
    "load_references",
    "load_thresholds",
    "load_wording",
    "wording_problem",
]


RowT = TypeVar("RowT")

Stamp = tuple[tuple[str | int, ...], ...]

INSTRUMENT_ORDER = instruments.ORDER
"""The instruments in the order in which a trajectory meets them."""


def _folder(explicit: Path | None) -> Path:
    return (explicit or content_folder()).resolve()


def instrument_ids(folder: Path | None = None) -> tuple[str, ...]:
    """The ids of all instruments: ours in the order of a trajectory, then others by name."""
    return instruments.instrument_ids(_folder(folder))


def load_instrument(instrument_id: str, folder: Path | None = None, *, wording: Wording | None = None) -> Instrument:
    """One instrument, read again only when its files changed.

    Args:
        instrument_id: the name of its folder, as ``preventieplan``.
        folder: the content folder; None for the one that ships with the package (or ``STS_CONTENT``).
        wording: a centre's own texts, laid over ours; the instrument says so in its ``edition`` when it has any of them.

    Raises:
        ContentError: lists every fault in the instrument's files, or says that there is no such instrument.
    """
    home = _folder(folder)
    stamp = _stamp(home / sources.FILE, *sorted((home / instrument_id).glob("*.yaml")))
    return _worded(home, instrument_id, stamp, wording) if wording else _instrument(home, instrument_id, stamp)


def load_instruments(folder: Path | None = None, *, wording: Wording | None = None) -> tuple[Instrument, ...]:
    """Every instrument, in the order of ``instrument_ids``.

    Raises:
        ContentError: lists every fault in the first instrument that has any.
    """
    return tuple(load_instrument(identity, folder, wording=wording) for identity in instrument_ids(folder))


def load_codes(folder: Path | None = None) -> tuple[AbsenceCode, ...]:
    """All absence codes, older ones too. ``valid_to`` says until when a code was official, not until when it may be read.

    Raises:
        ContentError: lists every fault in ``codes.yaml``.
    """
    home = _folder(folder)
    return _codes(home, _stamp(home / sources.FILE, home / tables.CODES))


def load_thresholds(folder: Path | None = None) -> tuple[Threshold, ...]:
    """All thresholds, past and announced ones too; ``value`` is the first number that counts, or the last one that is allowed.

    Raises:
        ContentError: lists every fault in ``drempels.yaml``.
    """
    home = _folder(folder)
    return _thresholds(home, _stamp(home / sources.FILE, home / tables.THRESHOLDS))


def load_references(folder: Path | None = None) -> tuple[ReferenceFigure, ...]:
    """Published figures for Flanders, as context beside a school's own and never as a norm; a folder may have none.

    Raises:
        ContentError: lists every fault in ``referentie.yaml``.
    """
    home = _folder(folder)
    return _references(home, _stamp(home / sources.FILE, home / tables.THRESHOLDS, home / tables.REFERENCES))


def calendars(folder: Path | None = None) -> tuple[SchoolYearCalendar, ...]:
    """The school years that are known, oldest first.

    Raises:
        ContentError: lists every fault in ``kalender.yaml``.
    """
    home = _folder(folder)
    return _calendars(home, _stamp(home / sources.FILE, home / tables.CALENDAR))


def load_calendar(school_year: str, folder: Path | None = None) -> SchoolYearCalendar:
    """The calendar of one school year, written as ``2025-2026``.

    Raises:
        ContentError: the file has faults, or the school year is not in it.
    """
    known = {calendar.school_year: calendar for calendar in calendars(folder)}
    if school_year not in known:
        place = f"{_folder(folder).name}/{tables.CALENDAR}"
        remedy = f"Gekende schooljaren: {', '.join(known)}. Voeg het toe zoals de uitleg bovenaan het bestand zegt."
        raise ContentError([fault(place, f"Het schooljaar {quoted(school_year)} staat er niet in.", remedy)])
    return known[school_year]


def check_content(folder: Path | None = None) -> ContentReport:
    """Counts and findings over the whole folder, read afresh; never raises for a fault in the content."""
    return check_folder(_folder(folder))


def _stamp(*files: Path) -> Stamp:
    """What changes when one of *files* is edited, made or lost; a few system calls, nothing is read."""
    return tuple((path.name, *_state(path)) for path in files)


def _state(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=64)
def _worded(folder: Path, instrument_id: str, stamp: Stamp, wording: Wording) -> Instrument:
    return with_texts(_instrument(folder, instrument_id, stamp), wording.plain(), wording.tag)


@lru_cache(maxsize=64)
def _instrument(folder: Path, instrument_id: str, _: Stamp) -> Instrument:
    known = instruments.instrument_ids(folder)
    if instrument_id not in known:
        remedy = suggestion(instrument_id, known) if known else "Kijk of de map met inhoud volledig is."
        raise ContentError([fault(folder.name, f"Het instrument {quoted(instrument_id)} bestaat niet.", remedy)])
    documents = sources.read_sources(folder)
    loaded = instruments.read_instrument(folder, instrument_id, documents)
    if loaded.instrument is None:
        raise ContentError([*documents.findings, *loaded.findings])
    return loaded.instrument


def _rows(table: tables.Table[RowT], documents: sources.Sources) -> tuple[RowT, ...]:
    if documents.findings or table.findings:
        raise ContentError([*documents.findings, *table.findings])
    return table.rows


@lru_cache(maxsize=8)
def _codes(folder: Path, _: Stamp) -> tuple[AbsenceCode, ...]:
    documents = sources.read_sources(folder)
    return _rows(tables.read_codes(folder, documents), documents)


@lru_cache(maxsize=8)
def _thresholds(folder: Path, _: Stamp) -> tuple[Threshold, ...]:
    documents = sources.read_sources(folder)
    return _rows(tables.read_thresholds(folder, documents), documents)


@lru_cache(maxsize=8)
def _references(folder: Path, _: Stamp) -> tuple[ReferenceFigure, ...]:
    documents = sources.read_sources(folder)
    rules = [rule.id for rule in tables.read_thresholds(folder, documents).rows]
    return _rows(tables.read_references(folder, documents, rules), documents)


@lru_cache(maxsize=8)
def _calendars(folder: Path, _: Stamp) -> tuple[SchoolYearCalendar, ...]:
    documents = sources.read_sources(folder)
    return _rows(tables.read_calendars(folder, documents), documents)
