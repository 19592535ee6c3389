"""An archive on A4, through the real browser and through ones that fail."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent
from threading import Event, Thread

import pypdfium2
import pytest
from support.running import chromium_path, is_running, until

from stslib.archive.carriers import pdf_of, printing
from stslib.archive.carriers.printing import page_count, picture_page, print_page
from stslib.errors import ArchiveError, ArchiveStopped

A4 = (594.96, 841.92)

needs_chromium = pytest.mark.skipif(chromium_path() is None, reason="Chromium is not installed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for a browser")


@pytest.fixture
def archive(archived, tmp_path: Path) -> Path:
    """The archive of a full session, in a folder with a name that needs care."""
    folder = tmp_path / "map met spaties & één accent #1 100%"
    folder.mkdir()
    return Path(shutil.copy(archived.result.path, folder / "overleg – Sint-Jozéf.html"))


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes a program the browser: a script in Python that finds where to write in ``out``."""

    def make(script: str) -> Path:
        path = tmp_path / "stand-in"
        head = """\
            import sys, time, subprocess, pathlib
            out = pathlib.Path(next(a.split("=", 1)[1] for a in sys.argv if a.startswith(("--print-to-pdf=", "--screenshot="))))
            notes = pathlib.Path(__file__).with_suffix(".notes")
        """
        path.write_text(f"#!{sys.executable}\n{dedent(head)}\n{dedent(script)}", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("STS_BROWSER", str(path))
        return path

    return make


def texts(pdf: Path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


# -- the real browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def printed(archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if chromium_path() is None:
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("gedrukt")
    return pdf_of(Path(shutil.copy(archived.result.path, folder / "a.html")))


@pytest.mark.browser
def test_every_page_is_an_a4_and_pages_are_counted_right(printed: Path) -> None:
    with pypdfium2.PdfDocument(printed) as pdf:
        sizes = {tuple(sorted(round(side, 2) for side in page.get_size())) for page in pdf}
        assert sizes == {A4}
        assert page_count(printed.read_bytes()) == len(pdf) > 20


@pytest.mark.browser
def test_what_stands_in_the_archive_can_be_read_and_found_in_the_pdf(printed: Path) -> None:
    whole = re.sub(r"\s+", " ", " ".join(texts(printed)))
    assert '<img src=x onerror=alert("school")> & Co' in whole
    assert "<script>alert(1)</script>" in whole
    assert "Preventieplan afwezigheden" in whole


@pytest.mark.browser
def test_the_pdf_says_its_title_its_language_and_its_structure(printed: Path) -> None:
    raw = printed.read_bytes()
    with pypdfium2.PdfDocument(printed) as pdf:
        assert "sessie 2" in pdf.get_metadata_value("Title")
        titles = [one.get_title() for one in pdf.get_toc()]
    assert "Preventieplan afwezigheden" in " ".join(titles)
    assert re.search(rb"/Lang\s*\(nl-BE\)", raw)
    assert re.search(rb"/MarkInfo\s*<<\s*/Type /MarkInfo\s*/Marked true|/Marked true", raw)
    fonts = re.findall(rb"/Type\s*/FontDescriptor.*?>>", raw, re.DOTALL)
    assert fonts
    assert all(b"/FontFile" in font for font in fonts)


@pytest.mark.browser
def test_nothing_in_the_pdf_runs_or_leads_outside(printed: Path) -> None:
    raw = printed.read_bytes()
    for mark in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction", b"/AA"):
        assert not re.search(mark + rb"\b", raw), mark


@pytest.mark.browser
@needs_chromium
def test_the_pdf_stands_beside_the_archive_whatever_the_folder_is_called(archive: Path) -> None:
    assert pdf_of(archive) == archive.with_suffix(".pdf")
    assert sorted(path.name for path in archive.parent.iterdir()) == [f"{archive.stem}.html", f"{archive.stem}.pdf"]


@pytest.mark.browser
@needs_chromium
def test_nothing_on_the_network_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    log = tmp_path / "net.json"
    wrapper = tmp_path / "met-verslag"
    wrapper.write_text(f'#!/bin/sh\nexec {chromium_path()} --log-net-log={log} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{server.server_port}"
        sources = (f"{there}/a", f"http://localhost:{server.server_port}/b", "https://buiten.voorbeeld/c")
        page = (
            "<title>x</title>" + "".join(f"<img src='{source}'>" for source in sources) + f"<script src='{there}/d'></script>"
        )
        pdf = print_page(wrapper, page.encode())
        server.shutdown()
    assert page_count(pdf) == 1
    assert asked == []
    text = log.read_text(encoding="utf-8")
    events = json.loads(text if text.rstrip().endswith("}") else text.rstrip().rstrip(",") + "]}")
    names = {number: name for name, number in events["constants"]["logEventTypes"].items()}
    happened = [(names[event["type"]], event.get("params", {})) for event in events["events"]]
    sent = {"TCP_CONNECT_ATTEMPT", "SOCKET_BYTES_SENT", "UDP_BYTES_SENT", "HTTP_TRANSACTION_SEND_REQUEST"}
    assert sent <= set(names.values()), "these are the names that the browser's log uses"
    assert [params for name, params in happened if name in sent] == []
    assert any("/a" in str(params.get("url", "")) for name, params in happened), "the log shows what the page asked for"


@pytest.mark.browser
@needs_chromium
def test_nothing_of_the_browser_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, home = Path(mkdtemp(prefix="sts-")), tmp_path / "thuis"
    home.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("STS_TEST_MARK", mark := f"gemerkt-{os.getpid()}")
    assert page_count(print_page(Path(chromium_path() or ""), b"<p>een</p>")) == 1
    work.rmdir()  # it is empty
    assert not (home / ".config").exists()
    assert marked(mark) == []


@pytest.mark.browser
@needs_chromium
def test_a_folder_for_temporary_files_with_a_long_name_breaks_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("lang" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert page_count(print_page(Path(chromium_path() or ""), b"<p>een</p>")) == 1


def marked(mark: str) -> list[str]:
    """What still runs of all that was started with this mark in its environment, as Linux knows it."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in place.read_bytes().decode(errors="replace") and int(place.parent.name) != os.getpid():
                found.append(place.with_name("cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.browser
@needs_chromium
def test_a_picture_shows_the_page_at_the_scale_that_was_asked() -> None:
    page = b"<style>html{background:#123456}</style>"
    picture = picture_page(Path(chromium_path() or ""), page, width=400, height=300, scale=1.5)
    assert int.from_bytes(picture[16:20]) == 600


# -- browsers that fail ------------------------------------------------------------------------------------------------------


@posix
def test_a_browser_that_writes_nothing_is_told_with_the_way_out(stand_in, archive: Path) -> None:
    stand_in("sys.exit(0)")
    with pytest.raises(ArchiveError, match="zonder iets te schrijven") as told:
        pdf_of(archive)
    assert "Opslaan als PDF" in told.value.remedy
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@posix
def test_a_browser_that_breaks_is_told_with_its_code(stand_in, archive: Path) -> None:
    stand_in("out.write_bytes(b'%PDF-1.4 half'); sys.exit(7)")
    with pytest.raises(ArchiveError, match=r"hield op \(met code 7\)"):
        pdf_of(archive)
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@posix
def test_a_program_that_cannot_be_started_is_told(tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "geen-browser"
    wrong.write_bytes(b"\x00\x01")
    wrong.chmod(0o755)
    monkeypatch.setenv("STS_BROWSER", str(wrong))
    with pytest.raises(ArchiveError, match="kan niet gestart worden"):
        pdf_of(archive)


@posix
def test_a_browser_that_hangs_is_ended_with_all_it_started(stand_in, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "TIME_LIMIT", 1.0)
    script = stand_in(HANGING)
    with pytest.raises(ArchiveError, match="na 1 seconden nog niet klaar"):
        pdf_of(archive)
    assert [is_running(int(pid)) for pid in script.with_suffix(".notes").read_text().split()] == [False, False]
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


HANGING = """
    import os
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    draft = notes.with_suffix(".draft")
    draft.write_text(f"{os.getpid()} {child.pid}")
    draft.rename(notes)
    time.sleep(600)
"""


@posix
def test_printing_stops_when_asked_and_leaves_nothing(stand_in, archive: Path) -> None:
    script = stand_in(HANGING)
    notes, stop = script.with_suffix(".notes"), Event()
    watcher = Thread(target=lambda: until(notes.exists) and stop.set())
    watcher.start()
    with pytest.raises(ArchiveStopped):
        pdf_of(archive, stop=stop)
    watcher.join()
    assert [is_running(int(pid)) for pid in notes.read_text().split()] == [False, False]
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@posix
def test_a_browser_that_wrote_all_but_never_ends_has_done_its_work(
    stand_in, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_TO_END_BY_ITSELF", 0.2)
    stand_in("out.write_bytes(b'%PDF-1.4 alles %%EOF'); time.sleep(600)")
    assert pdf_of(archive).read_bytes() == b"%PDF-1.4 alles %%EOF"


@posix
def test_a_first_process_that_hands_over_to_a_second_is_waited_for(stand_in, archive: Path) -> None:
    later = "import pathlib, sys, time; time.sleep(0.5); pathlib.Path(sys.argv[1]).write_bytes(b'%PDF-1.4 later %%EOF')"
    stand_in(f"subprocess.Popen([sys.executable, '-c', {later!r}, str(out)])")
    assert pdf_of(archive).read_bytes() == b"%PDF-1.4 later %%EOF"


@posix
def test_what_stood_there_stays_whole_when_printing_fails(stand_in, archive: Path) -> None:
    before = archive.with_suffix(".pdf")
    before.write_bytes(b"vorige")
    stand_in("sys.exit(1)")
    with pytest.raises(ArchiveError):
        pdf_of(archive)
    assert before.read_bytes() == b"vorige"


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_takes_no_files_is_told(stand_in, archive: Path) -> None:
    stand_in("out.write_bytes(b'%PDF-1.4 alles %%EOF')")
    archive.parent.chmod(0o500)
    try:
        with pytest.raises(ArchiveError, match="niet geschreven worden"):
            pdf_of(archive)
    finally:
        archive.parent.chmod(0o700)


@posix
def test_an_archive_that_was_changed_is_never_opened_in_a_browser(stand_in, archive: Path) -> None:
    script = stand_in("notes.write_text('geopend')")
    archive.write_bytes(archive.read_bytes().replace(b"</main>", b"<script>alert(1)</script></main>"))
    with pytest.raises(ArchiveError, match="niet meer wat het bij het afsluiten was"):
        pdf_of(archive)
    assert not script.with_suffix(".notes").exists()
