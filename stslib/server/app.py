"""The server: Voilà with our pages, routes and guards."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any

from jupyter_core.paths import ENV_JUPYTER_PATH
from jupyter_server.auth.authorizer import AllowAllAuthorizer
from jupyter_server.config_manager import BaseJSONConfigManager
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.paths import collect_template_paths
from voila.utils import get_page_config

from stslib.errors import ServerError
from stslib.server.apps import App, list_apps
from stslib.server.archives import archive_routes
from stslib.server.frames import Frames
from stslib.server.guide import guide_routes
from stslib.server.handlers import (
    BundleHandler,
    ChannelsHandler,
    KernelModelHandler,
    LinkIdentity,
    NotThere,
    PageHandler,
    RequestSocket,
    ShutdownHandler,
    StaticHandler,
    WrongHost,
)
from stslib.server.kernels import MESSAGE_TYPES, KernelPool, OwnKernelSpecs, PageKernels
from stslib.server.saved.reading import SavedText
from stslib.server.secret import ServerSecret

log = logging.getLogger("stslib.server")

ADDRESS = "127.0.0.1"
HOSTS = r"^(127\.0\.0\.1|localhost|\[::1\]|::1)$"
"""Names that a request may be sent to; any other is somebody else's name that points here."""

PORT_TRIES = 50
MESSAGE_LIMIT = 64 * 1024 * 1024
"""Bytes of one message between page and kernel; an export of 20 MB passes."""

IDLE_LIMIT = 3600
"""Seconds without a page after which a kernel that was left behind is ended."""

EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")
"""What the pages load of JupyterLab's extensions; whatever else is installed stays out."""

_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_ROOT_APP = "start"


