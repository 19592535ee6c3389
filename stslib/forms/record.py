"""A session as plain data: what an archive carries, and when two of them say the same.

The record holds what the session *says*: the last entry of every field, both sides where two writers differ and nobody has
picked yet, and what it took over from earlier sessions. It does not hold how each text came to be: a name that was typed by
mistake and removed again is gone from every archive. Of the entries that were written over only a mark is kept, a short digest
of the random id of the edit, so that reading an archive back can tell an older copy of the session from another one.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from stslib.forms.fields import ROW, as_score
from stslib.model.session import SESSION_ITEM, Entry

if TYPE_CHECKING:
    from stslib.forms.state import Before, Conflict, FormState

RECORD_FORMAT = 2
"""The shape of a record. The first one had no number, and could be read but not restored."""

MARK_LENGTH = 8

Key = tuple[str, str]


def record_of(state: FormState) -> dict[str, Any]:
    """The whole session as plain data, in a fixed order.

    ``entries`` holds the last entry of every field, in the order in which the fields were first written; ``unsettled`` what was
    written before them in fields with an open conflict; ``carried`` what earlier sessions left and this one did not write over.
    ``earlier`` has the scores of those sessions, for who reads the file; ``before`` all that this session knows of each: its
    entries, and the fields in their order, those too that were written over since. ``edits`` are marks: see ``mark``.
    """
    used = state.instruments_used()
    return {
        "format": RECORD_FORMAT,
        "trajectory": state.trajectory.model_dump(mode="json"),
        "session": state.session.model_dump(mode="json"),
        "instruments": {one.id: one.edition for one in state.instruments if one.id in used},
        "seq": state.seq,
        "entries": [entry.model_dump(mode="json") for entry in state.entries() if entry.revision],
        "unsettled": [entry.model_dump(mode="json") for entry in _unsettled(state)],
        "edits": marks(state.since(0)),
        "carried": [entry.model_dump(mode="json") for entry in state.carried_entries() if entry.revision],
        "earlier": [
            {"session": before.session.id, "date": before.label, "scores": scores}
            for before in state.sessions_before()
            if (scores := {key[0]: as_score(entry.value) for key, entry in _scores(state, before).items()})
        ],
        "before": [_before(state, before) for before in state.sessions_before()],
    }


def _before(state: FormState, before: Before) -> dict[str, Any]:
    own = _scores(state, before)
    dated = before.current.get((SESSION_ITEM, "date"))
    if dated and dated.value:
        own[dated.item, dated.field] = dated
    carried = state.carries()
    return {
        "session": before.session.model_dump(mode="json"),
        "entries": [entry.model_dump(mode="json") for entry in own.values()],
        "order": [[item, field] for item, field in before.current if (item, field) in own or (item, field) in carried],
        "edits": marks(state.journal.entries(before.session.id)),
    }


def _scores(state: FormState, before: Before) -> dict[Key, Entry]:
    """Every score that an earlier session gave, but for conversations about somebody else."""
    apart = {one.id for one in state.instruments if one.separate}
    return {
        key: entry
        for key, entry in before.current.items()
        if key[1] == "score" and key[0].split(".")[0] not in apart and as_score(entry.value) is not None
    }


def _unsettled(state: FormState) -> Iterable[Entry]:
    """What has to be known beside the last entry of a field, so that its open conflict stays the same one."""
    for conflict in state.conflicts():
        history = state.history(*conflict.key)
        yield from [entry for entry in needed_for(conflict, history) if entry is not history[-1]]


def needed_for(conflict: Conflict, history: Sequence[Entry]) -> list[Entry]:
    """The fewest entries of a field that show *conflict*: both sides and the last, and seldom some between those two."""
    from stslib.forms.state import conflict_in

    mine = history.index(conflict.mine)
    first = len(history) - 1
    while True:
        kept = [conflict.theirs, conflict.mine, *history[max(first, mine + 1) :]]
        if first <= mine + 1 or conflict_in(kept) == conflict:
            return kept
        first -= 1


def mark(edit_id: str) -> str:
    """A short digest of an edit's random id: 48 bits, so two of ten thousand edits share one once in five million times."""
    digest = blake2b(edit_id.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return urlsafe_b64encode(digest).decode("ascii")


def marks(entries: Iterable[Entry]) -> str:
    """The marks of all these entries, sorted and written together, so that they tell nothing of order or field."""
    return "".join(sorted({mark(entry.edit_id) for entry in entries if entry.revision}))


def comparable(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says: two sessions are equal when this is.

    Everything counts but what belongs to a journal instead of a session: the numbers (``seq``) of its rows, the marks of the
    edits that it has seen, and the order of fields, but for that of the rows of a list.
    """
    return {
        **{name: record[name] for name in ("format", "trajectory", "session", "instruments", "earlier")},
        **{name: _sorted(record[name]) for name in ("entries", "unsettled", "carried")},
        "rows": _rows(entry["item"] for name in ("carried", "entries") for entry in record[name]),
        "before": [
            {
                "session": before["session"],
                "entries": _sorted(before["entries"]),
                "keys": sorted(before["order"]),
                "rows": _rows(item for item, _ in before["order"]),
            }
            for before in record["before"]
        ],
    }


def _sorted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    without = [{name: value for name, value in entry.items() if name != "seq"} for entry in entries]
    return sorted(without, key=lambda entry: (entry["session_id"], entry["item"], entry["field"], entry["revision"]))


def _rows(items: Iterable[str]) -> dict[str, list[str]]:
    """The rows of each list, in the order in which they were first written."""
    found: dict[str, dict[str, None]] = {}
    for item in items:
        if row := ROW.match(item):
            found.setdefault(row["above"], {})[item] = None
    return {above: list(rows) for above, rows in found.items()}
