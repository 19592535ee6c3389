"""The prevention plan as it ships: its counts, its ids, and for whom each part is meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stslib import content
from stslib.figures import FIGURE_IDS
from stslib.model.instrument import AbsenceKind, Instrument, Province, SchoolLevel

PER_SCALE = {
    0: (10, 4, 10, 6, 5, 2, 4),
    1: (11, 4, 5, 3, 2, 3, 7),
    2: (3, 4, 3, 2, 4, 3, 4),
    3: (2, 1, 2, 2, 1),
}
KINDS = {
    0: "aaaaa",
    1: "aabbzzs",
    2: "bbbzzss",
    3: "bzzss",
}
LETTERS = {
    "a": AbsenceKind.GENERAL,
    "b": AbsenceKind.UNLAWFUL,
    "z": AbsenceKind.LAWFUL,
    "s": AbsenceKind.REFUSAL,
}


@pytest.fixture(scope="module")
def plan() -> Instrument:
    return content.load_instrument("preventieplan")


def test_the_plan_has_four_phases_24_objectives_26_scales_and_107_questions(plan: Instrument) -> None:
    assert len(plan.phases) == 4
    assert len(list(plan.objectives())) == 24
    assert len(list(plan.scales())) == 26
    assert len(list(plan.questions())) == 107


def test_every_scale_carries_as_many_questions_as_in_the_source(plan: Instrument) -> None:
    assert {phase.number: tuple(len(section.questions) for section in phase.sections()) for phase in plan.phases} == PER_SCALE


def test_objectives_stand_under_the_kind_of_absence_of_the_source(plan: Instrument) -> None:
    assert {phase.number: [objective.kind for objective in phase.objectives] for phase in plan.phases} == {
        number: [LETTERS[letter] for letter in letters] for number, letters in KINDS.items()
    }
    assert set(plan.kinds) == set(AbsenceKind)


def test_only_the_first_and_the_fourth_objective_have_two_themes(plan: Instrument) -> None:
    assert [len(objective.sections) for objective in plan.objectives()] == [2, 1, 1, 2, *[1] * 20]


def test_every_id_is_unique_and_composed_of_slugs(plan: Instrument) -> None:
    ids = [
        plan.id,
        *(phase.id for phase in plan.phases),
        *(objective.id for objective in plan.objectives()),
        *(section.id for section in plan.sections()),
        *(scale.id for scale in plan.scales()),
        *(question.id for question in plan.questions()),
    ]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*", identity) for identity in ids)
    assert "preventieplan.f0.registratie.schaal" in ids


def test_questions_and_scales_stand_below_their_section(plan: Instrument) -> None:
    for section in plan.sections():
        assert [scale.id for scale in section.scales] == [f"{section.id}.schaal"]
        assert all(question.id.startswith(f"{section.id}.") for question in section.questions)


def test_scale_labels_are_short_and_unique(plan: Instrument) -> None:
    labels = [scale.label for scale in plan.scales()]
    assert len({label.casefold() for label in labels}) == 26
    assert max(map(len, labels)) <= 24


def test_no_question_is_asked_twice_in_the_same_words(plan: Instrument) -> None:
    texts = [question.text for question in plan.questions()]
    assert len(set(texts)) == len(texts)


def test_questions_can_be_read_aloud(plan: Instrument) -> None:
    for question in plan.questions():
        assert len(question.text.split()) <= 40, question.id
        assert question.text[0].isupper(), question.id
        assert "?" in question.text, question.id


def test_backgrounds_have_three_to_five_sentences(plan: Instrument) -> None:
    for section in plan.sections():
        sentences = re.findall(r"[^.?!]+[.?!](?=\s|$)", section.background)
        assert 3 <= len(sentences) <= 5, (section.id, len(sentences))


def test_every_source_names_the_plan_and_a_place_in_it(plan: Instrument) -> None:
    for item in (*plan.phases, *plan.objectives(), *plan.sections(), *plan.scales(), *plan.questions()):
        assert item.source.document == "Preventieplan afwezigheden"
        assert item.source.part.startswith("Fase ")


def test_the_four_suggestions_on_the_pupil_file_are_advice_and_no_questions(plan: Instrument) -> None:
    assert {section.id: len(section.advice) for section in plan.sections() if section.advice} == {
        "preventieplan.f1.leerlingendossier": 4
    }


def test_figures_stand_beside_the_sections_that_they_bear_on(plan: Instrument) -> None:
    assert {section.id: section.figures for section in plan.sections() if section.figures} == {
        "preventieplan.f0.registratie": ("rate_by_code",),
        "preventieplan.f0.terugkeer": ("rate_by_weekday_half",),
        "preventieplan.f0.monitoring": ("rate_by_status", "run_chart", "years_compared", "funnel_by_class"),
        "preventieplan.f1.overleg-b-codes": ("thresholds", "bands"),
        "preventieplan.f1.maatregelen": ("late_by_week", "late_by_weekday"),
        "preventieplan.f1.overleg-ziekte": ("spells",),
    }
    assert {figure for section in plan.sections() for figure in section.figures} <= set(content.FIGURE_IDS)


@pytest.mark.parametrize("instrument", content.INSTRUMENT_ORDER)
def test_no_section_shows_more_than_four_figures(instrument: str) -> None:
    assert max(len(section.figures) for section in content.load_instrument(instrument).sections()) <= 4


@given(
    levels=st.lists(st.sampled_from(SchoolLevel), min_size=1, unique=True).map(tuple),
    province=st.none() | st.sampled_from(Province),
)
def test_toddlers_and_the_antwerp_procedure_are_only_for_schools_that_have_them(
    levels: tuple[SchoolLevel, ...], province: Province | None
) -> None:
    plan = content.load_instrument("preventieplan")
    left_out = {
        section.id
        for objective in plan.objectives()
        for section in objective.sections
        if not (objective.applies.covers(levels, province) and section.applies.covers(levels, province))
    }
    toddlers = {SchoolLevel.NURSERY, SchoolLevel.SPECIAL_PRIMARY} & set(levels)
    expected = set() if toddlers else {"preventieplan.f0.kleuterparticipatie"}
    expected |= set() if province is Province.ANTWERP else {"preventieplan.f2.spijbelactieplan"}
    assert left_out == expected


def test_the_instrument_is_read_once_per_folder(plan: Instrument) -> None:
    assert content.load_instrument("preventieplan") is plan


def test_the_known_instruments_are_listed() -> None:
    assert "preventieplan" in content.instrument_ids()


def test_every_file_starts_with_a_schema_that_exists_and_says_how_to_edit() -> None:
    folder = Path(__file__).parents[2] / "content"
    files = sorted(folder.rglob("*.yaml"))
    assert len(files) >= 9
    for file in files:
        first, *rest = file.read_text("utf-8").splitlines()
        match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert match, file
        assert (file.parent / match[1]).is_file(), file
        assert any("sts content check" in line for line in rest[:20]), file


def test_the_figures_that_content_may_name_are_those_that_exist() -> None:
    assert set(content.FIGURE_IDS) == set(FIGURE_IDS)
