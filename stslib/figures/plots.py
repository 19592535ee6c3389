"""The picture that fits a result of ``Absences``: what ``.plot()`` draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stslib.charts.axes import draw_nothing
from stslib.charts.bars import Bar, CountBar, draw_bars, draw_counts
from stslib.charts.distribution import draw_bands, draw_distribution
from stslib.charts.funnel import draw_funnel
from stslib.charts.heat_map import Cell, draw_heat_map
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.run_chart import draw_run_chart
from stslib.charts.spells import draw_spells
from stslib.charts.week_grid import DayRate, draw_week_grid
from stslib.charts.year_calendar import draw_year_calendar
from stslib.charts.years import draw_years
from stslib.errors import DatasetError
from stslib.figures.definitions.drawn import OF_POSSIBLE, STATUS_NAMES, holidays_of
from stslib.figures.frames import Rate, rates_of, share_or_none, whole_or_none
from stslib.figures.results import (
    Row,
    bands_of,
    carried_of,
    funnel_limits_of,
    funnel_points_of,
    lengths_of,
    records,
    run_marks_of,
    run_points_of,
    year_lines_of,
    yes,
)
from stslib.figures.wording import HALVES, grade_name, ordinal, week_monday, weekday_name
from stslib.text import MONTHS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from stslib.absences.counted import Counted

MOST_BARS = 40
"""More bars than this are a wall; the result is then better narrowed or counted by less."""


def plot_of(result: Counted) -> Figure:
    """The picture of *result*, hidden numbers shown as hidden.

    Args:
        result: as a method of ``Absences`` answered it; a frame that was changed by hand has lost what it is about.

    Returns:
        A figure by itself; pyplot knows nothing of it. A result without rows gives a picture that says so.

    Raises:
        DatasetError: no picture fits, and what to ask instead.
    """
    if not len(result):
        return draw_nothing()
    draw = _PICTURES.get(result.measure)
    if draw is None:
        raise DatasetError("figuur", f"Voor '{result.measure}' is er geen figuur.", "Bekijk het resultaat als tabel.")
    return draw(result)


def _rate(result: Counted) -> Figure:
    missed = "late_half_days" if result.measure == "late" else "half_days_missed"
    rates = list(rates_of(result, result.by, missed))
    what = "te laat" if result.measure == "late" else "gemiste halve dagen"
    by = [name for name in result.by if name != "school_year" or len(set(result["school_year"])) > 1]
    places = [result.by.index(name) for name in by]
    if set(by) in ({"week", "weekday"}, {"school_week", "weekday"}) and len(result.asked.school_years) == 1:
        return _grid(result, rates)
    if by in (["week"], ["school_year", "week"]):
        return _weeks(result, rates, what)
    if set(by) == {"weekday", "half"}:
        day, half = result.by.index("weekday"), result.by.index("half")
        return _moments(rates, day, half)
    if len(rates) > MOST_BARS:
        raise DatasetError(
            "figuur",
            f"{len(rates)} groepen is te veel voor één figuur.",
            "Vraag minder groepen tegelijk, of kies er uit met where.",
        )
    names = [_name([(by[at], rate.key[place]) for at, place in enumerate(places)]) or "alles samen" for rate in rates]
    bars = [Bar(name, rate.rate, rate.low, rate.high, note="niet getoond") for name, rate in zip(names, rates, strict=True)]
    return draw_bars(bars, axis_label=f"{what}, {OF_POSSIBLE}")


def _grid(result: Counted, rates: Sequence[Rate]) -> Figure:
    year = result.asked.school_years[0]
    week, weekday = result.by.index("week"), result.by.index("weekday")
    days = [
        DayRate(week_monday(year, rate.key[week]) + timedelta(days=int(rate.key[weekday]) - 1), rate.rate) for rate in rates
    ]
    return draw_week_grid(days, holidays_of(year))


def _weeks(result: Counted, rates: Sequence[Rate], what: str) -> Figure:
    years = result.asked.school_years
    if "school_year" not in result.by and len(years) > 1:
        raise DatasetError("figuur", "Weken van verschillende schooljaren vallen hier samen.", "Vraag ook per school_year.")
    week = result.by.index("week")
    series = []
    for name in years:
        mine = [rate for rate in rates if "school_year" not in result.by or rate.key[result.by.index("school_year")] == name]
        weeks = sorted(
            (Week(week_monday(name, rate.key[week]), rate.rate, rate.low, rate.high) for rate in mine),
            key=lambda one: one.monday,
        )
        series.append(WeekSeries(name, tuple(weeks), current=name == years[-1]))
    return draw_weeks([one for one in series if one.weeks], holidays_of(years[-1]), axis_label=what)


def _moments(rates: Sequence[Rate], day: int, half: int) -> Figure:
    found = {(rate.key[day], rate.key[half]): rate for rate in rates}
    days = sorted({key[0] for key in found})
    halves = [name for name in HALVES if any(key[1] == name for key in found)]
    grid = [
        [Cell(None, "geen les") if (one, name) not in found else Cell(found[one, name].rate, "niet getoond") for one in days]
        for name in halves
    ]
    return draw_heat_map([HALVES[name] for name in halves], [weekday_name(one) for one in days], grid)


def _name(parts: Sequence[tuple[str, str]]) -> str:
    names: dict[str, Callable[[str], str]] = {
        "grade": grade_name,
        "year": lambda value: f"{ordinal(value)} jaar" if value.isdigit() else value,
        "class": lambda value: f"klas {value}",
        "weekday": weekday_name,
        "month": lambda value: MONTHS[int(value) - 1],
        "week": lambda value: f"week {value}",
        "half": lambda value: HALVES.get(value, value),
        "status": lambda value: STATUS_NAMES.get(value, value),
        "code": lambda value: f"code {value}",
    }
    return ", ".join(names.get(dimension, str)(value) for dimension, value in parts)


def _one_group(result: Counted) -> list[Row]:
    """The rows, if they are of one group; a curve or a chart holds no more."""
    rows = records(result)
    by = [name for name in result.by if name in rows[0]]
    if len({tuple(str(row[name]) for name in by) for row in rows}) > 1:
        raise DatasetError("figuur", "Deze figuur toont één groep.", "Kies een groep met where, en laat by weg.")
    return rows


def _thresholds(result: Counted) -> Figure:
    rows = [row for row in records(result) if str(row["school_year"]) == max(result["school_year"].astype(str))]
    bars = [
        CountBar(
            f"{row['value']} {row['unit']}", whole_or_none(row["pupils_over"]), whole_or_none(row["pupils_near"]),
            "" if whole_or_none(row["pupils_over"]) is not None else "niet getoond",
            "" if whole_or_none(row["pupils_near"]) is not None else "niet getoond",
        )
        for row in rows
    ]  # fmt: skip
    return draw_counts(
        bars, axis_label="aantal leerlingen", count_label="aan of over de grens", near_label="dicht bij de grens"
    )


def _distribution(result: Counted) -> Figure:
    rows = _one_group(result)
    carriers, pupils = whole_or_none(rows[0]["pupils_for_half"]), whole_or_none(rows[0]["pupils"])
    return draw_distribution(carried_of(rows), half=carriers / pupils if carriers is not None and pupils else None)


def _bands(result: Counted) -> Figure:
    return draw_bands(bands_of(_one_group(result)))


def _spells(result: Counted) -> Figure:
    return draw_spells(lengths_of(_one_group(result)), axis_label="lengte in schooldagen; langdurig in kalenderdagen")


def _compare(result: Counted) -> Figure:
    return draw_years(year_lines_of(_one_group(result)))


def _run_chart(result: Counted) -> Figure:
    rows = _one_group(result)
    centre = next((value for row in rows if (value := share_or_none(row["centre"])) is not None), None)
    base = [row["monday"] for row in rows if yes(row["baseline"])]
    return draw_run_chart(
        run_points_of(rows), centre=centre, axis_label="gemiste halve dagen", marks=run_marks_of(rows),
        holidays=[one for year in dict.fromkeys(str(row["school_year"]) for row in rows) for one in holidays_of(year)],
        baseline=(min(base), max(base)) if base and centre is not None else None,
    )  # fmt: skip


def _funnel(result: Counted) -> Figure:
    rows = records(result)
    centre = next((value for row in rows if (value := share_or_none(row["all_rate"])) is not None), None)
    return draw_funnel(
        funnel_points_of(rows, result.by), funnel_limits_of(rows), centre=centre, axis_label="gemiste halve dagen",
        centre_label="alles samen",
    )  # fmt: skip


def _calendar(result: Counted) -> Figure:
    days = [DayRate(_as_day(row["date"]), share_or_none(row["rate"])) for row in _one_group(result)]
    holidays = [one for year in result.asked.school_years for one in holidays_of(year)]
    return draw_year_calendar(days, holidays, last_day=max(one.day for one in days))


def _as_day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else date.fromisoformat(str(value)[:10])


_PICTURES: dict[str, Callable[[Counted], Figure]] = {
    "rate": _rate,
    "late": _rate,
    "heat": _rate,
    "thresholds": _thresholds,
    "distribution": _distribution,
    "bands": _bands,
    "spells": _spells,
    "compare": _compare,
    "run_chart": _run_chart,
    "funnel": _funnel,
    "calendar_days": _calendar,
}
