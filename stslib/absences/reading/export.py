"""From the files that a school brings to one ``Reading``: nothing is stored here."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import polars as pl

from stslib.absences.calendar import check_school_year, class_days
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
from stslib.absences.reading.guard import ParsedFile, parse_file, read_bytes
from stslib.absences.reading.headers import ColumnMapping, is_personal
from stslib.absences.reading.layout import missing_roles
from stslib.absences.reading.report import REASONS, Reading, ReadingReport, UnusableExportError
from stslib.absences.reading.screen import HALVES, Screened, screen_rows
from stslib.absences.reading.values import is_national_number
from stslib.errors import ReadingError
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, WeeklyGrid
from stslib.model.finding import Finding, Level
from stslib.text import format_date, format_number

READING_VERSION = 1
"""Part of the hash of a reading: raise it when the same file would be read differently."""

SILENT_CLASS_DAYS = 10
"""An export that says nothing for so many class days at an edge of the school year ..."""
SILENT_ROWS = 50
"""... where its usual number of rows a day would have given at least so many rows, and ..."""
SILENT_ROWS_A_DAY = 3
"""... it has at least so many rows a day between its first and its last, does not cover that stretch."""

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
) -> Reading:
    """Read one export of absences of one school year, every row judged.

    Args:
        path: CSV or XLSX, a row per half day or a row per day with VM and NM.
        school_year: ``2025-2026``.
        codes: the code table; other codes are kept and named as unknown.
        calendar: of *school_year*.
        enrolment: who was enrolled from when to when; without it every pupil of the export counts for the whole year.
        classes: what each class is (grade, year, stream or finality, level).
        mapping: role (``pupil``, ``date``, ``half``, ``code``, ``morning``, ``afternoon``, ``class``) -> header in the
            export.
        today: possible half days are counted up to this day; None is the day of the clock.
        progress: called with a Dutch text and a share from 0 to 1; what it raises stops the reading.
        grid: the school's week; None has no Wednesday afternoon.
        free_days: the school's own free days.
        period: first and last day that the export covers; None finds out from its rows.

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
    parsed = _parse_all(paths, contents, mapping, [code.code for code in codes], tell)
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
    shape = _require_shape(file)
    if not file.count:
        raise ReadingError(
            file.name,
            "Er staan kolomtitels maar geen rijen in het bestand.",
            "Maak de export opnieuw, voor het hele schooljaar.",
        )
    screened = screen_rows(
        file,
        shape,
        calendar=calendar,
        grid=week,
        free_days=free,
        codes=codes,
        pupils=pupils,
        class_names=names,
        intervals=intervals,
    )
    tell("Verslag maken", 0.9)
    findings = [*_row_findings(file, screened), *_code_findings(file, screened), *_file_findings(file), *findings]
    if screened.used + screened.repaired == 0:
        raise _unusable(file, shape, screened, tuple(findings))
    days = screened.cells["day"]
    last_row = date.fromordinal(int(days.max())) if len(days) else calendar.first_day  # type: ignore[arg-type]
    today = today or date.today()
    covered = period or _covered_period(days, calendar, week, free, today, file.name, findings)
    intervals = _complete_enrolment(intervals, screened, first_day, last_day, file.name, findings)
    class_names = sorted({interval.class_ for interval in intervals if interval.class_ is not None})
    findings.extend(_class_findings(parsed, class_names, class_rows))
    if sum(map(is_national_number, pupils.longest)) * 2 > len(pupils.longest):
        findings.append(
            warn(
                file.name,
                "De leerlingnummers lijken rijksregisternummers; ze worden niet bewaard, ook niet versleuteld.",
                "Gebruik liever het leerlingnummer of stamboeknummer van de school.",
            )
        )
    seen = {interval.pupil for interval in intervals}
    report = _report(file, shape, screened, tuple(findings), covered, len(seen), len(class_names))
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
        content_hash=_hash(contents, school_year, codes, calendar, mapping, week, free, period),
        numbers=tuple(pupils.longest),
        _rejected=tuple(screened.rejected_rows),
    )
    tell("Klaar", 1.0)
    return reading


def _parse_all(
    paths: Mapping[str, Path | None],
    contents: Mapping[str, bytes],
    mapping: ColumnMapping | None,
    codes: Sequence[str],
    tell: Progress,
) -> dict[str, ParsedFile]:
    """All files at once, each in a process of its own; the main one tells how long it takes."""
    names = {kind: path.name for kind, path in paths.items() if path is not None}

    def waiting(seconds: float) -> None:
        tell("Export lezen", min(0.1 + seconds / 10, 0.55))

    tell("Export lezen", 0.1)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="sts-reading") as pool:
        others = {kind: pool.submit(parse_file, names[kind], contents[kind], kind) for kind in contents if kind != "export"}
        export = parse_file(names["export"], contents["export"], "export", mapping, codes, waiting=waiting)
        return {"export": export, **{kind: job.result() for kind, job in others.items()}}


def _require_shape(file: ParsedFile) -> str:
    if file.shape is None:
        raise missing_columns(file, list(missing_roles(file.positions, file.shape)))
    return file.shape


