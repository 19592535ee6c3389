"""``sts content``: check the instruments and tables, write the schemas that editors complete with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Add ``check`` and ``schema``."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TAAK")
    check = tasks.add_parser(
        "check", help="telt wat er is en noemt elke fout", description="Telt wat er is en noemt elke fout."
    )
    check.add_argument("--json", action="store_true", help="als JSON, voor een script")
    schema = tasks.add_parser(
        "schema", help="schrijft de schema's voor editors", description="Schrijft de JSON-schema's waarmee een editor aanvult."
    )
    for task in (check, schema):
        task.add_argument("--content", type=Path, metavar="MAP", help="de map met inhoud (anders die van het programma)")


def run(args: argparse.Namespace) -> int:
    """Returns 1 when a check finds anything, else 0."""
    return _check(args) if args.task == "check" else _schema(args)


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
    from stslib.errors import StsError
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
