"""Figures on moments: of the week, and each day of the year."""

from __future__ import annotations

from datetime import date, timedelta

from stslib.charts.heat_map import Cell, draw_heat_map
from stslib.charts.week_grid import DayRate, draw_week_grid
from stslib.charts.year_calendar import draw_year_calendar
from stslib.figures.definitions.drawn import (
    OF_POSSIBLE,
    Drawn,
    alt_text,
    by_rate,
    holidays_of,
    marks_of,
    none_missed,
    nothing,
    what_is_counted,
    words_of,
)
from stslib.figures.frames import Frames, Rate
from stslib.figures.wording import (
    HALVES,
    LATE_COLUMNS,
    RATE_COLUMNS,
    cells,
    listing,
    percent,
    sentence,
    stands_out_note,
    week_monday,
    week_span,
    weekday_name,
)
from stslib.text import MONTHS, format_date


def by_weekday_half(frames: Frames) -> Drawn:
    """Share of possible half days per weekday and half of the day, as a grid."""
    total = frames.total()
    rates = frames.rate(["weekday", "half"])
    why = (
        what_is_counted(
            "Per weekdag en dagdeel de gemiste halve dagen, gedeeld door de mogelijke halve dagen op dat moment van de week."
        ),
        *frames.explain(["weekday", "half"]),
        stands_out_note("de hele week"),
    )
    columns = ("Moment", *RATE_COLUMNS)
    shown = [rate for rate in rates if rate.rate is not None]
    if not shown or total.rate is None or total.missed == 0:
        return nothing("weekdag", columns, why, none_missed(frames) if total.missed == 0 else "")
    highest, lowest = max(shown, key=by_rate), min(shown, key=by_rate)
    higher = [rate for rate in shown if rate.above(total)]
    if higher:
        higher.sort(key=by_rate, reverse=True)
        moments = listing([f"{moment(rate)} ({percent(rate.rate)})" for rate in higher[:3]])
        title = f"Op {moments} ligt de afwezigheid hoger dan over de hele week ({percent(total.rate)})."
    else:
        title = (
            f"Geen enkel moment van de week ligt duidelijk hoger: alles ligt tussen {percent(lowest.rate)} "
            f"({moment(lowest)}) en {percent(highest.rate)} ({moment(highest)})."
        )
    days = sorted({rate.key[0] for rate in rates})
    halves = [half for half in HALVES if any(rate.key[1] == half for rate in rates)]
    found = {rate.key: rate for rate in rates}
    grid = [[cell(found.get((day, half)), total) for day in days] for half in halves]
    return Drawn(
        title,
        alt_text("Rooster van weekdagen en dagdelen", OF_POSSIBLE, [f"{moment(rate)} {percent(rate.rate)}" for rate in rates]),
        columns,
        (*((sentence(moment(rate))[:-1], *cells(rate)) for rate in rates), ("Hele week", *cells(total))),
        why,
        draw_heat_map([HALVES[half] for half in halves], [weekday_name(day) for day in days], grid),
    )


def moment(rate: Rate) -> str:
    return f"{weekday_name(rate.key[0])}{HALVES.get(rate.key[1], rate.key[1])}"


def cell(rate: Rate | None, total: Rate) -> Cell:
    if rate is None or rate.possible == 0:
        return Cell(None, "geen les")
    return Cell(rate.rate, "niet getoond" if rate.rate is None else "", rate.above(total))


def by_weekday_week(frames: Frames) -> Drawn:
    """Every class day of the year by week and weekday; the sentence sets the weekdays beside each other."""
    words = words_of(frames)
    total = frames.total()
    days = days_of(frames)
    weekdays = frames.rate(["weekday"])
    why = (
        what_is_counted(f"Per lesdag {words.counted}, gedeeld door de mogelijke halve dagen van die dag. Wit is geen les."),
        *frames.explain(["week", "weekday"]),
        stands_out_note("alle lesdagen samen"),
    )
    columns = ("Week", *(sentence(weekday_name(str(day)))[:-1] for day in range(1, 6)))
    shown = [rate for rate in weekdays if rate.rate is not None]
    if total.missed == 0 or not shown or total.rate is None:
        return nothing("lesdag", columns, why, words.none if total.missed == 0 else "")
    higher = sorted((rate for rate in shown if rate.above(total)), key=by_rate, reverse=True)
    if higher:
        named = listing([f"{weekday_name(rate.key[0])} ({percent(rate.rate)})" for rate in higher])
        title = f"Op {named} ligt {words.noun} hoger dan over alle lesdagen samen ({percent(total.rate)})."
    else:
        lowest, highest = min(shown, key=by_rate), max(shown, key=by_rate)
        title = (
            f"Geen enkele weekdag ligt duidelijk hoger: alle liggen tussen {percent(lowest.rate)} en {percent(highest.rate)}."
        )
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    rows = [
        (week_span(monday), *(_told(days.get(monday + timedelta(days=weekday))) for weekday in range(5))) for monday in mondays
    ]
    found = {rate.key[0]: rate for rate in weekdays}
    rows.append(("Alle weken samen", *(_told(found.get(str(weekday))) for weekday in range(1, 6))))
    parts = [f"{weekday_name(rate.key[0])} {percent(rate.rate)}" for rate in weekdays]
    return Drawn(
        title,
        alt_text(f"Rooster van elke lesdag van {frames.school_year}, een kolom per week", OF_POSSIBLE, parts),
        columns,
        tuple(rows),
        why,
        draw_week_grid([DayRate(day, rate.rate) for day, rate in days.items()], holidays_of(frames.school_year)),
    )


