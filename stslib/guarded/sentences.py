"""A refusal in Dutch: what is wrong is the same whoever reads the file, what to do about it is for the reader to say."""

from __future__ import annotations

from collections.abc import Mapping

from stslib.guarded.answer import RefusedError
from stslib.text import format_number

Sentences = Mapping[str, tuple[str, str]]
"""Reason -> what is wrong and what to do; what is wrong may count the facts of the refusal by name."""

FACTS: Mapping[str, str] = {
    "empty": "Het bestand is leeg.",
    "binary": "Dit is geen tekstbestand en geen Excel-bestand.",
    "web_page": "Dit is een webpagina of XML, geen tabel.",
    "sylk": "Dit is een rekenblad als tekst (SYLK), ook al heet het misschien .xls of .csv.",
    "old_workbook": "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord.",
    "other_workbook": "Dit is een rekenblad van een ander type (.ods of .xlsb).",
    "not_a_workbook": "Dit bestand is ingepakt maar is geen Excel-bestand.",
    "damaged_workbook": "Dit Excel-bestand is beschadigd.",
    "password": "Dit Excel-bestand heeft een wachtwoord.",
    "nested": "In dit Excel-bestand zit een ander bestand ingepakt.",
    "bomb": "Dit Excel-bestand wordt uitgepakt veel te groot.",
    "entities": "Dit Excel-bestand bevat verwijzingen die er niet in horen.",
    "memory": "Dit bestand vraagt te veel geheugen om te lezen.",
    "time": "Het lezen van dit bestand duurt te lang.",
    "crash": "Dit bestand kon niet gelezen worden: het lezen stopte onverwacht.",
    "too_large": "Het bestand is {size} MB groot; hier kan hoogstens {most} MB gelezen worden.",
    "too_many_rows": "Het bestand telt {rows} rijen; hier kunnen er hoogstens {most} gelezen worden.",
    "far_cell": "Er staat iets ver van de tabel: kolom {columns}, rij {rows}.",
}

REMEDIES: Mapping[str, str] = {
    "sylk": "Open het in Excel en bewaar het als .xlsx.",
    "old_workbook": "Open het in Excel, haal het wachtwoord weg en bewaar het als .xlsx.",
    "not_a_workbook": "Kies een .csv- of .xlsx-bestand; pak een .zip eerst uit.",
    "password": "Bewaar het zonder wachtwoord en probeer nog eens.",
    "far_cell": "Verwijder alles naast en onder de tabel, of kopieer de tabel naar een nieuw rekenblad.",
}


def of_reader(remedies: Mapping[str, str], facts: Mapping[str, str] | None = None) -> Sentences:
    """The sentences of one reader.

    Args:
        remedies: what to do, for every reason that ``REMEDIES`` leaves to the reader.
        facts: what is wrong, for reasons of the reader's own, and where it says a common one in other words.

    Raises:
        KeyError: a reason has no remedy.
    """
    wrong, right = {**FACTS, **(facts or {})}, {**REMEDIES, **remedies}
    return {reason: (fact, right[reason]) for reason, fact in wrong.items()}


def too_large(size: int, most: int, decimals: int = 0) -> RefusedError:
    """The refusal of a file of *size* bytes where it may have *most*."""
    return RefusedError("too_large", size=format_number(size / 1_000_000, decimals), most=format_number(most / 1_000_000))


def told(refused: RefusedError, known: Sentences, **more: int | str) -> tuple[str, str]:
    """What is wrong and what to do; a number among *more* and the facts is written as people here write it."""
    fact, remedy = known.get(refused.reason, known["crash"])
    counted = {**more, **refused.facts}
    return fact.format_map(
        {name: format_number(value) if isinstance(value, int) else value for name, value in counted.items()}
    ), remedy
