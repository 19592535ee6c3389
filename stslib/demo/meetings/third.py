"""27 November 2025: the plan runs; what works, what hinders, and the prevention plan scored again."""

from __future__ import annotations

from datetime import date, time

from stslib.demo.meetings import conversations, directory
from stslib.demo.meetings.second import STREAM
from stslib.demo.script import Actions, Meeting, Pinned, Row, Said, Sitting, Talk

UITVOEREN = Talk(
    "school.f4",
    said={
        "uitvoeren": Said(
            answers={
                "uitvoerbaar": "Grotendeels. Het startblok draait sinds 10 november in negen van de dertien klassen. Waar het "
                "niet draait, ontbreekt een lokaal of een tweede paar handen. Eén actie had al klaar moeten zijn: het "
                "herstelgesprek.",
                "bijsturen": "Het cijfer beweegt nog niet: 1,5 % te laat, voor de start en erna. Het zijn nog maar drie "
                "maandagen. Een ontbijt in twintig minuten was te veel; dat laten we los. We geven het tijd tot na de "
                "krokusvakantie.",
            }
        )
    },
    results=("zicht-op-bijsturing",),
    note="De praktijkleraar draagt veel alleen. Vragen hoe het zit met die vier uur per maand.",
)

ACTIES = Actions(
    (
        Row(
            "rooster",
            {
                "state": "done",
                "works": "In zes klassen begint maandag nu in de werkplaats. Leraren merken het verschil meteen.",
                "hinders": "De werkplaatsen zijn op maandag bezet: zes klassen lukte, acht niet.",
                "adjustment": "Volgend jaar in april al aan tafel met wie het rooster maakt.",
            },
            again=True,
        ),
        Row(
            "vragen",
            {
                "state": "done",
                "works": "Leerlingen vertellen veel als het geen verhoor is. Ze noemen de bus, weekendwerk, zorg voor jongere "
                "kinderen thuis, en weinig zin in theorie om halfnegen.",
                "hinders": "Een gesprek duurde al snel een halfuur.",
                "adjustment": "Voortaan al bij de derde keer, vijf minuten, aan de deur van het bureau.",
            },
            again=True,
        ),
        Row(
            "startblok",
            {
                "state": "running",
                "works": "Klassen met een opdracht in de werkplaats zijn het vlotst gestart. Leerlingen staan er vóór de bel.",
                "hinders": "Twintig minuten is te kort voor een ontbijt, en vier klassen hebben op maandag geen geschikt "
                "lokaal.",
                "when": "27/02/2026",
                "adjustment": "Geen ontbijt meer. De vier andere klassen beginnen na Nieuwjaar met een klasgesprek in hun "
                "eigen lokaal.",
            },
            again=True,
        ),
        Row(
            "herstel",
            {
                "hinders": "De leerlingenraad werd pas in oktober verkozen. Er ligt een eerste versie, nog geen voorstel.",
                "adjustment": "De adjunct-directeur en twee leerlingen schrijven het voor de kerstvakantie samen af.",
            },
            again=True,
        ),
        Row(
            "terugkeer",
            {
                "state": "running",
                "works": "In de telling kregen 6 van de 10 leerlingen een gesprek. 'Fijn dat iemand het zag', schreef een "
                "leerling.",
                "hinders": "Na een afwezigheid van één dag schiet het er nog bij in.",
            },
            again=True,
        ),
        Row(
            "maandblad",
            {
                "state": "running",
                "works": "Drie bladen op drie maanden, telkens één vraag erbij.",
                "hinders": "We bespreken het blad, maar beslissen er nog weinig mee.",
                "adjustment": "Elk overleg eindigt met één ding dat we anders doen.",
            },
            again=True,
        ),
        # Left unfinished on purpose: no owner, no day, nothing it belongs to.
        Row("bus", {"what": "Met het busbedrijf praten over de vertraging op maandag", "when": "ergens na Nieuwjaar"}),
    )
)

