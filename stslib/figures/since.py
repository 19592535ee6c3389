"""The chosen figure since the plan began: the same measure of the same group over two stretches of class days, and the weeks.

The difference is called a difference. What it comes from, no figure tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import fill
from typing import TYPE_CHECKING, Any

from stslib.charts.bars import Bar, draw_bars
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.school_year import Holiday
from stslib.charts.style import ALERT, INK, SURFACE
from stslib.errors import DatasetError
from stslib.figures.cards import finish
from stslib.figures.definitions.drawn import OF_POSSIBLE, Drawn, alt_text, holidays_of, too_small, untold, what_is_counted
from stslib.figures.definitions.weeks import weeks_of
from stslib.figures.frames import Frames, Policy, Rate, rates_of
from stslib.figures.groups import SCHOOL, Group, Part, check_group
from stslib.figures.pins import MEASURES, SINCE, define
from stslib.figures.reach import beside, of_a_group
from stslib.figures.wording import LATE_COLUMNS, RATE_COLUMNS, cells, percent, week_monday, week_span
from stslib.model.figure import Explanation, FigureCard
from stslib.text import format_date, format_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stslib.absences.analysis import Absences

FEWEST_DAYS = 10
"""Class days on either side of the start, two school weeks: fewer say nothing of a course."""

A_YEAR = timedelta(days=364)
"""Back to the same weekday, a year earlier."""

_SENTENCES = {
    "rate": "is sinds de start van het plan ({day}) {rate} van de mogelijke halve dagen gemist",
    "rate_unlawful": "is sinds de start van het plan ({day}) {rate} van de mogelijke halve dagen ongewettigd gemist",
    "rate_lawful": "is sinds de start van het plan ({day}) {rate} van de mogelijke halve dagen gewettigd gemist",
    "late": "kwamen leerlingen sinds de start van het plan ({day}) op {rate} van de mogelijke halve dagen te laat",
}
_WHAT = {
    "rate": "gemiste halve dagen",
    "rate_unlawful": "ongewettigde halve dagen",
    "rate_lawful": "gewettigde halve dagen",
    "late": "keren te laat",
}


@dataclass(frozen=True)
class _Day:
    """One class day of the group; counted, and not to be shown by itself."""

    day: date
    school_year: str
    week: str
    missed: int


@dataclass(frozen=True)
class _Stretch:
    """Class days that follow each other, with the rate over all of them."""

    name: str
    days: tuple[_Day, ...]
    rate: Rate

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def dates(self) -> str:
        return f"{format_date(self.first)} – {format_date(self.last)}, {len(self.days)} lesdagen"


def since(
    absences: Absences, measure: str, dimension: str, value: str, start: date, *, policy: Policy, today: date
) -> FigureCard:
    """One measure of one group before and since *start*, by week and over both stretches.

    Since: the class days from *start* to the last day of the exports. Before: as many class days just before it, within the
    same school year; where that year had too few, the same days a year earlier. A class is followed within one school year:
    in the next one its pupils are others.

    Args:
        absences: one school's stored half days.
        measure: ``rate``, ``rate_unlawful``, ``rate_lawful`` or ``late``.
        dimension: ``school``, ``grade``, ``year``, ``stream`` or ``class``.
        value: the group within it.
        start: the first day of the plan; a day without class is fine.
        policy: the disclosure policy of every number.
        today: the day on the card.

    Returns:
        A card; "Niet te bepalen" and why, without a number, where the half days cannot tell.

    Raises:
        DatasetError: an unknown measure or dimension.
    """
    if measure not in MEASURES:
        raise DatasetError("cijfers", f"Onbekende maat: {measure}.", f"Kies uit: {', '.join(MEASURES)}.")
    group = check_group(dimension, value)
    definition = define(SINCE, measure=measure, policy=policy, dimension=group.dimension, value=group.value, start=start)
    if policy == "record" and absences.periods is None:
        absences = absences.with_periods(periods_of(absences, measure, dimension, value, start))
    return finish(_Course(absences, measure, group, start, policy).draw(), definition, policy=policy, today=today)


def periods_of(absences: Absences, measure: str, dimension: str, value: str, start: date) -> list[tuple[date, date]]:
    """The periods that ``since`` counts, as first and last day; a record wants to know them beforehand.

    Raises:
        DatasetError: as for ``since``.
    """
    if measure not in MEASURES:
        raise DatasetError("cijfers", f"Onbekende maat: {measure}.", f"Kies uit: {', '.join(MEASURES)}.")
    return _Course(absences, measure, check_group(dimension, value), start, "none").periods()


class _Course:
    """One answer to ``since``, step by step."""

    def __init__(self, absences: Absences, measure: str, group: Group, start: date, policy: Policy) -> None:
        self.absences = absences
        self.measure = measure
        self.group = group
        self.start = start
        self.policy = policy
        self.status = MEASURES[measure]
        self.late = measure == "late"
        self.part = Part.of_group(absences, group)
        self.days = self._count_days()

    def draw(self) -> Drawn:
        explained = self._explained(self.absences.school_years[-1:])
        day = format_date(self.start)
        if not self.days:
            return untold(f"Niet te bepalen: er zijn geen cijfers over {self.group.named}.", explained)
        after = [one for one in self.days if one.day >= self.start and self._same_pupils(one)]
        if not after:
            last = format_date(self.days[-1].day)
            return untold(f"Niet te bepalen: de cijfers gaan tot {last}, de start van het plan is {day}.", explained)
        if len(after) < FEWEST_DAYS:
            days = "één lesdag" if len(after) == 1 else f"{len(after)} lesdagen"
            return untold(
                f"Niet te bepalen: sinds de start van het plan ({day}) zijn er cijfers over {days}; "
                f"het moeten er minstens {FEWEST_DAYS} zijn.",
                explained,
            )
        if len(self._windows(after)) < 2:
            return untold(
                f"Niet te bepalen: van voor de start van het plan ({day}) zijn er in dat schooljaar te weinig cijfers om naast "
                "te leggen.",
                explained,
            )
        stretches = [_Stretch(name, tuple(days), self._rate(days)) for name, days in self._windows(after).items()]
        since_start, compared = stretches[0], stretches[1]
        if since_start.rate.rate is None or compared.rate.rate is None:
            return untold(f"Niet te bepalen. {too_small(self.group)}", explained)
        stretches = [one for one in stretches if one.rate.rate is not None]
        years = sorted({day.school_year for one in stretches for day in one.days})
        return self._drawn(since_start, compared, stretches, self._explained(years))

    def periods(self) -> list[tuple[date, date]]:
        """First and last day of every stretch that would be counted, whatever may be shown of it."""
        after = [one for one in self.days if one.day >= self.start and self._same_pupils(one)]
        windows = self._windows(after) if len(after) >= FEWEST_DAYS else {}
        return [(days[0].day, days[-1].day) for days in windows.values()]

    def _windows(self, after: Sequence[_Day]) -> dict[str, Sequence[_Day]]:
        """The stretches by name: since the start first, then what it is compared with; without days too few to compare."""
        before = self._before(len(after))
        windows = {
            "Sinds de start": after,
            "Voor de start": before if len(before) >= FEWEST_DAYS else [],
            "Een jaar eerder": self._year_earlier(after),
        }
        return {name: days for name, days in windows.items() if days}

    def _explained(self, school_years: Sequence[str]) -> tuple[Explanation, ...]:
        lines = self.absences.explain(
            self.group.by, None if self.late else self.status, self.policy, measure="late" if self.late else "rate",
            school_years=school_years,
        )  # fmt: skip
        return of_a_group(lines)

    # -- days ------------------------------------------------------------------------------------------------------

    def _count_days(self) -> list[_Day]:
        """Every class day of the group that the exports cover, oldest first."""
        if self.part is None:
            return []
        by = ["school_year", "week", "weekday"]
        days = []
        for rate in self._asked(self.part, by, "none", None):
            school_year, week, weekday = rate.key
            day = week_monday(school_year, week) + timedelta(days=int(weekday) - 1)
            days.append(_Day(day, school_year, week, rate.missed or 0))
        return sorted(days, key=lambda one: one.day)

    def _asked(
        self, absences: Absences, by: Sequence[str], policy: Policy, years: Sequence[str] | None, **part: Any
    ) -> list[Rate]:
        if self.late:
            return list(rates_of(absences.late(by, policy, school_years=years, **part), by, "late_half_days"))
        return list(rates_of(absences.rate(by, self.status, policy, school_years=years, **part), by))

    @property
    def _start_year(self) -> str:
        """The school year of the start; a start in the summer belongs to the year that comes."""
        year = self.start.year - (self.start.month < 7)
        return f"{year}-{year + 1}"

    def _same_pupils(self, one: _Day) -> bool:
        return self.group.dimension != "class" or one.school_year == self._start_year

    def _before(self, number: int) -> list[_Day]:
        """At most *number* class days before the start, in the same school year."""
        found = [one for one in self.days if one.day < self.start and one.school_year == self._start_year]
        return found[-number:]

    def _year_earlier(self, after: Sequence[_Day]) -> list[_Day]:
        """The same stretch a year earlier, where the exports cover it; not of a class, whose pupils were others."""
        first, last = after[0].day - A_YEAR, after[-1].day - A_YEAR
        if self.group.dimension == "class" or last >= self.start:
            return []
        found = [one for one in self.days if first <= one.day <= last]
        return found if len(found) >= max(FEWEST_DAYS, 0.8 * len(after)) else []

    # -- what may be shown -----------------------------------------------------------------------------------------

    def _rate(self, days: Sequence[_Day]) -> Rate:
        """The rate over *days* under the policy: of the group as a whole, and as large enough in each school year.

        A record decides all groups and periods of the half days together, so there the whole of those is asked.
        """
        hidden = Rate((), None, None, None, None, None, None)
        years = tuple(dict.fromkeys(one.school_year for one in days))
        if self.policy == "record":
            period = (days[0].day, days[-1].day)
            found = self._asked(self.absences, (), self.policy, years, where=self._where, period=period)
            return found[0] if found else hidden
        part = Part.of_days(self.absences, days[0].day, days[-1].day)
        status = "late" if self.late else self.status or "all"
        if part is None:
            return hidden
        for year in [[year] for year in years] if len(years) > 1 else []:
            one = beside(part, self.group, status, self.policy, year)
            if one is None or not one.shown:
                return hidden
        numbers = beside(part, self.group, status, self.policy, years)
        return numbers.inside if numbers is not None and numbers.shown else hidden

    @property
    def _where(self) -> dict[str, str]:
        return {} if self.group.dimension == SCHOOL else {self.group.dimension: self.group.value}

    # -- words and picture -----------------------------------------------------------------------------------------

    def _drawn(
        self, after: _Stretch, compared: _Stretch, stretches: Sequence[_Stretch], explained: tuple[Explanation, ...]
    ) -> Drawn:
        difference = (after.rate.rate or 0.0) - (compared.rate.rate or 0.0)
        points = _points(difference, after.rate, compared.rate)
        said = _SENTENCES[self.measure].format(day=format_date(self.start), rate=percent(after.rate.rate))
        title = f"In {self.group.named} {said}; "
        if compared.name == "Voor de start":
            title += f"in de {len(compared.days)} lesdagen ervoor was dat {percent(compared.rate.rate)}"
        else:
            title += f"een jaar eerder was dat in dezelfde weken {percent(compared.rate.rate)}"
        if after.rate.differs_from(compared.rate):
            title += f", een verschil van {points}."
        else:
            title += f", een verschil ({points}) dat binnen de onzekerheid valt."
        weeks = self._shown_weeks(stretches)
        columns = ("Periode", "Dagen", *(LATE_COLUMNS if self.late else RATE_COLUMNS))
        rows: list[tuple[str, ...]] = [(one.name, one.dates, *cells(one.rate)) for one in stretches]
        rows.insert(2, ("Verschil", f"{after.name.lower()} min {compared.name.lower()}", "", "", points, ""))
        rows += [(week_span(week.monday), "", *cells(rate)) for week, rate in weeks]
        parts = [f"{one.name.lower()} {percent(one.rate.rate)}" for one in stretches]
        what = f"{_WHAT[self.measure]}, {OF_POSSIBLE}"
        kind = f"Lijn per week met de start van het plan op {format_date(self.start)}" if weeks else "Staafdiagram"
        return Drawn(
            title,
            alt_text(kind, f"{what}, {self.group.named}", [*parts, f"verschil {points}"]),
            columns,
            tuple(rows),
            (*self._explain(after, compared, stretches, bool(weeks)), *explained),
            self._lines(weeks, stretches) if weeks else _bars(stretches, what),
        )

    def _shown_weeks(self, stretches: Sequence[_Stretch]) -> list[tuple[Week, Rate]]:
        """The weeks of the school years since the start, oldest first; none where most are hidden, or in a room any."""
        years = sorted({one.school_year for one in stretches[0].days} | {self._start_year})
        if self.group.dimension == "class":
            years = [self._start_year]
        if any(one.name == "Voor de start" for one in stretches):
            years = sorted({*years, stretches[1].days[0].school_year})
        weeks, hidden = self._weeks(years)
        enough = 2 * sum(rate.rate is not None for _, rate in weeks) > len(weeks)
        return weeks if enough and (self.policy == "record" or not hidden) else []

    def _weeks(self, years: Sequence[str]) -> tuple[list[tuple[Week, Rate]], set[tuple[str, str]]]:
        """The weeks of *years* under the policy, and which of them are hidden."""
        weeks: list[tuple[Week, Rate]] = []
        hidden: set[tuple[str, str]] = set()
        part = self.part
        for year in years:
            if part is None or year not in part.school_years:
                continue
            record = self.policy == "record"
            where = {"where": self._where} if record else {}
            rates = self._asked(self.absences if record else part, ["week"], self.policy, [year], **where)
            frames = Frames(self.absences, self.policy, school_year=year)
            weeks += weeks_of(frames, rates, year, late=self.late)
            hidden |= {(year, rate.key[0]) for rate in rates if rate.rate is None}
        return weeks, hidden

    def _earlier_weeks(self, shown: Sequence[tuple[Week, Rate]], stretches: Sequence[_Stretch]) -> list[WeekSeries]:
        """The year before under the weeks of one school year; not of a class, and not where a week of it is hidden."""
        first = shown[0][0].monday.year - (shown[0][0].monday.month < 7)
        earlier = f"{first - 1}-{first}"
        if self.group.dimension == "class" or self._year_of(shown[-1][0]) != self._year_of(shown[0][0]):
            return []
        weeks, hidden = self._weeks([earlier])
        return [] if hidden or not weeks else [WeekSeries(earlier, tuple(week for week, _ in weeks))]

    @staticmethod
    def _year_of(week: Week) -> int:
        return week.monday.year - (week.monday.month < 7)

    def _lines(self, weeks: Sequence[tuple[Week, Rate]], stretches: Sequence[_Stretch]) -> Figure:
        years = sorted({self._year_of(week) for week, _ in weeks})
        names = [f"{year}-{year + 1}" for year in years]
        holidays = [holiday for name in names for holiday in holidays_of(name)]
        holidays += [Holiday("zomer", date(year, 7, 1), date(year, 8, 31)) for year in years[1:]]
        label = names[0] if len(names) == 1 else f"{names[0]} en {names[-1][:4]}-{names[-1][5:]}"
        now = WeekSeries(label, tuple(week for week, _ in weeks), current=True)
        earlier = self._earlier_weeks(weeks, stretches)
        figure = draw_weeks([*earlier, now], holidays, axis_label=_axis(self.measure))
        axes = figure.axes[0]
        zero = weeks[0][0].monday
        told = {"Sinds de start": "", "Voor de start": ""}
        for stretch in stretches:
            if stretch.name in told and stretch.rate.rate is not None:
                _level(axes, (stretch.first - zero).days, (stretch.last - zero).days, stretch.rate.rate)
                word = "sindsdien" if stretch.name == "Sinds de start" else "ervoor"
                told[stretch.name] = f"{word} {percent(stretch.rate.rate)}"
        _mark(axes, max((self.start - zero).days, -2), told["Voor de start"], told["Sinds de start"])
        return figure

    def _explain(
        self, after: _Stretch, compared: _Stretch, stretches: Sequence[_Stretch], weekly: bool
    ) -> tuple[Explanation, ...]:
        of_whom = "alle leerlingen" if self.group.dimension == SCHOOL else f"wie in {self.group.named} zat"
        lines = [
            what_is_counted(
                f"De {_WHAT[self.measure]} van {of_whom}, gedeeld door de mogelijke halve dagen van dezelfde leerlingen op "
                "dezelfde dagen. Teller en noemer gaan altijd over dezelfde periode."
            ),
            Explanation(label="Sinds de start", text=f"{after.dates}: van de start tot de laatste dag met cijfers."),
        ]
        if compared.name == "Voor de start":
            lines.append(
                Explanation(
                    label="Voor de start",
                    text=f"{compared.dates}: de lesdagen net voor de start, binnen hetzelfde schooljaar en niet meer dan er "
                    "sinds de start voorbij zijn.",
                )
            )
        lines += [
            Explanation(
                label="Een jaar eerder",
                text=f"{one.dates}: dezelfde weken een schooljaar eerder, met de leerlingen die toen in deze groep zaten. "
                "Afwezigheid gaat op en neer met de seizoenen, en dat is hier voor beide gelijk.",
            )
            for one in stretches
            if one.name == "Een jaar eerder"
        ]
        text = f"{after.name} min {compared.name.lower()}, in procentpunten. "
        text += "Ook seizoen, griep en toeval maken verschil; dit cijfer zegt niet waardoor het komt."
        lines.append(Explanation(label="Verschil", text=text))
        lines.append(
            Explanation(
                label="Binnen de onzekerheid",
                text="Zo noemen we een verschil als de 95 %-intervallen overlappen of de percentages minder dan een tiende uit "
                "elkaar liggen.",
            )
        )
        if not weekly:
            lines.append(
                Explanation(
                    label="Geen weken",
                    text="Veel weken mogen niet getoond worden, of ze zouden volgen uit de andere. Daarom staat hier enkel het "
                    "geheel.",
                )
            )
        if self.group.dimension == "class":
            lines.append(
                Explanation(
                    label="Eén schooljaar",
                    text="Een klas volgen we binnen het schooljaar van de start: daarna zitten er anderen in.",
                )
            )
        return tuple(lines)


def _points(difference: float, one: Rate, other: Rate) -> str:
    """``−1,1 procentpunt``: a sign that is read aloud, and as many decimals as the rates have."""
    small = any(0 < (rate.rate or 0) < 0.001 for rate in (one, other))
    text = format_number(abs(difference) * 100, 2 if small else 1)
    sign = "" if not text.strip("0,") else "+" if difference > 0 else "−"
    return f"{sign}{text} procentpunt"


def _axis(measure: str) -> str:
    return "te laat" if measure == "late" else _WHAT[measure]


def _bars(stretches: Sequence[_Stretch], what: str) -> Figure:
    bars = [Bar(one.name, one.rate.rate, one.rate.low, one.rate.high, part_of=place > 0) for place, one in enumerate(stretches)]
    return draw_bars(bars, axis_label=fill(what, 60))


def _level(axes: Axes, first: int, last: int, rate: float) -> None:
    """The rate over a whole stretch as a flat line."""
    axes.hlines(rate, first, last, color=INK, lw=2.4, zorder=6)


def _mark(axes: Axes, place: int, before: str, after: str) -> None:
    """A vertical line where the plan began, and over the lines the rates on either side of it."""
    left, right = axes.get_xlim()
    low, high = axes.get_ylim()
    axes.set_ylim(low, low + (high - low) * 1.2)
    axes.axvline(place, color=ALERT, lw=2, ls=(0, (5, 2)), zorder=5)
    if place > left + 0.78 * (right - left):
        labels = [("start van het plan", -1, 0), (", ".join(filter(None, (before, after))), -1, 1)]
    else:
        labels = [("start van het plan", 1, 0), (after, 1, 1), (before, -1, 1)]
    for text, side, row in labels:
        drawn = axes.annotate(
            text, (place, 1.0), (8 * side, -6 - 19 * row), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="left" if side > 0 else "right", va="top", color=INK if row else ALERT, weight="bold" if row else "normal",
            zorder=7,
        )  # fmt: skip
        drawn.set_bbox({"facecolor": SURFACE, "edgecolor": "none", "pad": 1, "alpha": 0.9})
