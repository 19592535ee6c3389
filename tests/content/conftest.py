"""A content folder that fits on the screen: one instrument with one phase, and the smallest tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "bronnen.yaml": """\
bronnen:
  - id: plan
    titel: Een plan
    uitgever: Een dienst
""",
    "proef/instrument.yaml": """\
id: proef
titel: Proef
kort: Proef
versie: 2026-11
inleiding: Waarover het gaat.
bron: {document: plan, onderdeel: Inleiding}
soorten:
  algemeen: Alles
  ongeoorloofd: B
  geoorloofd: Z en D
  schoolweigering: Weigering
fasen: [fase0.yaml]
""",
    "proef/fase0.yaml": """\
id: f0
nummer: 0
naam: Fase 0
titel: Eerste fase
inleiding: Hier begint het.
bron: {document: plan, onderdeel: Fase 0}
doelstellingen:
  - id: klimaat
    titel: Een goed klimaat
    soort: algemeen
    bron: {document: plan, onderdeel: Doelstelling 1}
    onderdelen:
      - id: binding
        titel: Binding
        voor: {niveaus: [kleuter], provincies: [limburg]}
        achtergrond: Binding helpt.
        advies: [Begin klein.]
        cijfers: [rate_by_code]
        bron: {document: plan, onderdeel: Thema 1}
        vragen:
          - id: pauzes
            vraag: Wat doen jullie in de pauze?
            bron: {document: plan, onderdeel: Vraag 1}
          - id: pesten
            vraag: Wat doen jullie tegen pesten?
            bron: {document: plan, onderdeel: Vraag 2}
        schaal:
          naam: Verbinding
          vraag: Hoe sterk is de band?
          bron: {document: plan, onderdeel: Schaal}
""",
    "codes.yaml": """\
codes:
  - code: B
    betekenis: Zonder reden
    status: ongewettigd
    telt_als_afwezig: ja
    bron: {document: plan, onderdeel: Codes}
  - code: "-"
    betekenis: Reden niet gekend
    status: onbekend
    telt_als_afwezig: ja
    apart_tonen: ja
    bron: {document: plan, onderdeel: Codes}
""",
    "drempels.yaml": """\
drempels:
  - id: melding
    regel: Vanaf 5 meldt de school
    waarde: 5
    eenheid: halve dagen
    codes: [B]
    bron: {document: plan, onderdeel: Drempels}
""",
    "referentie.yaml": """\
referentiecijfers:
  - id: vlaanderen
    drempel: melding
    schooljaar: 2022-2023
    procent: 3,6
    bij: leerlingen
    gepubliceerd: 2023-11-09
    bron: {document: plan, onderdeel: Cijfers}
""",
    "kalender.yaml": """\
schooljaren:
  - schooljaar: 2025-2026
    eerste_dag: 2025-09-01
    laatste_dag: 2026-06-30
    bron: {document: plan, onderdeel: Kalender}
    vakanties:
      - {naam: Herfstvakantie, van: 2025-10-27, tot: 2025-11-02}
      - {naam: Kerstvakantie, van: 2025-12-22, tot: 2026-01-04}
""",
}

RICH = {
    "bronnen.yaml": FILES["bronnen.yaml"],
    "codes.yaml": FILES["codes.yaml"],
    "drempels.yaml": FILES["drempels.yaml"],
    "kalender.yaml": FILES["kalender.yaml"],
    "rijk/instrument.yaml": """\
id: rijk
titel: Een rijk instrument
kort: Rijk
versie: 2026-11
weergave: blad
inleiding: Waarover het gaat.
bron: {document: plan, onderdeel: Inleiding}
aspecten:
  last: Hoe zwaar dit weegt
  steun: Hoeveel steun er is
vervallen:
  - id: kern.gesprek.oude-vraag
    vraag: Wat vroegen we vroeger?
    bron: {document: plan, onderdeel: Oud}
fasen: [vooraf.yaml, kern.yaml]
""",
    "rijk/vooraf.yaml": """\
id: vooraf
nummer: 0
naam: Vooraf
titel: Voor we beginnen
inleiding: Even stilstaan.
bron: {document: plan, onderdeel: Vooraf}
minuten: 20
doel: [Elkaar vinden., Tijd maken.]
rol_clb:
  - {titel: Luister, lijnen: [Vraag door., Laat stiltes.]}
  - titel: Bewaak de tijd
