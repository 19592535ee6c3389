"""The disclosure policies by name, and the limits that they hold to."""

from __future__ import annotations

from typing import Literal, get_args

from stslib.errors import DatasetError

Policy = Literal["none", "room", "record", "shared"]

ROOM_MINIMUM = 5
"""Live pages, the school itself at the table: no group under five pupils."""

RECORD_COUNT = 5
"""What is kept: counts from 1 to 4 are written as "<5"."""

RECORD_RATE_MINIMUM = 10
"""What is kept: a rate only of ten pupils or more, so neither 0 % nor 100 % of a small group."""

SHARED_COUNT = 8
"""Across schools: counts from 1 to 7 are hidden."""

SHARED_STEP = 5
"""Across schools: every other number is rounded to a multiple of five."""

SHARED_PUPILS = 10
"""Across schools: no group of fewer pupils."""

SHARED_SCHOOLS = 5
"""Across schools: no group of fewer schools."""

SHARED_LARGEST = 0.5
"""Across schools: no group of which one school has more than this share of the half days missed."""


def check_policy(policy: str | None, *, schools: int = 1) -> Policy:
    """*policy* as one that exists; None is ``none``.

    Args:
        policy: its name.
        schools: how many schools are counted together; ``shared`` is for several.

    Raises:
        DatasetError: names the policies there are.
    """
    name = policy or "none"
    known = [one for one in get_args(Policy) if one != "shared" or schools > 1]
    if name in known:
        return name  # type: ignore[return-value]
    what = "Deze afscherming bestaat niet."
    if name == "shared":
        what = "De afscherming shared is voor cijfers van meer scholen samen; hier is er maar één."
    raise DatasetError("afscherming", what, f"Kies uit: {', '.join(known)}.")
