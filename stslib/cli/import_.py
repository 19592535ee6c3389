"""``sts import``: read an export of absences, say what came of each row, and keep it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.errors import ReadingError, StsError
from stslib.paths import data_folder
from stslib.text import format_date, parse_typed_date

if TYPE_CHECKING:
    from stslib.absences.reading.report import ReadingReport


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``sts import``."""
    parser.add_argument("file", metavar="BESTAND", type=Path, help="de export van de afwezigheden (.csv of .xlsx)")
    parser.add_argument("--enrolment", metavar="BESTAND", type=Path, help="inschrijvingen: leerlingnummer, klas, van, tot")
    parser.add_argument(
        "--classes", metavar="BESTAND", type=Path, help="klassen: klas, graad, leerjaar, stroom of finaliteit, niveau"
    )
    parser.add_argument("--school", required=True, metavar="NAAM", help="de school waarvan de cijfers zijn")
    parser.add_argument("--school-year", required=True, metavar="JAAR", help="het schooljaar, zoals 2025-2026")
    parser.add_argument("--data", metavar="MAP", help="de gegevensmap (anders STS_DATA of die van dit toestel)")
    parser.add_argument(
        "--free", action="append", default=[], metavar="DAG", help="een eigen vrije dag van de school (dd/mm/jjjj); mag vaker"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="ROL=TITEL",
        help="welke kolom wat is, zoals pupil=ID of date=Dag; mag vaker",
    )
    parser.add_argument("--first-day", metavar="DAG", help="eerste dag die de export dekt (dd/mm/jjjj)")
    parser.add_argument("--last-day", metavar="DAG", help="laatste dag die de export dekt (dd/mm/jjjj)")
    parser.add_argument(
        "--keep-until", metavar="DAG", help="tot wanneer bewaren; gewoonlijk 31 augustus van het volgende schooljaar"
    )
    parser.add_argument("--json", action="store_true", help="schrijf het verslag als JSON")


def run(args: argparse.Namespace) -> int:
    """Read, report, store; 0 when it was stored, 1 when it was refused."""
    try:
        return _read_and_store(args)
    except StsError as error:
        if args.json:
            print(json.dumps(_refusal(error), ensure_ascii=False))
        print(error, file=sys.stderr)
        return 1


def _read_and_store(args: argparse.Namespace) -> int:
    from stslib.absences import read_export, store_reading
    from stslib.absences.calendar import check_school_year
    from stslib.content import load_calendar, load_codes
    from stslib.model.absence import Period

    check_school_year(args.school_year)
    free = [_day("--free", text) for text in args.free]
    mapping = _mapping(args.column)
    calendar = load_calendar(args.school_year)
    edges = [args.first_day and _day("--first-day", args.first_day), args.last_day and _day("--last-day", args.last_day)]
    period = (edges[0] or calendar.first_day, edges[1] or calendar.last_day) if any(edges) else None
    keep_until = _day("--keep-until", args.keep_until) if args.keep_until else None
    reading = read_export(
        args.file,
        school_year=args.school_year,
        codes=load_codes(),
        calendar=calendar,
        enrolment=args.enrolment,
        classes=args.classes,
        mapping=mapping,
        free_days=[Period(name="eigen vrije dag", first=day, last=day) for day in free],
        period=period,
        progress=_tell_progress if sys.stderr.isatty() else None,
    )
    stored = store_reading(data_folder(args.data), args.school, reading, keep_until=keep_until)
    if args.json:
        answer = {
            **_report(reading.report),
            "stored": True,
            "changed": stored.changed,
            "version": stored.version,
            "keep_until": stored.keep_until.isoformat(),
        }
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    report = reading.report
    print(f"{report.rows} rijen: {report.used} gebruikt, {report.repaired} hersteld, {report.rejected} geweigerd.")
    print(f"{report.pupils} leerlingen, {report.classes} klassen, {report.half_days} halve dagen.")
    for finding in report.findings:
        print(f"- {finding}")
    if stored.changed:
        print(f"Bewaard voor {stored.school}, {stored.school_year}, tot {format_date(stored.keep_until)}.")
    else:
        print("Dit was al bewaard; er is niets veranderd.")
    return 0


def _day(option: str, text: str) -> date:
    day = parse_typed_date(text)
    if day is None:
        raise ReadingError(option, "Deze datum is niet leesbaar.", "Schrijf ze als dd/mm/jjjj, bijvoorbeeld 03/11/2025.")
    return day


def _mapping(columns: list[str]) -> dict[str, str] | None:
    from stslib.absences.reading.headers import KINDS

    pairs = [column.partition("=") for column in columns]
    if any(role not in KINDS["export"] or not header for role, _, header in pairs):
        raise ReadingError(
            "--column", "Dit is geen kolom die nodig is.", f"Schrijf ROL=TITEL, met als rol: {', '.join(KINDS['export'])}."
        )
    return {role: header for role, _, header in pairs} or None


def _tell_progress(text: str, share: float) -> None:
    print(f"\r{text} … {share:4.0%} ", end="" if share < 1 else "\n", file=sys.stderr, flush=True)


def _report(report: ReadingReport) -> dict[str, Any]:
    return report.model_dump(mode="json")


def _refusal(error: StsError) -> dict[str, Any]:
    """The same shape as a report, with the refusal as its first finding."""
    from stslib.absences.reading.report import UnusableExportError
    from stslib.model.finding import Finding, Level

    finding = Finding(level=Level.ERROR, place=error.place, fact=error.fact, remedy=error.remedy).model_dump(mode="json")
    if isinstance(error, UnusableExportError):
        report = _report(error.report)
        return {**report, "findings": [finding, *report["findings"]], "stored": False}
    empty: dict[str, Any] = {
        "rows": 0,
        "used": 0,
        "repaired": 0,
        "rejected": 0,
        "dropped_columns": [],
        "unknown_codes": {},
        "findings": [finding],
        "stored": False,
    }
    return empty
