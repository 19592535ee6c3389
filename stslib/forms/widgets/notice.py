"""A message in the place of a page that cannot be shown."""

from __future__ import annotations

import anywidget
import traitlets

from stslib.forms.widgets.assemble import module, style


class Notice(anywidget.AnyWidget):  # type: ignore[misc]
    """One message with the way out; ``title`` and ``text`` in Dutch."""

    _esm = module("notice.js")
    _css = style("form.css")

    title = traitlets.Unicode().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
