"""Codes, thresholds and calendars: dated tables of YAML as model objects, or every reason why they cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from stslib.content.shapes import STATUSES, CalendarForm, CodesForm, ReferencesForm, SchoolYearForm, ThresholdsForm
from stslib.content.sources import Sources
from stslib.content.telling import parse, suggestion
from stslib.content.yaml_nodes import Document, quoted, read_document
from stslib.model.absence import AbsenceCode, Period, ReferenceFigure, SchoolYearCalendar, Threshold
from stslib.model.finding import Finding

CODES = "codes.yaml"
THRESHOLDS = "drempels.yaml"
CALENDAR = "kalender.yaml"
REFERENCES = "referentie.yaml"

_SATURDAY = 5

RowT = TypeVar("RowT")
FormT = TypeVar("FormT", bound=BaseModel)


@dataclass(frozen=True)
class Table(Generic[RowT]):
    """The rows of a file, or none and the findings that stand in the way."""

    rows: tuple[RowT, ...]
    findings: tuple[Finding, ...]


def read_codes(folder: Path, sources: Sources) -> Table[AbsenceCode]:
    """Read ``codes.yaml``: one row per code (two for a code with two periods that do not meet)."""
    return _read(folder, CODES, CodesForm, sources, _code_faults, _codes)


def read_thresholds(folder: Path, sources: Sources) -> Table[Threshold]:
    """Read ``drempels.yaml``; a value that is not public yet is None."""
    return _read(folder, THRESHOLDS, ThresholdsForm, sources, _threshold_faults, _thresholds)


def read_references(folder: Path, sources: Sources, thresholds: Iterable[str]) -> Table[ReferenceFigure]:
    """Read ``referentie.yaml``, if there is one: published figures, each counted with one of *thresholds*."""
    if not (folder / REFERENCES).exists():
        return Table((), ())
    known = tuple(thresholds)

    def faults(document: Document, form: ReferencesForm) -> Iterator[Finding]:
        return _reference_faults(document, form, known)

    return _read(folder, REFERENCES, ReferencesForm, sources, faults, _references)


def read_calendars(folder: Path, sources: Sources) -> Table[SchoolYearCalendar]:
    """Read ``kalender.yaml``: one row per school year, oldest first."""
    return _read(folder, CALENDAR, CalendarForm, sources, _calendar_faults, _calendars)


def _read(
    folder: Path,
    name: str,
    form_type: type[FormT],
    sources: Sources,
    faults: Callable[[Document, FormT], Iterator[Finding]],
    build: Callable[[FormT, Sources], tuple[RowT, ...]],
) -> Table[RowT]:
    document = read_document(folder / name, f"{folder.name}/{name}")
    form, findings = parse(document, form_type)
    found = [*findings, *sources.unknown(document), *(faults(document, form) if form else ())]
    return Table(build(form, sources) if form and not found and not sources.findings else (), tuple(found))


# -- codes -------------------------------------------------------------------------------------------------------------


def _code_faults(document: Document, form: CodesForm) -> Iterator[Finding]:
    official = [entry.code for entry in form.codes if entry.official is None]
    for index, entry in enumerate(form.codes):
        loc = ("codes", index)
        for earlier_index, earlier in enumerate(form.codes[:index]):
            if earlier.code == entry.code and _meet(earlier, entry):
                line = document.line(("codes", earlier_index))
                yield document.fault(
                    (*loc, "code"),
                    f"De code {quoted(entry.code)} staat er al voor dezelfde tijd (regel {line}).",
                    "Haal er één weg, of laat geldig_van en geldig_tot op elkaar aansluiten.",
                )
        if entry.official is not None and entry.official not in official:
            yield document.fault(
                (*loc, "telt_vandaag_als"),
                f"{quoted(entry.official)} is geen officiële code in deze lijst.",
                suggestion(entry.official, official),
            )
        if entry.absent == "ja" and entry.status in ("te laat", "aanwezig"):
            yield document.fault(
                (*loc, "telt_als_afwezig"),
                f"Status '{entry.status}' telt nooit als afwezig.",
                "Schrijf 'nee', of kies een andere status.",
            )
        yield from _dates_turned(document, loc, entry)


def _meet(one: Any, other: Any) -> bool:
    """Whether two rows are valid on a same day."""
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (other.valid_from or date.min) <= (
        one.valid_to or date.max
    )


def _dates_turned(document: Document, loc: tuple[int | str, ...], entry: Any) -> Iterator[Finding]:
    if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
        yield document.fault(
            (*loc, "geldig_tot"),
            f"geldig_tot ({entry.valid_to}) ligt voor geldig_van ({entry.valid_from}).",
            "Wissel de twee datums om.",
        )


def _codes(form: CodesForm, sources: Sources) -> tuple[AbsenceCode, ...]:
    return tuple(
        AbsenceCode(
            code=entry.code,
            meaning=entry.meaning,
            status=STATUSES[entry.status],
            absent=entry.absent == "ja",
            shown_apart=entry.shown_apart == "ja",
            official=entry.official,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
            source=sources.text(entry.source),
        )
        for entry in form.codes
    )


# -- thresholds --------------------------------------------------------------------------------------------------------


def _threshold_faults(document: Document, form: ThresholdsForm) -> Iterator[Finding]:
    yield from _ids_twice(document, "drempels", [entry.id for entry in form.thresholds], "Geef elke drempel een eigen id.")
    for index, entry in enumerate(form.thresholds):
        yield from _dates_turned(document, ("drempels", index), entry)


def _ids_twice(document: Document, key: str, ids: Sequence[str], remedy: str) -> Iterator[Finding]:
    """The entries under *key* that have an id of an earlier one."""
    for index, one in enumerate(ids):
        if (first := ids.index(one)) != index:
            line = document.line((key, first))
            yield document.fault((key, index, "id"), f"De id {quoted(one)} bestaat al (regel {line}).", remedy)


def _thresholds(form: ThresholdsForm, sources: Sources) -> tuple[Threshold, ...]:
    return tuple(
        Threshold(
            id=entry.id,
            rule=entry.rule,
            value=entry.value,
            unit=entry.unit,
            codes=entry.codes,
            valid_from=entry.valid_from,
            valid_to=entry.valid_to,
            source=sources.text(entry.source),
        )
        for entry in form.thresholds
    )


# -- reference figures -------------------------------------------------------------------------------------------------


def _reference_faults(document: Document, form: ReferencesForm, thresholds: Sequence[str]) -> Iterator[Finding]:
    key = "referentiecijfers"
    yield from _ids_twice(document, key, [entry.id for entry in form.references], "Geef elk cijfer een eigen id.")
    for index, entry in enumerate(form.references):
        if thresholds and entry.threshold not in thresholds:
            yield document.fault(
                (key, index, "drempel"),
                f"{quoted(entry.threshold)} staat niet in {THRESHOLDS}.",
                suggestion(entry.threshold, thresholds),
            )


def _references(form: ReferencesForm, sources: Sources) -> tuple[ReferenceFigure, ...]:
    return tuple(
        ReferenceFigure(
            id=entry.id,
            threshold=entry.threshold,
            school_year=entry.school_year,
            percent=float(entry.percent.replace(",", ".")),
            population=entry.population,
            published=entry.published,
            note=entry.note,
            source=sources.text(entry.source),
        )
        for entry in form.references
    )


# -- calendar ----------------------------------------------------------------------------------------------------------


def first_school_day(year: int) -> date:
    """The first weekday from 1 September of *year*."""
    day = date(year, 9, 1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day


def _calendar_faults(document: Document, form: CalendarForm) -> Iterator[Finding]:
    before = ""
    for index, entry in enumerate(form.school_years):
        loc = ("schooljaren", index)
        if entry.school_year <= before:
            yield document.fault(
                (*loc, "schooljaar"),
                f"{entry.school_year} staat na {before}.",
                "Zet elk schooljaar er één keer in, het oudste eerst.",
            )
        before = max(before, entry.school_year)
        first, last = first_school_day(int(entry.school_year[:4])), date(int(entry.school_year[5:]), 6, 30)
        if entry.first_day != first:
            yield document.fault(
                (*loc, "eerste_dag"),
                f"{entry.first_day} is niet de eerste weekdag vanaf 1 september.",
                f"Voor {entry.school_year} is dat {first}.",
            )
        if entry.last_day != last:
            yield document.fault(
                (*loc, "laatste_dag"),
                f"{entry.last_day} is niet de laatste dag van het schooljaar.",
                f"Voor {entry.school_year} is dat {last}.",
            )
        yield from _holiday_faults(document, loc, entry, first, last)


def _holiday_faults(
    document: Document, above: tuple[int | str, ...], year: SchoolYearForm, first: date, last: date
) -> Iterator[Finding]:
    previous = None
    for index, holiday in enumerate(year.holidays):
        loc = (*above, "vakanties", index)
        if holiday.last < holiday.first:
            yield document.fault(
                loc, f"{holiday.name} eindigt ({holiday.last}) voor ze begint ({holiday.first}).", "Wissel de datums om."
            )
        if holiday.first < first or holiday.last > last:
            yield document.fault(
                loc,
                f"{holiday.name} valt buiten het schooljaar {year.school_year}.",
                "Kijk het jaartal na, of zet ze bij het juiste schooljaar.",
            )
        if previous is not None and holiday.first <= previous.last:
            yield document.fault(
                loc,
                f"{holiday.name} begint ({holiday.first}) voor {previous.name} voorbij is ({previous.last}).",
                "Zet de vakanties op volgorde en laat ze niet overlappen.",
            )
        previous = holiday


def _calendars(form: CalendarForm, sources: Sources) -> tuple[SchoolYearCalendar, ...]:
    return tuple(
        SchoolYearCalendar(
            school_year=entry.school_year,
            first_day=entry.first_day,
            last_day=entry.last_day,
            holidays=tuple(Period(name=holiday.name, first=holiday.first, last=holiday.last) for holiday in entry.holidays),
            source=sources.text(entry.source),
        )
        for entry in form.school_years
    )
