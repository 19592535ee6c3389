"""The process behind ``ReadingDesk``: looks at files, reads them, and holds what was read until it is kept or dropped.

A line of JSON in is a command, a line of JSON out an answer. It ends when its input does, and takes the files along then: they
hold names, and whoever would have removed them is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from stslib.apps.columns_told import told_file
from stslib.apps.typed_days import free_days_typed, typed_free_days
from stslib.content import load_calendar, load_codes
from stslib.errors import StsError
from stslib.model.absence import AbsenceCode, WeeklyGrid
from stslib.text import format_date, format_number

if TYPE_CHECKING:
    from stslib.absences import Profile, Reading
    from stslib.absences.reading.preview import Preview

Tell = Callable[..., None]

SHAPES = {
    "long": "Eén rij per leerling en halve dag.",
    "days": "Eén rij per leerling en dag.",
    "periods": "Eén rij per leerling en periode.",
    "matrix": "Een matrix: leerlingen onder elkaar, halve dagen naast elkaar.",
    "totals": "Totalen per leerling en code: alleen drempels, geen weken of weekdagen.",
    "blocks": "Een tekstbestand met per halve dag de leerlingnummers.",
}


class Desk:
    """What the process knows between two commands.

    Args:
        data: the data folder.
        school: whose figures they are.
        tell: writes an answer.
    """

    def __init__(self, data: Path, school: str, tell: Tell) -> None:
        self.data = data
        self.school = school
        self.tell = tell
        self.previews: dict[str, Preview] = {}
        self.reading: Reading | None = None
        self.files: dict[str, Path] = {}
        self.asked: Mapping[str, Any] = {}

    def do(self, command: Mapping[str, Any]) -> None:
        """Answer one command; whatever goes wrong, there is an answer, and it holds no value of a row."""
        kind = str(command.get("kind"))
        try:
            getattr(self, f"_{kind}")(command)
        except StsError as error:
            self.tell("refused", place=error.place, fact=error.fact, remedy=error.remedy)
        except Exception as error:  # the type says enough, the text may hold a row
            fact = f"Dit bestand kon niet gelezen worden ({type(error).__name__})."
            remedy = "Bewaar het als CSV en probeer opnieuw. Er is niets bewaard."
            self.tell("refused", place="Lezen", fact=fact, remedy=remedy)

    # -- looking ---------------------------------------------------------------------------------------------------------------

    def _look(self, command: Mapping[str, Any]) -> None:
        from stslib.absences.reading.headers import ROLE_NAMES

        self._take_files(command)
        profile = self._profile()
        codes = [code.code for code in self._codes(profile)]
        self.previews = {}
        used = False
        for role, path in self.files.items():
            said = _said(command, role)
            preview, helped = _preview(path, role, said, profile, codes)
            self.previews[role] = preview
            used = used or helped
        told = [told_file(preview, SHAPES, ROLE_NAMES) for preview in self.previews.values()]
        self.tell(
            "preview",
            files=told,
            profile="De kolommen zijn herkend zoals jullie ze vorige keer bewaarden." if used else "",
            readable=all(preview.usable for preview in self.previews.values()),
            week=None if profile is None else _week(profile, str(command.get("school_year"))),
        )

    def _profile(self) -> Profile | None:
        from stslib.absences import load_profile

        with suppress(StsError):  # a damaged profile is as good as none
            return load_profile(self.data, self.school)
        return None

    @staticmethod
    def _codes(profile: Profile | None) -> tuple[AbsenceCode, ...]:
        codes = load_codes()
        known = {code.code for code in codes}
        return (*codes, *(own.as_absence_code() for own in (profile.codes if profile else ()) if own.code not in known))

    def _take_files(self, command: Mapping[str, Any]) -> None:
        self.files = {str(role): Path(path) for role, path in dict(command.get("files") or {}).items()}

    # -- reading ---------------------------------------------------------------------------------------------------------------

    def _read(self, command: Mapping[str, Any]) -> None:
        from stslib.absences import read_export

        self._take_files(command)
        self.asked = command
        self.reading = None
        school_year = str(command.get("school_year"))
        profile = self._profile()
        codes = self._codes(profile)
        letters = [code.code for code in codes]
        mappings = {}
        for role, path in self.files.items():
            said = _said(command, role)
            self.previews[role], _ = _preview(path, role, said, profile, letters)
            mappings[role] = _mapping(self.previews[role], said, _fitting(self.previews[role], profile))
        self.reading = read_export(
            self.files["export"],
            school_year=school_year,
            codes=codes,
            calendar=load_calendar(school_year),
            enrolment=self.files.get("enrolment"),
            classes=self._class_file(command),
            mapping=mappings["export"] or None,
            grid=_grid(command),
            free_days=typed_free_days(str(command.get("free_days") or "")),
            progress=lambda label, share: self.tell("progress", label=label, share=0.5 + 0.5 * share),
        )
        self._report(self.reading)

    def _class_file(self, command: Mapping[str, Any]) -> Path | None:
        """The class file that came over; without one, the years that a person confirmed."""
        if "classes" in self.files:
            return self.files["classes"]
        years = {
            str(name): str(year) for name, year in dict(command.get("years") or {}).items() if str(year) in tuple("1234567")
        }
        if not years:
            return None
        path = self.files["export"].parent / "bevestigde-leerjaren.csv"
        # Grades follow from years at every level: two years each, a seventh year belongs to the third grade.
        rows = [(name, year, str(min(3, (int(year) + 1) // 2))) for name, year in years.items()]
        path.write_text(
            "".join(f"{_quoted(a)};{b};{c}\n" for a, b, c in [("klas", "leerjaar", "graad"), *rows]), encoding="utf-8"
        )
        return path

    def _report(self, reading: Reading) -> None:
        report = reading.report
        period = report.period
        told = [
            SHAPES.get(report.shape, ""),
            f"Van {format_date(period[0])} tot en met {format_date(period[1])}." if period else "",
        ]
        told.append(f"{format_number(report.pupils)} leerlingen, {format_number(report.classes)} klassen.")
        self.tell(
            "report",
            told=" ".join(filter(None, told)),
            rows=report.rows,
            used=report.used,
            repaired=report.repaired,
            rejected=report.rejected,
            dropped_columns=list(report.dropped_columns),
            unknown_codes=[f"{code} ({count} keer)" for code, count in report.unknown_codes.items()],
            findings=[finding.model_dump(mode="json") for finding in report.findings],
            classes=self._unplaced(reading),
            totals=[],
        )

    def _unplaced(self, reading: Reading) -> list[dict[str, str]]:
        """Classes of which no file says the year, with a proposal; nothing where years were confirmed or are known."""
        if "classes" in self.files or self.asked.get("years"):
            return []
        names = reading.classes["class"].to_list()
        return [{"class": str(name), "year": next((sign for sign in str(name) if sign in "1234567"), "")} for name in names]

    # -- keeping or not --------------------------------------------------------------------------------------------------------

    def _keep(self, command: Mapping[str, Any]) -> None:
        from stslib.absences import store_reading

        reading, self.reading = self.reading, None
        if reading is None:
            fact = "Er is niets meer om te bewaren."
            self.tell("refused", place="Bewaren", fact=fact, remedy="Lees de bestanden opnieuw.")
            return
        try:
            stored = store_reading(self.data, self.school, reading)
            if command.get("profile"):
                self._keep_profile()
        except (StsError, OSError) as error:
            fact = error.fact if isinstance(error, StsError) else f"De cijfers konden niet bewaard worden ({error.strerror})."
            remedy = "Er is niets gewijzigd. Maak plaats vrij en probeer opnieuw."
            self.tell("refused", place="Bewaren", fact=fact, remedy=remedy)
            return
        kept = f"Schooljaar {stored.school_year}, versie {stored.version}, bewaard tot {format_date(stored.keep_until)}."
        self.tell("kept", text=kept if stored.changed else f"Deze export was al bewaard; er wijzigde niets. {kept}")

    def _keep_profile(self) -> None:
        from stslib.absences import Profile, save_profile
        from stslib.absences.reading.headers import KINDS

        preview = self.previews["export"]
        headers = [column.header.strip() for column in preview.columns]
        columns = {
            column.role: column.header.strip()
            for column in preview.columns
            if column.role in KINDS["export"] and column.header.strip() and headers.count(column.header.strip()) == 1
        }
        before = self._profile()
        save_profile(
            self.data,
            self.school,
            Profile(
                columns=columns,
                shape=preview.shape,
                free_days=typed_free_days(str(self.asked.get("free_days") or "")),
                grid=_grid(self.asked),
                codes=before.codes if before else (),
                saved_on=date.today(),
            ),
        )

    def _drop(self, _: Mapping[str, Any]) -> None:
        self.reading = None
        self.tell("dropped")


def _said(command: Mapping[str, Any], role: str) -> dict[str, Any]:
    said = dict(command.get("mapping") or {}).get(role)
    return dict(said) if isinstance(said, Mapping) else {}


def _preview(path: Path, role: str, said: Mapping[str, Any], profile: Profile | None, codes: list[str]) -> tuple[Preview, bool]:
    """What a file looks like once the profile and a person had their say, and whether the profile helped."""
    from stslib.absences.reading.preview import preview_export

    place = {name: said[name] for name in ("sheet", "header_row") if name in said}
    plain = preview_export(path, kind=role, mapping=place or None, codes=codes)
    kept = _fitting(plain, profile)
    mapping = _mapping(plain, said, kept)
    if mapping == place:
        return plain, False
    preview = preview_export(path, kind=role, mapping=mapping, codes=codes)
    return preview, bool(kept) and preview.mapping() != plain.mapping()


def _fitting(preview: Preview, profile: Profile | None) -> dict[str, str]:
    """The columns of the profile, where the file has every one of them."""
    if profile is None or preview.kind != "export":
        return {}
    headers = {header.strip() for header in preview.headers}
    return dict(profile.columns) if profile.columns and set(profile.columns.values()) <= headers else {}


def _mapping(preview: Preview, said: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    """What goes before the guesses: the profile, and before that what a person said of a column (by its place from 0)."""
    from stslib.absences.reading.headers import KINDS

    mapping: dict[str, Any] = dict(kept)
    mapping |= {name: said[name] for name in ("sheet", "header_row") if name in said}
    ignored = []
    for place, role in said.items():
        if not str(place).isdigit() or not 0 <= int(place) < len(preview.columns):
            continue
        column = preview.columns[int(place)]
        for other, wanted in list(mapping.items()):
            if wanted in (column.header.strip(), column.number) and other not in ("sheet", "header_row"):
                del mapping[other]
        if role in KINDS[preview.kind]:
            mapping[str(role)] = column.number
        else:
            ignored.append(column.number)
    return mapping | ({"ignore": ignored} if ignored else {})


def _grid(command: Mapping[str, Any]) -> WeeklyGrid | None:
    grid = command.get("grid")
    return WeeklyGrid.model_validate(grid) if isinstance(grid, Mapping) else None


def _week(profile: Profile, school_year: str) -> dict[str, Any]:
    """The week and the free days of a profile as the page shows them; of this school year only."""
    calendar = load_calendar(school_year)
    days = [one for one in profile.free_days if one.last >= calendar.first_day and one.first <= calendar.last_day]
    return {"grid": (profile.grid or WeeklyGrid()).model_dump(mode="json"), "free": free_days_typed(days)}


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def answer() -> int:
    """Do the commands of standard input, one by one, until it ends."""
    where = json.loads(sys.stdin.readline())
    commands: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def listen() -> None:
        place = ""
        for line in sys.stdin:
            command = json.loads(line)
            place = str(command.get("place") or place)
            commands.put(command)
        # The page is gone: nothing that it brought stays.
        if place:
            shutil.rmtree(place, ignore_errors=True)
        os._exit(0)

    def tell(kind: str, **content: Any) -> None:
        with suppress(OSError):
            sys.stdout.write(json.dumps({"kind": kind, **content}) + "\n")
            sys.stdout.flush()

    threading.Thread(target=listen, daemon=True).start()
    desk = Desk(Path(where["data"]), where["school"], tell)
    while True:
        desk.do(commands.get())


if __name__ == "__main__":
    raise SystemExit(answer())
