"""How much of a file from outside is taken in, and how much the process that parses it may use."""

from __future__ import annotations

from stslib.guarded.limits import ProcessLimits, WorkbookLimits

MAX_FILE_BYTES = 5_000_000
MAX_ROWS = 2_000
"""Rows below the titles that hold something."""

MAX_CELL_CHARACTERS = 20_000

MAX_COLUMNS = 200

MAX_TOTAL_CHARACTERS = 20_000_000
"""All cells of a table together; a full directory of 30 partners takes less than four million."""

WORKBOOK = WorkbookLimits(unpacked_bytes=60_000_000, parts=300, columns=MAX_COLUMNS, rows=100_000, cells=2_000_000)

HEADER_SEARCH_ROWS = 20
"""Title lines above the headers are allowed."""

CHILD = ProcessLimits(memory_bytes=512 << 20, cpu_seconds=5, wall_seconds_with_cpu_limit=30.0, wall_seconds=10.0)
