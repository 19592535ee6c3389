"""Tables that count pupils: small numbers, and what sums tell of them."""

from __future__ import annotations

import pandas as pd
import pytest
from absences.disclosure.auditing import reckoned
from hypothesis import given, settings
from hypothesis import strategies as st

from stslib.absences.disclosure import protect_counts, protect_thresholds


def shown(frame, column="pupils"):
    return [None if pd.isna(value) else value for value in frame[column]]


def counted(*pupils):
    return pd.DataFrame({"pupils": pupils, "share": [0.5] * len(pupils)})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("none", [3, 0, 12, 40]), ("room", [None, 0, 12, 40]), ("record", [None, 0, None, 40]), ("shared", [None, 0, 10, 40])],
)
def test_each_policy_hides_its_small_numbers(policy, expected):
    frame = protect_counts(counted(3, 0, 12, 40), ["pupils"], policy, derived=["share"])
    assert shown(frame) == expected
    assert all(share is None for share, count in zip(shown(frame, "share"), expected, strict=True) if count is None)
    if policy == "shared":
        assert frame["share"].isna().all()


def test_a_few_pupils_in_two_hidden_rows_do_not_follow_together():
    assert shown(protect_counts(counted(1, 2, 12, 40), ["pupils"], "record")) == [None, None, None, 40]


def test_without_a_known_sum_only_the_small_number_is_hidden():
    assert shown(protect_counts(counted(3, 0, 12, 40), ["pupils"], "record", within=())) == [None, 0, 12, 40]


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_no_hidden_number_of_pupils_follows_from_the_sums_over_groups_and_over_bands(height, width, data):
    numbers = data.draw(st.lists(st.integers(0, 20), min_size=height * width, max_size=height * width))
    frame = pd.DataFrame({"grade": [n // width for n in range(len(numbers))], "band": [n % width for n in range(len(numbers))]})
    frame = frame.assign(pupils=numbers)
    protected = shown(protect_counts(frame, ["pupils"], "record", within=((), ("grade",), ("band",))))
    assert all(one is None or one == number for one, number in zip(protected, numbers, strict=True))
    sums = [tuple(frame.index[frame["grade"] == n]) for n in range(height)]
    sums += [tuple(frame.index[frame["band"] == n]) for n in range(width)] + [tuple(frame.index)]
    known = {rows for rows in sums if not 0 < sum(numbers[row] for row in rows) < 5}
    known |= {(row,) for row, number in enumerate(protected) if number is not None}
    hidden = [(row,) for row, number in enumerate(protected) if number is None]
    told = reckoned(numbers, [100] * len(numbers), sorted(known), hidden)
    lonely = reckoned(numbers, [100] * len(numbers), sorted(rows for rows in known if rows in sums), hidden)
    assert set(told) <= set(lonely), "only what the sums tell by themselves"


def thresholds(over, near, pupils, **columns):
    return pd.DataFrame(
        {
            "school_year": "2025-2026", "threshold": [f"b-{n % 2}" for n in range(len(over))], "unit": "x", "_family": "y",
            "pupils_over": over, "pupils_near": near, "pupils": pupils, **columns,
        }
    )  # fmt: skip


def test_thresholds_by_group_do_not_follow_from_those_of_the_school():
    frame = thresholds([30, 12, 20, 6, 3, 0], [0] * 6, [60, 60, 50, 50, 40, 40], grade=list("112233"))
    protected = protect_thresholds(frame, "record", by=["grade"])
    assert shown(protected, "pupils_over") == [30, 12, None, 6, None, 0]


def test_a_threshold_that_cannot_be_told_stays_without_a_number():
    frame = thresholds([20, None], [None, 6], [60, 60])
    for policy in ("room", "record"):
        assert shown(protect_thresholds(frame, policy), "pupils_over") == [20, None]
        assert shown(protect_thresholds(frame, policy), "pupils_near") == [None, 6]


def test_thresholds_across_schools_are_rounded_and_need_five_schools():
    frame = thresholds([33, 7], [12, 0], [401, 401], schools=[5, 5])
    protected = protect_thresholds(frame, "shared")
    assert (shown(protected, "pupils_over"), shown(protected, "pupils_near")) == ([35, None], [10, 0])
    assert shown(protected) == [400, 400]
    assert shown(protect_thresholds(frame.assign(schools=4), "shared"), "pupils_over") == [None, None]
