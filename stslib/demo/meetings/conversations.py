"""27 November 2025, before the meeting: one conversation with parents and one with a teacher. Nobody is named."""

from __future__ import annotations

from stslib.demo.script import Row, Said, Talk

PARENTS = (
    Talk(
        "ouders.breed-kijken",
        said={
            "thuis": Said(
                answers={
                    "ochtend": "Mama vertrekt om vijf uur naar haar werk. De oudste maakt de kleintjes klaar, brengt hen naar "
                    "school en neemt daarna zelf de bus.",
                    "fijn-moment": "Op zondag koken ze samen. Dan staat de telefoon af en praat iedereen door elkaar.",
                    "energie": "Naar rondkomen. Er is een tweede job bij gekomen sinds de zomer.",
                    "praktisch": "De opvang op de basisschool gaat pas om halfacht open. Daarna haalt hun zoon de bus vaak "
                    "niet.",
                    "steun": "Een tante in de buurt, als die niet zelf moet werken.",
                },
                aspects={"draaglast": 8, "draagkracht": 5},
            ),
            "school": Said(
                answers={
                    "goede-dag": "De dag dat hij thuiskwam met een bankje dat hij zelf gelast had. Het staat in de gang.",
                    "wat-vertelt-je-kind": "Over de werkplaats vertelt hij veel. Over de rest zwijgt hij.",
                    "moeilijke-momenten": "Te laat binnenkomen als iedereen al zit. Dan blijft hij liever helemaal weg.",
                    "contact": "De school belde vooral als er iets mis was. Sinds oktober belt de klastitularis ook als het "
                    "goed gaat.",
                },
                aspects={"draaglast": 6, "draagkracht": 6},
            ),
            "sociaal": Said(
                answers={
                    "optrekken": "Met twee jongens van de klas. Ze wachten op elkaar aan de poort.",
                    "rekenen-op": "Op de buren, voor een uurtje. Vragen valt hen moeilijk.",
                },
                aspects={"draaglast": 3, "draagkracht": 6},
            ),
            "individu": Said(
                answers={
                    "trots": "Hij zorgt voor iedereen en klaagt nooit. 'Op hem kunnen we rekenen', zegt papa.",
                    "gezond": "Hij slaapt te weinig. In het weekend slaapt hij tot de middag.",
                    "eigen-stem": "Hij wil zijn diploma halen en met zijn handen werken.",
                },
                aspects={"draaglast": 6, "draagkracht": 7},
            ),
            "cultuur": Said(
                answers={
                    "betekenis-van-school": "School is de weg naar een beter leven. Dat hij te laat komt, vinden ze zelf het "
                    "ergst.",
                    "taal": "Mama vertelt liever in haar eigen taal. Een tolk mag, als het niet iemand uit de buurt is.",
                    "hulp-vragen": "In de familie los je het zelf op. Dat de school het vroeg zonder verwijt, maakte het "
                    "verschil.",
                },
                aspects={"draaglast": 4, "draagkracht": 8},
            ),
        },
    ),
    Talk(
        "ouders.venster",
        said={
            "spanning": Said(
                answers={
                    "vandaag": "Moe, maar blij dat ze het eens mogen vertellen.",
                    "te-veel": "Dan wordt het stil in huis en gaat iedereen op zijn kamer zitten.",
                    "adem": "Een vrije zaterdag, met z'n allen naar buiten.",
                }
            )
        },
        forms={
            "spanning.venster": {
                "positie": "binnen",
                "signalen": "Ze praten rustig, stellen zelf vragen en lachen om het bankje. Bij het woord 'straf' verstrakte "
                "het even.",
                "wat-helpt": "Weten dat iemand meedenkt over de ochtend, en dat niemand boos is.",
            }
        },
    ),
    Talk(
        "ouders.leiding",
        said={
            "situaties": Said(
                answers={
                    "wie-helpt-al": "De klastitularis. 'Die belt gewoon om te zeggen dat het goed gaat.'",
                    "aanspreekpunt": "De leerlingbegeleider, en liefst telkens dezelfde.",
                }
            )
        },
        forms={
            "situaties.andere-partners": {"veel-tegelijk": "deels", "wachten-op-hulp": "nee"},
            "situaties.clb": {"draaischijf": "nee", "randvoorwaarden": "ja"},
            "situaties.leiding": {
                "wie-leidt": "samen",
                "welke-dienst": "leerlingbegeleider als aanspreekpunt, met de brugfiguur van de stad",
                "ondertussen": "Het CLB vraagt met de brugfiguur na of de opvang op de basisschool een kwartier vroeger kan.",
                "volgend-contact": "binnen de twee weken, met een telefoontje op woensdagnamiddag",
            },
        },
    ),
    Talk(
        "ouders.focus",
        said={
            "kiezen": Said(
                answers={
                    "lichter": "De ochtend. Als die lukt, lukt de rest ook.",
                    "haalbare-stap": "Een bericht sturen als de bus gemist is, zodat hij niet hoeft uit te leggen waarom.",
                }
            )
        },
        rows={
            "kiezen.nu": (
                Row(
                    "opvang",
                    {
                        "wat": "Vroegere opvang zoeken voor de jongste kinderen",
                        "waarom": "Dan haalt hij de bus en hoeft hij niet te kiezen tussen thuis en school.",
                        "wie": "brugfiguur en CLB",
                    },
                ),
                Row(
                    "te-laat",
                    {
                        "wat": "Tot de kerstvakantie mag hij tot het einde van het startblok binnenkomen",
                        "waarom": "Wie niet bang is voor de deur, blijft niet weg.",
                        "wie": "leerlingbegeleider en klastitularis",
                    },
                ),
            ),
            "kiezen.later": (
                Row(
                    "slapen",
                    {
                        "wat": "Meer slapen",
                        "waarom": "Kan pas als de ochtend lichter is.",
                        "wie": "het CLB, na de kerstvakantie",
                    },
                ),
            ),
        },
    ),
)

