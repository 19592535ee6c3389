"""Closing a session: once at a time, told on disk, stopped or broken off without a trace; and what the step says of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from support.factories import change, make_session
from support.running import until

from stslib import archive
from stslib.apps.closing import Closing
from stslib.apps.closing_child import ClosingWork, close_session
from stslib.apps.closing_run import ClosingRun
from stslib.apps.closing_told import about_closing
from stslib.apps.sessions import journal_of, open_session
from stslib.archive import ArchiveResult
from stslib.archive.preview import STOPPED, Preview, PreviewFigure
from stslib.errors import ArchiveError, ArchiveStopped
from stslib.forms.state import FormState
from stslib.model.session import SESSION_ITEM
from stslib.paths import exports_folder

NOTE_PHASE = "preventieplan.f0"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def session(data: Path) -> str:
    make_session(data)
    journal = journal_of(data)
    (trajectory,) = journal.trajectories()
    return journal.sessions(trajectory.id)[0].id


@pytest.fixture
def state(data: Path, session: str) -> FormState:
    return open_session(session, data=data)


def written(data: Path, session_id: str, out: Path, **options: Any) -> ArchiveResult:
    """Stands in for the making of an archive: a file by school, under the next version."""
    folder = out / "campus-proef"
    folder.mkdir(parents=True, exist_ok=True)
    version = len(list(folder.glob("*.html"))) + 1
    path = folder / f"2026-11-03_sessie-1_{session_id}_v{version}.html"
    content = f"versie {version}".encode()
    path.write_bytes(content)
    seq = open_session(session_id, data=data).seq
    return ArchiveResult(path, sha256(content).hexdigest(), len(content), version, seq)


@pytest.fixture
def archived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "archive_session", written)
    monkeypatch.setattr(ClosingWork, "_carry", lambda self, kind, path: path.with_suffix(f".{kind}").write_bytes(b"proef"))


def test_closing_notes_the_archive_by_its_place_among_the_exports(state: FormState, data: Path, archived: None) -> None:
    closed = close_session(state, data, writer="venster")
    assert closed["archive"] == f"campus-proef/2026-11-03_sessie-1_{state.session.id}_v1.html"
    assert (exports_folder(data) / closed["archive"]).is_file()
    assert (exports_folder(data) / "index.html").is_file()
    noted = state.value(SESSION_ITEM, "closed")
    assert isinstance(noted, dict)
    assert (noted["archive"], noted["version"]) == (closed["archive"], 1)


def test_a_run_tells_on_disk_what_was_made_and_that_it_is_over(data: Path, session: str, archived: None) -> None:
    ClosingWork(data, session, "run-1", "venster").work("close")
    told = ClosingRun(data, session).read()
    assert (told["run"], told["phase"], told["closed"]["version"]) == ("run-1", "done", 1)
    assert [(one["kind"], one["state"]) for one in told["made"]] == [("xlsx", "done"), ("pdf", "done"), ("affiche", "done")]
    assert not ClosingRun(data, session).is_running()


def test_what_cannot_be_made_of_an_archive_is_told_and_holds_up_nothing(
    data: Path, session: str, archived: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carried(self: ClosingWork, kind: str, path: Path) -> None:
        if kind == "pdf":
            raise ArchiveError("PDF", "Er is geen browser.", "Druk af vanuit een browser.")
        if kind == "affiche":
            raise ValueError("geheim")

    monkeypatch.setattr(ClosingWork, "_carry", carried)
    ClosingWork(data, session, "run-1", "venster").work("close")
    told = ClosingRun(data, session).read()
    assert told["phase"] == "done"
    assert [one["state"] for one in told["made"]] == ["done", "failed", "failed"]
    assert told["made"][1]["text"] == "Er is geen browser. Druk af vanuit een browser."
    assert "geheim" not in str(told)
    assert open_session(session, data=data).meta().closed is not None


@pytest.mark.parametrize(
    ("error", "phase", "says"),
    [
        (ArchiveStopped("sessie"), "stopped", "de sessie blijft open"),
        (ArchiveError("map", "De map is vol.", "Maak plaats."), "failed", "De map is vol. Maak plaats."),
        (OSError(28, "No space left on device"), "failed", "sessie blijft open"),
        (ValueError("Jan Peeters"), "failed", "ValueError"),
    ],
)
def test_a_closing_that_fails_leaves_the_session_open_and_says_why(
    data: Path, session: str, monkeypatch: pytest.MonkeyPatch, error: Exception, phase: str, says: str
) -> None:
    def failing(*_: Any, **__: Any) -> ArchiveResult:
        raise error

    monkeypatch.setattr(archive, "archive_session", failing)
    ClosingWork(data, session, "run-1", "venster").work("close")
    told = ClosingRun(data, session).read()
    assert told["phase"] == phase
    assert says.lower() in told["text"].lower()
    assert "Jan Peeters" not in str(told)
    assert open_session(session, data=data).meta().closed is None
    assert list(exports_folder(data).rglob("*.html")) == []


def test_a_stop_that_is_asked_for_reaches_the_archive_and_what_is_made_of_it(
    data: Path, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()

    def slow(data: Path, session_id: str, out: Path, *, progress: Callable[[str, float], None], stop: threading.Event) -> None:
        progress("omslag", 0.4)
        started.set()
        assert stop.wait(20)
        raise ArchiveStopped("sessie")

    monkeypatch.setattr(archive, "archive_session", slow)
    disk = ClosingRun(data, session)
    work = threading.Thread(target=ClosingWork(data, session, "run-1", "venster").work, args=("close",))
    work.start()
    assert started.wait(20)
    assert disk.is_running()
    assert (disk.read()["stage"], disk.read()["share"]) == ("omslag", 0.4)
    disk.ask_to_stop("een-andere-run")
    assert not disk.is_to_stop("run-1")
    disk.ask_to_stop()
    work.join(20)
    assert disk.read()["phase"] == "stopped"
    assert not disk.is_running()
    assert not disk.is_to_stop("run-1")  # nothing is left that would stop the next one


def test_two_closings_at_once_make_one_archive(
    data: Path, session: str, archived: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, inside = threading.Event(), threading.Event()

    def slow(data: Path, session_id: str, out: Path, **options: Any) -> ArchiveResult:
        inside.set()
        assert go_on.wait(20)
        return written(data, session_id, out)

    monkeypatch.setattr(archive, "archive_session", slow)
    monkeypatch.setattr("stslib.apps.closing_run._WAIT_FOR_A_LOOK", 0.05)
    first = threading.Thread(target=ClosingWork(data, session, "run-1", "venster").work, args=("close",))
    first.start()
    assert inside.wait(20)
    ClosingWork(data, session, "run-2", "ander venster").work("close")
    assert ClosingRun(data, session).read()["run"] == "run-1"
    go_on.set()
    first.join(20)
    assert len(list(exports_folder(data).rglob("*_v*.html"))) == 1


def test_a_run_whose_process_went_away_is_told_as_broken_off(data: Path, session: str) -> None:
    disk = ClosingRun(data, session)
    disk.write({"run": "run-1", "phase": "archive", "stage": "omslag", "share": 0.5})
    ((told, running),) = disk.steps()
    assert not running
    assert told["phase"] == "failed"
    assert "onderbroken" in told["text"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
def test_a_damaged_file_about_a_run_reads_as_no_run(data: Path, session: str, content: bytes) -> None:
    (data / "closing").mkdir()
    (data / "closing" / f"{session}.json").write_bytes(content)
    assert ClosingRun(data, session).read() == {}


# -- what the step says --------------------------------------------------------------------------------------------------------


def test_versions_say_when_by_whom_with_which_seal_and_what_is_there(state: FormState, data: Path, archived: None) -> None:
    state.apply([change(SESSION_ITEM, "closed_by", "directie")], writer="venster")
    close_session(state, data, writer="venster")
    state.apply([change(SESSION_ITEM, "closed_by", "CLB-medewerker", seen=1)], writer="venster")
    close_session(state, data, writer="venster")
    second, first = about_closing(state, data)["versions"]
    assert [(one["version"], one["by"], one["there"]) for one in (first, second)] == [
        (1, "directie", True),
        (2, "CLB-medewerker", True),
    ]
    assert first["sha256"] == sha256(b"versie 1").hexdigest()
    (exports_folder(data) / first["archive"]).unlink()
    (exports_folder(data) / second["archive"]).with_suffix(".pdf").write_bytes(b"proef")
    second, first = about_closing(state, data)["versions"]
    assert not first["there"]
    assert [one["name"] for one in second["files"]] == ["PDF"]


def test_what_changed_since_the_last_version_is_counted_once_per_field(state: FormState, data: Path, archived: None) -> None:
    question = next(state.instrument.questions()).id
    scale = next(iter(state.scores()))
    state.apply([change(question, "answer", "eerst"), change(scale, "score", 4)], writer="venster")
    assert about_closing(state, data)["changed"] == 0  # never closed
    close_session(state, data, writer="venster")
    assert about_closing(state, data)["changed"] == 0
    state.apply([change(question, "answer", "dan", seen=1)], writer="venster")
    state.apply([change(question, "answer", "en dan", seen=2)], writer="venster")
    state.apply([change(scale, "score", 0, seen=1)], writer="venster")
    state.apply([change(scale, "evidence", "waarom")], writer="venster")
    assert about_closing(state, data)["changed"] == 3
    state.apply([change(question, "answer", "eerst", seen=3), change(scale, "evidence", "", seen=1)], writer="venster")
    assert about_closing(state, data)["changed"] == 1
    close_session(state, data, writer="venster")
    assert about_closing(state, data)["changed"] == 0


def test_a_private_note_is_no_change_until_it_goes_along(state: FormState, data: Path, archived: None) -> None:
    close_session(state, data, writer="venster")
    state.apply([change(NOTE_PHASE, "note", "voor mij")], writer="venster")
    assert about_closing(state, data)["changed"] == 0
    state.apply([change(NOTE_PHASE, "note_archived", True)], writer="venster")
    assert about_closing(state, data)["changed"] == 2


def test_notes_of_other_instruments_are_named_with_the_way_to_them(state: FormState, data: Path) -> None:
    other = open_session(state.session.id, instrument="school", data=data)
    phase = other.instrument.phases[0]
    other.apply([change(phase.id, "note", "geheim")], writer="venster")
    state.apply([change(NOTE_PHASE, "note", "van deze pagina")], writer="venster")
    (note,) = about_closing(state, data)["notes"]
    assert note["address"] == f"school?sessie={state.session.id}#fase-{phase.number}"
    assert phase.title in note["name"]
    assert note["goes"] is False
    assert "geheim" not in str(note)


def test_a_conflict_is_named_with_its_field_and_the_way_to_it(state: FormState, data: Path) -> None:
    question = next(state.instrument.questions())
    state.apply([change(question.id, "answer", "het ene")], writer="venster")
    state.apply([change(question.id, "answer", "het andere")], writer="ander venster")
    (conflict,) = about_closing(state, data)["conflicts"]
    assert conflict["key"] == f"{question.id}::answer"
    assert conflict["name"] == question.text
    assert conflict["address"] == f"preventieplan?sessie={state.session.id}#fase-0"


# -- messages to and from the page ---------------------------------------------------------------------------------------------


class Told:
    """A page that keeps what it is told."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, Any]]] = []

    def tell(self, kind: str, **content: Any) -> None:
        self.messages.append((kind, content))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [content for one, content in self.messages if one == kind]


