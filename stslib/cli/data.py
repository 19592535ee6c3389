"""``sts data``: what is stored of which school, a copy of it, until when it is kept, and taking it away."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.errors import DatasetError, StsError
from stslib.paths import data_folder
from stslib.text import format_date, format_number, local_time, parse_typed_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stslib.absences.stored.overview import StoredSchool, StoredYear, Version
    from stslib.absences.stored.removal import Removal
    from stslib.model.absence import AbsenceCode

LINKS = {
    "there": "aanwezig",
    "none": "geen",
    "no key": "de sleutel is weg",
    "no link": "weg, alleen de sleutel is er nog",
    "damaged": "beschadigd, of met een andere sleutel",
}

UNTOUCHED = "Sessies, antwoorden, vastgezette cijfers en archieven blijven staan, en ook kopieën die je eerder maakte."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the tasks."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TAAK")
    shown = tasks.add_parser(
        "list",
        help="toont wat van welke school bewaard is, en tot wanneer",
        description="Toont van elke school wat bewaard is, tot wanneer, en wat over tijd is. Er wijzigt niets.",
    )
    shown.add_argument("--school", metavar="NAAM", help="alleen deze school")
    copy = tasks.add_parser(
        "export",
        help="maakt een kopie die ook zonder dit programma leesbaar is",
        description="Schrijft wat van een school bewaard is in een nieuwe map: halve dagen, kalender en codes.",
    )
    copy.add_argument("--school", required=True, metavar="NAAM", help="de school")
    copy.add_argument("--to", required=True, type=Path, metavar="MAP", help="de map die gemaakt wordt")
    copy.add_argument("--school-year", metavar="JAAR", help="alleen dit schooljaar, zoals 2025-2026")
    copy.add_argument("--format", choices=("csv", "parquet"), default="csv", help="csv (gewoonlijk) of parquet")
    copy.add_argument("--older", action="store_true", help="ook de versies die door een nieuwere vervangen zijn")
    copy.add_argument("--with-link", action="store_true", help="ook welk leerlingnummer bij welk pseudoniem hoort")
    copy.add_argument("--yes", action="store_true", help="bevestigt --with-link")
    keep = tasks.add_parser(
        "keep",
        help="kiest tot wanneer een schooljaar bewaard blijft",
        description="Kiest tot en met welke dag de cijfers van een schooljaar bewaard blijven.",
    )
    keep.add_argument("--school", required=True, metavar="NAAM", help="de school")
    keep.add_argument("--school-year", required=True, metavar="JAAR", help="het schooljaar, zoals 2025-2026")
    keep.add_argument("--until", required=True, metavar="DAG", help="de laatste dag (dd/mm/jjjj)")
    delete = tasks.add_parser(
        "delete",
        help="verwijdert bewaarde cijfers, en noteert wat en wanneer",
        description=f"Verwijdert bewaarde cijfers en noteert wat en wanneer in removals.jsonl. {UNTOUCHED}",
    )
    delete.add_argument("--school", metavar="NAAM", help="de school; alleen bij --overdue mag ze wegblijven")
    delete.add_argument("--school-year", metavar="JAAR", help="alleen dit schooljaar, zoals 2025-2026")
    which = delete.add_mutually_exclusive_group()
    which.add_argument("--older", action="store_true", help="alleen de versies die door een nieuwere vervangen zijn")
    which.add_argument("--version", type=int, metavar="NUMMER", help="alleen deze versie van --school-year")
    which.add_argument("--link", action="store_true", help="alleen de koppeling met leerlingnummers; de cijfers blijven")
    which.add_argument("--overdue", action="store_true", help="alle schooljaren die langer bewaard zijn dan gekozen")
    delete.add_argument("--dry-run", action="store_true", help="toont alleen wat er weg zou gaan")
    delete.add_argument("--yes", action="store_true", help="bevestigt; zonder dit gaat er niets weg")
    for task in (shown, copy, keep, delete):
        task.add_argument("--data", metavar="MAP", help="de gegevensmap (anders STS_DATA of die van dit toestel)")
    for task in (shown, copy, delete):
        task.add_argument("--json", action="store_true", help="als JSON, voor een script")


def run(args: argparse.Namespace) -> int:
    """0 when it was done, 1 when it was refused or waits for a confirmation."""
    tasks = {"list": _list, "export": _export, "keep": _keep, "delete": _delete}
    return tasks[args.task](args)


# -- list ----------------------------------------------------------------------------------------------------------------------


def _list(args: argparse.Namespace) -> int:
    from stslib.absences.stored.overview import find_school, stored_schools
    from stslib.absences.stored.settling import tidy

    data = data_folder(args.data)
    tidy(data)
    schools = (find_school(data, args.school),) if args.school else stored_schools(data)
    today = date.today()
    told = [_school(data, school, today) for school in schools]
    if args.json:
        print(json.dumps({"schools": told}, ensure_ascii=False))
        return 0
    if not schools:
        print("Er zijn geen cijfers bewaard.")
    for school, content in zip(schools, told, strict=True):
        _print_school(school, content, today)
    late = sum(year.is_overdue(today) for school in schools for year in school.years)
    if late:
        years = "1 schooljaar is" if late == 1 else f"{late} schooljaren zijn"
        print(f"{years} over tijd. Langer bewaren: sts data keep. Verwijderen: sts data delete --overdue")
    return 0


def _school(data: Path, school: StoredSchool, today: date) -> dict[str, Any]:
    from stslib.absences.stored.overview import link_of, size_of

    return {
        "school": school.name,
        "folder": school.folder,
        "link": link_of(data, school),
        "profile": school.has_profile,
        "bytes": size_of(data, school),
        "school_years": [
            {
                "school_year": year.school_year,
                "keep_until": year.keep_until.isoformat(),
                "overdue": year.is_overdue(today),
                "trouble": year.trouble,
                "versions": [_version(one) for one in year.versions],
            }
            for year in school.years
        ],
    }


def _version(one: Version) -> dict[str, Any]:
    return {
        "version": one.number,
        "stored_at": one.stored_at.isoformat() if one.stored_at else None,
        "rows": one.rows,
        "half_days": one.half_days,
        "pupils": one.pupils,
        "damaged": one.damaged,
    }


def _print_school(school: StoredSchool, content: dict[str, Any], today: date) -> None:
    print(school.name)
    for year in school.years:
        late = "  OVER TIJD" if year.is_overdue(today) else ""
        print(f"  {year.school_year}  bewaard tot en met {format_date(year.keep_until)}{late}")
        for one in reversed(year.versions):
            print(f"    {_version_line(one, year)}")
        if year.trouble:
            print(f"    Let op: {year.trouble}")
    print(f"  koppeling met leerlingnummers: {LINKS[content['link']]}")
    print(f"  profiel: {'bewaard' if school.has_profile else 'geen'}; op schijf: {_bytes(content['bytes'])}")


def _version_line(one: Version, year: StoredYear) -> str:
    from stslib.absences.stored.removal import count_of

    if one.stored_at is None:
        return one.name
    counts = f"{count_of(one.rows, 'rij', 'rijen')}, {count_of(one.pupils, 'leerling', 'leerlingen')}"
    mark = "" if one == year.versions[-1] else " (vervangen)"
    return f"versie {one.number}, bewaard op {format_date(local_time(one.stored_at).date())}: {counts}{mark}"


def _bytes(size: int) -> str:
    return f"{format_number(size / 1e6, 1)} MB" if size >= 1e6 else f"{format_number(max(size / 1e3, 0.1), 1)} kB"


# -- export --------------------------------------------------------------------------------------------------------------------


def _export(args: argparse.Namespace) -> int:
    from stslib.absences.stored.copying import LINK, copy_school
    from stslib.absences.stored.removal import count_of
    from stslib.content import calendars, load_codes

    if args.with_link and not args.yes:
        raise DatasetError(
            "--with-link",
            f"In {LINK} komt te staan welk leerlingnummer bij welk pseudoniem hoort. Met dat bestand is elke rij van de kopie "
            "die van een leerling met een nummer; zonder dat bestand niet. Er is niets geschreven.",
            "Is dat echt nodig, voeg dan --yes toe en bewaar dat bestand apart.",
        )
    data = data_folder(args.data)
    copied = copy_school(
        data,
        args.school,
        args.to,
        codes=(*load_codes(), *_own_codes(data, args.school)),
        calendars=calendars(),
        today=date.today(),
        school_year=args.school_year,
        form=args.format,
        older=args.older,
        with_link=args.with_link,
    )
    if args.json:
        answer = {"folder": str(copied.folder), "files": copied.files, "half_days": copied.half_days, "link": copied.with_link}
        print(json.dumps(answer, ensure_ascii=False))
        return 0
    print(f"{count_of(copied.half_days, 'halve dag', 'halve dagen')} geschreven in {args.to.name}:")
    for name in copied.files:
        print(f"  {name}")
    print("Lees LEESMIJ.txt: daar staat wat dit is en hoe je het bewaart.")
    if copied.with_link:
        print(f"Let op: {LINK} zegt welke leerling wie is. Bewaar dat bestand apart en wis het na gebruik.")
    return 0


def _own_codes(data: Path, school: str) -> list[AbsenceCode]:
    """The codes of the school's own profile; a damaged profile is told and adds none."""
    from stslib.absences import load_profile

    try:
        profile = load_profile(data, school)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return []
    return [code.as_absence_code() for code in profile.codes] if profile else []


