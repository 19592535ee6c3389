"""What the room and the tables of thresholds hide, and the names of the policies."""

from __future__ import annotations

import pandas as pd
import pytest

from stslib.absences.disclosure import check_policy, protect_room, protect_thresholds
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
    pd.testing.assert_frame_equal(frame, before)


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
