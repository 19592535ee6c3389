"""What came of a file: counts that add up to its rows, a reason for each rejected row, and what is left to store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from stslib.errors import ReadingError
from stslib.model.absence import Period, WeeklyGrid
from stslib.model.base import Frozen
from stslib.model.finding import Finding

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Reason(NamedTuple):
    """Why a row or a half day is not used: the column it is about, the fact and the remedy, in Dutch."""

    role: str
    fact: str
    remedy: str


REASONS: Mapping[str, Reason] = {
    "ragged": Reason(
        "pupil",
        "De rij heeft meer waarden dan er kolommen zijn.",
        "Kijk na of er een scheidingsteken in een waarde staat; zet die waarde tussen aanhalingstekens.",
    ),
    "line_unreadable": Reason(
        "pupil",
        "Deze lijn is geen leerlingnummer, geen code en geen datum met een tijdstip.",
        "Laat op elke lijn één nummer van hoogstens tien cijfers staan.",
    ),
    "pupil_missing": Reason("pupil", "Er staat geen leerlingnummer.", "Vul het leerlingnummer in het schoolpakket aan."),
    "pupil_rounded": Reason(
        "pupil",
        "Het leerlingnummer is door Excel afgerond en niet meer te herstellen.",
        "Maak de export opnieuw en open ze niet in Excel voor het inlezen.",
    ),
    "date_missing": Reason("date", "Er staat geen datum.", "Vul de datum aan als dd/mm/jjjj."),
    "date_unreadable": Reason("date", "De datum is niet leesbaar of bestaat niet.", "Schrijf de datum als dd/mm/jjjj."),
    "outside_year": Reason(
        "date", "De datum valt buiten het schooljaar.", "Kies het schooljaar van de export, of haal deze rijen eruit."
    ),
    "weekend": Reason("date", "De datum valt in een weekend.", "Kijk de datum na in het schoolpakket."),
    "holiday": Reason("date", "De datum valt op een vakantiedag of een vrije dag.", "Kijk de datum na in het schoolpakket."),
    "no_lesson": Reason(
        "half",
        "Op die halve dag is er geen les (zoals woensdagnamiddag).",
        "Kijk de rij na in het schoolpakket, of pas het weekrooster van de school aan.",
    ),
    "period_reversed": Reason("to", "Het einde van de periode ligt voor het begin.", "Kijk de datums van en tot na."),
    "period_too_long": Reason(
        "to", "De periode is langer dan een schooljaar.", "Kijk de datums van en tot na, ook het jaartal."
    ),
    "period_empty": Reason(
        "from",
        "In deze periode is er geen enkele halve dag les.",
        "Kijk de datums na, en de vrije dagen en het weekrooster van de school.",
    ),
    "half_missing": Reason("half", "Er staat geen dagdeel.", "Vul VM of NM in."),
    "half_unknown": Reason("half", "Het dagdeel is niet leesbaar.", "Schrijf VM of NM, of voormiddag of namiddag."),
    "code_missing": Reason("code", "Er staat geen code.", "Vul de code in het schoolpakket aan."),
    "count_unreadable": Reason(
        "count",
        "Het aantal is geen heel getal van 0 tot 400.",
        "Zet het aantal halve dagen als gewoon getal in de cel.",
    ),
    "not_enrolled": Reason(
        "pupil",
        "De leerling staat niet in het inschrijvingsbestand.",
        "Maak het inschrijvingsbestand opnieuw, met alle leerlingen.",
    ),
    "outside_enrolment": Reason(
        "date",
        "De leerling was op die dag niet ingeschreven.",
        "Kijk de datum en de inschrijving na in het schoolpakket.",
    ),
    "duplicate": Reason("pupil", "Deze halve dag staat al in een eerdere rij.", "Er is niets nodig: de eerste rij telt."),
    "conflict": Reason(
        "code",
        "Deze halve dag staat met een andere code in een eerdere rij; de eerste telt.",
        "Kijk in het schoolpakket na welke code juist is.",
    ),
}
"""Why a row is not used. Every rejected row has exactly one of these."""


class ReadingReport(Frozen):
    """What was read; ``used + repaired + rejected == rows``, always. Counts and column names, no values of pupils."""

    file: str
    rows: int
    used: int
    repaired: int
    rejected: int
    repairs: dict[str, int]
    """How rows were repaired -> number of rows (a row can be repaired in two ways)."""
    rejections: dict[str, int]
    """Why rows were rejected, in Dutch -> number of rows."""
    reasons: dict[str, int] = Field(default={})
    """The same by the keys of ``REASONS``, which stay as they are when a sentence changes."""
    dropped_columns: tuple[str, ...]
    """Columns with names, national numbers, birth dates, addresses or remarks: recognised and not kept."""
    ignored_columns: tuple[str, ...]
    """Other columns that nothing is counted with; not kept either."""
    unknown_codes: dict[str, int]
    """Code -> half days. They are kept, and count neither as absent nor as present."""
    findings: tuple[Finding, ...]
    shape: str
    """``long`` (a row per half day), ``days`` (a row per day with VM and NM), ``periods``, ``matrix`` (pupils down, half days
    across), ``totals`` (numbers per pupil and code, no days) or ``blocks`` (lines of text).

    ``rows`` counts rows of the file below the headers; of ``blocks``, the lines below a day and its code."""
    period: tuple[date, date] | None
    """First and last day that possible half days are counted for, both inclusive."""
    half_days: int
    pupils: int
    classes: int


class RejectedRows(NamedTuple):
    """Where the rejected rows of a file are and why they are rejected, without their values."""

    file: str
    digest: str
    """SHA-256 of the file: the rows are found again only in exactly this one."""
    rows: tuple[tuple[int, str, str, str], ...]
    """Row of the file, column, shape of the value, reason (a key of ``REASONS``)."""


class UnusableExportError(ReadingError):
    """Not one row of the file can be used; ``report`` says why, ``rejected_rows`` for each."""

    def __init__(self, place: str, fact: str, remedy: str, report: ReadingReport, rejected_rows: RejectedRows) -> None:
        self.report = report
        self.rejected_rows = rejected_rows
        super().__init__(place, fact, remedy)


TOTAL_COLUMNS = ("pupil", "code", "half_days")
BROUGHT_COLUMNS = ("pupil", "half_days")


def empty_frame(columns: tuple[str, ...]) -> pl.DataFrame:
    """No rows of *columns*, in the types that a reading has them."""
    import polars as pl

    types = {"pupil": pl.Int32, "code": pl.String, "half_days": pl.Int64}
    return pl.DataFrame(schema={name: types[name] for name in columns})


@dataclass(frozen=True, repr=False)
class Reading:
    """One export as read and judged, not stored yet. Shows counts only; pupil numbers leave it encrypted or not at all."""

    school_year: str
    report: ReadingReport
    half_days: pl.DataFrame
    """pupil (a number within this reading), date, half, code, subcode."""
    enrolment: pl.DataFrame
    """pupil, class, first, last (both inclusive)."""
    classes: pl.DataFrame
    """class, grade, year, stream, level."""
    enrolment_known: bool
    """False: there was no enrolment file, so pupils without any row are missing from the possible half days."""
    last_day: date
    """Last day with a row in the export."""
    grid: WeeklyGrid
    free_days: tuple[Period, ...]
    content_hash: str
    """Of everything that was read and how: the same again gives the same."""
    numbers: tuple[str, ...] = field(default=())
    """Pupil number per pupil of this reading; the most complete way it was written."""
    totals: pl.DataFrame = field(default_factory=lambda: empty_frame(TOTAL_COLUMNS))
    """pupil, code, half_days, of an export of totals; ``half_days`` is empty then."""
    brought: pl.DataFrame = field(default_factory=lambda: empty_frame(BROUGHT_COLUMNS))
    """pupil, half_days: half days B that a pupil brought along from another school."""
    left_out: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Reason (a key of ``REASONS``) and code -> half days that the file has and that are not counted."""
    quiet: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Reason and code -> halves that used periods cover and on which this pupil could not be absent."""
    uncounted: Mapping[str, int] = field(default_factory=dict)
    """Code -> rejected periods of which the number of half days cannot be told."""
    rejected_rows: RejectedRows = field(default_factory=lambda: RejectedRows("", "", ()))

    @property
    def rejected(self) -> pd.DataFrame:
        """One row per rejected row: file, row, column, shape (of the value, never the value), reason, remedy, key.

        ``key`` is the key of ``REASONS``.
        """
        import pandas as pd

        rows = [
            {
                "file": self.report.file,
                "row": row,
                "column": column,
                "shape": shape,
                "reason": REASONS[reason].fact,
                "remedy": REASONS[reason].remedy,
                "key": reason,
            }
            for row, column, shape, reason in self.rejected_rows.rows
        ]
        return pd.DataFrame(rows, columns=["file", "row", "column", "shape", "reason", "remedy", "key"])

    def __repr__(self) -> str:
        report = self.report
        return (
            f"<Reading {self.school_year}: {report.rows} rijen, {report.used} gebruikt, {report.repaired} hersteld, "
            f"{report.rejected} geweigerd>"
        )
