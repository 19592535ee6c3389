from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.charts.dot_plot import draw_dot_plot
from stslib.charts.radar import AXIS, describe_radar, draw_radar, drawn_data, looks_of, score_text, wrap_label
from stslib.charts.style import to_png
from stslib.model.radar import Radar, ScoreSeries
from stslib.model.session import Score

AXES = ("Klimaat", "Kleuters", "Inschrijving en onthaal", "Registratie", "Opvolging", "Data", "Samenwerking")


def a_radar(*now: Score, earlier: tuple[tuple[Score, ...], ...] = (), targets: tuple[int | None, ...] | None = None) -> Radar:
    before = (ScoreSeries(label=f"0{number + 1}/09/2025", scores=scores) for number, scores in enumerate(earlier))
    return Radar(
        title="Fase 0: Brede basiszorg",
        axes=AXES[: len(now)],
        series=(*before, ScoreSeries(label="03/11/2026", scores=now, current=True)),
        targets=targets or (None,) * len(now),
    )


def with_aspects(*sessions: tuple[tuple[Score, ...], tuple[Score, ...]]) -> Radar:
    """One session per argument, oldest first: the scores of draaglast and those of draagkracht."""
    series = [
        ScoreSeries(label=f"0{number + 1}/09/2025", scores=scores, current=number == len(sessions) - 1, aspect=aspect)
        for number, session in enumerate(sessions)
        for aspect, scores in zip(("Draaglast", "Draagkracht"), session, strict=True)
    ]
    count = len(sessions[0][0])
    return Radar(title="Breed kijken", axes=AXES[:count], series=tuple(series), targets=(None,) * count)


def legend_of(radar: Radar) -> list[str]:
    (legend,) = draw_radar(radar).legends
    return [text.get_text() for text in legend.get_texts() if text.get_text().strip()]


def order_from_top(radar: Radar) -> list[str]:
    axes = draw_dot_plot(radar).axes[0]
    labels = [text for text in axes.texts if (text.get_gid() or "").startswith(AXIS)]
    return [label.get_text() for label in sorted(labels, key=lambda label: label.get_position()[1])]


def test_every_number_stands_at_its_value() -> None:
    drawn = drawn_data(draw_radar(a_radar(6, 0, 10, 3, earlier=((1, 2, 3, 4),), targets=(8, None, None, 3))))
    assert drawn.axes == AXES[:4]
    assert [series.label for series in drawn.series] == ["01/09/2025", "03/11/2026"]
    assert drawn.series[0].points == dict(zip(AXES, (1, 2, 3, 4), strict=False))
    assert drawn.series[1].points == dict(zip(AXES, (6, 0, 10, 3), strict=False))
    assert drawn.targets == {"Klimaat": 8, "Registratie": 3}


def test_the_first_axis_points_up_and_the_next_is_clockwise() -> None:
    axes = draw_radar(a_radar(10, 10, 10, 10)).axes[0]
    marks = {line.get_gid(): line.get_xydata()[0] for line in axes.lines if (line.get_gid() or "").count(":") == 2}
    assert marks["serie:0:0"] == pytest.approx((0, 10), abs=1e-9)
    assert marks["serie:0:1"] == pytest.approx((10, 0), abs=1e-9)


@pytest.mark.parametrize("missing", ["unknown", "not_applicable", None])
def test_what_is_no_number_is_a_gap_in_the_line_and_said_in_words(missing: Score) -> None:
    figure = draw_radar(a_radar(6, missing, 4, 5, 5))
    drawn = drawn_data(figure)
    assert "Kleuters" not in drawn.series[0].points
    axes = figure.axes[0]
    strokes = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 3]
    assert len(strokes) == 3
    assert not any(math.isclose(math.hypot(*point), 0, abs_tol=1e-9) for line in strokes for point in line.get_xydata())
    assert score_text(missing) in [text.get_text() for text in axes.texts]


def test_a_number_between_two_gaps_is_drawn_alone() -> None:
    drawn = drawn_data(draw_radar(a_radar(None, 4, None, 5, None, None)))
    assert drawn.series[0].points == {"Kleuters": 4, "Registratie": 5}


@pytest.mark.parametrize("count", [0, 1, 2, 8])
def test_too_few_or_too_many_axes_are_drawn_as_rows_with_the_same_values(count: int) -> None:
    names = tuple(f"Schaal {number}" for number in range(count))
    radar = Radar(
        title="Fase",
        axes=names,
        series=(ScoreSeries(label="nu", scores=tuple(range(count)), current=True),),
        targets=(None,) * count,
    )
    drawn = drawn_data(draw_radar(radar))
    assert drawn.axes == names
    assert drawn.series[0].points == dict(zip(names, range(count), strict=True))


