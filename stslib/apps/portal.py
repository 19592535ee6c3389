"""The app ``start``: trajectories, their sessions, and the way to a new one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from stslib.apps.portal_archives import PortalArchives
from stslib.apps.request import wait_for_request
from stslib.apps.sessions import every_instrument, journal_of
from stslib.apps.stored_figures import StoredFigures
from stslib.content import calendars, wording_problem
from stslib.errors import FormError, StsError
from stslib.forms.trajectory import Moment, TrajectoryState, dated_blocks
from stslib.forms.widgets.notice import Notice
from stslib.forms.widgets.portal import Portal
from stslib.model.instrument import Instrument, Province, SchoolLevel
from stslib.model.session import ACTION_PREFIX, SESSION_ITEM, Journal, Session
from stslib.paths import data_folder
from stslib.store import SqlJournal
from stslib.store.overview import Glance, glances
from stslib.text import format_date

LEVELS = {
    SchoolLevel.NURSERY: "kleuteronderwijs",
    SchoolLevel.PRIMARY: "lager onderwijs",
    SchoolLevel.SECONDARY: "secundair onderwijs",
    SchoolLevel.SPECIAL_PRIMARY: "buitengewoon basisonderwijs",
    SchoolLevel.SPECIAL_SECONDARY: "buitengewoon secundair onderwijs",
}
PROVINCES = {
    Province.ANTWERP: "Antwerpen",
    Province.LIMBURG: "Limburg",
    Province.EAST_FLANDERS: "Oost-Vlaanderen",
    Province.FLEMISH_BRABANT: "Vlaams-Brabant",
    Province.WEST_FLANDERS: "West-Vlaanderen",
    Province.BRUSSELS: "Brussel",
}
_LONGEST_NAME = 120


def open_portal() -> Portal | Notice:
    """The portal of this machine's data folder, or a notice that says why it cannot be shown."""
    with suppress(StsError):  # read ahead; what is wrong with it is told once somebody looks
        every_instrument(data_folder())
    wait_for_request()
    try:
        data = data_folder()
        journal = journal_of(data)
        instruments = every_instrument(data)

        def listed() -> list[dict[str, Any]]:
            return list_trajectories(journal, instruments, today=date.today())

        def begun(*asked: Any) -> str:
            session = _new_trajectory(journal, *asked)
            portal.trajectories = listed()
            return session.id

        def continued(trajectory: str) -> str:
            session = journal.create_session(trajectory)
            portal.trajectories = listed()
            return session.id

        def shown_again() -> None:
            portal.trajectories = listed()

        def known(trajectory: str) -> bool:
            return any(one.id == trajectory for one in journal.trajectories())

        stored = StoredFigures(data)
        archives = PortalArchives(data, known=known, changed=shown_again)
        problem = wording_problem(data)
        portal = Portal(
            listed(),
            choices(),
            create_trajectory=begun,
            create_session=continued,
            figures=stored.shown(),
            keep_longer=stored.keep_longer,
            remove_figures=stored.remove,
            warning=str(problem) if problem else "",
            begin_work=archives.begin,
            stop_work=archives.stop,
            read_archive=archives.read,
            on_shown=lambda: archives.look([one["id"] for one in portal.trajectories]),
        )
        archives.tell = portal.tell
    except StsError as error:
        return Notice(title=error.fact, text=error.remedy)
    return portal


def current_school_year(today: date) -> str:
    """The school year that *today* falls in, counted from 1 September: ``2026-2027``."""
    start = today.year if today.month >= 9 else today.year - 1
    return f"{start}-{start + 1}"


def choices() -> dict[str, Any]:
    """What the form for a new trajectory offers."""
    years = [calendar.school_year for calendar in calendars()][::-1]
    now = current_school_year(date.today())
    return {
        "levels": [[level.value, name] for level, name in LEVELS.items()],
        "provinces": [[province.value, name] for province, name in PROVINCES.items()],
        "school_years": years,
        "school_year": now if now in years else years[0],
    }


def list_trajectories(journal: SqlJournal, instruments: Sequence[Instrument], *, today: date) -> list[dict[str, Any]]:
    """Every trajectory with its sessions and what is due, newest first, as the portal shows them; read in one go."""
    dated = [f"{block.id}." for _, block in dated_blocks(instruments)]
    prefixes = [f"{one.id}." for one in instruments]
    found = glances(journal, items=[SESSION_ITEM, ACTION_PREFIX, *dated], prefixes=prefixes)
    return [_shown(glance, instruments, today) for glance in reversed(found)]


def _shown(glance: Glance, instruments: Sequence[Instrument], today: date) -> dict[str, Any]:
    route = glance.route
    province = PROVINCES[route.province] if route.province else "provincie niet ingevuld"
    levels = ", ".join(LEVELS[level] for level in route.levels)
    state = TrajectoryState(glance, glance.held[-1].id, instruments, today=today) if glance.held else None
    return {
        "id": route.id,
        "school": route.school,
        "demo": route.demo,
        "about": f"{levels} · {province} · sinds schooljaar {route.school_year}",
        **_due(state),
        "closed": any(moment.archive for moment in state.moments) if state else False,
        "sessions": [_session_shown(glance, moment, instruments) for moment in reversed(state.moments)] if state else [],
    }


def _due(state: TrajectoryState | None) -> dict[str, str]:
    """What is over time, and what comes first."""
    if state is None:
        return {"overdue": "", "next": ""}
    late = len(state.actions().overdue)
    coming = next(iter(state.agreed_dates()), None)
    return {
        "overdue": f"{late} {'actie' if late == 1 else 'acties'} over tijd" if late else "",
        "next": f"volgende afspraak {format_date(coming.day)}: {coming.title}" if coming else "",
    }


def _session_shown(glance: Glance, moment: Moment, instruments: Sequence[Instrument]) -> dict[str, Any]:
    used = glance.used[moment.session]
    empty = not glance.fields[moment.session] and not used
    return {
        "id": moment.session,
        "number": moment.number,
        "label": moment.label,
        "title": moment.title,
        "state": "afgesloten" if moment.closed else "nog leeg" if empty else "open",
        "archive": moment.archive,
        "ways": [{"id": one.id, "short": one.short, "used": f"{one.id}." in used} for one in instruments],
    }


def _new_trajectory(journal: Journal, school: str, levels: list[str], province: str, school_year: str) -> Session:
    """A trajectory with its first session, after a check of what was asked.

    Raises:
        FormError: something is missing or unknown; the message names every such field.
    """
    name = " ".join(school.split())
    problems = []
    if not name:
        problems.append("Vul de naam van de school in.")
    if len(name) > _LONGEST_NAME:
        problems.append(f"De naam van de school is langer dan {_LONGEST_NAME} tekens.")
    if not levels or any(level not in set(SchoolLevel) for level in levels):
        problems.append("Kies minstens één onderwijsniveau.")
    if province not in set(Province):
        problems.append("Kies de provincie.")
    if school_year not in {calendar.school_year for calendar in calendars()}:
        problems.append("Kies het schooljaar.")
    if problems:
        raise FormError("nieuw traject", " ".join(problems), "")
    trajectory = journal.create_trajectory(name, [SchoolLevel(level) for level in levels], Province(province), school_year)
    return journal.create_session(trajectory.id)