def calendar(frames: Frames) -> Drawn:
    """The school year as a calendar, a shade per class day; the sentence sets the months beside each other."""
    words = words_of(frames)
    total = frames.total()
    days = days_of(frames)
    months = frames.rate(["month"])
    why = (
        what_is_counted(
            f"Per lesdag {words.counted}, gedeeld door de mogelijke halve dagen van die dag; in de tabel ook per maand."
        ),
        *frames.explain(["month"]),
        stands_out_note("de andere maand"),
    )
    columns = ("Maand of dag", *words.columns)
    shown = [rate for rate in months if rate.rate is not None]
    if total.missed == 0 or not shown or total.rate is None:
        return nothing("dag", columns, why, words.none if total.missed == 0 else "")
    highest, lowest = max(shown, key=by_rate), min(shown, key=by_rate)
    if len(shown) == 1:
        title = f"In {_month(highest)} is {words.noun} {percent(highest.rate)} van de mogelijke halve dagen."
    elif highest.differs_from(lowest):
        title = (
            f"Het hoogst lag {words.noun} in {_month(highest)} ({percent(highest.rate)}), het laagst in {_month(lowest)} "
            f"({percent(lowest.rate)}); over alle maanden samen is het {percent(total.rate)}."
        )
    else:
        title = f"De maanden verschillen niet duidelijk: alle liggen tussen {percent(lowest.rate)} en {percent(highest.rate)}."
    parts = [f"{_month(rate)} {percent(rate.rate)}" for rate in months]
    return Drawn(
        title,
        alt_text(f"Kalender van {frames.school_year}, een vak per lesdag", OF_POSSIBLE, parts),
        columns,
        (
            *((sentence(_month(rate))[:-1], *cells(rate)) for rate in months),
            ("Alle maanden samen", *cells(total)),
            *((format_date(day), *cells(rate)) for day, rate in days.items()),
        ),
        why,
        draw_year_calendar(
            [DayRate(day, rate.rate) for day, rate in days.items()],
            holidays_of(frames.school_year),
            last_day=max(days),
            marks=marks_of(frames),
        ),
    )


def late_by_weekday(frames: Frames) -> Drawn:
    """Late arrivals as a share of possible half days, per weekday and half of the day."""
    total = frames.total_late()
    rates = frames.late(["weekday", "half"])
    why = (
        what_is_counted(
            "Per weekdag en dagdeel hoe vaak iemand te laat kwam (code L), gedeeld door de mogelijke halve dagen dan. "
            "Te laat is aanwezig."
        ),
        *frames.explain(["weekday", "half"], measure="late"),
        stands_out_note("hetzelfde dagdeel van de hele week"),
    )
    columns = ("Moment", *LATE_COLUMNS)
    shown = [rate for rate in rates if rate.rate is not None]
    if total.missed == 0:
        return nothing("weekdag", columns, why, f"In {frames.school_year} is geen enkele keer code L genoteerd.")
    if not shown or total.rate is None:
        return nothing("weekdag", columns, why)
    # Mornings beside mornings: most late arrivals are then, so every morning lies above the whole week.
    halves = {rate.key[0]: rate for rate in frames.late(["half"])}
    higher = sorted((rate for rate in shown if rate.key[1] in halves and rate.above(halves[rate.key[1]])), key=by_rate)
    if higher:
        top = higher[-1]
        title = (
            f"Op {moment(top)} komt men vaker te laat ({percent(top.rate)}) dan gemiddeld in de {HALVES[top.key[1]]} "
            f"({percent(halves[top.key[1]].rate)})."
        )
    else:
        lowest, highest = min(shown, key=by_rate), max(shown, key=by_rate)
        title = (
            f"Geen weekdag springt eruit: per moment komt men op {percent(lowest.rate)} tot {percent(highest.rate)} "
            "van de mogelijke halve dagen te laat."
        )
    days = sorted({rate.key[0] for rate in rates})
    present = [half for half in HALVES if any(rate.key[1] == half for rate in rates)]
    found = {rate.key: rate for rate in rates}
    grid = [[cell(found.get((day, half)), halves.get(half, total)) for day in days] for half in present]
    return Drawn(
        title,
        alt_text(
            "Rooster van weekdagen en dagdelen",
            "te laat, " + OF_POSSIBLE,
            [f"{moment(rate)} {percent(rate.rate)}" for rate in rates],
        ),
        columns,
        (*((sentence(moment(rate))[:-1], *cells(rate)) for rate in rates), ("Hele week", *cells(total))),
        why,
        draw_heat_map([HALVES[half] for half in present], [weekday_name(day) for day in days], grid),
    )


def days_of(frames: Frames) -> dict[date, Rate]:
    """The rate of every class day, in order."""
    found = {}
    for rate in frames.rate(["week", "weekday"]):
        week, weekday = rate.key
        if week.isdigit() and rate.possible != 0:
            found[week_monday(frames.school_year, week) + timedelta(days=int(weekday) - 1)] = rate
    return dict(sorted(found.items()))


def _told(rate: Rate | None) -> str:
    return "" if rate is None else percent(rate.rate)


def _month(rate: Rate) -> str:
    return MONTHS[int(rate.key[0]) - 1]
