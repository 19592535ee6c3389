"""What the figures say of a focus candidate: how many pupils, how much of what is missed, and how it is spread over them.

The group stands beside the rest of the school, so a rest that is too small hides the group too: other cards show the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING

from stslib.absences.disclosure import RECORD_RATE_MINIMUM, ROOM_MINIMUM
from stslib.charts.bars import Bar, draw_bars
from stslib.errors import DatasetError
from stslib.figures.cards import check_stored, finish
from stslib.figures.definitions.drawn import OF_POSSIBLE, Drawn, alt_text, too_small, untold, what_is_counted
from stslib.figures.definitions.pupils import distinct, limit_name, threshold_codes
from stslib.figures.frames import SMALLEST_GROUP, Filters, Frames, Limit, Policy, Rate, rates_of
from stslib.figures.groups import INSIDE, OUTSIDE, SCHOOL, Group, Part, check_group
from stslib.figures.pins import REACH, REACH_STATUSES, define
from stslib.figures.siblings import WHOLE, groups_in_record
from stslib.figures.wording import HIDDEN, interval, percent, sentence, whole
from stslib.model.figure import Explanation, FigureCard
from stslib.text import format_percent

if TYPE_CHECKING:
    from stslib.absences.analysis import Absences

_MISSED = {
    "all": ("gemiste halve dagen", "{they} {share} van alle gemiste halve dagen"),
    "unlawful": ("ongewettigde halve dagen", "{they} {share} van alle ongewettigde halve dagen"),
    "lawful": ("gewettigde halve dagen", "{they} {share} van alle gewettigde halve dagen"),
    "late": ("keren te laat", "bij hen is {share} van alle keren te laat genoteerd"),
}
"""What is counted, in a table and in a sentence."""


_FEWEST = {"none": 0, "room": ROOM_MINIMUM, "record": RECORD_RATE_MINIMUM}


@dataclass(frozen=True)
class Beside:
    """A group, the rest of the school and both together, each under the policy of the moment; ``rest`` None: there is none."""

    inside: Rate
    rest: Rate | None
    total: Rate

    policy: Policy

    @property
    def others(self) -> int | None:
        """Pupils who never were in the group, so that group and others add up; who changed groups counts in the group."""
        if self.inside.pupils is None or self.total.pupils is None:
            return None
        return self.total.pupils - self.inside.pupils

    @property
    def shown(self) -> bool:
        """Whether all of it may be shown: of three numbers that add up, two give the third."""
        parts = (self.inside, self.total) if self.rest is None else (self.inside, self.rest, self.total)
        enough = self.rest is None or (self.others or 0) >= _FEWEST[self.policy]
        return enough and all(part.rate is not None for part in parts)


def reach(
    absences: Absences,
    dimension: str,
    value: str,
    status: str,
    *,
    policy: Policy,
    today: date,
    school_year: str | None = None,
) -> FigureCard:
    """How much of the school's absence a group carries, and how it is spread over its pupils.

    Args:
        absences: one school's stored half days.
        dimension: ``school``, ``grade``, ``year``, ``stream`` or ``class``.
        value: the group within it, as ``group_choices`` names it.
        status: ``all``, ``unlawful``, ``lawful`` or ``late``.
        policy: the disclosure policy of every number.
        today: the day on the card.
        school_year: the year it is about; None is the newest.

    Returns:
        A card with the group beside the rest of the school; of a group that may not be shown, a card that says so and has no
        number.

    Raises:
        DatasetError: an unknown dimension, status or school year.
    """
    if status not in REACH_STATUSES:
        raise DatasetError("cijfers", f"Onbekende soort: {status}.", f"Kies uit: {', '.join(REACH_STATUSES)}.")
    group = check_group(dimension, value)
    year = check_stored(absences, school_year)
    definition = define(REACH, status=status, policy=policy, school_year=year, dimension=group.dimension, value=group.value)
    return finish(_draw(absences, group, status, policy, year), definition, policy=policy, today=today)


def beside(absences: Absences, group: Group, status: str, policy: Policy, years: Sequence[str]) -> Beside | None:
    """*group*, the rest and the whole over *years* together; None when nobody was in the group.

    Hidden by the policy itself, applied to the groups of the same dimension (with the coarser groups they belong to) and to
    the pair of group and rest; in what is kept also where a small group, or the few half days that are neither lawful nor
    unlawful, would follow from other cards.
    """
    total = _rates(absences, (), status, policy, years).get(())
    if total is None:
        return None
    open_groups = groups_in_record(absences, None if status == "all" else status, years) if policy == "record" else None
    if open_groups is not None and WHOLE not in open_groups:
        total = replace(total, rate=None)
    if group.dimension == SCHOOL:
        return Beside(total, None, total, policy)
    among = _rates(absences, group.by, status, policy, years).get((group.value,))
    overall = _rates(absences, group.by, "all", policy, years).get((group.value,))
    if among is None or overall is None:
        return None
    pair = _rates(Part.beside_rest(absences, group), ("level",), status, policy, years)
    inside, rest = pair[INSIDE,], pair.get((OUTSIDE,))
    alone = open_groups is None or (group.dimension, group.value) in open_groups
    if not alone or any(one.rate is None for one in (among, overall, inside)):
        inside = Rate(inside.key, None, None, None, None, None, None)
    return Beside(inside, rest, total, policy)


def _rates(
    absences: Absences, by: tuple[str, ...], status: str, policy: Policy, years: Sequence[str]
) -> dict[tuple[str, ...], Rate]:
    """The rate of every group, by the values of *by*."""
    if status == "late":
        return {rate.key: rate for rate in rates_of(absences.late(by, policy, school_years=years), by, "late_half_days")}
    counted = None if status == "all" else status
    return {rate.key: rate for rate in rates_of(absences.rate(by, counted, policy, school_years=years), by)}


def _draw(absences: Absences, group: Group, status: str, policy: Policy, year: str) -> Drawn:
    numbers = beside(absences, group, status, policy, [year])
    what, share_of = _MISSED[status]
    frames = Frames(absences, policy, None if status in ("all", "late") else status, school_year=year)
    explained = of_a_group(frames.explain(group.by, measure="late" if status == "late" else "rate"))
    if numbers is None:
        return untold(f"In {year} zit niemand in {group.named}, dus er valt niets te tellen.", explained)
    if not numbers.shown:
        return untold(too_small(group), explained)
    inside, rest, total = numbers.inside, numbers.rest, numbers.total
    if not total.missed:
        none = "is niemand te laat genoteerd" if status == "late" else f"telt de school geen {what}"
        return untold(f"In {year} {none}.", explained)
    share = (inside.missed or 0) / total.missed
    pupils = "leerling" if inside.pupils == 1 else "leerlingen"
    if rest is None:
        title = (
            f"{sentence(group.named)[:-1]} telt {whole(inside.pupils)} {pupils}; samen hebben ze {whole(total.missed)} {what}"
        )
        title += f", {percent(total.rate)} van wat mogelijk was."
    else:
        carried = share_of.format(they="ze missen", share=_share(share))
        title = f"{sentence(group.named)[:-1]} telt {whole(inside.pupils)} van de {whole(total.pupils)} leerlingen; {carried}."
    columns = ("Cijfer", group.label, *(("Rest van de school", "Hele school") if rest is not None else ()))
    shown = [inside] if rest is None else [inside, replace(rest, pupils=numbers.others), total]
    rows: list[tuple[str, ...]] = [
        ("Leerlingen", *(whole(one.pupils) for one in shown)),
        (sentence(what)[:-1], *(whole(one.missed) for one in shown)),
        ("Mogelijke halve dagen", *(whole(one.possible) for one in shown)),
        () if rest is None else ("Deel van het geheel", *(_share((one.missed or 0) / total.missed) for one in shown)),
        ("Percentage", *(percent(one.rate) for one in shown)),
        ("95 %-interval", *(interval(one) for one in shown)),
        *_limit_rows(absences, group, status, policy, year, alone=rest is None),
        _half_row(absences, group, status, policy, year, shown),
    ]
    bars = [Bar(f"{fill(group.label, 30)}\n{whole(inside.pupils)} {pupils}", inside.rate, inside.low, inside.high)]
    if rest is not None:
        bars.append(Bar("rest van de school", rest.rate, rest.low, rest.high, part_of=True))
    of_what = f"{what}, {OF_POSSIBLE}"
    parts = [f"{group.label} {percent(inside.rate)}"]
    parts += [] if rest is None else [f"rest van de school {percent(rest.rate)}", f"hele school {percent(total.rate)}"]
    figure = draw_bars(
        bars,
        axis_label=fill(of_what, 60),
        reference=None if rest is None else total.rate,
        reference_label=f"hele school {percent(total.rate)}",
    )
    return Drawn(
        title,
        alt_text("Staafdiagram", of_what, parts),
        columns,
        tuple(row for row in rows if row),
        (*_explain(group, status, what, year, policy, alone=rest is None), *explained),
        figure,
    )


def of_a_group(lines: Sequence[Explanation]) -> tuple[Explanation, ...]:
    """What the indicator says of itself, without the pupils and possible half days of the whole school: the table has those."""
    return tuple(
        Explanation(
            label=line.label,
            text="lestijd van elke leerling terwijl die ingeschreven was, zonder vakanties en vrije dagen",
        )
        if line.label == "Mogelijke halve dagen"
        else line
        for line in lines
        if line.label != "Leerlingen"
    )


def _share(share: float) -> str:
    """``41 %``; near nothing and near everything with a decimal, so that neither is rounded away."""
    return format_percent(share, 1 if 0 < share < 0.01 or 0.99 < share < 1 else 0)


def _limit_rows(
    absences: Absences, group: Group, status: str, policy: Policy, year: str, *, alone: bool
) -> list[tuple[str, ...]]:
    """Pupils over each threshold that counts this status, and near the lowest: of the group, the rest and the school."""
    whole_school = _limits(absences, status, policy, year)
    if alone:
        columns = [whole_school]
    elif policy == "record":  # out of the table of all groups, which is decided beside the other tables of an archive
        inside = _limits(absences, status, policy, year, Filters(group.dimension, group.value))
        columns = [inside, {name: _less(limit, inside.get(name)) for name, limit in whole_school.items()}, whole_school]
    else:
        parts = [Part.of_pupils(absences, group, year, inside=inside) for inside in (True, False)]
        columns = [*(_limits(part, status, policy, year) if part else {} for part in parts), whole_school]
    rows = []
    for place, (identity, limit) in enumerate(whole_school.items()):
        found = [column.get(identity) for column in columns]
        name = limit_name(limit)
        rows.append((f"Leerlingen met {name}", *_together([one.over if one else None for one in found])))
        if place == 0:
            rows.append((f"Leerlingen dicht bij {name}", *_together([one.near if one else None for one in found])))
    return rows


def _less(limit: Limit, part: Limit | None) -> Limit:
    """What is left of *limit* beside *part*; hidden where either is."""

    def left(all_of_it: int | None, of_part: int | None) -> int | None:
        return None if all_of_it is None or of_part is None else all_of_it - of_part

    if part is None:
        return replace(limit, over=None, near=None, pupils=None)
    return replace(
        limit, over=left(limit.over, part.over), near=left(limit.near, part.near), pupils=left(limit.pupils, part.pupils)
    )


def _together(counts: list[int | None]) -> list[str]:
    """Group, rest and school: where one is hidden, the school's stays and the other part goes too."""
    if len(counts) == 1:
        return [whole(counts[0])]
    if counts[0] is None or counts[1] is None:
        return [HIDDEN, HIDDEN, whole(counts[2])]
    return [whole(count) for count in counts]


