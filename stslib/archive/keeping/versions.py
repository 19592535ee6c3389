"""The versions of a session's archive that its journal remembers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stslib.model.session import SESSION_ITEM
from stslib.store import open_journal


def earlier_versions(data: Path, session_id: str, *, upto: int | None = None) -> list[dict[str, Any]]:
    """Every closing of a session that left an archive, oldest first, as it stands in a manifest.

    Args:
        data: the data folder, with the journal.
        session_id: the session.
        upto: only what the journal held at this ``seq``.

    Returns:
        Per closing ``version``, ``created_at`` (when it was closed, ISO 8601 in UTC), ``closed_by`` (the functions that were
        filled in then, or empty) and the ``sha256`` of the whole file.
    """
    with open_journal(data) as journal:
        entries = journal.entries(session_id)
    found: list[dict[str, Any]] = []
    by = ""
    for entry in entries:
        if entry.item != SESSION_ITEM or (upto is not None and entry.seq > upto):
            continue
        if entry.field == "closed_by":
            by = entry.value if isinstance(entry.value, str) else ""
        elif entry.field == "closed" and isinstance(entry.value, dict) and entry.value.get("archive"):
            version = entry.value.get("version")
            found.append(
                {
                    "version": version if isinstance(version, int) else len(found) + 1,
                    "created_at": entry.recorded_at.isoformat(timespec="seconds"),
                    "closed_by": by,
                    "sha256": str(entry.value.get("sha256", "")),
                }
            )
    return found
