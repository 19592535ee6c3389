"""What a rule with a number asks of half days, and when they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from stslib.model.absence import Threshold

ILLNESS, DOCTOR = "Z", "D"
"""An export in which only the first occurs does not tell parents' notes from doctors'."""


class Family(StrEnum):
    """How a rule is counted."""

    YEAR = "year"
    """Half days in a school year."""
    TWO_YEARS = "two years"
    """Half days in each of two school years in a row."""
    ILL = "ill"
    """Half days ill in a school year, where the rule is about a chronic illness."""
    PERCENT = "percent"
    """Half days as a percentage of the pupil's possible half days."""
    SPELL = "spell"
    """Calendar days of the longest spell."""
    SPELLS = "spells"
    """Number of spells: each needs at least one note."""
    PRESENT = "present"
    """Half days present, by an age that is not known."""
    OTHER = "other"
    """A unit that half days cannot tell."""


COUNTED: Mapping[Family, str] = {
    Family.YEAR: "halve dagen in het schooljaar",
    Family.TWO_YEARS: "halve dagen in elk van de twee schooljaren",
    Family.ILL: "halve dagen ziek in het schooljaar; of de ziekte chronisch is, zeggen ze niet",
    Family.PERCENT: "percentage van de mogelijke halve dagen van de leerling",
    Family.SPELL: "langste ononderbroken periode in kalenderdagen, van de eerste tot de laatste gemiste dag",
    Family.SPELLS: "ononderbroken periodes; elke periode vroeg minstens één briefje",
    Family.PRESENT: "",
    Family.OTHER: "",
}
"""What was counted, for the person who reads the number."""

NO_NUMBER = "Het getal van deze regel is nog niet bekend."
NO_AGE = "De leeftijd is niet bekend: geboortedatums worden bij het inlezen weggelaten."
NO_DOCTOR = "De export kent geen code D, dus briefjes van ouders en van artsen zijn niet uit elkaar te houden."
NO_YEAR_BEFORE = "Van het schooljaar ervoor zijn er geen cijfers die aan dezelfde leerlingen te koppelen zijn."
NO_DAYS = "De export geeft alleen totalen per leerling, geen dagen."
NO_POSSIBLE = "De export geeft alleen totalen per leerling: van hoeveel mogelijke halve dagen, is niet bekend."
NO_UNIT = "Halve dagen zeggen niets over deze regel."


def family_of(rule: Threshold) -> Family:
    """How *rule* is counted, from its unit."""
    unit = rule.unit.casefold().replace("_", " ")
    if unit.startswith(("procent", "percent", "%")):
        return Family.PERCENT
    if "aanwezig" in unit or "present" in unit:
        return Family.PRESENT
    if not rule.codes:
        return Family.OTHER
    if unit.startswith("kalenderdagen"):
        return Family.SPELL
    if unit.startswith("briefjes"):
        return Family.SPELLS
    if unit.startswith("per aantal halve dagen"):
        return Family.ILL
    if unit.startswith(("halve dag", "half day")):
        if "twee schooljaren" in unit or "two" in unit:
            return Family.TWO_YEARS
        if unit in ("half days", "halve dagen") or "schooljaar" in unit or "year" in unit:
            return Family.YEAR
    return Family.OTHER


def first_over(rule: Threshold) -> int:
    """The first number that is over the rule: its value, or the next one when the rule says how many are still allowed."""
    return (rule.value or 0) + ("hoogstens" in rule.rule.casefold())


def of_parents(rule: Threshold) -> bool:
    """Whether the rule is about parents' notes: it counts illness without a doctor's note."""
    return family_of(rule) in (Family.SPELL, Family.SPELLS) and ILLNESS in rule.codes and DOCTOR not in rule.codes


def rules_in_force(thresholds: Sequence[Threshold], years: Mapping[int, tuple[date, date]]) -> list[tuple[int, Threshold]]:
    """The rules that hold in each school year, with its start year; also those that half days cannot tell.

    Args:
        thresholds: the table.
        years: start year -> first and last day of the school year.
    """
    return [
        (year, rule)
        for year, (first, last) in years.items()
        for rule in thresholds
        if (rule.valid_from is None or rule.valid_from <= last) and (rule.valid_to is None or rule.valid_to >= first)
    ]


def long_days(thresholds: Sequence[Threshold]) -> int | None:
    """From how many calendar days on illness is long: the rule on lessons at home. None when the table has no such rule."""
    values = [
        rule.value for rule in thresholds if rule.value is not None and family_of(rule) is Family.SPELL and not of_parents(rule)
    ]
    return max(values, default=None)
