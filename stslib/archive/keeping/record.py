"""What an archive carries as JSON: the session as it stands, without what is not for others."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

NOTE, NOTE_MAY_GO = "note", "note_archived"
"""The facilitator's own note on a phase, and the tick that lets it into an archive."""

_PHASE = re.compile(r"[^.]+\.[^.]+\Z")


def is_private(item: str, field: str) -> bool:
    """Whether a field is the facilitator's own note on a phase, known or not; a partner has a field of that name too."""
    return field == NOTE and bool(_PHASE.match(item))


def public_record(record: dict[str, Any], *, separate: Collection[str] = ()) -> dict[str, Any]:
    """*record* (of ``FormState.to_record``) without what an archive may not hold.

    Private notes go, unless their phase is ticked. Of a pinned figure its numbers go; what it was and when it was counted stay.
    Of earlier conversations about somebody else everything goes.

    Args:
        record: the session as plain data.
        separate: ids of the instruments that are about somebody else each time.
    """
    open_notes = {entry["item"] for entry in record["entries"] if entry["field"] == NOTE_MAY_GO and entry["value"] is True}
    carried = record.get("carried", [])
    origins = {entry["item"]: entry["value"] for entry in carried if entry["field"] == "origin"}
    of_others = {item for item, origin in origins.items() if _belongs(origin, separate)}
    entries = _kept(record["entries"], open_notes)
    used = {entry["item"].split(".")[0] for entry in entries if entry["value"] not in (None, "")}
    return {
        **record,
        "instruments": {name: edition for name, edition in record.get("instruments", {}).items() if name in used},
        "entries": entries,
        "unsettled": _kept(record.get("unsettled", []), open_notes),
        "carried": _kept([entry for entry in carried if entry["item"] not in of_others], open_notes),
        "earlier": [
            {**before, "scores": {item: score for item, score in before["scores"].items() if not _belongs(item, separate)}}
            for before in record.get("earlier", [])
        ],
        "before": [
            {
                **before,
                "entries": [entry for entry in before["entries"] if not _belongs(entry["item"], separate)],
                "order": [key for key in before["order"] if key[0] not in of_others and not _belongs(key[0], separate)],
            }
            for before in record.get("before", [])
        ],
    }


def _belongs(item: object, instruments: Collection[str]) -> bool:
    return isinstance(item, str) and item.split(".")[0] in instruments


def _kept(entries: list[dict[str, Any]], open_notes: Collection[str]) -> list[dict[str, Any]]:
    return [
        {**entry, "value": recordable(entry["field"], entry["value"])}
        for entry in entries
        if entry["item"] in open_notes or not is_private(entry["item"], entry["field"])
    ]


def recordable(field: str, value: Any) -> Any:
    """The value of a field as an archive may hold it: of a pinned figure, when it was counted and under which rule.

    Its numbers are counted anew for each archive. Those of its day were for the room; and beside a count of today the
    difference would tell of the weeks between, whatever rule each was counted under.
    """
    if field != "shown" or not isinstance(value, dict):
        return value
    return {name: value[name] for name in ("counted_on", "policy") if name in value}
