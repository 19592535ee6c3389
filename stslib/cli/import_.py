"""``sts import``: read an export of absences, say what came of each row, and keep it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.errors import ReadingError, StsError
from stslib.paths import data_folder
from stslib.text import format_date, parse_typed_date

if TYPE_CHECKING:
    from stslib.absences.reading.report import Reading, ReadingReport, UnusableExportError
    from stslib.absences.stored.profiles import OwnCode, Profile
    from stslib.model.absence import AbsenceCode, Period, Status, WeeklyGrid


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``sts import``."""
    parser.add_argument(
        "file", metavar="BESTAND", type=Path, help="de export van de afwezigheden (.csv, .txt, .xlsx, .xls of .ods)"
    )
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
        help="welke kolom wat is, zoals pupil=ID of, met het nummer van de kolom, date=#3; mag vaker",
    )
    parser.add_argument("--first-day", metavar="DAG", help="eerste dag die de export dekt (dd/mm/jjjj)")
    parser.add_argument("--last-day", metavar="DAG", help="laatste dag die de export dekt (dd/mm/jjjj)")
    parser.add_argument(
        "--keep-until", metavar="DAG", help="tot wanneer bewaren; gewoonlijk 31 augustus van het volgende schooljaar"
    )
    parser.add_argument("--json", action="store_true", help="schrijf het verslag als JSON")
    parser.add_argument("--dry-run", action="store_true", help="alleen lezen en verslag doen, niets bewaren")
    parser.add_argument(
        "--rejected",
        metavar="BESTAND",
        type=Path,
        help="bewaar de geweigerde rijen met de reden ernaast in dit .xlsx-bestand; daar staan gegevens van leerlingen in",
    )
    parser.add_argument(
        "--own-total",
        action="append",
        default=[],
        metavar="CODE=AANTAL",
        help="het totaal van jullie pakket, zoals B=412: het verslag zegt waar een verschil vandaan komt; mag vaker",
    )
    parser.add_argument(
        "--class-year",
        action="append",
        default=[],
        metavar="KLAS=JAAR",
        help="het leerjaar van een klas, zoals 5LWI=5; mag vaker",
    )
    parser.add_argument(
        "--code",
        action="append",
        default=[],
        metavar="CODE=SOORT",
        help="hoe een eigen code van de school telt, zoals Q=gewettigd; mag vaker; blijft in het profiel van de school",
    )
    parser.add_argument("--no-profile", action="store_true", help="gebruik het bewaarde profiel van de school niet")
    parser.add_argument(
        "--save-profile", action="store_true", help="bewaar kolommen en vrije dagen als profiel voor de volgende export"
    )


def run(args: argparse.Namespace) -> int:
    """Read, report, store; 0 when it was read (and stored, unless asked not to), 1 when it was refused."""
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
    from stslib.absences.reading.reconcile import reconcile
    from stslib.absences.reading.report import UnusableExportError
    from stslib.content import load_calendar

    check_school_year(args.school_year)
    data = data_folder(args.data)
    choices = _choices(args, data)
    own_totals = _own_totals(args.own_total)
    calendar = load_calendar(args.school_year)
    edges = [args.first_day and _day("--first-day", args.first_day), args.last_day and _day("--last-day", args.last_day)]
    period = (edges[0] or calendar.first_day, edges[1] or calendar.last_day) if any(edges) else None
    keep_until = _day("--keep-until", args.keep_until) if args.keep_until else None
    try:
        reading = read_export(
            args.file,
            school_year=args.school_year,
            codes=choices.codes,
            calendar=calendar,
            enrolment=args.enrolment,
            classes=args.classes,
            mapping=choices.mapping or None,
            free_days=choices.free_days,
            grid=choices.grid,
            period=period,
            confirmed_years=_pairs("--class-year", args.class_year, "KLAS=JAAR"),
            progress=_tell_progress if sys.stderr.isatty() else None,
        )
    except UnusableExportError as error:
        _give_back(args, error, choices)
        raise
    given_back = _give_back(args, reading, choices)
    reconciled = reconcile(reading, own_totals)
    stored = None if args.dry_run else store_reading(data, args.school, reading, keep_until=keep_until)
    if args.save_profile:
        _save_profile(data, args.school, choices)
    elif args.code and stored is not None and choices.profile is not None:
        _save_codes(data, args.school, choices.profile)
    if args.json:
        answer = {**_report(reading.report), "stored": stored is not None}
        if stored is not None:
            answer |= {"changed": stored.changed, "version": stored.version, "keep_until": stored.keep_until.isoformat()}
        if own_totals:
            answer["reconciliation"] = [
                {**code.model_dump(mode="json"), "difference": code.difference, "unexplained": code.unexplained}
                for code in reconciled.codes
            ]
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    report = reading.report
    print(f"{report.rows} rijen: {report.used} gebruikt, {report.repaired} hersteld, {report.rejected} geweigerd.")
    print(f"{report.pupils} leerlingen, {report.classes} klassen, {report.half_days} halve dagen.")
    for finding in report.findings:
        print(f"- {finding}")
    for code in reconciled.codes:
        print(code)
    if given_back:
        print(f"{given_back} geweigerde rijen staan in {args.rejected.name}: daar staan gegevens van leerlingen in.")
    if stored is None:
        print("Er is niets bewaard: dit was alleen een verslag.")
    elif stored.changed:
        print(f"Bewaard voor {stored.school}, {stored.school_year}, tot {format_date(stored.keep_until)}.")
    else:
        print("Dit was al bewaard; er is niets veranderd.")
    return 0


