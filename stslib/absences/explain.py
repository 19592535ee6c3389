"""Behind "waarom dit getal?": what was counted, over which days, out of what, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from stslib.absences.counted import Asked
from stslib.absences.indicators.dimensions import counted_codes
from stslib.absences.tables import SchoolYearFacts
from stslib.model.absence import AbsenceCode, Status
from stslib.model.figure import Explanation
from stslib.text import format_date, format_number

STATUS_WORDS = {
    None: "alle codes die als afwezig tellen",
    Status.UNLAWFUL: "ongewettigd",
    Status.LAWFUL: "gewettigd",
    Status.OPEN: "reden nog onbekend",
    Status.LATE: "te laat",
    Status.NEUTRAL: "neutraal",
}

POLICY_WORDS = {
    "room": "Groepen van minder dan 5 leerlingen zijn niet getoond.",
    "record": (
        "Aantallen van 1 tot 4 en percentages van minder dan 10 leerlingen zijn niet getoond, "
        "en ook niet wat daaruit zou volgen."
    ),
    "shared": (
        "Over scholen heen: aantallen van 1 tot 7 zijn niet getoond en de andere zijn afgerond op 5; een groep telt minstens "
        "10 leerlingen en 5 scholen, en geen school is er meer dan de helft van."
    ),
}

DIMENSION_WORDS = {
    "school": "school",
    "level": "niveau",
    "grade": "graad",
    "year": "leerjaar",
    "stream": "stroom of finaliteit",
    "class": "klas",
    "school_year": "schooljaar",
    "month": "maand",
    "week": "week",
    "weekday": "weekdag",
    "half": "dagdeel",
}
"""How a dimension is called."""


def code_lines(asked: Asked, codes: Sequence[AbsenceCode], rule_codes: Sequence[str]) -> list[tuple[str, str]]:
    """Which codes were counted."""
    if asked.measure == "thresholds":
        used = ", ".join(rule_codes) or "geen"
        return [("Codes", f"per drempel de codes van de regel: {used}; bij een percentage alle afwezigheid")]
    status = Status.LATE if asked.measure == "late" else Status(asked.status) if asked.status else None
    if asked.measure == "bands" and dict(asked.options).get("of", "B") == "B":
        status = Status.UNLAWFUL
    chosen = counted_codes(codes, status)
    text = f"{STATUS_WORDS[status]}: {', '.join(code.code for code in chosen) or 'geen'}"
    apart = [code.code for code in chosen if code.shown_apart]
    return [("Codes", f"{text}; ook apart te zien: {', '.join(apart)}" if apart and status is None else text)]


def period_lines(asked: Asked, years: Sequence[SchoolYearFacts]) -> list[tuple[str, str]]:
    """Over which days, and of which part of the school."""
    spans: dict[str, None] = {}
    for year in years:
        first = max(year.first, asked.period[0]) if asked.period else year.first
        last = min(year.last, asked.period[1]) if asked.period else year.last
        if first <= last:
            spans[f"{year.school_year}: {format_date(first)} tot en met {format_date(last)}"] = None
    lines = [("Periode", "; ".join(spans) or "geen enkele dag")]
    schools = {year.school for year in years}
    if len(schools) > 1:
        lines.append(("Scholen", format_number(len(schools))))
    if asked.where:
        parts = [f"{DIMENSION_WORDS.get(name, name)} {', '.join(map(str, values))}" for name, values in asked.where]
        lines.append(("Alleen", "; ".join(parts)))
    return lines


def denominator_lines(possible: int, pupils: int) -> list[tuple[str, str]]:
    """Out of what."""
    return [
        (
            "Mogelijke halve dagen",
            f"{format_number(possible)} in het geheel: lestijd van elke leerling terwijl die ingeschreven was, "
            "zonder vakanties en vrije dagen",
        ),
        ("Leerlingen", f"{format_number(pupils)} ingeschreven in deze periode"),
    ]


def excluded_lines(years: Sequence[SchoolYearFacts]) -> list[tuple[str, str]]:
    """What the files held and no figure counts."""
    reports = [year.report for year in years if year.report is not None]
    lines = []
    if reports:
        rejected, rows = sum(report.rejected for report in reports), sum(report.rows for report in reports)
        parts = [f"{format_number(rejected)} van {format_number(rows)} rijen geweigerd bij het inlezen"]
        reasons, unknown = Counter[str](), Counter[str]()
        for report in reports:
            reasons.update(report.rejections)
            unknown.update(report.unknown_codes)
        parts.extend(f"{format_number(count)}: {reason.rstrip('.').lower()}" for reason, count in list(reasons.items())[:3])
        if unknown:
            named = ", ".join(f"{code} ({format_number(count)})" for code, count in list(unknown.items())[:8])
            parts.append(f"halve dagen met een onbekende code: {named}")
        lines.append(("Niet meegeteld", "; ".join(parts)))
    if any(not year.enrolment_known for year in years):
        lines.append(
            (
                "Inschrijvingen",
                "geen inschrijvingsbestand: elke leerling van de export telt het hele jaar mee, en wie nooit afwezig was "
                "ontbreekt; het percentage valt daardoor te hoog uit",
            )
        )
    if any(year.shape == "totals" for year in years):
        lines.append(
            ("Niet te bepalen", "van een export met totalen per leerling zijn geen dagen gekend: dat jaar telt hier niet mee")
        )
    return lines


def provisional_lines(provisional_from: date, half_days: int) -> list[tuple[str, str]]:
    """What may still change."""
    return [
        (
            "Voorlopig",
            f"B en - vanaf {format_date(provisional_from)} kunnen nog veranderen ({format_number(half_days)} halve dagen)",
        )
    ]


def closing_lines(asked: Asked, policy: str) -> list[tuple[str, str]]:
    """How sure it is, and what is hidden."""
    lines = []
    if asked.measure != "thresholds":
        lines.append(
            ("Interval", "95 % volgens Wilson; halve dagen van één leerling hangen samen, dus de onzekerheid is groter")
        )
    if policy in POLICY_WORDS:
        lines.append(("Afscherming", POLICY_WORDS[policy]))
    return lines


def as_explanations(lines: Sequence[tuple[str, str]]) -> tuple[Explanation, ...]:
    """The lines as a card shows them."""
    return tuple(Explanation(label=label, text=text) for label, text in lines)
