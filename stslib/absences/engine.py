"""Where the indicator expressions run, and how their results come back.

Embedded, that is Polars: in ``benchmarks/figures.py`` it is compared with DuckDB and pandas on first figure, warm
figure and memory. The expressions themselves are Narwhals, so they run as well on a pandas frame that a colleague has
in hand and on the frames of an existing Spark session; the engine is the one that the half days come in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw

from stslib.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Table = nw.LazyFrame[Any]

_DTYPES: Mapping[str, str] = {
    **dict.fromkeys(
        ("half_days_missed", "half_days_possible", "late_half_days", "late_pupils", "pupils", "pupils_over", "pupils_near",
         "value", "spells", "half_days", "school_days", "calendar_days", "schools"),
        "int64",
    ),
    **dict.fromkeys(("rate", "rate_low", "rate_high", "largest_share"), "float64"),
}  # fmt: skip
"""Column -> its type in a result; the columns of a group keep the type of their values."""

IN_MEMORY_ROWS = 4_000_000
"""Placed half days up to so many are kept in memory for the next question; more are read again from disk for each."""


class Engine:
    """One way to make tables beside the half days that are there. ``like`` finds the one that fits."""

    name = ""
    in_batches = True
    """Whether many schools are better counted a few at a time."""

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Table:
        """A table of plain Python values; a column without any value is one of text."""
        raise NotImplementedError

    def keep(self, frame: Table) -> Table:
        """*frame*, counted once and held for every later question, where that is wise."""
        raise NotImplementedError

    def collect(self, frame: Table) -> dict[str, list[Any]]:
        """The values of *frame* as plain Python columns, dates as ``datetime.date``."""
        done = frame.collect()
        return {name: _plain(done[name].to_list()) for name in done.columns}


class Embedded(Engine):
    """Polars in this process; with more half days than memory should hold, read from disk piece by piece."""

    name = "polars"

    def __init__(self, *, from_disk: bool = False) -> None:
        self._how: Literal["streaming", "auto"] = "streaming" if from_disk else "auto"

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Table:
        import polars as pl

        types: dict[str, Any] = {name: pl.Int32 for name in ("start_year", "school") if name in columns}
        types |= {name: pl.String for name, values in columns.items() if not len(values) and name not in types}
        return nw.from_native(pl.DataFrame(dict(columns), schema_overrides=types).lazy())

    def keep(self, frame: Table) -> Table:
        return lazy(self._collected(frame))

    def collect(self, frame: Table) -> dict[str, list[Any]]:
        done = self._collected(frame)
        return {name: done[name].to_list() for name in done.columns}

    def _collected(self, frame: Table) -> pl.DataFrame:
        """Joined in the order that the expression says: reordered, pupils would meet every day before they meet their marks."""
        import polars as pl

        native: Any = nw.to_native(frame)
        as_written = {"join_order": False} if hasattr(pl.QueryOptFlags, "join_order") else {}
        done: pl.DataFrame = native.collect(engine=self._how, optimizations=pl.QueryOptFlags(**as_written))
        return done


class Pandas(Engine):
    """A pandas frame that somebody has in hand."""

    name = "pandas"

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Table:
        import pandas as pd

        made = pd.DataFrame(
            {name: pd.Series(list(values), dtype=None if len(values) else "str") for name, values in columns.items()}
        )
        for name, values in columns.items():
            if len(values) and isinstance(values[0], date):
                made[name] = pd.to_datetime(made[name]).astype("datetime64[us]")
        return nw.from_native(made, eager_only=True).lazy()

    def keep(self, frame: Table) -> Table:
        return frame.collect().lazy()


class Spark(Engine):
    """A Spark session that is running already; nothing is started here."""

    name = "pyspark"
    in_batches = False

    def __init__(self, session: Any) -> None:
        self._session = session

    def table(self, columns: Mapping[str, Sequence[Any]]) -> Table:
        rows = list(zip(*columns.values(), strict=True))
        types = {date: "date", int: "bigint", float: "double", bool: "boolean"}
        kinds = [
            next((types.get(type(value), "string") for value in values if value is not None), "string")
            for values in columns.values()
        ]
        schema = ", ".join(f"`{name}` {kind}" for name, kind in zip(columns, kinds, strict=True))
        return lazy(self._session.createDataFrame(rows, schema))

    def keep(self, frame: Table) -> Table:
        # Cut off from how it came about: the plan of every later question starts here.
        native: Any = nw.to_native(frame)
        return lazy(native.localCheckpoint())

    def collect(self, frame: Table) -> dict[str, list[Any]]:
        native: Any = nw.to_native(frame)
        rows = native.collect()
        return {name: [row[place] for row in rows] for place, name in enumerate(native.columns)}


def like(native: Any) -> Engine:
    """The engine of *native*, a frame that somebody brings.

    Raises:
        DatasetError: a frame of no engine that the indicators run on.
    """
    frame: Any = nw.from_native(native, pass_through=True)
    name = str(frame.implementation.value) if isinstance(frame, nw.DataFrame | nw.LazyFrame) else type(native).__name__
    if name == "polars":
        return Embedded(from_disk=isinstance(frame, nw.LazyFrame))
    if name == "pandas":
        return Pandas()
    if name == "pyspark":
        return Spark(native.sparkSession)
    raise DatasetError(
        "gegevens", f"Met een tabel van {name} kan niet gerekend worden.", "Breng een tabel van pandas, Polars of PySpark."
    )


def lazy(native: Any) -> Table:
    """*native* (a frame, lazy or not, of any engine) as a lazy table."""
    frame: Any = nw.from_native(native, pass_through=False)
    return frame if isinstance(frame, nw.LazyFrame) else frame.lazy()


def stack(tables: Sequence[Table]) -> Table:
    """One table under the other; all have the same columns."""
    if len(tables) == 1:
        return tables[0]
    names = tables[0].collect_schema().names()
    return nw.concat([tables[0], *(table.select(*names) for table in tables[1:])], how="vertical")


def to_pandas(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A result as people explore it. Built from plain values, so that no Arrow library is needed."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(list(values), dtype=_dtype(name, values)) for name, values in columns.items()})


def _dtype(name: str, values: Sequence[object]) -> str | None:
    """A number that is not known needs a type that can hold that."""
    dtype = _DTYPES.get(name)
    return dtype.capitalize() if dtype and None in values else dtype


def _plain(values: list[Any]) -> list[Any]:
    """Days as days: pandas holds them as moments."""
    if any(isinstance(value, datetime) for value in values[:1]):
        return [value.date() for value in values]
    return values
