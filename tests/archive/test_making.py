"""An archive on disk: its name, its versions, what it says, and what it says when it cannot be made."""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from threading import Event

import psutil
import pytest
from markupsafe import escape

from stslib.archive import ArchiveResult, archive_session, read_archive, verify_archive
from stslib.archive.keeping.placing import next_version, written_as_new
from stslib.archive.keeping.record import recordable
from stslib.cli import main
from stslib.errors import ArchiveError, ArchiveStopped, UnknownSessionError
from stslib.model.session import Change
from stslib.store import open_journal


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def in_a_running_loop(work: Callable[[], ArchiveResult]) -> ArchiveResult:
    """Do *work* as a page kernel would: in a thread whose event loop is running."""

    async def within() -> ArchiveResult:
        return work()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, within()).result(timeout=120)


def test_the_name_tells_day_school_session_and_version(archived) -> None:
    day = archived.state().session.created_at.date().isoformat()
    assert archived.result.path.name == f"{day}_sessie-2_{archived.session_id}_v1.html"
    assert archived.result.path.parent == archived.out / "img-src-x-onerror-alert-school-co"
    assert [path for path in archived.out.rglob("*") if path.is_file()] == [archived.result.path]


def test_the_result_describes_the_file(archived) -> None:
    content = archived.result.path.read_bytes()
    assert archived.result.size == len(content)
    assert archived.result.sha256 == sha256(content).hexdigest()
    assert archived.result.seq == archived.state().seq


def test_a_full_session_stays_under_two_megabytes(archived) -> None:
    assert archived.result.size <= 2_000_000


def test_progress_goes_from_nothing_to_done(archived) -> None:
    shares = [share for _, share in archived.stages]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert "fasen, grafieken en cijfers" in [stage for stage, _ in archived.stages]


def test_nothing_is_left_in_the_temporary_folder(archived) -> None:
    assert list(Path(tempfile.gettempdir()).glob(f"sts-archief-{os.getpid()}-*")) == []


def test_the_session_read_back_is_what_the_journal_holds(archived) -> None:
    record = json.loads(json.dumps(archived.state(upto=archived.result.seq).to_record()))
    read = read_archive(archived.result.path)
    for kind in ("entries", "unsettled", "carried"):
        record[kind] = [{**entry, "value": recordable(entry["field"], entry["value"])} for entry in record[kind]]
    assert {**read, "earlier": []} == {**record, "earlier": []}
    assert list(read["instruments"]) == ["school", "preventieplan", "leerkracht", "ouders", "netwerk"]


def test_scores_of_earlier_conversations_about_somebody_else_are_not_in_it(archived) -> None:
    (earlier,) = read_archive(archived.result.path)["earlier"]
    assert {item.split(".")[0] for item in earlier["scores"]} == {"school", "preventieplan"}


