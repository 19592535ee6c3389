"""Figures by week of the school year: absences, and late arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from stslib.charts.lines import Week, WeekSeries, draw_weeks
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
)
from stslib.figures.definitions.moments import moment
from stslib.figures.frames import Frames, Rate
from stslib.figures.wording import (
    LATE_COLUMNS,
    RATE_COLUMNS,
    cells,
    percent,
    sentence,
    stands_out_note,
    week_monday,
    week_name,
    week_span,
    whole,
)
from stslib.model.absence import Half


def by_week(frames: Frames) -> Drawn:
    """Share of possible half days per week of the newest school year, the year before under it."""
    total = frames.total()
    weeks = weeks_of(frames, frames.rate(["week"]), frames.school_year)
    why = (
        what_is_counted(
            "Per week de gemiste halve dagen, gedeeld door de mogelijke halve dagen van die week; vakanties zijn grijs. "
            "Open bolletjes zijn voorlopig: de codes B en - van die dagen kunnen nog veranderen."
        ),
        *frames.explain(["week"]),
        stands_out_note("alle weken samen"),
    )
    columns = ("Week", *RATE_COLUMNS)
    shown = [(week, rate) for week, rate in weeks if rate.rate is not None]
    if not shown or total.rate is None or total.missed == 0:
        return nothing("week", columns, why, none_missed(frames) if total.missed == 0 else "")
    peak_week, peak = max(shown, key=lambda pair: by_rate(pair[1]))
    low_week, low = min(shown, key=lambda pair: by_rate(pair[1]))
    loose = " (voorlopig)" if peak_week.provisional else ""
    if peak.above(total):
        title = (
            f"In de week van {week_name(peak_week.monday)} lag de afwezigheid het hoogst: {percent(peak.rate)}, "
            f"tegenover {percent(total.rate)} over alle weken samen{loose}."
        )
    else:
        title = (
            f"Geen enkele week van {frames.school_year} ligt duidelijk hoger: het percentage schommelt tussen "
            f"{percent(low.rate)} en {percent(peak.rate)}."
        )
    parts = [
        f"hoogste week {week_name(peak_week.monday)} met {percent(peak.rate)}",
        f"laagste week {week_name(low_week.monday)} met {percent(low.rate)}",
        f"gemiddeld {percent(total.rate)}",
    ]
    return Drawn(
        title,
        alt_text(f"Lijn per week van {frames.school_year}", OF_POSSIBLE, parts),
        columns,
        (*((week_span(week.monday), *cells(rate)) for week, rate in weeks), ("Alle weken samen", *cells(total))),
        why,
        draw_weeks(
            series_of(frames, weeks), holidays_of(frames.school_year), axis_label="gemiste halve dagen", marks=marks_of(frames)
        ),
    )


def late_by_week(frames: Frames) -> Drawn:
    """Late arrivals per week as a share of possible half days."""
    total = frames.total_late()
    weeks = weeks_of(frames, frames.late(["week"]), frames.school_year, late=True)
    why = (
        what_is_counted(
            "Per week hoe vaak iemand te laat kwam (code L), gedeeld door de mogelijke halve dagen. Te laat is aanwezig."
        ),
        *frames.explain(["week"], measure="late"),
        stands_out_note("alle voormiddagen samen"),
    )
    columns = ("Week", *LATE_COLUMNS)
    shown = [(week, rate) for week, rate in weeks if rate.rate is not None]
    if total.missed == 0:
        return nothing("week", columns, why, f"In {frames.school_year} is geen enkele keer code L genoteerd.")
    if not shown or total.missed is None or total.rate is None:
        return nothing("week", columns, why)
    each_week = whole(round(total.missed / len(weeks)))
    title = f"In {frames.school_year} kwam {whole(total.missed)} keer iemand te laat, gemiddeld {each_week} keer per week"
    # Mornings beside mornings: a Wednesday has no afternoon, and most late arrivals are in the morning.
    mornings = [rate for rate in frames.late(["half"]) if rate.key[0] == Half.MORNING]
    days = [rate for rate in frames.late(["weekday", "half"]) if rate.key[1] == Half.MORNING]
    busier = [day for day in days if mornings and day.above(mornings[0])]
    if busier:
        top = max(busier, key=by_rate)
        title += f"; op {moment(top)} vaker ({percent(top.rate)}) dan gemiddeld in de voormiddag ({percent(mornings[0].rate)})"
    peak_week, peak = max(shown, key=lambda pair: by_rate(pair[1]))
    return Drawn(
        sentence(title),
        alt_text(
            f"Lijn per week van {frames.school_year}",
            "te laat, " + OF_POSSIBLE,
            [f"hoogste week {week_name(peak_week.monday)} met {percent(peak.rate)}", f"gemiddeld {percent(total.rate)}"],
        ),
        columns,
        (*((week_span(week.monday), *cells(rate)) for week, rate in weeks), ("Alle weken samen", *cells(total))),
        why,
        draw_weeks(
            series_of(frames, weeks, late=True), holidays_of(frames.school_year), axis_label="te laat", marks=marks_of(frames)
        ),
    )


def weeks_of(frames: Frames, rates: Sequence[Rate], school_year: str, *, late: bool = False) -> list[tuple[Week, Rate]]:
    """Each week with class days, with its Monday. Only absences are provisional: a late arrival is what it is."""
    newest = frames.absences.school_years[-1]
    provisional = frames.absences.provisional_from if school_year == newest and not late else None
    weeks = []
    for rate in rates:
        if rate.possible == 0 or not rate.key[0].isdigit():
            continue
        monday = week_monday(school_year, rate.key[0])
        loose = provisional is not None and monday + timedelta(days=4) >= provisional
        weeks.append((Week(monday, rate.rate, rate.low, rate.high, loose), rate))
    return sorted(weeks, key=lambda pair: pair[0].monday)


def series_of(frames: Frames, weeks: Sequence[tuple[Week, Rate]], *, late: bool = False) -> list[WeekSeries]:
    series = []
    for earlier in frames.earlier_years[-1:]:
        rates = frames.late(["week"], school_year=earlier) if late else frames.rate(["week"], school_year=earlier)
        before = tuple(week for week, _ in weeks_of(frames, rates, earlier))
        if before:
            series.append(WeekSeries(earlier, before))
    return [*series, WeekSeries(frames.school_year, tuple(week for week, _ in weeks), current=True)]
