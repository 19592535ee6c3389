"""The user guide as a page: the same Markdown that is read beside the source, in the frame of the other pages.

Chapters become one page with a table of contents; the other documents open as pages of their own (``gids-<name>``). Nothing in
a document becomes markup that Markdown does not make: raw HTML is shown as text, and a link that leads elsewhere is plain text.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from jupyter_server.base.handlers import JupyterHandler
from markupsafe import Markup
from tornado import web

from stslib.errors import ServerError
from stslib.paths import guide_folder
from stslib.server.apps import App
from stslib.server.handlers import Guarded
from stslib.server.markdown import Heading, anchor_of, render
from stslib.text import escape

ROUTE = "gids"
_HERE = Path(__file__).resolve().parent
_TOKENS = _HERE.parent / "forms" / "widgets" / "styles" / "tokens.css"
_CHAPTER = re.compile(r"\d\d-[a-z-]+\.md")
_DOCUMENT = re.compile(r"[a-z][a-z-]*")
_PICTURE = re.compile(r"[a-z][a-z0-9-]*\.png")
_OWN = {"guide.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_START_OF_WORK = '<main id="sts-main"'
"""Where the frame of the pages ends and what a page holds begins."""


# -- the documents -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """A document as HTML, with its title, its first paragraph as text, and its headings in order."""

    title: str
    intro: str
    body: str
    headings: tuple[Heading, ...]


def _resolver(chapters: dict[str, str]) -> Callable[[str], str | None]:
    """Links as the Markdown has them -> addresses of the server; *chapters* are file names with the anchor of each."""

    def resolve(url: str) -> str | None:
        path, _, anchor = url.partition("#")
        name = PurePosixPath(path).name
        if not path:
            return f"#{anchor}"
        if "://" in url or url.startswith(("/", "mailto:")):
            return None
        if name.endswith(".png"):
            return f"{ROUTE}/beelden/{name}" if _PICTURE.fullmatch(name) else None
        if name in chapters:
            return f"{ROUTE}#{anchor or chapters[name]}"
        if name == "README.md" and PurePosixPath(path).parent.name in ("", "gids"):
            return ROUTE
        stem = name.removesuffix(".md")
        is_document = name.endswith(".md") and _DOCUMENT.fullmatch(stem) and (guide_folder() / name).is_file()
        return f"{ROUTE}-{stem}{'#' + anchor if anchor else ''}" if is_document else None

    return resolve


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise ServerError(
            f"docs/{path.name}", "Dit deel van de gids is niet leesbaar.", "Zet het oorspronkelijke bestand terug."
        ) from None


def _title_and_intro(text: str) -> tuple[str, str, str]:
    """The title, the first paragraph as plain text, and what follows."""
    head, _, rest = text.partition("\n")
    first, _, after = rest.strip().partition("\n\n")
    return head.removeprefix("# ").strip(), " ".join(first.split()), after


def _pictures() -> Path:
    return guide_folder() / "beelden"


def chapters() -> list[Path]:
    """The chapters of the guide, in the order of reading."""
    return sorted(path for path in (guide_folder() / "gids").glob("*.md") if _CHAPTER.fullmatch(path.name))


def load_guide() -> Document:
    """Every chapter as one document; the opening of its README as the intro.

    Raises:
        ServerError: no chapter is there, or one cannot be read.
    """
    paths = chapters()
    if not paths:
        raise ServerError("docs/gids", "De gids ontbreekt.", "Installeer het programma opnieuw.")
    texts = [_read(path) for path in paths]
    anchors = {path.name: anchor_of(_title_and_intro(text)[0]) for path, text in zip(paths, texts, strict=True)}
    title, intro, _ = _title_and_intro(_read(guide_folder() / "gids" / "README.md"))
    parts: list[str] = []
    headings: list[Heading] = []
    for text in texts:
        body, found = render(text, _resolver(anchors), pictures=_pictures(), lower=1)
        parts.append(f'<section class="sts-guide-chapter" aria-labelledby="{escape(found[0].anchor)}">\n{body}</section>\n')
        headings += found
    return Document(title, intro, "".join(parts), tuple(headings))


def load_document(name: str) -> Document | None:
    """One of the other documents, or None where there is no such one."""
    path = guide_folder() / f"{name}.md"
    if not _DOCUMENT.fullmatch(name) or not path.is_file():
        return None
    title, intro, rest = _title_and_intro(_read(path))
    anchors = {each.name: anchor_of(_title_and_intro(_read(each))[0]) for each in chapters()}
    body, found = render(rest, _resolver(anchors), pictures=_pictures())
    return Document(title, intro, body, found)


# -- the page ------------------------------------------------------------------------------------------------------------------


def _inline_hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


class GuidePages:
    """The pages of the guide: made when first asked for, and again when a document on disk changed.

    Args:
        base_url: where the server starts, with a slash at both ends.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._made: dict[str, tuple[tuple[int, ...], bytes]] = {}
        self._environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "template"), autoescape=True)
        self._early = (_HERE / "assets" / "early.js").read_text(encoding="utf-8")
        self._style = "".join(path.read_text(encoding="utf-8") for path in (_TOKENS, _HERE / "assets" / "page.css"))
        self.policy = "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' {_inline_hash(self._early)}",
                f"style-src 'self' {_inline_hash(self._style)}",
                "img-src 'self' data:",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )

    def page(self, name: str) -> bytes | None:
        """The guide (``""``) or another document, as a whole page; None where there is no such one."""
        if name and not _DOCUMENT.fullmatch(name):
            return None
        paths = [*chapters(), guide_folder() / "gids" / "README.md", *([guide_folder() / f"{name}.md"] if name else [])]
        state = tuple(path.stat().st_mtime_ns for path in paths if path.is_file())
        made = self._made.get(name)
        if made is None or made[0] != state:
            document = load_document(name) if name else load_guide()
            if document is None:
                return None
            made = self._made[name] = (state, self._whole(document, name).encode())
        return made[1]

    def _whole(self, document: Document, name: str) -> str:
        app = App(ROUTE if not name else "", Path(), document.title, document.intro, 0)
        frame = self._environment.get_template("frame.html").render(
            app=app,
            base_url=self._base_url,
            early=Markup(self._early),  # noqa: S704 - our own file
            style=Markup(self._style),  # noqa: S704 - our own files
            preloads=(),
            script=f"{self._base_url}{ROUTE}/page.js",
            looks=f"{self._base_url}{ROUTE}/guide.css",
        )
        page = self._environment.get_template("guide.html.j2").render(
            document=document,
            contents=_contents(document.headings),
            body=Markup(document.body),  # noqa: S704 - made by the renderer above, which lets no markup through
            is_guide=not name,
            route=ROUTE,
        )
        return frame[: frame.index(_START_OF_WORK)] + page


