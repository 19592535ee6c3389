"""What a reader can reckon of hidden numbers: the least and the most that each can be, by linear programming."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

NARROW = 1e-5


def reckoned(
    values: Sequence[float],
    limits: Sequence[float],
    shown: Sequence[Sequence[int]],
    hidden: Sequence[Sequence[int]],
    at_most: Sequence[tuple[Sequence[int], float]] = (),
) -> list[int]:
    """Which of the *hidden* sums of *values* can be only one number beside the *shown* sums.

    Every value lies between zero and its limit; some sums have a limit of their own. Most sums are seen to move in a few
    solutions together; each that is not is asked its own least and most.
    """
    number = len(values)
    true = np.array(values, dtype=float)

    def rows(cells: Sequence[Sequence[int]]) -> csr_matrix:
        at = [place for cell in cells for place in cell]
        of = [row for row, cell in enumerate(cells) for _ in cell]
        return csr_matrix((np.ones(len(at)), (of, at)), shape=(len(cells), number))

    equal, asked = rows(shown), rows(hidden)
    sums = equal @ true
    above = rows([cell for cell, _ in at_most]) if at_most else None
    most = [limit for _, limit in at_most] if at_most else None
    bounds = list(zip(np.zeros(number), limits, strict=True))

    def solve(aim: np.ndarray) -> np.ndarray:
        found = linprog(aim, above, most, equal if len(shown) else None, sums if len(shown) else None, bounds, method="highs")
        assert found.status == 0, found.message
        return found.x

    start = asked @ true
    waiting = np.ones(len(hidden), dtype=bool)
    chance = np.random.default_rng(number)
    for _ in range(6):
        if not waiting.any():
            break
        weight = chance.normal(size=int(waiting.sum()))
        aim = asked[waiting].T @ weight
        moved = np.zeros(len(hidden), dtype=bool)
        for sign in (1.0, -1.0):
            moved |= np.abs(asked @ solve(sign * aim) - start) > NARROW
        waiting &= ~moved
    left = []
    for place in np.flatnonzero(waiting).tolist():
        aim = asked[place].toarray()[0]
        if aim @ solve(-aim) - aim @ solve(aim) < NARROW:
            left.append(place)
    return left
