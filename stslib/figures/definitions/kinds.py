"""Figures on what is counted: per absence code, and per status."""

from __future__ import annotations

import re
from functools import cache
from textwrap import fill

from stslib.charts.bars import Bar, draw_bars
from stslib.figures.definitions.drawn import (
    OF_POSSIBLE,
    STATUS_NAMES,
    Drawn,
    alt_text,
    none_missed,
    nothing,
    what_is_counted,
)
from stslib.figures.frames import Frames
from stslib.figures.wording import (
    RATE_COLUMNS,
    cells,
    listing,
    percent,
    sentence,
)


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
        return nothing("code", ("Code", *RATE_COLUMNS), why, none_missed(frames))
    if not shown or total.rate is None or not total.missed:
        return nothing("code", ("Code", *RATE_COLUMNS), why)
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
        return nothing("soort", columns, why, none_missed(frames) if total.missed == 0 else "")
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


@cache
def _code_names() -> dict[str, str]:
    from stslib.content import load_codes

    return {code.code: code.meaning for code in load_codes()}


def _label(code: str, names: dict[str, str]) -> str:
    """``Z – ziekte``: the meaning up to its first comma, colon or semicolon."""
    meaning = re.split("[,:;(]", names.get(code, ""))[0].strip()
    sign = code if code.isalnum() else f"‘{code}’"
    return f"{sign} – {meaning[:1].lower()}{meaning[1:]}" if meaning else sign
