"""What the made-up school said in its three meetings, by section slug: scores, reasons, plans. Functions, never names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from stslib.model.session import Score


@dataclass(frozen=True)
class Said:
    """What was said about one section; ``answers`` by question slug."""

    score: Score
    evidence: str = ""
    ambition: str = ""
    target: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """One action that came out of a section."""

    section: str
    what: str
    who: str
    when: str
    check: str = ""


@dataclass(frozen=True)
class Meeting:
    """One session of the demo trajectory; ``usual`` stands at sections of phase 0 without a text of their own: slugs move."""

    day: date
    title: str
    participants: str
    notes: str
    closed: bool
    said: Mapping[str, Said]
    planned: tuple[Planned, ...] = ()
    usual: Said | None = None


_EARLY = Said(
    4, "Hier bestaat iets, maar iedereen doet het op zijn eigen manier.", "Eerst samen op papier zetten hoe we het willen."
)
_LATER = Said(6, "De afspraak staat er en de meesten houden zich eraan.", "Nagaan of het ook in drukke weken lukt.")

FIRST = Meeting(
    date(2025, 3, 20),
    "Startoverleg",
    "directeur, zorgcoördinator, leerlingbegeleider tweede graad, secretariaatsmedewerker, klastitularissen, CLB-medewerker",
    "Eerste keer dat we met het hele team naar de cijfers kijken. Afgesproken: we beginnen bij registratie en bij wat er "
    "gebeurt als een leerling terugkomt.",
    closed=True,
    said={
        "verbindend-klimaat": Said(
            6,
            "De eerste week draait om kennismaken en er is elk trimester een welzijnsdag. In de derde graad valt dat stil.",
            "Ook in de derde graad tijd vrijmaken voor klasgesprekken.",
            7,
            {
                "pauzes": "Sport op het plein en een stille ruimte in de bib. Voor wie liever knutselt is er weinig.",
                "kennismaking": "Twee dagen op stap met de eerstejaars; voor de andere jaren één klasuur.",
                "groeigesprekken": "In de eerste graad twee keer per jaar, daarna alleen als er iets loopt.",
                "pesten": "Er is een stappenplan. Leerlingen weten niet goed bij wie ze moeten zijn.",
            },
        ),
        "inschrijving": Said(
            5,
            "We vertellen veel bij de inschrijving, maar aanwezigheid komt amper aan bod.",
            "Een vast stukje over aanwezigheid in het inschrijvingsgesprek.",
            7,
            {
                "schoolreglement": "Ouders tekenen het reglement. Er samen doorheen gaan lukt alleen in augustus.",
                "vorige-school": "We bellen na een overstap in de loop van het jaar, niet na de zomer.",
            },
        ),
        "registratie": Said(
            4,
            "Namiddagen worden soms pas de dag erna ingevuld. Codes verschillen naargelang wie ze ingeeft.",
            "Eén werkwijze voor iedereen, ook bij vervangingen.",
            8,
            {
                "meldpunt": "Ouders bellen naar het onthaal. Mails komen bij drie verschillende mensen toe.",
                "wie-registreert": "Elke leraar in het eerste lesuur van voor- en namiddag; het secretariaat vult de code aan.",
                "termijn": "Op papier drie dagen. In de praktijk wachten we vaak twee weken.",
                "attesten": "We letten op attesten die achteraf zijn gemaakt, maar er is geen vaste stap.",
                "ouders-verwittigen": "Een bericht in de voormiddag. Wie niet op het platform zit, hoort het niet.",
            },
        ),
        "terugkeer": Said(
            3,
            "Het hangt van de klastitularis af of iemand vraagt hoe het gaat.",
            "Elke leerling krijgt bij terugkeer een kort gesprek, al is het twee minuten aan de deur.",
            6,
            {
                "polsen": "Niet vast. In de eerste graad wel, vanaf het derde jaar zelden.",
                "notities": "Klasgenoten delen foto's van hun schrift. Dat werkt niet voor wie weinig contact heeft.",
            },
        ),
        "monitoring": Said(
            2,
            "We kijken één keer per jaar, voor het verslag.",
            "Elke maand één blad met dezelfde cijfers op het zorgoverleg.",
            6,
            {"ritme": "Alleen in juni. Dan is het te laat om nog iets te doen."},
        ),
        "partners": Said(
            6,
            "Het CLB en de politie kennen we goed; met de jeugdwerking is er nog geen lijn.",
            "",
            None,
            {"welke-partners": "CLB, leersteuncentrum, een NAFT-partner en de wijkagent."},
        ),
        "bindingsperspectief": Said(
            5,
            "De leerlingbegeleiding werkt zo, de rest van het team kent het minder.",
            "Een studievoormiddag over de band tussen leerling en school.",
            7,
            {
                "onbereikbaar": "Na drie keer bellen stopt het. We sturen dan een brief.",
                "huisbezoeken": "Nog niet gedaan. De brugfiguur van de stad wil mee.",
            },
        ),
        "overleg-b-codes": Said(
            4,
            "De melding aan het CLB gebeurt, maar vaak later dan bij 5 halve dagen.",
            "Wekelijks nakijken wie in de buurt van 5 komt.",
            8,
            {"melding-5-b-codes": "Meestal rond 10. Niemand kijkt op een vaste dag."},
        ),
        "maatregelen": Said(
            5,
            "Te laat komen wordt bijgehouden, maar een gesprek volgt zelden.",
            "",
            None,
            {"sancties": "Na vijf keer te laat een uur nablijven. We weten niet of het helpt."},
        ),
        "zieke-leerlingen": Said("unknown", "We hebben dit jaar één aanvraag gehad en kennen de mogelijkheden niet goed."),
        "terugkeer-na-ziekte": Said(
            4, "Het lukt als er een begeleider op zit; er is geen vaste weg.", "Een stappenplan van één blad."
        ),
        "overleg-weigering": Said(5, "Met de kinderpsychiater van de regio loopt het contact vlot."),
        "school-loslaten": Said(6, "Er gaat elke maand een kaartje van de klas."),
    },
    planned=(
        Planned(
            "registratie",
            "Eén blad met alle codes en voorbeelden, ook voor vervangers",
            "secretariaat, nagelezen door de zorgcoördinator",
            "30/04/2025",
            "Steekproef van twintig rijen in mei",
        ),
        Planned(
            "terugkeer",
            "Kort gesprek aan de klasdeur na elke afwezigheid van een dag of meer",
            "klastitularissen tweede graad",
            "12/05/2025",
            "Bevraging van leerlingen in juni",
        ),
        Planned(
            "overleg-b-codes",
            "Elke maandag nakijken wie 3 of 4 halve dagen B heeft",
            "leerlingbegeleiding",
            "24/03/2025",
            "Elk zorgoverleg",
        ),
    ),
    usual=_EARLY,
)

SECOND = Meeting(
    date(2025, 10, 9),
    "Opvolging na de zomer",
    "directeur, zorgcoördinator, leerlingbegeleiders van de drie graden, secretariaatsmedewerker, CLB-medewerker",
    "De afspraken over registratie werken. Nu aandacht voor de maandagvoormiddag en voor wie terugkomt na ziekte.",
    closed=True,
    said={
        "verbindend-klimaat": Said(
            7,
            "In de derde graad is er nu elke twee weken een klasuur.",
            "Leerlingen zelf laten kiezen waarover het klasuur gaat.",
            8,
            {"participatie": "De leerlingenraad zit sinds september mee aan tafel bij het welzijnsplan."},
        ),
        "inschrijving": Said(
            6,
            "Aanwezigheid staat als vast punt in het gesprek. Bij late inschrijvingen schiet het erbij in.",
            "Een korte versie voor wie in de loop van het jaar komt.",
            7,
            {"medisch": "We vragen ernaar en noteren wat de leerling zelf nodig vindt."},
        ),
        "registratie": Said(
            7,
            "De codes zijn overal dezelfde. Een open code wordt binnen de week opgelost.",
            "Ook op sportdagen en uitstappen meteen registreren.",
            8,
            {
                "termijn": "Na drie lesdagen belt het secretariaat. Dat heeft het verschil gemaakt.",
                "verbeterkansen": "Stages: de stageplaats meldt soms pas na een week.",
            },
        ),
        "terugkeer": Said(
            5,
            "In de tweede graad krijgt bijna iedereen een gesprekje, in de derde graad nog niet.",
            "Ook in de derde graad afspreken wie het gesprek doet.",
            7,
            {
                "polsen": "Tweede graad: altijd. Leerlingen zeggen dat ze het fijn vinden dat iemand het merkt.",
                "contact-ouders": "Vanaf de derde dag belt de klastitularis zelf.",
            },
        ),
        "monitoring": Said(
            5,
            "Elke maand komt hetzelfde blad op tafel. We bespreken het, maar beslissen er nog weinig mee.",
            "Bij elk cijfer één vraag opschrijven en de keer erna beantwoorden.",
            7,
            {"overzicht": "Een export per maand, naast die van vorig jaar op dezelfde dag."},
        ),
        "partners": Said(
            7,
            "Er is een lijst met wie we waarvoor bellen.",
            "",
            None,
            {"verbeterkansen": "De huisartsen bereiken we nog niet."},
        ),
        "bindingsperspectief": Said(
            6,
            "Na de studievoormiddag spreken meer collega's dezelfde taal.",
            "Huisbezoeken uitproberen met de brugfiguur.",
            8,
            {"onbereikbaar": "We proberen nu een ander uur en een ander kanaal voor we een brief sturen."},
        ),
        "leerlingendossier": Said(
            5,
            "De stappen staan erin, al schrijft niet iedereen ze op dezelfde plaats.",
            "Eén vast tabblad voor afwezigheden.",
            7,
            {"interventies": "Vanaf het eerste gesprek, door wie het gesprek voerde."},
        ),
        "overleg-b-codes": Said(
            7,
            "Meldingen vertrekken in de week waarin de vijfde halve dag valt.",
            "",
            8,
            {
                "structuur": "Om de twee weken een uur, met een vaste agenda.",
                "voorbereiding": "De leerlingbegeleider brengt een overzicht mee van wat al geprobeerd is.",
            },
        ),
        "maatregelen": Said(
            5, "We praten nu eerst, maar de sanctie erna is nog dezelfde.", "Met leerlingen een herstelmaatregel uitwerken.", 7
        ),
        "overleg-ziekte": Said(
            4, "Bij lange ziekte bellen we het CLB, bij vaak en kort nog niet.", "Een grens afspreken voor korte afwezigheden."
        ),
        "zieke-leerlingen": Said(6, "De zorgcoördinator kent nu de mogelijkheden en legt ze aan ouders uit.", "", 7),
        "signalen-weigering": Said(
            5,
            "We herkennen het sneller bij jongere leerlingen dan bij oudere.",
            "De signalenlijst bespreken op de klassenraden.",
            7,
            {"spilfiguur": "Eén leerlingbegeleider per graad blijft aanspreekpunt, ook als er hulp van buiten is."},
        ),
        "overleg-vervolg": Said(6, "We beslissen samen met het CLB wie wat doet.", "", None),
        "terugkeer-b-codes": Said(
            4, "De terugkeer is nog te vaak een maandag zonder plan.", "Vooraf een gesprek met leerling en ouders.", 6
        ),
        "contact-bij-ziekte": Said(7, "Bednet liep twee keer goed, ook dankzij de klas."),
        "terugkeer-na-ziekte": Said(6, "Het blad met stappen wordt gebruikt.", "Ook de vakleraren meenemen.", 7),
        "leerwegen-b-codes": Said(
            5, "Samen met het CLB vonden we voor enkele jongeren een andere weg.", "Vroeger beginnen zoeken."
        ),
        "poah": Said("not_applicable", "Dit schooljaar geen vraag naar."),
        "school-loslaten": Said(7, "De klas blijft berichten sturen, ook als er geen antwoord komt."),
    },
    planned=(
        Planned(
            "terugkeer",
            "Gesprek bij terugkeer ook in de derde graad",
            "leerlingbegeleider derde graad met de klastitularissen",
            "17/11/2025",
            "Telling in december: hoeveel gesprekken op hoeveel terugkeerders",
        ),
        Planned(
            "monitoring",
            "Maandblad bespreken met één vraag per cijfer",
            "zorgcoördinator",
            "03/11/2025",
            "Staat de vraag van vorige maand beantwoord in het verslag?",
        ),
        Planned(
            "maatregelen", "Herstelmaatregel voor te laat komen uitwerken met de leerlingenraad", "", "na de kerstvakantie"
        ),
        Planned(
            "terugkeer-b-codes",
            "Gesprek vóór de eerste dag terug, met een plan voor de eerste week",
            "leerlingbegeleiding en CLB",
            "01/12/2025",
            "Kort nagaan na twee weken",
        ),
    ),
    usual=_LATER,
)

OPEN = Meeting(
    date(2026, 4, 2),
    "Tussenstand voor de paasvakantie",
    "directeur, zorgcoördinator, leerlingbegeleiders, secretariaatsmedewerker, CLB-medewerker",
    "",
    closed=False,
    said={
        "verbindend-klimaat": Said(
            7,
            "De klasuren lopen door. Leerlingen kiezen de helft van de onderwerpen zelf.",
            "",
            8,
            {"band-met-leraren": "Elke klastitularis eet één keer per maand mee met de klas."},
        ),
        "registratie": Said(
            8,
            "Open codes zijn bijna altijd binnen de week weg. Ook op de sportdag liep het goed.",
            "Met de stageplaatsen één meldpunt afspreken.",
            8,
            {"wie-registreert": "Zoals afgesproken in maart vorig jaar; vervangers krijgen het blad bij hun eerste lesuur."},
        ),
        "terugkeer": Said(6, "", "", 7, {"polsen": "Derde graad is gestart na de kerstvakantie."}),
    },
    planned=(
        Planned(
            "registratie", "Meldpunt voor stageplaatsen: één nummer en één formulier", "stagecoördinator", "11/05/2026", ""
        ),
    ),
)

MEETINGS = (FIRST, SECOND, OPEN)
