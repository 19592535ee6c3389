"""The kernels behind the pages: started ahead, handed to one visitor each, ended when nobody looks any more."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import subprocess
import uuid
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import List
from voila.notebook_renderer import NotebookRenderer

import stslib
from stslib.server.apps import App

log = logging.getLogger("stslib.server")

KEY_VARIABLE = "STS_REQUEST_KEY"
"""Environment variable of a kernel: what it shows when it asks for its request. ``stslib.apps.request`` reads it."""

MESSAGE_TYPES = ("comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request", "shutdown_request")
"""What a page may ask of its kernel. No ``execute_request``: a page never runs code."""


LONGEST_START = 30.0
"""Seconds a kernel may take to answer on a machine where twenty start at once; the next one is tried after that."""

MOST_TRIES = 3


class OwnKernelSpecs(KernelSpecManager):
    """Only the Python that runs the server; kernels that a user installed elsewhere would miss this library."""

    kernel_dirs = List([])

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The specification of *kernel_name*, started without history file and without sockets to other machines."""
        spec = super().get_kernel_spec(kernel_name)
        spec.argv = [*spec.argv, "--HistoryManager.enabled=False", "--ip=127.0.0.1"]
        return spec


class PageKernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """The kernel manager of the pages; a kernel that waits for a visitor is not idle, whatever its age."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.waiting: set[str] = set()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End *kernel_id* when its page has been gone for a long time."""
        if kernel_id not in self.waiting:
            await super().cull_kernel_if_idle(kernel_id)


@dataclass
class Prepared:
    """A kernel with its notebook run up to the cell that waits for the request."""

    kernel_id: str
    renderer: NotebookRenderer
    task: asyncio.Task[Any]


