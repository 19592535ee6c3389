"""What the made-up school said and agreed in fourteen months. Functions, never names; services that do not exist."""

from __future__ import annotations

from stslib.demo.meetings.first import FIRST
from stslib.demo.meetings.fourth import FOURTH
from stslib.demo.meetings.second import SECOND
from stslib.demo.meetings.third import THIRD

MEETINGS = (FIRST, SECOND, THIRD, FOURTH)
"""The trajectory in the journal: three closed meetings and one that is open."""

__all__ = ["MEETINGS"]
