"""What may stand in the YAML files of ``content/``: Dutch keys, as on a school form. The JSON Schemas are generated from these.

The one place that names the keys. Everything past it speaks of model objects.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from stslib.model.absence import Status
from stslib.model.blocks import FieldKind
from stslib.model.instrument import AbsenceKind, Layout, Province, SchoolLevel

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
    "rate_by_stream",
    "rate_by_year",
    "rate_by_weekday_week",
    "calendar",
    "late_by_weekday",
    "distribution",
    "bands",
    "spells",
    "years_compared",
    "run_chart",
    "funnel_by_class",
    "funnel_by_year",
]
FIGURE_IDS: tuple[str, ...] = get_args(FigureId)
"""The figures that a section may ask for."""

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
PATH = r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$"
RELEASED = r"^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$"
PHASE_FILE = r"^[a-z0-9]+(-[a-z0-9]+)*\.yaml$"
SCHOOL_YEAR = r"^20\d\d-20\d\d$"
MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"

_ISO_DAY_LENGTH = 10


def _iso_day(value: object) -> object:
    """Only ``jjjj-mm-dd``: pydantic itself would also take a number of seconds."""
    if isinstance(value, str) and (len(value) != _ISO_DAY_LENGTH or value[4:5] != "-"):
        raise PydanticCustomError("date_from_datetime_parsing", "not an ISO day")
    return value


def _given(value: object) -> object:
    """A key that may be left out, but not left empty."""
    if value is None:
        raise PydanticCustomError("string_too_short", "empty")
    return value


def _consecutive(value: str) -> str:
    if int(value[5:]) != int(value[:4]) + 1:
        raise PydanticCustomError("school_year", "not two consecutive years")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=60)]
Day = Annotated[date, BeforeValidator(_iso_day)]
YesNo = Literal["ja", "nee"]
_GIVEN = BeforeValidator(_given)
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
    method: Text = Field(default="", alias="methode", description="De gespreksmethode waarop ze steunt.")
    own: YesNo = Field(default="nee", alias="voorstel", description="Of ze een eigen voorstel is, niet uit de bron.")
    source: SourceForm = Field(alias="bron")


class ScaleForm(Form):
    label: Annotated[Text, StringConstraints(max_length=LABEL_LIMIT)] = Field(
        alias="naam", description="Korte naam op het spinnenweb: hoogstens 24 tekens, uniek in het instrument."
    )
    prompt: Text = Field(alias="vraag", description="Waarop het team zich een cijfer van 0 tot 10 geeft.")
    source: SourceForm = Field(alias="bron")


class AspectScaleForm(ScaleForm):
    aspect: Slug = Field(description="Wat deze schaal meet: een van de aspecten in instrument.yaml.")
    label: Annotated[Text, StringConstraints(max_length=LABEL_LIMIT)] = Field(
        alias="naam", description="Korte naam op het spinnenweb: hoogstens 24 tekens, uniek per aspect."
    )


# -- blocks -----------------------------------------------------------------------------------------------------------------


class OptionForm(Form):
    id: Slug = Field(description="Verandert nooit: wat gekozen werd, hangt eraan vast.")
    label: Text = Field(alias="naam")


class FieldForm(Form):
    id: Slug = Field(description="Verandert nooit: wat ingevuld werd, hangt eraan vast. Uniek binnen het blok.")
    label: Text = Field(alias="naam")
    hint: Text = Field(default="", alias="uitleg", description="Een zin onder het veld.")
    kind: FieldKind = Field(
        default=FieldKind.TEXT, alias="soort", description="regel, tekst, datum, keuze of vinkje; weglaten: tekst."
    )
    options: tuple[OptionForm, ...] = Field(
        default=(), alias="keuzes", min_length=1, description="Alleen bij soort keuze: waaruit gekozen wordt."
    )


class GuidelineForm(Form):
    id: Slug = Field(description="Verandert nooit: wat afgewogen werd, hangt eraan vast.")
    title: Text = Field(alias="titel")
    text: Text = Field(alias="tekst")


class PartnerGroupForm(Form):
    id: Slug
    title: Text = Field(alias="titel")
    intro: Text = Field(default="", alias="inleiding")


class PartnerForm(Form):
    id: Slug = Field(description="Verandert nooit: de contactgegevens hangen eraan vast. Uniek binnen de wegwijzer.")
    name: Text = Field(alias="naam")
    purpose: Text = Field(alias="waarvoor")
    reach: Text = Field(alias="bereik", description="Wie de stap zet: de school zelf, of het CLB.")
    group: Slug = Field(default="", alias="groep", description="De groep hulplijnen waarin hij staat.")
    through_clb: YesNo = Field(default="nee", alias="via_clb", description="Of de weg langs het CLB loopt.")
    help_line: YesNo = Field(default="nee", alias="hulplijn", description="Of hij bij de hulplijnen staat.")
    partner: YesNo = Field(default="nee", description="Of hij bij de lokale partners van de brede basiszorg staat.")
    sources: tuple[SourceForm, ...] = Field(alias="bronnen", min_length=1)


class BlockForm(Form):
    id: Slug = Field(description="Verandert nooit: wat ingevuld werd, hangt eraan vast. Uniek binnen het onderdeel.")
    title: Text = Field(alias="titel")
    intro: Text = Field(default="", alias="inleiding")
    source: SourceForm = Field(alias="bron")


class RowsForm(BlockForm):
    kind: Literal["rijen"] = Field(alias="soort", description="Zoveel rijen als het team wil.")
    add: Text = Field(alias="knop", description="Wat op de knop voor een nieuwe rij staat.")
    columns: tuple[FieldForm, ...] = Field(alias="kolommen", min_length=1)
    carried: YesNo = Field(default="ja", alias="loopt_door", description="Of een volgende sessie hierop verdergaat.")


class FieldsForm(BlockForm):
    kind: Literal["velden"] = Field(alias="soort", description="Een formuliertje dat één keer ingevuld wordt.")
    fields_: tuple[FieldForm, ...] = Field(alias="velden", min_length=1)
    carried: YesNo = Field(default="ja", alias="loopt_door", description="Of een volgende sessie hierop verdergaat.")


class FocusForm(BlockForm):
    kind: Literal["focus"] = Field(alias="soort", description="Kandidaten voor de focus, afgewogen tegen richtlijnen.")
    guidelines: tuple[GuidelineForm, ...] = Field(alias="richtlijnen", min_length=1)
    agreement: tuple[FieldForm, ...] = Field(alias="akkoord", min_length=1, description="Wie met mandaat akkoord gaat.")


class ActionsForm(BlockForm):
    kind: Literal["acties"] = Field(alias="soort", description="De acties van het traject.")
    view: Literal["plan", "opvolging"] = Field(
        default="plan", alias="weergave", description="plan om ze te maken, opvolging om te zeggen hoe het loopt."
    )


class IndicatorForm(BlockForm):
    kind: Literal["indicator"] = Field(alias="soort", description="Het gekozen cijfer sinds het begin van het plan.")


class PosterForm(BlockForm):
    kind: Literal["affiche"] = Field(alias="soort", description="Eén bladzijde om op te hangen.")
    fields_: tuple[FieldForm, ...] = Field(alias="velden", min_length=1)


class DirectoryForm(BlockForm):
    kind: Literal["wegwijzer"] = Field(alias="soort", description="Hulplijnen en lokale partners in één lijst.")
    groups: tuple[PartnerGroupForm, ...] = Field(alias="groepen", min_length=1)
    partners: tuple[PartnerForm, ...] = Field(min_length=1)


AnyBlockForm = Annotated[
    RowsForm | FieldsForm | FocusForm | ActionsForm | IndicatorForm | PosterForm | DirectoryForm, Field(discriminator="kind")
]


# -- sections, phases, instruments ------------------------------------------------------------------------------------------

SECTION_PARTS = ("vragen", "schaal", "schalen", "blokken")
"""A section has at least one of these."""

PHASE_PARTS = ("doelstellingen", "onderdelen")
"""A phase has at least one of these."""


def _any_of(*keys: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [key]} for key in keys]}


class SectionForm(Form):
    model_config = ConfigDict(json_schema_extra=_any_of(*SECTION_PARTS))

    id: Slug = Field(description="Verandert nooit: antwoorden en scores hangen eraan vast. Uniek binnen de fase.")
    title: Text = Field(alias="titel")
    applies: AppliesForm = Field(default=AppliesForm(), alias="voor", description="Voor welke scholen; weglaten: voor alle.")
    background: Text = Field(default="", alias="achtergrond", description="Drie tot vijf zinnen waarom dit ertoe doet.")
    advice: tuple[Text, ...] = Field(default=(), alias="advies", min_length=1, description="Suggesties; geen vragen.")
    figures: tuple[FigureId, ...] = Field(default=(), alias="cijfers", min_length=1, description="Cijfers naast de vragen.")
    source: SourceForm = Field(alias="bron")
    questions: tuple[QuestionForm, ...] = Field(default=(), alias="vragen", min_length=1)
    scale: Annotated[ScaleForm | None, _GIVEN] = Field(
        default=None, alias="schaal", description="De ene schaal van dit onderdeel."
    )
    scales: tuple[AspectScaleForm, ...] = Field(
        default=(), alias="schalen", min_length=1, description="In plaats van schaal: één schaal per aspect."
    )
    blocks: tuple[AnyBlockForm, ...] = Field(
        default=(), alias="blokken", min_length=1, description="Wat er nog in te vullen is."
    )


class ObjectiveForm(Form):
    id: Slug = Field(
        description="Verandert nooit: acties hangen eraan vast. Uniek binnen de fase, ook tegenover de onderdelen."
    )
    title: Text = Field(alias="titel")
    kind: AbsenceKind = Field(alias="soort", description="Over welke soort afwezigheid dit gaat.")
    applies: AppliesForm = Field(default=AppliesForm(), alias="voor", description="Voor welke scholen; weglaten: voor alle.")
    source: SourceForm = Field(alias="bron")
    sections: tuple[SectionForm, ...] = Field(alias="onderdelen", min_length=1)


class RoleForm(Form):
    title: Text = Field(alias="titel")
    lines: tuple[Text, ...] = Field(default=(), alias="lijnen", min_length=1)


class MethodForm(Form):
    title: Text = Field(alias="titel")
    text: Text = Field(alias="tekst")


class ResultForm(Form):
    id: Slug = Field(description="Verandert nooit: het vinkje hangt eraan vast. Uniek binnen de fase.")
    text: Text = Field(alias="tekst")


class PhaseForm(Form):
    """The file of one phase."""

    model_config = ConfigDict(json_schema_extra=_any_of(*PHASE_PARTS))

    id: Slug = Field(description="Verandert nooit.")
    number: int = Field(alias="nummer", ge=0, le=20)
    name: Annotated[Text, StringConstraints(max_length=LABEL_LIMIT)] = Field(
        alias="naam", description="Hoe de fase kort heet, zoals Fase 1 of Vooraf: hoogstens 24 tekens."
    )
    title: Text = Field(alias="titel")
    intro: Text = Field(alias="inleiding")
    source: SourceForm = Field(alias="bron")
    minutes: Annotated[Annotated[int, Field(ge=1, le=600)] | None, _GIVEN] = Field(
        default=None, alias="minuten", description="Een richttijd; er gebeurt niets vanzelf."
    )
    aims: tuple[Text, ...] = Field(default=(), alias="doel", min_length=1, description="Wat deze fase beoogt.")
    clb_role: tuple[RoleForm, ...] = Field(default=(), alias="rol_clb", min_length=1, description="Wat het CLB hier doet.")
    conditions: tuple[Text, ...] = Field(default=(), alias="voorwaarden", min_length=1)
    methods: tuple[MethodForm, ...] = Field(
        default=(), alias="methodieken", min_length=1, description="Manieren om het gesprek te voeren."
    )
    results: tuple[ResultForm, ...] = Field(
        default=(), alias="resultaat", min_length=1, description="De lijst die de fase afsluit, om aan te vinken."
    )
    objectives: tuple[ObjectiveForm, ...] = Field(default=(), alias="doelstellingen", min_length=1)
    themes: tuple[SectionForm, ...] = Field(
        default=(), alias="onderdelen", min_length=1, description="Onderdelen die bij geen doelstelling horen."
    )


class KindsForm(Form):
    general: Text = Field(alias="algemeen")
    unlawful: Text = Field(alias="ongeoorloofd")
    lawful: Text = Field(alias="geoorloofd")
    refusal: Text = Field(alias="schoolweigering")


class RetiredForm(Form):
    id: Annotated[str, StringConstraints(pattern=PATH, max_length=180)] = Field(
        description="De oude id zonder de naam van het instrument, zoals f1.registratie.oude-vraag."
    )
    text: Text = Field(alias="vraag", description="De vraag zoals ze het laatst gesteld werd.")
    source: SourceForm = Field(alias="bron")


class InstrumentForm(Form):
    """The file ``instrument.yaml`` in the folder of an instrument."""

    id: Slug = Field(description="Gelijk aan de naam van de map; verandert nooit.")
    title: Text = Field(alias="titel")
    short: Annotated[Text, StringConstraints(max_length=LABEL_LIMIT)] = Field(
        alias="kort", description="De naam in één of twee woorden: hoogstens 24 tekens."
    )
    version: Text = Field(alias="versie", description="Jaar en maand van de laatste verandering aan de inhoud.")
    layout: Layout = Field(
        default=Layout.STEPS, alias="weergave", description="stappen: één fase tegelijk; blad: alles op één bladzijde."
    )
    separate: YesNo = Field(
        default="nee",
        alias="staat_op_zich",
        description="ja: elke sessie gaat over iemand anders, dus niets van een vorige sessie wordt ernaast gelegd.",
    )
    intro: Text = Field(alias="inleiding")
    source: SourceForm = Field(alias="bron")
    kinds: Annotated[KindsForm | None, _GIVEN] = Field(
        default=None, alias="soorten", description="De titel boven de doelstellingen van elke soort afwezigheid."
    )
    aspects: dict[Slug, Text] = Field(
        default={}, alias="aspecten", min_length=1, description="Wat de schalen van één onderdeel meten: id en naam."
    )
    retired: tuple[RetiredForm, ...] = Field(
        default=(), alias="vervallen", min_length=1, description="Vragen die niet meer gesteld worden."
    )
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

PERCENT = r"^[0-9]{1,2}(,[0-9]{1,2})?$"

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


class ReferenceForm(Form):
    id: Slug
    threshold: Slug = Field(alias="drempel", description="De id van de drempel waarmee geteld is.")
    school_year: SchoolYear = Field(alias="schooljaar")
    percent: Annotated[str, StringConstraints(pattern=PERCENT)] = Field(alias="procent", description="Zoals 3,6.")
    population: Text = Field(alias="bij", description="Van welke leerlingen dit een deel is.")
    published: Day = Field(alias="gepubliceerd", description="jjjj-mm-dd")
    note: Text = Field(default="", alias="opmerking")
    source: SourceForm = Field(alias="bron")


class ReferencesForm(Form):
    """The file ``referentie.yaml``."""

    references: tuple[ReferenceForm, ...] = Field(alias="referentiecijfers")


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