_SCORES = st.one_of(st.integers(0, 10), st.sampled_from(["unknown", "not_applicable", None]))


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 7).flatmap(lambda count: st.tuples(*[st.tuples(*[_SCORES] * count)] * 3)))
def test_radar_and_dot_plot_show_the_same_numbers(sessions: tuple[tuple[Score, ...], ...]) -> None:
    radar = a_radar(*sessions[0], earlier=sessions[1:])
    in_radar, in_rows = drawn_data(draw_radar(radar)), drawn_data(draw_dot_plot(radar))
    expected = [
        {axis: value for axis, value in zip(radar.axes, series.values(), strict=True) if value is not None}
        for series in radar.series
    ]
    assert [series.points for series in in_radar.series] == expected
    assert [series.points for series in in_rows.series] == expected


def test_the_dot_plot_goes_from_low_to_high_and_ends_with_what_has_no_number() -> None:
    assert order_from_top(a_radar(6, "unknown", 2, None, 6)) == [
        "Inschrijving en onthaal",
        "Klimaat",
        "Opvolging",
        "Kleuters",
        "Registratie",
    ]


def test_the_description_holds_every_value_of_every_session() -> None:
    text = describe_radar(a_radar(7, "unknown", None, earlier=((3, "not_applicable", 4),), targets=(9, None, None)))
    assert text == (
        "Scores van 0 tot 10, Fase 0: Brede basiszorg. "
        "Deze sessie (03/11/2026): Klimaat 7; Kleuters weet niet; Inschrijving en onthaal niet besproken. "
        "Eerder (01/09/2025): Klimaat 3; Kleuters niet van toepassing; Inschrijving en onthaal 4. "
        "Streefdoel: Klimaat 9."
    )


def test_a_phase_without_scales_is_described_as_such() -> None:
    assert "geen schalen" in describe_radar(a_radar())


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("Registratie", "Registratie"),
        ("Kleuterparticipatie", "Kleuterparticipatie"),
        ("Inschrijving en onthaal", "Inschrijving\nen onthaal"),
        ("Data en monitoring", "Data en\nmonitoring"),
    ],
)
def test_long_labels_are_split_where_both_lines_come_out_alike(label: str, lines: str) -> None:
    assert wrap_label(label) == lines


@pytest.mark.parametrize("longest", ["Kleuterparticipatiebelei", "Kijken vanuit de binding"])
def test_no_label_is_cut_off_by_the_edge_of_the_picture(longest: str) -> None:
    radar = Radar(
        title="Fase",
        axes=(longest,) * 7,
        series=(ScoreSeries(label="nu", scores=("not_applicable",) * 7, current=True),),
        targets=(None,) * 7,
    )
    figure = draw_radar(radar)
    to_png(figure)
    edge = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= edge.x0
        assert box.x1 <= edge.x1
        assert box.y0 >= edge.y0
        assert box.y1 <= edge.y1


# -- many sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 5, 6, 12])
def test_any_number_of_sessions_is_drawn_with_every_value(count: int) -> None:
    sessions = [tuple((start + step) % 11 for step in range(5)) for start in range(count)]
    radar = a_radar(*sessions[-1], earlier=tuple(sessions[:-1]))
    for figure in (draw_radar(radar), draw_dot_plot(radar)):
        drawn = drawn_data(figure)
        assert [tuple(series.points.values()) for series in drawn.series] == sessions
        to_png(figure)


def test_older_sessions_are_lighter_thinner_and_smaller() -> None:
    looks = looks_of(a_radar(5, 5, 5, earlier=((1, 1, 1),) * 11))
    assert [look.age for look in looks] == list(range(11, -1, -1))
    assert [look.width for look in looks] == sorted(look.width for look in looks)
    assert [look.size for look in looks] == sorted(look.size for look in looks)
    darkness = [sum(255 - int(look.colour[start : start + 2], 16) for start in (1, 3, 5)) for look in looks]
    assert darkness == sorted(darkness)


def test_the_legend_names_five_sessions_and_counts_the_rest() -> None:
    assert legend_of(a_radar(5, 5, 5, earlier=((1, 2, 3),) * 4)) == [
        "03/11/2026 (nu)", "02/09/2025", "04/09/2025", "01/09/2025", "03/09/2025",
    ]  # fmt: skip
    many = legend_of(a_radar(5, 5, 5, earlier=((1, 2, 3),) * 9))
    assert len(many) == 5
    assert "6 eerder, vanaf 01/09/2025" in many


