"""The app ``cijfers``: bringing in an export, and the school's figures in the order that a meeting needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stslib.apps.bringing_in import BringingIn
from stslib.apps.figures_shown import STRETCHES, FiguresShown
from stslib.apps.opening import open_asked
from stslib.apps.pupils_shown import PupilsShown
from stslib.apps.school_figures import SchoolFigures, beside
from stslib.apps.sessions import every_instrument, journal_of
from stslib.content import calendars, load_references, load_thresholds
from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.figures_page import FiguresPage, about_figures
from stslib.forms.widgets.intake import Inbox
from stslib.forms.widgets.notice import Notice
from stslib.model.absence import WeeklyGrid
from stslib.text import format_date, format_number

PARTS: tuple[dict[str, Any], ...] = (
    {
        "id": "overzicht",
        "name": "Overzicht",
        "short": "hoeveel?",
        "kind": "figures",
        "title": "Overzicht: hoeveel lestijd wordt er gemist?",
        "question": "Herkennen jullie dit beeld? Wat verwondert jullie, en wat zegt dit getal níét?",
        "figures": ("rate_by_status", "rate_by_code"),
    },
    {
        "id": "wanneer",
        "name": "Wanneer",
        "short": "weken, dagen",
        "kind": "figures",
        "title": "Wanneer wordt er gemist?",
        "question": "Welke weken en welke halve dagen springen eruit? Wat gebeurt er dan op school?",
        "figures": (
            "rate_by_week",
            "calendar",
            "rate_by_weekday_half",
            "rate_by_weekday_week",
            "late_by_week",
            "late_by_weekday",
        ),
    },
    {
        "id": "wie",
        "name": "Wie",
        "short": "bij hoeveel?",
        "kind": "figures",
        "title": "Bij hoeveel leerlingen zit de afwezigheid?",
        "question": "Zit het bij enkelen of bij velen? Vraagt dat iets voor die enkelen, of voor iedereen?",
        "figures": ("distribution", "bands", "spells"),
    },
    {
        "id": "drempels",
        "name": "Drempels",
        "short": "over een grens",
        "kind": "figures",
        "title": "Hoeveel leerlingen zijn over een drempel?",
        "question": "Weten jullie van elk van hen wat er loopt? Een drempel is een regel, geen oordeel.",
        "figures": ("thresholds",),
    },
    {
        "id": "groepen",
        "name": "Groepen",
        "short": "graad, klas",
        "kind": "figures",
        "title": "In welke groepen wordt er meer gemist?",
        "question": "Welke verschillen zijn groter dan het toeval? Wat weten jullie over die groepen?",
        "figures": ("rate_by_grade", "rate_by_year", "rate_by_stream", "rate_by_class", "funnel_by_year", "funnel_by_class"),
    },
    {
        "id": "verandering",
        "name": "Verandering",
        "short": "in de tijd",
        "kind": "figures",
        "title": "Wat verandert er in de tijd?",
        "question": "Wat veranderde er sinds het plan en de acties begonnen? Een streep zegt wanneer, niet waardoor.",
        "figures": ("run_chart", "years_compared"),
    },
    {
        "id": "signalen",
        "name": "Signalen",
        "short": "als vragen",
        "kind": "signals",
        "title": "Vroege signalen, als vragen voor een gesprek",
        "question": "Wie kent het verhaal achter een signaal? Het zegt waar je iets kunt vragen, niet wat er scheelt.",
        "figures": (),
    },
    {
        "id": "focus",
        "name": "Focus",
        "short": "waar inzetten?",
        "kind": "focus",
        "title": "Kandidaten voor de focus",
        "question": "Waar kunnen jullie het meeste betekenen, met wat jullie in handen hebben? Jullie kiezen; de cijfers niet.",
        "figures": (),
    },
)
"""The figures in the order that a meeting needs, with a question for the team above each part."""

STATUSES = (("unlawful", "ongewettigd"), ("lawful", "gewettigd"), ("open", "reden nog niet gekend"), ("late", "te laat"))


def open_page(session: str | None = None) -> FiguresPage | Notice:
    """The figures beside the session that is asked for: ``?sessie=ID`` of the request, else *session*.

    In JupyterLab, where no request comes, the session that was made last opens when none is named. A missing or unknown id
    gives a notice that says what to do.
    """
    return open_asked(session, figures_page)


def figures_page(session: str, data: Path) -> FiguresPage:
    """The page with all figures of the school of a session.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        StoreError: the journal cannot be opened.
        ContentError: the content has faults.
    """
    from stslib.absences.reading.limits import MAX_FILE_BYTES

    instruments = every_instrument(data)
    state = FormState(journal_of(data), session, instruments[0], others=instruments[1:])
    school = state.trajectory.school
    inbox = Inbox(data / "incoming", MAX_FILE_BYTES)
    kept = SchoolFigures(state, data)
    shown = FiguresShown(data, state, {part["id"]: part["figures"] for part in PARTS})
    pupils = PupilsShown(data, school)

    def changed() -> None:
        pupils.forget()
        page.stored = stored_years(data, school)
        _find_groups(page, data, school)

    bringing = BringingIn(data, school, inbox, changed=changed)
    files = dict.fromkeys(("look", "read", "keep", "drop", "rejected", "compare"), bringing.ask)
    live = dict.fromkeys(("signals", "focus", "list"), pupils.ask)
    answers = {"ask": kept.ask, "pin": kept.pin, "figures": shown.ask, "stop": bringing.stop, "hide": pupils.hide}
    page = FiguresPage(
        state,
        about_figures(state, PARTS, _choices(state)),
        answers={**answers, **files, **live},
        inbox=inbox,
        on_shown=lambda: beside(_find_groups, page, data, school),
    )
    page.stored = stored_years(data, school)
    kept.form = shown.form = bringing.form = pupils.form = page
    return page


def stored_years(data: Path, school: str) -> list[dict[str, str]]:
    """The newest version of every school year that is kept, oldest year first."""
    from stslib.absences import stored_versions

    newest = {version.school_year: version for version in stored_versions(data, school)}
    return [
        {
            "school_year": year,
            "told": f"{year}: {version.name}, {format_number(version.pupils)} leerlingen, bewaard tot "
            f"{format_date(version.keep_until)}.",
        }
        for year, version in sorted(newest.items())
    ]


def _find_groups(page: FiguresPage, data: Path, school: str) -> None:
    from stslib.figures import choices_of

    if page.stored:
        try:
            page.groups = [choice.model_dump(mode="json") for choice in choices_of(data, school)]
        except StsError:
            page.groups = []  # the figures themselves say what is wrong


def _choices(state: FormState) -> dict[str, Any]:
    from stslib.absences.reading.headers import KINDS, ROLE_NAMES

    years = [calendar.school_year for calendar in calendars()][::-1]
    year = state.trajectory.school_year
    return {
        "school_years": years,
        "proposed_year": year if year in years else years[0],
        "statuses": [list(pair) for pair in STATUSES],
        "stretches": [list(pair) for pair in STRETCHES],
        "references": _references(),
        "grid": WeeklyGrid().model_dump(mode="json"),
        "roles": {kind: [[role, ROLE_NAMES[role]] for role in roles] for kind, roles in KINDS.items()},
        "role_names": dict(ROLE_NAMES),
    }


def _references() -> list[dict[str, str]]:
    """Published figures for Flanders as sentences, newest school year first, each with its date and its source."""
    rules = {rule.id: rule.rule for rule in load_thresholds()}
    figures = sorted(load_references(), key=lambda one: one.school_year, reverse=True)
    return [
        {
            "text": f"{one.school_year}: {format_number(one.percent, 2 if one.percent < 1 else 1)} % van de {one.population}.",
            "rule": rules.get(one.threshold, ""),
            "note": one.note,
            "source": f"{one.source}, gepubliceerd op {format_date(one.published)}",
        }
        for one in figures
    ]
