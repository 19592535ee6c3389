"""YAML read as nodes: plain data for the forms, and the line of every value for whoever has to mend it.

Scalars stay text, so that a code ``N``, a version ``2026-11`` or an answer ``nee`` is never turned into something else; the
forms say what is a number or a day. Aliases, tags and double keys are faults: a form has no use for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stslib.model.finding import Finding, Level

Loc = Sequence[int | str]
"""Where a value stands: keys and list positions from the top of the file."""

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)
_GROUP_TAGS = frozenset(("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))
_NULL = "tag:yaml.org,2002:null"

_HINTS = (
    (
        "mapping values are not allowed",
        'Een dubbelpunt met een spatie midden in een zin: zet de zin tussen "aanhalingstekens".',
    ),
    ("\\t", "Spring in met spaties, niet met een tab."),
    ("quoted scalar", "Sluit de tekst af met hetzelfde aanhalingsteken als waarmee hij begint."),
    (
        "cannot start any token",
        'Zet de tekst tussen "aanhalingstekens": hij begint met een teken dat in YAML iets anders betekent.',
    ),
    ("single document", "Haal de lijn met --- weg: een bestand is één formulier."),
    ("undefined alias", 'Een sterretje vooraan betekent in YAML iets anders: zet de tekst tussen "aanhalingstekens".'),
    ("not allowed", "Haal de vreemde tekens weg; ze komen meestal mee met kopiëren en plakken."),
)
_HINT = "Kijk of elke regel even ver inspringt als zijn buren, en of na elke sleutel een dubbelpunt met een spatie staat."


@dataclass(frozen=True)
class Document:
    """One YAML file: its data (groups, lists, text, None) and where each value stands."""

    place: str
    data: Any
    root: yaml.Node | None
    findings: tuple[Finding, ...]

    def line(self, loc: Loc = ()) -> int:
        """The line (from 1) of the value at *loc*, or of the nearest thing around it that exists."""
        node = self.root
        line = node.start_mark.line if node else 0
        for part in loc:
            if isinstance(node, yaml.MappingNode):
                pair = next(((key, value) for key, value in node.value if key.value == part), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line, pair[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line
            else:
                break
        return int(line) + 1

    def fault(self, loc: Loc, fact: str, remedy: str) -> Finding:
        """A finding about the value at *loc*."""
        return fault(f"{self.place}, regel {self.line(loc)}", fact, remedy)


def fault(place: str, fact: str, remedy: str) -> Finding:
    """An error at *place*."""
    return Finding(level=Level.ERROR, place=place, fact=fact, remedy=remedy)


def quoted(value: object, limit: int = 60) -> str:
    """A value as it is named in a message: on one line, between quotes, cut when long."""
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= limit else text[: limit - 1] + '…'}'"


def read_document(path: Path, place: str, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file; what is wrong with it as YAML ends up in ``findings``, and then ``data`` is as far as it could be read.

    Args:
        path: the file.
        place: how messages name it, as ``content/codes.yaml``.
        max_bytes: a larger file is not parsed.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return _unreadable(place, "Dit bestand bestaat niet.", "Zet het terug, of pas de verwijzing ernaar aan.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return _unreadable(place, f"Dit bestand kan niet gelezen worden ({reason}).", "Kijk of je het mag openen.")
    if len(raw) > max_bytes:
        size = f"{len(raw) // 1000} kB"
        return _unreadable(place, f"Dit bestand is te groot ({size}).", f"Hou het onder {max_bytes // 1000} kB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(f"{place}, regel {line}", "Dit bestand is niet in UTF-8 bewaard.", "Bewaar het opnieuw als UTF-8.")
    try:
        if (line_too_deep := _too_deep(text)) is not None:
            fact = f"Hier zitten meer dan {MAX_DEPTH} niveaus in elkaar."
            return _unreadable(f"{place}, regel {line_too_deep}", fact, "Kijk of er haakjes of streepjes te veel staan.")
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        return _unreadable(*_explain(error, raw, place))
    if root is None:
        return _unreadable(f"{place}, regel 1", "Dit bestand is leeg.", "Vul het in, of haal het weg.")
    reader = _Reader(place)
    data = reader.plain(root)
    return Document(place, data, root, tuple(reader.findings))


def _unreadable(place: str, fact: str, remedy: str) -> Document:
    return Document(place.split(", regel ")[0], None, None, (fault(place, fact, remedy),))


def _too_deep(text: str) -> int | None:
    """The line on which a file nests deeper than a form can.

    Looked at over the parser's events first: composing recurses in C without a limit, so that a long row of brackets would
    end the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return (event.start_mark.line if event.start_mark else 0) + 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _explain(error: yaml.YAMLError, raw: bytes, place: str) -> tuple[str, str, str]:
    words = str(error)
    hint = next((text for words_of_library, text in _HINTS if words_of_library in words), _HINT)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
    else:
        position = getattr(error, "position", 0)
        line = raw.count(b"\n", 0, position if isinstance(position, int) else 0)
    return f"{place}, regel {line + 1}", "Hier klopt de opmaak (YAML) niet.", hint


class _Reader:
    """Turns nodes into plain data and notes what a form does not allow."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def plain(self, node: yaml.Node) -> Any:
        """The data below *node*."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._seen:
            self._note(node, "Dit verwijst naar een ander stuk van het bestand (een & met een *).", "Schrijf het voluit.")
            return None
        self._seen.add(id(node))
        if node.tag not in _GROUP_TAGS:
            self._note(
                node, f"Het label {quoted(node.tag)} hoort hier niet.", "Haal het uitroepteken en het woord erachter weg."
            )
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child) for child in node.value]
        return self._group(node) if isinstance(node, yaml.MappingNode) else None

    def _scalar(self, node: yaml.ScalarNode) -> str | None:
        if node.tag not in _PLAIN_TAGS:
            self._note(
                node, f"Het label {quoted(node.tag)} hoort hier niet.", "Haal het uitroepteken en het woord erachter weg."
            )
        return None if node.tag == _NULL else str(node.value)

    def _group(self, node: yaml.MappingNode) -> dict[str, Any]:
        group: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(
                    key_node, "Een sleutel is één woord.", "Schrijf 'sleutel: waarde', zonder lijst of groep als sleutel."
                )
                continue
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in lines:
                remedy = "Hou er één over; bij twee zou de ene de andere stil overschrijven."
                self._note(
                    key_node, f"De sleutel {quoted(key)} staat hier een tweede keer (eerst op regel {lines[key]}).", remedy
                )
            lines.setdefault(key, line)
            group[key] = self.plain(value_node)
        return group

    def _note(self, node: yaml.Node, fact: str, remedy: str) -> None:
        self.findings.append(fault(f"{self.place}, regel {node.start_mark.line + 1}", fact, remedy))
