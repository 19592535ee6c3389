"""The cells of a small workbook (.xlsx) as text, read from a file of unknown origin.

A table of texts needs no spreadsheet engine: the package is a zip with a few XML parts. They are read with a bound on every
size, by a parser that keeps no tree, so a hostile file costs little and can end nothing. Formulas are never computed: what
counts is their last value, as Excel shows it.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

MAX_FILE_BYTES = 5_000_000
MAX_UNPACKED_BYTES = 40_000_000
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 26
MAX_CELL = 32_767
"""What Excel itself can hold in one cell."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ONLY_TABLE = "Kopieer alleen de tabel met teksten naar een nieuw bestand."
_SAVE_AGAIN = "Bewaar het opnieuw vanuit Excel of LibreOffice als .xlsx."


class WorkbookError(Exception):
    """This file is not read; ``fact`` and ``remedy`` say why and what to do, in Dutch."""

    def __init__(self, fact: str, remedy: str = _SAVE_AGAIN) -> None:
        self.fact = fact
        self.remedy = remedy
        super().__init__(fact)


def read_sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The rows of every sheet, by the name of the sheet, in order; row *n* of a sheet stands at place *n* - 1.

    Args:
        content: the bytes of the file.

    Raises:
        WorkbookError: it is no workbook, damaged, protected with a password, or holds more than a table of texts can.
    """
    if len(content) > MAX_FILE_BYTES:
        raise WorkbookError(f"Dit bestand is te groot ({len(content) // 1_000_000} MB).", _ONLY_TABLE)
    if content.startswith(_OLE):
        raise WorkbookError(
            "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord.", "Bewaar het als gewone .xlsx."
        )
    try:
        package = _Package(zipfile.ZipFile(io.BytesIO(content)))
        return package.sheets()
    except WorkbookError:
        raise
    except expat.ExpatError:
        raise WorkbookError("Dit Excel-bestand is beschadigd.") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        EOFError,
        ValueError,
        LookupError,
        NotImplementedError,
        RuntimeError,
    ):
        raise WorkbookError("Dit bestand is geen Excel-bestand, of het is beschadigd.") from None


class _Package:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        parts = archive.infolist()
        self._parts = {part.filename: part for part in parts}
        usual = all(part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
        if len(parts) > MAX_PARTS or len(self._parts) != len(parts) or not usual:
            raise WorkbookError("Dit Excel-bestand is vreemd ingepakt.")
        if any(part.flag_bits & 1 for part in parts):
            raise WorkbookError("Dit Excel-bestand heeft een wachtwoord.", "Bewaar het zonder wachtwoord.")
        if "xl/workbook.xml" not in self._parts:
            raise WorkbookError("Dit bestand is geen Excel-bestand (.xlsx).")
        self._archive = archive
        self._budget = MAX_UNPACKED_BYTES

    def sheets(self) -> dict[str, list[list[str]]]:
        named, places = _Names(), _Relations()
        self._parse("xl/workbook.xml", named.start)
        self._parse("xl/_rels/workbook.xml.rels", places.start)
        shared: list[str] = []
        strings = next((path for path in places.strings if path in self._parts), "xl/sharedStrings.xml")
        if strings in self._parts:
            texts = _SharedTexts(shared)
            self._parse(strings, texts.start, texts.end, texts.text)
        read: dict[str, list[list[str]]] = {}
        for name, relation in named.sheets:
            path = places.targets.get(relation, "")
            if path in self._parts:
                sheet = _Sheet(shared)
                self._parse(path, sheet.start, sheet.end, sheet.text)
                read[name] = sheet.table()
        return read

    def _parse(
        self,
        path: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        parser = expat.ParserCreate("utf-8", " ")  # whatever a part says of itself: no other encoding is ever used
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = start
        if end and text:
            parser.EndElementHandler = end
            parser.CharacterDataHandler = text
        with self._archive.open(self._parts[path]) as stream:
            while block := stream.read(1 << 16):
                self._budget -= len(block)
                if self._budget < 0:
                    raise WorkbookError(
                        "Dit Excel-bestand wordt uitgepakt veel te groot.", "Kopieer alleen de tabel naar een nieuw bestand."
                    )
                parser.Parse(block, False)
        parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    raise WorkbookError("Dit Excel-bestand bevat verwijzingen die er niet in horen.")


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


class _Names:
    """Names of the sheets, and the relation that says where each is."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            relation = next((value for key, value in attributes.items() if _local(key) == "id" and " " in key), "")
            self.sheets.append((attributes.get("name", ""), relation))


class _Relations:
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.strings: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.targets[attributes.get("Id", "")] = path
            if attributes.get("Type", "").endswith("/sharedStrings"):
                self.strings.append(path)


class _SharedTexts:
    """The texts that cells point at; what stands above a word to say how it sounds (``rPh``) is left out."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._parts: list[str] | None = None
        self._inside = False
        self._aside = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        match _local(tag):
            case "si":
                self._parts = []
            case "rPh":
                self._aside += 1
            case "t":
                self._inside = True

    def text(self, data: str) -> None:
        if self._inside and not self._aside and self._parts is not None:
            self._parts.append(data)

    def end(self, tag: str) -> None:
        match _local(tag):
            case "si" if self._parts is not None:
                self._texts.append(_plain("".join(self._parts)))
                self._parts = None
            case "rPh":
                self._aside -= 1
            case "t":
                self._inside = False


class _Sheet:
    def __init__(self, shared: list[str]) -> None:
        self._shared = shared
        self._rows: dict[int, dict[int, str]] = {}
        self._row = self._column = 0
        self._kind = ""
        self._parts: list[str] | None = None
        self._aside = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self._row = _number(attributes.get("r"), self._row + 1)
                self._column = 0
            case "c":
                self._column += 1
                if reference := _REFERENCE.match(attributes.get("r", "")):
                    self._column, self._row = _column_number(reference[1]), int(reference[2])
                self._kind = attributes.get("t", "n")
            case "v":
                self._parts = []
            case "t" if self._kind == "inlineStr" and not self._aside:
                self._parts = []
            case "rPh":
                self._aside += 1

    def text(self, data: str) -> None:
        if self._parts is not None:
            self._parts.append(data)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "rPh":
            self._aside -= 1
        if name not in ("v", "t") or self._parts is None:
            return
        value = "".join(self._parts)
        self._parts = None
        if self._kind == "s":
            index = _number(value, -1)
            value = self._shared[index] if 0 <= index < len(self._shared) else ""
        elif self._kind in ("inlineStr", "str"):
            value = _plain(value)
        if not value:
            return
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise WorkbookError(
                f"Er staat iets heel ver van de tabel: rij {self._row}, kolom {self._column}.",
                "Verwijder alles naast en onder de tabel.",
            )
        cells = self._rows.setdefault(self._row, {})
        # A text in runs with different type comes as several pieces of one cell.
        value = cells.get(self._column, "") + value
        if len(value) > MAX_CELL:
            raise WorkbookError(f"In rij {self._row} staat een tekst van meer dan {MAX_CELL} tekens.", "Maak hem korter.")
        cells[self._column] = value

    def table(self) -> list[list[str]]:
        width = max((max(cells) for cells in self._rows.values()), default=0)
        empty: dict[int, str] = {}
        return [
            [self._rows.get(row, empty).get(column, "") for column in range(1, width + 1)]
            for row in range(1, max(self._rows, default=0) + 1)
        ]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else otherwise


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _plain(text: str) -> str:
    """What Excel writes for a character that XML cannot hold, as that character."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