@pytest.fixture
def page(state: FormState, data: Path, monkeypatch: pytest.MonkeyPatch, archived: None) -> tuple[Closing, Told]:
    """The closing step without a process: the run is done in a thread."""

    def launched(disk: ClosingRun, writer: str, *, what: str = "close", archive: str = "") -> str:
        threading.Thread(target=ClosingWork(data, state.session.id, "run-x", writer).work, args=(what, archive)).start()
        return "run-x"

    monkeypatch.setattr(ClosingRun, "launch", launched)
    step, told = Closing(state, data), Told()
    step.form = told  # type: ignore[assignment]
    return step, told


def test_the_page_is_told_each_step_and_the_version_that_came(page: tuple[Closing, Told]) -> None:
    step, told = page
    step.start({}, "venster")
    until(lambda: told.of("closing-about"))
    until(lambda: told.of("closing-run") and told.of("closing-run")[-1]["running"] is False)
    last = until(lambda: [one for one in told.of("closing-about") if one["versions"] and one["versions"][0]["files"]])[-1]
    assert [one["version"] for one in last["versions"]] == [1]
    assert told.of("closing-run")[-1]["phase"] == "done"


def test_a_page_that_opens_later_finds_what_became_of_the_closing(page: tuple[Closing, Told], data: Path) -> None:
    step, told = page
    ClosingWork(data, step._state.session.id, "run-1", "een ander venster").work("close")
    step._state.refresh()
    step.look({}, "venster")
    (run,) = told.of("closing-run")
    assert (run["phase"], run["running"], run["closed"]["version"]) == ("done", False, 1)
    assert [one["version"] for one in told.of("closing-about")[-1]["versions"]] == [1]


