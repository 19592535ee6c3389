"""The sheets of a workbook: one for each of the tables that an archive carries, and one about the archive itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

from stslib.archive.carriers.cells import Cells
from stslib.archive.keeping.seal import Verification
from stslib.text import format_moment, parse_typed_date

Row = dict[str, Any]

_TITLES: Final = {"bold": True, "bg_color": "#E2EFF4", "bottom": 2, "bottom_color": "#0B5872"}
_MUTED: Final = {"font_color": "#52606D"}
_CELL: Final = {"border": 1, "border_color": "#D5D9DE"}
_A4 = 9
_FIGURE_COLUMNS = 8  # the least that a title is spread over
_FIRST_WIDTH, _OTHER_WIDTH = 36, 15
_LINE = 15.0  # height of a line, in points

_ACTIONS: Final = (
    ("Wat", "what", 44),
    ("Wie", "who", 26),
    ("Tegen wanneer", "when", 14),
    ("Stand", "state", 10),
    ("Check", "check", 30),
    ("Beoogd effect", "effect", 30),
    ("Waaraan we het aflezen", "indicator", 26),
    ("Waarde bij de start", "baseline", 16),
    ("Streefwaarde", "target", 16),
    ("Wat werkt", "works", 30),
    ("Wat tegenhoudt", "hinders", 30),
    ("Bijsturing", "adjustment", 30),
    ("Hoort bij", "origin", 36),
    ("Instrument", "instrument", 18),
    ("Afgesproken op", "agreed", 14),
    ("Nog in te vullen", "missing", 18),
)
_FOCUS: Final = (("Voor", "group"), ("Omdat", "problem"), ("Wij kunnen", "impact"), ("Waarom deze", "reason"))
_DASH = (
    "Een streepje (–) in een cijfer betekent dat het getal niet getoond wordt: de groep leerlingen is te klein, of het getal "
    "van een kleine groep zou eruit af te leiden zijn. Probeer het niet uit andere getallen af te leiden."
)
_NO_NUMBERS = (
    "Een score is een geheel getal van 0 tot 10. “Weet niet”, “niet van toepassing” en “niet besproken” zijn geen getal: "
    "ze tellen in geen gemiddelde mee."
)


@dataclass(frozen=True)
class _Column:
    title: str
    width: int
    kind: str = "text"
    """``text``, ``day`` or ``score``."""


class Sheets:
    """The sheets of one workbook, in the order in which these are called."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._cells = Cells(workbook)

    # -- one sheet each ----------------------------------------------------------------------------------------------------

    def scores(self, rows: Sequence[Row]) -> None:
        """A row per scale: earlier scores from old to new, today's, the target, and what was said about it."""
        days = _days_of(rows)
        columns = [
            _Column("Instrument", 26),
            _Column("Fase", 24),
            _Column("Onderdeel", 34),
            _Column("Schaal", 28),
            *(_Column(label, 12, "score") for label, _ in days),
            _Column("Score nu", 12, "score"),
            _Column("Streefdoel", 11, "score"),
            _Column("Waarom deze score", 44),
            _Column("Waar we op willen inzetten", 44),
        ]
        table = []
        for row in rows:
            earlier = dict(zip(_numbered(row.get("earlier", [])), row.get("earlier", []), strict=True))
            table.append(
                [
                    *(row.get(name, "") for name in ("instrument", "phase", "section", "scale")),
                    *(earlier[day]["score"] if day in earlier else "" for day in days),
                    *(row.get(name, "") for name in ("score", "target", "evidence", "ambition")),
                ]
            )
        self._table("Scores", columns, table, frozen=4, nothing="In dit archief staan geen schalen.")

    def actions(self, rows: Sequence[Row]) -> None:
        """A row per action, with its day as a day where it reads as one."""
        columns = [_Column(title, width, "day" if name in ("when", "agreed") else "text") for title, name, width in _ACTIONS]
        table = [
            [row.get("due") or row.get(name, "") if name == "when" else row.get(name, "") for _, name, _ in _ACTIONS]
            for row in rows
        ]
        self._table("Acties", columns, table, frozen=1, nothing="Er zijn nog geen acties gepland.")

    def decisions(self, focus: Row, rows: Sequence[Row]) -> None:
        """The focus, and what else was agreed."""
        columns = [
            _Column("Wat", 30),
            _Column("Afspraak", 90),
            _Column("Overgenomen van", 18, "day"),
            _Column("Instrument", 20),
        ]
        table = [[f"Onze focus: {label.lower()}", focus[name], "", ""] for label, name in _FOCUS if focus.get(name)]
        table += [[row.get(name, "") for name in ("what", "text", "from", "instrument")] for row in rows]
        self._table("Besluiten", columns, table, frozen=1, nothing="Er zijn nog geen focus of afspraken genoteerd.")

    def figures(self, figures: Sequence[Row]) -> None:
        """Every figure under the other, each with its title, its place, how it was counted and its table."""
        width = max([_FIGURE_COLUMNS, *(len(figure["columns"]) for figure in figures)])
        sheet = self._sheet("Cijfers")
        sheet.set_column(0, 0, _FIRST_WIDTH)
        sheet.set_column(1, width - 1, _OTHER_WIDTH)
        self._cells.text(sheet, 0, 0, "Cijfers van de school", bold=True, font_size=14, text_wrap=False)
        place = 1
        if not figures:
            self._cells.text(sheet, place, 0, "In dit archief staan geen cijfers.", **_MUTED, text_wrap=False)
        for figure in figures:
            place = self._figure(sheet, place + 1, width, figure)

    def _figure(self, sheet: Any, place: int, width: int, figure: Row) -> int:
        """One figure from row *place* on; gives the first row after it."""
        cells = self._cells
        self._spread(sheet, place, 0, width, figure["title"], bold=True, font_size=12, font_color="#0B5872")
        kind = "vastgezet cijfer, met zijn waarde van die dag" if figure.get("pinned") else ""
        self._spread(sheet, place + 1, 0, width, " · ".join(filter(None, (figure.get("place"), kind))), **_MUTED)
        place += 2
        for column, title in enumerate(figure["columns"]):
            cells.text(sheet, place, column, title, **_TITLES)
        for row in figure["rows"]:
            place += 1
            cells.text(sheet, place, 0, row[0] if row else "", **_CELL)  # the name of a group or a week, whatever it looks like
            for column, value in enumerate(row[1:], 1):
                cells.value(sheet, place, column, value, **_CELL)
        for line in figure.get("why", []):
            place += 1
            cells.text(sheet, place, 0, line["label"], **_MUTED)
            self._spread(sheet, place, 1, width, line["text"])
        cells.text(sheet, place + 1, 0, "Geteld op", **_MUTED)
        cells.day(sheet, place + 1, 1, figure.get("counted_on", ""))
        cells.text(sheet, place + 2, 0, "Regel voor kleine groepen", **_MUTED)
        cells.text(sheet, place + 2, 1, figure.get("policy", ""))
        return place + 3

    def about(self, checked: Verification) -> None:
        """Which archive this comes from, and how to read what is missing."""
        manifest = checked.manifest
        contents = manifest.get("instruments")
        lines: list[tuple[str, object]] = [
            ("School", manifest.get("school", "")),
            ("Overleg", manifest.get("title", "")),
            ("Dag", manifest.get("day", "")),
            ("Sessies" if manifest.get("kind") == "trajectory" else "Sessie", _sessions(manifest)),
            ("Traject", manifest.get("trajectory", "")),
            ("Wie erbij was", manifest.get("participants", "")),
            ("Afgesloten door", manifest.get("closed_by", "")),
            ("Voorbeeld", "Deze school bestaat niet en haar cijfers zijn verzonnen." if manifest.get("demo") else ""),
            ("Archief", checked.path.name),
            ("Versie van het archief", manifest.get("version", "")),
            ("Archief gemaakt op", _told_moment(manifest)),
            ("SHA-256 van het archief", checked.sha256),
            ("Programma", f"stslib {manifest.get('stslib', '')}"),
            ("Inhoud", ", ".join(contents.values()) if isinstance(contents, dict) else ""),
            ("Regel voor kleine groepen", manifest.get("policy", "")),
            ("Streepjes", _DASH),
            (
                "Wat dit is",
                "Een afschrift van de tabellen in het archief, om mee verder te werken. Alleen het archief zelf is verzegeld.",
            ),
            ("Scores", _NO_NUMBERS),
            (
                "Afgekorte teksten",
                f"{self._cells.shortened}; ze staan volledig in het archief." if self._cells.shortened else "",
            ),
        ]
        sheet = self._sheet("Over dit bestand")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for place, (label, value) in enumerate((label, value) for label, value in lines if value not in ("", None)):
            self._cells.text(sheet, place, 0, label, bold=True)
            if label == "Dag":
                self._cells.day(sheet, place, 1, str(value))
            else:
                self._cells.text(sheet, place, 1, value)

    # -- parts of a sheet --------------------------------------------------------------------------------------------------

    def _sheet(self, name: str) -> Any:
        sheet = self._workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&L&A&RBlad &P van &N")
        return sheet

    def _table(
        self, name: str, columns: Sequence[_Column], rows: Sequence[Sequence[Any]], *, frozen: int, nothing: str
    ) -> None:
        sheet = self._sheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self._cells.text(sheet, 0, place, column.title, **_TITLES)
        for number, row in enumerate(rows, 1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._put(sheet, number, place, column.kind, value)
        if not rows:
            self._cells.text(sheet, 1, 0, nothing, **_MUTED, text_wrap=False)
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.repeat_rows(0)

    def _put(self, sheet: Any, row: int, column: int, kind: str, value: object) -> None:
        look: dict[str, object] = {"bottom": 1, "bottom_color": "#D5D9DE"}
        if kind == "day":
            self._cells.day(sheet, row, column, str(value), **look)
        elif kind == "score" and isinstance(value, int) and not isinstance(value, bool):
            self._cells.value(sheet, row, column, value, **look)
        elif kind == "score":  # a word that stands for no number
            self._cells.text(sheet, row, column, value, **look, align="right")
        else:
            self._cells.text(sheet, row, column, value, **look)

    def _spread(self, sheet: Any, row: int, first: int, width: int, text: str, **look: Any) -> None:
        """A text over the rest of the row, as high as it needs: a workbook does not do that by itself for joined cells."""
        room = sum(_OTHER_WIDTH if column else _FIRST_WIDTH for column in range(first, width))
        sheet.merge_range(row, first, row, width - 1, "", self._cells.format(**look))
        self._cells.text(sheet, row, first, text, **look)
        size = look.get("font_size", 11) / 11
        lines = sum(max(1, ceil(len(line) * size * 1.1 / room)) for line in str(text).split("\n"))
        sheet.set_row(row, min(400.0, _LINE * size * lines + 2))


def _days_of(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """The earlier days of all rows, old to new; each with its number among those of the same name."""
    days = dict.fromkeys(day for row in rows for day in _numbered(row.get("earlier", [])))
    return sorted(days, key=lambda day: (str(parse_typed_date(day[0]) or "9999"), day[1]))


def _numbered(earlier: Sequence[Row]) -> list[tuple[str, int]]:
    labels = [str(one["day"]) for one in earlier]
    return [(label, labels[:place].count(label)) for place, label in enumerate(labels)]


def _sessions(manifest: Row) -> str:
    """The number and the id of the session, or the ids of all sessions of a trajectory."""
    if manifest.get("kind") == "trajectory":
        return ", ".join(map(str, manifest.get("sessions", [])))
    return f"{manifest.get('number', '')} ({manifest['session']})" if manifest.get("session") else ""


def _told_moment(manifest: Row) -> str:
    try:
        return format_moment(datetime.fromisoformat(str(manifest.get("created_at"))))
    except ValueError:
        return ""
