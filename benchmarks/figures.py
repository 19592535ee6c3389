"""Reading an export and counting the indicators, each against pandas by hand, in turn in one run.

    python benchmarks/figures.py [--rounds 9] [--rows 40000] [--json FILE] [--engines]

Prints medians, ratios and the bars that they are held against. ``--engines`` also compares the engines that the
expressions could run on: first figure (a fresh process, imports included), warm figure and memory.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SCHOOL_YEAR = "2025-2026"
HEADER = ("Leerlingnummer", "Naam", "Voornaam", "Geboortedatum", "Klas", "Datum", "Dagdeel", "Code")
PUPILS = 800
GRADES = {"1": "1", "2": "1", "3": "2", "4": "2", "5": "3", "6": "3"}


def class_of(pupil: int) -> str:
    return f"{pupil % 6 + 1}{'ABCDEFG'[pupil // 6 % 7]}"


def make_files(folder: Path, count: int, *, quoted: bool = False) -> dict[str, Path]:
    """A seeded export of *count* rows with its enrolment and class files, as CSV and as XLSX."""
    import csv

    import xlsxwriter

    from stslib.absences.calendar import slots
    from stslib.content import load_calendar

    rng = random.Random(20260901)
    open_slots = [(slot.date, slot.half) for slot in slots(load_calendar(SCHOOL_YEAR)) if slot.possible]
    seen: set[tuple[int, date, str]] = set()
    while len(seen) < count:
        pupil = int(rng.betavariate(1, 2) * PUPILS)
        seen.add((pupil, *rng.choice(open_slots)))
    marks = sorted(seen, key=lambda mark: (mark[1], mark[0], mark[2]))
    rows = [
        (
            f"{pupil + 1000:07d}", f"Familienaam{pupil}", f"Voornaam{pupil % 97}", f"{pupil % 28 + 1:02d}/04/2011",
            class_of(pupil), day, half, rng.choices("ZDBLPR-", [50, 10, 14, 16, 4, 4, 2])[0],
        )
        for pupil, day, half in marks
    ]  # fmt: skip
    files = {name: folder / file for name, file in (("csv", "export.csv"), ("xlsx", "export.xlsx"), ("quoted", "quoted.csv"))}
    for name in ("csv", "quoted"):
        with files[name].open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL if name == "quoted" else csv.QUOTE_MINIMAL)
            writer.writerow(HEADER)
            writer.writerows((*row[:5], f"{row[5]:%d/%m/%Y}", *row[6:]) for row in rows)
    files["cp1252"] = folder / "cp1252.csv"
    text = files["csv"].read_text(encoding="utf-8").replace("Familienaam1;", "Familienaamé;")
    files["cp1252"].write_bytes(text.encode("cp1252"))
    workbook = xlsxwriter.Workbook(str(files["xlsx"]), {"default_date_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet("Export")
    sheet.write_row(0, 0, HEADER)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row[:5])
        sheet.write_datetime(number, 5, row[5])
        sheet.write_row(number, 6, row[6:])
    workbook.close()
    files["enrolment"] = folder / "inschrijvingen.csv"
    files["classes"] = folder / "klassen.csv"
    first, last = date(2025, 9, 1), date(2026, 6, 30)
    with files["enrolment"].open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Leerlingnummer", "Klas", "Van", "Tot"))
        for pupil in range(PUPILS):
            start = first if pupil % 19 else first + timedelta(days=40)
            end = last if pupil % 23 else last - timedelta(days=60)
            writer.writerow((f"{pupil + 1000:07d}", class_of(pupil), f"{start:%d/%m/%Y}", f"{end:%d/%m/%Y}"))
    with files["classes"].open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Klas", "Graad", "Leerjaar"))
        for name in sorted({class_of(pupil) for pupil in range(PUPILS)}):
            writer.writerow((name, GRADES[name[0]], name[0]))
    return files


def in_turn(rounds: int, **measured: Callable[[], object]) -> dict[str, float]:
    """Median milliseconds of each, all run once per round, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in measured}
    for turn in range(rounds + 1):
        for name, call in measured.items():
            start = time.perf_counter()
            call()
            if turn:
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: round(median(values), 1) for name, values in times.items()}


# -- reading -------------------------------------------------------------------------------------------------------------------