# -- keep ----------------------------------------------------------------------------------------------------------------------


def _keep(args: argparse.Namespace) -> int:
    from stslib.absences import set_keep_until

    day = parse_typed_date(args.until)
    if day is None:
        raise DatasetError("--until", "Deze datum is niet leesbaar.", "Schrijf ze als dd/mm/jjjj, bijvoorbeeld 31/08/2028.")
    if day < date.today():
        raise DatasetError(
            "--until",
            f"{format_date(day)} is al voorbij.",
            "Kies een latere dag, of verwijder het schooljaar: sts data delete.",
        )
    before = set_keep_until(data_folder(args.data), args.school, args.school_year, day)
    print(f"Schooljaar {args.school_year}: bewaard tot en met {format_date(day)} (was {format_date(before)}).")
    return 0


# -- delete --------------------------------------------------------------------------------------------------------------------


def _delete(args: argparse.Namespace) -> int:
    from stslib.absences.stored.removal import remove
    from stslib.absences.stored.settling import tidy

    data = data_folder(args.data)
    tidy(data)
    planned = _planned(args, data)
    sure = args.yes and not args.dry_run
    if sure and planned:
        remove(data, planned, reason="overdue" if args.overdue else "asked")
    if args.json:
        told = [{"school": one.school, "what": one.what, "target": one.target, "goes": list(one.lines)} for one in planned]
        print(json.dumps({"removed": sure, "removals": told}, ensure_ascii=False))
        return 0 if sure or args.dry_run or not planned else 1
    if not planned:
        print("Er is niets dat weg moet.")
        return 0
    for one in planned:
        print(f"{one.school}: {'verwijderd' if sure else 'dit gaat weg'}")
        for line in one.lines:
            print(f"  - {line}")
    print(_consequence(planned))
    if sure:
        print("Wat en wanneer staat in removals.jsonl in de gegevensmap.")
        return 0
    if args.dry_run:
        print("Er is niets verwijderd.")
        return 0
    print("Er is niets verwijderd. Klopt dit, geef dan dezelfde opdracht met --yes.", file=sys.stderr)
    return 1


def _planned(args: argparse.Namespace, data: Path) -> Sequence[Removal]:
    from stslib.absences.stored.removal import plan_link, plan_overdue, plan_removal

    if args.overdue:
        if args.school_year:
            raise StsError("--overdue", "Dit gaat over alle schooljaren die over tijd zijn.", "Laat --school-year weg.")
        return plan_overdue(data, date.today(), args.school)
    if not args.school:
        raise StsError("--school", "Van welke school is niet gezegd.", "Geef --school NAAM; sts data list toont de namen.")
    if args.link:
        if args.school_year:
            raise StsError("--link", "Er is één koppeling voor alle schooljaren samen.", "Laat --school-year weg.")
        return plan_link(data, args.school)
    return plan_removal(data, args.school, school_year=args.school_year, older=args.older, version=args.version)


def _consequence(planned: Sequence[Removal]) -> str:
    if any(one.what == "link" for one in planned):
        return (
            "De cijfers blijven, maar niemand kan er nog een leerling in terugvinden, en een volgende export wordt niet meer "
            "met de vorige verbonden. Dit is niet terug te draaien."
        )
    return f"Dit is niet terug te draaien. {UNTOUCHED}"
