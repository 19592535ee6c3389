"""The archives as pages: the list of all of them, and each file by school, as a document that may do nothing but be read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from stslib.archive.keeping.shelf import INDEX, archive_file, index_page
from stslib.errors import StsError
from stslib.server.handlers import Guarded

_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_ARCHIVE_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)
# No sandbox: a sandboxed page counts as another site, and its links would be asked for without the cookie.
_INDEX_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
# Chromium shows a PDF in an element of its own making, on this address.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def archive_routes(base: str, folder: Path) -> list[tuple[str, Any, dict[str, Path]]]:
    """The addresses of the archives in *folder*, below *base*."""
    return [
        (rf"{base}archief", ArchiveFolderHandler, {"folder": folder}),
        (rf"{base}archief/(?:{INDEX})?", ArchiveIndexHandler, {"folder": folder}),
        (rf"{base}archief/(.+)", ArchiveHandler, {"folder": folder}),
    ]


class _Archives(Guarded, JupyterHandler):  # type: ignore[misc]
    """What the handlers of archives share."""

    def initialize(self, folder: Path) -> None:
        """Serve what lies in *folder*."""
        self.folder = folder

    async def prepare(self) -> None:
        """Let in."""
        await super().prepare(_redirect_to_login=False)


class ArchiveFolderHandler(_Archives):
    """The folder without its slash, from which no relative link would lead anywhere."""

    def get(self) -> None:
        """Send on to the list."""
        self.redirect(f"{self.settings['base_url']}archief/")


class ArchiveIndexHandler(_Archives):
    """The list of every archive, as it is now."""

    async def get(self) -> None:
        """Answer with the list; it is made anew, so files that were put there by hand are in it."""
        start = f"{self.settings['base_url']}start"
        try:
            page = await asyncio.get_running_loop().run_in_executor(None, lambda: index_page(self.folder, back=start))
        except StsError:
            raise web.HTTPError(404) from None
        self.set_header("Content-Type", _CONTENT_TYPES[".html"])
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", _INDEX_POLICY)
        self.finish(page)


class ArchiveHandler(_Archives):
    """One archive, or what was made of it: a page that may do nothing, a print, a picture, a workbook to save."""

    async def get(self, name: str) -> None:
        """Answer with the file *name*: ``<school>/<file>``, or ``<file>`` of before there were folders per school."""
        loop = asyncio.get_running_loop()
        try:
            path = await loop.run_in_executor(None, archive_file, self.folder, name)
            content = await loop.run_in_executor(None, path.read_bytes) if path else None
        except (OSError, ValueError):
            content = None
        if path is None or content is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", _CONTENT_TYPES[path.suffix])
        self.set_header("Cache-Control", "no-store")
        if path.suffix == ".html":
            self.set_header("Content-Security-Policy", _ARCHIVE_POLICY)
        if path.suffix == ".pdf":
            self.set_header("Content-Security-Policy", _PDF_POLICY)
        if path.suffix == ".xlsx":
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(path.name, safe='')}")
        self.finish(content)
