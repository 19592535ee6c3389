"""Groups of a school, how they are called, and a part of its half days that can be asked what the whole can be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from stslib.errors import DatasetError, UnknownDimensionError
from stslib.figures.wording import UNKNOWN, grade_name, ordinal, sentence
from stslib.model.base import Frozen

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences
    from stslib.absences.tables import SchoolYearFacts

SCHOOL = "school"
"""The dimension of the group that is everybody."""

DIMENSION_LABELS = {
    SCHOOL: "Hele school",
    "level": "Niveau",
    "grade": "Graad",
    "year": "Leerjaar",
    "stream": "Stroom of finaliteit",
    "class": "Klas",
}
"""How a dimension that a group is chosen by is called, from large groups to small."""

CHOSEN_BY = (SCHOOL, "level", "grade", "year", "stream", "class")
"""What a page offers; a level only in a school that has several."""

INSIDE, OUTSIDE = "groep", "rest"


@dataclass(frozen=True)
class Group:
    """Some of a school's pupils, by what their class is: ``grade`` and ``2``. Everybody is ``school`` with no value."""

    dimension: str
    value: str

    @property
    def by(self) -> tuple[str, ...]:
        """The columns that set this group apart; none for the whole school."""
        return () if self.dimension == SCHOOL else (self.dimension,)

    @property
    def label(self) -> str:
        """In a list: ``2e graad``, ``Klas 3A``."""
        names: dict[str, Callable[[], str]] = {
            SCHOOL: lambda: "Hele school",
            "grade": lambda: sentence(grade_name(self.value))[:-1],
            "year": lambda: f"{ordinal(self.value)} jaar" if self.value.isdigit() else f"Leerjaar {self.value}",
            "class": lambda: f"Klas {self.value}",
        }
        return names.get(self.dimension, lambda: self.value)()

    @property
    def named(self) -> str:
        """Inside a sentence: ``de 2e graad``, ``klas 3A``."""
        names: dict[str, Callable[[], str]] = {
            SCHOOL: lambda: "de hele school",
            "grade": lambda: f"de {grade_name(self.value)}" if self.value.isdigit() else grade_name(self.value),
            "year": lambda: f"het {ordinal(self.value)} jaar" if self.value.isdigit() else f"leerjaar {self.value}",
            "class": lambda: f"klas {self.value}",
        }
        return names.get(self.dimension, lambda: f"de groep {self.value}")()


class GroupChoice(Frozen):
    """One group to choose from, for a page: ``Group(dimension, value)`` with the words for a list."""

    dimension: str
    dimension_label: str
    value: str
    label: str


def check_group(dimension: str, value: str) -> Group:
    """The group that is meant.

    Args:
        dimension: ``school`` (or nothing), ``level``, ``grade``, ``year``, ``stream`` or ``class``.
        value: as the school's own class file has it.

    Raises:
        UnknownDimensionError: a group cannot be made by this.
        DatasetError: no value was given.
    """
    dimension = dimension.strip() or SCHOOL
    if dimension not in DIMENSION_LABELS:
        raise UnknownDimensionError([dimension], tuple(DIMENSION_LABELS))
    if dimension == SCHOOL:
        return Group(SCHOOL, "")
    if not value.strip():
        raise DatasetError(
            "cijfers", f"Er is geen {DIMENSION_LABELS[dimension].lower()} gekozen.", "Kies een groep, of de hele school."
        )
    return Group(dimension, value.strip())


def group_choices(absences: Absences) -> tuple[GroupChoice, ...]:
    """The groups of the most recent school year: the whole school, then grades, years, streams and classes as far as known.

    Only groups that somebody was enrolled in; how many is not told. A group may turn out too small to show.
    """
    found = [Group(SCHOOL, "")]
    newest = absences.school_years[-1:]
    for dimension in CHOSEN_BY[1:]:
        frame = absences.rate([dimension], disclosure="none", school_years=newest)
        groups = [Group(dimension, str(value)) for value in frame[dimension].tolist() if str(value) != UNKNOWN]
        found += groups if dimension != "level" or len(groups) > 1 else []
    return tuple(
        GroupChoice(
            dimension=group.dimension,
            dimension_label=DIMENSION_LABELS[group.dimension],
            value=group.value,
            label=group.label,
        )
        for group in found
    )


