"""From the files that a school brings to one ``Reading``: nothing is stored here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import polars as pl

from stslib.absences.calendar import check_school_year
from stslib.absences.reading.brought import read_brought
from stslib.absences.reading.companions import (
    CLASS_COLUMNS,
    ClassNames,
    Interval,
    PupilKeys,
    intervals_from_export,
    missing_columns,
    read_classes,
    read_enrolment,
    warn,
)
from stslib.absences.reading.covered import covered_period
from stslib.absences.reading.findings import (
    class_findings,
    code_findings,
    file_findings,
    in_rows,
    row_findings,
    shape_findings,
    unused_columns,
)
from stslib.absences.reading.guard import ParsedFile, parse_file, read_bytes
from stslib.absences.reading.headers import ColumnMapping
from stslib.absences.reading.layout import missing_roles
from stslib.absences.reading.report import REASONS, Reading, ReadingReport, RejectedRows, UnusableExportError
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.screen import HALVES, TOTALS, Screened, screen_rows
from stslib.absences.reading.values import is_national_number
from stslib.absences.reading.years import add_confirmed_years
from stslib.errors import ReadingError
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, WeeklyGrid
from stslib.model.finding import Finding

READING_VERSION = 2
"""Part of the hash of a reading: raise it when the same file would be read differently."""

Progress = Callable[[str, float], None]


def read_export(
    path: Path,
    *,
    school_year: str,
    codes: Sequence[AbsenceCode],
    calendar: SchoolYearCalendar,
    enrolment: Path | None = None,
    classes: Path | None = None,
    mapping: ColumnMapping | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    grid: WeeklyGrid | None = None,
    free_days: Sequence[Period] = (),
    period: tuple[date, date] | None = None,
    enrolment_mapping: ColumnMapping | None = None,
    class_mapping: ColumnMapping | None = None,
    confirmed_years: Mapping[str, str] | None = None,
) -> Reading:
    """Read one export of absences of one school year, every row judged.

    Args:
        path: CSV, text, XLSX, XLS, ODS or a web page with a table, in any of the six shapes of ``ReadingReport.shape``.
        school_year: ``2025-2026``.
        codes: the code table, the school's own codes included; other codes are kept and named as unknown.
        calendar: of *school_year*.
        enrolment: who was enrolled from when to when; without it every pupil of the export counts for the whole year.
        classes: what each class is (grade, year, stream or finality, level).
        mapping: role (a key of ``headers.KINDS["export"]``) -> header in the export, or number of the column from 1; also
            ``ignore``, ``sheet`` and ``header_row``, as ``preview_export`` takes them.
        today: possible half days are counted up to this day; None is the day of the clock.
        progress: called with a Dutch text and a share from 0 to 1; what it raises stops the reading.
        grid: the school's week; None has no Wednesday afternoon.
        free_days: the school's own free days.
        period: first and last day that the export covers; None finds out from its rows.
        enrolment_mapping: the same as *mapping* for *enrolment*.
        class_mapping: the same for *classes*.
        confirmed_years: class -> year, where a person confirmed what ``propose_years`` proposed; the class file goes before.

    Raises:
        ReadingError: the file cannot be used; nothing was stored.
        DatasetError: *school_year* does not read as one.
    """
    tell = progress or (lambda text, share: None)
    check_school_year(school_year)
    if calendar.school_year != school_year:
        raise ReadingError(
            path.name,
            f"De kalender van {calendar.school_year} hoort niet bij schooljaar {school_year}.",
            "Kies het schooljaar van de export.",
        )
    tell("Bestanden nakijken", 0.0)
    paths = {"export": path, "enrolment": enrolment, "classes": classes}
    contents = {kind: read_bytes(file, kind) for kind, file in paths.items() if file is not None}
    mappings = {"export": mapping, "enrolment": enrolment_mapping, "classes": class_mapping}
    parsed = _parse_all(paths, contents, mappings, [code.code for code in codes], tell)
    tell("Rijen nakijken", 0.6)

    week = grid or WeeklyGrid()
    free = tuple(free_days)
    findings: list[Finding] = []
    pupils, names = PupilKeys(), ClassNames()
    first_day, last_day = calendar.first_day.toordinal(), calendar.last_day.toordinal()
    class_rows = read_classes(parsed["classes"], names, findings) if "classes" in parsed else {}
    intervals = (
        read_enrolment(parsed["enrolment"], pupils, names, first_day, last_day, findings) if "enrolment" in parsed else None
    )
    file = parsed["export"]
    _require_shape(file)
    if not file.count:
        raise ReadingError(
            file.name,
            "Er staan kolomtitels maar geen rijen in het bestand.",
            "Maak de export opnieuw, voor het hele schooljaar.",
        )
    today = today or date.today()
    screened = screen_rows(
        file,
        days=SchoolDays(calendar, week, free),
        codes=codes,
        pupils=pupils,
        class_names=names,
        intervals=intervals,
        latest=period[1].toordinal() if period else None,
        today=today.toordinal(),
    )
    tell("Verslag maken", 0.9)
    findings = [
        *shape_findings(file, screened),
        *row_findings(file, screened),
        *code_findings(file, screened),
        *file_findings(file),
        *findings,
    ]
    digests = {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}
    if screened.used + screened.repaired == 0:
        raise _unusable(file, screened, tuple(findings), digests["export"])
    days = screened.cells["day"]
    covered = period or covered_period(days, calendar, week, free, today, file.name, findings)
    # Totals tell no day: they hold up to the end of what they cover.
    first_row = covered[1] if file.shape in TOTALS else calendar.first_day
    last_row = date.fromordinal(int(days.max())) if len(days) else first_row  # type: ignore[arg-type]
    brought = read_brought([parsed[kind] for kind in ("enrolment", "export") if kind in parsed], pupils, findings)
    intervals = _complete_enrolment(intervals, screened, first_day, last_day, file.name, findings)
    class_names = sorted({interval.class_ for interval in intervals if interval.class_ is not None})
    add_confirmed_years(class_rows, class_names, confirmed_years or {})
    findings.extend(class_findings(parsed, class_names, class_rows))
    if sum(map(is_national_number, pupils.longest)) * 2 > len(pupils.longest):
        findings.append(
            warn(
                file.name,
                "De leerlingnummers lijken rijksregisternummers; ze worden niet bewaard, ook niet versleuteld.",
                "Gebruik liever het leerlingnummer of stamboeknummer van de school.",
            )
        )
    seen = {interval.pupil for interval in intervals}
    report = _report(file, screened, tuple(findings), covered, len(seen), len(class_names))
    reading = Reading(
        school_year=school_year,
        report=report,
        half_days=_half_day_frame(screened),
        enrolment=_enrolment_frame(intervals),
        classes=pl.DataFrame(
            [
                {"class": name, **{column: class_rows.get(name, {}).get(column) for column in CLASS_COLUMNS}}
                for name in class_names
            ],
            schema=dict.fromkeys(("class", *CLASS_COLUMNS), pl.String),
        ),
        enrolment_known="enrolment" in parsed,
        last_day=last_row,
        grid=week,
        free_days=free,
        content_hash=_hash(digests, school_year, codes, calendar, mappings, week, free, period, confirmed_years),
        numbers=tuple(pupils.longest),
        totals=screened.totals,
        brought=brought,
        left_out=dict(screened.left_out),
        quiet=dict(screened.quiet),
        uncounted=dict(screened.uncounted),
        rejected_rows=RejectedRows(file.name, digests["export"], tuple(screened.rejected_rows)),
    )
    tell("Klaar", 1.0)
    return reading


def _parse_all(
    paths: Mapping[str, Path | None],
    contents: Mapping[str, bytes],
    mappings: Mapping[str, ColumnMapping | None],
    codes: Sequence[str],
    tell: Progress,
) -> dict[str, ParsedFile]:
    """All files at once, each in a process of its own; the main one tells how long it takes."""
    names = {kind: path.name for kind, path in paths.items() if path is not None}

    def waiting(seconds: float) -> None:
        tell("Export lezen", min(0.1 + seconds / 10, 0.55))

    tell("Export lezen", 0.1)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="sts-reading") as pool:
        others = {
            kind: pool.submit(parse_file, names[kind], contents[kind], kind, mappings[kind])
            for kind in contents
            if kind != "export"
        }
        export = parse_file(names["export"], contents["export"], "export", mappings["export"], codes, waiting=waiting)
        return {"export": export, **{kind: job.result() for kind, job in others.items()}}


def _require_shape(file: ParsedFile) -> None:
    if file.shape is None:
        raise missing_columns(file, list(missing_roles(file.positions, file.shape)))


def shape_name(file: ParsedFile) -> str:
    """The shape of an export as a report tells it."""
    return "totals" if file.shape in TOTALS else file.shape or ""


def _complete_enrolment(
    intervals: list[Interval] | None, screened: Screened, first_day: int, last_day: int, place: str, findings: list[Finding]
) -> list[Interval]:
    """Enrolment and class of every pupil, also where the files say only one of the two."""
    if intervals is None:
        findings.append(
            warn(
                place,
                "Zonder inschrijvingsbestand telt elke leerling van de export voor het hele schooljaar mee. "
                "Leerlingen zonder enige rij ontbreken in de mogelijke halve dagen, dus de percentages vallen te hoog uit.",
                "Voeg een inschrijvingsbestand toe: leerlingnummer, klas, van en tot.",
            )
        )
        return intervals_from_export(screened.classes, first_day, last_day)
    if all(interval.class_ is None for interval in intervals) and screened.classes["class"].count():
        rows = screened.classes.drop_nulls("class").sort("day")
        latest = dict(rows.unique("pupil", keep="last", maintain_order=True).select("pupil", "class").iter_rows())
        findings.append(
            warn(
                place,
                "Het inschrijvingsbestand heeft geen klas. De klas komt uit de export; wie daar geen rij heeft, heeft er geen.",
                "Neem de klas op in het inschrijvingsbestand.",
            )
        )
        return [i._replace(class_=latest.get(i.pupil)) for i in intervals]
    return intervals


def _half_day_frame(screened: Screened) -> pl.DataFrame:
    epoch = date(1970, 1, 1).toordinal()
    return screened.cells.select(
        "pupil",
        date=(pl.col("day") - epoch).cast(pl.Date),
        half=pl.Series(HALVES, dtype=pl.String).gather(screened.cells["half"]),
        code=pl.col("code"),
        subcode=pl.col("subcode"),
    )


def _enrolment_frame(intervals: Sequence[Interval]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "pupil": [interval.pupil for interval in intervals],
            "class": [interval.class_ for interval in intervals],
            "first": [date.fromordinal(interval.first) for interval in intervals],
            "last": [date.fromordinal(interval.last) for interval in intervals],
        },
        schema={"pupil": pl.Int32, "class": pl.String, "first": pl.Date, "last": pl.Date},
    )


def _report(
    file: ParsedFile,
    screened: Screened,
    findings: tuple[Finding, ...],
    period: tuple[date, date] | None,
    pupils: int,
    classes: int,
) -> ReadingReport:
    dropped, ignored = unused_columns(file)
    return ReadingReport(
        file=file.name,
        rows=file.count,
        used=screened.used,
        repaired=screened.repaired,
        rejected=screened.rejected,
        repairs=screened.repairs,
        rejections={REASONS[reason].fact: count for reason, count in screened.rejections.items()},
        dropped_columns=dropped,
        ignored_columns=ignored,
        unknown_codes=screened.unknown_codes,
        findings=findings,
        shape=shape_name(file),
        period=period,
        half_days=screened.cells.height + int(screened.totals["half_days"].sum()),
        reasons=dict(screened.rejections),
        pupils=pupils,
        classes=classes,
    )


def _unusable(file: ParsedFile, screened: Screened, findings: tuple[Finding, ...], digest: str) -> UnusableExportError:
    reason, count = next(iter(screened.rejections.items()))
    whole = "alle" if count == file.count else "de meeste"
    return UnusableExportError(
        file.name,
        f"Geen enkele van de {in_rows(file.count)} is bruikbaar; bij {whole}: {REASONS[reason].fact}",
        f"{REASONS[reason].remedy} Er is niets bewaard.",
        _report(file, screened, findings, None, 0, 0),
        RejectedRows(file.name, digest, tuple(screened.rejected_rows)),
    )


def _hash(
    digests: Mapping[str, str],
    school_year: str,
    codes: Sequence[AbsenceCode],
    calendar: SchoolYearCalendar,
    mappings: Mapping[str, ColumnMapping | None],
    grid: WeeklyGrid,
    free: tuple[Period, ...],
    period: tuple[date, date] | None,
    confirmed_years: Mapping[str, str] | None,
) -> str:
    """SHA-256 over all that decides what is stored, apart from the day it is read on."""
    how = {
        "version": READING_VERSION,
        "school_year": school_year,
        "codes": sorted((code.code, code.status.value) for code in codes),
        "calendar": calendar.model_dump_json(),
        "mappings": {kind: dict(mapping or {}) for kind, mapping in mappings.items()},
        "years": dict(confirmed_years or {}),
        "grid": grid.model_dump_json(),
        "free": [day.model_dump_json() for day in free],
        "period": [day.isoformat() for day in period or ()],
        "files": dict(digests),
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True).encode()).hexdigest()
