"""A real server in a process of its own, and small clients for it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

PAGES = Path(__file__).parent.parent / "server" / "pages"


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true value of *condition*; fails when it stays false."""
    deadline = time.monotonic() + seconds
    turn = threading.Event()
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        turn.wait(0.05)
    pytest.fail("what was waited for did not happen")


def kernels_of(process_id: int) -> set[int]:
    """Ids of the kernel processes that a server started, from the process table."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    return {int(row[0]) for row in rows if len(row) == 3 and int(row[1]) == process_id and "ipykernel_launcher" in row[2]}


def is_running(process_id: int) -> bool:
    """Whether a process exists and is no corpse waiting to be collected."""
    with contextlib.suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{process_id}/status").read_text()
    return False


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    headers: Any
    text: str


@dataclass
class Server:
    """A running ``sts start``."""

    process: subprocess.Popen[str]
    url: str
    data: Path
    log: Path

    @property
    def errors(self) -> list[str]:
        """What the server told on stderr."""
        return self.log.read_text(encoding="utf-8").splitlines()

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def port(self) -> int:
        return int(self.host.split(":")[1])

    @property
    def token(self) -> str:
        return urlsplit(self.url).query.removeprefix("token=")

    def get(self, path: str, *, token: bool = True, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send *path* exactly as written; ``User_Agent`` becomes ``User-Agent``."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"token {self.token}"
        try:
            connection.putrequest(method, path, skip_host="Host" in sent)
            if body is not None:
                sent["Content-Length"] = str(len(body))
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response: HTTPResponse = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def open_page(self, path: str) -> tuple[Answer, str]:
        """A page and the id of its kernel."""
        answer = self.get(path)
        found = re.search(r'"kernelId": "([0-9a-f-]+)"', answer.text)
        assert found, answer.text[-500:]
        return answer, found[1]

    def kernels(self) -> set[int]:
        return kernels_of(self.process.pid)


def start_server(data: Path, *arguments: str, pages: Path = PAGES) -> Server:
    """``sts start --json`` on a free port."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "errors.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "stslib",
                "start",
                "--no-browser",
                "--json",
                "--data",
                str(data),
                *(arguments or ("--port", "0")),
            ],
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            env={**os.environ, "STS_NOTEBOOKS": str(pages)},
            start_new_session=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.stdout.close()
        pytest.fail(f"the server ended with {process.wait()}: {log.read_text(encoding='utf-8')}")
    return Server(process, json.loads(line)["url"], data, log)


def stop_server(server: Server, number: signal.Signals = signal.SIGINT) -> int:
    """The exit status after a signal."""
    if server.process.poll() is None:
        server.process.send_signal(number)
    try:
        return server.process.wait(40)
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        assert server.process.stdout is not None
        server.process.stdout.close()
