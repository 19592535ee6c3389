"""What a picture shows is what it was given: read back from what was drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from charts.picture_checks import words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from stslib.charts.axes import PercentTicks, columns_for
from stslib.charts.distribution import Band, Carried, draw_bands, draw_distribution
from stslib.charts.funnel import FunnelLimit, FunnelPoint, draw_funnel
from stslib.charts.labels import spread
from stslib.charts.lines import Week, WeekSeries, draw_weeks
from stslib.charts.run_chart import RunPoint, draw_run_chart
from stslib.charts.school_year import Holiday, Mark, month_starts
from stslib.charts.shades import LIGHT_TO_DARK, Shades
from stslib.charts.spells import SpellLength, draw_spells
from stslib.charts.week_grid import DayRate, draw_week_grid
from stslib.charts.year_calendar import draw_year_calendar
from stslib.charts.years import YearLine, draw_years

MONDAY = date(2025, 9, 1)
WEEK = [DayRate(MONDAY + timedelta(days=day), rate) for day, rate in enumerate((0.02, 0.05, 0.0, None, 0.11))]


def by_gid(figure: Figure, gid: str) -> list[Line2D]:
    return [line for line in figure.axes[0].lines if line.get_gid() == gid]


def xy(line: Line2D) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)]


def squares(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_gid()]


def test_every_day_of_a_grid_stands_in_its_week_and_on_its_weekday() -> None:
    later = DayRate(MONDAY + timedelta(days=8), 0.07)
    axes = draw_week_grid([*WEEK, later]).axes[0]
    found = {(int(square.get_x()), int(square.get_y())): square.get_gid() for square in squares(axes)}
    assert found == {(0, 0): "0.02", (0, 1): "0.05", (0, 2): "0.0", (0, 3): "hidden", (0, 4): "0.11", (1, 1): "0.07"}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["ma", "di", "wo", "do", "vr"]


def test_a_higher_rate_is_never_lighter_and_a_hidden_day_is_hatched() -> None:
    axes = draw_week_grid(WEEK).axes[0]
    shown = sorted((float(one.get_gid()), sum(one.get_facecolor()[:3])) for one in squares(axes) if one.get_gid() != "hidden")
    assert [light for _, light in shown] == sorted((light for _, light in shown), reverse=True)
    (hidden,) = [one for one in squares(axes) if one.get_gid() == "hidden"]
    assert hidden.get_hatch()


def test_a_long_holiday_has_its_name_and_a_loose_free_day_has_none() -> None:
    days = [DayRate(day, 0.05) for week in range(4) if week != 1 for day in [MONDAY + timedelta(days=7 * week)]]
    autumn = Holiday("Herfstvakantie", MONDAY + timedelta(days=7), MONDAY + timedelta(days=13))
    loose = Holiday("Vrije dag", MONDAY + timedelta(days=15), MONDAY + timedelta(days=15))
    for figure in (draw_week_grid(days, [autumn, loose]), draw_year_calendar(days, [autumn, loose])):
        assert "herfst" in words(figure)
        assert "vrije dag" not in words(figure)


@pytest.mark.parametrize("draw", [draw_week_grid, draw_year_calendar])
def test_a_day_of_the_weekend_and_a_day_given_twice_are_refused(draw: object) -> None:
    for wrong in ([DayRate(date(2025, 9, 6), 0.1)], [WEEK[0], WEEK[0]]):
        with pytest.raises(ValueError, match="class day"):
            draw(wrong)


def test_a_calendar_has_every_day_under_its_weekday_and_frames_the_last_and_the_marked() -> None:
    figure = draw_year_calendar(WEEK, last_day=WEEK[-1].day, marks=[Mark(WEEK[1].day, "start van het plan")])
    axes = figure.axes[0]
    drawn = [one for one in squares(axes) if not str(one.get_gid()).startswith("frame")]
    assert [int(one.get_x()) for one in drawn] == [0, 1, 2, 3, 4]
    frames = {str(one.get_gid()): int(one.get_x()) for one in squares(axes) if str(one.get_gid()).startswith("frame")}
    assert frames == {"frame:2025-09-05": 4, "frame:2025-09-02": 1}
    assert "Rood omkaderd: start van het plan (02/09/2025)" in words(figure)
    assert "laatste dag: 05/09/2025" in words(figure)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200))
def test_shades_part_any_rates_in_order_with_a_name_for_each(rates: list[float]) -> None:
    shades = Shades.of(rates)
    paints = [LIGHT_TO_DARK.index(shades.paint(rate)) for rate in sorted(rates)]
    assert paints == sorted(paints)
    assert len(shades.paints) == len(shades.names(max(rates))) == len(shades.limits) + 1
    assert list(shades.limits) == sorted(set(shades.limits))


def test_one_extreme_day_does_not_make_all_others_look_alike() -> None:
    shades = Shades.of([0.04 + 0.001 * place for place in range(60)] + [0.9])
    assert len({shades.paint(0.04 + 0.001 * place) for place in range(60)}) >= 3


def test_the_point_where_half_is_carried_is_marked_and_named() -> None:
    figure = draw_distribution([Carried(0.08, 0.5), Carried(0.5, 0.9), Carried(1.0, 1.0)], half=0.08)
    (point,) = by_gid(figure, "half")
    assert xy(point) == [(0.08, 0.5)]
    assert "8\u00a0% van de leerlingen\ndraagt de helft" in words(figure)


def test_a_hidden_half_is_not_marked() -> None:
    figure = draw_distribution([Carried(0.5, 0.9), Carried(1.0, 1.0)], half=None)
    assert not by_gid(figure, "half")
    assert not any("helft" in text for text in words(figure))


def test_bands_are_as_long_as_their_share_and_carry_their_number() -> None:
    figure = draw_bands([Band("geen", 30, 0), Band("1 en meer", 10, 50)])
    assert [bar.get_width() for bar in figure.axes[0].patches] == [0.75, 0.25, 0, 1]
    assert {"30 (75\u00a0%)", "50 (100\u00a0%)"} <= set(words(figure))


def test_with_a_hidden_band_no_share_is_told_from_which_it_would_follow() -> None:
    found = words(draw_bands([Band("geen", 30), Band("1 en meer", None)]))
    assert "30" in found
    assert not any("%" in text for text in found)


def test_years_are_named_with_their_rate_on_the_day_that_is_compared() -> None:
    before = YearLine("2024-2025", ((1, 0.04), (2, 0.05), (3, 0.09)))
    now = YearLine("2025-2026", ((1, 0.06), (2, 0.07)), current=True)
    figure = draw_years([now, before])
    assert {"2024-2025: 5,0\u00a0%", "2025-2026: 7,0\u00a0%"} <= set(words(figure))
    assert xy(by_gid(figure, "at:2024-2025")[0]) == [(2, 0.05)]


def test_a_year_that_ended_before_the_day_says_how_far_it_goes() -> None:
    figure = draw_years([YearLine("2024-2025", ((1, 0.04),)), YearLine("2025-2026", ((1, 0.06), (2, 0.07)), current=True)])
    assert "2024-2025: tot dag 1" in words(figure)


WEEKS = [MONDAY + timedelta(days=7 * week) for week in range(5)]


def test_weeks_outside_the_limits_and_in_a_run_have_a_shape_of_their_own() -> None:
    signals = ("", "outside", "run", "run", "")
    points = [RunPoint(day, 0.05, 0.04, 0.06, signal) for day, signal in zip(WEEKS, signals, strict=True)]
    figure = draw_run_chart(points, centre=0.05, axis_label="gemist")
    places = {gid: [x for x, _ in xy(by_gid(figure, f"signal:{gid}")[0])] for gid in ("", "outside", "run")}
    assert places == {"": [2, 30], "outside": [9], "run": [16, 23]}
    assert {by_gid(figure, f"signal:{gid}")[0].get_marker() for gid in places} == {"o", "D", "s"}
    assert {"buiten de grenzen", "acht of meer weken na elkaar aan één kant"} <= set(words(figure))


def test_limits_follow_the_weeks_and_name_their_last_value() -> None:
    points = [RunPoint(day, 0.05, 0.05 - 0.01 * place, 0.05 + 0.01 * place) for place, day in enumerate(WEEKS)]
    figure = draw_run_chart(points, centre=0.05, axis_label="gemist")
    (high,) = by_gid(figure, "limit:high")
    assert [y for _, y in xy(high)][::2] == pytest.approx([0.05, 0.06, 0.07, 0.08, 0.09])
    assert {"bovengrens 9,0\u00a0%", "ondergrens 1,0\u00a0%", "gemiddelde 5,0\u00a0%"} <= set(words(figure))


def test_a_week_that_may_not_be_shown_is_a_cross_and_breaks_the_line() -> None:
    points = [RunPoint(day, None if place == 2 else 0.05) for place, day in enumerate(WEEKS)]
    figure = draw_run_chart(points, centre=None, axis_label="gemist")
    assert xy(by_gid(figure, "hidden")[0]) == [(16, 0)]
    lines = [len(line.get_xdata()) for line in figure.axes[0].lines if line.get_linewidth() == 1.8]
    assert lines == [2, 2]


def test_marks_are_numbered_in_order_of_time_and_explained() -> None:
    marks = [Mark(WEEKS[3], "gesprek met ouders"), Mark(WEEKS[1], "start van het plan"), Mark(date(2027, 1, 1), "later")]
    series = [WeekSeries("2025-2026", tuple(Week(day, 0.05) for day in WEEKS), current=True)]
    for figure in (
        draw_run_chart([RunPoint(day, 0.05) for day in WEEKS], centre=None, axis_label="gemist", marks=marks),
        draw_weeks(series, [], axis_label="gemist", marks=marks),
    ):
        told = "\n".join(words(figure))
        assert "1 = start van het plan (08/09/2025)\n2 = gesprek met ouders (22/09/2025)" in told
        assert "niet op deze lijn: later (01/01/2027)" in told
        upright = [line.get_xdata()[0] for line in figure.axes[0].lines if len(set(line.get_xdata())) == 1]
        assert {7, 21} <= set(upright)


LIMITS = [FunnelLimit(size, 0.03, 0.07, 0.02, 0.08) for size in (100, 500, 1000)]


def test_only_classes_outside_the_limits_are_named() -> None:
    points = [FunnelPoint("1A", 400, 0.05), FunnelPoint("1B", 500, 0.075, "95"), FunnelPoint("1C", 800, 0.2, "99.8")]
    figure = draw_funnel(points, LIMITS, centre=0.05, axis_label="gemist")
    assert {"1B", "1C"} <= set(words(figure))
    assert "1A" not in words(figure)
    assert {gid: xy(by_gid(figure, f"outside:{gid}")[0]) for gid in ("", "95", "99.8")} == {
        "": [(400, 0.05)],
        "95": [(500, 0.075)],
        "99.8": [(800, 0.2)],
    }


def test_a_funnel_counts_the_classes_that_it_may_not_show() -> None:
    points = [FunnelPoint("1A", 400, 0.05), FunnelPoint("1B", 90, None), FunnelPoint("1C", 80, None)]
    told = "\n".join(words(draw_funnel(points, LIMITS, centre=0.05, axis_label="gemist")))
    assert "2 groepen zijn te klein om te tonen" in told
    assert "1B" not in told


def test_spells_have_their_number_and_the_long_ones_stand_apart() -> None:
    figure = draw_spells(
        [SpellLength("1", 40), SpellLength("2", None), SpellLength("21 en meer", 6, long=True)], axis_label="dagen"
    )
    bars = [bar for bar in figure.axes[0].patches if str(bar.get_gid()).startswith("spells")]
    assert [bar.get_height() for bar in bars] == [40, 6]
    assert bars[1].get_x() - bars[0].get_x() > 2.5
    assert {"40", "6", "langdurig", "niet\ngetoond"} <= set(words(figure))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([0, 0.02, 0.04], ["0\u00a0%", "2\u00a0%", "4\u00a0%"]),
        ([0, 0.005, 0.01], ["0,0\u00a0%", "0,5\u00a0%", "1,0\u00a0%"]),
        ([0, 0.0005], ["0,00\u00a0%", "0,05\u00a0%"]),
        ([0.5], ["50\u00a0%"]),
    ],
)
def test_an_axis_has_as_many_decimals_as_its_steps_need(values: list[float], said: list[str]) -> None:
    assert PercentTicks().format_ticks(values) == said


@given(st.lists(st.floats(0, 400), min_size=1, max_size=12))
def test_labels_are_spread_and_stay_in_order_and_inside(wanted: list[float]) -> None:
    placed = spread(wanted, 20, 0, 400)
    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True))]
    assert all(after - before >= 20 - 1e-6 for before, after in zip(sorted(placed), sorted(placed)[1:], strict=False))
    assert min(placed) >= -1e-6
    assert max(placed) <= 400 + 1e-6
    assert ordered == pytest.approx(sorted(placed))


def test_labels_that_have_room_stay_where_they_are() -> None:
    assert spread([10, 200, 100], 20, 0, 400) == [10, 200, 100]


def test_a_key_has_as_many_columns_as_fit() -> None:
    assert columns_for(["a" * 10] * 4, 100) == 4
    assert columns_for(["a" * 10] * 4, 3) == 2
    assert columns_for(["a" * 100], 3) == 1


def test_months_start_with_the_month_of_the_first_day() -> None:
    assert month_starts(date(2025, 11, 10), date(2026, 1, 1)) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
