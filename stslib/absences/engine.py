"""Where the indicator expressions run, and how their results come back.

Embedded, that is Polars: in ``benchmarks/figures.py`` it is compared with DuckDB and pandas on first figure, warm
figure and memory. The expressions themselves are Narwhals, so any table that Narwhals knows can be counted with: a
pandas frame in hand, a Spark session elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd

_DTYPES: Mapping[str, str] = {
    "half_days_missed": "int64",
    "half_days_possible": "int64",
    "late_half_days": "int64",
    "late_pupils": "int64",
    "pupils": "int64",
    "pupils_over": "int64",
    "pupils_near": "int64",
    "value": "int64",
    "rate": "float64",
    "rate_low": "float64",
    "rate_high": "float64",
}
"""Column -> its type in a result; the columns of a group keep the type of their values."""


def make_lazy(columns: Mapping[str, Sequence[Any]]) -> nw.LazyFrame[Any]:
    """A table of the embedded engine from columns of plain Python values."""
    import polars as pl

    numbers = {name: pl.Int32 for name in ("start_year",) if name in columns}
    return nw.from_native(pl.DataFrame(dict(columns), schema_overrides=numbers).lazy())


def stack(tables: Sequence[Any]) -> nw.LazyFrame[Any]:
    """One table from those of several school years."""
    import polars as pl

    stacked: pl.LazyFrame = pl.concat([table.lazy() for table in tables])
    return nw.from_native(stacked)


def label_classes(tables: Sequence[tuple[int, Any, Any]], unknown: str) -> nw.LazyFrame[Any]:
    """Enrolment of several school years, each row with its start year and what its class is; *unknown* where no file says."""
    import polars as pl

    frames = [
        enrolment.lazy().join(classes.lazy(), on="class", how="left").with_columns(start_year=pl.lit(year, pl.Int32))
        for year, enrolment, classes in tables
    ]
    named: pl.LazyFrame = pl.concat(frames).with_columns(pl.col("class", "grade", "year", "stream", "level").fill_null(unknown))
    return nw.from_native(named.collect().lazy())


def keep(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """*frame*, counted once and held in memory for every later question."""
    return frame.collect().lazy()


def distinct(frame: nw.LazyFrame[Any], column: str) -> list[Any]:
    """The values that occur in *column*."""
    return frame.select(column).unique().collect()[column].to_list()


def collect(frame: nw.LazyFrame[Any] | nw.DataFrame[Any]) -> dict[str, list[Any]]:
    """The values of *frame* as plain Python columns, whatever engine it runs on."""
    done = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return {name: done[name].to_list() for name in done.columns}


def to_pandas(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A result as people explore it. Built from plain values, so that no Arrow library is needed."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(list(values), dtype=_DTYPES.get(name)) for name, values in columns.items()})
