"""The form of an instrument in a real browser, without a kernel: its joined module, its styles, and a model that answers.

The model acknowledges edits as the kernel does, keeps every message it was sent, and lets a test play the other side.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from stslib.forms.widgets.assemble import module, style
from stslib.forms.widgets.session_form import instrument_data
from stslib.model.instrument import Instrument, Province, SchoolLevel

ADDRESS = "http://formulier.test/"

ABOUT: dict[str, Any] = {
    "school": "Campus Proef",
    "number": 2,
    "date": "12/01/2027",
    "created": "12/01/2027",
    "school_year": "2026-2027",
    "demo": False,
    "archive": None,
    "earlier": [],
    "ways": [],
    "origins": [],
    "names": {},
    "focuses": [],
    "orphans": [],
    "figures": False,
}

MODEL = """
import widget from "./form.js";
const traits = TRAITS;
const listeners = new Map();
const tell = (type, ...rest) => [...(listeners.get(type) ?? [])].forEach((listener) => listener(...rest));
const revisions = new Map();
window.model = {
  sent: [],
  get: (name) => traits[name],
  set(name, value) {
    traits[name] = value;
    tell(`change:${name}`);
  },
  on: (type, listener) => listeners.set(type, [...(listeners.get(type) ?? []), listener]),
  off: (type, listener) => listeners.set(type, (listeners.get(type) ?? []).filter((one) => one !== listener)),
  receive: (message) => tell("msg:custom", message, []),
  send(message) {
    this.sent.push(message);
    if (message.kind === "ping") queueMicrotask(() => this.receive({ kind: "pong" }));
    if (message.kind !== "edits") return;
    const acks = message.edits.map(({ edit_id, item, field }) => {
      const key = `${item}::${field}`;
      revisions.set(key, (revisions.get(key) ?? 0) + 1);
      return { edit_id, item, field, revision: revisions.get(key), at: "14:03" };
    });
    setTimeout(() => this.receive({ kind: "acks", acks }), 5);
  },
  /** What another window wrote. */
  remote(...entries) {
    const full = entries.map(([item, field, value]) => {
      const key = `${item}::${field}`;
      revisions.set(key, (revisions.get(key) ?? 0) + 1);
      return { item, field, value, revision: revisions.get(key), at: "14:04" };
    });
    this.receive({ kind: "remote", entries: full });
  },
};
for (const [key, [, revision]] of Object.entries(traits.values)) revisions.set(key, revision);
const end = widget.initialize?.({ model });
const view = widget.render({ model, el: document.getElementById("form") });
window.leave = () => [view, end].forEach((one) => typeof one === "function" && one());
document.body.dataset.ready = "";
"""


def open_form(
    page: Any, instrument: Instrument, *, values: dict[str, list[Any]] | None = None, step: str = "", **traits: Any
) -> None:
    """Show *instrument* on *page*; *values* as the kernel gives them, other *traits* of the widget as they are."""
    school = SimpleNamespace(levels=(SchoolLevel.SECONDARY,), province=Province.LIMBURG)
    known = {
        "session": "proef",
        "instrument": instrument_data(instrument, SimpleNamespace(trajectory=school)),  # type: ignore[arg-type]
        "values": values or {},
        "figures": [],
        "asked": {},
        "groups": [],
        **traits,
        "about": ABOUT | traits.get("about", {}),
    }
    served = {
        "": ("text/html", _html()),
        "form.js": ("text/javascript", module("session_form.js")),
        "model.js": ("text/javascript", MODEL.replace("TRAITS", json.dumps(known))),
        "form.css": ("text/css", style("form.css", "blocks.css", "closing.css")),
    }

    def answer(route: Any) -> None:
        name = route.request.url.removeprefix(ADDRESS).partition("#")[0]
        kind, text = served.get(name, ("text/plain", ""))
        route.fulfill(status=200 if name in served else 404, content_type=f"{kind}; charset=utf-8", body=text)

    page.unroute(f"{ADDRESS}**")
    page.route(f"{ADDRESS}**", answer)
    page.goto("about:blank")  # another step alone would not load the page again
    page.goto(ADDRESS + (f"#{step}" if step else ""))
    page.locator("body[data-ready]").wait_for()


def _html() -> str:
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Formulier</title>'
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="form.css"></head>'
        '<body><main id="form"></main><script type="module" src="model.js"></script></body></html>'
    )


def sent(page: Any, kind: str) -> list[dict[str, Any]]:
    """The messages of one kind that the page sent."""
    found: list[dict[str, Any]] = page.evaluate("(kind) => model.sent.filter((message) => message.kind === kind)", kind)
    return found


def remote(page: Any, *entries: tuple[str, str, Any]) -> None:
    """Let another window write fields."""
    page.evaluate("(entries) => model.remote(...entries)", [list(entry) for entry in entries])


def value(page: Any, item: str, field: str) -> Any:
    """The last value that the page sent of a field; None when it sent none."""
    edits = [edit for message in sent(page, "edits") for edit in message["edits"]]
    found = [edit["value"] for edit in edits if (edit["item"], edit["field"]) == (item, field)]
    return found[-1] if found else None
