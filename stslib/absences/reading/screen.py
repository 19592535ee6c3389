"""Every row judged: used, repaired or rejected, each with its reason.

Every distinct value is read once in plain Python and becomes a number; the rows themselves are judged in columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from stslib.absences.calendar import WEEKEND, slots
from stslib.absences.reading.companions import ClassNames, Interval, PupilKeys
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.report import REASONS
from stslib.absences.reading.values import ReadCode, read_code, read_day, read_half, read_pupil, shape_of_value
from stslib.model.absence import AbsenceCode, Half, Period, SchoolYearCalendar, Status, WeeklyGrid

PROBLEMS = ("", *REASONS)
_NUMBER = {reason: number for number, reason in enumerate(PROBLEMS)}
HALVES = tuple(half.value for half in Half)

REPAIR_ZEROS = "leerlingnummer zonder voorloopnullen herkend"
REPAIR_ONE_HALF = "alleen de bruikbare helft van de dag genomen"


@dataclass(frozen=True, repr=False)
class Screened:
    """The judged rows of one export."""

    cells: pl.DataFrame
    """Usable half days: pupil, day (ordinal), half (0, 1), code, subcode, known."""
    used: int
    repaired: int
    rejected: int
    repairs: dict[str, int]
    rejections: dict[str, int]
    """Reason (a key of ``REASONS``) -> rows."""
    lost_halves: dict[str, int]
    """Reason -> half days left out of rows that were otherwise kept."""
    rejected_rows: list[tuple[int, str, str, str]]
    """Row of the file, column, shape of the value, reason."""
    unknown_codes: dict[str, int]
    marked_no_lesson: int
    """Halves without lessons that were marked as present: they mean nothing and count nowhere."""
    classes: pl.DataFrame
    """pupil, day, class of every row that was kept."""
    strangers: int
    """Pupils of the export that the enrolment file does not know."""


class _Coded:
    """A column as its distinct values and, for every row, which of them it holds."""

    def __init__(self, values: list[str], index: pl.Series) -> None:
        self.values = values
        self._index = index

    @classmethod
    def all(cls, columns: Mapping[str, pl.Series]) -> dict[str, _Coded]:
        """Every column, in two passes over them together."""
        frame = pl.DataFrame(dict(columns))
        lists = frame.select(pl.all().unique(maintain_order=True).implode())
        distinct = {role: lists[role].explode() for role in columns}
        numbers = {role: pl.Series(range(len(values)), dtype=pl.UInt32) for role, values in distinct.items()}
        index = frame.select(pl.col(role).replace_strict(distinct[role], numbers[role]) for role in columns)
        return {role: cls(distinct[role].to_list(), index[role]) for role in columns}

    def map(self, read: Mapping[str, Any] | Callable[[str], Any], dtype: type[pl.DataType] = pl.Int32) -> pl.Series:
        """What every row's value reads as; each distinct value is looked at once."""
        look = read.__getitem__ if isinstance(read, Mapping) else read
        return pl.Series([look(value) for value in self.values], dtype=dtype).gather(self._index)

    def rows_of(self, values: Collection[str]) -> list[int]:
        """The rows that hold one of *values*."""
        return self.map(lambda value: value in values, pl.Boolean).arg_true().to_list() if values else []


def _day_problem(slots_of_day: Mapping[int, tuple[bool, bool, str | None]], ordinal: int) -> int:
    if not ordinal:
        return _NUMBER["date_unreadable"]
    known = slots_of_day.get(ordinal)
    if known is None:
        return _NUMBER["outside_year"]
    if known[0] or known[1]:
        return 0
    return _NUMBER["weekend" if known[2] == WEEKEND else "holiday"]