def _rows(count: int) -> str:
    return "1 rij" if count == 1 else f"{format_number(count)} rijen"


def _half_days(count: int) -> str:
    return "1 halve dag" if count == 1 else f"{format_number(count)} halve dagen"


def _row_findings(file: ParsedFile, screened: Screened) -> list[Finding]:
    first_rows: dict[str, list[int]] = {}
    for row, _, _, reason in screened.rejected_rows:
        examples = first_rows.setdefault(reason, [])
        if len(examples) < 3:
            examples.append(row)
    findings = []
    for reason, count in screened.rejections.items():
        fact, remedy = REASONS[reason].fact, REASONS[reason].remedy
        if reason == "not_enrolled":
            pupils = "1 leerling" if screened.strangers == 1 else f"{screened.strangers} leerlingen"
            fact = f"{pupils} van de export zonder inschrijving. {fact}"
        where = ", ".join(map(str, first_rows[reason])) + (", …" if count > 3 else "")
        findings.append(warn(file.name, f"{_rows(count)} geweigerd (rij {where}): {fact}", remedy))
    for reason, count in screened.lost_halves.items():
        findings.append(
            warn(
                file.name,
                f"{_half_days(count)} weggelaten uit rijen die voor de rest tellen: {REASONS[reason].fact}",
                REASONS[reason].remedy,
            )
        )
    for how, count in screened.repairs.items():
        findings.append(Finding(level=Level.NOTE, place=file.name, fact=f"{_rows(count)} hersteld: {how}."))
    if screened.marked_no_lesson:
        findings.append(
            Finding(
                level=Level.NOTE,
                place=file.name,
                fact=f"{_half_days(screened.marked_no_lesson)} zonder les stonden als aanwezig; ze tellen nergens mee.",
            )
        )
    return findings


def _code_findings(file: ParsedFile, screened: Screened) -> list[Finding]:
    findings = [
        warn(
            file.name,
            f"Onbekende code ‘{code}’: {_half_days(count)}. Ze zijn bewaard, maar tellen niet mee als afwezig of aanwezig.",
            "Vul de codetabel van de school aan, of verbeter de code in het schoolpakket.",
        )
        for code, count in list(screened.unknown_codes.items())[:20]
    ]
    if len(screened.unknown_codes) > 20:
        findings.append(
            warn(
                file.name,
                f"Er zijn nog {len(screened.unknown_codes) - 20} andere onbekende codes.",
                "Kijk na of de kolom met codes juist is.",
            )
        )
    letters = set(screened.cells["code"].unique().to_list())
    if "Z" in letters and "D" not in letters:
        findings.append(
            Finding(
                level=Level.NOTE,
                place=file.name,
                fact="De export heeft code Z en geen code D: wie de ziekte bevestigde, ouders of dokter, is niet te bepalen.",
            )
        )
    return findings


