"""The Dutch of signals: a label, a question for a conversation, and what each number was compared with."""

from __future__ import annotations

from typing import NamedTuple

from stslib.model.source import Source
from stslib.text import WEEKDAYS, format_number, format_percent

FIXED_MOMENT = "fixed-moment"
FREE_DAYS = "free-days"
GROWING = "growing"
AGAIN = "again-after-spell"
SHORT_SPELLS = "short-spells"
GROWING_LATE = "growing-late"
MOSTLY_LAWFUL = "mostly-lawful"

LABELS = {
    FIXED_MOMENT: "Vaker afwezig op een vaste dag of een vast dagdeel",
    FREE_DAYS: "Vaker afwezig net voor of net na een weekend of vakantie",
    GROWING: "Meer afwezig in de laatste schoolweken dan daarvoor",
    AGAIN: "Kort na een langere afwezigheid opnieuw afwezig",
    SHORT_SPELLS: "Veel korte afwezigheden",
    GROWING_LATE: "Vaker te laat in de laatste schoolweken dan daarvoor",
    MOSTLY_LAWFUL: "Veel afwezig, en het meeste is gewettigd",
}
"""Id of a signal -> its name on a page, in the order in which they are shown."""

_SIGNS = Source(document="preventieplan-afwezigheden", part="Fase 1, doelstelling 7")


class Shortcoming(NamedTuple):
    """An early sign that half days do not show: a Dutch sentence, and where the sign is named."""

    text: str
    source: Source


NOT_IN_DATA = tuple(
    Shortcoming(text, _SIGNS)
    for text in (
        "Of de punten zakken of tegenvallen, staat niet in halve dagen.",
        "Of een leerling van school veranderde of een jaar overdeed, vertelt een export van dit schooljaar niet.",
        "Of een leerling stiller wordt, of net drukker, zien alleen mensen.",
        "Lichamelijke klachten op school, en de vraag om naar huis te bellen, staan niet in het register.",
        "Aarzelen of blokkeren bij een vak of een leraar is niet te zien: halve dagen kennen geen lesuren.",
        "Of een leerling zich terugtrekt uit de groep, zien klasgenoten en leraren, niet de cijfers.",
        "Hoe moeilijk het terugkomen valt voor wie er wél is, blijft buiten beeld: alleen wegblijven wordt geteld.",
    )
)

_HALVES = {"VM": "voormiddag", "NM": "namiddag"}
_EDGES = {
    ("before", "weekend"): ("de laatste schooldag voor een weekend", "Wat maakt die dag moeilijk?"),
    ("after", "weekend"): ("de eerste schooldag na een weekend", "Hoe verloopt de terugkeer dan?"),
    ("before", "holiday"): ("de laatste schooldag voor een vakantie of vrije dag", "Wat speelt er dan?"),
    ("after", "holiday"): ("de eerste schooldag na een vakantie of vrije dag", "Hoe verloopt de terugkeer dan?"),
}


def told_times(number: int) -> str:
    """``1 keer op 4.000``: a small chance as people say it, rounded to one digit."""
    return format_number(number) if number < 10 else format_number(round(number, 1 - len(str(number))))


def told_chance(chance: float) -> str:
    """How rare something is by chance alone."""
    times = int(min(1 / chance, 1_000_000)) if chance > 0 else 1_000_000
    return f"minder dan 1 keer op {told_times(times)}" if times >= 1_000_000 else f"ongeveer 1 keer op {told_times(times)}"


def _promise(share: float) -> str:
    return (
        f"Over alle leerlingen samen is gemiddeld hoogstens {format_percent(share, 0)} van de signalen van deze soort toeval."
    )


def by_chance(absent: str, chance: float, share: float) -> str:
    """What a striking time is compared with: the same absences, spread at random."""
    return (
        f"Vergeleken met deze leerling zelf: vallen {absent} willekeurig over het schooljaar, dan is dit "
        f"{told_chance(chance)} te zien. {_promise(share)}"
    )


def growth_by_chance(what: str, chance: float, share: float) -> str:
    """What growth is compared with: the same periods, each at a random time."""
    return (
        f"Vergeleken met deze leerling zelf: valt elke {what} op een willekeurig moment van het schooljaar, dan is dit "
        f"{told_chance(chance)} te zien. {_promise(share)}"
    )


def moment_name(kind: str) -> str:
    """``1`` -> maandag, ``1 VM`` -> maandagvoormiddag, ``NM`` -> de namiddag."""
    day, _, half = kind.partition(" ")
    if day in _HALVES:
        return f"de {_HALVES[day]}"
    return WEEKDAYS[int(day) - 1] + _HALVES.get(half, "")