def _limits(absences: Absences, status: str, policy: Policy, year: str, filters: Filters | None = None) -> dict[str, Limit]:
    limits = distinct(Frames(absences, policy, school_year=year, filters=filters).limits())
    return {limit.id: limit for limit in limits if _counts(limit, status)}


def _counts(limit: Limit, status: str) -> bool:
    """Whether the threshold is about this status, within one school year."""
    if "twee" in limit.unit:
        return False
    codes = threshold_codes().get(limit.id, ())
    if not codes:
        return status == "all"
    return {_statuses().get(code) for code in codes} == {status}


@cache
def _statuses() -> dict[str, str]:
    from stslib.content import load_codes

    return {code.code: code.status.value for code in load_codes()}


def _half_row(absences: Absences, group: Group, status: str, policy: Policy, year: str, shown: list[Rate]) -> tuple[str, ...]:
    """How many pupils carry half of what is missed; a few of them are a small group."""
    counted = None if status == "all" else status
    if len(shown) == 1:
        parts: list[Absences | None] = [Part.of_group(absences, group, [year])]
    else:
        split = Part.beside_rest(absences, group)
        inside, rest = (Part.of_group(split, Group("level", side), [year]) for side in (INSIDE, OUTSIDE))
        parts = [inside, rest, Part.of_group(absences, Group(SCHOOL, ""), [year])]
    cells = []
    for part, rate in zip(parts, shown, strict=True):
        carriers = _carriers(part.half_days_per_pupil(counted, year)) if part else 0
        few = policy != "none" and not SMALLEST_GROUP <= carriers <= (rate.pupils or 0) - SMALLEST_GROUP
        cells.append(HIDDEN if few and carriers else whole(carriers))
    return ("Leerlingen die samen de helft dragen", *cells)