def test_pdf_and_the_rest_are_made_again_of_the_newest_version_only(page: tuple[Closing, Told], data: Path) -> None:
    step, told = page
    for _ in range(2):
        close_session(step._state, data, writer="venster")
    newest, first = about_closing(step._state, data)["versions"]
    step.make({"archive": first["archive"]}, "venster")
    step.make({"archive": "../../elders.html"}, "venster")
    step.make({"archive": newest["archive"]}, "venster")
    until(lambda: told.of("closing-run") and told.of("closing-run")[-1]["running"] is False)
    assert (exports_folder(data) / newest["archive"]).with_suffix(".pdf").is_file()
    assert not (exports_folder(data) / first["archive"]).with_suffix(".pdf").exists()


def test_what_is_hidden_is_counted_once_for_the_same_answers(
    page: tuple[Closing, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    step, told = page
    counted: list[str] = []

    def preview_of(data: Path, session_id: str, *, stop: threading.Event) -> Preview:
        counted.append(session_id)
        return Preview(figures=(PreviewFigure("Per klas", "Fiche school", 2, 8, ("kleine groep",)),))

    monkeypatch.setattr("stslib.archive.preview.preview_of", preview_of)
    step.preview({}, "venster")
    until(lambda: [one for one in told.of("closing-preview") if one["state"] == "done"])
    step.preview({}, "venster")
    until(lambda: len([one for one in told.of("closing-preview") if one["state"] == "done"]) == 2)
    assert len(counted) == 1
    assert told.of("closing-preview")[-1]["figures"][0]["reasons"] == ("kleine groep",)


def test_counting_that_was_stopped_is_told_and_not_kept(page: tuple[Closing, Told], monkeypatch: pytest.MonkeyPatch) -> None:
    step, told = page

    def preview_of(data: Path, session_id: str, *, stop: threading.Event) -> Preview:
        assert stop.wait(20)
        return Preview(problem=STOPPED)

    monkeypatch.setattr("stslib.archive.preview.preview_of", preview_of)
    step.preview({}, "venster")
    until(lambda: told.of("closing-preview"))
    step.stop_preview({}, "venster")
    last = until(lambda: [one for one in told.of("closing-preview") if one["state"] != "busy"])[-1]
    assert (last["state"], last["problem"]) == ("failed", STOPPED)
    assert step._previewed is None
