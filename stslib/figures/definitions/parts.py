"""Figures on the groups of a school beside each other."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from textwrap import fill

from stslib.charts.bars import Bar, draw_bars, draw_intervals
from stslib.figures.definitions.drawn import (
    OF_POSSIBLE,
    Drawn,
    alt_text,
    by_rate,
    guarded,
    none_missed,
    nothing,
    what_is_counted,
    words_of,
)
from stslib.figures.frames import Frames, Rate
from stslib.figures.groups import Group
from stslib.figures.wording import (
    RATE_COLUMNS,
    UNKNOWN,
    cells,
    grade_name,
    ordinal,
    percent,
    sentence,
    stands_out_note,
)


def by_grade(frames: Frames) -> Drawn:
    """Share of possible half days per grade, and per stream or finality within it."""
    total = frames.total()
    grades = [rate for rate in frames.rate(["grade"]) if rate.possible != 0]
    streams = guarded(frames, [rate for rate in frames.rate(["grade", "stream"]) if rate.possible != 0], grades)
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
        return nothing("graad", columns, why, none_missed(frames))
    if not known or total.rate is None:
        return nothing("graad", columns, why, "Zonder klassenbestand is er geen uitsplitsing per graad.")
    highest, lowest = max(known, key=by_rate), min(known, key=by_rate)
    if len(known) == 1:
        title = f"In de {grade_name(highest.key[0])} is {percent(highest.rate)} van de mogelijke halve dagen gemist."
    elif highest.differs_from(lowest):
        title = (
            f"De afwezigheid is het hoogst in de {grade_name(highest.key[0])} ({percent(highest.rate)}) en het laagst in de "
            f"{grade_name(lowest.key[0])} ({percent(lowest.rate)}); voor {frames.whole} is het {percent(total.rate)}."
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
        alt_text("Staafdiagram", OF_POSSIBLE, [f"{group_name(rate)} {percent(rate.rate)}" for _, rate, _ in lines]),
        columns,
        (*((name if top else f"· {name}", *cells(rate)) for name, rate, top in lines), (whole_name(frames), *cells(total))),
        why,
        draw_bars(
            bars,
            axis_label=OF_POSSIBLE,
            reference=total.rate,
            reference_label=f"{whole_name(frames).lower()} {percent(total.rate)}",
        ),
    )


def by_class(frames: Frames) -> Drawn:
    """Share of possible half days per class, in the order of the years: a spread, not a ranking."""
    total = frames.total()
    grades = [rate for rate in frames.rate(["grade"]) if rate.possible != 0]
    rates = [rate for rate in frames.rate(["grade", "year", "class"]) if rate.possible != 0]
    rates = sorted(guarded(frames, rates, grades), key=lambda rate: (rate.key[1] == UNKNOWN, *rate.key))
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
        return nothing("klas", columns, why, none_missed(frames) if total.missed == 0 else "")
    values = sorted(rate.rate or 0 for rate in shown)
    if len(values) >= 4:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        title = (
            f"De helft van de {len(values)} klassen ligt tussen {percent(low)} en {percent(high)}; "
            f"de uitersten zijn {percent(values[0])} en {percent(values[-1])}, {frames.whole} {percent(total.rate)}."
        )
    else:
        title = (
            f"De klassen liggen tussen {percent(values[0])} en {percent(values[-1])}; {frames.whole} op {percent(total.rate)}."
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
            [
                f"laagste {percent(values[0])}",
                f"hoogste {percent(values[-1])}",
                f"{whole_name(frames).lower()} {percent(total.rate)}",
            ],
        ),
        columns,
        (*((rate.key[2], *cells(rate)) for rate in rates), (whole_name(frames), *cells(total))),
        why,
        draw_intervals(
            list(groups.items()),
            axis_label="gemist",
            reference=total.rate,
            reference_label=f"{whole_name(frames).lower()}\n{percent(total.rate)}",
        ),
    )


def group_name(rate: Rate) -> str:
    """A grade, or a stream with its grade."""
    return " ".join([grade_name(rate.key[0]), *rate.key[1:]])


def by_stream(frames: Frames) -> Drawn:
    """Share of possible half days per stream or finality."""
    return _beside(
        frames,
        "stream",
        "De stromen en finaliteiten",
        lambda value: value,
        "Per stroom of finaliteit",
        "Zonder klassenbestand is er geen uitsplitsing per stroom of finaliteit.",
    )


def by_year(frames: Frames) -> Drawn:
    """Share of possible half days per year of study."""
    return _beside(
        frames,
        "year",
        "De leerjaren",
        lambda value: f"{ordinal(value)} jaar" if value.isdigit() else value,
        "Per leerjaar",
        "Zonder klassenbestand is er geen uitsplitsing per leerjaar.",
    )


def whole_name(frames: Frames) -> str:
    """The last row: ``Hele school``, or ``Hele groep``."""
    return sentence(frames.whole.removeprefix("de "))[:-1]


def _beside(frames: Frames, dimension: str, plural: str, name: Callable[[str], str], each: str, unknown: str) -> Drawn:
    """The groups of one dimension beside each other and beside the whole."""
    words = words_of(frames)
    total = frames.total()
    rates = [rate for rate in frames.rate([dimension]) if rate.possible != 0]
    why = (
        what_is_counted(
            f"{each} {words.counted}, gedeeld door de mogelijke halve dagen van die leerlingen. De groepen komen uit het "
            "klassenbestand."
        ),
        *frames.explain([dimension]),
        stands_out_note("de andere groep"),
    )
    columns = ("Groep", *words.columns)
    known = [rate for rate in rates if rate.rate is not None and rate.key[0] != UNKNOWN]
    if total.missed == 0:
        return nothing("groep", columns, why, words.none)
    if not known or total.rate is None:
        return nothing("groep", columns, why, "" if any(rate.key[0] != UNKNOWN for rate in rates) else unknown)
    highest, lowest = max(known, key=by_rate), min(known, key=by_rate)

    def named(rate: Rate) -> str:
        return Group(dimension, rate.key[0]).named

    if len(known) == 1:
        title = f"Enkel van {named(highest)} is er een cijfer te tonen: {percent(highest.rate)}."
    elif highest.differs_from(lowest):
        title = (
            f"Het hoogst ligt {words.noun} in {named(highest)} ({percent(highest.rate)}), het laagst in "
            f"{named(lowest)} ({percent(lowest.rate)}); voor {frames.whole} is het {percent(total.rate)}."
        )
    else:
        title = (
            f"{plural} verschillen niet duidelijk: alle liggen tussen {percent(lowest.rate)} en {percent(highest.rate)} van de "
            "mogelijke halve dagen."
        )
    return Drawn(
        title,
        alt_text("Staafdiagram", OF_POSSIBLE, [f"{name(rate.key[0])} {percent(rate.rate)}" for rate in rates]),
        columns,
        (*((name(rate.key[0]), *cells(rate)) for rate in rates), (whole_name(frames), *cells(total))),
        why,
        draw_bars(
            [Bar(fill(name(rate.key[0]), 30), rate.rate, rate.low, rate.high, note="niet getoond") for rate in rates],
            axis_label=OF_POSSIBLE,
            reference=total.rate,
            reference_label=f"{whole_name(frames).lower()} {percent(total.rate)}",
        ),
    )
