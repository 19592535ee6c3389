"""What half days can be grouped by, and which codes count."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from stslib.model.absence import AbsenceCode, Status

SCHOOL = "school"
"""A dimension where several schools are counted together."""

PUPIL_DIMENSIONS = ("level", "grade", "year", "stream", "class")
TIME_DIMENSIONS = ("school_year", "month", "week", "weekday", "half")
KIND_DIMENSIONS = ("status", "code")
DIMENSIONS = (*PUPIL_DIMENSIONS, *TIME_DIMENSIONS, *KIND_DIMENSIONS)

DAY_DIMENSIONS = ("date", "school_week", "school_day")
"""Finer times, which only indicators with a picture of their own go by."""

GROUP_COLUMNS = (SCHOOL, *PUPIL_DIMENSIONS)
"""What sets groups of pupils apart."""

TIME_COLUMNS = (*TIME_DIMENSIONS, *DAY_DIMENSIONS)
"""What sets times apart."""

UNKNOWN = "onbekend"
"""What a group is called when the class file does not say."""


def keep_expression(codes: Sequence[AbsenceCode], status: Status | None) -> nw.Expr:
    """Which half days count: of one *status* among the absences (or late arrivals), or every absence."""
    return nw.col("code").is_in([code.code for code in counted_codes(codes, status)])


def counted_codes(codes: Sequence[AbsenceCode], status: Status | None) -> tuple[AbsenceCode, ...]:
    """The codes of the table that count for *status*; None: all that count as absent."""
    if status is None:
        return tuple(code for code in codes if code.absent)
    if status is Status.LATE:
        return tuple(code for code in codes if code.status is Status.LATE)
    return tuple(code for code in codes if code.absent and code.status is status)
