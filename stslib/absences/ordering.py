"""The order that rows come in: time as in the school year, classes by name, codes as in their table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stslib.absences.indicators.dimensions import GROUP_COLUMNS, UNKNOWN
from stslib.model.absence import AbsenceCode, Half, Status

STATUS_ORDER = (Status.UNLAWFUL, Status.LAWFUL, Status.OPEN, Status.LATE, Status.NEUTRAL, Status.PRESENT)


def in_order(by: Sequence[str], columns: Mapping[str, Sequence[Any]], codes: Sequence[AbsenceCode]) -> list[int]:
    """The rows of *columns* in the order that people expect of the groups *by*.

    Args:
        by: group columns, the first one changes slowest.
        columns: those, and with ``week`` among them also ``first_week``: the school week that each row begins in.
        codes: the code table, in its order.
    """
    ranks: dict[str, Mapping[Any, int]] = {
        "half": {half.value: rank for rank, half in enumerate(Half)},
        "status": {status.value: rank for rank, status in enumerate(STATUS_ORDER)},
        "code": {code.code: rank for rank, code in enumerate(codes)},
    }
    if "week" in by:
        first: dict[Any, int] = {}
        for week, school_week in zip(columns["week"], columns["first_week"], strict=True):
            first[week] = min(school_week, first.get(week, school_week))
        ranks["week"] = first

    def key(row: int) -> tuple[Any, ...]:
        parts: list[Any] = []
        for name in by:
            value = columns[name][row]
            if name in ranks:
                parts.append(ranks[name].get(value, 999))
            elif name == "month":
                parts.append((value - 9) % 12)
            elif name in GROUP_COLUMNS:
                parts.append(natural(value))
            else:
                parts.append(value)
        return tuple(parts)

    return sorted(range(len(next(iter(columns.values()), ()))), key=key)


def natural(value: object) -> tuple[Any, ...]:
    """A key that sorts 2A before 10A, and the unknown last."""
    if value in (None, UNKNOWN):
        return (1,)
    return (0, *((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", str(value)) if part))
