"""What each instrument must hold: as many phases, questions, scales, guidelines and help lines as in its source."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from stslib import content
from stslib.cli import main
from stslib.model.blocks import ActionsBlock, Block, DirectoryBlock, FocusBlock, IndicatorBlock, PosterBlock, RowsBlock
from stslib.model.instrument import Instrument, Layout

MakeContent = Callable[..., pathlib.Path]

METHODS = ("waarderend", "stilte", "stel dat", "belang", "mail")
"""A word of each conversation method that the source names for the fiche of the teacher."""


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return json.loads(json.dumps(content.check_content().to_json()))["instruments"]


def blocks_of(instrument: Instrument, kind: type[Block]) -> list[Any]:
    return [block for block in instrument.blocks() if isinstance(block, kind)]


def test_there_are_five_instruments_in_the_order_of_a_trajectory(told: dict[str, Any]) -> None:
    assert set(told) == {"school", "preventieplan", "leerkracht", "ouders", "netwerk"}
    assert content.instrument_ids() == ("school", "preventieplan", "leerkracht", "ouders", "netwerk")


def test_the_fiche_for_the_school_has_a_preparation_and_five_phases(told: dict[str, Any]) -> None:
    assert told["school"]["phases"] == 6
    school = content.load_instrument("school")
    assert [phase.number for phase in school.phases] == [0, 1, 2, 3, 4, 5]
    assert school.phases[0].name == "Vooraf"


def test_the_fiche_for_the_school_asks_36_questions_as_in_its_source(told: dict[str, Any]) -> None:
    counted = told["school"]
    assert counted["questions"] == 36
    assert counted["questions_per_phase"] == [0, 12, 4, 13, 2, 5]
    assert counted["questions_per_section"] == [[], [3, 3, 3, 3], [4], [2, 3, 1, 2, 3, 1, 1], [2], [5]]
    assert counted["own_proposals"] == 0


def test_the_first_phase_of_the_school_has_a_score_per_section_and_figures_beside_them(told: dict[str, Any]) -> None:
    assert told["school"]["scales"] == 4
    assert told["school"]["per_scale"] == [3, 3, 3, 3]
    first = content.load_instrument("school").phases[1]
    assert len(list(first.scales())) == 4
    assert any(section.figures for section in first.sections())


def test_the_preparation_names_three_groups_of_attitudes(told: dict[str, Any]) -> None:
    assert told["school"]["role_groups_per_phase"][0] == 3
    assert told["school"]["role_lines_per_phase"][0] > 0


def test_every_phase_of_the_school_has_aims_a_role_and_results_and_the_first_two_have_conditions() -> None:
    school = content.load_instrument("school")
    for phase in school.phases[1:]:
        assert phase.frame.aims, phase.id
        assert phase.frame.clb_role, phase.id
        assert phase.frame.results, phase.id
    assert [bool(phase.frame.conditions) for phase in school.phases] == [False, True, True, False, False, False]


def test_five_guidelines_weigh_the_focus(told: dict[str, Any]) -> None:
    assert told["school"]["guidelines"] == 5
    (focus,) = blocks_of(content.load_instrument("school"), FocusBlock)
    assert [line.id for line in focus.guidelines] == [
        "klein-beginnen",
        "afgebakend",
        "realistisch",
        "bouwt-voort",
        "noden-leerlingen",
    ]


def test_the_school_plans_follows_up_measures_and_celebrates() -> None:
    school = content.load_instrument("school")
    assert [block.view for block in blocks_of(school, ActionsBlock)] == ["plan", "follow-up"]
    assert len(blocks_of(school, IndicatorBlock)) == 1
    assert len(blocks_of(school, PosterBlock)) == 1
    rows = {block.id.removeprefix("school."): block.carried for block in blocks_of(school, RowsBlock)}
    assert rows["vooraf.herformuleren.leervragen"]
    assert {"sterktes", "groeikansen", "hiaten", "risicofactoren", "beschermende-factoren", "aan-tafel"} <= {
        name.rsplit(".", 1)[1] for name in rows if name.startswith("f1.")
    }


def test_the_prevention_plan_has_the_counts_of_its_source(told: dict[str, Any]) -> None:
    plan = told["preventieplan"]
    assert (plan["phases"], plan["objectives"], plan["scales"], plan["questions"]) == (4, 24, 26, 107)
    assert plan["questions_per_phase"] == [41, 35, 23, 8]
    assert plan["per_scale"] == [10, 4, 10, 6, 5, 2, 4, 11, 4, 5, 3, 2, 3, 7, 3, 4, 3, 2, 4, 3, 4, 2, 1, 2, 2, 1]


def test_the_fiche_for_the_teacher_has_three_moments_of_five_questions_and_asks_what_lasts(told: dict[str, Any]) -> None:
    fiche = content.load_instrument("leerkracht")
    assert [phase.id for phase in fiche.phases] == [
        "leerkracht.preventie",
        "leerkracht.tijdens",
        "leerkracht.terugkeer",
        "leerkracht.verduurzamen",
    ]
    assert all(number >= 5 for number in told["leerkracht"]["questions_per_phase"][:3])
    assert told["leerkracht"]["questions_per_phase"][3] >= 1
    assert fiche.layout is Layout.PAGE


def test_questions_for_the_teacher_are_our_own_proposal_and_lean_on_a_method(told: dict[str, Any]) -> None:
    counted = told["leerkracht"]
    assert counted["own_proposals"] == counted["questions_with_method"] == counted["questions"]
    methods = {question.method.casefold() for question in content.load_instrument("leerkracht").questions()}
    for word in METHODS:
        assert any(word in method for method in methods), word


def test_the_conversation_with_parents_looks_at_five_points_with_five_questions_each(told: dict[str, Any]) -> None:
    parents = content.load_instrument("ouders")
    assert [phase.id for phase in parents.phases] == [
        "ouders.breed-kijken",
        "ouders.venster",
        "ouders.leiding",
        "ouders.focus",
    ]
    per_point = told["ouders"]["questions_per_section"][0]
    assert len(per_point) == 5
    assert all(number >= 5 for number in per_point)
    assert told["ouders"]["own_proposals"] == told["ouders"]["questions"]


def test_each_point_of_the_parents_is_scored_for_two_aspects_on_five_axes(told: dict[str, Any]) -> None:
    parents = content.load_instrument("ouders")
    assert len(parents.aspects) == 2
    for aspect in parents.aspects:
        assert len([scale for scale in parents.phases[0].scales() if scale.aspect == aspect]) == 5
    assert told["ouders"]["scales"] == 10


def test_the_directory_has_eighteen_help_lines_in_three_groups_and_thirteen_partners(told: dict[str, Any]) -> None:
    counted = told["netwerk"]
    assert counted["help_lines"] == 18
    assert list(counted["help_lines_per_group"].values()) == [
        {"help_lines": 6, "own": 6, "through_clb": 0},
        {"help_lines": 10, "own": 2, "through_clb": 8},
        {"help_lines": 2, "own": 2, "through_clb": 0},
    ]
    assert counted["partners"] == 13


def test_who_is_a_help_line_and_a_partner_has_one_record(told: dict[str, Any]) -> None:
    (directory,) = blocks_of(content.load_instrument("netwerk"), DirectoryBlock)
    both = [partner for partner in directory.partners if partner.help_line and partner.partner]
    assert both
    assert told["netwerk"]["records"] == len(directory.partners) == 18 + 13 - len(both)
    names = [partner.name.casefold() for partner in directory.partners]
    assert len(set(names)) == len(names)


def test_no_instrument_asks_the_name_of_a_pupil_or_a_family() -> None:
    for identity in ("leerkracht", "ouders"):
        for block in content.load_instrument(identity).blocks():
            for field in getattr(block, "fields", ()) + getattr(block, "columns", ()):
                assert "naam" not in field.id.split("-"), (block.id, field.id)


def test_every_id_of_every_instrument_is_its_own(told: dict[str, Any]) -> None:
    ids: list[str] = []
    for identity in told:
        instrument = content.load_instrument(identity)
        ids += [phase.id for phase in instrument.phases]
        ids += [line.id for phase in instrument.phases for line in phase.frame.results]
        for items in (instrument.objectives, instrument.sections, instrument.scales, instrument.questions, instrument.blocks):
            ids += [item.id for item in items()]
        ids += [partner.id for block in blocks_of(instrument, DirectoryBlock) for partner in block.partners]
    assert len(set(ids)) == len(ids)


def test_the_counts_of_a_small_instrument_are_those_on_the_screen(
    make_rich: MakeContent, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["content", "check", "--json", "--content", str(make_rich())]) == 0
    counted = json.loads(capsys.readouterr().out)["instruments"]["rijk"]
    assert counted == {
        "phases": 2,
        "objectives": 0,
        "scales": 2,
        "questions": 2,
        "per_scale": [2],
        "questions_per_phase": [0, 2],
        "questions_per_section": [[], [2]],
        "aims": 2,
        "role_groups_per_phase": [2, 0],
        "role_lines_per_phase": [2, 0],
        "conditions_per_phase": [1, 0],
        "methods": 1,
        "results": 1,
        "results_per_phase": [1, 0],
        "advice": 0,
        "blocks": 8,
        "guidelines": 1,
        "own_proposals": 1,
        "questions_with_method": 1,
        "help_lines": 1,
        "help_lines_per_group": {"basis": {"help_lines": 1, "own": 0, "through_clb": 1}},
        "partners": 2,
        "records": 2,
        "retired": 1,
    }


def test_the_counts_read_as_dutch_lines(make_rich: MakeContent, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["content", "check", "--content", str(make_rich())]) == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "rijk: 2 fasen, 2 schalen, 2 vragen (0 + 2)",
        "  2 doelen, 2 delen van de CLB-rol, 1 voorwaarde, 1 methodiek, 1 resultaat",
        "  8 blokken, 1 richtlijn, 1 eigen voorstel, 1 vervallen vraag",
        "  1 hulplijn: basis 1 (0 zelf, 1 via het CLB); 2 partners; samen 2 fiches",
    ]
