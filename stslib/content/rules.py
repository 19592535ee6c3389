"""What the form of one key cannot say: parts that need each other, names that must differ, ids that something hangs on.

Each rule looks at the raw data, tolerates what is wrong otherwise, and tells all it finds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stslib.content.outline import Group, Mark, items, scales, sections, word
from stslib.content.shapes import PHASE_PARTS, SECTION_PARTS
from stslib.content.telling import suggestion
from stslib.content.yaml_nodes import Document, Loc, quoted
from stslib.model.blocks import FOCUS_FIELDS, FieldKind
from stslib.model.finding import Finding

RESERVED = ("removed", "answer", "origin")
"""Slugs that the journal uses for something else."""

MAX_AXES = 7
"""More axes than this nobody reads from a radar."""

_FIELD_LISTS = ("velden", "kolommen", "akkoord")
_CHOICE = FieldKind.CHOICE.value


def head_rules(head: Document, phases: list[Document], found: list[Mark]) -> Iterator[Finding]:
    """The rules on ``instrument.yaml`` and on what its phases say together."""
    if not isinstance(head.data, dict):
        return
    yield from _retired(head, found)
    if "soorten" not in head.data and any(True for document in phases for _ in items(document.data, "doelstellingen")):
        yield head.fault(
            (),
            "Er zijn doelstellingen, maar de sleutel 'soorten' ontbreekt.",
            "Voeg 'soorten:' toe met een titel voor algemeen, ongeoorloofd, geoorloofd en schoolweigering.",
        )
    written = head.data.get("aspecten")
    aspects = {key for key in written if isinstance(key, str)} if isinstance(written, dict) else set()
    for document in phases:
        for loc, section in sections(document):
            for index, scale in items(section, "schalen"):
                aspect = word(scale, "aspect")
                if aspect and aspect not in aspects:
                    known = suggestion(aspect, sorted(aspects)) if aspects else "Zet het erbij."
                    yield document.fault(
                        (*loc, "schalen", index, "aspect"),
                        f"Het aspect {quoted(aspect)} staat niet bij 'aspecten' in {head.place}.",
                        known,
                    )
    yield from _labels(phases)
    focuses = [mark for document in phases for mark in _blocks_of_kind(document, "focus")]
    for later in focuses[1:]:
        yield later.fault(
            f"Er is al een blok van soort 'focus': {focuses[0].place}.",
            "Een instrument kiest één focus: haal een van de twee blokken weg.",
        )


def phase_rules(document: Document) -> Iterator[Finding]:
    """The rules on one phase file."""
    data = document.data
    if not isinstance(data, dict):
        return
    if not any(part in data for part in PHASE_PARTS):
        yield document.fault(
            (), "Deze fase heeft geen inhoud.", f"Voeg minstens één van deze sleutels toe: {_list(PHASE_PARTS)}."
        )
    axes: Counter[str] = Counter()
    for loc, section in sections(document):
        yield from _section(document, loc, section)
        for inside, scale in scales(section):
            aspect = word(scale, "aspect")
            axes[aspect] += 1
            if axes[aspect] == MAX_AXES + 1:
                yield document.fault(
                    (*loc, *inside),
                    f"Dit is de {axes[aspect]}e schaal in deze fase; op een spinnenweb passen er {MAX_AXES}.",
                    "Laat een schaal weg, of verdeel de fase in twee.",
                )


def _section(document: Document, loc: Loc, section: Group) -> Iterator[Finding]:
    if not any(part in section for part in SECTION_PARTS):
        yield document.fault(
            loc, "Dit onderdeel heeft geen inhoud.", f"Voeg minstens één van deze sleutels toe: {_list(SECTION_PARTS)}."
        )
    if "schaal" in section and "schalen" in section:
        yield document.fault(
            (*loc, "schalen"), "Dit onderdeel heeft 'schaal' en 'schalen'.", "Kies: één schaal, of één schaal per aspect."
        )
    seen: set[str] = set()
    for index, scale in items(section, "schalen"):
        aspect = word(scale, "aspect")
        if aspect in seen:
            yield document.fault(
                (*loc, "schalen", index),
                f"Er is in dit onderdeel al een schaal voor het aspect {quoted(aspect)}.",
                "Hou er één over, of geef ze een ander aspect.",
            )
        seen.add(aspect)
    for index, block in items(section, "blokken"):
        yield from _block(document, (*loc, "blokken", index), block)


def _block(document: Document, loc: Loc, block: Group) -> Iterator[Finding]:
    for key in _FIELD_LISTS:
        yield from _unique(document, (*loc, key), block, key, "veld")
        for index, field in items(block, key):
            yield from _field(document, (*loc, key, index), field)
    yield from _unique(document, (*loc, "richtlijnen"), block, "richtlijnen", "richtlijn")
    for index, guideline in items(block, "richtlijnen"):
        if (slug := word(guideline, "id")) in (*RESERVED, *FOCUS_FIELDS):
            yield _taken(document, (*loc, "richtlijnen", index, "id"), slug)
    yield from _unique(document, (*loc, "groepen"), block, "groepen", "groep")
    groups = [word(group, "id") for _, group in items(block, "groepen")]
    for index, partner in items(block, "partners"):
        yield from _partner(document, (*loc, "partners", index), partner, groups)


def _field(document: Document, loc: Loc, field: Group) -> Iterator[Finding]:
    if (slug := word(field, "id")) in RESERVED:
        yield _taken(document, (*loc, "id"), slug)
    kind = word(field, "soort") or FieldKind.TEXT.value
    if kind == _CHOICE and "keuzes" not in field:
        yield document.fault(
            loc, "Dit veld is een keuze zonder keuzes.", "Voeg 'keuzes:' toe, met per keuze een id en een naam."
        )
    elif kind != _CHOICE and "keuzes" in field:
        yield document.fault(
            (*loc, "keuzes"),
            f"Dit veld heeft keuzes, maar is van soort {quoted(kind)}.",
            "Schrijf 'soort: keuze', of haal de keuzes weg.",
        )
    yield from _unique(document, (*loc, "keuzes"), field, "keuzes", "keuze")


def _partner(document: Document, loc: Loc, partner: Group, groups: list[str]) -> Iterator[Finding]:
    group, name = word(partner, "groep"), quoted(word(partner, "naam") or word(partner, "id"))
    help_line = word(partner, "hulplijn") == "ja"
    if group and group not in groups:
        yield document.fault((*loc, "groep"), f"De groep {quoted(group)} bestaat niet.", suggestion(group, groups))
    if help_line and "groep" not in partner:
        yield document.fault(loc, f"De hulplijn {name} staat in geen groep.", f"Voeg 'groep:' toe. {suggestion('', groups)}")
    if group and not help_line:
        yield document.fault(
            (*loc, "groep"),
            f"{name} staat in een groep, maar is geen hulplijn.",
            "Schrijf 'hulplijn: ja', of haal de groep weg.",
        )
    if not help_line and word(partner, "partner") != "ja":
        yield document.fault(
            loc,
            f"{name} is geen hulplijn en geen partner, dus niemand krijgt hem te zien.",
            "Schrijf 'hulplijn: ja' of 'partner: ja'.",
        )


def _unique(document: Document, loc: Loc, group: Group, key: str, kind: str) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, child in items(group, key):
        slug = word(child, "id")
        if slug and slug in seen:
            line = document.line((*loc, seen[slug], "id"))
            yield document.fault(
                (*loc, index, "id"),
                f"De id {quoted(slug)} ({kind}) staat hier een tweede keer (eerst op regel {line}).",
                "Geef een van de twee een andere id; laat die staan waar al iets aan hangt.",
            )
        seen.setdefault(slug, index)


def _taken(document: Document, loc: Loc, slug: str) -> Finding:
    return document.fault(
        loc, f"De id {quoted(slug)} kan hier niet: het programma gebruikt ze zelf.", "Kies een ander, Nederlands woord."
    )


def _labels(documents: list[Document]) -> Iterator[Finding]:
    """Axes of one radar must be told apart, whatever their capitals; two aspects may share a label."""
    seen: dict[tuple[str, str], Mark] = {}
    for document in documents:
        for loc, section in sections(document):
            for inside, scale in scales(section):
                label = " ".join(word(scale, "naam").split())
                mark = Mark("naam", label, document, (*loc, *inside, "naam"))
                first = seen.setdefault((word(scale, "aspect"), label.casefold()), mark)
                if label and first is not mark:
                    yield mark.fault(
                        f"De naam {quoted(label)} van deze schaal bestaat al: {first.place}.",
                        "Kies een andere korte naam, zodat de assen van het spinnenweb te onderscheiden zijn.",
                    )


def _retired(head: Document, found: list[Mark]) -> Iterator[Finding]:
    alive = {mark.name: mark for mark in found}
    instrument = word(head.data, "id")
    seen: dict[str, int] = {}
    for index, question in items(head.data, "vervallen"):
        path = word(question, "id")
        loc: Loc = ("vervallen", index, "id")
        if mark := alive.get(f"{instrument}.{path}"):
            yield head.fault(
                loc,
                f"De id {quoted(path)} is vervallen, maar bestaat nog: {mark.kind} in {mark.place}.",
                "Haal ze hier weg als de vraag nog gesteld wordt; geef de nieuwe vraag anders een andere id.",
            )
        if path and path in seen:
            yield head.fault(loc, f"De id {quoted(path)} staat al bij 'vervallen'.", "Haal één van de twee weg.")
        seen.setdefault(path, index)


def _blocks_of_kind(document: Document, kind: str) -> Iterator[Mark]:
    for loc, section in sections(document):
        for index, block in items(section, "blokken"):
            if word(block, "soort") == kind:
                yield Mark("blok", word(block, "id"), document, (*loc, "blokken", index))


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names)
