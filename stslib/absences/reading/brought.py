"""Half days B that a pupil brought along from another school: a number per pupil beside the rows, in either file."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from stslib.absences.reading.companions import PupilKeys, warn
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.totals import read_count
from stslib.absences.reading.values import read_pupil
from stslib.model.finding import Finding

_NONE = {"", "-", "/", "–"}


def read_brought(files: Sequence[ParsedFile], pupils: PupilKeys, findings: list[Finding]) -> pl.DataFrame:
    """pupil, half_days of every pupil who brought any.

    A number that stands in every row of a pupil counts once; where two differ the highest counts, and that is told.

    Args:
        files: the enrolment file and the export, as far as they are there.
        pupils: the pupils of both; others are left out.
        findings: what could not be read is added here.
    """
    numbers: dict[int, set[int]] = {}
    for file in files:
        if "brought" not in file.cells or "pupil" not in file.cells:
            continue
        unreadable = 0
        pairs = pl.DataFrame({"pupil": file.cells["pupil"], "brought": file.cells["brought"]}).unique(maintain_order=True)
        for text, value in pairs.iter_rows():
            if value.strip() in _NONE:
                continue
            count = read_count(value)
            if count < 0:
                unreadable += 1
                continue
            place = pupils.indices.get(read_pupil(text).key)
            if place is not None and count:
                numbers.setdefault(place, set()).add(count)
        if unreadable:
            findings.append(
                warn(
                    file.name,
                    f"{unreadable} keer is het aantal halve dagen B van een andere school (kolom ‘{file.header('brought')}’) "
                    "niet leesbaar; die tellen niet mee.",
                    "Zet daar een gewoon getal van 0 tot 400.",
                )
            )
    different = sum(len(found) > 1 for found in numbers.values())
    if different:
        findings.append(
            warn(
                files[-1].name,
                f"Bij {different} leerlingen staan verschillende aantallen halve dagen B van een andere school; "
                "het hoogste telt.",
                "Kijk het aantal na bij de inschrijving.",
            )
        )
    return pl.DataFrame(
        [(pupil, max(found)) for pupil, found in sorted(numbers.items())],
        schema={"pupil": pl.Int32, "half_days": pl.Int64},
        orient="row",
    )
