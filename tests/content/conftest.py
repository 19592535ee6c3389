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

MakeContent = Callable[..., Path]


@pytest.fixture
def make_content(tmp_path: Path) -> MakeContent:
    """Write the small content, with *old* replaced by *new* in one file; returns the folder."""

    def make(file: str | None = None, old: str = "", new: str = "") -> Path:
        folder = tmp_path / "content"
        for name, text in FILES.items():
            if name == file:
                assert text.count(old) >= 1, f"{old!r} is not in {name}"
                text = text.replace(old, new, 1)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return make