@dataclass(frozen=True)
class _Choices:
    """What the profile of the school and the options say together; an option goes before the profile."""

    mapping: dict[str, str]
    free_days: tuple[Period, ...]
    grid: WeeklyGrid | None
    codes: tuple[AbsenceCode, ...]
    profile: Profile | None


def _choices(args: argparse.Namespace, data: Path) -> _Choices:
    from stslib.absences.stored.profiles import Profile, code_table, load_profile
    from stslib.content import load_codes
    from stslib.model.absence import Period

    free = [Period(name="eigen vrije dag", first=day, last=day) for day in (_day("--free", text) for text in args.free)]
    mapping = _mapping(args.column)
    profile = None if args.no_profile else load_profile(data, args.school)
    said = _own_codes(args.code)
    if said:
        before = profile or Profile(saved_on=date.today())
        kept = [own for own in before.codes if own.code not in said]
        profile = before.model_copy(update={"codes": (*kept, *said.values())})
    codes = code_table(load_codes(), profile)
    if profile is None:
        return _Choices(mapping, tuple(free), None, codes, None)
    known = {(day.first, day.last) for day in profile.free_days}
    return _Choices(
        {**profile.columns, **mapping},
        (*profile.free_days, *(day for day in free if (day.first, day.last) not in known)),
        profile.grid,
        codes,
        profile,
    )


def _own_codes(given: list[str]) -> dict[str, OwnCode]:
    """What ``--code Q=gewettigd`` says."""
    from stslib.absences.stored.profiles import OwnCode
    from stslib.content.shapes import STATUSES

    statuses: dict[str, Status] = {str(word): status for word, status in STATUSES.items()}
    said = {}
    for text in given:
        code, _, status = (part.strip() for part in text.partition("="))
        if not code or len(code) > 20 or status not in statuses:
            raise ReadingError(
                "--code", f"‘{text[:40]}’ is niet te lezen.", f"Schrijf CODE=SOORT, met als soort: {', '.join(statuses)}."
            )
        said[code] = OwnCode(code=code, meaning=f"eigen code van de school: {status}", status=statuses[status])
    return said


def _save_codes(data: Path, school: str, said: Profile) -> None:
    """Only the codes: figures are counted with them from now on."""
    from stslib.absences.stored.profiles import Profile, load_profile, save_profile

    before = load_profile(data, school) or Profile(saved_on=date.today())
    save_profile(data, school, before.model_copy(update={"codes": said.codes}))


def _save_profile(data: Path, school: str, choices: _Choices) -> None:
    from stslib.absences.stored.profiles import Profile, save_profile

    kept = {"columns": choices.mapping, "free_days": choices.free_days, "grid": choices.grid, "saved_on": date.today()}
    before = choices.profile or Profile(saved_on=date.today())
    save_profile(data, school, before.model_copy(update=kept))


def _give_back(args: argparse.Namespace, reading: Reading | UnusableExportError, choices: _Choices) -> int:
    if args.rejected is None:
        return 0
    from stslib.absences.reading.give_back import write_rejected

    if args.rejected.suffix.casefold() != ".xlsx" or args.rejected.resolve() == args.file.resolve():
        raise ReadingError(
            "--rejected", "Dit is geen naam voor een nieuw Excel-bestand.", "Geef een andere naam, die eindigt op .xlsx."
        )
    return write_rejected(
        reading, args.file, args.rejected, mapping=choices.mapping or None, codes=[code.code for code in choices.codes]
    )


def _pairs(option: str, texts: list[str], form: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if any(not name.strip() or not value.strip() for name, _, value in pairs):
        raise ReadingError(option, "Dit is niet leesbaar.", f"Schrijf het als {form}.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _own_totals(texts: list[str]) -> dict[str, int]:
    pairs = _pairs("--own-total", texts, "CODE=AANTAL, zoals B=412")
    if any(not value.isdecimal() or len(value) > 9 for value in pairs.values()):
        raise ReadingError("--own-total", "Dit aantal is niet leesbaar.", "Schrijf het als CODE=AANTAL, zoals B=412.")
    return {code: int(value) for code, value in pairs.items()}


def _day(option: str, text: str) -> date:
    day = parse_typed_date(text)
    if day is None:
        raise ReadingError(option, "Deze datum is niet leesbaar.", "Schrijf ze als dd/mm/jjjj, bijvoorbeeld 03/11/2025.")
    return day


def _mapping(columns: list[str]) -> dict[str, str]:
    from stslib.absences.reading.headers import HEADER_ROW, IGNORE, KINDS, SHEET

    pairs = [column.partition("=") for column in columns]
    known = (*KINDS["export"], IGNORE, SHEET, HEADER_ROW)
    if any(role not in known or not header for role, _, header in pairs):
        raise ReadingError(
            "--column",
            "Dit is geen kolom die nodig is.",
            f"Schrijf ROL=TITEL of ROL=#NUMMER, met als rol: {', '.join(known)}.",
        )
    return {role: header for role, _, header in pairs}


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
