"""A preview of a file as the page shows it: which column is what, and the first values of those that may be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stslib.text import format_number

if TYPE_CHECKING:
    from stslib.absences.reading.preview import Preview, PreviewColumn

ACROSS = ("half_day", "code_total")
"""Roles of columns that stand in a row by the dozen."""

SHOWN_ACROSS = 4
"""So many of those are shown."""

MOST_COLUMNS = 60
LONGEST_VALUE = 60

COVERED = "•••"
"""In the place of a value that is not kept."""


def told_file(preview: Preview, shapes: Mapping[str, str], role_names: Mapping[str, str]) -> dict[str, Any]:
    """*preview* for the page; values of personal columns that nothing is counted with stay behind."""
    shown = _shown(preview.columns)
    across = sum(column.role in ACROSS for column in preview.columns)
    told = [f"{shapes.get(preview.shape or '', '')} {_rows(preview.row_count)}.".strip()]
    if across > SHOWN_ACROSS:
        name = role_names[next(column.role for column in preview.columns if column.role in ACROSS) or ""]
        told.append(f"Er zijn {across} kolommen met {name}; de eerste {SHOWN_ACROSS} staan hieronder.")
    elif len(shown) < len(preview.columns):
        told.append(f"Het bestand heeft {len(preview.columns)} kolommen; de eerste {len(shown)} staan hieronder.")
    return {
        "role": preview.kind,
        "name": preview.file,
        "sheets": list(preview.sheets),
        "sheet": preview.sheet,
        "header_row": preview.header_row,
        "told": told,
        "problems": [problem.model_dump(mode="json", include={"level", "fact", "remedy"}) for problem in preview.problems],
        "columns": [
            {
                "index": column.number - 1,
                "header": column.header,
                "role": column.role if column.role and column.role != "ignore" else "",
                "personal": column.is_personal,
                "values": [_value(preview, column, row) for row in range(len(preview.rows))],
            }
            for column in shown
        ],
    }


def _shown(columns: tuple[PreviewColumn, ...]) -> list[PreviewColumn]:
    found, across = [], 0
    for column in columns:
        across += column.role in ACROSS
        if column.role not in ACROSS or across <= SHOWN_ACROSS:
            found.append(column)
    return found[:MOST_COLUMNS]


def _value(preview: Preview, column: PreviewColumn, row: int) -> str:
    if column.is_personal and column.role in (None, "ignore"):
        return COVERED
    cells = preview.rows[row]
    value = cells[column.number - 1] if column.number <= len(cells) else ""
    return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"


def _rows(count: int) -> str:
    return "1 rij" if count == 1 else f"{format_number(count)} rijen"
