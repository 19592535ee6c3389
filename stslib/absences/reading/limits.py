"""How much of a file a reader takes on. Standard library only: the parsing process imports this too."""

from __future__ import annotations

MAX_FILE_BYTES = 20_000_000
"""A larger file is refused before a byte of it is parsed; a whole school year of a large school takes 2 to 6 MB."""

MAX_UNPACKED_BYTES = 250_000_000
"""All parts of a workbook together, unpacked."""

MAX_PACKING_RATIO = 120
"""Unpacked over packed size of one part above a megabyte; repetitive sheets reach about 40, a bomb 1,000."""

MAX_WORKBOOK_PARTS = 500

MAX_SHEET_CELLS = 6_000_000
"""Rows × columns of the rectangle around all cells of one sheet: a single far cell makes that rectangle huge."""

MAX_COLUMNS = 400
MAX_ROWS = 700_000

CHILD_MEMORY_BYTES = 1 << 30
CHILD_CPU_SECONDS = 8
"""Where the system can limit processor time; the time on the wall is then only a last resort, so that a busy machine
refuses no good file."""
CHILD_WALL_SECONDS_WITH_CPU_LIMIT = 60.0
CHILD_WALL_SECONDS = 10.0

HEADER_SEARCH_ROWS = 20
"""Title lines above the headers are allowed."""
