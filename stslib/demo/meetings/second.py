"""5 June 2025: out of three candidates one focus, and a plan for it."""

from __future__ import annotations

from datetime import date, time

from stslib.demo.meetings import directory
from stslib.demo.script import Actions, Meeting, Pinned, Row, Said, Sitting, Talk

STREAM = "arbeidsmarktgerichte finaliteit"
"""The group as the school's own class file names it."""

FOCUS = "school.f2.kiezen.focus#maandag"

KIEZEN = Talk(
    "school.f2",
    said={
        "kiezen": Said(
            answers={
                "problematiek": "Te laat komen op maandagochtend. Het lijkt klein, maar onze ervaring is dat wie vaak te laat "
                "komt, later ook vaker helemaal wegblijft.",
                "aansluiting": "De eerste graad heeft al een onthaal op maandag, en de inspectie vroeg wat we met onze cijfers "
                "doen. We vinden dus niets nieuws uit.",
                "ruimte": "In het lesrooster van september, in hoe we leerlingen ontvangen en in hoe we reageren op wie te "
                "laat is. Aan de bus en aan weekendwerk veranderen we zelf weinig.",
                "doelgroep": "De leerlingen van de arbeidsmarktfinaliteit in de tweede en de derde graad. Het zijn er 187 van "
                "de 813, en bij hen noteren we 31 % van alle keren te laat.",
            }
        )
    },
    rows={
        "kiezen.focus": (
            Row(
                "maandag",
                {
                    "group": "Leerlingen van de arbeidsmarktfinaliteit (tweede en derde graad)",
                    "problem": "komen op maandagochtend te laat",
                    "impact": "Het onthaal, het lesrooster en onze reactie hebben we zelf in handen. Op maandag komen van 100 "
                    "leerlingen er 3 te laat, op de andere ochtenden 2.",
                    "dimension": "stream",
                    "value": STREAM,
                    "status": "late",
                    "klein-beginnen": "yes",
                    "afgebakend": "yes",
                    "realistisch": "yes",
                    "bouwt-voort": "yes",
                    "noden-leerlingen": "partly",
                    "chosen": True,
                    "reason": "Klein, zichtbaar, en iedereen kan er iets aan doen. 25 leerlingen zijn samen goed voor de helft "
                    "van de keren te laat: een groep die we kennen.",
                },
            ),
            Row(
                "ziek",
                {
                    "group": "Leerlingen van de tweede graad",
                    "problem": "zijn vaker gewettigd afwezig dan de anderen",
                    "impact": "Een gesprek bij terugkeer kunnen we invoeren. Of iemand ziek is, beslissen wij niet.",
                    "dimension": "grade",
                    "value": "2",
                    "status": "lawful",
                    "klein-beginnen": "no",
                    "afgebakend": "partly",
                    "realistisch": "partly",
                    "bouwt-voort": "yes",
                    "noden-leerlingen": "yes",
                    "reason": "Een grote groep van 255 leerlingen, maar het verschil met de rest is klein: 4,0 % tegenover 3,6 "
                    "%. Het gesprek bij terugkeer nemen we mee in het preventieplan.",
                },
            ),
            Row(
                "b-codes",
                {
                    "group": "Leerlingen van de arbeidsmarktfinaliteit",
                    "problem": "blijven weg zonder geldige reden",
                    "impact": "Veel oorzaken liggen buiten de school. We hebben er het CLB en partners voor nodig.",
                    "dimension": "stream",
                    "value": STREAM,
                    "status": "unlawful",
                    "klein-beginnen": "no",
                    "afgebakend": "yes",
                    "realistisch": "no",
                    "bouwt-voort": "partly",
                    "noden-leerlingen": "yes",
                    "reason": "Dit weegt het zwaarst: bij hen noteren we 46 % van alle ongewettigde halve dagen. Maar een "
                    "kleine groep draagt daar de helft van, en die leerlingen hebben een traject op maat nodig. We komen "
                    "hierop terug.",
                },
            ),
        )
    },
    forms={
        "kiezen.focus": {
            "wie": "directeur, na overleg in het beleidsteam",
            "mandaat": "De werkgroep beslist zelf over onthaal en opvolging, en krijgt er vier uur per maand voor.",
            "datum": "05/06/2025",
        }
    },
    results=("heldere-focus",),
)

