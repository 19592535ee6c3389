"""21 May 2026: looking back, celebrating, keeping what works, and the question that the figures raise next."""

from __future__ import annotations

from datetime import date, time

from stslib.demo.meetings import directory
from stslib.demo.script import Actions, Meeting, Row, Said, Sitting, Talk

VOORAF = Talk(
    "school.vooraf",
    rows={
        "herformuleren.leervragen": (
            Row(
                "b-codes",
                {
                    "bezorgdheid": "Er komen minder leerlingen te laat, maar er blijven er meer weg zonder reden.",
                    "leervraag": "Hoe kunnen we een leerling al bij de derde B-code laten merken dat we hem missen?",
                },
            ),
        )
    },
)

BREED_KIJKEN = Talk(
    "school.f1",
    said={
        "registratie": Said(
            7,
            "We noteren op dezelfde manier en durven over onze cijfers te praten.",
            "Met de stageplaatsen één meldpunt afspreken.",
            8,
            {
                "cijfers-lezen": "In de arbeidsmarktfinaliteit is sinds 10 november 1,0 % te laat, tegenover 1,3 % een jaar "
                "eerder; op maandagochtend 1,6 % in plaats van 3,2 %. Sinds begin december lag elke week lager dan we in het "
                "najaar gewoon waren. In de hele school bleef het zo goed als gelijk. En wat niemand verwachtte: bij dezelfde "
                "leerlingen steeg ongewettigd wegblijven van 1,4 % naar 1,9 %."
            },
        ),
        "beleid": Said(
            7,
            "De aanpak staat op één blad en begint met een gesprek.",
            "Dat blad opnemen in het schoolreglement.",
            8,
            {
                "steunen-of-straffen": "Meer steunend dan een jaar geleden. Na vijf keer te laat volgt een gesprek met een "
                "herstelafspraak."
            },
        ),
        "preventie-klimaat": Said(
            6,
            "In de arbeidsmarktfinaliteit een acht, elders nog zoals vroeger.",
            "Het startblok ook in de dubbele finaliteit.",
            7,
            {"merken": "Op maandag staan leerlingen aan de werkplaats te wachten tot de deur opengaat."},
        ),
        "effect": Said(
            6,
            "We kijken elke maand, en we weten nu ook wat we niet weten.",
            "Leerlingen twee keer per jaar zelf laten vertellen wat helpt.",
            7,
            {"effect-zien": "Met één cijfer, een telling en een gesprek met de leerlingenraad."},
        ),
    },
    rows={
        "beeld.sterktes": (Row("startblok", {"tekst": "Op maandag begint de week in de klas, niet aan het onthaal."}),),
        "beeld.hiaten": (
            Row(
                "cijfers",
                {"tekst": "Cijfers bekijken we nu elke maand. Wat nog ontbreekt: ze met leerlingen bespreken."},
                again=True,
            ),
        ),
        "beeld.aan-tafel": (
            Row("directeur-mei", {"functie": "directeur", "rol": "zegt wat een vaste plaats krijgt"}),
            Row("zorg-mei", {"functie": "zorgcoördinator", "rol": "hield het plan bij"}),
            Row("praktijk-mei", {"functie": "praktijkleraar derde graad", "rol": "trok het startblok"}),
            Row("secretariaat-mei", {"functie": "secretariaatsmedewerker", "rol": "brengt de cijfers mee"}),
            Row("leerlingen-mei", {"functie": "twee leerlingen uit de leerlingenraad", "rol": "vertellen wat ze merkten"}),
            Row("brugfiguur-mei", {"functie": "brugfiguur van de stad", "rol": "kent de gezinnen"}),
            Row("clb-mei", {"functie": "CLB-medewerker", "rol": "begeleidt het terugkijken"}),
        ),
    },
    results=("gedeeld-beeld",),
)

OP_KOERS = Talk(
    "school.f4",
    said={
        "uitvoeren": Said(
            answers={
                "uitvoerbaar": "Zeven van de acht acties zijn rond of lopen vanzelf; de bus bleef liggen. Het hoofddoel is "
                "gehaald: op maandagochtend is sinds de start 1,6 % te laat, op de andere ochtenden samen 1,7 %.",
                "bijsturen": "Sinds de krokusvakantie draait het startblok in alle dertien klassen. De gesprekken van vijf "
                "minuten houden we; de lange gesprekken waren niet vol te houden.",
            }
        )
    },
    results=("acties-uitgevoerd", "zicht-op-bijsturing", "eerste-effecten"),
)

