"""An archive as a workbook: its scores, actions, decisions and figures, as the archive shows them and as it hides them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stslib.archive.carriers.cells import SAFE
from stslib.archive.carriers.files import put
from stslib.archive.carriers.sheets import Sheets
from stslib.archive.keeping.seal import Verification, read_tables, verify_archive
from stslib.errors import ArchiveError


def workbook_of(archive: Path) -> Path:
    """The workbook of an archive, beside it under the same name.

    Everything comes from the archive file, so nothing is counted again and what the archive hides is hidden here. The same
    archive gives the same bytes.

    Args:
        archive: of a session or a trajectory; only one that is what was written is read.

    Returns:
        Where the workbook is, whole. One that stood there was replaced.

    Raises:
        ArchiveError: this is no whole archive, it is older than these tables, or the folder takes no files.
    """
    archive = Path(archive)
    tables = read_tables(archive)
    if tables is None:
        raise ArchiveError(
            str(archive),
            "In dit archief zitten geen tabellen: het is gemaakt voor die er waren.",
            "Open de sessie, sluit ze opnieuw af, en maak het werkblad van de nieuwe versie. Het oude archief blijft bestaan.",
        )
    return put(archive.with_suffix(".xlsx"), _written(tables, verify_archive(archive)))


def _written(tables: dict[str, Any], checked: Verification) -> bytes:
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **SAFE}) as workbook:
        created = _moment(checked.manifest)
        workbook.set_properties({"title": "Samen tegen schooluitval: tabellen bij een archief", "created": created})
        sheets = Sheets(workbook)
        sheets.scores(tables.get("scores") or [])
        sheets.actions(tables.get("actions") or [])
        sheets.decisions(tables.get("focus") or {}, tables.get("decisions") or [])
        sheets.figures(tables.get("figures") or [])
        sheets.about(checked)
    return out.getvalue()


def _moment(manifest: dict[str, Any]) -> datetime:
    """When the archive was made, in UTC; a workbook knows no zones."""
    try:
        made = datetime.fromisoformat(str(manifest.get("created_at")))
    except ValueError:
        made = datetime(2000, 1, 1, tzinfo=UTC)
    return made.astimezone(UTC).replace(tzinfo=None)
