"""Signals, focus candidates and the order of attention of one school: the process behind those steps of the page.

Sums go out held against the policy of the room. Rows about pupils go out only on the command ``list``, by a name that holds for
this process alone: neither a pseudonym nor anything that could be looked up later leaves it, and a pupil number only where the
school still has the link between the two.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stslib.apps.desk_child import Tell, Work, serve
from stslib.errors import StsError
from stslib.text import format_number, format_percent

if TYPE_CHECKING:
    from stslib.absences import Absences

TICKS = ("hard_to_reach", "risk")
WEIGHED = ("younger", "hard_to_reach", "speed", "risk")

_STATUS_OF_KIND = {"unlawful": "unlawful", "lawful": "lawful", "late": "late"}
_MOST_ROWS = 400


class PupilsWork(Work):
    """Signals, focus and the live list of one school."""

    commands = frozenset({"signals", "focus", "list"})
    failure = ("Cijfers", "Dit kon niet geteld worden", "Laad de pagina opnieuw.")

    def __init__(self, data: Path, school: str, tell: Tell) -> None:
        super().__init__(data, school, tell)
        self._absences: Absences | None = None
        self._names: dict[Any, str] = {}
        self._numbers: dict[Any, str] | None = None

    def refuse(self, command: Mapping[str, Any], **told: str) -> None:
        """Tell it of the step that asked."""
        self.tell(f"{command.get('kind')}-refused", round=command.get("round"), **told)

    def _open(self) -> Absences:
        if self._absences is None:
            from stslib.figures.library import load_absences

            self._absences = load_absences(self.school, self.data)
        return self._absences

    # -- sums ------------------------------------------------------------------------------------------------------------------

    def _signals(self, command: Mapping[str, Any]) -> None:
        from stslib.absences.signals.pupils import SMALL

        found = self._open().signals(school_year=_school_year(command))
        frame = found.summary()
        told = [
            {"name": str(label), "pupils": format_number(count) if count >= SMALL or not count else f"minder dan {SMALL}"}
            for label, count in zip(frame["label"], frame["pupils_with"], strict=True)
        ]
        pupils = len({(row.school, row.pupil) for row in found.rows()})
        some = f"minder dan {SMALL}" if 0 < pupils < SMALL else format_number(pupils)
        self.tell(
            "signals",
            round=command.get("round"),
            title=f"Bij {some} van de {format_number(found.examined)} leerlingen is er minstens één vraag om te stellen.",
            rows=told,
            not_in_data=[one.text for one in found.not_in_data],
        )

    def _focus(self, command: Mapping[str, Any]) -> None:
        found = self._open().focus("room", school_year=_school_year(command))
        told = []
        for one in found.candidates:
            set_apart = [(name, getattr(one, name)) for name in ("grade", "year", "stream") if getattr(one, name)]
            dimension, value = set_apart[0] if len(set_apart) == 1 else ("", "")
            told.append(
                {
                    "title": one.title,
                    "why": one.why,
                    "facts": [
                        ["Leerlingen", f"{format_number(one.pupils)} van {format_number(one.pupils_in_group)}"],
                        ["Gemiste halve dagen", format_number(one.half_days)],
                        ["Deel van de mogelijke halve dagen", format_percent(one.rate)],
                        ["Ruimte voor impact", one.room],
                    ],
                    "dimension": dimension,
                    "value": value,
                    "status": _STATUS_OF_KIND.get(one.kind, ""),
                }
            )
        self.tell("focus", round=command.get("round"), candidates=told, school_year=found.school_year)

    # -- the live list ---------------------------------------------------------------------------------------------------------

    def _list(self, command: Mapping[str, Any]) -> None:
        from stslib.absences.signals.attention import Weights
        from stslib.absences.signals.questions import LABELS, provisional_note

        absences, school_year = self._open(), _school_year(command)
        ticked = {name: self._ticked(command, name) for name in TICKS}
        order = absences.attention(weights=Weights(**_weights(command)), school_year=school_year, **ticked)
        signals: dict[Any, list[dict[str, str]]] = {}
        for signal in absences.signals(school_year=school_year).rows():
            question = signal.question + provisional_note(signal.provisional)
            told = {"label": LABELS[signal.signal], "question": question, "comparison": signal.comparison}
            signals.setdefault(signal.pupil, []).append(told)
        numbers = self._known_numbers()
        rows = [
            {
                "name": self._name(row.pupil),
                "number": numbers.get(row.pupil, ""),
                "rank": row.rank,
                "class": row.class_name,
                "half_days": row.half_days_missed,
                "points": format_number(row.points, 2),
                "parts": [
                    {"part": part.part, "seen": part.seen, "points": format_number(part.points, 2)} for part in row.parts
                ],
                **{name: row.pupil in ticked[name] for name in TICKS},
                "signals": signals.pop(row.pupil, []),
            }
            for row in order.rows()[:_MOST_ROWS]
        ]
        self.tell(
            "list",
            round=command.get("round"),
            rows=rows,
            total=len(order),
            most=format_number(order.most, 2),
            notes=list(order.notes),
            numbers=bool(numbers),
            others=len(signals),
            school_year=order.school_year,
        )

    def _name(self, pupil: object) -> str:
        return self._names.setdefault(pupil, secrets.token_hex(8))

    def _ticked(self, command: Mapping[str, Any], name: str) -> list[Any]:
        wanted = command.get(name)
        known = {token: pupil for pupil, token in self._names.items()}
        return [known[token] for token in wanted if token in known] if isinstance(wanted, list) else []

    def _known_numbers(self) -> dict[Any, str]:
        """Pseudonym -> pupil number, as far as the school still has the link."""
        if self._numbers is None:
            from stslib.absences.stored.link import Link
            from stslib.absences.stored.places import school_folder

            self._numbers = {}
            with suppress(StsError, OSError):
                link = Link.read(self.data, school_folder(self.data, self.school))
                self._numbers = {pseudonym: number for pseudonym, number in link.pairs() if number}
        return self._numbers


def _school_year(command: Mapping[str, Any]) -> str | None:
    return str(command.get("school_year") or "") or None


def _weights(command: Mapping[str, Any]) -> dict[str, float]:
    given = command.get("weights")
    known = given if isinstance(given, Mapping) else {}
    return {name: min(10.0, max(0.0, float(known[name]))) for name in WEIGHED if isinstance(known.get(name), int | float)}


if __name__ == "__main__":
    raise SystemExit(serve(PupilsWork))
