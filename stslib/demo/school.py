"""A made-up secondary school: classes, pupils and their enrolments over two school years.

Nothing here is about anybody: sizes, names and dates come from a seeded generator.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from stslib.demo.names import FIRST_NAMES, SURNAMES
from stslib.model.absence import SchoolYearCalendar

DEMO_SCHOOL = "Campus De Zwaluw (voorbeeld)"

GRADES = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 3}
"""Year -> grade (graad)."""

STREAM_NAMES = {
    "A": "A-stroom",
    "B": "B-stroom",
    "DO": "doorstroomfinaliteit",
    "DD": "dubbele finaliteit",
    "AB": "arbeidsmarktgerichte finaliteit",
}
"""Short mark in a class name -> what the class file says."""

# (year, stream) -> number of classes and pupils in each at the start of the first school year.
_CLASSES: dict[tuple[int, str], tuple[int, int]] = {
    (1, "A"): (5, 22), (1, "B"): (3, 14),
    (2, "A"): (5, 21), (2, "B"): (3, 14),
    (3, "DO"): (2, 22), (3, "DD"): (2, 19), (3, "AB"): (3, 15),
    (4, "DO"): (2, 21), (4, "DD"): (2, 19), (4, "AB"): (3, 14),
    (5, "DO"): (2, 20), (5, "DD"): (2, 17), (5, "AB"): (3, 14),
    (6, "DO"): (2, 19), (6, "DD"): (2, 16), (6, "AB"): (3, 13),
    (7, "AB"): (1, 14),
}  # fmt: skip

# Where pupils of a stream go on to, with the chance of each.
_NEXT: dict[tuple[int, str], tuple[tuple[str, float], ...]] = {
    (1, "A"): (("A", 0.95), ("B", 0.05)),
    (1, "B"): (("B", 0.92), ("A", 0.08)),
    (2, "A"): (("DO", 0.45), ("DD", 0.39), ("AB", 0.16)),
    (2, "B"): (("AB", 0.88), ("DD", 0.12)),
}


@dataclass(frozen=True)
class SchoolClass:
    """One class of one school year, as the class file has it."""

    name: str
    grade: int
    year: int
    stream: str
    """Short mark: A, B, DO, DD or AB."""


@dataclass(frozen=True)
class Stay:
    """A pupil in a class from one day to another, both inclusive."""

    class_name: str
    first: date
    last: date


@dataclass
class Pupil:
    """One generated pupil, with what makes its absences different from a classmate's (1 is average)."""

    number: str
    first_name: str
    surname: str
    born: date
    illness: float
    truancy: float
    lateness: float
    pattern: str = ""
    """``long_illness`` or ``refusal`` for the few pupils whose year looks unlike the others', else empty."""
    left: bool = False
    """Gone to another school in the middle of a year."""
    stays: dict[str, tuple[Stay, ...]] = field(default_factory=dict)
    """School year -> stays in order; a pupil that is elsewhere that year has none."""


_Seats = dict[tuple[int, str], list[Pupil]]
"""(year, stream) -> the pupils in it."""


@dataclass(frozen=True)
class School:
    """Everybody who was enrolled in one of the school years."""

    name: str
    calendars: tuple[SchoolYearCalendar, ...]
    classes: dict[str, tuple[SchoolClass, ...]]
    pupils: tuple[Pupil, ...]

    def enrolled(self, school_year: str) -> list[Pupil]:
        """The pupils with a stay in *school_year*, by number."""
        return [pupil for pupil in self.pupils if school_year in pupil.stays]

    def class_named(self, school_year: str, name: str) -> SchoolClass:
        """The class of that name in that year."""
        return next(one for one in self.classes[school_year] if one.name == name)


def class_days(calendar: SchoolYearCalendar) -> list[date]:
    """Every weekday of the school year that is no holiday."""
    span = (calendar.last_day - calendar.first_day).days + 1
    days = (calendar.first_day + timedelta(days=n) for n in range(span))
    return [day for day in days if day.weekday() < 5 and not any(p.first <= day <= p.last for p in calendar.holidays)]


def make_school(rng: random.Random, calendars: Sequence[SchoolYearCalendar], *, size: float = 1.0) -> School:
    """A school over consecutive years: pupils move up, repeat, change stream, leave and arrive.

    Args:
        rng: where all chance comes from; the same seed gives the same school.
        calendars: the school years, in order.
        size: 1 is about 800 pupils a year; a test may ask for less.
    """
    maker = _PupilMaker(rng)
    seats: _Seats = {}
    classes: dict[str, tuple[SchoolClass, ...]] = {}
    for index, calendar in enumerate(calendars):
        seats = _move_up(rng, seats) if index else {}
        for (year, stream), (count, each) in _CLASSES.items():
            group = seats.setdefault((year, stream), [])
            while len(group) < max(count, round(count * each * size)):
                group.append(maker.make(year, calendar))
        classes[calendar.school_year] = tuple(
            SchoolClass(f"{year}{stream}{n + 1}", GRADES[year], year, stream)
            for (year, stream), (count, _) in _CLASSES.items()
            for n in range(count)
        )
        _seat(rng, calendar, seats, maker)
    return School(DEMO_SCHOOL, tuple(calendars), classes, tuple(maker.made))


