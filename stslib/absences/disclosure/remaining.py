"""Whether hidden numbers of one list stay unknown beside totals that are shown elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from stslib.absences.disclosure.policies import RECORD_COUNT


def stays_hidden(counts: Sequence[int], hidden: Sequence[bool], totals: Sequence[Sequence[int]]) -> bool:
    """Whether none of the hidden counts follows from the shown ones and the *totals*.

    It stays unknown where another hidden count in just the same totals can make up for it, and where those two are five or more
    together; so is one that is in no total at all.

    Args:
        counts: the count of every row.
        hidden: which rows are not shown.
        totals: for every total that is shown somewhere, the rows it adds up.
    """
    alike: dict[tuple[bool, ...], list[int]] = {}
    for row in (row for row, gone in enumerate(hidden) if gone):
        alike.setdefault(tuple(row in total for total in map(set, totals)), []).append(row)
    return all(
        not any(inside) or (len(rows) > 1 and sum(counts[row] for row in rows) >= RECORD_COUNT)
        for inside, rows in alike.items()
    )