TERUGBLIK = Talk(
    "school.f5",
    said={
        "terugblik": Said(
            answers={
                "wat-werkte": "Eerst vragen, dan pas iets veranderen. En beginnen met wat leerlingen graag doen: wie weet dat "
                "er op hem gewacht wordt, wil er zijn. Ook dat één praktijkleraar het al deed, hielp. We moesten het niet "
                "uitvinden.",
                "zichtbaar-maken": "Met een affiche in de lerarenkamer en een muur met foto's van het startblok, gemaakt door "
                "de leerlingen van het zesde jaar.",
                "delen": "Op de personeelsvergadering van juni vertellen twee leerlingen het zelf. Ouders krijgen het kaartje "
                "opnieuw, met een bedankje.",
                "volhouden": "De werkgroep blijft, één keer per trimester. De leerlingenraad houdt er twee plaatsen.",
                "verduurzamen": "Het startblok staat in het lesrooster en het herstelgesprek komt in het schoolreglement. Gaat "
                "het weer stroever, dan beginnen we opnieuw met vragen.",
            }
        )
    },
    forms={
        "terugblik.affiche": {
            "titel": "Maandag begint met ons",
            "wat-werkte": "We vroegen eerst waarom. Daarna begon de week in de werkplaats in plaats van in de rij aan het "
            "onthaal.",
            "wat-veranderde": "Op maandag komen in de arbeidsmarktfinaliteit nog 2 van de 100 leerlingen te laat; vorig "
            "schooljaar waren het er 3. Leerlingen zeggen dat ze verwacht worden.",
            "trots": "De maandag in maart waarop een hele klas er vóór de bel stond, ook de leraar.",
            "dank": "de leerlingenraad, de praktijkleraren, het secretariaat en het onderhoudsteam",
        }
    },
    results=("zichtbaar", "gedeeld"),
    note="Niet te snel juichen over het cijfer: het verschil is klein en we weten niet waardoor het komt. De B-codes rustig op "
    "tafel brengen, niet als domper.",
)

VERVOLG = Talk(
    "school.f3",
    rows={
        "evalueren.evaluatiemomenten": (
            Row("oktober-26", {"dag": "08/10/2026", "wat": "Is het startblok overal gestart?", "wie": "werkgroep"}),
            Row("februari-27", {"dag": "25/02/2027", "wat": "De B-codes van het eerste semester", "wie": "werkgroep en CLB"}),
            Row("mei-27", {"dag": "20/05/2027", "wat": "Samen terugkijken, met taart", "wie": "iedereen van vandaag"}),
        )
    },
)

ACTIES = Actions(
    (
        Row(
            "startblok",
            {
                "state": "done",
                "works": "Staat vanaf september vast in het lesrooster. Leerlingen kiezen de helft van de opdrachten zelf.",
                "hinders": "",
                "adjustment": "Volgend jaar ook uitproberen in de dubbele finaliteit.",
            },
            again=True,
        ),
        Row(
            "herstel",
            {
                "state": "done",
                "when": "13/02/2026",
                "works": "De leerlingenraad schreef vier voorbeelden van herstel. Nablijven is sinds de krokusvakantie weg.",
                "hinders": "",
            },
            again=True,
        ),
        Row(
            "terugkeer",
            {
                "works": "In de telling van maart kregen 8 van de 10 leerlingen een gesprek. De derde graad doet mee sinds "
                "januari.",
                "hinders": "Op dagen met vervangingen valt het weg.",
                "when": "30/06/2026",
            },
            again=True,
        ),
        Row(
            "maandblad", {"state": "done", "works": "Acht bladen, en op elk blad staat wat we anders gingen doen."}, again=True
        ),
        Row(
            "bijna-vijf",
            {
                "origin": "preventieplan.f1.clb-overleg-b-codes",
                "what": "Elke maandag nakijken wie drie of vier B-codes heeft, en die leerling dezelfde dag aanspreken",
                "who": "leerlingbegeleiders, met de CLB-medewerker op het tweewekelijkse overleg",
                "when": "26/02/2027",
                "check": "Elk overleg: wie werd aangesproken, en wie toch aan vijf kwam",
                "effect": "Leerlingen merken dat we hen missen voor het een dossier wordt",
                "indicator": "ongewettigd gemiste halve dagen in de arbeidsmarktfinaliteit",
                "baseline": "1,9 % van 10 november tot begin mei",
                "target": "1,4 %, zoals een jaar eerder",
            },
        ),
    )
)

