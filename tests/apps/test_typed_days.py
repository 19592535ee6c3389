from __future__ import annotations

from datetime import date

import pytest

from stslib.apps.typed_days import free_days_typed, typed_free_days
from stslib.errors import FormError


def test_days_and_periods_are_read_line_by_line_and_put_in_order() -> None:
    found = typed_free_days("09/02/2026 - 13/02/2026\n\n 3-11-2025 \n2026-04-30 t/m 2026-05-01")
    assert [(one.first, one.last) for one in found] == [
        (date(2025, 11, 3), date(2025, 11, 3)),
        (date(2026, 2, 9), date(2026, 2, 13)),
        (date(2026, 4, 30), date(2026, 5, 1)),
    ]


def test_what_was_read_can_be_typed_again() -> None:
    found = typed_free_days("03/11/2025\n09/02/2026 - 13/02/2026")
    assert typed_free_days(free_days_typed(found)) == found
    assert free_days_typed(found) == "03/11/2025\n09/02/2026 - 13/02/2026"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("03/11/2025\nde brugdag", "Regel 2 is geen dag"),
        ("31/02/2026", "Regel 1 is geen dag"),
        ("01/02/2026 - 02/02/2026 - 03/02/2026", "Regel 1 is geen dag"),
        ("13/02/2026 - 09/02/2026", "eindigt voor ze begint"),
        ("03/11/2025\n" * 201, "meer dan 200 regels"),
    ],
)
def test_a_line_that_is_no_day_is_refused_with_its_number(text: str, fact: str) -> None:
    with pytest.raises(FormError, match=fact):
        typed_free_days(text)
