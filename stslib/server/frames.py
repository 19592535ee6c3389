"""The part of a page that needs no kernel: ready when the server starts, sent before anything else happens."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import jinja2
from markupsafe import Markup

from stslib import __version__
from stslib.server.apps import App

_HERE = Path(__file__).resolve().parent
_TOKENS = _HERE.parent / "forms" / "widgets" / "tokens.css"

_FAILURE = (
    '<p class="sts-page-failure" role="alert">De pagina kon niet gestart worden. Laad ze opnieuw. '
    "Blijft het misgaan, start het programma dan opnieuw; wat bewaard werd, blijft bewaard.</p>"
)


class Frames:
    """Everything of the pages that is the same for every visitor, made once.

    Args:
        apps: the pages, by name.
        base_url: where the server starts, with a slash at both ends.
        voila_static: the folder with Voilà's own scripts.
    """

    def __init__(self, apps: Mapping[str, App], base_url: str, voila_static: Path) -> None:
        early = (_HERE / "assets" / "early.js").read_text(encoding="utf-8")
        style = _TOKENS.read_text(encoding="utf-8") + (_HERE / "assets" / "page.css").read_text(encoding="utf-8")
        self._pieces = {"page.js": ("text/javascript; charset=utf-8", (_HERE / "assets" / "page.js").read_bytes())}
        digest = hashlib.sha256()
        for name, (_, content) in sorted(self._pieces.items()):
            digest.update(name.encode() + content)
        digest.update(f"stslib={__version__};".encode())
        for package in ("voila", "ipywidgets", "anywidget", "jupyterlab-widgets"):
            digest.update(f"{package}={version(package)};".encode())
        self.prefix = f"{base_url}voila/{digest.hexdigest()[:16]}/"
        """Addresses of scripts start with this; it changes with every version, so a browser may keep them for good."""

        self._script_hash = base64.b64encode(hashlib.sha256(early.encode()).digest()).decode()
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "template"), autoescape=True)
        frame = environment.get_template("frame.html")
        self._openings = {
            name: frame.render(
                app=app,
                base_url=base_url,
                early=Markup(early),  # noqa: S704 - our own file
                style=Markup(style),  # noqa: S704 - our own files
                preloads=(),
                scripts=(f"{self.prefix}sts/page.js", f"{self.prefix}static/voila.js"),
            ).encode()
            for name, app in apps.items()
        }

    def opening(self, app: App) -> bytes:
        """The page up to the place where its kernel goes on."""
        return self._openings[app.name]

    def closing(self) -> str:
        """The end of the page."""
        return "</div></main></body></html>"

    def failure(self) -> str:
        """The end of a page whose kernel did not start."""
        return _FAILURE + self.closing()

    def piece(self, name: str) -> tuple[str, bytes] | None:
        """Content type and content of a script of our own."""
        return self._pieces.get(name)

    def policy(self, host: str) -> str:
        """What a page may load: this server, and the modules that anywidget makes of the widgets' own text.

        Args:
            host: name and port that the request was sent to; websockets name them in full for browsers that do not count them as
                ``'self'``.
        """
        wire = f" ws://{host}" if re.fullmatch(r"[\w.:\[\]-]+", host) else ""
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' blob: 'sha256-{self._script_hash}'",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                f"connect-src 'self'{wire}",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )
