"""What the parsing process does around the parsing: take limits, read the job, answer. It prints a value nowhere else.

A script of a caller runs as ``python -I -S script.py``, because a fresh interpreter without ``site`` starts in a few hundredths
of a second. It puts the folder of stslib on the path, imports this and ends with ``work``.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stslib.guarded.answer import RefusedError, write_answer, write_refusal

Parse = Callable[[bytes, dict[str, Any]], tuple[Mapping[str, Any], Iterable[bytes]]]
"""A file and the caller's job -> a description and blocks; raises ``RefusedError``."""


def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound memory and processor time where the system can, and leave no core file: it would hold what is in the file."""
    with contextlib.suppress(ImportError):
        import resource

        for kind, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_seconds)):
            with contextlib.suppress(OSError, ValueError):
                hard = resource.getrlimit(kind)[1]
                value = value if hard == resource.RLIM_INFINITY else min(value, hard)
                resource.setrlimit(kind, (value, value))


def work(parse: Parse) -> int:
    """Do the job on standard input; the exit status is 0 also for a refused file, because refusing is an answer."""
    order = json.loads(sys.stdin.buffer.readline())
    sys.path.extend(path for path in order["path"] if path not in sys.path)
    limit_this_process(order["memory_bytes"], order["cpu_seconds"])
    out = sys.stdout.buffer
    try:
        description, blocks = parse(sys.stdin.buffer.read(), order["job"])
    except RefusedError as refused:
        write_refusal(out, refused.reason, refused.facts)
    except MemoryError:
        write_refusal(out, "memory", {})
    else:
        write_answer(out, description, blocks)
    return 0
