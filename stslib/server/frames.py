"""The part of a page that needs no kernel: ready when the server starts, sent before anything else happens."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from stslib import __version__
from stslib.server.apps import App
from stslib.text import escape

_HERE = Path(__file__).resolve().parent
_STYLES = _HERE.parent / "forms" / "widgets" / "styles"
_LOOKS = ("form.css", "blocks.css", "portal.css")
"""Style sheets of the fields, which the text of the first response wears too."""

_OWN = ("page.js", "kernel.js", "saved.js")
"""Our scripts, which run in this order once the whole page is there."""

_FAILURE = (
    '<p class="sts-page-failure" role="alert">De pagina kon niet gestart worden. Laad ze opnieuw. '
    "Blijft het misgaan, start het programma dan opnieuw; wat bewaard werd, blijft bewaard.</p>"
)


class Frames:
    """Everything of the pages that is the same for every visitor, made once.

    Args:
        apps: the pages, by name.
        base_url: where the server starts, with a slash at both ends.
        preloaded: addresses after the prefix that Voilà's scripts ask for late, and a browser may fetch early.
        folders: the first part of an address after the prefix -> the folders that are looked into for it.
    """

    def __init__(
        self, apps: Mapping[str, App], base_url: str, *, preloaded: Sequence[str], folders: Mapping[str, Sequence[Path]]
    ) -> None:
        early = (_HERE / "assets" / "early.js").read_text(encoding="utf-8")
        styles = (_STYLES / "tokens.css", _HERE / "assets" / "page.css")
        style = "".join(path.read_text(encoding="utf-8") for path in styles)
        script = "text/javascript; charset=utf-8"
        own = b"".join((_HERE / "assets" / name).read_bytes() for name in _OWN)
        self._pieces = {"page.js": (script, own), "no-maths.js": (script, (_HERE / "assets" / "no-maths.js").read_bytes())}
        self._pieces["saved.css"] = ("text/css; charset=utf-8", _looks())
        self._pieces["first.js"] = (script, _first_scripts(folders))
        digest = hashlib.sha256()
        for name, (_, content) in sorted(self._pieces.items()):
            digest.update(name.encode() + content)
        digest.update(f"stslib={__version__};".encode())
        for package in ("voila", "ipywidgets", "anywidget", "jupyterlab-widgets"):
            digest.update(f"{package}={version(package)};".encode())
        self.prefix = f"{base_url}voila/{digest.hexdigest()[:16]}/"
        """Addresses of scripts start with this; it changes with every version, so a browser may keep them for good."""

        self._script_hash = base64.b64encode(hashlib.sha256(early.encode()).digest()).decode()
        preloads = tuple(self.prefix + name for name in ("sts/first.js", *preloaded))
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "template"), autoescape=True)
        frame = environment.get_template("frame.html")
        self._openings = {
            name: frame.render(
                app=app,
                base_url=base_url,
                early=Markup(early),  # noqa: S704 - our own file
                style=Markup(style),  # noqa: S704 - our own files
                preloads=preloads,
                script=f"{self.prefix}sts/page.js",
                looks=f"{self.prefix}sts/saved.css",
            ).encode()
            for name, app in apps.items()
        }

    def opening(self, app: App) -> bytes:
        """The page up to the place where its kernel goes on."""
        return self._openings[app.name]

    def scripts(self, config: Mapping[str, Any]) -> bytes:
        """What starts Voilà's scripts, to be sent after what can be read and before the kernel is waited for.

        They wait for the end of the page themselves before they look for a kernel, and take a good part of a load to be
        compiled and run up to there: time in which the kernel answers.

        Args:
            config: what the scripts want to know, but for the kernel.
        """
        told = htmlsafe_json_dumps(dict(config))
        address = escape(f"{self.prefix}sts/first.js")
        return (
            f'<script id="jupyter-config-data" type="application/json">{told}</script><script src="{address}" async></script>'
        ).encode()

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
            host: name and port that the request was sent to; websockets name them in full for browsers that do not count
                them as ``'self'``.
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


def _looks() -> bytes:
    """The style sheets of the text in the first response, as one; its steps are links, and look like the buttons to come."""
    looks = b"\n".join((_STYLES / name).read_bytes() for name in _LOOKS)
    own = (_HERE / "assets" / "saved.css").read_bytes()
    return looks.replace(b".sts-steps button", b".sts-steps :is(button, a)") + own


def _first_scripts(folders: Mapping[str, Sequence[Path]]) -> bytes:
    """The chunks of assets/first-scripts.txt and what starts them, as one script.

    A page asks for some 70 small scripts before its first widget; as one they cost a single request, which counts
    when many pages open at once. Each is wrapped in a function, so that the strictness of one does not change the next.
    """
    parts = []
    for line in (_HERE / "assets" / "first-scripts.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        place, _, pattern = line.partition("/")
        path = next((found for folder in folders[place] for found in folder.glob(pattern)), None)
        if path is not None:
            parts.append(b"(function(){" + path.read_bytes() + b"\n}).call(self);\n")
    parts += [folder.joinpath("voila.js").read_bytes() for folder in folders["static"]]
    return b"".join(parts)
