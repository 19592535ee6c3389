"""Figures that a page asks by definition - of a group, since the plan began, pinned - and the groups that it can choose from.

Counted and drawn beside the page like those of ``kept``, and kept beside the half days in the same way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.absences.stored.places import school_folder
from stslib.absences.stored.versions import has_absences
from stslib.errors import DatasetError, StsError
from stslib.figures.groups import GroupChoice
from stslib.figures.kept import ask_beside, keep, kept_key
from stslib.figures.pins import read_definition
from stslib.model.figure import FigureCard

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences
    from stslib.figures.frames import Policy

MOST_KEPT = 60
"""Cards kept per policy; the ones that were asked longest ago give way."""

NOT_A_FIGURE = "geen-figuur"
"""The id of a card whose definition is not understood."""


def asked_cards(
    data: Path, school: str, definitions: Sequence[Mapping[str, Any]], *, policy: Policy, today: date
) -> Iterator[FigureCard]:
    """A card per definition, in the order asked: from what was kept when nothing changed since, else as they are drawn.

    Args:
        data: the data folder.
        school: the name it was stored under.
        definitions: of cards, of pins, or from ``stslib.figures.pins.define``.
        policy: ``room`` for a page, ``record`` for an archive.
        today: the day on the cards.

    Yields:
        For a definition that cannot be counted, a card without a table whose sentence says why; the others come all the same.

    Raises:
        DatasetError: nothing is stored, it is damaged, or the drawing process failed.
    """
    if not definitions:
        return
    _check_stored(data, school)
    folder = school_folder(data, school)
    place = folder / f"asked-{policy}.json"
    key = kept_key(data, school, today.isoformat())
    names = [_name(definition) for definition in definitions]
    kept = _kept_cards(place, key)
    refused = {name: card for name, one in zip(names, definitions, strict=True) if (card := _refusal(one, policy, today))}
    missing = {
        name: dict(one) for name, one in zip(names, definitions, strict=True) if name not in kept and name not in refused
    }
    asked = {"definitions": list(missing.values()), "policy": policy, "today": today.isoformat()}
    drawn = _drawn(data, school, asked) if missing else iter(())
    fresh: dict[str, FigureCard] = {}
    try:
        for name in names:
            if name in missing and name not in fresh:
                fresh[name] = next(drawn)
            yield next(found[name] for found in (refused, fresh, kept) if name in found)
    finally:
        fresh = {name: card for name, card in fresh.items() if card.definition}  # a reason may be gone tomorrow
        if fresh and folder.is_dir():
            # Read again: another window may have kept some meanwhile.
            asked_now = {name: (fresh | kept)[name] for name in dict.fromkeys(names) if name in fresh or name in kept}
            others = {name: card for name, card in _kept_cards(place, key).items() if name not in asked_now}
            stay = dict([*others.items(), *asked_now.items()][-MOST_KEPT:])
            keep(place, {"key": key, "cards": {name: card.model_dump(mode="json") for name, card in stay.items()}})


def choices_of(data: Path, school: str) -> tuple[GroupChoice, ...]:
    """The groups that a figure of *school* can be asked of, as ``group_choices`` gives them.

    Raises:
        DatasetError: nothing is stored, it is damaged, or the counting process failed.
    """
    _check_stored(data, school)
    folder = school_folder(data, school)
    place, key = folder / "choices.json", kept_key(data, school)
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["key"] == key:
            return tuple(GroupChoice.model_validate(choice) for choice in kept["choices"])
    choices = tuple(GroupChoice.model_validate(told) for told in ask_beside(data, school, {}))
    if folder.is_dir():
        keep(place, {"key": key, "choices": [choice.model_dump(mode="json") for choice in choices]})
    return choices


def card_or_reason(absences: Absences, definition: Mapping[str, Any], *, policy: Policy, today: date) -> FigureCard:
    """The card of *definition*, or one that says why there is none; never an exception, whatever the definition holds."""
    from stslib.figures.cards import card_for

    try:
        return card_for(absences, definition, policy=policy, today=today)
    except StsError as error:
        title = error.told
    except Exception as error:  # one figure must not take the others along; the text of the error may hold a row
        title = f"Dit cijfer kon niet geteld worden ({type(error).__name__}). De andere cijfers blijven zoals ze zijn."
    return _reason_card(definition, title, policy, today)


def _refusal(definition: object, policy: Policy, today: date) -> FigureCard | None:
    """The card of a definition that is not understood, which needs no counting; None: it is understood."""
    try:
        read_definition(definition)
    except DatasetError as error:
        return _reason_card(definition, error.told, policy, today)
    return None


def _reason_card(definition: object, title: str, policy: Policy, today: date) -> FigureCard:
    figure = definition.get("figure") if isinstance(definition, Mapping) else None
    return FigureCard(
        id=figure if isinstance(figure, str) else NOT_A_FIGURE,
        title=title,
        alt=title,
        columns=(),
        rows=(),
        why=(),
        policy=policy,
        counted_on=today,
    )


def _drawn(data: Path, school: str, asked: Mapping[str, Any]) -> Iterator[FigureCard]:
    for told in ask_beside(data, school, asked):
        yield FigureCard.model_validate(told)
    raise DatasetError("cijfers", "Niet elk gevraagd cijfer werd geteld.", "Laad de pagina opnieuw.")


def _check_stored(data: Path, school: str) -> None:
    if not has_absences(data, school):
        raise DatasetError(
            "cijfers", "Van deze school zijn nog geen cijfers bewaard.", "Breng eerst een export van de afwezigheden in."
        )


def _name(definition: object) -> str:
    """The same for the same question, in whatever order its parts stand."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True, default=str).encode()).hexdigest()[:24]


def _kept_cards(place: Path, key: str) -> dict[str, FigureCard]:
    """What was kept under *key*; nothing when the file is missing, damaged or of another day."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["key"] == key:
            return {name: FigureCard.model_validate(card) for name, card in kept["cards"].items()}
    return {}