@pytest.mark.parametrize("count", [1, 3, 5, 12])
def test_no_legend_runs_over_the_edge_or_into_the_picture(count: int) -> None:
    plain = a_radar(5, 5, 5, earlier=((1, 2, 3),) * (count - 1), targets=(7, None, None))
    double = with_aspects(*[((5, 5, 5), (2, 2, 2))] * count).model_copy(update={"targets": (7, None, None)})
    for radar in (plain, double):
        for figure in (draw_radar(radar), draw_dot_plot(radar)):
            to_png(figure)
            (legend,) = figure.legends
            box = legend.get_window_extent()
            assert box.x0 >= figure.bbox.x0
            assert box.x1 <= figure.bbox.x1
            assert box.y1 <= figure.axes[0].get_window_extent().y0 + 1


def test_the_description_of_many_sessions_tells_the_oldest_by_their_days() -> None:
    text = describe_radar(a_radar(5, 5, 5, earlier=tuple((number, 0, 0) for number in range(9))))
    assert text.count("Eerder") == 3
    assert "Nog 6 sessies daarvoor, van 01/09/2025 tot 06/09/2025, staan in de tabel." in text


# -- aspects ---------------------------------------------------------------------------------------------------------------


def test_each_aspect_has_a_colour_a_mark_and_a_line_of_its_own() -> None:
    looks = [look for look in looks_of(with_aspects(((1, 1, 1), (2, 2, 2)), ((3, 3, 3), (4, 4, 4)))) if look.newest]
    assert len({look.colour for look in looks}) == 2
    assert len({look.marker for look in looks}) == 2
    assert len({str(look.dashes) for look in looks}) == 2


def test_an_earlier_session_keeps_the_mark_of_its_aspect_in_a_lighter_colour() -> None:
    before, _, now, _ = looks_of(with_aspects(((1, 1, 1), (2, 2, 2)), ((3, 3, 3), (4, 4, 4))))
    assert (before.marker, before.dashes) == (now.marker, now.dashes)
    assert before.colour > now.colour


def test_aspects_with_equal_values_do_not_cover_each_other_and_stay_at_their_value() -> None:
    radar = with_aspects(((4, 0, 10, 7, 5), (4, 0, 10, 6, None)))
    figure = draw_radar(radar)
    axes = figure.axes[0]
    marks = {line.get_gid(): tuple(line.get_xydata()[0]) for line in axes.lines if (line.get_gid() or "").count(":") == 2}
    for index in range(4):
        assert math.dist(marks[f"serie:0:{index}"], marks[f"serie:1:{index}"]) > 1.2
    for drawn in (drawn_data(figure), drawn_data(draw_dot_plot(radar))):
        assert [series.label for series in drawn.series] == ["Draaglast, 01/09/2025", "Draagkracht, 01/09/2025"]
        assert list(drawn.series[0].points.values()) == [4, 0, 10, 7, 5]
        assert list(drawn.series[1].points.values()) == [4, 0, 10, 6]


def test_only_the_aspect_without_a_number_is_named_beside_its_axis() -> None:
    axes = draw_radar(with_aspects(((4, "unknown", None), ("unknown", "unknown", 5)))).axes[0]
    told = [text.get_text() for text in axes.texts]
    assert "Draagkracht: weet niet" in told
    assert "weet niet" in told
    assert "Draaglast: niet besproken" in told


def test_the_description_tells_each_aspect_apart() -> None:
    assert describe_radar(with_aspects(((1, 2, 3), (4, 5, None)), ((6, 7, 8), (9, 10, 0)))) == (
        "Scores van 0 tot 10, Breed kijken. "
        "Deze sessie (02/09/2025), Draaglast: Klimaat 6; Kleuters 7; Inschrijving en onthaal 8. "
        "Deze sessie (02/09/2025), Draagkracht: Klimaat 9; Kleuters 10; Inschrijving en onthaal 0. "
        "Eerder (01/09/2025), Draaglast: Klimaat 1; Kleuters 2; Inschrijving en onthaal 3. "
        "Eerder (01/09/2025), Draagkracht: Klimaat 4; Kleuters 5; Inschrijving en onthaal niet besproken."
    )


def test_the_rows_of_a_plot_with_aspects_keep_their_order() -> None:
    assert order_from_top(with_aspects(((9, 1, 5), (1, 9, 5)))) == list(AXES[:3])


def test_the_legend_of_aspects_tells_every_session() -> None:
    sessions = [((1, 1, 1), (2, 2, 2))] * 4
    assert legend_of(with_aspects(*sessions)) == [
        "Draaglast, 04/09/2025 (nu)", "Draagkracht, 04/09/2025 (nu)", "03/09/2025", "03/09/2025",
        "2 eerder, vanaf 01/09/2025", "2 eerder, vanaf 01/09/2025",
    ]  # fmt: skip