voorwaarden: [Er is een uur.]
methodieken: [{titel: Stilte, tekst: Tel tot tien.}]
resultaat: [{id: afspraak, tekst: We weten wie erbij is.}]
onderdelen:
      - id: start
        titel: De start
        bron: {document: plan, onderdeel: Start}
        blokken:
          - id: paren
            titel: Paren
            soort: rijen
            knop: Nog een paar
            kolommen:
              - {id: zorg, naam: Zorg}
              - {id: dag, naam: Dag, soort: datum}
            loopt_door: nee
            bron: {document: plan, onderdeel: Paren}
          - id: venster
            titel: Venster
            inleiding: Waar zit het gezin?
            soort: velden
            velden:
              - id: waar
                naam: Waar
                uitleg: Kies wat nu klopt.
                soort: keuze
                keuzes:
                  - {id: onder, naam: Eronder}
                  - {id: binnen, naam: Erbinnen}
            bron: {document: plan, onderdeel: Venster}
""",
    "rijk/kern.yaml": """\
id: kern
nummer: 1
naam: De kern
titel: Waar het om draait
inleiding: Hier gebeurt het.
bron: {document: plan, onderdeel: Kern}
onderdelen:
      - id: gesprek
        titel: Het gesprek
        bron: {document: plan, onderdeel: Gesprek}
        vragen:
          - id: begin
            vraag: Stel dat het lukt, wat zie je dan?
            methode: Stel dat
            voorstel: ja
            bron: {document: plan, onderdeel: Vraag 1}
          - id: vervolg
            vraag: Wat helpt daarbij?
            bron: {document: plan, onderdeel: Vraag 2}
        schalen:
          - aspect: last
            naam: Thuis
            vraag: Hoe zwaar weegt het thuis?
            bron: {document: plan, onderdeel: Schaal 1}
          - aspect: steun
            naam: Thuis
            vraag: Hoeveel steun is er thuis?
            bron: {document: plan, onderdeel: Schaal 2}
        blokken:
          - id: kiezen
            titel: Kiezen
            soort: focus
            richtlijnen: [{id: klein, titel: Klein, tekst: Begin klein.}]
            akkoord: [{id: wie, naam: Wie, soort: regel}]
            bron: {document: plan, onderdeel: Focus}
          - id: plannen
            titel: Plannen
            soort: acties
            bron: {document: plan, onderdeel: Acties}
          - id: volgen
            titel: Volgen
            soort: acties
            weergave: opvolging
            bron: {document: plan, onderdeel: Acties}
          - id: cijfer
            titel: Het cijfer
            soort: indicator
            bron: {document: plan, onderdeel: Cijfer}
          - id: affiche
            titel: De affiche
            soort: affiche
            velden:
              - {id: kop, naam: Kop, soort: regel}
              - {id: klaar, naam: Klaar, soort: vinkje}
            bron: {document: plan, onderdeel: Affiche}
      - id: wie
        titel: Wie helpt
        bron: {document: plan, onderdeel: Lijst}
        blokken:
          - id: wijzer
            titel: Wegwijzer
            soort: wegwijzer
            groepen: [{id: basis, titel: Basis, inleiding: De eerste stap.}]
            partners:
              - id: clb
                naam: CLB
                waarvoor: Om mee te denken.
                bereik: De school zelf
                groep: basis
                via_clb: ja
                hulplijn: ja
                partner: ja
                bronnen: [{document: plan, onderdeel: Lijst 1}, {document: plan, onderdeel: Lijst 2}]
              - id: huisarts
                naam: Huisarts
                waarvoor: Om gezond te blijven.
                bereik: De ouders
                partner: ja
                bronnen: [{document: plan, onderdeel: Lijst 3}]
            bron: {document: plan, onderdeel: Wegwijzer}
""",
}
"""One of everything that an instrument may hold."""

MakeContent = Callable[..., Path]


def _maker(folder: Path, files: dict[str, str]) -> MakeContent:
    def make(file: str | None = None, old: str = "", new: str = "") -> Path:
        for name, text in files.items():
            if name == file:
                assert text.count(old) >= 1, f"{old!r} is not in {name}"
                text = text.replace(old, new, 1)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture
def make_content(tmp_path: Path) -> MakeContent:
    """Write the small content, with *old* replaced by *new* in one file; returns the folder."""
    return _maker(tmp_path / "content", FILES)


@pytest.fixture
def make_rich(tmp_path: Path) -> MakeContent:
    """The same with one of everything that an instrument may hold."""
    return _maker(tmp_path / "content", RICH)