class PageServer(Voila):  # type: ignore[misc]
    """Serves the apps of one notebooks folder to one machine, with the answers of one data folder.

    Args:
        notebooks: folder whose marked notebooks are the pages.
        data: the data folder; kernels get it as ``STS_DATA``.
        exports: the folder whose archives are served.
        secret: what lets a browser in.
        port: wanted port; 0 takes any free one. When it is taken, the next free one.
        on_ready: called with the link once the server answers.
    """

    def __init__(
        self,
        *,
        notebooks: Path,
        data: Path,
        exports: Path,
        secret: ServerSecret,
        port: int,
        on_ready: Callable[[PageServer], None],
    ) -> None:
        self.data = data
        self.exports = exports
        self.secret = secret
        self.apps: dict[str, App] = {app.name: app for app in list_apps(notebooks)}
        if not self.apps:
            raise ServerError(str(notebooks), "In deze map staat geen enkele pagina.", "Installeer het programma opnieuw.")
        self.on_ready = on_ready
        self.wanted_port = port
        self.pool = KernelPool(self)
        self.saved = SavedText(data)
        self.endings: set[asyncio.Task[Any]] = set()
        super().__init__(port=port, ip=ADDRESS, root_dir=str(notebooks), open_browser=False, log_level=logging.CRITICAL)

    @property
    def link(self) -> str:
        """The address with the token, to be opened in a browser."""
        return f"http://{ADDRESS}:{self.port}{self.base_url}?token={self.secret.token}"

    def initialize(self, argv: list[str] | None = None) -> None:
        """Settle the configuration. Configuration files of other Jupyter programs on this machine have no say here."""
        self._init_asyncio_patch()
        self.config = Config(
            {
                "VoilaConfiguration": {
                    "template": "base",
                    "preheat_kernel": True,
                    "show_tracebacks": False,
                    "strip_sources": True,
                    "allow_template_override": "NO",
                    "allow_theme_override": "NO",
                    "file_allowlist": [],
                    "extension_allowlist": list(EXTENSIONS),
                },
                "VoilaExecutor": {"timeout": None, "cell_error_instruction": ""},
                "MappingKernelManager": {"cull_idle_timeout": IDLE_LIMIT, "cull_interval": 60, "cull_connected": False},
                # The limit protects a notebook against its own prints; a page with figures passes it.
                "ZMQChannelsWebsocketConnection": {"limit_rate": False},
            }
        )
        self.voila_configuration = VoilaConfiguration(parent=self)
        self.setup_template_dirs()

    def setup_template_dirs(self) -> None:
        """Our template first; nothing has to be copied into a Jupyter folder."""
        own = Path(__file__).resolve().parent / "template"
        installed = Path(ENV_JUPYTER_PATH[0])
        self.template_paths = [
            str(own),
            *collect_template_paths(["voila", "nbconvert"], "base", prune=True, root_dirs=[str(installed)]),
        ]
        self.voila_static = installed / "voila" / "templates" / "base" / "static"
        self.labextensions = installed / "labextensions"
        self.voila_labextensions = installed / "voila" / "labextensions"

    def init_settings(self) -> dict[str, Any]:
        """Everything the handlers share."""
        self.server_url = self.base_url
        self.kernel_spec_manager = OwnKernelSpecs(parent=self)
        self.config_manager = BaseJSONConfigManager(config_dir=self.connection_dir)
        self.contents_manager = LargeFileManager(parent=self)
        self.kernel_manager = PageKernels(
            parent=self,
            root_dir=self.root_dir,
            connection_dir=self.connection_dir,
            kernel_spec_manager=self.kernel_spec_manager,
            allowed_message_types=list(MESSAGE_TYPES),
            allow_tracebacks=False,
        )
        self.identity_provider = LinkIdentity(parent=self, token=self.secret.token, cookie_name=f"sts-{self.port}")
        self.authorizer = AllowAllAuthorizer(parent=self, identity_provider=self.identity_provider)
        self.frames = Frames(
            self.apps,
            self.base_url,
            preloaded=[f"labextensions/{each['name']}/{each['load']}" for each in self._federated()],
            folders={"static": [self.voila_static], "labextensions": [self.voila_labextensions, self.labextensions]},
        )
        return {
            "voila": self,
            "config": self.config,
            "base_url": self.base_url,
            "server_url": self.server_url,
            "kernel_manager": self.kernel_manager,
            "kernel_spec_manager": self.kernel_spec_manager,
            "contents_manager": self.contents_manager,
            "config_manager": self.config_manager,
            "identity_provider": self.identity_provider,
            "authorizer": self.authorizer,
            "kernel_websocket_connection_class": ZMQChannelsWebsocketConnection,
            "cookie_secret": self.secret.cookie_secret,
            "xsrf_cookie_kwargs": {"samesite": "Strict", "path": self.base_url},
            "websocket_max_message_size": MESSAGE_LIMIT,
            "default_handler_class": WrongHost,
            # A request line can hold the token; nothing is written per request.
            "log_function": lambda _: None,
            "allow_remote_access": False,
        }

    def init_handlers(self) -> list[Any]:
        """The whole list of what exists."""
        base = self.base_url
        scripts = self.frames.prefix
        pages = [(f"{base}{name}", PageHandler, {"app": app}) for name, app in self.apps.items()]
        first = self.apps.get(_ROOT_APP) or next(iter(self.apps.values()))
        return [
            (base, PageHandler, {"app": first}),
            *pages,
            *archive_routes(base, self.exports),
            *guide_routes(base),
            (rf"{base}api/kernels/{_KERNEL}", KernelModelHandler),
            (rf"{base}api/kernels/{_KERNEL}/channels", ChannelsHandler),
            (rf"{base}voila/api/shutdown/{_KERNEL}", ShutdownHandler),
            (rf"{base}voila/query/{_KERNEL}", RequestSocket),
            (rf"{scripts}sts/([\w.-]+)", BundleHandler),
            (rf"{scripts}static/(.*)", StaticHandler, {"path": str(self.voila_static)}),
            (
                rf"{scripts}labextensions/(@voila-dashboards/.*)",
                StaticHandler,
                {"path": str(self.voila_labextensions), "allowed": EXTENSIONS},
            ),
            (rf"{scripts}labextensions/(.*)", StaticHandler, {"path": str(self.labextensions), "allowed": EXTENSIONS}),
            (r".*", NotThere),
        ]

    def init_page_config(self) -> dict[str, Any]:
        """What Voilà's scripts want to know; the same for every page but for the kernel."""
        return {
            **self._found,
            "appName": "Samen tegen Schooluitval",
            "fullStaticUrl": f"{self.frames.prefix}static",
            "fullLabextensionsUrl": f"{self.frames.prefix}labextensions",
            "themesUrl": f"{self.frames.prefix}themes",
            "jupyterLabTheme": "light",
            # With null for both, Voilà's scripts load 1 MB of their bundled typesetter.
            "fullMathjaxUrl": f"{self.frames.prefix}sts/no-maths.js",
            "mathjaxConfig": "none",
            "federated_extensions": self._federated(),
        }

    @cached_property
    def _found(self) -> dict[str, Any]:
        """What Voilà finds installed."""
        settings = {"mathjax_config": None, "mathjax_url": None}
        found: dict[str, Any] = get_page_config(
            base_url=self.base_url, settings=settings, log=self.log, voila_configuration=self.voila_configuration
        )
        return found

    def _federated(self) -> list[dict[str, Any]]:
        return [each for each in self._found["federated_extensions"] if each["name"] in EXTENSIONS]

    def start(self) -> None:
        """Serve until Ctrl-C or a signal to end; every kernel is gone when this returns.

        Raises:
            ServerError: no port could be had.
        """
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        sockets = self._bind()
        self.connection_dir = tempfile.mkdtemp(prefix="sts_")
        server = None
        with self._signals():
            try:
                self.app = web.Application(**self.init_settings())
                self.app.add_handlers(HOSTS, self.init_handlers())
                self.page_config = self.init_page_config()
                self.scripts = self.frames.scripts({**self.page_config, "baseUrl": self.base_url})
                server = HTTPServer(self.app, max_body_size=1024 * 1024, max_buffer_size=MESSAGE_LIMIT)
                server.add_sockets(sockets)
                self.on_ready(self)
                filling = asyncio.create_task(self._get_ready())
                await self._over.wait()
                filling.cancel()
            finally:
                if server is not None:
                    server.stop()
                else:
                    for each in sockets:
                        each.close()
                await self._end_kernels()
                rmtree(self.connection_dir, ignore_errors=True)

    def end_later(self, ending: Coroutine[Any, Any, None]) -> None:
        """Run *ending* beside the answers, and keep hold of it until it is done."""
        task = asyncio.get_running_loop().create_task(ending)
        self.endings.add(task)
        task.add_done_callback(self.endings.discard)

    async def _get_ready(self) -> None:
        """Fill the pool; what the pages show before their kernel comes after, since the first kernel is what is waited for."""
        await self.pool.fill(self._in_order())
        self.saved.warm_up()

    def _in_order(self) -> dict[str, App]:
        """The page that opens first is warmed up first."""
        return dict(sorted(self.apps.items(), key=lambda item: (item[0] != _ROOT_APP, item[0])))

    def _signals(self) -> _SignalsToEvent:
        return _SignalsToEvent(self._loop, self._over)

    def _bind(self) -> list[socket.socket]:
        """Sockets on the wanted port, or on the first free one after it."""
        last = self.wanted_port if self.wanted_port == 0 else min(self.wanted_port + PORT_TRIES, 65535)
        for port in range(self.wanted_port, last + 1):
            try:
                sockets = bind_sockets(port, ADDRESS, reuse_port=False)
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES) or getattr(error, "winerror", None) in (10013, 10048):
                    continue
                raise ServerError(
                    f"poort {port}", f"De server kan niet starten ({error.strerror}).", "Probeer een andere poort met --port."
                ) from error
            self.port = sockets[0].getsockname()[1]
            return sockets
        raise ServerError(
            f"poort {self.wanted_port}",
            "Deze poort en de vijftig erna zijn bezet of verboden.",
            "Kies een andere met --port, bijvoorbeeld --port 9000.",
        )

    async def _end_kernels(self) -> None:
        self.pool.close()
        self.saved.close()
        log.setLevel(logging.CRITICAL)  # Cells that were waiting fail now, and should.
        for ending in tuple(self.endings):
            ending.cancel()
        manager = self.kernel_manager
        with suppress(Exception):
            # A kernel that is still booting is known to the manager only when it is up.
            await asyncio.wait_for(self.pool.settled(), 30)

        async def end(kernel_id: str) -> None:
            with suppress(Exception):
                # A waiting kernel holds nothing; one with a page gets a moment to write what it received.
                await asyncio.wait_for(manager.shutdown_kernel(kernel_id, now=kernel_id in manager.waiting), 6)
            with suppress(Exception):
                if kernel_id in manager:
                    await manager.shutdown_kernel(kernel_id, now=True)

        await asyncio.gather(*(end(kernel_id) for kernel_id in list(manager.list_kernel_ids())))


class _SignalsToEvent:
    """Ctrl-C and the polite signals to end set an event, so that the kernels are ended in order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
        self._loop, self._event = loop, event
        names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
        self._signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        for number in self._signals:
            self._before[number] = signal.signal(number, self._set)

    def _set(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._event.set)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def serve(
    *,
    notebooks: Path,
    data: Path,
    exports: Path,
    secret: ServerSecret,
    port: int,
    on_ready: Callable[[PageServer], None],
) -> None:
    """Serve the pages until Ctrl-C or a signal to end.

    Raises:
        ServerError: there is no page to serve, or no port to be had.
    """
    for name in ("tornado", "tornado.access", "tornado.application", "tornado.general", "traitlets", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s")
    server = PageServer(notebooks=notebooks, data=data, exports=exports, secret=secret, port=port, on_ready=on_ready)
    server.initialize()
    server.start()
