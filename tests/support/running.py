"""A real server and a real browser for tests."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
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


def chromium_path() -> str | None:
    """Where a Chromium is, or None."""
    from shutil import which

    return next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := which(name))), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningServer:
    """``sts start`` as a user starts it, on a data folder and a port of its own."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    url: str = ""

    def start(self, *arguments: str) -> RunningServer:
        command = [
            sys.executable,
            "-m",
            "stslib",
            "start",
            "--no-browser",
            "--json",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
        ]
        log = (self.data.parent / f"{self.data.name}-server.log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            env={**os.environ, "STS_DATA": ""},
        )
        log.close()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (self.data.parent / f"{self.data.name}-server.log").read_text(encoding="utf-8")
        self.url = json.loads(line)["url"]
        return self

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    def page(self, path: str) -> str:
        """The address of a page, with the token."""
        query = urlsplit(self.url).query
        return f"{self.origin}/{path}{'&' if '?' in path else '?'}{query}"

    def kernels(self) -> list[int]:
        """Process ids of the kernels under this server."""
        assert self.process is not None
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "ipykernel"], capture_output=True, text=True, check=False
        )
        return [int(line) for line in found.stdout.split()]

    def kernel_of(self, page: object) -> int:
        """Process id of the kernel behind an open page."""
        text = page.locator("#jupyter-config-data").text_content()  # type: ignore[attr-defined]
        wanted = f"VOILA_KERNEL_ID={json.loads(text)['kernelId']}".encode()
        for pid in self.kernels():
            with contextlib.suppress(OSError):  # a kernel that ends while we look
                if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                    return pid
        raise AssertionError("the page has no kernel")

    def stop(self, signal_number: int = signal.SIGINT) -> None:
        """End the server and everything under it."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        if self.process.stdout:
            self.process.stdout.close()
        self.process = None
