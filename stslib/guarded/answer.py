"""What the parsing process writes and its parent reads: a description as JSON, then blocks of bytes; or why there are none."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

_SIZE = struct.Struct(">Q")


class RefusedError(Exception):
    """This file is not read.

    ``reason`` is one of the kinds in ``sentences`` or one of the caller's own; ``facts`` are what its sentence counts, never
    a value of a cell.
    """

    def __init__(self, reason: str, **facts: int | str) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(reason)


class Answer(NamedTuple):
    """What came of a file."""

    description: Mapping[str, Any]
    blocks: Sequence[memoryview]


def write_answer(out: BinaryIO, description: Mapping[str, Any], blocks: Iterable[bytes] = ()) -> None:
    """Write an answer: the size of its head (8 bytes), the head as JSON, the blocks."""
    blocks = list(blocks)
    _write(out, {"description": description, "lengths": [len(block) for block in blocks]}, blocks)


def write_refusal(out: BinaryIO, reason: str, facts: Mapping[str, int | str]) -> None:
    """Write why there is no answer."""
    _write(out, {"refused": reason, "facts": facts}, [])


def _write(out: BinaryIO, head: Mapping[str, Any], blocks: Sequence[bytes]) -> None:
    packed = json.dumps(head).encode("ascii")
    out.write(_SIZE.pack(len(packed)))
    out.write(packed)
    for block in blocks:
        out.write(block)
    out.flush()


def read_answer(written: bytes) -> Answer:
    """The answer that a process wrote.

    Raises:
        RefusedError: with its reason when it refused the file; ``crash`` when this is no answer.
    """
    try:
        (size,) = _SIZE.unpack_from(written)
        head = json.loads(written[_SIZE.size : _SIZE.size + size])
    except (struct.error, ValueError) as error:
        raise RefusedError("crash") from error
    if not isinstance(head, dict):
        raise RefusedError("crash")
    if "refused" in head:
        raise RefusedError(head["refused"], **head["facts"])
    blocks, place, whole = [], _SIZE.size + size, memoryview(written)
    if "description" not in head or place + sum(head.get("lengths", ())) != len(whole):
        raise RefusedError("crash")
    for length in head["lengths"]:
        blocks.append(whole[place : place + length])
        place += length
    return Answer(head["description"], blocks)