def screen_rows(
    parsed: ParsedFile,
    shape: str,
    *,
    calendar: SchoolYearCalendar,
    grid: WeeklyGrid,
    free_days: tuple[Period, ...],
    codes: Sequence[AbsenceCode],
    pupils: PupilKeys,
    class_names: ClassNames,
    intervals: Sequence[Interval] | None,
) -> Screened:
    """Judge every data row of an export.

    Args:
        parsed: its cells as text.
        shape: ``long`` or ``days``.
        calendar: of the school year of the export.
        grid: which halves are school time.
        free_days: the school's own.
        codes: the code table.
        pupils: numbers of the enrolment file, joined with those of the export here.
        class_names: the same for classes.
        intervals: who was enrolled when; None when there is no enrolment file.
    """
    of_day: dict[int, tuple[bool, bool, str | None]] = {}
    all_slots = slots(calendar, grid, free_days)
    for morning, afternoon in zip(all_slots[::2], all_slots[1::2], strict=True):
        of_day[morning.date.toordinal()] = (morning.possible, afternoon.possible, morning.why_not or afternoon.why_not)

    coded = _Coded.all(parsed.cells)
    rows, row_repairs = _screen_whole_rows(
        parsed, coded, of_day, pupils, None if intervals is None else {i.pupil for i in intervals}
    )
    if intervals is not None:
        rows = _check_enrolment(rows, intervals)
    table = {code.code: code for code in codes}
    cells, code_list, cell_repairs = _half_days(coded, shape, rows, table, of_day)
    cells = _mark_doubles(cells)
    kept = cells.filter(pl.col("problem") == 0)
    problem_of_row = dict(rows.filter(pl.col("problem") > 0).select("row", "problem").iter_rows())
    lost: Counter[str] = Counter()
    half_lost: list[int] = []
    half_of_row: dict[int, int] = {}
    bad_cells = cells.filter(pl.col("problem") > 0)
    if bad_cells.height:
        good = set(kept.join(bad_cells, on="row", how="semi")["row"].to_list())
        for row, half, problem in bad_cells.select("row", "half", "problem").iter_rows():
            if row in good:
                lost[PROBLEMS[problem]] += 1
                half_lost.append(row)
            elif row not in problem_of_row:
                problem_of_row[row] = problem
                half_of_row[row] = half

    repairs: dict[int, set[str]] = {}
    for row, how in (*row_repairs, *cell_repairs, *((row, REPAIR_ONE_HALF) for row in half_lost)):
        if row not in problem_of_row:
            repairs.setdefault(row, set()).add(how)
    unknown: Counter[str] = Counter()
    for number, count in kept.group_by("code_number").len().iter_rows():
        if not code_list[number].known:
            unknown[code_list[number].code] += count
    names = coded["class"].map(class_names.name_of, pl.String) if "class" in coded else pl.lit(None, pl.String)
    return Screened(
        cells=kept.select(
            "pupil",
            "day",
            "half",
            code=pl.Series([code.code for code in code_list], dtype=pl.String).gather(kept["code_number"]),
            subcode=pl.Series([code.subcode for code in code_list], dtype=pl.String).gather(kept["code_number"]),
        ),
        used=parsed.count - len(problem_of_row) - len(repairs),
        repaired=len(repairs),
        rejected=len(problem_of_row),
        repairs=dict(Counter(how for hows in repairs.values() for how in sorted(hows)).most_common()),
        rejections=dict(Counter(PROBLEMS[problem] for problem in problem_of_row.values()).most_common()),
        lost_halves=dict(lost.most_common()),
        rejected_rows=_describe_rejected(parsed, shape, problem_of_row, half_of_row),
        unknown_codes=dict(sorted(unknown.items())),
        marked_no_lesson=cells.filter(pl.col("problem") == -1).height,
        classes=rows.select("row", "pupil", "day")
        .with_columns(names.alias("class"))
        .filter(~pl.col("row").is_in(pl.Series(list(problem_of_row), dtype=pl.Int32).implode()))
        .drop("row"),
        strangers=rows.filter(pl.col("problem") == _NUMBER["not_enrolled"])["pupil"].n_unique(),
    )


