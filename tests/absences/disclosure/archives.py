"""Random schools as stored facts, the tables of a realistic archive of them, and what a reader can reckon from all together."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from absences.absence_factories import CODES, THRESHOLDS, make_calendar
from absences.disclosure.auditing import reckoned
from absences.open_tables import facts_in, make_facts

from stslib.absences import Absences
from stslib.absences.calendar import slots
from stslib.absences.tables import SchoolYearFacts
from stslib.model.absence import Half, WeeklyGrid

SIZES = (1, 3, 4, 5, 9, 10, 10, 11, 14, 20, 24)
GRID = WeeklyGrid(tuesday=(Half.MORNING,), wednesday=(), thursday=(), friday=())
"""Three half days a week, so that a school of nine weeks is solved in a moment."""
PERIOD = (date(2025, 9, 1), date(2025, 11, 7))
KINDS = {"Z": "lawful", "P": "lawful", "B": "unlawful", "-": "open", "L": "late"}
GROUPS = ("level", "grade", "year", "stream", "class")


def random_facts(seed: int, *, large: int = 1, period: tuple[date, date] = PERIOD) -> SchoolYearFacts:
    """A small school: grades of one or two years, streams across them, classes of every size; some pupils change or leave."""
    chance = random.Random(seed)
    first, last = period
    moments = [(one.date, one.half) for one in slots(make_calendar(), GRID) if one.possible and first <= one.date <= last]
    streams = chance.choice(["A", "AB"])
    classes: dict[str, tuple[str, str, str, str]] = {}
    for grade in "12"[: chance.randint(1, 2)]:
        for year in (str(2 * int(grade) - 1), str(2 * int(grade)))[: chance.randint(1, 2)]:
            for letter in "ABC"[: chance.randint(1, 3)]:
                classes[f"{year}{letter}"] = (grade, year, chance.choice(streams), "secundair")
    stays, marks, pupil = [], {}, 0
    for name in classes:
        often = chance.choice([0.0, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0])
        for _ in range(chance.choice(SIZES) * large):
            pupil += 1
            turn = chance.choice(moments)[0] if chance.random() < 0.04 else None
            if turn is None or turn == first:
                stays.append((f"{pupil}", name, first, last))
            else:
                before = max(day for day, _ in moments if day < turn)
                stays.append((f"{pupil}", name, first, before))
                if chance.random() < 0.7:
                    stays.append((f"{pupil}", chance.choice(list(classes)), turn, last))
            own = often * chance.choice([0.3, 1.0, 2.0])
            for day, half in moments:
                if chance.random() < own:
                    marks[f"{pupil}", day, half] = chance.choices("ZPB-L", [5, 1, 3, 1, 2])[0]
    if pupil < 10:
        return random_facts(seed + 1_000_003, large=large, period=period)
    known = {(one, day) for one, _, start, end in stays for day, _ in moments if start <= day <= end}
    marks = {key: code for key, code in marks.items() if key[:2] in known}
    facts = make_facts(marks=marks, enrolled=stays, period=period)
    names = ("class", "grade", "year", "stream", "level")
    rows = [(name, *of) for name, of in classes.items()]
    table = {column: [row[place] for row in rows] for place, column in enumerate(names)}
    return replace(facts, grid=GRID, classes=table)


@dataclass
class Archive:
    """Answers of ``Absences`` beside one another, each row as the smallest numbers that it adds up."""

    facts: SchoolYearFacts
    absences: Absences = field(init=False)
    shown: dict[tuple[int, ...], str] = field(default_factory=dict)
    hidden: dict[tuple[int, ...], str] = field(default_factory=dict)
    shown_sizes: set[tuple[int, ...]] = field(default_factory=set)
    hidden_sizes: dict[tuple[int, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.absences = Absences(
            "school", [facts_in("polars", self.facts)], codes=CODES, thresholds=THRESHOLDS, disclosure="record",
            provisional_from=date(2026, 6, 30),
        )  # fmt: skip
        days = {
            (one.date, one.half): one
            for one in slots(self.facts.calendar, self.facts.grid)
            if one.possible and self.facts.first <= one.date <= self.facts.last
        }
        enrolment, classes = self.facts.enrolment, self.facts.classes
        label = {name: tuple(classes[column][row] for column in GROUPS) for row, name in enumerate(classes["class"])}
        stays: dict[int, list[tuple[date, date, tuple[str, ...]]]] = {}
        for pupil, name, start, end in zip(*(enrolment[one] for one in ("pupil", "class", "first", "last")), strict=True):
            stays.setdefault(pupil, []).append((start, end, label[name]))
        atoms = list(dict.fromkeys(of for rows in stays.values() for *_, of in rows))
        place = {(atom, *moment, code): n for n, (atom, moment, code) in enumerate(
            (a, m, c) for a in atoms for m in days for c in KINDS
        )}  # fmt: skip
        self.values = np.zeros(len(place))
        self.limits = np.zeros(len(place))
        for rows in stays.values():
            for start, end, atom in rows:
                for day, half in days:
                    if start <= day <= end:
                        for code in KINDS:
                            self.limits[place[atom, day, half, code]] += 1
        self.there = np.zeros((len(stays), len(place)), dtype=bool)
        """Pupil × smallest number: who is in it."""
        for number, rows in enumerate(stays.values()):
            for start, end, atom in rows:
                for day, half in days:
                    if start <= day <= end:
                        self.there[number, place[atom, day, half, "Z"]] = True
        marks = self.facts.half_days
        for pupil, day, half, code in zip(*(marks[one] for one in ("pupil", "date", "half", "code")), strict=True):
            of = next(of for start, end, of in stays[pupil] if start <= day <= end)
            self.values[place[of, day, half, code]] += 1
        keys = list(place)
        self.columns: dict[str, Any] = {name: np.array([key[0][n] for key in keys]) for n, name in enumerate(GROUPS)}
        slot = [days[key[1], key[2]] for key in keys]
        self.columns |= {
            "date": np.array([one.date for one in slot]),
            "month": np.array([one.date.month for one in slot]),
            "week": np.array([one.week for one in slot]),
            "school_week": np.array([one.school_week for one in slot]),
            "school_day": np.array([one.school_day for one in slot]),
            "weekday": np.array([one.weekday for one in slot]),
            "half": np.array([key[2] for key in keys]),
            "code": np.array([key[3] for key in keys]),
            "status": np.array([KINDS[key[3]] for key in keys]),
            "school_year": np.array([self.facts.school_year] * len(keys)),
        }
        self.at_most = [
            (list(range(n, n + len(KINDS))), float(self.limits[n])) for n in range(0, len(keys), len(KINDS)) if self.limits[n]
        ]

    def where(self, chosen: Mapping[str, Any], kinds: Any) -> Any:
        found = kinds & (self.limits > 0)
        for name, values in chosen.items():
            found &= np.isin(self.columns[name], values if isinstance(values, (list, tuple)) else [values])
        return found

    def kinds(self, by: Sequence[str], status: str | None) -> Any:
        """Which smallest numbers a table counts."""
        if status is not None:
            return self.columns["status"] == status
        return np.ones(len(self.values), dtype=bool) if "status" in by else self.columns["status"] != "late"

    def add(
        self, frame: pd.DataFrame, by: Sequence[str], status: str | None, where: Mapping[str, Any], name: str,
        count: str = "half_days_missed", until: str = "",
    ) -> None:  # fmt: skip
        """The rows of one table; *until*: a column of which the rows add up all that is not later."""
        inside = self.where(where, self.kinds(by, status))
        for row in frame.to_dict("records"):
            members = inside.copy()
            for column in by:
                members &= self.columns[column] <= row[column] if column == until else self.columns[column] == row[column]
            if not until or not pd.isna(row[count]) or 0 < self.values[members].sum() < 5:
                # A sum over weeks is no secret where the weeks are not, only hidden with them; unless it is few by itself.
                self.note(members, name + " " + " ".join(str(row[one]) for one in by), not pd.isna(row[count]))
            if not pd.isna(row[count]):
                assert row[count] == self.values[members].sum(), name
                assert abs(row["rate"] * row["half_days_possible"] - row[count]) < 1e-6
            else:
                assert pd.isna(row["rate"])
                assert row["suppressed"]
            if "school_week" not in by and not until:
                # A run chart hides the size of a week with its count, though another table shows it.
                self.note_size(members, frame, row, name)

    def note(self, members: Any, name: str, shown: bool) -> None:
        key = tuple(np.flatnonzero(members).tolist())
        (self.shown if shown else self.hidden).setdefault(key, name)

    def note_size(self, members: Any, frame: pd.DataFrame, row: Mapping[str, Any], name: str) -> None:
        """How many half days were possible; by kind of absence they are the same."""
        places = np.unique(np.flatnonzero(members) // len(KINDS)) * len(KINDS)
        key = tuple(places.tolist())
        if pd.isna(row["half_days_possible"]):
            self.hidden_sizes[key] = f"{name} {self.there[:, places].any(axis=1).sum()} pupils"
        else:
            assert row["half_days_possible"] == self.limits[places].sum(), name
            self.shown_sizes.add(key)

    def sizes_told(self) -> list[str]:
        """The hidden possible half days that can be only one number beside all that are shown."""
        used = np.flatnonzero(self.limits > 0)
        used = used[used % len(KINDS) == 0]
        new = np.full(len(self.values), -1)
        new[used] = np.arange(len(used))
        hidden = list(self.hidden_sizes)
        found = reckoned(
            self.limits[used], np.full(len(used), 1000.0), [new[list(key)].tolist() for key in self.shown_sizes],
            [new[list(key)].tolist() for key in hidden],
        )  # fmt: skip
        return [self.hidden_sizes[hidden[one]] for one in found]

    def sensitive(self, key: tuple[int, ...]) -> bool:
        """Of fewer than ten pupils, or one to four half days."""
        first = sorted({one // len(KINDS) * len(KINDS) for one in key})
        return bool(0 < self.values[list(key)].sum() < 5 or self.there[:, first].any(axis=1).sum() < 10)

    def told(self) -> list[str]:
        """The hidden rows that can be only one number beside all that is shown; not the parts of a shown zero."""
        nothing = {one for key in self.shown if not self.values[list(key)].any() for one in key}
        hidden = [key for key in self.hidden if key not in self.shown and not nothing.issuperset(key)]
        both = [
            f"{'!! ' * self.sensitive(key)}{self.hidden[key]} is shown as {self.shown[key]}"
            for key in self.hidden
            if key in self.shown and not nothing.issuperset(key)
        ]
        used = np.flatnonzero(self.limits > 0)
        new = np.full(len(self.values), -1)
        new[used] = np.arange(len(used))
        found = reckoned(
            self.values[used], self.limits[used], [new[list(key)].tolist() for key in self.shown],
            [new[list(key)].tolist() for key in hidden], [(new[rows].tolist(), most) for rows, most in self.at_most],
        )  # fmt: skip
        return both + [
            f"{'!! ' * self.sensitive(hidden[one])}{self.hidden[hidden[one]]} = {self.values[list(hidden[one])].sum():.0f}"
            for one in found
        ]

    # -- the tables ------------------------------------------------------------------------------------------------

    def rate(self, by: Sequence[str], status: str | None = None, **where: Any) -> None:
        if status == "late":
            frame = self.absences.late(by, where=where)
            self.add(frame, by, status, where, f"late {by} {where}", count="late_half_days")
        else:
            self.add(self.absences.rate(by, status, where=where), by, status, where, f"rate {by} {status} {where}")

    def of_period(self, by: Sequence[str], status: str | None, period: tuple[date, date], **where: Any) -> None:
        """A table over some days only."""
        inside = [day for day in self.days if period[0] <= day <= period[1]]
        name = f"{status} {period[0]:%d/%m}-{period[1]:%d/%m} {by} {where}"
        if status == "late":
            frame, count = self.absences.late(by, where=where, period=period), "late_half_days"
        else:
            frame, count = self.absences.rate(by, status, where=where, period=period), "half_days_missed"
        self.add(frame, by, status, {**where, "date": inside}, name, count=count)

    @property
    def days(self) -> list[date]:
        """The class days, in order."""
        return sorted(set(self.columns["date"].tolist()))

    def small_sizes_told(self) -> list[str]:
        """Of ``sizes_told`` those of fewer than five pupils; others are only hidden beside them."""
        return [name for name in self.sizes_told() if int(name.split()[-2]) < 5]

    def sensitive_told(self) -> list[str]:
        """Of ``told`` what is sensitive; a sum over segments is no secret where those are not, only hidden with them."""
        return [name for name in self.told() if "!! " in name]

    def run_chart(self, status: str | None, by: Sequence[str] = (), **where: Any) -> None:
        frame = self.absences.run_chart(by, status, where=where)
        self.add(frame, (*by, "school_week"), status, where, f"run_chart {by} {status} {where}")
        for key, chart in frame.groupby(list(by)) if by else [((), frame)]:
            if chart["centre"].notna().any():
                weeks = chart["school_week"][chart["baseline"]].tolist()
                only = {**where, **dict(zip(by, key, strict=True)), "school_week": weeks}
                self.note(self.where(only, self.kinds((), status)), f"centre {by} {status} {only}", shown=True)

    def compare(self, status: str | None, by: Sequence[str] = (), **where: Any) -> None:
        frame = self.absences.compare(by, status, where=where)
        self.add(frame, (*by, "school_day"), status, where, f"compare {by} {status} {where}", until="school_day")

    def funnel(self, by: Sequence[str], status: str | None) -> None:
        frame = self.absences.funnel(by, status)
        self.add(frame, by, status, {}, f"funnel {by} {status}")
        if frame["all_rate"].notna().any():
            self.note(self.where({}, self.kinds((), status)), f"all of funnel {status}", shown=True)


WHOLE = ((), ("status",), ("code",), ("month",), ("week",), ("weekday", "half"), ("date",), ("school_week", "weekday"))


def fill(archive: Archive, chance: random.Random, share: float = 1.0) -> Archive:
    """*archive* with the figures of the whole school, of its groups, and cards of one group and of parts of the times.

    Only *share* of them, drawn by *chance*, as a school keeps some figures and not others.
    """
    grade = chance.choice(sorted(set(archive.facts.classes["grade"])))
    asked: list[Callable[[], None]] = []
    for status in (None, "unlawful"):
        asked += [partial(archive.rate, by, status) for by in WHOLE]
        asked += [partial(archive.rate, (group,), status) for group in GROUPS[1:]]
        asked += [partial(archive.rate, by, status, grade=grade) for by in (("week",), ("weekday", "half"))]
        asked += [partial(archive.funnel, ("class",), status), partial(archive.run_chart, status)]
        asked.append(partial(archive.compare, status))
    asked += [partial(archive.rate, by, "late") for by in ((), ("week",))]
    asked.append(partial(archive.rate, ("week",), "late", grade=grade))
    asked += [partial(archive.rate, by, None, grade=grade) for by in (("school_week", "weekday"), ("code",))]
    asked += [partial(archive.rate, by, None) for by in (("class", "week"), ("grade", "status"))]
    asked += [partial(archive.run_chart, None, grade=grade), partial(archive.compare, None, ("grade",))]
    for ask in asked:
        if chance.random() < share:
            ask()
    return archive


def random_periods(archive: Archive, chance: random.Random) -> list[tuple[date, date]]:
    """The periods of a few cards: since a start and just before it, starts a few days apart, up to an earlier day, any days."""
    days = archive.days
    found = []
    for _ in range(chance.choice([1, 1, 2, 3])):
        place = chance.randrange(len(days))
        found.append((days[place], days[-1]))
        if place:
            found.append((days[max(0, 2 * place - len(days))], days[place - 1]))
        if chance.random() < 0.3:
            found.append((days[min(place + chance.randint(1, 4), len(days) - 1)], days[-1]))
        if chance.random() < 0.3:
            found.append((days[0], chance.choice(days)))
        if chance.random() < 0.3:
            first, last = sorted((chance.choice(days), chance.choice(days)))
            found.append((first, last))
    return found


PARTS: tuple[tuple[str, ...], ...] = (
    (), ("class",), ("grade",), ("stream",), ("week",), ("month",), ("weekday", "half"),
)  # fmt: skip


def fill_periods(archive: Archive, periods: Sequence[tuple[date, date]], chance: random.Random, share: float) -> Archive:
    """*archive* with cards over some days, of the school, its groups and one of them, beside what else it holds."""
    grade = chance.choice(sorted(set(archive.facts.classes["grade"])))
    one = chance.choice(sorted(set(archive.facts.classes["class"])))
    asked: list[Callable[[], None]] = []
    for period in periods:
        for status in (None, "unlawful"):
            asked += [partial(archive.of_period, by, status, period) for by in PARTS]
            asked += [partial(archive.of_period, by, status, period, grade=grade) for by in ((), ("week",))]
            asked += [partial(archive.of_period, by, status, period, **{"class": one}) for by in ((), ("weekday",))]
        asked += [partial(archive.of_period, (by,), None, period) for by in ("status", "code")]
        asked += [partial(archive.of_period, by, "late", period) for by in ((), ("class",))]
    for ask in asked:
        if chance.random() < share:
            ask()
    return archive


def note_what_lies_between(archive: Archive, periods: Sequence[tuple[date, date]]) -> None:
    """What a reader could get by subtracting periods from one another and the year, as hidden rows where it is sensitive."""
    days = archive.days
    chosen = {frozenset(day for day in days if first <= day <= last) for first, last in periods} | {frozenset(days)}
    between = {one - other for one in chosen for other in chosen} | {one & other for one in chosen for other in chosen}
    groups: list[dict[str, Any]] = [{}]
    groups += [{name: value} for name in GROUPS[1:] for value in sorted(set(archive.columns[name].tolist()))]
    for inside in filter(None, between):
        for status in (None, "unlawful"):
            for where in groups:
                members = archive.where({**where, "date": sorted(inside)}, archive.kinds((), status))
                key = tuple(np.flatnonzero(members).tolist())
                if key and archive.sensitive(key):
                    archive.note(members, f"between {status} {min(inside):%d/%m}-{max(inside):%d/%m} {where}", shown=False)
