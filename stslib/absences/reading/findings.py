"""What a person is told about an export: counts, row numbers, column names and codes; never a value of a pupil."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stslib.absences.reading.coded import MOST_UNKNOWN
from stslib.absences.reading.companions import warn
from stslib.absences.reading.guard import ParsedFile
from stslib.absences.reading.headers import is_personal
from stslib.absences.reading.layout import MATRIX
from stslib.absences.reading.report import REASONS
from stslib.absences.reading.screen import TOTALS, Screened
from stslib.model.finding import Finding, Level
from stslib.text import format_number


def in_rows(count: int) -> str:
    return "1 rij" if count == 1 else f"{format_number(count)} rijen"


def _half_days(count: int) -> str:
    return "1 halve dag" if count == 1 else f"{format_number(count)} halve dagen"


def row_findings(file: ParsedFile, screened: Screened) -> list[Finding]:
    first_rows: dict[str, list[int]] = {}
    for row, _, _, reason in screened.rejected_rows:
        examples = first_rows.setdefault(reason, [])
        if len(examples) < 3:
            examples.append(row)
    findings = []
    for reason, count in screened.rejections.items():
        fact, remedy = REASONS[reason].fact, REASONS[reason].remedy
        if reason == "not_enrolled":
            pupils = "1 leerling" if screened.strangers == 1 else f"{screened.strangers} leerlingen"
            fact = f"{pupils} van de export zonder inschrijving. {fact}"
        where = ", ".join(map(str, first_rows[reason])) + (", …" if count > 3 else "")
        findings.append(warn(file.name, f"{in_rows(count)} geweigerd (rij {where}): {fact}", remedy))
    for reason, count in screened.lost_halves.items():
        findings.append(
            warn(
                file.name,
                f"{_half_days(count)} weggelaten uit rijen die voor de rest tellen: {REASONS[reason].fact}",
                REASONS[reason].remedy,
            )
        )
    for how, count in screened.repairs.items():
        findings.append(Finding(level=Level.NOTE, place=file.name, fact=f"{in_rows(count)} hersteld: {how}."))
    if screened.marked_no_lesson:
        findings.append(
            Finding(
                level=Level.NOTE,
                place=file.name,
                fact=f"{_half_days(screened.marked_no_lesson)} zonder les stonden als aanwezig; ze tellen nergens mee.",
            )
        )
    return findings


def shape_findings(file: ParsedFile, screened: Screened) -> list[Finding]:
    """What the shape of a file makes impossible, and what was understood by it."""
    if file.shape in TOTALS:
        return [
            warn(
                file.name,
                "Dit bestand heeft alleen totalen per leerling en code, zonder dagen. Weken, weekdagen, reeksen, patronen en "
                "percentages zijn daarmee niet te bepalen; drempels wel. De getallen zijn als halve dagen gelezen.",
                "Breng een export per halve dag, per dag of per periode voor al de rest.",
            )
        ]
    findings = []
    if file.shape == MATRIX and any(not column.half for column in file.across):
        findings.append(
            Finding(
                level=Level.NOTE,
                place=file.name,
                fact="Eén kolom per dag, zonder dagdeel: een code telt voor alle halve dagen van die dag, "
                "twee codes zijn VM en NM.",
            )
        )
    if screened.uncounted:
        count = sum(screened.uncounted.values())
        findings.append(
            warn(
                file.name,
                f"Bij {in_rows(count)} zonder leesbare periode is het aantal halve dagen niet te bepalen.",
                "Kijk de datums van en tot van die rijen na.",
            )
        )
    return findings


def code_findings(file: ParsedFile, screened: Screened) -> list[Finding]:
    findings = [
        warn(
            file.name,
            f"Onbekende code ‘{code}’: {_half_days(count)}. Ze zijn bewaard, maar tellen niet mee als afwezig of aanwezig.",
            "Vul de codetabel van de school aan, of verbeter de code in het schoolpakket.",
        )
        for code, count in list(screened.unknown_codes.items())[:MOST_UNKNOWN]
    ]
    if screened.many_unknown:
        findings.append(
            warn(
                file.name,
                "Er zijn meer onbekende codes dan een school kan hebben; hier staat alleen hun vorm (a voor een letter).",
                "Kijk na of de kolom met codes juist is.",
            )
        )
    table = screened.totals if file.shape in TOTALS else screened.cells
    letters = set(table["code"].unique().to_list())
    if "Z" in letters and "D" not in letters:
        findings.append(
            Finding(
                level=Level.NOTE,
                place=file.name,
                fact="De export heeft code Z en geen code D: wie de ziekte bevestigde, ouders of dokter, is niet te bepalen.",
            )
        )
    return findings


def unused_columns(file: ParsedFile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    used = {*file.positions.values(), *(column.column for column in file.across)}
    unused = [header for position, header in enumerate(file.headers) if position not in used and header]
    return tuple(h for h in unused if is_personal(h)), tuple(h for h in unused if not is_personal(h))


def file_findings(file: ParsedFile) -> list[Finding]:
    findings = []
    dropped, ignored = unused_columns(file)
    if dropped:
        findings.append(
            Finding(level=Level.NOTE, place=file.name, fact=f"Persoonsgegevens die niet bewaard worden: {', '.join(dropped)}.")
        )
    if ignored:
        findings.append(
            Finding(level=Level.NOTE, place=file.name, fact=f"Kolommen die niet gebruikt worden: {', '.join(ignored)}.")
        )
    for note in file.notes:
        if note == "encoding:repaired":
            findings.append(
                Finding(
                    level=Level.NOTE,
                    place=file.name,
                    fact="Letters met accenten waren beschadigd (zoals Ã© voor é) en zijn hersteld.",
                )
            )
        elif note == "stray_quote":
            findings.append(
                warn(
                    file.name,
                    "Er staat een los aanhalingsteken in het bestand; aanhalingstekens zijn als gewone tekens gelezen.",
                    "Kijk na of het aantal rijen klopt.",
                )
            )
        elif note.startswith("sheet:"):
            place, count = note[6:].split(":")
            findings.append(
                warn(
                    file.name,
                    f"In dit bestand staan {count} bladen met gegevens; alleen blad {place} is gelezen.",
                    "Kies een ander blad als dat het verkeerde is, of zet alle rijen op één blad.",
                )
            )
        elif note == "web_page":
            findings.append(
                Finding(
                    level=Level.NOTE,
                    place=file.name,
                    fact="Dit is een webpagina met een tabel, ook al heet het misschien .xls; de tabel is gelezen.",
                )
            )
        elif note.startswith("title_lines:"):
            findings.append(
                Finding(level=Level.NOTE, place=file.name, fact=f"{in_rows(int(note[12:]))} boven de kolomtitels overgeslagen.")
            )
    return findings


def class_findings(
    parsed: Mapping[str, ParsedFile], names: Sequence[str], rows: Mapping[str, Mapping[str, str | None]]
) -> list[Finding]:
    place = parsed["export"].name
    if not names:
        return [
            warn(
                place,
                "Er is geen kolom met de klas: cijfers per klas, graad of leerjaar kunnen niet.",
                "Neem de kolom klas op in de export.",
            )
        ]
    if "classes" not in parsed:
        return [
            Finding(
                level=Level.NOTE,
                place=place,
                fact="Zonder klassenbestand zijn graad, leerjaar, stroom en niveau onbekend; de klasnaam zegt daar niets over.",
                remedy="Voeg een klassenbestand toe om ook per graad te kunnen kijken.",
            )
        ]
    unknown = [name for name in names if name not in rows]
    if not unknown:
        return []
    shown = ", ".join(unknown[:10]) + (", …" if len(unknown) > 10 else "")
    return [
        warn(
            parsed["classes"].name,
            f"{len(unknown)} klassen staan niet in het klassenbestand en tellen als ‘onbekend’: {shown}.",
            "Vul het klassenbestand aan.",
        )
    ]
