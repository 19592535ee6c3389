"""Focus candidates as others meet them, and the rules that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from stslib.model.base import Frozen

if TYPE_CHECKING:
    import pandas as pd


class FocusRules(Frozen):
    """How heavily each reason weighs, and when two candidates say the same. Every number can be changed."""

    reach: float = Field(default=1.0, ge=0, le=10)
    """Pupils, as a share of the candidate with most."""
    volume: float = Field(default=1.0, ge=0, le=10)
    """Half days, as a share of the candidate with most."""
    room: float = Field(default=1.0, ge=0, le=10)
    """Share of the half days with pupils in the middle: two or more, and not the heaviest tenth."""
    trend: float = Field(default=1.0, ge=0, le=10)
    """0 unless the growth is beyond doubt (95 %), 1 from twice as much on."""
    recent_weeks: int = Field(default=8, ge=1)
    """School weeks that growth is looked for in."""
    pattern_ratio: float = Field(default=1.2, ge=1)
    """A pattern is one when its rate is so many times that of all other times, and beyond doubt above it (99.9 %)."""
    short_share: float = Field(default=0.5, gt=0, le=1)
    """Short spells are a pattern when they make up at least this share."""
    alike: float = Field(default=0.5, gt=0, le=1)
    """Two candidates that share so much of their half days together say the same; one stays."""
    holds_most: float = Field(default=0.8, gt=0, le=1)
    """Of two that say the same the coarser stays, unless the finer holds at least this share of it."""
    most: int = Field(default=8, ge=1, le=25)
    """Candidates at most, per school."""
    most_of_all_pupils: int = Field(default=2, ge=0)
    """Candidates at most that set no group of pupils apart: a team that starts small wants groups to choose from."""
    most_of_a_pattern: int = Field(default=3, ge=1)
    """Candidates at most with the same pattern, for the same reason; "every time" is none."""


class FocusCandidate(Frozen):
    """One part of the absence that a team could work on. Holds sums only, already held against the policy."""

    id: str
    title: str
    why: str
    """Dutch: reach, volume, pattern, room for impact and trend in sentences."""
    school: str
    grade: str
    """Empty here, in ``year`` and in ``stream``: every value."""
    year: str
    stream: str
    kind: str
    pattern: str
    pupils: int
    """With at least one half day in it."""
    pupils_in_group: int
    half_days: int
    half_days_possible: int
    rate: float
    room: str
    """``weinig``, ``een deel`` or ``veel``."""
    room_share: float | None
    """0 to 1; None where it would tell the half days of a few pupils: under ``record``, and live of a small segment."""
    trend: float | None
    """Rate of the last weeks over that of before; None where it cannot be told."""
    trend_low: float | None
    trend_high: float | None
    """95 %, pupils drawn as a whole, for half days of one pupil are not independent."""
    parts: Mapping[str, float]
    """Reason -> 0 to 1, before weighing."""
    score: float
    """The weighted mean of the parts."""


@dataclass(frozen=True)
class Focus:
    """Focus candidates, best first."""

    candidates: tuple[FocusCandidate, ...]
    rules: FocusRules
    policy: str
    school_year: str

    def to_frame(self) -> pd.DataFrame:
        """One row per candidate, best first.

        Returns:
            The fields of ``FocusCandidate``, with the parts as ``part_reach``, ``part_volume``, ``part_room``, ``part_trend``.
        """
        import pandas as pd

        fields = [name for name in FocusCandidate.model_fields if name != "parts"]
        floats = {"rate", "room_share", "trend", "trend_low", "trend_high", "score"}
        counts = {"pupils", "pupils_in_group", "half_days", "half_days_possible"}

        def kind(name: str) -> str:
            return "float64" if name in floats else "int64" if name in counts else "object"

        return pd.DataFrame(
            {
                **{name: pd.Series([getattr(one, name) for one in self.candidates], dtype=kind(name)) for name in fields},
                **{
                    f"part_{name}": pd.Series([one.parts[name] for one in self.candidates], dtype="float64")
                    for name in ("reach", "volume", "room", "trend")
                },
            }
        )