TEACHER = (
    Talk(
        "leerkracht.preventie",
        said={
            "verbinding": Said(
                answers={
                    "het-klikte": "Ik gaf hem de sleutel van de materiaalkast. Sindsdien staat hij er als eerste.",
                    "welkom-in-de-les": "Ik sta aan de deur en zeg elke naam. Dat kost me niets, en ik zie meteen hoe ze erbij "
                    "lopen.",
                    "waarom-contact": "Omdat ik zelf ooit een leraar had die wachtte tot ik er was.",
                }
            )
        },
    ),
    Talk(
        "leerkracht.tijdens",
        said={
            "contact": Said(
                answers={
                    "lege-stoel": "Ik denk dan dat ik iets gemist heb. En eerlijk: soms ben ik ook boos.",
                    "fleurt-op": "Als er iets te herstellen valt. Dan gaat hij rechter zitten.",
                    "een-boodschap": "Je werkstuk staat nog klaar, niemand heeft eraan gezeten.",
                    "wat-helpt-jou": "Dat iemand me vertelt hoe het gaat. Ik moet de details niet weten.",
                }
            )
        },
    ),
    Talk(
        "leerkracht.terugkeer",
        said={
            "landing": Said(
                answers={
                    "goede-terugkeer": "Vorig jaar heb ik een leerling gewoon laten meewerken, zonder vragen. Na een uur begon "
                    "die zelf te vertellen.",
                    "eerste-minuut": "Hij komt binnen, ik knik, zijn plaats is vrij en er ligt al iets klaar.",
                    "mag-wachten": "De toets van vorige week. Dat hij er is, is nu belangrijker.",
                }
            )
        },
    ),
    Talk(
        "leerkracht.verduurzamen",
        said={
            "meer-leerlingen": Said(
                answers={
                    "ook-anderen": "De stille leerlingen. Die zeggen niets, maar ze zien wel of je aan je deur staat.",
                    "vol-te-houden": "Laat het bij die ene minuut aan de deur. Geen formulier.",
                }
            )
        },
        forms={
            "meer-leerlingen.opvolgmail": {
                "wat-goed-was": "Je vertelde dat je een werkstuk laat staan tot de leerling terug is. Dat zegt meer dan een "
                "brief.",
                "om-te-proberen": "Zelf zei je: ik zet zijn plaats klaar, ook als ik niet weet of hij komt.",
                "volgend-contact": "Ik spring de eerste donderdag van december na de speeltijd even binnen.",
            }
        },
    ),
)
