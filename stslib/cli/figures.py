"""``sts figures``: count the stored half days of a school, or of several together, here or on a Spark cluster."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from stslib.errors import DatasetError
from stslib.paths import data_folder
from stslib.text import format_date, format_number, format_percent, parse_typed_date

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences import Absences
    from stslib.absences.counted import Counted

MEASURES = ("rate", "late", "thresholds", "bands", "spells", "distribution", "compare", "run_chart", "funnel")
"""The methods of ``Absences`` that can be asked here; lists of pupils are shown on a page alone."""

_TAKES_BY = frozenset(MEASURES)
_TAKES_STATUS = frozenset({"rate", "spells", "distribution", "compare", "run_chart", "funnel"})
_TAKES_YEARS = frozenset(MEASURES) - {"compare"}
_TAKES_PERIOD = frozenset({"rate", "late", "spells", "distribution", "run_chart", "funnel"})


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``sts figures``."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--school",
        action="append",
        metavar="NAAM",
        help="de school waarvan de cijfers zijn; mag vaker, om scholen samen te tellen",
    )
    which.add_argument("--all-schools", action="store_true", help="alle scholen waarvan cijfers bewaard zijn, samen")
    parser.add_argument(
        "--by",
        default="",
        metavar="INDELING",
        help="komma's ertussen: level, grade, year, stream, class, school_year, month, week, weekday, half, status, code "
        "(en school bij meer scholen)",
    )
    parser.add_argument("--status", help="unlawful, lawful, open of late; anders alle codes die als afwezig tellen")
    parser.add_argument("--measure", choices=MEASURES, default="rate", help="wat er geteld wordt")
    parser.add_argument("--school-year", action="append", metavar="JAAR", help="alleen dit schooljaar; mag vaker")
    parser.add_argument(
        "--where", action="append", default=[], metavar="INDELING=WAARDE", help="alleen dit deel, zoals grade=2; mag vaker"
    )
    parser.add_argument("--from", dest="first", metavar="DAG", help="pas vanaf deze dag (dd/mm/jjjj)")
    parser.add_argument("--until", dest="last", metavar="DAG", help="tot en met deze dag (dd/mm/jjjj)")
    parser.add_argument(
        "--policy",
        choices=("none", "room", "record", "shared"),
        help="hoe kleine groepen afgeschermd worden; gewoonlijk none voor één school en shared voor meer scholen",
    )
    parser.add_argument("--engine", choices=("embedded", "spark"), default="embedded", help="waar er geteld wordt")
    parser.add_argument(
        "--master", default="local[*]", metavar="ADRES", help="met --engine spark: de cluster, zoals spark://naam:7077"
    )
    parser.add_argument("--data", metavar="MAP", help="de gegevensmap (anders STS_DATA of die van dit toestel)")
    parser.add_argument("--why", action="store_true", help="zeg erbij waarom dit het getal is")
    parser.add_argument("--json", action="store_true", help="schrijf de rijen als JSON")


def run(args: argparse.Namespace) -> int:
    """Print one tidy row per group."""
    from stslib.figures.library import load_absences, stored_schools

    question = _question(args)
    schools = list(stored_schools(args.data)) if args.all_schools else args.school
    with _session(args) as session:
        absences = load_absences(schools if len(schools) != 1 or session else schools[0], args.data, spark=session)
        frame = _ask(absences, args.measure, question)
        rows = _rows(frame)
        if args.json:
            print(json.dumps(rows, ensure_ascii=False, default=_as_text))
        else:
            _print_table(rows)
            for line in frame.explain() if args.why else ():
                print(f"{line.label}: {line.text}")
    return 0


def _ask(absences: Absences, measure: str, question: dict[str, Any]) -> Counted:
    answer: Counted = getattr(absences, measure)(**question)
    return answer


def _question(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments of the measure; what it does not take is refused, for a part that is left out in silence misleads."""
    by = [name.strip() for name in args.by.split(",") if name.strip()]
    first, last = (args.first and _day("--from", args.first)), (args.last and _day("--until", args.last))
    given: list[tuple[str, str, Any, frozenset[str]]] = [
        ("--status", "status", args.status, _TAKES_STATUS),
        ("--school-year", "school_years", args.school_year, _TAKES_YEARS),
        ("--from of --until", "period", (first or date.min, last or date.max) if first or last else None, _TAKES_PERIOD),
    ]
    for option, _, value, takes in given:
        if value is not None and args.measure not in takes:
            raise DatasetError(option, f"{args.measure} kent deze keuze niet.", f"Laat {option} weg, of kies een andere maat.")
    question: dict[str, Any] = {name: value for _, name, value, _ in given if value is not None}
    if by or args.measure != "funnel":
        question["by"] = by
    if args.where:
        question["where"] = _where(args.where)
    if args.policy:
        question["disclosure"] = args.policy
    return question


def _where(given: list[str]) -> dict[str, list[Any]]:
    chosen: dict[str, list[Any]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise DatasetError("--where", f"‘{text}’ is niet te lezen.", "Schrijf INDELING=WAARDE, bijvoorbeeld grade=2.")
        number = name in ("week", "weekday", "month") and value.isdigit()
        chosen.setdefault(name, []).append(int(value) if number else value)
    return chosen


def _day(option: str, text: str) -> date:
    day = parse_typed_date(text)
    if day is None:
        raise DatasetError(option, "Deze datum is niet leesbaar.", "Schrijf ze als dd/mm/jjjj, bijvoorbeeld 03/11/2025.")
    return day


@contextmanager
def _session(args: argparse.Namespace) -> Iterator[Any]:
    """A Spark session for this one question; None where it is counted here."""
    if args.engine != "spark":
        yield None
        return
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DatasetError(
            "--engine spark",
            "PySpark staat niet op dit toestel.",
            "Zet het erbij: pip install 'stslib[spark]'. Er is ook Java 17 of nieuwer nodig.",
        ) from None
    data_folder(args.data)
    builder = SparkSession.builder.master(args.master).appName("sts figures")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    for name, value in quiet.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise DatasetError(
            "--engine spark",
            f"Spark startte niet op {args.master} ({type(error).__name__}).",
            "Kijk na of Java 17 of nieuwer er staat (JAVA_HOME) en of de cluster bereikbaar is.",
        ) from error
    try:
        yield session
    finally:
        session.stop()


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain values; a hidden number is None."""
    import pandas as pd

    names = [str(name) for name in frame.columns]
    columns = [[None if pd.isna(value) else value for value in frame[name].tolist()] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


_PLAIN = ("week", "weekday", "month", "school_week", "school_day")
_SHARES = ("rate", "share_", "limit_", "low_", "high_", "centre", "all_rate")


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "…"
    if name.startswith(_SHARES):
        return format_percent(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, date):
        return format_date(value)
    return format_number(value) if isinstance(value, int) and name not in _PLAIN else str(value)


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("Geen rijen.")
        return
    cells = [list(rows[0]), *[[_shown(name, value) for name, value in row.items()] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
