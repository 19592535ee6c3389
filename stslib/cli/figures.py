"""``sts figures``: count the stored half days of a school."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from stslib.paths import data_folder
from stslib.text import format_number, format_percent

if TYPE_CHECKING:
    import pandas as pd


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``sts figures``."""
    parser.add_argument("--school", required=True, metavar="NAAM", help="de school waarvan de cijfers zijn")
    parser.add_argument(
        "--by",
        default="",
        metavar="INDELING",
        help="komma's ertussen: level, grade, year, stream, class, school_year, month, week, weekday, half, status, code",
    )
    parser.add_argument("--status", help="unlawful, lawful, open of late; anders alle codes die als afwezig tellen")
    parser.add_argument("--measure", choices=("rate", "late", "thresholds"), default="rate", help="wat er geteld wordt")
    parser.add_argument("--school-year", action="append", metavar="JAAR", help="alleen dit schooljaar; mag vaker")
    parser.add_argument(
        "--policy", choices=("none", "room", "record"), default="none", help="hoe kleine groepen afgeschermd worden"
    )
    parser.add_argument("--data", metavar="MAP", help="de gegevensmap (anders STS_DATA of die van dit toestel)")
    parser.add_argument("--why", action="store_true", help="zeg erbij waarom dit het getal is")
    parser.add_argument("--json", action="store_true", help="schrijf de rijen als JSON")


def run(args: argparse.Namespace) -> int:
    """Print one tidy row per group."""
    from stslib.absences import load_absences
    from stslib.content import calendars, load_codes, load_thresholds

    absences = load_absences(
        data_folder(args.data), args.school, codes=load_codes(), thresholds=load_thresholds(), calendars=calendars()
    )
    by = [name.strip() for name in args.by.split(",") if name.strip()]
    if args.measure == "thresholds":
        frame = absences.thresholds(args.policy)
    elif args.measure == "late":
        frame = absences.late(by, args.policy, school_years=args.school_year)
    else:
        frame = absences.rate(by, args.status, args.policy, school_years=args.school_year)
    rows = _rows(frame)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _print_table(rows)
    if args.why and not args.json:
        for line in absences.explain(by, args.status, args.policy, measure=args.measure, school_years=args.school_year):
            print(f"{line.label}: {line.text}")
    return 0


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values; a hidden number is None."""
    import pandas as pd

    names = [str(name) for name in frame.columns]
    columns = [[None if pd.isna(value) else value for value in frame[name].tolist()] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "…"
    if name.startswith("rate"):
        return format_percent(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return format_number(value) if isinstance(value, int) and name not in ("week", "month", "weekday") else str(value)


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("Geen rijen.")
        return
    cells = [list(rows[0]), *[[_shown(name, value) for name, value in row.items()] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
