"""What may stand in the YAML files of ``content/``: Dutch keys, as on a school form. The JSON Schemas are generated from these.

The one place that names the keys. Everything past it speaks of model objects.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from stslib.model.absence import Status
from stslib.model.instrument import AbsenceKind, Province, SchoolLevel

LABEL_LIMIT = 24
"""Characters that fit on an axis of a radar."""

FigureId = Literal[
    "rate_by_status",
    "rate_by_code",
    "rate_by_weekday_half",
    "rate_by_week",
    "rate_by_grade",
    "rate_by_class",
    "thresholds",
    "late_by_week",
]
FIGURE_IDS: tuple[str, ...] = get_args(FigureId)
"""The figures that a section may ask for."""

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
PHASE_FILE = r"^[a-z0-9]+(-[a-z0-9]+)*\.yaml$"
SCHOOL_YEAR = r"^20\d\d-20\d\d$"
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"

_ISO_DAY_LENGTH = 10


def _iso_day(value: object) -> object:
    """Only ``jjjj-mm-dd``: pydantic itself would also take a number of seconds."""
    if isinstance(value, str) and (len(value) != _ISO_DAY_LENGTH or value[4:5] != "-"):
        raise PydanticCustomError("date_from_datetime_parsing", "not an ISO day")
    return value


def _consecutive(value: str) -> str:
    if int(value[5:]) != int(value[:4]) + 1:
        raise PydanticCustomError("school_year", "not two consecutive years")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
Day = Annotated[date, BeforeValidator(_iso_day)]
YesNo = Literal["ja", "nee"]
SchoolYear = Annotated[str, StringConstraints(pattern=SCHOOL_YEAR), AfterValidator(_consecutive)]


class Form(BaseModel):
    """Unchangeable, refuses unknown keys, fills from text only."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SourceForm(Form):
    document: Slug = Field(description="Id van een document uit bronnen.yaml.")
    part: Text = Field(alias="onderdeel", description="De plaats in dat document.")


class AppliesForm(Form):
    levels: tuple[SchoolLevel, ...] = Field(
        default=(), alias="niveaus", min_length=1, description="Alleen voor scholen met een van deze niveaus."
    )
    provinces: tuple[Province, ...] = Field(
        default=(), alias="provincies", min_length=1, description="Alleen voor scholen in een van deze provincies."
    )


class QuestionForm(Form):
    id: Slug = Field(description="Verandert nooit: antwoorden hangen eraan vast.")
    text: Text = Field(alias="vraag", description="De vraag, zoals je ze voorleest.")
    source: SourceForm = Field(alias="bron")


class ScaleForm(Form):
    label: Annotated[Text, StringConstraints(max_length=LABEL_LIMIT)] = Field(
        alias="naam", description="Korte naam op het spinnenweb: hoogstens 24 tekens, uniek in het instrument."
    )
    prompt: Text = Field(alias="vraag", description="Waarop het team zich een cijfer van 0 tot 10 geeft.")
    source: SourceForm = Field(alias="bron")


class SectionForm(Form):
    id: Slug = Field(description="Verandert nooit: antwoorden en scores hangen eraan vast. Uniek binnen de fase.")
    title: Text = Field(alias="titel")
    applies: AppliesForm = Field(default=AppliesForm(), alias="voor", description="Voor welke scholen; weglaten: voor alle.")
    background: Text = Field(alias="achtergrond", description="Drie tot vijf zinnen waarom dit ertoe doet.")
    advice: tuple[Text, ...] = Field(default=(), alias="advies", min_length=1, description="Suggesties; geen vragen.")
    figures: tuple[FigureId, ...] = Field(default=(), alias="cijfers", min_length=1, description="Cijfers naast de vragen.")
    source: SourceForm = Field(alias="bron")
    questions: tuple[QuestionForm, ...] = Field(alias="vragen", min_length=1)
    scale: ScaleForm = Field(alias="schaal")


class ObjectiveForm(Form):
    id: Slug = Field(
        description="Verandert nooit: acties hangen eraan vast. Uniek binnen de fase, ook tegenover de onderdelen."
    )
    title: Text = Field(alias="titel")
    kind: AbsenceKind = Field(alias="soort", description="Over welke soort afwezigheid dit gaat.")
    applies: AppliesForm = Field(default=AppliesForm(), alias="voor", description="Voor welke scholen; weglaten: voor alle.")
    source: SourceForm = Field(alias="bron")
    sections: tuple[SectionForm, ...] = Field(alias="onderdelen", min_length=1)


class PhaseForm(Form):
    """The file of one phase."""

    id: Slug = Field(description="Verandert nooit.")
    number: int = Field(alias="nummer", ge=0, le=20)
    title: Text = Field(alias="titel")
    intro: Text = Field(alias="inleiding")
    source: SourceForm = Field(alias="bron")
    objectives: tuple[ObjectiveForm, ...] = Field(alias="doelstellingen", min_length=1)


