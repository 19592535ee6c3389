"""What a caller allows: the process that parses, and a workbook before it is parsed. Named tuples, which import fast."""

from __future__ import annotations

from typing import NamedTuple


class ProcessLimits(NamedTuple):
    """What the parsing process may use."""

    memory_bytes: int
    cpu_seconds: int
    """Where the system can limit processor time; the time on the wall is then only a last resort, so that a busy machine
    refuses no good file."""
    wall_seconds_with_cpu_limit: float
    wall_seconds: float
    """Where it cannot."""


class WorkbookLimits(NamedTuple):
    """How large a workbook may turn out to be."""

    unpacked_bytes: int
    """All parts together."""
    parts: int
    columns: int
    rows: int
    """Place of the last cell, filled in or not."""
    cells: int
    """Rows × columns of the rectangle around all cells of one sheet: a single far cell makes that rectangle huge."""
    packing_ratio: int = 120
    """Unpacked over packed size of one part above a megabyte; repetitive sheets reach about 40, a bomb 1,000."""
