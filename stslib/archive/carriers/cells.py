"""Cells of a workbook: a text is always a text, a number that the archive shows is a number, a day is a day."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from stslib.archive.document.plain import shown
from stslib.text import parse_typed_date

SAFE: Final = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
"""Options of xlsxwriter that keep it from making anything out of a text."""

SHORTENED = " … [afgekort: een cel van een werkblad is vol; de hele tekst staat in het archief]"

_FULL = 32_767
"""UTF-16 units in one cell, a limit of the file format."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"([+−-]?)([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?([\s\u00a0]?%)?")


class Cells:
    """Writes cells of one sheet after another, with the formats of one workbook.

    Args:
        workbook: of xlsxwriter, opened with ``SAFE``.
    """

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self.shortened = 0
        """How many texts did not fit into their cell."""

    def format(self, **look: object) -> Any:
        """A format, at the top of its cell and wrapped unless *look* says otherwise; the same object for the same look."""
        whole = {"text_wrap": True, "valign": "top", **look}
        key = tuple(sorted(whole.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(whole)
        return self._formats[key]

    def text(self, sheet: Any, row: int, column: int, text: object, **look: object) -> None:
        """Any text as it is; one that begins as a formula keeps being a text when somebody edits the cell."""
        told = self._fitting(shown(str(text)))
        if told.startswith(_STARTS_A_FORMULA):
            look["quote_prefix"] = True
        if told:
            sheet.write_string(row, column, told, self.format(**look))
        else:
            sheet.write_blank(row, column, None, self.format(**look))

    def day(self, sheet: Any, row: int, column: int, text: str, **look: object) -> None:
        """A day where *text* reads as one, else the text."""
        day = parse_typed_date(text)
        if day is None or day.year < 1900:
            self.text(sheet, row, column, text, **look)
        else:
            moment = datetime(day.year, day.month, day.day)
            sheet.write_datetime(row, column, moment, self.format(**look, num_format="dd/mm/yyyy", align="left"))

    def value(self, sheet: Any, row: int, column: int, value: object, **look: object) -> None:
        """A number where *value* is one or reads as one (``1.234``, ``4,2 %``), a day where it reads as one, else the text."""
        number = as_number(value)
        if number is None:
            self.day(sheet, row, column, str(value), **look)
        else:
            sheet.write_number(row, column, number[0], self.format(**look, num_format=number[1], align="right"))

    def _fitting(self, text: str) -> str:
        units = text.encode("utf-16-le")
        if len(units) <= 2 * _FULL:
            return text
        self.shortened += 1
        return units[: 2 * (_FULL - len(SHORTENED))].decode("utf-16-le", "ignore") + SHORTENED


def as_number(value: object) -> tuple[float, str] | None:
    """A number and the format that shows it as the archive did; None for what is no number in an archive."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value), "General"
    found = _NUMBER.fullmatch(str(value))
    if not found or len(found[2]) > 15:
        return None
    sign, whole, decimals, percent = found.groups()
    number = float(f"{whole.replace('.', '')}.{decimals or 0}") * (-1 if sign in ("-", "−") else 1)
    places = "." + "0" * len(decimals) if decimals else ""
    if percent:
        return number / 100, f"0{places}%"
    return number, f"#,##0{places}"
