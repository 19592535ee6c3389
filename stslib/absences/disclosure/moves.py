"""Other tables that look the same: what proves that a hidden number does not follow from what is shown.

The smallest groups of pupils (a class with all that is known of it) are *atoms*; a *group* is a set of them, and a number of a
group is the sum over its atoms. A *move* takes half days from some atoms and gives as many to others: one atom up or down, two
atoms against each other, or four in a square, as a year and a stream that cross have them. Whoever sees only groups that a move
leaves alone cannot tell the table from the moved one, so whatever the move changes stays unknown to them.

Numbers of one time go into the next in the same way: a move now and its opposite at another time leave both totals over time
alone. ``settle`` shows group after group, as long as every number that must stay hidden keeps a move of its own. Nothing has to
be solved, and what it leaves hidden is hidden by a table that anyone can write down.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

_WIDTH = 4
"""Atoms that a move touches, at most."""

_MOST_PAIRS = 6000
_MOST_SQUARES = 3000
"""So many moves are tried at most: fewer cost numbers that could have been shown, never safety."""

Bools = Any
"""A numpy array of truth values."""


class Moves:
    """The moves that are tried over some groups.

    Args:
        members: atoms × groups: which atoms each group adds up.
        broad: the groups that a square should leave alone: those by one column, wider than an atom.
    """

    def __init__(self, members: Bools, broad: Sequence[int]) -> None:
        atoms = len(members)
        pairs = _pairs(members)
        squares = _squares(members[:, list(broad)], pairs)
        rows = [[(one, 1)] for one in range(atoms)]
        rows += [[(one, 1), (other, -1)] for one, other in pairs]
        rows += [[(a, 1), (b, -1), (c, -1), (d, 1)] for a, b, c, d in squares]
        self.atoms: Any = np.full((len(rows), _WIDTH), atoms)
        """Move × place: the atom it touches there; *atoms* where it touches no more."""
        self.signs: Any = np.zeros((len(rows), _WIDTH), dtype=np.int8)
        weights = np.zeros((len(rows), atoms + 1), dtype=np.float32)
        for number, row in enumerate(rows):
            for place, (atom, sign) in enumerate(row):
                self.atoms[number, place], self.signs[number, place] = atom, sign
                weights[number, atom] = sign
        self.singles = slice(0, atoms)
        self.pairs: Any = np.array(pairs, dtype=int).reshape(len(pairs), 2)
        self.pair_rows = slice(atoms, atoms + len(pairs))
        self.hits: Bools = np.abs(weights[:, :atoms] @ members.astype(np.float32)) > 0.5
        """Move × group: whether it changes the group's number."""

    def alive(self, shown: Bools) -> Bools:
        """Cell × move: the moves that no shown group tells of. *shown* is cell × group."""
        return shown.astype(np.float32) @ self.hits.T.astype(np.float32) < 0.5

    def possible(self, up: Bools, down: Bools) -> Bools:
        """Cell × move: whether there is room for it one way or the other, where atoms can go *up* and *down* (atom × cell)."""
        padded = [np.vstack([each, np.ones((1, each.shape[1]), dtype=bool)]) for each in (up, down)]
        forth = np.ones((len(self.atoms), up.shape[1]), dtype=bool)
        back = forth.copy()
        for place in range(_WIDTH):
            atoms, risen = self.atoms[:, place], (self.signs[:, place] >= 0)[:, None]
            rising, falling = padded[0][atoms], padded[1][atoms]
            forth &= np.where(risen, rising, falling)
            back &= np.where(risen, falling, rising)
        return (forth | back).T

    def substitutes(self, alive: Bools, present: Bools) -> Bools:
        """Atom × cell: whether others can lose what this atom should, by a move that nothing tells of (*alive*, per move)."""
        found = np.zeros(present.shape, dtype=bool)
        kept = self.pairs[alive[self.pair_rows]]
        partners = np.zeros((len(present), len(present)), dtype=np.float32)
        partners[kept[:, 0], kept[:, 1]] = partners[kept[:, 1], kept[:, 0]] = 1.0
        found |= partners @ present.astype(np.float32) > 0.5
        found |= alive[self.singles][:, None]
        return found


def _pairs(members: Bools) -> list[tuple[int, int]]:
    """All pairs of atoms; of many atoms those that most groups have both or neither of."""
    atoms = len(members)
    found = list(combinations(range(atoms), 2))
    if len(found) <= _MOST_PAIRS:
        return found
    apart = np.array([int((members[one] != members[other]).sum()) for one, other in found])
    return [found[place] for place in np.argsort(apart, kind="stable")[:_MOST_PAIRS].tolist()]


def _squares(broad: Bools, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Two pairs that differ in the same broad groups, in the same way: set against each other they leave all of those alone."""
    alike: dict[bytes, list[tuple[int, int]]] = {}
    for one, other in pairs:
        difference = broad[one].astype(np.int8) - broad[other].astype(np.int8)
        if not difference.any():
            continue  # the pair by itself leaves them alone
        for first, second, signed in ((one, other, difference), (other, one, -difference)):
            alike.setdefault(signed.tobytes(), []).append((first, second))
    found: dict[tuple[int, ...], tuple[int, int, int, int]] = {}
    for gap in range(1, 6):
        for same in alike.values():
            for (a, b), (c, d) in zip(same, same[gap:], strict=False):
                if len({a, b, c, d}) == _WIDTH:
                    found.setdefault((*sorted((a, d)), *sorted((b, c))), (a, b, c, d))
        if len(found) > _MOST_SQUARES:
            break
    return list(found.values())[:_MOST_SQUARES]


def settle(moves: Moves, possible: Bools, together: Any, need: Bools, allowed: Bools, order: Sequence[int]) -> Bools:
    """Which groups can be shown at each time.

    Args:
        moves: what proves that something stays unknown.
        possible: trade × move: whether there is room for it at all the times of the trade, turned round at every second one.
        together: trade × number: the times that it goes over.
        need: trade × group: the numbers that must keep a move in this trade; each has one to begin with.
        allowed: time × group: what is open to be shown.
        order: groups, the one to show first first.

    Returns:
        Time × group: whether it is shown.
    """
    hits = moves.hits.astype(np.float32)
    left = possible.astype(np.float32)
    cover = left @ hits
    shown = np.zeros(allowed.shape, dtype=bool)
    for group in order:
        opened = allowed[:, group]
        if not opened.any():
            continue
        shown[:, group] = opened
        asked = np.flatnonzero(opened[together].any(axis=1))
        if not len(asked):
            continue
        rows = np.flatnonzero(moves.hits[:, group])
        lost = left[np.ix_(asked, rows)] @ hits[rows]
        bad = (need[asked] & (cover[asked] - lost < 0.5)).any(axis=1)
        shown[together[asked[bad]].ravel(), group] = False
        told = shown[together[asked], group].any(axis=1)
        kept = asked[told]
        cover[kept] -= lost[told]
        left[np.ix_(kept, rows)] = 0.0
    return shown