def test_there_is_no_script_no_request_and_no_handler_in_the_source(archived) -> None:
    elements = Elements(archived.result.path.read_text(encoding="utf-8")).found
    tags = {tag for tag, _ in elements}
    assert not tags & {"script", "iframe", "object", "embed", "base", "form", "svg", "math", "template", "video", "audio"}
    for tag, attributes in elements:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "srcset", "data", "action", "poster", "background"):
            target = attributes.get(name) or ""
            assert target.startswith(("data:image/png;base64,", "#")) or target in {"", "data:,"}, (tag, name)
    policies = [
        attributes["content"] for _, attributes in elements if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


def test_every_picture_has_an_alternative_text_and_stands_in_a_figure_with_a_table(archived) -> None:
    document = archived.result.path.read_text(encoding="utf-8")
    pictures = [attributes for tag, attributes in Elements(document).found if tag == "img"]
    assert len(pictures) == 18  # two of each of six phases, and a small one on the first page
    assert all(len(picture["alt"] or "") > 40 for picture in pictures)
    for figure in re.findall(r"<figure.*?</figure>", document, flags=re.S):
        assert "<img" in figure
        assert "<table" in figure or "<li>" in figure


def test_the_description_in_the_archive_holds_what_has_no_number(archived) -> None:
    document = archived.result.path.read_text(encoding="utf-8")
    alternative = " ".join(re.findall(r'class="radar"[^>]*alt="([^"]*)"', document))
    for words in ("weet niet", "niet van toepassing", "niet besproken", "Eerder", "Streefdoel"):
        assert words in alternative


def test_everything_that_every_instrument_asks_stands_in_it(archived, instruments) -> None:
    document = archived.result.path.read_text(encoding="utf-8")
    for instrument in instruments:
        asked = [question.text for question in instrument.questions()]
        asked += [scale.prompt for scale in instrument.scales()]
        asked += [block.title for block in instrument.blocks()]
        for phase in instrument.phases:
            asked += [phase.title, *phase.frame.aims, *phase.frame.conditions, *(line.text for line in phase.frame.results)]
        missing = [text for text in asked if str(escape(text)) not in document]
        assert missing == [], instrument.id


def test_what_is_for_the_facilitator_only_stays_out_of_it(archived, instruments) -> None:
    document = archived.result.path.read_text(encoding="utf-8")
    frames = [phase.frame for instrument in instruments for phase in instrument.phases]
    told = [line for frame in frames for group in frame.clb_role for line in group.lines]
    told += [method.text for frame in frames for method in frame.methods]
    assert len(told) > 40
    assert [line for line in told if str(escape(line)) in document] == []


def test_a_later_closing_makes_a_second_version_and_keeps_the_first(archived, tmp_path: Path) -> None:
    first = archived.result.path.read_bytes()
    closed = {"archive": archived.result.path.name, "sha256": archived.result.sha256, "seq": archived.result.seq, "version": 1}
    with open_journal(archived.data) as journal:
        typed = {"closed_by": "CLB-medewerker, <directie>", "closed": closed, "notes": "nagekomen"}
        late = [Change(item="sessie", field=name, value=value, edit_id=f"laat {name}") for name, value in typed.items()]
        written = journal.append(archived.session_id, late, writer="test")
    out = tmp_path / "map"
    out.mkdir()
    kept = out / archived.result.path.name  # where archives stood before they had a folder per school
    kept.write_bytes(first)

    result = in_a_running_loop(lambda: archive_session(archived.data, archived.session_id, out))
    assert result.version == 2
    assert result.path.name == archived.result.path.name.replace("_v1.", "_v2.")
    assert kept.read_bytes() == first
    assert sorted(path for path in out.rglob("*.html")) == sorted([kept, result.path])
    assert verify_archive(kept).ok
    manifest = verify_archive(result.path).manifest
    assert manifest["version"] == 2
    assert manifest["earlier_versions"] == [
        {
            "version": 1,
            "created_at": written[1].recorded_at.isoformat(timespec="seconds"),
            "closed_by": "CLB-medewerker, <directie>",
            "sha256": archived.result.sha256,
        }
    ]
    assert "nagekomen" in json.dumps(read_archive(result.path))


def test_a_version_number_is_never_given_twice(tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    (tmp_path / "2026-11-03_school_abc_v1.html").touch()
    assert next_version(tmp_path, "abc", []) == 2
    (tmp_path / "school" / "2026-11-03_sessie-1_abc_v4.html").touch()
    assert next_version(tmp_path, "abc", []) == 5
    assert next_version(tmp_path, "abc", [{"version": 7}]) == 8
    assert next_version(tmp_path, "bc", []) == 1


@pytest.mark.parametrize("stage", ["archief voorbereiden", "omslag", "verantwoording", "archief schrijven"])
def test_stopping_at_any_stage_ends_the_kernel_and_leaves_nothing(archived, tmp_path: Path, stage: str) -> None:
    stop = Event()
    started = set(psutil.Process().children(recursive=True))

    def at(told: str, _share: float) -> None:
        if told == stage:
            stop.set()

    with pytest.raises(ArchiveStopped, match="Er is niets geschreven"):
        archive_session(archived.data, archived.session_id, tmp_path / "uit", progress=at, stop=stop)
    assert list((tmp_path / "uit").rglob("*")) == []
    assert set(psutil.Process().children(recursive=True)) <= started
    assert list(Path(tempfile.gettempdir()).glob(f"sts-archief-{os.getpid()}-*")) == []


def test_an_unknown_session_is_named_and_leaves_nothing(archived, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "leeg"
    with pytest.raises(UnknownSessionError) as caught:
        archive_session(archived.data, "bestaatniet", out)
    assert caught.value.__cause__ is None
    assert list(out.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_before_the_work_starts(archived, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    stages: list[str] = []
    with pytest.raises(ArchiveError, match="kan hier niet geschreven worden"):
        archive_session(
            archived.data, archived.session_id, tmp_path / "bestand" / "map", progress=lambda stage, _: stages.append(stage)
        )
    assert stages == ["archief voorbereiden"]


def test_a_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a_v1.html"
    assert written_as_new(path, b"eerste")
    assert not written_as_new(path, b"tweede")
    assert path.read_bytes() == b"eerste"
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_prints_path_digest_and_size(
    archived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fake(data: Path, session_id: str, out: Path) -> object:
        assert (data, session_id, out) == (tmp_path, archived.session_id, tmp_path / "uit")
        return archived.result

    monkeypatch.setattr("stslib.archive.archive_session", fake)
    asked = ["archive", archived.session_id.upper(), "--data", str(tmp_path), "--out", str(tmp_path / "uit")]
    assert main([*asked, "--json"]) == 0
    made = archived.result
    assert json.loads(capsys.readouterr().out) == {"path": str(made.path), "sha256": made.sha256, "size": made.size}
    assert main(asked) == 0
    assert str(made.path) in capsys.readouterr().out


def test_the_command_makes_what_is_asked_beside_the_archive_and_tells_the_archive_first(
    archived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_browser(_archive: Path) -> Path:
        raise ArchiveError("pdf", "Er is geen browser gevonden.", "Installeer er een.")

    posters = (tmp_path / "affiche.pdf", tmp_path / "affiche.png")
    made = archived.result.path
    monkeypatch.setattr("stslib.archive.archive_session", lambda *_: archived.result)
    monkeypatch.setattr("stslib.archive.carriers.workbook_of", lambda archive: archive.with_suffix(".xlsx"))
    monkeypatch.setattr("stslib.archive.carriers.poster_of", lambda data, session, out, size: posters)
    asked = ["archive", archived.session_id, "--data", str(tmp_path), "--xlsx", "--poster", "a4"]
    assert main([*asked, "--json"]) == 0
    beside = json.loads(capsys.readouterr().out)["beside"]
    assert beside == [str(made.with_suffix(".xlsx")), *map(str, posters)]
    monkeypatch.setattr("stslib.archive.carriers.pdf_of", no_browser)
    assert main([*asked, "--pdf"]) == 1
    told = capsys.readouterr()
    assert str(made) in told.out
    assert "geen browser" in told.err


@pytest.mark.parametrize(("words", "told"), [(["read"], "Welk archief?"), (["abc", "nog.html"], "Geef één sessie")])
def test_a_call_without_a_file_or_with_one_too_many_is_told(tmp_path: Path, words: list[str], told: str, capsys) -> None:
    assert main(["archive", *words, "--data", str(tmp_path)]) == 1
    assert told in capsys.readouterr().err