PREVENTIEPLAN = (
    Talk(
        "preventieplan.f0",
        said={
            "verbindend-klimaat": Said(
                6,
                "De klasgesprekken in het startblok doen deugd, maar buiten de arbeidsmarktfinaliteit veranderde er weinig.",
                "Leerlingen zelf laten kiezen waarover het klasgesprek gaat.",
                7,
                {
                    "participatie": "De leerlingenraad heeft een zitje in de werkgroep. Het was er dit jaar al drie keer over "
                    "te laat komen."
                },
            ),
            "inschrijving": Said(
                6,
                "Aanwezig zijn is nu een vast punt in het gesprek. Bij late inschrijvingen schiet het er nog bij in.",
                "Een korte versie voor wie in de loop van het jaar komt.",
                7,
                {"medisch": "We vragen ernaar, en noteren alleen wat de leerling zelf nodig vindt."},
            ),
            "registratie": Said(
                7,
                "De codes zijn overal dezelfde en een open code is binnen de week opgelost.",
                "Ook op sportdagen en uitstappen meteen registreren.",
                8,
                {
                    "termijn": "Na drie lesdagen belt het secretariaat. Dat maakte het verschil.",
                    "verbeterkansen": "Bij stages: de stageplaats meldt soms pas na een week dat iemand er niet was.",
                },
            ),
            "terugkeer": Said(
                5,
                "In de tweede graad krijgt meer dan de helft een gesprek, in de derde graad nog bijna niemand.",
                "Ook in de derde graad afspreken wie het gesprek doet.",
                7,
                {"contact-ouders": "Vanaf de derde dag belt de klastitularis zelf."},
            ),
            "monitoring": Said(
                5,
                "Elke maand komt hetzelfde blad op tafel. Beslissen doen we er nog te weinig mee.",
                "Bij elk cijfer één vraag schrijven en ze de maand erna beantwoorden.",
                7,
                {"overzicht": "Een export per maand, naast die van vorig jaar op dezelfde dag."},
            ),
            "partners": Said(
                5,
                "In maart dachten we dat we iedereen kenden. Nu er een wachttijd is, weten we niet goed bij wie we dan "
                "terechtkunnen.",
                "De lijst met hulplijnen samen met het CLB aanvullen.",
                7,
                {"verbeterkansen": "Het jeugdhuis kent veel van onze leerlingen en we spreken elkaar nooit."},
            ),
        },
    ),
    Talk(
        "preventieplan.f1",
        said={
            "bindingsperspectief": Said(
                6,
                "Wie gesprekken voert, vraagt nu eerst wat er meespeelt. Niet elke collega is mee.",
                "Een studievoormiddag over de band tussen leerling en school.",
                8,
                {
                    "onbereikbaar": "We proberen een ander uur en een ander kanaal voor we een brief sturen.",
                    "bekrachtigen": "Klastitularissen bellen ook als het goed gaat. Ouders zijn daar even stil van.",
                },
            ),
            "leerlingendossier": Said(
                5, "De stappen staan erin, maar niet iedereen schrijft ze op dezelfde plaats.", "Eén vast tabblad.", 7
            ),
            "overleg-b-codes": Said(
                6,
                "Het overleg met het CLB ligt vast, om de twee weken. De melding komt vaak pas rond tien B-codes.",
                "Elke week nakijken wie bijna aan vijf zit.",
                8,
                {
                    "melding-5-b-codes": "Meestal te laat. Niemand kijkt op een vaste dag.",
                    "structuur": "Om de twee weken een uur, met een vaste agenda.",
                },
            ),
            "maatregelen": Said(
                4,
                "We praten nu eerst, maar wat erna komt is nog altijd een uur nablijven.",
                "Het herstelgesprek van de leerlingenraad afwerken.",
                7,
                {"sancties": "Na vijf keer te laat een uur nablijven. We weten niet of het helpt."},
            ),
            "overleg-ziekte": Said(
                4,
                "Bij een lange ziekte bellen we het CLB, bij vaak en kort nog niet.",
                "Een grens afspreken voor vaak en kort.",
            ),
            "zieke-leerlingen": Said("unknown", "We hadden nog maar één aanvraag en kennen de mogelijkheden niet goed."),
            "signalen-weigering": Said(
                5,
                "Bij jongere leerlingen herkennen we het sneller dan bij oudere.",
                "De signalen bespreken op de klassenraden.",
                7,
                {"spilfiguur": "De leerlingbegeleider blijft aanspreekpunt, ook als er hulp van buiten is."},
            ),
        },
    ),
    Talk(
        "preventieplan.f2",
        said={
            "overleg-vervolg": Said(6, "We beslissen samen met het CLB wie wat doet.", "", 7),
            "spijbelactieplan": Said(6, "Vijf stappen, en de politie kent ze ook. De eerste aanmelding kan vroeger."),
            "terugkeer-b-codes": Said(
                4, "De terugkeer is te vaak een maandag zonder plan.", "Vooraf een gesprek met leerling en ouders.", 6
            ),
            "contact-bij-ziekte": Said(7, "Bednet liep twee keer goed, ook dankzij de klas."),
            "terugkeer-na-ziekte": Said(
                5, "Het lukt als er een begeleider op zit; er is geen vaste weg.", "Een stappenplan van één blad.", 7
            ),
            "overleg-weigering": Said(5, "Met de behandelaars in de regio loopt het contact vlot, als we het zelf zoeken."),
            "terugkeer-na-weigering": Said(3, "Elke keer opnieuw uitzoeken, met te veel mensen die te weinig weten.", "", 6),
        },
    ),
    Talk(
        "preventieplan.f3",
        said={
            "leerwegen-b-codes": Said(
                5, "Samen met het CLB vonden we voor enkele jongeren een andere weg.", "Vroeger beginnen zoeken.", 6
            ),
            "poah": Said("not_applicable", "Dit schooljaar was er geen vraag naar."),
            "leerwegen-bij-ziekte": Said(5, "De klassenraad denkt mee, maar kent niet alle wegen."),
            "leerwegen-na-weigering": Said("unknown", "Daar hebben we samen nog geen ervaring mee."),
            "school-loslaten": Said(6, "Elke maand gaat er een kaartje van de klas."),
        },
    ),
)

THIRD = Meeting(
    date(2025, 11, 27),
    "Hoe loopt het plan?",
    "directeur, adjunct-directeur, zorgcoördinator, leerlingbegeleiders tweede en derde graad, secretariaatsmedewerker, "
    "klastitularis vierde jaar, praktijkleraar derde graad, leerling uit de leerlingenraad, CLB-medewerker",
    "In de voormiddag sprak de CLB-medewerker met ouders en met een leraar; dat staat apart, zonder namen. Het plan draait, "
    "het cijfer nog niet. Niemand nam de bus op. We houden vol tot na de krokusvakantie en kijken dan opnieuw.",
    closed=True,
    sittings=(
        Sitting(time(8, 30), 70, conversations.PARENTS),
        Sitting(time(11, 5), 30, conversations.TEACHER),
        Sitting(
            time(12, 30),
            160,
            (
                UITVOEREN,
                Pinned(
                    "onderweg",
                    "school.f3.op-koers.indicator",
                    date(2025, 11, 25),
                    {"figure": "since", "measure": "late", "dimension": "stream", "value": STREAM, "start": "10/11/2025"},
                ),
                ACTIES,
                *PREVENTIEPLAN,
                directory.AUTUMN,
            ),
        ),
    ),
)
