"""How much of a file a reader takes on. Standard library only: the parsing process imports this too."""

from __future__ import annotations

from stslib.guarded.limits import ProcessLimits, WorkbookLimits

MAX_FILE_BYTES = 20_000_000
"""A larger file is refused before a byte of it is parsed; a whole school year of a large school takes 2 to 6 MB."""

MAX_COLUMNS = 800
"""A matrix of a whole year takes two columns a day."""

MAX_ROWS = 700_000

WORKBOOK = WorkbookLimits(unpacked_bytes=250_000_000, parts=500, columns=MAX_COLUMNS, rows=MAX_ROWS, cells=6_000_000)

CHILD = ProcessLimits(memory_bytes=1 << 30, cpu_seconds=8, wall_seconds_with_cpu_limit=60.0, wall_seconds=10.0)

HEADER_SEARCH_ROWS = 20
"""Title lines above the headers are allowed."""

MAX_HALF_DAYS = 2_000_000
"""That rows may stand for together; a school of 3,000 pupils has a million possible ones a year."""

PREVIEW_ROWS = 50
PREVIEW_CHARACTERS = 200
