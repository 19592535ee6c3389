"""Every group of pupils that a table could show, each once, from the whole school to the classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from stslib.absences.disclosure.moves import Moves

Subset = tuple[str, ...]
Name = tuple[Subset, tuple[object, ...]]
"""Pupil columns and their values: ``(("grade", "stream"), ("2", "doorstroom"))``."""


class Groups:
    """The groups over some pupil columns, in the order in which they are shown.

    Args:
        columns: the pupil columns, from coarse to fine.
        labels: one row of values per smallest group.
        pupils: pupils per smallest group.
    """

    def __init__(self, columns: Sequence[str], labels: Sequence[tuple[object, ...]], pupils: Sequence[int]) -> None:
        self.columns = tuple(columns)
        self.atom = {label: number for number, label in enumerate(labels)}
        self.names: dict[Name, int] = {}
        """A group has a name in every table that shows it."""
        self.subset: list[Subset] = []
        """Group -> the coarsest table that shows it."""
        self.values: list[tuple[object, ...]] = []
        members: list[Any] = []
        rank: list[tuple[int, int, str]] = []
        known: dict[bytes, int] = {}
        sizes = np.array(pupils, dtype=np.int64)
        finest = self.columns[-1] if self.columns else ""
        for place, subset in enumerate(_subsets(self.columns, finest)):
            for values, inside in _split(labels, [self.columns.index(name) for name in subset]).items():
                group = known.setdefault(inside.tobytes(), len(members))
                if group == len(members):
                    members.append(inside)
                    self.subset.append(subset)
                    self.values.append(values)
                    rank.append((place, -int(sizes[inside].sum()), repr(values)))
                self.names[subset, values] = group
        self.members: Any = np.array(members, dtype=bool).reshape(len(members), len(labels)).T
        """Atom × group."""
        self.order = sorted(range(len(members)), key=rank.__getitem__)
        """From coarse to fine, then from large to small, then by name."""
        self.number = len(members)
        self.several: Any = self.members.sum(axis=0) > 1
        """Which groups are more than one atom."""
        broad = [g for g in range(len(members)) if len(self.subset[g]) == 1 and self.several[g]]
        self.wide: list[list[int]] = [
            [group for group in broad if self.subset[group] == (name,)] for name in self.columns if name != finest
        ]
        """By column from coarse to fine, but for the last, its groups of more than one atom: what is asked of most."""
        self.rests = _rests(self.members)
        """What readers get by taking one group from another: (larger, smaller), where that is no group itself."""
        left = [self.members[:, larger] & ~self.members[:, smaller] for larger, smaller in self.rests]
        self.all_members: Any = np.column_stack([self.members, *left]) if left else self.members
        """Atom × group, and the rests after the groups."""
        self.moves = Moves(self.all_members, broad)

    def of(self, subset: Sequence[str]) -> Iterator[tuple[tuple[object, ...], int]]:
        """The groups in the table by *subset*: their values in its order of columns, and their number."""
        for (named, values), group in self.names.items():
            if named == tuple(subset):
                yield values, group

    def ordered(self, columns: Sequence[str]) -> Subset:
        """*columns* in the order of the names of groups."""
        return tuple(name for name in self.columns if name in columns)


def _subsets(columns: Sequence[str], finest: str) -> list[Subset]:
    chosen = [some for size in range(len(columns) + 1) for some in combinations(columns, size)]
    return sorted(chosen, key=lambda some: finest in some)


def _split(labels: Sequence[tuple[object, ...]], places: Sequence[int]) -> Mapping[tuple[object, ...], Any]:
    found: dict[tuple[object, ...], Any] = {}
    for number, label in enumerate(labels):
        values = tuple(label[place] for place in places)
        if values not in found:
            found[values] = np.zeros(len(labels), dtype=bool)
        found[values][number] = True
    return found


def _rests(members: Any) -> list[tuple[int, int]]:
    known = {members[:, group].tobytes() for group in range(members.shape[1])}
    outside = (~members).astype(np.float32).T @ members.astype(np.float32)
    found = []
    for larger, smaller in zip(*(place.tolist() for place in np.nonzero(outside < 0.5)), strict=True):
        rest = (members[:, larger] & ~members[:, smaller]).tobytes()
        if larger != smaller and rest not in known:
            known.add(rest)
            found.append((larger, smaller))
    return found
