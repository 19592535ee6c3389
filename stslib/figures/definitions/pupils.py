"""Figures that count pupils, never who."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from textwrap import fill

from stslib.charts.bars import CountBar, draw_counts
from stslib.charts.distribution import draw_bands, draw_distribution
from stslib.figures.definitions.drawn import (
    Drawn,
    alt_text,
    nothing,
    what_is_counted,
)
from stslib.figures.frames import Frames, Limit, share_or_none, whole_or_none
from stslib.figures.results import bands_of, carried_of, rate_of, records
from stslib.figures.wording import (
    HIDDEN,
    interval,
    percent,
    sentence,
    whole,
)
from stslib.model.figure import Explanation
from stslib.text import format_percent


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
        *(
            Explanation(label="Niet te bepalen", text=f"{reason} Dat geldt voor: {'; '.join(rules)}.")
            for reason, rules in frames.untold_rules().items()
        ),
    )
    columns = ("Grens", "Aan of over de grens", "Dicht bij de grens", "Leerlingen in totaal", "Regel")
    if not limits:
        return nothing("grens", columns, why)
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


def distribution(frames: Frames) -> Drawn:
    """Who carries how much: the share of half days beside the share of pupils, heaviest first."""
    rows = records(frames.result("distribution"))
    points = carried_of(rows)
    what = _counted(frames)
    why = (
        what_is_counted(
            f"De leerlingen op volgorde van hun {what}, wie het meest heeft eerst; bij elk deel van de leerlingen het deel "
            f"van alle {what} dat ze samen dragen. Nooit wie."
        ),
        *frames.explain(measure="distribution"),
    )
    columns = ("Leerlingen met de meeste halve dagen", "Deel van de halve dagen")
    first = rows[0] if rows else {}
    total, pupils = whole_or_none(first.get("half_days_missed")), whole_or_none(first.get("pupils"))
    if total == 0:
        return nothing("leerling", columns, why, f"In {frames.school_year} zijn er geen {what}.")
    if all(point.half_days is None for point in points):
        return nothing("leerling", columns, why, "Hoe de halve dagen verdeeld zijn, wordt niet getoond: het zijn er te weinig.")
    carriers = whole_or_none(first.get("pupils_for_half"))
    half = carriers / pupils if carriers is not None and pupils else None
    heaviest, middle = share_or_none(first.get("share_heaviest")), share_or_none(first.get("share_middle"))
    if half is None:
        title = f"De {what} zijn ongelijk verdeeld; hoeveel leerlingen er de helft van dragen, wordt niet getoond."
    else:
        title = f"{whole(carriers)} van de {whole(pupils)} leerlingen ({_rounded(half)}) dragen samen de helft van alle {what}."
    told = [(f"{_rounded(point.pupils)}", percent(point.half_days)) for point in points]
    extra = [("Samen de helft", HIDDEN if carriers is None else f"{whole(carriers)} leerlingen")]
    if heaviest is not None and middle is not None:
        extra += [("De zwaarste tiende", percent(heaviest)), ("Het midden, van een tiende tot de helft", percent(middle))]
    return Drawn(
        title,
        alt_text(
            "Kromme",
            f"deel van de {what} dat een deel van de leerlingen draagt",
            [f"{name}: {cell}" for name, cell in told[:10]],
        ),
        columns,
        (*told, *extra),
        why,
        draw_distribution(points, half=half, axis_label=f"deel van de {what}"),
    )


def bands(frames: Frames) -> Drawn:
    """How many pupils have how many half days."""
    rows = records(frames.result("bands", status=None))
    found = bands_of(rows)
    what = "halve dagen B"
    why = (
        what_is_counted(
            f"Aantal leerlingen per band van {what} in {frames.school_year}, nooit wie. Elke leerling telt één keer."
        ),
        *frames.explain(measure="bands"),
    )
    columns = (sentence(what)[:-1], "Leerlingen", "Deel van de leerlingen", "95 %-interval")
    pupils = next((count for row in rows if (count := whole_or_none(row["pupils"])) is not None), None)
    if not any(band.pupils is not None for band in found):
        return nothing("band", columns, why)
    none, most = found[0], found[-1]
    first = (
        f"Van {whole(none.pupils)} van de {whole(pupils)} leerlingen zijn er in {frames.school_year} geen {what}"
        if none.pupils is not None and none.label == "0"
        else f"Hoeveel leerlingen geen {what} hebben, wordt niet getoond"
    )
    last = (
        ("niemand heeft" if most.pupils == 0 else f"{whole(most.pupils)} hebben") + f" er {most.label}"
        if most.pupils is not None
        else f"hoeveel er {most.label} hebben, wordt niet getoond"
    )
    return Drawn(
        f"{first}; {last}.",
        alt_text("Staafdiagram per band", "aantal leerlingen", [f"{band.label}: {whole(band.pupils)}" for band in found]),
        columns,
        tuple(
            (band.label, whole(band.pupils), percent(share_or_none(row["rate"])), interval(rate_of(row)))
            for band, row in zip(found, rows, strict=True)
        ),
        why,
        draw_bands(found),
    )


def _counted(frames: Frames) -> str:
    if frames.filters.late:
        return "halve dagen te laat"
    kinds = {
        "unlawful": "ongewettigde halve dagen",
        "lawful": "gewettigde halve dagen",
        "open": "halve dagen zonder gekende reden",
    }
    return kinds.get(frames.status or "", "gemiste halve dagen")


def _rounded(share: float) -> str:
    return format_percent(share, 0 if share >= 0.02 or not share else 1)
