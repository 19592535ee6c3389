"""Every row judged: used, repaired or rejected, each with its reason.

Every distinct value is read once in plain Python and becomes a number; the rows themselves are judged in columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from stslib.absences.reading.coded import NUMBER, PROBLEMS, Coded, Codes
from stslib.absences.reading.companions import ClassNames, Interval, PupilKeys
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.half_days import HalfDays, read_half_days
from stslib.absences.reading.layout import CODE_TOTALS, MATRIX
from stslib.absences.reading.matrix import read_matrix
from stslib.absences.reading.periods import read_periods
from stslib.absences.reading.report import REASONS, TOTAL_COLUMNS, empty_frame
from stslib.absences.reading.school_days import SchoolDays
from stslib.absences.reading.totals import read_totals
from stslib.absences.reading.values import shape_of_value
from stslib.absences.reading.whole_rows import WholeRows, read_whole_rows
from stslib.model.absence import AbsenceCode, Half

HALVES = tuple(half.value for half in Half)

REPAIR_PARTLY: Mapping[str, str] = {
    "days": "alleen de bruikbare helft van de dag genomen",
    "periods": "alleen de halve dagen genomen die nog niet in een eerdere rij stonden",
    "matrix": "alleen de bruikbare halve dagen van de rij genomen",
    "totals": "alleen de bruikbare getallen van de rij genomen",
}

TOTALS = ("totals", CODE_TOTALS)
"""Shapes without days."""


@dataclass(frozen=True, repr=False)
class Screened:
    """The judged rows of one export."""

    cells: pl.DataFrame
    """Usable half days: pupil, day (ordinal), half (0, 1), code, subcode. Empty for totals."""
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
    many_unknown: bool
    """There are too many unknown codes to be codes, so they are told by their shape."""
    marked_no_lesson: int
    """Halves without lessons that were marked as present: they mean nothing and count nowhere."""
    classes: pl.DataFrame
    """pupil, day, class of every row that was kept."""
    strangers: int
    """Pupils of the export that the enrolment file does not know."""
    left_out: Mapping[tuple[str, str], int]
    """Reason and code -> half days that the file has and that are not counted; an empty code where none could be read."""
    quiet: Mapping[tuple[str, str], int]
    """Reason and code -> halves that used periods cover and on which nobody can be absent."""
    uncounted: Mapping[str, int]
    """Code -> rejected periods of which the number of half days cannot be told."""
    totals: pl.DataFrame = field(default_factory=lambda: empty_frame(TOTAL_COLUMNS))
    """pupil, code, half_days, of an export of totals."""


def screen_rows(
    parsed: ParsedFile,
    *,
    days: SchoolDays,
    codes: Sequence[AbsenceCode],
    pupils: PupilKeys,
    class_names: ClassNames,
    intervals: Sequence[Interval] | None,
    latest: int | None,
    today: int,
) -> Screened:
    """Judge every data row of an export.

    Args:
        parsed: its cells as text, and its shape.
        days: of the school year of the export.
        codes: the code table.
        pupils: numbers of the enrolment file, joined with those of the export here.
        class_names: the same for classes.
        intervals: who was enrolled when; None when there is no enrolment file.
        latest: last day that the export covers, where somebody said so.
        today: the day of reading.

    Raises:
        ReadingError: its rows stand for more half days than a school can have.
    """
    coded = Coded.all(parsed.cells)
    whole = read_whole_rows(parsed, coded, days, pupils, None if intervals is None else {i.pupil for i in intervals})
    listed = Codes({code.code: code for code in codes})
    if parsed.shape in TOTALS:
        return _sum_totals(parsed, coded, whole, listed, class_names)
    if parsed.shape == "periods":
        read = read_periods(parsed, coded, whole, listed, days, intervals, latest, today)
    elif parsed.shape == MATRIX:
        read = read_matrix(parsed, whole, listed, days, intervals)
    else:
        read = read_half_days(coded, parsed.shape or "", whole, listed, days, intervals)
    return _sum_half_days(parsed, coded, read, listed, class_names)


def _sum_half_days(
    parsed: ParsedFile, coded: Mapping[str, Coded], read: HalfDays, listed: Codes, class_names: ClassNames
) -> Screened:
    cells = _mark_doubles(read.cells, (pl.col("pupil").cast(pl.Int64) * 4_000_000 + pl.col("day")) * 2 + pl.col("half"))
    listed.hide_many_unknown()
    kept = cells.filter(pl.col("problem") == 0)
    sums = _RowSums.of(read.rows, cells, read.repairs, REPAIR_PARTLY.get(parsed.shape or "", ""))
    unknown: Counter[str] = Counter()
    for number, count in kept.group_by("code_number").len().iter_rows():
        if not listed.listed[number].known:
            unknown[listed.listed[number].code] += count
    return Screened(
        cells=kept.select(
            "pupil",
            "day",
            "half",
            code=pl.Series([code.code for code in listed.listed], dtype=pl.String).gather(kept["code_number"]),
            subcode=pl.Series([code.subcode for code in listed.listed], dtype=pl.String).gather(kept["code_number"]),
        ),
        used=parsed.count - len(sums.problem_of_row) - len(sums.repairs),
        repaired=len(sums.repairs),
        rejected=len(sums.problem_of_row),
        repairs=sums.repair_counts(),
        rejections=sums.rejection_counts(),
        lost_halves=sums.lost,
        rejected_rows=_describe_rejected(parsed, sums, read.roles),
        unknown_codes=dict(sorted(unknown.items())),
        many_unknown=listed.hidden,
        marked_no_lesson=cells.filter(pl.col("problem") == -1).height,
        classes=_kept_classes(parsed, coded, read.rows, class_names, sums),
        strangers=_strangers(read.rows),
        left_out=_left_out(cells.filter(pl.col("problem") > 0).with_columns(n=pl.lit(1)), listed),
        quiet=read.quiet,
        uncounted=read.uncounted,
    )


def _sum_totals(
    parsed: ParsedFile, coded: Mapping[str, Coded], whole: WholeRows, listed: Codes, class_names: ClassNames
) -> Screened:
    read = read_totals(parsed, coded, whole, listed)
    listed.hide_many_unknown()
    letters = pl.Series([code.code for code in listed.listed], dtype=pl.String)
    # Two rows for one pupil and code are a double; columns of one row that are subcodes of one letter add up.
    cells = _mark_doubles(
        read.cells.with_columns(own_code="code_number", code_number="half_days"),
        pl.struct("pupil", "own_code"),
    ).with_columns(code_number="own_code")
    kept = cells.filter(pl.col("problem") == 0)
    sums = _RowSums.of(read.rows, cells, read.repairs, REPAIR_PARTLY["totals"])
    totals = (
        kept.select("pupil", "half_days", code=letters.gather(kept["code_number"]))
        .group_by("pupil", "code")
        .agg(pl.col("half_days").sum())
        .sort("pupil", "code")
        .select("pupil", "code", pl.col("half_days").cast(pl.Int64))
    )
    unknown = {code.code for code in listed.listed if not code.known}
    counted = totals.filter(pl.col("code").is_in(sorted(unknown))).group_by("code").agg(pl.col("half_days").sum())
    return Screened(
        cells=pl.DataFrame(
            schema={"pupil": pl.Int32, "day": pl.Int32, "half": pl.Int32, "code": pl.String, "subcode": pl.String}
        ),
        used=parsed.count - len(sums.problem_of_row) - len(sums.repairs),
        repaired=len(sums.repairs),
        rejected=len(sums.problem_of_row),
        repairs=sums.repair_counts(),
        rejections=sums.rejection_counts(),
        lost_halves=sums.lost,
        rejected_rows=_describe_rejected(parsed, sums, {}),
        unknown_codes=dict(sorted(counted.iter_rows())),
        many_unknown=listed.hidden,
        marked_no_lesson=0,
        classes=_kept_classes(parsed, coded, read.rows, class_names, sums),
        strangers=_strangers(read.rows),
        left_out=_left_out(cells.filter(pl.col("problem") > 0).with_columns(n=pl.col("half_days").clip(0)), listed),
        quiet={},
        uncounted={},
        totals=totals,
    )


@dataclass(frozen=True, repr=False)
class _RowSums:
    """What became of the rows, from what became of their cells."""

    problem_of_row: dict[int, int]
    place_of_row: dict[int, int]
    """Where in a rejected row the cell stands that its problem is about."""
    repairs: dict[int, set[str]]
    lost: dict[str, int]

    @classmethod
    def of(cls, rows: pl.DataFrame, cells: pl.DataFrame, repairs: Iterable[tuple[int, str]], partly: str) -> _RowSums:
        """A row with a problem of its own is rejected; so is one with bad cells and no good one."""
        problem_of_row: dict[int, int] = dict(rows.filter(pl.col("problem") > 0).select("row", "problem").iter_rows())
        place_of_row: dict[int, int] = {}
        lost: Counter[str] = Counter()
        half_lost: set[int] = set()
        whole = pl.Series(list(problem_of_row), dtype=pl.Int32)
        bad = cells.filter((pl.col("problem") > 0) & ~pl.col("row").is_in(whole.implode()))
        if bad.height:
            good = set(cells.filter(pl.col("problem") == 0).join(bad, on="row", how="semi")["row"].to_list())
            for row, place, problem in bad.select("row", "place", "problem").iter_rows():
                if row in good:
                    lost[PROBLEMS[problem]] += 1
                    half_lost.add(row)
                elif row not in problem_of_row:
                    problem_of_row[row] = problem
                    place_of_row[row] = place
        repaired: dict[int, set[str]] = {}
        for row, how in (*repairs, *((row, partly) for row in half_lost)):
            if row not in problem_of_row:
                repaired.setdefault(row, set()).add(how)
        return cls(problem_of_row, place_of_row, repaired, dict(lost.most_common()))

    def repair_counts(self) -> dict[str, int]:
        """How -> rows, the most frequent first."""
        return dict(Counter(how for hows in self.repairs.values() for how in sorted(hows)).most_common())

    def rejection_counts(self) -> dict[str, int]:
        """Reason -> rows, the most frequent first."""
        return dict(Counter(PROBLEMS[problem] for problem in self.problem_of_row.values()).most_common())


def _describe_rejected(parsed: ParsedFile, sums: _RowSums, roles: Mapping[int, str]) -> list[tuple[int, str, str, str]]:
    texts: dict[tuple[int, int], str] = {}
    if parsed.across and sums.place_of_row:
        wanted = pl.Series(list(sums.place_of_row), dtype=pl.Int32)
        found = pl.DataFrame(dict(parsed.marks)).filter(pl.col("row").is_in(wanted.implode()))
        texts = {(row, place): text for row, place, text in found.select("row", "across", "text").iter_rows()}
    result = []
    for row in sorted(sums.problem_of_row):
        reason = PROBLEMS[sums.problem_of_row[row]]
        role = roles.get(row, REASONS[reason].role)
        place = sums.place_of_row.get(row, 0)
        if parsed.across and row in sums.place_of_row:
            header = parsed.headers[parsed.across[place].column]
            result.append((parsed.row_number(row), header, shape_of_value(texts.get((row, place), "")), reason))
            continue
        if parsed.shape == "days" and role in ("half", "code"):
            role = ("morning", "afternoon")[place]
        if parsed.shape == "periods" and role in ("date", "half"):
            role = {"date": "from", "half": "from_half"}[role]
        value = parsed.cells[role][row] if role in parsed.cells else ""
        result.append((parsed.row_number(row), parsed.header(role), shape_of_value(value), reason))
    return result


def _kept_classes(
    parsed: ParsedFile, coded: Mapping[str, Coded], rows: pl.DataFrame, class_names: ClassNames, sums: _RowSums
) -> pl.DataFrame:
    names = coded["class"].map(class_names.name_of, pl.String) if "class" in coded else pl.lit(None, pl.String)
    rejected = pl.Series(list(sums.problem_of_row), dtype=pl.Int32)
    return (
        rows.select("row", "pupil", "day")
        .with_columns(names.alias("class"))
        .filter(~pl.col("row").is_in(rejected.implode()))
        .drop("row")
    )


def _strangers(rows: pl.DataFrame) -> int:
    return rows.filter(pl.col("problem") == NUMBER["not_enrolled"])["pupil"].n_unique()


def _left_out(bad: pl.DataFrame, listed: Codes) -> dict[tuple[str, str], int]:
    result: Counter[tuple[str, str]] = Counter()
    for problem, number, count in bad.group_by("problem", "code_number").agg(pl.col("n").sum()).iter_rows():
        result[PROBLEMS[problem], listed.letter(number)] += count
    return {key: count for key, count in result.items() if count}


def _mark_doubles(cells: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """The first cell of a *key* counts; the same again is a duplicate, another code is a conflict."""
    cells = cells.with_columns(key=key)
    usable = cells.filter(pl.col("problem") == 0)
    if usable["key"].n_unique() == usable.height:
        return cells.drop("key")
    cells = cells.with_row_index("cell")
    first = cells.filter(pl.col("problem") == 0).unique("key", keep="first", maintain_order=True)
    judged = cells.join(
        first.select("key", first_cell="cell", first_code="code_number"), on="key", how="left", maintain_order="left"
    )
    again = (pl.col("problem") == 0) & (pl.col("cell") != pl.col("first_cell"))
    return judged.with_columns(
        problem=pl.when(again & (pl.col("code_number") == pl.col("first_code")))
        .then(pl.lit(NUMBER["duplicate"], pl.Int32))
        .when(again)
        .then(pl.lit(NUMBER["conflict"], pl.Int32))
        .otherwise("problem")
    ).drop("key", "cell", "first_cell", "first_code")
