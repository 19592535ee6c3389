"""A real server and a real browser for tests."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

TEST_PAGES = {"STS_NOTEBOOKS": str(Path(__file__).parent.parent / "server" / "pages")}
"""The environment of a server that serves small notebooks of the tests in place of the apps."""


def chromium_path() -> str | None:
    """Where a Chromium is, or None."""
    from shutil import which

    return next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := which(name))), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first true value of *condition*; fails when it stays false."""
    deadline = time.monotonic() + seconds
    turn = threading.Event()
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        turn.wait(0.05)
    raise AssertionError("what was waited for did not happen")


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
class RunningServer:
    """``sts start`` as a user starts it, on a data folder of its own; it keeps its port when it is started again.

    Args:
        data: the data folder; made when it is not there.
        port: the port to ask for; 0 for a free one.
        environment: what the server finds in its environment besides our own.
    """

    data: Path
    port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    url: str = ""

    @property
    def log(self) -> Path:
        """Where stderr goes, of every start after the other."""
        return self.data.parent / f"{self.data.name}-server.log"

    @property
    def errors(self) -> list[str]:
        """What the server told on stderr."""
        return self.log.read_text(encoding="utf-8").splitlines()

    # -- its life ------------------------------------------------------------------------------------------------------------

    def start(self, *arguments: str) -> RunningServer:
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "stslib", "start", "--no-browser", "--json"]
        with self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.data), "--port", str(self.port), *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env={**os.environ, "STS_DATA": "", **self.environment},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the server ended with {self.end()}: {self.log.read_text(encoding='utf-8')}")
        self.url = json.loads(line)["url"]
        self.port = urlsplit(self.url).port or 0
        return self

    def end(self, signal_number: int = signal.SIGINT) -> int:
        """The exit status after a signal; what the server leaves behind is left."""
        assert self.process is not None
        assert self.process.stdout is not None
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        try:
            return self.process.wait(40)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait(10)
            self.process.stdout.close()

    def stop(self, signal_number: int = signal.SIGINT) -> None:
        """End the server and everything under it; nothing where it was ended before."""
        if self.process is None or self.process.stdout is None or self.process.stdout.closed:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.end(signal_number)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    # -- its addresses -------------------------------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def token(self) -> str:
        return urlsplit(self.url).query.removeprefix("token=")

    def page(self, path: str) -> str:
        """The address of a page, with the token."""
        return f"{self.origin}/{path}{'&' if '?' in path else '?'}token={self.token}"

    # -- what it answers -----------------------------------------------------------------------------------------------------

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

    # -- its kernels ---------------------------------------------------------------------------------------------------------

    def kernels(self) -> set[int]:
        """Process ids of the kernels under this server, from the process table."""
        assert self.process is not None
        table = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in table.splitlines()]
        own = [row for row in rows if len(row) == 3 and int(row[1]) == self.process.pid]
        return {int(row[0]) for row in own if "ipykernel_launcher" in row[2]}

    def kernel_of(self, page: Any) -> int:
        """Process id of the kernel behind an open page."""
        text = page.locator("#jupyter-config-data").text_content()
        wanted = f"VOILA_KERNEL_ID={json.loads(text)['kernelId']}".encode()
        for pid in self.kernels():
            with contextlib.suppress(OSError):  # a kernel that ends while we look
                if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                    return pid
        raise AssertionError("the page has no kernel")
