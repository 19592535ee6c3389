"""The archive of a whole trajectory: every session, no conversation beside another, no figure twice, and read back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from support.factories import change, make_session

from stslib.archive import (
    ArchiveResult,
    archive_session,
    archive_trajectory,
    read_archive,
    read_manifest,
    read_tables,
    verify_archive,
)
from stslib.archive.document.agreed import separate_instruments
from stslib.archive.document.pages import all_instruments
from stslib.archive.document.together import CountedOnce, TogetherJournal
from stslib.archive.keeping.record import public_record
from stslib.cli import main
from stslib.errors import ArchiveStopped, UnknownSessionError
from stslib.forms.record import comparable
from stslib.forms.state import FormState
from stslib.model.session import Session
from stslib.store import open_journal

SCALE, SECRET = "preventieplan.f0.registratie.schaal", "Wat dit gezin vertelde"


@pytest.fixture(scope="module")
def route(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Session], ArchiveResult]:
    """Three sessions: scores in each, an action that went on, and a conversation with a family in two of them."""
    data = tmp_path_factory.mktemp("gegevens")
    talk = next(one for one in all_instruments(data, set()) if one.id == "ouders")
    journal, first = make_session(data)
    sessions = [first, *(journal.create_session(first.trajectory_id) for _ in range(2))]
    for place, session in enumerate(sessions):
        changes = [
            change("sessie", "date", f"{place + 1}/10/2026"),
            change("sessie", "title", f"Overleg <b>{place + 1}</b>"),
            change(SCALE, "score", 3 + place),
            change("actie.0a0a0a0a", "what", f"Elke ochtend bellen, stand {place + 1}"),
            change("cijfer.0a0a0a0a", "definition", {"figure": "rate_by_code"}),
            change("cijfer.0a0a0a0a", "shown", {"title": "x", "rows": [["1A", f"{place}7,5 %"]], "policy": "record"}),
        ]
        if place:
            changes.append(change(next(talk.questions()).id, "answer", f"{SECRET} {place}"))
            changes += [change(f"actie.0b0b0b0{place}", "origin", talk.id), change(f"actie.0b0b0b0{place}", "what", SECRET)]
        journal.append(session.id, changes, writer="test")
    return data, sessions, archive_trajectory(data, first.trajectory_id, data / "exports")


def test_its_name_tells_the_day_of_the_last_session_and_the_trajectory(route) -> None:
    data, sessions, made = route
    name = f"2026-10-03_traject_{sessions[0].trajectory_id}_v1.html"
    assert made.path == data / "exports" / "campus-proef" / name
    manifest = read_manifest(made.path)
    assert (manifest["kind"], manifest["sessions"]) == ("trajectory", [session.id for session in sessions])
    assert (manifest["policy"], manifest["number"], manifest["school"]) == ("record", 3, "Campus Proef")


def test_every_session_stands_in_it_under_a_name_of_its_own(route) -> None:
    document = route[2].path.read_text(encoding="utf-8")
    ids = re.findall(r'\sid="([^"]+)"', document)
    assert len(ids) == len(set(ids))
    assert {"sessie-1", "sessie-2", "sessie-3"} <= set(ids)
    assert {"sessie-1", "sessie-3", "sessie-2-preventieplan-f0"} <= set(verify_archive(route[2].path).manifest["parts"])
    assert "Overleg &lt;b&gt;2&lt;/b&gt;" in document
    assert "<b>" not in document
    assert "van 3 naar 5" in document or "van 4 naar 5" in document


def test_conversations_about_somebody_else_are_nowhere_in_it(route) -> None:
    data, sessions, made = route
    assert SECRET not in made.path.read_text(encoding="utf-8")
    assert "In gesprek met ouders (sessie 2, 3)" in made.path.read_text(encoding="utf-8")
    own = archive_session(data, sessions[1].id, data / "apart")
    assert f"{SECRET} 1" in own.path.read_text(encoding="utf-8")


def test_no_figure_keeps_the_numbers_of_an_earlier_day(route) -> None:
    document = route[2].path.read_text(encoding="utf-8")
    assert not re.search(r"[012]7,5 %", document)


def test_its_tables_are_those_of_the_last_session_with_the_earlier_scores(route) -> None:
    tables = read_tables(route[2].path)
    assert tables is not None
    (row,) = [row for row in tables["scores"] if row["score"] == 5]
    assert [before["score"] for before in row["earlier"]] == [3, 4]
    assert [action["what"] for action in tables["actions"]] == ["Elke ochtend bellen, stand 3"]


def test_read_back_every_session_is_what_the_file_says_and_its_own_archive_adds_the_rest(route, tmp_path: Path, capsys) -> None:
    data, sessions, made = route
    assert main(["archive", "read", str(made.path), "--data", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["partial"] for one in told["sessions"]] == [False, False, False]
    records = {record["session"]["id"]: record for record in read_archive(made.path)["sessions"]}
    for session in sessions:
        assert comparable(_record(tmp_path, session)) == comparable(json.loads(json.dumps(records[session.id])))
    own = archive_session(data, sessions[1].id, tmp_path / "los")
    assert main(["archive", "read", str(own.path), "--data", str(tmp_path)]) == 0
    assert "aangevuld" in capsys.readouterr().out
    assert f"{SECRET} 1" in json.dumps(_record(tmp_path, sessions[1]))


def _record(data: Path, session: Session) -> dict[str, Any]:
    first, *others = all_instruments(data, set())
    state = FormState(open_journal(data), session.id, first, others=others)
    return json.loads(json.dumps(public_record(state.to_record(), separate=separate_instruments(state))))


def test_the_command_makes_the_next_version_from_any_session_and_both_verify(route, capsys) -> None:
    data, sessions, made = route
    with open_journal(data) as journal:
        journal.append(sessions[2].id, [change(SCALE, "evidence", "nagekomen")], writer="test")
    assert main(["archive", "--trajectory", sessions[1].id, "--data", str(data)]) == 0
    assert "versie 2" in capsys.readouterr().out
    for path in (made.path, made.path.with_name(made.path.name.replace("_v1", "_v2"))):
        assert main(["verify", str(path)]) == 0
        assert f"traject {sessions[0].trajectory_id}, versie" in capsys.readouterr().out


def test_an_unknown_trajectory_is_named_and_a_stop_leaves_nothing(route, tmp_path: Path) -> None:
    data, sessions, _ = route
    with pytest.raises(UnknownSessionError):
        archive_trajectory(data, "bestaatniet", tmp_path / "uit")
    stop = Event()
    stop.set()
    with pytest.raises(ArchiveStopped):
        archive_trajectory(data, sessions[0].trajectory_id, tmp_path / "uit", stop=stop)
    assert list((tmp_path / "uit").rglob("*")) == []


def test_a_poster_belongs_to_one_session(route, capsys) -> None:
    assert main(["archive", "--trajectory", route[1][0].id, "--poster", "a3", "--data", str(route[0])]) == 1
    assert "Een affiche hoort bij één sessie." in capsys.readouterr().err


def test_the_same_figure_is_counted_for_one_session_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("stslib.archive.document.counted.Counted.again", lambda _, definition: asked.append(definition) or {})
    counted = CountedOnce(tmp_path, "Campus Proef", None)
    assert counted.again({"figure": "reach", "status": "x"}) == {}
    assert counted.again({"status": "x", "figure": "reach"}) is None
    assert len(asked) == 1


def test_the_trajectory_is_read_as_it_stood_when_it_was_opened(tmp_path: Path) -> None:
    journal, session = make_session(tmp_path)
    journal.append(session.id, [change(SCALE, "score", 3)], writer="test")
    together = TogetherJournal(journal, session.trajectory_id, all_instruments(tmp_path, set()))
    journal.append(session.id, [change(SCALE, "score", 4, seen=1)], writer="test")
    assert together.current(session.id)[SCALE, "score"].value == 3
