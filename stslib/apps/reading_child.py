"""Looks at files, reads them, and holds what was read until it is kept or dropped: the process behind the intake of a page."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from stslib.apps.columns_told import told_file
from stslib.apps.desk_child import Tell, Work, serve
from stslib.apps.typed_days import free_days_typed, typed_free_days
from stslib.content import load_calendar, load_codes
from stslib.errors import StsError
from stslib.model.absence import AbsenceCode, Status, WeeklyGrid
from stslib.text import format_date, format_number

if TYPE_CHECKING:
    from stslib.absences import Profile, Reading
    from stslib.absences.reading.preview import Preview
    from stslib.absences.reading.report import UnusableExportError
    from stslib.absences.stored.profiles import OwnCode

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHAPES = {
    "long": "Eén rij per leerling en halve dag.",
    "days": "Eén rij per leerling en dag.",
    "periods": "Eén rij per leerling en periode.",
    "matrix": "Een matrix: leerlingen onder elkaar, halve dagen naast elkaar.",
    "totals": "Totalen per leerling en code: alleen drempels, geen weken of weekdagen.",
    "blocks": "Een tekstbestand met per halve dag de leerlingnummers.",
}


class ReadingWork(Work):
    """The files of one school, from the first look until they are kept or dropped."""

    commands = frozenset({"look", "read", "rejected", "compare", "keep", "drop"})
    failure = ("Lezen", "Dit bestand kon niet gelezen worden", "Bewaar het als CSV en probeer opnieuw. Er is niets bewaard.")

    def __init__(self, data: Path, school: str, tell: Tell) -> None:
        super().__init__(data, school, tell)
        self.previews: dict[str, Preview] = {}
        self.reading: Reading | None = None
        self.files: dict[str, Path] = {}
        self.asked: Mapping[str, Any] = {}
        self.mappings: dict[str, dict[str, Any]] = {}
        self.letters: list[str] = []
        self.rejected: Reading | UnusableExportError | None = None

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
        from stslib.absences.stored.profiles import code_table

        return code_table(load_codes(), profile)

    def _with_own_codes(self, profile: Profile | None) -> Profile | None:
        """*profile* with what a person just said of unknown codes."""
        from stslib.absences import Profile

        said = _own_codes(self.asked)
        if not said:
            return profile
        before = profile or Profile(saved_on=date.today())
        kept = tuple(own for own in before.codes if own.code not in {one.code for one in said})
        return before.model_copy(update={"codes": (*kept, *said)})

    def _take_files(self, command: Mapping[str, Any]) -> None:
        self.files = {str(role): Path(path) for role, path in dict(command.get("files") or {}).items()}

    # -- reading ---------------------------------------------------------------------------------------------------------------

    def _read(self, command: Mapping[str, Any]) -> None:
        from stslib.absences import read_export
        from stslib.absences.reading.report import UnusableExportError

        self._take_files(command)
        self.asked = command
        self.reading = self.rejected = None
        school_year = str(command.get("school_year"))
        profile = self._with_own_codes(self._profile())
        codes = self._codes(profile)
        self.letters = [code.code for code in codes]
        for role, path in self.files.items():
            said = _said(command, role)
            self.previews[role], _ = _preview(path, role, said, profile, self.letters)
            self.mappings[role] = _mapping(self.previews[role], said, _fitting(self.previews[role], profile))
        try:
            self.reading = self.rejected = read_export(
                self.files["export"],
                school_year=school_year,
                codes=codes,
                calendar=load_calendar(school_year),
                enrolment=self.files.get("enrolment"),
                classes=self.files.get("classes"),
                mapping=self.mappings["export"] or None,
                enrolment_mapping=self.mappings.get("enrolment") or None,
                class_mapping=self.mappings.get("classes") or None,
                confirmed_years=_confirmed(command) or None,
                grid=_grid(command),
                free_days=typed_free_days(str(command.get("free_days") or "")),
                progress=lambda label, share: self.tell("progress", label=label, share=0.5 + 0.5 * share),
            )
        except UnusableExportError as error:
            self.rejected = error
            self.tell("refused", place=error.place, fact=error.fact, remedy=error.remedy, rejected=error.report.rejected)
            return
        self._report(self.reading)

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
            unknown_codes=[
                {"code": code, "told": f"{code} ({count} keer)"} for code, count in list(report.unknown_codes.items())[:40]
            ],
            findings=[finding.model_dump(mode="json") for finding in report.findings],
            classes=self._unplaced(reading),
            totals=self._totals(reading),
        )

    def _totals(self, reading: Reading) -> list[dict[str, str]]:
        """The codes that a school may give its own total of: those that were counted, commonest first."""
        frame = reading.totals if reading.report.shape == "totals" else reading.half_days
        meanings = {code.code: code.meaning for code in load_codes()}
        found = frame["code"].value_counts(sort=True)["code"].to_list()
        return [{"id": code, "name": f"{code}: {meanings[code]}"} for code in found if code in meanings]

    def _unplaced(self, reading: Reading) -> list[dict[str, str]]:
        """Classes of which no file says the year, with a proposal; nothing where years were confirmed or are known."""
        from stslib.absences.reading.years import propose_years

        if self.asked.get("years"):
            return []
        names = reading.classes.filter(reading.classes["year"].is_null())["class"].to_list()
        proposed = propose_years(names)
        return [{"class": name, "year": proposed.get(name, "")} for name in names]

    # -- what a person asks of the report --------------------------------------------------------------------------------------

    def _rejected(self, _: Mapping[str, Any]) -> None:
        from stslib.absences.reading.give_back import write_rejected

        if self.rejected is None:
            self.tell("rejected-failed", text="Er zijn geen geweigerde rijen meer. Lees het bestand opnieuw.")
            return
        export = self.files["export"]
        try:
            with TemporaryDirectory(prefix="sts-", dir=export.parent) as folder:
                target = Path(folder) / f"geweigerde-rijen-{export.stem[:60]}.xlsx"
                write_rejected(self.rejected, export, target, mapping=self.mappings["export"] or None, codes=self.letters)
                content = base64.b64encode(target.read_bytes()).decode("ascii")
        except StsError as error:
            self.tell("rejected-failed", text=error.told)
            return
        self.tell("rejected-file", name=target.name, type=WORKBOOK, content=content)

    def _compare(self, command: Mapping[str, Any]) -> None:
        from stslib.absences.reading.reconcile import reconcile

        totals = command.get("totals")
        own = {str(code): total for code, total in totals.items() if isinstance(total, int)} if isinstance(totals, dict) else {}
        if self.reading is None:
            self.tell("compared", sentences=[{"text": "Lees het bestand eerst opnieuw.", "agrees": False}])
            return
        codes = reconcile(self.reading, own).codes
        self.tell("compared", sentences=[{"text": str(code), "agrees": not code.unexplained} for code in codes])

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
            elif self._with_own_codes(None) is not None:
                self._keep_codes()
        except (StsError, OSError) as error:
            fact = error.fact if isinstance(error, StsError) else f"De cijfers konden niet bewaard worden ({error.strerror})."
            remedy = "Er is niets gewijzigd. Maak plaats vrij en probeer opnieuw."
            self.tell("refused", place="Bewaren", fact=fact, remedy=remedy)
            return
        kept = f"Schooljaar {stored.school_year}, versie {stored.version}, bewaard tot {format_date(stored.keep_until)}."
        self.tell("kept", text=kept if stored.changed else f"Deze export was al bewaard; er wijzigde niets. {kept}")

    def _keep_codes(self) -> None:
        """What was said of unknown codes counts in every figure from now on, whatever else is remembered."""
        from stslib.absences import save_profile

        profile = self._with_own_codes(self._profile())
        if profile is not None:
            save_profile(self.data, self.school, profile)

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
        before = self._with_own_codes(self._profile())
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


def _confirmed(command: Mapping[str, Any]) -> dict[str, str]:
    """The years of classes as a person confirmed them."""
    years = command.get("years")
    return {str(name): str(year) for name, year in years.items() if year} if isinstance(years, Mapping) else {}


def _own_codes(command: Mapping[str, Any]) -> tuple[OwnCode, ...]:
    """What a person said of unknown codes: code -> status."""
    from stslib.absences.stored.profiles import OwnCode

    said = command.get("codes")
    known = {status.value for status in Status}
    return tuple(
        OwnCode(code=str(code)[:20], meaning="eigen code van de school", status=Status(status))
        for code, status in (said.items() if isinstance(said, Mapping) else ())
        if str(code).strip() and status in known
    )


def _grid(command: Mapping[str, Any]) -> WeeklyGrid | None:
    grid = command.get("grid")
    return WeeklyGrid.model_validate(grid) if isinstance(grid, Mapping) else None


def _week(profile: Profile, school_year: str) -> dict[str, Any]:
    """The week and the free days of a profile as the page shows them; of this school year only."""
    calendar = load_calendar(school_year)
    days = [one for one in profile.free_days if one.last >= calendar.first_day and one.first <= calendar.last_day]
    return {"grid": (profile.grid or WeeklyGrid()).model_dump(mode="json"), "free": free_days_typed(days)}


if __name__ == "__main__":
    raise SystemExit(serve(ReadingWork))
