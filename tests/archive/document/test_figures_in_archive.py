"""The school's figures in an archive: every one of them by the rule for records, with what is hidden told, and about nobody."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import date

import pytest
from figures.stored_school import SCHOOL, StoredSchool, usual

from stslib.archive import archive_session
from stslib.archive.document.counted import Counted, View
from stslib.figures import FIGURE_IDS
from stslib.figures.wording import HIDDEN
from stslib.model.instrument import SchoolLevel
from stslib.model.session import Change
from stslib.store import open_journal

TODAY = date(2026, 4, 8)
SMALL_CLASS = "5A"
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Canaries:
    """What would give a pupil away: every number and every pseudonym."""

    numbers: tuple[str, ...]
    pseudonyms: tuple[str, ...]

    def in_text(self, text: str) -> list[str]:
        words = set(re.findall(r"\d+", text.replace(".", "")))
        return [one for one in (*self.numbers, *self.pseudonyms) if one in words]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> StoredSchool:
    stored = StoredSchool(tmp_path_factory.mktemp("school"))
    stored.bring_in("2024-2025", usual(1))
    stored.bring_in("2025-2026", usual(2))
    return stored


@pytest.fixture(scope="module")
def canaries(school: StoredSchool) -> Canaries:
    pseudonyms = {str(one) for year in school.absences().facts for one in year.enrolment["pupil"]}
    numbers = {slot.pupil for slot in school.slots}
    assert len(numbers) > 150
    assert len(pseudonyms) > 150
    canaries = Canaries(tuple(numbers), tuple(pseudonyms))
    some = [canaries.numbers[0], canaries.pseudonyms[0]]
    assert canaries.in_text(f"({some[0]}; {int(some[1]):,})".replace(",", ".")) == some
    return canaries


@pytest.fixture(scope="module")
def cards(school: StoredSchool) -> dict[str, View]:
    counted = Counted(school.data, SCHOOL, TODAY)
    counted.count(FIGURE_IDS)
    assert counted.problem == ""
    return {identity: counted.beside([identity])[0] for identity in FIGURE_IDS}


@pytest.mark.parametrize("figure", FIGURE_IDS)
def test_every_figure_has_a_sentence_a_picture_a_table_and_says_why(cards: dict[str, View], figure: str) -> None:
    card = cards[figure]
    assert card["title"].endswith(".")
    assert len(card["alt"]) > 40
    assert base64.b64decode(card["png"]).startswith(b"\x89PNG")
    assert card["rows"]
    assert all(len(row) == len(card["columns"]) for row in card["rows"])
    labels = [line["label"] for line in card["why"]]
    assert {"Wat wordt geteld?", "Codes", "Periode", "Afscherming"} <= set(labels)
    assert all(line["text"] for line in card["why"])


@pytest.mark.parametrize("figure", FIGURE_IDS)
def test_a_card_with_hidden_cells_says_what_they_are(cards: dict[str, View], figure: str) -> None:
    card = cards[figure]
    hidden = any(HIDDEN in row for row in card["rows"])
    assert hidden == any(line["label"].startswith("Wat is ") for line in card["why"])


@pytest.mark.parametrize("figure", ["rate_by_class", "funnel_by_class"])
def test_a_class_of_three_pupils_has_no_number_and_is_not_the_only_one(cards: dict[str, View], figure: str) -> None:
    hidden = [row for row in cards[figure]["rows"] if HIDDEN in row]
    named = [row[0] for row in hidden]
    assert SMALL_CLASS in named
    assert len(named) > 1
    assert all(not any(re.search(r"\d", cell) for cell in row[1:6]) for row in hidden)


@pytest.mark.parametrize("figure", ["thresholds", "bands"])
def test_no_number_of_pupils_lies_between_one_and_four(cards: dict[str, View], figure: str) -> None:
    pupils = [cell for row in cards[figure]["rows"] for cell in row[1:3] if cell.isdigit()]
    assert pupils
    assert not set(pupils) & {"1", "2", "3", "4"}


@pytest.mark.parametrize("figure", FIGURE_IDS)
def test_no_card_holds_a_number_or_a_pseudonym_of_a_pupil(cards: dict[str, View], canaries: Canaries, figure: str) -> None:
    card = cards[figure]
    picture = base64.b64decode(card["png"])
    assert canaries.in_text(json.dumps({**card, "png": ""}, ensure_ascii=False)) == []
    assert [one for one in canaries.pseudonyms if one.encode() in picture] == []


@pytest.fixture(scope="module")
def document(school: StoredSchool, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive of a session of that school that spoke about both instruments with figures."""
    with open_journal(school.data) as journal:
        trajectory = journal.create_trajectory(SCHOOL, [SchoolLevel.SECONDARY], None, "2025-2026")
        session = journal.create_session(trajectory.id)
        said = [
            Change(item=f"{scale}.schaal", field="score", value=6, edit_id=scale)
            for scale in (
                "preventieplan.f0.monitoring",
                "preventieplan.f1.overleg-b-codes",
                "school.f1.registratie",
                "school.f1.effect",
            )
        ]
        journal.append(session.id, said, writer="test")
    result = archive_session(school.data, session.id, tmp_path_factory.mktemp("archief"))
    assert result.size < MOST_BYTES
    return result.path.read_text("utf-8")


def test_the_archive_shows_the_figures_of_the_sections_each_once(document: str, cards: dict[str, View]) -> None:
    for figure in ("run_chart", "years_compared", "funnel_by_class", "bands", "late_by_weekday", "spells"):
        start = cards[figure]["title"][:40].replace("&", "&amp;")
        assert document.count(f'<figure class="card" aria-label="{start}') == 1, figure


def test_no_number_or_pseudonym_of_a_pupil_stands_anywhere_in_the_archive(document: str, canaries: Canaries) -> None:
    text = re.sub(r"data:[a-z]+/[a-z+]+;base64,[A-Za-z0-9+/=]+", "", document)
    assert len(text) < len(document)
    assert canaries.in_text(text) == []
    assert [one for one in canaries.pseudonyms if one in document] == []
