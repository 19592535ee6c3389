"""The help lines of a region that does not exist: invented services, numbers nobody has, addresses in reserved domains."""

from __future__ import annotations

from stslib.demo.script import Talk, Value


def _contact(service: str, phone: str, place: str, note: str = "", *, together: bool | None = None) -> dict[str, Value]:
    """One service; *place* is the name of its mail and site, under a top-level domain that is reserved for examples."""
    fields: dict[str, Value] = {
        "service": service,
        "phone": phone,
        "mail": f"info@{place}.example" if place else "",
        "site": f"https://{place}.example" if place else "",
        "note": note,
    }
    filled = {name: value for name, value in fields.items() if value}
    return filled if together is None else {**filled, "together": together}


_BLOCK = "wegwijzer.adressen"

FIRST = Talk(
    "netwerk.wegwijzer",
    forms={
        f"{_BLOCK}.clb": _contact(
            "CLB De Kapstok", "014 00 00 10", "clb-de-kapstok", "Elke maandag en donderdag op school aanwezig.", together=True
        ),
        f"{_BLOCK}.pbd": _contact(
            "Begeleidingsdienst De Passer", "014 00 00 12", "de-passer", "Vraag naar het team schoolklimaat.", together=True
        ),
        f"{_BLOCK}.lokaal-bestuur": _contact(
            "Dienst onderwijs van de stad", "014 00 00 20", "stad-zwaluwbeke", "Betaalt mee de brugfiguur.", together=True
        ),
        f"{_BLOCK}.naft": _contact(
            "NAFT Het Zijspoor",
            "014 00 00 31",
            "het-zijspoor",
            "Aanmelden via het CLB, startgesprek binnen drie weken.",
            together=True,
        ),
        f"{_BLOCK}.politie": _contact(
            "Lokale politie, dienst jeugd",
            "014 00 00 33",
            "politie-zwaluwbeke",
            "Altijd eerst bespreken met het CLB.",
            together=True,
        ),
        f"{_BLOCK}.jac-caw": _contact(
            "JAC Zwaluwbeke", "014 00 00 35", "jac-zwaluwbeke", "Jongeren kunnen er op woensdag zo binnenlopen.", together=False
        ),
        f"{_BLOCK}.scholierenkoepel": _contact("", "", "", "De leerlingenraad zoekt op wat ze aanbieden.", together=False),
        f"{_BLOCK}.brugfiguur": _contact(
            "Brugfiguur van de stad", "014 00 00 21", "stad-zwaluwbeke", "Wil mee op huisbezoek gaan.", together=True
        ),
    },
)

AUTUMN = Talk(
    "netwerk.wegwijzer",
    forms={
        f"{_BLOCK}.naft": {"note": "Aanmelden via het CLB. Sinds september een wachttijd van twee maanden."},
        f"{_BLOCK}.jeugdwerker": _contact(
            "Jeugdhuis De Loods", "014 00 00 41", "jeugdhuis-de-loods", "Kent veel van onze leerlingen van de derde graad."
        ),
    },
)

SPRING = Talk(
    "netwerk.wegwijzer",
    forms={
        f"{_BLOCK}.naft": {"note": "Aanmelden via het CLB. De wachttijd is nog een maand; bel voor overbrugging."},
        f"{_BLOCK}.jac-caw": {"note": "Komt sinds maart elke maand een middag op school.", "together": True},
        f"{_BLOCK}.jeugdwerker": {"note": "Zit mee aan tafel als het over vrije tijd en weekendwerk gaat.", "together": True},
        f"{_BLOCK}.dagbesteding": _contact(
            "Zorgboerderij De Ploeg",
            "014 00 00 37",
            "boerderij-de-ploeg",
            "Eén dag per week, hoogstens zes weken.",
            together=True,
        ),
        f"{_BLOCK}.ondersteuningsnetwerk": _contact(
            "Leersteuncentrum De Hefboom", "014 00 00 38", "de-hefboom", "Vaste contactpersoon voor onze school.", together=True
        ),
        f"{_BLOCK}.tejo": _contact(
            "TEJO-huis in de buurstad", "014 00 00 39", "tejo-zwaluwbeke", "Jongeren melden zichzelf aan.", together=False
        ),
        f"{_BLOCK}.vdab": _contact(
            "VDAB, team jongeren",
            "014 00 00 51",
            "werk-zwaluwbeke",
            "Komt in april in het laatste jaar vertellen.",
            together=True,
        ),
        f"{_BLOCK}.huisarts": _contact(
            "Huisartsenkring van de regio", "014 00 00 52", "huisartsen-zwaluwbeke", "Nog geen vast overleg.", together=False
        ),
    },
)
