"""The radar in a few centimetres: the same values as the large one, without the letters."""

from __future__ import annotations

import pytest

from stslib.charts.small_radar import INCHES, draw_small_radar
from stslib.charts.style import ACCENT, TARGET
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import Score


def a_radar(*series: tuple[Score, ...], targets: tuple[int | None, ...] | None = None) -> Radar:
    count = len(series[0])
    return Radar(
        title="Fase",
        axes=tuple(f"as {index}" for index in range(count)),
        series=tuple(
            ScoreSeries(label=str(place), scores=scores, current=place == len(series) - 1)
            for place, scores in enumerate(series)
        ),
        targets=targets or (None,) * count,
    )


def marks(radar: Radar, colour: str) -> list[tuple[float, float]]:
    axes = draw_small_radar(radar).axes[0]
    found = [
        line for line in axes.lines if line.get_marker() not in ("None", "") and colour in (line.get_color(), line.get_mec())
    ]
    return [(round(float(line.get_xdata()[0]), 1), round(float(line.get_ydata()[0]), 1)) for line in found]


def test_each_number_has_a_mark_at_its_height_and_what_is_no_number_has_none() -> None:
    assert marks(a_radar((4, "unknown", 8, 0)), ACCENT) == [(0.0, 4.0), (0.0, -8.0), (0.0, 0.0)]


def test_a_target_has_a_mark_of_its_own() -> None:
    assert marks(a_radar((4, 4, 4, 4), targets=(9, None, None, None)), TARGET) == [(0.0, 9.0)]


def test_only_this_session_and_the_one_before_it_are_drawn() -> None:
    few = draw_small_radar(a_radar((1, 1, 1), (2, 2, 2)))
    many = draw_small_radar(a_radar((9, 9, 9), (8, 8, 8), (1, 1, 1), (2, 2, 2)))
    assert len(many.axes[0].lines) == len(few.axes[0].lines)


def test_axes_are_numbered_from_one_and_the_picture_keeps_its_size() -> None:
    figure = draw_small_radar(a_radar((1, 2, 3, 4, 5)))
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "2", "3", "4", "5"]
    assert tuple(figure.get_size_inches()) == (INCHES, INCHES)


@pytest.mark.parametrize("count", [2, 8])
def test_a_radar_needs_three_to_seven_axes(count: int) -> None:
    with pytest.raises(ValueError, match=f"not {count}"):
        draw_small_radar(a_radar(tuple(range(count))))
