"""Rejected rows back to who brought them: the rows of their own file, with the reason beside each.

A reading keeps no values, so the rows come from the file itself, which must still be there and be the same.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection
from pathlib import Path

from stslib.absences.reading.guard import read_bytes, run_job
from stslib.absences.reading.headers import ColumnMapping
from stslib.absences.reading.report import REASONS, Reading, RejectedRows, UnusableExportError
from stslib.errors import ReadingError

BESIDE = ("Rij", "Kolom", "Wat er mis is", "Wat te doen")
_WIDTHS = (6, 18, 52, 52)


def write_rejected(
    reading: Reading | UnusableExportError,
    source: Path,
    target: Path,
    *,
    mapping: ColumnMapping | None = None,
    codes: Collection[str] = (),
) -> int:
    """Write the rejected rows of *source* to an XLSX file, each with its row number, column, reason and remedy.

    The file holds data of pupils, whole rows as they were in the school's own file. It is written only where the user
    asks for it, and nothing else keeps it.

    Args:
        reading: what came of *source*; or the error that told that no row of it can be used.
        source: the export, unchanged since.
        target: where to write; an existing file is replaced.
        mapping: the one that the export was read with.
        codes: the letters of the code table that it was read with.

    Returns:
        How many rows were written; without any, no file is.

    Raises:
        ReadingError: *source* is gone or changed, or *target* cannot be written.
    """
    rejected: RejectedRows = reading.rejected_rows
    if not rejected.rows:
        return 0
    content = read_bytes(source, "export")
    if hashlib.sha256(content).hexdigest() != rejected.digest:
        raise ReadingError(
            source.name,
            "Dit bestand is niet meer hetzelfde als bij het inlezen.",
            "Lees het bestand opnieuw in en bewaar daarna de geweigerde rijen.",
        )
    job = {
        "task": "rows",
        "mapping": dict(mapping) if mapping else None,
        "codes": sorted(codes),
        "numbers": sorted({row for row, _, _, _ in rejected.rows}),
    }
    found = run_job(source.name, content, "export", job).description
    originals = {number: cells for number, *cells in found["rows"]}
    width = max([len(found["headers"]), *map(len, originals.values())])
    headers = [*found["headers"], *[""] * (width - len(found["headers"]))]
    try:
        _write(target, headers, [(row, column, reason, originals.get(row, [])) for row, column, _, reason in rejected.rows])
    except OSError as error:
        raise ReadingError(
            target.name,
            "De geweigerde rijen konden niet bewaard worden.",
            "Kijk na of de map bestaat, of er plaats is en of het bestand niet openstaat in Excel.",
        ) from error
    return len(rejected.rows)


def _write(target: Path, headers: list[str], rows: list[tuple[int, str, str, list[str]]]) -> None:
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,  # no temporary file with rows of pupils
    }
    packed = io.BytesIO()
    workbook = xlsxwriter.Workbook(packed, options)
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet("Geweigerde rijen")
    sheet.freeze_panes(1, 1)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for column, header in enumerate((*BESIDE, *headers)):
        sheet.write_string(0, column, header[:32_000], bold)
    for place, (number, name, reason, cells) in enumerate(rows, start=1):
        sheet.write_number(place, 0, number, wrapped)
        for column, text in enumerate((name, REASONS[reason].fact, REASONS[reason].remedy), start=1):
            sheet.write_string(place, column, text, wrapped)
        for column, text in enumerate(cells, start=len(BESIDE)):
            sheet.write_string(place, column, text[:32_000], wrapped)
    workbook.close()
    target.write_bytes(packed.getvalue())