def _unused_columns(file: ParsedFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    used = set(file.positions.values())
    unused = [header for position, header in enumerate(file.headers) if position not in used and header]
    return tuple(h for h in unused if is_personal(h)), tuple(h for h in unused if not is_personal(h))


def _file_findings(file: ParsedFile) -> list[Finding]:
    findings = []
    dropped, ignored = _unused_columns(file)
    if dropped:
        findings.append(
            Finding(level=Level.NOTE, place=file.name, fact=f"Persoonsgegevens die niet bewaard worden: {', '.join(dropped)}.")
        )
    if ignored:
        findings.append(
            Finding(level=Level.NOTE, place=file.name, fact=f"Kolommen die niet gebruikt worden: {', '.join(ignored)}.")
        )
    for note in file.notes:
        if note == "encoding:repaired":
            findings.append(
                Finding(
                    level=Level.NOTE,
                    place=file.name,
                    fact="Letters met accenten waren beschadigd (zoals Ã© voor é) en zijn hersteld.",
                )
            )
        elif note == "stray_quote":
            findings.append(
                warn(
                    file.name,
                    "Er staat een los aanhalingsteken in het bestand; aanhalingstekens zijn als gewone tekens gelezen.",
                    "Kijk na of het aantal rijen klopt.",
                )
            )
        elif note.startswith("title_lines:"):
            findings.append(
                Finding(level=Level.NOTE, place=file.name, fact=f"{_rows(int(note[12:]))} boven de kolomtitels overgeslagen.")
            )
    return findings


def _class_findings(
    parsed: Mapping[str, ParsedFile], names: Sequence[str], rows: Mapping[str, Mapping[str, str | None]]
) -> list[Finding]:
    place = parsed["export"].name
    if not names:
        return [
            warn(
                place,
                "Er is geen kolom met de klas: cijfers per klas, graad of leerjaar kunnen niet.",
                "Neem de kolom klas op in de export.",
            )
        ]
    if "classes" not in parsed:
        return [
            Finding(
                level=Level.NOTE,
                place=place,
                fact="Zonder klassenbestand zijn graad, leerjaar, stroom en niveau onbekend; de klasnaam zegt daar niets over.",
                remedy="Voeg een klassenbestand toe om ook per graad te kunnen kijken.",
            )
        ]
    unknown = [name for name in names if name not in rows]
    if not unknown:
        return []
    shown = ", ".join(unknown[:10]) + (", …" if len(unknown) > 10 else "")
    return [
        warn(
            parsed["classes"].name,
            f"{len(unknown)} klassen staan niet in het klassenbestand en tellen als ‘onbekend’: {shown}.",
            "Vul het klassenbestand aan.",
        )
    ]


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


def _covered_period(
    row_days: pl.Series,
    calendar: SchoolYearCalendar,
    grid: WeeklyGrid,
    free: tuple[Period, ...],
    today: date,
    place: str,
    findings: list[Finding],
) -> tuple[date, date]:
    """The days that possible half days are counted for.

    The school year up to *today*, unless the export evidently starts later or ends earlier: a school with many rows
    every day and then none for weeks did not export those weeks, and counting them as possible would make every rate
    too low.
    """
    first, last = calendar.first_day, min(calendar.last_day, max(today, calendar.first_day))
    if not len(row_days):
        return first, last
    first_row, last_row = (date.fromordinal(int(day)) for day in (row_days.min(), row_days.max()))  # type: ignore[arg-type]
    if last_row > last:
        last = last_row
        findings.append(
            Finding(
                level=Level.NOTE,
                place=place,
                fact=f"De export heeft rijen na vandaag, tot {format_date(last_row)}; die tellen mee.",
            )
        )
    open_days = [day for day in class_days(calendar, grid, free) if day <= last]
    start, end = bisect_left(open_days, first_row), bisect_right(open_days, last_row)
    usual = len(row_days) / max(end - start, 1)

    def is_silent(days: int) -> bool:
        return days >= SILENT_CLASS_DAYS and usual >= SILENT_ROWS_A_DAY and days * usual >= SILENT_ROWS

    covered = (first_row if is_silent(start) else first, last_row if is_silent(len(open_days) - end) else last)
    if covered != (first, last):
        findings.append(
            warn(
                place,
                f"De export loopt maar van {format_date(covered[0])} tot en met {format_date(covered[1])}; "
                "ook de mogelijke halve dagen zijn alleen voor die periode geteld.",
                "Breng een export van het hele schooljaar als dat niet de bedoeling is.",
            )
        )
    return covered


def _half_day_frame(screened: Screened) -> pl.DataFrame:
    epoch = date(1970, 1, 1).toordinal()
    return screened.cells.select(
        "pupil",
        date=(pl.col("day") - epoch).cast(pl.Date),
        half=pl.col("half").replace_strict([0, 1], list(HALVES), return_dtype=pl.String),
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
    shape: str,
    screened: Screened,
    findings: tuple[Finding, ...],
    period: tuple[date, date] | None,
    pupils: int,
    classes: int,
) -> ReadingReport:
    dropped, ignored = _unused_columns(file)
    reasons: Counter[str] = Counter()
    for reason, count in screened.rejections.items():
        reasons[REASONS[reason].fact] += count
    return ReadingReport(
        file=file.name,
        rows=file.count,
        used=screened.used,
        repaired=screened.repaired,
        rejected=screened.rejected,
        repairs=screened.repairs,
        rejections=dict(reasons),
        dropped_columns=dropped,
        ignored_columns=ignored,
        unknown_codes=screened.unknown_codes,
        findings=findings,
        shape=shape,
        period=period,
        half_days=screened.cells.height,
        pupils=pupils,
        classes=classes,
    )


def _unusable(file: ParsedFile, shape: str, screened: Screened, findings: tuple[Finding, ...]) -> UnusableExportError:
    reason, count = next(iter(screened.rejections.items()))
    whole = "alle" if count == file.count else "de meeste"
    return UnusableExportError(
        file.name,
        f"Geen enkele van de {_rows(file.count)} is bruikbaar; bij {whole}: {REASONS[reason].fact}",
        f"{REASONS[reason].remedy} Er is niets bewaard.",
        _report(file, shape, screened, findings, None, 0, 0),
    )


def _hash(
    contents: Mapping[str, bytes],
    school_year: str,
    codes: Sequence[AbsenceCode],
    calendar: SchoolYearCalendar,
    mapping: ColumnMapping | None,
    grid: WeeklyGrid,
    free: tuple[Period, ...],
    period: tuple[date, date] | None,
) -> str:
    """SHA-256 over all that decides what is stored, apart from the day it is read on."""
    how = {
        "version": READING_VERSION,
        "school_year": school_year,
        "codes": sorted((code.code, code.status.value) for code in codes),
        "calendar": calendar.model_dump_json(),
        "mapping": dict(mapping or {}),
        "grid": grid.model_dump_json(),
        "free": [day.model_dump_json() for day in free],
        "period": [day.isoformat() for day in period or ()],
        "files": {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()},
    }
    return hashlib.sha256(json.dumps(how, sort_keys=True).encode()).hexdigest()
