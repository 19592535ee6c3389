"""The school's own total beside ours: "jullie pakket zegt 412, wij tellen 409: daarom"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from stslib.absences.reading.report import REASONS, Reading
from stslib.errors import ReadingError
from stslib.model.base import Frozen
from stslib.text import format_number

MOST_PARTS = 12
"""More reasons for one code are weighed one by one, from the largest: all their sums would be too many."""


class Part(Frozen):
    """Half days of one code that the file has, or covers, and that are not counted, for one reason."""

    reason: str
    """A key of ``REASONS``."""
    half_days: int
    in_file: bool
    """False: a period covers them, and the package of the school may or may not count them."""
    explains: bool
    """Together with the other parts that explain, it comes as close to the difference as it can without passing it."""

    @property
    def fact(self) -> str:
        """The reason in Dutch."""
        return REASONS[self.reason].fact


class ReconciledCode(Frozen):
    """One code: what the school says, what is counted here, and why they differ."""

    code: str
    own: int
    counted: int
    parts: tuple[Part, ...]
    uncounted_rows: int
    """Rejected periods with this code of which nobody can tell how many half days they stand for."""

    @property
    def difference(self) -> int:
        """Above 0: the school has more."""
        return self.own - self.counted

    @property
    def explained(self) -> int:
        """Half days of the difference that the parts account for."""
        return sum(part.half_days for part in self.parts if part.explains)

    @property
    def unexplained(self) -> int:
        """What stays of the difference; below 0 when more is counted here."""
        return self.difference - self.explained

    def __str__(self) -> str:
        said = f"{self.code}: jullie pakket zegt {format_number(self.own)}, wij tellen {format_number(self.counted)}."
        if not self.difference:
            return f"{said} Dat klopt."
        reasons = "; ".join(
            f"{_half_days(part.half_days)}: {part.fact.rstrip('.')}"
            + ("" if part.in_file else " (binnen een periode; jullie pakket telt ze misschien mee)")
            for part in self.parts
            if part.explains
        )
        told = [said, f"Daarom: {reasons}." if reasons else ""]
        if self.unexplained:
            more = "" if self.unexplained > 0 else " (wij tellen er meer)"
            told.append(f"Niet verklaard: {_half_days(abs(self.unexplained))}{more}.")
        if self.unexplained and self.uncounted_rows:
            rows = "1 geweigerde periode" if self.uncounted_rows == 1 else f"{self.uncounted_rows} geweigerde perioden"
            told.append(f"Van {rows} met deze code is het aantal halve dagen niet te bepalen.")
        return " ".join(text for text in told if text)


class Reconciliation(Frozen):
    """Every code that the school gave a total of. Counts only, no pupils."""

    codes: tuple[ReconciledCode, ...]

    @property
    def agrees(self) -> bool:
        """Whether every difference is explained."""
        return all(not code.unexplained for code in self.codes)

    def __str__(self) -> str:
        return "\n".join(map(str, self.codes))


def reconcile(reading: Reading, own_totals: Mapping[str, int]) -> Reconciliation:
    """Explain the difference between the school's own totals and what *reading* counts.

    Args:
        reading: an export as read.
        own_totals: code -> half days, as the school's package or a person counted them.

    Returns:
        Per code both totals and the counts of half days that the file has but that are not counted, by reason. Where some
        of those add up to the difference they are marked; where none do, those that come closest without passing it.

    Raises:
        ReadingError: a total is below 0.
    """
    if any(total < 0 for total in own_totals.values()):
        raise ReadingError("eigen totaal", "Een aantal halve dagen kan niet onder nul liggen.", "Geef 0 of meer.")
    counted = _counted(reading)
    result = []
    for given, own in own_totals.items():
        code = " ".join(given.split()).upper()
        difference = own - counted[code]
        found = list(_parts_of(reading, code))
        chosen = _closest([half_days for _, half_days, _ in found], difference)
        result.append(
            ReconciledCode(
                code=code,
                own=own,
                counted=counted[code],
                parts=tuple(
                    Part(reason=reason, half_days=half_days, in_file=in_file, explains=number in chosen)
                    for number, (reason, half_days, in_file) in enumerate(found)
                ),
                uncounted_rows=reading.uncounted.get(code, 0),
            )
        )
    return Reconciliation(codes=tuple(result))


def _counted(reading: Reading) -> Counter[str]:
    if reading.report.shape == "totals":
        result: Counter[str] = Counter()
        for code, half_days in reading.totals.select("code", "half_days").iter_rows():
            result[code] += half_days
        return result
    return Counter(dict(reading.half_days.group_by("code").len().iter_rows()))


def _parts_of(reading: Reading, code: str) -> Iterator[tuple[str, int, bool]]:
    """Reason, half days, and whether they stand in the file: the surest first."""
    order = list(REASONS)
    for (reason, of_code), half_days in sorted(reading.left_out.items(), key=lambda item: order.index(item[0][0])):
        if of_code == code:
            yield reason, half_days, True
    for (reason, of_code), half_days in sorted(reading.quiet.items(), key=lambda item: order.index(item[0][0])):
        if of_code == code:
            yield reason, half_days, False


def _closest(parts: Sequence[int], difference: int) -> frozenset[int]:
    """Which parts add up to *difference*, or to as much of it as they can; the first and the fewest of those that do."""
    if difference <= 0:
        return frozenset()
    if sum(parts) <= difference:
        return frozenset(range(len(parts)))
    if len(parts) > MOST_PARTS:
        chosen, left = set(), difference
        for number in sorted(range(len(parts)), key=lambda n: -parts[n]):
            if parts[number] <= left:
                chosen.add(number)
                left -= parts[number]
        return frozenset(chosen)
    best: tuple[int, ...] = ()
    best_sum = 0
    for size in range(1, len(parts) + 1):
        for numbers in combinations(range(len(parts)), size):
            total = sum(parts[n] for n in numbers)
            if best_sum < total <= difference:
                best, best_sum = numbers, total
    return frozenset(best)


def _half_days(count: int) -> str:
    return "1 halve dag" if count == 1 else f"{format_number(count)} halve dagen"
