"""From a page and a session to the text of the first response: which journal, which instrument, which template."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2

from stslib.content import instrument_ids, load_instrument, load_instruments, load_wording
from stslib.errors import StsError
from stslib.forms.state import FormState, session_label
from stslib.model.instrument import Instrument
from stslib.model.session import SESSION_ITEM
from stslib.server.saved.phases import steps_of
from stslib.server.saved.plain import shown
from stslib.store import SqlJournal, open_journal
from stslib.store.opening import DATABASE_NAME
from stslib.store.overview import Glance, glances

View = dict[str, Any]

PORTAL = "start"
AROUND = (("opvolging", "Opvolging"), ("cijfers", "Cijfers"))
"""The pages of a session that are no instrument, as the form names them."""

_TEMPLATES = Path(__file__).resolve().parent.parent / "template" / "saved"


class SavedPages:
    """Makes the text of a page from the journal of one data folder. For one thread at a time."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._journal: SqlJournal | None = None
        self._opened: tuple[int, ...] = ()
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )

    def warm_up(self) -> None:
        """Read the instruments, open the journal and make the templates, so that the first page finds them."""
        with suppress(StsError):
            load_instruments(wording=load_wording(self._data))
            self._open()
        self._environment.get_template("session.html.j2")

    def text(self, page: str, session: str) -> bytes:
        """The text of *page* in UTF-8; nothing where there is none to give.

        Raises:
            StsError: there is no such session, or the journal or the content cannot be read.
        """
        if page == PORTAL:
            return self._rendered("portal.html.j2", self._portal())
        around = [name for name, _ in AROUND]
        if not session or (page not in around and page not in instrument_ids()):
            return b""
        journal = self._open()
        if journal is None:
            return b""
        instruments = load_instruments(wording=load_wording(self._data))
        asked = next((one for one in instruments if one.id == page), None)
        state = FormState(journal, session, asked or instruments[0], others=instruments)
        view = {"where": _where(state, worded=asked is not None), "ways": _ways(state, page), "title": "", "steps": []}
        if asked is not None:
            view |= {"title": asked.title, "steps": steps_of(state)}
        return self._rendered("session.html.j2", view)

    def _rendered(self, template: str, view: View) -> bytes:
        if not view:
            return b""
        return self._environment.get_template(template).render(view).encode("utf-8", "replace")

    def _open(self) -> SqlJournal | None:
        """The journal; None when there is none yet, which is for a kernel to make. Opened again when its file was replaced."""
        mark: tuple[int, ...] = ()
        if not os.environ.get("STS_JOURNAL"):
            try:
                found = (self._data / DATABASE_NAME).stat()
            except OSError:
                return None
            mark = (found.st_dev, found.st_ino)
        if self._journal is None or mark != self._opened:
            self._journal = open_journal(self._data)
            self._opened = mark
        return self._journal

    # -- the portal --------------------------------------------------------------------------------------------------------

    def _portal(self) -> View:
        """Every trajectory with its sessions, the newest first; nothing before there is a first one."""
        journal = self._open()
        if journal is None:
            return {}
        instruments = [load_instrument(one) for one in instrument_ids()]
        found = glances(journal, items=[SESSION_ITEM], prefixes=[f"{one.id}." for one in instruments])
        return {"trajectories": [_trajectory(glance, instruments) for glance in reversed(found)]} if found else {}


def _trajectory(glance: Glance, instruments: list[Instrument]) -> View:
    sessions = [_session(glance, number, instruments) for number in range(len(glance.held))]
    return {
        "school": shown(glance.route.school),
        "demo": glance.route.demo,
        "school_year": glance.route.school_year,
        "sessions": sessions,
        "latest": sessions[-1] if sessions else None,
    }


def _session(glance: Glance, place: int, instruments: list[Instrument]) -> View:
    session = glance.held[place]
    fields = glance.current(session.id)
    value = {name: entry.value for (_, name), entry in fields.items()}
    title, closed = value.get("title"), value.get("closed")
    used = glance.used[session.id]
    empty = not fields and not used
    return {
        "id": session.id,
        "number": session.number,
        "label": session_label(session, value.get("date")),
        "title": shown(title) if isinstance(title, str) else "",
        "state": "afgesloten" if isinstance(closed, dict) else "nog leeg" if empty else "open",
        "opens": "opvolging" if session.number > 1 else "school",
        "ways": [
            *({"id": name, "short": short, "used": False} for name, short in AROUND),
            *({"id": one.id, "short": one.short, "used": f"{one.id}." in used} for one in instruments),
        ],
    }


# -- above a session ---------------------------------------------------------------------------------------------------------


def _where(state: FormState, *, worded: bool) -> View:
    return {
        "school": shown(state.trajectory.school),
        "demo": state.trajectory.demo,
        "number": state.session.number,
        "date": state.label,
        "school_year": state.trajectory.school_year,
        "wording": shown(state.instrument.wording) if worded else "",
    }


def _ways(state: FormState, page: str) -> list[View]:
    used = state.instruments_used()
    every = [(one.id, one.short) for one in state.instruments] + list(AROUND)
    return [
        {
            "short": shown(short),
            "used": name in used,
            "address": f"{name}?sessie={state.session.id}",
            "here": name == page,
        }
        for name, short in every
    ]
