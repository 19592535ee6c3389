"""Every case of the corpus by name, and seeded combinations of faults."""

from __future__ import annotations

import random
from collections.abc import Mapping

from absences.reading.corpus.broken_export import Export, Fault
from absences.reading.corpus.brought_school import SHAPES, TABLES
from absences.reading.corpus.layout_faults import LAYOUT_FAULTS


def _cases() -> dict[str, Export]:
    found = dict(SHAPES)
    for shape in TABLES:
        for name, fault in LAYOUT_FAULTS.items():
            key = f"{shape}-{name}"
            found[key] = fault(SHAPES[shape], random.Random(key))
    return found


def _combined() -> dict[str, Export]:
    return {}


CASES: Mapping[str, Export] = _cases()
COMBINED: Mapping[str, Export] = _combined()
