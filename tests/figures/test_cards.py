"""Cards over half days that the test counts itself: sentences, tables and pictures say what the numbers say, and no more."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from subprocess import run

import pytest
from figures.counted_absences import CountedAbsences, Slot
from PIL import Image

from stslib.errors import DatasetError
from stslib.figures import FIGURE_IDS, figure_cards
from stslib.model.absence import AbsenceCode, Period, SchoolYearCalendar, Status
from stslib.model.figure import FigureCard

TODAY = date(2026, 4, 2)
MONDAY = date(2025, 9, 8)

CLASSES = {
    "1A1": ("1", "1", "A-stroom", 20),
    "1B1": ("1", "1", "B-stroom", 12),
    "3DD1": ("2", "3", "dubbele finaliteit", 10),
    "5AB1": ("3", "5", "arbeidsmarktgerichte finaliteit", 8),
    "5DO1": ("3", "5", "doorstroomfinaliteit", 8),
    "6DO1": ("3", "6", "doorstroomfinaliteit", 3),
}


BY_METHOD = {"distribution", "bands", "spells", "years_compared", "run_chart", "funnel_by_class", "funnel_by_year"}
"""Figures of indicators that the stand-in does not count; ``test_more_cards`` has them on stored half days."""

COUNTED = tuple(identity for identity in FIGURE_IDS if identity not in BY_METHOD)


@pytest.fixture(autouse=True)
def _small_content(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Names of codes and holidays that fit on the screen."""
    codes = [
        AbsenceCode(code=code, meaning=meaning, status=Status.LAWFUL, absent=True, source="proef")
        for code, meaning in (("Z", "Ziekte, met een briefje"), ("B", "Problematisch afwezig: geen reden"))
    ]
    autumn = Period(name="herfstvakantie", first=date(2025, 10, 27), last=date(2025, 11, 2))

    def calendar(school_year: str) -> SchoolYearCalendar:
        first, last = date(int(school_year[:4]), 9, 1), date(int(school_year[5:]), 6, 30)
        return SchoolYearCalendar(school_year=school_year, first_day=first, last_day=last, holidays=(autumn,), source="proef")

    from stslib.figures.definitions import drawn, kinds

    kinds._code_names.cache_clear()
    drawn.holidays_of.cache_clear()
    monkeypatch.setattr("stslib.content.load_codes", lambda: tuple(codes), raising=False)
    monkeypatch.setattr("stslib.content.load_calendar", calendar, raising=False)
    yield
    kinds._code_names.cache_clear()
    drawn.holidays_of.cache_clear()


Classes = dict[str, tuple[str, str, str, int]]


def a_school(code: Callable[[int, date, str, str], str], *, weeks: int = 4, classes: Classes = CLASSES) -> list[Slot]:
    """Every possible half day of *weeks* weeks; *code* says per pupil number, day, half and class what was noted."""
    slots = []
    for name, (grade, year, stream, size) in classes.items():
        for number in range(size):
            for week in range(weeks):
                for weekday in range(5):
                    day = MONDAY + timedelta(days=7 * week + weekday)
                    for half in ("VM",) if weekday == 2 else ("VM", "NM"):
                        noted = code(number, day, half, name)
                        slots.append(Slot(f"{name}-{number}", day, half, name, grade, year, stream, noted))
    return slots


def one_card(absences: CountedAbsences, identity: str, policy: str = "room") -> FigureCard:
    return next(figure_cards(absences, [identity], policy=policy, today=TODAY))


def cell(card: FigureCard, row: str, column: str) -> str:
    return next(line for line in card.rows if line[0] == row)[card.columns.index(column)]


def usual(number: int, day: date, half: str, name: str) -> str:
    """One half day Z per twenty and a late arrival now and then, spread over pupils and days."""
    place = number * 7 + day.toordinal() + (half == "NM")
    return "Z" if place % 20 == 0 else "L" if place % 37 == 0 else ""


@pytest.mark.parametrize("identity", COUNTED)
def test_every_card_has_a_sentence_a_picture_an_alternative_text_a_table_and_an_explanation(identity: str) -> None:
    card = one_card(CountedAbsences(a_school(usual)), identity)
    assert card.id == identity
    assert card.title.endswith(".")
    assert len(card.alt) > 30
    assert card.rows
    assert all(len(row) == len(card.columns) for row in card.rows)
    assert {line.label for line in card.why} >= {"Wat wordt geteld?", "Periode", "Aantal leerlingen"}
    assert card.counted_on == TODAY
    assert card.policy == "room"
    picture = Image.open(io.BytesIO(card.png))
    assert picture.format == "PNG"
    assert picture.width > 700


