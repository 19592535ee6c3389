"""Which policy does what to which measure. What each policy is stands in ``stslib.absences.disclosure``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from stslib.absences.calendar import slots
from stslib.absences.counted import Asked
from stslib.absences.disclosure import (
    RECORD_COUNT,
    RECORD_RATE_MINIMUM,
    ROOM_MINIMUM,
    Policy,
    Record,
    protect_counts,
    protect_room,
    protect_shared,
    protect_thresholds,
    small_cells,
)
from stslib.absences.disclosure.counts import hide_beside, sums_of
from stslib.absences.disclosure.hiding import COUNTS, RATE, SIZES, hide, nullable
from stslib.absences.disclosure.segments import Segments
from stslib.absences.disclosure.times import SEGMENT
from stslib.absences.indicators.dimensions import DAY_DIMENSIONS, PUPIL_DIMENSIONS, SCHOOL
from stslib.errors import DatasetError
from stslib.model.absence import Status

if TYPE_CHECKING:
    import pandas as pd

    from stslib.absences.tables import SchoolYearFacts

Count = Callable[[Asked, Status | None], dict[str, list[Any]]]
"""What was asked and of which status -> numerators and denominators, unprotected."""

_ONE_SCHOOL = ("spells", "distribution", "compare", "run_chart", "funnel")
"""Measures that the ``shared`` policy has no rule for."""

_EVERYBODY = "everybody"
"""Stands in for the columns that set pupils apart, where they are all counted together."""

_OF = "_of_"
"""Begins the name of a column that says in which coarser group a group lies."""

_KNOWN_LENGTHS = 2
"""The first lengths of spells: half a day and one day, of which the half days are known."""

_OF_PUPILS = (
    "pupils_over", "pupils_near", "pupils_in_band", "spells", "all_spells", "missing_pupils", "half_days", "school_days",
    "pupils_for_half",
)  # fmt: skip
"""What the measures that count pupils and spells count."""

_LIMITS = ("centre", "limit_low", "limit_high", "overdispersion", "outside", "run_of_eight")


class Protection:
    """Hides what a policy hides in the answers about some half days; remembers what a record may show.

    Args:
        count: counts without any policy.
        facts: the school years.
        periods: those that will be asked for; a record decides them together.
    """

    def __init__(self, count: Count, facts: Sequence[SchoolYearFacts], periods: Sequence[tuple[date, date]] = ()) -> None:
        self._count = count
        self._facts = facts
        self._segments = Segments(facts, periods)
        self._records: dict[bool, Record] = {}
        self._outer_of: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, dict[tuple[Any, ...], Any]]] = {}

    def check(self, asked: Asked, policy: Policy) -> None:
        """Refuse a measure that *policy* has no rule for.

        Raises:
            DatasetError: names the measures that can be shared.
        """
        if policy == "shared" and asked.measure in _ONE_SCHOOL:
            raise DatasetError(
                "afscherming",
                "Deze maat is niet over scholen heen te delen.",
                "Kies rate, late, thresholds of bands, of tel één school.",
            )

    def rates(self, frame: pd.DataFrame, asked: Asked, policy: Policy, count: str = "half_days_missed") -> pd.DataFrame:
        """Rates by group, time and kind."""
        if policy == "room":
            return protect_room(frame)
        status = Status.LATE.value if asked.measure == "late" else asked.status
        if policy == "shared":
            return protect_shared(frame, asked.by, count=count, cells=self._cells(asked, status, count))
        counts, sizes = self._hidden(frame, asked.by, asked, status)
        frame = nullable(frame)
        hide(frame, counts, (*COUNTS, *RATE))
        hide(frame, sizes, SIZES)
        return frame

    def funnel(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Rates by group, with the limits that follow from the rate of all."""
        protected = self.rates(frame, asked, policy)
        limits = [name for name in map(str, frame.columns) if name.startswith(("low_", "high_"))]
        # Limits tell how large a group is, and the side of them that it lies on something of its rate.
        hide(protected, protected["pupils"].isna().tolist(), limits)
        protected.loc[protected["suppressed"], ["outside", "side"]] = ""
        if policy != "record":
            return protected
        whole, _ = self._hidden(frame.iloc[:1].assign(pupils=0), (), asked, asked.status)
        if any(whole):
            hide(protected, [True] * len(protected), ("all_rate", "overdispersion", *limits))
            protected.loc[:, ["outside", "side", "why_not"]] = ""
        return protected

    def weeks(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """A run chart: the rate of each week, and limits that follow from the weeks of the baseline."""
        hidden = [number < ROOM_MINIMUM for number in frame["pupils"].tolist()]
        if policy == "record":
            placed = frame.assign(week=[monday.isocalendar().week for monday in frame["monday"]])
            hidden, _ = self._hidden(placed, (*asked.by, "school_year", "week"), asked, asked.status)
        protected = nullable(frame)
        hide(protected, hidden, (*COUNTS, *SIZES, *RATE))
        charts = list(zip(*(frame[name].tolist() for name in asked.by), strict=True)) if asked.by else [()] * len(frame)
        # The centre is the rate over the baseline, so it would tell the one week of it that is hidden.
        told = {chart for chart, one, of in zip(charts, hidden, frame["baseline"].tolist(), strict=True) if one and of}
        without = [one or chart in told for chart, one in zip(charts, hidden, strict=True)]
        hide(protected, without, [name for name in _LIMITS if protected[name].dtype.kind in "fi"])
        protected.loc[without, ["outside", "why_not"]] = ""
        protected.loc[without, "run_of_eight"] = False
        return protected

    def years(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Years beside one another: sums from the first day on, so what a week hides every later sum would tell."""
        if policy == "room":
            possible = frame.assign(pupils=ROOM_MINIMUM)
            few = self._few(asked)
            key = list(zip(*(frame[name].tolist() for name in (*asked.by, "school_year")), strict=True))
            protected = nullable(possible).drop(columns="pupils")
            hide(protected, [one in few for one in key], (*COUNTS, *SIZES, *RATE))
            return protected
        weeks = self._weeks_of_days()
        at = list(zip(frame["school_year"].tolist(), frame["school_day"].tolist(), strict=True))
        placed = frame.assign(week=[weeks[day][0] if day in weeks else 0 for day in at], pupils=0)
        found, _ = self._hidden(placed, (*asked.by, "school_year", "week"), asked, asked.status)
        hidden, gone = [], set()
        rows = zip(*(frame[name].tolist() for name in (*asked.by, "school_year")), strict=True)
        for chart, day, one in zip(rows, at, found, strict=True):
            if one:
                gone.add(chart)
            hidden.append(chart in gone or day not in weeks or not (weeks[day][1] or self._days_shown(asked, chart, day)))
        protected = nullable(frame)
        hide(protected, hidden, (*COUNTS, *SIZES, *RATE))
        return protected

    def _days_shown(self, asked: Asked, chart: tuple[Any, ...], day: tuple[str, int]) -> bool:
        """Whether a sum up to *day* in the middle of a week is made of days that a record shows one by one."""
        import pandas as pd

        school_year, until = day
        week = self._weeks_of_days()[day][0]
        dates = {
            slot.date
            for year in self._facts
            for slot in slots(year.calendar, year.grid, year.free_days)
            if slot.possible and slot.school_year == school_year and slot.week == week and slot.school_day <= until
        }
        by = (*asked.by, "school_year", "date")
        days = pd.DataFrame([(*chart, one, 0) for one in sorted(dates)], columns=[*by, "pupils"])
        found, _ = self._hidden(days, by, asked, asked.status)
        return not any(found)

    def bands(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Pupils per band; the pupils of the group are shown beside, so no band alone is hidden, in the room neither."""
        by = list(asked.by)
        within = [by, *([*some, "band"] for some in self._coarser(asked))] if by else [by]
        derived = [name for name in RATE if name in frame.columns]
        protected = protect_counts(
            self._beside_coarser(frame, asked), ["pupils_in_band"], "shared" if policy == "shared" else "record",
            within=within, derived=derived,
        )[[*frame.columns, "suppressed"]]  # fmt: skip
        least = RECORD_RATE_MINIMUM if policy in ("record", "shared") else ROOM_MINIMUM
        few = [number < least for number in frame["pupils"].tolist()]
        hide(protected, few, ("pupils_in_band", "pupils", *derived))
        if policy != "shared" and asked.by:
            numbers = [int(number) for number in frame["pupils_in_band"].tolist()]
            small = [one or 0 < number < RECORD_COUNT for one, number in zip(few, numbers, strict=True)]
            beside = hide_beside(numbers, small, sums_of(self._beside_coarser(frame, asked), within))
            hide(protected, beside, ("pupils_in_band", *derived))
            whole = self._hidden_in_whole(frame, asked, "band", "pupils_in_band")
            hide(protected, self._of_whole(frame, asked, "band", whole), ("pupils_in_band", *derived))
        return protected

    def spells(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Spells by length; those that stand apart are in another row as well, and may not tell what is left of it."""
        apart = frame["apart"].tolist()
        more = ("half_days", "school_days")
        parts = self._beside_coarser(frame, asked)[[not one for one in apart]]
        numbers = [int(number) for number in parts["spells"].tolist()]
        least = ROOM_MINIMUM if policy == "room" else RECORD_RATE_MINIMUM
        small = [
            of < least or 0 < n < ROOM_MINIMUM or 0 < number < RECORD_COUNT
            for of, n, number in zip(parts["pupils"].tolist(), parts["missing_pupils"].tolist(), numbers, strict=True)
        ]
        within = [list(asked.by), *([*some, "length"] for some in self._coarser(asked))] if asked.by else [[]]
        hidden = dict(zip(parts.index, hide_beside(numbers, small, sums_of(parts, within)), strict=True))
        for row, one in zip(frame.index, apart, strict=True):
            if one:
                longest = row - 1
                rest = int(frame.loc[longest, "spells"]) - int(frame.loc[row, "spells"])
                few = 0 < int(frame.loc[row, "spells"]) < RECORD_COUNT
                hidden[row] = few or 0 < rest < RECORD_COUNT or bool(hidden.get(longest))
        pupils, missing = frame["pupils"].tolist(), frame["missing_pupils"].tolist()
        rows = [
            bool(hidden[row]) or of < least or 0 < n < ROOM_MINIMUM
            for row, of, n in zip(frame.index, pupils, missing, strict=True)
        ]
        whole = self._hidden_in_whole(frame[[not one for one in apart]], asked, "length", "spells")
        told = self._of_whole(frame, asked, "length", whole)
        told = [one or (beside and told[row - 1]) for row, (one, beside) in enumerate(zip(told, apart, strict=True))]
        rows = [one or other for one, other in zip(rows, told, strict=True)]
        protected = nullable(frame)
        if policy == "record":
            rows, told = self._with_half_days(frame, asked, rows)
            hide(protected, told, more)
        hide(protected, rows, ("spells", "missing_pupils", *more))
        hide(protected, [of < least for of in pupils], ("pupils", "all_spells"))
        few_at_all = [0 < total < RECORD_COUNT for total in frame["all_spells"].tolist()]
        hide(protected, few_at_all, ("all_spells", "spells", "missing_pupils", *more))
        return protected

    @staticmethod
    def _with_half_days(frame: pd.DataFrame, asked: Asked, hidden: Sequence[bool]) -> tuple[list[bool], list[bool]]:
        """Rows that hide their spells, and rows that hide half days and school days with them.

        All half days of a group stand in its rate, and a spell of half a day or of one day has a known number of them. So where
        a length is hidden, no length tells its half days; and spells of several days, whose half days then stay open, must be
        more than a few, or nothing is shown.
        """
        keys = list(zip(*(frame[name].tolist() for name in asked.by), strict=True)) if asked.by else [()] * len(frame)
        apart, numbers = frame["apart"].tolist(), frame["spells"].tolist()
        places: dict[tuple[Any, ...], list[int]] = {}
        for row, key in enumerate(keys):
            places.setdefault(key, []).append(row)
        rows, told = list(hidden), list(hidden)
        for of_group in places.values():
            lengths = [row for row in of_group if not apart[row]]
            if not any(hidden[row] for row in of_group):
                continue
            slack = sum(int(numbers[row]) for row in lengths[_KNOWN_LENGTHS:] if not hidden[row])
            for row in of_group:
                told[row] = True
                rows[row] = rows[row] or slack < RECORD_COUNT
        return rows, told

    def distribution(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Who carries how much: of groups that may show their half days, and never how few pupils carry half."""
        least = ROOM_MINIMUM if policy == "room" else RECORD_RATE_MINIMUM
        pupils, missing = frame["pupils"].tolist(), frame["missing_pupils"].tolist()
        hidden = [of < least or 0 < n < least for of, n in zip(pupils, missing, strict=True)]
        if policy == "record":
            counts, _ = self._hidden(frame, asked.by, asked, asked.status)
            hidden = [one or other for one, other in zip(hidden, counts, strict=True)]
            hidden = self._with_others(frame, asked, missing, hidden)
        protected = nullable(frame)
        shares = [name for name in frame.columns if name.startswith("share_") and name != "share_of_pupils"]
        hide(protected, hidden, ("half_days_missed", "missing_pupils", "pupils_for_half", *shares))
        few = frame["pupils_for_half"].between(1, ROOM_MINIMUM - 1).fillna(False).tolist()
        hide(protected, few, ("pupils_for_half",))
        hide(protected, [of < ROOM_MINIMUM for of in pupils], ("pupils",))
        return protected

    def thresholds(self, frame: pd.DataFrame, asked: Asked, policy: Policy) -> pd.DataFrame:
        """Pupils over each rule and near it."""
        if policy == "shared" and len(frame):
            frame = frame.assign(schools=len({year.school for year in self._facts}))
        if not len(frame):
            return frame.drop(columns="_family")
        within = [(*some, "school_year", "threshold") for some in self._coarser(asked)]
        kept = [name for name in frame.columns if name not in ("_family", "schools")]
        protected = protect_thresholds(self._beside_coarser(frame, asked), policy, asked.by, within=within)
        return protected[[*kept, *(["suppressed"] if "suppressed" in protected.columns else [])]]

    @staticmethod
    def hide_all(frame: pd.DataFrame) -> pd.DataFrame:
        """*frame* without any number that was counted; what its rows are about stays."""
        protected = nullable(frame)
        shares = [name for name in map(str, frame.columns) if name.startswith("share_") and name != "share_of_pupils"]
        hide(protected, [True] * len(frame), (*_OF_PUPILS, *COUNTS, *RATE, *SIZES, *shares))
        return protected

    def _with_others(self, frame: pd.DataFrame, asked: Asked, pupils: Sequence[int], hidden: Sequence[bool]) -> list[bool]:
        """*hidden*, and the groups that must hide so that the *pupils* of those do not follow; a group has several rows."""
        if not asked.by:
            return list(hidden)
        keys = list(zip(*(frame[name].tolist() for name in asked.by), strict=True))
        first = {key: row for row, key in reversed(list(enumerate(keys)))}
        rows = sorted(first.values())
        sums = sums_of(self._beside_coarser(frame, asked).iloc[rows], self._coarser(asked))
        found = hide_beside([int(pupils[row]) for row in rows], [hidden[row] for row in rows], sums)
        gone = {keys[row] for row, one in zip(rows, found, strict=True) if one}
        return [key in gone for key in keys]

    # -- sums that other tables show -----------------------------------------------------------------------------------

    def _coarser(self, asked: Asked) -> list[tuple[str, ...]]:
        """The columns of the coarser tables of a measure, as ``_beside_coarser`` names them: of everybody, and by one."""
        known = [_OF + name for name in self._outer(asked)]
        years = ("school_year",) if "school_year" in asked.by else ()
        chosen: list[tuple[str, ...]] = [(), *((name,) for name in known)]
        own = [some for size in range(1, len(asked.by)) for some in combinations(asked.by, size) if some != years]
        return [*((*some, *years) for some in chosen), *own]

    def _beside_coarser(self, frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
        """*frame* with a column for every coarser group that its groups lie in."""
        outer = self._outer(asked)
        groups = [name for name in asked.by if name in PUPIL_DIMENSIONS]
        keys = list(zip(*(frame[name].tolist() for name in groups), strict=True)) if groups else [()] * len(frame)
        return frame.assign(**{_OF + name: [found.get(key, "") for key in keys] for name, found in outer.items()})

    def _outer(self, asked: Asked) -> dict[str, dict[tuple[Any, ...], Any]]:
        """Column -> group -> the one coarser group of that column that it lies in; counted once for each kind of group."""
        groups = tuple(name for name in asked.by if name in PUPIL_DIMENSIONS)
        if not groups or SCHOOL in asked.by:
            return {}
        key = (groups, asked.school_years)
        if key not in self._outer_of:
            self._outer_of[key] = self._find_outer(*key)
        return self._outer_of[key]

    def _find_outer(self, groups: tuple[str, ...], school_years: tuple[str, ...]) -> dict[str, dict[tuple[Any, ...], Any]]:
        counted = self._count(Asked("rate", PUPIL_DIMENSIONS, school_years=school_years), None)
        keys = list(zip(*(counted[name] for name in groups), strict=True))
        found: dict[str, dict[tuple[Any, ...], Any]] = {}
        for name in PUPIL_DIMENSIONS:
            lies = dict(zip(keys, counted[name], strict=True))
            one = all(lies[key] == value for key, value in zip(keys, counted[name], strict=True))
            if name not in groups and one and len(set(lies.values())) > 1:
                found[name] = lies
        return found

    # -- inside ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _hidden_in_whole(frame: pd.DataFrame, asked: Asked, label: str, count: str) -> set[tuple[Any, ...]]:
        """Which lengths or bands the table of all groups together hides: no table by groups may add up to them."""
        if not asked.by:
            return set()
        years = [name for name in asked.by if name == "school_year"]
        totals: dict[tuple[Any, ...], dict[Any, int]] = {}
        for *year, name, number in frame[[*years, label, count]].itertuples(index=False, name=None):
            of_year = totals.setdefault(tuple(year), {})
            of_year[name] = of_year.get(name, 0) + int(number)
        found: set[tuple[Any, ...]] = set()
        for key, counts in totals.items():
            numbers = list(counts.values())
            small = [0 < number < RECORD_COUNT for number in numbers]
            hidden = hide_beside(numbers, small, [list(range(len(numbers)))])
            found |= {(*key, name) for name, one in zip(counts, hidden, strict=True) if one}
        return found

    @staticmethod
    def _of_whole(frame: pd.DataFrame, asked: Asked, label: str, hidden: set[tuple[Any, ...]]) -> list[bool]:
        years = [name for name in asked.by if name == "school_year"]
        return [key in hidden for key in frame[[*years, label]].itertuples(index=False, name=None)]

    def _hidden(
        self, frame: pd.DataFrame, by: Sequence[str], asked: Asked, status: str | None
    ) -> tuple[list[bool], list[bool]]:
        """Which rows a record hides, and of which also how many pupils there are; days are looked up as weekdays of weeks."""
        if SCHOOL in by or any(name == SCHOOL for name, _ in asked.where):
            return [True] * len(frame), [True] * len(frame)
        if {"school_week", "school_day"} & set(by) and "school_year" not in by and len(asked.school_years) > 1:
            return [True] * len(frame), [True] * len(frame)  # the same number is another week in another year
        placed, columns = self._by_week(frame, by, asked.school_years[-1])
        groups = {*columns, *(name for name, _ in asked.where)} & set(PUPIL_DIMENSIONS)
        parts = {year: self._segments.part(year, asked.period) for year in asked.school_years}
        chosen = {year: part for year, part in parts.items() if part is not None}
        more: dict[str, Any] = {"status": status, "school_years": list(chosen), "where": asked.where, "parts": chosen}
        return self._record(PUPIL_DIMENSIONS if groups else ()).hidden(placed, columns, **more)

    def _record(self, columns: tuple[str, ...]) -> Record:
        """The record of *columns* that set pupils apart, or of all pupils together."""
        if bool(columns) not in self._records:
            whole = self._record(()) if columns else None
            self._records[bool(columns)] = Record(self._ask, columns or (_EVERYBODY,), whole, self._segments.cut())
        return self._records[bool(columns)]

    def _ask(self, by: tuple[str, ...], measure: str, school_year: str) -> Mapping[str, Sequence[Any]]:
        status = Status.LATE if measure == "late" else None
        columns = tuple(name for name in by if name not in (_EVERYBODY, SEGMENT))
        found: dict[str, list[Any]] = {}
        for number, period in enumerate(self._segments.of(school_year) if SEGMENT in by else [None]):
            counted = self._count(Asked("rate", columns, school_years=(school_year,), period=period), status)
            rows = len(counted["pupils"])
            for name, values in {**counted, _EVERYBODY: [""] * rows, SEGMENT: [number] * rows}.items():
                found.setdefault(name, []).extend(values)
        return found

    def _by_week(self, frame: pd.DataFrame, by: Sequence[str], only: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """*frame* with the week of the year, and the weekday, of its days; *only* is the year where it names none."""
        if not set(by) & set(DAY_DIMENSIONS):
            return frame, tuple(by)
        rest = [name for name in by if name not in (*DAY_DIMENSIONS, "week", "weekday")]
        known: dict[tuple[str, Any], tuple[str, int, int]] = {}
        for facts in self._facts:
            for slot in slots(facts.calendar, facts.grid, facts.free_days):
                place = (slot.school_year, slot.week, slot.weekday)
                known[("date", slot.date)] = place
                known.setdefault((f"school_week {slot.school_year}", slot.school_week), place)
                known.setdefault((f"school_day {slot.school_year}", slot.school_day), place)
        weeks, weekdays, years = [], [], []
        for row in range(len(frame)):
            year = frame["school_year"].iloc[row] if "school_year" in by else only
            name = next(name for name in ("date", "school_day", "school_week") if name in by)
            value = frame[name].iloc[row]
            found = known["date", value] if name == "date" else known[f"{name} {year}", int(value)]
            years.append(found[0])
            weeks.append(found[1])
            weekdays.append(frame["weekday"].iloc[row] if "weekday" in by else found[2])
        by_day = bool({"date", "school_day", "weekday"} & set(by))
        placed = frame.assign(school_year=years, week=weeks, **({"weekday": weekdays} if by_day else {}))
        columns = [name for name in rest if name != "school_year"]
        return placed, (*columns, "school_year", "week", *(("weekday",) if by_day else ()))

    def _cells(self, asked: Asked, status: str | None, count: str) -> pd.DataFrame:
        """The small cells of a shared table, each with how many schools are in it and how much of it the largest has."""
        import pandas as pd

        cells = small_cells(asked.by)
        per_school = self._count(replace(asked, by=tuple(dict.fromkeys((*cells, SCHOOL)))), Status(status) if status else None)
        frame = pd.DataFrame(per_school).rename(columns={"half_days_missed": count, "missing_pupils": "late_pupils"})
        numbers = [count, "late_pupils", "half_days_possible", "pupils"]
        if not cells:
            frame, cells = frame.assign(_all=0), ("_all",)
        grouped = frame.groupby(list(cells), sort=False)
        found = grouped[numbers].sum()
        found["schools"] = grouped[SCHOOL].nunique()
        found["largest_share"] = grouped[count].max() / found[count].where(found[count] > 0)
        return found.reset_index()

    def _few(self, asked: Asked) -> set[tuple[Any, ...]]:
        """Groups and years of fewer than five pupils."""
        by = (*asked.by, "school_year")
        found = self._count(replace(asked, measure="rate", by=by), None)
        keys = zip(*(found[name] for name in by), strict=True)
        return {key for key, pupils in zip(keys, found["pupils"], strict=True) if pupils < ROOM_MINIMUM}

    def _weeks_of_days(self) -> dict[tuple[str, int], tuple[int, bool]]:
        """School year and class day -> its ISO week, and whether it is the last class day of it that is covered."""
        found: dict[tuple[str, int], tuple[int, bool]] = {}
        for year in self._facts:
            days = {
                slot.school_day: slot.week
                for slot in slots(year.calendar, year.grid, year.free_days)
                if slot.possible and year.first <= slot.date <= year.last
            }
            for day, week in days.items():
                found[year.school_year, day] = (week, days.get(day + 1) != week)
        return found
