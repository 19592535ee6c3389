"""How much of a file from outside is taken in, and how much the process that parses it may use."""

from __future__ import annotations

MAX_FILE_BYTES = 5_000_000
MAX_ROWS = 2_000
"""Rows below the titles that hold something."""

MAX_CELL_CHARACTERS = 20_000

MAX_COLUMNS = 200
MAX_SHEET_ROWS = 100_000
"""Place of the last cell, filled in or not: one far cell makes the whole rectangle."""
MAX_SHEET_CELLS = 2_000_000

MAX_TOTAL_CHARACTERS = 20_000_000
"""All cells of a table together; a full directory of 30 partners takes less than four million."""

MAX_UNPACKED_BYTES = 60_000_000
MAX_PACKING_RATIO = 120
MAX_WORKBOOK_PARTS = 300

HEADER_SEARCH_ROWS = 20
"""Title lines above the headers are allowed."""

CHILD_MEMORY_BYTES = 512 << 20
CHILD_CPU_SECONDS = 5
CHILD_WALL_SECONDS_WITH_CPU_LIMIT = 30.0
"""Where the system limits processor time, the wall is a last resort, so that a busy machine refuses no good file."""
CHILD_WALL_SECONDS = 10.0