def test_cards_come_one_by_one_in_the_order_asked() -> None:
    absences = CountedAbsences(a_school(usual))
    cards = figure_cards(absences, ["thresholds", "rate_by_code"], policy="room", today=TODAY)
    assert next(cards).id == "thresholds"
    assert not absences.asked
    assert next(cards).id == "rate_by_code"


def test_an_unknown_figure_is_named_before_anything_is_counted() -> None:
    with pytest.raises(DatasetError, match="rate_by_teacher") as caught:
        figure_cards(CountedAbsences(a_school(usual)), ["rate_by_teacher"], policy="room", today=TODAY)
    assert "rate_by_week" in caught.value.remedy


def test_an_indicator_is_asked_once_for_all_cards() -> None:
    absences = CountedAbsences(a_school(usual))
    list(figure_cards(absences, COUNTED, policy="record", today=TODAY))
    asked = [str(one) for one in absences.asked]
    assert len(asked) == len(set(asked))
    assert all(one[-1] == "record" for one in absences.asked)


def test_the_sentence_on_codes_carries_the_rate_and_the_shares_of_the_table() -> None:
    slots = a_school(lambda number, day, half, name: "Z" if number == 0 else "B01" if number == 1 and half == "VM" else "")
    card = one_card(CountedAbsences(slots), "rate_by_code")
    missed = sum(bool(slot.code) for slot in slots)
    ill = sum(slot.code == "Z" for slot in slots)
    assert cell(card, "Alle codes samen", "Gemiste halve dagen") == str(missed)
    assert cell(card, "Z – ziekte", "Gemiste halve dagen") == str(ill)
    rate = f"{missed / len(slots) * 100:.1f}".replace(".", ",") + "\u00a0%"
    share = f"{ill / missed * 100:.1f}".replace(".", ",") + "\u00a0%"
    assert rate in card.title
    assert f"{share} code Z" in card.title
    assert cell(card, "Alle codes samen", "Percentage") == rate


def test_a_moment_is_called_higher_only_when_its_interval_is_apart() -> None:
    mondays = CountedAbsences(
        a_school(lambda number, day, half, name: "Z" if day.weekday() == 0 and half == "VM" and number % 3 == 0 else "")
    )
    assert "maandagvoormiddag" in one_card(mondays, "rate_by_weekday_half").title
    assert "hoger" in one_card(mondays, "rate_by_weekday_half").title
    even = CountedAbsences(a_school(usual))
    assert one_card(even, "rate_by_weekday_half").title.startswith("Geen enkel moment van de week ligt duidelijk hoger")


def test_wednesday_afternoon_is_no_cell_and_no_row() -> None:
    card = one_card(CountedAbsences(a_school(usual)), "rate_by_weekday_half")
    assert len(card.rows) == 9 + 1
    assert not any(row[0] == "Woensdagnamiddag" for row in card.rows)


def test_a_week_is_named_when_it_stands_out() -> None:
    peak = MONDAY + timedelta(days=14)
    wave = {peak + timedelta(days=place) for place in range(5)}
    absences = CountedAbsences(a_school(lambda n, day, half, name: "Z" if day in wave and n % 2 else usual(n, day, half, name)))
    assert "In de week van 22 september 2025 lag de afwezigheid het hoogst" in one_card(absences, "rate_by_week").title
    assert "Geen enkele week" in one_card(CountedAbsences(a_school(usual)), "rate_by_week").title


def test_weeks_of_january_belong_to_the_second_calendar_year() -> None:
    from stslib.figures.wording import week_monday

    assert week_monday("2025-2026", "36") == date(2025, 9, 1)
    assert week_monday("2025-2026", "1") == date(2025, 12, 29)
    assert week_monday("2025-2026", "2") == date(2026, 1, 5)
    assert week_monday("2026-2027", "53") == date(2026, 12, 28)


def test_grades_that_do_not_differ_are_not_called_highest() -> None:
    assert "verschillen niet duidelijk" in one_card(CountedAbsences(a_school(usual)), "rate_by_grade").title
    uneven = CountedAbsences(
        a_school(lambda n, day, half, name: "Z" if name == "3DD1" and n % 2 else usual(n, day, half, name))
    )
    assert "het hoogst in de 2e graad" in one_card(uneven, "rate_by_grade").title


def test_without_a_class_file_the_card_says_so_and_draws_nothing() -> None:
    unknown = {"?": ("onbekend", "onbekend", "onbekend", 12)}
    card = one_card(CountedAbsences(a_school(usual, classes=unknown)), "rate_by_grade")
    assert card.title == "Zonder klassenbestand is er geen uitsplitsing per graad."
    assert card.png is None
    assert card.rows == ()