def _carriers(half_days: Sequence[int]) -> int:
    """The smallest number of pupils who together have half of all *half_days* (most first)."""
    half, carried = sum(half_days) / 2, 0
    for place, number in enumerate(half_days, 1):
        carried += number
        if carried >= half:
            return place
    return 0


def _explain(group: Group, status: str, what: str, year: str, policy: Policy, *, alone: bool) -> tuple[Explanation, ...]:
    counted = f"De {what} in {year}" + (
        " van alle leerlingen" if alone else f" van wie in {group.named} zat, zolang die erin zat"
    )
    counted += ", gedeeld door de mogelijke halve dagen van dezelfde leerlingen in dezelfde tijd."
    if not alone:
        counted += " Daarnaast hetzelfde voor de rest van de school; wie van groep wisselde, telt als leerling van deze groep."
    lines = [what_is_counted(counted)]
    if not alone:
        lines.append(
            Explanation(
                label="Deel van het geheel",
                text=f"Van alle {what} van de school, het deel van de groep. Zet het naast haar deel van de leerlingen.",
            )
        )
    if status in ("all", "unlawful"):
        lines.append(
            Explanation(
                label="Grenzen",
                text=f"Leerlingen die {'het laatst' if policy == 'record' else 'dit schooljaar'} in de groep zaten, met al hun "
                "halve dagen van dat jaar, ook uit een andere klas.",
            )
        )
    lines.append(
        Explanation(
            label="De helft dragen",
            text="Het kleinste aantal leerlingen dat samen de helft heeft. Is het klein tegenover de groep, dan zit veel bij "
            "weinig leerlingen; is het groot, dan is het gespreid over velen.",
        )
    )
    return tuple(lines)
