"""Trajectories and sessions at rest: the journal, in SQLite or PostgreSQL."""

from __future__ import annotations

from stslib.store.journal import SqlJournal
from stslib.store.opening import DATABASE_NAME, open_journal

__all__ = ["DATABASE_NAME", "SqlJournal", "open_journal"]
