"""A closed session -> one HTML file that needs nothing else, and that can be verified and read back."""

from __future__ import annotations

from stslib.archive.making import ArchiveResult, archive_session
from stslib.archive.seal import Verification, read_archive, read_manifest, read_tables, verify_archive

__all__ = ["ArchiveResult", "Verification", "archive_session", "read_archive", "read_manifest", "read_tables", "verify_archive"]
