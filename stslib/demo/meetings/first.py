"""20 March 2025: the team looks broadly, with the figures on the table."""

from __future__ import annotations

from datetime import date, time

from stslib.demo.script import Actions, Meeting, Pinned, Row, Said, Sitting, Talk

VOORAF = Talk(
    "school.vooraf",
    rows={
        "herformuleren.leervragen": (
            Row(
                "maandag",
                {
                    "bezorgdheid": "Op maandag komen er tot na het eerste lesuur leerlingen binnengedruppeld. We worden er "
                    "moe van.",
                    "leervraag": "Hoe kunnen we van de maandagochtend een moment maken waarvoor leerlingen graag op tijd zijn?",
                },
            ),
            Row(
                "codes",
                {
                    "bezorgdheid": "Iedereen vult de codes op zijn eigen manier in. We geloven onze eigen cijfers niet.",
                    "leervraag": "Hoe kunnen we samen zo noteren dat we op onze cijfers durven te bouwen?",
                },
            ),
            Row(
                "terugkeer",
                {
                    "bezorgdheid": "Een leerling komt na een week terug, en niemand zegt er iets van.",
                    "leervraag": "Hoe kunnen we ervoor zorgen dat elke leerling bij terugkeer merkt dat we hem gemist hebben?",
                },
            ),
        ),
    },
)

