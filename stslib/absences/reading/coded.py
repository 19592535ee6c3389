"""Columns of text as their distinct values: each value is read once, however many rows hold it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import polars as pl

from stslib.absences.reading.report import REASONS
from stslib.absences.reading.values import ReadCode, read_code, shape_of_value
from stslib.model.absence import AbsenceCode

PROBLEMS = ("", *REASONS)
NUMBER = {reason: number for number, reason in enumerate(PROBLEMS)}
"""Reason -> the number that stands for it in a column of problems; 0 is none, -1 means nothing and counts nowhere."""


MOST_UNKNOWN = 20
"""More unknown codes than these are no codes: the column is another one."""


class Coded:
    """A column as its distinct values and, for every row, which of them it holds."""

    def __init__(self, values: list[str], index: pl.Series) -> None:
        self.values = values
        self._index = index

    @classmethod
    def all(cls, columns: Mapping[str, pl.Series]) -> dict[str, Coded]:
        """Every column, in two passes over them together."""
        frame = pl.DataFrame(dict(columns))
        lists = frame.select(pl.all().unique(maintain_order=True).implode())
        distinct = {role: lists[role].explode() for role in columns}
        index = frame.select(pl.col(role).cast(pl.Enum(distinct[role])).to_physical() for role in columns)
        return {role: cls(distinct[role].to_list(), index[role]) for role in columns}

    def map(self, read: Mapping[str, Any] | Callable[[str], Any], dtype: type[pl.DataType] = pl.Int32) -> pl.Series:
        """What every row's value reads as; each distinct value is looked at once."""
        look = read.__getitem__ if isinstance(read, Mapping) else read
        return pl.Series([look(value) for value in self.values], dtype=dtype).gather(self._index)

    def rows_of(self, values: Collection[str]) -> list[int]:
        """The rows that hold one of *values*."""
        return self.map(lambda value: value in values, pl.Boolean).arg_true().to_list() if values else []


class Codes:
    """The codes of an export, each with a number; the same code written in two ways is one."""

    def __init__(self, table: Mapping[str, AbsenceCode]) -> None:
        self.table = table
        self.listed: list[ReadCode] = []
        self.hidden = False
        self.repairs: dict[str, str] = {}
        """Text -> how it was repaired."""
        self._number_of: dict[ReadCode, int] = {}
        self._number_of_text: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The number of the code that *text* says; -1 when it says none."""
        known = self._number_of_text.get(text)
        if known is None:
            read = read_code(text, self.table)
            if read is not None and read.repair:
                self.repairs[text] = read.repair
            known = self._number_of_text[text] = -1 if read is None else self._place(read._replace(repair=None))
        return known

    def _place(self, code: ReadCode) -> int:
        number = self._number_of.setdefault(code, len(self.listed))
        if number == len(self.listed):
            self.listed.append(code)
        return number

    def knows(self, text: str) -> bool:
        """Whether *text* says a code of the table."""
        number = self.number(text)
        return number >= 0 and self.listed[number].known

    def hide_many_unknown(self) -> None:
        """Tell unknown codes by their shape when there are more than a school can have: then they may be names."""
        unknown = {code.code for code in self.listed if not code.known}
        self.hidden = len(unknown) > MOST_UNKNOWN
        if self.hidden:
            self.listed = [code if code.known else code._replace(code=shape_of_value(code.code)) for code in self.listed]

    def numbers_with(self, *statuses: str) -> list[int]:
        """The numbers of the codes of *statuses*."""
        return [n for n, code in enumerate(self.listed) if code.known and self.table[code.code].status in statuses]

    def letter(self, number: int) -> str:
        """The code of *number*; empty for none."""
        return self.listed[number].code if number >= 0 else ""