def measure_reading(files: dict[str, Path], rounds: int) -> list[dict[str, Any]]:
    import pandas as pd

    from stslib.absences import read_export
    from stslib.content import load_calendar, load_codes

    codes, calendar = load_codes(), load_calendar(SCHOOL_YEAR)

    def ours(name: str, **more: Path) -> Callable[[], object]:
        return lambda: read_export(files[name], school_year=SCHOOL_YEAR, codes=codes, calendar=calendar, **more)

    results = []
    plain = in_turn(rounds, ours=ours("csv"), pandas=lambda: pd.read_csv(files["csv"], sep=";"))
    results.append({"what": "CSV, every row screened / pandas.read_csv", **plain, "bar": 4.0, "aim": 2.0})
    both = in_turn(
        rounds,
        ours=ours("csv", enrolment=files["enrolment"], classes=files["classes"]),
        pandas=lambda: pd.read_csv(files["csv"], sep=";"),
    )
    results.append(
        {"what": "CSV with enrolment and class file / pandas.read_csv (export only)", **both, "bar": None, "aim": None}
    )
    quoted = in_turn(rounds, ours=ours("quoted"), pandas=lambda: pd.read_csv(files["quoted"], sep=";"))
    results.append({"what": "CSV, every value quoted / pandas.read_csv", **quoted, "bar": 4.0, "aim": 2.0})
    encoded = in_turn(rounds, ours=ours("cp1252"), pandas=lambda: pd.read_csv(files["cp1252"], sep=";", encoding="cp1252"))
    results.append({"what": "CSV, cp1252 / pandas.read_csv", **encoded, "bar": 4.0, "aim": 2.0})
    few = max(rounds // 2, 3) if rounds < 7 else 7
    workbook = in_turn(few, ours=ours("xlsx"), pandas=lambda: pd.read_excel(files["xlsx"], engine="openpyxl"))
    results.append({"what": "XLSX, every row screened / pandas.read_excel (openpyxl)", **workbook, "bar": 0.5, "aim": 0.2})
    fast = in_turn(few, ours=ours("xlsx"), pandas=lambda: pd.read_excel(files["xlsx"], engine="calamine"))
    results.append({"what": "XLSX / pandas.read_excel(engine='calamine')", **fast, "bar": None, "aim": None})
    return results


# -- indicators ----------------------------------------------------------------------------------------------------------------

FIGURES: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("code",), None),
    (("weekday", "half"), None),
    (("week",), None),
    (("grade",), None),
    (("class",), None),
)
"""What the cards of the prevention plan ask, apart from lateness by week and the thresholds."""


def store(files: dict[str, Path], data: Path) -> None:
    from stslib.absences import read_export, store_reading
    from stslib.content import load_calendar, load_codes

    reading = read_export(
        files["csv"],
        school_year=SCHOOL_YEAR,
        codes=load_codes(),
        calendar=load_calendar(SCHOOL_YEAR),
        enrolment=files["enrolment"],
        classes=files["classes"],
    )
    store_reading(data, "Bank", reading)


def count_ours(data: Path) -> list[Any]:
    from stslib.absences import load_absences
    from stslib.content import calendars, load_codes, load_thresholds

    absences = load_absences(data, "Bank", codes=load_codes(), thresholds=load_thresholds(), calendars=calendars())
    return [*(absences.rate(by, status) for by, status in FIGURES), absences.late(["week"]), absences.thresholds()]


def pandas_inputs(data: Path) -> dict[str, Any]:
    """The same stored facts as pandas frames, read beforehand: reading Parquet is not what is compared."""
    import polars as pl

    from stslib.absences import load_absences
    from stslib.content import calendars, load_codes, load_thresholds

    absences = load_absences(data, "Bank", codes=load_codes(), thresholds=load_thresholds(), calendars=calendars())
    year = absences.facts[-1]

    def frame(table: pl.DataFrame) -> Any:
        import pandas as pd

        columns = {name: table[name].to_list() for name in table.columns}
        made = pd.DataFrame(columns)
        for name in ("date", "first", "last"):
            if name in made.columns:
                made[name] = pd.to_datetime(made[name])
        return made

    return {
        "half_days": frame(year.half_days),
        "enrolment": frame(year.enrolment),
        "classes": frame(year.classes),
        "calendar": year.calendar,
        "codes": load_codes(),
        "thresholds": load_thresholds(),
    }


