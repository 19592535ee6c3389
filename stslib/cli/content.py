"""``sts content``: check the instruments and tables, their schemas and register, and a centre's own wording."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stslib.errors import ContentError, StsError

if TYPE_CHECKING:
    from stslib.model.finding import Finding


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the tasks."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TAAK")
    check = tasks.add_parser(
        "check", help="telt wat er is en noemt elke fout", description="Telt wat er is en noemt elke fout."
    )
    check.add_argument("--json", action="store_true", help="als JSON, voor een script")
    schema = tasks.add_parser(
        "schema", help="schrijft de schema's voor editors", description="Schrijft de JSON-schema's waarmee een editor aanvult."
    )
    register = tasks.add_parser(
        "register",
        help="noteert welke id's uitgegeven zijn",
        description="Noteert alle id's, zodat de controle merkt wanneer er een verdwijnt waar antwoorden aan hangen.",
    )
    out = tasks.add_parser(
        "wording-out",
        help="schrijft alle teksten in een bestand, met plaats voor eigen bewoording",
        description="Schrijft alle teksten in een bestand (.xlsx of .yaml), met plaats voor de eigen bewoording van een CLB.",
    )
    out.add_argument("file", metavar="BESTAND", type=Path, help="het bestand dat gemaakt wordt (.xlsx of .yaml)")
    out.add_argument("--instrument", metavar="ID", help="alleen dit instrument, zoals school")
    back = tasks.add_parser(
        "wording-in",
        help="leest de eigen bewoording in, of haalt ze weg",
        description="Controleert een bestand met eigen bewoording en legt ze over onze teksten, of haalt ze weg.",
    )
    back.add_argument("file", metavar="BESTAND", type=Path, nargs="?", help="het ingevulde bestand (.xlsx of .yaml)")
    back.add_argument("--name", metavar="NAAM", help="hoe deze bewoording heet, zoals 'CLB Noord'")
    back.add_argument("--remove", action="store_true", help="terug naar onze teksten")
    for task in (check, schema, register, out, back):
        task.add_argument("--content", type=Path, metavar="MAP", help="de map met inhoud (anders die van het programma)")
    for task in (out, back):
        task.add_argument("--data", metavar="MAP", help="de gegevensmap (anders STS_DATA of die van dit toestel)")


def run(args: argparse.Namespace) -> int:
    """Returns 1 when a check finds anything or a file is refused, else 0."""
    tasks = {
        "check": _check,
        "schema": _schema,
        "register": _register,
        "wording-out": _wording_out,
        "wording-in": _wording_in,
    }
    return tasks[args.task](args)


def _check(args: argparse.Namespace) -> int:
    from stslib.content import check_content

    report = check_content(args.content)
    if args.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        for identity, counts in report.instruments.items():
            first, *more = counts.lines()
            print(f"{identity}: {first}", *(f"  {line}" for line in more), sep="\n")
        for name, rows in report.tables.items():
            print(f"{name}: {rows} regels")
        for finding in report.findings:
            print(finding)
        print(f"{len(report.findings)} fout(en) gevonden." if report.findings else "Geen fouten gevonden.")
    return 0 if report.sound else 1


def _schema(args: argparse.Namespace) -> int:
    from stslib.content.schema import write_schemas
    from stslib.paths import content_folder

    folder = args.content or content_folder()
    try:
        changed = write_schemas(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StsError(
            str(folder), f"De schema's konden niet geschreven worden ({reason}).", "Kijk of de map bestaat."
        ) from None
    for path in changed:
        print(f"{folder.name}/schema/{path.name} geschreven.")
    if not changed:
        print("De schema's waren al bij.")
    return 0


def _register(args: argparse.Namespace) -> int:
    from stslib.content.check import register_ids
    from stslib.paths import content_folder

    added = register_ids((args.content or content_folder()).resolve())
    print(f"{added} id's bijgeschreven in het register." if added else "Het register was al bij.")
    return 0


def _wording_out(args: argparse.Namespace) -> int:
    from stslib.content import load_instrument, load_instruments, load_wording, wording_problem
    from stslib.content.wording_files import wording_file
    from stslib.paths import data_folder

    data = data_folder(args.data)
    if problem := wording_problem(data):
        print(problem, file=sys.stderr)
    chosen = (load_instrument(args.instrument, args.content),) if args.instrument else load_instruments(args.content)
    written = wording_file(chosen, load_wording(data), args.file.suffix.lower())
    try:
        with args.file.open("xb") as file:
            file.write(written)
    except FileExistsError:
        raise StsError(
            args.file.name, "Dit bestand bestaat al.", "Kies een andere naam, zodat wat erin staat niet verloren gaat."
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StsError(str(args.file), f"Dit bestand kon niet geschreven worden ({reason}).", "Kies een andere map.") from None
    print(f"{args.file.name} geschreven. Vul de eigen teksten in en lees ze in met: sts content wording-in {args.file.name}")
    return 0


def _wording_in(args: argparse.Namespace) -> int:
    from stslib.content import load_instruments, load_wording
    from stslib.content.wording import keep_wording
    from stslib.content.wording_files import read_wording_file, take_in
    from stslib.paths import data_folder

    if args.remove == (args.file is not None):
        raise StsError("wording-in", "Geef een bestand, of --remove.", "Bijvoorbeeld: sts content wording-in teksten.xlsx")
    data, now = data_folder(args.data), datetime.now()
    if args.remove:
        copy = keep_wording(data, None, now)
        gone = (
            f"De pagina's tonen weer onze teksten; de vorige staan in {copy.name}." if copy else "Er was geen eigen bewoording."
        )
        print(gone)
        return 0
    current = load_wording(data)
    instruments = load_instruments(args.content)
    try:
        rows = read_wording_file(args.file)
    except ContentError as error:
        return _refuse(error.findings)
    taken = take_in(rows, instruments, current, args.name, now)
    if taken.wording is None:
        return _refuse(taken.findings)
    for finding in taken.findings:
        print(f"Let op: {finding}")
    print(f"{taken.own} eigen teksten; {taken.left} keer blijft onze tekst staan.")
    if current == taken.wording:
        print("Dit was al de bewoording van de pagina's; er is niets veranderd.")
        return 0
    copy = keep_wording(data, taken.wording, now)
    print(f"De pagina's tonen nu '{taken.wording.name}' ({taken.wording.digest}).")
    if copy:
        print(f"De vorige bewoording staat in {copy.name}.")
    return 0


def _refuse(findings: tuple[Finding, ...]) -> int:
    for finding in findings:
        print(finding, file=sys.stderr)
    print("Er is niets veranderd: verbeter het bestand en lees het opnieuw in.", file=sys.stderr)
    return 1
