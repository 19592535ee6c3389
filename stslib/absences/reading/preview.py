"""What a file looks like before it is read: for a page on which a person says which column is what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from stslib.absences.reading import limits
from stslib.absences.reading.guard import FILE_KINDS, read_bytes, run_job
from stslib.absences.reading.headers import KINDS, ROLE_NAMES, ColumnMapping
from stslib.model.finding import Finding, Level

IGNORE = "ignore"
"""The role of a column that a mapping says to leave alone."""


@dataclass(frozen=True)
class PreviewColumn:
    """One column of a file."""

    number: int
    """From 1, as a mapping can name it."""
    header: str
    """As the file has it; can be empty or double."""
    role: str | None
    """A key of ``headers.ROLE_NAMES``; None when nothing is counted with it."""
    is_personal: bool
    """It holds names, national numbers, birth dates, addresses or remarks, and is dropped unless it has a role."""

    @property
    def role_name(self) -> str:
        """What people here call its role; empty without one."""
        return ROLE_NAMES[self.role] if self.role else ""


@dataclass(frozen=True, repr=False)
class Preview:
    """The first rows of a file and what its columns seem to be.

    Holds values of pupils: show it live, keep it nowhere. Its repr tells counts only.
    """

    file: str
    kind: str
    sheets: tuple[str, ...]
    """Of a workbook; empty for a text."""
    sheet: str | None
    """The one that is looked at."""
    columns: tuple[PreviewColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first data rows, every cell as text."""
    row_count: int
    """Data rows in all."""
    header_row: int
    """As a person counts rows; 0 when there are no headers."""
    shape: str | None
    """``long``, ``days``, ``periods``, ``matrix``, ``totals`` or ``blocks``; None for a companion file or an incomplete one."""
    missing: tuple[str, ...]
    """Roles that a file of this kind still needs."""
    problems: tuple[Finding, ...]
    """No values of pupils in these."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The header of every column."""
        return tuple(column.header for column in self.columns)

    @property
    def usable(self) -> bool:
        """Whether the file can be read as it is understood now."""
        return not self.missing

    def mapping(self) -> dict[str, int]:
        """Role -> number of its column as it stands: where a person starts to correct."""
        return {c.role: c.number for c in self.columns if c.role in KINDS[self.kind]}

    def __repr__(self) -> str:
        return f"<Preview {self.kind}: {self.row_count} rijen, {len(self.columns)} kolommen>"


def preview_export(
    path: Path,
    *,
    kind: str = "export",
    mapping: ColumnMapping | None = None,
    codes: Collection[str] = (),
    rows: int = 8,
) -> Preview:
    """Look at a file in the guarded process; nothing is stored.

    Args:
        path: a file of any type that can be read.
        kind: ``export``, ``enrolment`` or ``classes``.
        mapping: role -> header, or number of the column from 1; ``ignore`` -> headers or numbers to leave alone;
            ``sheet`` -> the name of the sheet; ``header_row`` -> its number from 1, 0 when the file has no headers.
        codes: the letters of the code table; without them a table of totals with codes as headers is not recognised.
        rows: how many rows to show, at most 50.

    Raises:
        ReadingError: the file cannot be read at all.
    """
    content = read_bytes(path, kind)
    job = {
        "task": "preview",
        "mapping": dict(mapping) if mapping else None,
        "codes": sorted(codes),
        "rows": max(0, min(rows, limits.PREVIEW_ROWS)),
    }
    found = run_job(path.name, content, kind, job).description
    columns = tuple(
        PreviewColumn(number, *column)
        for number, column in enumerate(zip(found["headers"], found["roles"], found["personal"], strict=True), 1)
    )
    missing = tuple(found["missing"]) if kind == "export" else _missing_companion(kind, {c.role for c in columns})
    shape = "totals" if found["shape"] == "code totals" else found["shape"]
    sheets = tuple(found["sheets"])
    return Preview(
        file=path.name,
        kind=kind,
        sheets=sheets,
        sheet=sheets[found["sheet"]] if sheets else None,
        columns=columns,
        rows=tuple(tuple(row) for row in found["rows"]),
        row_count=found["count"],
        header_row=found["header_row"] + 1,
        shape=shape,
        missing=missing,
        problems=tuple(_problems(path.name, kind, found["found"], columns, missing, found["count"], shape)),
    )


def _missing_companion(kind: str, roles: set[str | None]) -> tuple[str, ...]:
    needed = {"enrolment": "pupil", "classes": "class"}[kind]
    return () if needed in roles else (needed,)


def _problems(
    place: str,
    kind: str,
    found: bool,
    columns: tuple[PreviewColumn, ...],
    missing: tuple[str, ...],
    count: int,
    shape: str | None,
) -> list[Finding]:
    problems: list[Finding] = []

    def tell(level: Level, fact: str, remedy: str = "") -> None:
        problems.append(Finding(level=level, place=place, fact=fact, remedy=remedy))

    if not found:
        tell(
            Level.ERROR,
            f"Er is geen rij met kolomtitels herkend voor {FILE_KINDS[kind]}.",
            "Kies hieronder zelf welke kolom wat is, of kies een ander bestand.",
        )
    elif missing:
        names = ", ".join(ROLE_NAMES[role] for role in missing)
        tell(Level.ERROR, f"Er ontbreekt een kolom: {names}.", "Kies hieronder welke kolom dat is.")
    if not count:
        tell(Level.ERROR, "Er staan geen rijen onder de kolomtitels.", "Maak de export opnieuw, voor het hele schooljaar.")
    titles = [" ".join(column.header.casefold().split()) for column in columns if column.header]
    doubles = sorted({column.header for column in columns if titles.count(" ".join(column.header.casefold().split())) > 1})
    if found and doubles and shape not in ("matrix",):
        tell(
            Level.WARNING,
            f"Deze titel staat meer dan één keer: {', '.join(doubles[:5])}.",
            "Kijk na of de juiste kolom gekozen is.",
        )
    personal = [column.header for column in columns if column.is_personal and column.role is None]
    if found and personal:
        tell(Level.NOTE, f"Persoonsgegevens die niet bewaard worden: {', '.join(personal[:10])}.")
    if shape == "totals":
        tell(
            Level.WARNING,
            "Dit bestand heeft alleen totalen per leerling: daarmee kunnen enkel drempels geteld worden.",
            "Breng een export per halve dag, per dag of per periode voor weken, weekdagen en patronen.",
        )
    return problems