def ask_moment(kind: str, missed: int, possible: int, other_rate: float) -> str:
    """The question about a fixed weekday or half day."""
    name = moment_name(kind)
    if " " in kind:
        seen, others = f"Op {name} is deze leerling {missed} van de {possible} keer afwezig", "op andere momenten"
    elif kind in _HALVES:
        seen, others = f"In {name} is deze leerling {missed} van de {possible} keer afwezig", "in de andere helft van de dag"
    else:
        seen = f"Op {name} is deze leerling {missed} van de {possible} schooldagen afwezig, minstens een halve dag"
        others = "op andere dagen"
    return f"{seen}; {others} {format_percent(other_rate, 0)}. Weten jullie wat er dan speelt?"


def ask_edge(side: str, free: str, missed: int, possible: int, other_rate: float) -> str:
    """The question about the days around weekends and holidays."""
    when, question = _EDGES[side, free]
    return (
        f"Op {when} is deze leerling {missed} van de {possible} keer afwezig; op andere schooldagen "
        f"{format_percent(other_rate, 0)}. {question}"
    )


def ask_growth(weeks: int, missed: int, possible: int, rate_before: float) -> str:
    """The question about growing absence."""
    return (
        f"In de laatste {weeks} schoolweken miste deze leerling {missed} van de {possible} mogelijke halve dagen; daarvoor "
        f"{format_percent(rate_before, 0)}. Wat is er sindsdien veranderd?"
    )


def ask_late(weeks: int, days: int, days_before: int, weeks_before: int) -> str:
    """The question about growing lateness."""
    earlier = "op geen enkele dag" if days_before == 0 else "op 1 dag" if days_before == 1 else f"op {days_before} dagen"
    return (
        f"In de laatste {weeks} schoolweken kwam deze leerling op {days} dagen te laat; in de {weeks_before} schoolweken "
        f"daarvoor {earlier}. Wat maakt op tijd komen nu moeilijker?"
    )


def ask_again(times: int, spells: int, days: int, within: int) -> str:
    """The question about a return that did not last."""
    how = "één keer" if times == 1 else f"{times} keer"
    of = "" if spells == times == 1 else f" ({how} op {spells})"
    return (
        f"Na een afwezigheid van {days} schooldagen of meer was deze leerling binnen {within} schooldagen opnieuw "
        f"afwezig{of}. Hoe verliep de terugkeer, en wat kan de volgende keer helpen?"
    )


def again_rule(share: float, within: int) -> str:
    """What coming back is compared with."""
    return (
        f"Dit is een regel, geen kansrekening. Ter vergelijking: in een willekeurige reeks van {within} schooldagen begint bij "
        f"deze leerling met een kans van {format_percent(share, 0)} een nieuwe afwezigheid."
    )


def ask_short(spells: int, days: int) -> str:
    """The question about many short spells."""
    return (
        f"Deze leerling was {spells} keer kort afwezig, telkens hoogstens {days} schooldagen. Hebben jullie zicht op wat er "
        "telkens aan de hand was?"
    )


def short_rule(least: int, median: float) -> str:
    """What many short spells are compared with."""
    usual = format_number(median, 0 if float(median).is_integer() else 1)
    return (
        f"Dit is een regel (vanaf {least} keer), geen kansrekening. De helft van de leerlingen op school heeft hoogstens "
        f"{usual} zulke korte afwezigheden."
    )


def ask_lawful(rate: float, lawful_share: float) -> str:
    """The question about much lawful absence."""
    return (
        f"Deze leerling miste {format_percent(rate)} van de mogelijke halve dagen; {format_percent(lawful_share, 0)} "
        "daarvan is gewettigd. Wie ging al met deze leerling en de ouders na wat er nodig is?"
    )


def lawful_rule(limit: float, school_rate: float) -> str:
    """What much lawful absence is compared with."""
    return (
        f"Dit is een regel (meer dan {format_percent(limit, 0)} van de mogelijke halve dagen, welke code ook: een "
        f"internationale afspraak, geen Vlaamse regel), geen kansrekening. De hele school mist {format_percent(school_rate)}."
    )


def provisional_note(half_days: int) -> str:
    """A sentence to put after a question, empty when nothing can change."""
    if not half_days:
        return ""
    many = "1 halve dag" if half_days == 1 else f"{half_days} halve dagen"
    return f" De code van {many} uit de laatste veertien dagen kan nog veranderen."
