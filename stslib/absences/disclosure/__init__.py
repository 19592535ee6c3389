"""Small groups stay out of sight. Each policy takes a tidy result and gives it back with hidden cells.

A hidden number is ``pd.NA`` and its row has ``suppressed`` True. ``room`` and ``record`` only ever hide; ``shared`` also
rounds.
"""

from __future__ import annotations

from stslib.absences.disclosure.counts import protect_counts, protect_thresholds
from stslib.absences.disclosure.policies import RECORD_COUNT, RECORD_RATE_MINIMUM, ROOM_MINIMUM, Policy, check_policy
from stslib.absences.disclosure.record import Record
from stslib.absences.disclosure.room import protect_room
from stslib.absences.disclosure.shared import GRAIN, protect_shared, small_cells
from stslib.absences.disclosure.why import Why, why_hidden

__all__ = [
    "GRAIN",
    "RECORD_COUNT",
    "RECORD_RATE_MINIMUM",
    "ROOM_MINIMUM",
    "Policy",
    "Record",
    "Why",
    "check_policy",
    "protect_counts",
    "protect_room",
    "protect_shared",
    "protect_thresholds",
    "small_cells",
    "why_hidden",
]
