"""The school's own free days as a person types them, one line each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stslib.errors import FormError
from stslib.model.absence import Period
from stslib.text import format_date, parse_typed_date

_BETWEEN = re.compile(r"\s+(?:-|–|—|tot|t/m|tot en met)\s+")
_MOST = 200


def typed_free_days(text: str) -> tuple[Period, ...]:
    """A period per line of *text*: ``06/02/2026`` or ``06/02/2026 - 09/02/2026``, in order of date.

    Raises:
        FormError: names the first line that is neither.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > _MOST:
        raise FormError(
            "Eigen vrije dagen", f"Er staan meer dan {_MOST} regels.", "Schrijf een periode als 06/02/2026 - 09/02/2026."
        )
    periods = []
    for number, line in lines:
        days = [parse_typed_date(part) for part in _BETWEEN.split(line)]
        if not 1 <= len(days) <= 2 or any(day is None for day in days):
            fact = f"Regel {number} is geen dag en geen periode."
            raise FormError(
                "Eigen vrije dagen", fact, "Schrijf een dag als 06/02/2026, of een periode als 06/02/2026 - 09/02/2026."
            )
        first, last = days[0], days[-1]
        assert first is not None
        assert last is not None
        if last < first:
            raise FormError(
                "Eigen vrije dagen", f"De periode op regel {number} eindigt voor ze begint.", "Draai de twee dagen om."
            )
        periods.append(Period(name="eigen vrije dag", first=first, last=last))
    return tuple(sorted(periods, key=lambda period: period.first))


def free_days_typed(periods: Sequence[Period]) -> str:
    """*periods* as a person would type them."""
    return "\n".join(
        format_date(one.first) if one.first == one.last else f"{format_date(one.first)} - {format_date(one.last)}"
        for one in periods
    )
