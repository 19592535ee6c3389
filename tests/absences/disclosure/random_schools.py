"""Small schools of every shape, made without files: classes within years within grades, streams across them, few absences."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

SIZES = (0, 1, 3, 4, 5, 9, 10, 10, 11, 14, 20, 24)
"""Pupils per class: none, few, and exactly the limits of the policies."""

PUPIL = ("level", "grade", "year", "stream", "class")
CODES = {"Z": "lawful", "P": "lawful", "B": "unlawful", "-": "open", "L": "late"}
KINDS = ("status", "code")


@dataclass(frozen=True)
class Slot:
    """One possible half day of one pupil; ``code`` is empty when present."""

    pupil: int
    group: tuple[str, ...]
    month: int
    week: int
    weekday: int
    half: str
    code: str
    school: int = 0

    def value(self, column: str) -> Any:
        if column in PUPIL:
            return self.group[PUPIL.index(column)]
        return CODES.get(self.code) if column == "status" else getattr(self, column)


class School:
    """Half days, counted in plain Python; what ``Record`` asks."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = list(slots)
        self.known: dict[tuple[tuple[str, ...], str], dict[str, list[Any]]] = {}

    def ask(self, by: tuple[str, ...], measure: str, school_year: str) -> Mapping[str, Sequence[Any]]:
        if (by, measure) not in self.known:
            self.known[by, measure] = self.count(by, measure)
        return self.known[by, measure]

    def count(self, by: Sequence[str], measure: str, status: str | None = None) -> dict[str, list[Any]]:
        """As ``Absences`` counts: by status with late arrivals, by code alone without; every group has a row for every kind."""
        groups = [name for name in by if name not in KINDS]
        kinds = [name for name in by if name in KINDS]
        late = {"L"} if measure == "late" or (measure == "absent" and status is None and "status" in by) else set()
        counted = late if measure == "late" else {code for code in CODES if code != "L"} | late
        if status is not None:
            counted = {code for code in CODES if CODES[code] == status}
        possible: dict[tuple[Any, ...], int] = {}
        pupils: dict[tuple[Any, ...], set[int]] = {}
        missed: dict[tuple[Any, ...], list[int]] = {}
        for slot in self.slots:
            key = tuple([slot.value(name) for name in groups])
            possible[key] = possible.get(key, 0) + 1
            pupils.setdefault(key, set()).add(slot.pupil)
            if slot.code in counted:
                missed.setdefault((*key, *[slot.value(name) for name in kinds]), []).append(slot.pupil)
        rows: list[tuple[Any, ...]] = []
        for key in sorted(possible):
            found = dict.fromkeys(
                tuple({"status": CODES[code], "code": code}[name] for name in kinds) for code in sorted(counted)
            )
            for kind in found:
                hits = missed.get((*key, *kind), [])
                named = dict(zip((*groups, *kinds), (*key, *kind), strict=True))
                rows.append((*[named[name] for name in by], len(hits), possible[key], len(pupils[key]), len(set(hits))))
        names = (*by, "half_days_missed", "half_days_possible", "pupils", "missing_pupils")
        return {name: [row[place] for row in rows] for place, name in enumerate(names)}

    def frame(self, by: Sequence[str], status: str | None = None) -> pd.DataFrame:
        """The unprotected result of ``rate`` or, for ``late``, of ``late``."""
        late = status == "late"
        columns = self.count(by, "late" if late else "absent", status)
        if late:
            columns["late_half_days"], columns["late_pupils"] = columns.pop("half_days_missed"), columns["missing_pupils"]
        del columns["missing_pupils"]
        frame = pd.DataFrame(columns)
        count = frame["late_half_days" if late else "half_days_missed"]
        for name in ("rate", "rate_low", "rate_high"):
            frame[name] = count / frame["half_days_possible"]
        return frame


def random_school(seed: int, *, weeks: int = 2) -> School:
    """Two to nine classes; a grade has one or two years, a stream runs through some of them, a class may be empty.

    In some classes nobody is absent, in most a little, in one or other everybody nearly always; a few pupils change class.
    """
    chance = random.Random(seed)
    streams = chance.choice(["A", "AB", "ABC"])
    classes: list[tuple[tuple[str, ...], int]] = []
    for grade in "123"[: chance.randint(1, 3)]:
        for year in (str(2 * int(grade) - 1), str(2 * int(grade)))[: chance.randint(1, 2)]:
            for letter in "ABC"[: chance.randint(1, 3)]:
                group = ("secundair", grade, year, chance.choice(streams), f"{year}{letter}")
                classes.append((group, chance.choice(SIZES)))
    if sum(size for _, size in classes) < 10:
        return random_school(seed + 1_000_003, weeks=weeks)
    days = [(week, weekday) for week in range(weeks) for weekday in (1, 2, 3)]
    moments = [(week, weekday, half) for week, weekday in days for half in (("VM", "NM") if weekday != 3 else ("VM",))]
    if weeks > 1 and chance.random() < 0.3:
        moments = [one for one in moments if one[:2] != (weeks - 1, 1)]
    slots = []
    pupil = 0
    for group, size in classes:
        often = chance.choice([0.0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1.0])
        for _ in range(size):
            pupil += 1
            turn, other = len(moments), group
            if chance.random() < 0.04:
                turn, other = chance.randrange(1, len(moments)), chance.choice(classes)[0]
            for place, (week, weekday, half) in enumerate(moments):
                code = chance.choices("ZPB-L", [5, 1, 3, 1, 2])[0] if chance.random() < often else ""
                month = (2 * week + (weekday > 2)) // 3
                slots.append(Slot(pupil, group if place < turn else other, month, week, weekday, half, code))
    return School(slots)
