"""Many schools: five indicators over millions of half days, beside pandas by hand and beside more rows of the same.

    python benchmarks/province.py [--millions 1.5 15] [--rounds 3] [--json FILE] [--keep FOLDER]

Each size is generated (seeded) as one Parquet file of half days per school, then counted in a process of its own by
``Absences`` and by pandas (up to ``PANDAS_MOST`` million rows), so that each has a peak of memory of its own. 150 million rows
take some minutes and 0.5 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SCHOOL_YEAR = "2025-2026"
PUPILS = 1000
HALF_DAYS_PER_PUPIL = 50
PANDAS_MOST = 20.0
"""Million rows: pandas by hand takes some 0.4 GB a million."""

QUESTIONS: tuple[tuple[str, ...], ...] = (("grade",), ("weekday", "half"), ("week",), ("code",), ("class",))


def class_of(number: int) -> str:
    return f"{number % 6 + 1}{'ABCDEFG'[number // 6 % 7]}"


def make_schools(folder: Path, rows: int) -> int:
    """Write schools of 1,000 pupils until there are *rows* half days; returns how many rows there are."""
    import numpy as np
    import polars as pl

    from stslib.absences.calendar import slots
    from stslib.content import load_calendar

    rng = np.random.default_rng(20260901)
    open_slots = [slot for slot in slots(load_calendar(SCHOOL_YEAR)) if slot.possible]
    days = np.array([slot.day_number for slot in open_slots], dtype=np.int32)
    halves = np.array([slot.half for slot in open_slots])
    codes = np.array(list("ZDBLPR-"))
    first, last = date(2025, 9, 1), date(2026, 6, 30)
    stays = pl.DataFrame(
        {
            "class": [class_of(number) for number in range(PUPILS)],
            "first": [first if number % 19 else date(2025, 10, 10) for number in range(PUPILS)],
            "last": [last if number % 23 else date(2026, 5, 1) for number in range(PUPILS)],
        }
    )
    written = school = 0
    while written < rows:
        weight = rng.gamma(0.6, 1.0, PUPILS)
        counts = rng.multinomial(PUPILS * HALF_DAYS_PER_PUPIL, weight / weight.sum()).clip(0, len(open_slots))
        picked = np.concatenate([rng.choice(len(open_slots), count, replace=False) for count in counts])
        pupils = np.repeat(np.arange(PUPILS), counts) + school * 10_000_000
        order = np.lexsort((pupils, picked))
        code = codes[rng.choice(len(codes), len(picked), p=np.array([50, 10, 14, 16, 4, 4, 2]) / 100)]
        half_days = pl.DataFrame(
            {
                "pupil": pupils[order],
                "date": pl.Series(days[picked[order]]).cast(pl.Date),
                "half": halves[picked[order]],
                "code": code,
                "subcode": code,
            }
        )
        half_days.write_parquet(folder / f"half_days_{school:05d}.parquet", compression="zstd")
        numbered = stays.with_columns(pupil=pl.Series(np.arange(PUPILS) + school * 10_000_000))
        numbered.select("pupil", "class", "first", "last").write_parquet(folder / f"enrolment_{school:05d}.parquet")
        written += len(picked)
        school += 1
    return written


def classes() -> dict[str, list[Any]]:
    names = sorted({class_of(number) for number in range(PUPILS)})
    return {
        "class": names,
        "grade": [str((int(name[0]) + 1) // 2) for name in names],
        "year": [name[0] for name in names],
        "stream": ["A-stroom"] * len(names),
        "level": ["secundair"] * len(names),
    }


def ask_ours(folder: Path) -> list[Any]:
    import polars as pl

    from stslib.absences import Absences
    from stslib.absences.tables import SchoolYearFacts
    from stslib.content import load_calendar, load_codes
    from stslib.model.absence import WeeklyGrid

    calendar = load_calendar(SCHOOL_YEAR)
    of_classes = pl.DataFrame(classes())
    years = [
        SchoolYearFacts(
            school_year=SCHOOL_YEAR,
            half_days=pl.scan_parquet(path),
            enrolment=pl.read_parquet(path.with_name(path.name.replace("half_days", "enrolment"))),
            classes=of_classes,
            calendar=calendar,
            grid=WeeklyGrid(),
            free_days=(),
            period=(calendar.first_day, calendar.last_day),
            last_day=calendar.last_day,
            enrolment_known=True,
            report=None,
            link="",
            school=path.stem,
        )
        for path in sorted(folder.glob("half_days_*.parquet"))
    ]
    absences = Absences("Provincie", years, codes=load_codes())
    return [absences.rate(by) for by in QUESTIONS]


def ask_pandas(folder: Path) -> list[Any]:
    """What a colleague who knows pandas well would write, who joins once and counts days per different stay."""
    import numpy as np
    import pandas as pd

    from stslib.content import load_calendar, load_codes

    calendar = load_calendar(SCHOOL_YEAR)
    days = pd.date_range(calendar.first_day, calendar.last_day, freq="B")
    closed = np.concatenate([pd.date_range(p.first, p.last).to_numpy() for p in calendar.holidays])
    days = days[~days.isin(closed)]
    slots = pd.concat(
        [pd.DataFrame({"date": days, "half": "VM"}), pd.DataFrame({"date": days[days.day_of_week != 2], "half": "NM"})]
    )
    slots["weekday"] = slots["date"].dt.day_of_week + 1
    slots["week"] = slots["date"].dt.isocalendar().week.astype("int64")

    def read(kind: str) -> Any:
        frames = [pd.read_parquet(path) for path in sorted(folder.glob(f"{kind}_*.parquet"))]
        made = pd.concat(frames, ignore_index=True)
        for name in ("date", "first", "last"):
            if name in made.columns:
                made[name] = pd.to_datetime(made[name])
        return made

    enrolled = read("enrolment").merge(pd.DataFrame(classes()), on="class", how="left")
    facts = read("half_days").drop(columns="subcode")
    absent = [code.code for code in load_codes() if code.absent]
    facts = facts[facts["code"].isin(absent)]
    facts = facts.merge(slots, on=["date", "half"]).merge(enrolled[["pupil", "first", "last", "grade", "class"]], on="pupil")
    facts = facts[(facts["date"] >= facts["first"]) & (facts["date"] <= facts["last"])]
    spans = enrolled[["first", "last"]].drop_duplicates().merge(slots, how="cross")
    spans = spans[(spans["date"] >= spans["first"]) & (spans["date"] <= spans["last"])]
    results = []
    for by in QUESTIONS:
        groups = [name for name in by if name != "code"]
        times = [name for name in groups if name in ("weekday", "half", "week")]
        days_of = spans.groupby(["first", "last", *times]).size().rename("halves").reset_index()
        stays = enrolled.merge(days_of, on=["first", "last"])
        counted = facts.groupby(list(by)).agg(missed=("pupil", "size")).reset_index()
        if not groups:
            out = counted.assign(half_days_possible=stays["halves"].sum(), pupils=stays["pupil"].nunique())
        else:
            base = stays.groupby(groups).agg(half_days_possible=("halves", "sum"), pupils=("pupil", "nunique")).reset_index()
            out = base.merge(counted, on=groups, how="left").fillna({"missed": 0})
        n, k, z = out["half_days_possible"], out["missed"], 1.959963984540054
        p = k / n
        middle = (p + z * z / 2 / n) / (1 + z * z / n)
        spread = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
        results.append(out.assign(rate=p, rate_low=(middle - spread).clip(0), rate_high=(middle + spread).clip(upper=1)))
    return results


def run_here(who: str, folder: Path) -> dict[str, Any]:
    """In a process of its own: seconds on the clock and of the processors, peak memory, and a sum to hold the two against."""
    import resource

    ask = {"ours": ask_ours, "pandas": ask_pandas}[who]
    start, busy = time.perf_counter(), time.process_time()
    results = ask(folder)
    seconds, worked = time.perf_counter() - start, time.process_time() - busy
    missed = "half_days_missed" if who == "ours" else "missed"
    sums = [[int(frame[name].sum()) for name in (missed, "half_days_possible", "pupils")] for frame in results]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "cpu_seconds": round(worked, 2), "peak_mib": round(peak), "sums": sums}


def measure(folder: Path, rows: int, rounds: int) -> dict[str, Any]:
    """Both in turn, *rounds* times; the median of each."""
    found: dict[str, list[dict[str, Any]]] = {"ours": [], "pandas": []}
    for _ in range(rounds):
        for who, runs in found.items():
            if who == "pandas" and rows > PANDAS_MOST * 1e6:
                continue
            command = [sys.executable, str(Path(__file__).resolve()), "--run", who, "--keep", str(folder)]
            runs.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    if found["pandas"] and found["ours"][0]["sums"] != found["pandas"][0]["sums"]:
        raise SystemExit("The two do not count the same; there is nothing to compare.")
    ours = {name: median(run[name] for run in found["ours"]) for name in ("seconds", "cpu_seconds", "peak_mib")}
    row: dict[str, Any] = {
        "rows": rows,
        "seconds": ours["seconds"],
        "cpu": ours["cpu_seconds"],
        "rows_per_second": round(rows * len(QUESTIONS) / ours["seconds"]),
        "peak_mib": ours["peak_mib"],
    }
    if found["pandas"]:
        theirs = {name: median(run[name] for run in found["pandas"]) for name in ("seconds", "cpu_seconds", "peak_mib")}
        row |= {
            "pandas_seconds": theirs["seconds"],
            "pandas_mib": theirs["peak_mib"],
            "ratio": round(ours["seconds"] / theirs["seconds"], 2),
            "cpu_ratio": round(ours["cpu_seconds"] / theirs["cpu_seconds"], 2),
        }
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1.5, 15.0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="a folder for the generated schools, used again when they are there")
    parser.add_argument("--run", choices=("ours", "pandas"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        print(json.dumps(run_here(args.run, args.keep)))
        return 0
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="sts-province-") as name:
        for millions in args.millions:
            folder = (args.keep or Path(name)) / f"{millions:g}"
            folder.mkdir(parents=True, exist_ok=True)
            rows = make_schools(folder, round(millions * 1e6)) if not any(folder.glob("*.parquet")) else round(millions * 1e6)
            row = measure(folder, rows, args.rounds)
            if results:
                before = results[-1]
                row["of_linear"] = round(row["seconds"] / before["seconds"] / (row["rows"] / before["rows"]), 2)
            results.append(row)
            print(json.dumps(row), flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
