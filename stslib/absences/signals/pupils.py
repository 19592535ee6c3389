"""Lists of pupils for live eyes only: their text is a count, and nothing writes them down unless somebody asks for the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from stslib.absences.signals.questions import LABELS, NOT_IN_DATA, Shortcoming
from stslib.errors import DatasetError
from stslib.text import escape

if TYPE_CHECKING:
    import pandas as pd

SMALL = 5
"""A count below this is written as "minder dan 5": the text of a list may end up in a kept notebook."""

Protect = Callable[["pd.DataFrame"], "pd.DataFrame"]


def told_count(number: int, many: str) -> str:
    """A count of pupils or signals that says nothing about one of them."""
    return f"geen {many}" if number == 0 else f"minder dan {SMALL} {many}" if number < SMALL else f"{number} {many}"


class LiveOnly:
    """What must not be written down by accident: safe as text in every way, and refused by pickle, copy and JSON."""

    __slots__ = ()

    def _told(self) -> str:
        return "leerling, alleen live te tonen"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._told()}>"

    def __str__(self) -> str:
        return repr(self)

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._told())}</p>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise DatasetError(
            "leerlingenlijst",
            "Een lijst van leerlingen wordt nergens bewaard, ook niet als kopie.",
            "Toon ze live, bewaar .summary(), of vraag op eigen verantwoordelijkheid .to_frame().",
        )

    def __getstate__(self) -> NoReturn:
        self.__reduce_ex__(0)


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Signal(LiveOnly):
    """One question about one pupil, and what it rests on."""

    signal: str
    """Id, a key of ``questions.LABELS``."""
    school: str
    """Empty where there is one school."""
    pupil: int | str
    """Pseudonym."""
    class_name: str
    """The class of the pupil's last stay."""
    measure: Mapping[str, float | int | str]
    """The numbers behind it, by name; units in the names."""
    comparison: str
    """Dutch: what it is compared with, and how surprising that is."""
    question: str
    """Dutch: the question for a conversation; holds no pseudonym."""
    p: float | None = None
    """Chance under the pupil's own base; None for a plain rule."""
    q: float | None = None
    """The same after false-discovery control over the school."""
    provisional: int = 0
    """Half days of this pupil whose code may still change; ``questions.provisional_note`` says so after the question."""
    overlaps: str | None = None
    """Id of another signal of this pupil that says the same in other words."""


class LiveList(LiveOnly):
    """Rows about pupils. Not a sequence on purpose: rows come out of ``rows()`` and ``to_frame()`` alone."""

    __slots__ = ("__hidden", "examined", "school_year")
    __iter__ = None
    __hash__ = object.__hash__

    def __init__(self, rows: Sequence[Any], *, examined: int, school_year: str) -> None:
        self.__hidden = tuple(rows)
        self.examined = examined
        """Pupils who were enrolled in the part that was looked at."""
        self.school_year = school_year

    def __len__(self) -> int:
        return len(self.__hidden)

    def __bool__(self) -> bool:
        return bool(self.__hidden)

    def rows(self) -> tuple[Any, ...]:
        """The rows, for a live page. They must not be logged, kept or put in a URL."""
        return self.__hidden

    def _pupils(self) -> int:
        return len({(row.school, row.pupil) for row in self.__hidden})

    def _told(self) -> str:
        return f"{told_count(self._pupils(), 'leerlingen')} in schooljaar {self.school_year}; alleen live te tonen"


class PupilList(LiveList):
    """The signals of a school year. Made by ``find.find_signals``."""

    __slots__ = ()

    def rows(self) -> tuple[Signal, ...]:
        """The signals, for a live page. They must not be logged, kept or put in a URL."""
        return super().rows()

    @property
    def not_in_data(self) -> tuple[Shortcoming, ...]:
        """The early signs that half days cannot show."""
        return NOT_IN_DATA

    def only(self, pupils: Collection[int | str]) -> PupilList:
        """The part about some *pupils* (pseudonyms)."""
        wanted = set(pupils)
        kept = [row for row in self.rows() if row.pupil in wanted]
        return PupilList(kept, examined=self.examined, school_year=self.school_year)

    def summary(self, protect: Protect | None = None) -> pd.DataFrame:
        """How many pupils each signal was found for.

        Args:
            protect: a disclosure policy over the result; None gives it plain, which is for live eyes only.

        Returns:
            One row per signal, in a fixed order, also when nobody has it: ``signal``, ``label``, ``pupils_with`` and
            ``pupils`` (who were enrolled).
        """
        import pandas as pd

        found = {name: len({(row.school, row.pupil) for row in self.rows() if row.signal == name}) for name in LABELS}
        frame = pd.DataFrame(
            {
                "signal": list(LABELS),
                "label": list(LABELS.values()),
                "pupils_with": pd.Series([found[name] for name in LABELS], dtype="int64"),
                "pupils": pd.Series([self.examined] * len(LABELS), dtype="int64"),
            }
        )
        return frame if protect is None else protect(frame)

    def to_frame(self) -> pd.DataFrame:
        """Every signal as a row, **with pseudonyms**: asked for on purpose, by a colleague who keeps it to himself.

        Returns:
            ``school``, ``pupil``, ``class``, ``signal``, ``question``, ``comparison``, ``p``, ``q``, ``provisional``,
            ``overlaps`` and the numbers behind each as ``measure`` (a dict).
        """
        import pandas as pd

        rows = self.rows()
        names = {"class_name": "class"}
        fields = (
            "school", "pupil", "class_name", "signal", "question", "comparison", "p", "q", "provisional", "overlaps", "measure",
        )  # fmt: skip
        floats = ("p", "q")
        return pd.DataFrame(
            {
                names.get(name, name): pd.Series(
                    [dict(value) if name == "measure" else value for value in (getattr(row, name) for row in rows)],
                    dtype="float64" if name in floats else "int64" if name == "provisional" else "object",
                )
                for name in fields
            }
        )
