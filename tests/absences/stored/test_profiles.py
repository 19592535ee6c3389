"""How the exports of a school read, kept for the next one."""

from __future__ import annotations

import json
import random
from datetime import date

import pytest
from absences.stored.stored_factories import missed, store
from pydantic import ValidationError

from stslib.absences import Profile, has_absences, load_profile, save_profile
from stslib.absences.stored.places import school_folder
from stslib.absences.stored.profiles import OwnCode
from stslib.errors import DatasetError
from stslib.model.absence import Half, Period, Status, WeeklyGrid

WHOLE = Profile(
    columns={"pupil": "Stamboeknr.", "date": "Dag", "morning": "’s morgens"},
    shape="days",
    free_days=(Period(name="facultatieve verlofdag", first=date(2025, 10, 6), last=date(2025, 10, 6)),),
    grid=WeeklyGrid(wednesday=(Half.MORNING, Half.AFTERNOON)),
    codes=(OwnCode(code="K", meaning="klasuitstap", status=Status.PRESENT),),
    saved_on=date(2026, 11, 22),
)


def test_a_profile_comes_back_as_it_was_saved(data):
    assert load_profile(data, "School") is None
    save_profile(data, "School", WHOLE)
    assert load_profile(data, "  school ") == WHOLE
    assert load_profile(data, "Andere school") is None
    save_profile(data, "School", Profile(saved_on=date(2027, 1, 1)))
    assert load_profile(data, "School") == Profile(saved_on=date(2027, 1, 1))


def test_a_profile_is_no_figure(data):
    save_profile(data, "School", WHOLE)
    assert not has_absences(data, "School")
    store(data)
    assert missed(data) == 2
    assert load_profile(data, "School") == WHOLE


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": {"Pupil!": "x"}},
        {"columns": {"pupil": " "}},
        {"columns": {"pupil": "x" * 301}},
        {"codes": [{"code": "K", "meaning": "a", "status": "present"}, {"code": "K", "meaning": "b", "status": "late"}]},
        {"codes": [{"code": "K", "meaning": "a", "status": "somewhere"}]},
        {"free_days": [{"name": "a", "first": "2025-10-07", "last": "2025-10-06"}]},
        {"names": ["x"]},
    ],
)
def test_a_profile_holds_only_what_a_profile_is(wrong):
    with pytest.raises(ValidationError) as refused:
        Profile.model_validate({"saved_on": "2026-11-22", **wrong})
    assert "x" * 301 not in str(refused.value)


@pytest.mark.parametrize(("status", "absent"), [(Status.UNLAWFUL, True), (Status.OPEN, True), (Status.LATE, False)])
def test_an_own_code_counts_by_its_status(status, absent):
    code = OwnCode(code="K", meaning="iets", status=status).as_absence_code()
    assert (code.code, code.absent, code.status) == ("K", absent, status)


def test_a_damaged_profile_is_told_and_the_figures_do_not_suffer(data):
    store(data)
    save_profile(data, "School", WHOLE)
    path = school_folder(data, "School") / "profile.json"
    whole = path.read_bytes()
    chance = random.Random(5)
    for broken in (b"", b"{}", b"\xff\xfe", b"[]", whole[:-9], *(bytes([chance.randrange(256)]) * 40 for _ in range(10))):
        path.write_bytes(broken)
        with pytest.raises(DatasetError, match=r"profiel van deze school is beschadigd.*bewaar het profiel opnieuw"):
            load_profile(data, "School")
    assert missed(data) == 2
    save_profile(data, "School", WHOLE)
    assert load_profile(data, "School") == WHOLE


def test_a_profile_of_a_format_to_come_is_refused_with_what_to_do(data):
    save_profile(data, "School", WHOLE)
    path = school_folder(data, "School") / "profile.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 9, "more": 1}), encoding="utf-8")
    with pytest.raises(DatasetError, match="nieuwere versie"):
        load_profile(data, "School")


def test_a_profile_that_cannot_be_written_leaves_the_one_before(data, monkeypatch):
    save_profile(data, "School", WHOLE)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(DatasetError, match="het vorige blijft gelden"):
            save_profile(data, "School", Profile(saved_on=date(2027, 1, 1)))
    assert load_profile(data, "School") == WHOLE
    assert sorted(path.name for path in school_folder(data, "School").iterdir()) == ["profile.json"]
