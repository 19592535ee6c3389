"""Which segments may be shown under a policy: none that is too small, and none from which a small rest follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from stslib.absences.disclosure.policies import RECORD_COUNT, RECORD_RATE_MINIMUM, ROOM_MINIMUM
from stslib.absences.focus.segments import ABSENT, ALL, Atom, Counts, Possible, Segment
from stslib.model.absence import Status

LEAST = {"none": (1, 1), "room": (ROOM_MINIMUM, 1), "record": (RECORD_RATE_MINIMUM, RECORD_COUNT)}
"""Policy -> fewest pupils of a segment and of what is left of its group, fewest half days."""


class Shown:
    """What may be shown of one school, and how much two segments share."""

    def __init__(
        self,
        atoms: Sequence[Atom],
        counts: Mapping[Segment, Counts],
        possible: Mapping[tuple[str, str, str, str], Possible],
        policy: str,
    ) -> None:
        self.atoms, self.counts, self.possible = atoms, counts, possible
        self.policy = policy
        self.least_pupils, self.least_half_days = LEAST[policy]
        self._members: dict[Segment, frozenset[int]] = {}

    def shared(self, one: Segment, other: Segment) -> int:
        """Half days in both."""
        return sum(self.atoms[place].half_days for place in self.members(one) & self.members(other))

    def members(self, segment: Segment) -> frozenset[int]:
        """Places of the atoms that the segment is made of."""
        if segment not in self._members:
            self._members[segment] = frozenset(
                place
                for place, atom in enumerate(self.atoms)
                if (segment.kind == atom.status or (segment.kind == ABSENT and atom.status != Status.LATE.value))
                and segment.pattern in atom.patterns
                and all(not wanted or wanted == found for wanted, found in zip(segment[1:4], atom[1:4], strict=True))
            )
        return self._members[segment]

    def few(self, pupils: int, half_days: int) -> bool:
        """Whether a rest says too much about too few; no rest at all says nothing."""
        return 0 < pupils < self.least_pupils or 0 < half_days < self.least_half_days

    def allows(self, segment: Segment) -> bool:
        """Neither the segment, nor its group, nor what is left of any coarser one is too small."""
        counts, group = self.counts[segment], self.possible[segment.group]
        if counts.pupils < self.least_pupils or counts.half_days < self.least_half_days:
            return False
        if self.few(group.pupils - counts.pupils, 0):  # the few of the group who have nothing in it
            return False
        for coarser in _coarser(segment):
            larger = self.counts[coarser]
            beside = self.possible[coarser.group].pupils - group.pupils
            if self.few(beside, larger.half_days - counts.half_days) or self.few(larger.pupils - counts.pupils, 0):
                return False
        return True

    def reveals(self, segment: Segment, others: Sequence[Segment]) -> bool:
        """Whether too small a rest follows from it and the *others* by subtraction."""
        if self.policy == "none":
            return False
        for whole in (segment, *others):
            inside = [one for one in (segment, *others) if one != whole and self.members(one) <= self.members(whole)]
            for size in range(1, len(inside) + 1):
                for parts in combinations(inside, size):
                    if whole != segment and segment not in parts:
                        continue
                    if any(self.members(a) & self.members(b) for a, b in combinations(parts, 2)):
                        continue
                    left = self.counts[whole].half_days - sum(self.counts[one].half_days for one in parts)
                    people = self.counts[whole].pupils - sum(self.counts[one].pupils for one in parts)
                    if self.few(max(0, people), left):
                        return True
        return False


def _coarser(segment: Segment) -> list[Segment]:
    """Every segment that is set apart by a part of what sets this one apart."""
    opened = {name: "" for name in ("grade", "year", "stream") if getattr(segment, name)}
    opened |= {"kind": ABSENT} if segment.kind not in (ABSENT, Status.LATE.value) else {}
    opened |= {"pattern": ALL} if segment.pattern != ALL else {}
    chosen = (names for size in range(1, len(opened) + 1) for names in combinations(opened, size))
    return [segment._replace(**{name: opened[name] for name in names}) for names in chosen]