class Part:
    """Some of the half days of *whole*: of some days, of one group, or of the pupils of one group.

    Every indicator counts numerator and denominator over the same part, and the same disclosure policies apply to it.
    """

    @staticmethod
    def of_days(whole: Absences, first: date, last: date) -> Absences | None:
        """The days from *first* to *last*, both inclusive; None when the exports cover none of them."""
        years = [
            replace(year, period=(max(first, year.first), min(last, year.last)))
            for year in whole.facts
            if first <= year.last and year.first <= last
        ]
        return whole.with_facts(years) if years else None

    @staticmethod
    def of_group(whole: Absences, group: Group, school_years: Sequence[str] | None = None) -> Absences | None:
        """What *group* missed while in it; None when nobody is in it in any of *school_years* (None: all)."""
        years = []
        for year in _chosen(whole, school_years):
            kept = _rows(year, group)
            if len(kept):
                years.append(replace(year, enrolment=kept))
        return whole.with_facts(years) if years else None

    @staticmethod
    def of_pupils(whole: Absences, group: Group, school_year: str, *, inside: bool = True) -> Absences | None:
        """All that pupils missed who were in *group* at some time of *school_year*, in whatever class; or who never were."""
        import narwhals as nw

        (year,) = _chosen(whole, [school_year])
        pupils = _rows(year, group)["pupil"].to_list()
        member = nw.col("pupil").is_in(pupils)
        kept = nw.from_native(year.enrolment, eager_only=True).filter(member if inside else ~member)
        return whole.with_facts([replace(year, enrolment=kept.to_native())]) if len(kept) else None

    @staticmethod
    def beside_rest(whole: Absences, group: Group) -> Absences:
        """Everybody, with *group* set against the rest: ``level`` is ``INSIDE`` or ``OUTSIDE`` and says nothing else."""
        import narwhals as nw

        years = []
        for year in whole.facts:
            enrolment = nw.from_native(year.enrolment, eager_only=True).with_columns(nw.col("class").fill_null(UNKNOWN))
            member = nw.when(nw.col("class").is_in(_class_names(year, group))).then(nw.lit(INSIDE)).otherwise(nw.lit(OUTSIDE))
            same = [nw.lit("").alias(name) for name in ("grade", "year", "stream")]
            classes = enrolment.select("class").unique().with_columns(*same, member.alias("level"))
            classes = classes.select("class", "grade", "year", "stream", "level")
            years.append(replace(year, enrolment=enrolment.to_native(), classes=classes.to_native()))
        return whole.with_facts(years)


def _chosen(whole: Absences, school_years: Sequence[str] | None) -> list[SchoolYearFacts]:
    names = whole.check_years(school_years)
    return [year for year in whole.facts if year.school_year in names]


def _class_names(year: SchoolYearFacts, group: Group) -> list[Any]:
    """The classes of *year* that make up *group*."""
    import narwhals as nw

    if group.dimension == SCHOOL:
        return list(dict.fromkeys(UNKNOWN if name is None else name for name in year.enrolment["class"].to_list()))
    if group.dimension == "class":
        return [group.value]
    classes = nw.from_native(year.classes, eager_only=True)
    return list(classes.filter(nw.col(group.dimension).cast(nw.String) == group.value)["class"].to_list())


def _rows(year: SchoolYearFacts, group: Group) -> Any:
    import narwhals as nw

    enrolment = nw.from_native(year.enrolment, eager_only=True)
    if group.dimension != SCHOOL:
        enrolment = enrolment.filter(nw.col("class").is_in(_class_names(year, group)))
    return enrolment.to_native()