@dataclass
class KernelPool:
    """Kernels that have imported what a page needs and wait to hear what was asked.

    A kernel serves one page once. After one was taken, a new one is started *refill_delay* seconds later, so that it does not
    compete with the page that was just asked for; when a visitor comes while none is ready, one is started at once.
    """

    server: Any
    refill_delay: float = 6.0
    request_key: str = field(default_factory=lambda: secrets.token_hex(24))
    _ready: dict[str, deque[asyncio.Task[Prepared]]] = field(default_factory=dict)
    _refills: set[asyncio.Task[None]] = field(default_factory=set)
    _starting: set[asyncio.Task[Prepared]] = field(default_factory=set)
    _restarted: set[str] = field(default_factory=set)
    _closed: bool = False

    async def fill(self, apps: Mapping[str, App]) -> None:
        """Start the kernels of *apps*, one after the other: two that boot together are both late."""
        for app in apps.values():
            while not self._closed and len(self._queue(app)) < app.pool:
                task = self._start(app)
                with suppress(Exception):
                    prepared = await asyncio.shield(task)
                    await asyncio.wait_for(prepared.renderer.kernel_answered.wait(), 60)

    async def take(self, app: App) -> Prepared:
        """A kernel for one visitor that has come up: one that was prepared, else one that is started now.

        Now and then a kernel dies while it starts: the ports that were picked for it are taken by somebody else before it holds
        them. Its manager brings it back on other ports, where nobody listens to it, so the next kernel is taken instead.
        """
        for _ in range(MOST_TRIES - 1):
            prepared = await self._next(app)
            if await self._came_up(prepared):
                break
            log.warning("Een kernel van %s kwam niet op; de volgende wordt genomen.", app.name)
            await self._give_up(prepared)
        else:
            prepared = await self._begin(app)
        self._refill_later(app)
        self.server.kernel_manager.waiting.discard(prepared.kernel_id)
        return prepared

    async def _next(self, app: App) -> Prepared:
        queue = self._queue(app)
        while queue:
            task = queue.popleft()
            with suppress(Exception):
                prepared = await task
                if await self._alive(prepared.kernel_id):
                    return prepared
        return await self._begin(app)

    async def _came_up(self, prepared: Prepared) -> bool:
        """Whether the kernel answered; False as soon as it died or was brought back empty, or when it is silent for long."""
        answered = prepared.renderer.kernel_answered
        silent_until = asyncio.get_running_loop().time() + LONGEST_START
        while not answered.is_set():
            if not await self._alive(prepared.kernel_id) or asyncio.get_running_loop().time() > silent_until:
                return False
            with suppress(TimeoutError):
                await asyncio.wait_for(answered.wait(), 0.25)
        return not prepared.renderer.kernel_failed

    async def _give_up(self, prepared: Prepared) -> None:
        prepared.task.cancel()
        await asyncio.wait([prepared.task])
        if not prepared.task.cancelled():
            prepared.task.exception()  # looked at, so that nobody reports it as forgotten
        manager = self.server.kernel_manager
        manager.waiting.discard(prepared.kernel_id)
        if prepared.kernel_id in manager:
            with suppress(Exception):
                await manager.shutdown_kernel(prepared.kernel_id, now=True)

    def close(self) -> None:
        """Start nothing any more."""
        self._closed = True
        for refill in tuple(self._refills):
            refill.cancel()

    async def settled(self) -> None:
        """Wait until no kernel is being started; call after ``close``."""
        await asyncio.gather(*self._starting, return_exceptions=True)

    def _queue(self, app: App) -> deque[asyncio.Task[Prepared]]:
        return self._ready.setdefault(app.name, deque())

    async def _alive(self, kernel_id: str) -> bool:
        manager = self.server.kernel_manager
        if kernel_id not in manager:
            return False
        if kernel_id in self._restarted:
            # It died while it waited and came back empty: it would never answer the page.
            await manager.shutdown_kernel(kernel_id, now=True)
            return False
        return bool(await manager.get_kernel(kernel_id).is_alive())

    def _begin(self, app: App) -> asyncio.Task[Prepared]:
        task = asyncio.get_running_loop().create_task(self._prepare(app))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return task

    def _start(self, app: App) -> asyncio.Task[Prepared]:
        task = self._begin(app)
        self._queue(app).append(task)
        return task

    def _refill_later(self, app: App) -> None:
        async def refill() -> None:
            await asyncio.sleep(self.refill_delay)
            if not self._closed and len(self._queue(app)) < app.pool:
                self._start(app)

        task = asyncio.get_running_loop().create_task(refill())
        self._refills.add(task)
        task.add_done_callback(self._refills.discard)

    async def _prepare(self, app: App) -> Prepared:
        server = self.server
        kernel_id = str(uuid.uuid4())
        server.kernel_manager.waiting.add(kernel_id)
        renderer = PageRenderer(
            voila_configuration=server.voila_configuration,
            traitlet_config=server.config,
            notebook_path=app.notebook.name,
            template_paths=server.template_paths,
            config_manager=server.config_manager,
            contents_manager=server.contents_manager,
            base_url=server.base_url,
            kernel_spec_manager=server.kernel_spec_manager,
            page_config=server.page_config,
        )
        await renderer.initialize()
        shown = None if os.environ.get("STS_DEBUG") else subprocess.DEVNULL
        await server.kernel_manager.start_kernel(
            kernel_name=renderer.notebook.metadata.kernelspec.name,
            kernel_id=kernel_id,
            path="",
            env=self._environment(kernel_id),
            # What a kernel prints may hold what people typed; pages show their messages themselves.
            stdout=shown,
            stderr=shown,
        )
        server.kernel_manager.add_restart_callback(kernel_id, lambda: self._restarted.add(kernel_id), "restart")
        kernel = server.kernel_manager.get_kernel(kernel_id)
        task = asyncio.get_running_loop().create_task(renderer.generate_content_hybrid(kernel_id, kernel))
        return Prepared(kernel_id, renderer, task)

    def _environment(self, kernel_id: str) -> dict[str, str]:
        server = self.server
        checkout = Path(stslib.__file__).resolve().parent.parent
        paths = [str(checkout)] if (checkout / "pyproject.toml").exists() else []
        return {
            **os.environ,
            # A checkout that was not installed is found by its kernels too.
            "PYTHONPATH": os.pathsep.join([*paths, *filter(None, [os.environ.get("PYTHONPATH")])]),
            "STS_DATA": str(server.data),
            KEY_VARIABLE: self.request_key,
            "VOILA_KERNEL_ID": kernel_id,
            "VOILA_APP_PORT": str(server.port),
            "VOILA_BASE_URL": server.base_url,
            "VOILA_SERVER_URL": server.server_url,
            "VOILA_PREHEAT": "True",
            # Start-up files of the user's own IPython do not belong in a page.
            "IPYTHONDIR": server.connection_dir,
        }


class PageRenderer(NotebookRenderer):  # type: ignore[misc]
    """Voilà's renderer; its log names the notebook and the cell that failed, never what stood in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.log = _Quiet(logging.getLogger("stslib.server.cells"), {"notebook": kwargs["notebook_path"]})
        self.kernel_answered = asyncio.Event()
        self.kernel_failed = False

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> Any:
        try:
            return await super()._jinja_kernel_start(nb, kernel_id, kernel_future)
        except BaseException:
            self.kernel_failed = True
            raise
        finally:
            self.kernel_answered.set()


class _Quiet(logging.LoggerAdapter):  # type: ignore[type-arg]
    """A log that keeps cell sources, tracebacks and values out: only that something failed, and where."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Name the notebook instead of the message."""
        if level >= logging.WARNING:
            log.error("Een cel van %s stopte met een fout.", (self.extra or {}).get("notebook"))