def _describe_rejected(
    parsed: ParsedFile, shape: str, problem_of_row: Mapping[int, int], half_of_row: Mapping[int, int]
) -> list[tuple[int, str, str, str]]:
    result = []
    for row in sorted(problem_of_row):
        reason = PROBLEMS[problem_of_row[row]]
        role = REASONS[reason].role
        if shape == "days" and role in ("half", "code"):
            role = ("morning", "afternoon")[half_of_row.get(row, 0)]
        value = parsed.cells[role][row] if role in parsed.cells else ""
        result.append((parsed.row_number(row), parsed.header(role), shape_of_value(value), reason))
    return result


def _screen_whole_rows(
    parsed: ParsedFile,
    coded: Mapping[str, _Coded],
    of_day: Mapping[int, tuple[bool, bool, str | None]],
    pupils: PupilKeys,
    enrolled: set[int] | None,
) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """row, pupil, day, problem of every data row, and the repairs."""
    read_pupils = {text: read_pupil(text) for text in coded["pupil"].values}
    index_of = {text: -1 if read.problem else pupils.index_of(read.key, read.text) for text, read in read_pupils.items()}
    short = [
        text for text, read in read_pupils.items() if not read.problem and len(read.text) < len(pupils.longest[index_of[text]])
    ]
    read_days = {text: read_day(text) for text in coded["date"].values}

    def pupil_problem(text: str) -> int:
        problem = read_pupils[text].problem
        if problem:
            return _NUMBER[f"pupil_{problem}"]
        return _NUMBER["not_enrolled"] if enrolled is not None and index_of[text] not in enrolled else 0

    def day_problem(text: str) -> int:
        return _day_problem(of_day, read_days[text].ordinal) if text.strip() else _NUMBER["date_missing"]

    no_pupil = pl.col("pupil") < 0
    rows = pl.DataFrame(
        {
            "row": pl.int_range(parsed.count, dtype=pl.Int32, eager=True),
            "pupil": coded["pupil"].map(index_of),
            "day": coded["date"].map(lambda text: read_days[text].ordinal),
            "pupil_problem": coded["pupil"].map(pupil_problem),
            "problem": coded["date"].map(day_problem),
        }
    ).with_columns(problem=pl.when(no_pupil | (pl.col("problem") == 0)).then("pupil_problem").otherwise("problem"))
    for reason, places in parsed.faults.items():
        if places:
            there = pl.col("row").is_in(pl.Series(sorted(places), dtype=pl.Int32).implode())
            rows = rows.with_columns(problem=pl.when(there).then(pl.lit(_NUMBER[reason], pl.Int32)).otherwise("problem"))
    repairs = [(row, REPAIR_ZEROS) for row in coded["pupil"].rows_of(set(short))]
    for how in sorted({read.repair for read in read_days.values() if read.repair}):
        repairs.extend(
            (row, how) for row in coded["date"].rows_of({text for text, read in read_days.items() if read.repair == how})
        )
    return rows.drop("pupil_problem"), repairs


def _check_enrolment(rows: pl.DataFrame, intervals: Sequence[Interval]) -> pl.DataFrame:
    enrolled = pl.DataFrame(
        {"pupil": [i.pupil for i in intervals], "first": [i.first for i in intervals], "last": [i.last for i in intervals]},
        schema=dict.fromkeys(("pupil", "first", "last"), pl.Int32),
    )
    inside = (
        rows.filter(pl.col("problem") == 0)
        .join(enrolled, on="pupil")
        .filter(pl.col("day").is_between(pl.col("first"), pl.col("last")))
        .select("row", inside=True)
    )
    outside = (pl.col("problem") == 0) & pl.col("inside").is_null()
    return (
        rows.join(inside, on="row", how="left", maintain_order="left")
        .with_columns(problem=pl.when(outside).then(pl.lit(_NUMBER["outside_enrolment"], pl.Int32)).otherwise("problem"))
        .drop("inside")
    )


