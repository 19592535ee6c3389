"""Where no move proves that a number stays unknown: another table that looks the same, by linear programming."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Rows = Sequence[tuple[Sequence[int], Any]]
"""Cells and atoms (truth values): the number that adds those atoms up over those cells."""

_ROUNDS = 4
_OPTIONS = {"time_limit": 5.0}
_MOVED = 1e-3
"""So much another number must be to count as another one, in half days."""


def moving(values: Any, limits: Any, together: Sequence[Sequence[int]], known: Rows, asked: Rows) -> list[bool]:
    """Which of the *asked* numbers can be another one beside the *known* ones.

    Few programs are solved: each lets all numbers that are still to be proved rise or fall at once, in a mix that differs from
    round to round; whatever changes in the solution is proved. Only this needs scipy; without it nothing is proved, and more is
    hidden.

    Args:
        values: atom × cell.
        limits: atom × cell: the most that a value can be.
        together: cells of one time, of which the values are at most the limit of each together.
        known: what readers see.
        asked: what must stay unknown.

    Returns:
        Per asked number whether it is proved to stay unknown; never True where it follows.
    """
    import numpy as np

    try:
        from scipy.optimize import linprog  # type: ignore[import-untyped]
        from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]
    except ImportError:
        return [False] * len(asked)

    atoms, cells = values.shape

    def matrix(rows: Rows) -> Any:
        parts = [
            [cell * atoms + atom for cell in chosen for atom in np.flatnonzero(inside).tolist()] for chosen, inside in rows
        ]
        at = [place for part in parts for place in part]
        of = [row for row, part in enumerate(parts) for _ in part]
        return csr_matrix((np.ones(len(at)), (of, at)), shape=(len(parts), atoms * cells))

    flat, most = values.T.ravel().astype(float), limits.T.ravel().astype(float)
    few = 1.0
    bounds = np.column_stack([np.maximum(-flat, -few), np.minimum(most - flat, few)])
    crowded = [chosen for chosen in together if len(chosen) > 1]
    above, room = None, None
    if crowded:
        alone = np.eye(atoms, dtype=bool)
        above = vstack([matrix([(chosen, alone[atom]) for atom in range(atoms)]) for chosen in crowded])
        room = np.concatenate([limits[:, chosen[0]] - values[:, chosen].sum(axis=1) for chosen in crowded])
    equal, numbers = matrix(known), matrix(asked)
    proved = np.zeros(len(asked), dtype=bool)
    mix = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        if proved.all():
            break
        weight = mix.uniform(0.5, 1.5, len(asked)) * mix.choice([-1.0, 1.0], len(asked)) * ~proved
        for sign in (1.0, -1.0):
            aim = sign * (numbers.T @ weight)
            found = linprog(aim, above, room, equal, np.zeros(len(known)), bounds, method="highs", options=_OPTIONS)
            if found.x is not None and found.status == 0:
                proved |= np.abs(numbers @ found.x) > _MOVED
    return [bool(one) for one in proved]
