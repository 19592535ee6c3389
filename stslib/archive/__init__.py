"""A closed session -> one HTML file that needs nothing else, and that can be verified and read back."""

from __future__ import annotations

from stslib.archive.keeping.seal import Verification, read_archive, read_manifest, read_tables, verify_archive
from stslib.archive.making import ArchiveResult, archive_session
from stslib.archive.trajectory import archive_trajectory

__all__ = [
    "ArchiveResult",
    "Verification",
    "archive_session",
    "archive_trajectory",
    "read_archive",
    "read_manifest",
    "read_tables",
    "verify_archive",
]