def _half_days(
    coded: Mapping[str, _Coded],
    shape: str,
    rows: pl.DataFrame,
    table: Mapping[str, AbsenceCode],
    of_day: Mapping[int, tuple[bool, bool, str | None]],
) -> tuple[pl.DataFrame, list[ReadCode], list[tuple[int, str]]]:
    """row, pupil, day, half, code_number, problem of every half day; problem -1: present where there is no lesson."""
    columns = ["code"] if shape == "long" else ["morning", "afternoon"]
    read = {text: read_code(text, table) for role in columns for text in coded[role].values}
    code_list = sorted({code._replace(repair=None) for code in read.values() if code is not None}, key=str)
    number_of = {code: number for number, code in enumerate(code_list)}
    code_number = {text: -1 if code is None else number_of[code._replace(repair=None)] for text, code in read.items()}
    if shape == "long":
        halves = {text: read_half(text) for text in coded["half"].values}
        half_problem = {
            text: 0 if half >= 0 else _NUMBER["half_unknown" if text.strip() else "half_missing"]
            for text, half in halves.items()
        }
        cells = rows.with_columns(
            half=coded["half"].map(halves),
            half_problem=coded["half"].map(half_problem),
            code_number=coded["code"].map(code_number),
        ).filter(pl.col("problem") == 0)
    else:
        cells = pl.concat(
            rows.with_columns(
                half=pl.lit(half, pl.Int32), half_problem=pl.lit(0, pl.Int32), code_number=coded[role].map(code_number)
            ).filter((pl.col("problem") == 0) & (pl.col("code_number") >= 0))
            for half, role in enumerate(columns)
        ).sort("row", "half")
    closed = [day * 2 + half for day, open_halves in of_day.items() for half in (0, 1) if not open_halves[half]]
    on_closed = (pl.col("day") * 2 + pl.col("half")).is_in(pl.Series(closed, dtype=pl.Int32).implode())
    no_lesson = pl.lit(_NUMBER["no_lesson"], pl.Int32)
    if shape == "days":
        present = [number for number, code in enumerate(code_list) if code.known and table[code.code].status is Status.PRESENT]
        is_present = pl.col("code_number").is_in(pl.Series(present, dtype=pl.Int32).implode())
        no_lesson = pl.when(is_present).then(pl.lit(-1, pl.Int32)).otherwise(no_lesson)
    cells = cells.with_columns(
        problem=pl.when(pl.col("half_problem") > 0)
        .then("half_problem")
        .when(pl.col("code_number") < 0)
        .then(pl.lit(_NUMBER["code_missing"], pl.Int32))
        .when(on_closed)
        .then(no_lesson)
        .otherwise(pl.lit(0, pl.Int32))
    ).drop("half_problem")
    repaired = {text: code.repair for text, code in read.items() if code is not None and code.repair}
    repairs = [
        (row, how) for role in columns for how in sorted(set(repaired.values())) for row in coded[role].rows_of(repaired.keys())
    ]
    return cells, code_list, repairs


def _mark_doubles(cells: pl.DataFrame) -> pl.DataFrame:
    """The first row of a pupil's half day counts; the same again is a duplicate, another code is a conflict."""
    cells = cells.with_columns(key=(pl.col("pupil").cast(pl.Int64) * 4_000_000 + pl.col("day")) * 2 + pl.col("half"))
    usable = cells.filter(pl.col("problem") == 0)
    if usable["key"].n_unique() == usable.height:
        return cells.drop("key")
    first = usable.unique("key", keep="first", maintain_order=True)
    judged = cells.join(
        first.select("key", first_row="row", first_code="code_number"), on="key", how="left", maintain_order="left"
    )
    again = (pl.col("problem") == 0) & (pl.col("row") != pl.col("first_row"))
    return judged.with_columns(
        problem=pl.when(again & (pl.col("code_number") == pl.col("first_code")))
        .then(pl.lit(_NUMBER["duplicate"], pl.Int32))
        .when(again)
        .then(pl.lit(_NUMBER["conflict"], pl.Int32))
        .otherwise("problem")
    ).drop("key", "first_row", "first_code")
