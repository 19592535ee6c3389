"""Every case of the corpus by name, and seeded combinations of faults."""

from __future__ import annotations

import random
from collections.abc import Mapping

from absences.reading.corpus.block_faults import BLOCK_FAULTS
from absences.reading.corpus.broken_export import Export, Fault
from absences.reading.corpus.brought_school import SHAPES
from absences.reading.corpus.count_faults import MATRIX_FAULTS, TOTAL_FAULTS
from absences.reading.corpus.layout_faults import LAYOUT_FAULTS
from absences.reading.corpus.period_faults import PERIOD_FAULTS
from absences.reading.corpus.value_faults import CODE_FAULTS, DATE_FAULTS, DAYS_FAULTS, LONG_FAULTS

FAULTS: Mapping[str, tuple[Mapping[str, Fault], ...]] = {
    "long": (LAYOUT_FAULTS, DATE_FAULTS, CODE_FAULTS, LONG_FAULTS),
    "days": (LAYOUT_FAULTS, DATE_FAULTS, CODE_FAULTS, DAYS_FAULTS),
    "periods": (LAYOUT_FAULTS, PERIOD_FAULTS),
    "matrix": (LAYOUT_FAULTS, MATRIX_FAULTS),
    "totals": (LAYOUT_FAULTS, TOTAL_FAULTS),
    "blocks": (BLOCK_FAULTS,),
}


def _cases() -> dict[str, Export]:
    found = dict(SHAPES)
    for shape, groups in FAULTS.items():
        for name, fault in (entry for group in groups for entry in group.items()):
            key = f"{shape}-{name}"
            found[key] = fault(SHAPES[shape], random.Random(key))
    return found


def _combined() -> dict[str, Export]:
    return {}


CASES: Mapping[str, Export] = _cases()
COMBINED: Mapping[str, Export] = _combined()