def count_pandas(tables: dict[str, Any]) -> list[Any]:
    """What a colleague who knows pandas well would write: the same numbers, Wilson interval and pupils included."""
    import numpy as np
    import pandas as pd

    calendar = tables["calendar"]
    days = pd.date_range(calendar.first_day, calendar.last_day, freq="B")
    closed = np.concatenate([pd.date_range(p.first, p.last).to_numpy() for p in calendar.holidays])
    days = days[~days.isin(closed)]
    slots = pd.concat(
        [pd.DataFrame({"date": days, "half": "VM"}), pd.DataFrame({"date": days[days.day_of_week != 2], "half": "NM"})]
    )
    slots["weekday"] = slots["date"].dt.day_of_week + 1
    slots["week"] = slots["date"].dt.isocalendar().week.astype("int64")
    enrolled = tables["enrolment"].merge(tables["classes"], on="class", how="left")
    person_slots = enrolled.merge(slots, how="cross")
    person_slots = person_slots[
        (person_slots["date"] >= person_slots["first"]) & (person_slots["date"] <= person_slots["last"])
    ]
    facts = tables["half_days"].merge(person_slots, on=["pupil", "date", "half"])
    absent = [code.code for code in tables["codes"] if code.absent]

    def rate(by: list[str], kept: Any, kind: str | None = None) -> Any:
        groups = [name for name in by if name != kind]
        if groups:
            base = (
                person_slots.groupby(groups)
                .agg(half_days_possible=("pupil", "size"), pupils=("pupil", "nunique"))
                .reset_index()
            )
            counted = kept.groupby(by).size().rename("missed").reset_index()
            out = base.merge(counted, on=by, how="left").fillna({"missed": 0})
        else:
            out = kept.groupby(by).size().rename("missed").reset_index()
            out["half_days_possible"] = len(person_slots)
            out["pupils"] = person_slots["pupil"].nunique()
        n, k, z = out["half_days_possible"], out["missed"], 1.959963984540054
        p = k / n
        middle, spread = (
            (p + z * z / 2 / n) / (1 + z * z / n),
            z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n),
        )
        return out.assign(rate=p, rate_low=(middle - spread).clip(0), rate_high=(middle + spread).clip(upper=1)).sort_values(by)

    missed = facts[facts["code"].isin(absent)]
    results = [rate(list(by), missed, "code" if "code" in by else None) for by, _ in FIGURES]
    results.append(rate(["week"], facts[facts["code"] == "L"]))
    unlawful = facts[facts["code"] == "B"].groupby("pupil").size()
    share = missed.groupby("pupil").size() / person_slots.groupby("pupil").size()
    rows = []
    for rule in tables["thresholds"]:
        if rule.value is not None and "B" in rule.codes:
            rows.append(
                (rule.id, int((unlawful >= rule.value).sum()), int(unlawful.between(0.8 * rule.value, rule.value - 0.01).sum()))
            )
        elif rule.value is not None and rule.unit.startswith("procent"):
            rows.append((rule.id, int((share * 100 >= rule.value).sum()), 0))
    results.append(pd.DataFrame(rows, columns=["threshold", "pupils_over", "pupils_near"]))
    return results


def measure_indicators(data: Path, rounds: int) -> list[dict[str, Any]]:
    tables = pandas_inputs(data)
    for mine, theirs in zip(count_ours(data)[:6], count_pandas(tables)[:6], strict=True):
        column = "half_days_missed" if "half_days_missed" in mine.columns else "late_half_days"
        if sorted(mine[column].tolist()) != sorted(int(n) for n in theirs["missed"]):
            raise SystemExit("The two do not count the same; there is nothing to compare.")
        if sorted(mine["half_days_possible"].tolist()) != sorted(theirs["half_days_possible"].tolist()):
            raise SystemExit("The two do not have the same denominators; there is nothing to compare.")
    times = in_turn(rounds, ours=lambda: count_ours(data), pandas=lambda: count_pandas(tables))
    return [{"what": "all figures of one school, from disk / pandas by hand, from memory", **times, "bar": 1.0, "aim": 0.5}]


# -- engines -------------------------------------------------------------------------------------------------------------------

