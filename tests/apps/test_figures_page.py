"""The page with the figures without a browser: what goes out as messages, and what stays nowhere."""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.exports import SchoolFiles, write_school
from support.pages import new_session
from support.running import until

from stslib.apps.figures_page import figures_page
from stslib.apps.reading_child import SHAPES
from stslib.forms.widgets.figures_page import FiguresPage

YEAR = "2025-2026"
GRID = {
    "monday": ["VM", "NM"], "tuesday": ["VM", "NM"], "wednesday": ["VM"], "thursday": ["VM", "NM"], "friday": ["VM", "NM"],
}  # fmt: skip


class Played:
    """A page that a test plays: it sends what the script of the page would send, and keeps what came back."""

    def __init__(self, data: Path, school: str) -> None:
        self.data = data
        self.heard: list[dict[str, Any]] = []
        self.page: FiguresPage = figures_page(new_session(data, school), data)
        self.page.send = lambda content, buffers=None: self.heard.append(json.loads(json.dumps(content)))

    def say(self, kind: str, buffers: list[memoryview] | None = None, **content: Any) -> None:
        self.page._receive(None, {"kind": kind, **content}, buffers or [])

    def answer(self, *kinds: str, seconds: float = 60.0) -> dict[str, Any]:
        """The first answer of one of *kinds* that was not asked for before; it is taken away."""

        def found() -> dict[str, Any] | None:
            return next((message for message in self.heard if message["kind"] in kinds), None)

        message: dict[str, Any] = until(found, seconds)
        self.heard.remove(message)
        return message

    def bring(self, files: SchoolFiles, *roles: str) -> None:
        for role in roles or ("export", "enrolment", "classes"):
            content = getattr(files, role).read_bytes()
            self.say("file-begin", role=role, name=getattr(files, role).name, size=len(content))
            self.say("file-chunk", [memoryview(content)], role=role, index=0)

    def read(self, **content: Any) -> dict[str, Any]:
        self.say("read", school_year=YEAR, grid=GRID, **content)
        return self.answer("report", "refused")

    @property
    def inbox(self) -> list[Path]:
        return [path for path in (self.data / "incoming").rglob("*") if path.is_file()]

    def kept_of_widget(self) -> str:
        """Everything that a notebook saved with its widgets would hold."""
        return json.dumps(self.page.get_state(), default=str)