BREED_KIJKEN = Talk(
    "school.f1",
    said={
        "registratie": Said(
            4,
            "Het systeem is er en iedereen gebruikt het, maar niet op dezelfde manier. Daarom kijken we met een half oog naar "
            "onze cijfers.",
            "Eén blad met codes en voorbeelden, en één afspraak over wanneer iemand te laat is.",
            7,
            {
                "noteren": "De leraar noteert in het eerste lesuur van de voormiddag en van de namiddag wie er niet is. Wie te "
                "laat komt, haalt een briefje aan het onthaal. Op maandag staat daar een rij, en dan glipt er wel eens iemand "
                "zo de klas in.",
                "codes": "Z, D en P kent iedereen. Over B en over te laat komen twijfelen we: na twintig minuten schrijft de "
                "ene nog 'te laat' en de andere al 'afwezig'. Vervangers krijgen geen uitleg.",
                "cijfers-lezen": "Tot midden maart is 4,4 % van de halve dagen gemist. De tweede graad ligt met 4,8 % iets "
                "hoger. Wat ons het meest verrast: elke week komt er zo'n 70 keer iemand te laat, en op maandagvoormiddag "
                "bijna dubbel zo vaak als op de andere voormiddagen.",
            },
        ),
        "beleid": Said(
            4,
            "Er staat veel op papier. In de praktijk hangt het af van wie je treft.",
            "Een aanpak van één bladzijde die ook een nieuwe collega na vijf minuten kent.",
            7,
            {
                "afspraken": "In het schoolreglement staat een stappenplan van vier bladzijden. Nieuwe collega's weten niet "
                "dat het bestaat, en leerlingen kennen er vooral het nablijven van.",
                "taken": "Het secretariaat belt naar huis, de leerlingbegeleiding volgt op vanaf vijf halve dagen B. De "
                "klastitularis weet vaak niet wat er al gebeurd is. Wie een leerling aanspreekt die te laat komt, is niet "
                "afgesproken.",
                "steunen-of-straffen": "Eerlijk gezegd eerder bestraffend: na vijf keer te laat volgt een uur nablijven. We "
                "doen het omdat het altijd zo was, en omdat een gesprek tijd kost die we niet denken te hebben.",
            },
        ),
        "preventie-klimaat": Said(
            6,
            "Er gebeurt veel goeds, vooral in de eerste graad en in de werkplaatsen. Het hangt alleen niet aan elkaar.",
            "Wat in de eerste graad op maandag gebeurt, ook verder in de school proberen.",
            7,
            {
                "voorkomen": "In de eerste graad begint elke maandag met een onthaal in de klas. Daarna valt dat weg. In de "
                "derde graad doet één praktijkleraar een rondje aan de werkbank, uit eigen beweging.",
                "verbondenheid": "Leerlingen van de arbeidsmarktfinaliteit zeggen dat ze hun praktijkleraren vertrouwen. Met "
                "de algemene vakken voelen ze minder band. Hun ouders zien we weinig op het oudercontact.",
                "merken": "Op dagen met praktijk zijn ze er. Op maandag hebben veel klassen theorie in het eerste uur, en net "
                "dan komen leerlingen te laat of helemaal niet.",
            },
        ),
        "effect": Said(
            3,
            "We doen veel, maar we weten zelden wat het oplevert.",
            "Een paar vaste cijfers, vaker dan één keer per jaar.",
            6,
            {
                "wat-werkt": "Bellen op de eerste dag werkt: ouders zijn blij dat iemand het merkt. Nablijven werkt minder, "
                "want we zien er telkens dezelfde leerlingen.",
                "signalen": "De leerlingenraad zei het zo: niemand vraagt ooit waarom je te laat bent. Enkele ouders weten "
                "niet naar wie ze moeten bellen. De inspectie vroeg twee jaar geleden al wat we met onze cijfers doen.",
                "effect-zien": "Dat gaan we niet na. In juni bekijken we het totaal voor het jaarverslag.",
            },
        ),
    },
    rows={
        "beeld.sterktes": (
            Row("bellen", {"tekst": "Het secretariaat belt op de eerste dag van elke afwezigheid."}),
            Row("praktijk", {"tekst": "Praktijkleraren hebben een sterke band met hun leerlingen."}),
            Row("clb", {"tekst": "De lijn met het CLB is kort: we kennen elkaar."}),
        ),
        "beeld.groeikansen": (
            Row("onthaal", {"tekst": "Het onthaal op maandag, dat in de eerste graad al werkt."}),
            Row("titularis", {"tekst": "De klastitularis vroeger betrekken, lang voor de vijfde B-code."}),
        ),
        "beeld.hiaten": (
            Row("te-laat", {"tekst": "Er is geen gedeelde afspraak over wat te laat is."}),
            Row("cijfers", {"tekst": "Er is geen vast moment om naar cijfers te kijken."}),
            Row("terugkeer", {"tekst": "Wie terugkomt, krijgt niet altijd een gesprek."}),
        ),
        "beeld.risicofactoren": (
            Row("bus", {"tekst": "De ochtendbus heeft op maandag vaak vertraging."}),
            Row("weekendwerk", {"tekst": "Veel leerlingen van de derde graad werken op zondag tot laat."}),
            Row("theorie", {"tekst": "In veel klassen begint de week met twee uur theorie."}),
        ),
        "beeld.beschermende-factoren": (
            Row("werkplaats", {"tekst": "De werkplaats: daar willen ze bij zijn."}),
            Row("iemand", {"tekst": "Een volwassene op school die hen echt kent."}),
            Row("klas", {"tekst": "De klasgroep: ze sturen elkaar een bericht als iemand er niet is."}),
        ),
        "beeld.aan-tafel": (
            Row("directeur", {"functie": "directeur", "rol": "kan beslissen, kent het schoolreglement"}),
            Row("zorg", {"functie": "zorgcoördinator", "rol": "volgt de leerlingen op, leidt het gesprek"}),
            Row("begeleiders", {"functie": "leerlingbegeleiders tweede en derde graad", "rol": "spreken leerlingen en ouders"}),
            Row("secretariaat", {"functie": "secretariaatsmedewerker", "rol": "kent de registratie het best, belt naar huis"}),
            Row("titularis", {"functie": "klastitularis vierde jaar", "rol": "ziet de klas elke dag"}),
            Row("praktijk", {"functie": "praktijkleraar derde graad", "rol": "kent de leerlingen in de werkplaats"}),
            Row("clb", {"functie": "CLB-medewerker", "rol": "brengt de cijfers mee en stelt vragen"}),
        ),
    },
    results=("gedeeld-beeld", "inzicht", "basis-voor-focus"),
    note="Twee keer schoot het gesprek naar oplossingen; die hangen op het parkeerblad. De praktijkleraar en het secretariaat "
    "brachten het meeste aan. Volgende keer beginnen met de leervraag over maandag.",
)