class _PupilMaker:
    """Makes pupils with numbers that no other pupil has."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.made: list[Pupil] = []
        self._numbers: set[str] = set()

    def make(self, year: int, calendar: SchoolYearCalendar) -> Pupil:
        rng = self.rng
        entered = calendar.first_day.year - (year - 1)
        number = f"{entered}{rng.randrange(10**6):06d}"
        while number in self._numbers:
            number = f"{entered}{rng.randrange(10**6):06d}"
        self._numbers.add(number)
        birth_year = calendar.first_day.year - 11 - year - (rng.random() < 0.14)
        born = date(birth_year, 1, 1) + timedelta(days=rng.randrange(365))
        pupil = Pupil(
            number,
            rng.choice(FIRST_NAMES),
            rng.choice(SURNAMES),
            born,
            illness=rng.gammavariate(1.6, 1 / 1.6),
            truancy=_truancy(rng),
            lateness=rng.gammavariate(0.55, 1 / 0.55),
        )
        self.made.append(pupil)
        return pupil


def _truancy(rng: random.Random) -> float:
    """Most pupils hardly ever, some now and then, a few often: a long tail."""
    kind = rng.random()
    if kind < 0.70:
        return 0.03
    if kind < 0.92:
        return min(rng.lognormvariate(-1.0, 0.7), 3.0)
    return min(rng.lognormvariate(1.45, 0.75), 22.0)


def _pick(rng: random.Random, options: Sequence[tuple[str, float]]) -> str:
    names, weights = zip(*options, strict=True)
    return str(rng.choices(names, weights)[0])


def _move_up(rng: random.Random, seats: _Seats) -> _Seats:
    """Who sits where the year after: most go on, some repeat, some go to another stream or another school."""
    after: _Seats = {}
    for (year, stream), group in seats.items():
        for pupil in group:
            chance = rng.random()
            if chance < 0.06 or pupil.left:
                continue
            if chance < 0.10:
                after.setdefault((year, stream), []).append(pupil)
            elif year == 7 or (year == 6 and (stream != "AB" or rng.random() < 0.62)):
                continue
            else:
                options = (
                    _NEXT.get((year, stream))
                    or {
                        "DO": (("DO", 0.9), ("DD", 0.1)),
                        "DD": (("DD", 0.88), ("AB", 0.12)),
                        "AB": (("AB", 1.0),),
                    }[stream]
                )
                after.setdefault((year + 1, _pick(rng, options)), []).append(pupil)
    return after


def _seat(
    rng: random.Random, calendar: SchoolYearCalendar, seats: dict[tuple[int, str], list[Pupil]], maker: _PupilMaker
) -> None:
    """Spread each group over its classes, with late entries, leavers and changes of class."""
    days = class_days(calendar)
    late_entries = []
    for (year, stream), group in list(seats.items()):
        count = _CLASSES[year, stream][0]
        rng.shuffle(group)
        for place, pupil in enumerate(group):
            pupil.pattern = _pattern(rng, year)
            name = f"{year}{stream}{place % count + 1}"
            chance = rng.random()
            if chance < 0.030:
                pupil.stays[calendar.school_year] = (Stay(name, calendar.first_day, rng.choice(days[25:150])),)
                pupil.left = True
            elif chance < 0.045 and _changed(name, count, stream):
                move = rng.choice(days[15:90])
                pupil.stays[calendar.school_year] = (
                    Stay(name, calendar.first_day, move - timedelta(days=1)),
                    Stay(_changed(name, count, stream), move, calendar.last_day),
                )
            else:
                pupil.stays[calendar.school_year] = (Stay(name, calendar.first_day, calendar.last_day),)
        late_entries += [(year, stream) for _ in group if rng.random() < 0.032]
    for year, stream in late_entries:
        pupil = maker.make(year, calendar)
        pupil.pattern = _pattern(rng, year)
        name = f"{year}{stream}{rng.randrange(_CLASSES[year, stream][0]) + 1}"
        pupil.stays[calendar.school_year] = (Stay(name, rng.choice(days[4:110]), calendar.last_day),)
        seats[year, stream].append(pupil)


def _changed(name: str, count: int, stream: str) -> str:
    """The class a pupil changes to in the middle of a year: a parallel one, or the next finality; empty: there is none."""
    year, place = name[0], int(name[-1])
    if stream == "DO":
        return f"{year}DD{place}"
    return f"{year}{stream}{place % count + 1}" if count > 1 else ""


def _pattern(rng: random.Random, year: int) -> str:
    chance = rng.random()
    if chance < 0.009:
        return "long_illness"
    if chance < 0.009 + (0.009 if 2 <= year <= 5 else 0.004):
        return "refusal"
    return ""
