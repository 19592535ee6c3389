"""Each kind of picture in every size a school can have: nothing over anything, nothing cut off, nothing hidden in silence."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from charts.picture_checks import A4, BEAMER, cut_off, overlaps, words
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from stslib.charts import style
from stslib.charts.bars import PART
from stslib.charts.distribution import Band, Carried, draw_bands, draw_distribution
from stslib.charts.funnel import FunnelLimit, FunnelPoint, draw_funnel
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.run_chart import LOOKS, RunPoint, draw_run_chart
from stslib.charts.school_year import Holiday, Mark
from stslib.charts.shades import LIGHT_TO_DARK, luminance, readable_on
from stslib.charts.spells import SpellLength, draw_spells
from stslib.charts.style import to_png
from stslib.charts.week_grid import DayRate, draw_week_grid
from stslib.charts.year_calendar import draw_year_calendar
from stslib.charts.years import YearLine, draw_years

HOLIDAYS = [
    Holiday("Herfstvakantie", date(2025, 10, 27), date(2025, 11, 2)),
    Holiday("Kerstvakantie", date(2025, 12, 22), date(2026, 1, 4)),
    Holiday("Krokusvakantie", date(2026, 2, 16), date(2026, 2, 22)),
    Holiday("Paasvakantie", date(2026, 4, 6), date(2026, 4, 19)),
    Holiday("Wapenstilstand", date(2025, 11, 11), date(2025, 11, 11)),
]
MARKS = [
    Mark(date(2025, 11, 10), "start van het plan"),
    Mark(date(2025, 11, 24), "onthaal aan de poort"),
    Mark(date(2025, 11, 26), "bericht op de eerste dag van elke afwezigheid, door wie die dag permanentie heeft"),
    Mark(date(2026, 3, 3), "gesprek met ouders"),
]
LAST = date(2026, 6, 30)


def days(last: date, rate: float | None = 0.06, every: int = 0) -> list[DayRate]:
    """Class days from 1 September; every so many-th is hidden."""
    result, day = [], date(2025, 9, 1)
    while day <= last:
        if day.weekday() < 5 and not any(one.first <= day <= one.last for one in HOLIDAYS):
            hidden = rate is None or (every and len(result) % every == 0)
            result.append(DayRate(day, None if hidden else rate * (1 + (len(result) * 7 % 11) / 10)))
        day += timedelta(days=1)
    return result


def run_points(weeks: int, rate: float | None = 0.06, *, signals: bool = False) -> list[RunPoint]:
    points = []
    for week in range(weeks):
        monday = date(2025, 9, 1) + timedelta(days=7 * week)
        if any(one.is_long and one.first <= monday <= one.last for one in HOLIDAYS):
            continue
        signal = "outside" if signals and week == 20 else "run" if signals and 27 <= week <= 37 else ""
        value = None if rate is None or (signals and week == 12) else rate * (1.6 if signal == "outside" else 1)
        points.append(RunPoint(monday, value, 0.04, 0.08, signal, week >= weeks - 2))
    return points


def funnel(count: int, *, outside: int = 0, hidden: int = 0) -> tuple[list[FunnelPoint], list[FunnelLimit]]:
    chance = random.Random(4)
    points = [
        FunnelPoint(
            f"{place % 7 + 1}{'ABCDE'[place % 5]}{place}", 2000 + chance.randrange(6000),
            None if place < hidden else 0.06 + (0.05, -0.045)[place % 2] * (place < outside) + chance.uniform(-0.01, 0.01),
            "99.8" if place < outside else "",
        )
        for place in range(count)
    ]  # fmt: skip
    half = [3 * (0.06 * 0.94 / (size * 250)) ** 0.5 for size in range(1, 36)]
    limits = [
        FunnelLimit(250 * (place + 1), max(0, 0.06 - 1.96 * h), 0.06 + 1.96 * h, max(0, 0.06 - 3.09 * h), 0.06 + 3.09 * h)
        for place, h in enumerate(half)
    ]
    return points, limits


def year(label: str, length: int, rate: float | None, *, current: bool = False) -> YearLine:
    return YearLine(label, tuple((day, None if rate is None else rate + 0.0001 * day) for day in range(1, length + 1)), current)


MONTHS = [(1, "sep"), (22, "okt"), (40, "nov"), (58, "dec"), (73, "jan"), (93, "feb"), (108, "mrt"), (130, "apr"), (142, "mei")]
MANY_YEARS = [year(f"{start}-{start + 1}", 180, 0.05 + 0.001 * (start % 3)) for start in range(2016, 2025)]
LENGTHS = [("1", 420), ("2", 180), ("3", 90), ("4", 61), ("5", None), ("6–10", 33), ("11–20", 12), ("21–40", 7), ("41+", None)]
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag")
WEEKS = tuple(Week(point.monday, point.rate) for point in run_points(39))

Draw = Callable[[float], Figure]
PICTURES: dict[str, Draw] = {
    "a grid of a whole year": lambda width: draw_week_grid(days(LAST, every=17), HOLIDAYS, width=width),
    "a grid of one week": lambda width: draw_week_grid(days(date(2025, 9, 5)), HOLIDAYS, width=width),
    "a grid of zeros": lambda width: draw_week_grid(days(LAST, 0.0), HOLIDAYS, width=width),
    "a grid of hidden days": lambda width: draw_week_grid(days(LAST, None), HOLIDAYS, width=width),
    "an empty grid": lambda width: draw_week_grid([], HOLIDAYS, width=width),
    "a calendar of a whole year": lambda width: draw_year_calendar(
        days(LAST, every=17), HOLIDAYS, last_day=LAST, marks=MARKS, width=width
    ),
    "a calendar of one week": lambda width: draw_year_calendar(days(date(2025, 9, 5)), HOLIDAYS, width=width),
    "a calendar of zeros": lambda width: draw_year_calendar(days(LAST, 0.0), HOLIDAYS, width=width),
    "an empty calendar": lambda width: draw_year_calendar([], HOLIDAYS, width=width),
    "a spread": lambda width: draw_distribution(
        [Carried(x / 20, 1 - (1 - x / 20) ** 4) for x in range(1, 21)], half=0.16, width=width
    ),
    "a spread over few": lambda width: draw_distribution([Carried(0.1, 1.0), Carried(1.0, 1.0)], half=0.004, width=width),
    "an even spread": lambda width: draw_distribution([Carried(0.5, 0.5), Carried(1.0, 1.0)], half=0.5, width=width),
    "a hidden spread": lambda width: draw_distribution([Carried(0.1, None), Carried(1.0, 1.0)], half=None, width=width),
    "no spread": lambda width: draw_distribution([], half=None, width=width),
    "bands": lambda width: draw_bands(
        [Band("geen", 3100, 0), Band("1 tot 4", 202, 520), Band("30 en meer", 9, 500)], width=width
    ),
    "bands of zeros": lambda width: draw_bands([Band("geen", 0, 0), Band("1 tot 4", 0, 0)], width=width),
    "hidden bands": lambda width: draw_bands([Band("geen", 310), Band("30 en meer", None)], width=width),
    "no bands": lambda width: draw_bands([], width=width),
    "three years": lambda width: draw_years(
        [year("2023-2024", 182, 0.05), year("2024-2025", 180, 0.0502), year("2025-2026", 120, 0.06, current=True)],
        months=MONTHS, width=width,
    ),
    "ten years": lambda width: draw_years([*MANY_YEARS, year("2025-2026", 40, 0.05, current=True)], months=MONTHS, width=width),
    "one day of one year": lambda width: draw_years([year("2025-2026", 1, 0.06, current=True)], width=width),
    "years of zeros": lambda width: draw_years([YearLine("2025-2026", ((1, 0.0), (2, 0.0)), current=True)], width=width),
    "a hidden year": lambda width: draw_years([year("2025-2026", 30, None)], width=width),
    "no years": lambda width: draw_years([], width=width),
    "a run chart": lambda width: draw_run_chart(
        run_points(39, signals=True), centre=0.06, axis_label="gemiste halve dagen", holidays=HOLIDAYS, marks=MARKS,
        baseline=(date(2025, 9, 1), date(2025, 11, 9)), width=width,
    ),
    "a run chart of one week": lambda width: draw_run_chart(
        run_points(1), centre=0.06, axis_label="gemiste halve dagen", holidays=HOLIDAYS, marks=MARKS[:1], width=width
    ),
    "a run chart without limits": lambda width: draw_run_chart(
        [RunPoint(point.monday, 0.0) for point in run_points(39)], centre=None, axis_label="te laat", marks=MARKS[:1],
        width=width,
    ),
    "a hidden run chart": lambda width: draw_run_chart(run_points(9, None), centre=None, axis_label="gemist", width=width),
    "an empty run chart": lambda width: draw_run_chart([], centre=None, axis_label="gemist", width=width),
    "a funnel of one class": lambda width: draw_funnel(*funnel(1), centre=0.06, axis_label="gemist", width=width),
    "a funnel of 24 classes": lambda width: draw_funnel(
        *funnel(24, outside=4, hidden=2), centre=0.06, axis_label="gemist", width=width
    ),
    "a funnel of 60 classes": lambda width: draw_funnel(*funnel(60, outside=15), centre=0.06, axis_label="gemist", width=width),
    "a funnel of zeros": lambda width: draw_funnel(
        [FunnelPoint("1A", 900, 0.0)], [], centre=0.0, axis_label="gemist", width=width
    ),
    "a hidden funnel": lambda width: draw_funnel(*funnel(3, hidden=3), centre=0.06, axis_label="gemist", width=width),
    "spells": lambda width: draw_spells(
        [SpellLength(name, count, name in ("21–40", "41+")) for name, count in LENGTHS], axis_label="schooldagen", width=width
    ),
    "one spell": lambda width: draw_spells([SpellLength("21 en meer", 1, long=True)], axis_label="schooldagen", width=width),
    "no spells": lambda width: draw_spells([], axis_label="schooldagen", width=width),
    "weeks with marks": lambda width: draw_weeks(
        [WeekSeries("2025-2026", WEEKS, current=True)], HOLIDAYS, axis_label="gemist", marks=MARKS, width=width
    ),
    "weeks with one mark": lambda width: draw_weeks(
        [WeekSeries("2025-2026", WEEKS, current=True)], HOLIDAYS, axis_label="gemist", marks=MARKS[3:], width=width
    ),
}  # fmt: skip
HIDES = [name for name in PICTURES if "hidden" in name] + ["a run chart", "spells", "a grid of a whole year"]


@pytest.mark.parametrize("width", [BEAMER, A4], ids=["beamer", "A4"])
@pytest.mark.parametrize("name", PICTURES)
def test_no_text_lies_over_another_or_is_cut_off(name: str, width: float) -> None:
    figure = PICTURES[name](width)
    assert overlaps(figure) == []
    assert cut_off(figure) == []


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_can_be_stored_and_stays_small(name: str) -> None:
    png = to_png(PICTURES[name](BEAMER))
    assert Image.open(io.BytesIO(png)).width == 1280
    assert len(png) < 90_000


@pytest.mark.parametrize("name", HIDES)
def test_what_may_not_be_shown_is_said(name: str) -> None:
    told = " ".join(words(PICTURES[name](BEAMER))).lower()
    said = ("niet getoond", "niet\ngetoond", "te klein om te tonen", "getoond mag", "mag getoond")
    assert any(text in told for text in said)


@pytest.mark.parametrize("name", [name for name in PICTURES if name.startswith(("an empty", "no "))])
def test_nothing_to_draw_is_said(name: str) -> None:
    assert words(PICTURES[name](BEAMER)) == ["Geen cijfers om te tonen"]


@pytest.mark.parametrize("name", PICTURES)
def test_numbers_have_commas_and_thousands_have_points(name: str) -> None:
    for text in words(PICTURES[name](BEAMER)):
        assert not re.search(r"\d\.\d{1,2}(?!\d)", text), text
        assert not re.search(r"(?<![\d/–-])\d{4,}(?![\d-])(?!\))", text.replace("2025", "").replace("2026", "")), text


# -- colours -------------------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), severity 1: what the three kinds of colour blindness make of linear RGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}


def lab(colour: str, kind: str) -> np.ndarray:
    """The colour as that eye sees it, in CIELAB."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(BLINDNESS[kind]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.where((t := xyz / [0.9505, 1, 1.089]) > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", BLINDNESS)
def test_shades_go_from_light_to_dark_for_every_eye(kind: str) -> None:
    lightness = [lab(colour, kind)[0] for colour in LIGHT_TO_DARK]
    assert all(light - dark > 10 for light, dark in pairwise(lightness))


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize(
    ("one", "other"), [(style.ACCENT, style.EARLIER), (style.ACCENT, style.ALERT), (style.ACCENT, PART), (style.EARLIER, PART)]
)
def test_colours_that_stand_side_by_side_differ_for_every_eye(one: str, other: str, kind: str) -> None:
    assert float(np.linalg.norm(lab(one, kind) - lab(other, kind))) > 20


def test_signals_differ_in_shape_and_not_in_colour_alone() -> None:
    marks = [look[0] for look in LOOKS.values()]
    assert len(set(marks)) == len(marks)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", LIGHT_TO_DARK)
def test_a_number_on_a_shade_can_be_read(colour: str) -> None:
    assert contrast(colour, readable_on(colour)) >= 4.5


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.ACCENT, style.EARLIER, style.ALERT, style.GOOD])
def test_words_and_lines_stand_out_on_white(colour: str) -> None:
    assert contrast(colour, style.SURFACE) >= 4.5
