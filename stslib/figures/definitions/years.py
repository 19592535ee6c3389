"""The figure that sets this school year beside earlier ones."""

from __future__ import annotations

from stslib.charts.school_year import MONTHS_SHORT
from stslib.charts.years import draw_years
from stslib.figures.definitions.drawn import OF_POSSIBLE, Drawn, alt_text, nothing, what_is_counted, words_of
from stslib.figures.definitions.moments import days_of
from stslib.figures.frames import Frames, Rate, whole_or_none
from stslib.figures.results import Row, rate_of, records, told, year_lines_of, yes
from stslib.figures.wording import cells, listing, percent, sentence, stands_out_note
from stslib.model.figure import Explanation


def years_compared(frames: Frames) -> Drawn:
    """The rate up to the same class day of this school year and earlier ones."""
    words = words_of(frames)
    years = [*frames.earlier_years, frames.school_year]
    asked = frames.filters.asked(frames.school_year)
    status = "late" if frames.filters.late else frames.status
    rows = records(frames.up_to_this_year().compare(status=status, disclosure=frames.policy, **asked))
    why = [
        what_is_counted(
            f"Van elk schooljaar {words.counted} van de eerste tot en met dezelfde lesdag, gedeeld door de mogelijke halve "
            "dagen van die dagen. Lesdagen zijn genummerd, zodat vakanties die verschuiven niets uitmaken."
        ),
        *frames.explain(measure="compare", years=years),
        stands_out_note("dit schooljaar"),
    ]
    why += [Explanation(label=f"Niet vergeleken: {name}", text=text) for name, text in _reasons(rows).items()]
    columns = ("Schooljaar", *words.columns)
    lines = year_lines_of(rows)
    now = next((line for line in lines if line.current), None)
    day = max((place for place, rate in now.points if rate is not None), default=None) if now else None
    if now is None or day is None:
        return nothing("schooljaar", columns, tuple(why))
    on_day = {
        str(row["school_year"]): row for row in rows if yes(row["comparable"]) and whole_or_none(row["school_day"]) == day
    }
    for line in lines:  # a year that is a day or two shorter is compared up to its last day
        on_day.setdefault(line.label, _last_row(rows, line.label))
    rates = {name: _full(row) for name, row in sorted(on_day.items())}
    mine = rates[now.label]
    others = {name: rate for name, rate in rates.items() if name != now.label and rate.rate is not None}
    title = f"Tot en met lesdag {day} van {now.label} is {words.noun} {percent(mine.rate)} van de mogelijke halve dagen"
    if not others:
        hidden = [name for name in rates if name != now.label]
        title += (
            f"; wat het in {listing(hidden)} was, wordt niet getoond"
            if hidden
            else "; er is geen eerder schooljaar om naast te leggen"
        )
    else:
        sides = [("hoger", [name for name, rate in others.items() if mine.above(rate)])]
        sides.append(("lager", [name for name, rate in others.items() if rate.above(mine)]))
        apart = [f"{side} dan in {_listed(names, others)}" for side, names in sides if names]
        same = [name for name in others if not any(name in names for _, names in sides)]
        apart += [f"niet duidelijk anders dan in {_listed(same, others)}"] if same else []
        title += f"; dat is {listing(apart)}"
    return Drawn(
        sentence(title),
        alt_text(
            f"Lijn per schooljaar tot en met lesdag {day}",
            OF_POSSIBLE,
            [f"{name} {percent(rate.rate)}" for name, rate in rates.items()],
        ),
        columns,
        tuple((name, *cells(rate)) for name, rate in reversed(rates.items())),
        tuple(why),
        draw_years(lines, at_day=day, months=_months(frames), axis_label=f"{words.axis} tot die lesdag"),
    )


def _listed(names: list[str], rates: dict[str, Rate]) -> str:
    return listing([f"{name} ({percent(rates[name].rate)})" for name in names])


def _reasons(rows: list[Row]) -> dict[str, str]:
    return {str(row["school_year"]): told(row["why_not"]) for row in rows if told(row["why_not"])}


def _last_row(rows: list[Row], name: str) -> Row:
    return [row for row in rows if str(row["school_year"]) == name][-1]


def _full(row: Row) -> Rate:
    rate = rate_of(row)
    missed, possible = whole_or_none(row["half_days_missed"]), whole_or_none(row["half_days_possible"])
    return Rate((str(row["school_year"]),), missed, possible, rate.rate, rate.low, rate.high, None)


def _months(frames: Frames) -> list[tuple[int, str]]:
    """The class day on which each month of this year begins."""
    starts: dict[tuple[int, int], int] = {}
    for number, day in enumerate(days_of(frames), 1):
        starts.setdefault((day.year, day.month), number)
    return [(number, MONTHS_SHORT[month - 1]) for (_, month), number in starts.items()]
