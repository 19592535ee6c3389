"""The stored figures on the portal: which there are, until when, and the two ways out."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from stslib.absences.stored.link import is_half
from stslib.absences.stored.overview import StoredYear, find_school, find_year, set_keep_until, stored_schools
from stslib.absences.stored.places import figures_root
from stslib.absences.stored.removal import Removal, count_of, plan_removal, remove
from stslib.absences.stored.settling import tidy
from stslib.errors import DatasetError
from stslib.text import format_date, parse_typed_date

STAYS = "Sessies, antwoorden, vastgezette cijfers en archieven blijven staan."


class StoredFigures:
    """What is stored in *data*, as the portal shows it, and what a person asks of it."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def shown(self) -> list[dict[str, Any]]:
        """A dict of texts per stored school year: schools with something overdue first, of each the newest year first."""
        tidy(self._data)
        today = date.today()
        schools = stored_schools(self._data)
        late = {school.folder for school in schools for year in school.years if year.is_overdue(today)}
        return [
            {"folder": school.folder, **self._year(school.folder, year, today)}
            for school in sorted(schools, key=lambda school: school.folder not in late)
            for year in reversed(school.years)
        ]

    def keep_longer(self, folder: str, school_year: str, until: str) -> tuple[list[dict[str, Any]], str]:
        """Keep a school year until the day that was typed.

        Raises:
            DatasetError: it reads as no day, is past, or nothing could be changed.
        """
        day = parse_typed_date(until)
        if day is None:
            raise DatasetError("bewaren tot", "Deze datum is niet leesbaar.", "Schrijf ze als dd/mm/jjjj, zoals 31/08/2028.")
        if day < date.today():
            raise DatasetError(
                "bewaren tot", f"{format_date(day)} is al voorbij.", "Kies een latere dag, of verwijder de cijfers."
            )
        set_keep_until(self._data, folder, school_year, day)
        school = find_school(self._data, folder).name
        return self.shown(), f"De cijfers van {school} over {school_year} blijven bewaard tot en met {format_date(day)}."

    def remove(self, folder: str, school_year: str, seal: str) -> tuple[list[dict[str, Any]], str]:
        """Remove a school year, when what goes is still what the page showed.

        Raises:
            DatasetError: something else would go by now, or nothing could be removed.
        """
        school = find_school(self._data, folder)
        planned = plan_removal(self._data, folder, school_year=school_year)
        if _seal(planned) != seal:
            raise DatasetError(
                "verwijderen",
                "Er is intussen iets veranderd; er is niets verwijderd.",
                "Laad de pagina opnieuw en kijk nog eens.",
            )
        late = find_year(school, school_year).is_overdue(date.today())
        remove(self._data, planned, reason="overdue" if late else "asked")
        return self.shown(), f"De cijfers van {school.name} over {school_year} zijn verwijderd. {STAYS}"

    def _year(self, folder: str, year: StoredYear, today: date) -> dict[str, Any]:
        planned = plan_removal(self._data, folder, school_year=year.school_year)
        late = year.is_overdue(today)
        newest, older = year.versions[-1], len(year.versions) - 1
        half_days = count_of(newest.half_days, "halve dag", "halve dagen")
        return {
            "school": year.school,
            "school_year": year.school_year,
            "counts": f"{half_days} van {count_of(newest.pupils, 'leerling', 'leerlingen')}",
            "versions": f"{newest.name[0].upper()}{newest.name[1:]}" + (f", en {older} oudere." if older else "."),
            "kept": f"De bewaartermijn liep tot en met {format_date(year.keep_until)}."
            if late
            else f"Bewaard tot en met {format_date(year.keep_until)}.",
            "overdue": late,
            "trouble": " ".join(filter(None, [year.trouble, self._link_trouble(folder)])),
            "proposed": format_date(_next_end(max(year.keep_until, today))),
            "goes": [line for removal in planned for line in removal.lines],
            "stays": STAYS,
            "seal": _seal(planned),
        }

    def _link_trouble(self, folder: str) -> str:
        if not is_half(self._data, figures_root(self._data) / folder):
            return ""
        return (
            "De koppeling met leerlingnummers of haar sleutel is weg. De cijfers zijn heel, maar een nieuwe export kan pas "
            "bewaard worden als ze terug is, of weggegooid met sts data delete --link."
        )


def _next_end(day: date) -> date:
    """The first 31 August after *day*."""
    end = date(day.year, 8, 31)
    return end if end > day else date(day.year + 1, 8, 31)


def _seal(planned: tuple[Removal, ...]) -> str:
    return hashlib.sha256(repr(planned).encode()).hexdigest()
