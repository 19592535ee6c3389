"""The portal as a widget: trajectories with their sessions, a form for a new one, and what figures are stored until when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from stslib.errors import StsError
from stslib.forms.widgets.assemble import module, style

FiguresChange = Callable[[str, str, str], tuple[list[dict[str, Any]], str]]
"""What was asked of a stored school year -> what is stored now, and a sentence for the page."""


class Portal(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows ``trajectories`` and passes on what a person asks.

    Args:
        trajectories: one dict per trajectory: id, school, about, demo, what is ``overdue`` and comes ``next`` (sentences), and
            its sessions, the last one first (id, number, label, title, state, archive, ``ways`` to the instruments).
        choices: ``levels`` and ``provinces`` as pairs of value and name, ``school_years``, ``school_year`` (the proposed one).
        create_trajectory: called with school, levels, province, school_year; returns the id of the first session.
        create_session: called with a trajectory id; returns the id of the new session.
        figures: one dict per stored school year, in texts (see ``stored_figures.js``).
        keep_longer: called with folder of the school, school year and the day as typed; returns the new ``figures`` and a
            sentence.
        remove_figures: called with folder of the school, school year and the seal of what was shown as going; returns the
            same.
        warning: what is wrong with something all pages use; empty when all is well.
        begin_work: called with what takes a while: the id of a trajectory to archive, or ``voorbeeld``.
        stop_work: called with the same, to stop it.
        read_archive: called with the bytes of an archive from elsewhere.
        on_shown: called each time that a page shows the portal.
    """

    _esm = module("portal.js")
    _css = style("form.css", "portal.css")

    trajectories = traitlets.List().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    figures = traitlets.List().tag(sync=True)
    warning = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        trajectories: list[dict[str, Any]],
        choices: dict[str, Any],
        *,
        create_trajectory: Callable[[str, list[str], str, str], str],
        create_session: Callable[[str], str],
        figures: list[dict[str, Any]] | None = None,
        keep_longer: FiguresChange | None = None,
        remove_figures: FiguresChange | None = None,
        warning: str = "",
        begin_work: Callable[[str], None] | None = None,
        stop_work: Callable[[str], None] | None = None,
        read_archive: Callable[[bytes], None] | None = None,
        on_shown: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(trajectories=trajectories, choices=choices, figures=figures or [], warning=warning)
        self._begin_work = begin_work
        self._stop_work = stop_work
        self._read_archive = read_archive
        self._on_shown = on_shown
        self._create_trajectory = create_trajectory
        self._create_session = create_session
        self._keep_longer = keep_longer
        self._remove_figures = remove_figures
        self.on_msg(self._receive)

    def tell(self, kind: str, **content: Any) -> None:
        """Send a message to every page that shows the portal."""
        self.send({"kind": kind, **content})

    def _receive(self, _: object, content: dict[str, Any], buffers: object) -> None:
        about = str(content.get("about") or "")
        try:
            match content.get("kind"):
                case "new-trajectory":
                    levels = [str(level) for level in content.get("levels") or []]
                    asked = (str(content.get(name) or "") for name in ("school", "province", "school_year"))
                    school, province, school_year = asked
                    session = self._create_trajectory(school, levels, province, school_year)
                    opens = "school"
                case "new-session":
                    session = self._create_session(str(content.get("trajectory") or ""))
                    opens = "opvolging"
                case "begin-work":
                    if self._begin_work:
                        self._begin_work(about)
                    return
                case "stop-work":
                    if self._stop_work:
                        self._stop_work(about)
                    return
                case "read-archive":
                    if self._read_archive and isinstance(buffers, list) and buffers:
                        self._read_archive(bytes(buffers[0]))
                    return
                case "shown":
                    if self._on_shown:
                        self._on_shown()
                    return
                case "keep-longer":
                    self._change(self._keep_longer, content, "until")
                    return
                case "remove-figures":
                    self._change(self._remove_figures, content, "seal")
                    return
                case _:
                    return
        except StsError as error:
            self.send({"kind": "refused", "text": error.told})
            return
        self.send({"kind": "created", "session": session, "opens": opens})

    def _change(self, change: FiguresChange | None, content: dict[str, Any], last: str) -> None:
        """Do what was asked of the stored figures, and show what is stored then."""
        if change is None:
            return
        folder, school_year, how = (str(content.get(name) or "") for name in ("folder", "school_year", last))
        try:
            self.figures, text = change(folder, school_year, how)
        except StsError as error:
            self.send({"kind": "figures-refused", "text": error.told})
        else:
            self.send({"kind": "figures-changed", "text": text})
