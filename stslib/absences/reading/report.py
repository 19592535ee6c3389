"""What came of a file: counts that add up to its rows, a reason for each rejected row, and what is left to store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

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
    "half_missing": Reason("half", "Er staat geen dagdeel.", "Vul VM of NM in."),
    "half_unknown": Reason("half", "Het dagdeel is niet leesbaar.", "Schrijf VM of NM, of voormiddag of namiddag."),
    "code_missing": Reason("code", "Er staat geen code.", "Vul de code in het schoolpakket aan."),
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
    dropped_columns: tuple[str, ...]
    """Columns with names, national numbers, birth dates, addresses or remarks: recognised and not kept."""
    ignored_columns: tuple[str, ...]
    """Other columns that nothing is counted with; not kept either."""
    unknown_codes: dict[str, int]
    """Code -> half days. They are kept, and count neither as absent nor as present."""
    findings: tuple[Finding, ...]
    shape: str
    """``long`` (a row per half day) or ``days`` (a row per day with VM and NM)."""
    period: tuple[date, date] | None
    """First and last day that possible half days are counted for, both inclusive."""
    half_days: int
    pupils: int
    classes: int


class UnusableExportError(ReadingError):
    """Not one row of the file can be used; ``report`` says why for each."""

    def __init__(self, place: str, fact: str, remedy: str, report: ReadingReport) -> None:
        self.report = report
        super().__init__(place, fact, remedy)


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
    _rejected: Sequence[tuple[int, str, str, str]] = field(default=())

    @property
    def rejected(self) -> pd.DataFrame:
        """One row per rejected row: file, row, column, shape (of the value, never the value), reason, remedy."""
        import pandas as pd

        rows = [
            {
                "file": self.report.file,
                "row": row,
                "column": column,
                "shape": shape,
                "reason": REASONS[reason].fact,
                "remedy": REASONS[reason].remedy,
            }
            for row, column, shape, reason in self._rejected
        ]
        return pd.DataFrame(rows, columns=["file", "row", "column", "shape", "reason", "remedy"])

    def __repr__(self) -> str:
        report = self.report
        return (
            f"<Reading {self.school_year}: {report.rows} rijen, {report.used} gebruikt, {report.repaired} hersteld, "
            f"{report.rejected} geweigerd>"
        )
