"""What every page of a session begins with: which session is asked for, or what to do when there is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from stslib.apps.request import wait_for_request
from stslib.apps.sessions import every_instrument, journal_of, latest_session
from stslib.content import calendars
from stslib.errors import StsError
from stslib.forms.widgets.notice import Notice
from stslib.paths import data_folder

SERVED = "VOILA_KERNEL_ID" in os.environ
"""Whether this is a page of the server, whose kernels are started before anyone asks; False in JupyterLab and in tests."""

ShownT = TypeVar("ShownT")


def open_asked(session: str | None, show: Callable[[str, Path], ShownT]) -> ShownT | Notice:
    """What *show* makes of the session that is asked for, or a notice that says what to do.

    Args:
        session: the session to open when the request names none (``?sessie=ID``). In JupyterLab, where no request comes, the
            session that was made last opens when none is named.
        show: takes the id of the session and the data folder; its errors become a notice.
    """
    if SERVED:
        warm_up()
    asked = wait_for_request().get("sessie") or session
    try:
        data = data_folder()
        if not asked and not SERVED:
            asked = latest_session(journal_of(data))
        if not asked:
            return Notice(title="Nog geen sessie gekozen.", text="Kies een sessie in het portaal, of begin er een nieuwe.")
        return show(asked, data)
    except StsError as error:
        return Notice(title=error.fact, text=error.remedy)


def warm_up() -> None:
    """Read what the page will need, so that a kernel that waits for its request has it at hand; faults are told then."""
    with suppress(StsError):
        every_instrument(data_folder())
        calendars()
        journal_of(data_folder())