PLANNEN = Talk(
    "school.f3",
    said={
        "wat": Said(
            answers={
                "groot-doel": "Dat leerlingen van de arbeidsmarktfinaliteit op maandag op tijd zijn, omdat er iets gebeurt "
                "waar je niet te laat voor wilt komen.",
                "kleine-doelen": "Eerst weten waarom leerlingen te laat zijn. Dan de maandag anders beginnen. Dan pas anders "
                "reageren op wie toch te laat komt.",
            }
        ),
        "wie": Said(
            answers={
                "samenstelling": "Zeven mensen, met zeker een praktijkleraar en een leerling. Wie in de klas staat of zit, "
                "weet wat haalbaar is.",
                "mandaat": "Alles wat geen lesrooster of schoolreglement verandert.",
                "ritme": "Om de zes weken. De zorgcoördinator houdt het plan bij en stuurt twee dagen vooraf de cijfers rond.",
            }
        ),
        "hoe": Said(
            answers={
                "nodige-acties": "Van elk één: vragen, ontvangen, roosteren en anders reageren. Daarnaast twee acties uit het "
                "preventieplan die hier goed bij passen: het gesprek bij terugkeer en het maandblad."
            }
        ),
        "wie-doet-wat": Said(
            answers={
                "trekker": "Elke actie heeft één trekker uit de werkgroep, ook als meer mensen meewerken.",
                "termijn": "Het rooster moet klaar zijn in augustus. De eerste startblokken zijn er op maandag 10 november, "
                "als we van de leerlingen gehoord hebben wat er meespeelt.",
            }
        ),
        "op-koers": Said(
            answers={
                "effecten": "Leerlingen zijn er bij het begin van de les en zeggen dat ze verwacht worden. Leraren verliezen "
                "op maandag geen kwartier meer.",
                "meten": "Met het percentage te laat in de arbeidsmarktfinaliteit, week na week naast de weken vóór de start. "
                "En door het aan leerlingen te vragen.",
                "tussentijds": "In november en na de krokusvakantie. Werkt iets niet, dan stoppen we ermee.",
            }
        ),
        "evalueren": Said(
            answers={
                "terugkijken": "Vier vaste dagen. We beginnen telkens met wat lukte, dan het cijfer, dan pas wat moeilijk gaat."
            }
        ),
        "communicatie": Said(
            answers={
                "wat-aan-wie": "Aan leerlingen: wat er op maandag te beleven valt. Aan ouders: wie ze kunnen bellen. Aan "
                "collega's: wat we van hen vragen, en wat niet."
            }
        ),
    },
    forms={
        "wat.doel": {
            "hoofddoel": "Tegen mei 2026 komen leerlingen van de arbeidsmarktfinaliteit op maandagochtend niet vaker te laat "
            "dan op andere ochtenden."
        },
        "wie.afspraken": {
            "mandaat": "De werkgroep beslist zelf over het startblok, de gesprekken en de communicatie. Wat lesrooster of "
            "schoolreglement verandert, gaat eerst langs de directeur.",
            "ritme": "om de zes weken, op dinsdag tijdens de middagpauze",
            "voortgang": "zorgcoördinator",
        },
        "op-koers.indicator": {"measure": "late", "dimension": "stream", "value": STREAM, "since": "10/11/2025"},
    },
    rows={
        "wat.tussendoelen": (
            Row("weten", {"tekst": "Tegen de herfstvakantie weten we wat er meespeelt bij wie vijf keer te laat was."}),
            Row(
                "startblok",
                {"tekst": "Tegen de kerstvakantie begint in elke klas de maandag met een startblok."},
            ),
            Row("herstel", {"tekst": "Tegen de paasvakantie komt een herstelgesprek in de plaats van nablijven."}),
        ),
        "wie.werkgroep": (
            Row("zorg", {"functie": "zorgcoördinator", "rol": "leidt het overleg en houdt het plan bij"}),
            Row("praktijk", {"functie": "praktijkleraar derde graad", "rol": "trekt het startblok"}),
            Row("titularis", {"functie": "klastitularis vierde jaar", "rol": "bewaakt wat haalbaar is in de klas"}),
            Row("begeleider", {"functie": "leerlingbegeleider derde graad", "rol": "voert de gesprekken met leerlingen"}),
            Row("secretariaat", {"functie": "secretariaatsmedewerker", "rol": "brengt elke maand de cijfers mee"}),
            Row("leerling", {"functie": "leerling uit de leerlingenraad", "rol": "zegt wat leerlingen ervan merken"}),
            Row("clb", {"functie": "CLB-medewerker", "rol": "denkt mee en trekt niet"}),
        ),
        "evalueren.evaluatiemomenten": (
            Row(
                "oktober",
                {"dag": "14/10/2025", "wat": "Is alles klaar om te starten? Wat zeggen leerlingen?", "wie": "werkgroep"},
            ),
            Row(
                "november",
                {"dag": "27/11/2025", "wat": "De acties één voor één, en het cijfer", "wie": "werkgroep en directeur"},
            ),
            Row("februari", {"dag": "24/02/2026", "wat": "Wat houden we, wat stoppen we?", "wie": "werkgroep"}),
            Row(
                "mei", {"dag": "21/05/2026", "wat": "Terugkijken, vieren en vastleggen", "wie": "iedereen van het startoverleg"}
            ),
        ),
        "communicatie.boodschappen": (
            Row(
                "leerlingen",
                {
                    "wat": "Op maandag begint de week met je klas, niet met een toets.",
                    "wie": "leerlingen van de arbeidsmarktfinaliteit",
                    "hoe": "klastitularissen, met een filmpje van de leerlingenraad",
                    "wanneer": "laatste week van september",
                },
            ),
            Row(
                "ouders",
                {
                    "wat": "Is er iets waardoor de maandag moeilijk gaat? Bel ons, dan zoeken we samen.",
                    "wie": "ouders",
                    "hoe": "kaartje met één telefoonnummer, in vier talen",
                    "wanneer": "op het eerste oudercontact",
                },
            ),
            Row(
                "collega's",
                {
                    "wat": "Wat we vragen: sta op maandag aan je deur. Wat we niet vragen: extra verslagen.",
                    "wie": "het hele team",
                    "hoe": "op de personeelsvergadering, in vijf minuten",
                    "wanneer": "29/08/2025",
                },
            ),
        ),
    },
    results=("gedragen-plan", "actieve-werkgroep", "vaste-evaluatie"),
)

