"""The apps of the instruments: one instrument in one session, with the school's own figures beside the questions."""

from __future__ import annotations

from pathlib import Path

from stslib.apps.closing import Closing
from stslib.apps.directory import DirectoryFiles
from stslib.apps.opening import open_asked
from stslib.apps.school_figures import SchoolFigures
from stslib.apps.sessions import open_session
from stslib.content import wording_problem
from stslib.forms.widgets.notice import Notice
from stslib.forms.widgets.session_form import SessionForm, about_session


def open_page(instrument: str, session: str | None = None) -> SessionForm | Notice:
    """An instrument in the session that is asked for: ``?sessie=ID`` of the request, else *session*.

    In JupyterLab, where no request comes, the session that was made last opens when none is named. A missing or unknown id
    gives a page with a notice that says what to do.
    """
    return open_asked(session, lambda asked, data: session_page(instrument, asked, data))


def session_page(instrument: str, session: str, data: Path) -> SessionForm:
    """The page of one instrument in one session.

    Raises:
        UnknownSessionError: the journal does not hold the session.
        StoreError: the journal cannot be opened.
        ContentError: there is no such instrument, or the content has faults.
    """
    state = open_session(session, instrument=instrument, data=data)
    closing = Closing(state, data)
    figures = SchoolFigures(state, data)
    directory = DirectoryFiles(state)
    answers = {
        **closing.answers(),
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
    return form
