"""The apps of the instruments: one instrument in one session, with the school's own figures beside the questions."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

from stslib.apps.closing import Closing
from stslib.apps.directory import DirectoryFiles
from stslib.apps.request import wait_for_request
from stslib.apps.school_figures import SchoolFigures
from stslib.apps.sessions import every_instrument, journal_of, latest_session, open_session
from stslib.content import calendars, wording_problem
from stslib.errors import StsError
from stslib.forms.widgets.intake import Intake
from stslib.forms.widgets.notice import Notice
from stslib.forms.widgets.session_form import SessionForm, about_session
from stslib.paths import data_folder

SERVED = "VOILA_KERNEL_ID" in os.environ
"""Whether this is a page of the server, whose kernels are started before anyone asks; False in JupyterLab and in tests."""


@dataclass(frozen=True)
class Page:
    """What the notebook shows: the form, and the school's figures with the way to bring them in."""

    form: SessionForm | Notice
    figures: Intake | None


def open_page(instrument: str, session: str | None = None) -> Page:
    """An instrument in the session that is asked for: ``?sessie=ID`` of the request, else *session*.

    In JupyterLab, where no request comes, the session that was made last opens when none is named. A missing or unknown id
    gives a page with a notice that says what to do.
    """
    if SERVED:
        warm_up()
    asked = wait_for_request().get("sessie") or session
    try:
        data = data_folder()
        if not asked and not SERVED:
            asked = latest_session(journal_of(data))
        if not asked:
            return Page(
                Notice(title="Nog geen sessie gekozen.", text="Kies een sessie in het portaal, of begin er een nieuwe."), None
            )
        state = open_session(asked, instrument=instrument, data=data)
    except StsError as error:
        return Page(Notice(title=error.fact, text=error.remedy), None)
    closing = Closing(state, data)
    figures = SchoolFigures(state, data)
    directory = DirectoryFiles(state)
    answers = {
        "close": closing.start,
        "ask": figures.ask,
        "pin": figures.pin,
        "export": directory.write,
        "import": directory.read,
    }
    # Figures wait until the form can be typed in: drawing them at the same time would slow both.
    problem = wording_problem(data)
    about = about_session(state) | {"warning": str(problem) if problem else ""}
    form = SessionForm(state, about, answers=answers, on_shown=figures.start)
    closing.form = figures.form = directory.form = form
    return Page(form, figures.intake if state.instrument.uses_figures else None)


def warm_up() -> None:
    """Read what the page will need, so that a kernel that waits for its request has it at hand."""
    every_instrument(data_folder())
    calendars()
    with suppress(StsError):
        journal_of(data_folder())
