"""What each policy hides, and that nothing hidden follows from what is shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.disclosure import check_policy, complement, protect_record, protect_room, protect_thresholds
from stslib.errors import DatasetError


def table(rows, by=("class",)):
    frame = pd.DataFrame(rows, columns=[*by, "half_days_missed", "pupils"])
    frame["half_days_possible"] = frame["pupils"] * 300
    for name in ("rate", "rate_low", "rate_high"):
        frame[name] = frame["half_days_missed"] / frame["half_days_possible"]
    return frame


def shown(frame, column="half_days_missed"):
    return [None if pd.isna(value) else value for value in frame[column]]


def test_in_the_room_groups_under_five_pupils_show_no_number():
    frame = protect_room(table([("1A", 30, 20), ("1B", 0, 4), ("1C", 2, 5)]))
    assert shown(frame) == [30, None, 2]
    for column in ("rate", "rate_low", "rate_high", "pupils", "half_days_possible"):
        assert pd.isna(frame[column][1])
    assert frame["suppressed"].tolist() == [False, True, False]


def test_a_policy_leaves_the_frame_it_was_given_alone():
    frame = table([("1A", 30, 20), ("1B", 0, 4)])
    before = frame.copy()
    protect_room(frame)
    protect_record(frame, ["class"], count="half_days_missed")
    pd.testing.assert_frame_equal(frame, before)


def test_the_record_hides_counts_from_one_to_four_and_rates_of_small_groups():
    frame = protect_record(
        table([("1A", 30, 20), ("1B", 3, 20), ("1C", 9, 9), ("1D", 0, 20), ("1E", 40, 20), ("1F", 0, 3)]),
        ["class"],
        count="half_days_missed",
    )
    assert shown(frame)[1:3] == [None, None]
    assert shown(frame)[3] == 0
    assert shown(frame)[5] is None
    assert shown(frame, "pupils") == [20, 20, 9, 20, 20, None]


def test_one_hidden_cell_takes_another_with_it():
    frame = protect_record(table([("1A", 30, 20), ("1B", 3, 20), ("1C", 12, 20)]), ["class"], count="half_days_missed")
    assert shown(frame) == [30, None, None]


def test_totals_of_coarser_groups_in_other_tables_are_reckoned_with():
    rows = [("1A", 30, 20), ("1B", 3, 20), ("2A", 4, 20), ("2B", 25, 20)]
    parents = {"class": {name: {"grade": name[0]} for name, *_ in rows}}
    alone = protect_record(table(rows), ["class"], count="half_days_missed")
    with_grades = protect_record(table(rows), ["class"], count="half_days_missed", parents=parents)
    assert shown(alone) == [30, None, None, 25]
    assert shown(with_grades) == [None, None, None, None]


def test_late_arrivals_are_in_no_total_of_absence():
    rows = [("unlawful", 30, 20), ("lawful", 3, 20), ("open", 20, 20), ("late", 50, 20)]
    frame = protect_record(table(rows, ["status"]), ["status"], count="half_days_missed")
    assert shown(frame) == [30, None, None, 50]


def test_a_table_without_small_numbers_is_shown_whole():
    rows = [(a, b, 20 + n, 30) for n, (a, b) in enumerate(product("123", "xy"))]
    frame = protect_record(table(rows, ("grade", "half")), ["grade", "half"], count="half_days_missed")
    assert not frame["suppressed"].any()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_hidden_count_follows_from_the_margins(data):
    """Another table with the same shown cells and totals exists for every hidden count, if there is a cell left to hide."""
    height, width = data.draw(st.integers(2, 4)), data.draw(st.integers(2, 4))
    counts = data.draw(st.lists(st.integers(0, 30), min_size=height * width, max_size=height * width))
    primary = [0 < count < 5 for count in counts]
    rows = [[r * width + c for c in range(width)] for r in range(height)]
    columns = [[r * width + c for r in range(height)] for c in range(width)]
    totals = [*rows, *columns, list(range(height * width))]
    hidden = complement(counts, primary, totals)
    assert all(h or not p for h, p in zip(hidden, primary, strict=True))
    places = [i for i, h in enumerate(hidden) if h]
    if not places:
        return
    lines = [line for line in totals if sum(counts[i] for i in line) >= 5]
    matrix = np.array([[1.0 if place in line else 0.0 for place in places] for line in lines]).reshape(len(lines), len(places))
    for number, place in enumerate(places):
        if not primary[place]:
            continue
        unit = np.zeros(len(places))
        unit[number] = 1.0
        follows = np.linalg.matrix_rank(np.vstack([matrix, unit])) == np.linalg.matrix_rank(matrix) if len(lines) else False
        others = [i for line in lines if place in line for i in line if not hidden[i] and counts[i] > 0]
        assert not follows or not others


def threshold_table(over, near, pupils=400):
    return pd.DataFrame(
        {
            "school_year": "2025-2026",
            "threshold": [f"b-{n}" for n in range(len(over))],
            "unit": "x",
            "pupils_over": over,
            "pupils_near": near,
            "pupils": pupils,
            "_family": "year",
        }
    )


def test_thresholds_in_the_record_show_no_small_number_and_no_small_difference():
    frame = protect_thresholds(threshold_table([40, 38, 20, 3], [6, 2, 0, 9]), "record")
    assert shown(frame, "pupils_over") == [40, None, 20, None]
    assert shown(frame, "pupils_near") == [6, None, 0, 9]


def test_thresholds_of_a_tiny_school_are_not_shown_in_the_room():
    frame = protect_thresholds(threshold_table([2], [1], pupils=4), "room")
    assert shown(frame, "pupils_over") == [None]
    assert shown(protect_thresholds(threshold_table([20], [6]), "room"), "pupils_over") == [20]


def test_one_to_four_pupils_over_or_near_a_threshold_are_a_small_group_in_the_room_too():
    frame = protect_thresholds(threshold_table([40, 4, 0], [3, 5, 0]), "room")
    assert shown(frame, "pupils_over") == [40, None, 0]
    assert shown(frame, "pupils_near") == [None, 5, 0]


def test_pupils_under_a_threshold_are_not_told_as_all_less_those_over_it():
    frame = protect_thresholds(threshold_table([398, 200], [0, 0]), "record")
    assert shown(frame, "pupils_over") == [None, 200]


def test_policies_are_known_by_name():
    assert check_policy(None) == "none"
    with pytest.raises(DatasetError, match="none, room, record"):
        check_policy("shared")
