"""Lists of pupils show a count, and nothing of a pupil gets out by accident."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from datetime import date

import pandas as pd
import pytest
from absences.absence_factories import CODES
from absences.nasty_school import open_halves
from absences.open_tables import make_facts, open_in

from stslib.absences.signals.attention import rank_attention
from stslib.absences.signals.find import find_signals
from stslib.absences.signals.pupils import LiveOnly, told_count
from stslib.absences.signals.questions import LABELS
from stslib.errors import DatasetError

CANARIES = [str(7_340_017 + 1009 * number) for number in range(20)]
CLASS = "3DO"
DAYS = list(open_halves("2025-2026"))


@pytest.fixture(scope="module")
def tables():
    marks = {(pupil, day, "VM"): "Z" for n, pupil in enumerate(CANARIES) for day in DAYS[10 + n :: 9]}
    stays = [(pupil, CLASS, DAYS[0], DAYS[-1]) for pupil in CANARIES]
    return open_in("polars", [make_facts("2025-2026", marks, stays)])


@pytest.fixture(scope="module")
def signals(tables):
    return find_signals(tables, CODES, until=date(2026, 6, 30))


@pytest.fixture(params=["signals", "one signal", "order", "one place", "one part"])
def live(request, tables, signals) -> LiveOnly:
    order = rank_attention(tables, CODES, hard_to_reach={int(CANARIES[0])}, until=date(2026, 6, 30))
    place = order.rows()[0]
    return {
        "signals": signals, "one signal": signals.rows()[0], "order": order, "one place": place, "one part": place.parts[0],
    }[request.param]  # fmt: skip


def clean(text: str) -> bool:
    return not any(canary in text for canary in CANARIES) and CLASS not in text and "keer afwezig" not in text


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        format,
        "{:>90}".format,
        "{0!r} {0!s}".format,
        pprint.pformat,
        lambda one: one._repr_html_(),
        lambda one: repr([one]),
    ],
)
def test_its_text_says_nothing_of_a_pupil(live, show):
    text = show(live)
    assert text
    assert clean(text)


def test_what_a_notebook_shows_says_nothing_of_a_pupil(live):
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(live)
    assert set(data) == {"text/plain", "text/html"}
    assert clean(str(data) + str(metadata))


@pytest.mark.parametrize(
    "keep", [pickle.dumps, lambda one: pickle.dumps(one, protocol=0), copy.copy, copy.deepcopy, lambda one: pickle.dumps([one])]
)
def test_keeping_or_copying_it_is_refused_in_dutch(live, keep):
    with pytest.raises(DatasetError, match="wordt nergens bewaard") as caught:
        keep(live)
    assert clean("".join(traceback.format_exception(caught.value)))


@pytest.mark.parametrize("spill", [json.dumps, list, dict, vars, lambda one: [*one], lambda one: one.pupils])
def test_what_would_spill_its_rows_fails_without_saying_them(live, spill):
    with pytest.raises((TypeError, AttributeError)) as caught:
        spill(live)
    assert clean("".join(traceback.format_exception(caught.value)))


def test_json_with_a_way_out_writes_its_text(live):
    assert clean(json.dumps({"seen": live}, default=str))


def test_a_log_line_holds_a_count(live, caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("gevonden: %s", live)
    assert clean(caplog.text)


def test_the_rows_are_there_for_a_live_page_and_a_frame_for_a_colleague(signals):
    assert {str(row.pupil) for row in signals.rows()} == set(CANARIES)
    frame = signals.to_frame()
    assert set(map(str, frame["pupil"])) == set(CANARIES)
    assert list(frame.columns[:6]) == ["school", "pupil", "class", "signal", "question", "comparison"]
    assert set(frame["class"]) == {CLASS}
    assert len(frame) == len(signals)


def test_the_summary_has_a_row_for_every_signal_and_none_for_a_pupil(signals):
    frame = signals.summary()
    assert frame["signal"].tolist() == list(LABELS)
    for name, count in zip(frame["signal"], frame["pupils_with"], strict=True):
        assert count == len({row.pupil for row in signals.rows() if row.signal == name})
    assert set(frame["pupils"]) == {len(CANARIES)}
    assert clean(frame.to_csv())


def test_the_summary_can_go_through_a_policy(signals):
    def hide(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(pupils_with=pd.NA)

    assert signals.summary(protect=hide)["pupils_with"].isna().all()


def test_a_part_of_the_list_is_about_those_pupils_alone(signals):
    part = signals.only([int(CANARIES[3])])
    assert {row.pupil for row in part.rows()} == {int(CANARIES[3])}
    assert "minder dan 5 leerlingen" in repr(part)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "geen leerlingen"), (1, "minder dan 5 leerlingen"), (4, "minder dan 5 leerlingen"), (5, "5 leerlingen")],
)
def test_a_count_under_five_is_not_told(number, text):
    assert told_count(number, "leerlingen") == text