PLAN = Talk(
    "preventieplan.f0",
    said={
        "verbindend-klimaat": Said(
            6,
            "De eerste week draait om kennismaken en er is elk trimester een welzijnsdag. In de derde graad valt dat stil.",
            "Ook in de derde graad tijd vrijmaken voor klasgesprekken.",
            7,
            {
                "pauzes": "Sport op het plein en een stille ruimte in de bibliotheek. Voor wie liever iets maakt, is er "
                "weinig.",
                "kennismaking": "Twee dagen op stap met de eerstejaars; voor de andere jaren één klasuur.",
                "participatie": "De leerlingenraad komt elke maand samen. Over afwezigheden is het daar nog nooit gegaan.",
                "groeigesprekken": "In de eerste graad twee keer per jaar, daarna alleen als er iets misloopt.",
                "pesten": "Er is een stappenplan. Leerlingen weten niet goed bij wie ze moeten zijn.",
            },
        ),
        "inschrijving": Said(
            5,
            "We vertellen veel bij de inschrijving, maar over aanwezig zijn gaat het amper.",
            "Een vast stukje over aanwezigheid in het inschrijvingsgesprek.",
            7,
            {
                "schoolreglement": "Ouders tekenen het reglement. Er samen doorheen gaan lukt alleen in augustus.",
                "vorige-school": "We bellen na een overstap in de loop van het jaar, niet na de zomer.",
            },
        ),
        "registratie": Said(
            4,
            "Namiddagen worden soms pas de dag erna ingevuld. Dezelfde afwezigheid krijgt bij de ene een andere code dan bij "
            "de andere.",
            "Eén werkwijze voor iedereen, ook bij vervangingen.",
            8,
            {
                "meldpunt": "Ouders bellen naar het onthaal. Mails komen bij drie verschillende mensen toe.",
                "wie-registreert": "Elke leraar in het eerste lesuur van voor- en namiddag; het secretariaat vult de code aan.",
                "termijn": "Op papier drie dagen. In de praktijk wachten we vaak twee weken.",
                "attesten": "We letten op attesten die achteraf zijn gemaakt, maar er is geen vaste stap.",
                "ouders-verwittigen": "Een bericht in de voormiddag. Wie niet op het platform zit, hoort niets.",
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
            "Het CLB en de wijkagent kennen we goed; met de jeugdwerking is er nog geen lijn.",
            "",
            None,
            {"welke-partners": "Het CLB, het leersteuncentrum, een NAFT-aanbieder en de wijkagent."},
        ),
    },
)

FIRST = Meeting(
    date(2025, 3, 20),
    "Startoverleg: breed kijken",
    "directeur, zorgcoördinator, leerlingbegeleiders tweede en derde graad, secretariaatsmedewerker, klastitularis vierde "
    "jaar, praktijkleraar derde graad, CLB-medewerker",
    "Voor het eerst kijken we met zoveel functies samen naar de cijfers. Iedereen verwachtte dat het over spijbelen zou gaan; "
    "het ging over te laat komen op maandag. In juni kiezen we een focus. Tot dan maken we één ding in orde: het blad met de "
    "codes.",
    closed=True,
    sittings=(
        Sitting(
            time(12, 30),
            150,
            (
                VOORAF,
                BREED_KIJKEN,
                Pinned("start", "school.f1.registratie.cijfers-lezen", date(2025, 3, 14), {"figure": "late_by_week"}),
                PLAN,
                Actions(
                    (
                        Row(
                            "codeblad",
                            {
                                "origin": "preventieplan.f0.registratiebeleid",
                                "what": "Eén blad maken met alle codes en voorbeelden, ook voor vervangers",
                                "who": "secretariaatsmedewerker, nagelezen door de zorgcoördinator",
                                "when": "16/05/2025",
                                "check": "Steekproef van twintig rijen eind mei",
                                "effect": "Iedereen noteert hetzelfde, zodat we de cijfers kunnen geloven",
                            },
                        ),
                    )
                ),
            ),
        ),
    ),
)
