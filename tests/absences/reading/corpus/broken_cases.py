"""Every case of the corpus by name, and seeded combinations of faults."""

from __future__ import annotations

import random
from collections.abc import Mapping

from absences.reading.corpus.block_faults import BLOCK_FAULTS
from absences.reading.corpus.book_faults import BOOK_FAULTS, TYPE_FAULTS
from absences.reading.corpus.broken_export import Export, Fault
from absences.reading.corpus.brought_school import SHAPES
from absences.reading.corpus.code_faults import CODE_FAULTS, DAYS_FAULTS, LONG_FAULTS
from absences.reading.corpus.day_faults import DATE_FAULTS
from absences.reading.corpus.layout_faults import LAYOUT_FAULTS
from absences.reading.corpus.matrix_faults import MATRIX_FAULTS
from absences.reading.corpus.period_faults import PERIOD_FAULTS
from absences.reading.corpus.text_faults import LETTER_FAULTS, LONG_TEXT_FAULTS, TEXT_FAULTS
from absences.reading.corpus.total_faults import TOTAL_FAULTS

_TABLE = (LAYOUT_FAULTS, TYPE_FAULTS)
_TEXT = (TEXT_FAULTS, LETTER_FAULTS)

FAULTS: Mapping[str, tuple[Mapping[str, Fault], ...]] = {
    "long": (*_TABLE, *_TEXT, DATE_FAULTS, CODE_FAULTS, LONG_FAULTS, LONG_TEXT_FAULTS, BOOK_FAULTS),
    "days": (*_TABLE, DATE_FAULTS, CODE_FAULTS, DAYS_FAULTS),
    "periods": (*_TABLE, *_TEXT, PERIOD_FAULTS),
    "matrix": (*_TABLE, *_TEXT, MATRIX_FAULTS),
    "totals": (*_TABLE, TOTAL_FAULTS),
    "blocks": (BLOCK_FAULTS,),
}
"""Shape -> what can happen to it."""

COMBINATIONS, AT_ONCE = 60, 3
_NOT_TOGETHER = {"many-rows-of-nobody", "huge-line"}
"""Large files, of which one each is enough."""


def _cases() -> dict[str, Export]:
    found = {f"{shape}-in-order": export for shape, export in SHAPES.items()}
    for shape, groups in FAULTS.items():
        for name, fault in (entry for group in groups for entry in group.items()):
            key = f"{shape}-{name}"
            found[key] = fault(SHAPES[shape], random.Random(key))
    return found


def _combined() -> dict[str, Export]:
    """Three faults at once, whatever they make of one another. Nobody can say beforehand what must come of those."""
    found: dict[str, Export] = {}
    rng = random.Random(20251122)
    while len(found) < COMBINATIONS:
        shape = rng.choice(sorted(FAULTS))
        known = {name: fault for group in FAULTS[shape] for name, fault in group.items() if name not in _NOT_TOGETHER}
        names = rng.sample(sorted(known), AT_ONCE)
        export = SHAPES[shape]
        try:
            for name in names:
                export = known[name](export, rng)
            export.written()
        except (AssertionError, AttributeError, IndexError, KeyError, StopIteration, TypeError, ValueError):
            continue  # one fault took away what another needs
        found[f"{shape}-{'+'.join(names)}"] = export
    return found


CASES: Mapping[str, Export] = _cases()
COMBINED: Mapping[str, Export] = _combined()