ENGINES = ("polars", "duckdb", "pandas")


def run_engine(engine: str, data: Path, rounds: int) -> dict[str, Any]:
    """In a process of its own: imports, stored tables into *engine*, then the same expressions."""
    start = time.perf_counter()
    import narwhals as nw

    from stslib.absences import load_absences
    from stslib.absences.indicators.dimensions import keep_expression
    from stslib.absences.indicators.rate import missed, possible
    from stslib.content import calendars, load_codes, load_thresholds

    codes = load_codes()
    absences = load_absences(data, "Bank", codes=codes, thresholds=load_thresholds(), calendars=calendars())
    tables = absences.open()
    named = {"facts": tables.facts, "enrolled": tables.enrolled, "calendar": tables.calendar}
    if engine == "pandas":
        import pandas as pd

        named = {name: nw.from_native(pd.DataFrame(tables.collect(table))).lazy() for name, table in named.items()}
    elif engine == "duckdb":
        import duckdb

        connection = duckdb.connect(config={"threads": 2})
        for name, table in named.items():
            path = data / f"{name}.parquet"
            table.collect().to_native().write_parquet(path)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")
        named = {name: nw.from_native(connection.table(name)) for name in named}
    prepared = time.perf_counter()

    def figure(by: tuple[str, ...]) -> list[Any]:
        groups = tuple(name for name in by if name != "code")
        asked = (
            possible(named["enrolled"], named["calendar"], groups),
            missed(named["facts"], by, keep_expression(codes, None)),
        )
        return [frame.collect() for frame in asked]

    figure(("week",))
    first = time.perf_counter()
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        for by, _status in FIGURES:
            figure(by)
        times.append((time.perf_counter() - begin) * 1000)
    status = Path("/proc/self/status")  # the resource module would tell the peak of the parent too
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((round(int(line.split()[1]) / 1024) for line in lines if line.startswith("VmHWM")), None)
    return {
        "engine": engine,
        "first_figure_ms": round((first - start) * 1000),
        "of_which_opening_ms": round((prepared - start) * 1000),
        "five_warm_figures_ms": round(median(times), 1),
        "peak_mib": peak,
    }


def measure_engines(data: Path, rounds: int) -> list[dict[str, Any]]:
    results = []
    for engine in ENGINES:
        if find_spec(engine) is None:
            continue
        command = [
            sys.executable,
            str(Path(__file__).resolve()),
            "--run-engine",
            engine,
            "--data",
            str(data),
            "--rounds",
            str(rounds),
        ]
        runs = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(3)]
        results.append(sorted(runs, key=lambda run: run["first_figure_ms"])[1])
    return results


# -- printing ------------------------------------------------------------------------------------------------------------------


def print_table(rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    cells = [names, *[["" if row[name] is None else str(row[name]) for name in names] for row in rows]]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    for row in cells:
        print(
            "  ".join(
                cell.ljust(width) if not place else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )
    print()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--engines", action="store_true")
    parser.add_argument("--run-engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run_engine:
        print(json.dumps(run_engine(args.run_engine, args.data, args.rounds)))
        return 0
    with tempfile.TemporaryDirectory(prefix="sts-benchmark-") as name:
        folder = Path(name)
        files = make_files(folder, args.rows)
        store(files, folder / "data")
        results = [*measure_reading(files, args.rounds), *measure_indicators(folder / "data", args.rounds)]
        engines = measure_engines(folder / "data", args.rounds) if args.engines else []
    for row in results:
        row["ratio"] = round(row["ours"] / row["pandas"], 2)
        row["held"] = None if row["bar"] is None else "yes" if row["ratio"] <= row["bar"] else "NO"
    names = ("python", "pandas", "polars", "narwhals", "pyarrow")
    installed = {
        name: platform.python_version() if name == "python" else version(name) if find_spec(name) else None for name in names
    }
    print(f"{args.rows} rows, {PUPILS} pupils, medians of {args.rounds} rounds in turn, in milliseconds")
    print(f"{platform.machine()}, {installed}\n")
    print_table(results)
    if engines:
        print_table(engines)
    if args.json:
        args.json.write_text(
            json.dumps({"rows": args.rows, "installed": installed, "results": results, "engines": engines}, indent=1)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
