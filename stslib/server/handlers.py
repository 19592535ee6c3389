"""What the server answers: pages and what their scripts need. Everything else does not exist."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from stslib.server.apps import App
from stslib.text import escape

log = logging.getLogger("stslib.server")

SAVED_PATIENCE = 1.0
"""Seconds that a page whose kernel is ready waits for what was saved as text; without it, the fields just come."""

PAINTING = 0.05
"""Seconds that a browser gets to paint the text before scripts keep it busy; no kernel answers sooner."""

CLOSING_GRACE = 1.5
"""Seconds a kernel must be silent before a closed page ends it: the last words typed are still on their way to the journal."""

CLOSING_LIMIT = 15.0
"""Seconds after which a closed page ends its kernel whatever it is doing."""

_DROPPED_PARAMETERS = frozenset({"token", "template", "theme"})
_USER = User("gebruiker")

_MESSAGES = {
    403: (
        "Deze pagina gaat alleen open met de link van deze computer",
        "Open de link die verscheen bij het starten van het programma. "
        "Staat het venster niet meer open? Start het programma opnieuw.",
    ),
    404: ("Deze pagina bestaat niet", "Ga terug naar het portaal en kies van daaruit."),
}
_OTHER_MESSAGE = ("Dat lukte niet", "Laad de pagina opnieuw. Blijft het misgaan, start het programma dan opnieuw.")


class LinkIdentity(IdentityProvider):  # type: ignore[misc]
    """Lets in whoever shows the token of the link, or the cookie that the link left behind."""

    def get_user(self, handler: web.RequestHandler) -> User | None:
        """The one user there is, or None."""
        token = self.get_token(handler) or ""
        if self.token and hmac.compare_digest(token.encode(), self.token.encode()):
            if not self._has_cookie(handler) and not isinstance(handler, WebSocketHandler):
                handler.set_signed_cookie(self.get_cookie_name(handler), _USER.username, **self._cookie_kwargs(handler))
            handler._token_authenticated = True  # type: ignore[attr-defined]
            return _USER
        return _USER if self._has_cookie(handler) else None

    def should_check_origin(self, handler: web.RequestHandler) -> bool:
        """Always: a token in a link says nothing about the page that sends it."""
        return True

    def get_handlers(self) -> list[tuple[str, object]]:
        """No login page: the link is the login."""
        return []

    def _has_cookie(self, handler: web.RequestHandler) -> bool:
        value = handler.get_signed_cookie(self.get_cookie_name(handler))
        return value is not None and value.decode() == _USER.username

    @staticmethod
    def _cookie_kwargs(handler: web.RequestHandler) -> dict[str, Any]:
        return {
            "expires_days": 30,
            "path": handler.settings["base_url"],
            "httponly": True,
            "samesite": "Strict",
            "secure": handler.request.protocol == "https",
        }


class Guarded:
    """What every answer has in common: the headers, and a Dutch page instead of an error."""

    settings: dict[str, Any]
    request: Any

    def set_default_headers(self) -> None:
        """Headers that keep the page to itself."""
        self.set_header("X-Content-Type-Options", "nosniff")  # type: ignore[attr-defined]
        self.set_header("Referrer-Policy", "no-referrer")  # type: ignore[attr-defined]
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")  # type: ignore[attr-defined]
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")  # type: ignore[attr-defined]
        self.clear_header("Server")  # type: ignore[attr-defined]

    def set_cors_headers(self) -> None:
        """No other origin reads anything."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """A short page in Dutch; never what went wrong inside."""
        title, remedy = _MESSAGES.get(status_code, _OTHER_MESSAGE)
        self.set_header("Content-Type", "text/html; charset=utf-8")  # type: ignore[attr-defined]
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")  # type: ignore[attr-defined]
        self.finish(  # type: ignore[attr-defined]
            f'<!doctype html><html lang="nl"><meta charset="utf-8"><title>{escape(title)}</title>'
            '<meta name="viewport" content="width=device-width">'
            "<style>:root{color-scheme:light dark}"
            "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}</style>"
            f"<main><h1>{escape(title)}</h1><p>{escape(remedy)}</p></main></html>"
        )

    def log_exception(self, kind: type[BaseException] | None, value: BaseException | None, _: Any) -> None:
        """Name the kind of a real failure; its text may hold what somebody typed."""
        if not isinstance(value, web.HTTPError):
            log.error("%s bij %s", kind.__name__ if kind else "Fout", self.request.path)


class NotThere(Guarded, web.RequestHandler):
    """The answer for every address that is not listed."""

    def prepare(self) -> None:
        """Refuse, whoever asks."""
        raise web.HTTPError(404)

    def check_xsrf_cookie(self) -> None:
        """Nothing to protect."""


class WrongHost(NotThere):
    """The answer to a request that was sent to another name: a page elsewhere that had its name point here."""

    def prepare(self) -> None:
        """Refuse, whoever asks."""
        raise web.HTTPError(403)


class PageHandler(Guarded, JupyterHandler):  # type: ignore[misc]
    """One app: the frame at once, then what was saved as text, then what its kernel shows."""

    def initialize(self, app: App) -> None:
        """Serve *app*."""
        self.app = app

    async def prepare(self) -> None:
        """Let in, then forget the token: no kernel, notebook or log ever sees it."""
        await super().prepare(_redirect_to_login=False)
        pairs = [pair for pair in parse_qsl(self.request.query, keep_blank_values=True) if pair[0] not in _DROPPED_PARAMETERS]
        self.request.query = urlencode(pairs)
        self.request.uri = self.request.path + (f"?{self.request.query}" if pairs else "")
        for name in _DROPPED_PARAMETERS:
            self.request.arguments.pop(name, None)

    async def get(self) -> None:
        """Answer with the page."""
        server = self.settings["voila"]
        assert self.xsrf_token  # Touching it sets the cookie that lets a closing page end its kernel.
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", server.frames.policy(self.request.host))
        self.write(server.frames.opening(self.app))
        await self.flush()
        reading = asyncio.create_task(self._show_saved())
        try:
            prepared = await server.pool.take(self.app)
        except Exception as error:
            log.error("De kernel van %s startte niet (%s).", self.app.name, type(error).__name__)
            await asyncio.wait([reading])
            self.finish(server.frames.failure())
            return
        prepared.renderer.stop_generator = True
        RequestSocket.answer(prepared.kernel_id, self.request.query)
        await asyncio.wait([reading], timeout=SAVED_PATIENCE)
        if not reading.done():
            # Nothing of it may come between what the kernel shows.
            reading.cancel()
            self.write(server.scripts)
        sent = len(prepared.renderer.rendered_cache)
        self.write("".join(prepared.renderer.rendered_cache))
        await self.flush()
        rendered, rest = await prepared.task
        self.write("".join(rendered[sent:]))
        async for piece, _ in rest:
            self.write(piece)
        self.finish(server.frames.closing())

    async def _show_saved(self) -> None:
        """Send what the session holds as text, as soon as it is read, and then the scripts: the kernel starts meanwhile."""
        server = self.settings["voila"]
        with suppress(StreamClosedError):
            if text := await server.saved.of(self.app.name, self.request.query):
                self.write(text)
                await self.flush()
                await asyncio.sleep(PAINTING)
            self.write(server.scripts)
            await self.flush()


class StaticHandler(Guarded, web.StaticFileHandler):
    """Scripts and styles of the installed versions. The address holds the versions, so a browser keeps them for good."""

    def initialize(self, path: str, allowed: tuple[str, ...] = ()) -> None:  # type: ignore[override]
        """Serve what lies in *path*, or only in its subfolders *allowed*."""
        super().initialize(path=path)
        self.allowed = allowed

    def prepare(self) -> None:
        """Let in."""
        if self.settings["identity_provider"].get_user(self) is None:
            raise web.HTTPError(403)

    def check_xsrf_cookie(self) -> None:
        """Only GET exists here."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file, when it lies in a folder that is served."""
        found = super().validate_absolute_path(root, absolute_path)
        if found is not None and self.allowed:
            inside = Path(found).resolve()
            if not any(inside.is_relative_to(Path(root, folder).resolve()) for folder in self.allowed):
                raise web.HTTPError(404)
        return found

    def set_extra_headers(self, path: str) -> None:
        """Keep for good."""
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")