@pytest.mark.parametrize("policy", ["room", "record"])
def test_a_small_class_shows_in_no_text_of_the_card(policy: str) -> None:
    slots = a_school(lambda n, day, half, name: "B" if name == "6DO1" else usual(n, day, half, name))
    card = one_card(CountedAbsences(slots), "rate_by_class", policy)
    hidden = str(sum(slot.class_name == "6DO1" and bool(slot.code) for slot in slots))
    assert next(row for row in card.rows if row[0] == "6DO1")[1:] == ("–", "–", "–", "–")
    assert "100,0" not in card.title + card.alt
    assert not any(hidden in row for row in card.rows)
    assert any("te klein" in line.text or "minder dan 5" in line.text for line in card.why)


def test_a_second_class_of_the_grade_is_hidden_so_that_the_small_one_does_not_follow_by_subtraction() -> None:
    card = one_card(CountedAbsences(a_school(usual)), "rate_by_class", "record")
    assert [row[0] for row in card.rows if row[1] == "–"] == ["5AB1", "6DO1"]
    room = one_card(CountedAbsences(a_school(usual)), "rate_by_class", "room")
    assert [row[0] for row in room.rows if row[1] == "–"] == ["6DO1"]


def test_classes_stand_in_the_order_of_the_years_and_none_is_named_in_the_sentence() -> None:
    card = one_card(CountedAbsences(a_school(usual)), "rate_by_class")
    assert [row[0] for row in card.rows] == [*CLASSES, "Hele school"]
    assert not any(name in card.title for name in CLASSES)


def test_the_sentence_on_thresholds_counts_pupils_and_names_the_limit() -> None:
    def code(number: int, day: date, half: str, name: str) -> str:
        return "B" if number < 2 and half == "VM" and day.day % 3 == 0 else ""

    slots = a_school(code)
    per_pupil: dict[str, int] = {}
    for slot in slots:
        per_pupil[slot.pupil] = per_pupil.get(slot.pupil, 0) + (slot.code == "B")
    over = sum(count >= 5 for count in per_pupil.values())
    assert over >= 5
    card = one_card(CountedAbsences(slots), "thresholds")
    assert card.title.startswith(f"{over} van de {len(per_pupil)} leerlingen hebben in 2025-2026 5 of meer halve dagen B")
    assert card.rows[0][1] == str(over)


@pytest.mark.parametrize("policy", ["room", "record"])
def test_a_count_of_few_pupils_is_neither_in_the_sentence_nor_in_the_table(policy: str) -> None:
    slots = a_school(lambda n, day, half, name: "B" if n == 0 and name[0] == "1" and day.weekday() < 2 else "")
    card = one_card(CountedAbsences(slots), "thresholds", policy)
    assert "wordt niet getoond" in card.title
    assert card.rows[0][1] == "–"


def test_late_arrivals_are_counted_apart_and_a_busier_weekday_is_named() -> None:
    slots = a_school(lambda n, day, half, name: "L" if half == "VM" and n % 5 == 0 and day.weekday() == 0 else "")
    card = one_card(CountedAbsences(slots), "late_by_week")
    late = sum(slot.code == "L" for slot in slots)
    assert f"kwam {late} keer iemand te laat" in card.title
    assert "op maandagvoormiddag vaker" in card.title
    assert one_card(CountedAbsences(slots), "rate_by_code").title == "In 2025-2026 is geen enkele halve dag gemist."


def test_the_year_before_is_drawn_but_not_counted() -> None:
    now = a_school(usual)
    before = [replace(slot, day=slot.day - timedelta(days=364), code="Z", school_year="2024-2025") for slot in now]
    card = one_card(CountedAbsences([*before, *now]), "rate_by_week")
    assert "2025-2026" in card.title
    assert cell(card, "Alle weken samen", "Mogelijke halve dagen") == f"{len(now):,}".replace(",", ".")


def test_the_same_figures_give_the_same_picture() -> None:
    slots = a_school(usual)
    assert one_card(CountedAbsences(slots), "rate_by_week").png == one_card(CountedAbsences(slots), "rate_by_week").png


def test_importing_the_figures_brings_in_neither_pandas_nor_matplotlib() -> None:
    code = "import stslib.figures, sys; print([m for m in ('pandas', 'matplotlib', 'polars') if m in sys.modules])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_figure_that_content_may_name_can_be_drawn() -> None:
    cards = list(figure_cards(CountedAbsences(a_school(usual)), COUNTED, policy="room", today=TODAY))
    assert [card.id for card in cards] == list(COUNTED)
    assert all(card.png and card.rows for card in cards)


def test_the_plan_asks_only_for_figures_that_there_are() -> None:
    from stslib.content import load_instrument

    asked = {name for section in load_instrument("preventieplan").sections() for name in section.figures}
    assert asked <= set(FIGURE_IDS)
