"""The figures that a section can ask for: which indicator, which sentence, which picture, which table.

A sentence states what the numbers show, nothing about causes; it calls something higher or lower only where intervals differ.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING

from stslib.charts.bars import Bar, CountBar, draw_bars, draw_counts, draw_intervals
from stslib.charts.heat_map import Cell, draw_heat_map
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.school_year import Holiday
from stslib.figures.frames import Frames, Limit, Rate
from stslib.figures.wording import (
    HALVES,
    LATE_COLUMNS,
    RATE_COLUMNS,
    UNKNOWN,
    cells,
    grade_name,
    listing,
    ordinal,
    percent,
    sentence,
    stands_out_note,
    week_monday,
    week_name,
    week_span,
    weekday_name,
    whole,
)
from stslib.model.absence import Half
from stslib.model.figure import Explanation
from stslib.text import format_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OF_POSSIBLE = "deel van de mogelijke halve dagen"

STATUS_NAMES = {
    "unlawful": "ongewettigd",
    "lawful": "gewettigd",
    "open": "met een reden die nog niet gekend is",
    "late": "te laat, wel aanwezig",
}
"""How a status is called on a card, in the order of the bars."""


@dataclass(frozen=True)
class Drawn:
    """A card before it has a policy, a day and a picture in bytes; ``figure`` is None where there is nothing to draw."""

    title: str
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: tuple[Explanation, ...]
    figure: Figure | None = None


def by_code(frames: Frames) -> Drawn:
    """Share of possible half days per absence code, largest first."""
    total = frames.total()
    rates = [rate for rate in frames.rate(["code"]) if rate.missed != 0] if total.missed else []
    rates.sort(key=lambda rate: -(rate.rate if rate.rate is not None else -1))
    why = (
        what_is_counted(
            "Per code de halve dagen met die code, gedeeld door alle mogelijke halve dagen. Subcodes tellen bij hun letter."
        ),
        *frames.explain(["code"]),
    )
    shown = [rate for rate in rates if rate.rate is not None]
    if total.missed == 0:
        return _nothing("code", ("Code", *RATE_COLUMNS), why, _none_missed(frames))
    if not shown or total.rate is None or not total.missed:
        return _nothing("code", ("Code", *RATE_COLUMNS), why)
    names = _code_names()
    parts = [f"{percent((rate.missed or 0) / total.missed)} code {rate.key[0]}" for rate in shown[:3]]
    title = (
        f"In {frames.school_year} is {percent(total.rate)} van de mogelijke halve dagen gemist; "
        f"daarvan draagt {listing(parts)}."
    )
    bars = [Bar(fill(_label(rate.key[0], names), 30), rate.rate, rate.low, rate.high, note="niet getoond") for rate in rates]
    return Drawn(
        title,
        alt_text("Staafdiagram", OF_POSSIBLE, [f"{_label(rate.key[0], names)} {percent(rate.rate)}" for rate in rates]),
        ("Code", *RATE_COLUMNS),
        (*((_label(rate.key[0], names), *cells(rate)) for rate in rates), ("Alle codes samen", *cells(total))),
        why,
        draw_bars(bars, axis_label=OF_POSSIBLE),
    )


def by_status(frames: Frames) -> Drawn:
    """Share of possible half days per status, in a fixed order; late arrivals are present and stand last."""
    total = frames.total()
    found = {rate.key[0]: rate for rate in frames.rate(["status"])}
    rates = [found[status] for status in STATUS_NAMES if status in found]
    columns = ("Soort", *RATE_COLUMNS)
    why = (
        what_is_counted(
            "Per soort de halve dagen met een code van die soort, gedeeld door alle mogelijke halve dagen. "
            "Wie te laat komt is aanwezig en telt niet mee in het geheel."
        ),
        *frames.explain(["status"]),
    )
    shown = [rate for rate in rates if rate.rate is not None]
    if not shown or total.rate is None or total.missed == 0:
        return _nothing("soort", columns, why, _none_missed(frames) if total.missed == 0 else "")
    parts = [f"{percent(rate.rate)} {STATUS_NAMES[rate.key[0]]}" for rate in shown if rate.key[0] != "late" and rate.missed]
    of_them = f": {listing(parts)}" if len(parts) > 1 else ""
    bars = [Bar(fill(STATUS_NAMES[rate.key[0]], 30), rate.rate, rate.low, rate.high, note="niet getoond") for rate in rates]
    return Drawn(
        f"In {frames.school_year} is {percent(total.rate)} van de mogelijke halve dagen gemist{of_them}.",
        alt_text("Staafdiagram", OF_POSSIBLE, [f"{STATUS_NAMES[rate.key[0]]} {percent(rate.rate)}" for rate in rates]),
        columns,
        (*((sentence(STATUS_NAMES[rate.key[0]])[:-1], *cells(rate)) for rate in rates), ("Alle afwezigheid", *cells(total))),
        why,
        draw_bars(bars, axis_label=OF_POSSIBLE),
    )


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
        return _nothing("weekdag", columns, why, _none_missed(frames) if total.missed == 0 else "")
    highest, lowest = max(shown, key=_by_rate), min(shown, key=_by_rate)
    higher = [rate for rate in shown if rate.above(total)]
    if higher:
        higher.sort(key=_by_rate, reverse=True)
        moments = listing([f"{_moment(rate)} ({percent(rate.rate)})" for rate in higher[:3]])
        title = f"Op {moments} ligt de afwezigheid hoger dan over de hele week ({percent(total.rate)})."
    else:
        title = (
            f"Geen enkel moment van de week ligt duidelijk hoger: alles ligt tussen {percent(lowest.rate)} "
            f"({_moment(lowest)}) en {percent(highest.rate)} ({_moment(highest)})."
        )
    days = sorted({rate.key[0] for rate in rates})
    halves = [half for half in HALVES if any(rate.key[1] == half for rate in rates)]
    found = {rate.key: rate for rate in rates}
    grid = [[_cell(found.get((day, half)), total) for day in days] for half in halves]
    return Drawn(
        title,
        alt_text("Rooster van weekdagen en dagdelen", OF_POSSIBLE, [f"{_moment(rate)} {percent(rate.rate)}" for rate in rates]),
        columns,
        (*((sentence(_moment(rate))[:-1], *cells(rate)) for rate in rates), ("Hele week", *cells(total))),
        why,
        draw_heat_map([HALVES[half] for half in halves], [weekday_name(day) for day in days], grid),
    )


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
        return _nothing("week", columns, why, _none_missed(frames) if total.missed == 0 else "")
    peak_week, peak = max(shown, key=lambda pair: _by_rate(pair[1]))
    low_week, low = min(shown, key=lambda pair: _by_rate(pair[1]))
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
        draw_weeks(_series(frames, weeks), holidays_of(frames.school_year), axis_label="gemiste halve dagen"),
    )


def by_grade(frames: Frames) -> Drawn:
    """Share of possible half days per grade, and per stream or finality within it."""
    total = frames.total()
    grades = [rate for rate in frames.rate(["grade"]) if rate.possible != 0]
    streams = _guarded(frames, [rate for rate in frames.rate(["grade", "stream"]) if rate.possible != 0], grades)
    why = (
        what_is_counted(
            "Per graad, en daarbinnen per stroom of finaliteit, de gemiste halve dagen gedeeld door de mogelijke halve dagen "
            "van die leerlingen. Graad, stroom en finaliteit komen uit het klassenbestand."
        ),
        *frames.explain(["grade", "stream"]),
        stands_out_note("de hele school"),
    )
    columns = ("Groep", *RATE_COLUMNS)
    known = [rate for rate in grades if rate.rate is not None and rate.key[0] != UNKNOWN]
    if total.missed == 0:
        return _nothing("graad", columns, why, _none_missed(frames))
    if not known or total.rate is None:
        return _nothing("graad", columns, why, "Zonder klassenbestand is er geen uitsplitsing per graad.")
    highest, lowest = max(known, key=_by_rate), min(known, key=_by_rate)
    if len(known) == 1:
        title = f"In de {grade_name(highest.key[0])} is {percent(highest.rate)} van de mogelijke halve dagen gemist."
    elif highest.differs_from(lowest):
        title = (
            f"De afwezigheid is het hoogst in de {grade_name(highest.key[0])} ({percent(highest.rate)}) en het laagst in de "
            f"{grade_name(lowest.key[0])} ({percent(lowest.rate)}); voor de hele school is het {percent(total.rate)}."
        )
    else:
        title = (
            f"De graden verschillen niet duidelijk: alle liggen tussen {percent(lowest.rate)} en {percent(highest.rate)} "
            "van de mogelijke halve dagen."
        )
    lines: list[tuple[str, Rate, bool]] = []
    for grade in grades:
        inside = [rate for rate in streams if rate.key[0] == grade.key[0]]
        lines.append((grade_name(grade.key[0]), grade, True))
        if len(inside) > 1:
            lines += [(rate.key[1], rate, False) for rate in inside]
    bars = [
        Bar(name, rate.rate, rate.low, rate.high, part_of=not whole_grade, note="niet getoond")
        for name, rate, whole_grade in lines
    ]
    return Drawn(
        title,
        alt_text("Staafdiagram", OF_POSSIBLE, [f"{_group(rate)} {percent(rate.rate)}" for _, rate, _ in lines]),
        columns,
        (*((name if top else f"· {name}", *cells(rate)) for name, rate, top in lines), ("Hele school", *cells(total))),
        why,
        draw_bars(bars, axis_label=OF_POSSIBLE, reference=total.rate, reference_label=f"hele school {percent(total.rate)}"),
    )


def by_class(frames: Frames) -> Drawn:
    """Share of possible half days per class, in the order of the years: a spread, not a ranking."""
    total = frames.total()
    grades = [rate for rate in frames.rate(["grade"]) if rate.possible != 0]
    rates = [rate for rate in frames.rate(["grade", "year", "class"]) if rate.possible != 0]
    rates = sorted(_guarded(frames, rates, grades), key=lambda rate: (rate.key[1] == UNKNOWN, *rate.key))
    why = (
        what_is_counted(
            "Per klas de gemiste halve dagen, gedeeld door de mogelijke halve dagen van wie erin zat zolang die erin zat. "
            "De klassen staan op leerjaar, niet op rangorde. In een kleine klas weegt één langdurig zieke leerling zwaar door: "
            "in een klas van twintig tot vijf procentpunten."
        ),
        *frames.explain(["class"]),
    )
    columns = ("Klas", *RATE_COLUMNS)
    shown = [rate for rate in rates if rate.rate is not None and rate.key[2] != UNKNOWN]
    if not shown or total.rate is None or total.missed == 0:
        return _nothing("klas", columns, why, _none_missed(frames) if total.missed == 0 else "")
    values = sorted(rate.rate or 0 for rate in shown)
    if len(values) >= 4:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        title = (
            f"De helft van de {len(values)} klassen ligt tussen {percent(low)} en {percent(high)}; "
            f"de uitersten zijn {percent(values[0])} en {percent(values[-1])}, de hele school {percent(total.rate)}."
        )
    else:
        title = (
            f"De klassen liggen tussen {percent(values[0])} en {percent(values[-1])}; de hele school op {percent(total.rate)}."
        )
    groups: dict[str, list[Bar]] = {}
    for rate in rates:
        name = f"{ordinal(rate.key[1])} jaar" if rate.key[1].isdigit() else rate.key[1]
        groups.setdefault(name, []).append(Bar(rate.key[2], rate.rate, rate.low, rate.high))
    return Drawn(
        title,
        alt_text(
            f"Punt met interval voor {len(rates)} klassen, per leerjaar",
            OF_POSSIBLE,
            [f"laagste {percent(values[0])}", f"hoogste {percent(values[-1])}", f"hele school {percent(total.rate)}"],
        ),
        columns,
        (*((rate.key[2], *cells(rate)) for rate in rates), ("Hele school", *cells(total))),
        why,
        draw_intervals(
            list(groups.items()),
            axis_label="gemist",
            reference=total.rate,
            reference_label=f"hele school\n{percent(total.rate)}",
        ),
    )


def thresholds(frames: Frames) -> Drawn:
    """How many pupils reached each threshold, and how many are near."""
    from stslib.absences.indicators.thresholds import NEAR_SHARE

    limits = distinct(frames.limits())
    why = (
        what_is_counted(
            f"Aantal leerlingen per grens, nooit wie. 'Dicht bij de grens' is vanaf {format_percent(NEAR_SHARE, 0)} ervan. "
            "Wie over een hogere grens is, telt ook mee bij de lagere."
        ),
        *frames.explain(measure="thresholds"),
    )
    columns = ("Grens", "Aan of over de grens", "Dicht bij de grens", "Leerlingen in totaal", "Regel")
    if not limits:
        return _nothing("grens", columns, why)
    first = min(limits, key=lambda limit: ("procent" in limit.unit, "twee" in limit.unit, limit.value or 0))
    reached = f"in {frames.school_year} {limit_name(first)}"
    if first.over is None:
        title = f"Hoeveel leerlingen {reached} hebben, wordt niet getoond: het zijn er te weinig."
    else:
        verb = "leerling heeft" if first.over == 1 else "leerlingen hebben"
        title = f"{whole(first.over)} van de {whole(first.pupils)} {verb} {reached}"
        title += f"; {whole(first.near)} zitten er dicht bij." if first.near and first.near > 1 else "."
    bars = [
        CountBar(fill(limit_name(limit), 30), limit.over, limit.near, whole(limit.over), whole(limit.near)) for limit in limits
    ]
    return Drawn(
        title,
        alt_text(
            "Staafdiagram per grens", "aantal leerlingen", [f"{limit_name(limit)}: {whole(limit.over)}" for limit in limits]
        ),
        columns,
        tuple((limit_name(limit), whole(limit.over), whole(limit.near), whole(limit.pupils), limit.rule) for limit in limits),
        why,
        draw_counts(bars, axis_label="aantal leerlingen", count_label="aan of over de grens", near_label="dicht bij de grens"),
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
        return _nothing("week", columns, why, f"In {frames.school_year} is geen enkele keer code L genoteerd.")
    if not shown or total.missed is None or total.rate is None:
        return _nothing("week", columns, why)
    each_week = whole(round(total.missed / len(weeks)))
    title = f"In {frames.school_year} kwam {whole(total.missed)} keer iemand te laat, gemiddeld {each_week} keer per week"
    # Mornings beside mornings: a Wednesday has no afternoon, and most late arrivals are in the morning.
    mornings = [rate for rate in frames.late(["half"]) if rate.key[0] == Half.MORNING]
    days = [rate for rate in frames.late(["weekday", "half"]) if rate.key[1] == Half.MORNING]
    busier = [day for day in days if mornings and day.above(mornings[0])]
    if busier:
        top = max(busier, key=_by_rate)
        title += f"; op {_moment(top)} vaker ({percent(top.rate)}) dan gemiddeld in de voormiddag ({percent(mornings[0].rate)})"
    peak_week, peak = max(shown, key=lambda pair: _by_rate(pair[1]))
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
        draw_weeks(_series(frames, weeks, late=True), holidays_of(frames.school_year), axis_label="te laat"),
    )


def what_is_counted(text: str) -> Explanation:
    return Explanation(label="Wat wordt geteld?", text=text)


def _nothing(group: str, columns: tuple[str, ...], why: tuple[Explanation, ...], reason: str = "") -> Drawn:
    title = reason or f"Er zijn geen cijfers per {group} om te tonen."
    return Drawn(title, title, columns, (), why)


def _none_missed(frames: Frames) -> str:
    return f"In {frames.school_year} is geen enkele halve dag gemist."


def alt_text(kind: str, measure: str, parts: Sequence[str]) -> str:
    return sentence(f"{kind}, {measure}: {'; '.join(parts)}")


def _by_rate(rate: Rate) -> float:
    return rate.rate or 0.0


def _group(rate: Rate) -> str:
    """A grade, or a stream with its grade."""
    return " ".join([grade_name(rate.key[0]), *rate.key[1:]])


def _moment(rate: Rate) -> str:
    return f"{weekday_name(rate.key[0])}{HALVES.get(rate.key[1], rate.key[1])}"


def _cell(rate: Rate | None, total: Rate) -> Cell:
    if rate is None or rate.possible == 0:
        return Cell(None, "geen les")
    return Cell(rate.rate, "niet getoond" if rate.rate is None else "", rate.above(total))


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


def _series(frames: Frames, weeks: Sequence[tuple[Week, Rate]], *, late: bool = False) -> list[WeekSeries]:
    series = []
    for earlier in frames.earlier_years[-1:]:
        rates = frames.late(["week"], school_year=earlier) if late else frames.rate(["week"], school_year=earlier)
        before = tuple(week for week, _ in weeks_of(frames, rates, earlier))
        if before:
            series.append(WeekSeries(earlier, before))
    return [*series, WeekSeries(frames.school_year, tuple(week for week, _ in weeks), current=True)]


def _guarded(frames: Frames, parts: list[Rate], wholes: list[Rate]) -> list[Rate]:
    """*parts* with a second one hidden wherever exactly one part of a shown whole is hidden: it would follow by subtraction.

    For what leaves the room, where another card of the same archive shows the whole. The first key of a part names its
    whole; the second one hidden is the smallest that is shown.
    """
    if frames.policy != "record":
        return parts
    for one in wholes:
        inside = [part for part in parts if part.key[0] == one.key[0]]
        hidden = [part for part in inside if part.rate is None]
        if one.rate is None or len(hidden) != 1 or len(inside) < 2:
            continue
        smallest = min((part for part in inside if part.rate is not None), key=lambda part: part.possible or 0)
        blank = replace(smallest, missed=None, possible=None, rate=None, low=None, high=None, pupils=None)
        parts = [blank if part is smallest else part for part in parts]
    return parts


@cache
def _code_names() -> dict[str, str]:
    from stslib.content import load_codes

    return {code.code: code.meaning for code in load_codes()}


def _label(code: str, names: dict[str, str]) -> str:
    """``Z – ziekte``: the meaning up to its first comma, colon or semicolon."""
    meaning = re.split("[,:;(]", names.get(code, ""))[0].strip()
    sign = code if code.isalnum() else f"‘{code}’"
    return f"{sign} – {meaning[:1].lower()}{meaning[1:]}" if meaning else sign


@cache
def holidays_of(school_year: str) -> tuple[Holiday, ...]:
    from stslib.content import load_calendar

    return tuple(Holiday(period.name, period.first, period.last) for period in load_calendar(school_year).holidays)


def distinct(limits: Sequence[Limit]) -> list[Limit]:
    """The limits with a number; of two that ask the same, the first."""
    kept: dict[tuple[object, ...], Limit] = {}
    for limit in limits:
        if limit.value is not None:
            kept.setdefault((limit.value, limit.unit, threshold_codes().get(limit.id)), limit)
    return list(kept.values())


@cache
def threshold_codes() -> dict[str, tuple[str, ...]]:
    from stslib.content import load_thresholds

    return {threshold.id: threshold.codes for threshold in load_thresholds()}


def limit_name(limit: Limit) -> str:
    """``5 of meer halve dagen B``."""
    if "procent" in limit.unit:
        return f"{whole(limit.value)}\u00a0% of meer afwezigheid"
    codes = "/".join(threshold_codes().get(limit.id, ()))
    twice = ", twee jaar na elkaar" if "twee" in limit.unit else ""
    return f"{whole(limit.value)} of meer halve dagen {codes}".strip() + twice
