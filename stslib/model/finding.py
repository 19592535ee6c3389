"""One thing that a check found, in parts that a page, a test and a command line can each use."""

from __future__ import annotations

from enum import StrEnum

from stslib.model.base import Frozen


class Level(StrEnum):
    """How much a finding stands in the way."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Frozen):
    """Where, what, and what to do about it (texts in Dutch; never a pupil's data)."""

    level: Level
    place: str
    fact: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.fact} {self.remedy}".strip()
