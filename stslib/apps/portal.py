"""The app ``start``: trajectories, their sessions, and the way to a new one."""

from __future__ import annotations

from datetime import date
from typing import Any

from stslib.apps.request import wait_for_request
from stslib.apps.sessions import journal_of
from stslib.content import calendars
from stslib.errors import FormError, StsError
from stslib.forms.state import session_label
from stslib.forms.widgets.notice import Notice
from stslib.forms.widgets.portal import Portal
from stslib.model.instrument import Province, SchoolLevel
from stslib.model.session import SESSION_ITEM, Entry, Journal, Session, Trajectory
from stslib.paths import data_folder

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
    wait_for_request()
    try:
        journal = journal_of(data_folder())
        listed = list_trajectories(journal)
        portal = Portal(
            listed,
            choices(),
            create_trajectory=lambda *asked: _created(portal, journal, _new_trajectory(journal, *asked)),
            create_session=lambda trajectory: _created(portal, journal, journal.create_session(trajectory)),
        )
    except StsError as error:
        return Notice(title=error.fact, text=error.remedy)
    return portal


def _created(portal: Portal, journal: Journal, session: Session) -> str:
    portal.trajectories = list_trajectories(journal)
    return session.id


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


def list_trajectories(journal: Journal) -> list[dict[str, Any]]:
    """Every trajectory with its sessions, newest first, as the portal shows them."""
    return [_shown(journal, trajectory) for trajectory in reversed(journal.trajectories())]


def _shown(journal: Journal, trajectory: Trajectory) -> dict[str, Any]:
    province = PROVINCES[trajectory.province] if trajectory.province else "provincie niet ingevuld"
    levels = ", ".join(LEVELS[level] for level in trajectory.levels)
    return {
        "id": trajectory.id,
        "school": trajectory.school,
        "demo": trajectory.demo,
        "about": f"{levels} · {province} · sinds schooljaar {trajectory.school_year}",
        "sessions": [_session_shown(journal, session) for session in reversed(journal.sessions(trajectory.id))],
    }


def _session_shown(journal: Journal, session: Session) -> dict[str, Any]:
    current = journal.current(session.id)
    dated = current.get((SESSION_ITEM, "date"))
    return {
        "id": session.id,
        "number": session.number,
        "label": session_label(session, dated.value if dated else None),
        "state": _session_state(current),
    }


def _session_state(current: dict[tuple[str, str], Entry]) -> str:
    closed = current.get((SESSION_ITEM, "closed"))
    if closed and closed.value:
        return "afgesloten"
    return "open" if current else "nog leeg"


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