@pytest.fixture
def make(tmp_path: Path):
    made: list[Played] = []

    def begin(data: Path = tmp_path / "gegevens", school: str = "Campus Proef") -> Played:
        made.append(Played(data, school))
        return made[-1]

    yield begin
    for played in made:
        played.say("stop")
        played.say("hide")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the school is kept."""
    data = tmp_path_factory.mktemp("bewaard")
    played = Played(data, "Campus Proef")
    played.bring(write_school(data / "bestanden"))
    played.read()
    played.say("keep")
    assert played.answer("kept", "refused")["kind"] == "kept"
    return data


Make = Callable[..., Played]


# -- files ---------------------------------------------------------------------------------------------------------------------


def test_a_preview_shows_what_is_kept_and_covers_what_is_not(make: Make, tmp_path: Path) -> None:
    page = make()
    page.bring(write_school(tmp_path / "b"))
    page.say("look", school_year=YEAR)
    told = page.answer("preview", "refused")
    columns = {column["header"]: column for column in told["files"][0]["columns"]}
    assert {name: column["role"] for name, column in columns.items()} == {
        "Leerlingnummer": "pupil", "Naam": "", "Datum": "date", "Dagdeel": "half", "Code": "code",
    }  # fmt: skip
    assert columns["Naam"]["personal"]
    assert not any("Naam1" in value for value in columns["Naam"]["values"])
    assert all(value.startswith("100") for value in columns["Leerlingnummer"]["values"])
    assert told["readable"]
    assert [file["role"] for file in told["files"]] == ["export", "enrolment", "classes"]


def test_nothing_of_a_file_or_of_a_pupil_stands_in_what_a_saved_notebook_keeps(make: Make, tmp_path: Path) -> None:
    page = make()
    files = write_school(tmp_path / "b")
    page.bring(files)
    page.say("look", school_year=YEAR)
    page.answer("preview")
    page.read()
    page.say("keep")
    page.answer("kept")
    page.say("list", school_year=YEAR)
    listed = page.answer("list", "list-refused")
    numbers = {row["number"] for row in listed["rows"]}
    assert numbers
    kept = page.kept_of_widget()
    assert not [number for number in numbers if number in kept]
    assert "Naam1000" not in kept


def test_a_column_that_a_person_names_is_read_and_remembered_for_the_next_export(make: Make, tmp_path: Path) -> None:
    page = make()
    files = write_school(tmp_path / "b")
    text = files.export.read_text(encoding="utf-8")
    files.export.write_text(text.replace("Leerlingnummer;", "Kolom X;", 1).replace(";Code", ";Letter", 1), encoding="utf-8")
    page.bring(files, "export")
    page.say("look", school_year=YEAR)
    assert not page.answer("preview")["readable"]
    said = {"export": {"0": "pupil", "4": "code"}}
    page.say("look", school_year=YEAR, mapping=said)
    corrected = page.answer("preview")
    assert corrected["readable"]
    report = page.read(mapping=said, free_days="06/10/2025")
    assert report["kind"] == "report"
    page.say("keep", profile=True)
    assert page.answer("kept", "refused")["kind"] == "kept"

    page.bring(files, "export")
    page.say("look", school_year=YEAR)
    again = page.answer("preview")
    assert again["readable"]
    assert "vorige keer" in again["profile"]
    assert again["week"]["free"] == "06/10/2025"
    assert {column["role"] for column in again["files"][0]["columns"]} >= {"pupil", "date", "half", "code"}


def test_every_row_is_accounted_for_and_rejected_rows_come_back_with_the_reason(make: Make, tmp_path: Path) -> None:
    page = make()
    files = write_school(tmp_path / "b", pupils=20)
    with files.export.open("a", encoding="utf-8") as file:
        file.write("100000;Naam;31/12/2031;VM;B\n;Naam;03/09/2025;VM;B\n")
    page.bring(files, "export")
    report = page.read()
    assert report["used"] + report["repaired"] + report["rejected"] == report["rows"] == files.rows + 2
    assert report["rejected"] == 2
    page.say("rejected")
    given = page.answer("rejected-file", "rejected-failed")
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(given["content"]))) as workbook:
        text = " ".join(workbook.read(name).decode("utf-8", "replace") for name in workbook.namelist())
    assert "31/12/2031" in text
    assert "buiten het schooljaar" in text
    page.say("drop")
    page.answer("dropped")
    assert page.inbox == []


def test_own_totals_are_set_beside_ours_in_a_sentence_each(make: Make, tmp_path: Path) -> None:
    page = make()
    files = write_school(tmp_path / "b", pupils=20)
    rows = list(csv.DictReader(files.export.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    ours = sum(row["Code"] == "B" for row in rows)
    page.bring(files, "export")
    assert "B" in {total["id"] for total in page.read()["totals"]}
    page.say("compare", totals={"B": ours, "Z": 10**6})
    right, wrong = page.answer("compared")["sentences"]
    assert (right["agrees"], wrong["agrees"]) == (True, False)
    assert f"jullie pakket zegt {ours}" in right["text"]


def test_years_of_classes_count_once_a_person_confirmed_them(make: Make, tmp_path: Path) -> None:
    page = make()
    page.bring(write_school(tmp_path / "b"), "export", "enrolment")
    proposed = page.read()["classes"]
    assert {one["class"]: one["year"] for one in proposed} == {"1A1": "1", "1B1": "1", "3DD1": "3", "5AM1": "5"}
    assert page.read(years={one["class"]: one["year"] for one in proposed})["classes"] == []
    page.say("keep")
    page.answer("kept")
    until(lambda: any(group["dimension"] == "year" for group in page.page.groups), 60)


def test_a_code_of_the_school_counts_once_a_person_said_what_it_is(make: Make, tmp_path: Path) -> None:
    from stslib.absences import load_profile
    from stslib.figures import load_absences

    page = make()
    files = write_school(tmp_path / "b", pupils=20)
    files.export.write_text(files.export.read_text(encoding="utf-8").replace(";B\n", ";Q\n"), encoding="utf-8")
    page.bring(files)
    (unknown,) = page.read()["unknown_codes"]
    assert unknown["code"] == "Q"
    assert page.read(codes={"Q": "unlawful", "B": "niets"})["unknown_codes"] == []
    page.say("keep")
    page.answer("kept")
    assert [(own.code, own.status) for own in load_profile(page.data, "Campus Proef").codes] == [("Q", "unlawful")]
    unlawful = load_absences("Campus Proef", page.data).rate((), "unlawful")["half_days_missed"].tolist()
    assert f"Q ({unlawful[0]} keer)" == unknown["told"]


SHAPED = {
    "periods": "Leerlingnummer;AF_VAN;AF_TOT;AF_VANUUR;AF_TOTUUR;Code\n"
    + "".join(f"{100000 + n};0{1 + n % 5}/09/2025;0{1 + n % 5}/09/2025;1;2;Z\n" for n in range(30)),
    "matrix": "Leerlingnummer;" + ";".join(f"{day:02}/10/2025 {half}" for day in (6, 7, 9, 10) for half in ("VM", "NM")) + "\n"
    + "".join(f"{100000 + n};Z;Z;|;|;B;|;|;L\n" for n in range(30)),
    "totals": "Leerlingnummer;Code;Aantal\n" + "".join(f"{100000 + n};B;{n}\n" for n in range(1, 30)),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPED)
def test_a_file_of_another_shape_is_named_read_and_kept(make: Make, shape: str) -> None:
    page = make()
    content = SHAPED[shape].encode()
    page.say("file-begin", role="export", name="export.csv", size=len(content))
    page.say("file-chunk", [memoryview(content)], role="export", index=0)
    page.say("look", school_year=YEAR)
    told = page.answer("preview", "refused")
    assert told["readable"], told
    assert len(told["files"][0]["columns"]) <= 7
    report = page.read()
    assert report["kind"] == "report", report
    assert report["told"].startswith(SHAPES[shape])
    assert report["rejected"] == 0
    page.say("keep")
    assert page.answer("kept", "refused")["kind"] == "kept"


def test_a_free_day_that_is_none_is_told_by_its_line(make: Make, tmp_path: Path) -> None:
    page = make()
    page.bring(write_school(tmp_path / "b", pupils=5), "export")
    refused = page.read(free_days="03/11/2025\nmorgen")
    assert refused["kind"] == "refused"
    assert "Regel 2" in refused["fact"]
    assert "morgen" not in json.dumps(refused)


def test_stopping_leaves_neither_files_nor_figures(make: Make, tmp_path: Path) -> None:
    page = make()
    page.bring(write_school(tmp_path / "b"))
    page.say("read", school_year=YEAR, grid=GRID)
    page.say("stop")
    assert page.inbox == []
    page.say("keep")
    assert "Lees de bestanden opnieuw" in page.answer("refused", "kept")["remedy"]
    assert list(page.data.rglob("*.parquet")) == []


def test_reading_what_never_came_over_says_to_choose_again(make: Make) -> None:
    page = make()
    page.say("read", school_year=YEAR)
    assert page.answer("refused")["lost"]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"a", b"PK\x03\x04kapot", b"\x00" * 900])
def test_a_file_that_is_none_is_answered_in_dutch_and_the_page_goes_on(make: Make, content: bytes) -> None:
    page = make()
    page.say("file-begin", role="export", name="foto.csv", size=len(content))
    page.say("file-chunk", [memoryview(content)], role="export", index=0)
    page.say("look", school_year=YEAR)
    told = page.answer("preview", "refused")
    assert told["kind"] == "refused" or not told["readable"]
    page.say("look", school_year=YEAR)
    assert page.answer("preview", "refused")["kind"] == told["kind"]


# -- figures and pupils --------------------------------------------------------------------------------------------------------


def test_figures_come_one_by_one_and_a_later_choice_takes_the_place_of_an_earlier_one(make: Make, stored: Path) -> None:
    page = make(stored)
    page.say("figures", round=1, filter={"school_year": YEAR}, first="drempels")
    page.say("figures", round=2, filter={"school_year": YEAR, "status": "unlawful"}, first="groepen")
    until(lambda: any(one["kind"] == "figures-done" and one["round"] == 2 for one in page.heard), 120)
    cards = [one for one in page.heard if one["kind"] == "card" and one["round"] == 2]
    assert cards[0]["figure"] == "rate_by_grade"
    assert cards[-1]["share"] == 1.0
    assert {one["figure"]: one["ignores"] for one in cards}["thresholds"] == ["de soort afwezigheid"]
    assert len([one for one in page.heard if one["kind"] == "card" and one["round"] == 1]) < len(cards)


def test_a_period_that_cannot_be_read_is_told_and_no_figure_is_counted(make: Make, stored: Path) -> None:
    page = make(stored)
    page.say("figures", round=1, filter={"school_year": YEAR, "first": "gisteren"}, first="overzicht")
    done = page.answer("figures-done")
    assert "geen leesbare datum" in done["refused"]
    assert [one for one in page.heard if one["kind"] == "card"] == []


def test_signals_go_out_as_counts_that_name_nobody(make: Make, stored: Path) -> None:
    page = make(stored)
    page.say("signals", round="a", school_year=YEAR)
    told = page.answer("signals", "signals-refused")
    assert told["round"] == "a"
    assert all(row["pupils"] == "minder dan 5" or row["pupils"] == "0" or int(row["pupils"]) >= 5 for row in told["rows"])
    assert len(told["not_in_data"]) > 3


def test_the_live_list_names_pupils_by_number_and_never_by_pseudonym(make: Make, stored: Path) -> None:
    from stslib.absences.stored.link import Link
    from stslib.absences.stored.places import school_folder

    page = make(stored)
    page.say("list", school_year=YEAR, weights={"younger": 0})
    told = page.answer("list", "list-refused")
    assert all(row["number"].startswith("100") for row in told["rows"])
    pairs = dict(Link.read(stored, school_folder(stored, "Campus Proef")).pairs())
    text = json.dumps(told)
    assert not [pseudonym for pseudonym in pairs if str(pseudonym) in text]


def test_a_tick_moves_a_pupil_up_and_a_new_process_knows_no_ticks(make: Make, stored: Path) -> None:
    page = make(stored)
    alone = {"younger": 0, "speed": 0, "hard_to_reach": 1, "risk": 0}
    page.say("list", school_year=YEAR, weights=alone)
    last = page.answer("list")["rows"][-1]
    page.say("list", school_year=YEAR, weights=alone, hard_to_reach=[last["name"]])
    first = page.answer("list")["rows"][0]
    assert (first["name"], first["hard_to_reach"], first["points"]) == (last["name"], True, "1,00")
    page.say("hide")
    page.say("list", school_year=YEAR, weights=alone, hard_to_reach=[last["name"]])
    assert not any(row["hard_to_reach"] for row in page.answer("list")["rows"])


def test_without_weights_there_is_no_order_and_the_page_says_so(make: Make, stored: Path) -> None:
    page = make(stored)
    page.say("list", school_year=YEAR, weights=dict.fromkeys(("younger", "hard_to_reach", "speed", "risk"), 0))
    assert "gewicht" in page.answer("list-refused", "list")["fact"]


def test_a_school_that_threw_its_link_away_sees_no_numbers(make: Make, tmp_path: Path) -> None:
    from stslib.absences import drop_link

    page = make()
    page.bring(write_school(tmp_path / "b"))
    page.read()
    page.say("keep")
    page.answer("kept")
    drop_link(page.data, "Campus Proef")
    page.say("list", school_year=YEAR)
    told = page.answer("list", "list-refused")
    assert told["rows"]
    assert not told["numbers"]
    assert {row["number"] for row in told["rows"]} == {""}
