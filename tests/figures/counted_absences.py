"""Absences that a test counts itself, in plain Python: an independent stand-in for the stored ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

import pandas as pd

from stslib.model.figure import Explanation

STATUSES = {"B": "unlawful", "-": "open", "L": "late"}


@dataclass(frozen=True)
class Slot:
    """One possible half day of one pupil; ``code`` is empty when present."""

    pupil: str
    day: date
    half: str
    class_name: str
    grade: str
    year: str
    stream: str
    code: str = ""
    school_year: str = "2025-2026"

    def value(self, dimension: str) -> object:
        calculated: dict[str, Callable[[], object]] = {
            "week": lambda: self.day.isocalendar()[1],
            "weekday": lambda: self.day.isoweekday(),
            "month": lambda: self.day.month,
            "class": lambda: self.class_name,
            "code": lambda: self.code[:1],
            "status": lambda: STATUSES.get(self.code[:1], "lawful" if self.code else "present"),
        }
        return calculated.get(dimension, lambda: getattr(self, dimension))()


def wilson(hits: int, total: int) -> tuple[float, float, float]:
    z, share = 1.959963984540054, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return share, max(0.0, middle - half), min(1.0, middle + half)


class CountedAbsences:
    """What ``stslib.figures`` asks of stored absences, counted slot by slot; groups under *minimum* pupils are hidden."""

    school = "Campus Proef"

    def __init__(self, slots: Sequence[Slot], *, minimum: int = 5, provisional_from: date | None = None) -> None:
        self.slots = slots
        self.minimum = minimum
        self.provisional_from = provisional_from
        self.school_years = tuple(sorted({slot.school_year for slot in slots}))
        self.asked: list[tuple[object, ...]] = []
        self.hidden_for: set[object] = set()
        self.periods: tuple[object, ...] | None = ()

    def rate(self, by=(), status=None, disclosure=None, *, school_years=None):
        self.asked.append(("rate", tuple(by), school_years, disclosure))
        return self._count(by, school_years, "half_days_missed", lambda code: code[:1] not in ("", "L"))

    def late(self, by=(), disclosure=None, *, school_years=None):
        self.asked.append(("late", tuple(by), school_years, disclosure))
        return self._count(by, school_years, "late_half_days", lambda code: code[:1] == "L")

    def thresholds(self, disclosure=None, *, school_years=None, where=None, every_rule=False):
        counts: dict[str, int] = {}
        for slot in self.slots:
            if slot.school_year == self.school_years[-1]:
                counts[slot.pupil] = counts.get(slot.pupil, 0) + (slot.code[:1] == "B")
        rows = []
        for identity, value in (("clb-melding", 5), ("band-10", 10)):
            over = sum(count >= value for count in counts.values())
            near = sum(value - 2 <= count < value for count in counts.values())
            rows.append(
                {
                    "school_year": self.school_years[-1],
                    "threshold": identity,
                    "rule": f"vanaf {value} halve dagen B",
                    "value": value,
                    "unit": "halve dagen per schooljaar",
                    "pupils_over": over if over == 0 or over >= self.minimum else pd.NA,
                    "pupils_near": near if near == 0 or near >= self.minimum else pd.NA,
                    "pupils": len(counts),
                    "determinable": True,
                    "why_not": "",
                }
            )
        return pd.DataFrame(rows)

    def explain(self, by=(), status=None, disclosure=None, *, measure="rate", school_years=None):
        days = [slot.day for slot in self.slots]
        return (
            Explanation(label="Periode", text=f"{min(days):%d/%m/%Y} tot {max(days):%d/%m/%Y}"),
            Explanation(label="Aantal leerlingen", text=str(len({slot.pupil for slot in self.slots}))),
        )

    def _count(self, by, school_years, missed, counts):
        slots = [slot for slot in self.slots if slot.school_year in (school_years or self.school_years)]
        groups: dict[tuple[object, ...], list[Slot]] = {}
        for slot in slots:
            groups.setdefault(tuple(slot.value(dimension) for dimension in by), []).append(slot)
        rows = []
        for key, members in groups.items():
            if ("code" in by and not counts(str(key[list(by).index("code")]))) or "present" in key:
                continue
            hits = len(members) if "status" in by else sum(counts(slot.code) for slot in members)
            possible = len(slots if {"code", "status"} & set(by) else members)
            pupils = len({slot.pupil for slot in members})
            shown = pupils >= self.minimum
            rate, low, high = wilson(hits, possible)
            numbers = [hits, possible, rate, low, high] if shown else [pd.NA] * 5
            rows.append([*key, *numbers, pupils if shown else pd.NA, not shown])
        columns = [*by, missed, "half_days_possible", "rate", "rate_low", "rate_high", "pupils", "suppressed"]
        return pd.DataFrame(rows, columns=columns)