def _contents(headings: Sequence[Heading]) -> list[tuple[Heading, list[Heading]]]:
    """Chapters with their sections; deeper headings are left out."""
    contents: list[tuple[Heading, list[Heading]]] = []
    for heading in headings:
        if heading.level == 2:
            contents.append((heading, []))
        elif heading.level == 3 and contents:
            contents[-1][1].append(heading)
    return contents


class GuideHandler(Guarded, JupyterHandler):  # type: ignore[misc]
    """A page of the guide."""

    def initialize(self, pages: GuidePages) -> None:
        """Serve *pages*."""
        self.pages = pages

    async def prepare(self) -> None:
        """Let in."""
        await super().prepare(_redirect_to_login=False)

    async def get(self, name: str | None) -> None:
        """Answer with the guide, or the document *name*."""
        page = await asyncio.get_running_loop().run_in_executor(None, self.pages.page, name or "")
        if page is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", self.pages.policy)
        self.finish(page)


class GuideFileHandler(Guarded, JupyterHandler):  # type: ignore[misc]
    """A picture of the guide, its style sheet, or the script of the buttons in its header."""

    async def prepare(self) -> None:
        """Let in."""
        await super().prepare(_redirect_to_login=False)

    async def get(self, name: str) -> None:
        """Answer with ``guide.css``, ``page.js`` or ``beelden/<name>.png``."""
        picture = name.removeprefix("beelden/")
        if name in _OWN:
            path, kind = _HERE / "assets" / name, _OWN[name]
        elif picture != name and _PICTURE.fullmatch(picture):
            path, kind = _pictures() / picture, "image/png"
        else:
            raise web.HTTPError(404)
        try:
            content = await asyncio.get_running_loop().run_in_executor(None, path.read_bytes)
        except OSError:
            raise web.HTTPError(404) from None
        self.set_header("Content-Type", kind)
        self.set_header("Cache-Control", "private, no-cache")
        self.finish(content)


def guide_routes(base_url: str) -> list[Any]:
    """The routes of the guide of a server that starts at *base_url* (with a slash at both ends)."""
    return [
        (rf"{base_url}{ROUTE}(?:-([a-z-]+))?", GuideHandler, {"pages": GuidePages(base_url)}),
        (rf"{base_url}{ROUTE}/([a-z0-9./-]+)", GuideFileHandler),
    ]
