"""Starting and stopping."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from support.running import TEST_PAGES, RunningServer, is_running, until

from stslib.apps import request
from stslib.server import kernels
from stslib.server.secret import load_secret

Start = Callable[..., RunningServer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers on a data folder of the test's own; none outlives it."""
    started: list[RunningServer] = []

    def one(port: int = 0) -> RunningServer:
        started.append(RunningServer(tmp_path / "data", port, TEST_PAGES))
        return started[-1].start()

    yield one
    for server in started:
        server.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_leaves_no_process_and_no_file_behind(
    tmp_path: Path, start: Start, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = start()
    server.open_page("/preventieplan")
    waiting_and_used = until(lambda: len(found := server.kernels()) >= 2 and found)
    assert server.end(number) == 0
    assert server.kernels() == set()
    assert not [each for each in waiting_and_used if is_running(each)]
    assert not list(tmp_path.glob("sts_*"))
    assert server.errors == []


def test_a_server_that_is_stopped_while_kernels_boot_leaves_none(start: Start) -> None:
    server = start()
    started = until(server.kernels)
    assert server.end() == 0
    until(lambda: not [each for each in started if is_running(each)])


def test_a_page_comes_although_its_kernel_dies_while_it_starts(start: Start) -> None:
    server = start()
    until(server.kernels)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", f"/preventieplan?token={server.token}")
    response = connection.getresponse()
    frame = response.read(200)  # the frame is there, the page waits for its kernel
    for booting in server.kernels():
        os.kill(booting, signal.SIGKILL)
    page = (frame + response.read()).decode()
    connection.close()
    assert response.status == 200
    assert "application/vnd.voila.cell-output+json" in page
    server.end()


def test_kernels_end_by_themselves_when_the_server_is_killed(start: Start) -> None:
    server = start()
    server.open_page("/preventieplan")
    running = server.kernels()
    server.end(signal.SIGKILL)
    until(lambda: not [each for each in running if is_running(each)])


def test_a_link_and_a_login_outlive_a_restart_on_the_same_port(start: Start, free_port: int) -> None:
    first = start(free_port)
    cookie = first.get(f"/fout?token={first.token}", token=False).headers["Set-Cookie"].split(";")[0]
    first.end()
    second = start(free_port)
    assert second.url == first.url
    cookies = cookie if cookie.startswith("sts-") else ""
    assert not cookies or second.get("/fout", token=False, Cookie=cookies).status == 200
    second.end()


def test_another_data_folder_has_another_token(tmp_path: Path) -> None:
    one, two = tmp_path / "een", tmp_path / "twee"
    one.mkdir()
    two.mkdir()
    assert load_secret(one).token != load_secret(two).token
    assert load_secret(one).token == load_secret(one).token
    assert load_secret(one).token not in repr(load_secret(one))


def test_a_damaged_secret_is_replaced(tmp_path: Path) -> None:
    before = load_secret(tmp_path).token
    (tmp_path / "server.secret").write_text("beschadigd", encoding="ascii")
    assert load_secret(tmp_path).token != before


def test_a_port_in_use_is_passed_over_with_a_warning(start: Start, free_port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        server = start(free_port)
        assert server.port > free_port
        until(lambda: any(f"Poort {free_port} is bezet" in line for line in server.errors))
        server.end()


@pytest.mark.parametrize("port", ["-1", "65536", "acht", "8866.0", ""])
def test_an_impossible_port_is_refused_in_dutch(tmp_path: Path, port: str) -> None:
    done = _sts("start", "--no-browser", "--data", str(tmp_path), f"--port={port}")
    assert done.returncode == 1
    assert "is geen poort" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_is_the_only_line_on_stdout(start: Start) -> None:
    server = start()
    assert server.process is not None
    server.process.send_signal(signal.SIGINT)
    assert server.process.stdout is not None
    assert server.process.stdout.read() == ""
    server.end()


def test_a_notebook_without_title_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = json.loads(Path(TEST_PAGES["STS_NOTEBOOKS"], "start.ipynb").read_text(encoding="utf-8"))
    del notebook["metadata"]["sts"]["title"]
    (tmp_path / "start.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setenv("STS_NOTEBOOKS", str(tmp_path))
    done = _sts("start", "--no-browser", "--data", str(tmp_path / "data"), "--port", "0")
    assert done.returncode == 1
    assert "start.ipynb" in done.stderr
    assert "titel" in done.stderr


def test_server_and_kernel_agree_on_the_name_of_the_key() -> None:
    assert request.KEY_VARIABLE == kernels.KEY_VARIABLE


def test_away_from_the_server_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (request.KEY_VARIABLE, "VOILA_KERNEL_ID", "VOILA_APP_PORT"):
        monkeypatch.delenv(name, raising=False)
    assert request.wait_for_request() == {}


def _sts(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "stslib", *arguments], capture_output=True, text=True, timeout=60, check=False)
