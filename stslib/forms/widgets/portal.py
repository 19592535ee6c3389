"""The portal as a widget: trajectories with their sessions, and a form for a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from stslib.errors import StsError
from stslib.forms.widgets.assemble import module, style


class Portal(anywidget.AnyWidget):  # type: ignore[misc]
    """Shows ``trajectories`` and passes on what a person asks.

    Args:
        trajectories: one dict per trajectory: id, school, about, demo, what is ``overdue`` and comes ``next`` (sentences), and
            its sessions, the last one first (id, number, label, title, state, archive, ``ways`` to the instruments).
        choices: ``levels`` and ``provinces`` as pairs of value and name, ``school_years``, ``school_year`` (the proposed one).
        create_trajectory: called with school, levels, province, school_year; returns the id of the first session.
        create_session: called with a trajectory id; returns the id of the new session.
    """

    _esm = module("portal.js")
    _css = style("form.css", "portal.css")

    trajectories = traitlets.List().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        trajectories: list[dict[str, Any]],
        choices: dict[str, Any],
        *,
        create_trajectory: Callable[[str, list[str], str, str], str],
        create_session: Callable[[str], str],
    ) -> None:
        super().__init__(trajectories=trajectories, choices=choices)
        self._create_trajectory = create_trajectory
        self._create_session = create_session
        self.on_msg(self._receive)

    def _receive(self, _: object, content: dict[str, Any], buffers: object) -> None:
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
                case _:
                    return
        except StsError as error:
            self.send({"kind": "refused", "text": error.told})
            return
        self.send({"kind": "created", "session": session, "opens": opens})