class BundleHandler(Guarded, web.RequestHandler):
    """The scripts that every page loads first, in one piece."""

    def prepare(self) -> None:
        """Let in."""
        if self.settings["identity_provider"].get_user(self) is None:
            raise web.HTTPError(403)

    def get(self, name: str) -> None:
        """Answer with one of the pieces that the frames made."""
        piece = self.settings["voila"].frames.piece(name)
        if piece is None:
            raise web.HTTPError(404)
        content_type, content = piece
        self.set_header("Content-Type", content_type)
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(content)


class KernelModelHandler(Guarded, KernelHandler):  # type: ignore[misc]
    """Whether the kernel of a page is there."""

    async def prepare(self) -> None:
        """Let in, without a way to a login page."""
        await JupyterHandler.prepare(self, _redirect_to_login=False)
        if not self.check_origin():
            raise web.HTTPError(404)

    def check_content_security_policy(self) -> None:
        """Set by the guard."""


class ChannelsHandler(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The wire between a page and its kernel; needs the cookie and this server's own origin."""

    def log_exception(self, kind: type[BaseException] | None, value: BaseException | None, _: Any) -> None:
        """As for every answer."""
        Guarded.log_exception(self, kind, value, _)


class ShutdownHandler(Guarded, APIHandler):  # type: ignore[misc]
    """A page says that it was closed."""

    async def prepare(self) -> None:
        """Let in; the form value ``_xsrf`` shows that one of our own pages asks."""
        await JupyterHandler.prepare(self, _redirect_to_login=False)
        if not self.check_origin():
            raise web.HTTPError(404)

    async def post(self, kernel_id: str) -> None:
        """End the kernel as soon as it has worked off what the page sent last."""
        if kernel_id not in self.kernel_manager:
            raise web.HTTPError(404)
        self.settings["voila"].end_later(end_when_silent(self.kernel_manager, kernel_id))
        self.set_status(204)
        self.finish()


async def end_when_silent(kernels: Any, kernel_id: str) -> None:
    """Wait until *kernel_id* did nothing for a moment, then end it."""
    deadline = asyncio.get_running_loop().time() + CLOSING_LIMIT
    while kernel_id in kernels and asyncio.get_running_loop().time() < deadline:
        kernel = kernels.get_kernel(kernel_id)
        before = kernel.last_activity
        await asyncio.sleep(CLOSING_GRACE)
        if kernel_id not in kernels or (kernel.last_activity == before and kernel.execution_state != "busy"):
            break
    if kernel_id in kernels:
        waiting: Awaitable[None] = kernels.shutdown_kernel(kernel_id)
        await waiting


class RequestSocket(WebSocketHandler):
    """Tells a kernel what its page was asked; open to kernels of this server only."""

    _waiting: dict[str, RequestSocket] = {}  # noqa: RUF012
    _answers: dict[str, str] = {}  # noqa: RUF012

    def prepare(self) -> None:
        """Let kernels in: they show the key that this server gave them, and never an origin, as every browser does."""
        key = self.request.headers.get("Authorization", "").removeprefix("Bearer ")
        if "Origin" in self.request.headers or not hmac.compare_digest(
            key.encode(), self.settings["voila"].pool.request_key.encode()
        ):
            raise web.HTTPError(403)

    def open(self, kernel_id: str) -> None:
        """Answer at once when the page was asked for already."""
        self.kernel_id = kernel_id
        if kernel_id in self._answers:
            self.write_message({"QUERY_STRING": self._answers.pop(kernel_id)})
        else:
            self._waiting[kernel_id] = self

    def on_message(self, message: str | bytes) -> None:
        """Nothing is expected."""

    def on_close(self) -> None:
        """Forget the kernel."""
        if self._waiting.get(getattr(self, "kernel_id", "")) is self:
            del self._waiting[self.kernel_id]

    @classmethod
    def answer(cls, kernel_id: str, query: str) -> None:
        """Tell *kernel_id* the *query* of its page, now or when it asks."""
        waiting = cls._waiting.pop(kernel_id, None)
        if waiting is None:
            cls._answers[kernel_id] = query
        else:
            waiting.write_message({"QUERY_STRING": query})

    @classmethod
    def forget(cls, kernel_id: str) -> None:
        """Drop what was kept for a kernel that ended."""
        cls._answers.pop(kernel_id, None)