class KindsForm(Form):
    general: Text = Field(alias="algemeen")
    unlawful: Text = Field(alias="ongeoorloofd")
    lawful: Text = Field(alias="geoorloofd")
    refusal: Text = Field(alias="schoolweigering")


class InstrumentForm(Form):
    """The file ``instrument.yaml`` in the folder of an instrument."""

    id: Slug = Field(description="Gelijk aan de naam van de map; verandert nooit.")
    title: Text = Field(alias="titel")
    version: Text = Field(alias="versie", description="Jaar en maand van de laatste verandering aan de inhoud.")
    intro: Text = Field(alias="inleiding")
    source: SourceForm = Field(alias="bron")
    kinds: KindsForm = Field(alias="soorten", description="De titel boven de doelstellingen van elke soort afwezigheid.")
    phases: tuple[Annotated[str, StringConstraints(pattern=PHASE_FILE)], ...] = Field(
        alias="fasen", min_length=1, description="De bestanden met de fasen, in volgorde."
    )


class DocumentForm(Form):
    id: Slug
    title: Text = Field(alias="titel")
    publisher: Text = Field(alias="uitgever")
    address: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = Field(default=None, alias="adres")
    consulted: Annotated[str, StringConstraints(pattern=MONTH)] | None = Field(
        default=None, alias="geraadpleegd", description="Jaar en maand, als jjjj-mm."
    )


class DocumentsForm(Form):
    """The file ``bronnen.yaml``."""

    documents: tuple[DocumentForm, ...] = Field(alias="bronnen", min_length=1)


StatusWord = Literal["ongewettigd", "gewettigd", "onbekend", "neutraal", "te laat", "aanwezig"]
STATUSES: dict[StatusWord, Status] = {
    "ongewettigd": Status.UNLAWFUL,
    "gewettigd": Status.LAWFUL,
    "onbekend": Status.OPEN,
    "neutraal": Status.NEUTRAL,
    "te laat": Status.LATE,
    "aanwezig": Status.PRESENT,
}

Code = Annotated[str, StringConstraints(pattern=r"^([A-Z]|[-|])$")]


class CodeForm(Form):
    code: Code = Field(description="Eén hoofdletter, of - of | tussen aanhalingstekens.")
    meaning: Text = Field(alias="betekenis")
    status: StatusWord
    absent: YesNo = Field(alias="telt_als_afwezig")
    shown_apart: YesNo = Field(default="nee", alias="apart_tonen")
    official: Code | None = Field(default=None, alias="telt_vandaag_als", description="De officiële code waaronder ze nu valt.")
    valid_from: Day | None = Field(default=None, alias="geldig_van", description="jjjj-mm-dd")
    valid_to: Day | None = Field(default=None, alias="geldig_tot", description="jjjj-mm-dd, die dag inbegrepen")
    source: SourceForm = Field(alias="bron")


class CodesForm(Form):
    """The file ``codes.yaml``."""

    codes: tuple[CodeForm, ...] = Field(min_length=1)


class ThresholdForm(Form):
    id: Slug
    rule: Text = Field(alias="regel")
    value: Annotated[int, Field(ge=0)] | None = Field(alias="waarde", description="Leeg als het getal nog niet bekend is.")
    unit: Text = Field(alias="eenheid")
    codes: tuple[Code, ...] = Field(default=(), min_length=1, description="Welke codes meetellen.")
    valid_from: Day | None = Field(default=None, alias="geldig_van", description="jjjj-mm-dd")
    valid_to: Day | None = Field(default=None, alias="geldig_tot", description="jjjj-mm-dd, die dag inbegrepen")
    source: SourceForm = Field(alias="bron")


class ThresholdsForm(Form):
    """The file ``drempels.yaml``."""

    thresholds: tuple[ThresholdForm, ...] = Field(alias="drempels", min_length=1)


class HolidayForm(Form):
    name: Text = Field(alias="naam")
    first: Day = Field(alias="van")
    last: Day = Field(alias="tot", description="Die dag inbegrepen.")


class SchoolYearForm(Form):
    school_year: SchoolYear = Field(alias="schooljaar")
    first_day: Day = Field(alias="eerste_dag", description="De eerste weekdag vanaf 1 september.")
    last_day: Day = Field(alias="laatste_dag", description="30 juni.")
    source: SourceForm = Field(alias="bron")
    holidays: tuple[HolidayForm, ...] = Field(alias="vakanties", min_length=1)


class CalendarForm(Form):
    """The file ``kalender.yaml``."""

    school_years: tuple[SchoolYearForm, ...] = Field(alias="schooljaren", min_length=1)