ACTIES = Actions(
    (
        Row(
            "codeblad",
            {
                "state": "done",
                "works": "In de steekproef klopten 19 van de 20 rijen. Vervangers krijgen het blad bij hun uurrooster.",
            },
            again=True,
        ),
        Row(
            "rooster",
            {
                "origin": FOCUS,
                "what": "Het eerste uur van maandag waar het kan aan praktijk geven",
                "who": "adjunct-directeur",
                "when": "29/08/2025",
                "check": "Nakijken in het lesrooster van 1 september",
                "effect": "De week begint met wat leerlingen graag doen",
                "indicator": "klassen met praktijk in het eerste uur van maandag",
                "baseline": "2 van de 13 klassen",
                "target": "8 van de 13 klassen",
            },
        ),
        Row(
            "vragen",
            {
                "origin": FOCUS,
                "what": "Aan elke leerling die vijf keer te laat was, vragen wat er meespeelt, zonder straf erbij",
                "who": "leerlingbegeleiders tweede en derde graad",
                "when": "24/10/2025",
                "check": "Overzicht van redenen, zonder namen, op het werkgroepoverleg",
                "effect": "We kennen de redenen in plaats van ze te raden",
                "indicator": "gesprekken op het aantal leerlingen",
                "baseline": "geen enkel gesprek",
                "target": "allemaal",
            },
        ),
        Row(
            "startblok",
            {
                "origin": FOCUS,
                "what": "De maandag beginnen met een startblok van twintig minuten: ontbijt, klasgesprek of een opdracht in de "
                "werkplaats",
                "who": "praktijkleraren en klastitularissen van de arbeidsmarktfinaliteit",
                "when": "19/12/2025",
                "check": "Elke maand het cijfer van maandag op het werkgroepoverleg",
                "effect": "Leerlingen willen erbij zijn en komen op tijd",
                "indicator": "te laat op maandagvoormiddag in de arbeidsmarktfinaliteit",
                "baseline": "3,3 % in 2024-2025, tot eind mei",
                "target": "2,0 %",
            },
        ),
        Row(
            "herstel",
            {
                "origin": "preventieplan.f1.grenzen",
                "what": "Nablijven na vijf keer te laat vervangen door een gesprek en een herstelafspraak",
                "who": "adjunct-directeur met de leerlingenraad",
                "when": "14/11/2025",
                "check": "Voorstel op de schoolraad",
                "effect": "Leerlingen voelen zich aangesproken, niet afgestraft",
                "indicator": "leerlingen die binnen de maand opnieuw vijf keer te laat zijn",
                "baseline": "niet gekend",
                "target": "de helft van wat we in september tellen",
            },
        ),
        Row(
            "terugkeer",
            {
                "origin": "preventieplan.f0.opvolging",
                "what": "Kort gesprek aan de klasdeur na elke afwezigheid van een dag of meer",
                "who": "klastitularissen tweede graad",
                "when": "03/04/2026",
                "check": "Telling in één week van november en één week van maart",
                "effect": "Wie terugkomt, merkt dat hij gemist werd",
                "indicator": "gesprekken per tien leerlingen die terugkomen",
                "baseline": "ongeveer 2 op 10",
                "target": "8 op 10",
            },
        ),
        Row(
            "maandblad",
            {
                "origin": "preventieplan.f0.opvolging",
                "what": "Elke maand één blad met dezelfde vijf cijfers op het zorgoverleg",
                "who": "secretariaatsmedewerker en zorgcoördinator",
                "when": "29/05/2026",
                "check": "Staat de vraag van vorige maand beantwoord in het verslag?",
                "effect": "We zien een verandering na weken, niet na een jaar",
                "indicator": "maandbladen die besproken zijn",
                "baseline": "geen",
                "target": "elke maand één",
            },
        ),
    )
)

SECOND = Meeting(
    date(2025, 6, 5),
    "Eén focus, één plan",
    "directeur, adjunct-directeur, zorgcoördinator, leerlingbegeleiders tweede en derde graad, secretariaatsmedewerker, "
    "klastitularis vierde jaar, praktijkleraar derde graad, leerling uit de leerlingenraad, CLB-medewerker",
    "Drie kandidaten, één keuze. De stippen lagen eerst bij de B-codes; na de weging koos iedereen voor maandag. De leerling "
    "gaf de doorslag: daar kun je maandag al mee beginnen. De hulplijnen vullen we verder aan in het najaar.",
    closed=True,
    sittings=(
        Sitting(
            time(11, 30),
            150,
            (
                KIEZEN,
                Pinned(
                    "focus",
                    FOCUS,
                    date(2025, 5, 28),
                    {"figure": "reach", "dimension": "stream", "value": STREAM, "status": "late", "school_year": "2024-2025"},
                ),
                PLANNEN,
                ACTIES,
                directory.FIRST,
            ),
        ),
    ),
)
