"""Markdown of our own documents as HTML of the pages. Nothing becomes markup that Markdown does not make."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import mistune

from stslib.text import escape


def anchor_of(heading: str) -> str:
    """The anchor of a heading, as places that show Markdown make it: ``Vóór het overleg!`` -> ``vóór-het-overleg``."""
    plain = re.sub(r"[*_`\[\]]", "", heading).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain))


@dataclass(frozen=True)
class Heading:
    """A heading of the page: ``level`` 2 to 4, its text, and the anchor that leads to it."""

    level: int
    text: str
    anchor: str


class _Renderer(mistune.HTMLRenderer):
    """Markdown as HTML of this page: anchors on headings, tables and code to scroll by keyboard, links that stay inside."""

    def __init__(self, resolve: Callable[[str], str | None], pictures: Path, lower: int) -> None:
        super().__init__(escape=True)
        self._pictures = pictures
        self._resolve = resolve
        self._lower = lower
        self.found: list[Heading] = []

    def heading(self, text: str, level: int, **_: Any) -> str:
        level = min(level + self._lower, 4)
        plain = re.sub(r"<[^>]+>", "", text)
        heading = Heading(level, plain, anchor_of(_unescape(plain)))
        self.found.append(heading)
        return f'<h{level} id="{escape(heading.anchor)}">{text}</h{level}>\n'

    def strong(self, text: str) -> str:
        return f'<strong class="sts-label">{text}</strong>'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        address = self._resolve(url)
        return text if address is None else f'<a href="{escape(address)}">{text}</a>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        address = self._resolve(url)
        if address is None:
            return escape(_unescape(text))
        width, height = _size(self._pictures / PurePosixPath(url).name)
        shape = f' width="{width}" height="{height}"' if width else ""
        # Alone in its paragraph, as every picture of the guide is; the alternative text comes escaped from Markdown.
        return f'<img src="{escape(address)}" alt="{escape(_unescape(text))}"{shape} loading="lazy">'

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{escape(code.rstrip())}</code></pre>\n'

    def block_html(self, html: str) -> str:
        return f"<p>{escape(html.strip())}</p>\n"

    def table(self, text: str) -> str:
        last = self.found[-1].text if self.found else ""
        name = f"Tabel: {last}" if last else "Tabel"
        return f'<div class="sts-guide-table" tabindex="0" role="region" aria-label="{name}"><table>{text}</table></div>\n'

    def table_head(self, text: str) -> str:
        return f"<thead><tr>{text}</tr></thead>\n"

    def table_body(self, text: str) -> str:
        return f"<tbody>{text}</tbody>\n"

    def table_row(self, text: str) -> str:
        return f"<tr>{text}</tr>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        if head:
            return f'<th scope="col">{text}</th>' if text else "<td></td>"
        return f"<td>{text}</td>"


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")


@lru_cache(maxsize=256)
def _size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, from its first bytes; zeros where there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError:
        return (0, 0)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return (0, 0)
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def render(
    text: str, resolve: Callable[[str], str | None], *, pictures: Path, lower: int = 0
) -> tuple[str, tuple[Heading, ...]]:
    """Markdown as HTML.

    Args:
        text: the Markdown.
        resolve: gives the address on the server of a link as written, or None for one that leads nowhere here.
        pictures: the folder of the pictures; their size is told, so that nothing jumps when they come.
        lower: how many levels down its headings go.

    Returns:
        The HTML and its headings, in order.
    """
    renderer = _Renderer(resolve, pictures, lower)
    made = mistune.create_markdown(renderer=renderer, plugins=["table"])(text)
    return str(made), tuple(renderer.found)
