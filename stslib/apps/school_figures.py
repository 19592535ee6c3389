"""A school's figures on a page: reading an export beside the page, keeping it, and the cards beside the questions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from stslib.content import calendars, load_calendar, load_codes
from stslib.errors import StsError
from stslib.forms.state import FormState
from stslib.forms.widgets.intake import Intake
from stslib.forms.widgets.session_form import SessionForm
from stslib.model.figure import FigureCard
from stslib.model.session import PIN_PREFIX, Change
from stslib.text import format_date

if TYPE_CHECKING:
    from stslib.absences import Reading
    from stslib.figures.frames import Policy


_SHAPES = {"long": "Eén rij per leerling en halve dag.", "days": "Eén rij per leerling en dag."}


def _period(period: tuple[date, date] | None) -> str:
    return f"Van {format_date(period[0])} tot en met {format_date(period[1])}." if period else ""


class _StoppedError(Exception):
    """A person stopped the reading."""


class SchoolFigures:
    """Reads, keeps and shows one school's figures for one page; long work runs in a thread, so the page stays awake."""

    def __init__(self, state: FormState, data: Path) -> None:
        from stslib.absences.reading.limits import MAX_FILE_BYTES

        years = [calendar.school_year for calendar in calendars()][::-1]
        self._state = state
        self._school = state.trajectory.school
        self._figure_ids = list(dict.fromkeys(name for section in state.instrument.sections() for name in section.figures))
        self._data = data
        self._asked: dict[str, dict[str, Any]] = {}
        self.form: SessionForm | None = None
        self._reading: Reading | None = None
        self._stop = threading.Event()
        self._work = threading.Lock()
        self.intake = Intake(
            years,
            state.trajectory.school_year if state.trajectory.school_year in years else years[0],
            limit=MAX_FILE_BYTES,
            inbox=data / "incoming",
            on_read=self._read,
            on_decide=self._decide,
            on_stop=self._stop.set,
            on_status=lambda status: self._beside(self._show_part, status),
        )

    def start(self) -> None:
        """Begin to draw what is stored already."""
        self._beside(self._show)

    def ask(self, content: dict[str, Any], _: str) -> None:
        """Count the figure that a page asks for at an item; only the last one asked at that item is shown."""
        item, definition = content.get("item"), content.get("definition")
        if isinstance(item, str) and isinstance(definition, dict):
            self._asked[item] = definition
            self._beside(self._count, item, definition)

    @staticmethod
    def _beside(work: Callable[..., None], *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()

    # -- showing ---------------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        from stslib.absences import stored_versions
        from stslib.figures import choices_of
        from stslib.figures.kept import kept_cards

        with self._work:
            years = sorted({version.school_year for version in stored_versions(self._data, self._school)})
            if self.form:
                self.form.stored = bool(years)
            if not years:
                self.intake.stored = "Van deze school zijn nog geen cijfers bewaard."
                return
            self.intake.stored = f"Bewaard: cijfers over schooljaar {', '.join(years)}."
            if self.form:
                self.form.groups = [choice.model_dump(mode="json") for choice in choices_of(self._data, self._school)]
            cards: list[FigureCard] = []
            try:
                for card in kept_cards(self._data, self._school, self._figure_ids, policy="room", today=date.today()):
                    cards.append(card)
                    if self.form:
                        self.form.show_figures(cards)
            except StsError as error:
                self.intake.stored = error.told
            self.intake.show_figures(cards)

    def _count(self, item: str, definition: dict[str, Any]) -> None:
        with self._work:
            if self._asked.get(item) is not definition or self.form is None:
                return
            try:
                self.form.show_asked(item, self._card(definition, "room"))
            except StsError as error:
                self.form.tell("ask-refused", item=item, text=error.told)

    def _card(self, definition: dict[str, Any], policy: Policy) -> FigureCard:
        """The figure of a definition as the page asks it or as the journal keeps it.

        Raises:
            DatasetError: the definition is not understood, or nothing is stored.
        """
        from stslib.figures import asked_cards
        from stslib.figures.pins import define

        known = dict(definition)
        whole = known if "definition" in known else define(str(known.pop("figure", "")), **known)
        return next(asked_cards(self._data, self._school, [whole], policy=policy, today=date.today()))

    def pin(self, content: dict[str, Any], _: str) -> None:
        """Keep a figure with an item: what counts it, and what it says today."""
        origin, definition = content.get("origin"), content.get("definition")
        if isinstance(origin, str) and isinstance(definition, dict):
            self._beside(self._pin, origin, definition)

    def _pin(self, origin: str, definition: dict[str, Any]) -> None:
        from stslib.figures.pins import pin_definition, shown_of

        if self.form is None:
            return
        with self._work:
            try:
                # Counted by the rule for records: what is pinned goes along into every archive.
                card = self._card(definition, "record")
                fields = {"origin": origin, "definition": pin_definition(card), "shown": shown_of(card)}
                item = f"{PIN_PREFIX}{uuid4().hex[:8]}"
                changes = [Change(item=item, field=name, value=value, edit_id=uuid4().hex) for name, value in fields.items()]
                outcomes = self._state.apply(changes, writer="cijfers")
            except StsError as error:
                self.form.tell("pin-refused", origin=origin, text=error.told)
                return
        refused = next((outcome.refused for outcome in outcomes if outcome.refused), "")
        if refused:
            self.form.tell("pin-refused", origin=origin, text=refused)
        else:
            self.form.tell("pinned", origin=origin)
            self.form.pass_on("")

    def _show_part(self, status: str) -> None:
        """Show the figures of one status in the step with all figures; those beside the questions stay as they are."""
        from stslib.figures.kept import kept_cards

        with self._work:
            cards = kept_cards(
                self._data, self._school, self._figure_ids, policy="room", today=date.today(), status=status or None
            )
            try:
                self.intake.show_figures(list(cards))
            except StsError as error:
                self.intake.stored = error.told

    # -- reading ---------------------------------------------------------------------------------------------------------------

    def _read(self, files: dict[str, Path], school_year: str) -> None:
        self._stop.clear()
        self._beside(self._read_beside, files, school_year)

    def _read_beside(self, files: dict[str, Path], school_year: str) -> None:
        from stslib.absences import read_export

        def progress(label: str, fraction: float) -> None:
            if self._stop.is_set():
                raise _StoppedError
            self.intake.show_progress(label, 0.3 + 0.7 * fraction)

        with self._work:
            self._reading = None
            try:
                self._reading = read_export(
                    files["export"],
                    school_year=school_year,
                    codes=load_codes(),
                    calendar=load_calendar(school_year),
                    enrolment=files.get("enrolment"),
                    classes=files.get("classes"),
                    progress=progress,
                )
                self._report(self._reading)
            except _StoppedError:
                self.intake.tell("stopped")
            except StsError as error:
                self.intake.tell("refused", place=error.place, fact=error.fact, remedy=error.remedy)
            except (
                Exception
            ) as error:  # the page must answer whatever a file does; the type says enough, the text may hold a row
                self.intake.tell(
                    "refused",
                    place="Lezen",
                    fact=f"Dit bestand kon niet gelezen worden ({type(error).__name__}).",
                    remedy="Bewaar het als CSV en probeer opnieuw. Er is niets bewaard.",
                )
            finally:
                self.intake.forget_files()

    def _report(self, reading: Reading) -> None:
        report = reading.report
        self.intake.tell(
            "report",
            rows=report.rows,
            used=report.used,
            repaired=report.repaired,
            rejected=report.rejected,
            dropped_columns=list(report.dropped_columns),
            unknown_codes=[f"{code} ({count} keer)" for code, count in report.unknown_codes.items()],
            findings=[finding.model_dump(mode="json") for finding in report.findings],
            shape=_SHAPES.get(report.shape, ""),
            period=_period(report.period),
        )

    def _decide(self, keep: bool) -> None:
        reading, self._reading = self._reading, None
        if reading is None:
            self.intake.tell(
                "refused", place="Bewaren", fact="Er is niets meer om te bewaren.", remedy="Lees de bestanden opnieuw."
            )
        elif not keep:
            self.intake.tell("dropped")
        else:
            self._beside(self._keep, reading)

    def _keep(self, reading: Reading) -> None:
        from stslib.absences import store_reading

        try:
            stored = store_reading(self._data, self._school, reading)
        except (StsError, OSError) as error:
            fact = error.fact if isinstance(error, StsError) else f"De cijfers konden niet bewaard worden ({error.strerror})."
            self.intake.tell(
                "refused", place="Bewaren", fact=fact, remedy="Er is niets gewijzigd. Maak plaats vrij en probeer opnieuw."
            )
            return
        kept = f"Schooljaar {stored.school_year}, versie {stored.version}, bewaard tot {format_date(stored.keep_until)}."
        self.intake.tell("kept", text=kept if stored.changed else f"Deze export was al bewaard; er wijzigde niets. {kept}")
        self._show()
