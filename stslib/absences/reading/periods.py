"""Periods -> half days: from and to with a part of the day at each end, both inclusive.

A period stands for the possible half days of its pupil's enrolment that it covers. That it also covers weekends, holidays,
Wednesday afternoons or days before the enrolment is no fault; that it covers nothing else is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from stslib.absences.reading import limits
from stslib.absences.reading.coded import NUMBER, PROBLEMS, Coded, Codes
from stslib.absences.reading.companions import OPEN_ENDS, Interval
from stslib.absences.reading.guard import ParsedFile, too_many_half_days
from stslib.absences.reading.half_days import HalfDays, code_repairs
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.values import read_day, read_half
from stslib.absences.reading.whole_rows import Repairs, WholeRows, day_repairs, interval_frame

LONGEST_DAYS = 366
"""From 1 September to 31 August; a longer period has a wrong date."""

REPAIR_OPEN_END = "periode zonder einde: gelezen tot en met de laatste dag van de export"
REPAIR_WHOLE_DAY = "periode zonder dagdeel aan het begin of het einde: hele dagen genomen"


def read_periods(
    parsed: ParsedFile,
    coded: Mapping[str, Coded],
    whole: WholeRows,
    codes: Codes,
    days: SchoolDays,
    intervals: Sequence[Interval] | None,
    latest: int | None,
    today: int,
) -> HalfDays:
    """The half days that the periods of an export stand for.

    Args:
        parsed: the file, for its name.
        coded: its columns.
        whole: what holds for its rows.
        codes: of the export.
        days: of the school year.
        intervals: who was enrolled when; None without an enrolment file.
        latest: last day that the export covers, where somebody said so: a period without an end ends there.
        today: no period without an end goes beyond it.

    Raises:
        ReadingError: the periods stand for more half days than a school can have.
    """
    frame, repairs, roles = _edges(coded, whole, codes, days, latest, today)
    frame = frame.with_columns(
        start=days.before["possible"].gather(frame.select(days.moment("from", "from_half")).to_series()),
        stop=days.before["possible"].gather(frame.select(days.moment("to", "to_half") + 1).to_series().clip(0, 2 * days.span)),
    )
    frame = frame.with_columns(
        problem=pl.when((pl.col("problem") == 0) & (pl.col("stop") <= pl.col("start")))
        .then(pl.lit(NUMBER["period_empty"], pl.Int32))
        .otherwise("problem")
    )
    countable = frame.filter(pl.col("stop") > pl.col("start"), pl.col("bounded"))
    pieces = _enrolled_pieces(countable.filter(pl.col("problem") == 0), days, intervals)
    wanted = sum(int((frame["stop"] - frame["start"]).sum()) for frame in (pieces, countable))
    if wanted > 2 * limits.MAX_HALF_DAYS:
        raise too_many_half_days(parsed.name)
    none_left = (pl.col("problem") == 0) & ~pl.col("row").is_in(pieces["row"].unique().implode())
    frame = frame.with_columns(
        problem=pl.when(none_left).then(pl.lit(NUMBER["outside_enrolment"], pl.Int32)).otherwise("problem")
    )
    bad = countable.drop("problem").join(frame.filter(pl.col("problem") > 0).select("row", "problem"), on="row", how="inner")
    cells = pl.concat([_spread(pieces.with_columns(problem=pl.lit(0, pl.Int32)), days), _spread(bad, days)]).sort(
        "row", "day", "half"
    )
    none_there = pl.col("row").is_in(bad["row"].implode()) | (pl.col("problem") == NUMBER["period_empty"])
    uncounted = frame.filter((pl.col("problem") > 0) & ~none_there)
    return HalfDays(
        cells,
        frame.select("row", "pupil", pl.col("from").clip(days.first, days.last).alias("day"), "problem"),
        [*whole.repairs, *repairs, *code_repairs(coded, ["code"], codes)],
        roles,
        _quiet(frame.filter(pl.col("problem") == 0), pieces, days, codes),
        Counter(codes.letter(number) for number in uncounted["code_number"].to_list()),
    )


def _edges(
    coded: Mapping[str, Coded], whole: WholeRows, codes: Codes, days: SchoolDays, latest: int | None, today: int
) -> tuple[pl.DataFrame, Repairs, dict[int, str]]:
    """row, pupil, problem, from, to, from_half, to_half, code_number, bounded; the repairs; and which column is wrong."""
    starts = {text: read_day(text) for text in coded["from"].values}
    is_open = {text: text.strip().casefold() in OPEN_ENDS for text in coded["to"].values}
    ends = {text: read_day(text) for text in coded["to"].values}
    inside = [
        read.ordinal for read in (*starts.values(), *ends.values()) if days.first <= read.ordinal <= min(days.last, today)
    ]
    open_day = latest if latest is not None else max(inside, default=days.last)
    halves = {role: _halves(coded.get(role), last=role == "to_half") for role in ("from_half", "to_half")}

    def from_problem(text: str) -> int:
        return 0 if starts[text].ordinal else NUMBER["date_unreadable" if text.strip() else "date_missing"]

    def to_problem(text: str) -> int:
        return 0 if is_open[text] or ends[text].ordinal else NUMBER["date_unreadable"]

    numbers = {text: codes.number(text) for text in coded["code"].values}
    frame = whole.rows.select("row", "pupil", "problem").with_columns(
        coded["from"].map(lambda text: starts[text].ordinal).alias("from"),
        coded["to"].map(lambda text: open_day if is_open[text] else ends[text].ordinal).alias("to"),
        coded["to"].map(is_open, pl.Boolean).alias("open"),
        coded["from"].map(from_problem).alias("from_problem"),
        coded["to"].map(to_problem).alias("to_problem"),
        *(_half_column(coded.get(role), found, role) for role, found in halves.items()),
        coded["code"].map(numbers).alias("code_number"),
    )
    # An open period that starts after the last day of the export lasts at least the day it starts on.
    frame = frame.with_columns(pl.when("open").then(pl.max_horizontal("from", "to")).otherwise("to").alias("to"))
    unknown = NUMBER["half_unknown"]
    reversed_ = pl.col("to") * 2 + pl.col("to_half") < pl.col("from") * 2 + pl.col("from_half")
    found = (
        pl.when(pl.col("from_problem") > 0)
        .then("from_problem")
        .when(pl.col("to_problem") > 0)
        .then("to_problem")
        .when((pl.col("from_half") < 0) | (pl.col("to_half") < 0))
        .then(pl.lit(unknown, pl.Int32))
        .when(reversed_)
        .then(pl.lit(NUMBER["period_reversed"], pl.Int32))
        .when(pl.col("to") - pl.col("from") >= LONGEST_DAYS)
        .then(pl.lit(NUMBER["period_too_long"], pl.Int32))
        .when((pl.col("to") < days.first) | (pl.col("from") > days.last))
        .then(pl.lit(NUMBER["outside_year"], pl.Int32))
        .otherwise(pl.lit(0, pl.Int32))
    )
    frame = frame.with_columns(found=found).with_columns(
        bounded=pl.col("found") == 0,
        problem=pl.when(pl.col("problem").is_in([NUMBER["not_enrolled"], 0]) & (pl.col("found") > 0))
        .then("found")
        .when(pl.col("problem") > 0)
        .then("problem")
        .when(pl.col("code_number") < 0)
        .then(pl.lit(NUMBER["code_missing"], pl.Int32))
        .otherwise("problem"),
    )
    roles: dict[int, str] = {}
    wrong = frame.filter(pl.col("problem") == pl.col("found"), pl.col("found") > 0)
    for row, from_wrong, to_wrong, from_half, problem in wrong.select(
        "row", "from_problem", "to_problem", "from_half", "problem"
    ).iter_rows():
        if problem == unknown:
            roles[row] = "from_half" if from_half < 0 else "to_half"
        else:
            roles[row] = "to" if not from_wrong and (to_wrong or PROBLEMS[problem].startswith("period")) else "from"
    repairs: Repairs = [(row, REPAIR_OPEN_END) for row in frame.filter("open")["row"].to_list()]
    for role in ("from", "to"):
        reads = starts if role == "from" else ends
        repairs += day_repairs(coded[role], {text: read.repair for text, read in reads.items()})
    for role in halves:
        if role in coded and (role == "from_half" or not all(is_open.values())):
            empty = set(coded[role].rows_of({text for text in coded[role].values if not text.strip()}))
            if role == "to_half":
                empty -= set(frame.filter("open")["row"].to_list())
            repairs += [(row, REPAIR_WHOLE_DAY) for row in sorted(empty)]
    return frame.drop("from_problem", "to_problem", "found", "open"), repairs, roles


def _halves(column: Coded | None, *, last: bool) -> dict[str, int]:
    """Text -> half; an empty one is the whole day, so the morning at the start and the afternoon at the end."""
    values = column.values if column is not None else []
    return {text: read_half(text) if text.strip() else int(last) for text in values}


def _half_column(column: Coded | None, read: Mapping[str, int], role: str) -> pl.Series | pl.Expr:
    whole_day = int(role == "to_half")
    return column.map(read).alias(role) if column is not None else pl.lit(whole_day, pl.Int32).alias(role)


def _enrolled_pieces(frame: pl.DataFrame, days: SchoolDays, intervals: Sequence[Interval] | None) -> pl.DataFrame:
    """The periods cut to the enrolment of their pupil; none where nothing is left."""
    if intervals is None:
        return frame
    enrolled = interval_frame(intervals)
    enrolled = enrolled.select(
        "pupil",
        first_slot=days.before["possible"].gather(enrolled.select(days.moment("first", 0)).to_series()),
        last_slot=days.before["possible"].gather(enrolled.select(days.moment("last", 2)).to_series()),
    )
    return (
        frame.join(enrolled, on="pupil")
        .with_columns(start=pl.max_horizontal("start", "first_slot"), stop=pl.min_horizontal("stop", "last_slot"))
        .filter(pl.col("stop") > pl.col("start"))
        .drop("first_slot", "last_slot")
    )


def _spread(frame: pl.DataFrame, days: SchoolDays) -> pl.DataFrame:
    spread = frame.select("row", "pupil", "code_number", "problem", slot=pl.int_ranges("start", "stop")).explode("slot")
    return spread.select(
        "row",
        "pupil",
        day=days.possible["day"].gather(spread["slot"]),
        half=days.possible["half"].gather(spread["slot"]),
        code_number="code_number",
        problem="problem",
        place=pl.lit(0, pl.Int32),
    )


def _quiet(frame: pl.DataFrame, pieces: pl.DataFrame, days: SchoolDays, codes: Codes) -> dict[tuple[str, str], int]:
    """Weekday halves that the used periods cover and on which nobody can be absent, and those outside the enrolment."""
    result: Counter[tuple[str, str]] = Counter()
    start = frame.select(days.moment("from", "from_half")).to_series()
    stop = frame.select(days.moment("to", "to_half") + 1).to_series().clip(0, 2 * days.span)
    for reason in ("holiday", "no_lesson"):
        before = days.before[reason]
        halves = pl.DataFrame({"code_number": frame["code_number"], "n": before.gather(stop) - before.gather(start)})
        for number, count in halves.group_by("code_number").agg(pl.col("n").sum()).iter_rows():
            result[reason, codes.letter(number)] += count
    covered = frame.select("code_number", n=pl.col("stop") - pl.col("start")).group_by("code_number").agg(pl.col("n").sum())
    kept = dict(
        pieces.select("code_number", n=pl.col("stop") - pl.col("start"))
        .group_by("code_number")
        .agg(pl.col("n").sum())
        .iter_rows()
    )
    for number, count in covered.iter_rows():
        result["outside_enrolment", codes.letter(number)] += count - kept.get(number, 0)
    return {key: count for key, count in result.items() if count > 0}
