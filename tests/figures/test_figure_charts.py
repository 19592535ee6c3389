"""The pictures of the figures, by their data; one look at the pixels per kind."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from stslib.charts.bars import PART, Bar, CountBar, draw_bars, draw_counts, draw_intervals
from stslib.charts.heat_map import Cell, draw_heat_map
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.school_year import Holiday
from stslib.charts.style import ACCENT, EARLIER, to_png


def texts(figure: Figure) -> list[str]:
    """Everything that stands in the picture."""
    axes = figure.axes[0]
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts, axes.xaxis.label, axes.yaxis.label]
    legend = axes.get_legend()
    return [label.get_text() for label in [*labels, *(legend.get_texts() if legend else [])] if label.get_text()]


def colour_at(figure: Figure, x: float, y: float) -> tuple[int, int, int]:
    """The colour of the picture where the axes have the value (*x*, *y*)."""
    picture = Image.open(io.BytesIO(to_png(figure))).convert("RGB")
    across, up = figure.axes[0].transData.transform((x, y))
    colour = picture.getpixel((round(across), picture.height - round(up)))
    assert isinstance(colour, tuple)
    return colour


def close_to(colour: tuple[int, int, int], wanted: str) -> bool:
    return all(abs(part - 255 * goal) < 12 for part, goal in zip(colour, to_rgb(wanted), strict=True))


BARS = [
    Bar("Z – ziekte", 0.031, 0.030, 0.032),
    Bar("B – problematisch", 0.008, 0.007, 0.009, part_of=True),
    Bar("H – revalidatie", None, note="niet getoond"),
]


def test_bars_are_as_long_as_their_rates_and_a_hidden_one_has_no_length() -> None:
    axes = draw_bars(BARS, axis_label="deel").axes[0]
    assert [bar.get_width() for bar in axes.patches] == [0.031, 0.008, 0]


def test_bars_carry_dutch_numbers_and_a_note_where_nothing_may_be_shown() -> None:
    found = texts(draw_bars(BARS, axis_label="deel", reference=0.02, reference_label="hele school 2,0\u00a0%"))
    assert {"3,1\u00a0%", "0,8\u00a0%", "niet getoond", "hele school 2,0\u00a0%"} <= set(found)
    assert not any("." in text for text in found)


def test_whiskers_run_from_low_to_high() -> None:
    axes = draw_bars(BARS[:1], axis_label="deel").axes[0]
    (segment,) = next(part for part in axes.collections if isinstance(part, LineCollection)).get_segments()
    assert [point[0] for point in segment] == pytest.approx([0.030, 0.032])


def test_bars_are_painted_in_the_colours_of_the_house() -> None:
    figure = draw_bars(BARS, axis_label="deel")
    assert close_to(colour_at(figure, 0.015, 0), ACCENT)
    assert close_to(colour_at(figure, 0.004, 1), PART)
    assert close_to(colour_at(figure, 0.025, 1.5), "white")


def test_counts_stand_beside_their_bars_and_hidden_ones_as_a_dash() -> None:
    figure = draw_counts(
        [CountBar("vanaf 5", 1076, 31), CountBar("vanaf 30", None, None, "–", "–")],
        axis_label="aantal leerlingen",
        count_label="aan of over de grens",
        near_label="dicht bij de grens",
    )
    found = texts(figure)
    assert {"1.076", "31", "–", "aan of over de grens", "dicht bij de grens"} <= set(found)
    assert [bar.get_width() for bar in figure.axes[0].patches] == [1076, 0, 31, 0]
    assert close_to(colour_at(figure, 500, -0.19), ACCENT)


def test_intervals_keep_the_order_given_and_group_by_year() -> None:
    groups = [("1e jaar", [Bar("1A1", 0.05, 0.04, 0.06), Bar("1B1", None)]), ("2e jaar", [Bar("2A1", 0.03, 0.02, 0.04)])]
    figure = draw_intervals(groups, axis_label="gemist", reference=0.045, reference_label="hele school")
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts if text.get_rotation() == 90] == ["1A1", "1B1", "2A1"]
    assert {"1e jaar", "2e jaar", "hele school"} <= set(texts(figure))
    (dots,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert dict(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == {0: 0.05, 3: 0.03}
    assert close_to(colour_at(figure, 3, 0.036), ACCENT)


MONDAY = date(2025, 10, 6)
HOLIDAY = Holiday("Herfstvakantie", date(2025, 10, 27), date(2025, 11, 2))


def some_weeks(first: date, values: list[float | None], *, provisional: int = 0) -> tuple[Week, ...]:
    return tuple(
        Week(
            first + timedelta(days=7 * place),
            value,
            None if value is None else value - 0.01,
            None if value is None else value + 0.01,
            place >= len(values) - provisional,
        )
        for place, value in enumerate(values)
    )


def test_a_week_without_class_breaks_the_line() -> None:
    weeks = some_weeks(MONDAY, [0.04, 0.05, 0.06, None, 0.05, 0.04])
    axes = draw_weeks([WeekSeries("2025-2026", weeks, current=True)], [HOLIDAY], axis_label="gemist").axes[0]
    lines = [list(line.get_ydata()) for line in axes.lines if line.get_marker() == "o"]
    assert lines == [[0.04, 0.05, 0.06], [0.05, 0.04]]


def test_the_year_before_lies_under_the_same_weeks() -> None:
    now = WeekSeries("2025-2026", some_weeks(MONDAY, [0.04, 0.05]), current=True)
    before = WeekSeries("2024-2025", some_weeks(MONDAY - timedelta(days=364), [0.06, 0.07]))
    figure = draw_weeks([before, now], [], axis_label="gemist")
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    assert list(lines["2024-2025"].get_xdata()) == list(lines["2025-2026"].get_xdata())
    assert lines["2024-2025"].get_color() == EARLIER
    assert lines["2024-2025"].get_linewidth() < lines["2025-2026"].get_linewidth()


def test_holidays_are_shaded_and_named_and_provisional_weeks_are_open_marks() -> None:
    weeks = some_weeks(MONDAY, [0.04, 0.05, 0.06, None, 0.05], provisional=1)
    figure = draw_weeks([WeekSeries("2025-2026", weeks, current=True)], [HOLIDAY], axis_label="gemist")
    assert {"herfst", "okt", "voorlopig"} <= set(texts(figure))
    shade = colour_at(figure, (date(2025, 10, 30) - MONDAY).days, 0.002)
    assert close_to(shade, "#e7eaed")
    assert close_to(colour_at(figure, (date(2025, 10, 8) - MONDAY).days, 0.04), ACCENT)


def test_a_grid_shows_its_numbers_and_darkens_with_the_rate() -> None:
    cells = [[Cell(0.04), Cell(0.08)], [Cell(None, "geen les"), Cell(None, "niet getoond")]]
    figure = draw_heat_map(["voormiddag", "namiddag"], ["maandag", "dinsdag"], cells)
    assert {"4,0\u00a0%", "8,0\u00a0%", "geen les", "niet getoond", "maandag", "namiddag"} <= set(texts(figure))
    light, dark = colour_at(figure, 0.2, 0.2), colour_at(figure, 1.2, 0.2)
    assert sum(light) > sum(dark) + 200


def test_a_grid_with_equal_rates_and_one_with_none_can_be_drawn() -> None:
    assert to_png(draw_heat_map(["VM"], ["ma", "di"], [[Cell(0.05), Cell(0.05)]]))
    assert to_png(draw_heat_map(["VM"], ["ma"], [[Cell(None, "geen les")]]))