PREVENTIEPLAN = (
    Talk(
        "preventieplan.f0",
        said={
            "verbindend-klimaat": Said(
                7,
                "Klasgesprekken zijn gewoon geworden, en leerlingen kiezen zelf waarover.",
                "",
                8,
                {"band-met-leraren": "Elke klastitularis eet één keer per maand mee met de klas."},
            ),
            "inschrijving": Said(
                6, "Zoals in november. De korte versie voor late inschrijvingen is er nog niet.", "Die versie maken.", 7
            ),
            "registratie": Said(
                8,
                "Open codes zijn bijna altijd binnen de week weg. Ook op de sportdag liep het goed.",
                "Met de stageplaatsen één meldpunt afspreken.",
                8,
                {
                    "wie-registreert": "Zoals afgesproken in maart vorig jaar. Vervangers krijgen het blad bij hun eerste "
                    "lesuur."
                },
            ),
            "terugkeer": Said(
                7,
                "Acht van de tien leerlingen krijgen een gesprek, nu ook in de derde graad.",
                "Ook op dagen met vervangingen.",
                8,
                {"polsen": "Altijd door de klastitularis, aan de deur. Is die er niet, dan door de leerlingbegeleider."},
            ),
            "monitoring": Said(
                7,
                "Op elk overleg beslissen we nu iets met het blad.",
                "De cijfers ook met leerlingen bespreken.",
                8,
                {"ritme": "Elke maand, en twee keer per jaar met het hele team."},
            ),
            "partners": Said(
                7,
                "De kaart met hulplijnen hangt uit en de helft van de diensten kwam al langs.",
                "De huisartsen bereiken.",
                8,
                {"wie-waarvoor": "Ja, sinds de kaart er hangt. We bellen nu sneller en minder in het rond."},
            ),
        },
    ),
    Talk(
        "preventieplan.f1",
        said={
            "bindingsperspectief": Said(
                7, "Na de studievoormiddag spreken meer collega's dezelfde taal.", "Huisbezoeken uitproberen.", 8
            ),
            "leerlingendossier": Said(5, "Nog altijd niet overal op dezelfde plaats.", "Eén vast tabblad, vanaf september.", 7),
            "overleg-b-codes": Said(
                5,
                "Het overleg zelf is goed. Maar de B-codes namen toe en we waren er te laat bij: onze aandacht ging naar te "
                "laat komen.",
                "Bij drie of vier B-codes al aanspreken.",
                8,
                {"melding-5-b-codes": "Nog te vaak na de vijfde. Daarom de nieuwe actie."},
            ),
            "maatregelen": Said(
                7,
                "Een gesprek en een herstelafspraak in plaats van nablijven. Leerlingen vinden het strenger én eerlijker.",
                "",
                8,
                {"binding-bewaken": "Wie een grens stelt, is ook wie er de dag erna naar vraagt."},
            ),
            "overleg-ziekte": Said(5, "Bij vier keer kort ziek op een trimester bellen we nu het CLB.", "", 6),
            "zieke-leerlingen": Said(6, "De zorgcoördinator kent nu de mogelijkheden en legt ze aan ouders uit.", "", 7),
            "signalen-weigering": Said(6, "De signalen komen op elke klassenraad aan bod.", "", 7),
        },
    ),
    Talk(
        "preventieplan.f2",
        said={
            "overleg-vervolg": Said(6, "Blijft goed: we beslissen samen wie wat doet.", "", 7),
            "spijbelactieplan": Said(6, "De procedure werkt. De eerste aanmelding kan nog altijd vroeger.", "", 7),
            "terugkeer-b-codes": Said(
                5, "Vaker met een gesprek vooraf, nog zonder plan voor de eerste week.", "Dat plan maken.", 6
            ),
            "contact-bij-ziekte": Said(7, "De klas blijft berichten sturen, ook als er geen antwoord komt."),
            "terugkeer-na-ziekte": Said(6, "Het blad met stappen wordt gebruikt.", "Ook de vakleraren meenemen.", 7),
            "overleg-weigering": Said(6, "We hebben nu een vast uur met de behandelaars, om de zes weken.", "", 7),
            "terugkeer-na-weigering": Said(
                4, "Eén keer lukte het goed, met kleine stappen en één vaste begeleider.", "Dat zo houden.", 6
            ),
        },
    ),
    Talk(
        "preventieplan.f3",
        said={
            "leerwegen-b-codes": Said(
                4,
                "Meer jongeren, en bij NAFT een wachttijd. We zoeken te laat.",
                "In februari al bekijken wie dreigt af te haken.",
                6,
            ),
            "poah": Said("not_applicable", "Ook nu geen vraag naar."),
            "leerwegen-bij-ziekte": Said(5, "Zoals in november."),
            "leerwegen-na-weigering": Said(4, "Eén ervaring rijker. We weten nu wat we niet wisten.", "", 6),
            "school-loslaten": Said(7, "De kaartjes van de klas gaan elke maand, en soms komt er een terug."),
        },
    ),
)

FOURTH = Meeting(
    date(2026, 5, 21),
    "Terugkijken, vieren en vooruit",
    "directeur, zorgcoördinator, leerlingbegeleiders tweede en derde graad, secretariaatsmedewerker, praktijkleraar derde "
    "graad, twee leerlingen uit de leerlingenraad, brugfiguur van de stad, CLB-medewerker",
    "Eerst taart, dan de cijfers. Te laat komen daalde waar we eraan werkten, en alleen daar. Wegblijven zonder reden steeg. "
    "Dat wordt de leervraag van volgend jaar.",
    closed=False,
    sittings=(
        Sitting(
            time(11, 30), 165, (BREED_KIJKEN, OP_KOERS, TERUGBLIK, VOORAF, ACTIES, VERVOLG, *PREVENTIEPLAN, directory.SPRING)
        ),
    ),
)
